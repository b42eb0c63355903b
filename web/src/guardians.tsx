/** Guardians: who may give my seat back to me, and who comes after me. */
import { useState } from "preact/hooks";
import { getAddress, isAddress, type Address } from "viem";
import { deadlineOf, NOBODY, planned } from "./acts";
import { readDao, type Dao } from "./dao";
import { Loaded } from "./loaded";
import type { Settings } from "./settings";
import { ABSENT, ACTIVE, readLedger, readPeople } from "./members";
import type { Message } from "./messages";
import { Failure } from "./parts";
import type { Rpc } from "./rpc";
import { useSigner, Who, type Signer } from "./signer";
import { Signing, type Act } from "./signing";
import { DAY, NO_PLAN, readPlan, readSeat, type Plan, type Seat } from "./succession";
import { _, Trouble, troubleOf } from "./words";

const MOST = 7;
const YEAR = 365;

export function Guardians({ rpc, settings }: { rpc: Rpc; settings: Settings }) {
  return (
    <Loaded title={_("The plan cannot be shown")} read={() => readDao(rpc, settings)}>
      {(dao) => <Whose rpc={rpc} dao={dao} />}
    </Loaded>
  );
}

function Whose({ rpc, dao }: { rpc: Rpc; dao: Dao }) {
  const [signer, choose] = useSigner(rpc, dao);
  const { succession } = dao;
  if (!succession) return <Note text={_("This DAO has not given anybody the right to give a seat back; a proposal can.")} />;
  if (!signer) {
    return (
      <section class="card">
        <h1>{_("My guardians")}</h1>
        <Who name={dao.name} choose={choose} />
      </section>
    );
  }
  if (!signer.member) return <Note text={_("This wallet is no member")} />;
  const read = async (): Promise<[Seat, Plan | null]> => {
    const seat = await readSeat(rpc, succession, signer.member);
    return [seat, await readPlan(rpc, succession, seat, () => undefined)];
  };
  return (
    <Loaded title={_("The plan cannot be shown")} read={read}>
      {([seat, plan], again) => <Planning rpc={rpc} dao={dao} contract={succession} signer={signer} seat={seat} plan={plan} again={again} />}
    </Loaded>
  );
}

const Note = ({ text }: { text: string }) => (
  <section class="card">
    <h1>{_("My guardians")}</h1>
    <p>{text}</p>
  </section>
);

interface Given {
  rpc: Rpc;
  dao: Dao;
  contract: Address;
  signer: Signer;
  seat: Seat;
  plan: Plan | null;
  again: () => void;
}

function Planning({ rpc, dao, contract, signer, seat, plan, again }: Given) {
  const [named, name] = useState(plan ? [...plan.members.map((each) => `#${each}`), ...plan.others].join("\n") : "");
  const [needed, need] = useState(String(plan?.needed ?? 2));
  const [delay, wait] = useState(String((plan?.delay ?? 7 * DAY) / DAY));
  const [heir, after] = useState(plan && plan.heir !== NOBODY ? plan.heir : "");
  const [silence, still] = useState(String((plan?.silence || YEAR * DAY) / DAY));
  const [ready, check] = useState<Plan | null>(null);
  const [trouble, fail] = useState<Trouble | null>(null);
  const changed = (change: (text: string) => void) => (event: { currentTarget: { value: string } }) => (change(event.currentTarget.value), check(null));
  const look = async () => {
    fail(null);
    check(await planOf(rpc, dao, signer.member, { named, needed, delay, heir, silence }));
  };
  const act = (label: string, more: (message: Omit<Message, "values" | "kind">, common: { id: bigint; nonce: bigint; deadline: bigint }) => Message, rest: Partial<Act> = {}): Act => ({
    label,
    make: async () => {
      const now = await readSeat(rpc, contract, seat.id);
      return more({ chainId: dao.chainId, contract }, { id: seat.id, nonce: now.nonce, deadline: await deadlineOf(rpc) });
    },
    counted: async (message) => (await readSeat(rpc, contract, seat.id)).nonce > (message.values.nonce as bigint),
    ...rest,
  });
  const who = (address: Address): string => address;
  return (
    <>
      <section class="card">
        <h1>{_("My guardians")}</h1>
        {seat.planHash === NO_PLAN ? (
          <p>{_("You have named nobody yet. Who loses the wallet without guardians needs a vote of all, and 45 days.")}</p>
        ) : plan ? (
          <ul>
            {planned({ ...plan }, who).map((each) => (
              <li class="long">{each}</li>
            ))}
          </ul>
        ) : (
          <p>{_("You have a plan, but this node does not tell its words.")}</p>
        )}
        {seat.planHash !== NO_PLAN && (
          <Signing
            act={act(_("End my plan"), (head, common) => ({ ...head, kind: "Veto", values: { ...common } }), {
              danger: true,
              loses: [_("Nobody can give your seat back to you until you make another plan, but a vote of all.")],
            })}
            signer={signer}
            who={who}
            done={again}
          />
        )}
      </section>
      <section class="card">
        <h2>{seat.planHash === NO_PLAN ? _("Name them") : _("Another plan")}</h2>
        <p>{_("Choose people who know you and would call you: with enough of them together, one could take your seat while you are not looking.")}</p>
        <label>
          {_("Guardians, one a line: a member's number, or an address")}
          <textarea rows={4} value={named} placeholder={"#2\n#5"} onInput={changed(name)} />
        </label>
        <label>
          {_("How many of them are needed")}
          <input type="number" min={1} max={MOST} value={needed} onInput={changed(need)} />
        </label>
        <label>
          {_("Days to wait, in which you can stop it (3 to 60)")}
          <input type="number" min={3} max={60} value={delay} onInput={changed(wait)} />
        </label>
        <details open={!!heir}>
          <summary>{_("Somebody who comes after me")}</summary>
          <label>
            {_("Address of the heir's wallet")}
            <input type="text" value={heir} placeholder="0x…" onInput={changed(after)} />
          </label>
          <label>
            {_("Days without an act of mine (180 to 1825)")}
            <input type="number" min={180} max={1825} value={silence} onInput={changed(still)} />
          </label>
        </details>
        {!ready && (
          <button type="button" onClick={() => look().catch((error) => fail(troubleOf(error)))}>
            {_("Look at the plan")}
          </button>
        )}
        {trouble && <Failure trouble={trouble} />}
        {ready && (
          <Signing
            act={act(_("Make this my plan"), (head, common) => {
              const { id, nonce, deadline } = common;
              const numbers = { needed: BigInt(ready.needed), delay: BigInt(ready.delay), silence: BigInt(ready.silence) };
              return { ...head, kind: "SetPlan", values: { id, ...ready, ...numbers, nonce, deadline } };
            })}
            signer={signer}
            who={who}
            done={again}
          />
        )}
      </section>
    </>
  );
}

