"""One compiled contract, and how it is kept in a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Artifact:
    """One compiled contract.

    `bytecode` is the creation code without constructor arguments, `runtime` the deployed code with
    zeros where immutables go; both are empty for interfaces and abstract contracts. `immutables`
    are (offset, length) in bytes of the runtime code. `methods` maps signatures to selectors and
    `storage` is the compiler's storage layout.
    """

    name: str
    source: str
    abi: list[dict[str, Any]]
    bytecode: bytes
    runtime: bytes
    immutables: list[tuple[int, int]]
    methods: dict[str, bytes]
    storage: dict[str, Any]

    def masked(self, code: bytes) -> bytes:
        """`code` with zeros where this contract's immutables go."""
        masked = bytearray(code)
        for offset, length in self.immutables:
            masked[offset : offset + length] = bytes(length)
        return bytes(masked)

    def is_code_of(self, code: bytes) -> bool:
        """Whether `code`, read from a chain, is this contract's, whatever its immutables are."""
        return len(code) == len(self.runtime) and self.masked(code) == self.runtime

    def as_json(self) -> dict[str, Any]:
        """What a file keeps of it."""
        return {
            "source": self.source,
            "abi": self.abi,
            "bytecode": self.bytecode.hex(),
            "runtime": self.runtime.hex(),
            "immutables": self.immutables,
            "methods": {signature: code.hex() for signature, code in self.methods.items()},
            "storage": self.storage,
        }

    @classmethod
    def from_json(cls, name: str, kept: dict[str, Any]) -> Self:
        """As it was kept. Raises KeyError, TypeError and ValueError."""
        return cls(
            name=name,
            source=kept["source"],
            abi=kept["abi"],
            bytecode=bytes.fromhex(kept["bytecode"]),
            runtime=bytes.fromhex(kept["runtime"]),
            immutables=[(offset, length) for offset, length in kept["immutables"]],
            methods={each: bytes.fromhex(code) for each, code in kept["methods"].items()},
            storage=kept["storage"],
        )
