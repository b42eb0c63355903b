"""The code behind a DAO: the very bytes that this version of the kit compiles to."""

from __future__ import annotations

from collections.abc import Mapping

from mikoshi.chain.contract import Snapshot
from mikoshi.check.report import CheckSection, Difference
from mikoshi.core import artifacts
from mikoshi.core.artifacts import Artifact
from mikoshi.core.clones import clone_args, read_clone
from mikoshi.core.dao import CONTRACTS, clone_code, module_args, shared_deployments
from mikoshi.core.manifest import Manifest
from mikoshi.core.modules import used_deployments
from mikoshi.text.errors import Line, Words
from mikoshi.text.language import N_, _
from mikoshi.text.people import short


def compare_code(
    manifest: Manifest, snapshot: Snapshot, contracts: Mapping[str, Artifact] | None = None
) -> CheckSection:
    """Shared contracts byte for byte, and clones with their arguments; the section "code"."""
    section = CheckSection(N_("code"))
    contracts = contracts or artifacts.project()
    shared = shared_deployments(contracts) + used_deployments(manifest.modules, contracts)
    predicted = {each.name: each.address for each in shared}
    for name, address in predicted.items():
        recorded = manifest.shared.get(name, address)
        if recorded != address:
            version = manifest.compiler.get("mikoshi", "?")
            section.differences.append(
                Difference(
                    name,
                    N_("address of this version"),
                    address,
                    recorded,
                    Words("deployed from other sources: mikoshi {version}", version=version),
                )
            )
            continue
        (code,) = snapshot.codes([address])
        if not contracts[name].is_code_of(code):
            found = _("{count:,} other bytes", count=len(code)) if code else _("no code")
            what = Words("code at {address}", address=short(address))
            section.compare(name, what, _("this version's"), found)
    clones = _clones(manifest, predicted | manifest.shared)
    codes = snapshot.codes(address for _name, address, _code in clones)
    for (where, address, expected), code in zip(clones, codes, strict=True):
        if code != expected:
            what = Words("code at {address}", address=short(address))
            section.compare(where, what, _describe(expected), _describe(code))
    section.summary = _(
        "{shared} shared contracts, {clones} clones", shared=len(predicted), clones=len(clones)
    )
    return section


def _clones(manifest: Manifest, shared: Mapping[str, str]) -> list[tuple[Line, str, bytes]]:
    """Each part and module: its name, its address and the code it must have."""
    at = manifest.addresses
    args = clone_args(manifest.params, at)
    parts: list[tuple[Line, str, bytes]] = [
        (name, at[part], clone_code(shared[name], args[part])) for part, name in CONTRACTS.items()
    ]
    for module, address in zip(manifest.modules, manifest.module_addresses, strict=True):
        code = clone_code(module["implementation"], module_args(at, manifest.t0, module["args"]))
        parts.append((Words("module {address}", address=short(address)), address, code))
    return parts


def _describe(code: bytes) -> str:
    if not code:
        return _("no code")
    clone = read_clone(code)
    if clone is None:
        return _("{count:,} bytes that are no clone", count=len(code))
    implementation, args = clone
    at, arguments = short(implementation), f"0x{args.hex()}"
    if not args:
        return _("a clone of {implementation}", implementation=at)
    return _(
        "a clone of {implementation} with arguments {arguments}",
        implementation=at,
        arguments=arguments,
    )
