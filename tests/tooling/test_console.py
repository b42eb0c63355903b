"""What others wrote stands on the screen, and does nothing to it."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from mikoshi.text.console import Console, visible
from mikoshi.text.errors import BadInputError
from mikoshi.text.paths import ROOT


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("pay\x1b[2K\rnothing", "pay�[2K�nothing"),
        ("a\x9b31mb", "a�31mb"),
        ("safe\u202eEFAS", "safe�EFAS"),
        ("花 #7\n\tzwei 👩\u200d🚀", "花 #7\n\tzwei 👩\u200d🚀"),
        ("a\x7f\x00b", "a��b"),
    ],
)
def test_control_characters_are_shown_and_not_obeyed(written: str, shown: str) -> None:
    assert visible(written) == shown


def test_commands_stand_alone_and_unbroken_on_a_narrow_screen(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setenv("FORCE_COLOR", "1")  # as at a terminal
    monkeypatch.setenv("TERM", "xterm")
    command = "ape run vote 1 --for --config tea.toml --network ethereum:sepolia --account alice"
    out = Console()
    out.next_step("the words before them may be broken where the screen ends", command, "make demo")
    out.fail(BadInputError("a.kind", "what", "why", "Run `{command}`", command=command))
    shown, failed = (re.sub(r"\x1b\[\d*m", "", text).splitlines() for text in capsys.readouterr())
    assert shown[0].rstrip() == "Next: the words before them may be"
    assert shown[1].endswith("ends:")
    assert shown[2:] == [f"  {command}", "  make demo"]
    assert failed[-1] == f"→ Run `{command}`"


def test_a_cell_is_never_cut_off_however_narrow_the_screen_is(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setenv("FORCE_COLOR", "1")  # as at a terminal
    monkeypatch.setenv("TERM", "xterm")
    text = "託された声と貢献点は、活動中の人が11人から数えます(上限10%)"
    Console().table(["", ""], [["1票の重さ", text], ["treasury", f"0x{'a1' * 20}"]])
    shown = "".join(capsys.readouterr().out.split())
    assert "".join(shown.split("treasury")) == f"1票の重さ{text}0x{'a1' * 20}"


def test_what_is_next_needs_no_command_and_no_words(capsys: pytest.CaptureFixture[str]) -> None:
    out = Console()
    out.next_step("sign it")
    out.next_step("", "make demo")
    Console(as_json=True).next_step("sign it", "make demo")
    assert capsys.readouterr().out.splitlines() == ["Next: sign it", "Next:", "  make demo"]


def test_every_way_to_the_screen_shows_them(capsys: pytest.CaptureFixture[str]) -> None:
    out, text = Console(), "x\x1b[2Jy"
    out.say(text)
    out.good(text)
    out.next_step(text, text)
    out.table(["a"], [[text]])
    out.fail(BadInputError("a.kind", "{text}", "{text}", "{text}", text=text))
    captured = capsys.readouterr()
    assert captured.out.count("x�[2Jy") == 5
    assert captured.err.count("x�[2Jy") == 3
    assert "\x1b[2J" not in captured.out + captured.err


@pytest.mark.parametrize("args", [[], ["--json"]], ids=["words", "json"])
def test_output_that_has_no_room_is_told_in_three_lines(args: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(
            ["ape", "run", "compliance", "--config", str(ROOT / "dao.toml"), *args],
            cwd=ROOT,
            env=os.environ | {"LANG": "C.UTF-8"},
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=600,  # the contracts may have to be compiled first
            check=False,
        )
    assert ended.stderr.splitlines() == [
        "✗ stdout cannot be written",
        "  No space left on device",
        "→ Make room or name another place, then run the command again",
    ]
    assert ended.returncode == 2


@pytest.mark.parametrize("as_json", [False, True])
def test_a_command_goes_on_when_nobody_reads_what_it_says(
    as_json: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "w") as closed:
        monkeypatch.setattr("sys.stdout", closed)
        out = Console(as_json)
        for _ in range(3):
            out.say("more")
            out.table(("", ""), [("a", "b")])
        out.emit({"a": 1})
        monkeypatch.undo()


def test_a_long_value_is_cut_and_a_command_is_not() -> None:
    long = "x" * 1_000
    error = BadInputError("test.long", "{value}", "why", "{command}", value=long, command=long)
    assert error.lines == ["x" * 240 + "…", "why", long]
