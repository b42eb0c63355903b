"""A part attached to a DAO that stands: its clone is made by anybody, its role given by a vote."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from eth_abi.abi import encode
from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak

from mikoshi.chain.contract import Contract
from mikoshi.context.context import Context
from mikoshi.context.modules import modules_of
from mikoshi.context.sending import GovernorCall
from mikoshi.core.clones import clone_initcode
from mikoshi.core.dao import DEPLOYMENT_PROXY, interface, module_args
from mikoshi.core.modules import MODULES, Module
from mikoshi.proposals.new import slug
from mikoshi.text.errors import BadInputError, NotNowError
from mikoshi.text.files import write_atomically
from mikoshi.text.language import N_, listed

_SALT = bytes(32)
_MODULE = b"module".ljust(32, b"\0")  # DAOFactory.MODULE


def module_called(section: str) -> Module:
    """The module that a section of dao.toml is called after. Raises BadInputError."""
    if section not in MODULES:
        raise BadInputError(
            "modules.unknown",
            N_("There is no part called {section}"),
            N_("there are: {known}"),
            N_("Name one of them"),
            section=section,
            known=listed(sorted(MODULES)),
        )
    return MODULES[section]


def planned_args(context: Context, section: str) -> bytes:
    """The settings of the clone, as dao.toml has them. Raises BadInputError and NotNowError."""
    if modules_of(context, section):
        raise NotNowError(
            "modules.attached",
            N_("[{section}] is a part of this DAO already"),
            N_("a vote has given it its role, and it works or waits for that"),
            N_("Its settings change by a vote; `{command}` takes it away"),
            section=section,
            command=context.session.command(f"modules detach {section}"),
        )
    found = context.session.config.module_args()
    if section not in found:
        raise BadInputError(
            "modules.without-settings",
            N_("{file} has no section [{section}]"),
            N_("the part is made with the settings that stand there"),
            N_("Write [{section}] into it; an empty one takes the usual settings"),
            file=context.session.config.source.name,
            section=section,
        )
    return found[section]


def attached(context: Context, section: str) -> str:
    """The clone that works or waits, the last one. Raises NotNowError."""
    found = modules_of(context, section)
    if not found:
        raise NotNowError(
            "modules.not-attached",
            N_("[{section}] is no part of this DAO"),
            N_("no contract of it has its role"),
            N_("`{command}` shows the parts that it has"),
            section=section,
            command=context.session.command("modules list"),
        )
    return found[-1].address


def clone_of(context: Context, module: Module, args: bytes) -> str:
    """Where the factory puts the clone that the session's account makes with these settings."""
    factory, maker = context.manifest.shared["DAOFactory"], context.session.sender.address
    salt = keccak(encode(["bytes32", "address", "bytes32"], [_MODULE, maker, keccak(args)]))
    whole = module_args(context.manifest.addresses, context.manifest.t0, args)
    initcode = clone_initcode(module.deployment().address, whole)
    packed = b"\xff" + bytes.fromhex(factory[2:]) + salt + keccak(initcode)
    return to_checksum_address(keccak(packed)[12:])


def make_clone(
    context: Context, module: Module, args: bytes, agreed: Callable[[int], bool]
) -> str | None:
    """The address of the clone, made where it is not there; None if the person did not agree.

    `agreed` is told the gas of what is sent. Raises what sending raises.
    """
    session, implementation = context.session, module.deployment()
    sender = session.sender
    address = clone_of(context, module, args)
    if session.rpc.code(address):
        return address
    factory = Contract(sender, context.manifest.shared["DAOFactory"], interface())
    whole = module_args(context.manifest.addresses, context.manifest.t0, args)
    call = GovernorCall("cloneModule", [implementation.address, whole, keccak(args)])
    data, missing = _SALT + implementation.initcode, not session.rpc.code(implementation.address)
    gas = sender.estimate(DEPLOYMENT_PROXY, data) if missing else call.gas(factory, sender)
    if not agreed(gas):
        return None
    if missing:
        sender.pin()
        sender.send(DEPLOYMENT_PROXY, data)
    call.send(factory, sender, lambda: bool(session.rpc.code(address)))
    return address


def write_vote(folder: Path, title: str, why: str, verb: str, role: str, holder: str) -> Path:
    """The file of the proposal that gives or takes the role. Raises BadInputError."""
    field = "to" if verb == "grant role" else "holder"
    path = folder / f"{slug(title)}.toml"
    if path.exists():
        raise BadInputError(
            "modules.file-exists",
            N_("{path} exists already"),
            N_("it may be the proposal of an earlier run"),
            N_("Submit it, or remove it"),
            path=os.path.relpath(path),
        )
    lines = (
        f'title = "{title}"',
        f'text = """\n{why}\n"""',
        f'[[actions]]\ndo = "{verb}"\nrole = "{role}"\n{field} = "{holder}"',
    )
    write_atomically(path, "\n\n".join(lines) + "\n")
    return path
