"""Show where proposals stand, who voted how, and what comes next."""

from __future__ import annotations

import functools
from pathlib import Path

import click

from mikoshi.cli.options import deployments_option, names_option
from mikoshi.cli.session import Session, takes
from mikoshi.cli.usage import Command
from mikoshi.text.language import _


@click.command(cls=Command, short_help="Show the proposals under way.", epilog="status 1")
@takes(config=True, network=True)
@click.argument("number", metavar="[ID]", required=False)
@deployments_option
@names_option
def cli(
    session: Session, number: str | None, deployments: Path | None, names: tuple[Path, ...]
) -> None:
    """Show every proposal under way, or the one called ID: votes, people, times, the next step."""
    from mikoshi.context.context import Context
    from mikoshi.proposals.later import later
    from mikoshi.proposals.show import show_later
    from mikoshi.status.proposal_status import ProposalStatus
    from mikoshi.status.show import Status
    from mikoshi.text.json import entries_of, plain
    from mikoshi.words.seats import open_seats
    from mikoshi.words.waiting import InOffice

    context, out = Context.open(session, deployments, names), session.out
    office = InOffice.of(context.rebuilt)
    if text := office.text(context.now):
        (out.say if office.known else out.warn)(text)
    seats = open_seats(context.rebuilt, context.now)
    for seat in seats:
        out.warn(seat.text(context.now))
    wanted = [context.find(number)] if number else context.proposed
    statuses = [ProposalStatus.of(each, context.rebuilt.governor, context.now) for each in wanted]
    if not number:
        statuses = [each for each in statuses if each.live]
    signed = functools.partial(session.command, account=True)
    status = Status(statuses, context.rebuilt, context.names, session.command, signed)
    status.show(out)
    if number and statuses[0].live:
        (one,) = wanted
        show_later(out, later(one.steps, context.book, context.rebuilt, one.proposal.eta))
    if not context.proposed:
        words = _("nothing was ever proposed; begin with")
        out.next_step(words, session.command("proposal new TITLE"))
    elif not statuses:
        all_of_them = session.command("proposal list")
        out.next_step(
            _("no proposal is under way; the past ones"),
            all_of_them,
        )
    told = {"now": context.now, "governor": entries_of(office), "seats": plain(seats)}
    out.emit(told | {"proposals": status.as_json()})
