"""The code behind a DAO: the very bytes that this version of the kit compiles to."""

from __future__ import annotations

from collections.abc import Mapping

from mikoshi.chain.snapshot import Snapshot
from mikoshi.check.report import CheckSection, Difference
from mikoshi.core import artifacts
from mikoshi.core.artifacts import Artifact
from mikoshi.core.clones import CONTRACTS, clone_args, clone_code, module_args, read_clone
from mikoshi.core.dao import shared_deployments
from mikoshi.core.manifest import Manifest
from mikoshi.text.language import pick
from mikoshi.text.people import short


def compare_code(
    manifest: Manifest, snapshot: Snapshot, contracts: Mapping[str, Artifact] | None = None
) -> CheckSection:
    """Shared contracts byte for byte, and clones with their arguments; the section "code"."""
    section = CheckSection("code")
    contracts = contracts or artifacts.project()
    predicted = {each.name: each.address for each in shared_deployments(contracts)}
    for name, address in predicted.items():
        recorded = manifest.shared.get(name, address)
        if recorded != address:
            version = manifest.compiler.get("mikoshi", "?")
            section.differences.append(
                Difference(
                    name,
                    pick("address of this version", "このバージョンのアドレス"),
                    address,
                    recorded,
                    pick(
                        f"deployed from other sources: mikoshi {version}",
                        f"別のソースからデプロイ: mikoshi {version}",
                    ),
                )
            )
            continue
        (code,) = snapshot.codes([address])
        if not contracts[name].is_code_of(code):
            found = (
                pick(f"{len(code):,} other bytes", f"別の{len(code):,}バイト")
                if code
                else pick("no code", "コードなし")
            )
            what = pick(f"code at {short(address)}", f"{short(address)} のコード")
            section.compare(name, what, pick("this version's", "このバージョンのもの"), found)
    clones = _clones(manifest, predicted | manifest.shared)
    codes = snapshot.codes(address for _, address, _ in clones)
    for (name, address, expected), code in zip(clones, codes, strict=True):
        if code != expected:
            what = pick(f"code at {short(address)}", f"{short(address)} のコード")
            section.compare(name, what, _describe(expected), _describe(code))
    section.summary = pick(
        f"{len(predicted)} shared contracts, {len(clones)} clones",
        f"共通コントラクト{len(predicted)}個、クローン{len(clones)}個",
    )
    return section


def _clones(manifest: Manifest, shared: Mapping[str, str]) -> list[tuple[str, str, bytes]]:
    """Each part and module: its name, its address and the code it must have."""
    args = clone_args(manifest.params, manifest.addresses)
    parts = [
        (name, manifest.addresses[part], clone_code(shared[name], args[part]))
        for part, name in CONTRACTS.items()
    ]
    modules = zip(manifest.modules, manifest.module_addresses, strict=True)
    return parts + [
        (
            f"module {short(address)}",
            address,
            clone_code(
                module["implementation"], module_args(manifest.params, module, manifest.addresses)
            ),
        )
        for module, address in modules
    ]


def _describe(code: bytes) -> str:
    if not code:
        return pick("no code", "コードなし")
    clone = read_clone(code)
    if clone is None:
        return pick(f"{len(code):,} bytes that are no clone", f"クローンでない{len(code):,}バイト")
    implementation, args = clone
    with_args = pick(" with arguments ", "、引数 ") + f"0x{args.hex()}" if args else ""
    clone_of = pick(f"a clone of {short(implementation)}", f"{short(implementation)} のクローン")
    return f"{clone_of}{with_args}"
