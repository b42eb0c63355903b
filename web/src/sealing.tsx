/** Sealing a key with a passphrase, and opening one: where there is no passkey, and for the day on which there is none. */
import { useState } from "preact/hooks";
import type { ComponentChildren } from "preact";
import { hexToBytes } from "viem";
import { generatePrivateKey } from "viem/accounts";
import { Failure } from "./parts";
import { keyOf, remembered } from "./passkey";
import { addressIn, canKeep, fault, keep, kept, seal, unseal } from "./sealed";
import { keyWallet, type Wallet } from "./wallets";
import { _, troubleOf, type Trouble } from "./words";

/** The passkey's key as a file, for when phone or domain are gone. */
export function SealedCopy() {
  const passkey = remembered();
  const [file, show] = useState("");
  return (
    <section class="card">
      <h1>{_("A sealed copy of my key")}</h1>
      <p>{_("A passkey is gone with its phone, and with the address of this page. The copy is a file that only your passphrase opens: on any page of a DAO like this, and by other tools.")}</p>
      {!passkey ? (
        <p>{_("There is no passkey of this page on this phone.")}</p>
      ) : file ? (
        <SealedFile file={file} />
      ) : (
        <Sealer label={_("Seal a copy")} make={() => keyOf(passkey)} done={show} />
      )}
    </section>
  );
}

/** A new passphrase, typed twice, and what it seals. */
function Sealer({ label, make, done }: { label: string; make: () => Promise<Uint8Array>; done: (file: string) => void }) {
  const [first, type] = useState("");
  const [second, again] = useState("");
  const wrong = first && (fault(first) || (second && first !== second ? _("the two are not the same") : ""));
  const { run, state } = useWork();
  const go = () =>
    run(async (tell) => {
      const key = await make();
      try {
        done(await seal(key, first, tell));
      } finally {
        key.fill(0);
      }
    });
  return (
    <>
      <Passphrase label={_("A new passphrase")} value={first} type={type} />
      <Passphrase label={_("The passphrase once more")} value={second} type={again} />
      <p class="note">{_("Nobody can bring it back: write it down, apart from the file.")}</p>
      {wrong && <p role="status">{wrong}</p>}
      <Working state={state}>
        <button type="button" class="main" disabled={!first || first !== second || !!wrong} onClick={go}>
          {label}
        </button>
      </Working>
    </>
  );
}

/** A key file to be saved. */
function SealedFile({ file }: { file: string }) {
  const address = addressIn(file);
  const [url] = useState(() => URL.createObjectURL(new Blob([file], { type: "application/json" })));
  return (
    <div role="status">
      <h2>{_("Sealed")}</h2>
      <p class="long">{_("The key of the wallet {address}", { address })}</p>
      <a href={url} download={`mikoshi-${address}.json`}>
        {_("Save the file")}
      </a>
      <p class="note">{_("Keep it in two places, away from this phone.")}</p>
    </div>
  );
}

/** Chooses a sealed key and opens it, or makes one. */
export function SealedKey({ choose }: { choose: (wallet: Wallet) => Promise<void> }) {
  const [file, take] = useState(kept() ?? "");
  const [made, show] = useState("");
  const [passphrase, type] = useState("");
  const { run, state } = useWork();
  const open = () =>
    run(async (tell) => {
      const wallet = keyWallet(await unseal(file, passphrase, tell));
      keep(file);
      await choose(wallet);
    });
  const read = async (event: Event & { currentTarget: HTMLInputElement }) => take((await event.currentTarget.files?.[0]?.text()) ?? "");
  return (
    <details class="sealed">
      <summary>{_("A key sealed with a passphrase")}</summary>
      {!canKeep() && <p class="note">{_("This page keeps no key: other files on this disk could read it. Choose your key file each time.")}</p>}
      <label>
        {_("My key file")}
        <input type="file" accept=".json,application/json" onChange={read} />
      </label>
      {file && (
        <>
          <Named file={file} />
          <Passphrase label={_("Its passphrase")} value={passphrase} type={type} />
          <Working state={state}>
            <button type="button" class="main" disabled={!passphrase} onClick={open}>
              {_("Open it")}
            </button>
          </Working>
        </>
      )}
      <details>
        <summary>{_("I have none yet")}</summary>
        {made ? (
          <SealedFile file={made} />
        ) : (
          <Sealer label={_("Make a sealed key")} make={async () => hexToBytes(generatePrivateKey())} done={(sealed) => (show(sealed), take(sealed))} />
        )}
      </details>
    </details>
  );
}

function Named({ file }: { file: string }) {
  try {
    return <p class="note long">{_("The key of the wallet {address}", { address: addressIn(file) })}</p>;
  } catch (error) {
    return <Failure trouble={troubleOf(error)} />;
  }
}

const Passphrase = ({ label, value, type }: { label: string; value: string; type: (text: string) => void }) => (
  <label>
    {label}
    <input type="password" autocomplete="off" autocapitalize="off" spellcheck={false} value={value} onInput={(event) => type(event.currentTarget.value)} />
  </label>
);

interface State {
  share: number | null; // of the work that is done; null while there is none
  trouble: Trouble | null;
}

function useWork() {
  const [state, set] = useState<State>({ share: null, trouble: null });
  const run = async (doing: (tell: (share: number) => void) => Promise<void>) => {
    set({ share: 0, trouble: null });
    try {
      await doing((share) => set({ share, trouble: null }));
      set({ share: null, trouble: null });
    } catch (error) {
      set({ share: null, trouble: troubleOf(error) });
    }
  };
  return { run, state };
}

const Working = ({ state, children }: { state: State; children: ComponentChildren }) => (
  <>
    {state.share === null ? children : <progress max={1} value={state.share} aria-label={_("Computing, a few seconds …")} />}
    {state.trouble && <Failure trouble={state.trouble} />}
  </>
);
