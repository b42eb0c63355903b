"""A deployed contract, called over anything that reads and sends; and many calls at one block."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from eth_abi.exceptions import DecodingError

from mikoshi.chain.abi import Event, Interface, Revert
from mikoshi.chain.answers import in_code
from mikoshi.chain.rpc import RevertedError, Rpc, RpcError
from mikoshi.text.json import Json
from mikoshi.text.language import _

_SHOWN = 100
"""Bytes of a senseless answer that are told."""

_SENSELESS = (DecodingError, OverflowError, ValueError)
"""What comes of bytes that are not of the type which was asked for."""


class Chain(Protocol):
    """What a contract needs of a chain; `mikoshi.chain.rpc.Rpc` is one."""

    def read(self, to: str, data: bytes, sender: str | None = None, value: int = 0) -> bytes:
        """What a call returns. Raises RpcError with the revert data."""

    def send(
        self,
        to: str | None,
        data: bytes = b"",
        *,
        sender: str,
        value: int = 0,
        gas: int | None = None,
    ) -> dict[str, Json]:
        """The receipt of a mined transaction. Raises RevertedError and RpcError."""


class OpenChain(Chain, Protocol):
    """A chain that also shows what code is deployed."""

    def code(self, address: str) -> bytes:
        """The deployed code; empty where there is none."""


class SenselessAnswerError(RpcError):
    """Thrown when an answer is not of the type that the function returns: the node's fault."""

    def __init__(self, name: str, answer: bytes) -> None:
        shown = f"{name} → 0x{answer[:_SHOWN].hex()}"
        super().__init__("eth_call", -1, _("its answer makes no sense: {shown}", shown=shown))


class ContractRevertedError(Exception):
    """Thrown when a contract refuses a call. `revert` is None for an error not in the ABI."""

    def __init__(self, call: str, revert: Revert | None, data: bytes) -> None:
        self.call = call
        self.revert = revert
        self.data = data
        super().__init__(f"{call}: {revert or '0x' + data.hex()}")


@dataclass(frozen=True)
class Receipt:
    """A mined transaction: `gas` used, and the events that the contract's interface knows."""

    raw: dict[str, Json]
    gas: int
    events: list[Event]

    @property
    def transaction(self) -> str:
        """Its hash."""
        return str(self.raw["transactionHash"])

    @property
    def block(self) -> int:
        """The number of its block."""
        return int(self.raw["blockNumber"], 16)

    def only(self, name: str) -> Event:
        """The one event of this name. Raises ValueError if there is none or more than one."""
        (event,) = [event for event in self.events if event.name == name]
        return event


class Contract:
    """A contract at an address.

    `call` reads, `send` writes; functions are named by name, or by signature where overloaded.
    Both raise ContractRevertedError when the contract refuses.
    """

    def __init__(self, chain: Chain, address: str, interface: Interface) -> None:
        self.chain = chain
        self.address = address
        self.interface = interface

    def data(self, name: str, *args: Any) -> bytes:
        """The calldata of a call."""
        return self.interface.encode(name, *args)

    def call(self, name: str, *args: Any, sender: str | None = None, value: int = 0) -> Any:
        """What the function returns on the latest block.

        Raises ContractRevertedError, RpcError and UnreachableError.
        """
        try:
            output = self.chain.read(self.address, self.data(name, *args), sender, value)
        except RpcError as error:
            if not in_code(error):
                raise
            raise self._reverted(name, error.data) from error
        try:
            return self.interface.decode_output(name, output)
        except _SENSELESS as error:
            raise SenselessAnswerError(name, output) from error

    def ask(self, name: str, *args: Any) -> Any:
        """What a contract that the DAO did not make answers; None if it refuses, or senselessly.

        Raises RpcError when the node itself refuses, and UnreachableError.
        """
        try:
            return self.call(name, *args)
        except (ContractRevertedError, SenselessAnswerError):
            return None

    def send(
        self, name: str, *args: Any, sender: str, value: int = 0, gas: int | None = None
    ) -> Receipt:
        """Mine a call; its receipt."""
        data = self.data(name, *args)
        try:
            raw = self.chain.send(self.address, data, sender=sender, value=value, gas=gas)
        except RevertedError as error:
            raise self._reverted(name, error.data or b"") from error
        except RpcError as error:
            if not in_code(error):
                raise
            raise self._reverted(name, error.data) from error
        return Receipt(raw, int(raw["gasUsed"], 16), self.events(raw["logs"]))

    def events(self, logs: Iterable[dict[str, Json]]) -> list[Event]:
        """The logs that the interface knows, decoded; those of other contracts too."""
        decoded = (self.interface.decode_log(log) for log in logs)
        return [event for event in decoded if event is not None]

    def _reverted(self, name: str, data: bytes) -> ContractRevertedError:
        return ContractRevertedError(name, self.interface.decode_revert(data), data)


