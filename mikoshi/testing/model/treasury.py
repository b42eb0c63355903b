"""The vault, executor and role book. Written from ITreasury."""
# ruff: noqa: N802, ARG002 (methods are named as the contract's functions)

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from mikoshi.testing.model.part import Environment, Part
from mikoshi.testing.model.refusal import Refusal, refuse
from mikoshi.testing.model.state import DAY, NO_HASH, ZERO, Action

MAX_TERM = 365 * DAY

Dispatch = Callable[..., Any]
"""(part, name, sender, arguments): a call to a part of the model."""


class Inner:
    """What a call of a proposal failed with: the bytes of one of the refusal's errors."""

    def __init__(self, refusal: Refusal | None) -> None:
        """None: it failed without saying why."""
        self.refusal = refusal

    def __repr__(self) -> str:
        return f"<{self.refusal}>"


class Treasury(Part):
    """Holds the assets, makes the calls of executed proposals, knows the roles."""

    NAME = "treasury"
    SET_UP_TWICE = "TreasuryAlreadyInitialized"

    def __init__(
        self, environment: Environment, dispatch: Dispatch, codes: Callable[[str], bool]
    ) -> None:
        """`codes` tells whether an address has code."""
        super().__init__(environment)
        self._dispatch = dispatch
        self._codes = codes

    def execute(self, sender: str, actions: Sequence[Action]) -> None:
        """Make the calls in order; all or none."""
        refuse((sender != self.state.governor, "TreasuryNotGovernor", sender))
        for index, action in enumerate(actions):
            self._call(index, action)

    def _call(self, index: int, action: Action) -> None:
        no_code = bool(action.data) and not self._codes(action.target)
        refuse((no_code, "TreasuryTargetWithoutCode", index, action.target))
        held = self.state.ether.get(self.treasury, 0)
        payable = action.part is None or action.target == self.treasury
        if action.value > held or (action.value and not payable):
            raise Refusal(("TreasuryCallFailed", index, action.target, Inner(None)))
        self.state.ether[self.treasury] = held - action.value
        reached = self.state.ether.get(action.target, 0)
        self.state.ether[action.target] = reached + action.value
        if action.part is None:
            return
        try:
            self._dispatch(action.part, action.name, self.treasury, *action.args)
        except Refusal as refusal:
            failed = ("TreasuryCallFailed", index, action.target, Inner(refusal))
            raise Refusal(failed) from refusal

    def receive(self, sender: str, wei: int) -> None:
        """Take a payment."""
        self.state.ether[self.treasury] = self.state.ether.get(self.treasury, 0) + wei

    # Offices

    def setGovernor(self, sender: str, new: str) -> None:
        """Hand the Treasury to another governor."""
        wrong = not self._codes(new) or new == self.treasury
        refuse(self._not_self(sender), (wrong, "TreasuryInvalidGovernor", new))
        self.state.governor = new

    def setGuardian(self, sender: str, holder: str, until: int) -> None:
        """Appoint, renew or remove the guardian."""
        most = self.now + MAX_TERM
        refuse(self._not_self(sender), (until > most, "TreasuryTermTooLong", until, most))
        self.state.guardian = holder, until

    def _not_self(self, sender: str) -> tuple[Any, ...]:
        return sender != self.treasury, "TreasuryNotSelf", sender

    def guardian(self) -> str:
        """Who may cancel; zero when the term is over."""
        holder, until = self.state.guardian
        return holder if self.now < until else ZERO

    def steward(self) -> str:
        """Who may admit in the founding phase; zero when the term is over."""
        holder, until = self.state.steward
        return holder if self.now < until else ZERO

    # Roles

    def grantRole(self, sender: str, name: bytes, account: str) -> None:
        """Let an account through a door."""
        self._check_admin(sender, name)
        self.state.roles.add((name, account))

    def revokeRole(self, sender: str, name: bytes, account: str) -> None:
        """Close a door to an account."""
        self._check_admin(sender, name)
        self.state.roles.discard((name, account))

    def renounceRole(self, sender: str, name: bytes, account: str) -> None:
        """Give up one's own role."""
        refuse(
            (sender != account, "AccessControlBadConfirmation"),
            (name == NO_HASH, "TreasuryAdminIsFixed"),
        )
        self.state.roles.discard((name, account))

    def _check_admin(self, sender: str, name: bytes) -> None:
        stranger = sender != self.treasury
        refuse(
            (stranger, "AccessControlUnauthorizedAccount", sender, NO_HASH),
            (name == NO_HASH, "TreasuryAdminIsFixed"),
        )

    def has_role(self, name: bytes, account: str) -> bool:
        """Whether the book lets an account through; the Treasury is the only admin."""
        if name == NO_HASH:
            return account == self.treasury
        return (name, account) in self.state.roles
