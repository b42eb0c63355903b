"""Execute a proposal that has passed."""

from __future__ import annotations

from pathlib import Path

import click

from mikoshi.cli.options import deployments_option, names_option
from mikoshi.cli.proposals_option import proposals_option
from mikoshi.cli.session import Session, takes
from mikoshi.cli.usage import Command


@click.command(cls=Command, short_help="Execute a proposal that passed.", epilog="execute 1")
@takes(config=True, network=True, account=True, writes=True)
@click.argument("number", metavar="ID")
@proposals_option
@deployments_option
@names_option
def cli(
    session: Session,
    number: str,
    proposals: Path | None,
    deployments: Path | None,
    names: tuple[Path, ...],
) -> None:
    """Execute the proposal ID (its number or id): show what it does, try it, ask, send.

    Anybody may, once it has passed and its delay is over. One that is executed already is left
    alone, which is no failure.
    """
    from mikoshi.context.sending import open_context
    from mikoshi.status.execution import execute
    from mikoshi.status.record import Records

    context = open_context(session, deployments, names)
    records = Records(context.manifest, proposals)
    session.out.emit(execute(context, context.find(number), records))
