"""What the Membership should answer about everyone and about each person."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mikoshi.check import words
from mikoshi.check.expectation import Expectation, settings_of, waiting_of
from mikoshi.core.dao import LENS
from mikoshi.replay.dao import RebuiltDao
from mikoshi.replay.member import Member
from mikoshi.replay.membership import NOBODY
from mikoshi.text.errors import Line, Words
from mikoshi.text.language import N_
from mikoshi.words import points


def of_membership(rebuilt: RebuiltDao, time: int, symbol: str) -> Iterator[Expectation]:
    """At `time` (Unix seconds); `symbol` is the token's."""
    people, voice = rebuilt.membership, rebuilt.membership.voice
    total = people.total.latest

    def ask(what: Line, function: str, *args: Any, **rest: Any) -> Expectation:
        return Expectation("Membership", what, function, args, **rest)

    awake = voice.of(total.members, total.units, time)
    slack = voice.tolerance(awake, total.members)
    yield ask(
        N_("settings"),
        "settings",
        value=people.settings_at(time),
        show=settings_of("membership", symbol),
    )
    yield ask(N_("charter hash"), "charterHash", value=people.charter_hash)
    counts = (total.members, total.counted, people.last_id)
    yield ask(
        N_("awake, counted, last id"),
        "census",
        value=counts,
        read=lambda t: (*t[:2], t[3]),
        show=words.numbers,
    )
    yield ask(
        N_("voice of all"),
        "census",
        value=awake,
        tolerance=slack,
        read=lambda t: t[2],
        show=words.voice,
    )
    epoch = voice.epoch(time)
    used = (people.merit_used(time), people.admitted_by_steward(time), people.seats_used(time))
    yield _read(
        rebuilt,
        N_("merit credited, people admitted by the steward and seats used by votes in this epoch"),
        "usage",
        value=used,
        read=lambda u: tuple(u[1:]) if u[0] == epoch else (0, 0, 0),
        show=words.usage,
    )
    waits = people.dormant_from if people.dormant_from > time else 0
    raised = people.caps_from if people.caps_from > epoch else 0
    yield _read(
        rebuilt,
        N_("settings asked for last, and from when and from which epoch what waits holds"),
        "waitingSettings",
        value=(people.asked, waits, raised),
        read=tuple,
        show=waiting_of("membership", symbol),
    )
    for what, function, value in (
        (N_("seats that votes may still use in this epoch"), "seatsLeft", people.seats_left(time)),
        (N_("members who are not counted"), "uncounted", people.uncounted),
    ):
        yield _read(rebuilt, what, function, value=value)
    for number, since in people.bars.items():
        when = Words("when a bar of #{member} can be enforced", member=number)
        yield ask(when, "scheduledBar", number, value=since, show=words.moment)
    for number in range(1, people.last_id + 1):
        if number not in people.members:
            yield ask(
                Words("wallet of #{member}, a ticket's number", member=number),
                "walletOf",
                number,
                value=NOBODY,
                show=words.who,
            )
    for person in people.members.values():
        yield from _person(rebuilt, person, time)


def _read(rebuilt: RebuiltDao, what: Line, function: str, *args: Any, **rest: Any) -> Expectation:
    """What the lens should read of the Membership."""
    return Expectation(LENS, what, function, (rebuilt.dao.membership_address, *args), **rest)


def _person(rebuilt: RebuiltDao, person: Member, time: int) -> Iterator[Expectation]:
    people, voice = rebuilt.membership, rebuilt.membership.voice
    wallet = person.wallet

    def ask(what: str, function: str, *args: Any, **rest: Any) -> Expectation:
        return Expectation("Membership", Words(what, member=person.id), function, args, **rest)

    def read(what: str, function: str, **rest: Any) -> Expectation:
        return _read(rebuilt, Words(what, member=person.id), function, person.id, **rest)

    yield ask(N_("wallet of #{member}"), "walletOf", person.id, value=wallet, show=words.who)
    yield ask(N_("id by wallet of #{member}"), "memberIdOf", wallet, value=person.id)
    yield read(
        N_("standing of #{member}"),
        "standingOf",
        value=int(person.standing),
        show=words.standing,
    )
    yield ask(
        N_("time of joining of #{member}"),
        "joinedAt",
        person.id,
        value=person.joined,
        show=words.moment,
    )
    yield ask(
        N_("day of the last recorded act of #{member}"),
        "stampOf",
        person.id,
        value=person.stamp,
        read=lambda day: person.stamp if person.may_have_recorded(day) else day,
        show=words.day,
    )
    yield ask(N_("tickets of #{member}"), "balanceOf", wallet, value=int(person.standing.is_member))
    # Asking for the ticket of someone without one reverts, which reads as None.
    yield read(N_("ticket of #{member}"), "ticketOf", value=person.ticket)
    if person.ticket is not None:
        approved = people.approvals.get(person.ticket, NOBODY)
        yield ask(
            N_("ticket's approval of #{member}"),
            "getApproved",
            person.ticket,
            value=approved,
            show=words.who,
        )
    to = NOBODY if person.delegate is None else people.members[person.delegate].wallet
    yield ask(N_("delegate of #{member}"), "delegates", wallet, value=to, show=words.who)
    spoken = people.entry(person.id).latest
    value = voice.of(spoken.members, spoken.units, time)
    slack = voice.tolerance(value, spoken.members)
    yield ask(
        N_("voice of #{member}"), "getVotes", wallet, value=value, tolerance=slack, show=words.voice
    )
    yield read(
        N_("stored merit of #{member}"),
        "storedMeritOf",
        value=person.raw,
        read=lambda merit: merit[0],
        show=points,
    )
    yield read(
        N_("epoch and amount of the latest merit of #{member}"),
        "storedMeritOf",
        value=(person.epoch, person.used),
        read=lambda merit: tuple(merit[1:]),
        show=words.epoch_and_merit,
    )
