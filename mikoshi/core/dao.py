"""The parts of a DAO on a chain, and how they get there.

Implementations and the factory are deployed through the deterministic deployment proxy, so that
they have the same addresses on every chain and are deployed once per chain.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import isqrt
from typing import Any

from eth_abi.abi import encode
from eth_abi.packed import encode_packed
from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak

from mikoshi.chain.abi import Interface
from mikoshi.chain.contract import Chain, Contract, OpenChain
from mikoshi.core import artifacts
from mikoshi.core.artifacts import Artifact

DEPLOYMENT_PROXY = "0x4e59b44847b379578588920cA78FbF26c0B4956C"
"""Puts creation code at an address that depends on the code and a salt alone (EIP-1014)."""

PARTS = ("Treasury", "Membership", "ContributionToken", "DAOGovernor")
"""The contracts that every DAO clones, in the order of the factory's constructor."""

CONTRACTS = {
    "treasury": "Treasury",
    "membership": "Membership",
    "token": "ContributionToken",
    "governor": "DAOGovernor",
}
"""The contract behind each part of a DAO."""

MODULE_CONTRACTS = ("Invitations", "Succession")
"""Parts that a DAO may have or not (see `modules`)."""

LENS = "MembershipLens"
"""What reads everything of a Membership that no contract asks for; it keeps nothing itself."""

_SALT = bytes(32)

CLONE = bytes.fromhex("3d3d3d3d363d3d37363d73"), bytes.fromhex("5af43d3d93803e602a57fd5bf3")
"""What stands before and behind the implementation in the code of a clone (ERC-1167)."""

CLONE_WITH_ARGS = (
    bytes.fromhex("363d3d373d3d3d363d73"),
    bytes.fromhex("5af43d82803e903d91602b57fd5bf3"),
)
"""The same of a clone whose immutable arguments follow."""


@dataclass(frozen=True, slots=True)
class Deployment:
    """A contract for the deployment proxy: `name`, creation code, the address it will have."""

    name: str
    initcode: bytes
    address: str


def shared_deployments(contracts: Mapping[str, Artifact]) -> list[Deployment]:
    """What a chain needs once: card, lens, the four implementations and the factory, in order."""
    card, lens = deployment_of(contracts["MembershipCard"]), deployment_of(contracts[LENS])
    beside = {"Membership": (card.address, lens.address)}
    parts = [deployment_of(contracts[name], *beside.get(name, ())) for name in PARTS]
    factory = deployment_of(contracts["DAOFactory"], *(part.address for part in parts))
    return [card, lens, *parts, factory]


def deployment_of(artifact: Artifact, *addresses: str) -> Deployment:
    """A contract made with these constructor arguments, and where it will be on every chain."""
    initcode = artifact.bytecode + encode(["address"] * len(addresses), addresses)
    proxy = bytes.fromhex(DEPLOYMENT_PROXY[2:])
    address = keccak(b"\xff" + proxy + _SALT + keccak(initcode))[12:]
    return Deployment(artifact.name, initcode, to_checksum_address(address))


def deploy_shared(
    chain: OpenChain, sender: str, contracts: Mapping[str, Artifact] | None = None
) -> Contract:
    """Deploy what the chain lacks; the factory.

    `chain` must have the deployment proxy, as anvil and every public network have.
    """
    deployments = shared_deployments(contracts or artifacts.project())
    for deployment in deployments:
        if not chain.code(deployment.address):
            chain.send(DEPLOYMENT_PROXY, _SALT + deployment.initcode, sender=sender)
    return Contract(chain, deployments[-1].address, interface(contracts))


def interface(contracts: Mapping[str, Artifact] | None = None) -> Interface:
    """The functions, events and errors of all contracts, merged; those of the core come first."""
    contracts = contracts or artifacts.project()
    names = (*PARTS, "MembershipCard", LENS, "DAOFactory", *MODULE_CONTRACTS)
    return Interface(*(contracts[name].abi for name in names))


