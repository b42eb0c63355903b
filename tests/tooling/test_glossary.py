"""One Japanese word for one thing: no text says otherwise than docs/glossary.md."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from mikoshi.text.language import LOCALE
from mikoshi.text.paths import ROOT

GLOSSARY = ROOT / "docs" / "glossary.md"
TEXTS = (ROOT / "README.ja.md", ROOT / "docs" / "guide.ja.md")


def glossary() -> tuple[list[str], list[str]]:
    """The terms to be used, and those not to be."""
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in GLOSSARY.read_text("utf-8").splitlines()
        if line.startswith("| ") and not line.startswith("| English")
    ]
    assert all(len(row) == 4 for row in rows)
    right, wrong = ("、".join(row[column] for row in rows) for column in (1, 2))
    return right.split("、"), list(filter(None, wrong.split("、")))


def wrong_in(text: str) -> list[str]:
    """The terms of a text that the glossary does not allow."""
    right, wrong = glossary()
    found = []
    for term in wrong:
        rest = text
        for longer in (each for each in right if term in each):
            rest = rest.replace(longer, "")
        found += [term] * (term in rest)
    return found


def test_no_term_is_right_and_wrong() -> None:
    right, wrong = glossary()
    assert len(right) > 70
    assert set(right).isdisjoint(wrong)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("会員のまま、声 1", ["会員", "声 1"]),
        ("会員証、基準時点、1 声", []),
        ("基準時の声", ["基準時"]),
    ],
)
def test_wrong_term_is_found(text: str, found: list[str]) -> None:
    assert wrong_in(text) == found


def test_the_catalog_says_what_the_glossary_says() -> None:
    with (LOCALE / "ja" / "LC_MESSAGES" / "mikoshi.po").open("rb") as file:
        texts = [each.string for each in read_po(file, "ja") if each.id]
    said = [form for text in texts for form in (text if isinstance(text, tuple) else (text,))]
    assert len(said) > 1_500
    assert {text: wrong_in(text) for text in said if wrong_in(text)} == {}


def test_the_card_says_what_the_glossary_says() -> None:
    source = (ROOT / "contracts" / "membership" / "MembershipCard.sol").read_text("utf-8")
    written = re.findall(r'unicode"([^"]*)"', source)
    assert len(written) > 8
    assert wrong_in("\n".join(written)) == []


@pytest.mark.parametrize("text", TEXTS, ids=lambda path: path.name)
def test_texts_say_what_the_glossary_says(text: Path) -> None:
    assert wrong_in(text.read_text("utf-8")) == []
