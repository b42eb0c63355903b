"""Show what a member speaks with, now or before, and why it is nothing."""

from __future__ import annotations

from pathlib import Path

import click

from mikoshi.cli.options import deployments_option, names_option
from mikoshi.cli.session import Session, takes
from mikoshi.cli.usage import Command


@click.command(
    cls=Command, short_help="Show what a ballot would weigh, and why.", epilog="power Hana"
)
@takes(config=True, network=True, account=True)
@click.argument("member", required=False)
@click.option(
    "--at",
    metavar="TIME",
    help='A moment: "2026-11-24 14:00" in your zone, with Z in UTC, or "3 days ago".',
)
@deployments_option
@names_option
def cli(
    session: Session,
    member: str | None,
    at: str | None,
    deployments: Path | None,
    names: tuple[Path, ...],
) -> None:
    """Show the voice of MEMBER (its number, name or address), or of --account.

    Own voice and that of others, what a ballot weighs after the cap, and the reason where there is
    no voice.
    """
    from mikoshi.context.context import Context
    from mikoshi.voting.power import Powers, nobody_asked_for, require_member
    from mikoshi.voting.show import show_power
    from mikoshi.voting.signing_options import find_wallet

    if member is None and session.options.account is None and session.live:
        raise nobody_asked_for()
    context = Context.open(session, deployments, names)
    wallet = find_wallet(context, member) if member else session.sender.address
    number = require_member(context.rebuilt, wallet).id
    powers = Powers(context.rebuilt, context.names, context.now)
    power = powers.at(number, context.past(at))
    show_power(session.out, power, powers.who, context.now)
    session.out.emit(power.as_json(context.names.get(wallet, "")))
