"""What others wrote is shown so that nothing hides in it, and stays readable."""

from __future__ import annotations

import json
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mikoshi.text.console import json_text, visible

IGNORABLE = {
    *(0x00AD, 0x034F, 0x061C, *range(0x115F, 0x1161), *range(0x17B4, 0x17B6)),
    *(*range(0x180B, 0x1810), *range(0x200B, 0x2010), *range(0x202A, 0x202F)),
    *(*range(0x2060, 0x2070), 0x3164, *range(0xFE00, 0xFE10), 0xFEFF, 0xFFA0),
    *(*range(0xFFF0, 0xFFF9), *range(0x1BCA0, 0x1BCA4), *range(0x1D173, 0x1D17B)),
    *range(0xE0000, 0xE1000),
}
"""Default_Ignorable_Code_Point of Unicode 16, from DerivedCoreProperties.txt."""

CATEGORIES: tuple[Any, ...] = ("Cc", "Cf", "Cs", "Zl", "Zp")
SELECTORS = {chr(code) for code in (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))}
HIDDEN = st.one_of(
    st.sampled_from([chr(code) for code in sorted(IGNORABLE)]),
    st.characters(categories=CATEGORIES, exclude_characters="\n\t"),
)
READABLE = [
    *("花 #7", "会議(第2回)", "ﾊﾝｶｸ", "か\u3099", "Zoë", "한국", "naïve\u0301", "\n\tzwei"),
    *("葛\U000e0100城市", "辻\U000e0101さん", "祥\ufe00", "㊗\ufe0f", "☎\ufe0e", "❤\ufe0f"),
    *("👩\u200d🚀", "👩🏽\u200d🚀", "👨\u200d👩\u200d👧\u200d👦", "❤\ufe0f\u200d🔥", "🇯🇵"),
    *("🏳\ufe0f\u200d🌈", "🏃🏾\u200d♀\ufe0f", "1\ufe0f\u20e3", "‼\ufe0f", "〰\ufe0f", "ℹ\ufe0f"),
]


def hides(character: str) -> bool:
    """Whether it has no place of its own on the screen."""
    if unicodedata.category(character) in CATEGORIES:
        return character not in "\n\t"
    return ord(character) in IGNORABLE


def test_every_character_that_hides_is_shown() -> None:
    characters = map(chr, range(0x110000))
    assert [each for each in characters if hides(each) and visible(f"a{each}b") != "a�b"] == []


@pytest.mark.parametrize("text", READABLE)
def test_what_people_write_is_left_alone(text: str) -> None:
    assert visible(text) == text


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Treasury\u200b", "Treasury�"),
        ("\ufeffpay", "�pay"),
        ("a\ufe0fb", "a�b"),
        ("7\ufe0f", "7�"),
        ("\ufe0f", "�"),
        ("葛\U000e0100\U000e0101", "葛\U000e0100�"),
        ("a\U000e0100", "a�"),
        ("🚀\U000e0100", "🚀�"),
        ("❤\ufe0f\ufe0f", "❤\ufe0f�"),
        ("👩\u200da", "👩�a"),
        ("花\u200d🚀", "花�🚀"),
        ("👩\u200d\u200d🚀", "👩��🚀"),
        ("👩\u200d", "👩�"),
        ("\u200d🚀", "�🚀"),
        ("🏴\U000e0067\U000e007f", "🏴��"),
        ("\u3164\uffa0\u115f", "���"),
        ("one\u2028two", "one�two"),
    ],
)
def test_a_selector_or_joiner_out_of_its_place_is_shown(written: str, shown: str) -> None:
    assert visible(written) == shown


LETTERS = st.text(st.sampled_from("abc はなハナ漢字,0"), min_size=1, max_size=3)
LOOSE = HIDDEN.filter(lambda each: each not in SELECTORS)


@given(st.lists(st.tuples(LETTERS, LOOSE)))
def test_two_texts_that_differ_by_what_hides_do_not_look_alike(
    pairs: list[tuple[str, str]],
) -> None:
    written = "".join(letters + loose for letters, loose in pairs)
    assert visible(written) == "".join(f"{letters}�" for letters, _ in pairs)


@given(st.lists(st.one_of(st.sampled_from(READABLE), HIDDEN, LETTERS)))
def test_hardly_anything_hides_in_what_is_shown(parts: list[str]) -> None:
    """At most a selector and a joiner between two that are seen, whatever is strung together."""
    shown = visible("".join(parts))
    unseen = "".join("x" if hides(each) else "." for each in shown)
    assert not unseen.startswith("x")
    assert "xxx" not in unseen
    assert visible(shown) == shown


@given(st.lists(st.one_of(st.sampled_from(READABLE), HIDDEN), max_size=5))
def test_json_escapes_what_hides_and_loses_nothing(parts: list[str]) -> None:
    text = "".join(parts)
    told = json_text({"said": text})
    assert not any(map(hides, told))
    assert json.loads(told) == json.loads(json.dumps({"said": text}))
