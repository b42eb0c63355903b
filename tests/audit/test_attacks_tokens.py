"""Attacks by and on tokens, replayed."""

from __future__ import annotations

import pytest
from eth_utils.crypto import keccak

from mikoshi.chain.contract import Contract, ContractRevertedError
from mikoshi.testing.community import Community, person
from mikoshi.testing.defaults import CHARTER, DAY, VOICE
from tests.support import reverts
from tests.unit.governance.support import (
    BAD_SIGNATURE,
    EXECUTED,
    NOBODY,
    ballot,
    cast,
    found_beside,
    helper,
    state,
    tally,
    terms,
)

ETHER = 10**18
HONEST, RETURNS_FALSE, TAKES_FEE, CALLS_RECIPIENT = range(4)
MINTER, PURSE = keccak(text="MINTER"), keccak(text="PURSE")
PERMIT2 = "0x000000000022D473030F116dDEE9F6B43aC78BA3"


def coin(community: Community, habit: int, amount: int = 100) -> Contract:
    """A foreign token of which the Treasury holds `amount`."""
    made = helper(community.rpc, "OddCoin", habit)
    made.send("mint", community.dao.treasury_address, amount, sender=community.outsider.address)
    return made


def test_force_dao_2021_a_token_that_returns_false(community: Community) -> None:
    """Our token never answers false: it moves or it reverts. A foreign one that does moves
    nothing, and nobody is credited with anything for it."""
    token = community.dao.token
    a, b = community.wallets[:2]
    with reverts("InsufficientBalance"):
        token.call("transfer", b, 1, sender=a)
    with reverts("InsufficientAllowance"):
        token.call("transferFrom", a, b, 1, sender=b)
    odd = coin(community, RETURNS_FALSE)
    community.decide([(odd, 0, odd.data("transfer", b, 101))])
    assert odd.call("balanceOf", community.dao.treasury_address) == 100
    assert odd.call("balanceOf", b) == 0
    assert token.call("totalSupply") == 0


def test_imbtc_2020_hooks_of_the_recipient(community: Community) -> None:
    """The recipient is called before the balances move, and asks for the same payment again."""
    odd, sink = coin(community, CALLS_RECIPIENT), helper(community.rpc, "Sink")
    governor = community.dao.governor
    proposal = community.propose([(odd, 0, odd.data("transfer", sink.address, 60))])
    community.pass_vote(proposal)
    community.ripen(proposal)
    again = governor.data("execute", *proposal.actions)
    sink.send("arm", governor.address, again, sender=community.outsider.address)
    receipt = community.execute(proposal)
    (tried,) = [e.args for e in sink.events(receipt.raw["logs"]) if e.name == "CalledBack"]
    assert tried["success"] is False
    assert odd.call("balanceOf", sink.address) == 60
    assert odd.call("balanceOf", community.dao.treasury_address) == 40
    assert state(community, proposal) == EXECUTED


def test_our_token_calls_nobody(community: Community) -> None:
    """Minting, moving and burning run no code of holders."""
    token, sink = community.dao.token, helper(community.rpc, "Sink")
    data = token.data("mint", sink.address, 1, 0)
    sink.send("arm", token.address, data, sender=community.outsider.address)
    receipt = community.as_treasury(token, "mint", sink.address, 5, 0)
    assert sink.events(receipt.raw["logs"]) == receipt.events
    assert [event.name for event in receipt.events] == ["Transfer", "Minted"]


@pytest.mark.parametrize("habit", [TAKES_FEE, HONEST])
def test_fee_on_transfer_and_rebasing_assets(community: Community, habit: int) -> None:
    """The Treasury keeps no books of what it holds, so none can be wrong."""
    odd, receiver = coin(community, habit, 1_000), person(60).address
    if habit == HONEST:
        odd.send("rebase", community.dao.treasury_address, sender=community.outsider.address)
    held = odd.call("balanceOf", community.dao.treasury_address)
    assert held == (1_000 if habit == TAKES_FEE else 500)
    community.decide([(odd, 0, odd.data("transfer", receiver, held))])
    assert odd.call("balanceOf", community.dao.treasury_address) == 0
    assert odd.call("balanceOf", receiver) == (990 if habit == TAKES_FEE else 500)


def test_oz_4_8_1_a_batch_of_one(community: Community) -> None:
    """One in a batch is the same as one alone, for tokens, members, merit and ballots."""
    dao = community.dao
    outcomes = []
    proposal = community.propose([(NOBODY, 0, b"")])
    community.open_voting(proposal)
    new = person(60).address
    for batch in (True, False):
        with community.rpc.isolate():
            if batch:
                community.as_treasury(dao.token, "mintMany", [new], [5], 1)
                community.as_treasury(dao.membership, "admitMany", [new], CHARTER)
                community.as_treasury(dao.membership, "creditMany", [6], [ETHER], 0, bytes(32))
                cast(community, proposal, [ballot(community, proposal, 2)])
            else:
                community.as_treasury(dao.token, "mint", new, 5, 1)
                community.as_treasury(dao.membership, "admit", new, CHARTER)
                community.as_treasury(dao.membership, "credit", 6, ETHER, 0, bytes(32))
                community.vote(proposal, [1])
            outcomes.append(
                (
                    dao.token.call("balanceOf", new),
                    dao.token.call("totalSupply"),
                    dao.membership.call("balanceOf", new),
                    dao.membership.call("ownerOf", 6),
                    dao.membership.call("census")[:2],
                    dao.lens.call("usage", dao.membership_address),
                    tally(community, proposal),
                )
            )
    assert outcomes[0] == outcomes[1]
    assert outcomes[0][:2] == (5, 5)


