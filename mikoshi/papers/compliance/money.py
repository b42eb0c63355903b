"""Switches of money: what goes out, who shares it, and on which chain."""

from __future__ import annotations

from mikoshi.chain.networks import LOCAL_CHAINS
from mikoshi.config.kinds import Label
from mikoshi.papers.compliance.facts import ComplianceFacts
from mikoshi.papers.compliance.switch import Switch, SwitchState, by_vote, without
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
        Label("Paying from the treasury", "トレジャリーからの支払い"),
        Label(
            "Pay for work is income and may be wages (withholding, invoices). Paying members in"
            " proportion to what they hold or put in may be a distribution of profit, and thereby"
            " make tickets or tokens securities.",
            "仕事への支払いは所得であり、給与や外注費として源泉徴収・インボイスが問題になります。"
            "保有や出資に応じて払うと利益の分配となり、会員証やトークンが金融商品取引法の"
            "集団投資スキーム持分とみなされることがあります。",
        ),
        by_vote("set parameter governance.execution_delay"),
        _payouts,
    ),
    Switch(
        "revenue-share",
        "",
        Label("Sharing revenue with members", "メンバーへの収益分配"),
        Label(
            "A dividend for holders is the clearest sign of a security.",
            "保有者への配当は、金融商品取引法の有価証券とみなされる最も強い要素です。",
        ),
        Label("Not until such a part is attached by vote", "投票でその部品を加えるまで対象外です"),
        without("RevenueShare"),
    ),
    Switch(
        "chain",
        "dao.chain_id",
        Label("Where it lives", "置かれる場所"),
        Label(
            "Mikoshi is unaudited. Where money is real, the duties above are real too.",
            "Mikoshi は未監査です。本物の資金が動くチェーンでは、上の義務も現実になります。",
        ),
        Label(
            "In the configuration before the deployment; a DAO does not move to another chain",
            "デプロイ前に設定ファイルで。DAO は別のチェーンに移れません",
        ),
        _chain,
    ),
)
