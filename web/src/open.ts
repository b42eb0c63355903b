/** The proposals that are open, by their events: newest first, each proven by its id. */
import { decodeEventLog, toEventSelector, type Address } from "viem";
import { GOVERNOR, MEMBERSHIP } from "./abi";
import type { Dao } from "./dao";
import { ACTIVE, idOf, PENDING, titleOf, visible } from "./proposal";
import { blocksOf, logsBack, unless, type Rpc } from "./rpc";
import { DAY } from "./succession";
import { _ } from "./words";

/** The longest that any vote can take: delay, period and all late turns, by the hard limits of the contract. */
const LONGEST = BigInt((7 + 14 + 7 + 1) * DAY);

export interface OpenProposal {
  id: bigint;
  title: string;
  state: number;
  snapshot: bigint; // Unix seconds: voting opens
  deadline: bigint;
  mine: "vote" | "voted" | "mute" | null; // null: no member asks
}

export async function readOpen(rpc: Rpc, dao: Dao, wallet: Address | null, tell: (share: number) => void): Promise<OpenProposal[]> {
  const event = GOVERNOR.find((each) => each.type === "event");
  if (!event) return [];
  const { timestamp } = await rpc.block("latest");
  const [first] = await blocksOf(rpc, timestamp > LONGEST ? timestamp - LONGEST : 0n, timestamp);
  const found: OpenProposal[] = [];
  for await (const logs of logsBack(rpc, dao.governor, [toEventSelector(event)], first, tell)) {
    for (const log of logs.reverse()) {
      const { args } = decodeEventLog({ abi: GOVERNOR, eventName: "ProposalCreated", ...log });
      const each = await readOne(rpc, dao, args.proposalId, wallet);
      if (each) found.push({ ...each, title: idOf(args) === each.id ? visible(titleOf(args)) : _("An unproven proposal") });
    }
  }
  return found.sort((one, other) => Number(one.deadline - other.deadline));
}

async function readOne(rpc: Rpc, dao: Dao, id: bigint, wallet: Address | null): Promise<Omit<OpenProposal, "title"> | null> {
  const ask = <T,>(name: string, ...args: unknown[]): Promise<T> => rpc.view<T>(dao.governor, GOVERNOR, name, [id, ...args]);
  const state = await unless(ask<number>("state"), -1);
  if (state !== PENDING && state !== ACTIVE) return null;
  const [snapshot, deadline] = await Promise.all([ask<bigint>("proposalSnapshot"), ask<bigint>("proposalDeadline")]);
  if (!wallet) return { id, state, snapshot, deadline, mine: null };
  const votes = <T,>(name: string, ...args: unknown[]): Promise<T> => rpc.view<T>(dao.membership, MEMBERSHIP, name, args);
  const [voted, weight] = await Promise.all([
    ask<boolean>("hasVoted", wallet),
    state === PENDING ? votes<bigint>("getVotes", wallet) : unless(votes<bigint>("getPastVotes", wallet, snapshot), 0n),
  ]);
  return { id, state, snapshot, deadline, mine: voted ? "voted" : weight ? "vote" : "mute" };
}
