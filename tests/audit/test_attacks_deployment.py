"""Attacks on what is deployed, and on who is left with a key, replayed."""

from __future__ import annotations

from typing import Any

import pytest
from eth_utils.crypto import keccak

from mikoshi.ballots.proposal import Call
from mikoshi.chain.contract import ContractRevertedError
from mikoshi.core import artifacts
from mikoshi.core.dao import Dao, create
from mikoshi.testing.community import Community, person
from mikoshi.testing.defaults import CHARTER, DAY, params
from tests.support import reverts
from tests.unit.governance.support import (
    CANCELED,
    GAS_CAP,
    NOBODY,
    QUEUED,
    factory,
    field,
    found_beside,
    governor_settings,
    state,
)

ETHER = 10**18
NO_OFFICE = {"holder": NOBODY, "until": 0}
ROLES = [keccak(text=name) for name in ("ADMITTER", "REWARDER", "MINTER", "PURSE", "SUCCESSION")]
EIP1967 = [
    int.from_bytes(keccak(text=f"eip1967.proxy.{name}")) - 1
    for name in ("implementation", "admin", "beacon")
]


def takeovers(dao: Dao, attacker: str) -> list[tuple[Any, tuple[Any, ...], str]]:
    """What whoever finds an open initializer would send."""
    settings = params(0)
    token_grant = [{"account": attacker, "amount": 10**30}]
    return [
        (dao.treasury, (attacker, NO_OFFICE, NO_OFFICE, [{"role": ROLES[2], "account": attacker}]),
         "TreasuryAlreadyInitialized"),
        (dao.membership, (settings["membership"], CHARTER, "", [attacker]),
         "MembershipAlreadyInitialized"),
        (dao.token, (settings["token"], token_grant), "ContributionTokenAlreadyInitialized"),
        (dao.governor, (governor_settings(quorumBps=500),), "GovernorAlreadyInitialized"),
    ]  # fmt: skip


def test_audius_2022_the_initializer_is_reopened(community: Community) -> None:
    """Before and after votes that write to every part's storage."""
    dao, attacker = community.dao, community.outsider.address

    def attack() -> None:
        for contract, args, refusal in takeovers(dao, attacker):
            with reverts(refusal):
                contract.send("initialize", *args, sender=attacker)

    attack()
    membership_settings = {**params(0)["membership"], "stewardCap": 0, "meritCap": 0}
    membership_settings["meritCapPerMember"] = 0
    token_settings = {"epochCap": 0, "transferable": False}
    calls: list[Call] = [
        (dao.membership, 0, dao.membership.data("setSettings", membership_settings)),
        (dao.token, 0, dao.token.data("setSettings", token_settings)),
        (dao.governor, 0, dao.governor.data("setSettings", governor_settings(thresholdBps=0))),
        (dao.treasury, 0, dao.treasury.data("setGuardian", NOBODY, 0)),
    ]
    community.decide(calls)
    attack()
    assert dao.treasury.call("governor") == dao.governor_address


def test_parity_2017_the_implementation_itself(community: Community) -> None:
    """It cannot be initialized, owned, or destroyed; the clones would not notice if it could."""
    attacker = community.outsider.address
    shared = factory(community.rpc)
    treasury, membership, token, governor = shared.call("implementations")
    bare = Dao(community.rpc, treasury, membership, token, governor)
    for contract, args, refusal in takeovers(bare, attacker):
        with reverts(refusal):
            contract.send("initialize", *args, sender=attacker)
    with reverts("TreasuryNotGovernor", attacker):
        bare.treasury.send("execute", [attacker], [0], [b""], sender=attacker)
    for name in ("setGovernor", "setGuardian"):
        args = (attacker,) if name == "setGovernor" else (attacker, 0)
        with reverts("TreasuryNotSelf", attacker):
            bare.treasury.send(name, *args, sender=attacker)
    with reverts("AccessControlUnauthorizedAccount", attacker, bytes(32)):
        bare.treasury.send("grantRole", ROLES[0], attacker, sender=attacker)
    with reverts("GovernorOnlyExecutor", attacker):
        bare.governor.send("setSettings", governor_settings(), sender=attacker)
    for contract, call in (
        (bare.membership, ("admit", attacker, CHARTER)),
        (bare.membership, ("bar", 1)),
        (bare.token, ("mint", attacker, 1, 0)),
    ):
        with pytest.raises(ContractRevertedError):
            contract.send(*call, sender=attacker, gas=GAS_CAP)
    assert bare.token.call("totalSupply") == 0


