"""The parts that a DAO may have beside its core, each a clone with a role."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from eth_abi.packed import encode_packed
from eth_utils.crypto import keccak

from mikoshi.chain.abi import Interface
from mikoshi.chain.contract import Chain, Contract
from mikoshi.core import artifacts
from mikoshi.core.artifacts import Artifact
from mikoshi.core.dao import PARTS, Dao, Deployment, clone_code, deployment_of
from mikoshi.text.language import N_


@dataclass(frozen=True, slots=True)
class Module:
    """A part: the section of dao.toml that names it, its contract, and the role that it works by.

    `title` says what it is.
    """

    section: str
    contract: str
    role: str
    title: str

    @property
    def role_hash(self) -> bytes:
        """The role as the Treasury's book has it."""
        return bytes(keccak(text=self.role))

    def deployment(self, contracts: Mapping[str, Artifact] | None = None) -> Deployment:
        """Its implementation, the same on every chain."""
        return deployment_of((contracts or artifacts.project())[self.contract])

    def at(self, chain: Chain, address: str) -> Contract:
        """The clone at an address; errors of the core pass through its calls."""
        project = artifacts.project()
        others = [project[name].abi for name in PARTS]
        return Contract(chain, address, Interface(project[self.contract].abi, *others))

    def is_code(self, code: bytes, dao: Dao, t0: int) -> bool:
        """Whether `code` is that of a clone for this DAO, with whatever settings."""
        return code.startswith(clone_code(self.deployment().address, parts(dao, t0)))


MODULES = {
    each.section: each
    for each in (
        Module("invitations", "Invitations", "ADMITTER", N_("seats by a link")),
        Module("succession", "Succession", "SUCCESSION", N_("seats given back")),
    )
}
"""By the name of the section."""


def role_of(name: str) -> bytes:
    """The role that a module needs."""
    return MODULES[name].role_hash


def module_deployment(name: str, contracts: Mapping[str, Artifact] | None = None) -> Deployment:
    """The code of a module of this version, shared by all DAOs of a chain."""
    return MODULES[name].deployment(contracts)


def module_entry(
    name: str, args: bytes = b"", contracts: Mapping[str, Artifact] | None = None
) -> dict[str, Any]:
    """`IDAOFactory.Module` of a module with these arguments behind the common ones."""
    implementation = module_deployment(name, contracts).address
    return {"implementation": implementation, "args": args, "roles": [role_of(name)]}


def used_deployments(
    modules: Sequence[Mapping[str, Any]], contracts: Mapping[str, Artifact] | None = None
) -> list[Deployment]:
    """The codes of this version that these modules are clones of."""
    wanted = {module["implementation"] for module in modules}
    known = [each.deployment(contracts) for each in MODULES.values()]
    return [each for each in known if each.address in wanted]


def parts(dao: Dao, t0: int) -> bytes:
    """What the arguments of every clone of a module begin with."""
    addresses = dao.treasury_address, dao.membership_address, dao.token_address
    return encode_packed(["address", "address", "address", "uint40"], [*addresses, t0])


def module_args(
    params: Mapping[str, Any], module: Mapping[str, Any], at: Mapping[str, str]
) -> bytes:
    """The arguments of a further part."""
    common = [("address", at[part]) for part in ("treasury", "membership", "token")]
    values = [*common, ("uint40", params["voice"]["t0"]), ("bytes", module["args"])]
    return encode_packed([kind for kind, _ in values], [value for _, value in values])
