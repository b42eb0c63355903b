"""Simulated histories: real transactions, the same from the same seed, told month by month."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

import pytest

from mikoshi.chain.abi import Event
from mikoshi.chain.node import DevRpc, Node
from mikoshi.play.regimes.drill import OPTIONS, Look, drill, look
from mikoshi.play.regimes.history import PlayedHistory, run
from mikoshi.play.regimes.judge import HELD_OUT, RESULT, half
from mikoshi.play.regimes.regime import (
    COLLAPSE,
    MONTH,
    RECOVERY,
    REGIMES,
    ROUND,
    SIZE,
    Regime,
)
from mikoshi.play.regimes.shape import HEALTHY, SHAPES, Shape
from mikoshi.play.regimes.story import Story
from mikoshi.replay.logs import Log

pytestmark = pytest.mark.slow

SEED = 3
MEMBERSHIP, GOVERNOR = "membership", "governor"


@dataclass
class Lived:
    """A history, and what the chain said when it was over."""

    history: PlayedHistory
    census: tuple[int, int, int, int]
    treasury: int
    supply: int

    def named(self, name: str, part: str = "") -> list[Log]:
        home = self.history.manifest.addresses.get(part)
        logs = self.history.logs
        return [e for e in logs if e.event.name == name and home in (None, e.event.address)]


def events(logs: list[Log]) -> list[tuple[Event, int, int, int]]:
    """What happened when and where; a transaction's hash also depends on the fee of its block."""
    return [(e.event, e.time, e.block, e.index) for e in logs]


@pytest.fixture(scope="module")
def rpc() -> Iterator[DevRpc]:
    with Node(OPTIONS) as node:
        yield node.rpc


def live(rpc: DevRpc, regime: Regime | Shape, seed: int = SEED, months: int = 10) -> Lived:
    with rpc.isolate():
        history = run(regime, seed, rpc, months)
        dao = history.dao
        return Lived(
            history,
            dao.membership.call("census"),
            rpc.balance(dao.treasury_address),
            dao.token.call("totalSupply"),
        )


@pytest.fixture(scope="module")
def collapse(rpc: DevRpc) -> Lived:
    return live(rpc, COLLAPSE)


@pytest.fixture(scope="module")
def recovery(rpc: DevRpc) -> Lived:
    return live(rpc, RECOVERY)


def test_same_seed_is_the_same_history_to_the_second(rpc: DevRpc, collapse: Lived) -> None:
    again = live(rpc, COLLAPSE)
    assert events(again.history.logs) == events(collapse.history.logs)
    assert again.history.months == collapse.history.months
    assert again.history.manifest == collapse.history.manifest


def test_another_seed_is_another_history(rpc: DevRpc, collapse: Lived) -> None:
    other = live(rpc, COLLAPSE, SEED + 1, months=1)
    own = collapse.history.logs[: len(other.history.logs)]
    assert [e.event.name for e in other.history.logs] != [e.event.name for e in own]


def test_regimes_of_a_seed_are_the_same_until_the_turn(collapse: Lived, recovery: Lived) -> None:
    start = collapse.history.months[0].time - MONTH
    turn = start + Story(RECOVERY, SEED).turn * ROUND
    both = [events(each.history.logs) for each in (collapse, recovery)]
    before = [[e for e in each if e[1] < turn] for each in both]
    assert before[0] == before[1]
    assert len(before[0]) > 50
    assert both[0] != both[1]


@pytest.mark.parametrize("regime", ["collapse", "recovery"])
def test_events_rebuild_what_the_chain_says(regime: str, request: pytest.FixtureRequest) -> None:
    lived: Lived = request.getfixturevalue(regime)
    *_, (month, rebuilt) = lived.history.rebuilt()
    people, total = rebuilt.membership, rebuilt.membership.total.latest
    awake, counted, _, last_id = lived.census
    assert (total.members, total.counted, people.last_id) == (awake, counted, last_id)
    assert rebuilt.token.supply == lived.supply
    assert rebuilt.oddities == []
    assert rebuilt.block == month.block
    assert rebuilt.events == len(lived.history.logs)


def test_people_act_in_every_way(collapse: Lived, recovery: Lived) -> None:
    acts = Counter(e.event.name for e in collapse.history.logs + recovery.history.logs)
    assert acts["DAOCreated"] == 2
    for name in ("VoteCast", "ProposalCreated", "ProposalExecuted", "MeritCredited", "Minted"):
        assert acts[name] > 10, name
    for name in ("StewardAdmitted", "DelegateChanged", "StandingChanged"):
        assert acts[name] > 0, name
    standings = {e.event.args["standing"] for e in collapse.named("StandingChanged")}
    assert {2, 5} <= standings  # some rest, some leave
    by_vote = len(recovery.named("MemberAdmitted")) - len(collapse.named("MemberAdmitted"))
    assert by_vote > 0  # the steward's term is over when they come


def test_ballots_come_one_by_one_and_in_batches(recovery: Lived) -> None:
    sizes = Counter(Counter(e.transaction for e in recovery.named("VoteCast")).values())
    assert sizes[1] > 50
    assert sum(count for size, count in sizes.items() if size > 1) > 10


