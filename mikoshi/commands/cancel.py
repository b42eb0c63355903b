"""Cancel a proposal."""

from __future__ import annotations

from pathlib import Path

import click

from mikoshi.cli.options import deployments_option, names_option
from mikoshi.cli.proposals_option import proposals_option
from mikoshi.cli.session import Session, takes
from mikoshi.cli.usage import Command
from mikoshi.voting.signing_options import SigningOptions, signing_options


@click.command(cls=Command, short_help="Cancel a proposal.", epilog="cancel 1 --account Aoi")
@takes(config=True, network=True, account=True, writes=True)
@click.argument("number", metavar="ID")
@signing_options
@proposals_option
@deployments_option
@names_option
def cli(
    session: Session,
    number: str,
    signing: SigningOptions,
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
    from mikoshi.context.context import Context
    from mikoshi.context.sending import open_context
    from mikoshi.status.cancellation import cancel, cancel_on_paper
    from mikoshi.status.record import Records

    opened = Context.open if signing.wanted else open_context  # a signature waits for nothing
    context = opened(session, deployments, names)
    proposed = context.find(number)
    if signing.wanted:
        session.out.emit(cancel_on_paper(context, proposed, signing))
        return
    session.out.emit(cancel(context, proposed, Records(context.manifest, proposals)))
