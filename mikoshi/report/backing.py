"""The figures about what stands behind a membership and behind a token."""

from __future__ import annotations

from collections.abc import Sequence

from mikoshi.replay.facts import Facts
from mikoshi.replay.outflow import Purse
from mikoshi.report import words
from mikoshi.report.coins import each, keyed, moves
from mikoshi.report.figure import Figure, Source
from mikoshi.report.names import Names
from mikoshi.text.language import pick


def backing_of_membership(facts: Facts, found: Sequence[Purse]) -> Figure:
    """The free money, divided by the members."""
    members = len(facts.members())
    shares = [max(0, purse.free) // members if members else 0 for purse in found]
    told = each(found, shares) if members else words.none()
    return Figure(
        "backing_membership",
        pick("Behind a membership", "メンバー1人あたりの裏付け"),
        told,
        pick(
            "Free money divided by the people who hold a ticket, rounded down, each asset in its"
            " own unit. It is a share of nothing: a membership gives no right to it; only a vote"
            " moves it.",
            "自由なお金を、会員証を持つ人数で割ったもの(切り捨て、資産ごとの単位)。持分では"
            "ありません。会員証はこのお金への権利を与えず、動かせるのは投票だけです。",
        ),
        keyed(found, shares),
        pick("smallest unit", "最小単位"),
        (
            Source.of(
                "MemberAdmitted", facts.events(facts.dao.membership_address, "MemberAdmitted")
            ),
            moves(found, incoming=True),
        ),
    )


def backing_of_token(facts: Facts, names: Names, found: Sequence[Purse]) -> Figure:
    """The free money, divided by the tokens afloat."""
    token = facts.rebuilt.token
    afloat = token.supply - token.balances.get(facts.dao.treasury_address, 0)
    shares = [max(0, purse.free) * 10**18 // afloat if afloat else 0 for purse in found]
    return Figure(
        "backing_token",
        pick("Behind a token", "トークン1枚あたりの裏付け"),
        pick(
            f"{each(found, shares)} for each of {names.tokens(afloat)} afloat",
            f"{each(found, shares)}(流通 {names.tokens(afloat)})",
        )
        if afloat
        else words.none(),
        pick(
            "Free money divided by the tokens outside the treasury, rounded down, each asset in its"
            " own unit. The token is thanks for contributions: it carries no vote, no price and no"
            " right to this money.",
            "自由なお金を、トレジャリー以外にあるトークンの数で割ったもの(切り捨て、資産ごとの"
            "単位)。トークンは貢献への感謝です。票も価格も、このお金への権利もありません。",
        ),
        {
            "supply": str(token.supply),
            "afloat": str(afloat),
            "each": keyed(found, shares),
        },
        pick("smallest unit", "最小単位"),
        (Source.of("Transfer", facts.events(facts.dao.token_address, "Transfer")),),
    )
