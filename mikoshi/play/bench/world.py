"""The node that a benchmark runs on, the people in it, and notes of what was measured."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from eth_abi.abi import encode
from eth_account.signers.local import LocalAccount
from eth_utils.address import to_checksum_address

from mikoshi.chain.contract import Receipt
from mikoshi.chain.node import Node, NodeOptions
from mikoshi.core.artifacts import Artifact
from mikoshi.play.bench.operations import OPERATIONS
from mikoshi.testing.community import person
from mikoshi.testing.defaults import DAY

ETHER = 10**18
RECIPIENT = person(2 * 10**6).address
"""Who is paid; has ether before."""

_AGE = 40 * DAY
"""More than the month after which an act is recorded again."""


def options(trace: bool = False) -> NodeOptions:
    """A node whose every block has a fixed time, so that two runs are the same to the unit."""
    return NodeOptions(
        timestamp=1_800_000_000,
        block_seconds=12,
        history=trace,
        args=("--steps-tracing",) if trace else (),
    )


@dataclass(frozen=True, slots=True)
class Measurement:
    """The transactions of one operation, and how many people share their gas."""

    receipts: tuple[Receipt, ...]
    shared_by: int = 1

    @property
    def gas(self) -> int:
        """Gas of one, rounded up."""
        return -(-sum(receipt.gas for receipt in self.receipts) // self.shared_by)


@dataclass
class BenchWorld:
    """A chain with both DAOs on it. `measured` is by side and operation.

    `progress` is called with 1 for each operation; StopIteration ends the run once
    `until` is noted.
    """

    node: Node
    progress: Callable[[float], None] = lambda _: None
    until: str | None = None
    measured: dict[str, dict[str, Measurement]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rpc = self.node.rpc
        self.sender = self.node.accounts[0]
        self.rpc.call("anvil_autoImpersonateAccount", True)
        self.fund(RECIPIENT)

    def note(self, side: str, name: str, *receipts: Receipt, shared_by: int = 1) -> None:
        """Keep what `name` took on a side."""
        if name not in OPERATIONS:
            raise KeyError(name)
        self.measured.setdefault(side, {})[name] = Measurement(receipts, shared_by)
        self.progress(1)
        if name == self.until:
            raise StopIteration

    def fund(self, *addresses: str) -> None:
        """Give ether to accounts, and so make them exist."""
        self.rpc.fund(*addresses, wei=1000 * ETHER)

    def people(self, first: int, last: int) -> list[LocalAccount]:
        """The made-up people `first` to `last`, with ether."""
        people = [person(number) for number in range(first, last + 1)]
        self.fund(*(each.address for each in people))
        return people

    def age(self, seconds: int = _AGE) -> None:
        """Let time pass: without an argument, long enough for every stamp to be old."""
        self.rpc.warp(seconds)

    def deploy(self, artifact: Artifact, types: list[str], *args: object) -> tuple[str, Receipt]:
        """Deploy a contract of its own, with its constructor's arguments; its address."""
        raw = self.rpc.send(None, artifact.bytecode + encode(types, args), sender=self.sender)
        address = to_checksum_address(raw["contractAddress"])
        return address, Receipt(raw, int(raw["gasUsed"], 16), [])
