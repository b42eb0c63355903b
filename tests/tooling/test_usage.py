"""What a command says of options and arguments that it cannot understand."""

from __future__ import annotations

import json
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from mikoshi.cli.usage import Command, Group
from mikoshi.text.language import speaking
from mikoshi.text.paths import ROOT
from tests.tooling.live import script

COMMANDS = sorted(path.stem for path in (ROOT / "scripts").glob("*.py"))


def run(name: str, *args: str, **environment: str) -> Result:
    with speaking("en"):  # a command sets the language for good
        runner = CliRunner(mix_stderr=False, env={"LANG": "en_US.UTF-8"} | environment)
        return runner.invoke(script(name), args, prog_name=f"ape run {name}")


def lines(result: Result) -> list[str]:
    assert (result.exit_code, result.stdout) == (2, "")
    return result.stderr.splitlines()


def test_an_option_that_is_not_there() -> None:
    assert lines(run("deploy", "--nope")) == [
        "✗ There is no option --nope",
        "  like it are: --adopt",
        "→ See `ape run deploy --help`",
    ]
    assert lines(run("members", "list", "--lang=ja", "--quux")) == [
        "✗ --quux というオプションはありません",
        "  このコマンドでは使えない名前です",
        "→ `ape run members list --help` で確かめてください",
    ]


@pytest.mark.parametrize(
    ("command", "what", "why"),
    [
        ("vote", "PROPOSAL is missing", "it is typed: ape run vote [OPTIONS] PROPOSAL"),
        (
            "power --lang xx",
            "--lang is not what it should be",
            "it must be one of: en, ja",
        ),
        (
            "regimes flood",
            "REGIME is not what it should be",
            "it must be one of: collapse, recovery",
        ),
        (
            "regimes collapse --months 99",
            "--months is not what it should be",
            "it must be a whole number, 1 … 12",
        ),
        ("init --chain-id x", "--chain-id is not what it should be", "it must be a whole number"),
        (
            "deploy --deployments pyproject.toml",
            "--deployments is not what it should be",
            "it must be a folder that can be read",
        ),
        ("vote 1 --for=3", "--for is not used rightly", "it takes no value"),
        ("vote 1 --network", "--network is not used rightly", "its value is missing"),
        ("metadata burn", "There is no command burn", "there are: build"),
    ],
)
def test_other_mistakes(command: str, what: str, why: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert lines(run(*command.split()))[:2] == [f"✗ {what}", f"  {why}"]


def test_a_folder_where_a_file_is_needed(tmp_path: Path) -> None:
    assert lines(run("members", "admit", str(tmp_path))) == [
        "✗ FILE is not what it should be",
        "  it must be a file that can be read",
        "→ See `ape run members admit --help`",
    ]


def test_words_without_quotes() -> None:
    assert lines(run("proposal", "new", "Fund", "the", "docs")) == [
        "✗ There are words too many",
        "  it is typed: ape run proposal new [OPTIONS] TITLE",
        "  a text with spaces stands in quotes",
        "→ See `ape run proposal new --help`",
    ]


def test_the_language_is_that_of_the_locale_where_none_is_typed() -> None:
    japanese = lines(run("vote", LC_ALL="ja_JP.UTF-8"))
    assert japanese[0] == "✗ PROPOSAL がありません"
    assert lines(run("vote", "--lang", "en", LC_ALL="ja_JP.UTF-8"))[0] == "✗ PROPOSAL is missing"


def test_programs_get_the_error_as_json() -> None:
    for args in (("vote", "--json"), ("members", "burn", "--json")):
        result = run(*args)
        assert result.exit_code == 2
        error = json.loads(result.stdout)["error"]
        assert error["code"] == 2
        assert list(error) == ["code", "kind", "data", "what", "why", "next"]


def test_help_is_no_mistake() -> None:
    for args in (("members",), ("members", "admit", "--help"), ("vote", "--help")):
        assert run(*args).exit_code == 0


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_says_it_so(name: str) -> None:
    command = script(name)
    assert isinstance(command, Command | Group)
    subcommands = command.commands.values() if isinstance(command, click.Group) else ()
    assert all(isinstance(each, Command) for each in subcommands)
