"""Help pages: in the reader's language, every one of them."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from mikoshi.cli.usage import paragraphs
from mikoshi.commands.main import cli
from mikoshi.proposals.new import TEMPLATES
from mikoshi.text import language
from tests.scenario.test_pseudo_language import SENTENCE, Pseudo
from tests.tooling.live import parsed


def pages(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every command, by the words that open it."""
    yield path
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None
            yield from pages(inner, (*path, name))


PAGES = list(pages(cli))


def command_of(path: tuple[str, ...]) -> click.Command:
    """The command that these words open."""
    command: click.Command = cli
    for name in path:
        assert isinstance(command, click.Group)
        inner = command.get_command(click.Context(command), name)
        assert inner is not None
        command = inner
    return command


EXAMPLES = {path: command_of(path).epilog or "" for path in PAGES}


def page(path: tuple[str, ...], *args: str) -> str:
    """What `--help` prints, words broken at the end of lines put together."""
    english = CliRunner(env={"LANG": "en_US.UTF-8"})
    done = english.invoke(cli, [*path, *args, "--help"], prog_name="mikoshi")
    assert done.exit_code == 0, done.output
    return done.output


def test_there_are_pages() -> None:
    assert ("proposal", "submit") in PAGES
    assert len(PAGES) > 35


@pytest.mark.parametrize("path", PAGES, ids=" ".join)
def test_a_page_has_no_words_but_the_catalogs(
    path: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    catalog = language._catalog("ja")
    monkeypatch.setattr(language, "_catalog", lambda _spoken: Pseudo(catalog))
    text = " ".join(page(path).split()).replace(" ".join(["mikoshi", *path]), "")
    said = re.sub(r"\b[A-Z]+\b", "", text)  # what stands for a value is no sentence
    assert SENTENCE.search(said) is None, said


def test_the_language_is_the_one_that_is_asked_for() -> None:
    assert "使い方: mikoshi vote" in page(("vote",), "--lang", "ja")
    assert "Usage: mikoshi vote" in page(("vote",), "--lang", "en")
    assert (
        "提案に投票します。"
        in CliRunner(env={"LANG": "ja_JP.UTF-8"}).invoke(cli, ["--help"]).output
    )


def test_paragraphs_of_a_docstring_are_lines() -> None:
    assert paragraphs("One\n    line.\n\n    Another\n    one.\n") == ["One line.", "Another one."]


@pytest.mark.parametrize("path", PAGES, ids=" ".join)
def test_every_page_has_an_example_that_can_be_typed(path: tuple[str, ...]) -> None:
    example = EXAMPLES[path]
    words = shlex.split(example)
    assert words[: len(path)] == list(path)
    parsed(words)
    assert page(path).endswith(f"Example:\n  mikoshi {example}\n")


def test_what_can_be_chosen_is_listed() -> None:
    assert f"[{'|'.join(TEMPLATES)}]" in page(("proposal", "new")).replace("\n", "")
