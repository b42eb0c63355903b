"""What other tools expect: ids, topics and behaviour of the standards that the Membership keeps."""

from __future__ import annotations

import base64
import json
from functools import reduce

import pytest
from eth_utils.crypto import keccak

from mikoshi.chain.abi import Item
from mikoshi.chain.contract import Contract
from mikoshi.chain.rpc import RpcError
from mikoshi.core import artifacts
from mikoshi.testing.community import Community, person
from mikoshi.testing.defaults import CHARTER, DAY, POINT, VOICE, ZERO
from tests.support import FOREVER, Typed, reverts
from tests.unit.membership.people import NO_CHARTER, facts, seen

INTERFACES = {
    "ERC-165": "01ffc9a7",
    "ERC-721": "80ac58cd",
    "ERC-721 metadata": "5b5e139f",
    "ERC-4906": "49064906",
    "ERC-5192": "b45a3c0e",
    "ERC-6372": "da287a1d",
    "IVotes": "e90fb3f6",
}


def selectors(name: str) -> set[bytes]:
    """The functions of a compiled contract or interface, those it inherits included."""
    return {bytes(selector) for selector in artifacts.load(name).methods.values()}


def interface_id(of: set[bytes]) -> bytes:
    whole = reduce(lambda a, b: a ^ b, (int.from_bytes(each) for each in of))
    return whole.to_bytes(4)


@pytest.mark.parametrize("identifier", INTERFACES.values(), ids=INTERFACES.keys())
def test_supports_interface(membership: Contract, identifier: str) -> None:
    assert membership.call("supportsInterface", bytes.fromhex(identifier)) is True


def test_supports_its_own_interface(membership: Contract) -> None:
    own = interface_id(selectors("IMembership") - selectors("IVoiceLedger"))
    assert membership.call("supportsInterface", own) is True


@pytest.mark.parametrize(
    "identifier",
    ["ffffffff", "00000000", "780e9d63", "d9b67a26", "36372b07", "12345678"],
    ids=["never", "zero", "enumerable", "ERC-1155", "ERC-20", "random"],
)
def test_does_not_support_what_it_is_not(membership: Contract, identifier: str) -> None:
    assert membership.call("supportsInterface", bytes.fromhex(identifier)) is False


def test_has_every_function_of_the_standards() -> None:
    signatures = [
        *("balanceOf(address)", "ownerOf(uint256)", "getApproved(uint256)"),
        *("safeTransferFrom(address,address,uint256,bytes)", "approve(address,uint256)"),
        *("safeTransferFrom(address,address,uint256)", "setApprovalForAll(address,bool)"),
        *("transferFrom(address,address,uint256)", "isApprovedForAll(address,address)"),
        *("name()", "symbol()", "tokenURI(uint256)", "locked(uint256)", "clock()"),
        *("CLOCK_MODE()", "getVotes(address)", "getPastVotes(address,uint256)"),
        *("getPastTotalSupply(uint256)", "delegates(address)", "delegate(address)"),
        *("delegateBySig(address,uint256,uint256,uint8,bytes32,bytes32)", "eip712Domain()"),
        *("nonces(address)", "supportsInterface(bytes4)"),
    ]
    known = artifacts.load("Membership").methods
    assert [each for each in signatures if each not in known] == []


def test_announces_with_the_topics_of_the_standards() -> None:
    expected = {
        "Transfer(address,address,uint256)": 3,
        "Approval(address,address,uint256)": 3,
        "ApprovalForAll(address,address,bool)": 2,
        "Locked(uint256)": 0,
        "Unlocked(uint256)": 0,
        "MetadataUpdate(uint256)": 0,
        "BatchMetadataUpdate(uint256,uint256)": 0,
        "DelegateChanged(address,address,address)": 3,
        "DelegateVotesChanged(address,uint256,uint256)": 1,
    }
    events = {
        Item(entry["name"], entry["inputs"], []).signature: entry["inputs"]
        for entry in artifacts.load("Membership").abi
        if entry["type"] == "event"
    }
    for signature, indexed in expected.items():
        assert sum(each["indexed"] for each in events[signature]) == indexed, signature


# ERC-721


def test_balance_of_zero_is_refused(membership: Contract) -> None:
    with reverts("ERC721InvalidOwner", ZERO):
        membership.call("balanceOf", ZERO)


def test_balance_is_one_or_none(community: Community, membership: Contract) -> None:
    assert membership.call("balanceOf", community.wallets[0]) == 1
    assert membership.call("balanceOf", community.outsider.address) == 0
    membership.send("rest", sender=community.wallets[0])
    assert membership.call("balanceOf", community.wallets[0]) == 1
    membership.send("exit", sender=community.wallets[0])
    assert membership.call("balanceOf", community.wallets[0]) == 0


@pytest.mark.parametrize("ticket", [0, 6, 2**24, 2**256 - 1])
def test_a_ticket_that_does_not_exist(membership: Contract, ticket: int) -> None:
    for name in ("ownerOf", "tokenURI", "locked", "getApproved"):
        with reverts("ERC721NonexistentToken", ticket):
            membership.call(name, ticket)
    with reverts("ERC721NonexistentToken", ticket):
        seen(membership, "memberOfTicket", ticket)


