/** Me: the wallet that signs on this page. */
import { useState } from "preact/hooks";
import type { Settings } from "./settings";
import { create, possible, remembered, use, type Passkey } from "./passkey";
import { Failure, Copied } from "./parts";
import { _, troubleOf, type Trouble } from "./words";

export function Me({ settings, changed }: { settings: Settings; changed: () => void }) {
  const [passkey, keep] = useState<Passkey | null>(remembered());
  const [sure, ask] = useState(false);
  const [trouble, fail] = useState<Trouble | null>(null);
  const run = async (make: () => Promise<Passkey>) => {
    fail(null);
    try {
      keep(await make());
      ask(false);
      changed();
    } catch (error) {
      fail(troubleOf(error));
    }
  };
  return (
    <>
      <section class="card">
        <h1>{_("My wallet")}</h1>
        {passkey ? (
          <>
            <p>{_("Your passkey is your wallet. Its address may be known to everybody:")}</p>
            <Copied text={passkey.address} label={_("Copy the address")} />
            <a href="#key">{_("Keep a sealed copy of the key")}</a>
          </>
        ) : (
          <p>{_("Who signs here needs no coins and no app: a passkey of this phone is the wallet.")}</p>
        )}
        {!possible() && (
          <p class="note">{_("A page opened from a file has no passkeys: the browser refuses them there. A wallet of the browser or a sealed key signs here as well.")}</p>
        )}
        {possible() && (!passkey || sure) && (
          <button type="button" class="main" onClick={() => run(() => create(settings.dao ?? "Mikoshi"))}>
            {_("Make a passkey")}
          </button>
        )}
        {possible() && !passkey && (
          <button type="button" onClick={() => run(() => use(null))}>
            {_("Use a passkey that I have")}
          </button>
        )}
        {possible() && passkey && !sure && (
          <button type="button" class="quiet" onClick={() => ask(true)}>
            {_("Make another one")}
          </button>
        )}
        {sure && <p class="note">{_("Another passkey is another wallet: it is no member, and this page will ask for it from then on.")}</p>}
        {trouble && <Failure trouble={trouble} />}
      </section>
    </>
  );
}
