"""Acts that come in a large batch of ballots, recorded beside the members' own slots."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mikoshi.chain.contract import Contract
from mikoshi.chain.node import DevRpc
from mikoshi.testing.community import Community, found, person
from mikoshi.testing.defaults import CHARTER, DAY
from tests.support import factory, grant, next_block_at
from tests.unit.membership.people import Standing, member, set_last_id, today

MONTH = 30
SILENCE = 210 * DAY  # the setting of 180 days and the 30 days of a stamp
ANNA = person(100).address


@pytest.fixture
def cast(community: Community) -> Callable[[Sequence[int]], None]:
    """Members of these ids vote in one batch, as the Governor reports it."""
    dao, rpc = community.dao, community.rpc
    rpc.fund(dao.governor_address)

    def receive(ids: Sequence[int]) -> None:
        casters = [
            number << 160 | int(dao.membership.call("walletOf", number), 16) for number in ids
        ]
        args = casters, rpc.timestamp() - 1
        dao.membership.send("receiveManyBallots", *args, sender=dao.governor_address)

    return receive


def grow(community: Community, to: int) -> None:
    """Admit until so many ids are given."""
    wallets = [person(number).address for number in range(200, 200 + to - 5)]
    community.as_treasury(community.dao.membership, "admitMany", wallets, CHARTER)


def stamps(membership: Contract, ids: Sequence[int]) -> list[int]:
    return [membership.call("stampOf", number) for number in ids]


def test_batch_stamps_its_casters_and_no_neighbour(
    community: Community, membership: Contract, cast: Callable[[Sequence[int]], None]
) -> None:
    """Groups of 16 begin at 16 and 32; the order of the ballots does not matter."""
    grow(community, 34)
    everyone = range(1, 35)
    joined = stamps(membership, everyone)
    community.rpc.warp(60 * DAY)
    casters = [17, 1, 32, 16, 2, 15, 31, 33, 18]
    cast(casters)
    day = today(community.rpc)
    expected = [day if n in casters else old for n, old in zip(everyone, joined, strict=True)]
    assert stamps(membership, everyone) == expected
    community.rpc.warp(DAY)
    cast([34, 17, 3, 4, 5, 16, 19, 20, 21])
    later = {34, 17, 3, 4, 5, 16, 19, 20, 21}
    expected = [day + 1 if n in later else old for n, old in zip(everyone, expected, strict=True)]
    assert stamps(membership, everyone) == expected


@pytest.mark.parametrize("casters", [[1], [1, 2, 3, 4, 5]], ids=["alone", "in a large batch"])
def test_batch_protects_from_lapse_exactly_as_long_as_a_single_vote(
    community: Community,
    membership: Contract,
    cast: Callable[[Sequence[int]], None],
    casters: list[int],
) -> None:
    next_block_at(community.rpc, (membership.call("stampOf", 1) + 100) * DAY)
    cast(casters)
    voted = membership.call("stampOf", 1)
    assert voted == today(community.rpc)
    community.rpc.warp_to(voted * DAY + SILENCE - 1)
    assert membership.call("lapse", [1]) == 0
    when = next_block_at(community.rpc, voted * DAY + SILENCE)
    membership.send("lapse", [1], sender=community.outsider.address)
    assert member(membership, 1).standing == Standing.DORMANT
    assert membership.call("stampOf", 1) == when // DAY
    community.rpc.warp_to((when // DAY + 731) * DAY - 1)
    assert membership.call("lapse", [1]) == 0
    community.rpc.warp(1)
    assert membership.call("lapse", [1]) == 1


@pytest.mark.parametrize(
    ("ids", "ballots", "large"), [(5, 3, False), (5, 4, True), (16, 4, True), (17, 4, False)]
)
def test_batch_is_large_with_four_ballots_and_four_for_every_sixteen_ids(
    community: Community,
    membership: Contract,
    cast: Callable[[Sequence[int]], None],
    ids: int,
    ballots: int,
    large: bool,
) -> None:
    """Told apart by the next act alone, which looks at the member's own slot."""
    grow(community, ids)
    community.rpc.warp(60 * DAY)
    cast(range(1, ballots + 1))
    day = today(community.rpc)
    assert stamps(membership, [1, ballots]) == [day, day]
    community.rpc.warp(10 * DAY)
    cast([1])
    assert membership.call("stampOf", 1) == (day + 10 if large else day)


def test_batch_stamps_nobody_within_a_month_of_their_own_stamp(
    community: Community, membership: Contract, cast: Callable[[Sequence[int]], None]
) -> None:
    joined = membership.call("stampOf", 1)
    next_block_at(community.rpc, (joined + MONTH) * DAY - 1)
    cast([1, 2, 3, 4])
    assert stamps(membership, [1, 2, 3, 4]) == [joined] * 4
    next_block_at(community.rpc, (joined + MONTH) * DAY)
    cast([1, 2, 3, 4])
    assert stamps(membership, [1, 2, 3, 4, 5]) == [joined + MONTH] * 4 + [joined]


