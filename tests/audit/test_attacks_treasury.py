"""Attacks on the vault and on execution, replayed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from eth_utils.crypto import keccak

from mikoshi.ballots.proposal import Call
from mikoshi.chain.contract import Contract, ContractRevertedError
from mikoshi.chain.rpc import RevertedError
from mikoshi.core import artifacts
from mikoshi.core.dao import Dao
from mikoshi.testing.community import Community, person
from mikoshi.testing.defaults import CHARTER, DAY, params
from tests.support import reverts
from tests.unit.governance.support import (
    CANCELED,
    EXECUTED,
    NOBODY,
    PENDING,
    QUEUED,
    WAITING,
    field,
    governor_settings,
    hash_proposal,
    helper,
    only,
    state,
    under_another_governor,
)

ETHER = 10**18


def error(signature: str, *words: int | bytes) -> bytes:
    """Revert data of an error with arguments of one word each."""
    parts = [w if isinstance(w, bytes) else w.to_bytes(32) for w in words]
    return keccak(text=signature)[:4] + b"".join(parts)


def called_back(sink: Contract, receipt: Any) -> list[dict[str, Any]]:
    return [e.args for e in sink.events(receipt.raw["logs"]) if e.name == "CalledBack"]


@pytest.mark.parametrize("door", ["governor", "treasury"])
def test_the_dao_2016_re_entrant_withdrawal(community: Community, door: str) -> None:
    """The recipient calls for the payment again while it is being paid."""
    sink = helper(community.rpc, "Sink")
    dao = community.dao
    proposal = community.propose([(sink, ETHER, b"")])
    community.pass_vote(proposal)
    community.ripen(proposal)
    if door == "governor":
        again = (dao.governor_address, dao.governor.data("execute", *proposal.actions))
        refusal = error(
            "GovernorUnexpectedProposalState(uint256,uint8,bytes32)", proposal.id, EXECUTED,
            only(QUEUED),
        )  # fmt: skip
    else:
        again = (dao.treasury_address, dao.treasury.data("execute", *proposal.actions[:3]))
        refusal = error("TreasuryNotGovernor(address)", int(sink.address, 16))
    sink.send("arm", *again, sender=community.outsider.address)
    before = community.rpc.balance(dao.treasury_address)
    receipt = community.execute(proposal)
    assert called_back(sink, receipt) == [{"success": False, "output": refusal}]
    assert community.rpc.balance(sink.address) == ETHER
    assert community.rpc.balance(dao.treasury_address) == before - ETHER


def test_a_re_entrant_recipient_may_execute_another_passed_proposal(
    community: Community,
) -> None:
    """Each passed proposal is carried out once, nested or not."""
    sink = helper(community.rpc, "Sink")
    inner = community.propose([(person(60).address, 3, b"")], "inner")
    outer = community.propose([(sink, 1, b"")], "outer")
    community.open_voting(outer)
    for proposal in (inner, outer):
        community.vote(proposal, range(5))
    community.close_voting(outer)
    community.ripen(outer)
    nested = community.dao.governor.data("execute", *inner.actions)
    sink.send("arm", community.dao.governor_address, nested, sender=community.outsider.address)
    receipt = community.execute(outer)
    assert called_back(sink, receipt)[0]["success"] is True
    assert community.rpc.balance(person(60).address) == 3
    assert state(community, inner) == state(community, outer) == EXECUTED
    with reverts("GovernorUnexpectedProposalState", inner.id, EXECUTED, only(QUEUED)):
        community.execute(inner)


def test_oz_timelock_2021_escalation_inside_a_batch(community: Community) -> None:
    """Readiness is checked before the first call, never after: a batch cannot make itself ready."""
    dao, attacker = community.dao, community.wallets[4]
    governor = dao.governor
    sink = helper(community.rpc, "Sink")
    grab: list[Call] = [
        (dao.treasury, 0, dao.treasury.data("setGovernor", sink.address)),
        (attacker, 50 * ETHER, b""),
    ]
    targets = [dao.treasury_address, attacker]
    unknown = (targets, [0, 50 * ETHER], [grab[0][2], b""])
    number = hash_proposal(*unknown, "grab")
    with reverts("GovernorNonexistentProposal", number):
        governor.send("execute", *unknown, keccak(text="grab"), sender=attacker)
    proposal = community.propose(grab, "grab", by=4)
    with reverts("GovernorUnexpectedProposalState", proposal.id, PENDING, only(QUEUED)):
        governor.send("execute", *proposal.actions, sender=attacker)
    # Nor can a passed batch lower the bar for one that is not ready.
    rules = governor_settings(votingDelay=DAY, executionDelay=DAY, votingPeriod=2 * DAY)
    helping = community.propose(
        [
            (governor, 0, governor.data("setSettings", rules)),
            (sink, 0, sink.data("callBack", governor.address,
                                governor.data("execute", *proposal.actions))),
        ],
        "helping",
    )  # fmt: skip
    community.open_voting(helping)
    community.vote(helping, range(4))
    community.close_voting(helping)
    community.ripen(helping)
    receipt = community.execute(helping)
    assert called_back(sink, receipt)[0]["success"] is False
    assert dao.treasury.call("governor") == dao.governor_address
    assert community.rpc.balance(dao.treasury_address) == 100 * ETHER


def test_a_passed_proposal_is_made_ready_by_another(community: Community) -> None:
    """Both have passed; the first is carried out, shortens the delay, and calls the second."""
    dao, attacker = community.dao, community.wallets[4]
    governor, sink = dao.governor, helper(community.rpc, "Sink")
    grab: list[Call] = [(attacker, 50 * ETHER, b"")]
    targets, values, datas = [attacker], [50 * ETHER], [b""]
    number = hash_proposal(targets, values, datas, "grab")
    execute = governor.data("execute", targets, values, datas, keccak(text="grab"))
    rules = governor_settings(executionDelay=DAY)
    helping = community.propose(
        [
            (governor, 0, governor.data("setSettings", rules)),
            (sink, 0, sink.data("callBack", governor.address, execute)),
        ],
        "helping",
    )
    community.rpc.warp(DAY)
    proposal = community.propose(grab, "grab", by=4)
    assert proposal.id == number
    community.open_voting(proposal)
    for each in (helping, proposal):
        community.vote(each, range(4))
    community.close_voting(proposal)
    community.ripen(helping)
    assert state(community, proposal) == QUEUED
    receipt = community.execute(helping)
    eta = governor.call("proposalEta", number)
    now = community.rpc.timestamp()
    assert now < eta
    refusal = error("GovernorNotReady(uint256,uint256,uint256)", number, eta, now)
    assert called_back(sink, receipt) == [{"success": False, "output": refusal}]
    assert community.rpc.balance(dao.treasury_address) == 100 * ETHER


BRICKS: dict[str, Callable[[Dao], tuple[Contract, bytes, bytes]]] = {
    "a governor without code": lambda dao: (
        dao.treasury,
        dao.treasury.data("setGovernor", NOBODY),
        error("TreasuryInvalidGovernor(address)", 0),
    ),
    "the Treasury as its own governor": lambda dao: (
        dao.treasury,
        dao.treasury.data("setGovernor", dao.treasury_address),
        error("TreasuryInvalidGovernor(address)", int(dao.treasury_address, 16)),
    ),
    "no admin": lambda dao: (
        dao.treasury,
        dao.treasury.data("renounceRole", bytes(32), dao.treasury_address),
        error("TreasuryAdminIsFixed()"),
    ),
    "a second admin": lambda dao: (
        dao.treasury,
        dao.treasury.data("grantRole", bytes(32), person(60).address),
        error("TreasuryAdminIsFixed()"),
    ),
    "a quorum nobody reaches": lambda dao: (
        dao.governor,
        dao.governor.data("setSettings", governor_settings(quorumBps=10_000)),
        error(
            "GovernorInvalidSetting(bytes32,uint256,uint256,uint256)", field("quorumBps"), 10_000,
            500, 6_000,
        ),
    ),
    "a threshold nobody reaches": lambda dao: (
        dao.governor,
        dao.governor.data("setSettings", governor_settings(thresholdBps=10_001)),
        error(
            "GovernorInvalidSetting(bytes32,uint256,uint256,uint256)", field("thresholdBps"),
            10_001, 0, 10_000,
        ),
    ),
    "no proposals": lambda dao: (
        dao.governor,
        dao.governor.data("setSettings", governor_settings(liveProposals=0)),
        error(
            "GovernorInvalidSetting(bytes32,uint256,uint256,uint256)", field("liveProposals"), 0, 1,
            10,
        ),
    ),
    "a delay without end": lambda dao: (
        dao.governor,
        dao.governor.data("setSettings", governor_settings(executionDelay=2**32 - 1)),
        error(
            "GovernorInvalidSetting(bytes32,uint256,uint256,uint256)", field("executionDelay"),
            2**32 - 1, DAY, 14 * DAY,
        ),
    ),
    "an expiry before anyone can act": lambda dao: (
        dao.governor,
        dao.governor.data("setSettings", governor_settings(expiry=0)),
        error(
            "GovernorInvalidSetting(bytes32,uint256,uint256,uint256)", field("expiry"), 0, 7 * DAY,
            90 * DAY,
        ),
    ),
    "a season shorter than a vote": lambda dao: (
        dao.membership,
        dao.membership.data("setSettings", {**params(0)["membership"], "season": 0}),
        error(
            "MembershipInvalidSetting(bytes32,uint256,uint256,uint256)", field("season"), 0,
            45 * DAY, 365 * DAY,
        ),
    ),
    "a guardian for life": lambda dao: (
        dao.treasury,
        dao.treasury.data("setGuardian", person(60).address, 2**40 - 1),
        b"",
    ),
}  # fmt: skip


@pytest.mark.parametrize("brick", BRICKS)
def test_compound_117_a_valid_proposal_bricks_the_system(community: Community, brick: str) -> None:
    """It passes, fails, and the next one works."""
    target, data, expected = BRICKS[brick](community.dao)
    proposal = community.propose([(target, 0, data)], "brick")
    community.pass_vote(proposal)
    community.ripen(proposal)
    with pytest.raises(ContractRevertedError) as caught:
        community.execute(proposal)
    revert = caught.value.revert
    assert revert is not None
    assert (revert.name, revert.args[:2]) == ("TreasuryCallFailed", (0, target.address))
    term_too_long = error("TreasuryTermTooLong(uint256,uint256)")
    assert revert.args[2] == expected or revert.args[2].startswith(expected or term_too_long)
    assert state(community, proposal) == QUEUED
    community.decide([(person(60).address, 1, b"")], "next")
    assert community.rpc.balance(person(60).address) == 1


def test_every_member_leaves_and_one_returns(community: Community) -> None:
    """No vote is possible while nobody is in, and it is again a season after anyone comes back."""
    for wallet in community.wallets:
        community.dao.membership.send("exit", sender=wallet)
    community.dao.membership.send("rejoin", CHARTER, sender=community.wallets[2])
    community.rpc.warp(46 * DAY)
    community.dao.membership.send("wake", CHARTER, sender=community.wallets[2])
    community.rpc.warp(1)
    alone = community.propose([(person(60).address, 1, b"")], by=2)
    community.open_voting(alone)
    community.vote(alone, [2])
    community.close_voting(alone)
    community.ripen(alone)
    community.execute(alone)
    assert community.rpc.balance(person(60).address) == 1


def test_ragged_arrays(community: Community) -> None:
    """Refused when proposed, and again where the money is."""
    lists = ([NOBODY, NOBODY], [0, 0], [b""])
    with reverts("GovernorInvalidProposalLength", 2, 1, 2):
        community.dao.governor.send("propose", *lists, "x", sender=community.wallets[0])
    community.rpc.fund(community.dao.governor_address)
    with reverts("TreasuryRaggedLists", 2, 2, 1):
        community.dao.treasury.send("execute", *lists, sender=community.dao.governor_address)


def test_qubit_2022_a_call_to_an_address_without_code_succeeds(community: Community) -> None:
    """A transfer of a token that is not there fails; a plain payment goes through."""
    ghost = person(61).address
    move = community.dao.token.data("transfer", community.wallets[0], ETHER)
    proposal = community.propose([(ghost, 0, move)])
    community.pass_vote(proposal)
    community.ripen(proposal)
    with reverts("TreasuryTargetWithoutCode", 0, ghost):
        community.execute(proposal)
    community.decide([(ghost, 1, b"")], "plain")
    assert community.rpc.balance(ghost) == 1


def test_a_return_bomb(community: Community) -> None:
    """Half a million bytes come back; the executor pays for their making, not for copies."""
    sink = helper(community.rpc, "Sink")
    proposal = community.propose([(sink, 0, sink.data("flood", 500_000)), (sink, 1, b"after")])
    community.pass_vote(proposal)
    community.ripen(proposal)
    receipt = community.execute(proposal)
    assert community.rpc.balance(sink.address) == 1
    assert receipt.gas < 1_000_000
    loud = community.propose([(sink, 0, sink.data("refuseLoudly", 500_000))], "loud")
    community.pass_vote(loud)
    community.ripen(loud)
    reason = (bytes(range(1, 65)) + bytes(1024))[:1024]
    with reverts("TreasuryCallFailed", 0, sink.address, reason):
        community.execute(loud)


def test_63_of_64_parts_of_the_gas(community: Community) -> None:
    """Whoever executes with too little gas executes nothing: a failed call undoes the mark."""
    sink = helper(community.rpc, "Sink")
    governor = community.dao.governor
    calls: list[Call] = [(sink, 1, b"first"), (sink, 2, b"x" * 2_000)]
    proposal = community.propose(calls)
    community.pass_vote(proposal)
    community.ripen(proposal)
    with community.rpc.isolate():
        enough = community.execute(proposal).gas
    refused = 0
    least = 21_000 + 40 * len(governor.data("execute", *proposal.actions))  # EIP-7623
    for gas in range(max(least, enough - 40_000), enough + 1, 2_500):
        with community.rpc.isolate():
            try:
                governor.send(
                    "execute", *proposal.actions, sender=community.outsider.address, gas=gas
                )
            except (ContractRevertedError, RevertedError):
                refused += 1
                assert state(community, proposal) == QUEUED
                assert community.rpc.balance(sink.address) == 0
            else:
                assert community.rpc.balance(sink.address) == 3
    assert refused
    community.execute(proposal)
    assert community.rpc.balance(sink.address) == 3


def test_forced_ether(community: Community) -> None:
    """Nothing counts on a balance: forced ether is simply the DAO's, and can be spent."""
    dao = community.dao
    parts = (dao.treasury_address, dao.governor_address, dao.membership_address, dao.token_address)
    for part in parts:
        helper(community.rpc, "ForcedEther", part, value=ETHER)
    community.decide([(person(60).address, 101 * ETHER, b"")])
    assert community.rpc.balance(dao.treasury_address) == 0
    assert community.rpc.balance(person(60).address) == 101 * ETHER
    assert dao.token.call("totalSupply") == 0


