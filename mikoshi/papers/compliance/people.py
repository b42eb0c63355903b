"""Switches of people: who they are, how they come in, what is known of them, who has power."""

from __future__ import annotations

from decimal import Decimal

from eth_utils.crypto import keccak

from mikoshi.papers.compliance.facts import ComplianceFacts
from mikoshi.papers.compliance.switch import FOR_GOOD, Switch, SwitchState, by_vote
from mikoshi.text.errors import Words
from mikoshi.text.language import _, listed, ngettext

_ADMITTER = "ADMITTER"


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
        _("{holder}: may admit {cap:,} people in 30 days", holder=holder, cap=cap),
        True,
    )


def _weight(facts: ComplianceFacts) -> SwitchState:
    k = facts.params["voice"]["k"]
    if not k:
        return SwitchState(_("one member, one vote"), False)
    factor = f"{(Decimal(k) / 10**18).normalize():f}"
    return SwitchState(_("contribution adds voice (k = {factor})", factor=factor), True)


def _roles(facts: ComplianceFacts) -> SwitchState:
    others = {role: who for role, who in facts.roles.items() if role != _ADMITTER}
    if not others:
        return SwitchState(_("nobody but the votes"), False)
    shown = [f"{role}: {listed(map(facts.who, who))}" for role, who in others.items()]
    return SwitchState("; ".join(shown), True)


PEOPLE = (
    Switch(
        "members",
        "members",
        Words("Being a member"),
        Words(
            "A group without a legal form may be a partnership whose members are liable"
            " with what they own. Each must know that, and have agreed to be listed."
        ),
        Words("Ask counsel for a legal form before money comes in; no setting can give one"),
        _members,
    ),
    Switch(
        "charter",
        "charter",
        Words("What joining accepts"),
        Words(
            "The charter is a contract with everyone who joins: terms of use, consumer"
            " law, minors, and who answers for what."
        ),
        by_vote("set charter"),
        _charter,
    ),
    Switch(
        "paid-admission",
        "",
        Words("Paying to become a member"),
        Words(
            "Selling membership is a sale to consumers (refunds, distance selling), and"
            " with a share in profits it may be an offer of securities."
        ),
        Words("Only a vote gives the role ADMITTER, or takes it back (grant role, revoke role)"),
        _paid,
    ),
    Switch(
        "personal-data",
        "members.file",
        Words("Personal data"),
        Words(
            "A wallet beside a name is personal data, and what is on a chain cannot be"
            " erased: purpose, consent, safe keeping, requests to delete."
        ),
        Words("Keep CSV files with names out of public folders; names never go on the chain"),
        _names,
    ),
    Switch(
        "guardian",
        "guardian.wallet",
        Words("The guardian"),
        Words(
            "Whoever can stop decisions may count as a manager who answers for what"
            " happens, and as a sign that one party is in control."
        ),
        by_vote("set guardian"),
        _guardian,
    ),
    Switch(
        "steward",
        "steward.wallet",
        Words("The steward"),
        Words(
            "Whoever admits people decides whom to check: identity, age, sanctions,"
            " organised crime; and may count as the operator."
        ),
        Words("In the configuration before the deployment; afterwards the office ends by itself"),
        _steward,
    ),
    Switch(
        "weight",
        "voice.k",
        Words("Votes by contribution"),
        Words(
            "Laws on associations and companies may ask for one vote a head or a share;"
            " voice for work may also be seen as a return for it."
        ),
        FOR_GOOD,
        _weight,
    ),
    Switch(
        "roles",
        "",
        Words("Powers beside the votes"),
        Words("Whoever can mint, credit or move for others may be an operator or a custodian."),
        Words("Only a vote gives a role, or takes it back (grant role, revoke role)"),
        _roles,
    ),
)
