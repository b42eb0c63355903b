"""Why a member has no voice."""

from __future__ import annotations

from collections.abc import Callable

from mikoshi.replay.dao import RebuiltDao
from mikoshi.replay.member import Member, Standing
from mikoshi.text.errors import ProblemError
from mikoshi.text.language import N_
from mikoshi.text.units import DAY, format_time

Who = Callable[[int], str]
"""How the member of an id is shown."""


def silence_of(rebuilt: RebuiltDao, person: Member, time: int, who: Who) -> ProblemError:
    """Why a member, as they stood at `time`, had no voice of their own then."""
    standing = person.standing
    if standing == Standing.ACTIVE:
        return _lent(rebuilt, person, time, who)
    since = format_time(person.stood, time)
    if standing == Standing.NEWCOMER:
        until = format_time(person.stamp * DAY, time)
        return ProblemError(
            "voice.newcomer", N_("a newcomer, who may wake from {until}"), until=until
        )
    if standing in (Standing.DORMANT, Standing.ABSENT):
        return ProblemError(
            "voice.dormant",
            N_("dormant since {since}; waking is free and gives the voice back at once"),
            since=since,
        )
    if standing == Standing.BARRED:
        return ProblemError("voice.removed", N_("removed by a vote on {since}"), since=since)
    return ProblemError("voice.left", N_("left the DAO on {since}"), since=since)


def _lent(rebuilt: RebuiltDao, person: Member, time: int, who: Who) -> ProblemError:
    delegate = rebuilt.membership.members[person.delegate or person.id].at(time) or person
    to, since = who(delegate.id), format_time(person.lent, time)
    if delegate.standing == Standing.ACTIVE:
        return ProblemError("voice.lent", N_("lent to {to} since {since}"), to=to, since=since)
    return ProblemError(
        "voice.lent-to-the-inactive",
        N_(
            "lent to {to} since {since}, and is not active any more: `ape run delegate self` "
            "takes it back"
        ),
        to=to,
        since=since,
    )
