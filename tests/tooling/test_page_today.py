"""What the page says of the day: what waits for whom, until when, and how the DAO is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mikoshi.testing.community import person
from mikoshi.testing.defaults import DAY
from tests.tooling.browser import Phone
from tests.tooling.test_page import WALLET, Visit, submit, visit

pytestmark = pytest.mark.slow

__all__ = ["visit"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Phone]:
    with Phone() as phone:
        yield phone


def as_member(visit: Visit, number: int) -> None:
    """Says who they are, on the screen of their own, and goes to today."""
    visit.phone("before", script=WALLET.replace("ADDRESS", person(number).address.lower()))
    visit.phone("open", url=f"{visit.url}#me")
    visit.phone("tap", name="Fox <i>")
    visit.phone("see", text=f"My seat, #{number}")
    visit.phone("tap", name="Today", role="link")


def test_what_waits_for_a_member(visit: Visit) -> None:
    governed = visit.governed
    first = governed.propose("Bread <b>")
    governed.open_voting(first.id)
    governed.vote(first.id, 2)
    governed.propose("Tea")
    as_member(visit, 2)
    visit.phone("see", text="Your ballot is wanted")
    wanted = visit.phone("text", selector="main .card")
    assert "Tea" in wanted
    assert "Bread" not in wanted
    others = visit.phone("text", selector="main .card:nth-of-type(2)")
    assert "Bread <b>" in others
    assert "Your ballot is counted" in others
    assert "2 proposals are open." in visit.phone("text")
    visit.phone("tap", name="Tea", role="link")
    visit.phone("see", text="Voting opens")


def test_nothing_waits(visit: Visit) -> None:
    visit.governed.rpc.warp(20 * DAY)
    as_member(visit, 3)
    visit.phone("see", text="Nothing waits for you.")


def test_proposals_of_long_ago_are_not_open(visit: Visit) -> None:
    draft = visit.governed.propose("Bread")
    visit.governed.open_voting(draft.id)
    visit.governed.close_voting(draft.id)
    visit.phone("open", url=visit.url)
    visit.phone("see", text="0 proposals are open.")


def test_who_is_silent_is_told_before_they_rest(visit: Visit) -> None:
    dormant_after = visit.governed.dao.membership.call("settings")["dormantAfter"]
    visit.governed.rpc.warp(dormant_after)
    as_member(visit, 3)
    visit.phone("see", text="Without an act of yours you may be put to rest from")


def test_who_rests_is_told_to_wake(visit: Visit) -> None:
    visit.governed.dao.membership.send("rest", sender=person(4).address)
    as_member(visit, 4)
    visit.phone("see", text="You rest: waking is free")
    visit.phone("tap", name="Go there", role="link")
    visit.phone("see", text="Wake up")


def test_stranger_is_asked_who_they_are(visit: Visit) -> None:
    visit.phone("open", url=visit.url)
    visit.phone("see", text="5 members are awake.")
    visit.phone("tap", name="Say who I am", role="link")
    visit.phone("see", text="My wallet")


def test_titles_of_the_chain_are_text(visit: Visit) -> None:
    submit(visit.governed, "# <img src=x onerror=alert(1)> \u202etxt")
    visit.phone("open", url=visit.url)
    visit.phone("see", text="<img src=x onerror=alert(1)>")
    assert visit.phone("count", selector="main img") == 0
    assert "\u202e" not in visit.phone("text")
    assert visit.phone("width") <= 390
