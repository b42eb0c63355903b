"""Settings of the Membership that are in force until what was asked for is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

_CAPS = ("meritCap", "meritCapPerMember")
_RAISED_FOR = 2  # epochs until a raise counts


@dataclass
class FormerSettings:
    """What is in force until `dormant_from` (Unix seconds) and until the epoch `caps_from`.

    Zeros where nothing waits or ever did.
    """

    caps: dict[str, int] = field(default_factory=dict)
    caps_from: int = 0
    dormant_after: int = 0
    dormant_from: int = 0

    def in_force(self, asked: Mapping[str, int], time: int, epoch: int) -> dict[str, int]:
        """The settings at `time`, in `epoch`, while `asked` were asked for last."""
        found = dict(asked)
        if time < self.dormant_from:
            found["dormantAfter"] = self.dormant_after
        if epoch < self.caps_from:  # a cap that was cut after the raise holds at once
            found |= {name: min(found[name], self.caps[name]) for name in _CAPS}
        return found

    def ask(
        self,
        asked: Mapping[str, int],
        in_force: Mapping[str, int],
        wanted: Mapping[str, int],
        dormant_from: int,
        epoch: int,
    ) -> None:
        """Keep what is `in_force` of the settings before `wanted`; nothing at the creation."""
        if not asked:
            return
        if any(wanted[name] > asked[name] for name in _CAPS):
            self.caps = {name: in_force[name] for name in _CAPS}
            self.caps_from = epoch + _RAISED_FOR
        if wanted["dormantAfter"] != asked["dormantAfter"]:
            self.dormant_after, self.dormant_from = in_force["dormantAfter"], dormant_from
