"""The parts that a DAO may have beside its core, each a clone with a role."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from eth_abi.packed import encode_packed
from eth_utils.crypto import keccak

from mikoshi.chain.abi import Interface
from mikoshi.chain.contract import Chain, Contract
from mikoshi.core import artifacts
from mikoshi.core.artifacts import Artifact
from mikoshi.core.dao import PARTS, Dao, Deployment, clone_code, single_deployment
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
        return single_deployment((contracts or artifacts.project())[self.contract])

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
    for each in (Module("invitations", "Invitations", "ADMITTER", N_("seats by a link")),)
}
"""By the name of the section."""


def parts(dao: Dao, t0: int) -> bytes:
    """What the arguments of every clone of a module begin with."""
    addresses = dao.treasury_address, dao.membership_address, dao.token_address
    return encode_packed(["address", "address", "address", "uint40"], [*addresses, t0])
