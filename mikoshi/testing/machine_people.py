"""The moves of people: tickets, lifecycle, delegation, tokens, by call and by signature."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from mikoshi.testing.defaults import ZERO
from mikoshi.testing.machine_actors import Actor
from mikoshi.testing.machine_payloads import (
    any_id,
    charter,
    door_keeper,
    merit_caps,
    payload,
    pick,
    points_for,
)
from mikoshi.testing.machine_world import DELEGATE_BY_SIG, OZ_DELEGATE_BY_SIG, MachineWorld
from mikoshi.testing.model.state import NO_HASH, Standing

NUMBER = st.integers(0, 1023)
SMALL = st.integers(0, 31)
HOUR = 3_600

FLAWS = (
    "none",
    "compact",
    "none",
    "replayed",
    "expired",
    "stranger",
    "nonce",
    "altered",
    "garbage",
    "domain",
)
"""What may be wrong with a signature; the first three are right."""


class Base(RuleBasedStateMachine):
    """What all rules share: the world, and choosing from it."""

    world: MachineWorld

    def by_standing(self, number: int, *standings: Standing, anyone: int = 5) -> Actor:
        """Mostly somebody with one of these standings; every fifth time, or for want, anybody."""
        world = self.world
        fitting = [
            world.actor(m.wallet)
            for m in world.model.state.members.values()
            if m.standing in standings
        ]
        everyone = [*world.people, *world.wallets]
        if not fitting or number % anyone == anyone - 1:
            return pick(everyone, number // anyone)
        return pick(fitting, number // anyone)

    @property
    def stranger(self) -> str:
        """Somebody who relays what others have signed."""
        return self.world.officers["stranger"].address


class PeopleRules(Base):
    """Rules of the Membership and the token."""

    def __init__(self) -> None:
        super().__init__()
        self._used: dict[str, list[tuple[Any, ...]]] = {}

    # By call or by signature

    def act(self, name: str, actor: Actor, values: Sequence[Any], how: int) -> str:
        """Let an actor act: for 0 to 9 by call, else by a signature with one of the flaws."""
        if how < 10 or actor.kind in ("burner", "short", "bomb"):
            return self.world.send("membership", name, actor.address, *values)[0]
        flaw = pick(FLAWS, how)
        by_sig = f"{name}BySig"
        used = self._used.setdefault(name, [])
        if flaw == "replayed" and used:
            args = pick(used, how)
        else:
            args = self._signed_args(name, actor, values, flaw)
        signature = DELEGATE_BY_SIG if name == "delegate" else None
        sent = self.world.send("membership", by_sig, self.stranger, *args, signature=signature)
        if sent[0] == "ok":
            used.append(args)
        return sent[0]

    def _signed_args(
        self, name: str, actor: Actor, values: Sequence[Any], flaw: str
    ) -> tuple[Any, ...]:
        world = self.world
        deadline = world.now - 1 if flaw == "expired" else world.now + HOUR
        nonce = world.model.state.nonces.get(("membership", actor.address), 0)
        part = "governor" if flaw == "domain" else "membership"
        kind = name.capitalize()
        signed = nonce + (flaw == "nonce"), deadline + (flaw == "altered")
        signer = world.officers["stranger"] if flaw == "stranger" else actor
        text = (part, kind, actor.address, *values, *signed)
        signature = world.signatures.sign(signer, text)
        if flaw == "compact" and len(signature) == 65:
            signature = world.signatures.compact(signature)
        if flaw == "garbage":
            signature = b"\x05" * 65
        return (actor.address, *values, deadline, signature)

    @rule(number=NUMBER, how=SMALL)
    def exit(self, number: int, how: int) -> None:
        """Somebody leaves."""
        members = (s for s in Standing if s.is_member)
        self.act("exit", self.by_standing(number, *members), (), how)

    @rule(number=NUMBER, how=SMALL)
    def rejoin(self, number: int, how: int) -> None:
        """Somebody comes back."""
        actor = self.by_standing(number, Standing.EXITED, Standing.LEFT, Standing.BARRED)
        self.act("rejoin", actor, (charter(self.world, number // 8),), how)

    @rule(number=NUMBER, how=SMALL)
    def rest(self, number: int, how: int) -> None:
        """Somebody falls dormant by choice."""
        self.act("rest", self.by_standing(number, Standing.ACTIVE), (), how)

    @rule(number=NUMBER, how=SMALL)
    def wake(self, number: int, how: int) -> None:
        """Somebody wakes."""
        asleep = Standing.DORMANT, Standing.NEWCOMER, Standing.ABSENT
        actor = self.by_standing(number, *asleep)
        self.act("wake", actor, (charter(self.world, number // 8),), how)

    @rule(number=NUMBER, to=NUMBER, how=SMALL)
    def delegate(self, number: int, to: int, how: int) -> None:
        """Somebody chooses who speaks for them."""
        delegatee = self.by_standing(to, Standing.ACTIVE).address
        actor = self.by_standing(number, Standing.ACTIVE)
        self.act("delegate", actor, (ZERO if to % 17 == 16 else delegatee,), how)

    @rule(number=NUMBER, to=NUMBER, how=SMALL)
    def delegate_as_standard(self, number: int, to: int, how: int) -> None:
        """The same by the signature that ERC-5805 defines."""
        world = self.world
        actor = self.by_standing(number, Standing.ACTIVE)
        if actor.key is None:
            actor = world.people[0]
        delegatee = self.by_standing(to, Standing.ACTIVE).address
        flaw = pick(FLAWS, how)
        expiry = world.now - 1 if flaw == "expired" else world.now + HOUR
        nonce = world.model.state.nonces.get(("membership", actor.address), 0)
        nonce += flaw == "nonce"
        part = "governor" if flaw == "domain" else "membership"
        signed = ("Delegation", delegatee, nonce, expiry + (flaw == "altered"))
        signature = world.signatures.sign(actor, (part, *signed))
        if flaw == "replayed" and self._used.get("standard"):
            delegatee, nonce, expiry, signature = self._used["standard"][-1]
        args = (delegatee, nonce, expiry, signature)
        raw = (delegatee, nonce, expiry, signature[64], signature[:32], signature[32:64])
        name = "delegateVotesBySig"
        sent = world.send(
            "membership", name, self.stranger, *args, raw=raw, signature=OZ_DELEGATE_BY_SIG
        )
        if sent[0] == "ok":
            self._used.setdefault("standard", []).append(args)

    # Tickets

    @rule(number=NUMBER, to=NUMBER, how=SMALL)
    def sell(self, number: int, to: int, how: int) -> None:
        """A ticket changes hands, by its holder or somebody else."""
        world = self.world
        state = world.model.state
        holders = [m for m in state.members.values() if m.ticket]
        if not holders:
            return
        seller = pick(holders, number)
        outside = [a for a in [*world.people, *world.wallets] if not _is_in(world, a)]
        buyer = pick(outside, to) if outside and to % 6 else pick(world.people, to)
        approved = state.approvals.get(seller.ticket, ZERO)
        operators = [o for holder, o in state.operators if holder == seller.wallet]
        sender = pick(
            (seller.wallet, seller.wallet, approved, pick(operators or [buyer.address], how)), how
        )
        sender = self.stranger if sender == ZERO else sender
        source = buyer.address if how % 16 == 15 else seller.wallet
        ticket = state.last_id + 1 if how % 16 == 14 else seller.ticket
        safe = how % 3 == 0 and not buyer.kind
        name = "safeTransferFrom" if safe else "transferFrom"
        signature = "safeTransferFrom(address,address,uint256)" if safe else None
        args = (source, buyer.address, ticket)
        world.send("membership", name, sender, *args, signature=signature)

    @rule(number=NUMBER, how=SMALL)
    def approve(self, number: int, how: int) -> None:
        """A ticket's holder lets somebody sell it."""
        world = self.world
        holders = [m for m in world.model.state.members.values() if m.ticket]
        if not holders:
            return
        holder = pick(holders, number)
        to = pick([*world.officers.values()], how).address
        if how % 4 == 3:
            args: tuple[Any, ...] = (to, how % 8 == 3)
            world.send("membership", "setApprovalForAll", holder.wallet, *args)
        else:
            sender = self.stranger if how % 8 == 7 else holder.wallet
            world.send("membership", "approve", sender, to, holder.ticket)

    # By others

    @rule(number=NUMBER, by=SMALL)
    def admit(self, number: int, by: int) -> None:
        """Somebody who may admits somebody who is not in."""
        world = self.world
        outside = [a for a in [*world.people, *world.wallets] if not _is_in(world, a)]
        if not outside:
            return
        names = ("admitter", "steward", "admitter")
        sender = world.treasury if by % 4 == 3 else world.officers[pick(names, by % 4)].address
        wallet = pick(outside, number).address
        barred = [a for a in outside if world.model.state.standing(a.address) == Standing.BARRED]
        if barred and number % 3 == 2:
            wallet = pick(barred, number).address
        world.send("membership", "admit", sender, wallet, charter(world, by // 4))

    @rule(number=NUMBER, amount=SMALL)
    def credit(self, number: int, amount: int) -> None:
        """Somebody's contribution is rewarded with merit."""
        world = self.world
        member = any_id(world, number)
        points = points_for(world, member, amount % 16 * (amount < 28))
        rewarder = world.officers["rewarder"].address
        world.send("membership", "credit", rewarder, member, points, amount % 3, NO_HASH)

    @rule(numbers=st.lists(NUMBER, max_size=6), everyone=st.booleans())
    def lapse(self, numbers: list[int], everyone: bool) -> None:
        """Anybody tells who has been silent too long."""
        self.world.send("membership", "lapse", self.stranger, self._ids(numbers, everyone))

    @rule(numbers=st.lists(NUMBER, max_size=6), everyone=st.booleans())
    def reclaim(self, numbers: list[int], everyone: bool) -> None:
        """Anybody hands voices back whose delegate is gone."""
        self.world.send("membership", "reclaim", self.stranger, self._ids(numbers, everyone))

    def _ids(self, numbers: Sequence[int], everyone: bool) -> list[int]:
        last = len(self.world.model.state.members)
        return list(range(last + 2)) if everyone else [n % (last + 2) for n in numbers]

    @rule(kind=SMALL, number=NUMBER, by=st.integers(0, 7))
    def door(self, kind: int, number: int, by: int) -> None:
        """Somebody goes through a door of the DAO, or tries to."""
        world = self.world
        action = payload(world, kind, number)
        if action.part is None:
            return
        officers = world.officers
        keeper = officers[door_keeper(action)].address
        steward = officers["steward"].address
        others = [*officers.values(), world.people[0]]
        senders = (world.treasury, keeper, world.treasury, keeper, world.treasury, steward)
        sender = pick(senders, by) if by < 6 else pick(others, number).address
        world.send(action.part, action.name, sender, *action.args)

    @rule(cap=SMALL, member_cap=SMALL)
    def change_caps(self, cap: int, member_cap: int) -> None:
        """A vote changes the caps on merit."""
        world = self.world
        action = merit_caps(world, cap, member_cap)
        world.send("membership", "setSettings", world.treasury, *action.args)

    # Tokens and money

    @rule(number=NUMBER, to=NUMBER, how=SMALL)
    def move_tokens(self, number: int, to: int, how: int) -> None:
        """Tokens are sent, allowed, burned."""
        world = self.world
        tokens = world.model.state.tokens
        holders = [account for account, amount in tokens.items() if amount]
        holders = [h for h in holders if h != world.treasury] or [world.people[0].address]
        holder = pick(holders, number)
        held = tokens.get(holder, 0)
        amount = pick((held // 2, 1, held, held + 1, 0), how)
        other = pick([*world.people, world.officers["purse"]], to).address
        name = pick(
            ("transfer", "burn", "approve", "transferFrom", "burnFrom", "transfer"), how // 5
        )
        args: dict[str, tuple[Any, ...]] = {
            "transfer": (other, amount),
            "burn": (amount,),
            "approve": (other, 2**256 - 1 if how % 5 == 3 else amount),
            "transferFrom": (holder, self.stranger, amount),
            "burnFrom": (holder, amount),
        }
        sender = holder if name in ("transfer", "burn", "approve") else self._spender(holder, other)
        world.send("token", name, sender, *args[name])

    def _spender(self, holder: str, other: str) -> str:
        allowances = self.world.model.state.allowances
        allowed = [spender for (h, spender), left in allowances.items() if h == holder and left]
        return allowed[0] if allowed else other

    @rule(wei=NUMBER)
    def donate(self, wei: int) -> None:
        """Somebody pays into the Treasury."""
        world = self.world
        world.chain.send(world.treasury, sender=self.stranger, value=wei)
        world.model.transact("treasury", "receive", self.stranger, wei)


def _is_in(world: MachineWorld, actor: Actor) -> bool:
    return world.model.state.standing(actor.address).is_member
