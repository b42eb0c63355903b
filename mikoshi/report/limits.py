"""The section about power that was handed on: who may do what, up to where, until when."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from mikoshi.replay.facts import MONTH, Facts
from mikoshi.replay.treasury import Office, role_name
from mikoshi.report import words
from mikoshi.report.figure import Figure, Json, ReportSection, Source, Table
from mikoshi.report.months import day
from mikoshi.report.names import Names
from mikoshi.text.language import pick
from mikoshi.text.people import ZERO_ADDRESS
from mikoshi.text.units import format_percent

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
    figures = [_powers(facts, offices), _caps(facts, _all_caps(facts, names))]
    missing = [
        pick("leads, budgets and terms of products (Products)", "プロダクトの責任者・予算・任期"),
        pick(
            "heirs and guardians of wallets (Succession)", "継承者とウォレットの守り手(Succession)"
        ),
        pick("consents to the use of data (Consent)", "データ利用の同意(Consent)"),
    ]
    return ReportSection("limits", pick("Delegated power", "委ねられた権限"), figures, missing)


def _table(found: list[Limit]) -> Table:
    return Table(
        [
            pick("power", "権限"),
            pick("who", "だれ"),
            pick(">limit", ">上限"),
            pick(">used", ">使用済み"),
            pick("until", "期限"),
        ],
        [
            [each.what, each.who, each.limit, each.used, day(each.until) if each.until else ""]
            for each in found
        ],
        [{"name": each.name, "until": each.until} | each.data for each in found],
    )


def _powers(facts: Facts, found: list[Limit]) -> Figure:
    home = facts.dao.treasury_address
    events = ("GuardianChanged", "StewardAppointed", "RoleGranted", "RoleRevoked")
    return Figure(
        "powers",
        pick("Offices and roles", "役職とロール"),
        words.times(len(found)),
        pick(
            "What somebody may do without a vote. Offices end by themselves; a role lasts until a"
            " vote takes it back. The treasury, which acts by votes alone, is left out.",
            "投票なしにできること。役職は期限で自然に終わり、ロールは投票で取り消すまで続きます。"
            "投票でしか動かないトレジャリー自身は除きます。",
        ),
        len(found),
        "powers",
        tuple(Source.of(name, facts.events(home, name)) for name in events),
        table=_table(found),
    )


def _offices(facts: Facts, names: Names) -> list[Limit]:
    book, membership = facts.rebuilt.treasury, facts.rebuilt.membership
    found = []
    for name, office, what in (
        (
            "guardian",
            book.guardian,
            pick("cancel a passed proposal before its execution", "可決から実行までの取り消し"),
        ),
        ("steward", book.steward, pick("admit members", "入会の受け付け")),
    ):
        holder = office.holder_at(facts.now)
        if holder != ZERO_ADDRESS:
            cap, used = "", ""
            if name == "steward":
                admitted = membership.admitted_by_steward(facts.now)
                cap = words.people(membership.settings["stewardCap"])
                used = words.people(admitted)
            found.append(
                Limit(name, what, names.account(holder), cap, used, *_ends(office, holder))
            )
    return found


def _ends(office: Office, holder: str) -> tuple[int, dict[str, Json]]:
    return office.until, {"holder": holder}


def _roles(facts: Facts, names: Names) -> list[Limit]:
    what = {
        "ADMITTER": pick("admit members (ADMITTER)", "入会の受け付け(ADMITTER)"),
        "REWARDER": pick("credit merit within the caps (REWARDER)", "上限内の貢献点(REWARDER)"),
        "MINTER": pick("mint tokens within the caps (MINTER)", "上限内のトークン発行(MINTER)"),
        "PURSE": pick("send and receive locked tokens (PURSE)", "固定トークンの送受信(PURSE)"),
        "SUCCESSION": pick(
            "move a record to another wallet (SUCCESSION)", "記録を別のウォレットへ(SUCCESSION)"
        ),
    }
    held = sorted((role_name(role), holder) for role, holder in facts.rebuilt.treasury.holders)
    return [
        Limit(name, what.get(name, name), names.account(holder), "", "", None, {"holder": holder})
        for name, holder in held
        if holder != facts.dao.treasury_address
    ]


def _caps(facts: Facts, found: list[Limit]) -> Figure:
    sources = tuple(
        Source.of(name, facts.events(at, name))
        for at, name in (
            (facts.dao.membership_address, "SettingsChanged"),
            (facts.dao.token_address, "KindCapChanged"),
        )
    )
    return Figure(
        "caps",
        pick("Caps that bind everyone", "全員を縛る上限"),
        words.times(len(found)),
        pick(
            "Caps of this 30-day epoch and of a ballot; they bind the treasury, and so a captured"
            " vote, too.",
            "この30日間の上限と、1票の上限。トレジャリーも、したがって乗っ取られた投票も縛ります。",
        ),
        len(found),
        "caps",
        sources,
        table=_table(found),
    )


def _all_caps(facts: Facts, names: Names) -> list[Limit]:
    membership, token = facts.rebuilt.membership, facts.rebuilt.token
    governor, epoch = facts.rebuilt.governor, membership.voice.epoch(facts.now)
    rules, settings = governor.settings[governor.version], membership.settings
    ends = membership.voice.t0 + (epoch + 1) * MONTH
    merit, each = settings["meritCap"] * _MILLI, settings["meritCapPerMember"] * _MILLI
    credited = membership.merit_used(facts.now) * _MILLI
    every = token.cap.cap or 0
    minted = every - token.mintable(epoch)
    kinds = [
        _cap(
            f"tokens_kind_{kind}",
            pick(f"tokens for kind {kind}", f"種類 {kind} のトークン"),
            cap.cap,
            cap.cap - (cap.left(epoch) or 0),
            names.tokens,
            ends,
        )
        for kind, cap in sorted(token.kinds.items())
        if cap.cap is not None
    ]
    ballot = pick("weight of one ballot, of the awake voice", "1票の重さ(起きている声に対して)")
    live = pick("live proposals of one member", "1人が同時に出せる提案")
    one, tokens = pick("merit for one member", "1人への貢献点"), pick("tokens", "トークン")
    return [
        _cap("merit", pick("merit", "貢献点"), merit, credited, words.points, ends),
        _cap("merit_each", one, each, None, words.points, ends),
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
    return Limit(name, what, pick("everyone", "全員"), show(cap), told, until, data)