def test_batch_stamp_stays_with_the_person(
    community: Community, membership: Contract, cast: Callable[[Sequence[int]], None]
) -> None:
    """A move of the wallet keeps it; whoever returns begins anew."""
    community.rpc.warp(60 * DAY)
    cast([1, 2, 3, 4])
    voted = today(community.rpc)
    assert stamps(membership, [1, 2, 3, 4]) == [voted] * 4
    before = member(membership, 1)
    succession = grant(community, "SUCCESSION", community.outsider.address)
    membership.send("moveWallet", 1, ANNA, sender=succession)
    assert member(membership, 1) == replace(before, wallet=ANNA, delegate=ANNA)
    community.rpc.warp(3 * DAY)
    membership.send("exit", sender=community.wallets[2])
    community.rpc.warp(3 * DAY)
    membership.send("rejoin", CHARTER, sender=community.wallets[2])
    assert stamps(membership, [1, 3, 4]) == [voted, voted + 6, voted]
    community.as_treasury(membership, "bar", 4)
    community.rpc.warp(DAY)
    community.as_treasury(membership, "admit", community.wallets[3], CHARTER)
    assert stamps(membership, [1, 3, 4]) == [voted, voted + 6, voted + 7]


@pytest.mark.usefixtures("community")
@pytest.mark.parametrize("numbers", [5, 2**24 - 1], ids=["large batch", "small batch"])
def test_batch_stamps_the_last_member_there_can_be(rpc: DevRpc, numbers: int) -> None:
    other, last = found(rpc, factory=factory(rpc), salt=b"\x02" * 32), 2**24 - 1
    membership, governor = other.dao.membership, other.dao.governor_address
    rpc.fund(governor)
    set_last_id(rpc, membership, last - 1)
    other.as_treasury(membership, "admit", ANNA, CHARTER)
    assert membership.call("memberIdOf", ANNA) == last
    set_last_id(rpc, membership, numbers)
    joined = membership.call("stampOf", 2)
    rpc.warp(60 * DAY)
    casters = {1: other.wallets[0], last: ANNA, last - 1: ANNA, 0: ANNA, 3: other.wallets[2]}
    words = [number << 160 | int(wallet, 16) for number, wallet in casters.items()]
    membership.send("receiveManyBallots", words, rpc.timestamp() - 1, sender=governor)
    day = today(rpc)
    assert stamps(membership, [1, 2, 3, last]) == [day, joined, day, day]
    rpc.warp_to(day * DAY + SILENCE - 1)
    assert membership.call("lapse", [1, last, 2**24, 2**24 + 1]) == 0
    rpc.warp(1)
    assert membership.call("lapse", [1, last, 2**24, 2**24 + 1]) == 2


ROADS = ["batch", "padded", "twice", "alone", "act", "moved", "rested", "returned", "proposed"]
ACTS = st.lists(st.tuples(st.integers(0, 70), st.sampled_from(ROADS)), max_size=8)


@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(acts=ACTS)
def test_stamp_is_less_than_a_month_before_the_last_act_whatever_road_acts_took(
    community: Community,
    membership: Contract,
    cast: Callable[[Sequence[int]], None],
    acts: list[tuple[int, str]],
) -> None:
    """So nobody lapses before `dormantAfter` of silence, nor stays for more than a month longer.

    Moving a record and proposing are no acts; strangers and repeated ballots in a batch change
    nothing.
    """
    rpc, other = community.rpc, person(101).address
    rpc.fund(other)
    with rpc.isolate():
        last, wallets = membership.call("stampOf", 1), [community.wallets[0], other]
        for days, road in acts:
            rpc.warp(days * DAY)
            if road == "batch":
                cast([1, 2, 3, 4, 5])
            elif road == "padded":
                cast([9, 1, 0, 8, 7])
            elif road == "twice":
                cast([1, 2, 1, 2, 1])
            elif road == "alone":
                cast([1])
            elif road == "act":
                community.as_treasury(membership, "act", wallets[0])
            elif road == "moved":
                wallets.reverse()
                community.as_treasury(membership, "moveWallet", 1, wallets[0])
            elif road == "rested":
                membership.send("rest", sender=wallets[0])
                cast([1, 2, 3, 4, 5])
            elif road == "returned":
                membership.send("exit", sender=wallets[0])
                membership.send("rejoin", CHARTER, sender=wallets[0])
            elif community.dao.governor.call("liveProposalsOf", 1)[0] < 3:
                text = str(rpc.timestamp())
                community.dao.governor.send("proposeAdvisory", text, sender=wallets[0])
            if road not in ("moved", "proposed"):
                last = today(rpc)
            assert last - MONTH < membership.call("stampOf", 1) <= last
        rpc.warp_to(last * DAY + 180 * DAY)
        assert membership.call("lapse", [1]) == 0
        rpc.warp_to(last * DAY + SILENCE)
        assert membership.call("lapse", [1]) == 1
