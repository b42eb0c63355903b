"""V8: whatever is credited to whom, a minority does not outvote those who come and vote Against.

If the ballots For speak for fewer than 1 / (1 + most) of the awake and each of the others casts a
ballot Against of their own, the proposal fails.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mikoshi.testing.community import ABSTAIN, AGAINST, FOR, Community, found
from mikoshi.testing.defaults import DAY, POINT, VOICE
from mikoshi.testing.evm import Evm
from tests.property.captures import people_of, rules_of
from tests.unit.governance.support import DEFEATED, state

RARE = settings(
    deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
BPS = 10_000
LARGEST = 10**12
"""A cap on merit, in thousandths of a point."""


@st.composite
def legal(draw: st.DrawFn) -> dict[str, int]:
    """Settings of the governor that weigh ballots and count people."""
    return rules_of(
        votingDelay=draw(st.sampled_from([1, 2, 7])) * DAY,
        quorumBps=draw(st.sampled_from([500, 1_000, 3_000])),
        floorBps=draw(st.sampled_from([100, 500, 1_000])),
        voiceCapBps=draw(st.sampled_from([100, 1_000, 5_000])),
        thresholdBps=draw(st.sampled_from([0, 10_000])),
    )


@st.composite
def voices(draw: st.DrawFn) -> dict[str, int]:
    """How voice is computed."""
    return {
        "halfLife": draw(st.sampled_from([90, 180, 3_650])) * DAY,
        "base": draw(st.sampled_from([VOICE, 3 * VOICE + 1, 1_000 * VOICE])),
        "most": draw(st.integers(BPS, 3 * BPS)),
        "full": draw(st.sampled_from([1, 7, 100, 12_345, 10**9])),
    }


def check_ceiling(
    members: int,
    voice: dict[str, int],
    rules: dict[str, int],
    credits_: list[tuple[int, int]],
    delegations: list[tuple[int, int]],
    age: int,
) -> None:
    """The largest minority that the theorem speaks of, with as many delegators as credited."""
    evm = Evm()
    people = people_of(meritCap=LARGEST, meritCapPerMember=LARGEST)
    spec = {"t0": evm.timestamp(), **voice}
    community = found(evm, members, voice=spec, governor=rules, membership=people)  # type: ignore[arg-type]
    membership, governor = community.dao.membership, community.dao.governor
    evm.warp(age * DAY)
    minority = _minority(members, voice["most"])
    left = LARGEST // 1000  # points that the cap of the epoch allows to all
    for who, wanted in credits_:
        points = min(wanted, left)
        left -= points
        args = (who % members + 1, points * POINT, 0, bytes(32))
        community.as_treasury(membership, "credit", *args)
    for delegator, delegate in delegations:
        wallets = community.wallets[delegator % minority], community.wallets[delegate % minority]
        membership.send("delegate", wallets[1], sender=wallets[0])
    evm.warp(1)
    proposal = community.propose([(community.outsider.address, 1, b"")], by=members - 1)
    community.open_voting(proposal)
    speaking = [
        place
        for place in range(minority)
        if membership.call("getPastVotes", community.wallets[place], evm.timestamp() - 1)
    ]
    community.vote(proposal, speaking)
    community.vote(proposal, range(minority, members), AGAINST)
    community.close_voting(proposal)
    assert governor.call("proposalTurnout", proposal.id) == minority
    assert state(community, proposal) == DEFEATED
    _check_bound(community, voice)


def _minority(members: int, most: int) -> int:
    """The largest number below members / (1 + most), or one."""
    return max(1, -(-members * BPS // (BPS + most)) - 1)


def _check_bound(community: Community, voice: dict[str, int]) -> None:
    """V7: no merit above `full`, no voice above `most` times base a member."""
    membership, now = community.dao.membership, community.rpc.timestamp()
    for number, wallet in enumerate(community.wallets, 1):
        assert membership.call("meritOf", number) <= voice["full"] * POINT
        speaks = membership.call("getPastVotes", wallet, now - 1)
        own = [w for w in community.wallets if membership.call("delegates", w) == wallet]
        assert speaks <= voice["base"] * voice["most"] * len(own) // BPS


cases = given(
    members=st.integers(4, 24),
    voice=voices(),
    rules=legal(),
    credits_=st.lists(st.tuples(st.integers(0, 40), st.sampled_from([1, 100, 10**9])), max_size=20),
    delegations=st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=6),
    age=st.sampled_from([0, 1, 100, 2_000]),
)


@settings(RARE, max_examples=12)
@cases
def test_a_minority_that_was_credited_loses(**case: Any) -> None:
    check_ceiling(**case)


@pytest.mark.slow
@settings(RARE, max_examples=150)
@cases
def test_a_minority_that_was_credited_loses_in_many_communities(**case: Any) -> None:
    check_ceiling(**case)


@pytest.mark.parametrize("most", [10_000, 15_000, 30_000])
def test_thirty_of_a_hundred_take_nothing_for_good(most: int) -> None:
    """What broke the first edition: one unopposed credit, and then every vote for two years."""
    members = 100
    minority = _minority(members, most)
    voice = {"halfLife": 180 * DAY, "base": VOICE, "most": most, "full": 100}
    check_ceiling(members, voice, rules_of(), [(who, 10_000) for who in range(minority)], [], 1)


def test_abstaining_helps_no_minority() -> None:
    """Abstentions bring people, and no voice."""
    community = found(Evm(), 10)  # type: ignore[arg-type]
    for number in (1, 2, 3):
        args = (number, 100 * POINT, 0, bytes(32))
        community.as_treasury(community.dao.membership, "credit", *args)
    proposal = community.propose([(community.outsider.address, 1, b"")])
    community.open_voting(proposal)
    community.vote(proposal, range(3), FOR)
    community.vote(proposal, range(3, 5), ABSTAIN)
    community.vote(proposal, range(5, 10), AGAINST)
    community.close_voting(proposal)
    assert state(community, proposal) == DEFEATED
