"""The last second, the last number, the last of the gas, and one call inside another."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest
from eth_abi.abi import encode
from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak

from mikoshi.ballots.proposal import Call, ProposalDraft
from mikoshi.chain.contract import ContractRevertedError
from mikoshi.chain.node import DevRpc
from mikoshi.chain.rpc import RevertedError
from mikoshi.core import dao as daos
from mikoshi.testing.community import AGAINST, FOR, Community, found, person
from mikoshi.testing.defaults import CHARTER, DAY, POINT, VOICE, params
from tests.support import FOREVER, factory, membership_messages, reverts, slot_of
from tests.unit.governance.support import (
    ALREADY_CAST,
    BAD_SIGNATURE,
    BAD_SUPPORT,
    CANCELED,
    COUNTED,
    DEFEATED,
    EXECUTED,
    NO_VOICE,
    NOBODY,
    QUEUED,
    STANDING_DORMANT,
    TOO_LATE,
    account_ballot,
    admit,
    ballot,
    cast,
    contract_account,
    found_beside,
    governor_messages,
    hash_proposal,
    helper,
    send_at,
    standing,
    state,
    tally,
    terms,
)
from tests.unit.membership.people import check_books, set_last_id

ETHER = 10**18
LARGEST = 2**60 - 1
"""Of a tally."""

LAST = 2**24 - 1
"""Of the members' numbers."""

LAST_DAY = 2**16 - 1
"""That a record can hold: in June 2149."""

RECEIVED = bytes.fromhex("150b7a02")
SAFE = "safeTransferFrom(address,address,uint256)"
HONEST, WRONG, CARELESS = 0, 1, 8


@pytest.fixture
def market(community: Community) -> Iterator[Community]:
    """Five Active members whose tickets can be sold."""
    dao = found(community.rpc, factory=factory(community.rpc), transferableTickets=True)
    yield dao
    check_books(dao)


# The last number


@pytest.mark.parametrize("support", [AGAINST, FOR])
@pytest.mark.parametrize("batch", [False, True])
def test_a_tally_at_its_end_spills_into_no_other(
    community: Community, batch: bool, support: int
) -> None:
    """A voice before the end three more arrive: it stays there, and nothing beside it moves."""
    governor, rpc = community.dao.governor, community.rpc
    proposal = community.propose([(NOBODY, 0, b"")])
    community.open_voting(proposal)
    deadline = governor.call("proposalDeadline", proposal.id)
    slot = slot_of("DAOGovernor", "_ballots", proposal.id)
    word = int.from_bytes(rpc.storage(governor.address, slot))
    word |= (LARGEST - VOICE) << (60 if support == AGAINST else 0)
    rpc.call("anvil_setStorageAt", governor.address, f"0x{slot:064x}", word.to_bytes(32))
    if batch:
        ballots = [ballot(community, proposal, member, support) for member in (1, 2, 3)]
        assert cast(community, proposal, ballots)[0] == [COUNTED] * 3
    else:
        community.vote(proposal, range(3), support)
    expected = (LARGEST, 0, 0, 0) if support == AGAINST else (0, LARGEST, 0, 3)
    assert tally(community, proposal) == expected
    assert governor.call("proposalProposer", proposal.id) == community.wallets[0]
    assert governor.call("proposalDeadline", proposal.id) == deadline
    community.close_voting(proposal)
    assert state(community, proposal) == (DEFEATED if support == AGAINST else QUEUED)


def test_the_last_members_there_can_be_vote_once(community: Community) -> None:
    """The last bit of the last word of receipts, by batch and by call."""
    governor, rpc = community.dao.governor, community.rpc
    set_last_id(rpc, community.dao.membership, LAST - 2)
    keys = {LAST - 1: person(100), LAST: person(101)}
    for number, key in keys.items():
        assert admit(community, key.address) == number
    batched = community.propose([(NOBODY, 0, b"")], "in a batch")
    direct = community.propose([(NOBODY, 0, b"")], "by call")
    community.open_voting(direct)
    order = [LAST, 1, LAST - 1, LAST, LAST + 1]
    signers = {**keys, 1: person(1), LAST + 1: person(101)}
    ballots = [ballot(community, batched, number, key=signers[number]) for number in order]
    results, _ = cast(community, batched, ballots)
    assert results == [COUNTED, COUNTED, COUNTED, ALREADY_CAST, NO_VOICE]
    assert tally(community, batched) == (0, 3 * VOICE, 0, 3)
    for key in keys.values():
        governor.send("castVote", direct.id, FOR, sender=key.address)
        for proposal in (batched, direct):
            with reverts("GovernorAlreadyCastVote", key.address):
                governor.send("castVote", proposal.id, FOR, sender=key.address)
            assert governor.call("hasVoted", proposal.id, key.address) is True
    assert tally(community, direct) == (0, 2 * VOICE, 0, 2)
    for wallet in (community.wallets[1], community.outsider.address, NOBODY):
        assert governor.call("hasVoted", batched.id, wallet) is False


