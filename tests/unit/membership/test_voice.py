"""Voice and merit against the formula in exact numbers, now and at any past moment."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_FLOOR, Decimal, localcontext
from itertools import pairwise
from math import isqrt
from typing import Any

import pytest

from mikoshi.chain.contract import Contract
from mikoshi.chain.node import DevRpc
from mikoshi.core import dao as daos
from mikoshi.testing.community import Community, found, person
from mikoshi.testing.defaults import DAY, POINT, VOICE, params
from tests.support import factory, next_block_at, reverts, slot_of
from tests.unit.membership.people import member, seen, totals

REF = bytes(32)
HALF_LIFE = 180 * DAY
K = Decimal("0.1")
TOLERANCE = Decimal("1e-12")


def halved(seconds: int, half_life: int = HALF_LIFE) -> Decimal:
    """2^(−seconds / half-life), with 60 digits."""
    with localcontext() as context:
        context.prec = 60
        return Decimal(2) ** (-Decimal(seconds) / half_life)


def voice_of(credited: Sequence[tuple[int, int]], at: int, half_life: int = HALF_LIFE) -> Decimal:
    """base + k · √merit for credits at (time, points), base 1 and k 0.1; 1 voice = 1e9."""
    with localcontext() as context:
        context.prec = 60
        merit = sum(
            (Decimal(points) / POINT * halved(at - when, half_life) for when, points in credited),
            Decimal(0),
        )
        return VOICE * (1 + K * merit.sqrt())


def assert_close(actual: int, exact: Decimal, roundings: int = 2) -> None:
    """`actual` is `exact` rounded down, a few units and 1e-12 allowed."""
    assert actual <= exact * (1 + TOLERANCE)
    assert actual >= (exact * (1 - TOLERANCE)).to_integral_value(ROUND_FLOOR) - roundings


@pytest.mark.parametrize(
    "points", [POINT // 1_000, POINT, 2 * POINT, 100 * POINT, 399_999 * POINT // 1_000]
)
def test_voice_follows_the_formula_as_merit_decays(
    community: Community, membership: Contract, points: int
) -> None:
    wallet = community.wallets[0]
    when = next_block_at(community.rpc, community.rpc.timestamp() + 12_345)
    community.as_treasury(membership, "credit", 1, points, 0, REF)
    assert community.rpc.timestamp() == when
    for days in (0, 1, 29, 90, 180, 181, 360, 777, 1_800, 3_600):
        now = when + days * DAY + days
        if now > when:
            community.rpc.warp_to(now)
        assert_close(membership.call("getVotes", wallet), voice_of([(when, points)], now))
        merit = points * halved(now - when)
        assert_close(membership.call("meritOf", 1), merit, roundings=1)
        everyone = totals(membership).voice
        assert_close(everyone, voice_of([(when, points)], now) + 4 * VOICE)


def test_voice_halves_merit_every_half_life_exactly_enough(
    community: Community, membership: Contract
) -> None:
    """400 points, which are full, are 3 voices; after two half-lives 100 points are 2."""
    community.as_treasury(membership, "credit", 1, 400 * POINT, 0, REF)
    when = community.rpc.timestamp()
    assert 3 * VOICE - 1 <= membership.call("getVotes", community.wallets[0]) <= 3 * VOICE
    community.rpc.warp_to(when + 2 * HALF_LIFE)
    assert 2 * VOICE - 1 <= membership.call("getVotes", community.wallets[0]) <= 2 * VOICE
    assert membership.call("meritOf", 1) == pytest.approx(100 * POINT, rel=1e-14)


def test_voice_of_many_small_credits_does_not_drift(
    community: Community, membership: Contract
) -> None:
    milli = POINT // 1_000
    start = community.rpc.timestamp() + 1_000
    credited = []
    for step in range(60):
        when = next_block_at(community.rpc, start + step * 3_601)
        community.as_treasury(membership, "creditMany", [1] * 20, [milli] * 20, 0, REF)
        credited += [(when, milli)] * 20
    now = community.rpc.warp(50 * DAY)
    exact = voice_of(credited, now)
    assert_close(membership.call("getVotes", community.wallets[0]), exact)


@pytest.mark.parametrize("half_life", [90 * DAY, 3650 * DAY])
@pytest.mark.usefixtures("community")
def test_voice_with_other_half_lives(rpc: DevRpc, half_life: int) -> None:
    now = rpc.timestamp()
    voice = {"t0": now, "halfLife": half_life, "base": VOICE, "most": 30_000, "full": 400}
    dao = found(rpc, factory=factory(rpc), voice=voice)
    dao.as_treasury(dao.dao.membership, "credit", 1, 399 * POINT, 0, REF)
    when = rpc.timestamp()
    for days in (30, 91, 400, 4_000):
        at = rpc.warp_to(when + days * DAY)
        exact = voice_of([(when, 399 * POINT)], at, half_life)
        assert_close(dao.dao.membership.call("getVotes", dao.wallets[0]), exact)


@pytest.mark.parametrize(
    ("base", "most", "full"),
    [(VOICE, 10_000, 100), (10**12, 30_000, 10**9), (1_234_567_891, 15_001, 3), (VOICE, 30_000, 1)],
)
@pytest.mark.usefixtures("community")
def test_voice_with_other_base_most_and_full(rpc: DevRpc, base: int, most: int, full: int) -> None:
    voice = {"t0": rpc.timestamp(), "halfLife": HALF_LIFE, "base": base}
    dao = found(rpc, factory=factory(rpc), voice=voice | {"most": most, "full": full})
    membership = dao.dao.membership
    params = membership.call("voiceParams")
    root = isqrt(full * 10**18 - 1) + 1  # rounded up
    assert params["k"] == base * (most * 10**14 - 10**18) // root
    assert (params["base"], params["full"]) == (base, full)
    assert membership.call("getVotes", dao.wallets[0]) == base
    points = min(full, 1_000)
    dao.as_treasury(membership, "credit", 1, points * POINT, 0, REF)
    with localcontext() as context:
        context.prec = 60
        exact = base + Decimal(params["k"]) / 10**9 * Decimal(points).sqrt()
    assert_close(membership.call("getVotes", dao.wallets[0]), exact, roundings=12)
    assert membership.call("getVotes", dao.wallets[0]) <= base * most // 10_000
    assert totals(membership).voice == 4 * base + membership.call("getVotes", dao.wallets[0])


@pytest.mark.usefixtures("community")
def test_voice_before_t0_does_not_decay(rpc: DevRpc) -> None:
    t0 = rpc.timestamp() + DAY - 60
    voice = {"t0": t0, "halfLife": HALF_LIFE, "base": VOICE, "most": 30_000, "full": 400}
    wallet = person(1).address
    settings = params(t0, [wallet], voice=voice)
    dao = daos.create(factory(rpc), settings, rpc.call("eth_accounts")[0])
    rpc.fund(dao.treasury_address)
    dao.membership.send("credit", 1, 100 * POINT, 0, REF, sender=dao.treasury_address)
    assert seen(dao.membership, "storedMeritOf", 1) == (100 * POINT, 0, 100_000)
    for moment in (t0 - 1, t0):
        rpc.warp_to(moment)
        assert dao.membership.call("meritOf", 1) == 100 * POINT
        assert dao.membership.call("getVotes", wallet) == 2 * VOICE
    rpc.warp_to(t0 + 1)
    assert dao.membership.call("getVotes", wallet) < 2 * VOICE


def test_a_delegates_voice_is_one_sum_rounded_once(
    community: Community, membership: Contract
) -> None:
    last = community.wallets[4]
    points = [POINT, 3 * POINT, 7 * POINT, 11 * POINT]
    when = next_block_at(community.rpc, community.rpc.timestamp() + 500)
    community.as_treasury(membership, "creditMany", [1, 2, 3, 4], points, 0, REF)
    for wallet in community.wallets[:4]:
        membership.send("delegate", last, sender=wallet)
    now = community.rpc.warp_to(when + 100 * DAY)
    exact = VOICE + sum((voice_of([(when, amount)], now) for amount in points), Decimal(0))
    votes = membership.call("getVotes", last)
    assert_close(votes, exact)
    assert votes == totals(membership).voice  # nobody else speaks


def test_several_delegates_never_speak_for_more_than_the_total(
    community: Community, membership: Contract
) -> None:
    points = [1_001 * (POINT // 1_000), 2_003 * (POINT // 1_000), POINT // 1_000]
    community.as_treasury(membership, "creditMany", [1, 2, 3], points, 0, REF)
    for days in (1, 77, 300):
        community.rpc.warp(days * DAY)
        spoken = sum(membership.call("getVotes", wallet) for wallet in community.wallets)
        assert totals(membership).voice - 5 <= spoken <= totals(membership).voice


# The past


def spoken_for(membership: Contract, wallet: str, moment: int) -> int:
    """How many spoke through `wallet`, by the lens; without merit the contract says the same."""
    members = int(seen(membership, "getPastMembers", wallet, moment))
    voice = membership.call("getPastVotes", wallet, moment)
    assert members * VOICE <= voice < (members + 1) * VOICE or (members, voice) == (0, 0)
    return members


def history(community: Community) -> list[tuple[int, list[int], tuple[int, int, int]]]:
    """A lively fortnight: for each moment the members spoken for, and the census."""
    membership, rpc = community.dao.membership, community.rpc
    first, second, third, fourth, _ = community.wallets
    steps: list[tuple[str, list[Any], str | None]] = [
        ("delegate", [second], first),
        ("delegate", [second], third),
        ("credit", [1, 100 * POINT, 0, REF], None),
        ("rest", [], fourth),
        ("delegate", [first], first),
        ("exit", [], second),
        ("reclaim", [[1, 3]], fourth),
        ("wake", [bytes(32)], fourth),
        ("credit", [3, 25 * POINT, 0, REF], None),
        ("bar", [5], None),
    ]
    noted = []
    for name, args, sender in steps:
        next_block_at(rpc, rpc.timestamp() + 100_003)
        membership.send(name, *args, sender=sender or community.dao.treasury_address)
        votes = [membership.call("getVotes", wallet) for wallet in community.wallets]
        census = membership.call("census")
        noted.append((rpc.timestamp(), votes, census[:3]))
    return noted


def test_the_past_is_what_was_seen_then(community: Community, membership: Contract) -> None:
    noted = history(community)
    community.rpc.warp(400 * DAY)
    for when, votes, census in noted:
        past = [membership.call("getPastVotes", wallet, when) for wallet in community.wallets]
        assert past == votes
        assert membership.call("getPastCensus", when) == census
        assert membership.call("getPastTotalSupply", when) == census[2]


def test_the_past_holds_until_the_second_before_a_change(
    community: Community, membership: Contract
) -> None:
    noted = history(community)
    community.rpc.warp(1)
    for (when, votes, census), (change, _, _) in pairwise(noted):
        for moment in (when + 1, (when + change) // 2, change - 1):
            people = [spoken_for(membership, w, moment) for w in community.wallets]
            assert people == [spoken_for(membership, w, when) for w in community.wallets]
            assert membership.call("getPastCensus", moment)[:2] == census[:2]
            assert membership.call("getPastVotes", community.wallets[4], moment) == votes[4]


def test_the_past_tells_changes_of_neighbouring_seconds_apart(
    community: Community, membership: Contract
) -> None:
    speaker, start = community.wallets[4], community.rpc.timestamp() + 100
    for second in range(3):
        next_block_at(community.rpc, start + second)
        membership.send("delegate", speaker, sender=community.wallets[second])
    next_block_at(community.rpc, start + 3)
    membership.send("rest", sender=community.wallets[3])
    assert community.rpc.warp(1) == start + 4
    past = range(start - 1, start + 4)
    assert [spoken_for(membership, speaker, each) for each in past] == [1, 2, 3, 4, 4]
    assert [membership.call("getPastCensus", each)[0] for each in past] == [5, 5, 5, 5, 4]
    assert [spoken_for(membership, community.wallets[3], each) for each in past] == [
        *[1] * 4,
        0,
    ]


def test_the_past_before_the_founding_is_empty(community: Community, membership: Contract) -> None:
    founded = membership.call("joinedAt", 1)
    for moment in (0, 1, founded - 1):
        assert membership.call("getPastVotes", community.wallets[0], moment) == 0
        assert spoken_for(membership, community.wallets[0], moment) == 0
        assert membership.call("getPastCensus", moment) == (0, 0, 0)
        assert membership.call("getPastTotalSupply", moment) == 0
    assert membership.call("getPastCensus", founded) == (5, 5, 5 * VOICE)


def test_the_past_of_a_stranger_is_empty(community: Community, membership: Contract) -> None:
    then = community.rpc.timestamp() - 1
    outsider = community.outsider.address
    assert membership.call("getVotes", outsider) == 0
    assert membership.call("getPastVotes", outsider, then) == 0
    assert seen(membership, "getPastMembers", outsider, then) == 0
    assert membership.call("delegates", outsider) == "0x" + "00" * 20


def test_the_future_is_refused(community: Community, membership: Contract) -> None:
    now = community.rpc.timestamp()
    wallet = community.wallets[0]
    for moment in (now, now + 1, 2**48, 2**256 - 1):
        for name, args in (
            ("getPastVotes", [wallet, moment]),
            ("getPastTotalSupply", [moment]),
            ("getPastCensus", [moment]),
        ):
            with reverts("ERC5805FutureLookup", moment, now):
                membership.call(name, *args)
        with reverts("ERC5805FutureLookup", moment, now):
            seen(membership, "getPastMembers", wallet, moment)
    assert membership.call("getPastVotes", wallet, now - 1) == VOICE


def test_a_long_history_is_searched_right(community: Community, membership: Contract) -> None:
    first, second = community.wallets[:2]
    moments = []
    for step in range(23):
        when = next_block_at(community.rpc, community.rpc.timestamp() + 1_000 + step)
        membership.send("delegate", second if step % 2 == 0 else first, sender=first)
        moments.append(when)
    community.rpc.warp(1_000)
    for step, when in enumerate(moments):
        for moment in (when, when + 999):
            people = spoken_for(membership, second, moment)
            assert people == (2 if step % 2 == 0 else 1)
    assert spoken_for(membership, second, moments[0] - 1) == 1


def test_a_full_history_keeps_the_entry_and_the_one_before(
    community: Community, membership: Contract
) -> None:
    """2^30 − 1 changes: later ones still work, and the two latest entries stay exact."""
    first, second = community.wallets[:2]
    slot = slot_of("Membership", "_records", second)
    word = community.rpc.storage(membership.address, slot)
    full = int.from_bytes(word) | (2**30 - 1) << 144
    data = full.to_bytes(32)
    community.rpc.call("anvil_setStorageAt", membership.address, f"0x{slot:064x}", data)
    moments = []
    for step in range(4):
        when = next_block_at(community.rpc, community.rpc.timestamp() + 1_000)
        membership.send("delegate", second if step % 2 == 0 else first, sender=first)
        moments.append(when)
    community.rpc.warp(1)
    assert spoken_for(membership, second, moments[3]) == 1
    assert spoken_for(membership, second, moments[3] - 1) == 2
    assert spoken_for(membership, second, moments[2]) == 2
    assert member(membership, 2).votes == VOICE
