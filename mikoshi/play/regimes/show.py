"""A history on the screen: each month with its people and the alarms that rang."""

from __future__ import annotations

from mikoshi.chain.node import Node
from mikoshi.config.governance import AlarmsSection
from mikoshi.play.regimes.drill import OPTIONS, Look, known, look
from mikoshi.play.regimes.history import PlayedHistory, run
from mikoshi.play.regimes.regime import Regime
from mikoshi.play.regimes.shape import Shape
from mikoshi.report.report import DaoReport, build
from mikoshi.text.console import Console
from mikoshi.text.json import Json
from mikoshi.text.language import _, listed


def play(
    regime: Regime | Shape, seed: int, months: int | None, thresholds: AlarmsSection, out: Console
) -> tuple[Json, DaoReport]:
    """Play one history on a chain of its own and show it; the result and the last month's report.

    Raises NodeError and ToolMissingError.
    """
    with out.progress(_("months pass")), Node(OPTIONS) as node:
        history = run(regime, seed, node.rpc, months)
    looks = list(look(history, thresholds))
    out.table(
        (
            _(">month"),
            _(">members"),
            _(">acted in its 30 days"),
            _(">newcomers who stay"),
            _("alarms"),
        ),
        [_row(each) for each in looks],
    )
    result = {"regime": regime.name, "seed": seed, "months": [_as_json(each) for each in looks]}
    return result, _report(history, thresholds)


def _row(seen: Look) -> tuple[str, ...]:
    titles = listed(alarm.title for alarm in seen.alarms if alarm.rings)
    return str(seen.month), str(seen.members), _of(seen.acted), _of(seen.stay), titles or "–"


def _of(found: tuple[int, int]) -> str:
    part, whole = found
    return _("{part} of {whole}", part=part, whole=whole) if whole else "–"


def _as_json(seen: Look) -> Json:
    return {
        "month": seen.month,
        "members": seen.members,
        "acted": dict(zip(("people", "of"), seen.acted, strict=True)),
        "stay": dict(zip(("people", "of"), seen.stay, strict=True)),
        "ringing": [alarm.name for alarm in seen.alarms if alarm.rings],
    }


def _report(history: PlayedHistory, thresholds: AlarmsSection) -> DaoReport:
    *_, (month, rebuilt) = history.rebuilt()
    params = history.manifest.params
    return build(
        rebuilt.logs,
        rebuilt,
        month.time,
        known(history, thresholds),
        dao=params["name"],
        symbol=params["tokenSymbol"],
        chain_id=history.manifest.chain_id,
    )
