"""What is done to members by others: by officers, by votes, by anybody when it is due."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st
from hypothesis.stateful import rule

from mikoshi.testing.defaults import DAY
from mikoshi.testing.machine_base import NUMBER, SMALL, Base
from mikoshi.testing.machine_choice import any_id, charter, pick
from mikoshi.testing.machine_payloads import door_keeper, payload, points_for
from mikoshi.testing.machine_powers import merit_caps, people_settings, vote_settings
from mikoshi.testing.machine_setups import STAND_INS
from mikoshi.testing.model.lives import WINDOW
from mikoshi.testing.model.state import ANSWER, EPOCH, NO_HASH, ZERO, Standing


class DoorRules(Base):
    """Doors of the DAO, and what waits behind them."""

    # By others

    @rule(number=NUMBER, by=SMALL)
    def admit(self, number: int, by: int) -> None:
        """Somebody who may admits somebody who is not in."""
        world = self.world
        outside = self.outside
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

    # What waits

    @rule(cap=SMALL, again=SMALL, number=NUMBER)
    def raise_twice(self, cap: int, again: int, number: int) -> None:
        """Caps are raised, and something else is asked for before the raise counts."""
        world = self.world
        for step, choice in enumerate((cap, again)):
            action = merit_caps(world, choice) if choice % 3 else people_settings(world, choice)
            world.send("membership", "setSettings", world.treasury, *action.args)
            member = any_id(world, number + step)
            points = points_for(world, member, 2 + number % 3)
            world.send("membership", "credit", world.treasury, member, points, 0, NO_HASH)
            world.warp_to(world.now + pick((0, EPOCH, 1, EPOCH, 2 * EPOCH), number + step))

    @rule(number=NUMBER, when=SMALL, how=SMALL)
    def stretch(self, number: int, when: int, how: int) -> None:
        """Settings are asked for, perhaps others before they hold; some are taken back."""
        world = self.world
        part, make = pick((("governor", vote_settings), ("membership", people_settings)), how)
        for step in range(1 + how // 8 % 2):
            action = make(world, number + 13 * step)
            world.send(part, "setSettings", world.treasury, *action.args)
            world.warp_to(world.now + pick((0, DAY, ANSWER - 1, ANSWER, ANSWER + 1), when + step))
        if how // 4 % 2:
            sender = world.treasury if when % 8 else self.stranger
            world.send(part, "withdrawSettings", sender)

    @rule(number=NUMBER, when=SMALL)
    def bar_slowly(self, number: int, when: int) -> None:
        """A bar beyond the number of seats is asked for; it is enforced, or taken back."""
        world = self.world
        bars = world.model.state.bars
        if not bars:
            members = (m for m in world.model.state.members.values() if m.spoke)
            there = [m.id for m in members if m.standing.is_member]
            for step in range(min(3, len(there))):
                if not world.model.state.bars:
                    target = pick(there, number + step)
                    world.send("membership", "bar", world.treasury, target)
            return
        target = pick(list(bars), number)
        due = bars[target]
        moments = (due, due - 1, due + WINDOW, due + WINDOW + 1, world.now, due)
        world.warp_to(pick(moments, when))
        if when % 8 == 7:
            world.send("membership", "withdrawBar", world.treasury, target)
        world.send("membership", "enforceBar", self.stranger, target)

    @rule(number=NUMBER, when=SMALL)
    def install(self, number: int, when: int) -> None:
        """Anybody installs the next governor, or tries to; now and then a vote asks for one."""
        world = self.world
        if world.model.treasury.waiting()[0] == ZERO and number % 4:
            new = pick(STAND_INS, number // 4)
            world.send("treasury", "setGovernor", world.treasury, new)
        due = world.model.treasury.waiting()[1] or world.now
        moments = (due, due - 1, due, due + WINDOW, due + WINDOW + 1, world.now)
        world.warp_to(pick(moments, when))
        if when % 16 == 15:
            world.send("treasury", "withdrawGovernor", world.treasury)
        world.send("treasury", "installGovernor", self.stranger)

    @rule(by=SMALL)
    def retire(self, by: int) -> None:
        """Somebody tells the governor that it is replaced."""
        world = self.world
        sender = world.treasury if by % 2 else self.stranger
        world.send("governor", "retire", sender)

    @rule(number=NUMBER, how=SMALL)
    def return_early(self, number: int, how: int) -> None:
        """Somebody leaves, comes back, and somebody else wants them awake before their day."""
        world = self.world
        actor = self.by_standing(number, Standing.ACTIVE, Standing.NEWCOMER)
        current = world.model.state.charter
        world.send("membership", "exit", actor.address)
        world.send("membership", "rejoin", actor.address, current)
        officer = world.officers[pick(("admitter", "steward"), how)].address
        sender = pick((world.treasury, officer), how // 2)
        world.send("membership", "admit", sender, actor.address, charter(world, how // 4))
