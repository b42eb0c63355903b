/** Who may give a seat back: a person's plan, what is asked for, and the links of that. */
import { decodeEventLog, encodeAbiParameters, getAddress, keccak256, numberToHex, toEventSelector, zeroAddress, type Address, type Hex } from "viem";
import { SUCCESSION } from "./abi";
import type { Dao } from "./dao";
import { logsBack, type Rpc } from "./rpc";

export interface Plan {
  members: readonly bigint[];
  others: readonly Address[];
  needed: number;
  delay: number; // seconds
  heir: Address;
  silence: number; // seconds
}

export const [RECOVERY, INHERITANCE] = [1, 2];

export interface Asked {
  kind: number; // 0: nothing
  wallet: Address;
  readyAt: number; // Unix seconds
  expiresAt: number;
}

export interface Seat {
  id: bigint;
  planHash: Hex; // zero: no plan
  nonce: bigint;
  asked: Asked;
}

export const DAY = 86_400;
export const LEAST_DELAY = 3 * DAY;
export const NO_PLAN: Hex = `0x${"0".repeat(64)}`;

/** A seat's state; asked anew each time, for somebody may ask for it at any moment. */
export async function readSeat(rpc: Rpc, contract: Address, id: bigint): Promise<Seat> {
  const ask = <T,>(name: string): Promise<T> => rpc.view<T>(contract, SUCCESSION, name, [id]);
  const [planHash, nonce, [kind, wallet, readyAt, expiresAt]] = await Promise.all([
    ask<Hex>("planHashOf"),
    ask<bigint>("nonceOf"),
    ask<readonly [number, Address, number, number]>("requestOf"),
  ]);
  return { id, planHash, nonce, asked: { kind, wallet, readyAt, expiresAt } };
}

export const hashOf = (plan: Plan): Hex => {
  const struct = SUCCESSION.find((each) => each.type === "event")?.inputs[2];
  return struct ? keccak256(encodeAbiParameters([struct], [plan])) : NO_PLAN;
};

/** The plan whose hash the contract keeps, from its event: backwards, so that the newest comes first. */
export async function readPlan(rpc: Rpc, contract: Address, seat: Seat, tell: (share: number) => void): Promise<Plan | null> {
  const event = SUCCESSION.find((each) => each.type === "event");
  if (seat.planHash === NO_PLAN || !event) return null;
  const topics = [toEventSelector(event), numberToHex(seat.id, { size: 32 })];
  for await (const logs of logsBack(rpc, contract, topics, 0n, tell)) {
    for (const log of logs) {
      const { plan } = decodeEventLog({ abi: SUCCESSION, eventName: "PlanSet", ...log }).args as { plan: Plan };
      if (hashOf(plan) === seat.planHash) return plan;
    }
  }
  return null;
}

/** What who lost a wallet sends to their guardians. */
export interface SeatLink {
  chainId: number;
  governor: Address;
  id: bigint;
  wallet: Address;
  deadline: bigint;
}

const LINK = /^#seat\/([1-9]\d{0,14})\/(0x[0-9a-fA-F]{40})\/([1-9]\d{0,7})\/(0x[0-9a-fA-F]{40})\/([1-9]\d{0,11})$/;

export function parseSeat(fragment: string): SeatLink | null {
  const [, chain, governor, id, wallet, deadline] = LINK.exec(fragment) ?? [];
  if (!chain || !governor || !id || !wallet || !deadline) return null;
  const address = (text: string): Address => getAddress(text.toLowerCase());
  return { chainId: Number(chain), governor: address(governor), id: BigInt(id), wallet: address(wallet), deadline: BigInt(deadline) };
}

export const seatLink = ({ chainId, governor, id, wallet, deadline }: SeatLink): string =>
  `${location.href.split("#")[0]}#seat/${chainId}/${governor}/${id}/${wallet}/${deadline}`;

export const isNobody = (address: Address): boolean => address === zeroAddress;

/** A word about a seat, for the contract to take. */
export const seatMessage = (dao: Dao, kind: "Recover" | "Take", seat: Seat, wallet: Address, deadline: bigint) => ({
  kind,
  chainId: dao.chainId,
  contract: dao.succession ?? zeroAddress,
  values: { id: seat.id, planHash: seat.planHash, wallet, nonce: seat.nonce, deadline },
});
