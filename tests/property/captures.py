"""What one captured vote may ask for, all of it, and how the others take it back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from mikoshi.ballots.proposal import Call
from mikoshi.chain.contract import Contract
from mikoshi.testing.community import Community, person
from mikoshi.testing.defaults import CHARTER, DAY, POINT, ZERO, params
from tests.support import role

WAITING_ROLES = ("ADMITTER", "SUCCESSION", "REWARDER")
STRETCHED = {
    "votingDelay": 7 * DAY,
    "votingPeriod": 14 * DAY,
    "lateExtension": 2 * DAY,
    "executionDelay": 14 * DAY,
    "expiry": 90 * DAY,
    "quorumBps": 6_000,
    "floorBps": 1_000,
    "voiceCapBps": 5_000,
    "thresholdBps": 10_000,
    "liveProposals": 1,
}
KINDS = (
    "credit",
    "bars",
    "admissions",
    "governor",
    "roles",
    "settings",
    "silence",
    "guardian",
    "charter",
    "money",
)
"""Each is one kind of call that a vote can make to keep power, or take what there is."""


@dataclass
class Capture:
    """A proposal of the first `minority` members with calls of these `kinds`.

    `wallets` are their own, who are no members yet; `targets` the places of those to be barred.
    """

    community: Community
    minority: int
    kinds: Sequence[str]
    own: int = 41
    wallets: list[str] = field(init=False)
    targets: range = field(init=False)

    def __post_init__(self) -> None:
        self.wallets = [person(number).address for number in range(5_000, 5_000 + self.own)]
        members = len(self.community.people)
        self.targets = range(members, self.minority, -1)

    def calls(self) -> list[Call]:
        """The calls of the captured vote; the charter changes after it was accepted."""
        kinds = [kind for kind in KINDS if kind in self.kinds]
        return [call for kind in kinds for call in getattr(self, f"_{kind}")()]

    def _credit(self) -> list[Call]:
        members = list(range(1, self.minority + 1))
        points = [10_000 * POINT] * self.minority
        return [_call(self._membership, "creditMany", members, points, 0, bytes(32))]

    def _bars(self) -> list[Call]:
        return [_call(self._membership, "bar", number) for number in self.targets]

    def _admissions(self) -> list[Call]:
        return [_call(self._membership, "admitMany", self.wallets, CHARTER)]

    def _governor(self) -> list[Call]:
        return [_call(self._treasury, "setGovernor", self.community.dao.token_address)]

    def _roles(self) -> list[Call]:
        holder = self.wallets[0]
        return [_call(self._treasury, "grantRole", role(name), holder) for name in WAITING_ROLES]

    def _settings(self) -> list[Call]:
        return [_call(self._dao.governor, "setSettings", STRETCHED)]

    def _silence(self) -> list[Call]:
        people = dict(self.community.params["membership"]) | {"dormantAfter": 90 * DAY}
        return [_call(self._membership, "setSettings", people | {"season": 365 * DAY})]

    def _guardian(self) -> list[Call]:
        until = self.community.rpc.timestamp() + 300 * DAY
        return [_call(self._treasury, "setGuardian", self.community.wallets[0], until)]

    def _charter(self) -> list[Call]:
        return [_call(self._membership, "setCharter", b"\xc5" * 32, "ipfs://theirs")]

    def _money(self) -> list[Call]:
        wallet = self.community.wallets[0]
        return [(wallet, 10**18, b""), _call(self._dao.token, "mint", wallet, 10**18, 0)]

    def undoing(self) -> list[Call]:
        """What takes back all that is not in force yet, and the offices and seats beside it."""
        calls: list[Call] = []
        for kind in self.kinds:
            calls += getattr(self, f"_undo_{kind}", list)()
        return calls or [(ZERO, 0, b"")]

    def _undo_bars(self) -> list[Call]:
        scheduled = [n for n in self.targets if self._membership.call("scheduledBar", n)]
        return [_call(self._membership, "withdrawBar", number) for number in scheduled]

    def _undo_admissions(self) -> list[Call]:
        ids = [self._membership.call("memberIdOf", wallet) for wallet in self.wallets]
        silent = [number for number in ids if self._membership.call("statusOf", number) == 2]
        new = [number for number in silent if self._membership.call("neverSpoke", number)]
        return [_call(self._membership, "bar", number) for number in new]

    def _undo_governor(self) -> list[Call]:
        return [_call(self._treasury, "withdrawGovernor")]

    def _undo_roles(self) -> list[Call]:
        holder = self.wallets[0]
        return [_call(self._treasury, "revokeRole", role(name), holder) for name in WAITING_ROLES]

    def _undo_settings(self) -> list[Call]:
        return [_call(self._dao.governor, "withdrawSettings")]

    def _undo_silence(self) -> list[Call]:
        return [_call(self._membership, "withdrawSettings")]

    def _undo_guardian(self) -> list[Call]:
        return [_call(self._treasury, "setGuardian", ZERO, 0)]

    @property
    def _dao(self) -> Any:
        return self.community.dao

    @property
    def _membership(self) -> Contract:
        return self.community.dao.membership

    @property
    def _treasury(self) -> Contract:
        return self.community.dao.treasury


def _call(contract: Contract, name: str, *args: Any) -> Call:
    return contract, 0, contract.data(name, *args)


def rules_of(**changes: int) -> dict[str, int]:
    """The default settings of the governor with changes."""
    defaults: dict[str, int] = params(0)["governor"]
    return defaults | changes


def people_of(**changes: int) -> dict[str, int]:
    """The default settings of the Membership with changes."""
    defaults: dict[str, int] = params(0)["membership"]
    return defaults | changes
