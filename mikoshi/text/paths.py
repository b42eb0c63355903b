"""Where the project's folders and tools are. Everything lies inside the project folder."""

from __future__ import annotations

import platform
import sys
from pathlib import Path
from typing import Literal

from mikoshi.text.errors import BadInputError
from mikoshi.text.language import N_

ROOT = Path(__file__).resolve().parent.parent.parent
CONTRACTS = ROOT / "contracts"
CACHE = ROOT / ".cache"
SOLC = ROOT / "tools" / "solc" / "solc-v0.8.37"

_ARCHITECTURES = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}


class ToolMissingError(BadInputError):
    """Thrown when a program that `make setup` installs is not there."""

    def __init__(self, tool: str, path: Path) -> None:
        super().__init__(
            "tool.missing",
            N_("{tool} is not installed"),
            N_("{path} does not exist"),
            N_("Run `make setup`"),
            tool=tool,
            path=path,
        )


def foundry_tool(name: Literal["anvil", "cast", "forge"]) -> Path:
    """The native binary of a Foundry tool, as npm installed it for this machine.

    The launchers in node_modules/.bin are avoided: they add start-up time, and the one for forge
    hides exit codes. Raises ToolMissingError.
    """
    machine = platform.machine().lower()
    package = f"{name}-{sys.platform}-{_ARCHITECTURES.get(machine, machine)}"
    path = ROOT / "node_modules" / "@foundry-rs" / package / "bin" / name
    if not path.is_file():
        raise ToolMissingError(name, path)
    return path


def shown(path: Path) -> str:
    """A path as people are told it: from the project folder, where it lies inside."""
    return str(path.relative_to(ROOT) if path.is_relative_to(ROOT) else path)
