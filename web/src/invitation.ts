/** The link of an invitation, as `mikoshi invite new` makes it: the key of one seat, and who vouches. */
import { bytesToHex, getAddress, keccak256, type Address, type Hex } from "viem";
import { privateKeyToAddress } from "viem/accounts";
import { fromBase58 } from "./line";

export interface Invitation {
  chainId: number;
  governor: Address;
  contract: Address; // the invitations
  secret: Hex; // of the key; whoever has it can take the seat
  key: Address;
  deadline: bigint; // Unix seconds
  sponsors: readonly { sponsor: Address; signature: Hex }[]; // ascending
}

const LINK = /^#join\/([1-9]\d{0,14})\/(0x[0-9a-fA-F]{40})\/([1-9A-HJ-NP-Za-km-z]{100,3000})$/;
const VERSION = 1;
const CHECKSUM = 4; // bytes

/** What a link says; null if a part of it is missing or was changed. */
export function parseInvitation(fragment: string): Invitation | null {
  const [, chain, governor, words] = LINK.exec(fragment) ?? [];
  if (!chain || !governor || !words) return null;
  const raw = fromBase58(words);
  const content = raw.slice(0, -CHECKSUM);
  if (keccak256(content).slice(2, 2 + 2 * CHECKSUM) !== bytesToHex(raw.slice(-CHECKSUM)).slice(2)) return null;
  let at = 0;
  const take = (count: number): Hex => {
    if (at + count > content.length) throw new RangeError("its end is missing");
    return bytesToHex(content.slice(at, (at += count)));
  };
  const byte = (): number => Number(take(1));
  const number = (): bigint => {
    const count = byte();
    return count ? BigInt(take(count)) : 0n;
  };
  const address = (): Address => getAddress(take(20));
  try {
    if (byte() !== VERSION) return null;
    const [contract, secret, deadline] = [address(), take(32), number()];
    const sponsors = Array.from({ length: byte() }, () => ({ sponsor: address(), signature: take(Number(number())) }));
    if (at !== content.length) return null;
    const named = getAddress(governor.toLowerCase());
    return { chainId: Number(chain), governor: named, contract, secret, key: privateKeyToAddress(secret), deadline, sponsors };
  } catch {
    return null;
  }
}
