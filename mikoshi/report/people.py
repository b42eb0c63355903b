"""The section about people: who came, who stayed, who carries it."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict

from mikoshi.replay.facts import QUARTER, Deed, Facts
from mikoshi.replay.member import Standing
from mikoshi.report import words
from mikoshi.report.calendar import Calendar
from mikoshi.report.carrying import carrying
from mikoshi.report.figure import Figure, ReportSection, Source
from mikoshi.report.formulas import median
from mikoshi.report.months import months
from mikoshi.report.names import Names
from mikoshi.report.sources import announced, behind
from mikoshi.report.stayed import first_admissions, stayed
from mikoshi.text.document import Chart
from mikoshi.text.language import _, pgettext
from mikoshi.words import heads, standing_word
from mikoshi.words.power import returning

_GONE = (Standing.EXITED, Standing.BARRED)


def people(facts: Facts, names: Names, calendar: Calendar) -> ReportSection:
    """Everything about who is there and what they do."""
    figures = [
        _members(facts),
        _uncounted(facts),
        _joins(facts),
        _exits(facts),
        *stayed(facts, names, calendar),
        _first(
            facts,
            "first_vote",
            _("Time to the first vote"),
            _(
                "Median time from admission until people cast their first ballot, founders "
                "included. Whoever has not yet counts as taking longer than everyone else; "
                "n/a while fewer than half have."
            ),
            Deed.BALLOT,
        ),
        _first(
            facts,
            "first_reward",
            _("Time to the first reward"),
            _(
                "Median time from admission until people get their first merit or tokens, "
                "founders included. Whoever has not yet counts as taking longer than everyone "
                "else; n/a while fewer than half have."
            ),
            Deed.CONTRIBUTION,
        ),
        *carrying(facts, names, calendar),
    ]
    missing = [_("tasks and their claims (Work)")]
    return ReportSection("people", _("People"), figures, missing)


def _members(facts: Facts) -> Figure:
    counts = Counter(human.standing for human in facts.members())
    told = [f"{standing_word(each.name.lower())} {counts[each]}" for each in sorted(counts)]
    shown, total = months(facts), facts.rebuilt.membership.total
    entries = [total.at(month.end - 1) for month in shown]
    return Figure(
        "members",
        _("Members"),
        words.parts(heads(counts.total()), told),
        _(
            "People who hold a ticket now. Active: with a voice. Dormant: silent or "
            "resting, with ticket, record and claims. Newcomers: admitted without the "
            "charter, by buying a ticket or by coming back, without a voice until their "
            "season is over. Absent: dormant for a year more, not counted any more."
        ),
        {each.name.lower(): counts[each] for each in Standing if each.is_member},
        "people",
        announced(facts, "membership", "MemberAdmitted", "StandingChanged"),
        chart=Chart(
            _("Members at the end of each 30 days"),
            [month.last for month in shown],
            {
                pgettext("members", "counted"): [entry.counted for entry in entries],
                _("awake"): [entry.members for entry in entries],
            },
            lines=True,
        ),
    )


def _uncounted(facts: Facts) -> Figure:
    found = returning(facts.rebuilt, facts.now)
    return Figure(
        "uncounted",
        _("Not counted"),
        found.text,
        _(
            "Newcomers and the Absent hold a ticket and do not count for the floor of the "
            "quorum. A newcomer may wake once their season is over, the Absent at any time. "
            "Whoever left may come back as a newcomer, where tickets cannot be sold."
        ),
        asdict(found),
        "people",
        announced(facts, "membership", "MemberAdmitted", "StandingChanged"),
    )


def _joins(facts: Facts) -> Figure:
    first = first_admissions(facts)
    newcomers = facts.newcomers
    lately = sum(human.joined > facts.now - QUARTER for human in newcomers)
    return Figure(
        "joins",
        _("Joins"),
        _(
            "{newcomers} since the founding by {founders}; {lately} in the last 90 days",
            newcomers=len(newcomers),
            founders=heads(len(first) - len(newcomers)),
            lately=lately,
        ),
        _("First admissions of a person. Whoever returns is not counted again."),
        {"founders": len(first) - len(newcomers), "newcomers": len(newcomers), "lately": lately},
        "people",
        (Source.of("MemberAdmitted", first),),
    )


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
            "gone now: {gone} ({barred} barred); exits in all: {exits}, in the last 90 "
            "days: {lately}",
            gone=heads(left),
            barred=barred,
            exits=len(exits),
            lately=lately,
        ),
        _(
            "Ends of a membership: by the person's own will, by the sale of the ticket, "
            "or barred by a vote. Falling dormant is none."
        ),
        {"gone": left, "barred": barred, "exits": len(exits), "lately": lately},
        "people",
        (Source.of("StandingChanged", exits),),
    )


def _first(facts: Facts, name: str, label: str, definition: str, deed: Deed) -> Figure:
    everyone = list(facts.people.values())
    waits = [human.first(deed) for human in everyone]
    half = median(waits)
    done = sum(wait is not None for wait in waits)
    return Figure(
        name,
        label,
        _(
            "median {half}; {done} of {people} so far",
            half=words.days(half),
            done=done,
            people=len(waits),
        ),
        definition,
        {"median": half, "done": done, "people": len(waits)},
        "seconds",
        behind(act for act in facts.acts if act.deed == deed),
    )
