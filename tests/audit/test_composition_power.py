"""One vote that nobody opposes, and what it could keep: each broke the first edition.

The default settings, a hundred members, thirty of whom vote alone once; then seventy vote Against.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from mikoshi.ballots.proposal import Call
from mikoshi.chain.contract import ContractRevertedError
from mikoshi.testing.community import AGAINST, FOR, Community, found, person
from mikoshi.testing.defaults import CHARTER, DAY, POINT
from mikoshi.testing.evm import Evm
from tests.support import reverts, role
from tests.unit.governance.support import DEFEATED, EXECUTED, QUEUED, state

THIRTY, SEVENTY = range(30), range(30, 100)
ANSWER = 45 * DAY


@pytest.fixture
def hundred() -> Community:
    """A hundred members on a chain of their own."""
    return found(Evm(), 100)  # type: ignore[arg-type]


def capture(community: Community, calls: Sequence[Call]) -> None:
    """Thirty vote For, nobody else votes, and it is executed."""
    draft = community.propose(calls, "nobody looks")
    community.open_voting(draft)
    community.vote(draft, THIRTY)
    community.close_voting(draft)
    community.ripen(draft)
    community.execute(draft)
    assert state(community, draft) == EXECUTED
    community.rpc.warp(1)


def check_lost(community: Community, months: int = 1) -> None:
    """Seventy against thirty: the thirty win no vote, and the seventy win theirs."""
    rest = [place for place in SEVENTY if community.dao.membership.call("statusOf", place + 1) == 1]
    assert len(rest) >= 65
    for month in range(months):
        theirs = community.propose([(community.wallets[0], month, b"")], f"theirs {month}")
        ours = community.propose([(community.wallets[50], month, b"")], f"ours {month}", by=rest[0])
        community.open_voting(ours)
        for draft, support in ((theirs, FOR), (ours, AGAINST)):
            community.vote(draft, THIRTY, support)
            community.vote(draft, rest, 1 - support)
        community.close_voting(ours)
        assert (state(community, theirs), state(community, ours)) == (DEFEATED, QUEUED)
        community.rpc.warp(25 * DAY)


def test_merit_credited_to_those_who_voted_keeps_no_power(hundred: Community) -> None:
    """Thirty gave themselves 10,000 points each, and outvoted seventy for 24 months."""
    membership = hundred.dao.membership
    members, points = list(range(1, 31)), [10_000 * POINT] * 30
    call = membership.data("creditMany", members, points, 0, bytes(32))
    capture(hundred, [(membership, 0, call)])
    assert membership.call("meritOf", 1) <= 100 * POINT
    assert membership.call("getVotes", hundred.wallets[0]) <= 15 * 10**8
    check_lost(hundred, months=2)


def test_bars_in_one_vote_remove_a_twentieth(hundred: Community) -> None:
    """Seventy `bar` calls in one proposal removed everybody who had not voted."""
    membership = hundred.dao.membership
    calls: list[Call] = [(membership, 0, membership.data("bar", n + 1)) for n in SEVENTY]
    capture(hundred, calls)
    executed = hundred.rpc.timestamp() - 1
    assert membership.call("census")[0] == 96  # the number is that of the moment of each call
    assert membership.call("scheduledBar", 36) == executed + ANSWER
    with reverts("MembershipNotDue", 36, executed + ANSWER, executed + ANSWER + 30 * DAY):
        membership.call("enforceBar", 36, sender=hundred.outsider.address)
    check_lost(hundred)


def test_own_wallets_admitted_in_one_vote_are_newcomers(hundred: Community) -> None:
    """Forty-one wallets of one's own, admitted in one proposal, spoke at once."""
    membership = hundred.dao.membership
    wallets = [person(number).address for number in range(2_000, 2_041)]
    capture(hundred, [(membership, 0, membership.data("admitMany", wallets, CHARTER))])
    assert membership.call("census")[0] == 105
    statuses = [membership.call("statusOf", membership.call("memberIdOf", w)) for w in wallets]
    assert statuses == [1] * 5 + [2] * 36
    check_lost(hundred)


def test_a_vote_moves_no_wallets(hundred: Community) -> None:
    """Seventy `moveWallet` calls in one proposal took everybody's seat."""
    membership, treasury = hundred.dao.membership, hundred.dao.treasury_address
    args = (100, person(2_000).address)
    with reverts("MembershipUnauthorized", treasury, role("SUCCESSION")):
        membership.call("moveWallet", *args, sender=treasury)


