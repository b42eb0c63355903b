"""The contribution token: supply, caps and the lock. Written from IContributionToken."""
# ruff: noqa: N802 (methods are named as the contract's functions)

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from mikoshi.testing.model.part import Part
from mikoshi.testing.model.refusal import refuse
from mikoshi.testing.model.state import MINTER, NO_HASH, PURSE, ZERO, Cap

NO_CAP = 2**96 - 1
UNLIMITED = 2**256 - 1


class Token(Part):
    """An ERC-20 with burn and caps on minting. Amounts in wei of token."""

    NAME = "token"
    SET_UP_TWICE = "ContributionTokenAlreadyInitialized"

    def mint(self, sender: str, to: str, amount: int, kind: int) -> None:
        """Mint within the caps."""
        self.mintMany(sender, [to], [amount], kind)

    def mintMany(
        self, sender: str, accounts: Sequence[str], amounts: Sequence[int], kind: int
    ) -> None:
        """Mint for many, all or none."""
        total = sum(amounts)
        available = self.available(self.state.token_cap)
        own = self.state.kind_caps.get(kind)
        has_own = own is not None and own.is_set
        of_kind = self.available(own) if own and has_own else available
        ragged = len(accounts) != len(amounts)
        refuse(
            (ZERO in accounts, "ContributionTokenInvalidReceiver", ZERO),
            (ragged, "ContributionTokenRaggedLists", len(accounts), len(amounts)),
            (not self.may(sender, MINTER), "ContributionTokenUnauthorized", sender, MINTER),
            (total > available, "ContributionTokenCapExceeded", total, available),
            (
                has_own and total > of_kind,
                "ContributionTokenKindCapExceeded",
                kind,
                total,
                of_kind,
            ),
        )
        self.state.token_cap = self._used(self.state.token_cap, total)
        if own and has_own:
            self.state.kind_caps[kind] = self._used(own, total)
        for account, amount in zip(accounts, amounts, strict=True):
            self._add(account, amount)
        self.state.minted += total

    def available(self, cap: Cap) -> int:
        """What a cap still allows in this epoch."""
        used = cap.used if cap.epoch == self.epoch else 0
        return max(0, cap.cap - used)

    def _used(self, cap: Cap, amount: int) -> Cap:
        used = cap.used if cap.epoch == self.epoch else 0
        return replace(cap, used=used + amount, epoch=self.epoch)

    def mintable_for(self, kind: int) -> int:
        """What may still be minted for a kind."""
        available = self.available(self.state.token_cap)
        own = self.state.kind_caps.get(kind)
        return min(available, self.available(own)) if own and own.is_set else available

    def _add(self, account: str, amount: int) -> None:
        self.state.tokens[account] = self.state.tokens.get(account, 0) + amount

    # Moving and burning

    def transfer(self, sender: str, to: str, amount: int) -> bool:
        """Move one's own tokens."""
        refuse(self._nobody(to), self._locked(sender, to), self._short(sender, amount))
        self._add(sender, -amount)
        self._add(to, amount)
        return True

    def approve(self, sender: str, spender: str, amount: int) -> bool:
        """Let another move one's tokens."""
        refuse((spender == ZERO, "ContributionTokenInvalidSpender", spender))
        self.state.allowances[sender, spender] = amount
        return True

    def transferFrom(self, sender: str, source: str, to: str, amount: int) -> bool:
        """Move another's tokens."""
        refuse(
            self._of_nobody(source),
            self._nobody(to),
            self._not_allowed(source, sender, amount),
            self._locked(source, to),
            self._short(source, amount),
        )
        self._spend(source, sender, amount)
        self._add(source, -amount)
        self._add(to, amount)
        return True

    def burn(self, sender: str, amount: int) -> None:
        """Burn one's own tokens."""
        refuse(self._short(sender, amount))
        self._add(sender, -amount)
        self.state.burned += amount

    def burnFrom(self, sender: str, account: str, amount: int) -> None:
        """Burn another's tokens."""
        refuse(
            self._of_nobody(account),
            self._not_allowed(account, sender, amount),
            self._short(account, amount),
        )
        self._spend(account, sender, amount)
        self._add(account, -amount)
        self.state.burned += amount

    def _of_nobody(self, source: str) -> tuple[Any, ...]:
        return source == ZERO, "ContributionTokenInvalidSender", source

    def _nobody(self, to: str) -> tuple[Any, ...]:
        return to == ZERO, "ContributionTokenInvalidReceiver", to

    def _locked(self, source: str, to: str) -> tuple[Any, ...]:
        purse = any(self.holds(each, PURSE) for each in (source, to))
        free = self.state.token_transferable or purse
        return not free, "ContributionTokenLocked", source, to

    def _short(self, account: str, amount: int) -> tuple[Any, ...]:
        return self.state.tokens.get(account, 0) < amount, "InsufficientBalance"

    def _not_allowed(self, account: str, spender: str, amount: int) -> tuple[Any, ...]:
        allowed = self.state.allowances.get((account, spender), 0)
        return allowed < amount, "InsufficientAllowance"

    def _spend(self, account: str, spender: str, amount: int) -> None:
        allowed = self.state.allowances.get((account, spender), 0)
        if allowed != UNLIMITED:
            self.state.allowances[account, spender] = allowed - amount

    # Settings

    def setSettings(self, sender: str, new: Mapping[str, Any]) -> None:
        """Replace the epoch's cap and the lock."""
        refuse(self._not_treasury(sender))
        self.state.token_cap = replace(self.state.token_cap, cap=new["epochCap"])
        self.state.token_transferable = new["transferable"]

    def setKindCap(self, sender: str, kind: int, cap: int) -> None:
        """Give a kind a cap of its own; the maximum removes it."""
        refuse(self._not_treasury(sender))
        known = self.state.kind_caps.get(kind, Cap(0))
        self.state.kind_caps[kind] = replace(known, cap=cap, is_set=cap != NO_CAP)

    def _not_treasury(self, sender: str) -> tuple[Any, ...]:
        return sender != self.treasury, "ContributionTokenUnauthorized", sender, NO_HASH
