"""Signing and sending transactions on a real chain, one at a time.

A `Sender` is a `mikoshi.chain.contract.Chain`: contracts read and write through it. It signs for
one chain id, refuses what the account cannot pay for before anything is sent, and waits until a
transaction is mined. A signed transaction may be sent twice without harm, so a node that goes away
in between costs nothing but time.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from mikoshi.chain.accounts import Account, NodeAccount
from mikoshi.chain.answers import decoded, in_code, known_already, nonce_taken, trouble_of
from mikoshi.chain.ape import SafeAccount
from mikoshi.chain.refusals import (
    GAS_CAP,
    Fees,
    OnItsWayError,
    OvertakenError,
    dearer,
    gone,
    stuck,
    too_little,
    wrong_chain,
)
from mikoshi.chain.rpc import RevertedError, Rpc, RpcError, UnreachableError, transaction
from mikoshi.chain.transport import Passing
from mikoshi.text.json import Json
from mikoshi.text.language import _

_GWEI = 10**9
_RISE = 5
"""How many times what a person was told gas may cost when it is sent; the tip goes to others."""

_SILENT = 10
"""Seconds after which a person is told what is waited for."""

_NEW_SLOT = 22_100  # gas
_HISTORIES = 5  # entries that one call may push: its own, two delegates, the total, one to spare
_LAGS = (0, 0.5, 1, 2)
"""Seconds after each other in which a transaction is looked for that a node seems to have."""

_SLOW = 2.0  # seconds between two looks at a transaction that is not mined


class Sender:
    """Sends transactions of one account on the chain `chain_id`.

    `patience` is how many seconds to wait for a transaction to be mined, and for a node that went
    away to come back; `tell` is told in words what takes long.
    """

    def __init__(
        self,
        rpc: Rpc,
        account: Account,
        chain_id: int | None = None,
        patience: float = 180,
        *,
        tell: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.rpc = rpc
        self.account = account
        self.chain_id = chain_id if chain_id is not None else rpc.chain_id()
        self.patience = patience
        self._tell = tell
        self._told: Fees | None = None
        self.block = 0
        """The latest block when gas was last priced."""

        self._nonce = 0
        self._pinned: int | None = None
        self._blind = False  # whether the node knows no pending block
        self.sent: list[str] = []
        """The hashes of the transactions that were sent, in order."""

    @property
    def address(self) -> str:
        """Who sends."""
        return self.account.address

    # Reading

    def read(self, to: str, data: bytes, sender: str | None = None, value: int = 0) -> bytes:
        """What a call returns. Raises RpcError with the revert data."""
        return self.rpc.read(to, data, sender, value)

    def fees(self) -> Fees:
        """What gas costs now: enough for the base fee to double before the block comes.

        ape-config.yaml may name another multiple. The first answer is what a person is told, and
        binds the node: see `compose`.
        """
        block = self.rpc.call("eth_getBlockByNumber", "latest", False)
        self.block = int(block["number"], 16)
        base = int(block.get("baseFeePerGas") or "0x0", 16)
        (offer,) = self.rpc.batch([("eth_maxPriorityFeePerGas", ())])
        tip = _GWEI if isinstance(offer, RpcError) else int(offer, 16)
        fees = Fees(int(base * self.rpc.settings.fee_multiplier) + tip, tip, base)
        self._told = self._told or fees
        return fees

    def estimate(self, to: str | None, data: bytes = b"", value: int = 0) -> int:
        """Gas that a transaction would use now. Raises RpcError with the revert data."""
        request = transaction(to, data, self.address, value)
        return int(self.rpc.call("eth_estimateGas", request), 16)

    def require_balance(self, wei: int) -> None:
        """Make sure that the account has `wei`. Raises BadInputError naming what is missing."""
        balance = self.rpc.balance(self.address) if wei else 0
        if balance < wei and not isinstance(self.account, SafeAccount):  # whoever executes it pays
            raise too_little(self.account, self.chain_id, balance, wei)

    def behind(self, method: str, request: dict[str, Json]) -> Json | RpcError:
        """What a node answers behind everything that waits to be mined; None if it cannot."""
        if not self._blind:
            (answer,) = self.rpc.batch([(method, (request, "pending"))])
            if not isinstance(answer, RpcError) or in_code(answer):
                return answer
            self._blind = True
        return None

    # Writing

    def pin(self) -> None:
        """Take the number of the next transaction now, before a look whether it is still needed.

        What another program sends by this account after that look takes the number away, and ours
        is refused instead of being paid for in vain, or of taking the place of theirs.
        """
        self._pinned = self._next_nonce()

    def _next_nonce(self) -> int:
        return max(self._count("pending"), self._nonce)

    def compose(
        self, to: str | None, data: bytes = b"", value: int = 0, gas: int | None = None
    ) -> dict[str, Any]:
        """A transaction ready to be signed, with the nonce and the fees of now.

        Raises RpcError with the revert data if it would fail, OnItsWayError if it would behind what
        is about to be mined, BadInputError if the account cannot pay, ChainError if the node asks
        for far more than it said first.
        """
        pinned, self._pinned = self._pinned, None
        fees, told = self.fees(), self._told
        if told is not None and fees.max_fee > _RISE * max(told.max_fee, _GWEI):
            raise dearer(told, fees)
        self.require_balance(value)  # an estimate without it would fail in other words
        estimated = self._estimated(to, data, value) if gas is None else gas
        # In a later second than the estimate's, entries of the ledger go to their history first.
        margin = max(estimated // 5, _HISTORIES * _NEW_SLOT)
        limit = gas or max(estimated, min(estimated + margin, GAS_CAP))
        self.require_balance(value + limit * fees.max_fee)  # what a node asks for
        fields = {
            "chainId": self.chain_id,
            "nonce": self._next_nonce() if pinned is None else pinned,
            "maxFeePerGas": fees.max_fee,
            "maxPriorityFeePerGas": fees.tip,
            "gas": limit,
            "value": value,
            "data": data,
            "type": 2,
        }
        if to is not None:
            fields["to"] = bytes.fromhex(to.removeprefix("0x"))  # a text must be checksummed
        return fields

    def _estimated(self, to: str | None, data: bytes, value: int) -> int:
        """Gas behind everything that waits to be mined."""
        request = transaction(to, data, self.address, value)
        answer = self.behind("eth_estimateGas", request)
        if answer is None:
            return self.estimate(to, data, value)
        if isinstance(answer, RpcError):
            self.rpc.call("eth_estimateGas", request, "latest")  # raises what refuses it now too
            raise OnItsWayError
        return int(answer, 16)

    def settle(self) -> None:
        """Wait for what this account sent earlier, so that nothing is done twice.

        Raises ChainError when it takes too long.
        """
        deadline = time.monotonic() + self.patience
        told = False
        while (pending := self._count("pending")) > (mined := self._count("latest")):
            if time.monotonic() > deadline:
                raise stuck(self.account, mined, pending - mined)
            if not told:
                self._tell(
                    _(
                        "waiting for the transaction with nonce {nonce} of account {name}",
                        nonce=mined,
                        name=self.account.name,
                    )
                )
                told = True
            time.sleep(1)

    def send(
        self,
        to: str | None,
        data: bytes = b"",
        *,
        sender: str | None = None,
        value: int = 0,
        gas: int | None = None,
    ) -> dict[str, Json]:
        """The receipt of a transaction, mined. `value` in wei; without `gas` it is estimated.

        Raises RpcError with the revert data before anything is sent, RevertedError if it was mined
        and failed, BadInputError if the account cannot pay, OvertakenError if its nonce was taken,
        ChainError if the node went away.
        """
        if sender is not None and sender.lower() != self.address.lower():
            raise ValueError(f"{sender} is not {self.address}, who sends")
        pinned = self._pinned is not None
        fields = self.compose(to, data, value, gas)
        signed = None if isinstance(self.account, NodeAccount) else self.account.sign(fields)
        if pinned and self._count("pending") > fields["nonce"]:  # a wallet takes its time
            raise OvertakenError(self.account.name)
        if signed is None:
            named = ("nonce", "maxFeePerGas", "maxPriorityFeePerGas")
            priced = {name: hex(fields[name]) for name in named}
            digest = self._ask_node(
                transaction(to, data, self.address, value, fields["gas"]) | priced
            )
        else:
            digest = self._broadcast(signed)
        self.sent.append(digest)
        receipt = self._wait(digest, signed)
        if self.rpc.patient:  # of several nodes behind one name, some still count one less
            self._nonce = fields["nonce"] + 1
        if int(receipt["status"], 16) != 1:
            raise RevertedError(receipt, self._revert_data(receipt, to, data, value))
        return receipt

    def _count(self, block: str) -> int:
        return int(self.rpc.call("eth_getTransactionCount", self.address, block), 16)

    def _ask_node(self, request: dict[str, Json]) -> str:
        """Let the node sign and send, with one number and one price however often; the hash."""
        if self.rpc.chain_id() != self.chain_id:  # the node signs for whatever chain it is on
            raise wrong_chain(self.chain_id, self.rpc.chain_id())
        deadline = time.monotonic() + self.patience
        while True:
            try:
                return str(self.rpc.call("eth_sendTransaction", request))
            except (RpcError, UnreachableError) as error:
                found = self._sent_as(request)
                if found is not None:
                    return found
                known = isinstance(error, RpcError) and known_already(error.message)
                if not (known or _passes(error)) or time.monotonic() > deadline:
                    raise
                time.sleep(1)  # known: it is about to stand in a block

    def _sent_as(self, request: dict[str, Json]) -> str | None:
        """The hash of this transaction among the latest blocks.

        Raises OvertakenError if another one of the account has its number.
        """
        wanted = _act(request)
        for number in range(self.rpc.block_number(), self.block, -1):
            block = self.rpc.call("eth_getBlockByNumber", hex(number), True) or {}
            for each in block.get("transactions", []):
                if _act(each)[:2] != wanted[:2]:
                    continue
                if _act(each) != wanted:
                    raise OvertakenError(self.account.name)
                return str(each["hash"])
        return None

    def _broadcast(self, signed: bytes) -> str:
        """Send it, the very same bytes however often; its hash."""
        from eth_utils.crypto import keccak

        digest = "0x" + keccak(signed).hex()
        deadline = time.monotonic() + self.patience
        while True:
            try:
                self._offer(signed, digest)
            except UnreachableError as error:
                if time.monotonic() > deadline:
                    raise gone(digest, error.reason) from error
                time.sleep(1)
                continue
            return digest

    def _offer(self, signed: bytes, digest: str) -> None:
        """Send it once. Raises what refused it, unless some node has it."""
        (answer,) = self.rpc.batch([("eth_sendRawTransaction", (signed,))])
        if not isinstance(answer, RpcError) or known_already(answer.message):
            return
        taken = nonce_taken(answer.message)
        for pause in _LAGS if taken else _LAGS[:1]:
            time.sleep(pause)
            (found,) = self.rpc.batch([("eth_getTransactionByHash", (digest,))])
            if isinstance(found, dict):
                return
        if taken:
            raise OvertakenError(self.account.name) from answer
        raise answer

    def _wait(self, digest: str, signed: bytes | None) -> dict[str, Json]:
        """The receipt, once as many blocks follow its own as ape-config.yaml asks for.

        What the node has forgotten is sent again as it was `signed`.
        """
        needed = self.rpc.settings.confirmations
        deadline = time.monotonic() + self.patience * (1 + needed)
        pause, silent = 0.01, time.monotonic() + _SILENT
        reason, look = _("the chain did not take it in time"), False
        while time.monotonic() < deadline:
            try:
                look = pause == _SLOW and not look and signed is not None
                receipt = None if look else self._receipt(digest)
                if look:
                    self._remind(digest, signed)
                elif receipt is not None:
                    mined = int(receipt["blockNumber"], 16)
                    self.rpc.floor = max(self.rpc.floor, mined)
                    seen = self.rpc.block_number() - mined  # other reads wait for its block too
                    if seen >= needed:
                        return receipt
                    reason = _("{seen} of {needed} blocks follow it", seen=seen, needed=needed)
            except UnreachableError as error:
                reason = error.reason
            except RpcError as error:  # a public node may be busy for a while
                reason = error.message
            if time.monotonic() > silent:
                self._tell(_("waiting for transaction {digest}", digest=digest))
                silent = deadline
            time.sleep(pause)
            pause = min(pause * 1.5, _SLOW)
        raise gone(digest, reason)

    def _receipt(self, digest: str) -> dict[str, Json] | None:
        receipt: dict[str, Json] | None = self.rpc.call("eth_getTransactionReceipt", digest)
        return receipt

    def _remind(self, digest: str, signed: bytes | None) -> None:
        """Send a transaction again that the node no longer has, as after a restart."""
        if self.rpc.call("eth_getTransactionByHash", digest) is None:
            self.rpc.batch([("eth_sendRawTransaction", (signed,))])

    def _revert_data(
        self, receipt: dict[str, Json], to: str | None, data: bytes, value: int
    ) -> bytes | None:
        """What the failed transaction reverted with, found by calling it again."""
        request = transaction(to, data, self.address, value, int(receipt["gasUsed"], 16))
        (answer,) = self.rpc.batch([("eth_call", (request, receipt["blockNumber"]))])
        return answer.data if isinstance(answer, RpcError) else None


def _passes(error: RpcError | UnreachableError) -> bool:
    """Whether a refusal to send may be over a moment later."""
    if isinstance(error, UnreachableError):
        return error.passing is not Passing.NEVER
    return trouble_of("eth_sendRawTransaction", (), error) is not None


def _act(fields: dict[str, Json]) -> tuple[str, int, str, int, str]:
    """Who sends with which number, and what: the same for a request and for what became of it."""
    return (
        str(fields["from"]).lower(),
        int(str(fields["nonce"]), 16),
        str(fields.get("to") or "").lower(),
        int(str(fields.get("value") or "0x0"), 16),
        str(fields.get("input") or fields.get("data") or "0x").lower(),
    )


class Behind:
    """What a contract that a sender is about to call says behind everything that waits."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender
        self.send = sender.send

    def read(self, to: str, data: bytes, sender: str | None = None, value: int = 0) -> bytes:
        """What a call returns where a node knows that; on its latest block elsewhere.

        Raises RpcError with the revert data.
        """
        request = transaction(to, data, sender, value)
        answer = self._sender.behind("eth_call", request)
        if isinstance(answer, RpcError):
            raise answer
        return self._sender.read(to, data, sender, value) if answer is None else decoded(answer)
