"""The standards by their own texts: ids, selectors, topics, and what they ask a contract to do."""

from __future__ import annotations

import functools
import json
from typing import Any

import pytest
from eth_abi.abi import encode
from eth_utils.crypto import keccak

from mikoshi.chain.abi import Item
from mikoshi.chain.contract import Contract
from mikoshi.core import artifacts
from mikoshi.testing.community import FOR, Community
from mikoshi.testing.defaults import CHARTER, VOICE, ZERO
from mikoshi.text.paths import ROOT
from tests.support import FOREVER, MEMBERSHIP_TYPES, Typed, reverts, split
from tests.unit.governance.support import GOVERNOR_TYPES, NOBODY, helper

Entry = dict[str, Any]

STANDARDS = {
    "DAOGovernor": ["IGovernor", "IERC6372", "IERC165", "IERC5267"],
    "Membership": [
        "IERC721", "IERC721Metadata", "IERC4906", "IVotes", "IERC5805", "IERC6372", "IERC165",
        "IERC5267",
    ],
    "ContributionToken": ["IERC20", "IERC20Metadata", "IERC20Permit", "IERC5267"],
    "Treasury": ["IAccessControl", "IERC165", "IERC721Receiver", "IERC1155Receiver"],
}  # fmt: skip

ANSWER_ONLY = ("queue", "onERC721Received", "onERC1155Received", "onERC1155BatchReceived")
"""Functions that here change nothing, and may say so."""

NEVER_EMITTED = "EIP712DomainChanged"
"""A clone's domain is fixed for life."""


@functools.cache
def published(name: str) -> list[Entry]:
    """An interface as OpenZeppelin's npm package publishes it."""
    package = ROOT / "node_modules" / "@openzeppelin" / "contracts" / "build" / "contracts"
    abi: list[Entry] = json.loads((package / f"{name}.json").read_text("utf-8"))["abi"]
    return abi


def item(entry: Entry) -> Item:
    return Item(entry["name"], entry["inputs"], entry.get("outputs", []))


def types(parameters: list[Entry]) -> list[str]:
    return [parameter["type"] for parameter in parameters]


def find(name: str, entry: Entry) -> Entry:
    """Our function, event or error of the same signature."""
    wanted = item(entry).signature
    (found,) = [
        own
        for own in artifacts.project()[name].abi
        if own["type"] == entry["type"] and item(own).signature == wanted
    ]
    return found


def interface_id(*names: str, without: tuple[str, ...] = ()) -> bytes:
    """The exclusive or of the selectors of an interface's functions."""
    inherited = {item(e).signature for base in without for e in published(base)}
    number = 0
    for name in names:
        for entry in published(name):
            if entry["type"] == "function" and item(entry).signature not in inherited:
                number ^= int.from_bytes(item(entry).selector)
    return number.to_bytes(4)


# Shape


@pytest.mark.parametrize(
    ("name", "standard"), [(name, each) for name, all_ in STANDARDS.items() for each in all_]
)
def test_has_every_function_and_event_of_its_standards(name: str, standard: str) -> None:
    checked = 0
    for entry in published(standard):
        if entry["type"] == "error" or entry["name"] == NEVER_EMITTED:
            continue
        own = find(name, entry)
        checked += 1
        if entry["type"] == "event":
            assert [(p["type"], p["indexed"]) for p in own["inputs"]] == [
                (p["type"], p["indexed"]) for p in entry["inputs"]
            ]
            assert own["anonymous"] is entry["anonymous"] is False
            continue
        assert types(own["outputs"]) == types(entry["outputs"])
        for ours, theirs in zip(own["outputs"], entry["outputs"], strict=True):
            # Clients read results by name, where the standard gives one.
            assert theirs["name"] in ("", ours["name"]), item(entry).signature
        allowed: tuple[str, ...] = {"view": ("view", "pure")}.get(
            entry["stateMutability"], (entry["stateMutability"],)
        )
        if entry["name"] in ANSWER_ONLY:
            allowed = ("nonpayable", "view", "pure")
        assert own["stateMutability"] in allowed, item(entry).signature
    assert checked


def test_the_governor_has_igovernors_errors() -> None:
    """Tools decode them by OpenZeppelin's ABI."""
    own = {
        item(e).signature for e in artifacts.project()["DAOGovernor"].abi if e["type"] == "error"
    }
    of_others = {item(e).signature for e in published("IGovernor") if e["type"] == "error"}
    assert of_others <= own


def test_the_governor_extends_like_openzeppelins() -> None:
    (entry,) = [
        e for e in published("GovernorPreventLateQuorum") if e.get("name") == "ProposalExtended"
    ]
    own = find("DAOGovernor", entry)
    assert [(p["type"], p["indexed"]) for p in own["inputs"]] == [
        (p["type"], p["indexed"]) for p in entry["inputs"]
    ]


