/** A proposal as the chain tells it, its id made anew from its calls and text. */
import {
  decodeEventLog,
  decodeFunctionData,
  encodeAbiParameters,
  formatUnits,
  getAddress,
  keccak256,
  toEventSelector,
  toBytes,
  type Abi,
  type Address,
  type Hex,
} from "viem";
import { CALLS, COIN, GOVERNOR, MEMBERSHIP, TREASURY } from "./abi";
import { blocksOf, Rpc, unless } from "./rpc";
import { _, moment, Trouble } from "./words";

export interface Draft {
  targets: readonly Address[];
  values: readonly bigint[];
  calldatas: readonly Hex[];
  description: string;
}

/** Two of the states that a governor knows. */
export const [PENDING, ACTIVE] = [0, 1];

/** A link to a proposal: `#decide/<chain>/<governor>/<id in hexadecimal>`. */
export interface Link {
  chainId: number;
  governor: Address;
  id: bigint;
}

export interface Proposal extends Link {
  dao: string;
  membership: Address;
  treasury: Address;
  state: number;
  snapshot: bigint;
  deadline: bigint;
  quorum: bigint | null;
  turnout: bigint;
  votes: readonly [bigint, bigint, bigint];
  draft: Draft | null; // null: nothing was found whose id is this
  does: string[];
  ether: bigint; // the treasury's, in wei
}

export const proposalLink = /^#decide\/([1-9]\d{0,14})\/(0x[0-9a-fA-F]{40})\/(0x[0-9a-fA-F]{1,64})$/;

export function parseLink(fragment: string): Link | null {
  const [, chain, governor, id] = proposalLink.exec(fragment) ?? [];
  if (!chain || !governor || !id) return null;
  return { chainId: Number(chain), governor: getAddress(governor.toLowerCase()), id: BigInt(id) };
}

/** The id that follows from calls and text, as OpenZeppelin defines it. */
export function idOf(draft: Draft): bigint {
  const types = [{ type: "address[]" }, { type: "uint256[]" }, { type: "bytes[]" }, { type: "bytes32" }] as const;
  const hashed = keccak256(toBytes(draft.description));
  return BigInt(keccak256(encodeAbiParameters(types, [draft.targets, draft.values, draft.calldatas, hashed])));
}

