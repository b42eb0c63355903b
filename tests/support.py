"""What the tests of several parts share: expected reverts, signed acts, roles, contracts."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from eth_abi.abi import encode
from eth_account import Account
from eth_account.messages import SignableMessage, encode_typed_data
from eth_account.signers.local import LocalAccount
from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak

from mikoshi.chain.abi import Interface, Revert
from mikoshi.chain.contract import Contract, ContractRevertedError
from mikoshi.chain.rpc import Rpc
from mikoshi.core import artifacts
from mikoshi.core import dao as daos
from mikoshi.core.artifacts import Artifact
from mikoshi.replay.governor import RebuiltGovernor
from mikoshi.replay.membership import RebuiltMembership
from mikoshi.replay.voice import Voice
from mikoshi.testing.community import Community
from mikoshi.testing.defaults import params
from mikoshi.text.console import Console
from mikoshi.text.errors import MikoshiError, ProblemError
from mikoshi.text.paths import ROOT

if TYPE_CHECKING:
    from mikoshi.simulate.simulation import Finding

FOREVER = 2**256 - 1
"""A deadline that never passes."""


def slot_of(contract: str, variable: str, *keys: str | int) -> int:
    """Where a contract keeps a variable or, with `keys` (addresses, numbers), a mapping's entry."""
    layout = artifacts.project()[contract].storage["storage"]
    (slot,) = [int(entry["slot"]) for entry in layout if entry["label"] == variable]
    for key in keys:
        kind = "address" if isinstance(key, str) else "uint256"
        slot = int.from_bytes(keccak(encode([kind, "uint256"], [key, slot])))
    return slot


@contextmanager
def reverts(name: str, *args: Any) -> Iterator[None]:
    """Assert that the block is refused with this error and these arguments."""
    with pytest.raises(ContractRevertedError) as caught:
        yield
    assert caught.value.revert == Revert(name, args), caught.value


class Typed:
    """EIP-712 messages for one verifying contract.

    `types` maps each message to its fields as a Solidity type string writes them:
    {"Exit": "address account,uint256 nonce,uint256 deadline"}.
    """

    def __init__(
        self, name: str, contract: str, chain_id: int, types: Mapping[str, str], version: str = "1"
    ) -> None:
        self.types = types
        self.domain: dict[str, Any] = {
            "name": name,
            "version": version,
            "chainId": chain_id,
            "verifyingContract": contract,
        }

    def sign(self, key: LocalAccount, message: str, *values: Any, **domain: Any) -> bytes:
        """`key`'s 65 bytes under `message` with `values` in order; `domain` replaces fields."""
        signed = Account.sign_message(self._signable(message, values, domain), key.key)
        return bytes(signed.signature)

    def recover(self, signature: bytes, message: str, *values: Any) -> str:
        """Who would have had to make this signature."""
        return str(Account.recover_message(self._signable(message, values), signature=signature))

    def _signable(
        self, message: str, values: Sequence[Any], domain: Mapping[str, Any] | None = None
    ) -> SignableMessage:
        fields = [field.split() for field in self.types[message].split(",")]
        return encode_typed_data(
            {**self.domain, **(domain or {})},
            {message: [{"name": name, "type": kind} for kind, name in fields]},
            dict(zip((name for _, name in fields), values, strict=True)),
        )


_WITH_CHARTER = "address account,bytes32 charterHash,uint256 nonce,uint256 deadline"
_PLAIN = "address account,uint256 nonce,uint256 deadline"

MEMBERSHIP_TYPES = {
    "Delegate": "address account,address delegatee,uint256 nonce,uint256 deadline",
    "Exit": _PLAIN,
    "Rejoin": _WITH_CHARTER,
    "Wake": _WITH_CHARTER,
    "Rest": _PLAIN,
    "Delegation": "address delegatee,uint256 nonce,uint256 expiry",
}


def membership_messages(rpc: Rpc, membership: str) -> Typed:
    """What members sign for the Membership at this address."""
    return Typed("Mikoshi Membership", membership, rpc.chain_id(), MEMBERSHIP_TYPES)


def split(signature: bytes) -> tuple[int, bytes, bytes]:
    """v, r, s of a 65-byte signature."""
    return signature[64], signature[:32], signature[32:64]


