"""What must be true of a DAO at any time: the chain read back and compared with the model.

`glance` is cheap and follows every step; `inspect` reads everything. Besides agreeing with the
model, the chain must agree with itself: sums, one wallet an id and back, a past that stays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from mikoshi.testing import readings_people as people
from mikoshi.testing import readings_rules as rules
from mikoshi.testing.clients import check_conclusion
from mikoshi.testing.machine_world import MachineWorld
from mikoshi.testing.model.proposal import Support
from mikoshi.testing.near import near_voice
from mikoshi.testing.readings_people import Reading


def glance(world: MachineWorld) -> None:
    """The census, the money, and one member, ticket and proposal in turn."""
    turn = world.turn = world.turn + 1
    state = world.model.state
    readings = [people.of_census(world), *rules.of_money(world)]
    members = list(state.members.values())
    if members:
        member = members[turn % len(members)]
        readings += [*people.of_person(world, member), people.of_votes(world, member)]
        past = max(world.founded, world.now - 1 - turn % 7 * 100_000)
        if past < world.now:
            readings += people.of_past(world, member, past)
    proposals = list(state.proposals.values())
    if proposals:
        readings += rules.of_proposal(world, proposals[turn % len(proposals)])
    check(world, readings)


def inspect(world: MachineWorld, times: Iterable[int] = ()) -> None:
    """Everything, and the whole community's voice at past `times`."""
    state = world.model.state
    readings: list[Reading] = [people.of_census(world), *rules.of_money(world)]
    for member in state.members.values():
        readings += [*people.of_person(world, member), people.of_votes(world, member)]
        readings += people.of_record(world, member)
    for ticket in range(state.last_id + 2):
        readings += people.of_ticket(world, ticket)
    for proposal in state.proposals.values():
        readings += rules.of_proposal(world, proposal) + rules.of_receipts(world, proposal)
    readings += rules.of_settings(world) + rules.of_waiting(world)
    readings += rules.of_offices(world) + rules.of_tokens(world)
    check(world, readings)
    for number in state.proposals:
        check_conclusion(world, number)
    check_conservation_now(world)
    for time in {world.now - 1, *times}:
        if world.founded <= time < world.now:
            check_conservation(world, time)
    check_events(world)


def check(world: MachineWorld, readings: Sequence[Reading]) -> list[Any]:
    """What the chain says. Raises AssertionError where it is not what is expected."""
    answers = world.read_many([call for call, _ in readings])
    for (call, expected), actual in zip(readings, answers, strict=True):
        fine = expected(actual) if isinstance(expected, Callable) else expected == actual  # type: ignore[arg-type]
        assert fine, _differs(world, call, actual, expected)
    return answers


def _differs(world: MachineWorld, call: tuple[Any, ...], actual: Any, expected: Any) -> str:
    part, name, *args = call
    return f"{part}.{name}{tuple(args)} at {world.now} is {actual}, not {expected}"


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
        readings += people.of_past(world, member, time)
    awake, units, counted = model.membership.census(time)
    total = near_voice(model.environment.formula, awake, units, time)
    readings.append((("membership", "getPastCensus", time), (awake, counted, total)))
    readings.append((("membership", "getPastTotalSupply", time), total))
    then = model.governor.settings(model.governor.version(time))
    quorum = model.governor.needed_at(time, then) * model.environment.formula.base
    readings.append((("governor", "quorum", time), quorum))
    answers = check(world, readings)
    members, voices = answers[:-3:2], answers[1:-3:2]
    assert sum(members) == awake, f"Σ members at {time} is {sum(members)}, {awake} were awake"
    _check_sum(world, f"at {time}", voices, answers[-2])


def _check_sum(world: MachineWorld, when: str, voices: Sequence[int], total: int) -> None:
    lost = total - sum(voices)
    most = sum(voice > 0 for voice in voices)
    assert 0 <= lost <= most, f"Σ voice {when} is {sum(voices)}, the total is {total}: {world.now}"


# Events


def check_events(world: MachineWorld) -> None:
    """What the events tell is what is so, and none tells what cannot be."""
    state, told = world.model.state, world.rebuilt(world.params)
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
        "roles": (set(told.treasury.holders), set(state.roles)),
        "charter": (told.membership.charter_hash, state.charter),
        "tokens": (_positive(told.token.balances), _positive(state.tokens)),
        "deadlines": (_each(proposals, "deadline"), _each(state.proposals, "deadline")),
        "executions": (_done(proposals, "executed"), _done(state.proposals, "executed")),
        "cancellations": (_done(proposals, "canceled"), _done(state.proposals, "canceled")),
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


def _done(entries: Mapping[int, Any], field: str) -> set[int]:
    return {number for number, entry in entries.items() if getattr(entry, field)}


def _positive(amounts: dict[str, int]) -> dict[str, int]:
    return {account: amount for account, amount in amounts.items() if amount}
