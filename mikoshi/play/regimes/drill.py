"""A drill: what the alarms of a report say at the end of each month of simulated histories."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial

from mikoshi.chain.node import Node, NodeOptions
from mikoshi.config.governance import AlarmsSection
from mikoshi.core import artifacts
from mikoshi.play.regimes.history import PlayedHistory, run
from mikoshi.play.regimes.regime import Regime
from mikoshi.play.regimes.shape import Shape
from mikoshi.replay.facts import Facts
from mikoshi.replay.membership import NOBODY
from mikoshi.report.activity import participation
from mikoshi.report.alarm import Alarm
from mikoshi.report.alarms import evaluate
from mikoshi.report.calendar import Calendar
from mikoshi.report.retention import staying

DYING = "dying"
"""The alarm that every collapse should ring, and no recovery."""

OPTIONS = NodeOptions(timestamp=1_800_000_000, block_seconds=1)
"""A node on which a seed gives the same history to the second, at the same addresses."""

_WORKERS = 2  # a node and its player use little more than one core


@dataclass(frozen=True)
class Look:
    """The end of a month, by its number from 1.

    Of `members` there are some who came before "lately"; in `acted` how many of these did something
    by their own hand since, and how many they are. In `stay` the same of the newcomers of 90 to
    270 days. In the month itself so many `hands` did something; it is `whole` if nobody was at rest
    in it, and `turned` if the regime had decided before its end.
    """

    month: int
    members: int
    acted: tuple[int, int]
    stay: tuple[int, int]
    hands: int
    whole: bool
    turned: bool
    alarms: list[Alarm]

    def rings(self, name: str = DYING) -> bool:
        """Whether an alarm rings."""
        return any(alarm.rings for alarm in self.alarms if alarm.name == name)


def known(history: PlayedHistory, thresholds: AlarmsSection | None = None) -> AlarmsSection:
    """The thresholds with the pauses of a history, where they have none."""
    limits = thresholds or AlarmsSection()
    return limits if limits.pause else limits.model_copy(update={"pause": history.pauses})


def look(history: PlayedHistory, thresholds: AlarmsSection | None = None) -> Iterator[Look]:
    """Each month in turn, seen from its end and with nothing that came after it."""
    limits = known(history, thresholds)
    start = history.months[0].time - history.regime.month
    for month, rebuilt in history.rebuilt():
        facts = Facts(rebuilt.logs, rebuilt, month.time)
        calendar = Calendar.of(facts, limits)
        asked, kept = participation(facts, calendar), staying(facts, calendar)
        yield Look(
            month.number,
            len(facts.members()),
            (len(asked.members) - len(asked.silent), len(asked.members)),
            (kept.kept, len(kept.judged)),
            len(_hands(history, start, month.time)),
            all(month.time <= begin or end <= start for begin, end in history.pauses),
            month.time > history.turn,
            evaluate(facts, limits),
        )
        start = month.time


def _hands(history: PlayedHistory, start: int, end: int) -> set[str]:
    """The wallets whose owners voted, proposed or lent their voice in (`start`, `end`].

    Read from the events as they are, so that the alarms' own counts do not judge the alarms.
    """
    by = {"VoteCast": "voter", "ProposalCreated": "proposer", "DelegateChanged": "delegator"}
    return {
        log.event.args[by[log.event.name]]
        for log in history.logs
        if start < log.time <= end
        and log.event.name in by
        and log.event.args.get("toDelegate") != NOBODY
    }


def drill(
    regime: Regime | Shape,
    seeds: Iterable[int],
    months: int | None = None,
    thresholds: AlarmsSection | None = None,
) -> list[list[Look]]:
    """The months of one history for each seed, on nodes of their own. Raises NodeError."""
    artifacts.project()  # compiled here, so that no worker has to
    chosen = list(seeds)
    parts = [chosen[first::_WORKERS] for first in range(_WORKERS)]
    with ProcessPoolExecutor(_WORKERS) as pool:
        done = pool.map(partial(_drill, regime, months, thresholds), parts)
        seen = {seed: looks for part in done for seed, looks in part.items()}
    return [seen[seed] for seed in chosen]


def _drill(
    regime: Regime | Shape, months: int | None, thresholds: AlarmsSection | None, seeds: list[int]
) -> dict[int, list[Look]]:
    seen = {}
    with Node(OPTIONS) as node:
        for seed in seeds:
            with node.rpc.isolate():
                seen[seed] = list(look(run(regime, seed, node.rpc, months), thresholds))
    return seen
