"""What the server tells of a DAO in memory; people's names are never among it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from mikoshi.context.proposed import Proposed, listed
from mikoshi.replay.governor import ABSTAIN, AGAINST, FOR
from mikoshi.replay.member import Member, Standing
from mikoshi.serve.models import (
    After,
    BallotModel,
    Before,
    Call,
    Counted,
    DaoModel,
    MemberModel,
    Members,
    People,
    ProposalModel,
    Proposals,
    Votes,
    WholeProposal,
)

if TYPE_CHECKING:
    from mikoshi.context.context import Context
    from mikoshi.replay.dao import RebuiltDao


def dao(context: Context, *, relays: bool) -> DaoModel:
    """The DAO as a whole."""
    rebuilt, at = context.rebuilt, context.dao
    people = rebuilt.membership.members
    stand = Counter(each.standing for each in people.values())
    latest = rebuilt.membership.total.latest
    return DaoModel(
        name=context.manifest.name,
        chain_id=context.manifest.chain_id,
        treasury=at.treasury_address,
        membership=at.membership_address,
        token=at.token_address,
        governor=at.governor_address,
        block=rebuilt.block,
        time=context.now,
        members=People(
            active=stand[Standing.ACTIVE],
            dormant=stand[Standing.DORMANT],
            newcomer=stand[Standing.NEWCOMER],
            absent=stand[Standing.ABSENT],
            ever=len(people),
        ),
        voice=str(rebuilt.membership.voice.of(latest.members, latest.units, context.now)),
        proposals=len(rebuilt.proposals),
        relays=relays,
    )


def members(context: Context, page: After) -> Members:
    """People by number."""
    rebuilt = context.rebuilt
    people = rebuilt.membership.members
    numbers = range(page.after + 1, min(page.after + page.limit, rebuilt.membership.last_id) + 1)
    rows = [_member(rebuilt, people[each], context.now) for each in numbers if each in people]
    last = numbers.stop - 1
    more = bool(numbers) and last < rebuilt.membership.last_id
    return Members(block=rebuilt.block, rows=rows, next=last if more else None)


def member(context: Context, number: int) -> MemberModel | None:
    """A person."""
    person = context.rebuilt.membership.members.get(number)
    return _member(context.rebuilt, person, context.now) if person else None


def _member(rebuilt: RebuiltDao, person: Member, now: int) -> MemberModel:
    return MemberModel(
        id=person.id,
        wallet=person.wallet,
        standing=person.standing.name.lower(),
        joined=person.joined,
        last_act=person.last_act,
        delegate=person.delegate,
        voice=str(rebuilt.membership.voice_of(person.id, now)),
    )


def proposals(context: Context, page: Before) -> Proposals:
    """Proposals, the latest first."""
    rebuilt, now = context.rebuilt, context.now
    found = [each for each in listed(rebuilt) if each.number < page.before]
    rows = found[: -page.limit - 1 : -1]
    more = len(found) > len(rows)
    told = [_proposal(rebuilt, each, now) for each in rows]
    return Proposals(block=rebuilt.block, rows=told, next=rows[-1].number if more else None)


def proposal(context: Context, name: str, page: After) -> WholeProposal | None:
    """A proposal by its number or id, with ballots by member."""
    all_ = listed(context.rebuilt)
    found = next(
        (each for each in reversed(all_) if name in (str(each.number), str(each.id))), None
    )
    if found is None:
        return None
    made = found.proposal
    voters = sorted(each for each in made.ballots if each > page.after)
    told = voters[: page.limit]
    ballots = [(each, made.ballots[each]) for each in told]
    calls = zip(made.targets, made.values, made.calldatas, strict=True)
    return WholeProposal(
        **_proposal(context.rebuilt, found, context.now).model_dump(by_alias=True),
        description=made.description,
        calls=[Call(target=at, value=str(wei), data=f"0x{data.hex()}") for at, wei, data in calls],
        ballots=[
            BallotModel(
                member=number,
                support=each.support,
                voice=str(each.weight),
                people=each.people,
                time=each.time,
            )
            for number, each in ballots
        ],
        next=told[-1] if len(voters) > len(told) else None,
    )


def _proposal(rebuilt: RebuiltDao, proposed: Proposed, now: int) -> ProposalModel:
    made = proposed.proposal
    votes = {"for": FOR, "against": AGAINST, "abstain": ABSTAIN}
    return ProposalModel(
        number=proposed.number,
        id=str(made.id),
        governor=made.governor.address,
        title=proposed.title,
        binding=made.binding,
        state=rebuilt.governor.state(made, now).name.lower(),
        proposer=made.proposer,
        opens=made.snapshot,
        closes=made.deadline,
        eta=made.eta,
        expiry=made.expiry,
        people=Counted(have=made.people, needed=rebuilt.governor.needed(made)),
        votes=Votes(**{name: str(made.votes(side)) for name, side in votes.items()}),
    )
