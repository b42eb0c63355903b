"""What a vote may do: calls of the Treasury, drawn from two numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from mikoshi.testing.defaults import DAY, POINT, ZERO
from mikoshi.testing.machine_world import PAYEES, STAND_IN_ADDRESS, MachineWorld
from mikoshi.testing.model.state import (
    ADMITTER,
    MINTER,
    NO_HASH,
    PURSE,
    REWARDER,
    SUCCESSION,
    Action,
)

T = TypeVar("T")
MILLI = 10**15
ROLES = (ADMITTER, REWARDER, MINTER, PURSE, SUCCESSION, NO_HASH)
WRONG_HASH = b"\x77" * 32


def pick(choices: Sequence[T], number: int) -> T:
    """One of the choices; the first for 0, which is where shrinking leads."""
    return choices[number % len(choices)]


def payment(world: MachineWorld, number: int) -> Action:
    """Ether to a payee; now and then more than there is, or data for an address without code."""
    target = pick(PAYEES, number // 3)
    if number % 11 == 10:
        return Action(target, 0, b"\x12\x34\x56\x78")
    too_much = number % 7 == 6
    return Action(target, world.chain.balance(world.treasury) + 1 if too_much else number, b"")


def call(world: MachineWorld, part: str, name: str, *args: Any) -> Action:
    """A call to a part of the DAO."""
    contract = world.contract(part)
    return Action(contract.address, 0, contract.data(name, *args), part, name, args)


def points_for(world: MachineWorld, member: int, number: int) -> int:
    """Merit in the amounts that matter: small, large, all that the caps allow, and one more."""
    person = world.model.state.members.get(member)
    epoch = world.model.membership.epoch
    used = person.used if person and person.epoch == epoch else 0
    rest = max(0, world.model.membership.merit_caps()[1] - used) * MILLI
    amounts = (5 * POINT, MILLI, 100 * POINT, rest, rest + MILLI, MILLI + 1, 0)
    return pick(amounts, number)


def any_id(world: MachineWorld, number: int) -> int:
    """A member's id; rarely one that nobody has."""
    last = len(world.model.state.members)
    return number % (last + 1) + 1 if number % 13 == 12 else number % max(1, last) + 1


