"""A DAO's parts as the factory clones them: their code, and the addresses they will have.

Each part is an ERC-1167 clone with immutable arguments. The addresses follow from the parameters
and a salt alone, so they are known before anything is on the chain.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from eth_abi.abi import encode
from eth_abi.packed import encode_packed
from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak

from mikoshi.core.dao import (
    CLONE,
    CLONE_WITH_ARGS,
    CONTRACTS,
    clone_code,
    governor_args,
    module_args,
    voice_factor,
)

_CREATION = bytes.fromhex("602c3d8160093d39f3")
_ARGS_CREATION = bytes.fromhex("3d81600a3d39f3")
_CREATE3_PROXY = bytes.fromhex("67363d3d37363d34f03d5260086018f3")


def clone_initcode(implementation: str, args: bytes | None = None) -> bytes:
    """The creation code of a clone."""
    code = clone_code(implementation, args)
    if args is None:
        return _CREATION + code
    return b"\x61" + len(code).to_bytes(2) + _ARGS_CREATION + code


def read_clone(code: bytes) -> tuple[str, bytes] | None:
    """The implementation and the arguments of a clone's code; None for any other code."""
    for head, tail in (CLONE_WITH_ARGS, CLONE):
        end = len(head) + 20
        if code.startswith(head) and code[end : end + len(tail)] == tail:
            args = code[end + len(tail) :]
            if head is CLONE_WITH_ARGS[0] or not args:
                return to_checksum_address(code[len(head) : end]), args
    return None


def clone_args(params: Mapping[str, Any], at: Mapping[str, str]) -> dict[str, bytes | None]:
    """The arguments of each part, for `IDAOFactory.Params` and the parts' addresses."""
    voice, name, token = params["voice"], params["name"].encode(), params["tokenName"].encode()
    membership = [
        ("address", at["treasury"]),
        ("address", at["governor"]),
        ("uint64", voice["base"]),
        ("uint80", voice_factor(voice["base"], voice["most"], voice["full"])),
        ("uint32", voice["full"]),
        ("uint40", voice["t0"]),
        ("uint32", voice["halfLife"]),
        ("bool", params["transferableTickets"]),
        ("uint8", len(name)),
        ("bytes", name + params["symbol"].encode()),
    ]
    contribution = [
        ("address", at["treasury"]),
        ("uint40", voice["t0"]),
        ("uint8", len(token)),
        ("bytes", token + params["tokenSymbol"].encode()),
    ]
    args = {"treasury": None, "membership": _packed(membership), "token": _packed(contribution)}
    if "membership" in at:  # the Governor's address does not depend on its arguments
        args["governor"] = governor_args(at["membership"], voice["base"], at["treasury"])
    return args


def predict(
    params: Mapping[str, Any],
    salt: bytes,
    config_hash: bytes,
    shared: Mapping[str, str],
    modules: Sequence[Mapping[str, Any]] = (),
) -> tuple[dict[str, str], list[str]]:
    """The addresses of the parts, and of the modules, that `create` will make.

    `shared` are the factory and the implementations by name.
    """
    factory = shared["DAOFactory"]
    own = keccak(encode(["bytes32", "bytes32"], [salt, config_hash]))
    at = {
        "treasury": _create2(factory, own, clone_initcode(shared["Treasury"])),
        "governor": _create3(factory, own),
    }
    args = clone_args(params, at)
    for part in ("membership", "token"):
        at[part] = _create2(factory, own, clone_initcode(shared[CONTRACTS[part]], args[part]))
    cloned = []
    for index, module in enumerate(modules):
        module_salt = keccak(encode(["bytes32", "uint256"], [own, index]))
        own_args = module_args(at, params["voice"]["t0"], module["args"])
        initcode = clone_initcode(module["implementation"], own_args)
        cloned.append(_create2(factory, module_salt, initcode))
    return {part: at[part] for part in CONTRACTS}, cloned


def _packed(values: Sequence[tuple[str, Any]]) -> bytes:
    return encode_packed([kind for kind, _ in values], [value for _, value in values])


def _create2(deployer: str, salt: bytes, initcode: bytes) -> str:
    origin = bytes.fromhex(deployer[2:])
    return to_checksum_address(keccak(b"\xff" + origin + salt + keccak(initcode))[12:])


def _create3(deployer: str, salt: bytes) -> str:
    proxy = bytes.fromhex(_create2(deployer, salt, _CREATE3_PROXY)[2:])
    return to_checksum_address(keccak(b"\xd6\x94" + proxy + b"\x01")[12:])
