"""What a command says of options and arguments that it cannot understand."""

from __future__ import annotations

import json
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from mikoshi.cli.usage import Command, Group
from mikoshi.commands.regimes import NAMES
from mikoshi.text.language import speaking
from mikoshi.text.paths import ROOT
from tests.support import failed
from tests.tooling.live import script

COMMANDS = sorted(path.stem for path in (ROOT / "scripts").glob("*.py"))


def run(name: str, *args: str, **environment: str) -> Result:
    with speaking("en"):  # a command sets the language for good
        runner = CliRunner(mix_stderr=False, env={"LANG": "en_US.UTF-8"} | environment)
        return runner.invoke(script(name), args, prog_name=f"ape run {name}")


def refused(result: Result, kind: str, **data: object) -> None:
    assert (result.exit_code, result.stdout) == (2, "")
    failed(kind, **data)


def test_an_option_that_is_not_there() -> None:
    command = "ape run deploy"
    result = run("deploy", "--nope")
    refused(result, "usage.no-such-option", name="--nope", like="--adopt", command=command)
    assert result.stderr.splitlines() == [
        "✗ There is no option --nope",
        "  like it are: --adopt",
        "→ See `ape run deploy --help`",
    ]
    result = run("members", "list", "--lang=ja", "--quux")
    command = "ape run members list"
    refused(result, "usage.no-such-option", name="--quux", like="", command=command)
    assert result.stderr.splitlines() == [
        "✗ --quux というオプションはありません",
        "  このコマンドでは使えない名前です",
        "→ `ape run members list --help` で確かめてください",
    ]


@pytest.mark.parametrize(
    ("command", "kind", "data"),
    [
        (
            "vote",
            "usage.missing",
            {"name": "PROPOSAL", "usage": "ape run vote [OPTIONS] PROPOSAL"},
        ),
        ("power --lang xx", "usage.bad-value", {"name": "--lang"}),
        (
            "regimes flood",
            "usage.bad-value",
            {"name": "REGIME", "needed": "it must be one of: " + ", ".join(NAMES)},
        ),
        (
            "regimes collapse --months 99",
            "usage.bad-value",
            {"name": "--months", "needed": "it must be a whole number, 1 … 24"},
        ),
        (
            "init --chain-id x",
            "usage.bad-value",
            {"name": "--chain-id", "needed": "it must be a whole number"},
        ),
        (
            "deploy --deployments pyproject.toml",
            "usage.bad-value",
            {"name": "--deployments", "needed": "it must be a folder that can be read"},
        ),
        ("vote 1 --for=3", "usage.wrong-use", {"name": "--for", "flag": True}),
        ("vote 1 --network", "usage.wrong-use", {"name": "--network", "flag": False}),
        ("metadata burn", "usage.no-such-command", {"name": "burn", "known": "build"}),
    ],
)
def test_other_mistakes(
    command: str, kind: str, data: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    refused(run(*command.split()), kind, **data)


def test_a_folder_where_a_file_is_needed(tmp_path: Path) -> None:
    refused(
        run("members", "admit", str(tmp_path)),
        "usage.bad-value",
        name="FILE",
        needed="it must be a file that can be read",
        command="ape run members admit",
    )


def test_words_without_quotes() -> None:
    refused(
        run("proposal", "new", "Fund", "the", "docs"),
        "usage.too-many-words",
        usage="ape run proposal new [OPTIONS] TITLE",
        command="ape run proposal new",
    )


def test_the_language_is_that_of_the_locale_where_none_is_typed() -> None:
    japanese = run("vote", LC_ALL="ja_JP.UTF-8").stderr.splitlines()
    assert japanese[0] == "✗ PROPOSAL がありません"
    english = run("vote", "--lang", "en", LC_ALL="ja_JP.UTF-8").stderr.splitlines()
    assert english[0] == "✗ PROPOSAL is missing"


def test_programs_get_the_error_as_json() -> None:
    for args, kind in (
        (("vote", "--json"), "usage.missing"),
        (("members", "burn", "--json"), "usage.no-such-command"),
    ):
        result = run(*args)
        assert result.exit_code == 2
        error = json.loads(result.stdout)["error"]
        assert (error["code"], error["kind"]) == (2, kind)
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
