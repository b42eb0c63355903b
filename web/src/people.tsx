/** People: who the members are, what they speak with, and who lends to whom. */
import { useState } from "preact/hooks";
import { readDao, type Dao } from "./dao";
import { Loaded } from "./loaded";
import type { Settings } from "./settings";
import { ACTIVE, readLedger, readLenders, readPeople, STANDINGS, type Ledger, type Person } from "./members";
import { Failure } from "./parts";
import type { Rpc } from "./rpc";
import { _, ngettext, troubleOf, voice, type Trouble } from "./words";

const PAGE = 50;

interface Known {
  dao: Dao;
  ledger: Ledger;
  first: Person[];
}

const range = (from: number, to: number): bigint[] => Array.from({ length: Math.max(0, to - from + 1) }, (_each, at) => BigInt(from + at));

export function People({ rpc, settings }: { rpc: Rpc; settings: Settings }) {
  const read = async (): Promise<Known> => {
    const dao = await readDao(rpc, settings);
    const ledger = await readLedger(rpc, dao);
    return { dao, ledger, first: await readPeople(rpc, dao, ledger, range(1, Math.min(PAGE, Number(ledger.lastId)))) };
  };
  return (
    <Loaded title={_("The members cannot be shown")} read={read}>
      {(known) => <List rpc={rpc} known={known} />}
    </Loaded>
  );
}

function List({ rpc, known: { dao, ledger, first } }: { rpc: Rpc; known: Known }) {
  const last = Number(ledger.lastId);
  const [people, show] = useState(first);
  const [until, reach] = useState(Math.min(PAGE, last));
  const [number, seek] = useState("");
  const [found, meet] = useState<Person | null | undefined>(undefined);
  const [busy, work] = useState(false);
  const [trouble, fail] = useState<Trouble | null>(null);
  const attempt = async (doing: () => Promise<void>) => {
    fail(null);
    work(true);
    await doing().catch((error) => fail(troubleOf(error)));
    work(false);
  };
  const more = () =>
    attempt(async () => {
      const next = Math.min(until + PAGE, last);
      const found = await readPeople(rpc, dao, ledger, range(until + 1, next));
      show([...people, ...found]);
      reach(next);
    });
  const search = (event: Event) => {
    event.preventDefault();
    void attempt(async () => {
      const id = BigInt(/^#?(\d{1,8})$/.exec(number.trim())?.[1] ?? 0);
      meet(id ? ((await readPeople(rpc, dao, ledger, [id]))[0] ?? null) : null);
    });
  };
  return (
    <>
      <section class="card">
        <h1>{_("Members")}</h1>
        <p>
          {ngettext("{count} member is awake.", "{count} members are awake.", Number(ledger.awake), { count: ledger.awake })}{" "}
          {_("Together they speak with {voice}.", { voice: voice(ledger.voice) })}
        </p>
        <form onSubmit={search} role="search">
          <label>
            {_("Number of a member")}
            <input type="text" inputMode="numeric" value={number} placeholder="#7" onInput={(event) => seek(event.currentTarget.value)} />
          </label>
          <button type="submit" disabled={busy || !number.trim()}>
            {_("Look for them")}
          </button>
        </form>
        {found === null && <p role="status">{_("Nobody has this number.")}</p>}
        {trouble && <Failure trouble={trouble} />}
      </section>
      {found && <Card rpc={rpc} dao={dao} ledger={ledger} person={found} key={`found ${found.id}`} open />}
      <ul class="people">
        {people.map((person) => (
          <li key={String(person.id)}>
            <Card rpc={rpc} dao={dao} ledger={ledger} person={person} />
          </li>
        ))}
      </ul>
      <p class="note" role="status">
        {busy ? _("Reading the chain …") : _("Numbers 1 to {until} of {last} are shown.", { until, last })}
      </p>
      {until < last && (
        <button type="button" disabled={busy} onClick={more}>
          {_("More")}
        </button>
      )}
    </>
  );
}

/** A member in a few words; who lends to them is asked for when it is wanted. */
function Card({ rpc, dao, ledger, person, open = false }: { rpc: Rpc; dao: Dao; ledger: Ledger; person: Person; open?: boolean }) {
  const [share, tell] = useState<number | null>(null);
  const [lenders, name] = useState<bigint[] | null>(null);
  const [trouble, fail] = useState<Trouble | null>(null);
  const others = person.speaksFor - (person.standing === ACTIVE && !person.delegate ? 1 : 0);
  const ask = () => {
    fail(null);
    tell(0);
    readLenders(rpc, dao, ledger, person.id, tell).then(name, (error) => (tell(null), fail(troubleOf(error))));
  };
  return (
    <section class={open ? "card person" : "person"}>
      <h2>
        #{String(person.id)} <span class={`standing t${person.standing}`}>{_(STANDINGS[person.standing]!)}</span>
      </h2>
      <p>
        {person.delegate > 0n
          ? _("Lends their voice to {to}.", { to: `#${person.delegate}` })
          : person.voice > 0n
            ? _("Speaks with {voice}.", { voice: voice(person.voice) })
            : _("Has no voice now.")}
        {person.delegate > 0n && person.voice > 0n && ` ${_("Speaks with {voice}.", { voice: voice(person.voice) })}`}
      </p>
      {others > 0 && (
        <>
          <p>{ngettext("{count} other member lends them a voice.", "{count} other members lend them a voice.", others, { count: others })}</p>
          {lenders ? (
            <p class="long">{lenders.map((each) => `#${each}`).join(", ")}</p>
          ) : share === null ? (
            <button type="button" class="quiet" aria-label={_("Who lends to {who}?", { who: `#${person.id}` })} onClick={ask}>
              {_("Who is it?")}
            </button>
          ) : (
            <progress max={1} value={share} aria-label={_("Reading the chain …")} />
          )}
        </>
      )}
      {open && <p class="note long">{person.wallet}</p>}
      {trouble && <Failure trouble={trouble} />}
    </section>
  );
}
