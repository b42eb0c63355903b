/** Join: who invites and to what, the charter, a wallet, and one's own word; then the seat. */
import { useEffect, useState } from "preact/hooks";
import type { Address } from "viem";
import { told } from "./acts";
import { readDao, type Dao } from "./dao";
import type { Invitation } from "./invitation";
import { composeJoin, hasCharter, readDoor, rehearse, seatOf, type Door } from "./joining";
import { joinLine } from "./line";
import { Loaded } from "./loaded";
import { Markdown } from "./markdown";
import { NEWCOMER, STANDINGS, type Person } from "./members";
import type { Message } from "./messages";
import { Failure } from "./parts";
import { Card } from "./power";
import { visible } from "./proposal";
import type { Rpc } from "./rpc";
import { OnItsWay } from "./sent";
import type { Settings } from "./settings";
import { knownWallet, useSigner, Who, type Signer } from "./signer";
import { DAY } from "./succession";
import { _, moment, troubleOf, type Trouble } from "./words";

interface Given {
  rpc: Rpc;
  settings: Settings;
  link: Invitation;
}

interface Seat {
  dao: Dao;
  person: Person;
}

export function Join({ rpc, settings, link }: Given) {
  const [seat, take] = useState<Seat | null>(null);
  const read = async (): Promise<Door | null> => {
    const known = knownWallet();
    if (known) {
      const dao = await readDao(rpc, settings, link);
      const person = await seatOf(rpc, dao, known);
      if (person) return take({ dao, person }), null;
    }
    return readDoor(rpc, settings, link);
  };
  if (seat) return <Welcome rpc={rpc} {...seat} />;
  return (
    <Loaded title={_("You are invited")} read={read}>
      {(door, again) => door && <Open rpc={rpc} door={door} take={(person) => take({ dao: door.dao, person })} again={again} />}
    </Loaded>
  );
}

interface OpenGiven {
  rpc: Rpc;
  door: Door;
  take: (person: Person) => void;
  again: () => void;
}

function Open({ rpc, door, take, again }: OpenGiven) {
  const { dao, sponsors, steward, voiceFrom, invitation } = door;
  const [signer, choose] = useSigner(rpc, dao);
  return (
    <>
      <section class="card">
        <p class="badge">{_("An invitation")}</p>
        <h1>{_("You are invited to {dao}", { dao: visible(dao.name) })}</h1>
        <h2>{_("Who invites you")}</h2>
        {sponsors.map(({ address, person }) => (
          <div class="sponsor">
            <p>
              {steward ? _("The steward, who lets the first members in") : null} {person && <b>{_("Member #{id}", { id: person.id })}</b>}
            </p>
            {person && <Card rpc={rpc} dao={dao} ticket={person.ticket} id={person.id} />}
            <p class="note long">{address}</p>
          </div>
        ))}
        <h2>{_("What you become")}</h2>
        {steward ? (
          <p>{_("A member with a voice at once: you vote on every proposal whose vote opens later.")}</p>
        ) : (
          <p>{_("A newcomer: a member from the first minute, with a ticket, work and rewards. You may wake and have a voice from {moment} on.", { moment: moment(voiceFrom) })}</p>
        )}
        <p class="note">{_("The invitation is good until {moment}. It costs you nothing.", { moment: moment(invitation.deadline) })}</p>
      </section>
      <Charter door={door} />
      <section class="card">
        {signer ? (
          <Agree key={signer.wallet.address} rpc={rpc} door={door} signer={signer} take={take} again={again} />
        ) : (
          <>
            <h2>{_("Your wallet")}</h2>
            <p>{_("A passkey of this phone becomes your wallet: no app, no coins, no password.")}</p>
            <Who name={dao.name} choose={choose} fresh />
          </>
        )}
      </section>
    </>
  );
}

