"""What must be true of a DAO at any time: the chain read back and compared with the model.

`glance` is cheap and follows every step; `inspect` reads everything. Besides agreeing with the
model, the chain must agree with itself: sums, one wallet an id and back, a past that stays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from mikoshi.testing.machine_world import PAYEES, MachineWorld
from mikoshi.testing.model.numbers import RELATIVE_ERROR
from mikoshi.testing.model.state import (
    ADMITTER,
    MINTER,
    NO_HASH,
    PURSE,
    REWARDER,
    SUCCESSION,
    ZERO,
    Member,
    Proposal,
    ProposalState,
    Support,
)

KINDS = (0, 1, 2)
"""Kinds of contribution that the machine mints for."""

Reading = tuple[tuple[Any, ...], Any]
"""A view with its arguments, and what it must return."""

_FINAL = (
    ProposalState.CANCELED,
    ProposalState.DEFEATED,
    ProposalState.SUCCEEDED,
    ProposalState.EXPIRED,
    ProposalState.EXECUTED,
)


@dataclass(frozen=True, slots=True)
class Near:
    """An amount that may be off by what rounding and the exponential allow."""

    exact: Decimal
    slack: Decimal

    def __eq__(self, other: object) -> bool:
        if isinstance(other, int):
            return abs(other - self.exact) <= self.slack
        return NotImplemented

    def __hash__(self) -> int:
        return hash(self.exact)


def glance(world: MachineWorld) -> None:
    """The census, the money, and one member, ticket and proposal in turn."""
    turn = world.turn = world.turn + 1
    state = world.model.state
    readings = [_census(world), *_money(world)]
    members = list(state.members.values())
    if members:
        member = members[turn % len(members)]
        readings += [*_person(world, member), _votes(world, member)]
        past = max(world.founded, world.now - 1 - turn % 7 * 100_000)
        if past < world.now:
            readings += _past_of(world, member, past)
    proposals = list(state.proposals.values())
    if proposals:
        readings += _proposal(world, proposals[turn % len(proposals)])
    check(world, readings)


def inspect(world: MachineWorld, times: Iterable[int] = ()) -> None:
    """Everything, and the whole community's voice at past `times`."""
    state = world.model.state
    readings: list[Reading] = [_census(world), *_money(world)]
    for member in state.members.values():
        readings += [*_person(world, member), _votes(world, member), *_record(world, member)]
    for ticket in range(state.last_id + 2):
        readings += _ticket(world, ticket)
    for proposal in state.proposals.values():
        readings += _proposal(world, proposal) + _receipts(world, proposal)
    readings += _settings(world) + _offices(world) + _tokens(world)
    check(world, readings)
    check_conservation_now(world)
    for time in {world.now - 1, *times}:
        if world.founded <= time < world.now:
            check_conservation(world, time)
    check_events(world)


def check(world: MachineWorld, readings: Sequence[Reading]) -> None:
    """Compare what the chain says with what is expected. Raises AssertionError."""
    answers = world.read_many([call for call, _ in readings])
    for (call, expected), actual in zip(readings, answers, strict=True):
        fine = expected(actual) if isinstance(expected, Callable) else expected == actual  # type: ignore[arg-type]
        assert fine, _differs(world, call, actual, expected)


def _differs(world: MachineWorld, call: tuple[Any, ...], actual: Any, expected: Any) -> str:
    part, name, *args = call
    return f"{part}.{name}{tuple(args)} at {world.now} is {actual}, not {expected}"


# People


def _census(world: MachineWorld) -> Reading:
    model = world.model
    awake, units, counted = model.membership.census()
    voice = near_voice(world, awake, units, world.now)
    return ("membership", "census"), (awake, counted, voice, model.state.last_id)


def near_voice(world: MachineWorld, members: int, units: int, time: int) -> Near:
    """The voice of so many members and units, with what it may be off by."""
    formula = world.model.environment.formula
    return Near(formula.voice(members, units, time), formula.slack(members, units, time))


def _person(world: MachineWorld, member: Member) -> Iterator[Reading]:
    wallet, number = member.wallet, member.id
    yield ("membership", "walletOf", number), wallet
    yield ("membership", "memberIdOf", wallet), number
    yield ("membership", "standingOf", number), member.standing
    yield ("membership", "delegates", wallet), world.model.membership.delegates(wallet)
    yield ("membership", "ticketOf", number), member.ticket or None


def _votes(world: MachineWorld, member: Member) -> Reading:
    entry = world.model.membership.entry(member.wallet)
    return ("membership", "getVotes", member.wallet), near_voice(world, *entry, world.now)


