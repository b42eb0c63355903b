"""The first hour of a newcomer: what README and the guide say is typed, line by line."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from mikoshi.play.own import record
from mikoshi.play.own.record import NodeRecord
from mikoshi.text.paths import ROOT
from tests.support import failed
from tests.tooling.live import parsed, typed_here
from tests.tooling.test_help import EXAMPLES

_DOORS = re.compile(r"^(?:env \S+ )?(?:ape run|ape mikoshi|mikoshi) ")
_CLONE = ("dao.toml", "members.csv", "charter.md", "ape-config.yaml")


class Walk(NamedTuple):
    """Sections of a document that are walked on a node of one's own, in this order."""

    document: str
    spoken: str
    sections: tuple[str, ...]


WALKS = (
    Walk("README.md", "en_US.UTF-8", ("Deploy", "Run")),
    Walk("README.ja.md", "ja_JP.UTF-8", ("つくる", "運営する")),
    Walk(
        "docs/guide.md",
        "en_US.UTF-8",
        ("The first hour", "Run", "Propose", "Vote", "Execute", "Is it alive?", "Members"),
    ),
    Walk(
        "docs/guide.ja.md",
        "ja_JP.UTF-8",
        (
            "最初の1時間",
            "運営する",
            "提案する",
            "投票する",
            "実行する",
            "生きているか",
            "メンバー",
        ),
    ),
)
DOCUMENTS = ("README.md", "README.ja.md", "docs/guide.md", "docs/guide.ja.md", "docs/api.md")


class CodeBlock(NamedTuple):
    """A block of code under a heading; `kind` is `sh`, `toml`, `python` …"""

    section: str
    kind: str
    lines: list[str]


def blocks(document: str) -> list[CodeBlock]:
    """The blocks of code of a document."""
    found: list[CodeBlock] = []
    section, inside = "", False
    for line in (ROOT / document).read_text("utf-8").splitlines():
        if line.startswith("```"):
            inside = not inside
            if inside:
                found.append(CodeBlock(section, line.removeprefix("```"), []))
        elif inside:
            found[-1].lines.append(line)
        elif line.startswith("#"):
            section = line.lstrip("# ")
    return found


def commands(block: CodeBlock) -> list[str]:
    """The lines of a block that open a command of Mikoshi."""
    return [line for line in block.lines if _DOORS.match(line)] if block.kind == "sh" else []


def words_of(line: str) -> list[str]:
    """What follows the door, word by word and without the comment."""
    return shlex.split(_DOORS.sub("", line), comments=True)


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder as a fresh clone has it; the node that is started there ends with the test."""
    for name in _CLONE:
        shutil.copy(ROOT / name, tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("APE_DATA_FOLDER", str(tmp_path / "ape"))
    monkeypatch.setenv("MIKOSHI_CONFIG", "")
    yield tmp_path
    if (known := NodeRecord.read()) and record.is_ours(known.pid):
        os.kill(known.pid, signal.SIGKILL)


def newest(folder: Path) -> Path:
    """The proposal's file with the highest number."""
    return max(folder.glob("*.toml"))


@pytest.mark.parametrize("walk", WALKS, ids=lambda walk: walk.document)
def test_the_first_hour_is_as_it_is_written(
    walk: Walk, clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", walk.spoken)
    monkeypatch.delenv("MIKOSHI_CONFIG")
    typed: list[str] = []
    for block in blocks(walk.document):
        if block.section not in walk.sections:
            continue
        if block.kind == "toml":
            newest(clone / "proposals").write_text("\n".join(block.lines), "utf-8")
        for line in block.lines if block.kind == "sh" else ():
            words = shlex.split(line, comments=True)
            if words[0] == "export":
                monkeypatch.setenv(*words[1].split("=", 1))
                continue
            if line.startswith(". ./env.sh"):
                continue
            if "friends.csv" in words:
                typed_here(["play", "people", "8", "-o", "friends.csv"], {})
                assert typed_here(words_of(line), {}).exit_code == 4
                failed("members.not-allowed-to-admit")
                continue
            done = typed_here(words_of(line), {}, mix_stderr=True)
            assert done.exit_code == 0, f"{line}\n{done.output}"
            typed.append(words[2])
    assert {"play", "init", "deploy", "proposal", "vote", "execute", "report"} <= set(typed)
    assert (clone / "report.html").exists()


@pytest.mark.parametrize("walk", WALKS[:2], ids=lambda walk: walk.document)
def test_the_first_hour_is_short(walk: Walk) -> None:
    """The demo with one command, a DAO with five, an executed proposal with eight, a report."""
    begun, run = (
        [line for block in blocks(walk.document) if block.section == name for line in block.lines]
        for name in walk.sections
    )
    assert len(begun) <= 5
    assert len(run) <= 9
    assert "execute" in run[-2]
    assert "report" in run[-1]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_command_of_a_document_can_be_typed(document: str) -> None:
    """Also where it is not walked: its options and the words that it takes are there."""
    lines = [line for block in blocks(document) for line in commands(block)]
    assert lines or document == "docs/api.md"
    for line in lines:
        parsed(words_of(line))


HARMLESS = {
    "check",
    "compliance",
    "delegate",
    "deploy",
    "doctor",
    "enforce",
    "index",
    "lapse",
    "members list",
    "metadata build",
    "play people",
    "play faucet",
    "play forward",
    "play start",
    "play status",
    "power",
    "proposal lint",
    "proposal list",
    "proposal new",
    "proposal show",
    "proposal simulate",
    "report",
    "rest",
    "status",
}
"""Commands whose example is run in the DAO of the README, not only parsed."""


def test_examples_of_help_pages_work(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    test_the_first_hour_is_as_it_is_written(WALKS[0], clone, monkeypatch)
    typed_here(["play", "people", "7", "-o", "friends.csv"], {})
    examples = {" ".join(path): example for path, example in EXAMPLES.items()}
    assert set(examples) > HARMLESS
    for name in sorted(HARMLESS):
        done = typed_here(shlex.split(examples[name]), {}, mix_stderr=True)
        assert done.exit_code == 0, f"{examples[name]}\n{done.output}"
