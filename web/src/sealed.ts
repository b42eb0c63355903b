/** A key sealed with a passphrase: a key file (keystore v3) that eth-account and Ape open, too. */
import { scryptAsync } from "@noble/hashes/scrypt";
import { bytesToHex, concat, getAddress, hexToBytes, keccak256, type Hex } from "viem";
import { privateKeyToAddress } from "viem/accounts";
import { _, Trouble } from "./words";

const COST = { n: 2 ** 18, r: 8, p: 1 }; // two seconds and 256 MB
const MOST = 2 ** 18 * 8; // of n · r, so that no file takes all the memory
const LEAST = 12; // characters of a passphrase

type Tell = (share: number) => void;

interface Cost {
  n: number;
  r: number;
  p: number;
}

/** Why a passphrase is none; empty if it is one. Other letters than ASCII's can be typed in two forms. */
export function fault(passphrase: string): string {
  if (!/^[\x20-\x7e]*$/.test(passphrase)) return _("only letters, digits and signs of a Latin keyboard, so that every device types the same");
  return passphrase.length < LEAST ? _("{least} characters at least", { least: LEAST }) : "";
}

export async function seal(key: Uint8Array, passphrase: string, tell: Tell): Promise<string> {
  const [salt, iv] = [random(32), random(16)];
  const { secret, check } = await derive(passphrase, salt, COST, tell);
  const sealed = await cipher(secret, iv, key);
  return JSON.stringify({
    version: 3,
    id: crypto.randomUUID(),
    address: privateKeyToAddress(bytesToHex(key)).slice(2).toLowerCase(),
    crypto: {
      cipher: "aes-128-ctr",
      cipherparams: { iv: plain(iv) },
      ciphertext: plain(sealed),
      kdf: "scrypt",
      kdfparams: { ...COST, dklen: 32, salt: plain(salt) },
      mac: plain(check(sealed)),
    },
  });
}

/** The key in a file. Throws where the passphrase is another, or the file is none. */
export async function unseal(file: string, passphrase: string, tell: Tell): Promise<Hex> {
  const { ciphertext, iv, salt, mac, cost } = parsed(file);
  const { secret, check } = await derive(passphrase, salt, cost, tell);
  if (bytesToHex(check(ciphertext)) !== bytesToHex(mac)) {
    throw new Trouble(_("The key cannot be opened"), _("the passphrase is another one"), _("Type it again; capitals count"));
  }
  return bytesToHex(await cipher(secret, iv, ciphertext));
}

/** Whose key a file says it is; what it is shows only when it is opened. */
export const addressIn = (file: string): string => parsed(file).address;

function parsed(file: string) {
  try {
    const found = JSON.parse(file);
    const { cipherparams, ciphertext, kdfparams, mac, ...kinds } = found.crypto ?? found.Crypto;
    const cost: Cost = { n: Number(kdfparams.n), r: Number(kdfparams.r), p: Number(kdfparams.p) };
    const fits = found.version === 3 && kinds.cipher === "aes-128-ctr" && kinds.kdf === "scrypt" && kdfparams.dklen === 32;
    if (!fits || !(cost.n * cost.r <= MOST) || !(cost.p >= 1 && cost.p <= 8)) throw new RangeError("kind");
    const [iv, salt] = [raw(cipherparams.iv), raw(kdfparams.salt)];
    return { cost, iv, salt, ciphertext: raw(ciphertext), mac: raw(mac), address: getAddress(`0x${String(found.address).replace(/^0x/, "")}`) };
  } catch {
    throw new Trouble(
      _("This is no sealed key"),
      _("the file is no key file with scrypt (keystore v3)"),
      _("Choose the file that this page, eth-account or Ape wrote"),
    );
  }
}

async function derive(passphrase: string, salt: Uint8Array, { n, r, p }: Cost, tell: Tell) {
  const wide = await scryptAsync(new TextEncoder().encode(passphrase), salt, { N: n, r, p, dkLen: 32, onProgress: tell });
  const check = (sealed: Uint8Array): Uint8Array => hexToBytes(keccak256(concat([wide.slice(16), sealed])));
  return { secret: wide.slice(0, 16), check };
}

async function cipher(secret: Uint8Array, iv: Uint8Array, content: Uint8Array): Promise<Uint8Array> {
  const key = await crypto.subtle.importKey("raw", secret as BufferSource, "AES-CTR", false, ["encrypt"]);
  return new Uint8Array(await crypto.subtle.encrypt({ name: "AES-CTR", counter: iv as BufferSource, length: 128 }, key, content as BufferSource));
}

const random = (count: number): Uint8Array => crypto.getRandomValues(new Uint8Array(count));
const plain = (content: Uint8Array): string => bytesToHex(content).slice(2);

function raw(hex: unknown): Uint8Array {
  if (typeof hex !== "string" || !/^(?:[0-9a-f]{2}){16,128}$/i.test(hex)) throw new RangeError("hex");
  return hexToBytes(`0x${hex}`);
}

const KEPT = "mikoshi.sealed";

/** Other files on the disk could read what a page from a file keeps. */
export const canKeep = (): boolean => location.protocol !== "file:";

/** The sealed key of this browser. */
export function kept(): string | null {
  const file = canKeep() ? localStorage.getItem(KEPT) : null;
  try {
    return file && addressIn(file) ? file : null;
  } catch {
    return null;
  }
}

export const keep = (file: string): void => {
  if (canKeep()) localStorage.setItem(KEPT, file);
};
