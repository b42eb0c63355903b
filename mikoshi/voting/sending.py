"""One transaction of the account: what it costs, a question, and its receipt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mikoshi.contract import Contract, Receipt
from mikoshi.language import pick
from mikoshi.units import format_amount

if TYPE_CHECKING:
    from mikoshi.cli import Session
    from mikoshi.console import Console
    from mikoshi.sender import Fees


def show_cost(out: Console, gas: int, fees: Fees) -> None:
    """What gas costs now."""
    cost = format_amount(gas * fees.expected, "ETH", digits=2)
    out.say(pick(f"about {cost} ({gas:,} gas)", f"約 {cost}({gas:,} ガス)"))


def ask_and_send(session: Session, contract: Contract, name: str, *args: Any) -> Receipt | None:
    """The receipt of a call that the person agreed to; None if it was only shown.

    Raises ContractRevertedError, BadInputError, NotNowError, ChainError and UnreachableError.
    """
    sender, fees = session.sender, session.sender.fees()
    signed = Contract(sender, contract.address, contract.interface)
    signed.call(name, *args, sender=sender.address)
    gas = sender.estimate(contract.address, contract.data(name, *args))
    show_cost(session.out, gas, fees)
    if not session.options.dry_run:
        sender.require_balance(gas * fees.max_fee)
    if not session.go_ahead():
        return None
    return signed.send(name, *args, sender=sender.address)


def receipt_json(receipt: Receipt | None) -> dict[str, Any]:
    """A transaction for programs."""
    if receipt is None:
        return {"transaction": None}
    return {
        "transaction": str(receipt.raw["transactionHash"]),
        "block": int(receipt.raw["blockNumber"], 16),
        "gas": receipt.gas,
    }