def privileged(dao: Dao, who: str) -> list[tuple[Any, tuple[Any, ...], tuple[Any, ...]]]:
    """Every call that is somebody's right, and how it is refused to `who`."""
    membership_settings, token_settings = params(0)["membership"], params(0)["token"]

    def member(role: bytes) -> tuple[Any, ...]:
        return ("MembershipUnauthorized", who, role)

    def mint(role: bytes) -> tuple[Any, ...]:
        return ("ContributionTokenUnauthorized", who, role)

    admitter, rewarder, minter, _, succession = ROLES
    own = ("TreasuryNotSelf", who)
    admin = ("AccessControlUnauthorizedAccount", who, bytes(32))
    ballots = ("VoiceNotGovernor", who)
    m, t, g, v = dao.membership, dao.token, dao.governor, dao.treasury
    return [
        (v, ("execute", [who], [1], [b""]), ("TreasuryNotGovernor", who)),
        (v, ("setGovernor", dao.membership_address), own),
        (v, ("withdrawGovernor",), own),
        (v, ("setGuardian", who, 0), own),
        (v, ("grantRole", minter, who), admin),
        (v, ("revokeRole", minter, who), admin),
        (v, ("grantRole", bytes(32), who), admin),
        (g, ("setSettings", governor_settings()), ("GovernorOnlyExecutor", who)),
        (g, ("withdrawSettings",), ("GovernorOnlyExecutor", who)),
        (g, ("retire",), ("GovernorOnlyExecutor", who)),
        (m, ("admit", person(99).address, CHARTER), member(admitter)),
        (m, ("admitMany", [person(99).address], CHARTER), member(admitter)),
        (m, ("bar", 1), member(bytes(32))),
        (m, ("withdrawBar", 1), member(bytes(32))),
        (m, ("moveWallet", 1, person(99).address), member(succession)),
        (m, ("setCharter", CHARTER, ""), member(bytes(32))),
        (m, ("setSettings", membership_settings), member(bytes(32))),
        (m, ("withdrawSettings",), member(bytes(32))),
        (m, ("credit", 1, ETHER, 0, bytes(32)), member(rewarder)),
        (m, ("creditMany", [1], [ETHER], 0, bytes(32)), member(rewarder)),
        (m, ("receiveBallotOf", person(1).address, 1), ballots),
        (m, ("receiveManyBallots", [], 1), ballots),
        (t, ("mint", who, 1, 0), mint(minter)),
        (t, ("mintMany", [who], [1], 0), mint(minter)),
        (t, ("setSettings", token_settings), mint(bytes(32))),
        (t, ("setKindCap", 1, 1), mint(bytes(32))),
    ]


OPEN = {
    "Treasury": {
        "initialize", "installGovernor", "renounceRole", "onERC721Received", "onERC1155Received",
        "onERC1155BatchReceived",
    },
    "DAOGovernor": {
        "initialize", "propose", "proposeAdvisory", "proposeBySig", "castVote",
        "castVoteWithReason", "castVoteWithReasonAndParams", "castVoteBySig",
        "castVoteWithReasonAndParamsBySig", "castVotesBySig", "execute", "cancel",
        "cancelBySig", "queue",
    },
    "Membership": {
        "initialize", "exit", "exitBySig", "rejoin", "rejoinBySig", "wake", "wakeBySig", "rest",
        "restBySig", "delegate", "delegateBySig", "lapse", "enforceBar", "reclaim", "act",
        "approve", "setApprovalForAll", "transferFrom", "safeTransferFrom",
    },
    "ContributionToken": {
        "initialize", "transfer", "transferFrom", "approve", "permit", "burn", "burnFrom",
    },
}  # fmt: skip
"""Functions that anyone may call, each for what is their own; `initialize` works once."""


def test_every_function_is_somebodys_right_or_open_to_all(community: Community) -> None:
    """A function added later has to be put into one list or the other."""
    dao = community.dao
    names = {
        dao.treasury_address: "Treasury",
        dao.governor_address: "DAOGovernor",
        dao.membership_address: "Membership",
        dao.token_address: "ContributionToken",
    }
    rights = {(names[contract.address], call[0]) for contract, call, _ in privileged(dao, GUARDIAN)}
    listed = rights | {(part, name) for part, open_ in OPEN.items() for name in open_}
    changing = {
        (part, entry["name"])
        for part in OPEN
        for entry in artifacts.project()[part].abi
        if entry["type"] == "function" and entry["stateMutability"] in ("nonpayable", "payable")
    }
    assert changing <= listed, changing - listed
    assert rights <= changing, rights - changing


