"""Let members fall dormant who have been silent too long, so that the quorum follows the living."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from mikoshi.cli.options import deployments_option, names_option
from mikoshi.cli.session import Session, takes
from mikoshi.cli.usage import Command


@click.command(cls=Command, short_help="Lapse those who have been silent too long.")
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
    from mikoshi.context.sending import open_desk
    from mikoshi.context.transaction import receipt_json
    from mikoshi.text.language import pick
    from mikoshi.voting.lapse import perform_lapse, plan_lapse
    from mikoshi.voting.power import named, require_member
    from mikoshi.voting.show_lapse import nobody_due, show_lapse
    from mikoshi.voting.signing_options import find_wallet

    desk, out = open_desk(session, deployments, names), session.out
    asked = [require_member(desk.rebuilt, find_wallet(desk, each)) for each in ids]
    plan, who = plan_lapse(desk, asked), named(desk.rebuilt, desk.names)
    if asked and not plan.due:
        raise nobody_due(plan, who, desk.now)
    show_lapse(out, plan, who, desk.now)
    only_shown = session.live and session.options.account is None
    if plan.due and only_shown:
        command = session.command(shlex.join(["lapse", *ids]), account=True)
        out.next_step(pick("to lapse them", "休眠にするには"), command)
    receipts = perform_lapse(desk, plan) if plan.due and not only_shown else []
    if receipts:
        gas = sum(receipt.gas for receipt in receipts)
        out.good(pick(f"done, {gas:,} gas", f"完了しました({gas:,} ガス)"))
        out.next_step("", session.command("members list"))
    out.emit(plan.as_json() | {"transactions": [receipt_json(each) for each in receipts]})
