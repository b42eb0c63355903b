"""What is done with a proposal: the calls of the Governor, to be sent here or elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from mikoshi.ballots.proposal import Draft
from mikoshi.chain.contract import Contract, ContractRevertedError, Receipt
from mikoshi.chain.refusals import OvertakenError
from mikoshi.chain.rpc import RevertedError, RpcError
from mikoshi.chain.sender import Sender


@dataclass(frozen=True)
class Act:
    """A call of the Governor: a function and its arguments."""

    function: str
    args: Sequence[Any]

    def data(self, governor: Contract) -> bytes:
        """Its calldata."""
        return governor.data(self.function, *self.args)

    def preview(self, governor: Contract, sender: str) -> None:
        """Try it without sending it. Raises ContractRevertedError."""
        governor.call(self.function, *self.args, sender=sender)

    def gas(self, governor: Contract, sender: Sender) -> int:
        """Gas that it would use in the next block. Raises ContractRevertedError and RpcError."""
        with self.refusals_of(governor):
            return sender.estimate(governor.address, self.data(governor))

    @contextmanager
    def refusals_of(self, governor: Contract) -> Iterator[None]:
        """Raise what the Governor says inside, where a node only passes on its bytes."""
        try:
            yield
        except RpcError as error:
            if not error.data:
                raise
            revert = governor.interface.decode_revert(error.data)
            raise ContractRevertedError(self.function, revert, error.data) from error

    def send(self, governor: Contract, sender: Sender, done: Callable[[], bool]) -> Receipt | None:
        """Send it, unless it is `done` already, by an earlier run or by somebody else: then None.

        `governor` is called through `sender`. It may be called again after any failure. Raises
        ContractRevertedError, RpcError, UnreachableError, BadInputError and ChainError.
        """
        sender.settle()  # a transaction of an earlier run may be on its way
        if done():
            return None
        try:
            return governor.send(self.function, *self.args, sender=sender.address)
        except (ContractRevertedError, OvertakenError, RevertedError, RpcError):
            if done():
                return None
            raise


def proposing(draft: Draft) -> Act:
    """Make the proposal."""
    if not draft.targets:
        return Act("proposeAdvisory", [draft.description])
    return Act("propose", [*draft.calls, draft.description])


def voting(proposal_id: int, support: int) -> Act:
    """Vote on it."""
    return Act("castVote", [proposal_id, support])


def executing(draft: Draft) -> Act:
    """Execute it."""
    return Act("execute", draft.actions)


def cancelling(draft: Draft) -> Act:
    """Cancel it."""
    return Act("cancel", draft.actions)
