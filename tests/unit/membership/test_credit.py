"""Crediting merit and its caps; see credit.tree."""

from __future__ import annotations

from decimal import Decimal, localcontext
from typing import Any

import pytest

from mikoshi.chain.contract import Contract
from mikoshi.chain.node import DevRpc
from mikoshi.testing.community import Community, found, person
from mikoshi.testing.defaults import CHARTER, DAY, POINT, VOICE, params
from tests.support import factory, grant, next_block_at, reverts, role
from tests.unit.membership.people import NO_CHARTER, facts, member, seen, totals

ANNA = person(100).address
EPOCH = 30 * DAY
CAP = 1_000  # points an epoch
MEMBER_CAP = 100
MILLI = POINT // 1_000
REF = b"\xef" * 32


@pytest.fixture
def rewarder(community: Community) -> str:
    return grant(community, "REWARDER", community.outsider.address)


@pytest.fixture
def community(_founded: Community, rpc: DevRpc) -> Community:
    """A DAO in which caps are met long before the ceiling of merit."""
    return capped(rpc)


def capped(rpc: DevRpc, full: int = 400, **changes: int) -> Community:
    settings = params(0)["membership"] | {
        "meritCap": CAP * 1_000,
        "meritCapPerMember": MEMBER_CAP * 1_000,
    }
    voice = {"t0": rpc.timestamp(), "halfLife": 180 * DAY, "base": VOICE}
    return found(
        rpc,
        factory=factory(rpc),
        membership=settings | changes,
        voice=voice | {"most": 30_000, "full": full},
    )


def growth(membership: Contract, timestamp: int) -> Decimal:
    """2^x, with 60 digits."""
    params = membership.call("voiceParams")
    with localcontext() as context:
        context.prec = 60
        exponent = Decimal(max(0, timestamp - params["t0"])) / int(params["halfLife"])
        return Decimal(2) ** exponent


@pytest.mark.parametrize("name", [None, "ADMITTER", "MINTER", "PURSE", "SUCCESSION"])
def test_credit_reverts_when_the_caller_has_no_right(
    community: Community, membership: Contract, name: str | None
) -> None:
    outsider = community.outsider.address
    if name:
        grant(community, name, outsider)
    for caller in (outsider, community.wallets[0], community.dao.governor_address):
        with reverts("MembershipUnauthorized", caller, role("REWARDER")):
            membership.call("credit", 1, POINT, 0, REF, sender=caller)
        with reverts("MembershipUnauthorized", caller, role("REWARDER")):
            membership.call("creditMany", [1], [POINT], 0, REF, sender=caller)


@pytest.mark.parametrize("points", [1, MILLI - 1, MILLI + 1, POINT + 1])
def test_credit_reverts_when_the_points_are_no_thousandths(
    membership: Contract, rewarder: str, points: int
) -> None:
    with reverts("VoicePointsNotMilli", points):
        membership.call("credit", 1, points, 0, REF, sender=rewarder)
    with reverts("VoicePointsNotMilli", points):
        membership.call("creditMany", [1], [points], 0, REF, sender=rewarder)


def test_credit_reverts_when_only_the_sum_is_whole(membership: Contract, rewarder: str) -> None:
    half = MILLI // 2
    with reverts("VoicePointsNotMilli", half):
        membership.call("creditMany", [1, 2], [half, half], 0, REF, sender=rewarder)


@pytest.mark.parametrize("number", [0, 6, 2**256 - 1])
def test_credit_reverts_when_the_id_is_unknown(
    membership: Contract, rewarder: str, number: int
) -> None:
    with reverts("VoiceUnknownMember", number):
        membership.call("credit", number, POINT, 0, REF, sender=rewarder)
    with reverts("VoiceUnknownMember", number):
        membership.call("creditMany", [1, number], [POINT, POINT], 0, REF, sender=rewarder)


