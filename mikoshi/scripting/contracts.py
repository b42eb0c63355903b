"""The contracts of a DAO as Ape knows contracts, on the chain to which Ape is connected."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from mikoshi.chain.contract import Snapshot
from mikoshi.chain.networks import through
from mikoshi.chain.rpc import Rpc
from mikoshi.check.code import compare_code
from mikoshi.core import artifacts
from mikoshi.core.dao import CONTRACTS
from mikoshi.core.manifest import Manifest
from mikoshi.text.errors import BadInputError
from mikoshi.text.language import N_

if TYPE_CHECKING:
    from ape.contracts import ContractInstance
    from ethpm_types import ContractType


def connected() -> Rpc:
    """A connection of our own to the node that Ape is connected to.

    Raises BadInputError where Ape is connected to none.
    """
    from ape import networks

    provider = networks.active_provider
    if provider is None:
        raise BadInputError(
            "ape.not-connected",
            N_("Ape is not connected to a network"),
            N_("a DAO is read from its chain"),
            N_("Say which: `ape console --network …`, or `with networks.parse_network_choice(…):`"),
        )
    network = provider.network
    return through(provider, f"{network.ecosystem.name}:{network.name}:{provider.name}")


def instances(record: Manifest, rpc: Rpc) -> dict[str, ContractInstance]:
    """Each part of a DAO by its name, once its code is proven to be that of the interface.

    Raises BadInputError where it is not, RpcError and UnreachableError.
    """
    differences = compare_code(record, Snapshot(rpc)).differences
    if differences:
        raise BadInputError(
            "dao.other-code",
            N_("{name} is not made of the contracts of this version"),
            [each.words for each in differences],
            N_("Take the version of Mikoshi that deployed it, or name the right chain"),
            name=record.name,
            differences=differences,
        )
    at = record.addresses | {"governor": record.dao(rpc).governor_address}
    return {part: instance(name, at[part]) for part, name in CONTRACTS.items()}


def instance(name: str, address: str) -> ContractInstance:
    """The contract at an address, of which it is known that it is this one."""
    from ape import chain

    return chain.contracts.instance_at(
        address,
        contract_type=contract_type(name),
        fetch_from_explorer=False,
        detect_proxy=False,  # it is one, of the very contract that the type describes
        replace=True,
    )


@functools.cache
def contract_type(name: str) -> ContractType:
    """A contract's interface, with the errors of the other parts that pass through its calls."""
    from ethpm_types import ContractType

    known = artifacts.project()
    own = known[name].abi
    others = (each for other in CONTRACTS.values() for each in known[other].abi)
    passing = [each for each in others if each["type"] == "error" and each not in own]
    return ContractType.model_validate({"contractName": name, "abi": [*own, *passing]})
