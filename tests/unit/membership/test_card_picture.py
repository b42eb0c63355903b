"""The card as a person looked at it and found it good: every size, place and colour.

Where a change is meant: `tools/run python -m tests.unit.membership.test_card_picture`, and look.
"""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.unit.membership import test_membership_card as cards

GOLDEN = Path(__file__).parent / "golden"
CARDS = {
    "day": {"voice": 1_250_000_000, "merit": 12_340_000_000_000_000_000},
    "night": {
        "dao": "秋田県仙北市上桧木内町内会 & 紙風船上げ保存会",
        "ticket": 4_321,
        "member": 16_777_215,
        "status": cards.DORMANT,
        "voice": 0,
        "merit": 10**27,
    },
    "gone": {"dao": "x" * 60, "status": cards.EXITED},
}


def picture(name: str) -> str:
    """A card, one element a line."""
    svg = cards.draw(**CARDS[name]).svg  # type: ignore[arg-type]
    ElementTree.register_namespace("", cards.SVG.strip("{}"))
    ElementTree.indent(svg)
    return ElementTree.tostring(svg, "unicode") + "\n"


@pytest.mark.parametrize("name", CARDS)
def test_card_is_drawn_as_it_was_looked_at(name: str) -> None:
    assert picture(name) == (GOLDEN / f"card.{name}.svg").read_text("utf-8")


if __name__ == "__main__":
    for each in CARDS:
        (GOLDEN / f"card.{each}.svg").write_text(picture(each), "utf-8")