/** The first line that says something, without the marks of a heading; as `title_of` in Python. */
export function titleOf(draft: Draft): string {
  for (const line of draft.description.split("\n")) {
    const text = line.trim().replace(/^[# ]+/, "").trim();
    if (text && !/^(?:(?:<[^<>]*>\s*)+|[-*_=>\s]*)$/.test(text) && !line.startsWith("#proposer=")) return text.slice(0, 200);
  }
  return _("(no title)");
}

/** The description without its first line where that is the title, and without the proposer's. */
export function textOf(draft: Draft): string {
  const [first = "", ...rest] = draft.description.trim().split("\n");
  const titled = first.trim().replace(/^[# ]+/, "").trim() === titleOf(draft);
  return (titled ? rest.join("\n") : draft.description).replace(/#proposer=0x[0-9a-fA-F]{40}\s*$/, "").trim();
}

/** All that the page shows of a proposal; `treasury` is the DAO whose page this is. */
export async function readProposal(rpc: Rpc, link: Link, treasury: Address | undefined): Promise<Proposal> {
  const chainId = await rpc.chainId();
  if (chainId !== link.chainId) {
    throw new Trouble(
      _("The link is for another chain"),
      _("it names chain {chain}, this page reads chain {here}", { chain: link.chainId, here: chainId }),
      _("Ask whoever sent it for the page it belongs to"),
    );
  }
  const governor = <T>(name: string, ...args: unknown[]) => rpc.view<T>(link.governor, GOVERNOR as Abi, name, args);
  const [membership, home] = await Promise.all([
    unless(governor<Address | null>("token"), null),
    unless(governor<Address | null>("treasury"), null),
  ]);
  const office = home && (await unless(rpc.view<Address>(home, TREASURY, "governor"), home));
  const former = home && (await unless(rpc.view<boolean>(home, TREASURY, "isFormerGovernor", [link.governor]), false));
  const ours = treasury === undefined || home?.toLowerCase() === treasury.toLowerCase();
  if (!membership || !home || !ours || (office !== link.governor && !former)) {
    throw new Trouble(
      _("The link is for another DAO"),
      _("its governor {governor} is none of this DAO", { governor: link.governor }),
      _("Ask whoever sent it for the page it belongs to"),
    );
  }
  const snapshot = await unless(governor<bigint>("proposalSnapshot", link.id), 0n);
  if (!snapshot) {
    throw new Trouble(
      _("There is no such proposal"),
      _("the governor does not know its number"),
      _("Check that the whole link was copied"),
    );
  }
  const [dao, state, deadline, quorum, turnout, votes, settings, ether] = await Promise.all([
    rpc.view<string>(membership, MEMBERSHIP, "name"),
    governor<number>("state", link.id),
    governor<bigint>("proposalDeadline", link.id),
    unless(governor<bigint | null>("proposalQuorum", link.id), null),
    governor<bigint>("proposalTurnout", link.id),
    governor<readonly [bigint, bigint, bigint]>("proposalVotes", link.id),
    governor<{ votingDelay: number }>("proposalSettings", link.id),
    rpc.balance(home),
  ]);
  const draft = await findDraft(rpc, link, snapshot - BigInt(settings.votingDelay));
  const parts = { governor: link.governor, membership, treasury: home };
  const does = draft ? await Promise.all(draft.targets.map((_target, index) => told(rpc, draft, index, parts).catch(() => untold(draft, index)))) : [];
  return { ...link, dao, membership, treasury: home, state, snapshot, deadline, quorum, turnout, votes, draft, does, ether };
}

/** Calls and text of the event in the second `made`, if the id follows from them. */
async function findDraft(rpc: Rpc, link: Link, made: bigint): Promise<Draft | null> {
  const [first, last] = await blocksOf(rpc, made, made);
  const event = GOVERNOR.find((each) => each.type === "event");
  if (!event) return null;
  for (const log of await rpc.logs(link.governor, [toEventSelector(event)], first, last)) {
    const { targets, values, calldatas, description } = decodeEventLog({ abi: GOVERNOR, ...log }).args as unknown as Draft;
    const draft = { targets, values, calldatas, description };
    if (idOf(draft) === link.id) return draft;
  }
  return null;
}

/** What a coin says of itself is shown as long as it can be one's. */
const MOST_DECIMALS = 36;
const LONGEST_SYMBOL = 16;

type Parts = Record<keyof typeof CALLS, Address>;

/** What a call does, read from its bytes; a function that is not known here is not guessed. */
async function told(rpc: Rpc, draft: Draft, index: number, parts: Parts): Promise<string> {
  const [target, value, data] = [draft.targets[index], draft.values[index], draft.calldatas[index]];
  if (target === undefined || value === undefined || data === undefined) return "?";
  const amount = `${formatUnits(value, 18)} ETH`;
  const who = (address: string) => named(rpc, address, parts);
  if (data === "0x") return _("pay {who} {amount}", { who: await who(target), amount });
  const part = (Object.keys(parts) as (keyof Parts)[]).find((each) => parts[each].toLowerCase() === target.toLowerCase());
  const call = decoded(part ? CALLS[part] : COIN, data);
  if (call?.functionName === "transfer" && !part) {
    const [to, raw] = call.args as [Address, bigint];
    const symbol = await unless(rpc.view<string>(target, COIN, "symbol"), "");
    const decimals = await unless(rpc.view<number>(target, COIN, "decimals"), -1);
    if (symbol && decimals >= 0 && decimals <= MOST_DECIMALS && !value) {
      const coin = `${visible(symbol).slice(0, LONGEST_SYMBOL)} (${target})`;
      return _("pay {who} {amount}", { who: await who(to), amount: `${formatUnits(raw, decimals)} ${coin}` });
    }
  } else if (call && part && !value) {
    const { functionName, args } = call;
    if (functionName === "admit") return _("admit {who}", { who: await who(args[0] as string) });
    if (functionName === "bar") return _("remove {who}; only a vote lets them back in", { who: `#${args[0]}` });
    if (functionName === "setCharter") {
      return _("put the charter {charter} in force, to be read at {uri}", { charter: args[0] as Hex, uri: visible(args[1] as string) });
    }
    if (functionName === "setGovernor") {
      return _("hand everything to the governor {to}, 45 days later", { to: args[0] as Address });
    }
    if (functionName === "setGuardian" && BigInt(args[0] as Hex)) {
      const until = moment(Number(args[1]));
      return _("make {who} guardian until {until}", { who: await who(args[0] as string), until });
    }
    return _("call {who}: {call}", { who: await who(target), call: `${functionName}(${args.map(shown).join(", ")})` });
  }
  return untold(draft, index, await who(target));
}

/** A call of which only the bytes are known. */
function untold(draft: Draft, index: number, who: string = draft.targets[index] ?? "?"): string {
  const [value = 0n, data = "0x"] = [draft.values[index], draft.calldatas[index]];
  const amount = `${formatUnits(value, 18)} ETH`;
  if (value) return _("call {who} with {amount}, unknown function: {data}", { who, amount, data });
  return _("call {who}, unknown function: {data}", { who, data });
}

function decoded(abi: Abi, data: Hex): { functionName: string; args: readonly unknown[] } | null {
  try {
    const { functionName, args = [] } = decodeFunctionData({ abi, data });
    return { functionName, args: args as readonly unknown[] };
  } catch {
    return null;
  }
}

/** `#7 (0x…)`: whole, for a part of an address can be imitated. */
async function named(rpc: Rpc, address: string, parts: Parts): Promise<string> {
  const own = { governor: _("the governor"), membership: _("the membership"), treasury: _("the treasury") };
  for (const [part, words] of Object.entries(own)) {
    if (parts[part as keyof Parts].toLowerCase() === address.toLowerCase()) return words;
  }
  const id = await unless(rpc.view<bigint>(parts.membership, MEMBERSHIP, "memberIdOf", [address]), 0n);
  return id ? `#${id} (${address})` : address;
}

const shown = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(shown).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    return Object.entries(value).map(([name, each]) => `${name}: ${shown(each)}`).join(", ");
  }
  return visible(String(value));
};

/** `text` with what nobody sees, and what turns the direction of writing, made visible. */
export const visible = (text: string): string =>
  text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g, "\u25a1");