TOPICS = {
    "ProposalCreated": "7d84a6263ae0d98d3329bd7b46bb4e8d6f98cd35a7adb45c274c8b7fd5ebd5e0",
    "VoteCast": "b8e138887d0aa13bab447e82de9d5c1777041ecd21ca36ba824ff1e6c07ddda4",
    "ProposalExecuted": "712ae1383f79ac853f8d882153778e0260ef8f03b504e2866e0593e04d2b291f",
    "ProposalCanceled": "789cf55be980739dad1d0699b93b58e806b51c9d96619bfa8fe0a28abaa7b30c",
}


def test_the_logs_on_the_chain_have_the_known_topics(community: Community) -> None:
    governor, sender = community.dao.governor, community.wallets[0]
    propose = ([NOBODY], [0], [b""], "x")
    logs = governor.send("propose", *propose, sender=sender).raw["logs"]
    proposal = community.propose([(NOBODY, 0, b"")], "y", by=1)
    hashed = keccak(text="x")
    logs += governor.send("cancel", *propose[:3], hashed, sender=sender).raw["logs"]
    community.open_voting(proposal)
    for i, wallet in enumerate(community.wallets):
        name, *more = ("castVote",) if i % 2 else ("castVoteWithReason", "why")
        logs += governor.send(name, proposal.id, FOR, *more, sender=wallet).raw["logs"]
    community.close_voting(proposal)
    community.ripen(proposal)
    logs += community.execute(proposal).raw["logs"]
    topics = [log["topics"][0].removeprefix("0x") for log in logs]
    assert topics == [
        TOPICS["ProposalCreated"],
        TOPICS["ProposalCanceled"],
        *[TOPICS["VoteCast"]] * 5,
        TOPICS["ProposalExecuted"],
    ]
    # As OpenZeppelin's ABI decodes them: the voter indexed, the rest in order, an empty reason.
    vote = logs[3]
    assert vote["topics"][1].endswith(community.wallets[1][2:].lower())
    data = encode(["uint256", "uint8", "uint256", "string"], [proposal.id, FOR, VOICE, ""])
    assert vote["data"] == "0x" + data.hex()


# ERC-165

KNOWN_IDS = {
    "treasury": {
        "ERC-165": "01ffc9a7",
        "IAccessControl": "7965db0b",
        "ERC-1155 receiver": "4e2312e0",
    },
    "membership": {
        "ERC-165": "01ffc9a7",
        "ERC-721": "80ac58cd",
        "ERC-721 metadata": "5b5e139f",
        "ERC-4906": "49064906",
        "ERC-5192": "b45a3c0e",
        "ERC-6372": "da287a1d",
        "IVotes": "e90fb3f6",
    },
    "governor": {"ERC-165": "01ffc9a7", "ERC-6372": "da287a1d"},
}
FOREIGN_IDS = ["ffffffff", "00000000", "d9b67a26", "36372b07", "2a55205a", "12345678"]


@pytest.mark.parametrize("part", KNOWN_IDS)
def test_supports_the_interfaces_it_has_and_no_others(community: Community, part: str) -> None:
    contract: Contract = getattr(community.dao, part)
    for name, number in KNOWN_IDS[part].items():
        assert contract.call("supportsInterface", bytes.fromhex(number)) is True, name
    for number in FOREIGN_IDS:
        assert contract.call("supportsInterface", bytes.fromhex(number)) is False, number
    others = {n for p, ids in KNOWN_IDS.items() for n in ids.values() if p != part}
    for number in others - set(KNOWN_IDS[part].values()):
        assert contract.call("supportsInterface", bytes.fromhex(number)) is False, number


def test_supports_the_governors_interfaces(community: Community) -> None:
    """With and without `getProposalId`, which OpenZeppelin added later."""
    governor = community.dao.governor
    number = interface_id("IGovernor", without=("IERC165", "IERC6372"))
    assert governor.call("supportsInterface", number) is True
    get_proposal_id = governor.interface.functions["getProposalId"].selector
    earlier = (int.from_bytes(number) ^ int.from_bytes(get_proposal_id)).to_bytes(4)
    assert governor.call("supportsInterface", earlier) is True
    assert interface_id("IERC6372").hex() == "da287a1d"
    assert interface_id("IVotes").hex() == "e90fb3f6"


