"""What a vote may do: calls of the Treasury, drawn from two numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mikoshi.testing import machine_powers as powers
from mikoshi.testing.defaults import POINT, ZERO
from mikoshi.testing.machine_choice import any_id, call, charter, pick
from mikoshi.testing.machine_setups import PAYEES
from mikoshi.testing.machine_world import MachineWorld
from mikoshi.testing.model.numbers import MILLI
from mikoshi.testing.model.proposal import Action
from mikoshi.testing.model.state import ADMITTER, NO_HASH


def payment(world: MachineWorld, number: int) -> Action:
    """Ether to a payee; now and then more than there is, or data for an address without code."""
    target = pick(PAYEES, number // 3)
    if number % 11 == 10:
        return Action(target, 0, b"\x12\x34\x56\x78")
    too_much = number % 7 == 6
    return Action(target, world.chain.balance(world.treasury) + 1 if too_much else number, b"")


def points_for(world: MachineWorld, member: int, number: int) -> int:
    """Merit in the amounts that matter: small, large, all that the caps allow, and one more."""
    person = world.model.state.members.get(member)
    epoch = world.model.membership.epoch
    used = person.used if person and person.epoch == epoch else 0
    rest = max(0, world.model.membership.merit_caps()[1] - used) * MILLI
    full: int = world.params["voice"]["full"] * POINT
    amounts = (5 * POINT, MILLI, full, rest, rest + MILLI, MILLI + 1, full // 3, 2 * full, 0)
    return pick(amounts, number)


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
    silent = [m.wallet for m in world.model.state.members.values() if not m.spoke]
    anybody = [actor.address for actor in (*world.people, *world.wallets)]
    to = pick(silent if silent and number % 3 == 2 else anybody, number // 16)
    if number % 29 == 28:
        to = pick((ZERO, world.treasury), number // 29)
    return call(world, "membership", "moveWallet", any_id(world, number), to)


def _act(world: MachineWorld, number: int) -> Action:
    return call(world, "membership", "act", pick(world.people, number).address)


def _charter(world: MachineWorld, number: int) -> Action:
    new = NO_HASH if number % 5 == 4 else (number % 256).to_bytes(1, "big") * 32
    return call(world, "membership", "setCharter", new, "ipfs://new")


def _token_settings(world: MachineWorld, number: int) -> Action:
    caps = (1_000 * POINT, 0, 2**96 - 1, 10 * POINT)
    new = {"epochCap": pick(caps, number), "transferable": number // 4 % 2 == 0}
    return call(world, "token", "setSettings", new)


def _kind_cap(world: MachineWorld, number: int) -> Action:
    caps = (100 * POINT, 0, 2**96 - 1, 7)
    return call(world, "token", "setKindCap", number % 3, pick(caps, number // 3))


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
    powers.people_settings,
    powers.vote_settings,
    _token_settings,
    _kind_cap,
    powers.guardian,
    powers.role,
    _charter,
    _act,
    _forbidden,
    powers.merit_caps,
    powers.governor,
    powers.withdrawal,
    _bar,
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
