"""A request ends: the person's word, an act, another vote, the seat moves; see succession.tree."""

from __future__ import annotations

import pytest

from mikoshi.testing.defaults import CHARTER, DAY, ZERO
from tests.support import grant, next_block_at, reverts, role
from tests.unit.membership.people import NO_CHARTER, Standing, facts, member
from tests.unit.succession.succeeding import (
    ANNA,
    INHERITANCE,
    NO_PLAN,
    NOTHING,
    PLAN,
    RECOVERY,
    TERM,
    VOTE,
    Seat,
    with_succession,
)


def asked(seat: Seat, kind: int) -> Seat:
    """The same, with such a request open."""
    if kind == VOTE:
        seat.recover_by_vote()
        return seat
    seat.plan()
    if kind == INHERITANCE:
        seat.fall_silent()
        seat.inherit()
    else:
        seat.recover()
    return seat


def signed_veto(seat: Seat, deadline: int = 0) -> tuple[int, int, bytes]:
    """The owner's veto, for somebody else to send."""
    until = deadline or seat.later()
    return seat.id, until, seat.typed.sign(seat.owner, "Veto", seat.id, seat.nonce, until)


KINDS = pytest.mark.parametrize("kind", [RECOVERY, INHERITANCE, VOTE])

# veto, vetoBySig


@KINDS
@pytest.mark.parametrize("by", ["call", "signature"])
def test_veto_ends_request_and_plan(seat: Seat, kind: int, by: str) -> None:
    asked(seat, kind)
    nonce = seat.nonce
    if by == "call":
        receipt = seat.send("veto", 1, sender=seat.owner.address)
    else:
        receipt = seat.send("vetoBySig", *signed_veto(seat))
    assert facts(receipt) == [("SuccessionVetoed", (1, seat.owner.address))]
    assert (seat.request, seat.nonce) == (NOTHING, nonce + 1)
    assert seat.contract.call("planHashOf", 1) == NO_PLAN
    seat.community.rpc.warp(60 * DAY)
    with reverts("SuccessionNoRequest", 1):
        seat.finish()
    assert seat.held_by() == seat.owner.address


@KINDS
def test_veto_until_it_is_finished(seat: Seat, kind: int) -> None:
    """Also when it has long been ready."""
    asked(seat, kind)
    seat.community.rpc.warp_to(seat.request[3] - 5)
    seat.send("veto", 1, sender=seat.owner.address)
    with reverts("SuccessionNoRequest", 1):
        seat.finish()


def test_veto_after_the_seat_moved_is_nobodys(planned: Seat) -> None:
    args = signed_veto(asked(planned, RECOVERY), planned.now() + 60 * DAY)
    planned.ripen()
    planned.finish()
    with reverts("SuccessionUnauthorized", planned.owner.address):
        planned.send("veto", 1, sender=planned.owner.address)
    with reverts("SuccessionInvalidSignature", ANNA.address):
        planned.send("vetoBySig", *args)


def test_veto_without_a_request_ends_the_plan(planned: Seat) -> None:
    receipt = planned.send("veto", 1, sender=planned.owner.address)
    assert facts(receipt) == [("SuccessionVetoed", (1, planned.owner.address))]
    assert planned.contract.call("planHashOf", 1) == NO_PLAN
    with reverts("SuccessionPlanMismatch", 1, PLAN.hash, NO_PLAN):
        planned.recover()


def test_veto_reverts_when_there_is_nothing_to_end(seat: Seat) -> None:
    owner, treasury = seat.owner.address, seat.community.dao.treasury_address
    for caller in (owner, treasury):
        with reverts("SuccessionNoRequest", 1):
            seat.contract.call("veto", 1, sender=caller)
    asked(seat, VOTE)
    seat.community.rpc.warp_to(seat.request[3] + 1)
    for caller in (owner, treasury):
        with reverts("SuccessionNoRequest", 1):
            seat.contract.call("veto", 1, sender=caller)


def test_veto_reverts_when_the_caller_is_somebody_else(planned: Seat) -> None:
    planned.recover()
    dao = planned.community.dao
    for caller in (planned.community.wallets[1], ANNA.address, dao.governor_address):
        with reverts("SuccessionUnauthorized", caller):
            planned.contract.call("veto", 1, sender=caller)
    for number in (0, 99):
        with reverts("SuccessionUnauthorized", ANNA.address):
            planned.contract.call("veto", number, sender=ANNA.address)