@pytest.mark.parametrize("name", ["ADMITTER", "SUCCESSION", "REWARDER"])
def test_a_role_of_ones_own_can_be_taken_back(hundred: Community, name: str) -> None:
    """A contract of one's own, given SUCCESSION, moved every seat in the same second."""
    treasury, membership = hundred.dao.treasury, hundred.dao.membership
    mine = person(2_000).address
    capture(hundred, [(treasury, 0, treasury.data("grantRole", role(name), mine))])
    granted = hundred.rpc.timestamp() - 1
    assert not treasury.call("hasRole", role(name), mine)
    assert treasury.call("roleInForceAt", role(name), mine) == granted + ANSWER
    args: tuple[Any, ...]
    call, args = {
        "ADMITTER": ("admit", (person(2_001).address, CHARTER)),
        "SUCCESSION": ("moveWallet", (100, person(2_001).address)),
        "REWARDER": ("credit", (1, POINT, 0, bytes(32))),
    }[name]
    with reverts("MembershipUnauthorized", mine, role(name)):
        membership.call(call, *args, sender=mine)
    back = treasury.data("revokeRole", role(name), mine)
    hundred.decide([(treasury, 0, back)], "take it back", SEVENTY)
    hundred.rpc.warp_to(granted + ANSWER + 1)
    assert not treasury.call("hasRole", role(name), mine)
    with reverts("MembershipUnauthorized", mine, role(name)):
        membership.call(call, *args, sender=mine)


def test_a_governor_of_ones_own_can_be_taken_back(hundred: Community) -> None:
    """Another governor was in office in the second of the execution."""
    treasury = hundred.dao.treasury
    mine = hundred.dao.token_address
    capture(hundred, [(treasury, 0, treasury.data("setGovernor", mine))])
    asked = hundred.rpc.timestamp() - 1
    assert treasury.call("governor") == hundred.dao.governor_address
    assert treasury.call("waitingGovernor") == (mine, asked + ANSWER)
    hundred.decide([(treasury, 0, treasury.data("withdrawGovernor"))], "take it back", SEVENTY)
    hundred.rpc.warp_to(asked + ANSWER)
    assert treasury.call("waitingGovernor")[1] == 0
    with pytest.raises(ContractRevertedError):
        treasury.call("installGovernor", sender=hundred.outsider.address)
    assert treasury.call("governor") == hundred.dao.governor_address


def test_settings_of_ones_own_can_be_taken_back(hundred: Community) -> None:
    """Stretched settings slowed down everybody's answer; they hold for nobody before 45 days."""
    governor = hundred.dao.governor
    rules = dict(hundred.params["governor"])
    mine = rules | {"votingDelay": 7 * DAY, "votingPeriod": 14 * DAY, "executionDelay": 14 * DAY}
    capture(hundred, [(governor, 0, governor.data("setSettings", mine))])
    asked = hundred.rpc.timestamp() - 1
    assert governor.call("settings") == (rules, 1)
    assert governor.call("waitingSettings") == (mine, 2, asked + ANSWER)
    hundred.decide([(governor, 0, governor.data("withdrawSettings"))], "take it back", SEVENTY)
    hundred.rpc.warp_to(asked + ANSWER + 1)
    assert governor.call("settings") == (rules, 1)


def test_a_guardian_of_ones_own_cancels_nothing_that_takes_power_back(hundred: Community) -> None:
    """A guardian named in the captured vote canceled whatever the others decided."""
    dao = hundred.dao
    until = hundred.rpc.timestamp() + 300 * DAY
    guardian = hundred.wallets[0]
    mine = person(2_000).address
    calls: list[Call] = [
        (dao.treasury, 0, dao.treasury.data("setGuardian", guardian, until)),
        (dao.treasury, 0, dao.treasury.data("setGovernor", dao.token_address)),
        (dao.treasury, 0, dao.treasury.data("grantRole", role("ADMITTER"), mine)),
    ]
    capture(hundred, calls)
    back: list[Call] = [
        (dao.treasury, 0, dao.treasury.data("setGuardian", mine, 0)),
        (dao.treasury, 0, dao.treasury.data("withdrawGovernor")),
        (dao.treasury, 0, dao.treasury.data("revokeRole", role("ADMITTER"), mine)),
    ]
    draft = hundred.propose(back, "take it back", by=50)
    paying = hundred.propose([*back, (mine, 1, b"")], "take it back, and pay", by=50)
    hundred.open_voting(paying)
    for each in (draft, paying):
        hundred.vote(each, SEVENTY)
    hundred.close_voting(paying)
    with reverts("GovernorUnableToCancel", draft.id, guardian):
        dao.governor.call("cancel", *draft.actions, sender=guardian)
    dao.governor.send("cancel", *paying.actions, sender=guardian)
    hundred.ripen(draft)
    hundred.execute(draft)
    assert dao.treasury.call("waitingGovernor")[1] == 0


def test_two_people_stand_behind_a_decision_where_two_are_awake() -> None:
    """One of three decided alone: a third is a quorum of thirty percent."""
    three = found(Evm(), 3)  # type: ignore[arg-type]
    draft = three.propose([(three.wallets[0], 10**18, b"")], "mine")
    three.open_voting(draft)
    three.vote(draft, [0])
    assert three.dao.governor.call("proposalQuorum", draft.id) == 2
    three.close_voting(draft)
    assert state(three, draft) == DEFEATED