def test_modules_are_stranded_when_the_treasury_moves(community: Community) -> None:
    """The Treasury never moves. Another governor takes over assets, roles and members at once."""
    dao, rpc = community.dao, community.rpc
    minter = person(60).address
    rpc.fund(minter)
    community.decide(
        [(dao.treasury, 0, dao.treasury.data("grantRole", keccak(text="MINTER"), minter))], "role"
    )
    moved = under_another_governor(community, executionDelay=3 * DAY)
    # Until it is in office it can do nothing.
    with reverts("VoiceNotGovernor", moved.dao.governor_address):
        moved.propose([(minter, 1, b"")], "too early")
    move = dao.treasury.data("setGovernor", moved.dao.governor_address)
    community.decide([(dao.treasury, 0, move)], "move")
    rpc.warp(WAITING)
    stale = community.propose([(minter, ETHER, b"")], "under the old one")
    dao.treasury.send("installGovernor", sender=community.outsider.address)
    before = rpc.balance(minter)
    grant = dao.membership.data("credit", 1, 5 * ETHER, 0, bytes(32))
    moved.decide([(minter, ETHER, b""), (dao.membership, 0, grant)], "under the new one")
    assert rpc.balance(minter) == before + ETHER
    dao.token.send("mint", minter, 7, 0, sender=minter)
    assert dao.token.call("balanceOf", minter) == 7
    with reverts("GovernorUnexpectedProposalState", stale.id, CANCELED, only(QUEUED)):
        community.execute(stale)
    with reverts("GovernorRetired"):
        community.propose([(minter, ETHER, b"")], "under the old one again")