const Charter = ({ door: { charter, charterHash } }: { door: Door }) => (
  <section class="card">
    <h2>{_("The charter, which everybody here accepts")}</h2>
    {charter !== null && hasCharter(charterHash) ? (
      <>
        <Markdown text={charter} />
        <p class="note long">{_("Its hash is the chain's: {hash}", { hash: charterHash })}</p>
      </>
    ) : hasCharter(charterHash) ? (
      <div class="failure">
        <p class="what">{_("Its text cannot be shown here")}</p>
        <p>{_("this page has no text with the hash that the chain names: {hash}", { hash: charterHash })}</p>
        <p>{_("Ask whoever invites you for the text before you sign")}</p>
      </div>
    ) : (
      <p>{_("This DAO has none.")}</p>
    )}
  </section>
);

/** The newcomer's own word: told from the very message that is signed. */
function Agree({ rpc, door, signer, take, again }: OpenGiven & { signer: Signer }) {
  const { dao, invitation, sponsors, steward } = door;
  const { wallet } = signer;
  const [join, compose] = useState<Message | null>(null);
  const [line, done] = useState("");
  const [busy, work] = useState(false);
  const [trouble, fail] = useState<Trouble | null>(null);
  const look = async (): Promise<boolean> => {
    const person = await seatOf(rpc, dao, wallet);
    if (person) take(person);
    return !!person;
  };
  const attempt = async (doing: () => Promise<void>) => {
    fail(null);
    work(true);
    await doing().catch((error) => fail(troubleOf(error)));
    work(false);
  };
  useEffect(() => {
    compose(null); // what was made of another charter must not be signed meanwhile
    void attempt(async () => {
      if (!(await look())) compose(await composeJoin(rpc, door));
    });
  }, [door]);
  const who = (sponsor: Address): string => {
    const person = sponsors.find((each) => each.address === sponsor)?.person;
    if (steward) return _("the steward ({address})", { address: sponsor });
    return person ? `#${person.id} (${sponsor})` : sponsor;
  };
  const sign = (message: Message) =>
    attempt(async () => {
      const signature = await wallet.sign(message);
      const claim = await rehearse(rpc, door, message, wallet.address, signature);
      done(joinLine(message, invitation, wallet.address, claim, signature));
    });
  if (line) return <OnItsWay line={line} counted={look} done={() => undefined} />;
  return (
    <>
      <h2>{_("Your word")}</h2>
      {join && (
        <div class="signing">
          <h3>{_("What you sign")}</h3>
          <ul>
            {told(join, who).map((each) => (
              <li dir="auto">{each}</li>
            ))}
          </ul>
          <button type="button" class="main" disabled={busy} onClick={() => sign(join)}>
            {busy ? _("Signing …") : _("Agree and join")}
          </button>
        </div>
      )}
      {trouble && (
        <>
          <Failure trouble={trouble} />
          <button type="button" onClick={again}>
            {_("Read it again")}
          </button>
        </>
      )}
      <p class="note long">{_("Your wallet: {address}", { address: wallet.address })}</p>
    </>
  );
}

/** A member from now on: their card, and what keeps the seat theirs. */
function Welcome({ rpc, dao, person }: Seat & { rpc: Rpc }) {
  return (
    <section class="card">
      <div role="status">
        <p class="badge">{_(STANDINGS[person.standing]!)}</p>
        <h1>{_("You are member #{id}", { id: person.id })}</h1>
      </div>
      <Card rpc={rpc} dao={dao} ticket={person.ticket} id={person.id} />
      <p>
        {person.standing === NEWCOMER
          ? _("You may wake and have a voice from {moment} on.", { moment: moment(person.stamp * BigInt(DAY)) })
          : _("You vote on every proposal whose vote opens from now on.")}
      </p>
      <h2>{_("So that you never lose your seat")}</h2>
      <p>{_("A passkey belongs to this phone and to the address of this page. Name people who can give your seat back, and keep a sealed copy of the key.")}</p>
      {dao.succession && <a href="#guardians">{_("Name my guardians")}</a>}
      <a href="#key">{_("Keep a sealed copy of the key")}</a>
      <a href="#today">{_("What waits for me")}</a>
    </section>
  );
}
