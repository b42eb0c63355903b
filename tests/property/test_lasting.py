"""L4: one vote is not the last.

After any one executed proposal, whatever its calls, those who were awake and did not vote for it
win every later vote and undo it before it takes force, if (people For, whoever wakes on their side
and the seats that a vote gives at once) · most < the others.
"""

from __future__ import annotations

from contextlib import suppress
from itertools import combinations
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from mikoshi.ballots.proposal import ProposalDraft
from mikoshi.chain.contract import Contract, ContractRevertedError
from mikoshi.testing.community import AGAINST, Community, found, person
from mikoshi.testing.defaults import DAY, VOICE, ZERO
from mikoshi.testing.evm import Evm
from tests.property.captures import KINDS, WAITING_ROLES, Capture, people_of, rules_of
from tests.support import reverts, role
from tests.unit.governance.support import DEFEATED, QUEUED, state

RARE = settings(
    deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
BPS = 10_000
LARGEST = 10**12
ANSWER = 45 * DAY


@st.composite
def legal(draw: st.DrawFn) -> dict[str, int]:
    """Settings under which the undoing takes from 4 to 35 days."""
    return rules_of(
        votingDelay=draw(st.sampled_from([1, 2, 7])) * DAY,
        votingPeriod=draw(st.sampled_from([2, 5, 14])) * DAY,
        executionDelay=draw(st.sampled_from([1, 2, 14])) * DAY,
        quorumBps=draw(st.sampled_from([500, 3_000])),
        floorBps=draw(st.sampled_from([100, 1_000])),
        voiceCapBps=draw(st.sampled_from([100, 5_000])),
        liveProposals=10,
    )


def check_undone(
    members: int, most: int, rules_: dict[str, int], kinds: list[str], asleep: int, lent: int
) -> bool:
    """The largest minority that the theorem speaks of takes all it can; it loses all of it.

    False where that minority is too small for a quorum.
    """
    seats = max(1, members // 20)
    minority = members - asleep
    while (minority + asleep + seats) * most >= (members - asleep - minority) * BPS:
        minority -= 1
    quorum = -(-(members - asleep) * rules_["quorumBps"] // BPS)
    floor = -(-members * rules_["floorBps"] // BPS)
    if minority < max(2, quorum, floor):
        return False
    community = _founded(members, most, rules_)
    capture = Capture(community, minority, kinds)
    sleepers = range(minority, minority + asleep)
    others = range(minority + asleep, members)
    membership = community.dao.membership
    for place in sleepers:
        membership.send("rest", sender=community.wallets[place])
    for place in range(min(lent, minority - 1)):
        wallets = community.wallets
        membership.send("delegate", wallets[0], sender=wallets[1 + place])
    community.rpc.warp(1)
    _capture(capture)
    for place in sleepers:
        membership.send("wake", bytes(32), sender=community.wallets[place])
    _undo(capture, [*range(minority), *sleepers], others)
    return True


def _founded(members: int, most: int, rules_: dict[str, int]) -> Community:
    evm = Evm()
    voice = {"t0": evm.timestamp(), "halfLife": 180 * DAY, "base": VOICE, "most": most, "full": 100}
    people = people_of(meritCap=LARGEST, meritCapPerMember=LARGEST)
    community = found(evm, members, voice=voice, governor=rules_, membership=people)  # type: ignore[arg-type]
    evm.warp(130 * DAY)  # silent for so long that a shorter dormantAfter would tell
    return community


def _capture(capture: Capture) -> None:
    """The minority votes alone, and executes what passed."""
    community = capture.community
    draft = community.propose(capture.calls(), "everything")
    community.open_voting(draft)
    _vote(community, draft, range(capture.minority), 1)
    community.close_voting(draft)
    assert state(community, draft) == QUEUED
    community.ripen(draft)
    community.execute(draft)


def _undo(capture: Capture, minority: list[int], others: range) -> None:
    """The others win at once, against all that the minority has by now; nothing takes force."""
    community = capture.community
    began = community.rpc.timestamp()
    dao = community.dao
    governor = dao.governor_address
    settings_before = dao.governor.call("settings")
    assert settings_before[0] == dict(community.params["governor"])
    _grab(capture)
    awake = [each for each in others if dao.membership.call("statusOf", each + 1) == 1]
    assert len(awake) >= len(others) - max(1, len(community.people) // 20)
    community.rpc.warp(1)
    answer = community.propose(capture.undoing(), "take it back", by=awake[0])
    again = community.propose(capture.calls(), "everything, again", by=minority[0])
    community.open_voting(again)
    for draft, with_us in ((answer, 1), (again, AGAINST)):
        _vote(community, draft, awake, with_us)
        _vote(community, draft, [*minority, *capture.wallets], 1 - with_us)
    community.close_voting(again)
    assert state(community, again) == DEFEATED
    assert state(community, answer) == QUEUED
    with reverts("GovernorUnableToCancel", answer.id, community.wallets[0]):
        dao.governor.call("cancel", *answer.actions, sender=community.wallets[0])
    community.ripen(answer)
    community.execute(answer)
    assert community.rpc.timestamp() < began + ANSWER
    _grab(capture)
    _nothing_takes_force(capture, began)
    assert dao.treasury.call("governor") == governor
    assert dao.governor.call("settings") == settings_before


def _vote(community: Community, draft: ProposalDraft, who: Any, support: int) -> None:
    """Everybody named who can; a delegator's voice is with their delegate."""
    for each in who:
        try:
            community.vote(draft, [each], support)
        except ContractRevertedError as error:
            if error.revert is None or error.revert.name != "GovernorNoVoice":
                raise


def _grab(capture: Capture) -> None:
    """The minority tries at once to use what it asked for, and tells silent whoever it may."""
    dao, holder = capture.community.dao, capture.wallets[0]
    everybody = list(range(1, len(capture.community.people) + 1))
    attempts: list[tuple[Contract, str, tuple[Any, ...]]] = [
        (dao.membership, "lapse", (everybody,)),
        (dao.membership, "admitMany", (capture.wallets, dao.membership.call("charterHash"))),
        (dao.membership, "credit", (1, 10**15, 0, bytes(32))),
        (dao.treasury, "installGovernor", ()),
    ]
    for number in capture.targets:
        attempts.append((dao.membership, "enforceBar", (number,)))
        attempts.append((dao.membership, "moveWallet", (number, person(9_000 + number).address)))
    for contract, name, args in attempts:
        with suppress(ContractRevertedError):
            contract.send(name, *args, sender=holder)
    assert dao.treasury.call("governor") == dao.governor_address
    for name in WAITING_ROLES:
        assert not dao.treasury.call("hasRole", role(name), holder)


def _nothing_takes_force(capture: Capture, began: int) -> None:
    """Forty-five days and a month later all is as the others want it."""
    community = capture.community
    dao, rpc = community.dao, community.rpc
    for moment in (began + ANSWER, began + ANSWER + 30 * DAY):
        rpc.warp_to(moment)
        for name in WAITING_ROLES:
            assert not dao.treasury.call("hasRole", role(name), capture.wallets[0])
        assert dao.treasury.call("guardian") == ZERO
        assert dao.treasury.call("waitingGovernor")[0] == ZERO
        with pytest.raises(ContractRevertedError):
            dao.treasury.call("installGovernor", sender=community.outsider.address)
        for number in capture.targets:
            with pytest.raises(ContractRevertedError):
                dao.membership.call("enforceBar", number, sender=community.outsider.address)
        for wallet in capture.wallets[1:]:
            number = dao.membership.call("memberIdOf", wallet)
            silent = dao.membership.call("statusOf", number) == 2
            assert not silent or not dao.membership.call("neverSpoke", number)


cases = given(
    members=st.integers(8, 44),
    most=st.integers(BPS, 3 * BPS),
    rules_=legal(),
    kinds=st.lists(st.sampled_from(KINDS), unique=True, min_size=1),
    asleep=st.integers(0, 3),
    lent=st.integers(0, 4),
)


@settings(RARE, max_examples=8)
@cases
def test_one_captured_vote_is_not_the_last(**case: Any) -> None:
    assume(check_undone(**case))


@pytest.mark.slow
@settings(RARE, max_examples=100)
@cases
def test_one_captured_vote_is_not_the_last_in_many_communities(**case: Any) -> None:
    assume(check_undone(**case))


@pytest.mark.slow
@pytest.mark.parametrize("pair", combinations(KINDS, 2), ids="+".join)
def test_no_two_calls_together_are_the_last(pair: tuple[str, str]) -> None:
    assert check_undone(41, 15_000, rules_of(liveProposals=10), list(pair), 0, 0)


def test_all_of_it_in_one_proposal_is_not_the_last() -> None:
    """Thirteen of forty-one, with a bare quorum, at the limits of what they may set."""
    assert check_undone(41, 15_000, rules_of(liveProposals=10), list(KINDS), 0, 0)
