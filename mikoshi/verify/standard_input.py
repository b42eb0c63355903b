"""What the compiler is told: all sources with all that they import, and the settings.

Ape's own standard JSON lacks `bytecodeHash: none`, so that what is compiled from it has other code.
"""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mikoshi.core.artifacts import (
    OUTPUTS,
    SETTINGS,
    Artifact,
    artifact_of,
    ask_compiler,
    project_sources,
)
from mikoshi.text.errors import BadInputError
from mikoshi.text.language import N_
from mikoshi.text.paths import ROOT, checkout


@dataclass(frozen=True)
class StandardInput:
    """Standard JSON that needs no other file, and what it compiles to.

    `version` is the compiler's, `0.8.37+commit.f401782d`, and `contracts` are those of the project
    by name, compiled from this very input.
    """

    question: dict[str, Any]
    version: str
    contracts: dict[str, Artifact]

    def identifier(self, name: str) -> str:
        """`contracts/treasury/Treasury.sol:Treasury`."""
        return f"{self.contracts[name].source}:{name}"


def standard_input() -> StandardInput:
    """The input of the project's contracts.

    Raises BadInputError where the sources are not at hand, CompileError and ToolMissingError.
    """
    if checkout() is None:
        raise BadInputError(
            "verify.no-sources",
            N_("The sources of the contracts are not here"),
            N_("an installed Mikoshi has them compiled only"),
            N_("Run this command in the repository, in the version that deployed the DAO"),
        )
    own = project_sources()
    question = _question(own, {path: {"*": OUTPUTS} for path in own})  # its answer is remembered
    with_imports = ask_compiler(question, ROOT)["sources"]
    texts = {path: own.get(path) or (ROOT / path).read_text("utf-8") for path in with_imports}
    with tempfile.TemporaryDirectory() as empty:
        question = _question(texts, {path: {"*": [*OUTPUTS, "metadata"]} for path in own})
        answer = ask_compiler(question, Path(empty), include=None)
    compiled = [
        (name, source, contract)
        for source in own
        for name, contract in answer["contracts"].get(source, {}).items()
    ]
    metadata = next(each["metadata"] for _, _, each in compiled if each["metadata"])
    return StandardInput(
        _question(texts, {"*": {"*": ["abi", "evm.bytecode", "evm.deployedBytecode", "metadata"]}}),
        json.loads(metadata)["compiler"]["version"],
        {name: artifact_of(name, source, each) for name, source, each in compiled},
    )


def _question(texts: dict[str, str], wanted: dict[str, Any]) -> dict[str, Any]:
    return {
        "language": "Solidity",
        "sources": {path: {"content": text} for path, text in sorted(texts.items())},
        "settings": {**SETTINGS, "outputSelection": wanted},
    }
