/** An invitation judged before anybody taps: by the contract itself, which is asked what it would do. */
import { decodeErrorResult, encodeFunctionData, keccak256, numberToHex, toBytes, zeroAddress, type Address, type Hex } from "viem";
import { generatePrivateKey, privateKeyToAddress, sign } from "viem/accounts";
import { INVITATIONS, MEMBERSHIP, TREASURY } from "./abi";
import { readDao, type Dao } from "./dao";
import type { Invitation } from "./invitation";
import { BARRED, EXITED, readLedger, readPeople, type Person } from "./members";
import { digest, type Message } from "./messages";
import { RefusedError, unless, type Rpc } from "./rpc";
import type { Settings } from "./settings";
import { DAY } from "./succession";
import type { Wallet } from "./wallets";
import { _, moment, Trouble } from "./words";

/** How long a newcomer's word may wait for whoever sends it, in seconds. */
const GOOD_FOR = BigInt(7 * DAY);
const ADMITTER = keccak256(toBytes("ADMITTER"));
const NO_CHARTER = keccak256("0x");

export interface Door {
  dao: Dao;
  invitation: Invitation;
  sponsors: { address: Address; person: Person | null }[];
  steward: boolean; // whose newcomers are Active at once
  voiceFrom: bigint; // Unix seconds: of whom members invite
  charterHash: Hex; // zero: none
  charter: string | null; // its text, where it is proven
}

/** What the link opens, as the chain has it now. Throws what is wrong with it. */
export async function readDoor(rpc: Rpc, settings: Settings, invitation: Invitation): Promise<Door> {
  const dao = await readDao(rpc, settings, invitation);
  await checkHome(rpc, dao, settings, invitation);
  const people = <T,>(name: string, ...args: unknown[]): Promise<T> => rpc.view<T>(dao.membership, MEMBERSHIP, name, args);
  const [steward, charterHash, { season }, ledger, ids] = await Promise.all([
    rpc.view<Address>(dao.treasury, TREASURY, "steward"),
    people<Hex>("charterHash"),
    people<{ season: number }>("settings"),
    readLedger(rpc, dao),
    Promise.all(invitation.sponsors.map(({ sponsor }) => people<bigint>("memberIdOf", sponsor))),
  ]);
  const known = await readPeople(rpc, dao, ledger, ids.filter((id) => id));
  const sponsors = invitation.sponsors.map(({ sponsor }) => ({ address: sponsor, person: known.find((each) => each.wallet === sponsor) ?? null }));
  const [days, day] = [ledger.now + BigInt(season), BigInt(DAY)];
  const door = {
    dao,
    invitation,
    sponsors,
    steward: steward !== zeroAddress && sponsors.length === 1 && sponsors[0]?.address === steward,
    voiceFrom: ((days + day - 1n) / day) * day,
    charterHash,
    charter: textOf(charterHash, settings.charter),
  };
  await rehearseForNobody(rpc, door);
  return door;
}

export const hasCharter = (hash: Hex): boolean => BigInt(hash) !== 0n && hash !== NO_CHARTER;

const textOf = (hash: Hex, given: string | undefined): string | null =>
  given !== undefined && keccak256(toBytes(given)) === hash ? given : null;

/** Only who may admit for this very treasury is an invitation's contract. */
async function checkHome(rpc: Rpc, dao: Dao, settings: Settings, { contract }: Invitation): Promise<void> {
  const ask = (name: "treasury" | "membership") => unless(rpc.view<Address>(contract, INVITATIONS, name), zeroAddress);
  const [granted, treasury, membership] = await Promise.all([
    rpc.view<boolean>(dao.treasury, TREASURY, "hasRole", [ADMITTER, contract]),
    ask("treasury"),
    ask("membership"),
  ]);
  const same = (one: Address, other: Address): boolean => one.toLowerCase() === other.toLowerCase();
  const ours = granted && same(treasury, dao.treasury) && same(membership, dao.membership);
  if (ours && (settings.invitations === undefined || same(settings.invitations, contract))) return;
  throw new Trouble(
    _("The invitation is not this DAO's"),
    ours ? _("this page knows other invitations than {contract}", { contract }) : _("the DAO lets nobody in by {contract}", { contract }),
    _("Ask whoever sent it for a new link; nothing was sent"),
  );
}

/** What a newcomer signs: who invites them, and the charter as it was read. */
const joinMessage = ({ dao, invitation, charterHash }: Door, deadline: bigint): Message => ({
  kind: "Join",
  chainId: dao.chainId,
  contract: invitation.contract,
  values: { charterHash, key: invitation.key, sponsors: invitation.sponsors.map(({ sponsor }) => sponsor), deadline },
});

/** The same, good for a week or as long as the invitation. */
export async function composeJoin(rpc: Rpc, door: Door): Promise<Message> {
  const week = (await rpc.block("latest")).timestamp + GOOD_FOR;
  return joinMessage(door, week < door.invitation.deadline ? week : door.invitation.deadline);
}

/** What stands against the link itself, before there is a wallet. The node sees an acceptance that is good in the block
 *  that is there already, and in none to come: nobody can use the invitation up with it. */
async function rehearseForNobody(rpc: Rpc, door: Door): Promise<void> {
  const nobody = generatePrivateKey();
  const { number, timestamp } = await rpc.block("latest");
  const join = joinMessage(door, timestamp);
  const signature = await sign({ hash: digest(join), privateKey: nobody, to: "hex" });
  await rehearse(rpc, door, join, privateKeyToAddress(nobody), signature, numberToHex(number));
}