def test_name_and_symbol(membership: Contract) -> None:
    assert (membership.call("name"), membership.call("symbol")) == ("PM DAO", "PMD")


def test_token_uri_describes_the_ticket(community: Community, membership: Contract) -> None:
    community.as_treasury(membership, "credit", 2, 100 * POINT, 0, bytes(32))
    uri = membership.call("tokenURI", 2)
    head, _, body = uri.partition(",")
    assert head == "data:application/json;base64"
    card = json.loads(base64.b64decode(body))
    assert "PM DAO" in card["name"]
    assert card["image"].startswith("data:image/svg+xml")
    values = [str(attribute["value"]) for attribute in card["attributes"]]
    assert "Active" in values
    membership.send("rest", sender=community.wallets[1])
    silent = json.loads(base64.b64decode(membership.call("tokenURI", 2).partition(",")[2]))
    assert "Dormant" in [str(attribute["value"]) for attribute in silent["attributes"]]


# ERC-5192 and ERC-4906


def test_locked_says_whether_tickets_can_be_sold(community: Community, market: Community) -> None:
    assert community.dao.membership.call("locked", 1) is True
    assert market.dao.membership.call("locked", 1) is False
    receipt = market.as_treasury(market.dao.membership, "admit", person(100).address, CHARTER)
    assert "Locked" not in [name for name, _ in facts(receipt)]


def test_metadata_update_names_the_ticket(market: Community) -> None:
    exchange = market.dao.membership
    first, buyer = market.wallets[0], person(100).address
    exchange.send("transferFrom", first, buyer, 1, sender=first)
    market.rpc.warp(46 * DAY)
    market.rpc.fund(buyer)
    receipt = exchange.send("wake", CHARTER, sender=buyer)
    assert ("MetadataUpdate", (1,)) in facts(receipt)  # member 6 holds ticket 1


# ERC-6372 and ERC-5805


def test_the_clock_is_the_time(community: Community) -> None:
    dao = community.dao
    for part in (dao.membership, dao.governor):
        assert part.call("CLOCK_MODE") == "mode=timestamp"
        assert part.call("clock") == community.rpc.timestamp()
    now = community.rpc.warp(12_345)
    assert dao.membership.call("clock") == dao.governor.call("clock") == now


def test_delegates_of_members_and_strangers(community: Community, membership: Contract) -> None:
    first, second = community.wallets[:2]
    community.as_treasury(membership, "admit", person(100).address, NO_CHARTER)
    assert membership.call("delegates", first) == first
    assert membership.call("delegates", person(100).address) == person(100).address
    assert membership.call("delegates", community.outsider.address) == ZERO
    membership.send("exit", sender=second)
    assert membership.call("delegates", second) == ZERO


def test_votes_are_units_of_a_billionth(community: Community, membership: Contract) -> None:
    then = community.rpc.timestamp() - 1
    assert membership.call("getVotes", community.wallets[0]) == VOICE == 10**9
    assert membership.call("getPastTotalSupply", then) == 5 * VOICE


# ERC-5267 and EIP-712


def test_the_domain_is_what_signatures_are_made_for(
    community: Community, membership: Contract, messages: Typed
) -> None:
    fields, name, version, chain, contract, salt, extensions = membership.call("eip712Domain")
    assert fields == b"\x0f"
    assert (name, version) == ("Mikoshi Membership", "1")
    assert chain == community.rpc.chain_id()
    assert contract == membership.address
    assert (salt, list(extensions)) == (bytes(32), [])
    assert messages.domain == {
        "name": name,
        "version": version,
        "chainId": chain,
        "verifyingContract": contract,
    }
    key = community.people[0]
    signature = messages.sign(key, "Rest", key.address, 0, FOREVER)
    membership.send("restBySig", key.address, FOREVER, signature, sender=community.wallets[1])


# What an address is


def test_views_of_unknown_ids(membership: Contract) -> None:
    for number in (0, 6, 2**24, 2**256 - 1):
        assert membership.call("walletOf", number) == ZERO
        assert membership.call("statusOf", number) == 0
        assert seen(membership, "standingOf", number) == 0
        assert membership.call("stampOf", number) == 0
        assert membership.call("joinedAt", number) == 0
        assert membership.call("meritOf", number) == 0
        assert seen(membership, "storedMeritOf", number) == (0, 0, 0)
        with reverts("MembershipUnexpectedStanding", number, 0):
            seen(membership, "ticketOf", number)
    assert membership.call("memberIdOf", ZERO) == 0


def test_takes_no_ether_and_has_no_fallback(community: Community, membership: Contract) -> None:
    for value, data in ((1, b""), (0, b""), (0, keccak(text="mint(address)")[:4] + bytes(32))):
        with pytest.raises(RpcError, match="revert") as caught:
            community.rpc.read(membership.address, data, community.wallets[0], value)
        assert caught.value.data == b""