@pytest.mark.parametrize("caller", ["rewarder", "treasury"])
def test_credit_raises_merit_and_voice(
    community: Community, membership: Contract, rewarder: str, caller: str
) -> None:
    sender = rewarder if caller == "rewarder" else community.dao.treasury_address
    wallet = community.wallets[0]
    stamp = membership.call("stampOf", 1)

    receipt = membership.send("credit", 1, 100 * POINT, 7, REF, sender=sender)

    now = community.rpc.timestamp()
    raw, epoch, used = seen(membership, "storedMeritOf", 1)
    exact = 100 * POINT * growth(membership, now)
    assert raw <= exact
    assert float(1 - raw / exact) < 1e-14
    assert (epoch, used) == (0, 100_000)
    votes = membership.call("getVotes", wallet)
    assert 2 * VOICE - 2 <= votes <= 2 * VOICE
    assert facts(receipt) == [
        ("MeritCredited", (1, 100 * POINT, raw, 7, REF)),
        ("MetadataUpdate", (1,)),
        ("DelegateVotesChanged", (wallet, VOICE, votes)),
    ]
    assert 100 * POINT - 10 <= membership.call("meritOf", 1) <= 100 * POINT
    assert totals(membership).voice == 4 * VOICE + votes
    assert seen(membership, "usage") == (0, 100_000, 0, 0)
    assert membership.call("stampOf", 1) == stamp


def test_credit_of_nothing(membership: Contract, rewarder: str) -> None:
    before = member(membership, 1)
    receipt = membership.send("credit", 1, 0, 3, REF, sender=rewarder)
    assert facts(receipt) == [("MeritCredited", (1, 0, 0, 3, REF))]
    assert member(membership, 1) == before
    assert seen(membership, "storedMeritOf", 1) == (0, 0, 0)
    assert seen(membership, "usage") == (0, 0, 0, 0)


def test_credit_adds_up(community: Community, membership: Contract, rewarder: str) -> None:
    for _ in range(4):
        next_block_at(community.rpc, community.rpc.timestamp() + DAY)
        membership.send("credit", 1, 10 * POINT, 0, REF, sender=rewarder)
    now = community.rpc.timestamp()
    raw = seen(membership, "storedMeritOf", 1)[0]
    exact = sum(10 * POINT * growth(membership, now - day * DAY) for day in range(4))
    assert 0 <= exact - raw <= 4 + exact * Decimal("1e-14")
    assert seen(membership, "storedMeritOf", 1)[2] == 40_000


def test_credit_reaches_the_member_cap_exactly(membership: Contract, rewarder: str) -> None:
    most = MEMBER_CAP * POINT
    with reverts("VoiceMemberCapExceeded", 1, most + MILLI, most):
        membership.call("credit", 1, most + MILLI, 0, REF, sender=rewarder)
    membership.send("credit", 1, most - MILLI, 0, REF, sender=rewarder)
    with reverts("VoiceMemberCapExceeded", 1, 2 * MILLI, MILLI):
        membership.call("credit", 1, 2 * MILLI, 0, REF, sender=rewarder)
    membership.send("credit", 1, MILLI, 0, REF, sender=rewarder)
    with reverts("VoiceMemberCapExceeded", 1, MILLI, 0):
        membership.call("credit", 1, MILLI, 0, REF, sender=rewarder)
    membership.send("credit", 1, 0, 0, REF, sender=rewarder)
    membership.send("credit", 2, MILLI, 0, REF, sender=rewarder)


def test_credit_reaches_the_cap_on_all_exactly(
    community: Community, membership: Contract, rewarder: str
) -> None:
    people = [person(number).address for number in range(100, 106)]
    admitter = grant(community, "ADMITTER", rewarder)
    membership.send("admitMany", people, CHARTER, sender=admitter)
    for number in range(1, 10):
        membership.send("credit", number, MEMBER_CAP * POINT, 0, REF, sender=rewarder)
    membership.send("credit", 10, MEMBER_CAP * POINT - MILLI, 0, REF, sender=rewarder)
    with reverts("VoiceMeritCapExceeded", 2 * MILLI, MILLI):
        membership.call("credit", 11, 2 * MILLI, 0, REF, sender=rewarder)
    membership.send("credit", 11, MILLI, 0, REF, sender=rewarder)
    assert seen(membership, "usage") == (0, CAP * 1_000, 0, 0)
    for sender in (rewarder, community.dao.treasury_address):  # binds the Treasury too
        with reverts("VoiceMeritCapExceeded", MILLI, 0):
            membership.call("credit", 11, MILLI, 0, REF, sender=sender)
        with reverts("VoiceMeritCapExceeded", 2 * MILLI, 0):
            membership.call("creditMany", [10, 11], [MILLI, MILLI], 0, REF, sender=sender)


