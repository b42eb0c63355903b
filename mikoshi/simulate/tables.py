"""A simulation as tables: the same for the screen, for Markdown and for HTML."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from mikoshi.chain.node import TRANSACTION_GAS
from mikoshi.simulate.changes import slot_name
from mikoshi.simulate.simulation import Table
from mikoshi.simulate.words import account, change, event_words, slot_word, word
from mikoshi.text.language import pick

if TYPE_CHECKING:
    from mikoshi.simulate.simulation import Simulation


def tables(sim: Simulation) -> list[Table]:
    """Everything that the simulation did; no table is empty."""
    made = (_calls, _needs, _money, _pieces, _roles, _settings, _events, _gas, _storage, _bytes)
    return [table for make in made if (table := make(sim)).rows]


def _calls(sim: Simulation) -> Table:
    failed = sim.reason.call if sim.reason else None
    rows: list[tuple[str, ...]] = []
    for call in sim.calls:
        result = _result(call.number, failed, sim.outcome.success)
        to = f"{account(call.step.target, sim.book)} [{call.target.word}]"
        rows.append((str(call.number), call.says, call.does, to, result))
    columns: tuple[str, ...] = (
        ">",
        pick("the file says", "ファイルの記述"),
        pick("the bytes do", "実際の中身"),
        pick("target", "呼び出し先"),
        pick("result", "結果"),
    )
    if sim.subject.made:
        columns, rows = (columns[0], *columns[2:]), [(row[0], *row[2:]) for row in rows]
    return Table(pick("Calls", "呼び出し"), columns, rows)


def _result(number: int, failed: int | None, success: bool) -> str:
    if success:
        return pick("done", "成功")
    if number == failed:
        return pick("fails", "失敗")
    return pick("undone", "取り消し") if failed and number < failed else pick("not reached", "未達")


def _needs(sim: Simulation) -> Table:
    rows = [
        (each.coin.show(each.needed), each.coin.show(each.held), each.coin.show(each.shortfall))
        for each in sim.needs
    ]
    columns = (
        pick(">pays", ">支払い"),
        pick(">treasury has", ">残高"),
        pick(">missing", ">不足"),
    )
    return Table(pick("Money needed", "必要な資金"), columns, rows)


def _money(sim: Simulation) -> Table:
    rows = [
        (
            account(each.account, sim.book),
            each.coin.show(each.before),
            each.coin.show(each.after),
            change(each.change, each.coin),
        )
        for each in sim.movements
    ]
    columns = (
        pick("who", "だれ"),
        pick(">before", ">前"),
        pick(">after", ">後"),
        pick(">change", ">増減"),
    )
    return Table(pick("Money", "お金の動き"), columns, rows)


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
        pick("piece", "品目"),
        pick(">amount", ">数"),
        pick("from", "元"),
        pick("to", "先"),
    )
    return Table(pick("Tickets and other pieces", "会員証などの移動"), columns, rows)


def _roles(sim: Simulation) -> Table:
    given, taken = pick("given", "付与"), pick("taken", "取り消し")
    rows = [
        (each.role, given if each.given else taken, account(each.holder, sim.book))
        for each in sim.roles
    ]
    columns = (pick("role", "権限"), "", pick("holder", "保持者"))
    return Table(pick("Roles", "権限"), columns, rows)


def _settings(sim: Simulation) -> Table:
    rows = [(each.setting, each.before, each.after) for each in sim.changes]
    columns = (pick("setting", "設定"), pick("before", "前"), pick("after", "後"))
    return Table(pick("Settings", "設定"), columns, rows)


def _events(sim: Simulation) -> Table:
    book = sim.book
    rows = [
        (str(number), account(log.event.address, book), event_words(log, book))
        for number, log in enumerate(sim.events, 1)
    ]
    columns = (">", pick("contract", "コントラクト"), pick("event", "イベント"))
    return Table(pick("Events", "イベント"), columns, rows)


def _storage(sim: Simulation) -> Table:
    columns = (
        pick("contract", "コントラクト"),
        pick("slot", "スロット"),
        pick("before", "前"),
        pick("after", "後"),
    )
    return Table(pick("Storage", "ストレージ"), columns, list(_slots(sim)), is_detail=True)


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
    columns = (">", pick("target", "呼び出し先"), ">wei", pick("data", "データ"))
    return Table(pick("Bytes", "生データ"), columns, rows, is_detail=True)


def _gas(sim: Simulation) -> Table:
    columns = (pick(">used", ">使用"), pick(">a transaction may have", ">1つの取引の上限"))
    rows = [(f"{sim.outcome.gas:,}", f"{TRANSACTION_GAS:,}")]
    return Table(pick("Gas", "ガス"), columns, rows)
