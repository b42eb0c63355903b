/** On every screen of a person whose seat somebody asks for: what it is, and one word that ends it. */
import { useEffect, useState } from "preact/hooks";
import { deadlineOf } from "./acts";
import { readDao, type Dao } from "./dao";
import type { Settings } from "./settings";
import type { Rpc } from "./rpc";
import { knownWallet, readSigner, type Signer } from "./signer";
import { Signing } from "./signing";
import { INHERITANCE, readSeat, RECOVERY, type Seat } from "./succession";
import { _, moment } from "./words";

export function Alarm({ rpc, settings }: { rpc: Rpc; settings: Settings }) {
  const [found, ring] = useState<{ dao: Dao; signer: Signer; seat: Seat } | null>(null);
  const [turn, again] = useState(0);
  useEffect(() => {
    const known = knownWallet();
    if (!known || !settings.succession) return;
    let gone = false;
    const look = async () => {
      const dao = await readDao(rpc, settings);
      const signer = await readSigner(rpc, dao, known);
      if (!dao.succession || !signer.member) return null;
      const seat = await readSeat(rpc, dao.succession, signer.member);
      return seat.asked.kind ? { dao, signer, seat } : null;
    };
    // A node that is away is told by the screen itself.
    look().then((there) => gone || ring(there), () => undefined);
    return () => {
      gone = true;
    };
  }, [turn]);
  if (!found) return null;
  const { dao, signer, seat } = found;
  const contract = dao.succession!;
  const { kind, wallet, readyAt } = seat.asked;
  return (
    <section class="card alarm" role="alert">
      <h2>{_("Somebody asks for your seat {who}", { who: `#${seat.id}` })}</h2>
      <p>
        {kind === RECOVERY
          ? _("Your guardians say that you lost your wallet.")
          : kind === INHERITANCE
            ? _("Your heir says that you are gone.")
            : _("A vote wants to give it to another wallet.")}{" "}
        {_("From {ready} on it is the wallet {wallet}'s, unless you stop it.", { ready: moment(readyAt), wallet })}
      </p>
      <Signing
        act={{
          label: _("It was not me: stop it"),
          danger: true,
          make: async () => {
            const now = await readSeat(rpc, contract, seat.id);
            return { kind: "Veto", chainId: dao.chainId, contract, values: { id: seat.id, nonce: now.nonce, deadline: await deadlineOf(rpc) } };
          },
          counted: async () => (await readSeat(rpc, contract, seat.id)).asked.kind === 0,
        }}
        signer={signer}
        who={(address) => address}
        done={() => again(turn + 1)}
      />
    </section>
  );
}
