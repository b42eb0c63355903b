"""A report of the DAO on a session's chain, at its latest block or before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from mikoshi.chain.contract import Snapshot
from mikoshi.chain.rpc import RpcError
from mikoshi.context.context import Context, undisturbed
from mikoshi.replay.dao import RebuiltDao
from mikoshi.replay.logs import Log
from mikoshi.replay.outflow import Holding
from mikoshi.report.alarm import Alarm
from mikoshi.report.alarms import ringing
from mikoshi.report.holdings import read_holdings
from mikoshi.report.report import DaoReport, build
from mikoshi.text.errors import BadInputError
from mikoshi.text.language import N_
from mikoshi.text.units import format_time, normalize

_WHEN = N_('Give a block\'s number or a time such as "2026-11-24 14:00" (with Z behind it in UTC)')


class ReportMoment(NamedTuple):
    """When the report is for: the latest `block` at `time`, Unix seconds."""

    block: int
    time: int


def read_report(context: Context, at: str | None = None) -> DaoReport:
    """The report of a DAO `at` a block's number or a time; at the latest block if None.

    Raises BadInputError for a moment that is not in the DAO's life, RpcError, UnreachableError.
    """
    moment, logs, rebuilt = _upto(context, at)
    return build(
        logs,
        rebuilt,
        moment.time,
        context.session.config.alarms,
        _balances(context, moment),
        lambda wallet: context.names.get(wallet, ""),
        context.manifest.name,
        str(context.manifest.params["tokenSymbol"]),
        context.manifest.chain_id,
        context.session.command,
    )


def ringing_now(context: Context) -> list[Alarm]:
    """The alarms of a DAO that ring at its latest block. Raises RpcError, UnreachableError."""
    moment, logs, rebuilt = _upto(context, None)
    alarms, balances = context.session.config.alarms, _balances(context, moment)
    return ringing(logs, rebuilt, moment.time, alarms, balances)


def _upto(context: Context, at: str | None) -> tuple[ReportMoment, list[Log], RebuiltDao]:
    moment = _moment(context, at)
    rebuilt, core = context.rebuilt, set(context.index.core)
    with undisturbed():
        logs = [log for log in context.index.logs(upto=moment.block) if log.event.address in core]
    if moment.block < rebuilt.block:
        rebuilt = RebuiltDao.empty(rebuilt.dao, rebuilt.membership.voice, moment.block)
        rebuilt.take(logs)
    return moment, logs, rebuilt


def _moment(context: Context, at: str | None) -> ReportMoment:
    first, latest = (
        context.manifest.block or 0,
        ReportMoment(context.index.block, context.index.time),
    )
    if at is None:
        return latest
    plain = normalize(at).replace(",", "")
    if not plain.isdigit():
        return _at_time(context, context.past(at), first, latest)
    if not first <= int(plain) <= latest.block:
        raise BadInputError(
            "report.unknown-block",
            N_("--at must lie in the life of the DAO, got block {block:,}"),
            N_("its blocks are {first:,} … {latest:,}"),
            _WHEN,
            block=int(plain),
            first=first,
            latest=latest.block,
        )
    return ReportMoment(int(plain), Snapshot(context.session.rpc, int(plain)).time)


def _at_time(context: Context, time: int, first: int, latest: ReportMoment) -> ReportMoment:
    """The last block that is not after a time."""
    began = Snapshot(context.session.rpc, first).time
    if time < began:
        raise BadInputError(
            "report.before-the-creation",
            N_("--at must lie in the life of the DAO, got {asked}"),
            N_("it was created on {created}"),
            _WHEN,
            asked=format_time(time, latest.time),
            created=format_time(began, latest.time),
        )
    low, high = first, latest.block
    while low < high:
        middle = (low + high + 1) // 2
        if Snapshot(context.session.rpc, middle).time <= time:
            low = middle
        else:
            high = middle - 1
    return ReportMoment(low, time)


def _balances(context: Context, moment: ReportMoment) -> Sequence[Holding] | None:
    """The treasury's balances; None where the node no longer knows those of a past block."""
    transfers = context.index.logs(names=["Transfer"], upto=moment.block)
    try:
        return read_holdings(context.book, transfers, Snapshot(context.session.rpc, moment.block))
    except RpcError:
        if moment.block == context.index.block:
            raise
        return None
