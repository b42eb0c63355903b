"""What others wrote stands on the screen, and does nothing to it."""

from __future__ import annotations

import pytest

from mikoshi.console import Console, visible
from mikoshi.errors import BadInputError


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("pay\x1b[2K\rnothing", "pay�[2K�nothing"),
        ("a\x9b31mb", "a�31mb"),
        ("safe\u202eEFAS", "safe�EFAS"),
        ("花 #7\n\tzwei 👩\u200d🚀", "花 #7\n\tzwei 👩\u200d🚀"),
        ("a\x7f\x00b", "a��b"),
    ],
)
def test_control_characters_are_shown_and_not_obeyed(written: str, shown: str) -> None:
    assert visible(written) == shown


def test_every_way_to_the_screen_shows_them(capsys: pytest.CaptureFixture[str]) -> None:
    out, text = Console(), "x\x1b[2Jy"
    out.say(text)
    out.good(text)
    out.next_step(text)
    out.table(["a"], [[text]])
    out.fail(BadInputError(text, text, text))
    captured = capsys.readouterr()
    assert captured.out.count("x�[2Jy") == 4
    assert captured.err.count("x�[2Jy") == 3
    assert "\x1b[2J" not in captured.out + captured.err
