"""The account that pays: each transaction written down before a node has it, and never awaited."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace

from eth_utils.crypto import keccak

from mikoshi.chain.accounts import NodeAccount, Signer
from mikoshi.chain.ape import SafeAccount
from mikoshi.chain.refusals import Fees, OvertakenError
from mikoshi.chain.rpc import Rpc, RpcError, UnreachableError
from mikoshi.chain.sender import Sender
from mikoshi.serve.kept import Sending
from mikoshi.text.errors import BadInputError, NotNowError
from mikoshi.text.json import Json
from mikoshi.text.language import N_
from mikoshi.text.units import format_amount

GWEI = 10**9


class OnItsWay(Exception):  # noqa: N818 (no error: what a sender returns elsewhere, the receipt)
    """Thrown in place of a receipt: the transaction is written down and sent."""


class TooDearError(NotNowError):
    """Thrown while gas costs more than the sponsor pays."""

    def __init__(self, price: int, ceiling: int) -> None:
        told = (format_amount(each, "gwei", 9, digits=3) for each in (price, ceiling))
        price_told, ceiling_told = told
        super().__init__(
            "serve.gas-too-dear",
            N_("Gas costs {price}, and the sponsor pays {ceiling} at most"),
            N_("--max-gas-price says so"),
            N_("What waits is sent once it is cheaper"),
            price=price_told,
            ceiling=ceiling_told,
        )


class SponsorEmptyError(NotNowError):
    """Thrown where the sponsor's account does not have what an act costs."""

    def __init__(self) -> None:
        super().__init__(
            "serve.sponsor-empty",
            N_("This server cannot pay for it now"),
            N_("the account of its sponsor is empty"),
            N_("Send the line to somebody who relays it, and tell whoever runs the server"),
        )


class Sponsor(Sender):
    """Sends for members without waiting; `taken` are the numbers of what it sent before.

    `note` is told of each transaction and of the wei that it may cost before any node is, and
    `dropped` of one that no node took. Gas costs `ceiling` wei at most.
    """

    def __init__(
        self,
        rpc: Rpc,
        account: Signer,
        chain_id: int,
        ceiling: int,
        taken: Collection[int] = (),
        dropped: Callable[[str], None] = lambda _: None,
    ) -> None:
        super().__init__(rpc, account, chain_id)
        self._signer, self._ceiling = account, ceiling
        self._taken, self._dropped = set(taken), dropped
        self.note: Callable[[Sending, int], None] = lambda *_: None

    @property
    def key(self) -> str:
        """What its lock and its transactions are called by."""
        return f"{self.chain_id}:{self.address}"

    def fees(self) -> Fees:
        """What gas costs now, and never more than the ceiling. Raises TooDearError."""
        self._told = None  # nobody was told a price that would bind: it is asked each time
        fees = super().fees()
        if fees.expected > self._ceiling:
            raise TooDearError(fees.expected, self._ceiling)
        return replace(fees, max_fee=min(fees.max_fee, self._ceiling))

    def send(
        self,
        to: str | None,
        data: bytes = b"",
        *,
        sender: str | None = None,  # noqa: ARG002 (as a chain is called)
        value: int = 0,
        gas: int | None = None,
    ) -> dict[str, Json]:
        """Raises OnItsWay once it is sent, and before that what Sender.send raises."""
        fields = self.compose(to, data, value, gas)
        raw = self._signer.sign(fields)
        if self._count("pending") > fields["nonce"]:  # somebody else sends by this account
            raise OvertakenError(self.account.name)
        digest = f"0x{keccak(raw).hex()}"
        sending = Sending(digest, self.key, fields["nonce"], f"0x{raw.hex()}")
        self.note(sending, fields["gas"] * fields["maxFeePerGas"])
        try:
            self.offer(sending)
        except (RpcError, OvertakenError):
            self._dropped(digest)
            raise
        except UnreachableError:
            pass  # some node may have it: it is sent again until that is known
        self._taken.add(fields["nonce"])
        raise OnItsWay

    def _next_nonce(self) -> int:
        """The first number that neither the node nor what was sent before has."""
        nonce = self._count("pending")
        while nonce in self._taken:
            nonce += 1
        return nonce

    def offer(self, sending: Sending) -> None:
        """Send what was written down; nothing happens where a node has it.

        Raises RpcError, OvertakenError and UnreachableError.
        """
        self._offer(bytes.fromhex(sending.raw[2:]), sending.hash)


def require_signer(account: object) -> Signer:
    """An account that signs by itself, at any time. Raises BadInputError."""
    if isinstance(account, NodeAccount | SafeAccount):
        raise BadInputError(
            "serve.no-signer",
            N_("{name} cannot pay for a server"),
            N_("each of its transactions is signed elsewhere"),
            N_("Name an account with a key file: --account ALIAS"),
            name=account.name,
        )
    assert isinstance(account, Signer)
    return account
