"""A proposal as its text and its calls, from which its id follows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, NamedTuple, Self

from mikoshi.chain.contract import Contract

_BEFORE = re.compile(
    r"\A(?:\ufeff|\s)*(?:---[ \t]*\n.*?\n---[ \t]*(?:\n|\Z))?(?:\s*<!--.*?-->)*", re.S
)
"""What stands before a text in Markdown and is none of it: a head of data, and comments."""

_IMAGES = re.compile(r"(?:\[?!\[([^\]]*)\]\([^)]*\)(?:\]\([^)]*\))?\s*)+")
_RULE = re.compile(r"(?:<[^<>]*>\s*)+|[-*_=>\s]*")

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
        """What the first line that says something says; empty if none does."""
        return title_of(self.description)

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
        """The draft in a file. Raises KeyError, TypeError, AttributeError and ValueError."""
        from eth_utils.address import to_checksum_address

        values = tuple(int(value) for value in entries["values"])
        calldatas = tuple(bytes.fromhex(each.removeprefix("0x")) for each in entries["calldatas"])
        targets = tuple(to_checksum_address(each) for each in entries["targets"])
        if not all(0 <= value < 2**256 for value in values):
            raise ValueError("a value is no amount")
        if not isinstance(entries["description"], str):
            raise TypeError("the description is no text")
        return cls(targets, values, calldatas, entries["description"])


def title_of(description: str) -> str:
    """The first line of a description that says something, without the marks of a heading.

    Images, rules and tags say nothing; what an image is called is better than nothing.
    """
    called = ""
    for line in _BEFORE.sub("", description).split("\n"):
        text = line.strip().lstrip("# ").strip()
        image = _IMAGES.fullmatch(text)
        called = called or (image[1].strip() if image else "")
        if not image and not _RULE.fullmatch(text) and not line.startswith("#proposer="):
            return text
    return called


def text_of(description: str) -> str:
    """A description without its title, and without the line that names the proposer."""
    first, _, rest = description.strip().partition("\n")
    if first.lstrip("# ").strip() != title_of(description):
        rest = description.strip()
    return rest.rpartition("#proposer=")[0].strip() if "#proposer=" in rest else rest.strip()


class TreasuryCall(NamedTuple):
    """A call of the Treasury: `value` in wei."""

    target: str
    value: int
    data: bytes
