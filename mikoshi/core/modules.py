"""Contracts beside the core that a DAO can have: what they are made of, and what they may do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from eth_abi.packed import encode_packed
from eth_utils.crypto import keccak

from mikoshi.core import artifacts
from mikoshi.core.artifacts import Artifact
from mikoshi.core.dao import Deployment, deployment_of

MODULES = {"succession": ("Succession", "SUCCESSION")}
"""The section of dao.toml, the contract and its role."""


def module_deployment(name: str, contracts: Mapping[str, Artifact] | None = None) -> Deployment:
    """The code of a module of this version, shared by all DAOs of a chain."""
    return deployment_of((contracts or artifacts.project())[MODULES[name][0]])


def module_entry(
    name: str, args: bytes = b"", contracts: Mapping[str, Artifact] | None = None
) -> dict[str, Any]:
    """`IDAOFactory.Module` of a module with these arguments behind the common ones."""
    deployment = module_deployment(name, contracts)
    return {
        "implementation": deployment.address,
        "args": args,
        "roles": [role_of(name)],
    }


def role_of(name: str) -> bytes:
    """The role that a module needs."""
    return bytes(keccak(text=MODULES[name][1]))


def used_deployments(
    modules: Sequence[Mapping[str, Any]], contracts: Mapping[str, Artifact] | None = None
) -> list[Deployment]:
    """The codes of this version that these modules are clones of."""
    known = [module_deployment(name, contracts) for name in MODULES]
    wanted = {module["implementation"] for module in modules}
    return [each for each in known if each.address in wanted]


def module_args(
    params: Mapping[str, Any], module: Mapping[str, Any], at: Mapping[str, str]
) -> bytes:
    """The arguments of a further part."""
    common = [("address", at[part]) for part in ("treasury", "membership", "token")]
    values = [*common, ("uint40", params["voice"]["t0"]), ("bytes", module["args"])]
    return encode_packed([kind for kind, _ in values], [value for _, value in values])
