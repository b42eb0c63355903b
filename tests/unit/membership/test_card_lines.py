"""How a name is measured, cut and broken on the card, beside a model that says it in characters.

Every class of characters is tried at both ends and right outside of them, and where one more
hundredth of an em would be too much.
"""

from __future__ import annotations

import itertools
import random

import pytest

from tests.unit.membership.test_membership_card import draw

NARROW = "!',-./:;I[\\]`ijl| \t\n\r"
WIDE = "%&@MWmw"
CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
WEIGHTLESS = (
    (0x300, 0x36F),
    (0x200B, 0x200F),
    (0xFE00, 0xFE0F),
    (0x1F3FB, 0x1F3FF),
    (0xE0000, 0xE0FFF),
)
"""Combining marks, joiners and directions, variants, tones of skin, tags: first and last."""

NEVER_FIRST = (
    "、。々〉》」』】〕〗〙〛〜〻ぁぃぅぇぉっゃゅょゎゕゖ゛゜ゝゞ゠ァィゥェォッャュョヮヵヶ・ーヽヾ"
)
NEVER_LAST = "〈《「『【〔〖〘〚"
JOINER = "\u200d"

LINE, NAME, SPACE = 1200, 5200, 280
"""Hundredths of an em for one line and for the name; the width of the card's inside."""


def advance(character: str) -> int:
    """Hundredths of an em."""
    point = ord(character)
    if any(first <= point <= last for first, last in WEIGHTLESS):
        return 0
    if point < 0x80:
        return (
            38
            if character in NARROW
            else 100
            if character in WIDE
            else 74
            if character in CAPITALS
            else 64
        )
    if point < 0x1100:
        return 72
    return 130 if 0x1F000 <= point < 0x20000 else 100


def width(text: str) -> int:
    return sum(map(advance, text))


def clipped(text: str) -> str:
    """As much as leaves room for an ellipsis, if it is too wide."""
    if width(text) <= NAME:
        return text
    fits = [end for end in range(1, len(text)) if width(text[:end]) + 100 <= NAME]
    return text[: fits[-1]] + "…"


def katakana(character: str) -> bool:
    return "゠" <= character <= "ヿ"


def cost(before: str, after: str, total: int) -> int:
    """How bad a break is between two characters."""
    if advance(after) == 0 or before == JOINER:
        return 4 * total
    if before in " \u3000\t\n\r":
        return 0
    if after in NEVER_FIRST or before in NEVER_LAST:
        return total
    latin = before < "⺀" and after < "⺀"
    return total // 3 if latin or (katakana(before) and katakana(after)) else total // 6


def halves(text: str) -> list[str]:
    """The first of the best breaks."""
    total = width(text)

    def badness(at: int) -> int:
        return cost(text[at - 1], text[at], total) + abs(2 * width(text[:at]) - total)

    at = min(range(1, len(text)), key=badness)
    return [text[:at], text[at:]]


def size(widest: int, largest: int) -> int:
    return min(largest, SPACE * 100 // widest) if widest else largest


def lines(name: str) -> list[tuple[str, int]]:
    """What the card shows of a name, with the font sizes."""
    name = clipped(name)
    if width(name) <= LINE:
        return [(name, size(width(name), 32))]
    broken = halves(name)
    font = size(max(map(width, broken)), 25)
    return [(line, font) for line in broken]


ENDS = sorted(
    {
        *(chr(point + beside) for ends in WEIGHTLESS for point in ends for beside in (-1, 0, 1)),
        *(chr(point) for point in range(0x20, 0x80)),
        *"\t\n\x80\u10ff\u1100\u2e7f\u2e80\u2fff\u30ff\u3100\U0001efff\U0001f000\U0001ffff\U00020000",
    }
)
MARKS = [*(chr(point) for point in range(0x3000, 0x3100)), *ENDS[::4], JOINER, *" \t\n\r"]
FILLING = {100: "祭", 64: "x", 38: "i", 74: "A", 72: "é", 130: "🎉"}


def exactly(character: str, hundredths: int) -> str | None:
    """A name of some of `character` and others that is so wide, if there is one."""
    for many, (wide, other) in itertools.product((7, 8, 9, 10, 13), FILLING.items()):
        rest = hundredths - many * advance(character)
        for few in range(60):
            left = rest - few * wide
            if left >= 0 and left % 100 == 0 and advance(other) != 100:
                return "祭" * (left // 100) + other * few + character * many
    return None


def check(name: str) -> None:
    shown = [(text.replace("\r", "\n"), font) for text, font in lines(name)]
    assert draw(name).lines == shown, name


@pytest.mark.parametrize("limit", [LINE, NAME])
def test_each_character_is_as_wide_as_it_is_said_to_be(limit: int) -> None:
    """To the hundredth: at the limit a name is shown, one hundredth over it is not."""
    tried = 0
    for character, over in itertools.product(ENDS, (0, 2)):
        if name := exactly(character, limit + over):
            check(name)
            tried += 1
    assert tried > len(ENDS)


def test_font_is_as_large_as_the_line_allows() -> None:
    for character, many in itertools.product("xA", range(8, 19)):
        check(character * many)


def test_breaks_are_where_the_rules_say() -> None:
    chance = random.Random(5)
    words = [
        "祭",
        "祭り",
        "カタカナ",
        "word",
        "Word",
        " ",
        "\u3000",
        "🎉",
        "e\u0301",
        f"👨{JOINER}👩",
        "、",
        "「",
    ]
    for _ in range(300):
        parts = chance.choices([*words, *chance.sample(ENDS, 6)], k=chance.randint(6, 24))
        check("".join(parts))


def test_each_mark_is_on_its_side_of_a_break() -> None:
    """Right in the middle, where nothing else would keep it from the break."""
    for mark in MARKS:
        check("祭" * 7 + mark + "祭" * 7)
        check("祭" * 7 + mark + "祭" * 6)
        check("x" * 10 + mark + "x" * 10)
        check("カ" * 7 + mark + "カ" * 7)


def test_a_name_without_width_is_shown() -> None:
    for name in ("", JOINER, "\u0301" * 200):
        check(name)