def test_why_a_ballot_is_bad_is_the_name_of_no_member(community: Community) -> None:
    """In place of a bad ballot's caster stands a number from 1 to 5, which is also a wallet."""
    membership, rpc = community.dao.membership, community.rpc
    wallets = [to_checksum_address(f"0x{number:040x}") for number in range(1, 6)]
    members = [admit(community, wallet) for wallet in wallets]
    proposal = community.propose([(NOBODY, 0, b"")])
    community.open_voting(proposal)
    for wallet in wallets:
        membership.send("rest", sender=wallet)
    good = ballot(community, proposal, 1)
    cast(community, proposal, [good])
    bad = [
        ballot(community, proposal, 2, deadline=rpc.timestamp() - 1),
        ballot(community, proposal, 2, 3),
        (terms(2, FOR), bytes(32), bytes(32)),
        good,
        ballot(community, proposal, LAST + 1, key=person(2)),
    ]
    results, receipt = cast(community, proposal, bad)
    assert results == [TOO_LATE, BAD_SUPPORT, BAD_SIGNATURE, ALREADY_CAST, NO_VOICE]
    assert [event.name for event in receipt.events] == ["BallotRejected"] * 5
    standings = [standing(community, number) for number in members]
    assert standings == [STANDING_DORMANT] * 5
    assert tally(community, proposal) == (0, VOICE, 0, 1)


def test_nobody_signs_for_a_precompile(community: Community) -> None:
    """One of them answers with what it is asked: the magic word included."""
    membership, governor = community.dao.membership, community.dao.governor
    numbers = (*range(1, 18), 0x100)
    wallets = [to_checksum_address(f"0x{number:040x}") for number in numbers]
    members = [admit(community, wallet) for wallet in wallets]
    proposal = community.propose([(NOBODY, 0, b"")])
    community.open_voting(proposal)
    magic = bytes.fromhex("1626ba7e") + bytes(28)
    for signature in (b"", magic, magic * 3, bytes(64), bytes(65)):
        batch = [
            (terms(member, FOR), wallet, signature)
            for member, wallet in zip(members, wallets, strict=True)
        ]
        results, _ = cast(community, proposal, [], batch)
        assert results == [BAD_SIGNATURE] * len(batch)
        for wallet in wallets:
            with reverts("GovernorInvalidSignature", wallet):
                governor.call("castVoteBySig", proposal.id, FOR, wallet, signature)
            with reverts("MembershipInvalidSignature", wallet):
                membership.call("exitBySig", wallet, FOREVER, signature)


def test_a_wallet_with_code_of_its_own_keeps_its_key(community: Community) -> None:
    """EIP-7702: whatever the code answers, every signed act is accepted from the key."""
    membership, governor, rpc = community.dao.membership, community.dao.governor, community.rpc
    key, relayer = community.people[1], community.outsider.address
    proposal = community.propose([(NOBODY, 0, b"")])
    community.open_voting(proposal)
    messages = governor_messages(community)
    vote = messages.sign(key, "Ballot", proposal.id, FOR, key.address, 0)
    number = hash_proposal([], [], [], "x")
    propose = messages.sign(key, "Propose", number, key.address, FOREVER)
    members = membership_messages(rpc, membership.address)
    rest = members.sign(key, "Rest", key.address, 0, FOREVER)
    for name, args in (("Sink", ()), ("ContractAccount", (key.address,))):
        code = "0xef0100" + helper(rpc, name, *args).address[2:].lower()
        rpc.call("anvil_setCode", key.address, code)
        with rpc.isolate():
            assert cast(community, proposal, [ballot(community, proposal, 2)])[0] == [COUNTED]
        with rpc.isolate():
            ours = (proposal.id, FOR, key.address)
            governor.send("castVoteBySig", *ours, vote, sender=relayer)
            assert tally(community, proposal) == (0, VOICE, 0, 1)
            new = ("x", key.address, FOREVER, propose)
            governor.send("proposeBySig", [], [], [], *new, sender=relayer)
            assert governor.call("proposalProposer", number) == key.address
            membership.send("restBySig", key.address, FOREVER, rest, sender=relayer)
            assert standing(community, 2) == STANDING_DORMANT


