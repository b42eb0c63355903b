/** Today: what waits for me and until when, and how the DAO is. */
import { useState } from "preact/hooks";
import { formatEther } from "viem";
import { MEMBERSHIP } from "./abi";
import { readDao, type Dao } from "./dao";
import { Loaded } from "./loaded";
import { ABSENT, ACTIVE, DORMANT, NEWCOMER, readLedger, readPeople, type Ledger, type Person } from "./members";
import { readOpen, type OpenProposal } from "./open";
import { PENDING, visible } from "./proposal";
import type { Rpc } from "./rpc";
import type { Settings } from "./settings";
import { useSigner, type Signer } from "./signer";
import { DAY } from "./succession";
import { _, moment, ngettext, voice } from "./words";

/** Silence is counted to the day on which an act was recorded, and an act is recorded every 30 days. */
const UNRECORDED = 30;
const SOON = 30 * DAY; // seconds

export function Today({ rpc, settings }: { rpc: Rpc; settings: Settings }) {
  return (
    <Loaded title={_("Today")} read={() => readDao(rpc, settings)}>
      {(dao) => <Whose rpc={rpc} dao={dao} />}
    </Loaded>
  );
}

function Whose({ rpc, dao }: { rpc: Rpc; dao: Dao }) {
  const [signer] = useSigner(rpc, dao);
  const [share, tell] = useState(0);
  return (
    <Loaded key={signer?.wallet.address ?? ""} title={_("Today")} read={() => readDay(rpc, dao, signer, tell)} progress={share}>
      {(day) => <Day dao={dao} day={day} />}
    </Loaded>
  );
}

interface Found {
  ledger: Ledger;
  person: Person | null;
  open: OpenProposal[];
  lapses: bigint; // Unix seconds: when who is silent may be put to rest
  ether: bigint; // the treasury's, in wei
}

async function readDay(rpc: Rpc, dao: Dao, signer: Signer | null, tell: (share: number) => void): Promise<Found> {
  const member = signer?.member ? signer : null;
  const [ledger, { dormantAfter }, ether, open] = await Promise.all([
    readLedger(rpc, dao),
    rpc.view<{ dormantAfter: number }>(dao.membership, MEMBERSHIP, "settings"),
    rpc.balance(dao.treasury),
    readOpen(rpc, dao, member?.wallet.address ?? null, tell),
  ]);
  const [person = null] = member ? await readPeople(rpc, dao, ledger, [member.member]) : [];
  const silent = (person?.stamp ?? 0n) + BigInt(UNRECORDED);
  return { ledger, person, open, ether, lapses: silent * BigInt(DAY) + BigInt(dormantAfter) };
}

function Day({ dao, day }: { dao: Dao; day: Found }) {
  const { ledger, person, open, ether } = day;
  const [waiting, others] = [open.filter((each) => each.mine === "vote"), open.filter((each) => each.mine !== "vote")];
  const notices = person ? noticesOf(person, day) : [];
  return (
    <>
      <section class="card">
        <h1>{_("Today")}</h1>
        {person ? <p>{_("Member #{id}", { id: person.id })}</p> : <Stranger />}
        {person && !waiting.length && !notices.length && <p>{_("Nothing waits for you.")}</p>}
        {notices.map((each) => (
          <p>
            {each} <a href="#me">{_("Go there")}</a>
          </p>
        ))}
        <Proposals dao={dao} list={waiting} label={_("Your ballot is wanted")} />
      </section>
      {others.length > 0 && (
        <section class="card">
          <Proposals dao={dao} list={others} label={_("Open proposals")} />
        </section>
      )}
      <section class="card">
        <h2>{_("How {dao} is", { dao: visible(dao.name) })}</h2>
        <ul>
          <li>
            {ngettext("{count} member is awake.", "{count} members are awake.", Number(ledger.awake), { count: ledger.awake })}{" "}
            {_("Together they speak with {voice}.", { voice: voice(ledger.voice) })}
          </li>
          <li>{ngettext("{count} proposal is open.", "{count} proposals are open.", open.length, { count: open.length })}</li>
          <li>{_("The treasury has {amount} ETH.", { amount: Math.floor(Number(formatEther(ether)) * 1e4) / 1e4 })}</li>
        </ul>
        <p class="note">{_("As of {moment}.", { moment: moment(ledger.now) })}</p>
      </section>
    </>
  );
}

const Stranger = () => (
  <>
    <p>{_("This page does not know yet who you are.")}</p>
    <a href="#me">{_("Say who I am")}</a>
  </>
);

/** What a member has to do about their own seat. */
function noticesOf({ standing, stamp }: Person, { ledger, lapses }: Found): string[] {
  const ripe = stamp * BigInt(DAY);
  if (standing === ACTIVE && lapses - ledger.now < BigInt(SOON)) {
    return [_("Without an act of yours you may be put to rest from {moment} on. Any ballot is one.", { moment: moment(lapses) })];
  }
  if (standing === DORMANT || standing === ABSENT) return [_("You rest: waking is free and gives your voice back at once.")];
  if (standing !== NEWCOMER) return [];
  return [ledger.now < ripe ? _("You may wake and have a voice from {moment} on.", { moment: moment(ripe) }) : _("Your season is over: wake up, and you have a voice.")];
}

function Proposals({ dao, list, label }: { dao: Dao; list: OpenProposal[]; label: string }) {
  if (!list.length) return null;
  return (
    <>
      <h2>{label}</h2>
      <ul class="people">
        {list.map((each) => (
          <li>
            <a href={`#decide/${dao.chainId}/${dao.governor}/0x${each.id.toString(16)}`} dir="auto">
              {each.title}
            </a>
            <p class="note">
              {each.state === PENDING && _("Voting opens {moment}.", { moment: moment(each.snapshot) })} {_("Voting closes {moment}.", { moment: moment(each.deadline) })}{" "}
              {each.mine === "voted" && _("Your ballot is counted")}
              {each.mine === "mute" && _("You have no voice on this proposal")}
            </p>
          </li>
        ))}
      </ul>
    </>
  );
}