def test_the_deployer_keeps_a_role(community: Community) -> None:
    """Neither who sent the creation, nor the factory, nor any first member has any right alone."""
    rpc = community.rpc
    deployer, shared = person(90).address, factory(rpc)
    rpc.fund(deployer, shared.address)
    given = params(rpc.timestamp(), community.wallets)
    dao = create(shared, given, deployer, salt=b"\5" * 32)
    proxy = "0x4e59b44847b379578588920cA78FbF26c0B4956C"
    rpc.fund(proxy)
    for who in (deployer, shared.address, proxy, community.wallets[0], community.outsider.address):
        for role in (*ROLES, bytes(32)):
            assert dao.treasury.call("hasRole", role, who) is False
        for contract, call, refusal in privileged(dao, who):
            with reverts(*refusal):
                contract.send(*call, sender=who)


def test_a_half_deployed_dao(community: Community) -> None:
    """A creation that fails anywhere leaves no part behind, and can be tried again."""
    rpc, shared = community.rpc, factory(community.rpc)
    sender = community.outsider.address
    given = params(rpc.timestamp(), [person(1).address, person(2).address])
    bad = given | {"members": [person(1).address, NOBODY]}
    predicted = shared.call("predict", bad, [], bytes(32))
    for _ in range(2):
        with reverts("MembershipInvalidWallet", NOBODY):
            shared.send("create", bad, [], bytes(32), sender=sender)
        for name in ("treasury", "membership", "token", "governor"):
            assert rpc.code(predicted[name]) == b""
    # Too little gas is the same: nothing is there, and the same call works with enough.
    predicted = shared.call("predict", given, [], bytes(32))
    with rpc.isolate():
        needed = shared.send("create", given, [], bytes(32), sender=sender).gas
    for share in (30, 60, 90):
        gas = needed * share // 100
        with rpc.isolate(), pytest.raises(ContractRevertedError):
            shared.send("create", given, [], bytes(32), sender=sender, gas=gas)
        assert rpc.code(predicted["treasury"]) == b""
    shared.send("create", given, [], bytes(32), sender=sender)
    assert shared.call("isDAO", predicted["treasury"]) is True


def test_a_creation_is_front_run(community: Community) -> None:
    """The thief pays for the victim's DAO; with anything changed it is another one."""
    rpc, shared = community.rpc, factory(community.rpc)
    victim, thief = community.wallets[0], community.outsider.address
    given = params(rpc.timestamp(), [victim])
    predicted = shared.call("predict", given, [], b"\6" * 32)
    stolen = given | {"members": [thief]}
    assert shared.call("predict", stolen, [], b"\6" * 32)["treasury"] != predicted["treasury"]
    shared.send("create", stolen, [], b"\6" * 32, sender=thief)
    shared.send("create", given, [], b"\6" * 32, sender=thief)
    with reverts("FactoryDAOExists", predicted["treasury"]):
        shared.send("create", given, [], b"\6" * 32, sender=victim)
    dao = Dao(rpc, *(predicted[n] for n in ("treasury", "membership", "token", "governor")))
    assert dao.membership.call("memberIdOf", victim) == 1
    assert dao.membership.call("memberIdOf", thief) == 0
    for contract, call, refusal in privileged(dao, thief):
        with reverts(*refusal):
            contract.send(*call, sender=thief)


GUARDIAN = person(70).address


def guarded(community: Community, days: int = 365) -> Community:
    until = community.rpc.timestamp() + days * DAY - 10
    other = found_beside(community, guardian={"holder": GUARDIAN, "until": until})
    other.rpc.fund(GUARDIAN)
    return other


def test_a_guardian_key_is_lost(community: Community) -> None:
    """Nothing waits for the guardian."""
    other = guarded(community)
    other.decide([(person(60).address, 1, b"")])
    assert other.rpc.balance(person(60).address) == 1


def test_a_guardian_key_is_abused(community: Community) -> None:
    """Who cancels everything can be removed, which cannot be canceled; and ends by itself."""
    other = guarded(community)
    dao = other.dao
    for round_ in range(2):
        victim = other.propose([(person(60).address, 1, b"")], f"grant {round_}")
        other.pass_vote(victim)
        dao.governor.send("cancel", *victim.actions, sender=GUARDIAN)
        assert state(other, victim) == CANCELED
    with other.rpc.isolate():
        removal = other.propose([(dao.treasury, 0, dao.treasury.data("setGuardian", NOBODY, 0))])
        other.pass_vote(removal)
        with reverts("GovernorUnableToCancel", removal.id, GUARDIAN):
            dao.governor.send("cancel", *removal.actions, sender=GUARDIAN)
        other.ripen(removal)
        other.execute(removal)
        other.decide([(person(60).address, 1, b"")], "free")
        assert other.rpc.balance(person(60).address) == 1
    other.rpc.warp_to(dao.treasury.call("guardianOffice")["until"])
    later = other.propose([(person(60).address, 1, b"")], "later")
    other.pass_vote(later)
    with reverts("GovernorUnableToCancel", later.id, GUARDIAN):
        dao.governor.send("cancel", *later.actions, sender=GUARDIAN)
    assert state(other, later) == QUEUED


