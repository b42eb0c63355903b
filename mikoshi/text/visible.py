"""Texts of strangers, of which nothing is shown that would change the screen or hide on it."""

from __future__ import annotations

import functools
import re
import unicodedata

_IGNORED = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufff8"
    "\U000e0000-\U000e0fff]"
)
"""What Unicode lets a screen leave out (Default_Ignorable_Code_Point) beside format characters."""

_JOINER, _KEYCAP, _KEYS = "\u200d", "\u20e3", "#*0123456789"
_SYMBOLS = "‼⁉〰〽ℹ↔"  # emoji that Unicode counts among other characters
_EMOJI = re.compile("[\ufe00-\ufe0f]")
_IDEOGRAPHIC = re.compile("[\ufe00-\ufe02\U000e0100-\U000e01ef]")
_TONE = re.compile("[\U0001f3fb-\U0001f3ff]")


def visible(text: str) -> str:
    """`text` without what would change the screen, or hide, instead of standing on it.

    Anybody can write a proposal: control and format characters, which could repaint what was shown
    before, turn the direction of the text or make two texts look like one, each become `�`. What
    forms a character is left alone: a selector of a variant right behind an ideograph or a symbol,
    and the joiner within an emoji.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        "�" if hidden(each) and not _forms(text, at) else each for at, each in enumerate(text)
    )


@functools.lru_cache(4096)
def hidden(character: str) -> bool:
    """Whether a character by itself changes a text or the screen without being seen."""
    kind = unicodedata.category(character)
    if kind in ("Cc", "Cf", "Cs", "Zl", "Zp"):
        return character not in "\n\t"
    return _IGNORED.fullmatch(character) is not None


def _forms(text: str, at: int) -> bool:
    """Whether what is at this place forms a character with what stands around it."""
    before, here, after = text[max(0, at - 1) : at], text[at], text[at + 1 : at + 2]
    if here == _JOINER:
        base = text[at - 2 : at - 1] if _EMOJI.fullmatch(before) else before
        return _symbol(base) and _symbol(after)
    if _IDEOGRAPHIC.fullmatch(here) and _ideograph(before):
        return True
    if _EMOJI.fullmatch(here) is None or not before:
        return False
    return _symbol(before) or (before in _KEYS and after == _KEYCAP)


def _symbol(character: str) -> bool:
    """Whether a character may be an emoji, or the tone of one."""
    if not character:
        return False
    tone = _TONE.fullmatch(character) is not None
    return tone or character in _SYMBOLS or unicodedata.category(character) == "So"


def _ideograph(character: str) -> bool:
    return unicodedata.name(character or " ", "").startswith("CJK ")
