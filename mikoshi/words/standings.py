"""A member's standing, in a word."""

from __future__ import annotations

from collections.abc import Mapping

from mikoshi.text.language import pick


def standing_word(standing: str) -> str:
    """A standing in the language spoken now."""
    words: Mapping[str, tuple[str, str]] = {
        "active": ("active", "活動中"),
        "dormant": ("dormant", "休眠"),
        "newcomer": ("newcomer", "新入り(声なし)"),
        "absent": ("absent", "長期不在"),
        "exited": ("exited", "退会"),
        "left": ("left early", "新入りのまま退会"),
        "barred": ("removed by vote", "除名"),
    }
    return pick(*words.get(standing, (standing, standing)))