@pytest.mark.usefixtures("_founded")
def test_credit_reverts_when_a_credit_passes_the_cap_on_all(rpc: DevRpc) -> None:
    dao = capped(rpc, full=10**9, meritCapPerMember=CAP * 1_000)
    membership, treasury = dao.dao.membership, dao.dao.treasury_address
    with reverts("VoiceMeritCapExceeded", (CAP + 1) * POINT, CAP * POINT):
        membership.call("creditMany", [1, 2], [CAP * POINT, POINT], 0, REF, sender=treasury)
    most = 10**9 * POINT  # what a credit can raise at all
    with reverts("VoiceMemberCapExceeded", 1, most, CAP * POINT):
        huge = 2**256 - (2**256 % MILLI)
        membership.call("credit", 1, huge, 0, REF, sender=treasury)


def test_credit_counts_again_in_the_next_epoch(
    community: Community, membership: Contract, rewarder: str
) -> None:
    t0 = membership.call("voiceParams")["t0"]
    membership.send("credit", 1, MEMBER_CAP * POINT, 0, REF, sender=rewarder)
    raw = seen(membership, "storedMeritOf", 1)[0]
    community.rpc.warp_to(t0 + EPOCH - 1)
    with reverts("VoiceMemberCapExceeded", 1, MILLI, 0):
        membership.call("credit", 1, MILLI, 0, REF, sender=rewarder)

    next_block_at(community.rpc, t0 + EPOCH)
    membership.send("credit", 1, MEMBER_CAP * POINT, 0, REF, sender=rewarder)

    assert seen(membership, "usage") == (1, MEMBER_CAP * 1_000, 0, 0)
    stored = seen(membership, "storedMeritOf", 1)
    assert stored[0] > 2 * raw
    assert stored[1:] == (1, MEMBER_CAP * 1_000)
    with reverts("VoiceMemberCapExceeded", 1, MILLI, 0):
        membership.call("credit", 1, MILLI, 0, REF, sender=rewarder)
    assert seen(membership, "storedMeritOf", 2) == (0, 0, 0)
    membership.send("credit", 2, MEMBER_CAP * POINT, 0, REF, sender=rewarder)


def test_credit_uses_the_caps_in_force(
    community: Community, membership: Contract, rewarder: str
) -> None:
    membership.send("credit", 1, 50 * POINT, 0, REF, sender=rewarder)
    settings = membership.call("settings")
    lower = settings | {"meritCap": 60_000, "meritCapPerMember": 40_000}
    community.as_treasury(membership, "setSettings", lower)
    with reverts("VoiceMemberCapExceeded", 1, MILLI, 0):
        membership.call("credit", 1, MILLI, 0, REF, sender=rewarder)
    with reverts("VoiceMeritCapExceeded", 11 * POINT, 10 * POINT):
        membership.call("credit", 2, 11 * POINT, 0, REF, sender=rewarder)
    community.as_treasury(membership, "setSettings", lower | {"meritCap": 40_000})
    with reverts("VoiceMeritCapExceeded", MILLI, 0):
        membership.call("credit", 2, MILLI, 0, REF, sender=rewarder)
    none = lower | {"meritCap": 0, "meritCapPerMember": 0}
    community.as_treasury(membership, "setSettings", none)
    with reverts("VoiceMemberCapExceeded", 2, MILLI, 0):
        membership.call("credit", 2, MILLI, 0, REF, sender=rewarder)


