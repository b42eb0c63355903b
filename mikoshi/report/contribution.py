"""The section about contribution: what was rewarded, what it cost, and how it is spread."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from mikoshi.replay.facts import QUARTER, Facts, GivenReward
from mikoshi.report import words
from mikoshi.report.figure import Figure, ReportSection, Source
from mikoshi.report.formulas import gini, nakamoto, share
from mikoshi.report.months import months, spread
from mikoshi.report.names import Names
from mikoshi.report.sources import named
from mikoshi.report.value import value
from mikoshi.text.document import Chart, Table
from mikoshi.text.json import Json
from mikoshi.text.language import _
from mikoshi.text.units import format_amount
from mikoshi.words import heads, points

_WEI = 10**18


def contribution(facts: Facts, names: Names) -> ReportSection:
    """Everything about rewards."""
    figures = [
        _rewards(facts, names),
        _kinds(facts),
        _concentration(facts, names),
        value(facts),
    ]
    missing = [
        _("works, reviews and products (Work)"),
        _("rewards from other systems (RewardBatches)"),
        _("badges (Badges)"),
        _("perks (Perks)"),
    ]
    return ReportSection("contribution", _("Contribution"), figures, missing)


def _behind(rewards: Iterable[GivenReward]) -> tuple[Source, ...]:
    """The events that gave these rewards, by name."""
    return named(log for reward in rewards for log in reward.logs)


def _rewards(facts: Facts, names: Names) -> Figure:
    lately = [each for each in facts.rewards if each.time > facts.now - QUARTER]
    people, calendar = {each.member for each in facts.rewards}, months(facts)
    merit, paid = _sums(facts.rewards)
    return Figure(
        "rewards",
        _("Rewards"),
        _(
            "{rewards} to {people}: {merit} of merit, {tokens}; in the last 90 days: {lately}",
            rewards=len(facts.rewards),
            people=heads(len(people)),
            merit=points(merit),
            tokens=names.tokens(paid),
            lately=len(lately),
        ),
        _(
            "A reward is what one transaction gave one member for one kind of "
            "contribution: merit credited and tokens newly minted to the member's "
            "wallet. What the creation minted is none, nor are tokens that members pass "
            "on."
        ),
        {
            "rewards": len(facts.rewards),
            "people": len(people),
            "points": str(merit),
            "tokens": str(paid),
            "lately": len(lately),
        },
        "rewards",
        _behind(facts.rewards),
        chart=Chart(
            _("Rewards in each 30 days"),
            [month.label for month in calendar],
            {
                _kind(kind): spread(calendar, (each.time for each in rewards))
                for kind, rewards in _by_kind(facts.rewards).items()
            },
            stacked=True,
        ),
    )


def _sums(rewards: Iterable[GivenReward]) -> tuple[int, int]:
    found = list(rewards)
    return sum(each.points for each in found), sum(each.tokens for each in found)


def _by_kind(rewards: Iterable[GivenReward]) -> dict[int, list[GivenReward]]:
    kinds: dict[int, list[GivenReward]] = defaultdict(list)
    for reward in rewards:
        kinds[reward.kind].append(reward)
    return dict(sorted(kinds.items()))


def _kind(kind: int) -> str:
    if kind == 0:
        return _("by a plain vote")
    return _("kind {kind}", kind=kind)


def _kinds(facts: Facts) -> Figure:
    kinds = _by_kind(facts.rewards)
    return Figure(
        "kinds",
        _("KPI: contributions and what they cost"),
        _("kinds: {count}", count=len(kinds)) if kinds else words.none(),
        _(
            "For each kind of contribution: rewards, people, merit and tokens given, "
            "tokens for one contribution (tokens / rewards), and contributions for 100 "
            "tokens. Where the cost is zero it prints n/a. Numbers of different kinds "
            "are not comparable, and that something was rewarded does not say that it "
            "caused anything."
        ),
        len(kinds),
        "kinds",
        _behind(facts.rewards),
        table=Table(
            [
                _("kind"),
                _(">rewards"),
                _(">people"),
                _(">merit"),
                _(">tokens"),
                _(">tokens for one"),
                _(">for 100 tokens"),
            ],
            [_row(kind, rewards) for kind, rewards in kinds.items()],
            [_data(kind, rewards) for kind, rewards in kinds.items()],
        ),
    )


def _row(kind: int, rewards: Sequence[GivenReward]) -> list[str]:
    merit, paid = _sums(rewards)
    each = format_amount(paid // len(rewards), "", 18, digits=4).strip()
    many = words.ratio(share(100 * _WEI * len(rewards), paid))
    return [
        _kind(kind),
        str(len(rewards)),
        str(len({each.member for each in rewards})),
        points(merit),
        format_amount(paid, "", 18, digits=4).strip(),
        each if paid else words.none(),
        many,
    ]


def _data(kind: int, rewards: Sequence[GivenReward]) -> dict[str, Json]:
    merit, paid = _sums(rewards)
    return {
        "kind": kind,
        "rewards": len(rewards),
        "people": len({each.member for each in rewards}),
        "points": str(merit),
        "tokens": str(paid),
        "tokens_each": str(paid // len(rewards)) if paid else None,
        "per_100_tokens": share(100 * _WEI * len(rewards), paid),
    }


def _concentration(facts: Facts, names: Names) -> Figure:
    given: dict[int, int] = defaultdict(int)
    for reward in facts.rewards:
        given[reward.member] += reward.points
    spread_, few = gini(list(given.values())), nakamoto(list(given.values()))
    ranked = sorted(given, key=lambda member: (-given[member], member))
    top = share(given[ranked[0]], sum(given.values())) if ranked else None
    return Figure(
        "concentration",
        _("Concentration of merit"),
        _(
            "{share} with one person, more than half with {people}; Gini {gini}",
            share=words.percent(top),
            people=heads(few or 0),
            gini=words.ratio(spread_),
        )
        if top is not None
        else words.none(),
        _(
            "Merit ever credited, without decay, by person: the largest share, the Gini "
            "coefficient over those who were rewarded, and the fewest people with more "
            "than half."
        ),
        {"top": top, "gini": spread_, "people": few, "member": ranked[0] if ranked else None},
        "ratio",
        _behind(each for each in facts.rewards if each.points),
        names.full(ranked[0]) if ranked else "",
        table=Table(
            [_("member"), _(">merit")],
            [[names.full(member), points(given[member])] for member in ranked[:10]],
            [{"member": member, "points": str(given[member])} for member in ranked],
        ),
    )
