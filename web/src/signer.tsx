/** Who signs: the passkey of this page, a sealed key or a wallet of the browser, and the member it belongs to. */
import { useEffect, useState } from "preact/hooks";
import { MEMBERSHIP } from "./abi";
import type { Dao } from "./dao";
import { create, possible, remembered, use } from "./passkey";
import { Failure } from "./parts";
import type { Rpc } from "./rpc";
import { SealedKey } from "./sealing";
import { announced, browserWallet, passkeyWallet, type BrowserWallet, type Wallet } from "./wallets";
import { _, troubleOf, type Trouble } from "./words";

export interface Signer {
  wallet: Wallet;
  member: bigint; // 0: nobody's
}

export const readSigner = async (rpc: Rpc, dao: Dao, wallet: Wallet): Promise<Signer> => ({
  wallet,
  member: await rpc.view<bigint>(dao.membership, MEMBERSHIP, "memberIdOf", [wallet.address]),
});

/** What was chosen on this page, until it is closed. */
let chosen: Wallet | null = null;

/** Another passkey is there. */
export const forget = (): void => void (chosen = null);

/** Who signs without being asked: what was chosen before, or the passkey that this browser remembers. */
export function knownWallet(): Wallet | null {
  const passkey = possible() ? remembered() : null;
  return chosen ?? (passkey && passkeyWallet(passkey));
}

export function useSigner(rpc: Rpc, dao: Dao | null): [Signer | null, (wallet: Wallet) => Promise<void>] {
  const [signer, meet] = useState<Signer | null>(null);
  const choose = async (wallet: Wallet) => {
    if (dao) meet(await readSigner(rpc, dao, wallet));
  };
  useEffect(() => {
    const known = knownWallet();
    if (dao && known) choose(known).catch(() => meet(null));
  }, [dao]);
  return [signer, choose];
}

interface WhoGiven {
  name: string; // the DAO's
  choose: (wallet: Wallet) => Promise<void>;
  fresh?: boolean; // most have no passkey yet
  make?: boolean; // whether one can be made here
}

/** Lets somebody say who signs. */
export function Who({ name, choose, fresh = false, make = true }: WhoGiven) {
  const [wallets, offer] = useState<BrowserWallet[]>([]);
  const [busy, work] = useState(false);
  const [trouble, fail] = useState<Trouble | null>(null);
  useEffect(() => announced((found) => offer((others) => [...others.filter((each) => each.id !== found.id), found])), []);
  const open = async (wallet: () => Wallet | Promise<Wallet>) => {
    fail(null);
    work(true);
    await Promise.resolve()
      .then(wallet)
      .then((made) => choose((chosen = made)))
      .catch((error) => fail(troubleOf(error)));
    work(false);
  };
  const passkeys = [
    <button type="button" class={fresh ? "main" : "quiet"} disabled={busy} onClick={() => open(async () => passkeyWallet(await create(name)))}>
      {_("Make a passkey")}
    </button>,
    <button type="button" class={fresh ? "quiet" : "main"} disabled={busy} onClick={() => open(async () => passkeyWallet(await use(null)))}>
      {_("My passkey")}
    </button>,
  ];
  return (
    <div class="wallets">
      <p>{_("Who signs?")}</p>
      {possible() && passkeys[fresh ? 0 : 1]}
      {wallets.map((each) => (
        <button type="button" disabled={busy} onClick={() => open(() => browserWallet(each))}>
          {each.name}
        </button>
      ))}
      {possible() && make && passkeys[fresh ? 1 : 0]}
      <SealedKey choose={(wallet) => open(() => wallet)} />
      {!possible() && <p class="note">{_("A page opened from a file has no passkeys: the browser refuses them there. A wallet of the browser or a sealed key signs here as well.")}</p>}
      {trouble && <Failure trouble={trouble} />}
    </div>
  );
}
