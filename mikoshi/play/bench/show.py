"""The tables that `make bench` prints."""

from __future__ import annotations

from rich.table import Table
from rich.text import Text

from mikoshi.play.bench.explain import Explanation
from mikoshi.play.bench.operations import ARAGON, KIT, OPERATIONS, WIZARD
from mikoshi.play.bench.report import REPORT, GasReport, Published, published
from mikoshi.text.console import Console
from mikoshi.text.errors import BadInputError, CheckFailedError, ProblemError, Words
from mikoshi.text.language import N_, _, listed


def show_report(out: Console, report: GasReport) -> None:
    """Gas of each operation beside the peers', what it must stay below, and sizes of code."""
    rows = published()
    table = _table(
        _("Operation"),
        ">Mikoshi",
        _(">OZ wizard"),
        ">Aragon",
        _(">Best published"),
        _(">Ratio"),
        _(">Target"),
        "",
    )
    for name, row in report.operations.items():
        gas, wizard, aragon, target = row[KIT], row[WIZARD], row[ARAGON], row["target"]
        assert gas is not None
        other = rows[name].gas if name in rows else None
        peers = [figure for figure in (wizard, aragon, other) if figure is not None]
        table.add_row(
            _(OPERATIONS[name].title),
            _number(gas),
            _number(wizard),
            _number(aragon),
            _number(other),
            f"{gas / min(peers):.2f}" if peers else "–",
            _number(target),
            _verdict(gas, target),
        )
    out.show(table)
    out.say(_footnote(rows))
    sizes = _table(_("Contract"), _(">Bytes of code"))
    for name, size in report.code_size.items():
        sizes.add_row(name, _number(size))
    out.show(sizes)
    words = ", ".join(f"{key} {value}" for key, value in report.settings.items())
    out.say(words, style="dim")


def show_explanation(out: Console, explained: Explanation) -> None:
    """Where an operation's gas goes."""
    table = _table(
        _(OPERATIONS[explained.name].title),
        _(">Times"),
        _(">Gas"),
        _(">Each"),
    )
    people = explained.shared_by
    for name, part in sorted(explained.parts.items(), key=lambda each: -each[1].gas):
        table.add_row(name, _number(part.times), _number(part.gas), f"{part.gas / people:,.1f}")
    total = explained.total
    table.add_row(_("all"), "", _number(total), f"{total / people:,.1f}")
    out.show(table)


def failure(changed: list[ProblemError]) -> CheckFailedError:
    """A run that differs from the report that was kept."""
    return CheckFailedError(
        "bench.differs",
        N_("Other figures than in {name}: {count}"),
        [each.words for each in changed],
        N_("If they are meant, run `make bench` and keep the new file"),
        name=REPORT.name,
        count=len(changed),
        changed=changed,
    )


def unknown(name: str) -> BadInputError:
    """A name that no operation has."""
    return BadInputError(
        "bench.unknown-operation",
        N_("No operation is called {name}"),
        Words("one of {names}", names=listed(OPERATIONS)),
        N_("Give one of these to --explain"),
        name=name,
        known=list(OPERATIONS),
    )


def _footnote(rows: dict[str, Published]) -> str:
    peers = ", ".join(dict.fromkeys(each.peer for each in rows.values()))
    return _(
        "Mikoshi, the OZ wizard's DAO and Aragon's were measured in this run. Best published: "
        "{peers}, from benchmarks/peers.json, not measured here.",
        peers=peers,
    )


def _verdict(gas: int, target: int | None) -> Text:
    if target is None:
        return Text("")
    if gas <= target:
        return Text(_("reached"), style="green")
    over = gas - target
    return Text(_("missed by {over:,}", over=over), style="red")


def _number(value: int | None) -> str:
    return "–" if value is None else f"{value:,}"


def _table(*columns: str) -> Table:
    table = Table(box=None)
    for column in columns:
        table.add_column(column.lstrip(">"), justify="right" if column.startswith(">") else "left")
    return table