def test_a_vote_ends_a_votes_request_alone(seat: Seat) -> None:
    treasury = seat.community.dao.treasury_address
    asked(seat, VOTE)
    receipt = seat.community.as_treasury(seat.contract, "veto", 1)
    assert facts(receipt) == [("SuccessionVetoed", (1, treasury))]
    assert (seat.request, seat.nonce) == (NOTHING, 2)
    for kind in (RECOVERY, INHERITANCE):
        with seat.community.rpc.isolate():
            asked(seat, kind)
            with reverts("SuccessionNoRequest", 1):
                seat.contract.call("veto", 1, sender=treasury)


def test_veto_by_sig_reverts_when_expired_or_another(planned: Seat) -> None:
    planned.recover()
    until = planned.now() + DAY
    number, _, signature = signed_veto(planned, until)
    owner, sender = planned.owner.address, planned.community.outsider.address
    for values, account in (
        ((2, until), planned.community.wallets[1]),
        ((0, until), ZERO),
        ((number, until + 1), owner),
    ):
        with reverts("SuccessionInvalidSignature", account):
            planned.contract.call("vetoBySig", *values, signature, sender=sender)
    planned.community.rpc.warp_to(until)
    planned.contract.call("vetoBySig", number, until, signature, sender=sender)
    planned.community.rpc.warp_to(until + 1)
    with reverts("SuccessionExpired", until):
        planned.send("vetoBySig", number, until, signature)


# finish


@KINDS
def test_finish_moves_the_seat(seat: Seat, kind: int) -> None:
    before = member(seat.membership, 1)
    asked(seat, kind)
    nonce, old = seat.nonce, seat.owner.address
    seat.ripen()
    receipt = seat.finish()
    told = facts(receipt)
    assert told[0] == ("SuccessionFinished", (1, kind, old, ANNA.address))
    assert ("WalletMoved", (1, old, ANNA.address)) in told
    after = member(seat.membership, 1)
    assert (after.wallet, after.standing, after.ticket) == (ANNA.address, Standing.ACTIVE, 1)
    assert after.stamp == before.stamp
    assert (seat.request, seat.nonce) == (NOTHING, nonce + 1)
    kept = PLAN.hash if kind == RECOVERY else NO_PLAN
    assert seat.contract.call("planHashOf", 1) == kept
    assert seat.contract.call("silentSince", 1) >= seat.now()
    with reverts("SuccessionNoRequest", 1):
        seat.finish()


@KINDS
def test_finish_from_the_first_second_to_the_last(seat: Seat, kind: int) -> None:
    asked(seat, kind)
    _, _, ready, expires = seat.request
    assert expires == ready + TERM
    sender = seat.community.outsider.address
    seat.community.rpc.warp_to(ready - 1)
    with reverts("SuccessionTooEarly", 1, ready):
        seat.contract.call("finish", 1, sender=sender)
    for at in (ready, expires):
        seat.community.rpc.warp_to(at)
        seat.contract.call("finish", 1, sender=sender)
    seat.community.rpc.warp_to(expires + 1)
    with reverts("SuccessionNoRequest", 1):
        seat.contract.call("finish", 1, sender=sender)


def test_finish_reverts_when_nothing_is_asked_for(planned: Seat) -> None:
    for number in (0, 1, 2, 99):
        with reverts("SuccessionNoRequest", number):
            planned.contract.call("finish", number, sender=ANNA.address)


def test_finish_is_heard(planned: Seat) -> None:
    planned.fall_silent()
    planned.recover()
    planned.ripen()
    next_block_at(planned.community.rpc, planned.now() + 10)
    planned.finish()
    assert planned.contract.call("silentSince", 1) == planned.now()


@pytest.mark.parametrize("how", ["admitted", "woken"])
def test_finish_reverts_when_the_wallet_got_a_seat_of_its_own(planned: Seat, how: str) -> None:
    membership, community = planned.membership, planned.community
    if how == "woken":
        community.as_treasury(membership, "admit", ANNA.address, NO_CHARTER)
    asked(planned, RECOVERY)
    community.as_treasury(membership, "admit", ANNA.address, CHARTER)
    planned.ripen()
    with reverts("MembershipWalletTaken", ANNA.address, 6):
        planned.finish()
    assert planned.request[0] == RECOVERY
    membership.send("exit", sender=_rich(planned, ANNA.address))
    with reverts("MembershipWalletTaken", ANNA.address, 6):
        planned.finish()


def test_finish_onto_the_wallet_of_who_never_spoke(planned: Seat) -> None:
    planned.community.as_treasury(planned.membership, "admit", ANNA.address, NO_CHARTER)
    asked(planned, RECOVERY)
    planned.ripen()
    planned.finish()
    assert member(planned.membership, 1).wallet == ANNA.address
    other = member(planned.membership, 6)
    assert (other.wallet, other.standing) == (planned.owner.address, Standing.BARRED)


