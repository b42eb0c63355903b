"""Who has been silent long enough to be lapsed, and what that does to the quorum."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from mikoshi.ballots.batch import BATCH_GAS
from mikoshi.chain.contract import Receipt, Snapshot
from mikoshi.config.danger import people_needed
from mikoshi.core.dao import Dao
from mikoshi.replay.dao import RebuiltDao
from mikoshi.replay.member import Member, Standing
from mikoshi.replay.voice import EPOCH, Voice
from mikoshi.text.json import entries_of
from mikoshi.text.language import _
from mikoshi.text.units import DAY, YEAR

if TYPE_CHECKING:
    from mikoshi.context.context import Context

LAPSE_GAS = 60_000
"""Gas that lapsing one member may use: more than the worst that was measured."""

BATCH = BATCH_GAS // LAPSE_GAS
"""Members of one transaction."""

_STAMP = 30 * DAY  # acts within it are not recorded
_ABSENT_AFTER = YEAR
_KEPT = 32  # epochs that the contract tells apart
_NEXT = 5


@dataclass(frozen=True, slots=True)
class Silent:
    """A member who can be lapsed from `due` on: the latest recorded act is of the day `since`.

    Unix seconds. `lenders` are how many others have lent the member their voice.
    """

    person: Member
    since: int
    due: int
    lenders: int = 0
    json: ClassVar[str] = (
        "id=person.id wallet=person.wallet standing=person.standing last_record=since due"
    )

    @property
    def falls(self) -> Standing:
        """What the member becomes."""
        active = self.person.standing == Standing.ACTIVE
        return Standing.DORMANT if active else Standing.ABSENT


@dataclass(frozen=True, slots=True)
class Quorum:
    """Who counts, and how many people a proposal needs if its voting opens then."""

    awake: int
    counted: int
    needed: int


@dataclass
class Lapse:
    """`due` can be lapsed now; `later` were asked for and cannot yet, `never` not at all.

    `next` are the awake who come next if they stay silent.
    """

    before: Quorum
    after: Quorum
    due: list[Silent] = field(default_factory=list)
    later: list[Silent] = field(default_factory=list)
    never: list[Member] = field(default_factory=list)
    next: list[Silent] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return {
            **entries_of(self, "due not_due=later next"),
            "not_possible": [person.id for person in self.never],
            "awake": [self.before.awake, self.after.awake],
            "counted": [self.before.counted, self.after.counted],
            "needed_people": [self.before.needed, self.after.needed],
        }


def plan_lapse(context: Context, asked: Sequence[Member] = ()) -> Lapse:
    """Who of those `asked` for, or of all, can be lapsed now. Raises RpcError, UnreachableError."""
    rebuilt, now = context.rebuilt, context.book.now
    everyone = list(silents(now, context.dao, rebuilt))
    wanted = {each.id for each in asked}
    due = [each for each in everyone if each.due <= now.time]
    taken = now.ask((context.dao.membership, "lapse", ([each.person.id],)) for each in due)
    due = [each for each, count in zip(due, taken, strict=True) if count]
    silent = {each.person.id for each in due}
    waiting = [each for each in everyone if each.person.id not in silent]
    waiting.sort(key=lambda each: each.due)
    chosen = [each for each in due if not wanted or each.person.id in wanted]
    possible = {each.person.id for each in everyone}
    return Lapse(
        quorum(rebuilt, [], now.time),
        quorum(rebuilt, chosen, now.time),
        chosen,
        [each for each in waiting if each.person.id in wanted],
        [each for each in asked if each.id not in possible],
        [each for each in waiting if each.falls is Standing.DORMANT][:_NEXT],
    )


def silents(now: Snapshot, dao: Dao, rebuilt: RebuiltDao) -> Iterator[Silent]:
    """When each member who is awake or dormant could be lapsed, by the contract's stamps."""
    standings = (Standing.ACTIVE, Standing.DORMANT)
    people = [each for each in rebuilt.membership.members.values() if each.standing in standings]
    lenders = Counter(each.delegate for each in people if each.delegate != each.id)
    silence = rebuilt.membership.settings_at(now.time)["dormantAfter"] + _STAMP
    stamps = now.ask((dao.membership, "stampOf", (each.id,)) for each in people)
    for person, day in zip(people, stamps, strict=True):
        due = day * DAY + silence
        if person.standing == Standing.DORMANT:
            due = _absent_from(rebuilt.membership.voice, person, due + DAY + _ABSENT_AFTER)
        yield Silent(person, day * DAY, due, lenders[person.id])


def _absent_from(voice: Voice, person: Member, due: int) -> int:
    """When a Dormant member can become Absent: never in the epoch in which they fell dormant.

    The contract keeps that epoch modulo 32.
    """
    due = max(due, person.fell)
    same = (voice.epoch(due) - voice.epoch(person.fell)) % _KEPT == 0
    return voice.t0 + (voice.epoch(due) + 1) * EPOCH if same else due


def quorum(rebuilt: RebuiltDao, lapsed: Iterable[Silent], now: int) -> Quorum:
    """What the DAO counts once some have been lapsed; by the settings in force `now`."""
    total, governor = rebuilt.membership.total.latest, rebuilt.governor
    standings = [each.person.standing for each in lapsed]
    awake = total.members - standings.count(Standing.ACTIVE)
    counted = total.counted - standings.count(Standing.DORMANT)
    rules = governor.settings_at(now)
    needed = people_needed(awake, counted, rules["quorumBps"], rules["floorBps"])
    return Quorum(awake, counted, needed)


def perform_lapse(context: Context, plan: Lapse) -> list[Receipt]:
    """Show what it costs, ask, and lapse who is due, in batches.

    Whoever acted meanwhile is left out by the contract. Raises ContractRevertedError,
    BadInputError, NotNowError, ChainError and UnreachableError; running it again goes on.
    """
    session, sender = context.session, context.session.sender
    membership, fees = context.manifest.dao(sender).membership, sender.fees()
    ids = [each.person.id for each in plan.due]
    batches = [ids[first : first + BATCH] for first in range(0, len(ids), BATCH)]
    calls = (membership.data("lapse", batch) for batch in batches)
    gas = sum(sender.estimate(membership.address, data) for data in calls)
    session.out.say(_("about {priced}", priced=fees.priced(gas)))
    if not session.options.dry_run:
        sender.require_balance(gas * fees.max_fee)
    if not session.go_ahead(many="lapse"):
        return []
    receipts = []
    with session.out.progress(_("lapsing"), len(ids)) as advance:
        for batch in batches:
            sender.pin()
            if membership.call("lapse", batch):
                receipts.append(membership.send("lapse", batch, sender=sender.address))
            advance(len(batch))
    return receipts
