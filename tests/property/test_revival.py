"""L3: if nine of ten fall silent for good, those who stay decide again before long.

Legal is what the contracts accept: the settings are drawn from more than the design allows.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mikoshi.chain.contract import ContractRevertedError
from mikoshi.testing.community import Community, found
from mikoshi.testing.defaults import DAY
from mikoshi.testing.evm import Evm
from tests.property.captures import people_of, rules_of

RARE = settings(
    deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
SIXTEEN_MONTHS = 16 * 365 * DAY // 12
UNDER_THE_DEFAULTS = 227 * DAY
PAYEE = "0x" + "00" * 18 + "E003"


def until_decided(members: int, **changes: dict[str, int]) -> int | None:
    """Seconds from the last act of nine tenths to an execution by the rest; None: not legal."""
    evm = Evm()
    try:
        community = found(evm, members, **changes)  # type: ignore[arg-type]
    except ContractRevertedError:
        return None
    evm.warp(40 * DAY)
    _everybody_acts(community)
    last = evm.timestamp()
    membership = community.dao.membership
    stay = range(-(-members // 10))
    evm.warp(community.params["membership"]["dormantAfter"] + 30 * DAY)
    silent = list(range(len(stay) + 1, members + 1))
    membership.send("lapse", silent, sender=community.wallets[0])
    evm.warp(1)
    draft = community.propose([(PAYEE, 1, b"")], "again")
    community.open_voting(draft)
    community.vote(draft, stay)
    community.close_voting(draft)
    community.ripen(draft)
    before = evm.balance(PAYEE)
    community.execute(draft)
    assert evm.balance(PAYEE) == before + 1
    return evm.timestamp() - last


def _everybody_acts(community: Community) -> None:
    draft = community.propose([(PAYEE, 1, b"")], "the last that all vote on")
    community.open_voting(draft)
    community.vote(draft, range(len(community.people)))


@st.composite
def people(draw: st.DrawFn) -> dict[str, int]:
    """Settings of the Membership, beyond the limits too."""
    silence = draw(st.sampled_from([30, 90, 180, 364, 365, 366, 500, 730, 1_460]))
    return people_of(dormantAfter=silence * DAY)


@st.composite
def rules(draw: st.DrawFn) -> dict[str, int]:
    """Settings of the governor, beyond the limits too."""
    delays = {
        "votingDelay": draw(st.sampled_from([1, 7, 7, 14])) * DAY,
        "votingPeriod": draw(st.sampled_from([2, 14, 14, 30])) * DAY,
        "executionDelay": draw(st.sampled_from([1, 14, 14, 30])) * DAY,
        "lateExtension": draw(st.sampled_from([1, 24, 48, 168])) * 3_600,
    }
    return rules_of(
        **delays,
        quorumBps=draw(st.sampled_from([500, 3_000, 6_000, 6_000, 9_000])),
        floorBps=draw(st.sampled_from([100, 500, 1_000, 1_000, 1_001, 2_000, 2_500])),
        thresholdBps=draw(st.sampled_from([0, 10_000])),
    )


def check_revival(members: int, people_: dict[str, int], rules_: dict[str, int]) -> None:
    """Whoever stays, a tenth at least, spends a wei within sixteen months."""
    took = until_decided(members, membership=people_, governor=rules_)
    assert took is None or took <= SIXTEEN_MONTHS, f"after {took / DAY:.1f} days"


cases = given(members=st.sampled_from([1, 9, 10, 20, 21]), people_=people(), rules_=rules())


@settings(RARE, max_examples=25)
@cases
def test_those_who_stay_decide_again(**case: Any) -> None:
    check_revival(**case)


@pytest.mark.slow
@settings(RARE, max_examples=250)
@cases
def test_those_who_stay_decide_again_in_many_communities(**case: Any) -> None:
    check_revival(**case)


@pytest.mark.parametrize("members", [10, 20, 50])
def test_those_who_stay_decide_within_227_days_under_the_defaults(members: int) -> None:
    took = until_decided(members)
    assert took is not None
    assert took <= UNDER_THE_DEFAULTS, f"after {took / DAY:.1f} days"


@pytest.mark.parametrize("floor", [100, 1_000])
def test_the_slowest_legal_settings_take_fourteen_months(floor: int) -> None:
    slowest = rules_of(
        votingDelay=7 * DAY,
        votingPeriod=14 * DAY,
        executionDelay=14 * DAY,
        lateExtension=2 * DAY,
        quorumBps=6_000,
        floorBps=floor,
    )
    silence = people_of(dormantAfter=365 * DAY)
    took = until_decided(20, membership=silence, governor=slowest)
    assert took is not None
    assert took <= 433 * DAY, f"after {took / DAY:.1f} days"