def test_treasury_pays_only_what_was_decided(collapse: Lived) -> None:
    created = {e.event.args["proposalId"]: e.event.args for e in collapse.named("ProposalCreated")}
    executed = [e.event.args["proposalId"] for e in collapse.named("ProposalExecuted")]
    spent = sum(sum(created[number]["values"]) for number in executed)
    assert collapse.treasury == 10 * 10**18 - spent < 10 * 10**18
    assert len(executed) < len(created)  # some reach no quorum


def test_months_end_one_after_the_other(recovery: Lived) -> None:
    months = recovery.history.months
    assert [each.number for each in months] == list(range(1, 11))
    assert {b.time - a.time for a, b in pairwise(months)} == {MONTH}
    for month, rebuilt in recovery.history.rebuilt():
        assert rebuilt.logs == [e for e in recovery.history.logs if e.time <= month.time]
        assert all(e.block <= month.block for e in rebuilt.logs)


def test_looks_count_what_the_events_say(recovery: Lived) -> None:
    """The report's figures of a month, counted again from the raw events."""
    looks = {each.month: each for each in look(recovery.history)}
    month = recovery.history.months[5]
    past = [e for e in recovery.history.logs if e.time <= month.time]
    admitted = [e for e in past if e.event.name == "MemberAdmitted"]
    ids = {e.event.args["wallet"]: e.event.args["id"] for e in admitted}
    joined = {e.event.args["id"]: e.time for e in reversed(admitted)}
    left = Counter(e.event.args["id"] for e in past if e.event.args.get("standing") == 5)
    came = Counter(e.event.args["id"] for e in admitted)
    gone = {number for number in left if left[number] == came[number]}
    lately = [e for e in past if e.time > month.time - MONTH]
    acted = {ids[e.event.args["voter"]] for e in lately if e.event.name == "VoteCast"}
    acted |= {ids[e.event.args["proposer"]] for e in lately if e.event.name == "ProposalCreated"}
    acted |= {ids[e.event.args["delegator"]] for e in lately if e.event.name == "DelegateChanged"}
    acted |= {e.event.args["id"] for e in lately if e.event.args.get("standing") == 1} - {
        e.event.args["id"] for e in admitted
    }
    old = {number for number, since in joined.items() if since <= month.time - MONTH} - gone
    assert looks[6].acted == (len(acted & old), len(old))
    founders = len(recovery.history.manifest.params["members"])
    settled = {n for n in old if n > founders and joined[n] <= month.time - 3 * MONTH}
    assert looks[6].stay == (len(acted & settled), len(settled))


@pytest.mark.parametrize("shape", HEALTHY, ids=lambda shape: shape.name)
def test_healthy_and_dying_are_the_same_until_the_turn(rpc: DevRpc, shape: Shape) -> None:
    both = [live(rpc, each, SEED, months=4).history for each in (shape, replace(shape, dies=True))]
    assert both[0].turn > both[0].months[-1].time  # nobody dies in four months
    assert events(both[0].logs) == events(both[1].logs)
    assert len(both[0].logs) > 50


def test_kept_result_is_of_seeds_that_set_nothing_and_meets_the_rates() -> None:
    kept = json.loads(RESULT.read_text("utf-8"))
    assert kept["seeds"] == [HELD_OUT.start, HELD_OUT.stop - 1]
    shapes = kept["shapes"]
    assert list(shapes) == [*REGIMES, *SHAPES]
    for name, told in shapes.items():
        if told["dies"]:
            assert told["ring"] >= 0.9 * told["lives"], name
        else:
            assert told["ring"] <= 0.05 * told["lives"], name
        assert told["lives"] >= 28, name


def seen(hands: list[int], turn: int, paused: tuple[int, ...] = ()) -> list[Look]:
    pairs = enumerate(hands, 1)
    return [Look(n, 9, (0, 0), (0, 0), each, n not in paused, n > turn, []) for n, each in pairs]


@pytest.mark.parametrize(
    ("looks", "month"),
    [
        (seen([1, 2, 8, 8, 8, 5, 4, 3], turn=5), 8),
        (seen([1, 2, 8, 8, 8, 0, 5, 3], turn=5, paused=(6,)), 8),
        (seen([1, 2, 8, 8, 1, 8, 8], turn=6), None),
        (seen([6, 10, 8, 6, 4], turn=2), 5),
    ],
)
def test_month_that_halves_the_hands(looks: list[Look], month: int | None) -> None:
    assert half(looks) == month


def test_size_is_just_under_twenty(collapse: Lived) -> None:
    assert lived_size(collapse) in SIZE


def lived_size(lived: Lived) -> int:
    return len({e.event.args["id"] for e in lived.named("MemberAdmitted")})


def test_drill_plays_its_seeds_in_their_order(collapse: Lived) -> None:
    first, second, third = drill(COLLAPSE, [SEED, SEED + 1, SEED + 2], months=2)
    own = list(look(collapse.history))[:2]
    assert [each.acted for each in first] == [each.acted for each in own]
    assert [[each.rings() for each in looks] for looks in (first, second, third)] == [
        [False] * 2
    ] * 3
