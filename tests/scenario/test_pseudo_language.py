"""The demo in a language made of the catalog: a text that does not come from there is seen."""

from __future__ import annotations

import gettext
import re
import string

import pytest

from mikoshi.ballots import file
from mikoshi.config.load import load_config
from mikoshi.play.demo.story import play
from mikoshi.text import language
from mikoshi.text.console import Console
from mikoshi.text.paths import ROOT

SENTENCE = re.compile(r"[A-Za-z']{2,}(?:,? [A-Za-z']{2,}){2,}")
"""Three words in a row."""


WIDE = {ord(each): ord(each) + 0xFEE0 for each in string.ascii_letters}


class Pseudo(gettext.NullTranslations):
    """Every text of the catalog in wide letters; what is not in the catalog stays as it is."""

    def __init__(self, known: gettext.NullTranslations) -> None:
        super().__init__()
        self._known = known

    def gettext(self, message: str) -> str:
        return _widened(message, self._known.gettext(message))

    def pgettext(self, context: str, message: str) -> str:
        return _widened(message, self._known.pgettext(context, message))

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        message = msgid1 if n == 1 else msgid2
        return _widened(message, self._known.ngettext(msgid1, msgid2, n))


def _widened(message: str, translated: str) -> str:
    if translated == message:
        return message
    parts = re.split(r"(\{[^{}]*\}|`[^`]*`)", message)  # placeholders and commands stay
    return "".join(part if part[:1] in ("{", "`") else part.translate(WIDE) for part in parts)


def test_what_does_not_come_from_the_catalog_is_seen() -> None:
    class Known(gettext.NullTranslations):
        def gettext(self, message: str) -> str:  # noqa: ARG002 (whatever it is)
            return "なにか"

    assert Pseudo(Known()).gettext("{count} of them") == "{count} ｏｆ ｔｈｅｍ"
    assert SENTENCE.search("ｏｎｅ and this is English")
    assert not SENTENCE.search("✓ 0.25 ETH, Ren #8 ｖｏｔｅｄ")


def test_the_demo_says_nothing_but_the_catalogs_words(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    catalog = language._catalog
    monkeypatch.setattr(
        language,
        "_catalog",
        lambda spoken: Pseudo(catalog("ja")) if spoken == "pseudo" else catalog(spoken),
    )
    monkeypatch.setattr(file, "LANGUAGES", (*language.LANGUAGES, "pseudo"))
    with language.speaking("pseudo"):
        play(load_config(ROOT / "dao.toml"), Console())
    shown = capsys.readouterr()
    lines = (shown.out + shown.err).splitlines()
    said = [line for line in lines if not line.startswith("  ape run ")]
    assert [line for line in said if SENTENCE.search(line)] == []
