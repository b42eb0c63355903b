"""Where things are: a community's folder, the programs it uses, and this project's own checkout.

A community's folder is the nearest one upwards that has a dao.toml, as git finds its own. All that
a command keeps lies inside it.
"""

from __future__ import annotations

import os
import platform
import shutil
import sys
from pathlib import Path
from typing import Literal

from mikoshi.text.errors import BadInputError
from mikoshi.text.language import N_

DAO_TOML = "dao.toml"
"""The file that makes a folder a community's."""

ROOT = Path(__file__).resolve().parent.parent.parent
CONTRACTS = ROOT / "contracts"
SOLC = ROOT / "tools" / "solc" / "solc-v0.8.37"

_ARCHITECTURES = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}


class ToolMissingError(BadInputError):
    """Thrown when a program that a command needs is not there."""

    def __init__(self, tool: str, path: Path, target: str = "setup") -> None:
        self.remedy = f"make {target}" if checkout() else f"npm install @foundry-rs/{tool}"
        super().__init__(
            "tool.missing",
            N_("{tool} is not installed"),
            N_("{path} does not exist"),
            N_("Run `{remedy}`") if checkout() else N_("Put it on PATH, or run `{remedy}` here"),
            tool=tool,
            path=shown(path),
            remedy=self.remedy,
        )


def checkout() -> Path | None:
    """The folder of this project; None where Mikoshi was installed without it."""
    return ROOT if SOLC.is_file() and CONTRACTS.is_dir() else None


def community() -> Path:
    """The community's folder: the nearest one with a dao.toml, or else where one stands."""
    here = Path.cwd()
    return next((each for each in (here, *here.parents) if (each / DAO_TOML).is_file()), here)


def dao_toml(named: str | None) -> Path:
    """The file `named`, or else the community's, as seen from where one stands."""
    if named not in (None, DAO_TOML):
        return Path(str(named))
    return seen(community() / DAO_TOML)


def seen(path: Path) -> Path:
    """A path as it is typed from where one stands."""
    return Path(os.path.relpath(path))


def cache() -> Path:
    """Where what can be made again is kept."""
    folder = community()
    return folder / (".cache" if folder == checkout() else ".mikoshi")


def foundry_tool(name: Literal["anvil", "cast", "forge"]) -> Path:
    """A Foundry tool: on PATH, or as npm installed it in the community's folder or the checkout.

    Only native binaries: the launchers in node_modules/.bin add start-up time, and the one for
    forge hides exit codes; those of tools/bin have options of their own. Raises ToolMissingError.
    """
    folders = os.environ.get("PATH", "").split(os.pathsep)
    native = (each for each in folders if Path(each).name != ".bin" and not _is_shim(Path(each)))
    if found := shutil.which(name, path=os.pathsep.join(native)):
        return Path(found)
    machine = platform.machine().lower()
    package = f"{name}-{sys.platform}-{_ARCHITECTURES.get(machine, machine)}"
    inside = Path("node_modules") / "@foundry-rs" / package / "bin" / name
    for folder in (community(), checkout()):
        if folder and (folder / inside).is_file():
            return folder / inside
    raise ToolMissingError(name, community() / inside)


def _is_shim(folder: Path) -> bool:
    return folder.parts[-2:] == ("tools", "bin")


def shown(path: Path) -> str:
    """A path as people are told it: from the community's folder, where it lies inside."""
    folder = community()
    return str(path.relative_to(folder) if path.is_relative_to(folder) else path)
