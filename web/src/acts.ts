/** What a member may sign beside ballots: made of what the chain says now, and told from the very fields. */
import { zeroAddress, zeroHash, type Address } from "viem";
import { MEMBERSHIP } from "./abi";
import type { Dao } from "./dao";
import { ABSENT, NEWCOMER, type Person } from "./members";
import type { Message, Value } from "./messages";
import type { Rpc } from "./rpc";
import { DAY, isNobody } from "./succession";
import { _, moment, ngettext } from "./words";

/** How long an act may wait for whoever relays it, in seconds. */
const GOOD_FOR = 7 * DAY;

export const deadlineOf = async (rpc: Rpc, seconds = GOOD_FOR): Promise<bigint> => (await rpc.block("latest")).timestamp + BigInt(seconds);

type Own = "Delegate" | "Wake" | "Rest" | "Exit" | "Rejoin";

/** An act of the member's own; `more` is what only this kind has. */
export async function ownAct(rpc: Rpc, dao: Dao, person: Person, kind: Own, more: { delegatee?: Address } = {}): Promise<Message> {
  const ask = <T,>(name: string, ...args: unknown[]): Promise<T> => rpc.view<T>(dao.membership, MEMBERSHIP, name, args);
  const charter = kind === "Rejoin" || (kind === "Wake" && (person.standing === NEWCOMER || person.standing === ABSENT));
  const [nonce, charterHash, deadline] = await Promise.all([
    ask<bigint>("nonces", person.wallet),
    charter ? ask<string>("charterHash") : zeroHash,
    deadlineOf(rpc),
  ]);
  const values: Record<string, Value> = { account: person.wallet, ...more, nonce, deadline };
  if (kind === "Wake" || kind === "Rejoin") values.charterHash = charterHash;
  return { kind, chainId: dao.chainId, contract: dao.membership, values };
}

/** `3 days`. */
export const days = (seconds: bigint | number): string => {
  const count = Math.round(Number(seconds) / DAY);
  return ngettext("{count} day", "{count} days", count, { count });
};

const short = (text: string): string => `${text.slice(0, 6)}…${text.slice(-4)}`;

/** What somebody agrees to by signing, a sentence each; `who` says whose an address is. */
export function told(message: Message, who: (address: Address) => string): string[] {
  const values = message.values as Record<string, never>;
  if (message.kind === "Join") return joining(message, who);
  const place =
    message.contract && message.kind in SEATS
      ? _("Only for the succession {contract} on chain {chain}.", { contract: short(message.contract), chain: message.chainId })
      : _("Only for the membership {contract} on chain {chain}.", { contract: short(message.contract), chain: message.chainId });
  const until = _("Good once (no. {nonce}), until {moment}.", { nonce: values["nonce"]!, moment: moment(values["deadline"]!) });
  return [...sentences(message, who), until, place];
}

function joining({ values, chainId, contract }: Message, who: (address: Address) => string): string[] {
  const sponsors = (values.sponsors as readonly Address[]).map(who).join(", ");
  return [
    _("I become a member, on the invitation of {sponsors} and of nobody else.", { sponsors }),
    ...charter(values.charterHash as string),
    _("Valid until {moment}.", { moment: moment(values.deadline as bigint) }),
    _("Only for the invitations {contract} on chain {chain}.", { contract: short(contract), chain: chainId }),
  ];
}

const SEATS = { SetPlan: true, Recover: true, Take: true, Inherit: true, Veto: true };

function sentences(message: Message, who: (address: Address) => string): string[] {
  const { kind, values } = message;
  const wallet = values.wallet as Address;
  const id = `#${String(values.id)}`;
  switch (kind) {
    case "Delegate": {
      const to = values.delegatee as Address;
      if (isNobody(to) || to === values.account) return [_("I take my voice back and speak for myself.")];
      return [_("I lend my voice to {to}, until I take it back.", { to: who(to) })];
    }
    case "Wake":
      return [_("I wake up and take part again."), ...charter(values.charterHash as string)];
    case "Rest":
      return [_("I rest: I stay a member and have no voice until I wake.")];
    case "Exit":
      return [_("I leave the DAO and my ticket is burned; what I earned stays mine.")];
    case "Rejoin":
      return [_("I come back to the DAO."), ...charter(values.charterHash as string)];
    case "SetPlan":
      return planned(values, who);
    case "Recover":
      return [
        _("I know that member {id} has lost their wallet, and that the wallet {wallet} is theirs now.", { id, wallet }),
        _("I ask that the seat of {id} goes to that wallet when the plan's delay is over.", { id }),
      ];
    case "Take":
      return [_("I am member {id} and take my seat with the new wallet {wallet}.", { id, wallet })];
    case "Veto":
      return [_("I end whatever was asked for on my seat {id}, and my plan with it.", { id })];
    default:
      throw new Error(kind);
  }
}

const charter = (hash: string): string[] =>
  hash === zeroHash ? [] : [_("I accept the charter {charter}.", { charter: `${hash.slice(0, 10)}…${hash.slice(-4)}` })];

/** A plan in words, from its fields. */
export function planned(plan: Record<string, unknown>, who: (address: Address) => string): string[] {
  const { members, others, needed, delay, heir, silence } = plan as {
    [name: string]: unknown;
    members: readonly bigint[];
    others: readonly Address[];
    needed: bigint | number;
    delay: bigint | number;
    heir: Address;
    silence: bigint | number;
  };
  const guardians = [...members.map((each) => `#${each}`), ...others.map(who)];
  const said: string[] = [];
  if (guardians.length) {
    said.push(
      _("If I lose my wallet, {needed} of these {count} may ask for my seat together: {who}.", {
        needed,
        count: guardians.length,
        who: guardians.join(", "),
      }),
      _("It waits {delay} then, and I can stop it with one word.", { delay: days(delay) }),
    );
  }
  if (!isNobody(heir)) {
    said.push(_("After {silence} without an act of mine, {heir} may ask for my seat; that waits 30 days more.", { silence: days(silence), heir: who(heir) }));
  }
  return said;
}

export const NOBODY = zeroAddress;
