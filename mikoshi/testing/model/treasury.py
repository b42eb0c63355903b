"""The vault, executor and role book. Written from ITreasury."""
# ruff: noqa: N802, ARG002 (methods are named as the contract's functions)

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from mikoshi.testing.model.part import Environment, Part
from mikoshi.testing.model.proposal import Action
from mikoshi.testing.model.refusal import Refusal, refuse
from mikoshi.testing.model.state import (
    ADMITTER,
    ANSWER,
    DAY,
    NO_HASH,
    REWARDER,
    SUCCESSION,
    ZERO,
)

MAX_TERM = 365 * DAY
WINDOW = 30 * DAY
"""How long the next governor may be installed once it is due."""

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
        self, environment: Environment, dispatch: Dispatch, codes: Callable[[str], bytes]
    ) -> None:
        """`codes` tells the code of an address."""
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

    # The governor

    def setGovernor(self, sender: str, new: str) -> None:
        """Ask for another governor; in force when it is installed, 45 days later."""
        state = self.state
        known = new in (self.treasury, state.governor, *state.former_governors)
        wrong = known or not self._may_govern(new)
        refuse(self._not_self(sender), (wrong, "TreasuryInvalidGovernor", new))
        state.waiting = new, self.now + ANSWER

    def installGovernor(self, sender: str) -> None:
        """Anybody hands the Treasury to the next governor, when it is due."""
        new, since = self.waiting()
        refuse((new == ZERO, "TreasuryNothingWaits"))
        refuse(
            (self.now < since, "TreasuryNotDue", new, since, since + WINDOW),
            (not self._may_govern(new), "TreasuryInvalidGovernor", new),
        )
        former = self.state.governor
        self.state.governor, self.state.waiting = new, (ZERO, 0)
        self.state.former_governors = (*self.state.former_governors, former)
        if former == self.environment.addresses["governor"]:
            self._dispatch("governor", "retire", self.treasury)

    def waiting(self) -> tuple[str, int]:
        """The next governor and since when it may be installed; nobody once its time is over."""
        new, since = self.state.waiting
        return (new, since) if self.now <= since + WINDOW else (ZERO, 0)

    def _may_govern(self, account: str) -> bool:
        """Whether it has code, and of its own: that of a wallet (EIP-7702) changes at will."""
        code = self._codes(account)
        return bool(code) and code[:3] != b"\xef\x01\x00"

    def withdrawGovernor(self, sender: str) -> None:
        """A vote drops the next governor."""
        nothing = self.waiting()[0] == ZERO
        refuse(self._not_self(sender), (nothing, "TreasuryNothingWaits"))
        self.state.waiting = ZERO, 0

    # Offices

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
        """Let an account through a door; through some only after 45 days."""
        self._check_admin(sender, name)
        if self.holds(account, name):
            return
        wait = ANSWER if name in (ADMITTER, SUCCESSION, REWARDER) else 0
        self.state.roles[name, account] = self.now + wait

    def revokeRole(self, sender: str, name: bytes, account: str) -> None:
        """Close a door to an account."""
        self._check_admin(sender, name)
        self.state.roles.pop((name, account), None)

    def renounceRole(self, sender: str, name: bytes, account: str) -> None:
        """Give up one's own role."""
        refuse(
            (sender != account, "AccessControlBadConfirmation"),
            (name == NO_HASH, "TreasuryAdminIsFixed"),
        )
        self.state.roles.pop((name, account), None)

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
        return self.holds(account, name)
