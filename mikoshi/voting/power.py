"""What a member speaks with at a moment, and why it is nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from mikoshi.replay.dao import RebuiltDao
from mikoshi.replay.governor import Proposal
from mikoshi.replay.member import Member, Standing
from mikoshi.replay.voice import units_of
from mikoshi.text import people
from mikoshi.text.errors import BadInputError, ProblemError
from mikoshi.text.json import entries_of, plain
from mikoshi.text.language import N_, _
from mikoshi.text.units import format_percent, format_time
from mikoshi.voting.silence import Who, silence_of
from mikoshi.words import voices

_BPS = 10_000
_HEARD = (Standing.ACTIVE, Standing.DORMANT)  # a dormant caster wakes


@dataclass(frozen=True)
class Power:
    """What a member speaks with at `time`, Unix seconds. 1 voice = 1e9, 1 point of merit = 1e18.

    `own` is the member's own voice while Active, whoever speaks it, and `base` the part of it that
    everyone has; it is at most `most`, with `full` whole points of merit. `speaks_for` are the ids
    of those whose voices make up `voice`. A ballot weighs at most `cap`, which is `cap_bps` of
    `awake`, the voice of all. `silence` says why a ballot would not count; None if it would.
    """

    person: Member
    time: int
    own: int = 0
    base: int = 0
    merit: int = 0
    speaks_for: tuple[int, ...] = ()
    voice: int = 0
    cap: int = 0
    cap_bps: int = 0
    awake: int = 0
    most: int = 0
    full: int = 0
    silence: ProblemError | None = None

    @property
    def heard(self) -> bool:
        """Whether the member's standing allows ballots."""
        return self.person.standing in _HEARD

    @property
    def weight(self) -> int:
        """What a ballot would weigh. 1 voice = 1e9."""
        return 0 if self.silence else min(self.voice, self.cap)

    def as_json(self, name: str) -> dict[str, Any]:
        """For programs; voice and merit in their smallest units as text."""
        return {
            "member": entries_of(self.person, "id wallet standing") | {"name": name},
            **entries_of(self, "time voice:str weight:str cap:str speaks_for"),
            "own": entries_of(
                self, "voice=own:str base:str merit:str most:str spoken_by=person.delegate"
            ),
            "reason": str(self.silence or ""),
            "problem": plain(self.silence),
        }


class Powers:
    """The powers of a DAO's members, now and before; `names` is what wallets are called."""

    def __init__(self, rebuilt: RebuiltDao, names: Mapping[str, str], now: int) -> None:
        self.rebuilt = rebuilt
        self.time = now
        self.who = named(rebuilt, names)

    def now(self, number: int) -> Power:
        """The power of a member now."""
        return power_of(self.rebuilt, number, self.time, self.who)

    def at(self, number: int, time: int) -> Power:
        """The power of a member at `time`; nobody's before they joined."""
        person = self.rebuilt.membership.members[number]
        if person.at(time) is not None:
            return power_of(self.rebuilt, number, time, self.who)
        joined = format_time(person.joined, self.time)
        stranger = Member(number, person.wallet, person.joined)
        silence = ProblemError("voice.not-yet", N_("joined later, on {joined}"), joined=joined)
        return Power(stranger, time, silence=silence)

    def on(self, proposal: Proposal, number: int) -> Power:
        """What a member votes with on a proposal, or would if voting opened now."""
        current = self.now(number)
        if proposal.snapshot >= self.time or not current.heard:
            return current
        then = self.at(number, proposal.snapshot)
        if not then.silence or then.person.standing == Standing.NONE:
            return then
        silence = ProblemError(
            "voice.none-then", N_("when voting opened: {silence}"), silence=then.silence
        )
        return replace(then, silence=silence)

    def standing(self, number: int) -> ProblemError:
        """Since when a member has no voice of their own, and why."""
        person = self.rebuilt.membership.members[number]
        return silence_of(self.rebuilt, person, self.time, self.who)


def require_member(rebuilt: RebuiltDao, wallet: str) -> Member:
    """The person of a wallet, also after exit. Raises BadInputError for a stranger."""
    person = rebuilt.membership.member_at(wallet)
    if person is not None:
        return person
    raise BadInputError(
        "power.of-a-stranger",
        N_("{wallet} is not a member of this DAO, and never was"),
        N_("only members have a voice"),
        N_("`ape run members list` shows everyone"),
        wallet=people.short(wallet),
    )


def nobody_asked_for() -> BadInputError:
    """The refusal where neither a member nor an account says whose voice is meant."""
    return BadInputError(
        "power.of-nobody",
        N_("Say whose voice"),
        N_("neither MEMBER nor --account was given"),
        N_("Give a number or name of `ape run members list`, or --account ALIAS"),
    )


def power_of(rebuilt: RebuiltDao, number: int, time: int, who: Who) -> Power:
    """The power of a member at `time`, in the DAO as it was then.

    Raises KeyError for whoever had not joined.
    """
    membership = rebuilt.membership
    person, voice = membership.members[number].at(time), membership.voice
    if person is None:
        raise KeyError(number)
    total, spoken = membership.total.at(time), membership.entry(number).at(time)
    awake = voice.of(total.members, total.units, time)
    bps = rebuilt.governor.settings_at(time)["voiceCapBps"]
    own = voice.of(1, units_of(person.raw), time) if person.standing == Standing.ACTIVE else 0
    speaks_for = membership.spoken_for(number, time)
    silence = None
    if person.standing not in _HEARD or not speaks_for:
        silence = silence_of(rebuilt, person, time, who)
    return Power(
        person,
        time,
        own,
        min(own, voice.base),
        voice.merit(person.raw, time),
        speaks_for,
        voice.of(spoken.members, spoken.units, time),
        max(awake * bps // _BPS, voice.base),
        bps,
        awake,
        voice.base * voice.most // _BPS,
        voice.full,
        silence,
    )


def named(rebuilt: RebuiltDao, names: Mapping[str, str]) -> Who:
    """How members are shown, by what their wallets are called."""

    def who(number: int) -> str:
        person = rebuilt.membership.members.get(number)
        if person is None:
            return f"#{number}"
        return people.show(person.wallet, number, names.get(person.wallet, ""))

    return who


def heard_from(cap_bps: int) -> int:
    """How many must be awake until a ballot can weigh more than the base voice.

    People with the base voice alone; where others have earned more, it may be fewer.
    """
    return _BPS // cap_bps + 1


def cap_words(power: Power) -> str:
    """`the cap of 10 %`; where that is less than the base, both are named."""
    share = format_percent(power.cap_bps)
    if power.cap <= power.awake * power.cap_bps // _BPS:
        return _("the cap of {share}", share=share)
    base = voices(power.cap)
    return _("the cap ({share} of the awake voice, at least {base})", share=share, base=base)
