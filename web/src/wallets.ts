/** Who signs: a passkey of this page, a sealed key, or a wallet of the browser that announces itself (EIP-6963). */
import { getAddress, hashMessage, stringToHex, type Address, type Hex } from "viem";
import { privateKeyToAddress, sign } from "viem/accounts";
import { checked } from "./ballot";
import { digest, typedData, type Message } from "./messages";
import { signWith, type Passkey } from "./passkey";
import { _, Trouble } from "./words";

interface Provider {
  request(call: { method: string; params?: unknown[] }): Promise<unknown>;
}

export interface BrowserWallet {
  id: string;
  name: string;
  provider: Provider;
}

export interface Wallet {
  address: Address;
  sign(message: Message): Promise<Hex>;
  say(text: string): Promise<Hex>; // signs a text (EIP-191)
}

/** Tells each wallet that the browser has; what is returned ends that. */
export function announced(tell: (wallet: BrowserWallet) => void): () => void {
  const heard = (event: Event) => {
    const { info, provider } = (event as CustomEvent<{ info: { uuid: string; name: string }; provider: Provider }>).detail;
    tell({ id: info.uuid, name: info.name, provider });
  };
  window.addEventListener("eip6963:announceProvider", heard);
  window.dispatchEvent(new Event("eip6963:requestProvider"));
  return () => window.removeEventListener("eip6963:announceProvider", heard);
}

export const passkeyWallet = (passkey: Passkey): Wallet => ({
  address: passkey.address,
  sign: async (message) => checked(message, await signWith(passkey, digest(message)), passkey.address),
  say: (text) => signWith(passkey, hashMessage(text)),
});

/** Of a key that was opened; it is forgotten with the page. */
export function keyWallet(privateKey: Hex): Wallet {
  const address = privateKeyToAddress(privateKey);
  const under = (hash: Hex): Promise<Hex> => sign({ hash, privateKey, to: "hex" });
  return { address, sign: async (message) => checked(message, await under(digest(message)), address), say: (text) => under(hashMessage(text)) };
}

export async function browserWallet({ name, provider }: BrowserWallet): Promise<Wallet> {
  const ask = async (method: string, ...params: unknown[]): Promise<unknown> => {
    try {
      return await provider.request({ method, params });
    } catch (error) {
      throw new Trouble(
        _("{wallet} did not agree", { wallet: name }),
        error instanceof Error ? error.message : String((error as { message?: string })?.message ?? error),
        _("Try again; nothing was signed"),
      );
    }
  };
  const [account] = (await ask("eth_requestAccounts")) as string[];
  const address = getAddress(account ?? "");
  return {
    address,
    sign: async (message) => {
      const chainId = `0x${message.chainId.toString(16)}`;
      if ((await ask("eth_chainId")) !== chainId) await ask("wallet_switchEthereumChain", { chainId });
      const told = JSON.stringify(typedData(message), (_name, value) => (typeof value === "bigint" ? String(value) : value));
      return checked(message, (await ask("eth_signTypedData_v4", address, told)) as Hex, address);
    },
    say: async (text) => (await ask("personal_sign", stringToHex(text), address)) as Hex,
  };
}
