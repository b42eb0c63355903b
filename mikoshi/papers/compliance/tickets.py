"""Switches of tickets and tokens: what can change hands, and what is given out."""

from __future__ import annotations

from mikoshi.papers.compliance.facts import ComplianceFacts
from mikoshi.papers.compliance.switch import FOR_GOOD, Switch, SwitchState, by_vote, without
from mikoshi.text.errors import Words
from mikoshi.text.language import _, ngettext
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
        ngettext(
            "{total} to {count} account at the creation",
            "{total} to {count} accounts at the creation",
            len(grants),
            total=total,
            count=len(grants),
        ),
        True,
    )


TICKETS = (
    Switch(
        "tickets",
        "dao.tickets",
        Words("Selling tickets"),
        Words(
            "What can be resold at a profit may be an investment; securities or"
            " crypto-asset law may then bind whoever issues, offers or brokers it."
        ),
        FOR_GOOD,
        _tickets,
    ),
    Switch(
        "token-transfer",
        "token.transferable",
        Words("Passing tokens on"),
        Words(
            "A token that circulates and finds a price may be a crypto-asset:"
            " exchanging it or keeping it for others as a business may need a"
            " registration, and gains are taxed."
        ),
        by_vote("set parameter token.transferable"),
        _token,
    ),
    Switch(
        "token-issue",
        "token.cap_per_epoch",
        Words("Giving tokens for contribution"),
        Words(
            "Tokens of value given for work or as a gift may be income or pay: tax,"
            " withholding, and rules on wages, contractors and premiums."
        ),
        by_vote("set parameter token.cap_per_epoch"),
        _issue,
    ),
    Switch(
        "token-grants",
        "token.grants",
        Words("Tokens for founders"),
        Words(
            "An allotment before the community exists looks like an issue to insiders:"
            " securities law, disclosure, and tax on what was received."
        ),
        FOR_GOOD,
        _grants,
    ),
    Switch(
        "perks",
        "",
        Words("Redeeming tokens for perks"),
        Words(
            "A token that pays for goods or services may be a prepaid means of payment,"
            " with duties to notify and to deposit."
        ),
        Words("Not until such a part is attached by vote"),
        without("Perks"),
    ),
)
