"""Merit: credit, its ceiling, its caps. Written from IVoiceLedger and DESIGN.md."""
# ruff: noqa: ARG002 (methods are named as the contract's functions)

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from mikoshi.testing.model.numbers import MILLI
from mikoshi.testing.model.refusal import ANY, refuse
from mikoshi.testing.model.state import REWARDER, Usage
from mikoshi.testing.model.voice import Voices

CAPS = ("meritCap", "meritCapPerMember")


class Merits(Voices):
    """What is credited to whom."""

    def usage(self) -> Usage:
        """What was used in this epoch."""
        used = self.state.usage
        return used if used.epoch == self.epoch else Usage(self.epoch)

    def merit_caps(self) -> tuple[int, int]:
        """What may be credited in this epoch, to all and to one member: a cut counts at once."""
        current = self.state.membership
        caps = current["meritCap"], current["meritCapPerMember"]
        until, *former = self.state.former_caps
        if self.epoch >= until:
            return caps
        return min(caps[0], former[0]), min(caps[1], former[1])

    def postpone_raise(self, new: Mapping[str, int]) -> None:
        """Let a raise of a cap on merit count from the epoch after the next one."""
        current = self.state.membership
        if any(new[cap] > current[cap] for cap in CAPS):
            self.state.former_caps = (self.epoch + 2, *self.merit_caps())

    def credit(self, sender: str, number: int, points: int, kind: int, ref: bytes) -> None:
        """Credit merit to a member."""
        refuse(self._no_rewarder(sender))
        self._spend(self._credit(number, points))

    # The contract's name
    def creditMany(  # noqa: N802
        self,
        sender: str,
        numbers: Sequence[int],
        points: Sequence[int],
        kind: int,
        ref: bytes,
    ) -> None:
        """Credit merit to many; ids may repeat."""
        ragged = len(numbers) != len(points)
        refuse(
            self._no_rewarder(sender),
            (ragged, "VoiceRaggedLists", len(numbers), len(points)),
        )
        pairs = zip(numbers, points, strict=True)
        self._spend(sum(self._credit(number, amount) for number, amount in pairs))

    def _no_rewarder(self, sender: str) -> tuple[Any, ...]:
        return not self.may(sender, REWARDER), "MembershipUnauthorized", sender, REWARDER

    def _credit(self, number: int, points: int) -> int:
        """Thousandths of a point that a member was given."""
        member = self.state.members.get(number)
        refuse(
            (member is None, "VoiceUnknownMember", number),
            (points % MILLI != 0, "VoicePointsNotMilli", points),
        )
        assert member is not None
        given, raw = self.environment.formula.credited(member.raw, points, self.now)
        used = member.used if member.epoch == self.epoch else 0
        available = max(0, self.merit_caps()[1] - used)
        over = given > available
        refuse((over, "VoiceMemberCapExceeded", number, ANY, available * MILLI))
        self.environment.credited.append((number, given, given * MILLI != points))
        self.state.change(member, raw=raw, epoch=self.epoch, used=used + given)
        return given

    def _spend(self, given: int) -> None:
        used = self.usage()
        available = max(0, self.merit_caps()[0] - used.merit)
        refuse((given > available, "VoiceMeritCapExceeded", ANY, available * MILLI))
        self.state.usage = replace(used, merit=used.merit + given)
