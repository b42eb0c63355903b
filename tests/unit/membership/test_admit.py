"""Admission, one by one and in batches; see admit.tree."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mikoshi.chain.contract import Contract
from mikoshi.chain.node import DevRpc
from mikoshi.testing.community import Community, found, person
from mikoshi.testing.defaults import CHARTER, DAY, VOICE, ZERO
from tests.support import deploy, factory, grant, next_block_at, reverts, role
from tests.unit.membership.people import (
    NO_CHARTER,
    Member,
    Standing,
    Totals,
    facts,
    member,
    set_last_id,
    today,
    totals,
)

OTHER_CHARTER = b"\xd5" * 32
EPOCH = 30 * DAY
ANNA = person(100).address
BEN = person(101).address
STEWARD = person(200).address


@pytest.fixture
def admitter(community: Community) -> str:
    return grant(community, "ADMITTER", community.outsider.address)


def stewarded(rpc: DevRpc, cap: int = 3, term: int = 300 * DAY) -> Community:
    now = rpc.timestamp()
    settings = {
        "dormantAfter": 180 * DAY,
        "season": 30 * DAY,
        "stewardCap": cap,
        "meritCap": 10_000_000,
        "meritCapPerMember": 1_000_000,
    }
    community = found(
        rpc,
        factory=factory(rpc),
        membership=settings,
        steward={"holder": STEWARD, "until": now + term},
    )
    rpc.fund(STEWARD)
    return community


def t0(membership: Contract) -> int:
    return int(membership.call("voiceParams")["t0"])


def test_admit_reverts_when_caller_has_no_right(community: Community, membership: Contract) -> None:
    for caller in (community.wallets[0], community.outsider.address, ANNA):
        with reverts("MembershipUnauthorized", caller, role("ADMITTER")):
            membership.call("admit", ANNA, CHARTER, sender=caller)
    governor = community.dao.governor_address
    with reverts("MembershipUnauthorized", governor, role("ADMITTER")):
        membership.call("admit", ANNA, CHARTER, sender=governor)


@pytest.mark.parametrize("name", ["REWARDER", "MINTER", "PURSE", "SUCCESSION"])
def test_admit_reverts_when_caller_has_another_role(
    community: Community, membership: Contract, name: str
) -> None:
    caller = grant(community, name, community.outsider.address)
    with reverts("MembershipUnauthorized", caller, role("ADMITTER")):
        membership.call("admit", ANNA, CHARTER, sender=caller)


@pytest.mark.parametrize("caller", ["admitter", "treasury"])
def test_admit_with_the_charter_makes_an_active_member(
    community: Community, membership: Contract, admitter: str, caller: str
) -> None:
    sender = admitter if caller == "admitter" else community.dao.treasury_address
    assert membership.call("admit", ANNA, CHARTER, sender=sender) == 6
    before = totals(membership)

    receipt = membership.send("admit", ANNA, CHARTER, sender=sender)

    assert facts(receipt) == [
        ("Locked", (6,)),
        ("Transfer", (ZERO, ANNA, 6)),
        ("MemberAdmitted", (6, ANNA, Standing.ACTIVE, CHARTER)),
        ("DelegateVotesChanged", (ANNA, 0, VOICE)),
    ]
    day = today(community.rpc)
    assert member(membership, 6) == Member(ANNA, Standing.ACTIVE, day, 6, ANNA, VOICE)
    assert membership.call("joinedAt", 6) == community.rpc.timestamp()
    assert before == Totals(5, 5, 5 * VOICE, 5)
    assert totals(membership) == Totals(6, 6, 6 * VOICE, 6)


def test_admit_with_zero_charter_makes_a_newcomer(
    community: Community, membership: Contract, admitter: str
) -> None:
    assert membership.call("admit", ANNA, NO_CHARTER, sender=admitter) == 6

    receipt = membership.send("admit", ANNA, NO_CHARTER, sender=admitter)

    assert facts(receipt) == [
        ("Locked", (6,)),
        ("Transfer", (ZERO, ANNA, 6)),
        ("MemberAdmitted", (6, ANNA, Standing.NEWCOMER, NO_CHARTER)),
    ]
    day = today(community.rpc)
    assert member(membership, 6) == Member(ANNA, Standing.NEWCOMER, day, 6, ANNA, 0)
    assert totals(membership) == Totals(5, 5, 5 * VOICE, 6)  # counted from waking


def test_admit_reverts_when_charter_is_another(membership: Contract, admitter: str) -> None:
    with reverts("MembershipCharterMismatch", OTHER_CHARTER, CHARTER):
        membership.call("admit", ANNA, OTHER_CHARTER, sender=admitter)


def test_admit_reverts_when_charter_was_replaced(
    community: Community, membership: Contract, admitter: str
) -> None:
    community.as_treasury(membership, "setCharter", OTHER_CHARTER, "ipfs://new")
    with reverts("MembershipCharterMismatch", CHARTER, OTHER_CHARTER):
        membership.call("admit", ANNA, CHARTER, sender=admitter)
    assert membership.call("admit", ANNA, OTHER_CHARTER, sender=admitter) == 6


@pytest.mark.parametrize("part", ["zero", "treasury", "membership", "governor"])
def test_admit_reverts_when_wallet_is_a_part(
    community: Community, membership: Contract, admitter: str, part: str
) -> None:
    wallet = ZERO if part == "zero" else getattr(community.dao, f"{part}_address")
    for charter in (CHARTER, NO_CHARTER):
        with reverts("MembershipInvalidWallet", wallet):
            membership.call("admit", wallet, charter, sender=admitter)


@pytest.mark.parametrize("standing", ["active", "dormant", "newcomer"])
def test_admit_reverts_when_wallet_holds_a_ticket(
    community: Community, membership: Contract, admitter: str, standing: str
) -> None:
    wallet, number = community.wallets[0], 1
    if standing == "dormant":
        membership.send("rest", sender=wallet)
    elif standing == "newcomer":
        membership.send("admit", ANNA, NO_CHARTER, sender=admitter)
        wallet, number = ANNA, 6
    for charter in (CHARTER, NO_CHARTER):
        for caller in (community.dao.treasury_address, admitter):
            with reverts("MembershipWalletTaken", wallet, number):
                membership.call("admit", wallet, charter, sender=caller)


@pytest.mark.parametrize("left_as", [Standing.EXITED, Standing.LEFT])
def test_admit_reverts_given_the_person_left_a_soulbound_ticket(
    community: Community, membership: Contract, admitter: str, left_as: Standing
) -> None:
    """They rejoin themselves; nobody is brought back unasked."""
    wallet, number = community.wallets[1], 2
    if left_as == Standing.LEFT:
        wallet, number = ANNA, 6
        membership.send("admit", ANNA, NO_CHARTER, sender=admitter)
    membership.send("exit", sender=_funded(community.rpc, wallet))
    for charter in (CHARTER, NO_CHARTER):
        with reverts("MembershipUnexpectedStanding", number, left_as):
            membership.call("admit", wallet, charter, sender=admitter)
        with reverts("MembershipUnexpectedStanding", number, left_as):
            membership.call("admitMany", [BEN, wallet], charter, sender=admitter)
    assert membership.call("admit", wallet, CHARTER, sender=community.dao.treasury_address)


def test_admit_gives_the_same_id_given_the_person_left_a_ticket_that_can_be_sold(
    market: Community,
) -> None:
    exchange, wallet = market.dao.membership, market.wallets[1]
    admitter = grant(market, "ADMITTER", market.outsider.address)
    exchange.send("exit", sender=wallet)
    receipt = exchange.send("admit", wallet, CHARTER, sender=admitter)
    assert facts(receipt) == [
        ("Transfer", (ZERO, wallet, 2)),
        ("MemberAdmitted", (2, wallet, Standing.ACTIVE, CHARTER)),
        ("DelegateVotesChanged", (wallet, 0, VOICE)),
    ]
    assert member(exchange, 2).ticket == 2


@pytest.mark.parametrize("accepted", [CHARTER, NO_CHARTER], ids=["charter", "zero"])
def test_admit_by_the_treasury_gives_the_same_id_given_the_person_exited(
    community: Community, membership: Contract, accepted: bytes
) -> None:
    treasury = community.dao.treasury_address
    wallet = community.wallets[1]
    joined = membership.call("joinedAt", 2)
    membership.send("exit", sender=wallet)
    community.rpc.warp(40 * DAY)
    standing = Standing.ACTIVE if accepted == CHARTER else Standing.NEWCOMER
    votes = VOICE if accepted == CHARTER else 0
    assert membership.call("admit", wallet, accepted, sender=treasury) == 2

    receipt = membership.send("admit", wallet, accepted, sender=treasury)

    expected = [
        ("Locked", (2,)),
        ("Transfer", (ZERO, wallet, 2)),
        ("MemberAdmitted", (2, wallet, standing, accepted)),
        ("DelegateVotesChanged", (wallet, 0, VOICE)),
    ]
    assert facts(receipt) == expected[: 4 if votes else 3]
    day = today(community.rpc)
    assert member(membership, 2) == Member(wallet, standing, day, 2, wallet, votes)
    assert membership.call("joinedAt", 2) == joined
    assert totals(membership).last_id == 5


def test_admit_reverts_given_the_person_was_barred(
    community: Community, membership: Contract, admitter: str
) -> None:
    community.as_treasury(membership, "bar", 2)
    for charter in (CHARTER, NO_CHARTER):
        with reverts("MembershipBarred", 2):
            membership.call("admit", community.wallets[1], charter, sender=admitter)
        with reverts("MembershipBarred", 2):
            membership.call("admitMany", [ANNA, community.wallets[1]], charter, sender=admitter)


def test_admit_reverts_given_the_person_was_barred_and_tickets_can_be_sold(
    market: Community,
) -> None:
    exchange, barred = market.dao.membership, market.wallets[1]
    admitter = grant(market, "ADMITTER", market.outsider.address)
    market.as_treasury(exchange, "bar", 2)
    for charter in (CHARTER, NO_CHARTER):
        with reverts("MembershipBarred", 2):
            exchange.call("admit", barred, charter, sender=admitter)
    exchange.send("admit", ANNA, CHARTER, sender=admitter)
    market.as_treasury(exchange, "admit", barred, CHARTER)
    assert member(exchange, 2).standing == Standing.ACTIVE


def test_admit_by_the_treasury_lifts_a_bar(community: Community, membership: Contract) -> None:
    wallet = community.wallets[1]
    community.as_treasury(membership, "bar", 2)

    receipt = community.as_treasury(membership, "admit", wallet, CHARTER)

    admitted = receipt.only("MemberAdmitted")
    assert tuple(admitted.args.values()) == (2, wallet, Standing.ACTIVE, CHARTER)
    assert member(membership, 2).standing == Standing.ACTIVE
    membership.send("exit", sender=wallet)
    membership.send("rejoin", CHARTER, sender=wallet)
    assert member(membership, 2).votes == VOICE


def test_admit_reverts_when_caller_is_steward_of_another_dao(
    rpc: DevRpc, community: Community
) -> None:
    stewarded(rpc)
    with reverts("MembershipUnauthorized", STEWARD, role("ADMITTER")):
        community.dao.membership.call("admit", ANNA, CHARTER, sender=STEWARD)


@pytest.mark.usefixtures("community")
def test_admit_by_the_steward_uses_the_number_of_the_epoch(rpc: DevRpc) -> None:
    membership = stewarded(rpc, cap=2).dao.membership
    assert membership.call("usage") == (0, 0, 0)
    receipt = membership.send("admit", ANNA, CHARTER, sender=STEWARD)
    assert receipt.only("MemberAdmitted").args["standing"] == Standing.ACTIVE
    assert receipt.only("StewardAdmitted").args == {"epoch": 0, "number": 1}
    assert membership.call("usage") == (0, 0, 1)
    membership.send("admit", BEN, NO_CHARTER, sender=STEWARD)
    assert membership.call("usage") == (0, 0, 2)

    with reverts("MembershipStewardCapExceeded", 1, 0):
        membership.call("admit", person(102).address, CHARTER, sender=STEWARD)

    membership.send("exit", sender=_funded(rpc, ANNA))  # gives nothing back
    with reverts("MembershipStewardCapExceeded", 1, 0):
        membership.call("admit", person(102).address, CHARTER, sender=STEWARD)


def _funded(rpc: DevRpc, wallet: str) -> str:
    rpc.fund(wallet)
    return wallet


@pytest.mark.usefixtures("community")
def test_admit_by_the_steward_counts_again_in_the_next_epoch(rpc: DevRpc) -> None:
    membership = stewarded(rpc, cap=1).dao.membership
    membership.send("admit", ANNA, CHARTER, sender=STEWARD)
    second = t0(membership) + EPOCH
    rpc.warp_to(second - 1)
    with reverts("MembershipStewardCapExceeded", 1, 0):
        membership.call("admit", BEN, CHARTER, sender=STEWARD)

    next_block_at(rpc, second)
    receipt = membership.send("admit", BEN, CHARTER, sender=STEWARD)

    assert receipt.only("StewardAdmitted").args == {"epoch": 1, "number": 1}
    assert rpc.timestamp() == second
    assert membership.call("usage") == (1, 0, 1)
    with reverts("MembershipStewardCapExceeded", 1, 0):
        membership.call("admit", person(102).address, CHARTER, sender=STEWARD)


@pytest.mark.usefixtures("community")
def test_admit_by_the_steward_shares_the_epoch_with_merit(rpc: DevRpc) -> None:
    dao = stewarded(rpc, cap=2)
    membership = dao.dao.membership
    membership.send("admit", ANNA, CHARTER, sender=STEWARD)
    dao.as_treasury(membership, "credit", 1, 10**18, 0, bytes(32))
    assert membership.call("usage") == (0, 1_000, 1)
    rpc.warp_to(t0(membership) + EPOCH)
    dao.as_treasury(membership, "credit", 1, 2 * 10**18, 0, bytes(32))
    assert membership.call("usage") == (1, 2_000, 0)


@pytest.mark.usefixtures("community")
def test_admit_by_the_steward_reverts_when_the_number_was_lowered(rpc: DevRpc) -> None:
    dao = stewarded(rpc, cap=3)
    membership = dao.dao.membership
    membership.send("admitMany", [ANNA, BEN], CHARTER, sender=STEWARD)
    settings = membership.call("settings")
    dao.as_treasury(membership, "setSettings", settings | {"stewardCap": 1})
    with reverts("MembershipStewardCapExceeded", 1, 0):
        membership.call("admit", person(102).address, CHARTER, sender=STEWARD)
    dao.as_treasury(membership, "setSettings", settings | {"stewardCap": 0})
    with reverts("MembershipStewardCapExceeded", 1, 0):
        membership.call("admit", person(102).address, CHARTER, sender=STEWARD)


@pytest.mark.usefixtures("community")
def test_admit_by_the_steward_reverts_given_the_term_is_over(rpc: DevRpc) -> None:
    dao = stewarded(rpc, term=10 * DAY)
    membership = dao.dao.membership
    until = dao.dao.treasury.call("stewardOffice")["until"]
    rpc.warp_to(until - 1)
    assert membership.call("admit", ANNA, CHARTER, sender=STEWARD) == 6
    rpc.warp_to(until)
    with reverts("MembershipUnauthorized", STEWARD, role("ADMITTER")):
        membership.call("admit", ANNA, CHARTER, sender=STEWARD)


@pytest.mark.usefixtures("community")
def test_admit_by_the_steward_does_not_lift_a_bar(rpc: DevRpc) -> None:
    dao = stewarded(rpc)
    dao.as_treasury(dao.dao.membership, "bar", 1)
    with reverts("MembershipBarred", 1):
        dao.dao.membership.call("admit", dao.wallets[0], CHARTER, sender=STEWARD)


@pytest.mark.usefixtures("community")
def test_admitters_and_the_treasury_do_not_use_the_stewards_number(rpc: DevRpc) -> None:
    dao = stewarded(rpc, cap=1)
    membership = dao.dao.membership
    admitter = grant(dao, "ADMITTER", dao.outsider.address)
    membership.send("admitMany", [ANNA, BEN], CHARTER, sender=admitter)
    dao.as_treasury(membership, "admit", person(102).address, CHARTER)
    assert membership.call("usage") == (0, 0, 0)


def test_admit_reverts_given_all_numbers_were_given(
    rpc: DevRpc, community: Community, admitter: str
) -> None:
    dao = found(rpc, factory=factory(rpc), salt=b"\x01" * 32)
    membership = dao.dao.membership
    set_last_id(rpc, membership, 2**24 - 2)
    dao.as_treasury(membership, "admit", ANNA, CHARTER)
    assert membership.call("memberIdOf", ANNA) == 2**24 - 1
    with reverts("MembershipFull"):
        membership.call("admit", BEN, CHARTER, sender=dao.dao.treasury_address)
    membership.send("exit", sender=dao.wallets[0])
    dao.as_treasury(membership, "admit", dao.wallets[0], CHARTER)  # no new number is needed
    assert member(membership, 1).standing == Standing.ACTIVE
    assert community.dao.membership.call("admit", BEN, CHARTER, sender=admitter) == 6


def test_admit_calls_nobody(rpc: DevRpc, membership: Contract, admitter: str) -> None:
    receiver = deploy(rpc, "TicketReceiver", bytes(4))  # reverts on every receipt
    membership.send("admit", receiver.address, CHARTER, sender=admitter)
    assert membership.call("ownerOf", 6) == receiver.address


# admitMany


def test_admit_many_reverts_when_caller_has_no_right(
    community: Community, membership: Contract
) -> None:
    caller = community.wallets[0]
    for wallets in ([ANNA], []):
        with reverts("MembershipUnauthorized", caller, role("ADMITTER")):
            membership.call("admitMany", wallets, CHARTER, sender=caller)


@pytest.mark.parametrize("accepted", [CHARTER, NO_CHARTER], ids=["charter", "zero"])
def test_admit_many_gives_ids_in_order(
    community: Community, membership: Contract, accepted: bytes
) -> None:
    treasury = community.dao.treasury_address
    gone = community.wallets[2]
    membership.send("exit", sender=gone)
    standing = Standing.ACTIVE if accepted == CHARTER else Standing.NEWCOMER
    speaking = 1 if accepted == CHARTER else 0

    receipt = membership.send("admitMany", [BEN, gone, ANNA], accepted, sender=treasury)

    admitted = [e.args for e in receipt.events if e.name == "MemberAdmitted"]
    assert [tuple(args.values()) for args in admitted] == [
        (6, BEN, standing, accepted),
        (3, gone, standing, accepted),
        (7, ANNA, standing, accepted),
    ]
    day = today(community.rpc)
    for number, wallet in ((6, BEN), (3, gone), (7, ANNA)):
        votes = speaking * VOICE
        assert member(membership, number) == Member(wallet, standing, day, number, wallet, votes)
    awake = 4 + 3 * speaking
    assert totals(membership) == Totals(awake, awake, awake * VOICE, 7)


def test_admit_many_admits_none_when_one_wallet_cannot_be(
    community: Community, membership: Contract, admitter: str
) -> None:
    before = totals(membership)
    with reverts("MembershipInvalidWallet", ZERO):
        membership.send("admitMany", [ANNA, ZERO], CHARTER, sender=admitter)
    with reverts("MembershipWalletTaken", community.wallets[4], 5):
        membership.send("admitMany", [ANNA, community.wallets[4]], CHARTER, sender=admitter)
    with reverts("MembershipCharterMismatch", OTHER_CHARTER, CHARTER):
        membership.send("admitMany", [ANNA], OTHER_CHARTER, sender=admitter)
    assert totals(membership) == before
    assert membership.call("memberIdOf", ANNA) == 0


def test_admit_many_reverts_when_a_wallet_is_named_twice(
    membership: Contract, admitter: str
) -> None:
    for accepted in (CHARTER, NO_CHARTER):
        with reverts("MembershipWalletTaken", ANNA, 6):
            membership.call("admitMany", [ANNA, BEN, ANNA], accepted, sender=admitter)


def test_admit_many_of_nobody_changes_nothing(membership: Contract, admitter: str) -> None:
    before = totals(membership)
    assert facts(membership.send("admitMany", [], CHARTER, sender=admitter)) == []
    assert totals(membership) == before


@pytest.mark.usefixtures("community")
def test_admit_many_by_the_steward_takes_all_from_the_number(rpc: DevRpc) -> None:
    membership = stewarded(rpc, cap=3).dao.membership
    wallets = [person(number).address for number in range(100, 104)]
    with reverts("MembershipStewardCapExceeded", 4, 3):
        membership.call("admitMany", wallets, CHARTER, sender=STEWARD)
    receipt = membership.send("admitMany", wallets[:2], CHARTER, sender=STEWARD)
    assert receipt.only("StewardAdmitted").args == {"epoch": 0, "number": 2}
    assert membership.call("usage") == (0, 0, 2)
    with reverts("MembershipStewardCapExceeded", 2, 1):
        membership.call("admitMany", wallets[2:], CHARTER, sender=STEWARD)
    membership.send("admitMany", wallets[2:3], CHARTER, sender=STEWARD)
    assert membership.call("usage") == (0, 0, 3)
    membership.send("admitMany", [], CHARTER, sender=STEWARD)
    assert replace(totals(membership), voice=0) == Totals(8, 8, 0, 8)


def test_a_year_of_admissions_keeps_every_id(
    community: Community, membership: Contract, admitter: str
) -> None:
    wallets = [person(number).address for number in range(300, 340)]
    for wallet in wallets:
        membership.send("admit", wallet, CHARTER, sender=admitter)
    assert [membership.call("memberIdOf", wallet) for wallet in wallets] == list(range(6, 46))
    assert [membership.call("walletOf", number) for number in range(1, 46)] == [
        *community.wallets,
        *wallets,
    ]
