"""However often people leave, return, sell or buy, nobody gains voice, merit or a ballot."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mikoshi.testing.defaults import DAY, POINT
from mikoshi.testing.evm import Evm
from mikoshi.testing.invariants import inspect
from mikoshi.testing.machine_checks import lists
from mikoshi.testing.machine_setups import PAYEES, SETUPS, START
from mikoshi.testing.machine_world import MachineWorld
from mikoshi.testing.model.numbers import root_down
from mikoshi.testing.model.proposal import Action
from mikoshi.testing.model.state import NO_HASH, Standing

few = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
POINTS = st.integers(0, 1_000).map(lambda thousandths: thousandths * POINT // 1_000)
SEASON = 46 * DAY  # to the end of the day of waking
SECONDS = st.sampled_from([0, 1, DAY, 40 * DAY])


@pytest.fixture(scope="module", params=["soulbound", "transferable"])
def world(request: pytest.FixtureRequest) -> MachineWorld:
    return MachineWorld(Evm(START), SETUPS[request.param])


@pytest.fixture(scope="module")
def soulbound() -> MachineWorld:
    return MachineWorld(Evm(START), SETUPS["soulbound"])


@pytest.fixture(scope="module")
def transferable() -> MachineWorld:
    return MachineWorld(Evm(START), SETUPS["transferable"])


def _do(world: MachineWorld, name: str, who: int, *args: object) -> None:
    outcome, _ = world.send("membership", name, world.people[who].address, *args)
    assert outcome == "ok"


def _reward(world: MachineWorld, merits: Sequence[int]) -> None:
    for member, points in enumerate(merits, 1):
        args = (member, points, 0, NO_HASH)
        assert world.send("membership", "credit", world.treasury, *args)[0] == "ok"


def _account(world: MachineWorld, who: int) -> tuple[int, ...]:
    wallet = world.people[who].address
    number = world.read("membership", "memberIdOf", wallet)
    return (
        world.read("membership", "getVotes", wallet),
        world.read("membership", "meritOf", number),
        world.read("membership", "storedMeritOf", number)[0],
        world.read("membership", "balanceOf", wallet),
    )


@few
@given(
    merits=st.lists(POINTS, min_size=5, max_size=5),
    cycles=st.lists(st.tuples(st.sampled_from(["exit", "rest", "delegate"]), SECONDS), max_size=8),
)
def test_leaving_and_returning_gains_nothing(
    soulbound: MachineWorld, merits: list[int], cycles: list[tuple[str, int]]
) -> None:
    world = soulbound
    world.reset()
    _reward(world, merits)
    _do(world, "delegate", 2, world.people[1].address)
    for kind, seconds in cycles:
        world.warp_to(world.now + seconds)
        before = [_account(world, who) for who in range(5)]
        entries = [world.model.membership.entry(world.people[who].address) for who in range(5)]
        census = world.read("membership", "census")[:2]
        if kind == "exit":
            _do(world, "exit", 1)
            _do(world, "rejoin", 1, world.params["charterHash"])
            assert _account(world, 1)[0] < before[1][0]
            world.warp_to(world.now + SEASON)
            _do(world, "wake", 1, world.params["charterHash"])
        elif kind == "rest":
            _do(world, "rest", 1)
            _do(world, "wake", 1, NO_HASH)
        else:
            _do(world, "delegate", 1, world.people[0].address)
            _do(world, "delegate", 1, world.people[1].address)
        after = [_account(world, who) for who in range(5)]
        assert [each[2:] for each in after] == [each[2:] for each in before]
        assert all(now[:2] <= then[:2] for now, then in zip(after, before, strict=True))
        now = [world.model.membership.entry(world.people[who].address) for who in range(5)]
        assert now == entries
        assert world.read("membership", "census")[:2] == census
    inspect(world)


@few
@given(merits=st.lists(POINTS, min_size=4, max_size=4), sales=st.integers(1, 5))
def test_selling_and_buying_back_gains_nothing(
    transferable: MachineWorld, merits: list[int], sales: int
) -> None:
    world = transferable
    world.reset()
    _reward(world, merits)
    seller, buyer = world.people[0].address, world.people[9].address
    merit = _account(world, 0)[2]
    awake, counted, total, _ = world.read("membership", "census")
    ticket = world.read("membership", "ticketOf", 1)
    for _ in range(sales):
        _do(world, "transferFrom", 0, seller, buyer, ticket)
        assert _account(world, 9) == (0, 0, 0, 1)
        early, _ = world.send("membership", "transferFrom", buyer, buyer, seller, ticket)
        assert early == "MembershipTooEarly"
        world.warp_to(world.now + SEASON)
        _do(world, "transferFrom", 9, buyer, seller, ticket)
        assert _account(world, 0)[0] == 0
        assert _account(world, 0)[2:] == (merit, 1)
        world.warp_to(world.now + SEASON)
    now_awake, now_counted, now_total, _ = world.read("membership", "census")
    assert (now_awake, now_counted) == (awake - 1, counted - 1)
    assert now_total < total
    _do(world, "wake", 0, world.params["charterHash"])
    fresh = world.model.membership.entry(seller)
    assert fresh == (1, root_down(merit))
    inspect(world)


@few
@given(way=st.sampled_from(["exit", "sale", "move", "rest"]), support=st.integers(0, 2))
def test_no_way_leads_to_second_ballot(world: MachineWorld, way: str, support: int) -> None:
    world.reset()
    world.warp_to(world.now + SEASON)  # whoever may move wallets can, too
    proposer, voter = world.people[0].address, world.people[1].address
    other = world.people[9].address
    actions = (Action(PAYEES[0], 1, b""),)
    _, number = world.send(
        "governor", "propose", proposer, actions, "twice?", raw=(*lists(actions), "twice?")
    )
    world.warp_to(world.model.state.proposals[number].snapshot + 1)
    assert world.send("governor", "castVote", voter, number, support)[0] == "ok"
    votes = world.read("governor", "proposalVotes", number)
    ticket = world.read("membership", "ticketOf", 2)
    if way == "exit":
        _do(world, "exit", 1)
        world.send("membership", "rejoin", voter, world.params["charterHash"])
    elif way == "sale":
        world.send("membership", "transferFrom", voter, voter, other, ticket)
    elif way == "move":
        mover = world.officers["succession"].address
        assert world.send("membership", "moveWallet", mover, 2, other)[0] == "ok"
    else:
        _do(world, "rest", 1)
    for again in (voter, other):
        assert world.send("governor", "castVote", again, number, 1)[0] != "ok"
    assert world.read("governor", "proposalVotes", number) == votes
    assert world.read("governor", "proposalTurnout", number) == (0 if support == 0 else 1)


@few
@given(exits=st.lists(st.integers(0, 4), min_size=1, max_size=5, unique=True), hours=SECONDS)
def test_everybody_may_leave_and_come_back(
    soulbound: MachineWorld, exits: list[int], hours: int
) -> None:
    world = soulbound
    world.reset()
    for who in exits:
        _do(world, "exit", who)
    world.warp_to(world.now + hours)
    for who in exits:
        _do(world, "rejoin", who, world.params["charterHash"])
        assert world.read("membership", "memberIdOf", world.people[who].address) == who + 1
        assert world.read("membership", "standingOf", who + 1) == Standing.NEWCOMER
    world.warp_to(world.now + SEASON)
    for who in exits:
        _do(world, "wake", who, world.params["charterHash"])
        assert world.read("membership", "standingOf", who + 1) == Standing.ACTIVE
    inspect(world)
