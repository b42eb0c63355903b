"""The files that explorers take: standard JSON, arguments by contract, requests for Sourcify."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mikoshi.text.files import write_atomically
from mikoshi.verify.deployed import DeployedClone, DeployedContract
from mikoshi.verify.standard_input import StandardInput

STANDARD = "standard-input.json"
CONTRACTS = "contracts.json"
SOURCIFY = "sourcify"


def write(
    folder: Path,
    given: StandardInput,
    contracts: Sequence[DeployedContract],
    clones: Sequence[DeployedClone],
) -> list[Path]:
    """Write the bundle; the files. Raises UnwrittenError."""
    described = {
        "compiler": given.version,
        "contracts": [
            {**each.as_json(), "identifier": given.identifier(each.name)} for each in contracts
        ],
        "clones": [each.as_json() for each in clones],
    }
    files: dict[Path, Any] = {folder / STANDARD: given.question, folder / CONTRACTS: described}
    for each in contracts:
        files[folder / SOURCIFY / f"{each.address}.json"] = {
            "stdJsonInput": given.question,
            "compilerVersion": given.version,
            "contractIdentifier": given.identifier(each.name),
        }
    for path, entries in files.items():
        write_atomically(path, json.dumps(entries, indent=1, ensure_ascii=False) + "\n")
    return list(files)
