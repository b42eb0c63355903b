"""Do what votes asked for with notice, once it is due."""

from __future__ import annotations

from pathlib import Path

import click

from mikoshi.cli.options import deployments_option, names_option
from mikoshi.cli.session import Session, takes
from mikoshi.cli.usage import Command


@click.command(
    cls=Command, short_help="Do what was decided with notice and is due.", epilog="enforce"
)
@takes(config=True, network=True, account=True, writes=True)
@click.argument("what", required=False, metavar="[WHAT]")
@deployments_option
@names_option
def cli(
    session: Session, what: str | None, deployments: Path | None, names: tuple[Path, ...]
) -> None:
    """Install the next governor (`governor`), or enforce a removal (the member), once it is due.

    Anybody may, for 30 days. Without WHAT everything that waits is shown, from when on it is in
    force, and how a proposal takes it back before that.
    """
    from mikoshi.context.sending import open_context
    from mikoshi.status.enforcement import enforce, show_waiting

    context = open_context(session, deployments, names)
    session.out.emit(show_waiting(context) if what is None else enforce(context, what))
