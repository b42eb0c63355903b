"""Whether this computer can run Mikoshi.

Needs nothing but Python itself until a check needs more, so that it can say what is missing.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distributions, requires, version
from pathlib import Path

from mikoshi.text.errors import BadInputError
from mikoshi.text.language import N_, _
from mikoshi.text.paths import ROOT, SOLC, ToolMissingError, checkout, foundry_tool

PLUGINS = "ape plugins"
PYTHON_PACKAGES = "python packages"

_PYTHON_AGAIN = "rm -rf .venv && make setup"
_NPM_AGAIN = "rm -rf node_modules && make setup"
_TITLES = {
    "account": N_("account"),
    PLUGINS: N_("plugins of Ape"),
    "chain": N_("chain"),
    "charter": N_("charter"),
    "deployment proxy": N_("deployment proxy"),
    "deployment record": N_("deployment record"),
    "npm packages": N_("npm packages"),
    PYTHON_PACKAGES: N_("python packages"),
}
"""What findings are called in every language; others have names of their own."""


@dataclass(frozen=True)
class Diagnosis:
    """One thing that was looked at: `value` is what was found, `hint` what to do if not `good`.

    With `warned` it is good enough to go on, and the hint holds too. `name` is in English, for
    programs.
    """

    name: str
    good: bool
    value: str
    hint: str = ""
    warned: bool = False

    @property
    def title(self) -> str:
        """The name for people."""
        return _(_TITLES[self.name]) if self.name in _TITLES else self.name

    def as_json(self) -> dict[str, object]:
        """The same for `--json`."""
        shown = {"name": self.name, "ok": self.good, "value": self.value}
        return shown if self.good and not self.warned else shown | {"next": self.hint}


def computer() -> Iterator[Diagnosis]:
    """The programs and packages that everything else needs."""
    yield _python()
    if checkout() is None:
        yield _anvil()
        yield _contracts()
        yield _needed_packages()
        yield _plugins()
        return
    yield _node()
    yield _anvil()
    yield _solc()
    yield _python_packages()
    yield _plugins()
    yield _npm_packages()


def _python() -> Diagnosis:
    found = ".".join(map(str, sys.version_info[:3]))
    good = (3, 11) <= sys.version_info[:2] < (3, 13)
    return Diagnosis("python", good, found, _("Install 3.11 or 3.12"))


def _node() -> Diagnosis:
    found = _output("node", "--version").removeprefix("v")
    good = found.partition(".")[0].isdecimal() and int(found.partition(".")[0]) >= 20
    hint = _("Install Node 20 or newer from nodejs.org")
    return Diagnosis("node", good, found or _missing(), hint)


def _anvil() -> Diagnosis:
    try:
        said = _output(str(foundry_tool("anvil")), "--version")
    except ToolMissingError as error:
        return Diagnosis("anvil", False, _missing(), _NPM_AGAIN if checkout() else error.remedy)
    found = re.search(r"\d+\.\d+\.\d+", said)
    return Diagnosis(
        "anvil", found is not None, found[0] if found else said or _missing(), _NPM_AGAIN
    )


def _contracts() -> Diagnosis:
    """Whether the wheel has them."""
    from mikoshi.core.artifacts import PACKED, unpacked

    try:
        return Diagnosis("contracts", True, str(len(unpacked(PACKED))))
    except BadInputError as error:
        return Diagnosis("contracts", False, _missing(), error.hint)


def _solc() -> Diagnosis:
    wanted = SOLC.name.removeprefix("solc-v")
    found = re.search(r"Version: (\d+\.\d+\.\d+)", _output(str(SOLC), "--version"))
    value = found[1] if found else _missing()
    return Diagnosis("solc", value == wanted, value, _NPM_AGAIN)


def _python_packages() -> Diagnosis:
    wanted = _locked(ROOT / "requirements.lock")
    found = {name: _installed(name) for name in wanted}
    return _packages(PYTHON_PACKAGES, wanted, found, _PYTHON_AGAIN)


def _needed_packages() -> Diagnosis:
    """What the wheel asks for."""
    from packaging.requirements import Requirement

    asked = [Requirement(line) for line in requires("mikoshi") or ()]
    needed = [each for each in asked if not each.marker or each.marker.evaluate({"extra": ""})]
    wrong = [
        f"{each.name} {_installed(each.name) or '–'} ≠ {each.specifier}"
        for each in needed
        if not _installed(each.name) or not each.specifier.contains(_installed(each.name))
    ]
    as_needed = _("{count} as needed", count=len(needed))
    hint = "pip install --upgrade mikoshi"
    return Diagnosis(PYTHON_PACKAGES, not wrong, ", ".join(wrong) or as_needed, hint)


def _plugins() -> Diagnosis:
    """Which accounts, networks and compilers Ape has beside its own."""
    found = {each.name: each.version for each in distributions() if each.name.startswith("ape-")}
    listed = ", ".join(f"{name} {found[name]}" for name in sorted(found))
    return Diagnosis(PLUGINS, True, listed or _("none"))


def _npm_packages() -> Diagnosis:
    wanted: dict[str, str] = {}
    found: dict[str, str] = {}
    try:
        lock = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    except (OSError, ValueError, KeyError):
        hint = "git checkout package-lock.json"
        return Diagnosis("npm packages", False, _("no lock file"), hint)
    for path, package in lock.items():
        if not path or package.get("optional"):  # itself, or for another platform
            continue
        name = path.removeprefix("node_modules/")
        wanted[name] = package["version"]
        try:
            found[name] = json.loads((ROOT / path / "package.json").read_text())["version"]
        except (OSError, ValueError, KeyError):
            found[name] = ""
    return _packages("npm packages", wanted, found, _NPM_AGAIN)


def _packages(name: str, wanted: dict[str, str], found: dict[str, str], hint: str) -> Diagnosis:
    wrong = [package for package in wanted if found[package] != wanted[package]]
    if not wrong:
        return Diagnosis(name, True, _("{count} as locked", count=len(wanted)))
    listed = ", ".join(
        f"{package} {found[package] or '–'} ≠ {wanted[package]}" for package in wrong[:3]
    )
    more = f" +{len(wrong) - 3}" if len(wrong) > 3 else ""
    return Diagnosis(name, False, listed + more, hint)


def _locked(lock: Path) -> dict[str, str]:
    """The packages that the lock file names for this computer, with their versions."""
    from packaging.markers import Marker

    lines = re.findall(
        r"^([a-z0-9._-]+)==([^\s;]+)(?: ; ([^\\\n]+?))? *\\?$", lock.read_text(), re.M
    )
    return {name: ver for name, ver, marker in lines if not marker or Marker(marker).evaluate()}


def _installed(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def _output(*command: str) -> str:
    """What a program prints; nothing if there is none or it fails."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True)
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip()


def _missing() -> str:
    return _("missing")
