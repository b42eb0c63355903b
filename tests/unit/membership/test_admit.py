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
    seen,
    set_last_id,
    today,
    totals,
    waking_day,
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
        "season": 45 * DAY,
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
        ("Transfer", (ZERO, ANNA, 6)),
        ("Locked", (6,)),
        ("MemberAdmitted", (6, ANNA, Standing.ACTIVE, CHARTER)),
        ("DelegateVotesChanged", (ANNA, 0, VOICE)),
        *([("SeatsUsed", (0, 1))] if caller == "treasury" else []),
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
        ("Transfer", (ZERO, ANNA, 6)),
        ("Locked", (6,)),
        ("MemberAdmitted", (6, ANNA, Standing.NEWCOMER, NO_CHARTER)),
    ]
    day = waking_day(community.rpc)
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


@pytest.mark.parametrize("standing", [Standing.ACTIVE, Standing.DORMANT, Standing.ABSENT])
def test_admit_passes_over_who_is_a_member(
    community: Community, membership: Contract, admitter: str, standing: Standing
) -> None:
    wallet = community.wallets[0]
    if standing != Standing.ACTIVE:
        membership.send("rest", sender=wallet)
    if standing == Standing.ABSENT:
        community.rpc.warp(577 * DAY)
        membership.send("lapse", [1], sender=wallet)
    before = member(membership, 1), totals(membership)
    assert before[0].standing == standing
    for charter in (CHARTER, NO_CHARTER):
        for caller in (community.dao.treasury_address, admitter):
            assert membership.call("admit", wallet, charter, sender=caller) == 1
            assert facts(membership.send("admit", wallet, charter, sender=caller)) == []
    assert (member(membership, 1), totals(membership)) == before
    assert seen(membership, "usage") == (0, 0, 0, 0)


@pytest.mark.parametrize("caller", ["admitter", "treasury"])
def test_admit_wakes_a_newcomer_who_never_spoke(
    community: Community, membership: Contract, admitter: str, caller: str
) -> None:
    """A seat sent to them unasked spoils nothing."""
    sender = admitter if caller == "admitter" else community.dao.treasury_address
    membership.send("admit", ANNA, NO_CHARTER, sender=admitter)
    assert membership.call("neverSpoke", 6) is True
    assert facts(membership.send("admit", ANNA, NO_CHARTER, sender=sender)) == []
    assert membership.call("admit", ANNA, CHARTER, sender=sender) == 6

    receipt = membership.send("admit", ANNA, CHARTER, sender=sender)

    assert facts(receipt) == [
        ("DelegateVotesChanged", (ANNA, 0, VOICE)),
        ("StandingChanged", (6, Standing.ACTIVE)),
        ("MetadataUpdate", (6,)),
        *([("SeatsUsed", (0, 1))] if caller == "treasury" else []),
    ]
    day = today(community.rpc)
    assert member(membership, 6) == Member(ANNA, Standing.ACTIVE, day, 6, ANNA, VOICE)
    assert totals(membership) == Totals(6, 6, 6 * VOICE, 6)
    assert seen(membership, "uncounted") == 0
    assert membership.call("neverSpoke", 6) is False


def test_admit_of_a_newcomer_who_spoke_before_waits_for_a_vote(
    community: Community, membership: Contract, admitter: str
) -> None:
    """Others may have lent them voice that they would cast on proposals older than their seat."""
    first, second = community.wallets[:2]
    membership.send("delegate", first, sender=second)
    membership.send("exit", sender=first)
    membership.send("rejoin", CHARTER, sender=first)
    before = member(membership, 1)
    assert (before.standing, before.votes) == (Standing.NEWCOMER, VOICE)
    assert membership.call("neverSpoke", 1) is False
    assert membership.call("admit", first, CHARTER, sender=admitter) == 1
    assert facts(membership.send("admitMany", [first], CHARTER, sender=admitter)) == []
    assert member(membership, 1) == before

    receipt = community.as_treasury(membership, "admit", first, CHARTER)

    assert facts(receipt) == [
        ("DelegateVotesChanged", (first, VOICE, 2 * VOICE)),
        ("StandingChanged", (1, Standing.ACTIVE)),
        ("MetadataUpdate", (1,)),
        ("SeatsUsed", (0, 1)),
    ]
    assert totals(membership) == Totals(5, 5, 5 * VOICE, 5)