def test_credit_uses_a_raised_cap_from_the_epoch_after_the_next(
    community: Community, membership: Contract, rewarder: str
) -> None:
    settings = membership.call("settings")
    t0 = membership.call("voiceParams")["t0"]
    raised = settings | {"meritCap": 10**12, "meritCapPerMember": 10**12}
    community.as_treasury(membership, "setSettings", raised)
    assert membership.call("settings") == settings
    most = MEMBER_CAP * POINT
    with reverts("VoiceMemberCapExceeded", 1, most + MILLI, most):
        membership.call("credit", 1, most + MILLI, 0, REF, sender=rewarder)
    community.as_treasury(membership, "setSettings", raised | {"stewardCap": 1})  # nor twice
    with reverts("VoiceMemberCapExceeded", 1, most + MILLI, most):
        membership.call("credit", 1, most + MILLI, 0, REF, sender=rewarder)
    for moment in (t0 + EPOCH, t0 + 2 * EPOCH - 1):
        community.rpc.warp_to(moment)
        with reverts("VoiceMemberCapExceeded", 1, most + MILLI, most):
            membership.call("credit", 1, most + MILLI, 0, REF, sender=rewarder)
        # An unrelated change does not start the wait anew.
        community.as_treasury(membership, "setSettings", raised | {"stewardCap": 0})
    next_block_at(community.rpc, t0 + 2 * EPOCH)
    membership.send("creditMany", [1, 2, 3], [400 * POINT] * 3, 0, REF, sender=rewarder)
    assert seen(membership, "usage") == (2, 1_200_000, 0, 0)


def test_credit_uses_the_former_caps_when_a_second_raise_comes_before_the_first_holds(
    community: Community, membership: Contract, rewarder: str
) -> None:
    settings = membership.call("settings")
    t0 = membership.call("voiceParams")["t0"]
    most = MEMBER_CAP * POINT
    first = settings | {"meritCap": 2_000_000, "meritCapPerMember": 200_000}
    community.as_treasury(membership, "setSettings", first)
    community.rpc.warp_to(t0 + EPOCH)
    community.as_treasury(membership, "setSettings", first | {"meritCapPerMember": 300_000})
    for moment in (t0 + 2 * EPOCH, t0 + 3 * EPOCH - 1):
        community.rpc.warp_to(moment)
        assert membership.call("settings") == settings
        with reverts("VoiceMemberCapExceeded", 1, most + MILLI, most):
            membership.call("credit", 1, most + MILLI, 0, REF, sender=rewarder)
    community.rpc.warp_to(t0 + 3 * EPOCH)
    assert membership.call("settings") == first | {"meritCapPerMember": 300_000}


def test_credit_uses_a_cut_cap_at_once_and_its_restoration_later(
    community: Community, membership: Contract, rewarder: str
) -> None:
    settings = membership.call("settings")
    t0 = membership.call("voiceParams")["t0"]
    community.as_treasury(membership, "setSettings", settings | {"meritCapPerMember": 1_000})
    with reverts("VoiceMemberCapExceeded", 1, POINT + MILLI, POINT):
        membership.call("credit", 1, POINT + MILLI, 0, REF, sender=rewarder)
    community.as_treasury(membership, "setSettings", settings)
    for moment in (community.rpc.timestamp() + 1, t0 + 2 * EPOCH - 1):
        community.rpc.warp_to(moment)
        with reverts("VoiceMemberCapExceeded", 1, POINT + MILLI, POINT):
            membership.call("credit", 1, POINT + MILLI, 0, REF, sender=rewarder)
    next_block_at(community.rpc, t0 + 2 * EPOCH)
    membership.send("credit", 1, MEMBER_CAP * POINT, 0, REF, sender=rewarder)


