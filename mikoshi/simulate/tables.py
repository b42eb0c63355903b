"""What a simulation did, as tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from mikoshi.chain.refusals import GAS_CAP
from mikoshi.simulate.changes import slot_name
from mikoshi.simulate.words import account, change, event_words, slot_word, word
from mikoshi.text.document import Chapter, Folded, Table
from mikoshi.text.language import _

if TYPE_CHECKING:
    from mikoshi.simulate.simulation import Simulation


def chapters(sim: Simulation) -> list[Chapter]:
    """Everything that the simulation did, people and money first; no chapter is empty."""
    moved = [_needs(sim), _money(sim), _pieces(sim), _roles(sim), _settings(sim)]
    details = [
        Folded(_("Events"), [_events(sim)], on_screen=True),
        Folded(_("Gas"), [_gas(sim)], on_screen=True),
        Folded(_("Storage"), [_storage(sim)]),
        Folded(_("Bytes"), [_bytes(sim)]),
    ]
    found = [
        Chapter("changes", _("People and money"), [each for each in moved if each.rows]),
        Chapter("calls", _("Calls"), [each for each in [_calls(sim)] if each.rows]),
        Chapter("details", _("Details"), [each for each in details if _has_rows(each)]),
    ]
    return [chapter for chapter in found if chapter.blocks]


def _has_rows(folded: Folded) -> bool:
    return any(isinstance(block, Table) and block.rows for block in folded.blocks)


def _calls(sim: Simulation) -> Table:
    failed = sim.reason.call if sim.reason else None
    rows: list[tuple[str, ...]] = []
    for call in sim.calls:
        result = _result(call.number, failed, sim.outcome.success)
        to = f"{account(call.step.target, sim.book)} [{call.target.word}]"
        rows.append((str(call.number), call.says, call.does, to, result))
    columns: tuple[str, ...] = (
        ">",
        _("the file says"),
        _("the bytes do"),
        _("target"),
        _("result"),
    )
    if sim.subject.made:
        columns, rows = (columns[0], *columns[2:]), [(row[0], *row[2:]) for row in rows]
    return Table(columns, rows)


def _result(number: int, failed: int | None, success: bool) -> str:
    if success:
        return _("done")
    if number == failed:
        return _("fails")
    return _("undone") if failed and number < failed else _("not reached")


def _needs(sim: Simulation) -> Table:
    rows = [
        (each.coin.show(each.needed), each.coin.show(each.held), each.coin.show(each.shortfall))
        for each in sim.needs
    ]
    columns = (
        _(">pays"),
        _(">treasury has"),
        _(">missing"),
    )
    return Table(columns, rows, title=_("Money needed"))


def _money(sim: Simulation) -> Table:
    rows = [
        (
            account(each.account, sim.book),
            *each.coin.told(each.before, each.after),
            change(each.change, each.coin),
        )
        for each in sim.movements
    ]
    columns = (
        _("who"),
        _(">before"),
        _(">after"),
        _(">change"),
    )
    return Table(columns, rows, title=_("Money"))


def _pieces(sim: Simulation) -> Table:
    book = sim.book
    rows = [
        (
            f"{account(each.contract, book)} {each.id}",
            f"{each.amount:,}",
            account(each.giver, book),
            account(each.taker, book),
        )
        for each in sim.pieces
    ]
    columns = (
        _("piece"),
        _(">amount"),
        _("from"),
        _("to"),
    )
    return Table(columns, rows, title=_("Tickets and other pieces"))


def _roles(sim: Simulation) -> Table:
    given, taken = _("given"), _("taken")
    rows = [
        (each.role, given if each.given else taken, account(each.holder, sim.book))
        for each in sim.roles
    ]
    columns = (_("role"), "", _("holder"))
    return Table(columns, rows, title=_("Roles"))


def _settings(sim: Simulation) -> Table:
    rows = [(each.setting, each.before, each.after) for each in sim.changes]
    columns = (_("setting"), _("before"), _("after"))
    return Table(columns, rows, title=_("Settings"))


def _events(sim: Simulation) -> Table:
    book = sim.book
    rows = [
        (str(number), account(log.event.address, book), event_words(log, book))
        for number, log in enumerate(sim.events, 1)
    ]
    columns = (">", _("contract"), _("event"))
    return Table(columns, rows)


def _storage(sim: Simulation) -> Table:
    columns = (
        _("contract"),
        _("slot"),
        _("before"),
        _("after"),
    )
    return Table(columns, list(_slots(sim)))


def _slots(sim: Simulation) -> Iterator[tuple[str, ...]]:
    for each in sim.outcome.storage:
        name = slot_name(each.address, each.slot, sim.book)
        slot = f"{slot_word(each.slot)} {name}".rstrip()
        yield account(each.address, sim.book), slot, word(each.before), word(each.after)


def _bytes(sim: Simulation) -> Table:
    rows = [
        (
            str(call.number),
            call.step.target,
            str(call.step.value),
            f"0x{call.step.data.hex()}",
        )
        for call in sim.calls
    ]
    columns = (">", _("target"), ">wei", _("data"))
    return Table(columns, rows)


def _gas(sim: Simulation) -> Table:
    columns = (_(">used"), _(">a transaction may have"))
    rows = [(f"{sim.outcome.gas:,}", f"{GAS_CAP:,}")]
    return Table(columns, rows)
