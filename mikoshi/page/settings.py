"""What the page is told of the DAO whose page it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eth_utils.crypto import keccak

from mikoshi.core.modules import MODULES

if TYPE_CHECKING:
    from mikoshi.cli.session import Session
    from mikoshi.core.manifest import Manifest

_VIEWS = {"invitations": "sponsorsNeeded", "succession": "membership"}
"""The parts that the page knows, and a view that they have."""


def settings_of(
    session: Session, manifest: Manifest, rpc: str, server: str | None = None
) -> dict[str, str]:
    """The settings of a page that asks the node `rpc`; `server` relays, "" for the page's own.

    The charter is there as text where its hash is the chain's. Raises RpcError, UnreachableError
    and BadInputError.
    """
    told = {"rpc": rpc, "treasury": manifest.addresses["treasury"], "dao": session.config.name}
    told |= _parts(session, manifest)
    text = _charter(session, manifest)
    if text is not None:
        told["charter"] = text
    return told if server is None else told | {"server": server}


def _parts(session: Session, manifest: Manifest) -> dict[str, str]:
    """The parts to which the record has the role given, as far as they are of this very DAO."""
    granted = [
        (role, address)
        for module, address in zip(manifest.modules, manifest.module_addresses, strict=True)
        for role in module["roles"]
    ]
    granted += [(bytes.fromhex(each["role"][2:]), each["holder"]) for each in manifest.roles]
    found = {}
    for name, view in _VIEWS.items():
        module = MODULES[name]
        for given, holder in granted:
            part = module.at(session.rpc, holder)
            ours = given == module.role_hash and part.ask("treasury")
            if ours == manifest.addresses["treasury"] and part.ask(view) is not None:
                found[name] = holder  # of several the one that was given it last
    return found


def _charter(session: Session, manifest: Manifest) -> str | None:
    section, folder = session.config.charter, session.config.source.parent
    if not section.file:
        return None
    content = (folder / section.file).read_bytes()
    membership = manifest.dao(session.rpc).membership
    if membership.call("charterHash") != keccak(content):
        return None
    try:
        return content.decode()
    except UnicodeDecodeError:
        return None