/** The word of the link's key, that `wallet` takes its seat. */
export const claimOf = ({ chainId, contract, secret }: Invitation, wallet: Address): Promise<Hex> =>
  sign({ hash: digest({ kind: "Claim", chainId, contract, values: { wallet } }), privateKey: secret, to: "hex" });

/** Asks the contract what it would do, and changes nothing. Throws why it refuses. */
export async function rehearse(rpc: Rpc, door: Door, join: Message, wallet: Address, signature: Hex, block: Hex | "latest" = "latest"): Promise<Hex> {
  const { key, deadline, sponsors, contract } = door.invitation;
  const claim = await claimOf(door.invitation, wallet);
  const until = join.values.deadline as bigint;
  const newcomer = { wallet, claim, charterHash: door.charterHash, deadline: until, signature };
  const data = encodeFunctionData({ abi: INVITATIONS, functionName: "accept", args: [{ key, deadline, sponsors }, newcomer] });
  try {
    await rpc.ask("eth_call", { to: contract, data }, block);
  } catch (error) {
    throw error instanceof RefusedError ? refusal(error, door) : error;
  }
  return claim;
}

/** The seat of a wallet, null if it has none that it could not take by a link. */
export async function seatOf(rpc: Rpc, dao: Dao, { address }: Wallet): Promise<Person | null> {
  const id = await rpc.view<bigint>(dao.membership, MEMBERSHIP, "memberIdOf", [address]);
  if (!id) return null;
  const [person] = await readPeople(rpc, dao, await readLedger(rpc, dao), [id]);
  if (person?.standing === BARRED) throw barred(id);
  return person && person.standing !== EXITED ? person : null;
}

const ask = (): string => _("Ask whoever sent it for a new link; nothing was sent");

const barred = (id: bigint): Trouble =>
  new Trouble(_("A vote removed member {who}", { who: `#${id}` }), _("no invitation lets them back in"), _("Only another vote can; ask a member to propose it"));

function refusal({ data, message }: RefusedError, { sponsors }: Door): Trouble {
  const who = (account: unknown): string => {
    const found = sponsors.find((each) => each.address === account || each.person?.id === account);
    return found?.person ? `#${found.person.id}` : String(account);
  };
  const cannot = _("The invitation cannot be used");
  let error: { errorName: string; args?: readonly unknown[] | undefined };
  try {
    error = decodeErrorResult({ abi: INVITATIONS, data: data ?? "0x" });
  } catch {
    return new Trouble(cannot, _("the contract refuses it: {reason}", { reason: message }), ask());
  }
  const [first, second] = error.args ?? [];
  switch (error.errorName) {
    case "InvitationsUsed":
      return new Trouble(
        _("The invitation has been used"),
        _("a link gives one seat, and somebody has taken this one"),
        _("If it was you, open this page with the wallet you joined with; otherwise ask for a new link"),
      );
    case "InvitationsRevoked":
      return new Trouble(_("The invitation was taken back"), _("{who} does not vouch for it any more", { who: who(second) }), ask());
    case "InvitationsExpired":
      return new Trouble(_("The invitation is too late"), _("it was good until {moment}", { moment: moment(first as bigint) }), ask());
    case "InvitationsTooLong":
      return new Trouble(cannot, _("it would be good for more than 60 days, until {moment}", { moment: moment(first as bigint) }), ask());
    case "InvitationsSponsorNotActive":
      return new Trouble(cannot, _("{who}, who invites you, is not awake now", { who: who(first) }), _("Ask them to wake up, and open the link again; nothing was sent"));
    case "InvitationsSponsorTooEarly":
      return new Trouble(
        cannot,
        _("{who}, who invites you, may do so from {moment} on", { who: who(first), moment: moment(second as bigint) }),
        _("Open the link again then; nothing was sent"),
      );
    case "InvitationsSponsorSpent":
      return new Trouble(
        cannot,
        _("{who} has given all the seats that one member may give in 30 days", { who: who(first) }),
        _("Open the link again in a few weeks, or ask another member for one; nothing was sent"),
      );
    case "InvitationsSpent":
      return new Trouble(
        cannot,
        _("the seats of these 30 days are given: {limit}", { limit: String(second) }),
        _("Open the link again in a few weeks; nothing was sent"),
      );
    case "InvitationsInvalidSponsors":
      return new Trouble(
        cannot,
        _("{given} people vouch for it, and {needed} are needed now", { given: String(first), needed: String(second) }),
        _("Ask whoever sent it for a link that more members sign; nothing was sent"),
      );
    case "InvitationsCharterMismatch":
      return new Trouble(_("The charter has just changed"), _("another text is in force now"), _("Read the new one here, and join then; nothing was sent"));
    case "InvitationsPassedOver":
      return new Trouble(
        _("You were a member before"),
        _("who left comes back with their old number, without an invitation"),
        _("Open Me on this page, and come back there; the link stays good for somebody else"),
      );
    case "MembershipBarred":
      return barred(first as bigint);
    case "InvitationsInvalidSignature":
      return new Trouble(cannot, _("the word of {who} is not theirs", { who: who(first) }), ask());
    default:
      return new Trouble(cannot, _("the contract refuses it: {reason}", { reason: error.errorName }), ask());
  }
}
