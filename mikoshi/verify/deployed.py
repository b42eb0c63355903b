"""The contracts of a deployment, with what each was made of, proven by compiling them again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from mikoshi.chain.contract import Snapshot
from mikoshi.chain.rpc import Rpc
from mikoshi.check.code import compare_code
from mikoshi.core.clones import clone_args
from mikoshi.core.dao import CONTRACTS, module_args, shared_deployments
from mikoshi.core.manifest import Manifest
from mikoshi.core.modules import used_deployments
from mikoshi.text.errors import CheckFailedError
from mikoshi.text.language import N_
from mikoshi.verify.standard_input import StandardInput


@dataclass(frozen=True)
class DeployedContract:
    """A contract with sources: `arguments` are those of its constructor, ABI-encoded."""

    name: str
    address: str
    arguments: bytes

    def as_json(self) -> dict[str, Any]:
        """The same for programs."""
        return {
            "contract": self.name,
            "address": self.address,
            "constructor_arguments": self.arguments.hex(),
        }


@dataclass(frozen=True)
class DeployedClone:
    """A clone, which has no sources of its own: `arguments` stand behind its code, packed.

    `name` is that of the contract it is a clone of, which stands at `implementation`; a module of
    somebody else's has none.
    """

    part: str
    name: str
    address: str
    implementation: str
    arguments: bytes

    def as_json(self) -> dict[str, Any]:
        """The same for programs."""
        return {
            "part": self.part,
            "clone_of": self.name,
            "implementation": self.implementation,
            "address": self.address,
            "clone_arguments": self.arguments.hex(),
        }


def contracts_of(manifest: Manifest, given: StandardInput) -> list[DeployedContract]:
    """The card, the implementations and the factory."""
    return [
        DeployedContract(
            each.name,
            manifest.shared.get(each.name, each.address),
            each.initcode[len(given.contracts[each.name].bytecode) :],
        )
        for each in shared_deployments(given.contracts)
        + used_deployments(manifest.modules, given.contracts)
    ]


def clones_of(manifest: Manifest) -> list[DeployedClone]:
    """The parts of the DAO, the governors that followed the first one, and its modules."""
    args, at = clone_args(manifest.params, manifest.addresses), manifest.addresses
    parts = [
        DeployedClone(part, name, at[part], manifest.shared[name], args[part] or b"")
        for part, name in CONTRACTS.items()
    ]
    *_rest, founding = parts
    governors = [replace(founding, address=each) for each in manifest.governors]
    modules = zip(manifest.modules, manifest.module_addresses, strict=True)
    names = {each.address: each.name for each in used_deployments(manifest.modules)}
    return [*parts, *governors] + [
        DeployedClone(
            "module",
            names.get(module["implementation"], ""),
            address,
            module["implementation"],
            module_args(at, manifest.t0, module["args"]),
        )
        for module, address in modules
    ]


def require_same_code(manifest: Manifest, rpc: Rpc, given: StandardInput) -> None:
    """Refuse sources that do not compile to the very code on the chain.

    Raises CheckFailedError with every difference, RpcError and UnreachableError.
    """
    differences = compare_code(manifest, Snapshot(rpc), given.contracts).differences
    if differences:
        raise CheckFailedError(
            "verify.other-code",
            N_("The sources here are not those of {name}"),
            [each.words for each in differences],
            N_("Run this command in the version that deployed it, or name the right chain"),
            name=manifest.name,
            differences=differences,
        )
