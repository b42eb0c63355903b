"""What a vote may do to the rules: settings, offices, roles, the governor, and taking them back."""

from __future__ import annotations

from collections.abc import Mapping

from eth_utils.crypto import keccak

from mikoshi.testing.defaults import DAY, ZERO
from mikoshi.testing.machine_choice import any_id, call, pick
from mikoshi.testing.machine_setups import DELEGATED, PAYEES, STAND_INS
from mikoshi.testing.machine_world import MachineWorld
from mikoshi.testing.model.proposal import Action
from mikoshi.testing.model.state import (
    ADMITTER,
    MINTER,
    NO_HASH,
    PURSE,
    REWARDER,
    SUCCESSION,
)

ROLE_IDS = (ADMITTER, REWARDER, MINTER, PURSE, SUCCESSION, NO_HASH)


def _changed(
    settings: Mapping[str, int], changes: tuple[tuple[str, int], ...], number: int
) -> dict[str, int]:
    key, value = pick(changes, number)
    return {**settings, key: value}


def people_settings(world: MachineWorld, number: int) -> Action:
    """Settings of the Membership, within limits and a step beyond."""
    old = world.model.state.membership
    changes = (
        ("dormantAfter", 90 * DAY),
        ("dormantAfter", 365 * DAY),
        ("season", 45 * DAY),
        ("dormantAfter", 120 * DAY),
        ("season", 365 * DAY),
        ("stewardCap", old["stewardCap"] // 2),
        ("meritCap", old["meritCapPerMember"]),
        ("meritCapPerMember", 500_000),
        ("meritCap", 10**12),
        ("dormantAfter", 90 * DAY - 1),
        ("dormantAfter", 365 * DAY + 1),
        ("season", 45 * DAY - 1),
        ("season", 365 * DAY + 1),
        ("stewardCap", old["stewardCap"] + 1),
        ("meritCap", 10**12 + 1),
        ("meritCapPerMember", old["meritCap"] + 1),
    )
    return call(world, "membership", "setSettings", _changed(old, changes, number))


def merit_caps(world: MachineWorld, number: int, member: int | None = None) -> Action:
    """The caps on merit, up or down."""
    caps = (50_000, 90_000, 200_000, 300_000, 10_000_000)
    all_ = pick(caps, number)
    own = min(all_, pick(caps, number // 8 if member is None else member))
    new = {**world.model.state.membership, "meritCap": all_, "meritCapPerMember": own}
    return call(world, "membership", "setSettings", new)


def vote_settings(world: MachineWorld, number: int) -> Action:
    """Settings of the governor, within limits and a step beyond."""
    changes = (
        ("votingDelay", DAY),
        ("votingPeriod", 14 * DAY),
        ("lateExtension", 2 * DAY),
        ("executionDelay", DAY),
        ("expiry", 7 * DAY),
        ("quorumBps", 500),
        ("quorumBps", 6_000),
        ("floorBps", 1_000),
        ("floorBps", 100),
        ("voiceCapBps", 5_000),
        ("voiceCapBps", 100),
        ("thresholdBps", 0),
        ("thresholdBps", 10_000),
        ("liveProposals", 10),
        ("lateExtension", 3_600),
        ("votingDelay", DAY - 1),
        ("votingPeriod", 14 * DAY + 1),
        ("lateExtension", 3_601),
        ("lateExtension", 2 * DAY + 3_600),
        ("executionDelay", 14 * DAY + 1),
        ("expiry", 90 * DAY + 1),
        ("quorumBps", 499),
        ("floorBps", 1_001),
        ("floorBps", 99),
        ("voiceCapBps", 5_001),
        ("thresholdBps", 10_001),
        ("liveProposals", 0),
        ("votingDelay", 7 * DAY),
        ("votingDelay", 7 * DAY + 1),
    )
    new = _changed(world.model.governor.current, changes, number)
    return call(world, "governor", "setSettings", new)


def withdrawal(world: MachineWorld, number: int) -> Action:
    """Something that waits is taken back, also at whoever admits members."""
    if number % 5 == 4:
        admitter = world.officers["admitter"].address
        return Action(admitter, number // 5 % 2, keccak(text="withdrawSettings()")[:4])
    waiting = list(world.model.state.bars)
    barred = pick(waiting, number // 4) if waiting else any_id(world, number // 4)
    choices = (
        ("governor", "withdrawSettings", ()),
        ("membership", "withdrawBar", (barred,)),
        ("membership", "withdrawSettings", ()),
        ("treasury", "withdrawGovernor", ()),
    )
    part, name, args = pick(choices, number)
    return call(world, part, name, *args)


def guardian(world: MachineWorld, number: int) -> Action:
    """A guardian, for a term that may be too long."""
    holder = pick((world.officers["guardian"].address, ZERO, world.people[1].address), number)
    terms = (300 * DAY, 10 * DAY, 365 * DAY, 365 * DAY + 1, 0)
    until = world.now + pick(terms, number // 3)
    return call(world, "treasury", "setGuardian", holder, until)


def role(world: MachineWorld, number: int) -> Action:
    """A role is given or taken."""
    name = "grantRole" if number % 2 == 0 else "revokeRole"
    officer = pick(list(world.officers.values()), number // 2)
    return call(world, "treasury", name, pick(ROLE_IDS, number // 16), officer.address)


def governor(world: MachineWorld, number: int) -> Action:
    """Another governor is asked for, or what cannot be one."""
    wrong = (PAYEES[0], world.treasury, DELEGATED, world.addresses["governor"])
    new = pick(wrong, number // 2) if number % 2 else pick(STAND_INS, number // 2)
    return call(world, "treasury", "setGovernor", new)