def test_supports_their_own_interfaces(community: Community) -> None:
    """The functions that each adds to the interface that it extends."""
    roles = {item(e).signature for e in published("IAccessControl") if e["type"] == "function"}
    boxes = artifacts.load("IBallotBox").methods.keys()
    for part, own, inherited in (
        (community.dao.treasury, "ITreasury", roles),
        (community.dao.governor, "IDAOGovernor", boxes),
    ):
        methods = artifacts.load(own).methods
        assert methods.keys() > inherited
        number = 0
        for signature in methods.keys() - inherited:
            number ^= int.from_bytes(methods[signature])
        assert part.call("supportsInterface", number.to_bytes(4)) is True, own


def test_erc165_costs_less_than_30_000_gas(community: Community) -> None:
    for contract in (community.dao.governor, community.dao.membership, community.dao.treasury):
        data = contract.data("supportsInterface", b"\xff" * 4)
        request = {"to": contract.address, "data": f"0x{data.hex()}", "gas": hex(30_000 + 21_500)}
        answer = community.rpc.call("eth_call", request, "latest")
        assert int(answer, 16) == 0


# ERC-6372 and ERC-5805


def test_token_and_governor_have_the_same_clock(community: Community) -> None:
    governor, membership = community.dao.governor, community.dao.membership
    for _ in range(2):
        now = community.rpc.timestamp()
        assert governor.call("clock") == membership.call("clock") == now
        community.rpc.warp(12345)
    assert governor.call("CLOCK_MODE") == membership.call("CLOCK_MODE") == "mode=timestamp"
    assert governor.call("token") == membership.address


def test_a_voice_of_base_is_told_as_one(community: Community) -> None:
    """Clients divide votes by a token's decimals, and both tokens of a DAO have some."""
    membership, token = community.dao.membership, community.dao.token
    assert (membership.call("decimals"), token.call("decimals")) == (9, 18)
    assert membership.call("getVotes", community.wallets[0]) == 10**9


@pytest.mark.parametrize("ahead", [0, 1, 2**48])
def test_votes_of_the_future_are_refused(community: Community, ahead: int) -> None:
    membership, now = community.dao.membership, community.rpc.timestamp()
    for name, args in (("getPastVotes", (community.wallets[0],)), ("getPastTotalSupply", ())):
        with reverts("ERC5805FutureLookup", now + ahead, now):
            membership.call(name, *args, now + ahead)


def test_votes_of_the_past_are_those_of_then(community: Community) -> None:
    membership = community.dao.membership
    moments = []
    for wallet in community.wallets[1:]:
        community.rpc.warp(10)
        membership.send("delegate", community.wallets[0], sender=wallet)
        moments.append(
            (community.rpc.timestamp(), membership.call("getVotes", community.wallets[0]))
        )
    community.rpc.warp(1)
    assert [votes for _, votes in moments] == [2 * VOICE, 3 * VOICE, 4 * VOICE, 5 * VOICE]
    for moment, votes in moments:
        assert membership.call("getPastVotes", community.wallets[0], moment) == votes
        assert membership.call("getPastVotes", community.wallets[0], moment - 1) == votes - VOICE
        assert membership.call("getPastTotalSupply", moment) == 5 * VOICE


def test_delegation_is_announced_as_erc5805_says(community: Community) -> None:
    membership = community.dao.membership
    a, b = community.wallets[:2]
    receipt = membership.send("delegate", b, sender=a)
    votes = {
        event.args["delegate"]: list(event.args.values())[1:]
        for event in receipt.events
        if event.name == "DelegateVotesChanged"
    }
    change = receipt.only("DelegateChanged").args
    assert list(change.values()) == [a, a, b]
    assert votes == {a: [VOICE, 0], b: [VOICE, 2 * VOICE]}
    assert membership.call("delegates", a) == b


# EIP-712, read by ERC-5267


def read_domain(contract: Contract) -> dict[str, Any]:
    """The domain that the contract says it has, as a signer uses it."""
    fields, name, version, chain_id, address, salt, extensions = contract.call("eip712Domain")
    assert (fields, salt, list(extensions)) == (b"\x0f", bytes(32), [])
    return {
        "name": name, "version": version, "chainId": chain_id, "verifyingContract": address
    }  # fmt: skip


def signer(contract: Contract, messages: dict[str, str]) -> Typed:
    """Signs with nothing but what the contract said."""
    typed = Typed("", ZERO, 0, messages)
    typed.domain = read_domain(contract)
    return typed


def test_domains_are_what_they_say(community: Community) -> None:
    dao, chain_id = community.dao, community.rpc.chain_id()
    names = [
        (dao.governor, "Mikoshi Governor"),
        (dao.membership, "Mikoshi Membership"),
        (dao.token, "PM DAO Contribution"),
    ]
    for contract, name in names:
        assert read_domain(contract) == {
            "name": name,
            "version": "1",
            "chainId": chain_id,
            "verifyingContract": contract.address,
        }


