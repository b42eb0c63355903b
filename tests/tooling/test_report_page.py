"""The report as a page and as JSON: complete in both languages, well formed, and by itself."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from fractions import Fraction

import pytest
from markupsafe import escape

from mikoshi.replay.membership import Standing
from mikoshi.replay.outflow import ETH, Holding
from mikoshi.report.figure import Source, plain
from mikoshi.report.report import DaoReport, build
from mikoshi.report.show import document
from mikoshi.text.language import Language, speaking
from mikoshi.text.pages.page import page
from tests.tooling.history import ETHER, History
from tests.tooling.test_document import harmless, root
from tests.tooling.test_report_money import OTHER

JAPANESE = re.compile(r"[ぁ-んァ-ヶ一-龥]")
NASTY = "Eve <img src=x onerror=alert(1)> \"'&🎉\u202e\x07"
FIGURES = {
    "people": [
        "members",
        "joins",
        "exits",
        "staying",
        "retention_30",
        "retention_90",
        "cohorts",
        "first_vote",
        "first_reward",
        "participation",
        "acts",
        "busiest",
        "bus_factor",
    ],
    "voice": [
        "turnout",
        "gini",
        "nakamoto",
        "delegated",
        "unused",
        "quorum",
        "silent",
        "ordinary_kit",
    ],
    "contribution": ["rewards", "kinds", "concentration", "value"],
    "money": [
        "assets",
        "commitments",
        "runway",
        "income",
        "backing_membership",
        "backing_token",
    ],
    "pace": ["proposals", "latency", "shortest", "waiting"],
    "limits": ["powers", "caps"],
}


def story() -> History:
    """A DAO in which a little of everything has happened."""
    history = History(5)
    history.admit()
    history.admit(Standing.NEWCOMER)
    history.wait(3)
    history.delegate(2, to=1)
    for voters in ((1, 3, 4), (1,), (1, 3, 4, 5)):
        title = f"# Pay {NASTY}\n\nlong text"
        number = history.decide(*voters, actions=((OTHER, ETHER, b""),), title=title)
        history.wait(3)
        if len(voters) == 3:
            history.execute(number, history.credited(3, 40, kind=1), *history.minted(3, 20, 1))
    history.stand(5, Standing.DORMANT)
    history.stand(4, Standing.EXITED)
    history.wait(80)
    return history


def told(language: Language, history: History | None = None) -> DaoReport:
    history = history or story()
    with speaking(language):
        return build(
            history.logs,
            history.rebuilt,
            history.now,
            balances=[Holding(ETH, "ETH", 18, 5 * ETHER)],
            name_of=lambda _: NASTY,
            dao=f"DAO {NASTY}",
            symbol="PMC",
            chain_id=1,
        )


def drawn(language: Language) -> str:
    with speaking(language):
        return page(document(told(language)))


# The page


@pytest.mark.parametrize("language", ["en", "ja"])
def test_page_is_whole_and_needs_nothing_else(language: Language) -> None:
    html = drawn(language)
    harmless(html)
    assert root(html).attrib["lang"] == language
    assert [each.attrib["id"] for each in root(html).iter("section")] == [
        "week",
        "alarms",
        *FIGURES,
    ]


def test_names_and_titles_stand_on_the_page_and_do_nothing() -> None:
    html = drawn("en")
    assert "<img" not in html
    assert "Eve &lt;img src=x onerror=alert(1)&gt; &#34;&#39;&amp;🎉��" in html
    assert "\u202e" not in html
    assert "\x07" not in html


@pytest.mark.parametrize("language", ["en", "ja"])
def test_every_number_is_there_with_its_definition_and_events(language: Language) -> None:
    report, html = told(language), drawn(language)
    for section in report.sections:
        assert [figure.name for figure in section.figures] == FIGURES[section.name]
        for figure in section.figures:
            for part in (figure.label, figure.text, figure.definition):
                assert part, figure.name
                assert escape(part) in html, figure.name
            for source in figure.sources:
                if source.count:
                    assert f"{source.event}: {source.count:,}" in html
        assert section.missing
        for part in section.missing:
            assert escape(part) in html
    for alarm in report.alarms:
        assert escape(alarm.text) in html
        if alarm.rings:
            assert escape(alarm.advice) in html


def _words(report: DaoReport) -> Iterator[str]:
    """Every text of a report that people read, names and numbers aside."""
    for section in report.sections:
        yield section.title
        yield from section.missing
        for figure in section.figures:
            yield from (figure.label, figure.definition)
            if figure.table:
                yield from (column.lstrip(">") for column in figure.table.columns)
            if figure.chart:
                yield figure.chart.title
    for alarm in report.alarms:
        yield from (alarm.title, alarm.text, alarm.advice, alarm.standing)


def test_each_language_is_complete() -> None:
    english, japanese = told("en"), told("ja")
    with speaking("en"):
        english_words = list(_words(english))
    with speaking("ja"):
        japanese_words = list(_words(japanese))
    assert len(english_words) == len(japanese_words)
    for one, other in zip(english_words, japanese_words, strict=True):
        assert not JAPANESE.search(one), one
        assert JAPANESE.search(other), other


def test_the_same_numbers_in_both_languages() -> None:
    english, japanese = told("en").as_json(), told("ja").as_json()
    for one, other in zip(english["sections"], japanese["sections"], strict=True):
        for figure, same in zip(one["figures"], other["figures"], strict=True):
            assert figure["value"] == same["value"]
            assert figure["events"] == same["events"]
    for one, other in zip(english["alarms"], japanese["alarms"], strict=True):
        for key in ("name", "state", "value", "threshold", "whom"):
            assert one[key] == other[key]


@pytest.mark.parametrize("founders", [0, 1])
def test_page_of_a_dao_without_a_past(founders: int) -> None:
    history = History(founders)
    with speaking("ja"):
        html = page(document(told("ja", history)))
    assert root(html).attrib["lang"] == "ja"
    assert "まだイベントはありません" in html


# JSON


def test_json_has_the_keys_that_programs_rely_on() -> None:
    data = json.loads(json.dumps(told("en").as_json()))
    assert list(data) == [
        "format",
        "dao",
        "language",
        "chain_id",
        "block",
        "time",
        "treasury",
        "ringing",
        "alarms",
        "sections",
    ]
    assert data["format"] == 1
    for section in data["sections"]:
        assert list(section) == ["name", "title", "figures", "not_applicable"]
        assert [figure["name"] for figure in section["figures"]] == FIGURES[section["name"]]
        for figure in section["figures"]:
            assert list(figure) == [
                "name",
                "label",
                "value",
                "unit",
                "text",
                "note",
                "definition",
                "events",
                "rows",
                "chart",
            ]
            for event in figure["events"]:
                assert list(event) == ["event", "count", "blocks", "transactions", "complete"]
    for alarm in data["alarms"]:
        assert list(alarm) == [
            "name",
            "title",
            "state",
            "value",
            "threshold",
            "text",
            "whom",
            "advice",
            "command",
        ]
        assert alarm["state"] in ("ringing", "quiet", "too few data")
        for who in alarm["whom"]:
            assert list(who) == ["id", "wallet", "name"]


def test_json_keeps_numbers_exact() -> None:
    assert plain(Fraction(1, 3)) == 0.333333
    assert plain([2**53 - 1, 2**53, True]) == [2**53 - 1, str(2**53), True]
    assert plain({"a": (Fraction(1, 2), None)}) == {"a": [0.5, None]}


def test_source_names_blocks_and_the_first_transactions() -> None:
    history = History(2).wait(1)
    for _ in range(25):
        history.credit(1)
    logs = history.facts.events(history.rebuilt.dao.membership_address, "MeritCredited")
    source = Source.of("MeritCredited", reversed(logs))
    assert (source.count, source.first, source.last) == (25, logs[0].block, logs[-1].block)
    assert source.transactions == tuple(log.transaction for log in logs[:20])
    assert source.as_json()["complete"] is source.complete is False
    assert Source.of("MeritCredited", logs[:20]).complete
    assert Source.of("None", []).as_json() == {
        "event": "None",
        "count": 0,
        "blocks": None,
        "transactions": [],
        "complete": True,
    }