def test_finish_reverts_without_the_role(seat: Seat) -> None:
    other = with_succession(seat.community, salt=1, in_force=False)
    asked(other, RECOVERY).ripen()
    with reverts("MembershipUnauthorized", other.contract.address, role("SUCCESSION")):
        other.finish()
    grant(seat.community, "SUCCESSION", other.contract.address)
    other.finish()
    assert other.held_by() == ANNA.address


@pytest.mark.parametrize("how", ["exit", "bar", "rest"])
def test_finish_moves_who_left_was_barred_or_rests_meanwhile(planned: Seat, how: str) -> None:
    """Guardians asked: the number, the record and what is owed go on, with the standing."""
    asked(planned, RECOVERY)
    if how == "bar":
        planned.community.as_treasury(planned.membership, "bar", 1)
    else:
        planned.membership.send(how, sender=planned.owner.address)
    planned.ripen()
    planned.finish()
    standing = {"exit": Standing.EXITED, "bar": Standing.BARRED, "rest": Standing.DORMANT}[how]
    after = member(planned.membership, 1)
    assert (after.wallet, after.standing) == (ANNA.address, standing)


def test_the_usual_way_costs_so_much(seat: Seat) -> None:
    """Gas in all: two members and two friends in the plan, two of them ask."""
    assert seat.plan().gas <= 94_100
    assert seat.plan().gas <= 57_100
    assert seat.recover().gas <= 108_300
    seat.ripen()
    assert seat.finish().gas <= 91_500


# An act


def do(seat: Seat, what: str) -> None:
    """An act of the owner's, or what a contract reports as one."""
    membership, owner = seat.membership, seat.owner.address
    if what == "delegate":
        membership.send("delegate", seat.community.wallets[1], sender=owner)
    elif what == "vote":
        draft = seat.community.propose([], by=1)
        seat.community.open_voting(draft)
        seat.community.vote(draft, [0])
    elif what == "work":
        reporter = grant(seat.community, "REWARDER", _rich(seat, ANNA.address))
        membership.send("act", owner, sender=reporter)
    else:
        membership.send(what, sender=owner)


@pytest.mark.parametrize("what", ["rest", "delegate", "exit", "vote", "work"])
def test_an_act_ends_an_inheritance(planned: Seat, what: str) -> None:
    asked(planned, INHERITANCE)
    do(planned, what)
    assert planned.request == NOTHING
    planned.community.rpc.warp(30 * DAY)
    with reverts("SuccessionNoRequest", 1):
        planned.finish()
    assert planned.held_by() == planned.owner.address
    assert planned.contract.call("planHashOf", 1) == PLAN.hash
    with reverts("SuccessionNotSilent", 1, planned.contract.call("silentSince", 1) + PLAN.silence):
        planned.inherit()


@pytest.mark.parametrize("what", ["wake", "vote"])
def test_an_act_of_the_dormant_ends_an_inheritance(planned: Seat, what: str) -> None:
    membership, owner = planned.membership, planned.owner.address
    planned.fall_silent()
    if what == "vote":  # their voice at the snapshot counts
        draft = planned.community.propose([], by=1)
        planned.community.open_voting(draft)
    membership.send("lapse", [1], sender=planned.community.wallets[1])
    assert member(membership, 1).standing == Standing.DORMANT
    planned.inherit()
    if what == "vote":
        planned.community.vote(draft, [0])
    else:
        membership.send("wake", NO_CHARTER, sender=owner)
    assert planned.request == NOTHING


@KINDS
def test_a_strangers_lapse_is_no_act(seat: Seat, kind: int) -> None:
    asked(seat, kind)
    if kind == INHERITANCE:
        seat.membership.send("lapse", [1], sender=seat.community.wallets[1])
        assert member(seat.membership, 1).standing == Standing.DORMANT
    assert seat.request[0] == kind


def test_an_act_does_not_end_what_guardians_ask_for(planned: Seat) -> None:
    """The lost wallet may act in other hands."""
    planned.fall_silent()
    planned.recover()
    do(planned, "rest")
    assert planned.request[0] == RECOVERY
    planned.ripen()
    planned.finish()
    assert planned.held_by() == ANNA.address


def test_an_act_ends_a_votes_request_once_it_is_recorded(seat: Seat) -> None:
    asked(seat, VOTE)
    stamp = seat.membership.call("stampOf", 1)
    seat.membership.send("delegate", seat.community.wallets[1], sender=seat.owner.address)
    assert seat.request[0] == VOTE  # too soon after the last record
    seat.community.rpc.warp_to((stamp + 30) * DAY)
    seat.membership.send("delegate", ZERO, sender=seat.owner.address)
    assert seat.request == NOTHING


def _rich(seat: Seat, address: str) -> str:
    seat.community.rpc.fund(address)
    return address
