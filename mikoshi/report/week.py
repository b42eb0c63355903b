"""What a community can do something about this week: by name, and by their own hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mikoshi.replay.facts import QUARTER, Human
from mikoshi.replay.governor import Proposal, ProposalState
from mikoshi.report import words
from mikoshi.report.months import day
from mikoshi.report.report import DaoReport
from mikoshi.report.turnout import Turnout, recent_votes
from mikoshi.text.document import Block, FactList, Mood, Notice, Table
from mikoshi.text.language import _
from mikoshi.words import heads, state_word
from mikoshi.words.seats import open_seats
from mikoshi.words.waiting import waiting


@dataclass(frozen=True)
class ThisWeek:
    """Who moves and who stopped, of the `members`; the last votes; and what and who waits.

    `acted` did something by their own hand lately; `fell_silent` did in as many days before, and
    nothing since. `ready` can be executed now, by its number. `beginners` came in the
    last 90 days and have done nothing yet.
    """

    members: Sequence[Human]
    acted: Sequence[Human]
    fell_silent: Sequence[Human]
    votes: Sequence[Turnout]
    ready: Sequence[tuple[int, Proposal]]
    beginners: Sequence[Human]

    @classmethod
    def of(cls, report: DaoReport) -> ThisWeek:
        """At the time of the report; the latest votes first."""
        facts, lately = report.facts, report.calendar
        members, now = facts.members(), facts.now
        before = lately.before(2 * lately.window)
        acted = [human for human in members if lately.acted(human)]
        return cls(
            members,
            acted,
            [human for human in members if human not in acted and human.acted(before + 1, now + 1)],
            recent_votes(facts),
            [
                (number, each)
                for number, each in enumerate(facts.proposals, 1)
                if facts.rebuilt.governor.state(each, now) == ProposalState.QUEUED
                and each.eta <= now
            ],
            [
                human
                for human in facts.newcomers
                if human.standing.is_member and human.joined > now - QUARTER and not human.own_acts
            ],
        )


def this_week(report: DaoReport) -> list[Block]:
    """Who acts, who fell silent, who waits for a beginning; the last votes; what waits."""
    week = ThisWeek.of(report)
    return [*_waiting(report, week), FactList(list(_people(report, week))), *_votes(report, week)]


def step(report: DaoReport) -> tuple[str, str]:
    """The one thing to do first, and the command for it; "" where there is none."""
    week, names = ThisWeek.of(report), report.names
    if week.ready:
        return _("execute what has passed"), report.command(f"execute {week.ready[0][0]}")
    if report.ringing:
        alarm = report.ringing[0]
        advice = _("{advice}: {who}", advice=alarm.advice, who=names.all(alarm.whom))
        return advice, report.command(alarm.command)
    if week.beginners:
        who = names.all(human.id for human in week.beginners)
        return _("find something small to do for {who}", who=who), ""
    if week.fell_silent:
        who = names.all(human.id for human in week.fell_silent)
        return _("ask how they are: {who}", who=who), ""
    return _("nothing presses; look again next week"), ""


def _waiting(report: DaoReport, week: ThisWeek) -> Iterator[Block]:
    for number, proposal in week.ready:
        yield Notice(
            Mood.WARNING,
            _(
                "anyone may execute it until {expiry}; nobody has",
                expiry=day(proposal.expiry),
            ),
            _('{number} "{title}"', number=number, title=words.title(proposal.description)),
            command=report.command(f"execute {number}"),
        )
    now = report.facts.now
    for each in waiting(report.facts.rebuilt, now):
        yield Notice(Mood.WARNING, each.text(now), _("asked for by a vote"))
    for seat in open_seats(report.facts.rebuilt, now):
        whose = _("the seat of {who}", who=report.names.full(seat.person.id))
        yield Notice(Mood.WARNING, seat.text(now), whose)


def _people(report: DaoReport, week: ThisWeek) -> Iterator[tuple[str, str]]:
    names, now = report.names, report.facts.now
    yield (
        _("acted by their own hand in the last {days}", days=words.days(report.calendar.window)),
        _(
            "{count} of {members}: {who}",
            count=len(week.acted),
            members=heads(len(week.members)),
            who=names.all(human.id for human in week.acted),
        ),
    )
    yield (
        _(
            "fell silent since: acted in the {days} before",
            days=words.days(report.calendar.window),
        ),
        names.all(human.id for human in week.fell_silent),
    )
    yield (
        _("newcomers who wait for a first act"),
        words.listed_or_none(
            _("{who} (for {days})", who=names.full(human.id), days=words.days(now - human.joined))
            for human in week.beginners
        ),
    )
    if not week.ready:
        yield _("waits to be executed"), _("nothing")


def _votes(report: DaoReport, week: ThisWeek) -> Sequence[Block]:
    columns = (_("proposal"), _("ended"), _("result"), _(">people"), _(">needed"))
    rows = [_vote(report, each) for each in week.votes]
    if not rows:
        return [FactList([(_("the last votes"), _("none yet"))])]
    return [Table(columns, rows, title=_("The last votes"))]


def _vote(report: DaoReport, vote: Turnout) -> tuple[str, ...]:
    facts, proposal = report.facts, vote.proposal
    return (
        words.title(proposal.description),
        day(proposal.deadline),
        state_word(facts.rebuilt.governor.state(proposal, facts.now)),
        _("{people} of {awake}", people=vote.people, awake=vote.awake),
        str(vote.needed),
    )
