"""Cancel a proposal."""

from __future__ import annotations

from pathlib import Path

import click

from mikoshi.cli.options import deployments_option, names_option
from mikoshi.cli.proposals_option import proposals_option
from mikoshi.cli.session import Session, takes
from mikoshi.cli.usage import Command
from mikoshi.voting.signing_options import Paper, paper_options


@click.command(cls=Command, short_help="Cancel a proposal.")
@takes(config=True, network=True, account=True, writes=True)
@click.argument("number", metavar="ID")
@paper_options
@proposals_option
@deployments_option
@names_option
def cli(
    session: Session,
    number: str,
    paper: Paper,
    proposals: Path | None,
    deployments: Path | None,
    names: tuple[Path, ...],
) -> None:
    """Cancel the proposal ID (its number or id).

    Its proposer may before voting opens, and the guardian between the end of voting and the end of
    the delay. One that is cancelled already is left alone, which is no failure.

    By a transaction of --account; the proposer also by a signature in a file, as with `ape run
    vote`.
    """
    from mikoshi.context.context import Desk
    from mikoshi.context.sending import open_desk
    from mikoshi.status.cancellation import cancel, cancel_on_paper
    from mikoshi.status.record import Records

    opened = Desk.open if paper.wanted else open_desk  # a signature waits for nothing
    desk = opened(session, deployments, names)
    proposed = desk.find(number)
    if paper.wanted:
        session.out.emit(cancel_on_paper(desk, proposed, paper))
        return
    session.out.emit(cancel(desk, proposed, Records(desk.manifest, proposals)))
