/** Members by the slots of Membership, as `MembershipLens` reads them: two questions for a whole page of people. */
import { encodeAbiParameters, getAddress, keccak256, numberToHex, zeroAddress, type Address, type Hex } from "viem";
import { MEMBERSHIP } from "./abi";
import type { Dao } from "./dao";
import { unless, type Rpc } from "./rpc";
import { N_ } from "./words";

const [RECORDS, PEOPLE] = [0n, 1n];

export const [NONE, ACTIVE, DORMANT, NEWCOMER, ABSENT, EXITED, BARRED] = [0, 1, 2, 3, 4, 5, 6];
export const STANDINGS = [
  N_("no member"),
  N_("is awake"),
  N_("at rest"),
  N_("a newcomer"),
  N_("long absent"),
  N_("has left"),
  N_("removed by a vote"),
];

export interface Person {
  id: bigint;
  wallet: Address;
  delegate: bigint; // 0: speaks for themself
  ticket: bigint;
  joined: bigint; // Unix seconds
  standing: number;
  stamp: bigint; // day of the last recorded act; of a newcomer the first day on which they may wake
  speaksFor: number; // members, with themself
  voice: bigint; // 1 voice = 1e9
}

/** What voice is computed from. */
export interface Ledger {
  lastId: bigint;
  awake: bigint; // members
  voice: bigint; // of all
  now: bigint; // Unix seconds
  t0: number;
  halfLife: number;
  base: bigint;
  k: bigint;
  full: number; // whole points
}

export async function readLedger(rpc: Rpc, dao: Dao): Promise<Ledger> {
  const [census, params, block] = await Promise.all([
    rpc.view<readonly bigint[]>(dao.membership, MEMBERSHIP, "census"),
    rpc.view<Pick<Ledger, "t0" | "halfLife" | "base" | "k" | "full">>(dao.membership, MEMBERSHIP, "voiceParams"),
    rpc.block("latest"),
  ]);
  const [awake = 0n, , voice = 0n, lastId = 0n] = census;
  return { ...params, awake, voice, lastId, now: block.timestamp };
}

/** Where a mapping keeps the value of `key`. */
const entryOf = (mapping: bigint, key: bigint): Hex =>
  keccak256(encodeAbiParameters([{ type: "uint256" }, { type: "uint256" }], [key, mapping]));

const load = async (rpc: Rpc, dao: Dao, slots: Hex[]): Promise<bigint[]> =>
  slots.length ? (await rpc.view<readonly Hex[]>(dao.membership, MEMBERSHIP, "extsload", [slots])).map(BigInt) : [];

const part = (word: bigint, from: bigint, bits: bigint): bigint => (word >> from) & ((1n << bits) - 1n);

/** The people with these numbers; a number that is only a ticket's is nobody's. */
export async function readPeople(rpc: Rpc, dao: Dao, ledger: Ledger, ids: readonly bigint[]): Promise<Person[]> {
  const words = await load(rpc, dao, ids.map((id) => entryOf(PEOPLE, id)));
  const known = ids.flatMap((id, at) => {
    const word = words[at] ?? 0n;
    const wallet = getAddress(numberToHex(part(word, 0n, 160n), { size: 20 }));
    if (wallet === zeroAddress) return [];
    return [{ id, wallet, delegate: part(word, 160n, 24n), ticket: part(word, 184n, 24n) || id, joined: part(word, 208n, 40n) }];
  });
  const records = await load(rpc, dao, known.map(({ wallet }) => entryOf(RECORDS, BigInt(wallet))));
  return known.map((person, at) => {
    const record = records[at] ?? 0n;
    const [members, units] = [part(record, 120n, 24n), part(record, 0n, 120n)];
    const voice = voiceOf(ledger, members, units);
    return { ...person, standing: Number(part(record, 224n, 3n)), stamp: part(record, 208n, 16n), speaksFor: Number(members), voice };
  });
}

/** base · members + k · units / 2^(x/2), for the eye: as precise as a double is. */
function voiceOf({ base, k, t0, halfLife, now }: Ledger, members: bigint, units: bigint): bigint {
  const halved = Math.min(100, Math.max(0, (Number(now) - t0) / halfLife));
  return base * members + BigInt(Math.floor((Number(k * units) / 1e18) * 2 ** (-halved / 2)));
}

const CHUNK = 1_000n;

/** The numbers of those who lend their voice to `id`; `tell` hears which share of all was asked. */
export async function readLenders(rpc: Rpc, dao: Dao, ledger: Ledger, id: bigint, tell: (share: number) => void): Promise<bigint[]> {
  const found: bigint[] = [];
  for (let first = 1n; first <= ledger.lastId; first += CHUNK) {
    const last = first + CHUNK - 1n < ledger.lastId ? first + CHUNK - 1n : ledger.lastId;
    const ids = Array.from({ length: Number(last - first) + 1 }, (_each, at) => first + BigInt(at));
    const words = await load(rpc, dao, ids.map((each) => entryOf(PEOPLE, each)));
    found.push(...ids.filter((_each, at) => part(words[at] ?? 0n, 160n, 24n) === id));
    tell(Number(last) / Number(ledger.lastId));
  }
  return found;
}

export interface Power {
  person: Person;
  own: bigint; // voice while Active, whoever speaks it
  merit: bigint; // 1 point = 1e18
  cap: bigint;
  capBps: number;
  ledger: Ledger;
}

/** What somebody speaks with, by the same fields as `mikoshi power`. */
export async function readPower(rpc: Rpc, dao: Dao, ledger: Ledger, person: Person, capBps: number): Promise<Power> {
  const merit = await unless(rpc.view<bigint>(dao.membership, MEMBERSHIP, "meritOf", [person.id]), 0n);
  const earned = BigInt(Math.floor((Number(ledger.k) / 1e18) * Math.sqrt(Number(merit))));
  const share = (ledger.voice * BigInt(capBps)) / 10_000n;
  const cap = share > ledger.base ? share : ledger.base;
  return { person, own: person.standing === ACTIVE ? ledger.base + earned : 0n, merit, cap, capBps, ledger };
}
