"""The figures about what stands behind a membership and behind a token."""

from __future__ import annotations

from collections.abc import Sequence

from mikoshi.replay.facts import Facts
from mikoshi.replay.outflow import Purse
from mikoshi.report import words
from mikoshi.report.coins import each, keyed, moves
from mikoshi.report.figure import Figure
from mikoshi.report.names import Names
from mikoshi.report.sources import announced
from mikoshi.text.language import _


def backing_of_membership(facts: Facts, found: Sequence[Purse]) -> Figure:
    """The free money, divided by the members."""
    members = len(facts.members())
    shares = [max(0, purse.free) // members if members else 0 for purse in found]
    told = each(found, shares) if members else words.none()
    return Figure(
        "backing_membership",
        _("Behind a membership"),
        told,
        _(
            "Free money divided by the people who hold a ticket, rounded down, each "
            "asset in its own unit. It is a share of nothing: a membership gives no "
            "right to it; only a vote moves it."
        ),
        keyed(found, shares),
        _("smallest unit"),
        (*announced(facts, "membership", "MemberAdmitted"), moves(found, incoming=True)),
    )


def backing_of_token(facts: Facts, names: Names, found: Sequence[Purse]) -> Figure:
    """The free money, divided by the tokens afloat."""
    token = facts.rebuilt.token
    afloat = token.supply - token.balances.get(facts.dao.treasury_address, 0)
    shares = [max(0, purse.free) * 10**18 // afloat if afloat else 0 for purse in found]
    return Figure(
        "backing_token",
        _("Behind a token"),
        _(
            "{amount} for each of {tokens} afloat",
            amount=each(found, shares),
            tokens=names.tokens(afloat),
        )
        if afloat
        else words.none(),
        _(
            "Free money divided by the tokens outside the treasury, rounded down, each "
            "asset in its own unit. The token is thanks for contributions: it carries no "
            "vote, no price and no right to this money."
        ),
        {
            "supply": str(token.supply),
            "afloat": str(afloat),
            "each": keyed(found, shares),
        },
        _("smallest unit"),
        announced(facts, "token", "Transfer"),
    )
