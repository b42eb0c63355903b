"""A proposal as its text and its calls, from which its id follows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, NamedTuple, Self

from mikoshi.chain.contract import Contract

Call = tuple[Contract | str, int, bytes]
"""To whom, with how many wei, and with what calldata."""


@dataclass(frozen=True)
class ProposalDraft:
    """The calls of a proposal and its description. No calls: an advisory proposal."""

    targets: tuple[str, ...]
    values: tuple[int, ...]
    calldatas: tuple[bytes, ...]
    description: str
    json: ClassVar[str] = "targets values:str calldatas description"

    @classmethod
    def of(cls, calls: Sequence[Call], description: str, proposer: str = "") -> Self:
        """A draft that nobody but `proposer`, if named, can propose (OpenZeppelin's `#proposer=`).

        Otherwise somebody could propose the very same first, and cancel it.
        """
        targets = tuple(to if isinstance(to, str) else to.address for to, _, _ in calls)
        values = tuple(value for _, value, _ in calls)
        calldatas = tuple(data for _, _, data in calls)
        ending = f"\n\n#proposer={proposer}" if proposer else ""
        return cls(targets, values, calldatas, description + ending)

    @property
    def title(self) -> str:
        """The first line of the description, without the marks of a heading."""
        return self.description.strip().split("\n", 1)[0].lstrip("# ").strip()

    @cached_property
    def hashed_description(self) -> bytes:
        """What `execute` and `cancel` want in place of the description."""
        from eth_utils.crypto import keccak

        return bytes(keccak(text=self.description))

    @cached_property
    def id(self) -> int:
        """The proposal's id, as OpenZeppelin defines it."""
        from eth_abi.abi import encode
        from eth_utils.crypto import keccak

        types = ["address[]", "uint256[]", "bytes[]", "bytes32"]
        return int.from_bytes(keccak(encode(types, list(self.actions))))

    @property
    def calls(self) -> tuple[list[str], list[int], list[bytes]]:
        """The three lists that proposing, executing and cancelling take."""
        return list(self.targets), list(self.values), list(self.calldatas)

    @property
    def actions(self) -> tuple[list[str], list[int], list[bytes], bytes]:
        """The arguments of `execute` and `cancel`."""
        return (*self.calls, self.hashed_description)

    @classmethod
    def from_json(cls, entries: dict[str, Any]) -> Self:
        """The draft in a file. Raises KeyError and ValueError."""
        calldatas = (bytes.fromhex(each.removeprefix("0x")) for each in entries["calldatas"])
        return cls(
            tuple(entries["targets"]),
            tuple(int(value) for value in entries["values"]),
            tuple(calldatas),
            str(entries["description"]),
        )


class TreasuryCall(NamedTuple):
    """A call of the Treasury: `value` in wei."""

    target: str
    value: int
    data: bytes