def _record(world: MachineWorld, member: Member) -> Iterator[Reading]:
    formula = world.model.environment.formula
    raw = Near(Decimal(member.raw), member.raw * RELATIVE_ERROR + world.credits)
    merit = formula.merit(member.raw, world.now)
    points = Near(merit, merit * RELATIVE_ERROR + world.credits + 1)
    yield ("membership", "storedMeritOf", member.id), (raw, member.epoch, member.used)
    yield ("membership", "meritOf", member.id), points
    yield ("membership", "statusOf", member.id), member.standing.status
    yield ("membership", "joinedAt", member.id), member.joined
    yield ("membership", "balanceOf", member.wallet), int(member.standing.is_member)
    for part in ("membership", "governor"):
        nonce = world.model.state.nonces.get((part, member.wallet), 0)
        yield (part, "nonces", member.wallet), nonce
    if member.standing.is_member:
        yield ("membership", "stampOf", member.id), member.recorded
    live = len(world.model.governor.live(member.id))
    limit = world.model.state.settings[-1]["liveProposals"]
    yield ("governor", "liveProposalsOf", member.id), (live, limit)


def _ticket(world: MachineWorld, ticket: int) -> Iterator[Reading]:
    holder = world.model.membership.holder_of(ticket)
    yield ("membership", "ownerOf", ticket), holder.wallet if holder else None
    yield ("membership", "memberOfTicket", ticket), holder.id if holder else None
    approved = world.model.state.approvals.get(ticket, ZERO) if holder else None
    yield ("membership", "getApproved", ticket), approved


def _past_of(world: MachineWorld, member: Member, time: int) -> Iterator[Reading]:
    members, units = world.model.membership.entry(member.wallet, time)
    yield ("membership", "getPastMembers", member.wallet, time), members
    yield (
        ("membership", "getPastVotes", member.wallet, time),
        world.unchanged((member.id, time), near_voice(world, members, units, time)),
    )


# Sums


def check_conservation_now(world: MachineWorld) -> None:
    """Σ voice of delegates ≤ total, and they differ by less than a unit a delegate."""
    wallets = [member.wallet for member in world.model.state.members.values()]
    calls = [("membership", "getVotes", wallet) for wallet in wallets]
    voices = world.read_many(calls)
    _, _, total, _ = world.read("membership", "census")
    _check_sum(world, "now", voices, total)


def check_conservation(world: MachineWorld, time: int) -> None:
    """At a past moment: the same, and Σ members of delegates = the awake; all as the model says."""
    model = world.model
    readings: list[Reading] = []
    for member in model.state.members.values():
        readings += _past_of(world, member, time)
    awake, units, counted = model.membership.census(time)
    total = near_voice(world, awake, units, time)
    readings.append((("membership", "getPastCensus", time), (awake, counted, total)))
    readings.append((("membership", "getPastTotalSupply", time), total))
    settings = model.state.settings[-1]
    quorum = model.governor.needed_at(time, settings) * model.environment.formula.base
    readings.append((("governor", "quorum", time), quorum))
    check(world, readings)
    answers = world.read_many([call for call, _ in readings])
    members, voices = answers[:-3:2], answers[1:-3:2]
    assert sum(members) == awake, f"Σ members at {time} is {sum(members)}, {awake} were awake"
    _check_sum(world, f"at {time}", voices, answers[-2])


def _check_sum(world: MachineWorld, when: str, voices: Sequence[int], total: int) -> None:
    lost = total - sum(voices)
    most = sum(voice > 0 for voice in voices)
    assert 0 <= lost <= most, f"Σ voice {when} is {sum(voices)}, the total is {total}: {world.now}"


# Proposals


def _proposal(world: MachineWorld, proposal: Proposal) -> list[Reading]:
    governor = world.model.governor
    state = governor.state_of(proposal)
    seen = world.seen.get(proposal.id)
    assert seen is None or seen == state or seen not in _FINAL, (
        f"proposal {proposal.id} went from {seen!r} to {state!r}"
    )
    world.seen[proposal.id] = state
    world.coverage["state", state.name] += 1
    number = proposal.id
    slack = len(proposal.ballots)
    votes = tuple(
        Near(Decimal(sum_), sum_ * RELATIVE_ERROR + slack)
        for sum_ in (proposal.votes(s) for s in (Support.AGAINST, Support.FOR, Support.ABSTAIN))
    )
    readings: list[Reading] = [
        (("governor", "state", number), state),
        (("governor", "proposalVotes", number), votes),
        (("governor", "proposalTurnout", number), proposal.people),
        (("governor", "proposalSnapshot", number), proposal.snapshot),
        (("governor", "proposalDeadline", number), proposal.deadline),
        (("governor", "proposalEta", number), governor.eta(proposal)),
    ]
    if world.now > proposal.snapshot:
        readings.append((("governor", "proposalQuorum", number), governor.needed(proposal)))
    return readings


def _receipts(world: MachineWorld, proposal: Proposal) -> list[Reading]:
    number, governor = proposal.id, world.model.governor
    readings: list[Reading] = [
        (("governor", "hasVoted", number, member.wallet), member.id in proposal.ballots)
        for member in world.model.state.members.values()
    ]
    proposer = world.model.state.members[proposal.proposer].wallet
    readings += [
        (("governor", "proposalProposer", number), proposer),
        (("governor", "proposalExpiry", number), governor.expiry(proposal)),
        (("governor", "isAdvisory", number), proposal.advisory),
        (("governor", "proposalSettings", number), governor.rules(proposal)),
    ]
    if world.now > proposal.snapshot:
        cap = governor.cap(proposal)
        weight = Near(Decimal(cap), cap * RELATIVE_ERROR + 1)
        readings.append((("governor", "proposalWeight", number, 10**30), weight))
    return readings


