"""The parts that a DAO may have beside its core, each a clone with a role."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from eth_utils.crypto import keccak

from mikoshi.chain.abi import Interface
from mikoshi.chain.contract import Chain, Contract
from mikoshi.core import artifacts
from mikoshi.core.artifacts import Artifact
from mikoshi.core.dao import PARTS, Deployment, clone_code, deployment_of, module_args
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

    def is_code(self, code: bytes, at: Mapping[str, str], t0: int) -> bool:
        """Whether `code` is that of a clone for the DAO `at` these addresses, whatever settings."""
        return code.startswith(clone_code(self.deployment().address, module_args(at, t0)))


MODULES = {
    each.section: each
    for each in (
        Module("invitations", "Invitations", "ADMITTER", N_("seats by a link")),
        Module("succession", "Succession", "SUCCESSION", N_("seats given back")),
    )
}
"""By the name of the section."""


def used_deployments(
    modules: Sequence[Mapping[str, Any]], contracts: Mapping[str, Artifact] | None = None
) -> list[Deployment]:
    """The codes of this version that these modules are clones of."""
    wanted = {module["implementation"] for module in modules}
    known = [each.deployment(contracts) for each in MODULES.values()]
    return [each for each in known if each.address in wanted]
