"""Falling dormant by silence; see lapse.tree."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mikoshi.chain.contract import Contract
from mikoshi.testing.community import Community, person
from mikoshi.testing.defaults import CHARTER, DAY, VOICE
from tests.support import grant, next_block_at, reverts
from tests.unit.membership.people import (
    NO_CHARTER,
    Standing,
    Totals,
    facts,
    member,
    seen,
    today,
    totals,
)

ANNA = person(100).address
DORMANT_AFTER = 180 * DAY
RESOLUTION = 30 * DAY
YEAR = 365 * DAY


def due(membership: Contract, number: int, silence: int = DORMANT_AFTER + RESOLUTION) -> int:
    """The first second in which a member can be lapsed."""
    return int(membership.call("stampOf", number)) * DAY + silence


def absent_at(membership: Contract, number: int) -> int:
    """The first second in which a dormant member can be made Absent."""
    return due(membership, number) + DAY + YEAR


def test_lapse_skips_a_member_one_second_early(community: Community, membership: Contract) -> None:
    before = member(membership, 1)
    next_block_at(community.rpc, due(membership, 1) - 1)

    receipt = membership.send("lapse", [1], sender=community.outsider.address)

    assert facts(receipt) == []
    assert member(membership, 1) == before


def test_lapse_makes_a_silent_member_dormant(community: Community, membership: Contract) -> None:
    before = member(membership, 1)
    when = next_block_at(community.rpc, due(membership, 1))

    receipt = membership.send("lapse", [1], sender=community.outsider.address)

    assert community.rpc.timestamp() == when
    assert facts(receipt) == [
        ("DelegateVotesChanged", (before.wallet, VOICE, 0)),
        ("StandingChanged", (1, Standing.DORMANT)),
        ("MetadataUpdate", (1,)),
    ]
    after = replace(before, standing=Standing.DORMANT, votes=0)  # the stamp stays
    assert member(membership, 1) == after
    assert totals(membership) == Totals(4, 5, 4 * VOICE, 5)


def test_lapse_returns_how_many_changed(community: Community, membership: Contract) -> None:
    community.rpc.warp_to(due(membership, 1))
    ids = [1, 2, 2, 9, 0, 3, 2**256 - 1]
    assert membership.call("lapse", ids) == 3
    assert membership.call("lapse", []) == 0
    community.rpc.call("anvil_mine", 1)
    receipt = membership.send("lapse", ids, sender=community.outsider.address)
    changed = [e.args["id"] for e in receipt.events if e.name == "StandingChanged"]
    assert changed == [1, 2, 3]
    assert totals(membership) == Totals(2, 5, 2 * VOICE, 5)
    assert membership.call("lapse", ids) == 0


def test_lapse_skips_ids_that_are_not_due(community: Community, membership: Contract) -> None:
    membership.send("exit", sender=community.wallets[3])
    community.as_treasury(membership, "bar", 5)
    community.rpc.warp_to(due(membership, 1) - 5 * DAY)
    membership.send("delegate", community.wallets[1], sender=community.wallets[1])  # an act
    community.rpc.warp_to(due(membership, 1))

    receipt = membership.send("lapse", [5, 4, 2, 1, 77, 3], sender=community.outsider.address)

    changed = [e.args["id"] for e in receipt.events if e.name == "StandingChanged"]
    assert changed == [1, 3]
    assert member(membership, 2).standing == Standing.ACTIVE
    assert member(membership, 4).standing == Standing.EXITED
    assert member(membership, 5).standing == Standing.BARRED


def test_lapse_takes_the_voice_from_the_delegate(
    community: Community, membership: Contract
) -> None:
    first, second = community.wallets[:2]
    membership.send("delegate", second, sender=first)
    community.rpc.warp_to(due(membership, 1))

    receipt = membership.send("lapse", [1], sender=community.outsider.address)

    changed = receipt.only("DelegateVotesChanged").args
    assert tuple(changed.values()) == (second, 2 * VOICE, VOICE)
    assert member(membership, 1).delegate == second
    assert member(membership, 2).votes == VOICE


def test_lapse_of_a_delegate_leaves_the_others_voices(
    community: Community, membership: Contract
) -> None:
    first, second, third = community.wallets[:3]
    membership.send("delegate", first, sender=second)
    membership.send("delegate", first, sender=third)
    community.rpc.warp_to(due(membership, 1))
    membership.send("lapse", [1, 2], sender=community.outsider.address)
    assert member(membership, 1).votes == VOICE  # the third's
    assert totals(membership) == Totals(3, 5, 3 * VOICE, 5)
    assert membership.call("reclaim", [1, 2, 3]) == 1
    membership.send("reclaim", [3], sender=community.outsider.address)
    assert member(membership, 1).votes == 0
    assert member(membership, 3).votes == VOICE


def test_lapse_never_comes_before_the_full_silence(
    community: Community, membership: Contract
) -> None:
    """An act that is not recorded, in the last second before it would be, still protects."""
    stamp = membership.call("stampOf", 1)
    last_unrecorded = next_block_at(community.rpc, (stamp + 30) * DAY - 1)
    membership.send("delegate", community.wallets[0], sender=community.wallets[0])
    assert membership.call("stampOf", 1) == stamp
    community.rpc.warp_to(last_unrecorded + DORMANT_AFTER)
    assert membership.call("lapse", [1]) == 0
    community.rpc.warp_to(last_unrecorded + DORMANT_AFTER + 1)
    assert membership.call("lapse", [1]) == 1


def test_an_act_is_recorded_from_thirty_days_on(community: Community, membership: Contract) -> None:
    wallet = community.wallets[0]
    stamp = membership.call("stampOf", 1)
    next_block_at(community.rpc, (stamp + 30) * DAY)
    receipt = membership.send("delegate", wallet, sender=wallet)
    assert facts(receipt) == [("ActRecorded", (1,))]
    assert membership.call("stampOf", 1) == stamp + 30
    community.rpc.warp_to((stamp + 30) * DAY + DORMANT_AFTER + RESOLUTION - 1)
    assert membership.call("lapse", [1]) == 0
    community.rpc.warp(1)
    assert membership.call("lapse", [1]) == 1


@pytest.mark.parametrize("days", [90, 365])
def test_lapse_uses_the_setting_in_force(
    community: Community, membership: Contract, days: int
) -> None:
    settings = membership.call("settings") | {"dormantAfter": days * DAY}
    community.as_treasury(membership, "setSettings", settings)
    community.rpc.warp_to(due(membership, 1, days * DAY + RESOLUTION) - 1)
    assert membership.call("lapse", [1]) == 0
    community.rpc.warp(1)
    assert membership.call("lapse", [1]) == 1


def test_lapse_uses_the_former_setting_while_a_cut_waits(
    community: Community, membership: Contract
) -> None:
    community.rpc.warp_to(due(membership, 1) - 20 * DAY)
    settings = membership.call("settings") | {"dormantAfter": 90 * DAY}
    community.as_treasury(membership, "setSettings", settings)
    community.rpc.warp_to(due(membership, 1) - 1)
    assert membership.call("lapse", [1]) == 0
    community.rpc.warp(1)
    assert membership.call("lapse", [1]) == 1


def test_lapse_makes_a_dormant_member_absent_after_a_year_more(
    community: Community, membership: Contract
) -> None:
    membership.send("rest", sender=community.wallets[0])
    before = member(membership, 1)
    when = absent_at(membership, 1)
    next_block_at(community.rpc, when - 1)
    receipt = membership.send("lapse", [1], sender=community.outsider.address)
    assert facts(receipt) == []
    next_block_at(community.rpc, when)

    receipt = membership.send("lapse", [1], sender=community.outsider.address)

    assert facts(receipt) == [
        ("StandingChanged", (1, Standing.ABSENT)),
        ("MetadataUpdate", (1,)),
    ]
    assert member(membership, 1) == replace(before, standing=Standing.ABSENT)
    assert totals(membership) == Totals(4, 4, 4 * VOICE, 5)
    assert seen(membership, "uncounted") == 1
    community.rpc.warp(1)
    assert membership.call("getPastCensus", when - 1) == (4, 5, 4 * VOICE)
    assert membership.call("getPastCensus", when) == (4, 4, 4 * VOICE)


def test_lapse_counts_the_year_from_the_last_act_but_waits_for_another_epoch(
    community: Community, membership: Contract
) -> None:
    """Else one awake person could end the floor of the quorum in one call."""
    t0 = membership.call("voiceParams")["t0"]
    epoch = 30 * DAY
    number = (absent_at(membership, 1) - t0) // epoch + 3
    next_block_at(community.rpc, t0 + number * epoch)
    membership.send("lapse", [1, 1, 1], sender=community.outsider.address)
    assert member(membership, 1).standing == Standing.DORMANT
    community.rpc.warp_to(t0 + (number + 1) * epoch - 1)
    assert membership.call("lapse", [1]) == 0
    community.rpc.warp(1)
    assert membership.call("lapse", [1]) == 1
    community.rpc.warp_to(t0 + (number + 32) * epoch)  # 5 bits remember the epoch
    assert membership.call("lapse", [1]) == 0
    community.rpc.warp(epoch)
    assert membership.call("lapse", [1]) == 1


def test_lapse_remembers_the_epoch_of_resting(community: Community, membership: Contract) -> None:
    t0 = membership.call("voiceParams")["t0"]
    membership.send("rest", sender=community.wallets[0])
    assert absent_at(membership, 1) < t0 + 32 * 30 * DAY
    for number, lapsed in ((31, 1), (32, 0), (33, 1)):
        community.rpc.warp_to(t0 + number * 30 * DAY)
        assert membership.call("lapse", [1]) == lapsed


def test_lapse_leaves_newcomers_alone(community: Community, membership: Contract) -> None:
    community.as_treasury(membership, "admit", ANNA, NO_CHARTER)
    before = member(membership, 6)
    community.rpc.warp(3_000 * DAY)
    assert membership.call("lapse", [6]) == 0
    community.rpc.fund(ANNA)
    membership.send("wake", CHARTER, sender=ANNA)
    assert before.standing == Standing.NEWCOMER
    assert totals(membership) == Totals(6, 6, 6 * VOICE, 6)


def test_lapse_skips_the_absent_the_gone_and_the_barred(
    community: Community, membership: Contract
) -> None:
    membership.send("exit", sender=community.wallets[0])
    community.as_treasury(membership, "bar", 2)
    membership.send("rest", sender=community.wallets[2])
    community.rpc.warp(740 * DAY)
    membership.send("lapse", [3], sender=community.outsider.address)
    community.rpc.warp(10_000 * DAY)
    assert membership.call("lapse", [0, 1, 2, 3, 6]) == 0


def test_lapse_leaves_the_past_as_it_was(community: Community, membership: Contract) -> None:
    before = community.rpc.timestamp()
    community.rpc.warp_to(due(membership, 1))
    membership.send("lapse", [1, 2, 3, 4, 5], sender=community.outsider.address)
    lapsed_at = community.rpc.warp(1) - 1
    assert membership.call("getPastCensus", before) == (5, 5, 5 * VOICE)
    assert membership.call("getPastCensus", lapsed_at - 1) == (5, 5, 5 * VOICE)
    assert membership.call("getPastCensus", lapsed_at) == (0, 5, 0)
    assert membership.call("getPastVotes", community.wallets[0], lapsed_at - 1) == VOICE
    assert membership.call("getPastVotes", community.wallets[0], lapsed_at) == 0


def test_every_kind_of_act_protects_from_lapsing(
    community: Community, membership: Contract
) -> None:
    """Delegating, being seen by a REWARDER, and resting and waking; voting is with the ballots."""
    rewarder = grant(community, "REWARDER", community.outsider.address)
    community.rpc.warp_to(due(membership, 1) - DAY)
    first, second, third, fourth, _ = community.wallets
    membership.send("delegate", second, sender=first)
    membership.send("act", second, sender=rewarder)
    membership.send("rest", sender=third)
    membership.send("wake", NO_CHARTER, sender=third)
    membership.send("exit", sender=fourth)
    membership.send("rejoin", CHARTER, sender=fourth)  # no act yet, but no silence either
    community.rpc.warp(DAY)
    membership.send("lapse", [1, 2, 3, 4, 5], sender=rewarder)
    standings = [member(membership, number).standing for number in range(1, 6)]
    assert standings == [Standing.ACTIVE] * 3 + [Standing.NEWCOMER, Standing.DORMANT]
    assert membership.call("stampOf", 1) == today(community.rpc) - 1


def test_merit_and_delegated_voice_are_no_acts(community: Community, membership: Contract) -> None:
    community.rpc.warp_to(due(membership, 1) - DAY)
    community.as_treasury(membership, "credit", 1, 10**18, 0, bytes(32))
    membership.send("delegate", community.wallets[0], sender=community.wallets[1])
    community.rpc.warp(DAY)
    assert membership.call("lapse", [1]) == 1


def test_rest_reverts_given_the_caller_is_not_active(
    community: Community, membership: Contract
) -> None:
    first, second, third = community.wallets[:3]
    with reverts("MembershipUnexpectedStanding", 0, Standing.NONE):
        membership.call("rest", sender=community.outsider.address)
    membership.send("rest", sender=first)
    with reverts("MembershipUnexpectedStanding", 1, Standing.DORMANT):
        membership.call("rest", sender=first)
    membership.send("exit", sender=second)
    with reverts("MembershipUnexpectedStanding", 2, Standing.EXITED):
        membership.call("rest", sender=second)
    community.as_treasury(membership, "bar", 3)
    with reverts("MembershipUnexpectedStanding", 3, Standing.BARRED):
        membership.call("rest", sender=third)
    community.as_treasury(membership, "admit", ANNA, NO_CHARTER)
    with reverts("MembershipUnexpectedStanding", 6, Standing.NEWCOMER):
        membership.call("rest", sender=ANNA)


def test_rest_makes_an_active_member_dormant(community: Community, membership: Contract) -> None:
    community.rpc.warp(3 * DAY)
    before = member(membership, 1)

    receipt = membership.send("rest", sender=before.wallet)

    assert facts(receipt) == [
        ("DelegateVotesChanged", (before.wallet, VOICE, 0)),
        ("StandingChanged", (1, Standing.DORMANT)),
        ("MetadataUpdate", (1,)),
    ]
    day = today(community.rpc)
    assert member(membership, 1) == replace(before, standing=Standing.DORMANT, stamp=day, votes=0)
    assert totals(membership) == Totals(4, 5, 4 * VOICE, 5)


def test_rest_takes_the_voice_from_the_delegate(community: Community, membership: Contract) -> None:
    first, second = community.wallets[:2]
    membership.send("delegate", second, sender=first)
    receipt = membership.send("rest", sender=first)
    changed = receipt.only("DelegateVotesChanged").args
    assert tuple(changed.values()) == (second, 2 * VOICE, VOICE)
    assert member(membership, 1).delegate == second
    membership.send("wake", NO_CHARTER, sender=first)
    assert member(membership, 2).votes == 2 * VOICE


def test_rest_of_a_delegate_leaves_the_others_voices(
    community: Community, membership: Contract
) -> None:
    first, second = community.wallets[:2]
    membership.send("delegate", first, sender=second)
    membership.send("rest", sender=first)
    assert member(membership, 1).votes == VOICE
    membership.send("reclaim", [2], sender=second)
    assert member(membership, 1).votes == 0
    assert member(membership, 2).votes == VOICE
