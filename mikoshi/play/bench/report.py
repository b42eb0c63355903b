"""What a run measured, as benchmarks/gas.json keeps it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from mikoshi.play.bench.operations import ARAGON, KIT, OPERATIONS, WIZARD
from mikoshi.text.errors import ProblemError
from mikoshi.text.language import N_
from mikoshi.text.paths import ROOT

REPORT = ROOT / "benchmarks" / "gas.json"
PEERS = ROOT / "benchmarks" / "peers.json"


@dataclass(frozen=True, slots=True)
class GasReport:
    """Settings of the run, bytes of each contract, and gas of each operation.

    `operations` maps each name to {"mikoshi": gas, "oz_wizard": gas or None, "aragon": gas or
    None, "target": gas or None}.
    """

    settings: dict[str, Any]
    code_size: dict[str, int]
    operations: dict[str, dict[str, int | None]]

    @classmethod
    def of(
        cls,
        settings: dict[str, Any],
        code_size: dict[str, int],
        gas: Mapping[str, Mapping[str, int]],
    ) -> GasReport:
        """A report of the gas of each side, by its name and the operation's."""
        operations = {
            name: {
                KIT: gas[KIT][name],
                WIZARD: gas[WIZARD].get(name),
                ARAGON: gas[ARAGON].get(name),
                "target": operation.target,
            }
            for name, operation in OPERATIONS.items()
            if name in gas[KIT] or not operation.scale
        }
        return cls(settings, code_size, operations)

    @classmethod
    def load(cls, path: Path = REPORT) -> GasReport:
        """A report that was saved. Raises OSError and ValueError."""
        return cls(**json.loads(path.read_text("utf-8")))

    def save(self, path: Path = REPORT) -> None:
        """Write it; the same measurements give the same bytes."""
        path.write_text(json.dumps(asdict(self), indent=2) + "\n", "utf-8")


def differences(before: GasReport, after: GasReport) -> list[ProblemError]:
    """Every value that is not the same, each with what it was and is.

    What is measured among 50,000 members alone is compared where it was measured now.
    """
    old, new = dict(_flat(asdict(before))), dict(_flat(asdict(after)))
    for name in (each for each in OPERATIONS if OPERATIONS[each].scale):
        if name not in after.operations:
            old = {key: value for key, value in old.items() if f".{name}." not in key}
    return [
        ProblemError(
            "bench.figure-differs",
            N_("{figure}: {before} → {after}"),
            figure=key,
            before=_shown(old.get(key)),
            after=_shown(new.get(key)),
        )
        for key in dict.fromkeys([*old, *new])
        if old.get(key) != new.get(key)
    ]


def _flat(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if not isinstance(value, dict):
        yield path, value
        return
    for key, inner in value.items():
        yield from _flat(inner, f"{path}.{key}" if path else key)


def _shown(value: Any) -> str:
    return "–" if value is None else f"{value:,}" if type(value) is int else str(value)


@dataclass(frozen=True, slots=True)
class Published:
    """The lowest figure of TARGETS.md for an operation, and whose it is."""

    peer: str
    gas: int


def published() -> dict[str, Published]:
    """The best peer by operation, as measured once before the project; not part of a run."""
    figures = json.loads(PEERS.read_text("utf-8"))["operations"]
    return {
        name: min((Published(peer, gas) for peer, gas in row.items()), key=lambda each: each.gas)
        for name, row in figures.items()
    }