@dataclass(frozen=True)
class Dao:
    """A DAO's addresses on a chain, and its contracts ready to be called.

    The governor is the one in office; those that it followed are `former`, the first one first.
    There is no Succession where its address is empty.
    """

    chain: Chain
    treasury_address: str
    membership_address: str
    token_address: str
    governor_address: str
    modules: tuple[str, ...] = ()
    contracts: Mapping[str, Artifact] | None = None
    former: tuple[str, ...] = ()
    succession_address: str = ""

    @property
    def governors(self) -> tuple[str, ...]:
        """Whoever governs it or did, in the order of their offices."""
        return *self.former, self.governor_address

    @cached_property
    def treasury(self) -> Contract:
        """Vault, executor, role book."""
        return self._contract("Treasury", self.treasury_address)

    @cached_property
    def membership(self) -> Contract:
        """People, tickets, voice."""
        return self._contract("Membership", self.membership_address)

    @cached_property
    def lens(self) -> Contract:
        """Reads more of a Membership, the first argument of each function."""
        artifact = (self.contracts or artifacts.project())[LENS]
        return Contract(self.chain, deployment_of(artifact).address, Interface(artifact.abi))

    @cached_property
    def token(self) -> Contract:
        """The contribution token."""
        return self._contract("ContributionToken", self.token_address)

    @cached_property
    def governor(self) -> Contract:
        """Proposals and ballots."""
        return self._contract("DAOGovernor", self.governor_address)

    @cached_property
    def succession(self) -> Contract:
        """Seats given back."""
        return self._contract("Succession", self.succession_address)

    def _contract(self, name: str, address: str) -> Contract:
        contracts = self.contracts or artifacts.project()
        own = contracts[name].abi
        others = [contracts[part].abi for part in PARTS if part != name]
        # Its own functions come first; errors and events of the others pass through its calls.
        return Contract(self.chain, address, Interface(own, *others))


def create(
    factory: Contract,
    params: Mapping[str, Any],
    sender: str,
    modules: Sequence[Mapping[str, Any]] = (),
    salt: bytes = bytes(32),
    contracts: Mapping[str, Artifact] | None = None,
) -> Dao:
    """Create a DAO; `params` as in `IDAOFactory.Params`. Raises ContractRevertedError."""
    receipt = factory.send("create", params, modules, salt, sender=sender)
    args = receipt.only("DAOCreated").args
    return Dao(
        factory.chain,
        args["treasury"],
        args["membership"],
        args["token"],
        args["governor"],
        tuple(args["modules"]),
        contracts,
    )


@lru_cache(maxsize=16)
def voice_factor(base: int, most: int, full: int) -> int:
    """K of the voice: what a root of merit adds, 1e-18 voices of 1e-9 (see DAOFactory).

    `base` in 1e-9 voices, `most` in basis points of it, `full` in whole points. Rounded down, so
    that nobody's voice is above most · base.
    """
    root = isqrt(full * 10**18 - 1) + 1  # rounded up; `full` is at least 1
    return base * (most * 10**14 - 10**18) // root


def most_of(base: int, k: int, full: int) -> int | None:
    """The most voice that makes this k, in basis points of the base; None if none does."""
    root = isqrt(full * 10**18 - 1) + 1
    most = -(-(base * 10**18 + k * root) // (base * 10**14))
    return most if voice_factor(base, most, full) == k else None


def implementation(name: str, contracts: Mapping[str, Artifact] | None = None) -> str:
    """Where the code of a contract of this version is on every chain that has it."""
    contracts = contracts or artifacts.project()
    if name in MODULE_CONTRACTS:
        return deployment_of(contracts[name]).address
    deployments = shared_deployments(contracts)
    return next(each.address for each in deployments if each.name == name)


def clone_code(implementation: str, args: bytes | None = None) -> bytes:
    """The runtime code of a clone; no arguments make a plain one."""
    head, tail = CLONE if args is None else CLONE_WITH_ARGS
    return head + bytes.fromhex(implementation[2:]) + tail + (args or b"")


def governor_codes(membership: str, base: int, treasury: str, *implementations: str) -> list[bytes]:
    """The code that a governor of this DAO has, for each of these implementations."""
    args = governor_args(membership, base, treasury)
    return [clone_code(each, args) for each in implementations]


def governor_args(membership: str, base: int, treasury: str) -> bytes:
    """The arguments of a Governor; `base` in 1e-9 voices."""
    return encode_packed(["address", "uint64", "address"], [membership, base, treasury])


def module_args(at: Mapping[str, str], t0: int, args: bytes = b"") -> bytes:
    """The arguments of a part beside the core: `at` the core's, of a DAO that began at `t0`."""
    core = [at[part] for part in ("treasury", "membership", "token")]
    return encode_packed(["address", "address", "address", "uint40"], [*core, t0]) + args