def test_credit_uses_the_lower_of_a_cut_and_a_waiting_raise(
    community: Community, membership: Contract, rewarder: str
) -> None:
    """Raise, then cut, then raise again: each raise waits anew, from what held when it came."""
    settings = membership.call("settings")
    t0 = membership.call("voiceParams")["t0"]
    raised = settings | {"meritCapPerMember": 200_000}
    community.as_treasury(membership, "setSettings", raised)
    community.rpc.warp_to(t0 + EPOCH)
    community.as_treasury(membership, "setSettings", settings | {"meritCapPerMember": 1_000})
    community.as_treasury(membership, "setSettings", raised)
    for moment in (t0 + 2 * EPOCH, t0 + 3 * EPOCH - 1):
        community.rpc.warp_to(moment)
        with reverts("VoiceMemberCapExceeded", 1, POINT + MILLI, POINT):
            membership.call("credit", 1, POINT + MILLI, 0, REF, sender=rewarder)
    next_block_at(community.rpc, t0 + 3 * EPOCH)
    membership.send("credit", 1, 200 * POINT, 0, REF, sender=rewarder)


def test_credit_goes_to_the_delegates_voice(
    community: Community, membership: Contract, rewarder: str
) -> None:
    first, second = community.wallets[:2]
    membership.send("delegate", second, sender=first)

    receipt = membership.send("credit", 1, 100 * POINT, 0, REF, sender=rewarder)

    votes = member(membership, 2).votes
    assert 3 * VOICE - 2 <= votes <= 3 * VOICE
    assert facts(receipt)[1:] == [
        ("MetadataUpdate", (1,)),  # merit
        ("DelegateVotesChanged", (second, 2 * VOICE, votes)),
        ("MetadataUpdate", (2,)),  # voice
    ]
    assert member(membership, 1).votes == 0
    assert totals(membership).voice == 3 * VOICE + votes


@pytest.mark.parametrize("how", ["rest", "exit", "bar", "absent", "newcomer"])
def test_credit_to_someone_not_active_waits(
    community: Community, membership: Contract, rewarder: str, how: str
) -> None:
    wallet, number = community.wallets[0], 1
    if how == "newcomer":
        wallet, number = ANNA, 6
        community.as_treasury(membership, "admit", ANNA, NO_CHARTER)
        community.rpc.fund(ANNA)
    elif how == "bar":
        community.as_treasury(membership, "bar", 1)
    else:
        membership.send("exit" if how == "exit" else "rest", sender=wallet)
    if how == "absent":
        community.rpc.warp(577 * DAY)
        membership.send("lapse", [1], sender=rewarder)
    before = totals(membership)

    receipt = membership.send("credit", number, 100 * POINT, 0, REF, sender=rewarder)

    raw = seen(membership, "storedMeritOf", number)[0]
    assert facts(receipt) == [
        ("MeritCredited", (number, 100 * POINT, raw, 0, REF)),
        *([("MetadataUpdate", (number,))] if how not in ("exit", "bar") else []),
    ]
    assert totals(membership) == before
    assert member(membership, number).votes == 0
    assert membership.call("meritOf", number) > 99 * POINT
    if how == "bar":
        community.as_treasury(membership, "admit", wallet, NO_CHARTER)
    elif how == "exit":
        membership.send("rejoin", CHARTER, sender=wallet)
    community.rpc.warp(46 * DAY)
    membership.send("wake", CHARTER, sender=wallet)
    assert member(membership, number).votes > 18 * VOICE // 10


# The ceiling