def opcodes(code: bytes) -> set[int]:
    """The opcodes that can be reached. Texts and constants lie between them, behind an end and
    before the next place that something jumps to."""
    jumpdest, ends = 0x5B, (0x00, 0x56, 0xF3, 0xFD, 0xFE)
    pushed = {
        int.from_bytes(code[i + 1 : i + 3]) for i, opcode in enumerate(code) if opcode == 0x61
    } | {code[i + 1] for i, opcode in enumerate(code[:-1]) if opcode == 0x60}
    found: set[int] = set()
    position, reachable = 0, True
    while position < len(code):
        opcode = code[position]
        reachable = reachable or (opcode == jumpdest and position in pushed)
        if reachable:
            found.add(opcode)
        position += opcode - 0x5F + 1 if reachable and 0x60 <= opcode <= 0x7F else 1
        reachable = reachable and opcode not in ends
    return found


def test_nothing_runs_foreign_code_as_its_own() -> None:
    """No part has CALLCODE, DELEGATECALL or SELFDESTRUCT in its code."""
    for name in ("Treasury", "DAOGovernor", "Membership", "ContributionToken"):
        code = artifacts.project()[name].runtime
        body = code[: len(code) - int.from_bytes(code[-2:]) - 2]  # without the metadata
        found = opcodes(body)
        assert {0x54, 0x55, 0xA2} <= found  # SLOAD, SSTORE, LOG2: it does read the code
        assert not found & {0xF2, 0xF4, 0xFF}, name
    assert 0xF1 in opcodes(artifacts.project()["Treasury"].runtime)
