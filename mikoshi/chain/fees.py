"""What gas costs, and how much of it a transaction may use."""

from __future__ import annotations

from dataclasses import dataclass

from mikoshi.text.errors import ChainError
from mikoshi.text.language import N_, _
from mikoshi.text.units import format_amount

GAS_CAP = 2**24
"""Gas that one transaction may use at most (EIP-7825)."""


@dataclass(frozen=True, slots=True)
class Fees:
    """What a unit of gas costs: at most `max_fee` wei, of which `tip` wei at most for the miner."""

    max_fee: int
    tip: int
    base: int

    @property
    def expected(self) -> int:
        """Wei for a unit of gas in the next block."""
        return self.base + self.tip

    def priced(self, gas: int) -> str:
        """`0.033 ETH (16,718,430 gas at 2 gwei)`: what gas costs in the next block."""
        cost = format_amount(gas * self.expected, "ETH", digits=2)
        price = format_amount(self.expected, "gwei", 9, digits=3)
        return _("{cost} ({gas:,} gas at {price})", cost=cost, gas=gas, price=price)


def dearer(told: Fees, now: Fees) -> ChainError:
    """The refusal of a price far above the one that was told."""
    before, after = (format_amount(each.max_fee, "gwei", 9, digits=3) for each in (told, now))
    return ChainError(
        "gas.dearer",
        N_("Gas costs far more than was shown"),
        N_("up to {after}, it was {before}"),
        N_(
            "Run the command again to see the new price, or name another node with "
            "--network; this was not sent"
        ),
        after=after,
        before=before,
    )
