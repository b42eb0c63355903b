"""A DAO rebuilt from its events is the DAO on the chain."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from eth_utils.crypto import keccak

from mikoshi.chain.abi import Interface
from mikoshi.chain.contract import ContractRevertedError, Snapshot, ViewCall
from mikoshi.chain.node import DevRpc
from mikoshi.chain.rpc import RpcError
from mikoshi.check.state import compare_state
from mikoshi.context.proposed import Proposed
from mikoshi.core import artifacts
from mikoshi.core.dao import shared_deployments
from mikoshi.replay.dao import RebuiltDao, replay
from mikoshi.replay.governor import ProposalState
from mikoshi.replay.logs import stream_logs
from mikoshi.replay.member import Standing
from mikoshi.replay.membership import NOBODY
from mikoshi.replay.voice import Entry, Voice, VoiceHistory, units_of
from mikoshi.status.proposal_status import ProposalStatus
from mikoshi.status.words import standing, turns
from mikoshi.testing.community import ABSTAIN, AGAINST, FOR, Community, found, person
from mikoshi.testing.defaults import DAY, POINT, VOICE
from mikoshi.words.power import returning
from mikoshi.words.waiting import waiting
from tests.support import factory, grant
from tests.tooling.history import GOVERNOR, MEMBERSHIP, History
from tests.unit.governance.support import ballot, cast

NO_REF = bytes(32)


def rebuild(community: Community) -> RebuiltDao:
    """The community from its events, which must agree with its contracts."""
    dao, rpc = community.dao, community.rpc
    voice = Voice.of_params(community.params["voice"])
    rebuilt = replay(rpc, dao, factory(rpc).address, voice)
    section = compare_state(rebuilt, Snapshot(rpc, rebuilt.block))
    assert section.passed, [str(each.words) for each in section.differences]
    assert rebuilt.unknown == 0
    assert rebuilt.events > 0
    return rebuilt


def credit(community: Community, number: int, points: int) -> None:
    community.as_treasury(community.dao.membership, "credit", number, points, 0, NO_REF)


# People


def test_founding(community: Community) -> None:
    rebuilt = rebuild(community)
    assert [member.wallet for member in rebuilt.membership.members.values()] == community.wallets
    assert rebuilt.founders() == community.wallets
    assert rebuilt.created is not None
    assert len(rebuilt.config_hash) == 32
    assert rebuilt.membership.total.latest == Entry(5, 0, 5)


def test_delegation_moves_voice(community: Community) -> None:
    membership = community.dao.membership
    credit(community, 1, 100 * POINT)
    membership.send("delegate", community.wallets[2], sender=community.wallets[0])
    membership.send("delegate", community.wallets[2], sender=community.wallets[1])
    rebuilt = rebuild(community)
    assert rebuilt.membership.entry(3).latest.members == 3
    now = community.rpc.timestamp()
    assert rebuilt.membership.voice_of(3, now) == pytest.approx(3.5 * VOICE, rel=1e-6)
    assert rebuilt.membership.voice_of(1, now) == 0
    assert rebuilt.membership.own_voice_of(1, now) == pytest.approx(1.5 * VOICE, rel=1e-6)


def test_merit_decays_by_half(community: Community) -> None:
    credit(community, 1, 100 * POINT)
    credited = community.rpc.timestamp()
    raw = rebuild(community).membership.members[1].raw
    community.rpc.warp(180 * DAY)
    people = rebuild(community).membership
    assert people.members[1].raw == raw
    assert people.voice.merit(raw, credited + 180 * DAY) == pytest.approx(50 * POINT, rel=1e-9)


def test_exit_return_and_removal(community: Community) -> None:
    membership = community.dao.membership
    charter = membership.call("charterHash")
    membership.send("delegate", community.wallets[1], sender=community.wallets[0])
    membership.send("exit", sender=community.wallets[1])
    rebuilt = rebuild(community)
    assert rebuilt.membership.members[2].standing == Standing.EXITED
    assert rebuilt.membership.members[1].delegate == 2
    membership.send("reclaim", [1], sender=community.outsider.address)
    membership.send("rejoin", charter, sender=community.wallets[1])
    community.as_treasury(membership, "bar", 3)
    succession = grant(community, "SUCCESSION", community.wallets[4])
    membership.send("moveWallet", 4, community.outsider.address, sender=succession)
    rebuilt = rebuild(community)
    assert rebuilt.membership.members[1].delegate == 1
    assert rebuilt.membership.members[3].standing == Standing.BARRED
    assert rebuilt.membership.members[4].wallet == community.outsider.address
    assert rebuilt.membership.member_at(community.wallets[3]) is None


def test_silence_and_waking(community: Community) -> None:
    membership = community.dao.membership
    community.rpc.warp(220 * DAY)
    everyone = [1, 2, 3, 4, 5]
    membership.send("lapse", everyone, sender=community.outsider.address)
    membership.send("wake", NO_REF, sender=community.wallets[0])
    rebuilt = rebuild(community)
    assert rebuilt.membership.total.latest == Entry(1, 0, 5)
    community.rpc.warp(731 * DAY)
    membership.send("lapse", everyone, sender=community.outsider.address)
    assert rebuild(community).membership.total.latest.counted == 1


def test_being_lapsed_or_barred_is_no_act(community: Community) -> None:
    membership, rpc = community.dao.membership, community.rpc
    rpc.warp(100 * DAY)
    membership.send("rest", sender=community.wallets[3])
    rested = rpc.timestamp()
    community.as_treasury(membership, "act", community.wallets[0])
    acted = rpc.timestamp()
    rpc.warp(209 * DAY)
    community.as_treasury(membership, "bar", 3)
    membership.send("lapse", [1, 2], sender=community.outsider.address)
    people = rebuild(community).membership.members
    joined = people[5].joined
    assert [people[number].standing for number in range(1, 5)] == [
        Standing.ACTIVE,
        Standing.DORMANT,
        Standing.BARRED,
        Standing.DORMANT,
    ]
    assert [people[n].last_act for n in range(1, 6)] == [acted, joined, joined, rested, joined]
    rpc.warp(2 * DAY)
    membership.send("lapse", [1], sender=community.outsider.address)
    rpc.warp(731 * DAY)
    membership.send("lapse", [1, 2, 4], sender=community.outsider.address)
    people = rebuild(community).membership.members
    assert {people[number].standing for number in (1, 2, 4)} == {Standing.ABSENT}
    assert [people[number].last_act for number in (1, 2, 4)] == [acted, joined, rested]
    membership.send("wake", membership.call("charterHash"), sender=community.wallets[1])
    assert rebuild(community).membership.members[2].last_act == rpc.timestamp()


def test_lending_a_voice_is_an_act_and_losing_a_delegate_is_none(community: Community) -> None:
    membership, rpc = community.dao.membership, community.rpc
    joined = rebuild(community).membership.members[1].joined
    rpc.warp(8 * DAY)  # so that no day is recorded
    membership.send("delegate", community.wallets[1], sender=community.wallets[0])
    lent = rpc.timestamp()
    assert rebuild(community).membership.members[1].last_act == lent
    rpc.warp(DAY)
    membership.send("rest", sender=community.wallets[1])
    people = rebuild(community).membership.members
    assert (people[1].last_act, people[2].last_act) == (lent, rpc.timestamp())
    assert joined < lent


def test_acts_without_other_traces(community: Community) -> None:
    membership = community.dao.membership
    community.rpc.warp(40 * DAY)
    membership.send("delegate", community.wallets[0], sender=community.wallets[0])
    community.as_treasury(membership, "act", community.wallets[1])
    community.propose([(community.wallets[0], 0, b"")], by=2)  # no act
    people = rebuild(community).membership.members
    assert people[1].stamp == people[2].stamp == community.rpc.timestamp() // DAY
    assert people[3].stamp < people[1].stamp


def test_a_batch_records_as_single_ballots_do(community: Community) -> None:
    community.rpc.warp(40 * DAY)
    proposals = [community.propose([(community.wallets[0], 0, bytes([n]))]) for n in range(2)]
    community.open_voting(proposals[1])
    everyone = [ballot(community, proposals[0], number) for number in range(1, 6)]
    cast(community, proposals[0], everyone)
    community.rpc.warp(2 * DAY)
    community.vote(proposals[1], [4])
    person_ = rebuild(community).membership.members[5]
    recorded = community.dao.membership.call("stampOf", 5)
    assert recorded == person_.stamp == person_.last_act // DAY - 2


def test_a_rest_when_others_could_lapse_may_be_either(community: Community) -> None:
    membership, rpc = community.dao.membership, community.rpc
    rpc.warp(220 * DAY)
    membership.send("rest", sender=community.wallets[0])
    membership.send("lapse", [2], sender=community.outsider.address)
    people = rebuild(community).membership.members
    today = rpc.timestamp() // DAY
    for number in (1, 2):
        assert people[number].may_have_recorded(today)
        assert not people[number].may_have_recorded(today - 1)
        assert people[number].may_have_recorded(people[number].stamp)
    assert membership.call("stampOf", 1) == today
    assert membership.call("stampOf", 2) == people[2].stamp < today - 200


def test_sold_tickets(rpc: DevRpc) -> None:
    community = found(rpc, 3, factory=factory(rpc), transferableTickets=True)
    membership, wallets = community.dao.membership, community.wallets
    buyer = person(99).address
    rpc.call("anvil_setBalance", buyer, hex(10**18))
    membership.send("approve", community.outsider.address, 1, sender=wallets[0])
    rebuild(community)
    membership.send("transferFrom", wallets[0], buyer, 1, sender=community.outsider.address)
    membership.send("approve", wallets[2], 2, sender=wallets[1])
    rebuilt = rebuild(community)
    bought = rebuilt.membership.member_at(buyer)
    assert bought is not None
    assert (bought.id, bought.ticket, bought.standing) == (4, 1, Standing.NEWCOMER)
    membership.send("exit", sender=buyer)
    community.as_treasury(membership, "admit", wallets[0], membership.call("charterHash"))
    assert rebuild(community).membership.members[1].ticket == 1


def test_steward_uses_its_cap(rpc: DevRpc) -> None:
    steward = {"holder": person(1).address, "until": rpc.timestamp() + 90 * DAY}
    community = found(rpc, 3, factory=factory(rpc), steward=steward)
    membership = community.dao.membership
    charter = membership.call("charterHash")
    wallets = [person(number).address for number in (50, 51)]
    membership.send("admitMany", wallets, charter, sender=community.wallets[0])
    membership.send("admit", person(52).address, NO_REF, sender=community.wallets[0])
    rebuilt = rebuild(community)
    assert rebuilt.membership.admitted_by_steward(rpc.timestamp()) == 3
    assert rebuilt.membership.members[6].standing == Standing.NEWCOMER
    rpc.warp(31 * DAY)
    assert rebuild(community).membership.admitted_by_steward(rpc.timestamp()) == 0


# Money, roles, decisions


def test_tokens_and_their_caps(rpc: DevRpc) -> None:
    grants = [{"account": person(1).address, "amount": 7 * POINT}]
    community = found(rpc, 3, factory=factory(rpc), grants=grants)
    token, wallets = community.dao.token, community.wallets
    community.as_treasury(token, "mint", wallets[0], 5 * POINT, 3)
    community.as_treasury(token, "setKindCap", 3, 10 * POINT)
    community.as_treasury(token, "mint", wallets[1], 4 * POINT, 3)
    token.send("transfer", wallets[2], POINT, sender=wallets[1])
    token.send("burn", POINT, sender=wallets[0])
    rebuilt = rebuild(community)
    assert rebuilt.grants() == [(wallets[0], 7 * POINT)]
    assert rebuilt.token.supply == 15 * POINT
    assert rebuilt.token.balances[wallets[0]] == 11 * POINT
    epoch = rebuilt.membership.voice.epoch(rpc.timestamp())
    assert rebuilt.token.mintable(epoch) == 1_000_000 * POINT - 9 * POINT
    assert rebuilt.token.mintable_for(3, epoch) == 6 * POINT
    community.as_treasury(token, "setKindCap", 3, 2**96 - 1)
    rebuild(community)


def test_roles_and_offices(community: Community) -> None:
    treasury = community.dao.treasury
    role = keccak(text="REWARDER")
    community.as_treasury(treasury, "grantRole", role, community.wallets[0])
    community.as_treasury(treasury, "grantRole", role, community.wallets[1])
    community.as_treasury(treasury, "revokeRole", role, community.wallets[0])
    until = community.rpc.timestamp() + 30 * DAY
    community.as_treasury(treasury, "setGuardian", community.wallets[2], until)
    rebuilt = rebuild(community)
    assert rebuilt.treasury.holders == {(role, community.wallets[1])}
    granted = (role, community.wallets[1])
    now = community.rpc.timestamp()
    assert rebuilt.treasury.waiting_roles(now) == {granted: rebuilt.treasury.since[granted]}
    assert now < rebuilt.treasury.since[granted] <= now + 45 * DAY
    community.rpc.warp(45 * DAY)
    assert rebuild(community).treasury.waiting_roles(community.rpc.timestamp()) == {}
    assert rebuilt.treasury.guardian.holder_at(until - 1) == community.wallets[2]
    assert int(rebuilt.treasury.guardian.holder_at(until), 16) == 0


def test_proposals_from_pending_to_executed(community: Community) -> None:
    membership = community.dao.membership
    data = membership.data("creditMany", [1, 2], [100 * POINT, POINT // 2], 0, NO_REF)
    proposal = community.propose([(membership, 0, data)], "merit")
    assert rebuild(community).governor.live(1, community.rpc.timestamp()) == 1
    community.open_voting(proposal)
    membership.send("exit", sender=community.wallets[4])
    community.vote(proposal, [0, 1], FOR)
    community.vote(proposal, [2], AGAINST)
    community.vote(proposal, [3], ABSTAIN)
    found_ = rebuild(community).governor.proposals[proposal.id]
    assert {voter: each.support for voter, each in found_.ballots.items()} == {
        1: FOR,
        2: FOR,
        3: AGAINST,
        4: ABSTAIN,
    }
    assert found_.people == 3
    community.close_voting(proposal)
    rebuild(community)
    community.ripen(proposal)
    community.execute(proposal)
    rebuilt = rebuild(community)
    executed = rebuilt.governor.proposals[proposal.id]
    assert rebuilt.governor.state(executed, community.rpc.timestamp()) == ProposalState.EXECUTED
    assert rebuilt.membership.members[1].raw > 0


def test_cap_on_a_ballot_is_recomputed(rpc: DevRpc) -> None:
    community = found(rpc, 12, factory=factory(rpc))
    for _ in range(3):
        credit(community, 1, 900 * POINT)
        rpc.warp(30 * DAY)
    membership = community.dao.membership
    membership.send("delegate", community.wallets[0], sender=community.wallets[1])
    rpc.warp(DAY)
    proposal = community.propose([(community.wallets[2], 0, b"")])
    community.open_voting(proposal)
    community.vote(proposal, [0])
    rebuilt = rebuild(community)
    ballot = rebuilt.governor.proposals[proposal.id].ballots[1]
    assert ballot.people == 2
    assert ballot.weight < rebuilt.membership.voice_of(1, rpc.timestamp())
    assert rebuilt.oddities == []


def test_advisory_canceled_late_and_expired(community: Community) -> None:
    governor, rpc = community.dao.governor, community.rpc
    advisory = governor.send("proposeAdvisory", "tea?", sender=community.wallets[1])
    number = advisory.only("ProposalCreated").args["proposalId"]
    canceled = community.propose([(community.wallets[0], 0, b"")], "never mind")
    governor.send("cancel", *canceled.actions, sender=community.wallets[0])
    late = community.propose([(community.wallets[0], 0, b"")], "late")
    rpc.warp_to(governor.call("proposalDeadline", late.id) - 60)
    community.vote(late, [0, 1, 2])
    rebuilt = rebuild(community)
    assert rebuilt.governor.proposals[number].advisory
    assert rebuilt.governor.proposals[canceled.id].canceled
    assert rebuilt.governor.proposals[late.id].deadline > rpc.timestamp() + 60
    rpc.warp_to(governor.call("proposalExpiry", late.id) + 1)
    rebuilt = rebuild(community)
    assert rebuilt.governor.state(rebuilt.governor.proposals[late.id], rpc.timestamp()) == (
        ProposalState.EXPIRED
    )


def test_settings_and_charter_by_vote(community: Community) -> None:
    dao = community.dao
    rules, _ = dao.governor.call("settings")
    community.as_treasury(dao.governor, "setSettings", rules | {"quorumBps": 4_000})
    asked = dao.membership.call("settings")
    asked |= {"season": 50 * DAY, "dormantAfter": 100 * DAY, "meritCap": 20_000_000}
    community.as_treasury(dao.membership, "setSettings", asked)
    community.as_treasury(dao.token, "setSettings", {"epochCap": 5, "transferable": False})
    community.as_treasury(dao.membership, "setCharter", keccak(text="new"), "ipfs://new")
    rebuilt = rebuild(community)
    now = community.rpc.timestamp()
    governor, membership = rebuilt.governor, rebuilt.membership
    assert governor.settings_at(now) == rules
    version, since = governor.waiting(now)
    assert (version, governor.settings[version]["quorumBps"]) == (2, 4_000)
    in_force = membership.settings_at(now)
    assert (in_force["season"], in_force["dormantAfter"]) == (50 * DAY, 180 * DAY)
    assert in_force["meritCap"] == 10_000_000
    assert membership.charter_uri == "ipfs://new"
    kinds = {each.kind: each.since for each in waiting(rebuilt, now)}
    assert kinds == {
        "settings": since,
        "dormancy": membership.dormant_from,
        "caps": membership.voice.t0 + 2 * 30 * DAY,
    }
    assert abs(since - now - 45 * DAY) < 60

    community.rpc.warp(61 * DAY)
    rebuilt, now = rebuild(community), community.rpc.timestamp()
    assert rebuilt.governor.settings_at(now)["quorumBps"] == 4_000
    assert rebuilt.governor.settings_at(since - 1) == rules
    assert rebuilt.membership.settings_at(now) == asked
    assert waiting(rebuilt, now) == []


def test_settings_that_are_taken_back(community: Community) -> None:
    dao = community.dao
    rules, _ = dao.governor.call("settings")
    in_force = dao.membership.call("settings")
    for quorum in (4_000, 5_000):
        community.as_treasury(dao.governor, "setSettings", rules | {"quorumBps": quorum})
    community.as_treasury(dao.membership, "setSettings", in_force | {"dormantAfter": 90 * DAY})
    rebuilt = rebuild(community)
    assert rebuilt.governor.waiting(community.rpc.timestamp())[0] == 3
    community.as_treasury(dao.governor, "withdrawSettings")
    community.as_treasury(dao.membership, "withdrawSettings")
    rebuilt, now = rebuild(community), community.rpc.timestamp()
    assert rebuilt.governor.waiting(now) == (0, 0)
    assert rebuilt.membership.asked == in_force
    community.rpc.warp(46 * DAY)
    rebuilt = rebuild(community)
    assert rebuilt.governor.version_at(community.rpc.timestamp()) == 1


def test_bars_beyond_the_seats_of_an_epoch(community: Community) -> None:
    membership, rpc = community.dao.membership, community.rpc
    for number in (2, 3, 4):
        community.as_treasury(membership, "bar", number)
    community.as_treasury(membership, "withdrawBar", 4)
    rebuilt, now = rebuild(community), rpc.timestamp()
    assert rebuilt.membership.members[2].standing == Standing.BARRED
    assert rebuilt.membership.members[3].standing == Standing.ACTIVE
    assert (rebuilt.membership.seats_used(now), rebuilt.membership.seats_left(now)) == (1, 0)
    (bar,) = waiting(rebuilt, now)
    assert (bar.kind, bar.done, bar.due(now)) == ("bar", "#3", False)
    rpc.warp(45 * DAY)
    assert bar.due(rpc.timestamp())
    membership.send("enforceBar", 3, sender=community.outsider.address)
    rebuilt = rebuild(community)
    assert rebuilt.membership.members[3].standing == Standing.BARRED
    assert waiting(rebuilt, rpc.timestamp()) == []


def test_a_return_is_a_newcomers(community: Community) -> None:
    membership, rpc = community.dao.membership, community.rpc
    charter = membership.call("charterHash")
    membership.send("exit", sender=community.wallets[1])
    membership.send("rejoin", charter, sender=community.wallets[1])
    rebuilt = rebuild(community)
    person = rebuilt.membership.members[2]
    assert (person.standing, rebuilt.membership.uncounted) == (Standing.NEWCOMER, 1)
    assert not rebuilt.membership.never_spoke(person)
    assert person.stamp * DAY >= rpc.timestamp() + 45 * DAY - 60
    found_ = returning(rebuilt, rpc.timestamp())
    assert (found_.newcomers, found_.ready, found_.left) == (1, 0, 0)
    rpc.warp_to(person.stamp * DAY)
    assert returning(rebuild(community), rpc.timestamp()).ready == 1
    membership.send("wake", charter, sender=community.wallets[1])
    assert rebuild(community).membership.members[2].standing == Standing.ACTIVE


def test_merit_ends_at_full(community: Community) -> None:
    for _ in range(2):
        credit(community, 1, 70 * POINT)
    rebuilt = rebuild(community)
    voice, person = rebuilt.membership.voice, rebuilt.membership.members[1]
    now = community.rpc.timestamp()
    assert abs(voice.merit(person.raw, now) - 100 * POINT) < POINT // 1_000
    assert rebuilt.membership.voice_of(1, now) <= voice.base * 3 // 2
    assert 99_000 < person.used <= 101_000  # what was given, not what was asked for
    events = [log.event.args for log in rebuilt.logs if log.event.name == "MeritCredited"]
    raw, points = events[1]["raw"], events[1]["points"]
    before = events[0]["raw"]
    assert voice.may_become(before, points, raw, now)
    assert not voice.may_become(before, points, raw + raw // 10**6, now)
    assert not voice.may_become(before, points + POINT, raw, now)


def test_two_people_exchange_wallets(rpc: DevRpc) -> None:
    community = found(rpc, 3, factory=factory(rpc), transferableTickets=True)
    membership = community.dao.membership
    stranger = community.outsider.address
    membership.send("delegate", community.wallets[1], sender=community.wallets[0])
    membership.send("transferFrom", community.wallets[2], stranger, 3, sender=community.wallets[2])
    admitted = membership.call("memberIdOf", stranger)
    grant(community, "SUCCESSION", community.wallets[1])
    membership.send("moveWallet", 1, stranger, sender=community.wallets[1])
    rebuilt = RebuiltDao.empty(community.dao, rebuild(community).membership.voice, 0)
    rebuilt.take(rebuild(community).logs)
    people = rebuilt.membership
    assert people.members[1].wallet == stranger
    assert people.members[admitted].wallet == community.wallets[0]
    assert people.members[admitted].standing == Standing.BARRED
    assert people.member_at(stranger) is people.members[1]
    assert people.delegate_of(people.members[1]) == community.wallets[1]
    assert rebuilt.oddities == []


def test_another_governor(community: Community) -> None:
    dao, rpc = community.dao, community.rpc
    passed = community.propose([(community.wallets[0], 0, b"")], "in time")
    community.pass_vote(passed)
    other = community.propose([(community.wallets[0], 0, b"")], "too late for it")
    advisory = dao.governor.send("proposeAdvisory", "tea?", sender=community.wallets[1])
    number = advisory.only("ProposalCreated").args["proposalId"]
    community.as_treasury(dao.treasury, "setGovernor", dao.token_address)
    community.as_treasury(dao.treasury, "withdrawGovernor")
    community.as_treasury(dao.treasury, "setGovernor", dao.membership_address)
    (next_,) = waiting(rebuild(community), rpc.timestamp())
    assert (next_.kind, next_.done) == ("governor", "governor")
    rpc.warp(45 * DAY)
    late = community.propose([(community.wallets[0], 0, b"")], "never executed")
    rpc.warp(60)
    dao.treasury.send("installGovernor", sender=community.outsider.address)
    rebuilt = rebuild(community)
    governor, now = rebuilt.governor, rpc.timestamp()
    assert rebuilt.treasury.governor == dao.membership_address
    assert governor.retired_at == now
    states = [governor.state(governor.proposals[each.id], now) for each in (passed, other, late)]
    expected = [ProposalState.EXPIRED, ProposalState.DEFEATED, ProposalState.CANCELED]
    assert states == expected
    assert governor.state(governor.proposals[number], now) == ProposalState.DEFEATED


def test_who_turns_too_late(rpc: DevRpc) -> None:
    community = found(rpc, 20, factory=factory(rpc))
    governor = community.dao.governor
    draft = community.propose([(community.wallets[0], 0, b"")], "late")
    first = governor.call("proposalDeadline", draft.id)
    voters, wall = iter(range(20)), first + 7 * DAY
    rpc.warp_to(first - 60)
    community.vote(draft, [next(voters) for _ in range(6)], FOR)

    def status() -> ProposalStatus:
        rebuilt = rebuild(community)
        made = rebuilt.governor.proposals[draft.id]
        return ProposalStatus.of(Proposed(1, made), rebuilt.governor, rpc.timestamp())

    turned = status()
    assert (turned.passes, turned.wall) == (True, wall)
    assert first < turned.proposal.deadline < wall
    assert not turns(turned)
    assert "1 day more" in turns(replace(turned, now=turned.proposal.deadline - 60))
    for side in (AGAINST, FOR) * 3:  # each turns it, a day later
        rpc.warp_to(min(governor.call("proposalDeadline", draft.id), wall) - 60)
        count = 6 if side == AGAINST and turned.proposal.votes(AGAINST) == 0 else 1
        community.vote(draft, [next(voters) for _ in range(count)], side)
        turned = status()
    assert not turned.proposal.too_late
    rpc.warp_to(turned.proposal.deadline - 60)
    community.vote(draft, [next(voters)], AGAINST)
    turned = status()
    assert turned.proposal.deadline == wall
    assert "too late" in turns(replace(turned, now=wall - 60))
    community.vote(draft, [next(voters) for _ in range(2)], FOR)
    turned = status()
    assert turned.proposal.too_late
    assert not turned.passes
    rpc.warp_to(wall + 1)
    rebuild(community)
    assert "nobody had time" in standing(status())


# Many acts in any order


@pytest.mark.parametrize("seed", [0, *(pytest.param(n, marks=pytest.mark.slow) for n in (1, 2, 3))])
def test_any_history(rpc: DevRpc, seed: int) -> None:
    chance = random.Random(seed)
    community = found(rpc, 8, factory=factory(rpc), transferableTickets=bool(seed % 2))
    for _ in range(12):
        for _ in range(16):
            try:
                chance.choices(*zip(*MOVES, strict=True))[0](community, chance)
            except ContractRevertedError:  # not allowed now; another move will be
                continue
        rebuild(community)


def _wallet(community: Community, chance: random.Random) -> str:
    return chance.choice([*community.wallets, community.outsider.address])


def _send(name: str, *args: Any) -> Callable[[Community, random.Random], None]:
    def move(community: Community, chance: random.Random) -> None:
        community.dao.membership.send(name, *args, sender=_wallet(community, chance))

    return move


def _charter(name: str) -> Callable[[Community, random.Random], None]:
    def move(community: Community, chance: random.Random) -> None:
        membership = community.dao.membership
        charter = membership.call("charterHash")
        membership.send(name, charter, sender=_wallet(community, chance))

    return move


def _delegate(community: Community, chance: random.Random) -> None:
    membership = community.dao.membership
    to = _wallet(community, chance)
    membership.send("delegate", to, sender=_wallet(community, chance))


def _credit(community: Community, chance: random.Random) -> None:
    credit(community, chance.randint(1, 8), chance.randint(1, 500_000) * 10**15)


def _admit(community: Community, chance: random.Random) -> None:
    membership = community.dao.membership
    accepted = chance.choice([membership.call("charterHash"), NO_REF])
    community.as_treasury(membership, "admit", _wallet(community, chance), accepted)


def _sell(community: Community, chance: random.Random) -> None:
    membership = community.dao.membership
    seller, buyer = _wallet(community, chance), _wallet(community, chance)
    number = membership.call("memberIdOf", seller)
    ticket = community.dao.lens.call("ticketOf", membership.address, number)
    membership.send("transferFrom", seller, buyer, ticket, sender=seller)


def _propose(community: Community, chance: random.Random) -> None:
    text = f"proposal {chance.random()}"
    proposal = community.propose([(community.wallets[0], 0, b"")], text, chance.randint(0, 7))
    community.open_voting(proposal)
    for voter in range(8):
        try:
            community.vote(proposal, [voter], chance.choice([AGAINST, FOR, ABSTAIN]))
        except ContractRevertedError:  # no voice at the snapshot
            continue


def _wait(community: Community, chance: random.Random) -> None:
    days = chance.choices([0, 10, 45, 250], [8, 8, 4, 1])[0]
    community.rpc.warp(days * DAY + chance.randint(1, 3_600))


def _bar(community: Community, chance: random.Random) -> None:
    community.as_treasury(community.dao.membership, "bar", chance.randint(1, 8))


def _settings(community: Community, chance: random.Random) -> None:
    membership = community.dao.membership
    if chance.random() < 0.3:
        community.as_treasury(membership, "withdrawSettings")
    asked = membership.call("settings")
    asked |= {"dormantAfter": chance.choice([90, 150, 200]) * DAY}
    asked |= {
        "meritCap": chance.choice([5, 10, 20]) * 10**6,
        "season": chance.choice([45, 60]) * DAY,
    }
    community.as_treasury(membership, "setSettings", asked)


MOVES = [
    (_delegate, 5),
    (_credit, 3),
    (_admit, 4),
    (_sell, 2),
    (_propose, 4),
    (_wait, 3),
    (_bar, 0.5),
    (_send("exit"), 1),
    (_send("rest"), 1),
    (_send("lapse", list(range(1, 12))), 1),
    (_settings, 0.5),
    (_send("enforceBar", 3), 0.5),
    (_send("reclaim", list(range(1, 12))), 1),
    (_charter("wake"), 6),
    (_charter("rejoin"), 4),
]
"""Moves and how often each is tried, against the others."""


# Reading


class Shy:
    """A node that gives at most `most` blocks of events at once, and no times with them."""

    def __init__(self, rpc: DevRpc, most: int) -> None:
        self.rpc, self.most = rpc, most
        self.ranges: list[int] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self.rpc, name)

    def batch(self, calls: Iterable[tuple[str, Sequence[Any]]]) -> list[Any]:
        """As the node behind, but for events."""
        return [self._one(method, *params) for method, params in calls]

    def call(self, method: str, *params: Any) -> Any:
        """As the node behind, but for events."""
        answer = self._one(method, *params)
        if isinstance(answer, RpcError):
            raise answer
        return answer

    def _one(self, method: str, *params: Any) -> Any:
        if method != "eth_getLogs":
            return self.rpc.call(method, *params)
        size = int(params[0]["toBlock"], 16) - int(params[0]["fromBlock"], 16) + 1
        self.ranges.append(size)
        if size > self.most:
            return RpcError(method, -32005, "block range is too wide")
        logs = self.rpc.call(method, *params)
        return [{k: v for k, v in log.items() if k != "blockTimestamp"} for log in logs]


def test_ranges_shrink_until_the_node_answers(community: Community) -> None:
    rpc, address = community.rpc, community.dao.membership_address
    for _ in range(20):
        rpc.warp(DAY)
    known = {address: Interface(artifacts.load("Membership").abi)}
    end = rpc.block_number()
    shy: Any = Shy(rpc, 3)
    assert [*stream_logs(shy, known, 0, end)] == [*stream_logs(rpc, known, 0, end)]
    assert max(shy.ranges) > 3
    refused: Any = Shy(rpc, 0)
    with pytest.raises(RpcError):
        list(stream_logs(refused, known, 0, end))


class Narrow:
    """A node that answers at most `most` calls in a request."""

    def __init__(self, rpc: DevRpc, most: int, message: str = "batch too large") -> None:
        self.rpc, self.most, self.message = rpc, most, message

    def __getattr__(self, name: str) -> Any:
        return getattr(self.rpc, name)

    def batch(self, calls: Any) -> list[Any]:
        asked = list(calls)
        if len(asked) > self.most:
            return [RpcError(method, -32600, self.message) for method, _ in asked]
        return self.rpc.batch(asked)


def test_batches_shrink_until_the_node_answers(community: Community) -> None:
    membership = community.dao.membership
    questions: list[ViewCall] = [
        (membership, "walletOf", (number,)) for number in (1, 2, 3, 4, 5, 99)
    ]
    questions.append((community.dao.lens, "ticketOf", (membership.address, 99)))
    expected = [*community.wallets, "0x" + "00" * 20, None]
    for most in (1, 2, 5, 100):
        narrow: Any = Narrow(community.rpc, most)
        assert Snapshot(narrow).ask(questions) == expected
    closed: Any = Narrow(community.rpc, 0, "rate limit")
    with pytest.raises(RpcError, match="rate limit"):
        Snapshot(closed).ask(questions)


def test_strange_events_are_told(community: Community) -> None:
    rebuilt = rebuild(community)
    logs = [log for log in rebuilt.logs if log.event.name != "MemberAdmitted"]
    voice = rebuilt.membership.voice
    broken = RebuiltDao.empty(community.dao, voice, rebuilt.block)
    broken.take(logs)
    section = compare_state(broken, Snapshot(community.rpc, rebuilt.block))
    assert not section.passed


def test_missing_event_is_a_difference(community: Community) -> None:
    membership = community.dao.membership
    membership.send("delegate", community.wallets[1], sender=community.wallets[0])
    rebuilt = rebuild(community)
    part = RebuiltDao.empty(community.dao, rebuilt.membership.voice, rebuilt.block)
    part.take(log for log in rebuilt.logs if log.event.name != "DelegateChanged")
    section = compare_state(part, Snapshot(community.rpc, rebuilt.block))
    assert [each.what for each in section.differences] == [
        "delegate of #1",
        "voice of #1",
        "voice of #2",
    ]


def test_only_one_creation_is_taken(rpc: DevRpc, community: Community) -> None:
    found(rpc, 2, factory=factory(rpc), salt=keccak(text="another"))
    assert rebuild(community).founders() == community.wallets
    assert shared_deployments(artifacts.project())[-1].address == factory(rpc).address


ONE, TWO, SIX = (person(number).address for number in (1, 2, 6))
CANNOT_BE: dict[str, tuple[str, str, dict[str, Any]]] = {
    "a ticket from another hand": (
        MEMBERSHIP,
        "Transfer",
        {"from": TWO, "to": SIX, "tokenId": 1},
    ),
    "a ticket made twice": (MEMBERSHIP, "Transfer", {"from": NOBODY, "to": SIX, "tokenId": 1}),
    "a member admitted twice": (
        MEMBERSHIP,
        "MemberAdmitted",
        {"id": 1, "wallet": ONE, "standing": Standing.ACTIVE, "charterHash": NO_REF},
    ),
    "a delegation from elsewhere": (
        MEMBERSHIP,
        "DelegateChanged",
        {"delegator": ONE, "fromDelegate": TWO, "toDelegate": ONE},
    ),
    "a delegation left behind": (
        MEMBERSHIP,
        "StandingChanged",
        {"id": 2, "standing": Standing.EXITED},
    ),
    "an execution after another": (GOVERNOR, "ProposalExecuted", {"proposalId": 1}),
    "a cancellation of what was executed": (GOVERNOR, "ProposalCanceled", {"proposalId": 1}),
    "an execution of what was canceled": (GOVERNOR, "ProposalExecuted", {"proposalId": 2}),
    "a proposal that nobody made": (GOVERNOR, "ProposalExecuted", {"proposalId": 3}),
}


@pytest.mark.parametrize("event", CANNOT_BE.values(), ids=CANNOT_BE)
def test_event_that_cannot_be_is_odd(event: tuple[str, str, dict[str, Any]]) -> None:
    history = History()
    history.delegate(2, to=1)
    history.execute(history.decide(1, 3, 4))
    history.emit((GOVERNOR, "ProposalCanceled", {"proposalId": history.propose()}))
    assert history.rebuilt.oddities == []
    history.emit(event)
    assert len(history.rebuilt.oddities) == 1


def test_proposal_made_twice_is_odd() -> None:
    history = History()
    history.propose()
    history.proposals = 0
    history.propose()
    assert len(history.rebuilt.oddities) == 1


# The formula


def test_voice_formula() -> None:
    voice = Voice(t0=1_000, half_life=180 * DAY, base=VOICE, most=15_000, full=100)
    later = 1_000 + 360 * DAY
    raw = 400 * POINT
    assert voice.merit(raw, later) == 100 * POINT
    assert voice.of(3, 0, 5) == 3 * VOICE
    assert voice.of(1, units_of(raw), later) == 3 * VOICE // 2  # the most
    assert voice.of(1, units_of(raw // 4), later) == 5 * VOICE // 4
    assert voice.merit(raw, 10**12) == 400 * POINT // 2**100
    assert voice.may_become(0, 100 * POINT, raw, later)
    assert voice.may_become(raw, 0, raw, later)
    assert not voice.may_become(raw, POINT, raw + 4 * POINT, later)  # beyond the ceiling
    assert not voice.may_become(0, 101 * POINT, raw, later)
    assert voice.epoch(999) == voice.epoch(1_000 + 30 * DAY - 1) == 0
    assert voice.epoch(1_000 + 30 * DAY) == 1


def test_history_answers_for_any_time() -> None:
    history = VoiceHistory()
    assert history.at(5) == Entry()
    history.add(10, members=1)
    history.add(10, members=1)
    history.add(20, members=-1, units=4)
    assert [history.at(time) for time in (9, 10, 19, 20)] == [
        Entry(),
        Entry(2),
        Entry(2),
        Entry(1, 4),
    ]
