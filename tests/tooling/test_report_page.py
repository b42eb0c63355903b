"""The report as a page and as JSON: complete in both languages, well formed, and by itself."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from fractions import Fraction

import pytest
from markupsafe import escape

from mikoshi.replay.member import Standing
from mikoshi.replay.outflow import ETH, Holding
from mikoshi.report.figure import Source
from mikoshi.report.report import DaoReport, build
from mikoshi.report.show import document
from mikoshi.text.document import Block, FactList, Mood, Notice, Table
from mikoshi.text.json import entries_of, plain
from mikoshi.text.language import Language, speaking
from mikoshi.text.markdown import markdown
from mikoshi.text.pages.page import page
from tests.tooling.history import ETHER, History
from tests.tooling.test_document import harmless, root
from tests.tooling.test_report_money import OTHER

JAPANESE = re.compile(r"[ぁ-んァ-ヶ一-龥]")
NASTY = "Eve <img src=x onerror=alert(1)> \"'&🎉\u202e\x07"
FIGURES = {
    "people": [
        "members",
        "uncounted",
        "joins",
        "exits",
        "staying",
        "retention_30",
        "retention_90",
        "cohorts",
        "first_vote",
        "first_reward",
        "participation",
        "core",
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
        "lasting",
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
    "limits": ["powers", "notice", "caps"],
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


def test_chart_of_ends_is_labelled_with_ends() -> None:
    report = told("en", History(3).wait(75))
    (members,) = (each for each in report.sections[0].figures if each.name == "members")
    assert members.chart is not None
    assert members.chart.labels == ["2027-02-14", "2027-03-16", "2027-03-31"]  # of 15 January


# What it begins with


def _week(report: DaoReport) -> tuple[dict[str, str], list[Block]]:
    """The facts of the first chapter by name, and its other blocks."""
    (first, *_) = document(report).chapters
    assert first.name == "week"
    facts = [row for block in first.blocks if isinstance(block, FactList) for row in block.rows]
    return dict(facts), [block for block in first.blocks if not isinstance(block, FactList)]


def test_report_begins_with_who_moves_and_who_fell_silent() -> None:
    history = History(10).wait(40)
    history.decide(1, 2, 3, 4)
    history.wait(35)
    history.credit(3)  # which somebody did to them
    history.delegate(5, to=1)
    for member in range(6, 11):
        history.act(member)
    facts, (votes,) = _week(told("en", history))
    who = {number: told("en", history).names.full(number) for number in range(1, 11)}
    acted = ", ".join(who[number] for number in range(5, 11))
    assert facts["acted by their own hand in the last 30 days"] == f"6 of 10 people: {acted}"
    silent = ", ".join(who[number] for number in range(1, 5))
    assert facts["fell silent since: acted in the 30 days before"] == silent
    assert facts["newcomers who wait for a first act"] == "none"
    assert facts["waits to be executed"] == "nothing"
    assert isinstance(votes, Table)
    assert [row[3:] for row in votes.rows] == [("4 of 10", "3")]
    assert document(told("en", history)).step == f"ask how they are: {silent}"


def test_report_shows_the_last_three_votes_the_latest_first() -> None:
    history = History(3).wait(1)
    for number in range(4):
        history.decide(1, title=f"# Vote {number}")
        history.wait(1)
    _, blocks = _week(told("en", history))
    (votes,) = (block for block in blocks if isinstance(block, Table))
    assert [row[0] for row in votes.rows] == ["Vote 3", "Vote 2", "Vote 1"]


def test_what_waits_to_be_executed_comes_first_with_its_command() -> None:
    history = History(3).wait(1)
    history.decide(1, 2, actions=((OTHER, ETHER, b""),), title="# Early")
    history.decide(1, 2, 3, actions=((OTHER, ETHER, b""),), title=f"# Pay {NASTY}")
    history.wait(3)
    ready = document(told("en", history))
    (first, *_) = ready.chapters
    waiting = [block for block in first.blocks if isinstance(block, Notice)]
    assert [block.command for block in waiting] == ["ape run execute 1", "ape run execute 2"]
    assert waiting[0].title == '1 "Early"'
    assert (ready.step, ready.command) == ("execute what has passed", "ape run execute 1")


def test_newcomers_who_wait_are_named() -> None:
    history = History(3).wait(1)
    history.admit()
    history.wait(10)
    told_ = told("en", history)
    facts, _ = _week(told_)
    name = told_.names.full(4)
    assert facts["newcomers who wait for a first act"] == f"{name} (for 10 days)"
    assert document(told_).step == f"find something small to do for {name}"


def test_report_with_too_few_data_does_not_say_that_all_is_well() -> None:
    young = document(told("en", History(5).wait(2)))
    assert young.mood == Mood.UNSURE
    assert young.verdict == "Too early to say: 13 of 13 alarms have too few data"
    assert "✓" not in young.verdict + markdown(young).split("## ")[0]


def test_verdict_names_what_rings_and_dying_is_the_worst() -> None:
    dying = document(told("en"))
    assert dying.mood == Mood.BAD
    assert dying.verdict == (
        "5 alarms ring: Signs of dying, Participation, Time without a proposal, "
        "Distance to the quorum, Time without a reward"
    )
    with speaking("ja"):
        japanese = document(told("ja"))
    assert japanese.verdict.startswith("警報が5件鳴っています: ")


def test_report_of_the_healthy_says_how_much_is_not_known_yet() -> None:
    history = History(5).wait(1)
    for by in (1, 2, 3, 4, 5, 1, 2, 3, 4, 5, 1, 2):
        history.decide(1, 2, 3, 4, 5, by=by)
        history.credit(by)
        history.wait(1)
    healthy = document(told("en", history))
    assert healthy.verdict == "No alarm rings; 5 of 13 have too few data"
    assert healthy.mood == Mood.GOOD
    assert healthy.step == "nothing presses; look again next week"


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
    assert entries_of(source)["complete"] is source.complete is False
    assert Source.of("MeritCredited", logs[:20]).complete
    assert entries_of(Source.of("None", [])) == {
        "event": "None",
        "count": 0,
        "blocks": None,
        "transactions": [],
        "complete": True,
    }
