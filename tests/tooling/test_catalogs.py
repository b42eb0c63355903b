"""The catalogs: what `make messages` gathers and refuses, and what a broken one does."""

from __future__ import annotations

import ast
import gettext
import importlib.machinery
import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.catalog import Catalog
from click.testing import CliRunner

from mikoshi.commands.main import cli
from mikoshi.text import language
from mikoshi.text.language import LANGUAGES, BrokenCatalogError, _, speaking
from mikoshi.text.paths import ROOT
from tests.support import failed

JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
NAMES = {"config/render.py", "play/bench/events.py", "play/demo/players.py"}
"""Where people have Japanese names, or a charter of the benchmark has a Japanese line."""


@pytest.fixture(scope="module")
def messages() -> ModuleType:
    """The script behind `make messages`."""
    loader = importlib.machinery.SourceFileLoader("messages", str(ROOT / "tools" / "messages"))
    spec = importlib.util.spec_from_loader("messages", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


def catalog(**texts: str) -> Catalog:
    """A catalog of texts and what stands beside them."""
    made = Catalog("ja")
    for english, other in texts.items():
        made.add(english.replace("_", " "), other)
    return made


@pytest.mark.parametrize("name", LANGUAGES[1:])
def test_the_catalogs_are_complete(messages: ModuleType, name: str) -> None:
    path = messages.LOCALE / name / "LC_MESSAGES" / "mikoshi.po"
    assert list(messages.faults(messages.read(path), messages.template())) == []
    assert list(messages.unreadable()) == []


def in_japanese(path: Path) -> list[str]:
    """The texts of a module, docstrings aside, with Japanese in them."""
    tree = ast.parse(path.read_text("utf-8"))
    said = {id(each.value) for each in ast.walk(tree) if isinstance(each, ast.Expr)}
    texts = (each for each in ast.walk(tree) if isinstance(each, ast.Constant))
    return [
        str(each.value)
        for each in texts
        if id(each) not in said and JAPANESE.search(str(each.value))
    ]


def test_japanese_is_found(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text('"""文"""\nA = "a"\nB = ("b", "ビー")\nC = f"{A} 人"\n')
    assert in_japanese(tmp_path / "a.py") == ["ビー", " 人"]


def test_no_text_stands_in_the_code_in_two_languages() -> None:
    found = {path: in_japanese(path) for path in (ROOT / "mikoshi").rglob("*.py")}
    places = {
        path.relative_to(ROOT / "mikoshi").as_posix() for path, texts in found.items() if texts
    }
    assert places == NAMES


def test_what_is_wrong_with_a_catalog_is_told(messages: ModuleType) -> None:
    texts = Catalog()
    for text in ("one", "two", "{count} people", "{who} votes", "{a} and {b}", "gone {x}"):
        texts.add(text)
    kept = Catalog("ja")
    kept.add("one", "一")
    kept.add("two", "")
    kept.add("{count} people", "{number}人")
    kept.add("{who} votes", "{who.name}が投票", flags=["fuzzy"])
    kept.add("{a} and {b}", "{b}")  # a translation may leave one out
    kept.add("no more", "もうない")
    assert sorted(messages.faults(kept, texts)) == [
        "ja: '{count} people' has no number",
        "ja: '{who} votes': ['who.name'] are no names",
        "ja: empty: 'two'",
        "ja: fuzzy: '{who} votes'",
        "ja: missing: 'gone {x}'",
        "ja: not in the code: 'no more'",
    ]


def test_a_marked_f_string_is_refused(messages: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "mikoshi").mkdir()
    (tmp_path / "mikoshi" / "a.py").write_text('_("right")\n_(f"wrong {1}")\nN_(f"too")\n')
    assert list(messages.unreadable(tmp_path)) == [
        "mikoshi/a.py:2: an f-string is marked",
        "mikoshi/a.py:3: an f-string is marked",
    ]


def test_what_was_translated_stays_and_new_texts_are_empty(
    messages: ModuleType, tmp_path: Path
) -> None:
    path = tmp_path / "ja" / "LC_MESSAGES" / "mikoshi.po"
    path.parent.mkdir(parents=True)
    path.write_text('msgid "one"\nmsgstr "一"\n\nmsgid "old"\nmsgstr "古い"\n')
    messages.update(path, catalog(one="", two=""))
    kept = messages.read(path)
    assert {each.id: each.string for each in kept if each.id} == {"one": "一", "two": ""}
    written = path.read_text()
    messages.update(path, catalog(one="", two=""))
    assert path.read_text() == written
    messages.compile_all(tmp_path)
    assert gettext.translation("mikoshi", tmp_path, ["ja"]).gettext("one") == "一"


class Wrong(gettext.NullTranslations):
    """A catalog whose every placeholder has another name."""

    def gettext(self, message: str) -> str:
        return message.replace("{", "{another_")


def test_a_wrong_placeholder_ends_in_three_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = gettext.NullTranslations()
    monkeypatch.setattr(language, "_catalog", lambda spoken: Wrong() if spoken == "ja" else plain)
    with speaking("ja"), pytest.raises(BrokenCatalogError):
        _("{count} people", count=3)
    done = CliRunner(mix_stderr=False).invoke(cli, ["vote", "--nope", "--lang", "ja"])
    assert (done.exit_code, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 3
    failed("catalog.broken", language="ja")


def test_a_catalog_that_is_not_compiled_ends_in_three_lines(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(language, "LOCALE", tmp_path)
    language._catalog.cache_clear()
    done = CliRunner(mix_stderr=False).invoke(cli, ["vote", "--lang", "ja"])
    language._catalog.cache_clear()
    assert (done.exit_code, len(done.stderr.splitlines())) == (2, 3)
    failed("catalog.broken", language="ja", text="")