def test_a_wallet_with_code_of_its_own_may_also_sign_by_it(community: Community) -> None:
    """EIP-7702: who is an owner to the code signs for the wallet; nobody else does."""
    membership, rpc = community.dao.membership, community.rpc
    wallet, owner, relayer = community.wallets[1], person(50), community.outsider.address
    account = helper(rpc, "ContractAccount", owner.address)
    rpc.call("anvil_setCode", wallet, rpc.code(account.address))
    members = membership_messages(rpc, membership.address)
    foreign = members.sign(person(51), "Rest", wallet, 0, FOREVER)
    with reverts("MembershipInvalidSignature", wallet):
        membership.send("restBySig", wallet, FOREVER, foreign, sender=relayer)
    rest = members.sign(owner, "Rest", wallet, 0, FOREVER)
    membership.send("restBySig", wallet, FOREVER, rest, sender=relayer)
    assert standing(community, 2) == STANDING_DORMANT


# The last second


def test_caps_do_not_begin_anew_when_the_first_epoch_does(
    rpc: DevRpc, community: Community
) -> None:
    """A DAO may be founded up to a day before its t0; that day belongs to the first epoch."""
    t0 = rpc.timestamp() + DAY - 60
    steward = person(71).address
    given = params(
        t0,
        community.wallets,
        membership=params(0)["membership"]
        | {"meritCap": 1_000, "meritCapPerMember": 1_000, "stewardCap": 2},
        token={"epochCap": 5, "transferable": True},
        steward={"holder": steward, "until": t0 + 300 * DAY},
    )
    dao = daos.create(factory(rpc), given, community.outsider.address, salt=b"\x09" * 32)
    rpc.fund(dao.treasury_address, steward)
    membership, token, treasury = dao.membership, dao.token, dao.treasury_address
    milli = POINT // 1_000
    guests = [person(number).address for number in (80, 81, 82)]
    assert rpc.timestamp() < t0
    membership.send("credit", 1, POINT, 0, bytes(32), sender=treasury)
    token.send("mint", guests[0], 5, 0, sender=treasury)
    membership.send("admitMany", guests[:2], CHARTER, sender=steward)
    for moment in (t0 - 1, t0, t0 + 1, t0 + 30 * DAY - 1):
        rpc.warp_to(moment)
        with reverts("VoiceMeritCapExceeded", milli, 0):
            membership.call("credit", 2, milli, 0, bytes(32), sender=treasury)
        with reverts("ContributionTokenCapExceeded", 1, 0):
            token.call("mint", guests[0], 1, 0, sender=treasury)
        with reverts("MembershipStewardCapExceeded", 1, 0):
            membership.call("admit", guests[2], CHARTER, sender=steward)
    rpc.warp(1)
    membership.send("credit", 1, POINT, 0, bytes(32), sender=treasury)
    token.send("mint", guests[0], 5, 0, sender=treasury)
    membership.send("admit", guests[2], CHARTER, sender=steward)


def test_a_capped_delegate_makes_the_quorum_in_the_last_second(community: Community) -> None:
    """Ten people with the weight of two: the quorum is there, and a day to answer it, each time."""
    big = found_beside(community, 20)
    membership, governor, delegate = big.dao.membership, big.dao.governor, big.wallets[0]
    for wallet in big.wallets[1:10]:
        membership.send("delegate", delegate, sender=wallet)
    proposal = big.propose([(delegate, 50 * ETHER, b"")])
    big.open_voting(proposal)
    big.vote(proposal, [10], AGAINST)
    deadline = governor.call("proposalDeadline", proposal.id)
    send_at(governor, deadline, "castVote", proposal.id, FOR, sender=delegate)
    assert tally(big, proposal) == (VOICE, 2 * VOICE, 0, 10)
    assert governor.call("proposalDeadline", proposal.id) == deadline + DAY
    for wallet in big.wallets[1:10]:  # too late for this vote, in either direction
        membership.send("delegate", NOBODY, sender=wallet)
        with reverts("GovernorNoVoice", proposal.id, wallet):
            governor.send("castVote", proposal.id, AGAINST, sender=wallet)
    send_at(governor, deadline + DAY, "castVote", proposal.id, AGAINST, sender=big.wallets[11])
    assert governor.call("proposalDeadline", proposal.id) == deadline + 2 * DAY
    big.close_voting(proposal)
    assert state(big, proposal) == DEFEATED


