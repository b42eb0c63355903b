"""The figures about deciding: the quorum's distance, here and in an ordinary kit."""

from __future__ import annotations

from dataclasses import asdict

from mikoshi.config.danger import FEWEST
from mikoshi.replay.facts import MONTH, QUARTER, Facts
from mikoshi.report import words
from mikoshi.report.calendar import Calendar
from mikoshi.report.figure import Figure
from mikoshi.report.months import day
from mikoshi.report.names import Names
from mikoshi.report.sources import announced, behind
from mikoshi.report.turnout import Reach, reach
from mikoshi.text.document import Table
from mikoshi.text.language import _
from mikoshi.text.units import format_amount, format_percent
from mikoshi.words import heads
from mikoshi.words.power import lasting_now

_WIZARD = 400
"""The quorum that OpenZeppelin's contracts wizard offers, in bps of the total supply."""


def deciding(facts: Facts, names: Names, calendar: Calendar) -> list[Figure]:
    """Whether those who still act can decide anything."""
    if not facts.members():
        return []
    found = reach(facts, calendar)
    return [
        _distance(facts, found),
        _lasting(facts),
        _silent(facts, found, names),
        _ordinary(facts, found),
    ]


def _too_early(facts: Facts, found: Reach) -> str:
    """What is said of a DAO whose people have had no time to act; "" of any other."""
    if found.passes or facts.age >= MONTH:
        return ""
    return _("too early to say: founded less than 30 days ago")


def _lasting(facts: Facts) -> Figure:
    found = lasting_now(facts.rebuilt, facts.now)
    return Figure(
        "lasting",
        _("Who could hold power for ever"),
        found.text,
        _(
            "So many awake members, voting alike, could decide something in one vote that nobody "
            "opposed, and win every later vote with the most voice that a member can have, "
            "whatever the others do. It counts the seats that votes can give in 30 days, and is "
            "fewer if silent members wake on their side. Where as many as can decide at all are "
            "enough, in a DAO of {fewest} or more, the quorum is dangerous.",
            fewest=FEWEST,
        ),
        asdict(found) | {"dangerous": found.dangerous},
        "people",
        announced(facts, "governor", "SettingsChanged"),
        note=_("this quorum is dangerous") if found.dangerous else "",
    )


def _distance(facts: Facts, found: Reach) -> Figure:
    governor = facts.rebuilt.governor
    rules = governor.settings_at(facts.now)
    quorum, floor = (format_percent(rules[name]) for name in ("quorumBps", "floorBps"))
    return Figure(
        "quorum",
        _("Distance to the quorum"),
        _(
            "{needed} of {awake} awake are needed; those who still act speak for {spoken}",
            needed=found.needed,
            awake=found.awake,
            spoken=found.spoken,
        ),
        _(
            "People that a proposal made now would need: max(⌈{quorum} of the awake⌉, "
            "⌈{floor} of the counted⌉, 2 if two are awake). Against it, what is worse: the members "
            "spoken for (themselves and who delegated to them) by the active members who lately "
            "did something by their own hand, or those that For and Abstain spoke for in the best "
            "of the last three votes.",
            quorum=quorum,
            floor=floor,
        ),
        {
            "needed": found.needed,
            "spoken": found.spoken,
            "acting": found.acting,
            "voted": found.voted,
            "awake": found.awake,
            "counted": found.counted,
        },
        "people",
        behind(facts.since(QUARTER)),
    )


def _silent(facts: Facts, found: Reach, names: Names) -> Figure:
    last = facts.rebuilt.membership.members
    ids = [human.id for human in found.lapsable]
    if found.passes:
        passes = _("yes, a proposal can still pass")
    elif found.still:
        passes = _("no: nothing can be decided until somebody returns, delegates or lapses")
    else:
        passes = _("no: nothing can be decided until somebody returns")
    lapses = (
        _(
            "{people} could be let lapse, and {after} instead of {needed} would do",
            people=heads(len(ids)),
            after=found.needed_after,
            needed=found.needed,
        )
        if found.needed_after < found.needed
        else _(
            "{people} could be let lapse, and {needed} would still be needed",
            people=heads(len(ids)),
            needed=found.needed,
        )
    )
    return Figure(
        "silent",
        _("If the silent stay silent"),
        _too_early(facts, found)
        or (
            _("{passes}; {lapses}", passes=passes, lapses=lapses) if ids and found.still else passes
        ),
        _(
            "Whether those that a proposal can count on, by the last three votes or by who acted "
            "lately, reach the quorum without anybody else. Anyone may let an active member lapse "
            "who has not acted for as long as the settings say and 30 days more; they stay "
            "members and leave the quorum's count. Listed are those for whom nobody "
            "speaks who still acts."
        ),
        {"passes": found.passes, "lapsable": ids, "needed_after": found.needed_after},
        "",
        behind(facts.since(QUARTER)),
        table=Table(
            [_("could lapse"), _("last act")],
            [[names.full(number), day(last[number].last_act)] for number in ids],
            [{"member": number, "last_act": last[number].last_act} for number in ids],
        ),
    )


def _ordinary(facts: Facts, found: Reach) -> Figure:
    """What those who still act could decide elsewhere."""
    governor, token = facts.rebuilt.governor, facts.rebuilt.token
    own = governor.settings_at(facts.now)["quorumBps"]
    held = sum(token.balances.get(human.wallet, 0) for human in found.still)
    tickets, people = len(facts.members()), len(found.still)
    rows, data = [], []

    def add(kit: str, needed: int, has: int, shown: tuple[str, str], passes: bool) -> None:
        rows.append([kit, *shown, words.yes(passes)])
        data.append({"kit": kit, "needed": str(needed), "has": str(has), "passes": passes})

    for bps in dict.fromkeys((_WIZARD, own)):
        needed = -(-token.supply * bps // 10_000)
        amounts = tuple(format_amount(each, "", digits=5).strip() for each in (needed, held))
        add(
            _("votes by token, quorum {share} of all tokens", share=format_percent(bps)),
            needed,
            held,
            (amounts[0], amounts[1]),
            bool(token.supply) and held >= needed,
        )
    needed = -(-tickets * own // 10_000)
    add(
        _("one ticket one vote, quorum {share} of all tickets", share=format_percent(own)),
        needed,
        people,
        (heads(needed), heads(people)),
        people >= needed,
    )
    add(
        "Mikoshi",
        found.needed,
        found.spoken,
        (heads(found.needed), heads(found.spoken)),
        found.passes,
    )
    able = sum(row["passes"] is True for row in data[:-1])
    return Figure(
        "ordinary_kit",
        _("In an ordinary kit"),
        _too_early(facts, found)
        or _(
            "a proposal could pass in {able} of {kits} ordinary kits",
            able=able,
            kits=len(data) - 1,
        ),
        _(
            "An ordinary kit is a Governor with a quorum that is a fixed share of "
            "everything ever issued and not burned, whoever holds it: the dormant, those "
            "who left, the treasury. Shown are the 4 % that OpenZeppelin's contracts "
            "wizard offers and this DAO's own share, by tokens and by tickets. Against "
            "each: what the people hold who acted lately, all of them voting."
        ),
        {"able": able, "kits": len(data) - 1},
        "kits",
        (
            *announced(facts, "token", "Transfer"),
            *behind(facts.since(QUARTER)),
        ),
        table=Table(
            [
                _("kit"),
                _(">quorum"),
                _(">those who act have"),
                _("can decide"),
            ],
            rows,
            data,
        ),
    )
