"""The report as a page and as JSON: complete in both languages, well formed, and by itself."""

from __future__ import annotations

import json
import os
import re
import resource
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mikoshi.replay.membership import Standing
from mikoshi.replay.outflow import ETH, Holding
from mikoshi.report.charts import draw
from mikoshi.report.figure import Chart, Source
from mikoshi.report.markup import table, text
from mikoshi.report.page import page, save
from mikoshi.report.report import DaoReport, build
from mikoshi.text.errors import BadInputError
from mikoshi.text.json import plain
from mikoshi.text.language import Language, speaking
from tests.tooling.history import ETHER, History
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
        return page(told(language))


def root(html: str) -> Element:
    return ElementTree.fromstring(html.removeprefix("<!DOCTYPE html>\n"))


class Tags(HTMLParser):
    """What a browser's parser sees: attributes of every element, and whether all are closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


# The page


@pytest.mark.parametrize("language", ["en", "ja"])
def test_page_is_well_formed_for_both_kinds_of_parser(language: Language) -> None:
    html = drawn(language)
    assert html.startswith("<!DOCTYPE html>\n")
    assert Tags(html).open == []
    assert root(html).attrib["lang"] == language
    assert len([each for each in root(html).iter() if each.tag == "section"]) == 7


@pytest.mark.parametrize("language", ["en", "ja"])
def test_page_needs_nothing_else(language: Language) -> None:
    html = drawn(language)
    for name, attributes in Tags(html).seen:
        assert name not in ("script", "link", "img", "iframe", "object", "base", "form")
        for key, value in attributes.items():
            assert not key.startswith("on"), (name, key)
            if key in ("href", "src", "action", "data", "xlink:href"):
                assert (value or "").startswith("#"), (name, value)
    style = "".join(each.text or "" for each in root(html).iter("style"))
    assert "url(" not in style
    assert "@import" not in style
    assert "default-src 'none'" in html


def test_names_and_titles_stand_on_the_page_and_do_nothing() -> None:
    html = drawn("en")
    assert "<img" not in html
    assert "Eve &lt;img src=x onerror=alert(1)&gt; &quot;&#x27;&amp;🎉��" in html
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
                assert text(part) in html, figure.name
            for source in figure.sources:
                if source.count:
                    assert f"{source.event}: {source.count:,}" in html
        with speaking(language):
            absences = section.absences
        assert absences
        for absence in absences:
            assert text(absence) in html
    for alarm in report.alarms:
        assert text(alarm.text) in html
        if alarm.rings:
            assert text(alarm.advice) in html


def _words(report: DaoReport) -> Iterator[str]:
    """Every text of a report that people read, names and numbers aside."""
    for section in report.sections:
        yield section.title
        yield from section.absences
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


@pytest.mark.parametrize(
    ("language", "more"),
    [("en", "and 30 more: all are in --json"), ("ja", "ほか30行。すべては --json にあります")],
)
def test_long_table_is_cut_on_the_page_and_whole_for_programs(
    language: Language, more: str
) -> None:
    report = told(language, History(130).wait(300))
    (silent,) = (each for each in report.sections[1].figures if each.name == "silent")
    assert len(silent.as_json()["rows"]) == len(silent.value["lapsable"]) == 130
    assert silent.table is not None
    with speaking(language):
        drawn = table(silent.table)
    assert drawn.count("<tr>") == 1 + 100
    assert more in drawn
    assert text(str(silent.table.rows[99][0])) in drawn
    assert text(str(silent.table.rows[100][0])) not in drawn


def test_page_for_which_there_is_no_room_leaves_the_older_one(tmp_path: Path) -> None:
    report, file = told("en"), tmp_path / "report.html"
    file.write_text("older")
    _, most = limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, most))
    try:
        with pytest.raises(BadInputError) as caught:
            save(report, file)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert caught.value.what == f"{file} cannot be written"
    assert (file.read_text(), list(tmp_path.iterdir())) == ("older", [file])
    save(report, file)
    assert file.read_text("utf-8") == page(report)


def test_page_goes_through_a_link_and_a_pipe(tmp_path: Path) -> None:
    report, file, link, pipe = told("en"), *(tmp_path / name for name in ("file", "link", "pipe"))
    link.symlink_to(file)
    save(report, link)
    assert link.is_symlink()
    assert file.read_text("utf-8") == page(report)
    os.mkfifo(pipe)
    with ThreadPoolExecutor() as pool:
        read = pool.submit(pipe.read_text, "utf-8")
        save(report, pipe)
        assert read.result(10) == page(report)
    assert pipe.is_fifo()
    with pytest.raises(BadInputError, match="/dev/full cannot be written"):
        save(report, Path("/dev/full"))


@pytest.mark.parametrize("founders", [0, 1])
def test_page_of_a_dao_without_a_past(founders: int) -> None:
    history = History(founders)
    with speaking("ja"):
        html = page(told("ja", history))
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


# Charts


NUMBERS = st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)), min_size=1, max_size=36)


@given(NUMBERS, st.booleans())
def test_bars_are_as_high_as_their_numbers_and_stay_inside(
    numbers: list[tuple[int, int]], stacked: bool
) -> None:
    first, second = ([float(each[n]) for each in numbers] for n in range(2))
    labels = [str(place) for place in range(len(numbers))]
    svg = ElementTree.fromstring(
        draw(Chart("t", labels, {"a": first, "b": second}, stacked=stacked))
    ).find("svg")
    assert svg is not None
    bars = svg.findall("rect")
    assert len(bars) == sum(value > 0 for value in first + second)
    for bar in bars:
        x, y, width, height = (float(bar.attrib[k]) for k in ("x", "y", "width", "height"))
        assert 0 <= x <= x + width <= 360
        assert 10 <= y <= y + height <= 148.01
        title = bar.find("title")
        assert title is not None
        assert title.text is not None
    tall = max((sum(each) if stacked else max(each)) for each in numbers)
    if tall and not stacked:
        heights = {
            value: float(bar.attrib["height"])
            for bar, value in zip(bars, [v for pair in numbers for v in pair if v], strict=True)
        }
        scale = heights[max(heights)] / max(heights)
        for value, height in heights.items():
            assert height == pytest.approx(value * scale, abs=0.02)


def test_lines_are_drawn_through_their_numbers() -> None:
    svg = draw(Chart("t", ["a", "b", "c"], {"x": [0, 0.5, 1]}, lines=True, percent=True))
    (line,) = ElementTree.fromstring(svg).iter("polyline")
    assert line.attrib["points"] == "34.0,148.0 195.0,79.0 356.0,10.0"
    assert "50.0%" in svg


def test_a_chart_without_numbers_is_not_drawn() -> None:
    assert draw(Chart("t", [], {"a": []})) == ""
    assert draw(Chart("t", ["a"], {})) == ""
