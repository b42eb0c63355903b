/** Ballots: the words that are made of the very fields which are signed. */
import { recoverAddress, type Address, type Hex } from "viem";
import { digest, type Message } from "./messages";
import { _, moment, N_, Trouble } from "./words";

/** The signature, if it is that of `wallet`. */
export async function checked(message: Message, signature: Hex, wallet: Address): Promise<Hex> {
  const v = Number.parseInt(signature.slice(-2), 16);
  const usual: Hex = v < 27 ? `0x${signature.slice(2, -2)}${(v + 27).toString(16)}` : signature;
  const maker = usual.length === 132 ? await recoverAddress({ hash: digest(message), signature: usual }) : "0x";
  if (maker.toLowerCase() !== wallet.toLowerCase()) {
    throw new Trouble(
      _("The signature is not that of {who}", { who: wallet }),
      _("this page takes signatures of wallets with a key of their own"),
      _("Sign with another wallet; nothing was sent"),
    );
  }
  return usual;
}

export const SUPPORTS = [N_("Against"), N_("For"), N_("Abstain")];
const VOTES = [N_("I vote Against {proposal}."), N_("I vote For {proposal}."), N_("I abstain on {proposal}.")];

/** What somebody agrees to by signing, a sentence each; `title` only where the bytes prove it. */
export function described(message: Message, title: string | null): string[] {
  const { proposalId, support, reason, nonce, deadline } = message.values;
  const digits = String(proposalId);
  const brief = digits.length <= 9 ? digits : `${digits.slice(0, 4)}…${digits.slice(-4)}`;
  const proposal = title === null ? _("proposal {brief}", { brief }) : _('"{title}" (proposal {brief})', { title, brief });
  const said = [_(VOTES[Number(support)]!, { proposal })];
  if (reason) said.push(_('My reason: "{reason}".', { reason: String(reason) }));
  said.push(_("My first valid ballot is final: I can replace this one only by voting earlier."));
  if (deadline !== undefined) said.push(_("Valid until {moment}.", { moment: moment(deadline as bigint) }));
  else said.push(_("Good once (no. {nonce}).", { nonce: String(nonce) }));
  const contract = `${message.contract.slice(0, 6)}…${message.contract.slice(-4)}`;
  said.push(_("Only for the governor {contract} on chain {chain}.", { contract, chain: message.chainId }));
  return said;
}

/** A reason as a ballot takes it: one line of at most 2,000 bytes. */
export function asReason(text: string): string {
  const reason = text.replace(/[\p{Cc}\p{Cf}\p{Cs}\s]+/gu, " ").trim();
  const size = new TextEncoder().encode(reason).length;
  if (size > 2000) {
    throw new Trouble(
      _("The reason is too long"),
      _("it has {size} bytes, and 2000 are possible", { size }),
      _("Shorten it; nothing was signed"),
    );
  }
  return reason;
}
