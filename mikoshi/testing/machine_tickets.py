"""Tickets and tokens change hands, and money comes in."""

from __future__ import annotations

from typing import Any

from hypothesis.stateful import rule

from mikoshi.testing.defaults import ZERO
from mikoshi.testing.machine_base import NUMBER, SMALL, Base
from mikoshi.testing.machine_choice import pick


class TicketRules(Base):
    """What can be sold, sent, allowed, burned and given."""

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
        outside = self.outside
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
        other, source = (ZERO if to % 19 == 18 else other), (ZERO if to % 23 == 22 else holder)
        name = pick(
            ("transfer", "burn", "approve", "transferFrom", "burnFrom", "transfer"), how // 5
        )
        args: dict[str, tuple[Any, ...]] = {
            "transfer": (other, amount),
            "burn": (amount,),
            "approve": (other, 2**256 - 1 if how % 5 == 3 else amount),
            "transferFrom": (source, self.stranger, amount),
            "burnFrom": (source, amount),
        }
        sender = holder if name in ("transfer", "burn", "approve") else self._spender(holder)
        world.send("token", name, sender, *args[name])

    def _spender(self, holder: str) -> str:
        allowances = self.world.model.state.allowances
        allowed = [spender for (h, spender), left in allowances.items() if h == holder and left]
        return allowed[0] if allowed else self.stranger

    @rule(wei=NUMBER)
    def donate(self, wei: int) -> None:
        """Somebody pays into the Treasury."""
        world = self.world
        world.chain.send(world.treasury, sender=self.stranger, value=wei)
        world.model.transact("treasury", "receive", self.stranger, wei)
