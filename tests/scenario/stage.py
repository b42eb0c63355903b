"""A DAO of the sample dao.toml on a chain whose clock is known, and commands typed at it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mikoshi.chain.node import Node, NodeOptions
from mikoshi.play.demo.players import Player, make_players
from mikoshi.text import clock
from mikoshi.text.language import Language
from mikoshi.text.paths import ROOT
from mikoshi.text.paths import shown as shown_path
from tests.tooling.live import Keyring, typed_apart, typed_here

BEGINNING = 1_795_510_800
"""Tue 24 Nov 2026 09:00 UTC, the time of the chain's first block."""

OPTIONS = NodeOptions(timestamp=BEGINNING, block_seconds=1, history=True)


@dataclass
class SampleFolder:
    """A folder with the sample's files, accounts of its members, and a node.

    What is typed goes through Ape, in a process of its own, or (much faster) straight to the
    command; `transcript` has it all, without what differs from machine to machine.
    """

    folder: Path
    node: Node
    language: Language
    through_ape: bool = False
    transcript: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.players = make_players()
        for name in ("dao.toml", "members.csv", "charter.md"):
            shutil.copy(ROOT / name, self.folder)
        self.keys = Keyring(self.folder / ".ape")
        for player in self.players:
            self.keys.add(alias(player), player.key)

    def type(self, line: str, *, exit_code: int = 0) -> str:
        """Type `ape run <line>`; what stood on the screen. Raises AssertionError for the code."""
        words = [self._placed(word) for word in line.split()]
        options = ["--config", f"{self.folder}/dao.toml", "--lang", self.language]
        if words[:2] != ["proposal", "new"]:
            options += ["--network", self.node.url, "--deployments", f"{self.folder}/deployments"]
        typed = [*words, *options]
        code, shown = self._through_ape(typed) if self.through_ape else self._directly(typed)
        text = self._same_everywhere(shown)
        assert code == exit_code, text
        ending = f"(exit {code})\n" if code else ""
        self.transcript.append(f"$ ape run {line.replace('␣', ' ')}\n{text}{ending}")
        return text

    def file(self, name: str, text: str) -> None:
        """Write a file of the folder."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def player(self, number: int) -> Player:
        """Member `number`."""
        return self.players[number - 1]

    def _placed(self, word: str) -> str:
        """A word of a command line, with files in the folder."""
        return str(self.folder / word[2:]) if word.startswith("./") else word.replace("␣", " ")

    def json(self, line: str, *, exit_code: int = 0) -> dict[str, Any]:
        """The one JSON object that `ape run <line> --json` prints on stdout, and nothing else."""
        words = [self._placed(word) for word in line.split()]
        options = ["--config", f"{self.folder}/dao.toml", "--network", self.node.url, "--json"]
        options += ["--deployments", f"{self.folder}/deployments"]
        result = typed_here([*words, *options], self._environment())
        assert result.exit_code == exit_code, result.stderr
        found: dict[str, Any] = json.loads(result.stdout)
        return found

    def _directly(self, typed: list[str]) -> tuple[int, str]:
        result = typed_here(typed, self._environment(), mix_stderr=True)
        return result.exit_code, result.output

    def _through_ape(self, typed: list[str]) -> tuple[int, str]:
        ran = typed_apart(typed, self._environment(), stderr=subprocess.STDOUT)
        return ran.returncode, ran.stdout

    def _environment(self) -> dict[str, str]:
        return self.keys.environment() | {clock.VARIABLE: f"@{self.node.options.timestamp}"}

    def _same_everywhere(self, shown: str) -> str:
        """Without folders, ports, and what changes with every change of a contract."""
        text = shown.replace(f"{self.folder}/", "./").replace(self.node.url, "NODE")
        text = text.replace(f"{shown_path(self.folder)}/", "./")
        text = re.sub(r"'(\./[^' ]+)'", r"\1", text)  # quoted where the folder's name has a space
        kept = {player.address for player in self.players}
        text = re.sub(r"0x[0-9a-fA-F]{64}", "0x<hash>", text)
        text = re.sub(r"0x[0-9a-fA-F]{40}", lambda m: m[0] if m[0] in kept else "0x<address>", text)
        brief = {f"{address[:6]}…{address[-4:]}" for address in kept}
        text = re.sub(
            r"0x[0-9a-fA-F]{4}…[0-9a-fA-F]{4}", lambda m: m[0] if m[0] in brief else "0x<at>", text
        )
        text = re.sub(r"\d{70,78}", "<id>", text)
        text = re.sub(r"\b\d{4}…\d{4}\b", "<id>", text)
        text = re.sub(r"[\d,]+( gas| ガス|ガス)", r"<n>\1", text)
        text = re.sub(r"ガス [\d,]+", "ガス <n>", text)
        text = re.sub(r"[\d,]+ +(16,777,216)", r"<n>  \1", text)
        text = re.sub(r"(約 ?|about )[\d.]+ ETH", r"\1<n> ETH", text)
        text = re.sub(r"[\d.]+ (gwei|MB)", r"<n> \1", text)
        text = re.sub(r"(?<=/pm-dao-)[0-9a-f]{8}", "<at>", text)
        return re.sub(r"[ \t]+$", "", text, flags=re.M)


def alias(player: Player) -> str:
    """What a member's account is called."""
    return player.name.split()[0].lower()