@pytest.mark.parametrize("was", ["member", "newcomer"])
def test_admit_passes_over_who_left_a_soulbound_ticket(
    community: Community, membership: Contract, admitter: str, was: str
) -> None:
    """They rejoin themselves; nobody is brought back unasked."""
    wallet, number = community.wallets[1], 2
    if was == "newcomer":
        wallet, number = ANNA, 6
        membership.send("admit", ANNA, NO_CHARTER, sender=admitter)
    membership.send("exit", sender=_funded(community.rpc, wallet))
    for charter in (CHARTER, NO_CHARTER):
        assert membership.call("admit", wallet, charter, sender=admitter) == number
        assert facts(membership.send("admit", wallet, charter, sender=admitter)) == []
    receipt = membership.send("admitMany", [BEN, wallet], CHARTER, sender=admitter)
    assert receipt.only("MemberAdmitted").args["wallet"] == BEN
    assert member(membership, number).standing == Standing.EXITED
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
        # Others may have lent them voice: silent for a season, as whoever comes back by themselves.
        ("MemberAdmitted", (2, wallet, Standing.NEWCOMER, CHARTER)),
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
        ("Transfer", (ZERO, wallet, 2)),
        ("Locked", (2,)),
        ("MemberAdmitted", (2, wallet, standing, accepted)),
        ("DelegateVotesChanged", (wallet, 0, VOICE)),
        ("SeatsUsed", (1, 1)),
    ]
    assert facts(receipt) == expected[: 5 if votes else 3]
    day = today(community.rpc) if votes else waking_day(community.rpc)
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
    market.as_treasury(exchange, "admit", barred, CHARTER)  # the bar used the seat of this epoch
    assert member(exchange, 2).standing == Standing.NEWCOMER


def test_admit_by_the_treasury_lifts_a_bar(community: Community, membership: Contract) -> None:
    wallet = community.wallets[1]
    community.as_treasury(membership, "bar", 2)
    community.rpc.warp(30 * DAY)

    receipt = community.as_treasury(membership, "admit", wallet, CHARTER)

    admitted = receipt.only("MemberAdmitted")
    assert tuple(admitted.args.values()) == (2, wallet, Standing.ACTIVE, CHARTER)
    assert member(membership, 2).standing == Standing.ACTIVE
    membership.send("exit", sender=wallet)
    membership.send("rejoin", CHARTER, sender=wallet)
    assert member(membership, 2).standing == Standing.NEWCOMER


def test_admit_by_the_treasury_beyond_its_seats_makes_newcomers(
    community: Community, membership: Contract
) -> None:
    """One unopposed vote must not fill the DAO with wallets that decide for ever after."""
    t0 = membership.call("voiceParams")["t0"]
    wallets = [person(number).address for number in range(100, 103)]
    assert seen(membership, "seatsLeft") == 1

    receipt = community.as_treasury(membership, "admitMany", wallets, CHARTER)

    admitted = [e.args["standing"] for e in receipt.events if e.name == "MemberAdmitted"]
    assert admitted == [Standing.ACTIVE, Standing.NEWCOMER, Standing.NEWCOMER]
    assert receipt.only("SeatsUsed").args == {"epoch": 0, "number": 1}
    assert totals(membership) == Totals(6, 6, 6 * VOICE, 8)
    assert (seen(membership, "seatsLeft"), seen(membership, "usage")) == (0, (0, 0, 0, 1))
    assert facts(community.as_treasury(membership, "admit", wallets[1], CHARTER)) == []
    community.rpc.warp_to(t0 + EPOCH - 1)
    assert seen(membership, "seatsLeft") == 0
    next_block_at(community.rpc, t0 + EPOCH)
    community.as_treasury(membership, "admitMany", wallets, CHARTER)
    standings = [member(membership, number).standing for number in (6, 7, 8)]
    assert standings == [Standing.ACTIVE, Standing.ACTIVE, Standing.NEWCOMER]
    assert seen(membership, "usage") == (1, 0, 0, 1)


def test_admit_by_the_treasury_has_a_twentieth_of_the_awake(
    community: Community, membership: Contract, admitter: str
) -> None:
    others = [person(number).address for number in range(300, 334)]
    membership.send("admitMany", others, CHARTER, sender=admitter)
    assert (totals(membership).awake, seen(membership, "seatsLeft")) == (39, 1)
    membership.send("admit", ANNA, CHARTER, sender=admitter)
    assert (totals(membership).awake, seen(membership, "seatsLeft")) == (40, 2)
    community.as_treasury(membership, "bar", 1)
    assert (totals(membership).awake, seen(membership, "seatsLeft")) == (39, 0)
    membership.send("admit", BEN, CHARTER, sender=admitter)  # who takes no seat of a vote
    assert seen(membership, "seatsLeft") == 1
    community.rpc.warp(1)  # the awake of a second ago count
    new = [person(number).address for number in (400, 401)]
    receipt = community.as_treasury(membership, "admitMany", new, CHARTER)
    admitted = [e.args["standing"] for e in receipt.events if e.name == "MemberAdmitted"]
    assert admitted == [Standing.ACTIVE, Standing.NEWCOMER]
    assert seen(membership, "usage") == (0, 0, 0, 2)


def test_admit_reverts_when_caller_is_steward_of_another_dao(
    rpc: DevRpc, community: Community
) -> None:
    stewarded(rpc)
    with reverts("MembershipUnauthorized", STEWARD, role("ADMITTER")):
        community.dao.membership.call("admit", ANNA, CHARTER, sender=STEWARD)


