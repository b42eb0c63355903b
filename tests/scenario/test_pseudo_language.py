"""The demo in a language made of the catalog: a text that does not come from there is seen."""

from __future__ import annotations

import gettext
import re

import pytest

from mikoshi.config.load import load_config
from mikoshi.play.demo.story import play
from mikoshi.text import language
from mikoshi.text.console import Console
from mikoshi.text.paths import ROOT

SENTENCE = re.compile(r"[A-Za-z']{2,}(?:,? [A-Za-z']{2,}){2,}")
"""Three words in a row."""


class Pseudo(gettext.NullTranslations):
    """Every text of the catalog in brackets; what is not in the catalog stays as it is."""

    def __init__(self, known: gettext.NullTranslations) -> None:
        super().__init__()
        self._known = known

    def gettext(self, message: str) -> str:
        return self._bracketed(message, self._known.gettext(message))

    def pgettext(self, context: str, message: str) -> str:
        return self._bracketed(message, self._known.pgettext(context, message))

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        message = msgid1 if n == 1 else msgid2
        return self._bracketed(message, self._known.ngettext(msgid1, msgid2, n))

    def _bracketed(self, message: str, translated: str) -> str:
        return message if translated == message else f"⟦{message}⟧"


def outside(text: str) -> str:
    """`text` without what stands in brackets, one in another or not."""
    left, depth = [], 0
    for each in text:
        depth += (each == "⟦") - (each == "⟧")
        left.append(each if not depth else "⟦")
    return "".join(left)


def test_what_does_not_come_from_the_catalog_is_seen() -> None:
    assert SENTENCE.search(outside("⟦one ⟦two⟧ three⟧ and this is English"))
    assert not SENTENCE.search(outside("✓ ⟦one ⟦two⟧ three four⟧ 0.25 ETH"))


def test_the_demo_says_nothing_but_the_catalogs_words(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    catalog = language._catalog
    monkeypatch.setattr(
        language,
        "_catalog",
        lambda spoken: Pseudo(catalog("ja")) if spoken == "pseudo" else catalog(spoken),
    )
    with language.speaking("pseudo"):
        play(load_config(ROOT / "dao.toml"), Console())
    shown = capsys.readouterr()
    lines = (shown.out + shown.err).splitlines()
    said = [line for line in lines if not line.startswith("  ape run ")]
    assert any("⟦" in line for line in said)
    assert [line for line in said if SENTENCE.search(outside(line))] == []