def test_an_approval_survives_burn_or_transfer(community: Community) -> None:
    """Who was approved for a ticket is approved by its holder then, and by nobody after."""
    market = found_beside(community, 5, transferableTickets=True)
    membership = market.dao.membership
    seller, buyer, thief = market.wallets[0], person(60).address, person(61).address
    market.rpc.fund(buyer, thief)
    membership.send("approve", thief, 1, sender=seller)
    assert membership.call("getApproved", 1) == thief
    with market.rpc.isolate():
        membership.send("transferFrom", seller, buyer, 1, sender=seller)
        assert membership.call("getApproved", 1) == NOBODY
        with reverts("ERC721InsufficientApproval", thief, 1):
            membership.send("transferFrom", buyer, thief, 1, sender=thief)
    membership.send("exit", sender=seller)
    with reverts("ERC721NonexistentToken", 1):
        membership.send("transferFrom", seller, thief, 1, sender=thief)
    market.as_treasury(membership, "admit", seller, CHARTER)
    assert membership.call("ownerOf", 1) == seller
    assert membership.call("getApproved", 1) == NOBODY
    with reverts("ERC721InsufficientApproval", thief, 1):
        membership.send("transferFrom", seller, thief, 1, sender=thief)


def test_permit2_is_approved_without_being_asked(community: Community) -> None:
    """The library's default would let one contract move everyone's tokens."""
    token, holder = community.dao.token, community.wallets[0]
    community.as_treasury(token, "mint", holder, 5, 0)
    community.rpc.fund(PERMIT2)
    assert token.call("allowance", holder, PERMIT2) == 0
    with reverts("InsufficientAllowance"):
        token.send("transferFrom", holder, PERMIT2, 1, sender=PERMIT2)


def test_compound_62_a_reward_bug_that_nothing_can_stop_for_a_week(community: Community) -> None:
    """A part that mints as it likes mints at most a cap an epoch until a vote ends it."""
    dao, rogue = community.dao, person(60).address
    community.rpc.fund(rogue)
    community.as_treasury(dao.treasury, "grantRole", MINTER, rogue)
    cap = dao.token.call("settings")["epochCap"]
    started = community.rpc.timestamp()
    dao.token.send("mint", rogue, cap, 0, sender=rogue)
    with reverts("ContributionTokenCapExceeded", 1, 0):
        dao.token.send("mint", rogue, 1, 0, sender=rogue)
    community.decide([(dao.treasury, 0, dao.treasury.data("revokeRole", MINTER, rogue))])
    assert community.rpc.timestamp() - started < 30 * DAY
    with reverts("ContributionTokenUnauthorized", rogue, MINTER):
        dao.token.send("mint", rogue, 1, 0, sender=rogue)
    assert dao.token.call("totalSupply") == cap


def test_one_captured_vote_mints_within_the_cap(community: Community) -> None:
    """The Treasury is bound like a part: many mints in one proposal share one cap."""
    token, attacker = community.dao.token, community.wallets[4]
    cap = token.call("settings")["epochCap"]
    mint = token.data("mint", attacker, cap // 2 + 1, 0)
    proposal = community.propose([(token, 0, mint), (token, 0, mint)])
    community.pass_vote(proposal)
    community.ripen(proposal)
    reason = keccak(text="ContributionTokenCapExceeded(uint256,uint256)")[:4]
    reason += (cap // 2 + 1).to_bytes(32) + (cap - cap // 2 - 1).to_bytes(32)
    with reverts("TreasuryCallFailed", 1, token.address, reason):
        community.execute(proposal)
    assert token.call("totalSupply") == 0


def test_a_vote_that_raises_the_cap_uses_it_at_once(community: Community) -> None:
    """Unlike merit, which has a month to be voted down: tokens carry no voice (SECURITY.md)."""
    token, attacker = community.dao.token, community.wallets[4]
    most = 2**96 - 1
    loose = {"epochCap": most, "transferable": True}
    community.decide(
        [
            (token, 0, token.data("setSettings", loose)),
            (token, 0, token.data("mint", attacker, most, 0)),
        ]
    )
    assert token.call("balanceOf", attacker) == most
    assert community.dao.membership.call("getVotes", attacker) == VOICE


def test_locked_tokens_leak_through_a_purse(community: Community) -> None:
    """A PURSE carries between itself and others; it cannot be used to connect two others."""
    dao = community.dao
    a, b, purse = community.wallets[0], community.wallets[1], person(60).address
    community.rpc.fund(purse)
    settings = {"epochCap": ETHER, "transferable": False}
    community.as_treasury(dao.token, "setSettings", settings)
    community.as_treasury(dao.treasury, "grantRole", PURSE, purse)
    community.as_treasury(dao.token, "mint", a, 10, 0)
    for spender in (b, purse):
        dao.token.send("approve", spender, 10, sender=a)
        with reverts("ContributionTokenLocked", a, b):
            dao.token.send("transferFrom", a, b, 1, sender=spender)
    assert dao.token.call("balanceOf", a) == 10


def test_a_ballot_of_nobody_among_many(community: Community) -> None:
    """A signature that recovers nobody is no member's, not even that of id 0."""
    proposal = community.propose([(NOBODY, 0, b"")])
    community.open_voting(proposal)
    results, _ = cast(community, proposal, [(terms(1, 1), bytes(32), bytes(32))])
    assert results == [BAD_SIGNATURE]
    with pytest.raises(ContractRevertedError, match="GovernorInvalidSignature"):
        community.dao.governor.send(
            "castVoteBySig", proposal.id, 1, NOBODY, b"", sender=community.wallets[0]
        )
    assert tally(community, proposal) == (0, 0, 0, 0)