@pytest.mark.usefixtures("community")
def test_admit_by_the_steward_uses_the_number_of_the_epoch(rpc: DevRpc) -> None:
    membership = stewarded(rpc, cap=2).dao.membership
    assert seen(membership, "usage") == (0, 0, 0, 0)
    receipt = membership.send("admit", ANNA, CHARTER, sender=STEWARD)
    assert receipt.only("MemberAdmitted").args["standing"] == Standing.ACTIVE
    assert receipt.only("StewardAdmitted").args == {"epoch": 0, "number": 1}
    assert seen(membership, "usage") == (0, 0, 1, 0)
    membership.send("admit", BEN, NO_CHARTER, sender=STEWARD)
    assert seen(membership, "usage") == (0, 0, 2, 0)

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
    assert seen(membership, "usage") == (1, 0, 1, 0)
    with reverts("MembershipStewardCapExceeded", 1, 0):
        membership.call("admit", person(102).address, CHARTER, sender=STEWARD)


@pytest.mark.usefixtures("community")
def test_admit_by_the_steward_shares_the_epoch_with_merit(rpc: DevRpc) -> None:
    dao = stewarded(rpc, cap=2)
    membership = dao.dao.membership
    membership.send("admit", ANNA, CHARTER, sender=STEWARD)
    dao.as_treasury(membership, "credit", 1, 10**18, 0, bytes(32))
    assert seen(membership, "usage") == (0, 1_000, 1, 0)
    rpc.warp_to(t0(membership) + EPOCH)
    dao.as_treasury(membership, "credit", 1, 2 * 10**18, 0, bytes(32))
    assert seen(membership, "usage") == (1, 2_000, 0, 0)


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
    assert seen(membership, "usage") == (0, 0, 0, 1)


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
    assert member(membership, 1).standing == Standing.NEWCOMER
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
def test_admit_many_gives_ids_in_order(market: Community, accepted: bytes) -> None:
    exchange, gone = market.dao.membership, market.wallets[2]
    admitter = grant(market, "ADMITTER", market.outsider.address)
    exchange.send("exit", sender=gone)
    standing = Standing.ACTIVE if accepted == CHARTER else Standing.NEWCOMER
    speaking = 1 if accepted == CHARTER else 0

    receipt = exchange.send("admitMany", [BEN, gone, ANNA], accepted, sender=admitter)

    admitted = [e.args for e in receipt.events if e.name == "MemberAdmitted"]
    assert [tuple(args.values()) for args in admitted] == [
        (6, BEN, standing, accepted),
        (3, gone, Standing.NEWCOMER, accepted),
        (7, ANNA, standing, accepted),
    ]
    day, later = today(market.rpc) if speaking else waking_day(market.rpc), waking_day(market.rpc)
    for number, wallet in ((6, BEN), (7, ANNA)):
        votes = speaking * VOICE
        assert member(exchange, number) == Member(wallet, standing, day, number, wallet, votes)
    assert member(exchange, 3) == Member(gone, Standing.NEWCOMER, later, 3, gone, 0)
    awake = 4 + 2 * speaking
    assert totals(exchange) == Totals(awake, awake, awake * VOICE, 7)
    assert seen(exchange, "uncounted") == 3 - 2 * speaking


def test_admit_many_admits_none_when_one_wallet_cannot_be(
    membership: Contract, admitter: str
) -> None:
    before = totals(membership)
    with reverts("MembershipInvalidWallet", ZERO):
        membership.send("admitMany", [ANNA, ZERO], CHARTER, sender=admitter)
    with reverts("MembershipCharterMismatch", OTHER_CHARTER, CHARTER):
        membership.send("admitMany", [ANNA], OTHER_CHARTER, sender=admitter)
    assert totals(membership) == before
    assert membership.call("memberIdOf", ANNA) == 0


@pytest.mark.parametrize("accepted", [CHARTER, NO_CHARTER], ids=["charter", "zero"])
def test_admit_many_admits_once_who_is_named_twice(
    membership: Contract, admitter: str, accepted: bytes
) -> None:
    receipt = membership.send("admitMany", [ANNA, BEN, ANNA], accepted, sender=admitter)
    admitted = [e.args["id"] for e in receipt.events if e.name == "MemberAdmitted"]
    assert admitted == [6, 7]
    assert totals(membership).last_id == 7


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
    assert seen(membership, "usage") == (0, 0, 2, 0)
    with reverts("MembershipStewardCapExceeded", 2, 1):
        membership.call("admitMany", wallets[2:], CHARTER, sender=STEWARD)
    membership.send("admitMany", wallets[2:3], CHARTER, sender=STEWARD)
    assert seen(membership, "usage") == (0, 0, 3, 0)
    assert facts(membership.send("admitMany", wallets[:3], CHARTER, sender=STEWARD)) == []
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