def test_credit_raises_nobody_above_full(
    community: Community, membership: Contract, rewarder: str
) -> None:
    """Caps are spent by what was raised, so that full contributors leave the others' room."""
    settings = membership.call("settings")
    t0 = membership.call("voiceParams")["t0"]
    highest = settings | {"meritCap": 10**12, "meritCapPerMember": 10**12}
    community.as_treasury(membership, "setSettings", highest)
    when = next_block_at(community.rpc, t0 + 2 * EPOCH)
    membership.send("credit", 1, 399 * POINT, 0, REF, sender=rewarder)
    next_block_at(community.rpc, when)

    receipt = membership.send("credit", 1, 5 * POINT, 0, REF, sender=rewarder)

    raw = seen(membership, "storedMeritOf", 1)[0]
    credited = receipt.only("MeritCredited").args
    assert (credited["points"], credited["raw"]) == (POINT, raw)
    assert membership.call("meritOf", 1) == 400 * POINT
    assert membership.call("getVotes", community.wallets[0]) == 3 * VOICE - 1
    assert seen(membership, "storedMeritOf", 1) == (raw, 2, 400_000)
    assert seen(membership, "usage") == (2, 400_000, 0, 0)

    next_block_at(community.rpc, when)
    receipt = membership.send("credit", 1, 10**9 * POINT, 3, REF, sender=rewarder)
    assert facts(receipt) == [("MeritCredited", (1, 0, raw, 3, REF))]
    assert seen(membership, "usage") == (2, 400_000, 0, 0)


def test_credit_at_full_counts_what_was_raised_rounded_up(
    community: Community, membership: Contract, rewarder: str
) -> None:
    for step in range(4):  # the cap of a member is a quarter of full
        community.rpc.warp_to(membership.call("voiceParams")["t0"] + (step + 1) * EPOCH)
        membership.send("credit", 1, MEMBER_CAP * POINT, 0, REF, sender=rewarder)
    before = membership.call("meritOf", 1)
    while before < 399 * POINT:
        community.rpc.warp(EPOCH)
        membership.send("credit", 1, MEMBER_CAP * POINT, 0, REF, sender=rewarder)
        before = membership.call("meritOf", 1)
    assert before == 400 * POINT
    used = seen(membership, "storedMeritOf", 1)[2]
    next_block_at(community.rpc, community.rpc.timestamp() + 5)
    receipt = membership.send("credit", 1, POINT, 0, REF, sender=rewarder)
    assert receipt.only("MeritCredited").args["points"] == MILLI  # 89 millionths had decayed
    assert membership.call("meritOf", 1) == 400 * POINT
    assert seen(membership, "storedMeritOf", 1)[2] == used + 1


@pytest.mark.usefixtures("_founded")
@pytest.mark.parametrize("full", [1, 3, 100, 10**8])
def test_credit_to_all_never_lets_a_delegate_speak_for_more_than_most(
    rpc: DevRpc, full: int
) -> None:
    dao = capped(rpc, full, meritCap=10**12, meritCapPerMember=10**12)
    membership, last = dao.dao.membership, dao.wallets[4]
    for days in (0, 33, 500, 4_000, 17_900, 20_000):
        rpc.warp(days * DAY + 7)
        for number in range(1, 6):  # in different seconds
            dao.as_treasury(membership, "credit", number, full * POINT, 0, REF)
        assert membership.call("meritOf", 5) == full * POINT
        assert 3 * VOICE - 2 <= membership.call("getVotes", last) <= 3 * VOICE
        assert 15 * VOICE - 2_000 <= totals(membership).voice <= 15 * VOICE
        for wallet in dao.wallets[:4]:
            membership.send("delegate", last, sender=wallet)
        assert 15 * VOICE - 2_000 <= membership.call("getVotes", last) <= 15 * VOICE
        for wallet in dao.wallets[:4]:
            membership.send("delegate", wallet, sender=wallet)


@pytest.mark.usefixtures("_founded")
def test_credit_never_reverts_by_age(rpc: DevRpc) -> None:
    dao = capped(rpc, 10**9, meritCap=10**12, meritCapPerMember=10**12)
    membership = dao.dao.membership
    t0 = membership.call("voiceParams")["t0"]
    raws = []
    for halvings in (0, 99, 100, 101, 102):
        rpc.warp_to(max(rpc.timestamp() + 1, t0 + halvings * 180 * DAY))
        dao.as_treasury(membership, "credit", 1, 10**9 * POINT, 0, REF)
        raws.append(seen(membership, "storedMeritOf", 1)[0])
        votes = member(membership, 1).votes
        assert 3 * VOICE - 2 <= votes <= 3 * VOICE
        assert totals(membership).voice == 4 * VOICE + votes
    assert raws == sorted(raws)
    assert 2**189 < raws[2] == raws[-1] < 2**190  # the exponent has stopped
    rpc.warp(80 * 365 * DAY)
    assert member(membership, 1).votes == votes
    membership.send("delegate", dao.wallets[1], sender=dao.wallets[0])
    assert member(membership, 2).votes == votes + VOICE
    membership.send("exit", sender=dao.wallets[0])
    assert totals(membership).voice == 4 * VOICE


