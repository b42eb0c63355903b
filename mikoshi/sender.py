"""Signing and sending transactions on a real chain, one at a time.

A `Sender` is a `mikoshi.contract.Chain`: contracts read and write through it. It signs for one
chain id, refuses what the account cannot pay for before anything is sent, and waits until a
transaction is mined. A signed transaction may be sent twice without harm, so a node that goes away
in between costs nothing but time.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from mikoshi.accounts import Account
from mikoshi.errors import BadInputError, ChainError
from mikoshi.language import pick
from mikoshi.people import short
from mikoshi.rpc import RevertedError, Rpc, RpcError, UnreachableError, transaction
from mikoshi.units import format_amount

Json = Any

GAS_CAP = 2**24
"""Gas that one transaction may use at most (EIP-7825)."""

_GWEI = 10**9
_RISE = 5
"""How many times what a person was told gas may cost when it is sent; the tip goes to others."""

_NEW_SLOT = 22_100  # gas
_HISTORIES = 5  # entries that one call may push: its own, two delegates, the total, one to spare
_KNOWN_ALREADY = ("already known", "already imported", "known transaction")
_MINED_ALREADY = "nonce too low"
_TAKEN = (_MINED_ALREADY, "replacement transaction underpriced")


class OvertakenError(ChainError):
    """Thrown when another program sent a transaction of the account with the same nonce."""

    def __init__(self, name: str) -> None:
        super().__init__(
            pick(
                f"Another program sent a transaction of account {name} at the same moment",
                f"別のプログラムが、同時にアカウント {name} から取引を送りました",
            ),
            pick(
                "so this one was refused, and changed nothing",
                "この取引は拒まれ、何も変わっていません",
            ),
            pick("Run the same command again", "同じコマンドをもう一度実行してください"),
        )


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
        return pick(f"{cost} ({gas:,} gas at {price})", f"{cost}({gas:,} ガス、{price})")


class Sender:
    """Sends transactions of one account on the chain `chain_id`.

    `patience` is how many seconds to wait for a transaction to be mined, and for a node that went
    away to come back.
    """

    def __init__(
        self, rpc: Rpc, account: Account, chain_id: int | None = None, patience: float = 180
    ) -> None:
        self.rpc = rpc
        self.account = account
        self.chain_id = chain_id if chain_id is not None else rpc.chain_id()
        self.patience = patience
        self._told: Fees | None = None
        self.sent: list[str] = []
        """The hashes of the transactions that were mined, in order."""

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

        The first answer is what a person is told, and binds the node: see `compose`.
        """
        block = self.rpc.call("eth_getBlockByNumber", "latest", False)
        base = int(block.get("baseFeePerGas") or "0x0", 16)
        (offer,) = self.rpc.batch([("eth_maxPriorityFeePerGas", ())])
        tip = _GWEI if isinstance(offer, RpcError) else int(offer, 16)
        fees = Fees(2 * base + tip, tip, base)
        self._told = self._told or fees
        return fees

    def estimate(self, to: str | None, data: bytes = b"", value: int = 0) -> int:
        """Gas that a transaction would use now. Raises RpcError with the revert data."""
        request = transaction(to, data, self.address, value)
        return int(self.rpc.call("eth_estimateGas", request), 16)

    def require_balance(self, wei: int) -> None:
        """Make sure that the account has `wei`. Raises BadInputError naming what is missing."""
        balance = self.rpc.balance(self.address)
        if balance < wei:
            raise _too_little(self, balance, wei)

    # Writing

    def compose(
        self, to: str | None, data: bytes = b"", value: int = 0, gas: int | None = None
    ) -> dict[str, Any]:
        """A transaction ready to be signed, with the nonce and the fees of now.

        Raises RpcError with the revert data if it would fail, BadInputError if the account cannot
        pay, ChainError if the node asks for far more than it said first.
        """
        fees, told = self.fees(), self._told
        if told is not None and fees.max_fee > _RISE * max(told.max_fee, _GWEI):
            raise _dearer(told, fees)
        self.require_balance(value)  # an estimate without it would fail in other words
        estimated = self.estimate(to, data, value) if gas is None else gas
        # In a later second than the estimate's, entries of the ledger go to their history first.
        margin = max(estimated // 5, _HISTORIES * _NEW_SLOT)
        limit = gas or max(estimated, min(estimated + margin, GAS_CAP))
        self.require_balance(value + limit * fees.max_fee)  # what a node asks for
        fields = {
            "chainId": self.chain_id,
            "nonce": self._count("pending"),
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

    def settle(self) -> None:
        """Wait for what this account sent earlier, so that nothing is done twice."""
        deadline = time.monotonic() + self.patience
        while self._count("pending") > self._count("latest"):
            if time.monotonic() > deadline:
                raise ChainError(
                    pick(
                        f"Account {self.account.name} has a transaction that is not mined",
                        f"アカウント {self.account.name} に、まだ取り込まれていない取引があります",
                    ),
                    pick("it may be one of this very job", "この作業の続きかもしれません"),
                    pick(
                        "Wait until it is mined, then run the command again; nothing was sent",
                        "取り込まれてから、もう一度実行してください(まだ何も送っていません)",
                    ),
                )
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
        fields = self.compose(to, data, value, gas)
        signed = self.account.sign(fields)
        if signed is None:
            digest = self._ask_node(transaction(to, data, self.address, value, fields["gas"]))
        else:
            digest = self._broadcast(signed)
        receipt = self._wait(digest)
        self.sent.append(digest)
        if int(receipt["status"], 16) != 1:
            raise RevertedError(receipt, self._revert_data(receipt, to, data, value))
        return receipt

    def _count(self, block: str) -> int:
        return int(self.rpc.call("eth_getTransactionCount", self.address, block), 16)

    def _ask_node(self, request: dict[str, Json]) -> str:
        if self.rpc.chain_id() != self.chain_id:  # the node signs for whatever chain it is on
            raise wrong_chain(self.chain_id, self.rpc.chain_id())
        return str(self.rpc.call("eth_sendTransaction", request))

    def _broadcast(self, signed: bytes) -> str:
        from eth_utils.crypto import keccak

        digest = "0x" + keccak(signed).hex()
        deadline = time.monotonic() + self.patience
        known: tuple[str, ...] = _KNOWN_ALREADY
        while True:
            try:
                self.rpc.call("eth_sendRawTransaction", signed)
            except RpcError as error:
                said = error.message.lower()
                if not any(words in said for words in known):
                    if any(words in said for words in _TAKEN):
                        raise OvertakenError(self.account.name) from error
                    raise
            except UnreachableError as error:
                if time.monotonic() > deadline:
                    raise _gone(digest, error.reason) from error
                known = (*_KNOWN_ALREADY, _MINED_ALREADY)  # it may have come through
                time.sleep(1)
                continue
            return digest

    def _wait(self, digest: str) -> dict[str, Json]:
        deadline = time.monotonic() + self.patience
        pause = 0.01
        reason = pick("the chain did not take it in time", "時間内に取り込まれませんでした")
        while time.monotonic() < deadline:
            try:
                receipt: dict[str, Json] | None = self.rpc.call("eth_getTransactionReceipt", digest)
                if receipt is not None:
                    return receipt
            except UnreachableError as error:
                reason = error.reason
            except RpcError as error:  # a public node may be busy for a while
                reason = error.message
            time.sleep(pause)
            pause = min(pause * 1.5, 2)
        raise _gone(digest, reason)

    def _revert_data(
        self, receipt: dict[str, Json], to: str | None, data: bytes, value: int
    ) -> bytes | None:
        """What the failed transaction reverted with, found by calling it again."""
        request = transaction(to, data, self.address, value, int(receipt["gasUsed"], 16))
        (answer,) = self.rpc.batch([("eth_call", (request, receipt["blockNumber"]))])
        return answer.data if isinstance(answer, RpcError) else None


def wrong_chain(expected: int, actual: int, file: str = "") -> BadInputError:
    """The refusal to work on another chain than the one that was meant, by `file` if given."""
    meant = file or pick("this command", "このコマンド")
    return BadInputError(
        pick(
            f"The node is on chain {actual}, and {meant} is for chain {expected}",
            f"ノードはチェーン {actual} ですが、{meant} はチェーン {expected} 用です",
        ),
        pick(
            "what is meant for one chain must not happen on another",
            "別のチェーンで実行してはなりません",
        ),
        pick(
            f"Name a node of chain {expected} with --network, or correct dao.chain_id;"
            " nothing was sent",
            f"--network でチェーン {expected} のノードを指定するか、dao.chain_id を直してください"
            "(まだ何も送っていません)",
        ),
    )


def _too_little(sender: Sender, balance: int, needed: int) -> BadInputError:
    has, needs, lacks = (
        format_amount(wei, "ETH", digits=4) for wei in (balance, needed, needed - balance)
    )
    who = f"{sender.account.name} ({short(sender.address)})"
    return BadInputError(
        pick(f"{who} has too little: {has}", f"{who} の残高が足りません: {has}"),
        pick(
            f"up to {needs} is needed, {lacks} is missing",
            f"最大 {needs} 必要で、{lacks} 足りません",
        ),
        pick(
            f"Send it to {sender.address} on chain {sender.chain_id}, and run the command again;"
            " nothing was sent",
            f"チェーン {sender.chain_id} の {sender.address} に送金して、もう一度実行してください"
            "(まだ何も送っていません)",
        ),
    )


def _dearer(told: Fees, now: Fees) -> ChainError:
    before, after = (format_amount(each.max_fee, "gwei", 9, digits=3) for each in (told, now))
    return ChainError(
        pick("Gas costs far more than was shown", "ガスの価格が、表示より大きく上がりました"),
        pick(f"up to {after}, it was {before}", f"最大 {after}(表示のとき {before})"),
        pick(
            "Run the command again to see the new price, or name another node with --network;"
            " this was not sent",
            "もう一度実行して価格を確かめるか、--network で別のノードを指定してください"
            "(送っていません)",
        ),
    )


def _gone(digest: str, reason: str) -> ChainError:
    return ChainError(
        pick(f"Transaction {digest} was not seen mined", f"取引 {digest} を確認できませんでした"),
        reason,
        pick(
            "Run the same command again: it finds what was done and continues",
            "同じコマンドをもう一度実行してください(済んだところから続きます)",
        ),
    )
