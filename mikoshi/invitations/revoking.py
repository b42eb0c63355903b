"""Invitations taken back: by transactions, or one on paper."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mikoshi.ballots.messages import invitations_message
from mikoshi.chain.contract import Contract
from mikoshi.context.context import Context
from mikoshi.context.sending import ask_and_send
from mikoshi.invitations.link import parse_link
from mikoshi.invitations.sheet import read_links
from mikoshi.text.errors import BadInputError
from mikoshi.text.language import N_, _
from mikoshi.text.people import WalletError, parse_wallet, quoted, short
from mikoshi.text.units import DAY
from mikoshi.voting.signing_options import SigningOptions, write_signed_act

_GOOD_FOR = 7 * DAY


def keys_of(what: str) -> list[str]:
    """The keys that a link, an address or a file of links means. Raises BadInputError."""
    if "#join/" in what:
        return [parse_link(what).key]
    if Path(what).exists():
        return [link.key for link in read_links(Path(what))[0]]
    try:
        return [parse_wallet(what)]
    except WalletError as error:
        raise BadInputError(
            "invitations.no-key",
            N_("{what} is no invitation"),
            N_("it is no link, no key of one (0x…), and no file"),
            N_("`invite list` shows the keys"),
            what=quoted(what),
        ) from error


def take_back(
    context: Context, invitations: Contract, keys: Sequence[str], signing: SigningOptions
) -> dict[str, Any]:
    """Take the account's word for these keys back; what programs get of it.

    Those that were taken back before are passed over. Raises BadInputError and what sending raises.
    """
    session, out = context.session, context.session.out
    wallet = signing.wallet(context)
    waiting = [key for key in keys if not context.book.ask(invitations, "isRevoked", key, wallet)]
    if len(waiting) < len(keys):
        out.good(_("{count} were taken back before", count=len(keys) - len(waiting)))
    if signing.wanted:
        return _on_paper(context, invitations, waiting, signing)
    revoked = []
    for key in waiting:
        out.say(_("{key}: nobody takes this seat any more", key=short(key)), style="bold")
        receipt = ask_and_send(session, invitations, "revoke", key)
        if receipt is not None:
            revoked.append(key)
            out.good(_("done, {gas:,} gas", gas=receipt.gas))
    return {"revoked": revoked, "keys": list(keys)}


def _on_paper(
    context: Context, invitations: Contract, keys: Sequence[str], signing: SigningOptions
) -> dict[str, Any]:
    person = context.rebuilt.membership.member_at(signing.wallet(context))
    if len(keys) != 1 or person is None:
        raise BadInputError(
            "invitations.one-at-a-time",
            N_("Only a member signs, one invitation at a time"),
            N_("{count} were named"),
            N_("Name one link or key, or send transactions without --sign-only"),
            count=len(keys),
        )
    message = invitations_message(
        "Revoke",
        context.session.chain_id,
        invitations.address,
        account=person.wallet,
        key=keys[0],
        deadline=context.end(signing.until, context.now + _GOOD_FOR),
    )
    again = context.session.command(f"invite revoke {keys[0]}")
    return write_signed_act(context, signing, message, person, again, None)
