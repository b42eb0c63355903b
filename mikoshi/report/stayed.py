"""The figures about who stayed: newcomers, retention, cohorts."""

from __future__ import annotations

from collections.abc import Iterable

from mikoshi.replay.facts import Facts, Human
from mikoshi.replay.logs import Log
from mikoshi.report import words
from mikoshi.report.calendar import Calendar
from mikoshi.report.figure import Figure, Source
from mikoshi.report.months import day
from mikoshi.report.names import Names
from mikoshi.report.retention import AFTER, Retention, cohorts, recent, staying
from mikoshi.report.sources import behind
from mikoshi.text.document import Table
from mikoshi.text.language import _, pgettext
from mikoshi.text.units import DAY


def stayed(facts: Facts, names: Names, calendar: Calendar) -> list[Figure]:
    """Of those who came, how many still act."""
    return [
        _staying(facts, calendar),
        *(_retention(facts, after) for after in AFTER),
        _cohorts(facts, names),
    ]


def first_admissions(facts: Facts) -> list[Log]:
    """The first admission of each person."""
    seen: dict[int, Log] = {}
    for log in facts.events(facts.dao.membership_address, "MemberAdmitted"):
        seen.setdefault(log.event.args["id"], log)
    return list(seen.values())


def _staying(facts: Facts, calendar: Calendar) -> Figure:
    found = staying(facts, calendar)
    return Figure(
        "staying",
        _("Newcomers who stay"),
        _kept(found),
        _(
            "Of the newcomers admitted 90 to 270 days ago, the share who did something by their "
            "own hand in the last {window}. Founders are not asked; whoever left counts as "
            "not staying. PM DAO found that about 10 % of its newcomers stayed.",
            window=words.days(calendar.window),
        ),
        found.rate,
        "ratio",
        _of(facts, found),
    )


def _of(facts: Facts, found: Retention) -> tuple[Source, ...]:
    """The admissions of those who were judged, and what they did."""
    return (
        Source.of("MemberAdmitted", _admissions(facts, found.judged)),
        *behind(act for human in found.judged for act in human.own_acts),
    )


def _retention(facts: Facts, after: int) -> Figure:
    days = after // DAY
    found = recent(facts, after)
    return Figure(
        f"retention_{days}",
        _("Retention after {days} days", days=days),
        _kept(found),
        _(
            "Of the newcomers admitted between {earliest} and {last} days ago, the share "
            "who did something by their own hand from day {first} to day {last} after their "
            "admission. Founders are not asked; whoever left counts as not retained.",
            earliest=days + 120,
            last=days + 30,
            first=days,
        ),
        found.rate,
        "ratio",
        _of(facts, found),
    )


def _kept(found: Retention) -> str:
    if not found.judged:
        return words.none()
    rate, judged = words.percent(found.rate), len(found.judged)
    return _("{rate} ({kept} of {judged})", rate=rate, kept=found.kept, judged=judged)


def _admissions(facts: Facts, humans: Iterable[Human]) -> list[Log]:
    wanted = {human.id for human in humans}
    return [log for log in first_admissions(facts) if log.event.args["id"] in wanted]


def _cohorts(facts: Facts, names: Names) -> Figure:
    rows, data, shown = [], [], cohorts(facts)
    for cohort in shown:
        found = [cohort.retention(after, facts.now) for after in AFTER]
        members = [human.id for human in cohort.people]
        first = _("founders") if cohort.founders else day(cohort.start)
        rows.append([first, str(len(members)), *map(_kept, found), names.all(members)])
        data.append(
            {
                "start": cohort.start,
                "founders": cohort.founders,
                "members": members,
                "judged": [len(each.judged) for each in found],
                "retained": [each.kept for each in found],
            }
        )
    return Figure(
        "cohorts",
        _("Newcomers by month"),
        words.times(len(shown)),
        _(
            "The people admitted in each 30 days of the DAO's life, and how many of them "
            "did something by their own hand from day 30 to 60 and from day 90 to 120 after it; "
            "n/a while nobody's window is over."
        ),
        len(shown),
        "cohorts",
        (
            Source.of("MemberAdmitted", first_admissions(facts)),
            *behind(act for act in facts.acts if act.by_hand),
        ),
        table=Table(
            [
                pgettext("cohort", "since"),
                _(">people"),
                _(">after 30 days"),
                _(">after 90 days"),
                _("who"),
            ],
            rows,
            data,
        ),
    )
