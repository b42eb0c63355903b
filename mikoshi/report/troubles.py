"""The alarms that say what is wrong with a DAO that may otherwise be well."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from mikoshi.config.governance import AlarmsSection
from mikoshi.replay.facts import MONTH, Facts
from mikoshi.replay.outflow import Holding, purses, shortest
from mikoshi.report import words
from mikoshi.report.activity import pillars, recent_load
from mikoshi.report.alarm import BPS, Alarm, ids, state_of
from mikoshi.report.calendar import Calendar
from mikoshi.report.signs import FEWEST_MEMBERS, quiet
from mikoshi.report.turnout import Reach, lapse_candidates, reach
from mikoshi.text.language import _
from mikoshi.text.units import format_amount, format_duration
from mikoshi.words import heads

_FEWEST_ACTS = 10
_AT_ONCE = 100
"""Members that a command names; the next report names the next."""


def _quorum(facts: Facts, limits: AlarmsSection) -> Alarm:
    least = Fraction(limits.quorum_margin, BPS)
    calendar = Calendar.of(facts, limits)
    found = reach(facts, calendar) if facts.members() else None
    margin = found.margin if found else None
    needed, awake = (found.needed, found.awake) if found else (0, 0)
    text = _(
        "who acted in the last {window} can speak for {acting}, and the best of the last three "
        "votes had {voted}; a quorum needs {needed} of {awake} awake ({margin}, threshold "
        "{threshold})",
        window=words.days(limits.window),
        acting=heads(found.acting if found else 0),
        voted=words.none() if found is None or found.voted is None else heads(found.voted),
        needed=needed,
        awake=awake,
        margin=words.percent(margin),
        threshold=words.percent(least),
    )
    whom, advice, command = _way_to_the_quorum(facts, calendar, found) if found else ((), "", "")
    return Alarm(
        "quorum",
        state_of(calendar.since(facts.created) >= MONTH, margin, lambda margin: margin < least),
        margin,
        least,
        text,
        whom,
        advice,
        command,
    )


def _way_to_the_quorum(
    facts: Facts, calendar: Calendar, found: Reach
) -> tuple[tuple[int, ...], str, str]:
    """Whom to turn to, with what, and the command for it."""
    if not found.still:
        advice = _(
            "ask one of these to vote on something (who is dormant wakes first): if "
            "everybody lapses before that, nobody is left awake to decide"
        )
        asking = _("What should we decide?")
        return tuple(pillars(facts)), advice, words.propose(asking)
    if found.needed_after < found.needed:
        count, after = len(found.lapsable), found.needed_after
        more = after - found.spoken
        if more > 0:
            advice = _(
                "let these {count} lapse (they stay members): the quorum falls to {needed}, "
                "for which {more} more must act",
                count=count,
                needed=after,
                more=more,
            )
        else:
            advice = _(
                "let these {count} lapse (they stay members): the quorum falls to {needed}",
                count=count,
                needed=after,
            )
        named = ids(found.lapsable)
        everybody = count == len(lapse_candidates(facts))  # whom the command alone would take
        return named, advice, " ".join(["lapse", *map(str, () if everybody else named[:_AT_ONCE])])
    silent = [human for human in facts.members() if not calendar.acted(human)]
    advice = _("ask these for their voice: a delegation counts for the quorum")
    return ids(silent), advice, "members list"


def _concentration(facts: Facts, limits: AlarmsSection) -> Alarm:
    found, most = recent_load(facts), Fraction(limits.busiest, BPS)
    top, factor = found.busiest_share, found.bus_factor
    text = _(
        "one person does {share} of what members did by their own hand in the last 90 days "
        "({acts} acts; threshold {most}); more than half of it comes from {bus_factor} (threshold "
        "{fewest})",
        share=words.percent(top),
        acts=len(found.acts),
        most=words.percent(most),
        bus_factor=words.none() if factor is None else heads(factor),
        fewest=limits.bus_factor,
    )
    enough = len(found.acts) >= _FEWEST_ACTS and len(facts.members()) >= FEWEST_MEMBERS
    carried = factor is not None and factor < limits.bus_factor
    return Alarm(
        "concentration",
        state_of(enough, top, lambda top: top > most or carried),
        top,
        most,
        text,
        tuple(found.carriers[:1] if top is not None and top > most else found.carriers),
        _("have them name a deputy for each thing that only they do, before they are tired"),
        words.propose(_("Who does what when they cannot?")),
    )


def _quiet_rewards(facts: Facts, limits: AlarmsSection) -> Alarm:
    rewarded = {reward.member for reward in facts.rewards}
    active = recent_load(facts).counts
    unthanked = [number for number in active if number not in rewarded]
    return quiet(
        facts,
        Calendar.of(facts, limits),
        "quiet_rewards",
        [reward.time for reward in facts.rewards],
        limits.quiet_rewards,
        unthanked or pillars(facts),
        _("propose a reward for what these did: thanks that nobody sees soon end")
        if active
        else _(
            "nobody has acted for 90 days: ask one of these for a small task, and "
            "propose a reward once it is done"
        ),
        words.propose(_("Thanks"), "reward"),
    )


def runway(facts: Facts, limits: AlarmsSection, holdings: Sequence[Holding] | None) -> Alarm:
    """How long the money lasts; `holdings` are the treasury's balances, None if not known."""
    first = shortest(purses(facts, holdings or (), limits.coins))
    lasts = first.runway if first else None
    if first is None:
        text = _("nothing was spent in the last 90 days")
    else:
        free = format_amount(first.free, first.holding.symbol, first.holding.decimals, 4)
        text = _(
            "{free} free lasts {runway} at the pace of the last {window} (threshold {threshold})",
            free=free,
            runway=words.days(lasts or 0),
            window=words.days(first.window),
            threshold=format_duration(limits.runway),
        )
    rings = lasts is not None and lasts < limits.runway
    return Alarm(
        "runway",
        state_of(holdings is not None and facts.age >= MONTH, rings, bool),
        lasts,
        limits.runway,
        text,
        tuple(pillars(facts)),
        _("decide what to stop or where income shall come from while there is still a choice"),
        words.propose(_("What we stop, what we earn")),
    )


TROUBLES = (_quorum, _concentration, _quiet_rewards)
"""In the order of the report; `runway` also needs the balances."""