def test_a_guardian_does_more_than_cancel(community: Community) -> None:
    """The guardian has no other right, and neither has the steward but to admit."""
    until = community.rpc.timestamp() + 100 * DAY
    steward = person(71).address
    offices: dict[str, Any] = {
        "guardian": {"holder": GUARDIAN, "until": until},
        "steward": {"holder": steward, "until": until},
    }
    other = found_beside(community, **offices)
    other.rpc.fund(GUARDIAN, steward)
    for who in (GUARDIAN, steward):
        for contract, call, refusal in privileged(other.dao, who):
            if who == steward and call[0] in ("admit", "admitMany"):
                continue
            with reverts(*refusal):
                contract.send(*call, sender=who)
    membership = other.dao.membership
    wallets = [f"0x{i:040x}" for i in range(10**6, 10**6 + 101)]
    with reverts("MembershipStewardCapExceeded", 101, 100):
        membership.send("admitMany", wallets, CHARTER, sender=steward)
    membership.send("admitMany", wallets[:100], CHARTER, sender=steward)
    with reverts("MembershipStewardCapExceeded", 1, 0):
        membership.send("admit", wallets[100], CHARTER, sender=steward)


def test_atlantis_2023_an_upgrade_uses_members_old_approvals(community: Community) -> None:
    """Clones cannot be upgraded: no slot, no function, no vote changes the code that members
    approved."""
    dao, rpc = community.dao, community.rpc
    parts = {
        "Treasury": dao.treasury,
        "Membership": dao.membership,
        "ContributionToken": dao.token,
        "DAOGovernor": dao.governor,
    }
    implementations = factory(rpc).call("implementations")
    for (name, contract), implementation in zip(parts.items(), implementations, strict=True):
        functions = {e["name"] for e in artifacts.project()[name].abi if e["type"] == "function"}
        assert not {f for f in functions if "upgrade" in f.lower() or "implementation" in f.lower()}
        code = rpc.code(contract.address)
        assert code[:60].count(bytes.fromhex(implementation[2:])) == 1
        for slot in EIP1967:
            assert rpc.storage(contract.address, slot) == bytes(32)
        upgrade = keccak(text="upgradeToAndCall(address,bytes)")[:4] + bytes(128)
        proposal = community.propose([(contract, 0, upgrade)], f"upgrade {name}", by=len(name) % 5)
        community.pass_vote(proposal)
        community.ripen(proposal)
        with reverts("TreasuryCallFailed", 0, contract.address, b""):
            community.execute(proposal)
        assert rpc.code(contract.address) == code


def test_an_old_allowance_is_not_the_treasurys(community: Community) -> None:
    """A member who approves another for tokens gives the DAO's vote no way to use it."""
    token = community.dao.token
    holder, friend = community.wallets[:2]
    community.as_treasury(token, "mint", holder, 5, 0)
    token.send("approve", friend, 5, sender=holder)
    grab = token.data("transferFrom", holder, community.dao.treasury_address, 5)
    burn = token.data("burnFrom", holder, 5)
    for name, data in (("grab", grab), ("burn", burn)):
        proposal = community.propose([(token, 0, data)], name)
        community.pass_vote(proposal)
        community.ripen(proposal)
        refusal = keccak(text="InsufficientAllowance()")[:4]
        with reverts("TreasuryCallFailed", 0, token.address, refusal):
            community.execute(proposal)
    assert token.call("balanceOf", holder) == 5


def test_a_front_door_in_the_founding_block(community: Community) -> None:
    """A founding with settings out of bounds is refused, whatever the sender calls it."""
    shared = factory(community.rpc)
    sender = community.outsider.address
    given = params(community.rpc.timestamp(), [sender])
    given["governor"] = governor_settings(votingDelay=0)
    with reverts("GovernorInvalidSetting", field("votingDelay"), 0, DAY, 7 * DAY):
        shared.send("create", given, [], bytes(32), sender=sender)