# creditMany


def test_credit_many_reverts_when_the_lists_differ(membership: Contract, rewarder: str) -> None:
    with reverts("VoiceRaggedLists", 2, 1):
        membership.call("creditMany", [1, 2], [POINT], 0, REF, sender=rewarder)
    with reverts("VoiceRaggedLists", 0, 1):
        membership.call("creditMany", [], [POINT], 0, REF, sender=rewarder)


@pytest.mark.usefixtures("_founded")
def test_credit_many_of_huge_points_gives_up_to_full(rpc: DevRpc) -> None:
    dao = capped(rpc, meritCap=10**12, meritCapPerMember=10**12)
    huge = 2**255 - (2**255 % MILLI)
    receipt = dao.as_treasury(dao.dao.membership, "creditMany", [1, 2, 1], [huge] * 3, 0, REF)
    given = [e.args["points"] for e in receipt.events if e.name == "MeritCredited"]
    assert given == [400 * POINT, 400 * POINT, 0]


def test_credit_many_equals_single_credits(
    community: Community, membership: Contract, rewarder: str
) -> None:
    membership.send("delegate", community.wallets[4], sender=community.wallets[0])
    membership.send("rest", sender=community.wallets[1])
    ids, points = [1, 2, 3, 5, 3], [10 * POINT, 20 * POINT, 30 * POINT, POINT, MILLI]
    when = community.rpc.timestamp() + 100
    snapshot = community.rpc.snapshot()
    next_block_at(community.rpc, when)
    receipt = membership.send("creditMany", ids, points, 4, REF, sender=rewarder)
    together = _state(membership)
    credited = [e.args for e in receipt.events if e.name == "MeritCredited"]
    given = [(args["id"], args["points"], args["kind"], args["ref"]) for args in credited]
    assert given == [(number, p, 4, REF) for number, p in zip(ids, points, strict=True)]
    assert credited[-1]["raw"] == seen(membership, "storedMeritOf", 3)[0]
    community.rpc.revert(snapshot)
    for number, amount in zip(ids, points, strict=True):
        next_block_at(community.rpc, when)
        membership.send("credit", number, amount, 4, REF, sender=rewarder)
    assert _state(membership) == together


def _state(membership: Contract) -> list[Any]:
    everyone = range(1, 6)
    return [
        totals(membership),
        seen(membership, "usage"),
        *(member(membership, number) for number in everyone),
        *(seen(membership, "storedMeritOf", number) for number in everyone),
    ]


def test_credit_many_credits_none_when_one_is_refused(membership: Contract, rewarder: str) -> None:
    before = _state(membership)
    most = MEMBER_CAP * POINT
    with reverts("VoiceMemberCapExceeded", 2, most + MILLI, most):
        membership.send("creditMany", [1, 2], [POINT, most + MILLI], 0, REF, sender=rewarder)
    with reverts("VoiceMemberCapExceeded", 2, most, most - MILLI):
        membership.send("creditMany", [2, 1, 2], [MILLI, POINT, most], 0, REF, sender=rewarder)
    assert _state(membership) == before


def test_credit_many_of_nothing(membership: Contract, rewarder: str) -> None:
    assert facts(membership.send("creditMany", [], [], 0, REF, sender=rewarder)) == []


def test_credit_by_a_proposal(community: Community, membership: Contract) -> None:
    call = (membership, 0, membership.data("credit", 1, 5 * POINT, 0, REF))
    community.decide([call])
    assert membership.call("meritOf", 1) == pytest.approx(5 * POINT, rel=1e-9)
