"""S1: whoever reads standard views and events alone never concludes what `state` contradicts."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

import pytest

from mikoshi.ballots.proposal import ProposalDraft
from mikoshi.chain.contract import Contract, Receipt
from mikoshi.testing.community import ABSTAIN, AGAINST, FOR, Community
from mikoshi.testing.defaults import DAY
from tests.unit.governance.support import (
    ACTIVE,
    CANCELED,
    DEFEATED,
    EXECUTED,
    EXPIRED,
    NOBODY,
    PENDING,
    QUEUED,
    SUCCEEDED,
    change_settings,
    credit,
    send_at,
    state,
    with_steward,
)

PASSED = {SUCCEEDED, QUEUED, EXPIRED}
MEMBERS = 12


@dataclass
class Client:
    """What a Tally-like client knows of one proposal: the events of `IGovernor`, and the clock."""

    governor: Contract
    number: int
    start: int
    end: int
    canceled: bool = False
    executed: bool = False

    def hear(self, receipt: Receipt) -> None:
        """Take what concerns the proposal from a transaction's events."""
        for event in receipt.events:
            if event.args.get("proposalId") != self.number:
                continue
            self.canceled = self.canceled or event.name == "ProposalCanceled"
            self.executed = self.executed or event.name == "ProposalExecuted"
            if event.name == "ProposalExtended":
                self.end = event.args["extendedDeadline"]

    def conclude(self, now: int) -> set[int]:
        """The states that standard views and events leave possible."""
        against, for_, abstained = self.governor.call("proposalVotes", self.number)
        modes = dict(part.split("=") for part in self.governor.call("COUNTING_MODE").split("&"))
        assert modes["support"] == "bravo"
        if self.executed or self.canceled:
            return {EXECUTED} if self.executed else {CANCELED}
        if now <= self.end:
            return {PENDING} if now <= self.start else {ACTIVE}
        if for_ <= against:
            return {DEFEATED}
        counted = {"for": for_, "against": against, "abstain": abstained}
        kinds = modes["quorum"].split(",")
        if set(kinds) <= counted.keys():
            reached = sum(counted[kind] for kind in kinds) >= self.quorum()
            return PASSED if reached else {DEFEATED}
        return PASSED | {DEFEATED}  # another quorum than of voice: the governor decides

    def quorum(self) -> int:
        """What OpenZeppelin's quorum would be compared with."""
        return int(self.governor.call("quorum", self.start))


def history(other: Community, random: Random) -> list[tuple[Client, ProposalDraft]]:
    """Merit, delegates, changed settings, and proposals that end in every way."""
    governor, membership = other.dao.governor, other.dao.membership
    for member in random.sample(range(1, MEMBERS + 1), 5):
        credit(other, member, random.choice([1, 10, 60]))
    delegate = other.wallets[random.randrange(MEMBERS)]
    for wallet in random.sample(other.wallets, 5):
        membership.send("delegate", delegate, sender=wallet)
    known = []
    for turn in range(4):
        change_settings(other, quorumBps=random.choice([500, 3_000, 6_000]), thresholdBps=0,
                        voiceCapBps=random.choice([100, 1_000]))  # fmt: skip
        drafts = [
            ProposalDraft.of([(NOBODY, 0, b"")] * random.randrange(2), f"{turn}.{i}")
            for i in range(2)
        ]
        for by, draft in enumerate(drafts):
            created = other.submit(draft, 2 * turn + by).only("ProposalCreated").args
            client = Client(governor, draft.id, created["voteStart"], created["voteEnd"])
            known.append((client, draft))
    if random.random() < 0.5:
        client, draft = known[-1]
        client.hear(governor.send("cancel", *draft.actions, sender=other.wallets[7]))
    other.open_voting(known[-1][0].number)
    for client, draft in known:
        if client.canceled:
            continue
        voters = random.sample(range(MEMBERS), random.randrange(MEMBERS))
        for voter in voters:
            wallet = other.wallets[voter]
            if membership.call("getPastVotes", wallet, client.start):
                support = random.choice([FOR, FOR, FOR, AGAINST, ABSTAIN])
                client.hear(other.vote(draft, [voter], support)[0])
    return known


def late_ballots(other: Community, known: list[tuple[Client, ProposalDraft]]) -> None:
    """In the last second of one proposal after the other: who has not spoken speaks against."""
    governor, membership = other.dao.governor, other.dao.membership
    for client, draft in sorted(known, key=lambda each: each[0].end):
        for wallet in other.wallets:
            silent = not governor.call("hasVoted", draft.id, wallet)
            speaks = membership.call("getPastVotes", wallet, client.start)
            if silent and speaks and not client.canceled and other.rpc.timestamp() < client.end:
                call = ("castVote", draft.id, AGAINST)
                client.hear(send_at(governor, client.end, *call, sender=wallet))
                break


@pytest.mark.parametrize("seed", range(4))
def test_a_standard_client_never_contradicts_the_state(community: Community, seed: int) -> None:
    other = with_steward(community, MEMBERS)
    known = history(other, Random(seed))

    def agree() -> list[int]:
        now = other.rpc.timestamp()
        states = [state(other, draft) for _, draft in known]
        for (client, draft), found in zip(known, states, strict=True):
            assert found in client.conclude(now), (draft.description, found)
            assert client.end == other.dao.governor.call("proposalDeadline", draft.id)
            assert other.dao.governor.call("proposalNeedsQueuing", draft.id) is False
        return states

    agree()
    late_ballots(other, known)
    agree()
    other.rpc.warp(8 * DAY)
    ended = agree()
    for (client, draft), found in zip(known, ended, strict=True):
        if found == QUEUED and draft.targets:
            client.hear(other.execute(draft))
    agree()
    other.rpc.warp(30 * DAY)
    assert set(agree()) <= {CANCELED, DEFEATED, EXECUTED, SUCCEEDED, EXPIRED}


def test_a_quorum_of_people_cannot_be_told_from_voice(community: Community) -> None:
    """The counting mode of OpenZeppelin would make clients call defeated what has passed: seven
    people stand behind it, with the voice of two."""
    other = with_steward(community, 20)
    for wallet in other.wallets[1:8]:
        other.dao.membership.send("delegate", other.wallets[0], sender=wallet)
    proposal = other.propose([(NOBODY, 0, b"")])
    other.open_voting(proposal)
    other.vote(proposal, [0])
    other.close_voting(proposal)
    governor = other.dao.governor
    start, end = (
        governor.call(f"proposal{each}", proposal.id) for each in ("Snapshot", "Deadline")
    )
    client = Client(governor, proposal.id, start, end)
    assert state(other, proposal) == QUEUED
    assert governor.call("proposalVotes", proposal.id)[1] < client.quorum()
    assert QUEUED in client.conclude(other.rpc.timestamp())
