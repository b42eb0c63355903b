/** One act: shown in words, signed, and on its way. */
import { useState } from "preact/hooks";
import type { Address } from "viem";
import { told } from "./acts";
import { toLine } from "./line";
import type { Message } from "./messages";
import { Failure } from "./parts";
import { OnItsWay } from "./sent";
import type { Signer } from "./signer";
import { _, troubleOf, type Trouble } from "./words";

export interface Act {
  label: string;
  make: () => Promise<Message>;
  counted: (message: Message) => Promise<boolean>; // whether the chain has it
  loses?: string[]; // what is lost: asks a second time
  danger?: boolean;
  gathered?: boolean; // no act by itself: goes with the words of others
}

interface Given {
  act: Act;
  signer: Signer;
  who: (address: Address) => string;
  done: () => void;
}

export function Signing({ act, signer, who, done }: Given) {
  const [message, compose] = useState<Message | null>(null);
  const [sure, confirm] = useState(false);
  const [line, tell] = useState("");
  const [busy, work] = useState(false);
  const [trouble, fail] = useState<Trouble | null>(null);
  const attempt = async (doing: () => Promise<void>) => {
    fail(null);
    work(true);
    await doing().catch((error) => fail(troubleOf(error)));
    work(false);
  };
  if (line && message) {
    return (
      <div class="signing">
        <OnItsWay line={line} gathered={act.gathered} counted={() => act.counted(message)} done={done} />
      </div>
    );
  }
  return (
    <div class="act">
      {!message ? (
        <button type="button" class={act.danger ? "danger" : ""} disabled={busy} onClick={() => attempt(async () => compose(await act.make()))}>
          {act.label}
        </button>
      ) : (
        <div class="signing">
          <h3>{signer.member ? _("What you sign, as member #{member}", { member: signer.member }) : _("What you sign")}</h3>
          <ul>
            {told(message, who).map((each) => (
              <li dir="auto">{each}</li>
            ))}
          </ul>
          {act.loses && (
            <>
              <h3>{_("What you lose")}</h3>
              <ul>
                {act.loses.map((each) => (
                  <li>{each}</li>
                ))}
              </ul>
              <label class="tick">
                <input type="checkbox" checked={sure} onChange={(event) => confirm(event.currentTarget.checked)} />
                {_("I have read it, and want it")}
              </label>
            </>
          )}
          <button
            type="button"
            class="main"
            disabled={busy || (!!act.loses && !sure)}
            onClick={() => attempt(async () => tell(toLine(message, signer.member, await signer.wallet.sign(message))))}
          >
            {busy ? _("Signing …") : _("Sign")}
          </button>
          <button type="button" class="quiet" onClick={() => (compose(null), confirm(false))}>
            {_("Not now")}
          </button>
        </div>
      )}
      {trouble && <Failure trouble={trouble} />}
    </div>
  );
}
