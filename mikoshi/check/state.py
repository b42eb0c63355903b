"""What was rebuilt from events, compared with what the contracts say at the same block."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

from mikoshi.chain.contract import Snapshot
from mikoshi.check import words
from mikoshi.check.expectation import Expectation, settings_of
from mikoshi.check.governor import marks, of_governor, place_of
from mikoshi.check.membership import of_membership
from mikoshi.check.report import CheckSection
from mikoshi.check.succession import of_succession
from mikoshi.core.dao import LENS
from mikoshi.replay.dao import RebuiltDao
from mikoshi.replay.treasury import role_name
from mikoshi.text.errors import Line, Words
from mikoshi.text.language import N_, _, pgettext

_AT_ONCE = 2_000
"""Answers that are held in memory."""


def compare_state(
    rebuilt: RebuiltDao, snapshot: Snapshot, since: RebuiltDao | None = None
) -> CheckSection:
    """Everything rebuilt beside everything read; the section is called "replay".

    With `since`, an earlier state of the same DAO, only what has become other than it was then.
    """
    section = CheckSection(N_("replay"))
    dao = rebuilt.dao
    contracts = {
        "Membership": dao.membership,
        LENS: dao.lens,
        "ContributionToken": dao.token,
        "Treasury": dao.treasury,
        "Succession": dao.succession,
    } | {
        place_of(rebuilt, each): replace(dao, governor_address=each).governor
        for each in dao.governors
    }
    (symbol,) = snapshot.ask([(dao.token, "symbol", ())])
    symbol = str(symbol or _("tokens"))
    expected = _expectations(rebuilt, snapshot.time, symbol)
    if since is not None:
        earlier = _expectations(since, snapshot.time, symbol)
        known = {(e.contract, e.what): (e.args, e.value) for e in earlier}
        expected = (e for e in expected if known.get((e.contract, e.what)) != (e.args, e.value))
    else:
        for place, what, value in marks(rebuilt, snapshot):
            section.compare(place, what, value, not value)
    while some := list(islice(expected, _AT_ONCE)):
        answers = snapshot.ask((contracts[e.contract], e.function, e.args) for e in some)
        for each, answer in zip(some, answers, strict=True):
            found = each.read(answer) if each.read and answer is not None else answer
            if not each.fits(found):
                section.compare(each.contract, each.what, *_differing(each, found), each.show)
    known_oddities = since.oddities if since else []
    for oddity in (each for each in rebuilt.oddities if each not in known_oddities):
        section.compare("DAOGovernor", oddity, _("nothing odd"), pgettext("what was found", "this"))
    unknown = rebuilt.unknown - (since.unknown if since else 0)
    if unknown:
        section.compare(N_("logs"), N_("events that are not the core's"), 0, unknown)
    section.summary = _(
        "{events:,} events, {differences:,} differences",
        events=rebuilt.events,
        differences=len(section.differences),
    )
    return section


def _differing(each: Expectation, found: Any) -> tuple[Any, Any]:
    """What was expected and what was found; of settings those alone that differ."""
    wanted = each.value
    structs = isinstance(wanted, dict) and isinstance(found, dict)
    if not (structs and each.function.lower().endswith("settings")):
        return wanted, found
    names = [name for name in wanted if found[name] != wanted[name]]
    return {name: wanted[name] for name in names}, {name: found[name] for name in names}


def _expectations(rebuilt: RebuiltDao, time: int, symbol: str) -> Iterator[Expectation]:
    yield from of_membership(rebuilt, time, symbol)
    yield from _token(rebuilt, time, symbol)
    yield from _treasury(rebuilt, time)
    yield from of_succession(rebuilt, time)
    for governor in rebuilt.governors.values():
        yield from of_governor(rebuilt, governor, time, symbol)


def _token(rebuilt: RebuiltDao, time: int, symbol: str) -> Iterator[Expectation]:
    token, epoch = rebuilt.token, rebuilt.membership.voice.epoch(time)

    def ask(what: Line, function: str, *args: Any, value: int) -> Expectation:
        show = words.tokens(symbol)
        return Expectation("ContributionToken", what, function, args, value, show=show)

    yield Expectation(
        "ContributionToken",
        N_("settings"),
        "settings",
        (),
        token.settings,
        show=settings_of("token", symbol),
    )
    yield ask(N_("supply"), "totalSupply", value=token.supply)
    yield ask(N_("what may still be minted in this epoch"), "mintable", value=token.mintable(epoch))
    for kind in token.kinds:
        left = token.mintable_for(kind, epoch)
        what = Words("what may still be minted for kind {kind}", kind=kind)
        yield ask(what, "mintableFor", kind, value=left)
    for holder, balance in token.balances.items():
        what = Words("balance of {account}", account=holder)
        yield ask(what, "balanceOf", holder, value=balance)


def _treasury(rebuilt: RebuiltDao, time: int) -> Iterator[Expectation]:
    book = rebuilt.treasury

    def ask(what: Line, function: str, *args: Any, **rest: Any) -> Expectation:
        return Expectation("Treasury", what, function, args, **rest)

    yield ask(N_("governor"), "governor", value=book.governor, show=words.who)
    next_ = book.waiting_governor(time)
    yield ask(N_("next governor, due from"), "waitingGovernor", value=next_, show=words.office_from)
    for former in book.former:
        was = Words("that {account} was the governor", account=former)
        yield ask(was, "isFormerGovernor", former, value=True)
    for what, name, office in (
        (N_("guardian's office"), "guardianOffice", book.guardian),
        (N_("steward's office"), "stewardOffice", book.steward),
    ):
        held = {"holder": office.holder, "until": office.until}
        yield ask(what, name, value=held, show=words.office)
    for role, holder in sorted(book.ever):
        since = book.since.get((role, holder), 0)
        held_by = Words("role {role} of {account}", role=role_name(role), account=holder)
        yield ask(held_by, "hasRole", role, holder, value=0 < since <= time)
        told = {"role": role_name(role), "account": holder}
        from_when = Words("since when {account} has role {role}", **told)
        yield ask(from_when, "roleInForceAt", role, holder, value=since, show=words.moment)
    for role in book.book:
        admin = book.admins.get(role, bytes(32))
        of_role = Words("admin of role {role}", role=role_name(role))
        yield ask(of_role, "getRoleAdmin", role, value=admin)
