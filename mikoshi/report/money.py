"""The section about money: what is there, what is promised, what stands behind a membership."""

from __future__ import annotations

from collections.abc import Sequence

from mikoshi.replay.facts import Facts
from mikoshi.replay.outflow import Holding, Purse, commitments, outflow, purses, shortest
from mikoshi.report import words
from mikoshi.report.backing import backing_of_membership, backing_of_token
from mikoshi.report.coins import amount, each, keyed, moves, spending
from mikoshi.report.figure import Figure, ReportSection
from mikoshi.report.months import day
from mikoshi.report.names import Names
from mikoshi.report.sources import proposed
from mikoshi.text.document import Table
from mikoshi.text.json import Json
from mikoshi.text.language import _, pgettext
from mikoshi.text.people import short


def money(
    facts: Facts, names: Names, holdings: Sequence[Holding] | None, coins: Sequence[str] = ()
) -> ReportSection:
    """Everything about the treasury; `holdings` are its balances, None if they were not read.

    The `coins` are its own although no proposal has paid with them.
    """
    found = purses(facts, holdings or (), coins)
    figures = [
        _assets(holdings or (), found),
        _commitments(facts, found),
        _runway(found),
        _income(found),
        backing_of_membership(facts, found),
        backing_of_token(facts, names, found),
    ]
    missing = [
        _("shared revenue (RevenueShare)"),
        _("sale of memberships (Admission, MembershipAuction)"),
        _("budgets and royalties of products (Products)"),
    ]
    return ReportSection("money", pgettext("part of a report", "Money"), figures, missing)


def _assets(holdings: Sequence[Holding], found: Sequence[Purse]) -> Figure:
    others = [other for other in holdings if other not in [purse.holding for purse in found]]
    rows = [
        [
            _asset(purse.holding),
            amount(purse.holding.balance, purse.holding),
            amount(purse.committed, purse.holding),
            amount(purse.free, purse.holding),
            amount(purse.spent, purse.holding),
            words.days(purse.runway),
        ]
        for purse in found
    ] + [[_asset(other), amount(other.balance, other), "", "", "", ""] for other in others]
    data: list[dict[str, Json]] = [
        {
            "address": purse.holding.address or None,
            "symbol": purse.holding.symbol,
            "decimals": purse.holding.decimals,
            "balance": str(purse.holding.balance),
            "committed": str(purse.committed),
            "free": str(purse.free),
            "spent": str(purse.spent),
            "income": str(purse.income),
            "runway": purse.runway,
            "own": purse.own,
        }
        for purse in found
    ]
    data += [
        {"address": other.address, "symbol": other.symbol, "balance": str(other.balance)}
        for other in others
    ]
    window = found[0].window if found else 0
    return Figure(
        "assets",
        _("Assets"),
        each(found, [purse.holding.balance for purse in found]),
        _(
            "What the treasury holds at this block: ETH and every coin that a Transfer "
            "event ever named with it. The contribution token and collectibles (NFTs) "
            "are listed and not counted as money. No price is asked of anybody. Anyone "
            "can send a coin with any name: look at its address."
        ),
        keyed(found, [purse.holding.balance for purse in found]),
        _("smallest unit"),
        (moves(found, incoming=True), *spending(found)),
        table=Table(
            [
                _("asset"),
                _(">held"),
                _(">committed"),
                _(">free"),
                _(">spent in {window}", window=words.days(window)),
                _(">lasts"),
            ],
            rows,
            data,
        ),
    )


def _asset(holding: Holding) -> str:
    return f"{holding.symbol} ({short(holding.address)})" if holding.address else holding.symbol


def _commitments(facts: Facts, found: Sequence[Purse]) -> Figure:
    promised = commitments(facts)
    outflows = {
        p.id: [outflow(facts, p, purse.holding.address) for purse in found] for p in promised
    }
    return Figure(
        "commitments",
        _("Commitments"),
        each(found, [purse.committed for purse in found]),
        _(
            "What proposals that have passed, are not executed and have not expired "
            "would take out of the treasury, read from the bytes of their calls: ETH "
            "sent, transfer and transferFrom. What a called contract takes by itself is "
            "in no proposal."
        ),
        keyed(found, [purse.committed for purse in found]),
        _("smallest unit"),
        proposed(facts, {p.id for p in promised}),
        table=Table(
            [_("proposal"), _(">takes"), _("until")],
            [
                [words.title(p.description), each(found, outflows[p.id]), day(p.expiry)]
                for p in promised
            ],
            [
                {
                    "proposal": str(p.id),
                    "outflows": keyed(found, outflows[p.id]),
                    "expires": p.expiry,
                }
                for p in promised
            ],
        ),
    )


def _runway(found: Sequence[Purse]) -> Figure:
    first = shortest(found)
    return Figure(
        "runway",
        _("Runway"),
        f"{words.days(first.runway)} ({first.holding.symbol})"
        if first
        else _("n/a: nothing was spent"),
        _(
            "Free money (held − committed) divided by what was spent a day in the last "
            "90 days, or since the creation if that is less, but at least 30 days. Of "
            "several assets the one that ends first; of coins only those that proposals have paid "
            "with or dao.toml names. Income that may come is not counted."
        ),
        first.runway if first else None,
        "seconds",
        spending(found),
    )


def _income(found: Sequence[Purse]) -> Figure:
    return Figure(
        "income",
        _("Income"),
        _(
            "{income} since the founding; {paid} paid out",
            income=each(found, [purse.income for purse in found]),
            paid=each(found, [purse.paid for purse in found]),
        ),
        _(
            "Coins: the sum of the Transfer events to the treasury. ETH announces no "
            "event when it arrives; its income is what is held plus what executed "
            "proposals sent, over the whole life of the DAO (what a called contract sent "
            "back counts as income)."
        ),
        keyed(found, [purse.income for purse in found]),
        _("smallest unit"),
        (moves(found, incoming=True), *spending(found)),
    )
