/** A wallet without a wallet: a passkey's secret (PRF) becomes a key that exists only while it signs. */
import { privateKeyToAddress, sign } from "viem/accounts";
import { bytesToBigInt, bytesToHex, numberToHex, type Address, type Hex } from "viem";
import { _, Trouble } from "./words";

const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const SALT = new TextEncoder().encode("mikoshi passkey wallet 1");
const REMEMBERED = "mikoshi.passkey";

export interface Passkey {
  credential: string; // its id, base64url
  address: Address;
}

/** Browsers give passkeys to https and to http://localhost alone. */
export const possible = (): boolean => window.isSecureContext && location.protocol !== "file:" && "PublicKeyCredential" in window;

/** The passkey of this browser, if one was made or used here. */
export function remembered(): Passkey | null {
  try {
    const kept = JSON.parse(localStorage.getItem(REMEMBERED) ?? "null") as Partial<Passkey> | null;
    return kept?.credential && kept.address ? { credential: kept.credential, address: kept.address } : null;
  } catch {
    return null;
  }
}

/** Makes a passkey, and asks it for its secret once: where it has none, this says so. */
export async function create(dao: string): Promise<Passkey> {
  const day = new Date().toISOString().slice(0, 10);
  const name = `${dao} ${day}`;
  const made = await asked(() =>
    navigator.credentials.create({
      publicKey: {
        rp: { name: dao },
        // Another user each time: the same one would overwrite the passkey, and its wallet with it.
        user: { id: crypto.getRandomValues(new Uint8Array(32)), name, displayName: name },
        challenge: crypto.getRandomValues(new Uint8Array(32)),
        pubKeyCredParams: [-7, -257].map((alg) => ({ type: "public-key", alg })),
        authenticatorSelection: { residentKey: "required", requireResidentKey: true, userVerification: "required" },
        extensions: { prf: { eval: { first: SALT } } },
      },
    }),
  );
  if (made.getClientExtensionResults().prf?.enabled === false) throw withoutSecret();
  const secret = secretOf(made);
  if (secret) return remember(made, withKey(await derived(secret), privateKeyToAddress));
  return use({ credential: base64url(new Uint8Array(made.rawId)) });
}

/** Asks for a passkey of this page: the one `known`, or whichever the person chooses. */
export async function use(known: { credential: string } | null): Promise<Passkey> {
  const { made, key } = await opened(known);
  return remember(made, withKey(key, privateKeyToAddress));
}

/** Signs 32 bytes; the key is made for it, and nothing keeps it. */
export async function signWith(passkey: Passkey, hash: Hex): Promise<Hex> {
  const key = await keyOf(passkey);
  return sign({ hash, privateKey: withKey(key, (raw) => raw), to: "hex" });
}

/** The key of the passkey's wallet, to be wiped by whoever asked. */
export async function keyOf(passkey: Passkey): Promise<Uint8Array> {
  const { key } = await opened(passkey);
  const address = privateKeyToAddress(bytesToHex(key));
  if (address === passkey.address) return key;
  key.fill(0);
  throw new Trouble(
    _("This is another passkey"),
    _("its wallet is {found}, and yours is {mine}", { found: address, mine: passkey.address }),
    _("Choose the passkey that you used before; nothing was signed"),
  );
}

async function opened(known: { credential: string } | null): Promise<{ made: PublicKeyCredential; key: Uint8Array }> {
  const made = await asked(() =>
    navigator.credentials.get({
      publicKey: {
        challenge: crypto.getRandomValues(new Uint8Array(32)),
        allowCredentials: known ? [{ type: "public-key", id: fromBase64url(known.credential) }] : [],
        userVerification: "required",
        extensions: { prf: { eval: { first: SALT } } },
      },
    }),
  );
  const secret = secretOf(made);
  if (!secret) throw withoutSecret();
  return { made, key: await derived(secret) };
}

async function asked(ask: () => Promise<Credential | null>): Promise<PublicKeyCredential> {
  try {
    const made = await ask();
    if (made) return made as PublicKeyCredential;
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
  }
  throw new Trouble(
    _("The passkey was not used"),
    _("it was cancelled, took too long, or is not on this device"),
    _("Try again; nothing was signed"),
  );
}

const withoutSecret = (): Trouble =>
  new Trouble(
    _("This passkey cannot be a wallet"),
    _("it keeps no secret for this page (PRF)"),
    _("Delete it in the settings of the device, and use another device, a wallet of the browser or a sealed key"),
  );

function secretOf(made: PublicKeyCredential): Uint8Array | null {
  const first = made.getClientExtensionResults().prf?.results?.first;
  if (!first) return null;
  return first instanceof ArrayBuffer ? new Uint8Array(first) : new Uint8Array(first.buffer, first.byteOffset, first.byteLength);
}

/** HKDF-SHA-256 to 48 bytes, brought below the curve's order without a bias. */
async function derived(secret: Uint8Array): Promise<Uint8Array> {
  const material = await crypto.subtle.importKey("raw", secret as BufferSource, "HKDF", false, ["deriveBits"]);
  const info = new TextEncoder().encode("mikoshi secp256k1 key 1");
  const wide = await crypto.subtle.deriveBits({ name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info }, material, 384);
  secret.fill(0);
  const scalar = (bytesToBigInt(new Uint8Array(wide)) % (ORDER - 1n)) + 1n;
  return Uint8Array.from(numberToHex(scalar, { size: 32 }).slice(2).match(/../g) ?? [], (each) => Number.parseInt(each, 16));
}

function withKey<T>(key: Uint8Array, use: (raw: Hex) => T): T {
  try {
    return use(bytesToHex(key));
  } finally {
    key.fill(0);
  }
}

function remember(made: PublicKeyCredential, address: Address): Passkey {
  const passkey = { credential: base64url(new Uint8Array(made.rawId)), address };
  localStorage.setItem(REMEMBERED, JSON.stringify(passkey));
  return passkey;
}

const base64url = (raw: Uint8Array): string =>
  btoa(String.fromCharCode(...raw)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

const fromBase64url = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (each) => each.charCodeAt(0));
