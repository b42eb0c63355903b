"""What was compiled, found and written, and where it goes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from mikoshi.text.console import Console
from mikoshi.text.language import _
from mikoshi.text.people import short
from mikoshi.verify.bundle import CONTRACTS, SOURCIFY, STANDARD
from mikoshi.verify.deployed import DeployedClone, DeployedContract
from mikoshi.verify.standard_input import StandardInput

SERVER = "https://sourcify.dev/server/v2/verify"


def show_contracts(
    out: Console,
    given: StandardInput,
    contracts: Sequence[DeployedContract],
    clones: Sequence[DeployedClone],
) -> None:
    """Each contract with its arguments, and each clone with what it is a clone of."""
    sources = len(given.question["sources"])
    out.good(
        _(
            "{count} sources, compiled again by {version}, are the code on the chain",
            count=sources,
            version=given.version,
        )
    )
    out.table(
        [_("contract"), _("address"), _("constructor arguments")],
        [[each.name, each.address, _arguments(each.arguments)] for each in contracts],
    )
    out.table(
        [_("part"), _("address"), _("is a clone of"), _("arguments in its code")],
        [
            [
                _(each.part),
                each.address,
                " ".join(filter(None, [each.name, short(each.implementation)])),
                _arguments(each.arguments),
            ]
            for each in clones
        ],
    )


def show_files(out: Console, folder: Path, chain_id: int, submit: str, plugin: bool) -> None:
    """What was written, and where to upload it; `submit` is the command that sends it."""
    out.good(_("wrote {folder}", folder=folder))
    out.warn(
        _(
            "Sourcify can only say `match`: an `exact_match` needs the hash of the metadata, "
            "which this code leaves out so that every machine makes the same"
        )
    )
    out.warn(
        _(
            "a clone has no sources: an explorer shows those of its implementation, once they "
            "are verified and it is told that the clone is a proxy"
        )
    )
    if plugin:
        out.next_step(_("send them to the explorer"), submit)
        return
    out.next_step(
        _(
            "in the explorer's form choose `Solidity (Standard-Json-Input)`, upload {standard} "
            "and copy compiler and arguments from {contracts}; for Sourcify send each file of "
            "{sourcify}",
            standard=folder / STANDARD,
            contracts=folder / CONTRACTS,
            sourcify=folder / SOURCIFY,
        ),
        f"curl -H 'Content-Type: application/json' -d @{folder / SOURCIFY}/0x….json "
        f"{SERVER}/{chain_id}/0x…",
    )


def _arguments(arguments: bytes) -> str:
    return f"0x{arguments.hex()}" if arguments else _("none")