# Settings, offices, money


def _settings(world: MachineWorld) -> list[Reading]:
    state = world.model.state
    settings = state.settings[-1]
    threshold = world.model.environment.formula.base * settings["thresholdBps"] // 10_000
    epoch, merit, admitted = state.usage
    return [
        (("membership", "settings"), dict(state.membership)),
        (("membership", "charterHash"), state.charter),
        (("membership", "usage"), (epoch, merit, admitted)),
        (("governor", "settings"), (dict(settings), len(state.settings))),
        (("governor", "proposalThreshold"), threshold),
        (("governor", "votingDelay"), settings["votingDelay"]),
        (("governor", "votingPeriod"), settings["votingPeriod"]),
        (
            ("token", "settings"),
            {"epochCap": state.token_cap.cap, "transferable": state.token_transferable},
        ),
    ]


def _offices(world: MachineWorld) -> list[Reading]:
    treasury, state = world.model.treasury, world.model.state
    readings: list[Reading] = [
        (("treasury", "governor"), state.governor),
        (("treasury", "guardian"), treasury.guardian()),
        (("treasury", "steward"), treasury.steward()),
    ]
    for office, (holder, until) in (("guardian", state.guardian), ("steward", state.steward)):
        readings.append((("treasury", f"{office}Office"), {"holder": holder, "until": until}))
    accounts = [*world.addresses.values(), *(o.address for o in world.officers.values())]
    for role in (NO_HASH, ADMITTER, REWARDER, MINTER, PURSE, SUCCESSION):
        for account in accounts:
            has = treasury.has_role(role, account)
            readings.append((("treasury", "hasRole", role, account), has))
    return readings


def _money(world: MachineWorld) -> list[Reading]:
    state = world.model.state
    for account in (world.treasury, *PAYEES):
        held, expected = world.chain.balance(account), state.ether.get(account, 0)
        assert held == expected, f"{account} holds {held} wei, the model says {expected}"
    supply = state.minted - state.burned
    return [(("token", "totalSupply"), supply)]


def _tokens(world: MachineWorld) -> list[Reading]:
    state, token = world.model.state, world.model.token
    readings: list[Reading] = [
        (("token", "balanceOf", account), amount) for account, amount in state.tokens.items()
    ]
    assert sum(state.tokens.values()) == state.minted - state.burned
    readings.append((("token", "mintable"), token.available(state.token_cap)))
    readings += [(("token", "mintableFor", kind), token.mintable_for(kind)) for kind in KINDS]
    readings += [
        (("token", "allowance", *pair), amount) for pair, amount in state.allowances.items()
    ]
    return readings


# Events


def check_events(world: MachineWorld) -> None:
    """What the events tell is what is so, and none tells what cannot be."""
    state, told = world.model.state, world.rebuilt()
    assert told.oddities == [], told.oddities
    members, proposals = told.membership.members, told.governor.proposals
    pairs: dict[str, tuple[Any, Any]] = {
        "standings": (_each(members, "standing"), _each(state.members, "standing")),
        "wallets": (_each(members, "wallet"), _each(state.members, "wallet")),
        "tickets": (
            _each(members, "ticket"),
            {m.id: m.ticket or None for m in state.members.values()},
        ),
        "delegates": (
            _each(members, "delegate"),
            {m.id: m.delegate if m.standing.is_member else None for m in state.members.values()},
        ),
        "roles": (told.treasury.holders, state.roles),
        "charter": (told.membership.charter_hash, state.charter),
        "tokens": (_positive(told.token.balances), _positive(state.tokens)),
        "deadlines": (_each(proposals, "deadline"), _each(state.proposals, "deadline")),
        "executions": (_each(proposals, "executed"), _each(state.proposals, "executed")),
        "cancellations": (_each(proposals, "canceled"), _each(state.proposals, "canceled")),
        "ballots": (
            {p.id: set(p.ballots) for p in proposals.values()},
            {p.id: set(p.ballots) for p in state.proposals.values()},
        ),
    }
    for name, (heard, so) in pairs.items():
        assert heard == so, f"the events tell other {name}: {heard}, not {so}"
    for number, proposal in proposals.items():
        votes = tuple(proposal.votes(support) for support in sorted(Support))
        actual = tuple(world.read("governor", "proposalVotes", number))
        assert votes == actual, f"ballots of {number} sum to {votes}, counted is {actual}"


def _each(entries: Mapping[int, Any], field: str) -> dict[int, Any]:
    return {number: getattr(entry, field) for number, entry in entries.items()}


def _positive(amounts: dict[str, int]) -> dict[str, int]:
    return {account: amount for account, amount in amounts.items() if amount}