ERC20 = Interface(
    [
        {
            "type": "function",
            "name": name,
            "inputs": [{"name": each, "type": kind} for each, kind in inputs],
            "outputs": [{"name": "", "type": output}],
        }
        for name, inputs, output in (
            ("symbol", (), "string"),
            ("decimals", (), "uint8"),
            ("balanceOf", (("account", "address"),), "uint256"),
            ("allowance", (("owner", "address"), ("spender", "address")), "uint256"),
            ("transfer", (("to", "address"), ("amount", "uint256")), "bool"),
        )
    ]
)
"""What Mikoshi uses of a coin."""


ViewCall = tuple[Contract, str, Sequence[Any]]
"""A contract, a function of it, and its arguments."""

Request = tuple[str, Sequence[Json]]
"""A JSON-RPC method and its parameters."""

_BATCH = 100
_NOBODY = f"0x{0:040x}"


class Snapshot:
    """A chain at block `number`, the latest one if None; `time` is the block's, in Unix seconds."""

    def __init__(self, rpc: Rpc, number: int | None = None, *, behind: bool = False) -> None:
        """With `behind`, the latest block and everything behind it that waits to be mined.

        Where a node knows nothing of that, the block alone. Raises RpcError and UnreachableError.
        """
        self.rpc = rpc
        if behind:
            latest = ("eth_getBlockByNumber", ("latest", False))
            block, answer = rpc.batch([latest, ("eth_getBalance", (_NOBODY, "pending"))])
            if isinstance(block, RpcError):
                raise block
            self.number, self.time = int(block["number"], 16), int(block["timestamp"], 16)
            self._tag = hex(self.number) if isinstance(answer, RpcError) else "pending"
            return
        self.number = rpc.block_number() if number is None else number
        self._tag = hex(self.number)
        block = rpc.call("eth_getBlockByNumber", self._tag, False)
        if block is None:
            raise RpcError("eth_getBlockByNumber", -32001, f"no block {self.number}")
        self.time = int(block["timestamp"], 16)

    def ask(self, questions: Iterable[ViewCall]) -> list[Any]:
        """What the contracts answer, in order; None where a call fails or the answer is senseless.

        Raises RpcError when the node itself refuses, and UnreachableError.
        """
        asked = list(questions)
        calls = [
            ("eth_call", ({"to": at.address, "data": _hex(at.data(name, *args))}, self._tag))
            for at, name, args in asked
        ]
        answers: list[Any] = []
        for (at, name, __), result in zip(asked, self._batches(calls), strict=True):
            if isinstance(result, RpcError):
                if not in_code(result):
                    raise result
                answers.append(None)
            else:
                answers.append(_decoded(at, name, bytes.fromhex(result[2:])))
        return answers

    def codes(self, addresses: Iterable[str]) -> list[bytes]:
        """The deployed code at each address. Raises RpcError and UnreachableError."""
        calls = [("eth_getCode", (address, self._tag)) for address in addresses]
        return [bytes.fromhex(result[2:]) for result in self._results(calls)]

    def words(self, slots: Iterable[tuple[str, int]]) -> list[int]:
        """The storage words at (address, slot). Raises RpcError and UnreachableError."""
        calls = [("eth_getStorageAt", (at, hex(slot), self._tag)) for at, slot in slots]
        return [int(result, 16) for result in self._results(calls)]

    def _results(self, calls: Sequence[Request]) -> Iterator[Json]:
        for result in self._batches(calls):
            if isinstance(result, RpcError):
                raise result
            yield result

    def _batches(self, calls: Sequence[Request]) -> Iterator[Json | RpcError]:
        return batched(self.rpc, calls)


def batched(rpc: Rpc, calls: Sequence[Request]) -> Iterator[Json | RpcError]:
    """The results of many calls, in as many requests as the node likes; a failed one's RpcError.

    A node that refuses a batch, or some of it, is asked again for half as much at a time.
    """
    size, start = _BATCH, 0
    while start < len(calls):
        results = rpc.batch(calls[start : start + size])
        if size > 1 and any(isinstance(each, RpcError) and not in_code(each) for each in results):
            size //= 2
            continue
        yield from results
        start += size


def _decoded(contract: Contract, name: str, data: bytes) -> Any:
    try:
        return contract.interface.decode_output(name, data)
    except _SENSELESS:  # some other contract's answer, or no code at all
        return None


def _hex(data: bytes) -> str:
    return "0x" + data.hex()
