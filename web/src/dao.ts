/** The DAO whose page this is: its parts, as its treasury names them on the chain. */
import { keccak256, toBytes, zeroAddress, type Address } from "viem";
import { GOVERNOR, MEMBERSHIP, SUCCESSION, TREASURY } from "./abi";
import type { Settings } from "./settings";
import { RefusedError, unless, type Rpc } from "./rpc";
import { _, Trouble } from "./words";

export interface Dao {
  chainId: number;
  name: string;
  treasury: Address;
  governor: Address;
  membership: Address;
  succession: Address | null; // null where the DAO has none, or did not give it the role
}

const ROLE = keccak256(toBytes("SUCCESSION"));

/** The parts, from the page's treasury, or from a governor that a link names. */
export async function readDao(rpc: Rpc, settings: Settings, named?: { chainId: number; governor: Address }): Promise<Dao> {
  const chainId = await rpc.chainId();
  if (named && named.chainId !== chainId) {
    throw new Trouble(
      _("The link is for another chain"),
      _("it names chain {chain}, this page reads chain {here}", { chain: named.chainId, here: chainId }),
      _("Ask whoever sent it for the page it belongs to"),
    );
  }
  const treasury = settings.treasury ?? (named && (await unless(rpc.view<Address>(named.governor, GOVERNOR, "treasury"), undefined)));
  if (!treasury) throw homeless();
  try {
    const governor = await rpc.view<Address>(treasury, TREASURY, "governor");
    if (named && named.governor.toLowerCase() !== governor.toLowerCase()) {
      // A link outlives a governor.
      const former = await unless(rpc.view<boolean>(treasury, TREASURY, "isFormerGovernor", [named.governor]), false);
      if (!former) throw elsewhere(named.governor);
    }
    const membership = await rpc.view<Address>(governor, GOVERNOR, "token");
    const [name, succession] = await Promise.all([
      rpc.view<string>(membership, MEMBERSHIP, "name"),
      readSuccession(rpc, treasury, membership, settings.succession),
    ]);
    return { chainId, name, treasury, governor, membership, succession };
  } catch (error) {
    throw error instanceof RefusedError ? homeless() : error;
  }
}

/** The module that may move seats, if the treasury gave it that role and it is of this DAO. */
async function readSuccession(rpc: Rpc, treasury: Address, membership: Address, named: Address | undefined): Promise<Address | null> {
  if (!named) return null;
  const [granted, home, people] = await Promise.all([
    rpc.view<boolean>(treasury, TREASURY, "hasRole", [ROLE, named]),
    unless(rpc.view<Address>(named, SUCCESSION, "treasury"), zeroAddress),
    unless(rpc.view<Address>(named, SUCCESSION, "membership"), zeroAddress),
  ]);
  const ours = home.toLowerCase() === treasury.toLowerCase() && people.toLowerCase() === membership.toLowerCase();
  return granted && ours ? named : null;
}

const homeless = (): Trouble =>
  new Trouble(
    _("This page knows no DAO"),
    _("its settings name none that this node knows"),
    _("Ask your community for the address of its page"),
  );

const elsewhere = (governor: Address): Trouble =>
  new Trouble(
    _("The link is for another DAO"),
    _("its governor {governor} is none of this DAO", { governor }),
    _("Ask whoever sent it for the page it belongs to"),
  );
