"""The section about people: who came, who stayed, who carries it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from mikoshi.replay.facts import QUARTER, Deed, Facts, Human
from mikoshi.replay.logs import Log
from mikoshi.replay.membership import Standing
from mikoshi.report import words
from mikoshi.report.carrying import behind, carrying
from mikoshi.report.figure import Figure, ReportSection, Source
from mikoshi.report.formulas import median
from mikoshi.report.months import day, months
from mikoshi.report.names import Names
from mikoshi.report.retention import AFTER, Retention, cohorts, recent, staying
from mikoshi.text.document import Chart, Table
from mikoshi.text.language import _, listed
from mikoshi.text.units import DAY
from mikoshi.words.nouns import standing_word

_GONE = (Standing.EXITED, Standing.LEFT, Standing.BARRED)


def people(facts: Facts, names: Names) -> ReportSection:
    """Everything about who is there and what they do."""
    figures = [
        _members(facts),
        _joins(facts),
        _exits(facts),
        _staying(facts),
        *(_retention(facts, after) for after in AFTER),
        _cohorts(facts, names),
        _first(
            facts,
            "first_vote",
            _("Time to the first vote"),
            _("cast their first ballot"),
            Deed.BALLOT,
        ),
        _first(
            facts,
            "first_reward",
            _("Time to the first reward"),
            _("get their first merit or tokens"),
            Deed.CONTRIBUTION,
        ),
        *carrying(facts, names),
    ]
    missing = [_("tasks and their claims (Work)")]
    return ReportSection("people", _("People"), figures, missing)


def _standings(facts: Facts) -> tuple[Source, ...]:
    home = facts.dao.membership_address
    return tuple(
        Source.of(name, facts.events(home, name)) for name in ("MemberAdmitted", "StandingChanged")
    )


def _members(facts: Facts) -> Figure:
    counts = Counter(human.standing for human in facts.members())
    told = listed(f"{standing_word(each.name.lower())} {counts[each]}" for each in sorted(counts))
    calendar, total = months(facts), facts.rebuilt.membership.total
    entries = [total.at(month.end - 1) for month in calendar]
    return Figure(
        "members",
        _("Members"),
        words.people(counts.total()) + words.bracketed(told),
        _(
            "People who hold a ticket now. Active: with a voice. Dormant: silent or "
            "resting, with ticket, record and claims. Newcomers: admitted without the "
            "charter, without a voice until their season is over. Absent: dormant for "
            "two years, not counted any more."
        ),
        {each.name.lower(): counts[each] for each in Standing if each.is_member},
        "people",
        _standings(facts),
        chart=Chart(
            _("Members at the end of each 30 days"),
            [month.label for month in calendar],
            {
                _("counted"): [entry.counted for entry in entries],
                _("awake"): [entry.members for entry in entries],
            },
            lines=True,
        ),
    )


def _joins(facts: Facts) -> Figure:
    first = _first_admissions(facts)
    newcomers = facts.newcomers
    lately = sum(human.joined > facts.now - QUARTER for human in newcomers)
    return Figure(
        "joins",
        _("Joins"),
        _(
            "{count} since the founding by {count2}; {lately} in the last 90 days",
            count=len(newcomers),
            count2=words.people(len(first) - len(newcomers)),
            lately=lately,
            count3=len(first) - len(newcomers),
        ),
        _("First admissions of a person. Whoever returns is not counted again."),
        {"founders": len(first) - len(newcomers), "newcomers": len(newcomers), "lately": lately},
        "people",
        (Source.of("MemberAdmitted", first),),
    )


def _first_admissions(facts: Facts) -> list[Log]:
    seen: dict[int, Log] = {}
    for log in facts.events(facts.dao.membership_address, "MemberAdmitted"):
        seen.setdefault(log.event.args["id"], log)
    return list(seen.values())


def _exits(facts: Facts) -> Figure:
    changes = facts.events(facts.dao.membership_address, "StandingChanged")
    exits = [log for log in changes if Standing(log.event.args["standing"]) in _GONE]
    left = sum(not human.standing.is_member for human in facts.people.values())
    barred = sum(human.standing == Standing.BARRED for human in facts.people.values())
    lately = sum(log.time > facts.now - QUARTER for log in exits)
    return Figure(
        "exits",
        _("Exits"),
        _(
            "gone now: {left} ({barred} barred); exits in all: {count}, in the last 90 "
            "days: {lately}",
            left=words.people(left),
            barred=barred,
            count=len(exits),
            lately=lately,
            left2=left,
        ),
        _(
            "Ends of a membership: by the person's own will, by the sale of the ticket, "
            "or barred by a vote. Falling dormant is none."
        ),
        {"gone": left, "barred": barred, "exits": len(exits), "lately": lately},
        "people",
        (Source.of("StandingChanged", exits),),
    )


def _staying(facts: Facts) -> Figure:
    found = staying(facts)
    return Figure(
        "staying",
        _("Newcomers who stay"),
        _kept(found),
        _(
            "Of the newcomers admitted more than 90 days ago, the share with at least "
            "one act in the last 30 days. Founders are not asked; whoever left counts as "
            "not staying. PM DAO found that about 10 % of its newcomers stayed."
        ),
        found.rate,
        "ratio",
        _of(facts, found),
    )


def _of(facts: Facts, found: Retention) -> tuple[Source, ...]:
    """The admissions of those who were judged, and what they did."""
    return (
        Source.of("MemberAdmitted", _admissions(facts, found.judged)),
        *behind(act for human in found.judged for act in human.acts),
    )


def _retention(facts: Facts, after: int) -> Figure:
    days = after // DAY
    found = recent(facts, after)
    return Figure(
        f"retention_{days}",
        _("Retention after {days} days", days=days),
        _kept(found),
        _(
            "Of the newcomers admitted between {days} and {days2} days ago, the share "
            "with at least one act from day {days3} to day {days2} after their "
            "admission. Founders are not asked; whoever left counts as not retained.",
            days=days + 120,
            days2=days + 30,
            days3=days,
        ),
        found.rate,
        "ratio",
        _of(facts, found),
    )


def _kept(found: Retention) -> str:
    judged = len(found.judged)
    count = _("{kept} of {judged}", kept=found.kept, judged=judged)
    return f"{words.percent(found.rate)} ({count})" if judged else words.none()


def _admissions(facts: Facts, humans: Iterable[Human]) -> list[Log]:
    wanted = {human.id for human in humans}
    return [log for log in _first_admissions(facts) if log.event.args["id"] in wanted]


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
        _("Cohorts"),
        words.times(len(shown)),
        _(
            "The people admitted in each 30 days of the DAO's life, and how many of them "
            "acted from day 30 to 60 and from day 90 to 120 after their own admission; "
            "n/a while nobody's window is over."
        ),
        len(shown),
        "cohorts",
        (Source.of("MemberAdmitted", _first_admissions(facts)), *behind(facts.acts)),
        table=Table(
            [
                _("since"),
                _(">people"),
                _(">after 30 days"),
                _(">after 90 days"),
                _("who"),
            ],
            rows,
            data,
        ),
    )


def _first(facts: Facts, name: str, label: str, deed_words: str, deed: Deed) -> Figure:
    everyone = list(facts.people.values())
    waits = [human.first(deed) for human in everyone]
    half = median(waits)
    done = sum(wait is not None for wait in waits)
    return Figure(
        name,
        label,
        _(
            "median {days}; {done} of {count} so far",
            days=words.days(half),
            done=done,
            count=len(waits),
        ),
        _(
            "Median time from admission until people {deed_words}, founders included. "
            "Whoever has not yet counts as taking longer than everyone else; n/a while "
            "fewer than half have.",
            deed_words=deed_words,
        ),
        {"median": half, "done": done, "people": len(waits)},
        "seconds",
        behind(act for act in facts.acts if act.deed == deed),
    )
