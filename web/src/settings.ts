/** What the page was told of the DAO whose page it is; a page from a file knows nothing. */
import type { Address } from "viem";

export interface Settings {
  rpc?: string;
  treasury?: Address;
  dao?: string;
  invitations?: Address;
  succession?: Address;
  charter?: string; // its text, to be believed where its hash is the chain's
  server?: string; // where /api/… is: "" for the page's own; absent where nobody relays
}

export const settings = JSON.parse(document.getElementById("settings")?.textContent ?? "{}") as Settings;
