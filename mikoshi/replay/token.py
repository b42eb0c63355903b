"""Balances, supply and what is left of the caps, rebuilt from the contribution token's events."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from mikoshi.chain.abi import Event
from mikoshi.replay.membership import NOBODY

_NO_CAP = 2**96 - 1


@dataclass
class Cap:
    """A cap in wei of token and what was `used` of it in `epoch`; None: no cap of its own."""

    cap: int | None = None
    epoch: int = 0
    used: int = 0

    def spend(self, amount: int, epoch: int) -> None:
        """Use some of it."""
        self.used = amount + (self.used if self.epoch == epoch else 0)
        self.epoch = epoch

    def left(self, epoch: int) -> int | None:
        """What is left of it in `epoch`."""
        if self.cap is None:
            return None
        return max(0, self.cap - (self.used if self.epoch == epoch else 0))


@dataclass
class RebuiltToken:
    """The contribution token as its events tell it; amounts in wei of token.

    Until `founded`, what is minted was granted at creation and is no part of a cap.
    """

    balances: dict[str, int] = field(default_factory=dict)
    supply: int = 0
    minted: int = 0
    burned: int = 0
    settings: dict[str, Any] = field(default_factory=dict)
    cap: Cap = field(default_factory=Cap)
    kinds: dict[int, Cap] = field(default_factory=dict)
    founded: bool = False

    def mintable(self, epoch: int) -> int:
        """What may still be minted in `epoch`."""
        return self.cap.left(epoch) or 0

    def mintable_for(self, kind: int, epoch: int) -> int:
        """What may still be minted in `epoch` for one kind of contribution."""
        left = self.kinds.get(kind, Cap()).left(epoch)
        return self.mintable(epoch) if left is None else min(left, self.mintable(epoch))

    def apply(self, event: Event, epoch: int) -> None:
        """Take an event of a block in `epoch`."""
        args = event.args
        match event.name:
            case "Transfer":
                self._transfer(args["from"], args["to"], args["amount"])
            case "Minted" if self.founded:
                self.cap.spend(args["amount"], epoch)
                kind = self.kinds.get(args["kind"])
                if kind is not None and kind.cap is not None:
                    kind.spend(args["amount"], epoch)
            case "SettingsChanged":
                self.settings = args["settings"]
                self.cap.cap = self.settings["epochCap"]
            case "KindCapChanged":
                kind = self.kinds.setdefault(args["kind"], Cap())
                kind.cap = None if args["cap"] == _NO_CAP else args["cap"]

    def _transfer(self, sender: str, receiver: str, amount: int) -> None:
        if sender == NOBODY:
            self.minted += amount
        else:
            self.balances[sender] = self.balances.get(sender, 0) - amount
        if receiver == NOBODY:
            self.burned += amount
        else:
            self.balances[receiver] = self.balances.get(receiver, 0) + amount
        self.supply = self.minted - self.burned
