"""A call that somebody else is to send."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mikoshi.chain.contract import Contract
from mikoshi.context.sending import GovernorCall


@dataclass(frozen=True)
class ExportedCall:
    """An act for the `governor` on a chain, sent by `sender`, in whose name it is.

    `title` says what it is; `details` what follows from it, a line each. Words come from the chain
    and from people: whoever writes them into a file takes care of what they may do there.
    """

    chain_id: int
    governor: Contract
    act: GovernorCall
    sender: str
    title: str
    details: Sequence[str] = ()

    @property
    def to(self) -> str:
        """Who is called."""
        return self.governor.address

    @property
    def data(self) -> bytes:
        """The calldata."""
        return self.act.data(self.governor)

    @property
    def signature(self) -> str:
        """The function with its types: `castVote(uint256,uint8)`."""
        item = self.governor.interface.functions[self.act.function]
        return f"{item.name}({','.join(item.types)})"
