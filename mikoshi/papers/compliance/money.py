"""Switches of money: what goes out, who shares it, and on which chain."""

from __future__ import annotations

from mikoshi.chain.networks import LOCAL_CHAINS
from mikoshi.papers.compliance.facts import ComplianceFacts
from mikoshi.papers.compliance.switch import Switch, SwitchState, by_vote, without
from mikoshi.text.errors import Words
from mikoshi.text.language import _
from mikoshi.text.units import format_duration

_SEPOLIA = 11_155_111


def _payouts(facts: ComplianceFacts) -> SwitchState:
    delay = format_duration(facts.params["governor"]["executionDelay"])
    return SwitchState(
        _("a vote can pay anyone any asset, {delay} after it ends", delay=delay),
        True,
    )


def _chain(facts: ComplianceFacts) -> SwitchState:
    number = facts.config.chain_id
    if number in LOCAL_CHAINS:
        return SwitchState(_("this computer ({number})", number=number), False)
    if number == _SEPOLIA:
        return SwitchState(_("Sepolia, a test network ({number})", number=number), False)
    return SwitchState(
        _("chain {number}: money may be real there", number=number),
        True,
    )


MONEY = (
    Switch(
        "payouts",
        "governance.execution_delay",
        Words("Paying from the treasury"),
        Words(
            "Pay for work is income and may be wages (withholding, invoices). Paying"
            " members in proportion to what they hold or put in may be a distribution"
            " of profit, and thereby make tickets or tokens securities."
        ),
        by_vote("set parameter governance.execution_delay"),
        _payouts,
    ),
    Switch(
        "revenue-share",
        "",
        Words("Sharing revenue with members"),
        Words("A dividend for holders is the clearest sign of a security."),
        Words("Not until such a part is attached by vote"),
        without("RevenueShare"),
    ),
    Switch(
        "chain",
        "dao.chain_id",
        Words("Where it lives"),
        Words("Mikoshi is unaudited. Where money is real, the duties above are real too."),
        Words("In the configuration before the deployment; a DAO does not move to another chain"),
        _chain,
    ),
)
