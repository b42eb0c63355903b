"""Let another member speak for you, or take your voice back."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from mikoshi.cli.options import deployments_option, names_option
from mikoshi.cli.session import Session, takes
from mikoshi.cli.usage import Command
from mikoshi.text.json import entries_of
from mikoshi.text.language import _
from mikoshi.voting.signing_options import SigningOptions, signing_options


@click.command(
    cls=Command,
    short_help="Lend your voice, or take it back.",
    epilog="delegate Hana --account Ken",
)
@takes(config=True, network=True, account=True, writes=True)
@click.argument("member", metavar="MEMBER|self")
@signing_options
@deployments_option
@names_option
def cli(
    session: Session,
    member: str,
    signing: SigningOptions,
    deployments: Path | None,
    names: tuple[Path, ...],
) -> None:
    """Let MEMBER (its number, name or address) speak for you; `self` takes your voice back.

    By a transaction of --account; or by a signature in a file, as with `ape run vote`.
    """
    from mikoshi.context.context import Context
    from mikoshi.context.sending import ask_and_send, open_context, receipt_json
    from mikoshi.voting.delegation import delegate_message, plan_delegation, show_delegation
    from mikoshi.voting.power import named
    from mikoshi.voting.signing_options import find_wallet, write_signed_act

    opened = Context.open if signing.wanted else open_context  # a signature waits for nothing
    context, out = opened(session, deployments, names), session.out
    wallet = signing.wallet(context)
    to = wallet if member == "self" else find_wallet(context, member)
    plan, membership = plan_delegation(context, wallet, to), context.dao.membership
    who = named(context.rebuilt, context.names)
    already = _(
        "{who} speaks for {who2} already",
        who=who(plan.to.person.id),
        who2=who(plan.giver.person.id),
    )
    if plan.done:
        out.good(already)
        out.emit(entries_of(plan) | receipt_json(None))
        return
    show_delegation(out, plan, who)
    if signing.wanted:
        message = delegate_message(context, plan, signing.until)
        command = session.command(f"delegate {shlex.quote(member)}")
        made = write_signed_act(context, signing, message, plan.giver.person, command, None)
        out.emit(entries_of(plan) | made)
        return
    receipt = ask_and_send(
        session, membership, "delegate", to, done=lambda: membership.call("delegates", wallet) == to
    )
    if receipt is None and not session.options.dry_run:
        out.good(already)
    if receipt is not None:
        out.good(_("done, {gas:,} gas", gas=receipt.gas))
        out.next_step("", session.command(f"power {plan.to.person.id}"))
    out.emit(entries_of(plan) | receipt_json(receipt))
