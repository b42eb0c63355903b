"""What is done with a proposal: the calls of the Governor, to be sent here or elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from mikoshi.ballots.proposal import ProposalDraft
from mikoshi.chain.contract import Contract, ContractRevertedError, Receipt
from mikoshi.chain.refusals import OvertakenError
from mikoshi.chain.rpc import RevertedError, RpcError
from mikoshi.chain.sender import Sender


@dataclass(frozen=True)
class GovernorCall:
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


def proposing(draft: ProposalDraft) -> GovernorCall:
    """Make the proposal."""
    if not draft.targets:
        return GovernorCall("proposeAdvisory", [draft.description])
    return GovernorCall("propose", [*draft.calls, draft.description])


def voting(proposal_id: int, support: int) -> GovernorCall:
    """Vote on it."""
    return GovernorCall("castVote", [proposal_id, support])


def executing(draft: ProposalDraft) -> GovernorCall:
    """Execute it."""
    return GovernorCall("execute", draft.actions)


def cancelling(draft: ProposalDraft) -> GovernorCall:
    """Cancel it."""
    return GovernorCall("cancel", draft.actions)
