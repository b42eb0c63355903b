"""Let members fall dormant who have been silent too long, so that the quorum follows the living."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from mikoshi.cli.options import deployments_option, names_option
from mikoshi.cli.session import Session, takes
from mikoshi.cli.usage import Command
from mikoshi.text.language import _


@click.command(cls=Command, short_help="Lapse those who have been silent too long.", epilog="lapse")
@takes(config=True, network=True, account=True, writes=True)
@click.argument("ids", nargs=-1, metavar="[WHO]…")
@deployments_option
@names_option
def cli(
    session: Session, ids: tuple[str, ...], deployments: Path | None, names: tuple[Path, ...]
) -> None:
    """Lapse those of WHO, or of all members, who have been silent too long.

    WHO is a member's number, name or address. Anybody may; without --account it is only shown.
    They stay members and wake whenever they like; until then no proposal waits for them.
    """
    from mikoshi.context.sending import open_context, receipt_json
    from mikoshi.voting.lapse import perform_lapse, plan_lapse
    from mikoshi.voting.power import named, require_member
    from mikoshi.voting.show_lapse import nobody_due, show_lapse
    from mikoshi.voting.signing_options import find_wallet

    context, out = open_context(session, deployments, names), session.out
    asked = [require_member(context.rebuilt, find_wallet(context, each)) for each in ids]
    plan, who = plan_lapse(context, asked), named(context.rebuilt, context.names)
    if asked and not plan.due:
        raise nobody_due(plan, who, context.now)
    silence = context.rebuilt.membership.settings_at(context.now)["dormantAfter"]
    show_lapse(out, plan, who, context.now, silence)
    only_shown = session.live and session.options.account is None
    if plan.due and only_shown:
        command = session.command(shlex.join(["lapse", *ids]), account=True)
        out.next_step(_("to lapse them"), command)
    receipts = perform_lapse(context, plan) if plan.due and not only_shown else []
    if receipts:
        gas = sum(receipt.gas for receipt in receipts)
        out.good(_("done, {gas:,} gas", gas=gas))
        out.next_step("", session.command("members list"))
    out.emit(plan.as_json() | {"transactions": [receipt_json(each) for each in receipts]})
