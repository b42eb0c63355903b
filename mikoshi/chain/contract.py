"""A deployed contract, called over anything that reads and sends: a node or an EVM in process."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from mikoshi.chain.abi import Event, Interface, Revert
from mikoshi.chain.rpc import RevertedError, RpcError
from mikoshi.text.json import Json


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
        """What the function returns on the latest block."""
        try:
            output = self.chain.read(self.address, self.data(name, *args), sender, value)
        except RpcError as error:
            if not error.data and "revert" not in error.message:
                raise
            raise self._reverted(name, error.data) from error
        return self.interface.decode_output(name, output)

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
            if not error.data and "revert" not in error.message:
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