def test_a_dao_decides_after_the_last_day_that_a_record_holds(market: Community) -> None:
    """Anyone can lapse anyone then, and a bought seat waits for nothing, as SECURITY.md says."""
    membership, rpc = market.dao.membership, market.rpc
    rpc.warp_to((LAST_DAY + 1) * DAY + 30 * DAY)
    market.decide([(person(60).address, 1, b"")])
    assert rpc.balance(person(60).address) == 1
    rpc.warp(181 * DAY)
    membership.send("lapse", [1, 2, 3, 4, 5], sender=market.outsider.address)
    for wallet in market.wallets:
        membership.send("wake", CHARTER, sender=wallet)
    assert membership.call("census")[:2] == (5, 5)
    seller, buyer = market.wallets[4], market.outsider.address
    membership.send("transferFrom", seller, buyer, 5, sender=seller)
    membership.send("wake", CHARTER, sender=buyer)
    market.decide([(person(60).address, 1, b"")], "another", voters=range(4))
    assert rpc.balance(person(60).address) == 2


# The last of the gas


def test_no_amount_of_gas_drops_one_ballot_of_a_batch(community: Community) -> None:
    """A relayer cannot starve an account's check and have the rest counted: it is all or none."""
    governor, outsider = community.dao.governor, community.outsider.address
    account = contract_account(community, person(50))
    member = admit(community, account.address)
    proposal = community.propose([(NOBODY, 0, b"")])
    community.open_voting(proposal)
    call = (
        "castVotesBySig",
        proposal.id,
        [ballot(community, proposal, 1)],
        [account_ballot(community, proposal, member, account.address, person(50))],
    )
    with community.rpc.isolate():
        enough = governor.send(*call, sender=outsider).gas
    outcomes = []
    for gas in range(enough * 6 // 10, enough * 11 // 10, 500):
        with community.rpc.isolate():
            with contextlib.suppress(ContractRevertedError, RevertedError):
                governor.send(*call, sender=outsider, gas=gas)
            outcomes.append(tally(community, proposal))
    assert set(outcomes) == {(0, 0, 0, 0), (0, 2 * VOICE, 0, 2)}
    assert outcomes == sorted(outcomes)


# One call inside another


def test_a_nested_execution_is_undone_with_the_outer_one(community: Community) -> None:
    """A recipient who is paid first spends what the second call needs, by another passed vote."""
    sink, governor = helper(community.rpc, "Sink"), community.dao.governor
    first, second = person(60).address, person(61).address
    inner = community.propose([(first, 60 * ETHER, b"")], "inner")
    outer = community.propose([(sink, ETHER, b""), (second, 60 * ETHER, b"")], "outer")
    community.open_voting(outer)
    for proposal in (inner, outer):
        community.vote(proposal, range(5))
    community.close_voting(outer)
    community.ripen(outer)
    nested = governor.data("execute", *inner.actions)
    sink.send("arm", governor.address, nested, sender=community.outsider.address)
    with reverts("TreasuryCallFailed", 1, second, b""):
        community.execute(outer)
    assert state(community, inner) == state(community, outer) == QUEUED
    assert community.rpc.balance(first) == community.rpc.balance(sink.address) == 0
    community.execute(inner)
    assert community.rpc.balance(first) == 60 * ETHER


def test_a_guardian_is_paid_and_cancels_what_pays(community: Community) -> None:
    """The mark comes before the money: what is being executed is canceled by nobody."""
    sink = helper(community.rpc, "Sink")
    office = {"holder": sink.address, "until": community.rpc.timestamp() + 300 * DAY}
    other = found_beside(community, guardian=office)
    governor = other.dao.governor
    proposal = other.propose([(sink, ETHER, b"")])
    other.pass_vote(proposal)
    cancel = governor.data("cancel", *proposal.actions)
    sink.send("arm", governor.address, cancel, sender=other.outsider.address)
    other.ripen(proposal)
    receipt = other.execute(proposal)
    refusal = keccak(text="GovernorUnableToCancel(uint256,address)")[:4]
    refusal += proposal.id.to_bytes(32) + bytes.fromhex(sink.address[2:]).rjust(32, b"\0")
    (tried,) = [e.args for e in sink.events(receipt.raw["logs"]) if e.name == "CalledBack"]
    assert tried == {"success": False, "output": refusal}
    assert state(other, proposal) == EXECUTED


def test_what_a_guardian_cannot_cancel_changes_nothing_but_the_guardian(
    community: Community,
) -> None:
    """No value, no other function and no forged tail travels with a call about the guardian."""
    guardian, heir = person(70).address, person(71).address
    until = community.rpc.timestamp() + 300 * DAY
    other = found_beside(community, guardian={"holder": guardian, "until": until})
    rpc, treasury, governor = other.rpc, other.dao.treasury, other.dao.governor
    rpc.fund(guardian, heir)
    appoint = treasury.data("setGuardian", heir, until)
    broken: dict[str, Call] = {
        "value": (treasury, ETHER, appoint),
        "no arguments": (treasury, 0, appoint[:4]),
        "too large": (treasury, 0, appoint[:4] + b"\xff" * 64),
    }
    for by, (name, call) in enumerate(broken.items()):
        proposal = other.propose([call], name, by)
        other.pass_vote(proposal)
        with reverts("GovernorUnableToCancel", proposal.id, guardian):
            governor.send("cancel", *proposal.actions, sender=guardian)
        other.ripen(proposal)
        with reverts("TreasuryCallFailed", 0, treasury.address, b""):
            other.execute(proposal)
    tail = treasury.data("setGovernor", other.dao.membership_address)
    long = other.propose([(treasury, 0, appoint + tail)], "a tail", 3)
    other.pass_vote(long)
    other.ripen(long)
    receipt = other.execute(long)
    assert [event.name for event in receipt.events] == ["ProposalExecuted", "GuardianChanged"]
    assert treasury.call("governor") == governor.address
    both = other.propose([(treasury, 0, appoint), (treasury, 0, tail)], "two calls", 4)
    other.pass_vote(both)
    governor.send("cancel", *both.actions, sender=heir)
    assert state(other, both) == CANCELED


def test_a_buyers_hook_relays_the_ballot_of_the_seller(market: Community) -> None:
    """When the receiver hears of the sale the seller is out: their ballot counts no more."""
    membership, governor = market.dao.membership, market.dao.governor
    buyer = helper(market.rpc, "TicketReceiver", RECEIVED)
    proposal = market.propose([(NOBODY, 0, b"")], by=3)
    market.open_voting(proposal)
    relay = governor.data("castVotesBySig", proposal.id, [ballot(market, proposal, 1)], [])
    buyer.send("prepare", governor.address, relay, sender=market.outsider.address)
    seller = market.wallets[0]
    membership.send(SAFE, seller, buyer.address, 1, sender=seller)
    assert buyer.call("succeeded") is True  # the batch: its one ballot was refused
    assert tally(market, proposal) == (0, 0, 0, 0)
    assert governor.call("hasVoted", proposal.id, seller) is False


def test_a_buyers_hook_leaves_at_once(market: Community) -> None:
    """The ticket is gone before its sale is over, and everything still agrees."""
    membership = market.dao.membership
    buyer = helper(market.rpc, "TicketReceiver", RECEIVED)
    leave = membership.data("exit")
    buyer.send("prepare", membership.address, leave, sender=market.outsider.address)
    seller = market.wallets[1]
    membership.send(SAFE, seller, buyer.address, 2, sender=seller)
    assert buyer.call("succeeded") is True
    with reverts("ERC721NonexistentToken", 2):
        membership.call("ownerOf", 2)
    assert membership.call("census")[:2] == (4, 4)


def test_an_account_changes_its_mind_from_batch_to_batch(community: Community) -> None:
    """What it refuses is not spent; what it has once said counts, whatever it says later."""
    account = contract_account(community, person(50))
    member = admit(community, account.address)
    proposal = community.propose([(NOBODY, 0, b"")])
    community.open_voting(proposal)
    yes, no = (
        account_ballot(community, proposal, member, account.address, person(50), support)
        for support in (FOR, AGAINST)
    )
    account.send("setMode", WRONG, sender=account.address)
    assert cast(community, proposal, [], [yes, no])[0] == [BAD_SIGNATURE] * 2
    account.send("setMode", HONEST, sender=account.address)
    assert cast(community, proposal, [], [no, yes])[0] == [COUNTED, ALREADY_CAST]
    account.send("setMode", CARELESS, sender=account.address)
    assert cast(community, proposal, [], [yes])[0] == [ALREADY_CAST]
    assert tally(community, proposal) == (VOICE, 0, 0, 0)


# Calls where there should be none


@pytest.mark.parametrize(
    ("lists", "lengths"),
    [
        (([], [1], []), (0, 0, 1)),
        (([], [], [b"\1"]), (0, 1, 0)),
        (([], [1], [b"\1"]), (0, 1, 1)),
        (([NOBODY], [], []), (1, 0, 0)),
    ],
    ids=["values", "calldatas", "both", "targets"],
)
def test_an_advisory_proposal_has_no_half_a_call(
    community: Community,
    lists: tuple[list[str], list[int], list[bytes]],
    lengths: tuple[int, int, int],
) -> None:
    governor, proposer = community.dao.governor, community.wallets[0]
    number = governor.call("hashProposal", *lists, keccak(text="x"))
    key = person(1)
    signature = governor_messages(community).sign(key, "Propose", number, proposer, FOREVER)
    with reverts("GovernorInvalidProposalLength", *lengths):
        governor.send("propose", *lists, "x", sender=proposer)
    with reverts("GovernorInvalidProposalLength", *lengths):
        args = (*lists, "x", proposer, FOREVER, signature)
        governor.send("proposeBySig", *args, sender=community.outsider.address)


# The same words, written otherwise


def scrambled(name: str, target: str, value: int, data: bytes, last: bytes) -> bytes:
    """A call about one call: its parts in another order, dirt between them and behind the data.

    `last` is the fourth argument: a text of up to 32 bytes for `propose`, a hash for `execute`.
    """
    parameters = "address[],uint256[],bytes[]," + ("string" if name == "propose" else "bytes32")
    selector = keccak(text=f"{name}({parameters})")[:4]
    lists = [
        encode(["uint256", "address"], [1, target]),
        encode(["uint256", "uint256"], [1, value]),
        encode(["uint256"] * 3, [1, 32, len(data)]) + data.ljust(32, b"\xee"),
    ]
    if name == "propose":
        lists.append(len(last).to_bytes(32) + last.ljust(32, b"\xdd"))
    body, offsets = b"", list[int]()
    for part in reversed(lists):
        body += b"\xcc" * 32
        offsets.insert(0, 4 * 32 + len(body))
        body += part
    heads = [offset.to_bytes(32) for offset in offsets] + ([last] if name == "execute" else [])
    return selector + b"".join(heads) + body


def test_a_proposal_in_other_bytes_is_the_same_proposal(community: Community) -> None:
    """What is announced, what the id stands for and what is executed do not follow the calldata's
    arrangement; an address with dirt in front is refused."""
    governor, rpc = community.dao.governor, community.rpc
    sink, sender = helper(rpc, "Sink"), community.wallets[0]
    words = (sink.address, 7, b"\xab", b"hello")
    sent = scrambled("propose", *words)
    address = bytes.fromhex(sink.address[2:])
    dirty = sent.replace(bytes(12) + address, b"\1" + bytes(11) + address)
    with pytest.raises(RevertedError) as caught:
        rpc.send(governor.address, dirty, sender=sender)
    assert caught.value.data == b""
    number = hash_proposal([sink.address], [7], [b"\xab"], "hello")
    (log,) = rpc.send(governor.address, sent, sender=sender)["logs"]
    start = governor.call("proposalSnapshot", number)
    lists = ["address[]", "uint256[]", "string[]", "bytes[]"]
    expected = encode(
        ["uint256", "address", *lists, "uint256", "uint256", "string"],
        [number, sender, [sink.address], [7], [""], [b"\xab"], start, start + 5 * DAY, "hello"],
    )
    assert bytes.fromhex(log["data"][2:]) == expected
    proposal = ProposalDraft.of([(sink.address, 7, b"\xab")], "hello")
    community.pass_vote(proposal)
    community.ripen(proposal)
    done = rpc.send(
        governor.address, scrambled("execute", *words[:3], keccak(text="hello")), sender=sender
    )
    (noted,) = [event.args for event in sink.events(done["logs"]) if event.name == "Noted"]
    assert noted == {"from": community.dao.treasury_address, "value": 7, "data": b"\xab"}
    assert state(community, proposal) == EXECUTED
