"""A report of the DAO on a session's chain, at its latest block or before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from mikoshi.chain.rpc import RpcError
from mikoshi.chain.snapshot import Snapshot
from mikoshi.context.context import Desk
from mikoshi.replay.dao import RebuiltDao
from mikoshi.replay.outflow import Holding
from mikoshi.replay.voice import Voice
from mikoshi.report.holdings import read_holdings
from mikoshi.report.report import Report, build
from mikoshi.text.errors import BadInputError
from mikoshi.text.language import pick
from mikoshi.text.times import parse_past
from mikoshi.text.units import format_time, normalize


class Moment(NamedTuple):
    """When the report is for: the latest `block` at `time`, Unix seconds."""

    block: int
    time: int


def read_report(desk: Desk, at: str | None = None) -> Report:
    """The report of a DAO `at` a block's number or a time; at the latest block if None.

    Raises BadInputError for a moment that is not in the DAO's life, RpcError, UnreachableError.
    """
    moment = _moment(desk, at)
    core = [
        desk.manifest.shared["DAOFactory"],
        *(desk.book.parts[part] for part in ("treasury", "membership", "token", "governor")),
    ]
    logs = [log for log in desk.index.logs(upto=moment.block) if log.event.address in core]
    voice = Voice.of_params(desk.manifest.params["voice"])
    rebuilt = RebuiltDao.empty(desk.dao, voice, moment.block)
    rebuilt.take(logs)
    return build(
        logs,
        rebuilt,
        moment.time,
        desk.session.config.alarms,
        _balances(desk, moment),
        lambda wallet: desk.names.get(wallet, ""),
        desk.manifest.name,
        str(desk.manifest.params["tokenSymbol"]),
        desk.manifest.chain_id,
        desk.session.command,
    )


def _moment(desk: Desk, at: str | None) -> Moment:
    first, latest = desk.manifest.block or 0, Moment(desk.index.block, desk.index.time)
    if at is None:
        return latest
    plain = normalize(at).replace(",", "")
    if not plain.isdigit():
        return _at_time(desk, parse_past(at, latest.time), first, latest)
    if not first <= int(plain) <= latest.block:
        raise _outside(
            pick(f"block {int(plain):,}", f"ブロック {int(plain):,}"),
            pick(
                f"its blocks are {first:,} … {latest.block:,}",
                f"ブロックは {first:,} … {latest.block:,} です",
            ),
        )
    return Moment(int(plain), Snapshot(desk.session.rpc, int(plain)).time)


def _at_time(desk: Desk, time: int, first: int, latest: Moment) -> Moment:
    """The last block that is not after a time."""
    began = Snapshot(desk.session.rpc, first).time
    if time < began:
        moment = format_time(began, latest.time)
        raise _outside(
            format_time(time, latest.time),
            pick(f"it was created on {moment}", f"作成は {moment} です"),
        )
    low, high = first, latest.block
    while low < high:
        middle = (low + high + 1) // 2
        if Snapshot(desk.session.rpc, middle).time <= time:
            low = middle
        else:
            high = middle - 1
    return Moment(low, time)


def _balances(desk: Desk, moment: Moment) -> Sequence[Holding] | None:
    """The treasury's balances; None where the node no longer knows those of a past block."""
    transfers = desk.index.logs(names=["Transfer"], upto=moment.block)
    try:
        return read_holdings(desk.book, transfers, Snapshot(desk.session.rpc, moment.block))
    except RpcError:
        if moment.block == desk.index.block:
            raise
        return None


def _outside(asked: str, why: str) -> BadInputError:
    return BadInputError(
        pick(
            f"--at must lie in the life of the DAO, got {asked}",
            f"--at はDAOの作成後にしてください(今の値: {asked})",
        ),
        why,
        pick(
            'Give a block\'s number or a time such as "2026-11-24 14:00" (UTC)',
            "ブロック番号か「2026-11-24 14:00」(UTC)のような時刻を指定してください",
        ),
    )
