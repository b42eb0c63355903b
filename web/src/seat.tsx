/** A seat asked for: on the new phone of who lost a wallet, and on the pages of their guardians. */
import { useEffect, useState } from "preact/hooks";
import type { Address } from "viem";
import { deadlineOf, days } from "./acts";
import { readDao, type Dao } from "./dao";
import { Loaded } from "./loaded";
import type { Settings } from "./settings";
import { readLedger, readPeople, STANDINGS, type Person } from "./members";
import { Copied, Failure } from "./parts";
import type { Rpc } from "./rpc";
import { useSigner, Who } from "./signer";
import { Signing } from "./signing";
import { DAY, NO_PLAN, readPlan, readSeat, seatLink, seatMessage, type Plan, type Seat, type SeatLink } from "./succession";
import { _, moment, ngettext, Trouble, troubleOf } from "./words";

/** How long guardians have, in seconds. */
const GOOD_FOR = 14 * DAY;
const LONGEST = 60 * DAY; // no word of a guardian is good for ever
const POLL = 5_000; // milliseconds

/** The new phone: who I was, and a new passkey. */
export function Lost({ rpc, settings }: { rpc: Rpc; settings: Settings }) {
  return (
    <Loaded title={_("I lost my wallet")} read={() => readDao(rpc, settings)}>
      {(dao) => <Asking rpc={rpc} dao={dao} />}
    </Loaded>
  );
}

