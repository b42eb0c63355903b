"""Cancel a proposal."""

from __future__ import annotations

from pathlib import Path

import click

from mikoshi.cli import Session, takes
from mikoshi.course.options import proposals_option
from mikoshi.options import deployments_option, names_option


@click.command(short_help="Cancel a proposal.")
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
    """Cancel the proposal ID (its number or id).

    Its proposer may before voting opens, and the guardian between the end of voting and the end of
    the delay. One that is cancelled already is left alone, which is no failure.
    """
    from mikoshi.course import Records
    from mikoshi.course.cancellation import cancel
    from mikoshi.course.sending import open_desk

    desk = open_desk(session, deployments, names)
    records = Records(desk.manifest, proposals)
    session.out.emit(cancel(desk, desk.find(number), records))
