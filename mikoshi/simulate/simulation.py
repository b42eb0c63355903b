"""What a proposal does, tried on a fork, and what there is to say about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from mikoshi.check.parameters import Change
from mikoshi.check.report import Difference
from mikoshi.context.address_book import AddressBook
from mikoshi.replay.logs import Log
from mikoshi.simulate.calls import SimulatedCall
from mikoshi.simulate.changes import RoleChange, SetBack
from mikoshi.simulate.fork import ForkOutcome
from mikoshi.simulate.money import MovedNft, Movement, Need, Runway
from mikoshi.simulate.reasons import Reason
from mikoshi.simulate.stage import Prior
from mikoshi.simulate.subject import SimulationSubject
from mikoshi.text.document import Chapter
from mikoshi.text.errors import ProblemError, Words
from mikoshi.text.json import plain
from mikoshi.text.language import _, listed, ngettext
from mikoshi.text.units import format_when

Level = Literal["failure", "warning", "info"]

LEVELS: tuple[Level, ...] = ("failure", "warning", "info")
"""The levels of findings, the gravest first."""


class Finding:
    """Something to say about a proposal; a failure is a reason not to send it.

    It has a kind and data as refusals have, and is put into words whenever it is read.
    """

    def __init__(self, level: Level, kind: str, text: str, /, **data: object) -> None:
        self.level = level
        self.kind = kind
        self.data = data
        self._words = Words(text, **data)

    def __str__(self) -> str:
        return str(self._words)

    def as_json(self) -> dict[str, Any]:
        """The finding for programs."""
        data = plain(self.data, None)
        return {"level": self.level, "kind": self.kind, "data": data, "text": str(self)}


@dataclass
class Simulation:
    """A proposal of a `dao`, which is a name, executed on a copy of the chain at `block`.

    `book` names addresses as they are afterwards, while the copy exists, and `parameters` are
    `IDAOFactory.Params` then, as they were asked for last; `later` says by call what of it waits.
    `reason` is why it fails; then nothing changes. `findings` are in order of the checks, each
    with the check's name; `chapters` and `entries` are everything else, for people and for
    programs.
    """

    dao: str
    subject: SimulationSubject
    book: AddressBook
    chain_id: int
    block: int
    outcome: ForkOutcome
    reason: Reason | None
    calls: list[SimulatedCall]
    prior: list[tuple[Prior, Reason | None]]
    events: list[Log]
    needs: list[Need]
    movements: list[Movement]
    pieces: list[MovedNft]
    runways: list[Runway]
    roles: list[RoleChange]
    changes: list[Change]
    set_backs: list[SetBack]
    differences: list[Difference]
    parameters: Mapping[str, Any]
    later: list[tuple[int, ProblemError]]
    findings: list[tuple[str, Finding]] = field(default_factory=list)
    chapters: list[Chapter] = field(default_factory=list)
    entries: dict[str, Any] = field(default_factory=dict)

    @property
    def failed(self) -> bool:
        """Whether there is a reason not to send it."""
        return any(finding.level == "failure" for _, finding in self.findings)

    def of(self, level: Level) -> list[str]:
        """What there is to say at one level."""
        return [str(finding) for _, finding in self.findings if finding.level == level]

    @property
    def headline(self) -> str:
        """Whether it executes, in a line."""
        if not self.subject.steps and self.reason is None:
            return _("it only asks: nothing is executed")
        if self.reason is not None:
            why = next(iter(self.of("failure")), str(self.reason.problem))
            return _("fails when executed {when}: {why}", when=self._when, why=why)
        calls, events = len(self.calls), len(self.events)
        return _(
            "executes {when}: {calls}, {events}, {gas:,} gas",
            when=self._when,
            calls=ngettext("{count:,} call", "{count:,} calls", calls, count=calls),
            events=ngettext("{count:,} event", "{count:,} events", events, count=events),
            gas=self.outcome.gas,
        )

    @property
    def summary(self) -> list[str]:
        """Three lines: whether it executes, what it costs, what there is to say."""
        return [self.headline, self._money, self._verdict]

    def as_json(self) -> dict[str, Any]:
        """All of it for programs."""
        said = [{"check": name, **each.as_json()} for name, each in self.findings]
        return {
            "passed": not self.failed,
            **self.entries,
            "findings": said,
            "summary": self.summary,
        }

    @property
    def _when(self) -> str:
        return format_when(self.outcome.time, self.subject.now)

    @property
    def _money(self) -> str:
        treasury, paces = self.book.dao.treasury_address, {r.coin: r.words for r in self.runways}
        moved = [
            " → ".join(each.coin.told(each.before, each.after))
            + (f" ({paces[each.coin]})" if each.coin in paces else "")
            for each in self.movements
            if each.account == treasury and each.change
        ]
        if moved:
            return _("treasury: {moved}", moved=listed(moved))
        return _("no money of the treasury moves")

    @property
    def _verdict(self) -> str:
        failures, warnings, notes = (self.of(level) for level in LEVELS)
        first = next(iter([*failures, *warnings, *notes]), "")
        bad, doubtful, said = len(failures), len(warnings), len(notes)
        counts = listed(
            (
                ngettext("{count:,} failure", "{count:,} failures", bad, count=bad),
                ngettext("{count:,} warning", "{count:,} warnings", doubtful, count=doubtful),
                ngettext("{count:,} note", "{count:,} notes", said, count=said),
            )
        )
        return f"{counts}: {first}" if first else counts
