"""How each switch is set in a DAO, in words."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

from eth_utils.crypto import keccak

from mikoshi.chain.networks import LOCAL_CHAINS
from mikoshi.config.danger import BPS
from mikoshi.papers.compliance.facts import ComplianceFacts
from mikoshi.text.language import _, clauses, listed, ngettext
from mikoshi.text.units import format_amount, format_duration

_ADMITTER = "ADMITTER"
_SEPOLIA = 11_155_111


class SwitchState(NamedTuple):
    """How a switch is set, in words, and whether that asks for a look; None: not applicable."""

    value: str
    look: bool | None


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


def _without(part: str) -> Callable[[ComplianceFacts], SwitchState]:
    """The state of a switch whose part this DAO does not have."""
    return lambda __: SwitchState(_("not applicable: {part}", part=part), None)


def _members(facts: ComplianceFacts) -> SwitchState:
    count = facts.members
    if facts.block is None:
        value = ngettext(
            "{count} first member decides from the first moment",
            "{count} first members decide from the first moment",
            count,
            count=count,
        )
    else:
        value = ngettext("{count} member now", "{count} members now", count, count=count)
    return SwitchState(value, True)


def _charter(facts: ComplianceFacts) -> SwitchState:
    digest, uri = facts.params["charterHash"], facts.params["charterURI"]
    if digest == keccak(b""):
        return SwitchState(_("joining accepts no text"), True)
    file = facts.config.charter.file if facts.block is None else ""
    where = file or uri or f"0x{digest.hex()[:8]}…"
    return SwitchState(_("joining accepts {where}", where=where), True)


def _paid(facts: ComplianceFacts) -> SwitchState:
    holders = facts.roles.get(_ADMITTER, ())
    if not holders:
        return SwitchState(
            _("not applicable: Admission, MembershipAuction (nothing here sells tickets)"),
            None,
        )
    who = listed(facts.who(holder) for holder in holders)
    return SwitchState(
        _("{who} can admit members, perhaps for money", who=who),
        True,
    )


def _names(facts: ComplianceFacts) -> SwitchState:
    named = sum(bool(person.name) for person in facts.config.members)
    if not named:
        return SwitchState(
            _("no names on this computer; wallets, votes and merit are public for good"),
            False,
        )
    return SwitchState(
        ngettext(
            "{count} name beside wallets on this computer; wallets, votes and merit are public"
            " for good",
            "{count} names beside wallets on this computer; wallets, votes and merit are public"
            " for good",
            named,
            count=named,
        ),
        True,
    )


def _guardian(facts: ComplianceFacts) -> SwitchState:
    holder = facts.holder("guardian")
    if not holder:
        return SwitchState(_("nobody"), False)
    return SwitchState(_("{holder}: may cancel what passed", holder=holder), True)


def _steward(facts: ComplianceFacts) -> SwitchState:
    holder, cap = facts.holder("steward"), facts.params["membership"]["stewardCap"]
    if not holder or not cap:
        return SwitchState(_("nobody"), False)
    return SwitchState(
        ngettext(
            "{holder}: may admit {cap:,} person in 30 days",
            "{holder}: may admit {cap:,} people in 30 days",
            cap,
            holder=holder,
            cap=cap,
        ),
        True,
    )


def _weight(facts: ComplianceFacts) -> SwitchState:
    most = facts.params["voice"]["most"]
    if most == BPS:
        return SwitchState(_("one member, one vote"), False)
    times = f"{(Decimal(most) / BPS).normalize():f}"
    return SwitchState(_("contribution adds voice, up to {times} times", times=times), True)


def _roles(facts: ComplianceFacts) -> SwitchState:
    others = {role: who for role, who in facts.roles.items() if role != _ADMITTER}
    if not others:
        return SwitchState(_("nobody but the votes"), False)
    shown = [f"{role}: {listed(map(facts.who, who))}" for role, who in others.items()]
    return SwitchState(clauses(shown), True)


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


STATES: dict[str, Callable[[ComplianceFacts], SwitchState]] = {
    "tickets": _tickets,
    "token-transfer": _token,
    "token-issue": _issue,
    "token-grants": _grants,
    "perks": _without("Perks"),
    "members": _members,
    "charter": _charter,
    "paid-admission": _paid,
    "personal-data": _names,
    "guardian": _guardian,
    "steward": _steward,
    "weight": _weight,
    "roles": _roles,
    "payouts": _payouts,
    "revenue-share": _without("RevenueShare"),
    "chain": _chain,
}
"""How each is read, by its name in switches.toml."""
