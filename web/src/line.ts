/** What was signed as one line of a chat, as `mikoshi/ballots/line.py` reads it. */
import { bytesToHex, hexToBytes, keccak256, numberToHex, type Address, type Hex } from "viem";
import type { Invitation } from "./invitation";
import { fieldsOf, type Message } from "./messages";

const MARK = "mikoshi=";
const ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/** Their numbers in lines, from 1 on. */
const KINDS = [
  ...["MemberBallot", "AccountBallot", "Ballot", "ExtendedBallot", "Propose", "Cancel"],
  ...["Delegate", "Wake", "Rest", "Exit", "Rejoin", "Join", "Revoke"],
  ...["SetPlan", "Recover", "Take", "Inherit", "Veto"],
];

export function toLine(message: Message, member: bigint, signature: Hex): string {
  const content = headOf(message, member);
  for (const { name, type } of fieldsOf(message.kind)) content.push(...packed(type, message.values[name]));
  return wrapped([...content, ...compact(signature)]);
}

/** What makes a newcomer of `wallet`: `join` signed by it, with the invitation and the claim of its key. */
export function joinLine(join: Message, { deadline, sponsors }: Invitation, wallet: Address, claim: Hex, signature: Hex): string {
  const { key, charterHash, deadline: until } = join.values;
  const words = sponsors.flatMap((each) => [...bytes(each.sponsor), ...packed("bytes", each.signature)]);
  return wrapped([
    ...headOf(join, 0n),
    ...[...bytes(wallet), ...packed("bytes", bytesToHex(Uint8Array.from(compact(claim))))],
    ...[...number(deadline), ...bytes(key as Hex), sponsors.length, ...words],
    ...[...bytes(charterHash as Hex), ...number(until as bigint), ...compact(signature)],
  ]);
}

const headOf = ({ kind, chainId, contract }: Message, member: bigint): number[] => [
  1 + KINDS.indexOf(kind),
  ...number(chainId),
  ...bytes(contract),
  ...number(member),
];

function wrapped(content: number[]): string {
  const raw = Uint8Array.from(content);
  const digits = inBase58([...raw, ...bytes(keccak256(raw)).slice(0, 4)]);
  return MARK + ALPHABET.charAt(Math.floor(digits.length / 58)) + ALPHABET.charAt(digits.length % 58) + digits;
}

const bytes = (hex: Hex): number[] => [...hexToBytes(hex)];

/** How many bytes it has, and those. */
function number(value: bigint | number): number[] {
  const hex = BigInt(value).toString(16);
  const raw = BigInt(value) === 0n ? [] : bytes(`0x${hex.length % 2 ? "0" : ""}${hex}`);
  return [raw.length, ...raw];
}

function packed(type: string, value: unknown): number[] {
  if (type.endsWith("[]")) {
    const values = value as readonly unknown[];
    return [values.length, ...values.flatMap((each) => packed(type.slice(0, -2), each))];
  }
  if (type === "address" || type === "bytes32") return bytes(value as Hex);
  if (type === "uint8") return [Number(value)];
  if (type === "uint256") return number(value as bigint);
  const raw = type === "string" ? [...new TextEncoder().encode(value as string)] : bytes(value as Hex);
  return [...number(raw.length), ...raw];
}

/** The 64 bytes of ERC-2098; `signature` has 65, with s in the lower half. */
function compact(signature: Hex): number[] {
  const raw = bytes(signature);
  const short = raw.slice(0, 64);
  short[32] = (short[32] ?? 0) | ((raw[64] ?? 27) === 28 ? 0x80 : 0);
  return short;
}

function inBase58(content: number[]): string {
  let rest = content.reduce((sum, each) => (sum << 8n) | BigInt(each), 0n);
  let digits = "";
  for (; rest; rest /= 58n) digits = ALPHABET.charAt(Number(rest % 58n)) + digits;
  return digits;
}

/** The bytes that digits of the alphabet stand for. */
export function fromBase58(digits: string): Uint8Array {
  const value = [...digits].reduce((sum, each) => sum * 58n + BigInt(ALPHABET.indexOf(each)), 0n);
  return Uint8Array.from(bytes(numberToHex(value)));
}