function Asking({ rpc, dao }: { rpc: Rpc; dao: Dao }) {
  const [signer, choose] = useSigner(rpc, dao);
  const [number, type] = useState("");
  const [trouble, fail] = useState<Trouble | null>(null);
  const { succession } = dao;
  const go = async () => {
    fail(null);
    const id = BigInt(/^#?(\d{1,8})$/.exec(number.trim())?.[1] ?? 0);
    const wrong = (why: string): Trouble => new Trouble(_("This seat cannot be asked for"), why, _("Ask your community; a vote can give a seat back, too"));
    if (!succession || !signer) return;
    const [person] = id ? await readPeople(rpc, dao, await readLedger(rpc, dao), [id]) : [];
    if (!person) throw wrong(_("nobody has this number"));
    if (signer.member) throw wrong(_("the wallet on this phone has a seat already"));
    const seat = await readSeat(rpc, succession, id);
    if (seat.planHash === NO_PLAN) throw wrong(_("this member has named no guardians"));
    const deadline = await deadlineOf(rpc, GOOD_FOR);
    location.href = seatLink({ ...dao, id, wallet: signer.wallet.address, deadline });
  };
  return (
    <section class="card">
      <h1>{_("I lost my wallet")}</h1>
      <p>{_("Your seat, its number and what you earned are not lost. With a new passkey on this phone you ask your guardians for it.")}</p>
      {!succession && <p>{_("This DAO has not given anybody the right to give a seat back; a proposal can.")}</p>}
      {succession && !signer && <Who name={dao.name} choose={choose} fresh />}
      {succession && signer && (
        <>
          <label>
            {_("My member number")}
            <input type="text" inputMode="numeric" value={number} placeholder="#7" onInput={(event) => type(event.currentTarget.value)} />
          </label>
          <button type="button" class="main" disabled={!number.trim()} onClick={() => go().catch((error) => fail(troubleOf(error)))}>
            {_("Ask for my seat")}
          </button>
        </>
      )}
      {trouble && <Failure trouble={trouble} />}
    </section>
  );
}

interface Found {
  dao: Dao;
  contract: Address;
  person: Person;
  seat: Seat;
  plan: Plan | null;
  guardians: Person[]; // those by number
  timely: boolean; // words can still be given
}

/** What a link asks for, as the chain has it. */
export function SeatAsked({ rpc, settings, link }: { rpc: Rpc; settings: Settings; link: SeatLink }) {
  const read = async (): Promise<Found> => {
    const dao = await readDao(rpc, settings, link);
    const wrong = (why: string): Trouble => new Trouble(_("This seat cannot be asked for"), why, _("Ask whoever sent it; nothing was signed"));
    if (!dao.succession) throw wrong(_("this DAO gives no seats back"));
    const ledger = await readLedger(rpc, dao);
    const [person] = await readPeople(rpc, dao, ledger, [link.id]);
    if (!person) throw wrong(_("nobody has this number"));
    const seat = await readSeat(rpc, dao.succession, link.id);
    const plan = await readPlan(rpc, dao.succession, seat, () => undefined);
    const guardians = plan ? await readPeople(rpc, dao, ledger, plan.members) : [];
    const timely = link.deadline > ledger.now && link.deadline <= ledger.now + BigInt(LONGEST);
    return { dao, contract: dao.succession, person, seat, plan, guardians, timely };
  };
  return (
    <Loaded title={_("This seat cannot be asked for")} read={read}>
      {(found, again) => <Asked rpc={rpc} link={link} found={found} again={again} />}
    </Loaded>
  );
}

function Asked({ rpc, link, found, again }: { rpc: Rpc; link: SeatLink; found: Found; again: () => void }) {
  const { dao, contract, person, seat, plan, guardians, timely } = found;
  const [signer, choose] = useSigner(rpc, dao);
  const mine = signer?.wallet.address === link.wallet;
  const named = !!signer && (guardians.some((each) => each.wallet === signer.wallet.address) || !!plan?.others.includes(signer.wallet.address));
  const moved = person.wallet === link.wallet;
  useEffect(() => {
    if (moved) return;
    const timer = setInterval(async () => {
      const now = await readSeat(rpc, contract, link.id).catch(() => seat);
      if (now.nonce !== seat.nonce || now.asked.kind !== seat.asked.kind) again();
    }, POLL);
    return () => clearInterval(timer);
  }, [seat.nonce, seat.asked.kind]);
  const open = seat.asked.kind !== 0 || seat.planHash === NO_PLAN;
  const who = (address: Address): string => address;
  const sign = (kind: "Recover" | "Take", label: string) =>
    signer && (
      <Signing
        key={kind}
        act={{
          label,
          gathered: true,
          danger: kind === "Recover",
          make: async () => seatMessage(dao, kind, await readSeat(rpc, contract, link.id), link.wallet, link.deadline),
          counted: async () => (await readSeat(rpc, contract, link.id)).asked.wallet === link.wallet,
        }}
        signer={signer}
        who={who}
        done={again}
      />
    );
  return (
    <>
      <section class="card">
        <h1>{_("The seat of member {who} is asked for", { who: `#${link.id}` })}</h1>
        <p class="badge">{_(STANDINGS[person.standing]!)}</p>
        <dl class="facts">
          <dt>{_("Wallet until now")}</dt>
          <dd>{person.wallet}</dd>
          <dt>{_("Wallet from then on")}</dt>
          <dd>{link.wallet}</dd>
        </dl>
        <Status seat={seat} link={link} moved={moved} plan={plan} />
      </section>
      {!open && !moved && !timely && (
        <Failure trouble={new Trouble(_("The time of this link is over, or too long"), _("words of guardians are good for 60 days at most"), _("Ask for the seat anew, with the same wallet"))} />
      )}
      {!open && !moved && timely && (
        <section class="card">
          {!signer && <Who name={dao.name} choose={choose} />}
          {mine && (
            <>
              <h2>{_("You are the one who lost the wallet")}</h2>
              <p>{_("First sign that this new wallet takes the seat, and paste the line into the chat. Then send the link to your guardians, and call them.")}</p>
              {sign("Take", _("Take my seat with this wallet"))}
              <h3>{_("The link for your guardians")}</h3>
              <Copied text={seatLink(link)} label={_("Copy the link")} />
            </>
          )}
          {signer && !mine && (named || !plan) && (
            <>
              <h2>{_("You are asked as a guardian")}</h2>
              <div class="failure">
                <p class="what">{_("Call {who} first, by voice.", { who: `#${link.id}` })}</p>
                <p>{_("Anybody can make such a link. Who gets this seat votes and is paid in that person's name. Have them read the new wallet's address to you.")}</p>
              </div>
              {sign("Recover", _("I have talked to them"))}
            </>
          )}
          {signer && !mine && plan && !named && <p>{_("Only the guardians of this member can help here, and you are none of them.")}</p>}
        </section>
      )}
    </>
  );
}

function Status({ seat, link, moved, plan }: { seat: Seat; link: SeatLink; moved: boolean; plan: Plan | null }) {
  const { kind, wallet, readyAt, expiresAt } = seat.asked;
  if (moved) return <p role="status">{_("It is done: the seat is at the new wallet.")}</p>;
  if (kind && wallet !== link.wallet) return <p role="alert">{_("Another wallet is asked for at the moment: {wallet}.", { wallet })}</p>;
  if (kind) {
    return (
      <div role="status">
        <p>{_("Enough guardians have asked. The seat moves from {ready} on, until {end}; the person can stop it before.", { ready: moment(readyAt), end: moment(expiresAt) })}</p>
        <p class="note">{_("Anyone may finish it then. Whoever relays types: {command}", { command: `mikoshi succession finish ${link.id}` })}</p>
      </div>
    );
  }
  if (seat.planHash === NO_PLAN) return <p role="status">{_("This member has no plan now: the person may have ended it.")}</p>;
  return (
    <div role="status">
      {plan && (
        <p>
          {ngettext("{needed} guardian is needed, then {delay} of waiting.", "{needed} guardians are needed, then {delay} of waiting.", plan.needed, {
            needed: plan.needed,
            delay: days(plan.delay),
          })}
        </p>
      )}
      <p>{_("Words of guardians are good until {moment}.", { moment: moment(link.deadline) })}</p>
    </div>
  );
}