def test_a_ballot_signed_for_the_read_domain_counts(community: Community) -> None:
    governor, voter = community.dao.governor, community.wallets[1]
    proposal = community.propose([(NOBODY, 0, b"")])
    community.open_voting(proposal)
    signature = signer(governor, GOVERNOR_TYPES).sign(
        community.people[1], "Ballot", proposal.id, FOR, voter, 0
    )
    governor.send(
        "castVoteBySig", proposal.id, FOR, voter, signature, sender=community.outsider.address
    )
    assert governor.call("hasVoted", proposal.id, voter) is True


def test_an_act_signed_for_the_read_domain_counts(community: Community) -> None:
    membership, account = community.dao.membership, community.wallets[1]
    messages = signer(membership, MEMBERSHIP_TYPES)
    signature = messages.sign(community.people[1], "Rest", account, 0, FOREVER)
    relayer = community.outsider.address
    membership.send("restBySig", account, FOREVER, signature, sender=relayer)
    signature = messages.sign(community.people[1], "Wake", account, CHARTER, 1, FOREVER)
    membership.send("wakeBySig", account, CHARTER, FOREVER, signature, sender=relayer)
    delegatee = community.wallets[2]
    signature = messages.sign(community.people[1], "Delegation", delegatee, 2, FOREVER)
    by_sig = "delegateBySig(address,uint256,uint256,uint8,bytes32,bytes32)"
    membership.send(by_sig, delegatee, 2, FOREVER, *split(signature), sender=relayer)
    assert membership.call("delegates", account) == delegatee


def test_a_permit_signed_for_the_read_domain_counts(community: Community) -> None:
    token = community.dao.token
    owner, spender = community.wallets[:2]
    messages = {
        "Permit": "address owner,address spender,uint256 value,uint256 nonce,uint256 deadline"
    }
    signature = signer(token, messages).sign(
        community.people[0], "Permit", owner, spender, 5, 0, FOREVER
    )
    token.send(
        "permit", owner, spender, 5, FOREVER, *split(signature), sender=community.outsider.address
    )
    assert token.call("allowance", owner, spender) == 5


def test_the_tokens_separator_is_of_its_domain(community: Community) -> None:
    token = community.dao.token
    domain = read_domain(token)
    text = "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
    words = [
        keccak(text=text), keccak(text=domain["name"]), keccak(text="1"), domain["chainId"],
        domain["verifyingContract"],
    ]  # fmt: skip
    hashed = keccak(encode(["bytes32", "bytes32", "bytes32", "uint256", "address"], words))
    assert token.call("DOMAIN_SEPARATOR") == hashed


# Receivers


def test_the_treasury_answers_receiver_hooks(community: Community) -> None:
    treasury = community.dao.treasury
    answers = {
        "onERC721Received": ((NOBODY, NOBODY, 1, b""), "150b7a02"),
        "onERC1155Received": ((NOBODY, NOBODY, 1, 1, b""), "f23a6e61"),
        "onERC1155BatchReceived": ((NOBODY, NOBODY, [1], [1], b""), "bc197c81"),
    }
    for name, (args, magic) in answers.items():
        assert treasury.call(name, *args).hex() == magic


# ERC-20


def test_the_token_behaves_as_erc20_says(community: Community) -> None:
    token = community.dao.token
    a, b = community.wallets[:2]
    community.as_treasury(token, "mint", a, 10, 0)
    assert token.call("decimals") == 18
    assert token.call("transfer", b, 0, sender=a) is True
    receipt = token.send("transfer", b, 0, sender=a)
    assert list(receipt.only("Transfer").args.values()) == [a, b, 0]
    receipt = token.send("approve", b, 2**256 - 1, sender=a)
    assert list(receipt.only("Approval").args.values()) == [a, b, 2**256 - 1]
    token.send("transferFrom", a, b, 10, sender=b)
    assert token.call("balanceOf", b) == 10
    receipt = token.send("approve", b, 0, sender=a)
    assert token.call("allowance", a, b) == 0
    assert list(receipt.only("Approval").args.values()) == [a, b, 0]


def test_the_governor_holds_no_assets(community: Community) -> None:
    """It has no `receive`: ether belongs to the Treasury."""
    rpc, governor = community.rpc, community.dao.governor_address
    rpc.fund(community.outsider.address)
    with pytest.raises(Exception, match="reverted"):
        rpc.send(governor, value=1, sender=community.outsider.address, gas=100_000)
    helper(rpc, "ForcedEther", governor, value=3)
    assert rpc.balance(governor) == 3
    proposal = community.propose([(NOBODY, 0, b"")])
    community.open_voting(proposal)
    community.vote(proposal, range(5))
    community.close_voting(proposal)
    community.ripen(proposal)
    community.execute(proposal)
    assert rpc.balance(governor) == 3