type Typed = Record<"named" | "needed" | "delay" | "heir" | "silence", string>;

/** What was typed as a plan that the contract takes. */
async function planOf(rpc: Rpc, dao: Dao, self: bigint, typed: Typed): Promise<Plan> {
  const wrong = (why: string): Trouble => new Trouble(_("This is no plan yet"), why, _("Change it; nothing was signed"));
  const members = new Set<bigint>();
  const others = new Set<Address>();
  for (const word of typed.named.split(/[\s,、]+/).filter(Boolean)) {
    const [, number] = /^#?(\d{1,8})$/.exec(word) ?? [];
    if (number) members.add(BigInt(number));
    else if (isAddress(word, { strict: false })) others.add(getAddress(word.toLowerCase()));
    else throw wrong(_("{word} is neither a number nor an address", { word }));
  }
  const [needed, delay, silence] = [Number(typed.needed), Number(typed.delay), Number(typed.silence)];
  const count = members.size + others.size;
  const hasHeir = typed.heir.trim() !== "";
  if (hasHeir && !isAddress(typed.heir.trim(), { strict: false })) throw wrong(_("the heir needs an address"));
  if (count > MOST) throw wrong(_("there can be {most} guardians at most", { most: MOST }));
  if (!count && !hasHeir) throw wrong(_("it names nobody"));
  if (members.has(self)) throw wrong(_("nobody can be their own guardian"));
  if (count && !(Number.isInteger(needed) && needed >= 1 && needed <= count)) throw wrong(_("of {count} guardians 1 to {count} can be needed", { count }));
  if (!(Number.isInteger(delay) && delay >= 3 && delay <= 60)) throw wrong(_("the wait is 3 to 60 days"));
  if (hasHeir && !(Number.isInteger(silence) && silence >= 180 && silence <= 1825)) throw wrong(_("the silence is 180 to 1825 days"));
  const ids = [...members].sort((one, other) => (one < other ? -1 : 1));
  const people = await readPeople(rpc, dao, await readLedger(rpc, dao), ids);
  for (const id of ids) {
    const person = people.find((each) => each.id === id);
    if (!person || person.standing < ACTIVE || person.standing > ABSENT) throw wrong(_("{who} is no member now", { who: `#${id}` }));
    if (others.has(person.wallet)) throw wrong(_("{who} stands there twice", { who: `#${id}` }));
  }
  return {
    members: ids,
    others: [...others].sort((one, other) => (BigInt(one) < BigInt(other) ? -1 : 1)),
    needed: count ? needed : 0,
    delay: delay * DAY,
    heir: hasHeir ? getAddress(typed.heir.trim().toLowerCase()) : NOBODY,
    silence: hasHeir ? silence * DAY : 0,
  };
}
