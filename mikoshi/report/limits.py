"""The section about power that was handed on: who may do what, up to where, until when."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from mikoshi.replay.facts import MONTH, Facts
from mikoshi.replay.treasury import Office, role_name
from mikoshi.report import words
from mikoshi.report.figure import Figure, ReportSection
from mikoshi.report.months import day
from mikoshi.report.names import Names
from mikoshi.report.sources import announced
from mikoshi.text.document import Table
from mikoshi.text.json import Json
from mikoshi.text.language import _
from mikoshi.text.people import ZERO_ADDRESS
from mikoshi.text.units import format_percent
from mikoshi.words import heads, points
from mikoshi.words.waiting import waiting

_MILLI = 10**15


class Limit(NamedTuple):
    """A power: who has it, up to where, what of that is used in this epoch, until when."""

    name: str
    what: str
    who: str
    limit: str
    used: str
    until: int | None
    data: dict[str, Json]


def limits(facts: Facts, names: Names) -> ReportSection:
    """Everything that somebody may do without a vote, and the caps that bind everyone."""
    offices = [*_offices(facts, names), *_roles(facts, names)]
    figures = [_powers(facts, offices), _waits(facts), _caps(facts, _all_caps(facts, names))]
    missing = [
        _("leads, budgets and terms of products (Products)"),
        _("heirs and guardians of wallets (Succession)"),
        _("consents to the use of data (Consent)"),
    ]
    return ReportSection("limits", _("Delegated power"), figures, missing)


def _table(found: list[Limit]) -> Table:
    return Table(
        [
            _("power"),
            _("who"),
            _(">limit"),
            _(">used"),
            _("until"),
        ],
        [
            [each.what, each.who, each.limit, each.used, day(each.until) if each.until else ""]
            for each in found
        ],
        [{"name": each.name, "until": each.until} | each.data for each in found],
    )


def _powers(facts: Facts, found: list[Limit]) -> Figure:
    events = ("GuardianChanged", "StewardAppointed", "RoleGranted", "RoleRevoked")
    return Figure(
        "powers",
        _("Offices and roles"),
        words.times(len(found)),
        _(
            "What somebody may do without a vote. Offices end by themselves; a role "
            "lasts until a vote takes it back. The treasury, which acts by votes alone, "
            "is left out."
        ),
        len(found),
        "powers",
        announced(facts, "treasury", *events),
        table=_table(found),
    )


def _waits(facts: Facts) -> Figure:
    found = waiting(facts.rebuilt, facts.now)
    return Figure(
        "notice",
        _("What waits"),
        words.times(len(found)),
        _(
            "What votes asked for and is not in force yet: another governor, roles, settings, "
            "removals. What could take the decision away from the members waits 45 days, in "
            "which another vote can take it back."
        ),
        len(found),
        "powers",
        (
            *announced(facts, "treasury", "GovernorScheduled", "RoleScheduled"),
            *announced(facts, "governor", "SettingsChanged"),
            *announced(facts, "membership", "SettingsChanged", "BarScheduled"),
        ),
        table=Table(
            [_("what"), _("from"), _("taken back by")],
            [[str(each.what), day(each.since), each.undo] for each in found],
            [each.as_json() for each in found],
        ),
    )


def _offices(facts: Facts, names: Names) -> list[Limit]:
    book, membership = facts.rebuilt.treasury, facts.rebuilt.membership
    found = []
    for name, office, what in (
        (
            "guardian",
            book.guardian,
            _("cancel a passed proposal before its execution"),
        ),
        ("steward", book.steward, _("admit members")),
    ):
        holder = office.holder_at(facts.now)
        if holder != ZERO_ADDRESS:
            cap, used = "", ""
            if name == "steward":
                admitted = membership.admitted_by_steward(facts.now)
                cap = heads(membership.settings_at(facts.now)["stewardCap"])
                used = heads(admitted)
            found.append(
                Limit(name, what, names.account(holder), cap, used, *_ends(office, holder))
            )
    return found


def _ends(office: Office, holder: str) -> tuple[int, dict[str, Json]]:
    return office.until, {"holder": holder}


def _roles(facts: Facts, names: Names) -> list[Limit]:
    what = {
        "ADMITTER": _("admit members (ADMITTER)"),
        "REWARDER": _("credit merit within the caps (REWARDER)"),
        "MINTER": _("mint tokens within the caps (MINTER)"),
        "PURSE": _("send and receive locked tokens (PURSE)"),
        "SUCCESSION": _("move a record to another wallet (SUCCESSION)"),
    }
    held = sorted((role_name(role), holder) for role, holder in facts.rebuilt.treasury.holders)
    return [
        Limit(name, what.get(name, name), names.account(holder), "", "", None, {"holder": holder})
        for name, holder in held
        if holder != facts.dao.treasury_address
    ]


def _caps(facts: Facts, found: list[Limit]) -> Figure:
    return Figure(
        "caps",
        _("Caps that bind everyone"),
        words.times(len(found)),
        _(
            "Caps of this 30-day epoch and of a ballot; they bind the treasury, and so a "
            "captured vote, too."
        ),
        len(found),
        "caps",
        (
            *announced(facts, "membership", "SettingsChanged"),
            *announced(facts, "token", "KindCapChanged"),
        ),
        table=_table(found),
    )


def _all_caps(facts: Facts, names: Names) -> list[Limit]:
    membership, token = facts.rebuilt.membership, facts.rebuilt.token
    governor, epoch = facts.rebuilt.governor, membership.voice.epoch(facts.now)
    rules, settings = governor.settings_at(facts.now), membership.settings_at(facts.now)
    ends = membership.voice.t0 + (epoch + 1) * MONTH
    merit, each = settings["meritCap"] * _MILLI, settings["meritCapPerMember"] * _MILLI
    credited = membership.merit_used(facts.now) * _MILLI
    every = token.cap.cap or 0
    minted = every - token.mintable(epoch)
    kinds = [
        _cap(
            f"tokens_kind_{kind}",
            _("tokens for kind {kind}", kind=kind),
            cap.cap,
            cap.cap - (cap.left(epoch) or 0),
            names.tokens,
            ends,
        )
        for kind, cap in sorted(token.kinds.items())
        if cap.cap is not None
    ]
    ballot = _("weight of one ballot, of the awake voice")
    live = _("live proposals of one member")
    one, tokens = _("merit for one member"), _("tokens")
    return [
        _cap("merit", _("merit"), merit, credited, points, ends),
        _cap("merit_each", one, each, None, points, ends),
        _cap("tokens", tokens, every, minted, names.tokens, ends),
        *kinds,
        _cap("ballot", ballot, rules["voiceCapBps"], None, format_percent),
        _cap("live_proposals", live, rules["liveProposals"], None, str),
    ]


def _cap(
    name: str,
    what: str,
    cap: int,
    used: int | None,
    show: Callable[[int], str],
    until: int | None = None,
) -> Limit:
    told = "" if used is None else show(used)
    data: dict[str, Json] = {"cap": str(cap), "used": None if used is None else str(used)}
    return Limit(name, what, _("everyone"), show(cap), told, until, data)
