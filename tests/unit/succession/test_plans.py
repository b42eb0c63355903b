"""Plans; see succession.tree."""

from __future__ import annotations

import pytest
from eth_utils.conversions import to_bytes

from mikoshi.testing.community import Community, person
from mikoshi.testing.defaults import DAY, ZERO
from tests.support import compact, reverts
from tests.unit.membership.people import facts
from tests.unit.succession.succeeding import (
    FRIENDS,
    HEIR,
    NO_PLAN,
    NOTHING,
    PLAN,
    SILENCE,
    UNRECORDED,
    Plan,
    Seat,
)

MANY = tuple(sorted((person(3200 + each).address for each in range(8)), key=lambda a: int(a, 16)))
FEWEST = Plan((), (), 0, 3 * DAY, HEIR.address, 180 * DAY)
ONE = PLAN._replace(members=(2,), others=(), needed=1, heir=ZERO, silence=0)


def field(name: str) -> bytes:
    """A name of a number as errors carry it."""
    return to_bytes(text=name).ljust(32, b"\0")


def signed(seat: Seat, plan: Plan = PLAN, deadline: int = 0) -> tuple[int, Plan, int, bytes]:
    """The owner's plan, for somebody else to send."""
    until = deadline or seat.later()
    values = (seat.id, list(plan.members), list(plan.others), *plan[2:], seat.nonce, until)
    return seat.id, plan, until, seat.typed.sign(seat.owner, "SetPlan", *values)


def test_set_plan(seat: Seat) -> None:
    assert (seat.contract.call("planHashOf", 1), seat.nonce) == (NO_PLAN, 0)
    receipt = seat.plan()
    ((name, (number, plan_hash, told)),) = facts(receipt)
    assert (name, number, plan_hash) == ("PlanSet", 1, PLAN.hash)
    assert tuple(map(tuple, (told["members"], told["others"]))) == (PLAN.members, PLAN.others)
    assert tuple(told.values())[2:] == PLAN[2:]
    assert (seat.contract.call("planHashOf", 1), seat.nonce) == (PLAN.hash, 1)
    assert seat.request == NOTHING
    assert seat.contract.call("planHashOf", 2) == NO_PLAN


def test_set_plan_again_replaces_the_one_before(planned: Seat) -> None:
    planned.plan(ONE)
    assert (planned.contract.call("planHashOf", 1), planned.nonce) == (ONE.hash, 2)


@pytest.mark.parametrize("how", ["rest", "exit", "bar"])
def test_set_plan_by_who_is_not_awake(seat: Seat, how: str) -> None:
    """Who left has claims, and a number to come back to."""
    if how == "bar":
        seat.community.as_treasury(seat.membership, "bar", 1)
    else:
        seat.membership.send(how, sender=seat.owner.address)
    seat.plan()
    assert seat.contract.call("planHashOf", 1) == PLAN.hash


def test_set_plan_reverts_when_the_caller_is_nobody(seat: Seat) -> None:
    outsider = seat.community.outsider.address
    for caller in (outsider, seat.community.dao.treasury_address):
        with reverts("SuccessionUnauthorized", caller):
            seat.contract.call("setPlan", PLAN, sender=caller)


