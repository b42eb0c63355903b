"""What a proposal does not do at once: what waits after its execution, and how to take it back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from mikoshi.ballots.proposal import TreasuryCall
from mikoshi.context.address_book import AddressBook
from mikoshi.proposals.action import Action
from mikoshi.proposals.actions.membership import Admit, Bar, WithdrawBar
from mikoshi.proposals.actions.parameters import SetParameters, WithdrawSettings
from mikoshi.proposals.actions.roles import GrantRole
from mikoshi.proposals.actions.treasury import SetGovernor, WithdrawGovernor
from mikoshi.proposals.decode import decode
from mikoshi.proposals.handover import handover
from mikoshi.replay.dao import RebuiltDao
from mikoshi.replay.treasury import INSTALLATION, NOTICE, WAITING_ROLES
from mikoshi.replay.voice import EPOCH
from mikoshi.text.errors import ProblemError
from mikoshi.text.language import N_, listed
from mikoshi.text.people import ZERO_ADDRESS
from mikoshi.text.units import DAY, format_time
from mikoshi.words import heads

_TAKING_BACK = (WithdrawGovernor, WithdrawSettings, WithdrawBar)
"""What fails where nothing of the kind waits."""

_CAPS = ("merit.per_epoch", "merit.per_member")


@dataclass
class _Reading:
    """A DAO in which calls are executed at `time`, Unix seconds, by whoever reads them in order."""

    book: AddressBook
    rebuilt: RebuiltDao
    time: int
    actions: Sequence[Action]

    def __post_init__(self) -> None:
        self.seats = self.rebuilt.membership.seats_left(self.time)
        self.forgiven = {_number(each) for each in self.actions if isinstance(each, WithdrawBar)}
        self.taken_back = sum(isinstance(each, _TAKING_BACK) for each in self.actions)

    def of(self, action: Action) -> Iterator[ProblemError]:
        """What of one action comes later."""
        match action:
            case SetGovernor():
                to = self.book.address(action.to)
                yield from handover(self.book, self.rebuilt, to, self.time)
            case GrantRole() if action.role in WAITING_ROLES:
                who = self.book.show(self.book.address(action.to))
                yield ProblemError(
                    "later.role",
                    N_(
                        "{who} holds the role {role} from {since} on; until then a proposal with "
                        "`revoke role` takes it back"
                    ),
                    who=who,
                    role=action.role,
                    since=self._notice,
                )
            case SetParameters():
                yield from self._settings(action.raw(self.book))
            case Bar():
                yield from self._bar(_number(action))
            case Admit():
                yield from self._still_barred(action)
                if not action.newcomers:
                    yield from self._admit(action)
        if isinstance(action, _TAKING_BACK) and self.taken_back > 1:
            yield ProblemError(
                "later.taken-back-together",
                N_(
                    "fails, and the whole proposal with it, if what it takes back waits no more by "
                    "then: propose it alone"
                ),
            )

    @property
    def _notice(self) -> str:
        return format_time(self.time + NOTICE, self.time)

    @property
    def _steward(self) -> bool:
        """Whether there is a steward, so that settings hold at once."""
        return self.rebuilt.treasury.steward.holder_at(self.time) != ZERO_ADDRESS

    def _settings(self, wanted: dict[str, Any]) -> Iterator[ProblemError]:
        membership, governor = self.rebuilt.membership, self.rebuilt.governor
        of_governor = [name for name in wanted if name.startswith("governance.")]
        if of_governor and not self._steward:
            yield ProblemError(
                "later.settings",
                N_(
                    "{settings}: for proposals made from {since} on; until then a proposal with "
                    "`withdraw settings` takes it back"
                ),
                settings=listed(of_governor),
                since=self._notice,
            )
        if of_governor and governor.waiting(self.time)[0]:
            yield ProblemError(
                "later.anew", N_("settings of the governor that wait already wait anew with these")
            )
        now = membership.settings_at(self.time)
        silence = wanted.get("membership.dormant_after", now["dormantAfter"])
        if silence < now["dormantAfter"] and not self._steward:
            yield ProblemError(
                "later.dormancy",
                N_(
                    "membership.dormant_after: from {since} on; until then a proposal with "
                    "`withdraw settings` takes it back"
                ),
                since=self._notice,
            )
        fields = dict(zip(_CAPS, ("meritCap", "meritCapPerMember"), strict=True))
        raised = [name for name in _CAPS if wanted.get(name, 0) > now[fields[name]]]
        if raised:
            since = membership.voice.t0 + (membership.voice.epoch(self.time) + 2) * EPOCH
            yield ProblemError(
                "later.caps",
                N_("{settings}: from {since} on"),
                settings=listed(raised),
                since=format_time(since, self.time),
            )

    def _bar(self, number: int) -> Iterator[ProblemError]:
        membership = self.rebuilt.membership
        person = membership.members.get(number)
        if person is not None and membership.never_spoke(person):
            return
        if self.seats:
            self.seats -= 1
            return
        yield ProblemError(
            "later.bar",
            N_(
                "{who} is removed from {since} on, with `ape run enforce`: votes have used the "
                "seats of these 30 days. Until then a proposal with `withdraw bar` takes it back"
            ),
            who=self.book.show_member(number),
            since=self._notice,
        )

    def _still_barred(self, action: Admit) -> Iterator[ProblemError]:
        """Whom a removal that waits takes out again."""
        membership = self.rebuilt.membership
        for each in action.people:
            person = membership.member_at(self.book.address(each))
            since = membership.bars.get(person.id, 0) if person else 0
            if person is None or not since or self.time > since + INSTALLATION:
                continue
            if person.id in self.forgiven:
                continue
            yield ProblemError(
                "later.still-barred",
                N_(
                    "{who} is removed all the same from {since} on, as a vote decided before: take "
                    'that back here too, with do = "withdraw bar" and who = "#{member}"'
                )
                if self.time < since
                else N_(
                    "{who} is removed by whoever enforces that after this, as a vote decided "
                    'before: let `ape run enforce "#{member}"` do it first, from {since} on'
                ),
                who=self.book.show_member(person.id),
                member=person.id,
                since=format_time(since, self.time),
            )

    def _admit(self, action: Admit) -> Iterator[ProblemError]:
        membership = self.rebuilt.membership
        wallets = (self.book.address(each) for each in action.people)
        people = [membership.member_at(wallet) for wallet in wallets]
        fresh = sum(each is None or not each.standing.is_counted for each in people)
        silent = max(0, fresh - self.seats)
        self.seats -= fresh - silent
        if not silent:
            return
        ready = self.time + membership.asked["season"]
        yield ProblemError(
            "later.admission",
            N_(
                "{people} of them are silent until {since}: a vote gives a voice at once to one "
                "in twenty of those awake in 30 days"
            ),
            people=heads(silent),
            since=format_time(-(-ready // DAY) * DAY, self.time),
        )


def _number(action: Bar | WithdrawBar) -> int:
    """The member of an action that was read from bytes: `#9`."""
    return int(action.who.removeprefix("#"))


def if_made_now(
    steps: Iterable[TreasuryCall], book: AddressBook, rebuilt: RebuiltDao
) -> list[tuple[int, ProblemError]]:
    """What comes later of calls that are proposed now and executed as soon as possible."""
    now = book.now.time
    rules = rebuilt.governor.settings_at(now)
    wait = sum(rules[name] for name in ("votingDelay", "votingPeriod", "executionDelay"))
    return later(steps, book, rebuilt, now + wait)


def later_json(found: Iterable[tuple[int, ProblemError]]) -> list[dict[str, Any]]:
    """The same for programs, with the words."""
    return [{"call": number, "text": str(each)} | each.as_json() for number, each in found]


def later(
    steps: Iterable[TreasuryCall], book: AddressBook, rebuilt: RebuiltDao, time: int
) -> list[tuple[int, ProblemError]]:
    """What comes later of calls that are executed at `time`, each with the number of its call."""
    reading = _Reading(book, rebuilt, time, [decode(step, book) for step in steps])
    return [
        (number, each)
        for number, action in enumerate(reading.actions, 1)
        for each in reading.of(action)
    ]
