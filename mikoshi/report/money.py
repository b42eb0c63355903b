"""The section about money: what is there, what is promised, what stands behind a membership."""

from __future__ import annotations

from collections.abc import Sequence

from mikoshi.replay.facts import Facts
from mikoshi.replay.outflow import Holding, Purse, commitments, outflow, purses, shortest
from mikoshi.report import words
from mikoshi.report.backing import backing_of_membership, backing_of_token
from mikoshi.report.coins import amount, each, keyed, moves, spending
from mikoshi.report.figure import Figure, Json, ReportSection, Source, Table
from mikoshi.report.months import day
from mikoshi.report.names import Names
from mikoshi.text.language import pick
from mikoshi.text.people import short


def money(facts: Facts, names: Names, holdings: Sequence[Holding] | None) -> ReportSection:
    """Everything about the treasury; `holdings` are its balances, None if they were not read."""
    found = purses(facts, holdings or ())
    figures = [
        _assets(holdings or (), found),
        _commitments(facts, found),
        _runway(found),
        _income(found),
        backing_of_membership(facts, found),
        backing_of_token(facts, names, found),
    ]
    missing = [
        pick("shared revenue (RevenueShare)", "収益の分配(RevenueShare)"),
        pick("sale of memberships (Admission, MembershipAuction)", "会員証の販売・オークション"),
        pick("budgets and royalties of products (Products)", "プロダクトの予算・ロイヤルティ"),
    ]
    return ReportSection("money", pick("Money", "お金"), figures, missing)


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
        pick("Assets", "資産"),
        each(found, [purse.holding.balance for purse in found]),
        pick(
            "What the treasury holds at this block: ETH and every coin that a Transfer event ever"
            " named with it. The contribution token and collectibles (NFTs) are listed and not"
            " counted as money. No price is asked of anybody. Anyone can send a coin with any name:"
            " look at its address.",
            "このブロックでトレジャリーが持つもの: ETH と、Transfer イベントで関わったコイン。貢献"
            "トークンと NFT は一覧に載せますが、お金には数えません。価格は問い合わせません。"
            "コインの名前はだれでも付けられるので、アドレスを確かめてください。",
        ),
        keyed(found, [purse.holding.balance for purse in found]),
        pick("smallest unit", "最小単位"),
        (moves(found, incoming=True), *spending(found)),
        table=Table(
            [
                pick("asset", "資産"),
                pick(">held", ">保有"),
                pick(">committed", ">約束済み"),
                pick(">free", ">自由"),
                pick(f">spent in {words.days(window)}", f">{words.days(window)}の支出"),
                pick(">lasts", ">もつ期間"),
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
    passed = {p.id for p in promised}
    created = facts.events(facts.dao.governor_address, "ProposalCreated")
    return Figure(
        "commitments",
        pick("Commitments", "約束済みの支出"),
        each(found, [purse.committed for purse in found]),
        pick(
            "What proposals that have passed, are not executed and have not expired would take out"
            " of the treasury, read from the bytes of their calls: ETH sent, transfer and"
            " transferFrom. What a called contract takes by itself is in no proposal.",
            "可決され、まだ実行も失効もしていない提案が、トレジャリーから出すもの。呼び出しの内容"
            "(ETH の送金、transfer、transferFrom)から読み取ります。呼び出した先が自分で引き出す分は"
            "含みません。",
        ),
        keyed(found, [purse.committed for purse in found]),
        pick("smallest unit", "最小単位"),
        (
            Source.of(
                "ProposalCreated",
                [log for log in created if log.event.args["proposalId"] in passed],
            ),
        ),
        table=Table(
            [pick("proposal", "提案"), pick(">takes", ">支出"), pick("until", "期限")],
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
        pick("Runway", "資金がもつ期間"),
        f"{words.days(first.runway)} ({first.holding.symbol})"
        if first
        else pick("n/a: nothing was spent", "該当なし(支出がありません)"),
        pick(
            "Free money (held − committed) divided by what was spent a day in the last 90 days, or"
            " since the creation if that is less, but at least 30 days. Of several assets the one"
            " that ends first. Income that may come is not counted.",
            "自由なお金(保有 − 約束済み)を、直近90日(設立からの期間がそれより短ければその期間、"
            "ただし30日以上)の1日あたりの支出で割ったもの。資産が複数なら最初に尽きるもの。"
            "これから入る収入は数えません。",
        ),
        first.runway if first else None,
        "seconds",
        spending(found),
    )


def _income(found: Sequence[Purse]) -> Figure:
    return Figure(
        "income",
        pick("Income", "収入"),
        pick(
            f"{each(found, [purse.income for purse in found])} since the founding;"
            f" {each(found, [purse.paid for purse in found])} paid out",
            f"設立から {each(found, [purse.income for purse in found])}、支出の合計は"
            f" {each(found, [purse.paid for purse in found])}",
        ),
        pick(
            "Coins: the sum of the Transfer events to the treasury. ETH announces no event when it"
            " arrives; its income is what is held plus what executed proposals sent, over the whole"
            " life of the DAO (what a called contract sent back counts as income).",
            "コイン: トレジャリーへの Transfer の合計。ETH は届いてもイベントがないので、保有額と"
            "実行済みの提案が送った額の合計です(DAOの全期間。呼び出した先から戻った分は収入に"
            "数えます)。",
        ),
        keyed(found, [purse.income for purse in found]),
        pick("smallest unit", "最小単位"),
        (moves(found, incoming=True), *spending(found)),
    )