@pytest.mark.parametrize(
    ("changes", "name", "value", "low", "high"),
    [
        ({"members": (), "others": (), "needed": 0, "heir": ZERO}, "guardians", 0, 1, 7),
        ({"members": (), "others": MANY}, "guardians", 8, 0, 7),
        ({"members": (2, 3, 4, 5), "others": MANY[:4]}, "guardians", 8, 0, 7),
        ({"needed": 0}, "needed", 0, 1, 4),
        ({"needed": 5}, "needed", 5, 1, 4),
        ({"members": (), "others": (), "needed": 1}, "needed", 1, 0, 0),
        ({"delay": 3 * DAY - 1}, "delay", 3 * DAY - 1, 3 * DAY, 60 * DAY),
        ({"delay": 60 * DAY + 1}, "delay", 60 * DAY + 1, 3 * DAY, 60 * DAY),
        ({"silence": 180 * DAY - 1}, "silence", 180 * DAY - 1, 180 * DAY, 1825 * DAY),
        ({"silence": 1825 * DAY + 1}, "silence", 1825 * DAY + 1, 180 * DAY, 1825 * DAY),
        ({"heir": ZERO, "silence": 1}, "silence", 1, 0, 0),
    ],
)
def test_set_plan_reverts_when_a_number_is_outside_its_limits(
    seat: Seat, changes: dict[str, object], name: str, value: int, low: int, high: int
) -> None:
    with reverts("SuccessionInvalidPlan", field(name), value, low, high):
        seat.plan(PLAN._replace(**changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "plan",
    [
        FEWEST,
        ONE,
        PLAN._replace(members=(2, 3, 4, 5), others=MANY[:3], needed=7, delay=60 * DAY),
        PLAN._replace(members=(), others=MANY[:7], silence=1825 * DAY),
    ],
)
def test_set_plan_at_the_limits(seat: Seat, plan: Plan) -> None:
    seat.plan(plan)
    assert seat.contract.call("planHashOf", 1) == plan.hash


def test_set_plan_reverts_when_a_guardian_is_unordered_or_the_person(seat: Seat) -> None:
    low, high = (each.address for each in FRIENDS)
    for members, wrong in (((3, 2), 2), ((2, 2), 2), ((0, 2), 0), ((1, 2), 1)):
        with reverts("SuccessionInvalidGuardian", wrong):
            seat.plan(PLAN._replace(members=members))
    for others in ((high, low), (low, low), (ZERO, high)):
        wrong = int(others[1] if others[0] != ZERO else ZERO, 16)
        with reverts("SuccessionInvalidGuardian", wrong):
            seat.plan(PLAN._replace(others=others))


def test_set_plan_ends_what_was_asked_for(planned: Seat) -> None:
    planned.recover()
    receipt = planned.plan()
    assert [name for name, _ in facts(receipt)] == ["PlanSet"]
    assert (planned.request, planned.nonce) == (NOTHING, 3)
    planned.community.rpc.warp(60 * DAY)
    with reverts("SuccessionNoRequest", 1):
        planned.finish()


def test_set_plan_ends_a_votes_request(seat: Seat) -> None:
    seat.recover_by_vote()
    seat.plan()
    assert seat.request == NOTHING


def test_set_plan_is_heard(seat: Seat) -> None:
    stamp = seat.membership.call("stampOf", 1)
    assert seat.contract.call("silentSince", 1) == stamp * DAY + UNRECORDED
    seat.community.rpc.warp(SILENCE)
    assert seat.contract.call("silentSince", 1) == stamp * DAY + UNRECORDED
    seat.plan()
    assert seat.contract.call("silentSince", 1) == seat.now()
    assert seat.membership.call("stampOf", 1) == stamp


# setPlanBySig


def test_set_plan_by_sig(seat: Seat) -> None:
    args = signed(seat)
    receipt = seat.send("setPlanBySig", *args)
    assert [name for name, _ in facts(receipt)] == ["PlanSet"]
    assert (seat.contract.call("planHashOf", 1), seat.nonce) == (PLAN.hash, 1)
    assert seat.contract.call("silentSince", 1) > seat.now()  # the record is as young
    with reverts("SuccessionInvalidSignature", seat.owner.address):
        seat.send("setPlanBySig", *args)


def test_set_plan_by_sig_takes_the_compact_form(seat: Seat) -> None:
    number, plan, until, signature = signed(seat)
    seat.send("setPlanBySig", number, plan, until, compact(signature))
    assert seat.contract.call("planHashOf", 1) == PLAN.hash


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("members", (2, 4)),
        ("others", (FRIENDS[0].address,)),
        ("needed", 1),
        ("delay", 8 * DAY),
        ("heir", person(666).address),
        ("silence", 201 * DAY),
    ],
)
def test_set_plan_by_sig_reverts_when_a_field_is_changed(
    seat: Seat, name: str, value: object
) -> None:
    number, plan, until, signature = signed(seat)
    changed = plan._replace(**{name: value})  # type: ignore[arg-type]
    with reverts("SuccessionInvalidSignature", seat.owner.address):
        seat.send("setPlanBySig", number, changed, until, signature)


def test_set_plan_by_sig_reverts_when_id_deadline_or_nonce_is_another(seat: Seat) -> None:
    number, plan, until, signature = signed(seat)
    with reverts("SuccessionInvalidSignature", seat.community.wallets[1]):
        seat.send("setPlanBySig", 2, plan, until, signature)
    with reverts("SuccessionInvalidSignature", ZERO):
        seat.send("setPlanBySig", 99, plan, until, signature)
    with reverts("SuccessionInvalidSignature", seat.owner.address):
        seat.send("setPlanBySig", number, plan, until + 1, signature)
    seat.plan(ONE)
    with reverts("SuccessionInvalidSignature", seat.owner.address):
        seat.send("setPlanBySig", number, plan, until, signature)


def test_set_plan_by_sig_until_the_last_second(seat: Seat) -> None:
    until = seat.now() + DAY
    args = signed(seat, deadline=until)
    seat.community.rpc.warp_to(until)
    seat.contract.call("setPlanBySig", *args, sender=seat.community.outsider.address)
    seat.community.rpc.warp_to(until + 1)
    with reverts("SuccessionExpired", until):
        seat.send("setPlanBySig", *args)


def test_views_name_the_dao_and_the_domain(seat: Seat) -> None:
    dao: Community = seat.community
    assert seat.contract.call("membership") == dao.dao.membership_address
    assert seat.contract.call("treasury") == dao.dao.treasury_address
    assert seat.contract.call("eip712Domain")[1:5] == (
        "Mikoshi Succession",
        "1",
        dao.chain_id,
        seat.contract.address,
    )
