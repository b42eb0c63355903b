/** My seat: card, voice, and each act of my own as something to sign. */
import { useState } from "preact/hooks";
import type { Address } from "viem";
import { GOVERNOR, MEMBERSHIP } from "./abi";
import { NOBODY, ownAct } from "./acts";
import { readDao, type Dao } from "./dao";
import { Loaded } from "./loaded";
import type { Settings } from "./settings";
import { ABSENT, ACTIVE, DORMANT, EXITED, NEWCOMER, readLedger, readPeople, readPower, STANDINGS, type Person, type Power } from "./members";
import { Failure } from "./parts";
import { Card, why } from "./power";
import type { Rpc } from "./rpc";
import { useSigner, Who, type Signer } from "./signer";
import { Signing, type Act } from "./signing";
import { DAY } from "./succession";
import { _, Trouble, troubleOf } from "./words";

export function Mine({ rpc, settings }: { rpc: Rpc; settings: Settings }) {
  return (
    <Loaded title={_("My seat cannot be shown")} read={() => readDao(rpc, settings)}>
      {(dao) => <Whose rpc={rpc} dao={dao} />}
    </Loaded>
  );
}

function Whose({ rpc, dao }: { rpc: Rpc; dao: Dao }) {
  const [signer, choose] = useSigner(rpc, dao);
  if (!signer) {
    return (
      <section class="card">
        <h2>{_("My seat")}</h2>
        <Who name={dao.name} choose={choose} make={false} />
      </section>
    );
  }
  if (!signer.member) {
    return (
      <section class="card">
        <h2>{_("This wallet is no member")}</h2>
        <p>{_("Lost the phone with the old wallet? Ask for your seat with this one.")}</p>
        {dao.succession && <a href="#lost">{_("I lost my wallet")}</a>}
      </section>
    );
  }
  return (
    <Loaded key={signer.wallet.address} title={_("My seat cannot be shown")} read={() => readMine(rpc, dao, signer)}>
      {(power, again) => <Seat rpc={rpc} dao={dao} signer={signer} power={power} again={again} />}
    </Loaded>
  );
}

async function readMine(rpc: Rpc, dao: Dao, signer: Signer): Promise<Power> {
  const [ledger, settings] = await Promise.all([
    readLedger(rpc, dao),
    rpc.view<{ voiceCapBps: number }>(dao.governor, GOVERNOR, "settings"),
  ]);
  const [person] = await readPeople(rpc, dao, ledger, [signer.member]);
  if (!person) throw new Trouble(_("My seat cannot be shown"), _("the node told nothing of it"), _("Ask another page or node"));
  return readPower(rpc, dao, ledger, person, settings.voiceCapBps);
}

interface Given {
  rpc: Rpc;
  dao: Dao;
  signer: Signer;
  power: Power;
  again: () => void;
}

function Seat({ rpc, dao, signer, power, again }: Given) {
  const { person } = power;
  const isMember = person.standing >= ACTIVE && person.standing <= ABSENT;
  const nonce = () => rpc.view<bigint>(dao.membership, MEMBERSHIP, "nonces", [person.wallet]);
  const act = (label: string, kind: "Wake" | "Rest" | "Exit" | "Rejoin" | "Delegate", more: Partial<Act> & { delegatee?: Address } = {}): Act => {
    const { delegatee, ...rest } = more;
    return {
      label,
      make: () => ownAct(rpc, dao, person, kind, delegatee ? { delegatee } : {}),
      counted: async (message) => (await nonce()) > (message.values.nonce as bigint),
      ...rest,
    };
  };
  const who = (address: Address): string => address;
  const shown = (each: Act) => <Signing key={each.label} act={each} signer={signer} who={who} done={again} />;
  const ripe = person.standing !== NEWCOMER || power.ledger.now >= person.stamp * BigInt(DAY);
  return (
    <>
      <section class="card">
        <h1>{_("My seat, #{id}", { id: person.id })}</h1>
        <p class="badge">{_(STANDINGS[person.standing]!)}</p>
        {isMember && <Card rpc={rpc} dao={dao} ticket={person.ticket} id={person.id} />}
        <h2>{_("Why my voice is what it is")}</h2>
        <ul>
          {why(power).map((each) => (
            <li>{each}</li>
          ))}
        </ul>
      </section>
      <section class="card">
        <h2>{_("What I can do")}</h2>
        {person.standing === ACTIVE && (
          <>
            <Lend rpc={rpc} dao={dao} signer={signer} power={power} act={act} again={again} />
            {person.delegate > 0n && shown(act(_("Take my voice back"), "Delegate", { delegatee: NOBODY }))}
            {shown(act(_("Rest"), "Rest"))}
          </>
        )}
        {[DORMANT, NEWCOMER, ABSENT].includes(person.standing) && ripe && shown(act(_("Wake up"), "Wake"))}
        {person.standing === EXITED && shown(act(_("Come back"), "Rejoin"))}
        {isMember && shown(act(_("Leave the DAO"), "Exit", { danger: true, loses: losses() }))}
      </section>
      {dao.succession && isMember && (
        <section class="card">
          <h2>{_("If I lose this phone")}</h2>
          <p>{_("Name people whom you trust: together they can give your seat back to you, with its number.")}</p>
          <a href="#guardians">{_("My guardians")}</a>
        </section>
      )}
    </>
  );
}

const losses = (): string[] => [
  _("Your ticket is burned, and your voice is gone at once."),
  _("If you come back, you are a newcomer: a voice comes after a season."),
  _("Who lends you their voice has to take it back themselves."),
];

interface LendGiven extends Given {
  act: (label: string, kind: "Delegate", more: { delegatee: Address }) => Act;
}

/** To whom: by number, and only who is awake. */
function Lend({ rpc, dao, signer, power, act, again }: LendGiven) {
  const [number, type] = useState("");
  const [to, choose] = useState<Person | null>(null);
  const [trouble, fail] = useState<Trouble | null>(null);
  const look = async () => {
    fail(null);
    choose(null);
    const id = BigInt(/^#?(\d{1,8})$/.exec(number.trim())?.[1] ?? 0);
    const [found] = id ? await readPeople(rpc, dao, power.ledger, [id]) : [];
    if (found?.standing === ACTIVE && found.id !== power.person.id) return choose(found);
    const why = found ? _("only somebody else who is awake can speak for you") : _("nobody has this number");
    fail(new Trouble(_("You cannot lend your voice to {who}", { who: number.trim() }), why, _("Look for them under Members")));
  };
  const who = (address: Address): string => (to && address === to.wallet ? `#${to.id} (${address})` : address);
  return (
    <div>
      <label>
        {_("Lend my voice to the member with the number")}
        <input type="text" inputMode="numeric" value={number} placeholder="#7" onInput={(event) => (type(event.currentTarget.value), choose(null))} />
      </label>
      {to ? (
        <Signing
          key={String(to.id)}
          act={act(_("Lend it to {who}", { who: `#${to.id}` }), "Delegate", { delegatee: to.wallet })}
          signer={signer}
          who={who}
          done={again}
        />
      ) : (
        <button type="button" disabled={!number.trim()} onClick={() => look().catch((error) => fail(troubleOf(error)))}>
          {_("Choose them")}
        </button>
      )}
      {trouble && <Failure trouble={trouble} />}
    </div>
  );
}
