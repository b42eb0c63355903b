"""One transaction of the account: what it costs, a question, and its receipt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mikoshi.chain.contract import Contract, Receipt
from mikoshi.text.language import _

if TYPE_CHECKING:
    from mikoshi.cli.session import Session


def ask_and_send(session: Session, contract: Contract, name: str, *args: Any) -> Receipt | None:
    """The receipt of a call that the person agreed to; None if it was only shown.

    Raises ContractRevertedError, BadInputError, NotNowError, ChainError and UnreachableError.
    """
    sender, fees = session.sender, session.sender.fees()
    signed = Contract(sender, contract.address, contract.interface)
    signed.call(name, *args, sender=sender.address)
    gas = sender.estimate(contract.address, contract.data(name, *args))
    session.out.say(_("about {priced}", priced=fees.priced(gas)))
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