def compact(signature: bytes) -> bytes:
    """The 64-byte form of EIP-2098."""
    v, r, s = split(signature)
    return r + (int.from_bytes(s) | (v - 27) << 255).to_bytes(32)


def malleated(signature: bytes) -> bytes:
    """The other signature that the same key never made: s in the upper half, v flipped."""
    order = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
    v, r, s = split(signature)
    return r + (order - int.from_bytes(s)).to_bytes(32) + bytes([55 - v])


def role(name: str) -> bytes:
    """A role of the Treasury's book by its name, for example "ADMITTER"."""
    return keccak(text=name)


def grant(community: Community, name: str, account: str) -> str:
    """Give `account` a role that holds at once, as those of the creation do; the account."""
    treasury = community.dao.treasury
    slot = slot_of("Treasury", "_since", int.from_bytes(role(name)), account)
    now = community.rpc.timestamp().to_bytes(32)
    community.rpc.call("anvil_setStorageAt", treasury.address, hex(slot), f"0x{now.hex()}")
    assert treasury.call("hasRole", role(name), account) is True
    return account


def next_block_at(rpc: Rpc, timestamp: int) -> int:
    """Let the next transaction be mined in exactly this second; the second."""
    rpc.call("evm_setNextBlockTimestamp", timestamp)
    return timestamp


def some_governor() -> RebuiltGovernor:
    """A governor in office of which nothing else has been heard."""
    return RebuiltGovernor(RebuiltMembership(Voice.of_params(params(0, [])["voice"])))


def factory(rpc: Rpc) -> Contract:
    """The chain's factory, for a DAO with other parameters; a test that runs alone deploys it."""
    return daos.deploy_shared(rpc, rpc.call("eth_accounts")[0])


@functools.cache
def _artifact(name: str) -> Artifact:
    path = ROOT / "tests" / "contracts" / f"{name}.sol"
    return artifacts.compile_sources({path.relative_to(ROOT).as_posix(): path.read_text()})[name]


def deploy(rpc: Rpc, name: str, *args: Any) -> Contract:
    """A new contract from tests/contracts/<name>.sol, with 100 ether."""
    artifact = _artifact(name)
    (inputs,) = [e["inputs"] for e in artifact.abi if e["type"] == "constructor"] or [[]]
    data = artifact.bytecode + encode([entry["type"] for entry in inputs], args)
    receipt = rpc.send(None, data, sender=rpc.call("eth_accounts")[0])
    address = to_checksum_address(receipt["contractAddress"])
    rpc.call("anvil_setBalance", address, hex(100 * 10**18))
    return Contract(rpc, address, Interface(artifact.abi))


# Refusals of commands and of what they are made of


_FAILURES: list[MikoshiError] = []


def remember_failures(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on `failed` knows what the commands of this test tell."""
    tell = Console.fail
    _FAILURES.clear()

    def fail(out: Console, error: MikoshiError) -> None:
        _FAILURES.append(error)
        tell(out, error)

    monkeypatch.setattr(Console, "fail", fail)


def failed(kind: str, **data: Any) -> MikoshiError:
    """The last failure that a command of this process told: of this kind, with this data."""
    assert _FAILURES, "nothing failed"
    told(_FAILURES[-1], kind, **data)
    return _FAILURES[-1]


def told(error: MikoshiError | ProblemError | Finding, kind: str, **data: Any) -> None:
    """Assert that an error, or a finding, is of this kind and has, among others, this data."""
    assert (error.kind, {**error.data, **data}) == (kind, error.data), error
    assert str(error)  # its words can be made of its data


@contextmanager
def refuses(kind: str, **data: Any) -> Iterator[None]:
    """Assert that the block is refused with an error of this kind and, among others, this data."""
    try:
        yield
    except (MikoshiError, ProblemError) as error:
        told(error, kind, **data)
    else:
        pytest.fail(f"not refused: {kind}")


def inner(error: MikoshiError | ProblemError | Finding, name: str) -> ProblemError:
    """What is the matter by another error, which is data of this one, or alone in a list there."""
    problem = error.data[name]
    if isinstance(problem, list):
        (problem,) = problem
    assert isinstance(problem, ProblemError)
    return problem