def _credit(world: MachineWorld, number: int) -> Action:
    member = any_id(world, number)
    points = points_for(world, member, number // 16)
    return call(world, "membership", "credit", member, points, number % 3, NO_HASH)


def _credit_many(world: MachineWorld, number: int) -> Action:
    members = [any_id(world, number + i // 2) for i in range(number % 4)]
    points = [points_for(world, m, number // 16 + i) for i, m in enumerate(members)]
    if number % 17 == 16:
        points.append(0)
    return call(world, "membership", "creditMany", members, points, 1, NO_HASH)


def _mint(world: MachineWorld, number: int) -> Action:
    token, kind = world.model.token, number % 3
    rest = token.mintable_for(kind)
    amount = pick((POINT, 7, rest, rest + 1, 0, rest // 2), number // 3)
    to = pick([*world.people[:4], *world.officers.values()], number).address
    to = {4: world.treasury, 24: ZERO}.get(number % 25, to)
    return call(world, "token", "mint", to, amount, kind)


def _mint_many(world: MachineWorld, number: int) -> Action:
    accounts = [pick(world.people, number + i).address for i in range(number % 4)]
    amounts = [POINT * (number % 300) + i for i in range(len(accounts))]
    if number % 17 == 16:
        amounts.append(0)
    return call(world, "token", "mintMany", accounts, amounts, number % 3)


def _transfer(world: MachineWorld, number: int) -> Action:
    held = world.model.state.tokens.get(world.treasury, 0)
    amount = held + 1 if number % 5 == 4 else number % (held + 1)
    to = ZERO if number % 19 == 18 else pick(world.people, number).address
    return call(world, "token", "transfer", to, amount)


def charter(world: MachineWorld, number: int) -> bytes:
    """Mostly the current charter, else zero or another."""
    return pick((world.model.state.charter, NO_HASH, world.model.state.charter, WRONG_HASH), number)


def _admit(world: MachineWorld, number: int) -> Action:
    wallet = pick([*world.people, *world.wallets], number).address
    if number % 29 == 28:
        wallet = pick((ZERO, *world.addresses.values()), number // 29)
        wallet = world.treasury if wallet == world.addresses["token"] else wallet
    accepted = charter(world, number // 32)
    return call(world, "membership", "admit", wallet, accepted)


def _admit_many(world: MachineWorld, number: int) -> Action:
    wallets = [pick(world.people, number + i).address for i in range(number % 4)]
    if number % 7 == 6:
        wallets += wallets[:1]
    return call(world, "membership", "admitMany", wallets, charter(world, number // 32))


def _bar(world: MachineWorld, number: int) -> Action:
    return call(world, "membership", "bar", any_id(world, number))


def _move(world: MachineWorld, number: int) -> Action:
    to = pick([*world.people, *world.wallets], number // 16).address
    if number % 29 == 28:
        to = pick((ZERO, world.treasury), number // 29)
    return call(world, "membership", "moveWallet", any_id(world, number), to)


def _act(world: MachineWorld, number: int) -> Action:
    return call(world, "membership", "act", pick(world.people, number).address)


def _charter(world: MachineWorld, number: int) -> Action:
    new = NO_HASH if number % 5 == 4 else (number % 256).to_bytes(1, "big") * 32
    return call(world, "membership", "setCharter", new, "ipfs://new")


def _people_settings(world: MachineWorld, number: int) -> Action:
    new = dict(world.model.state.membership)
    changes: tuple[tuple[str, int], ...] = (
        ("dormantAfter", 90 * DAY),
        ("dormantAfter", 730 * DAY),
        ("season", 28 * DAY),
        ("season", 365 * DAY),
        ("stewardCap", 2),
        ("meritCap", new["meritCapPerMember"]),
        ("meritCapPerMember", 500_000),
        ("meritCap", 10**12),
        ("dormantAfter", 90 * DAY - 1),
        ("dormantAfter", 730 * DAY + 1),
        ("season", 7 * DAY - 1),
        ("season", 365 * DAY + 1),
        ("stewardCap", 10_001),
        ("meritCap", 10**12 + 1),
        ("meritCapPerMember", new["meritCap"] + 1),
    )
    key, value = pick(changes, number)
    new[key] = value
    return call(world, "membership", "setSettings", new)


def merit_caps(world: MachineWorld, number: int, member: int | None = None) -> Action:
    """The caps on merit, up or down."""
    new = dict(world.model.state.membership)
    caps = (200_000, 250_000, 300_000, 1_000_000, 10_000_000)
    new["meritCap"] = pick(caps, number)
    new["meritCapPerMember"] = min(
        new["meritCap"], pick(caps, number // 8 if member is None else member)
    )
    return call(world, "membership", "setSettings", new)


def _vote_settings(world: MachineWorld, number: int) -> Action:
    new = dict(world.model.state.settings[-1])
    changes: tuple[tuple[str, int], ...] = (
        ("votingDelay", DAY),
        ("votingPeriod", 14 * DAY),
        ("lateExtension", 7 * DAY),
        ("executionDelay", DAY),
        ("expiry", 7 * DAY),
        ("quorumBps", 500),
        ("quorumBps", 6_000),
        ("floorBps", 2_500),
        ("voiceCapBps", 5_000),
        ("voiceCapBps", 100),
        ("thresholdBps", 0),
        ("thresholdBps", 10_000),
        ("liveProposals", 10),
        ("votingDelay", DAY - 1),
        ("votingPeriod", 14 * DAY + 1),
        ("lateExtension", 3_601),
        ("executionDelay", 30 * DAY + 1),
        ("expiry", 90 * DAY + 1),
        ("quorumBps", 499),
        ("floorBps", 2_501),
        ("voiceCapBps", 5_001),
        ("thresholdBps", 10_001),
        ("liveProposals", 0),
        ("votingDelay", 14 * DAY),
    )
    key, value = pick(changes, number)
    new[key] = value
    return call(world, "governor", "setSettings", new)


def _token_settings(world: MachineWorld, number: int) -> Action:
    caps = (1_000 * POINT, 0, 2**96 - 1, 10 * POINT)
    new = {"epochCap": pick(caps, number), "transferable": number // 4 % 2 == 0}
    return call(world, "token", "setSettings", new)


def _kind_cap(world: MachineWorld, number: int) -> Action:
    caps = (100 * POINT, 0, 2**96 - 1, 7)
    return call(world, "token", "setKindCap", number % 3, pick(caps, number // 3))


def _guardian(world: MachineWorld, number: int) -> Action:
    holder = pick((world.officers["guardian"].address, ZERO, world.people[1].address), number)
    terms = (300 * DAY, 10 * DAY, 365 * DAY, 365 * DAY + 1, 0)
    until = world.now + pick(terms, number // 3)
    return call(world, "treasury", "setGuardian", holder, until)


def _role(world: MachineWorld, number: int) -> Action:
    name = "grantRole" if number % 2 == 0 else "revokeRole"
    officer = pick(list(world.officers.values()), number // 2)
    return call(world, "treasury", name, pick(ROLES, number // 16), officer.address)


def _governor(world: MachineWorld, number: int) -> Action:
    current = world.model.state.governor
    founding = world.addresses["governor"]
    swap = STAND_IN_ADDRESS if current == founding and number % 5 == 0 else founding
    new = pick((swap, PAYEES[0], swap, world.treasury), number // 5)
    return call(world, "treasury", "setGovernor", new)


def _forbidden(world: MachineWorld, number: int) -> Action:
    proposals = list(world.model.state.proposals)
    choices: tuple[tuple[str, str, tuple[Any, ...]], ...] = (
        ("membership", "exit", ()),
        ("membership", "delegate", (world.people[0].address,)),
        ("membership", "receiveBallotOf", (world.people[0].address, world.now - 1)),
        ("treasury", "renounceRole", (ADMITTER, world.treasury)),
        ("governor", "castVote", (pick(proposals or [7], number), 1)),
    )
    part, name, args = pick(choices, number)
    return call(world, part, name, *args)


Maker = Callable[[MachineWorld, int], Action]

PAYLOADS: tuple[Maker, ...] = (
    payment,
    _credit,
    _mint,
    _admit,
    _bar,
    _credit_many,
    _credit,
    _mint_many,
    _admit_many,
    _transfer,
    _move,
    _people_settings,
    _vote_settings,
    _token_settings,
    _kind_cap,
    _guardian,
    _role,
    _charter,
    _act,
    _forbidden,
    merit_caps,
    _governor,
)


def payload(world: MachineWorld, kind: int, number: int) -> Action:
    """An action; kinds are numbered from the harmless to the far-reaching."""
    return pick(PAYLOADS, kind)(world, number)


def door_keeper(action: Action) -> str:
    """The officer who may make this call beside the Treasury."""
    keepers = {
        "admit": "admitter",
        "admitMany": "admitter",
        "credit": "rewarder",
        "creditMany": "rewarder",
        "act": "rewarder",
        "mint": "minter",
        "mintMany": "minter",
        "moveWallet": "succession",
        "transfer": "purse",
    }
    return keepers.get(action.name, "stranger")
