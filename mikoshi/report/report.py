"""The whole report of a DAO at one moment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from mikoshi.config.governance import AlarmsSection
from mikoshi.replay.dao import RebuiltDao
from mikoshi.replay.facts import Facts
from mikoshi.replay.logs import Log
from mikoshi.replay.outflow import Holding
from mikoshi.report.alarm import Alarm
from mikoshi.report.alarms import evaluate
from mikoshi.report.calendar import Calendar
from mikoshi.report.contribution import contribution
from mikoshi.report.figure import ReportSection
from mikoshi.report.limits import limits
from mikoshi.report.money import money
from mikoshi.report.names import Names
from mikoshi.report.pace import pace
from mikoshi.report.people import people
from mikoshi.report.voice import voice
from mikoshi.text import language
from mikoshi.text.json import Json, entries_of, plain
from mikoshi.text.language import Language, current

FORMAT = 1


@dataclass(frozen=True)
class DaoReport:
    """What the events of a DAO tell at `facts.now`, in the language in which it was built.

    `command` gives the full command line of a command's name.
    """

    facts: Facts
    names: Names
    calendar: Calendar
    sections: Sequence[ReportSection]
    alarms: Sequence[Alarm]
    language: Language
    chain_id: int
    command: Callable[[str], str]

    @property
    def ringing(self) -> list[Alarm]:
        """The alarms that ring."""
        return [alarm for alarm in self.alarms if alarm.rings]

    def as_json(self) -> Json:
        """The report for programs. Ratios are 0 … 1, durations seconds, times Unix seconds."""
        return {
            "format": FORMAT,
            **entries_of(
                self,
                "dao=names.dao language chain_id block=facts.rebuilt.block time=facts.now "
                "treasury=facts.dao.treasury_address",
            ),
            "ringing": [alarm.name for alarm in self.ringing],
            "alarms": [
                {
                    **entries_of(alarm, "name title state value threshold text"),
                    "whom": [self.names.as_json(member) for member in alarm.whom],
                    "advice": alarm.advice,
                    "command": self.command(alarm.command),
                }
                for alarm in self.alarms
            ],
            "sections": plain(self.sections),
        }


def build(
    logs: Iterable[Log],
    rebuilt: RebuiltDao,
    now: int,
    thresholds: AlarmsSection | None = None,
    balances: Sequence[Holding] | None = None,
    name_of: Callable[[str], str] = lambda _: "",
    dao: str = "",
    symbol: str = "",
    chain_id: int = 0,
    command: Callable[[str], str] = language.command,
) -> DaoReport:
    """The report at `now` (Unix seconds), in the language spoken now.

    `rebuilt` has taken exactly `logs`, and none of them is after `now`. `balances` are the
    treasury's then; without them nothing is said about money that only the chain knows. `name_of`
    names the owner of a wallet, `dao` is the DAO's name, `symbol` its contribution token's, and
    `command` makes a command line of a command's name.
    """
    facts, settings = Facts(logs, rebuilt, now), thresholds or AlarmsSection()
    names, calendar = Names(facts, name_of, dao, symbol), Calendar.of(facts, settings)
    sections = [
        people(facts, names, calendar),
        voice(facts, names, calendar),
        contribution(facts, names),
        money(facts, names, balances, settings.coins),
        pace(facts),
        limits(facts, names),
    ]
    alarms = evaluate(facts, settings, balances)
    return DaoReport(facts, names, calendar, sections, alarms, current(), chain_id, command)
