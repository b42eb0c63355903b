"""Switches of tickets and tokens: what can change hands, and what is given out."""

from __future__ import annotations

from mikoshi.config.kinds import Label
from mikoshi.papers.compliance.facts import ComplianceFacts
from mikoshi.papers.compliance.switch import FOR_GOOD, Switch, SwitchState, by_vote, without
from mikoshi.text.language import _, pick
from mikoshi.text.units import format_amount, format_duration


def _tickets(facts: ComplianceFacts) -> SwitchState:
    if not facts.params["transferableTickets"]:
        return SwitchState(_("cannot be sold (soulbound)"), False)
    season = format_duration(facts.params["membership"]["season"])
    return SwitchState(
        _("can be sold (transferable); a buyer is silent for {season}", season=season),
        True,
    )


def _token(facts: ComplianceFacts) -> SwitchState:
    if facts.params["token"]["transferable"]:
        return SwitchState(_("can be passed on to anyone"), True)
    return SwitchState(_("cannot be passed on (locked)"), False)


def _issue(facts: ComplianceFacts) -> SwitchState:
    cap = facts.params["token"]["epochCap"]
    shown = format_amount(cap, facts.params["tokenSymbol"])
    return SwitchState(_("up to {shown} in 30 days", shown=shown), cap > 0)


def _grants(facts: ComplianceFacts) -> SwitchState:
    grants = facts.params["grants"]
    if not grants:
        return SwitchState(_("nobody got any at the creation"), False)
    total = format_amount(sum(each["amount"] for each in grants), facts.params["tokenSymbol"])
    return SwitchState(
        pick(
            f"{total} to {len(grants)} account{'s' if len(grants) > 1 else ''} at the creation",
            f"作成時に{len(grants)}件のアカウントへ計 {total}",
        ),
        True,
    )


TICKETS = (
    Switch(
        "tickets",
        "dao.tickets",
        Label("Selling tickets", "会員証の譲渡"),
        Label(
            "What can be resold at a profit may be an investment; securities or crypto-asset law"
            " may then bind whoever issues, offers or brokers it.",
            "値上がりを見込んで転売できるものは、権利の中身によって金融商品取引法の有価証券"
            "(集団投資スキーム持分・電子記録移転権利など)や資金決済法の暗号資産にあたり、"
            "発行・勧誘・媒介が規制されることがあります。",
        ),
        FOR_GOOD,
        _tickets,
    ),
    Switch(
        "token-transfer",
        "token.transferable",
        Label("Passing tokens on", "トークンの譲渡"),
        Label(
            "A token that circulates and finds a price may be a crypto-asset: exchanging it or"
            " keeping it for others as a business may need a registration, and gains are taxed.",
            "流通して値がつくトークンは、資金決済法の暗号資産にあたることがあります。"
            "業として売買・交換・媒介・管理すると登録が必要になることがあり、利益には課税されます。",
        ),
        by_vote("set parameter token.transferable"),
        _token,
    ),
    Switch(
        "token-issue",
        "token.cap_per_epoch",
        Label("Giving tokens for contribution", "貢献へのトークンの付与"),
        Label(
            "Tokens of value given for work or as a gift may be income or pay: tax, withholding,"
            " and rules on wages, contractors and premiums.",
            "価値のあるトークンを仕事の対価や景品として渡すと、所得税・源泉徴収・消費税のほか、"
            "労働法、フリーランス法、景品表示法が問題になることがあります。",
        ),
        by_vote("set parameter token.cap_per_epoch"),
        _issue,
    ),
    Switch(
        "token-grants",
        "token.grants",
        Label("Tokens for founders", "創設者などへの最初の配布"),
        Label(
            "An allotment before the community exists looks like an issue to insiders: securities"
            " law, disclosure, and tax on what was received.",
            "始まる前の割当ては、内部者への発行とみなされやすく、金融商品取引法の募集・開示や、"
            "受け取った人の課税が問題になることがあります。",
        ),
        FOR_GOOD,
        _grants,
    ),
    Switch(
        "perks",
        "",
        Label("Redeeming tokens for perks", "トークンと特典の交換"),
        Label(
            "A token that pays for goods or services may be a prepaid means of payment, with"
            " duties to notify and to deposit.",
            "商品やサービスの支払いに使えると、資金決済法の前払式支払手段にあたり、"
            "届出や供託の義務が生じることがあります。",
        ),
        Label("Not until such a part is attached by vote", "投票でその部品を加えるまで対象外です"),
        without("Perks"),
    ),
)
