"""One document on the screen, as Markdown and as a page: all of it, and nothing that acts."""

from __future__ import annotations

import os
import re
import resource
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mikoshi.text.console import Console
from mikoshi.text.document import (
    Block,
    Chapter,
    Chart,
    Document,
    FactList,
    Folded,
    Measure,
    Mood,
    Notice,
    Paragraph,
    Quotation,
    Table,
)
from mikoshi.text.language import speaking
from mikoshi.text.markdown import escaped, markdown
from mikoshi.text.pages.chart import drawing
from mikoshi.text.pages.page import page
from mikoshi.text.saving import save
from mikoshi.text.terminal import show
from tests.support import refuses

_ACTS = "</style><script>alert(1)</script><img src=x onerror=alert(2)> \"'& {{ 7*7 }}"
NASTY = f"{_ACTS} \u202e\u200f\x07"
BENIGN = f"{_ACTS} ���"


def blocks(say: str) -> list[Block]:
    """One of each, with the same words in every field that has any."""
    table = Table([say, f">{say}"], [[say, say]], title=say)
    return [
        Paragraph(say),
        Quotation(f"{say}\n{say}"),
        FactList([(say, say)]),
        table,
        Chart(say, [say, say], {say: [1, 2]}),
        Chart(say, [say, say], {say: [1, 2]}, lines=True),
        Notice(Mood.BAD, say, say, [(say, say)], say),
        Notice(Mood.NOTE, say),
        Measure(say, say, say, [Chart(say, [say], {say: [0.5]}, percent=True), table]),
        Folded(say, [Paragraph(say), Folded(say, [table])]),
    ]


def made(say: str = "words", *, content: list[Block] | None = None) -> Document:
    return Document(
        dao=say,
        kind=say,
        subject=say,
        mood=Mood.WARNING,
        verdict=say,
        chapters=[Chapter("one", say, blocks(say) if content is None else content)],
        about=[say],
        step=say,
        command=say,
        closing=say,
        data={"said": say},
    )


def root(html: str) -> Element:
    """A page as XML. Raises ParseError for what is not well formed."""
    return ElementTree.fromstring(html.removeprefix("<!DOCTYPE html>\n"))


class Tags(HTMLParser):
    """What a browser's parser sees: the attributes of every element, and what is left open."""

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


def harmless(html: str) -> None:
    """Assert that a page is whole, and that nothing in it acts or comes from elsewhere."""
    assert html.startswith("<!DOCTYPE html>\n")
    tags = Tags(html)
    assert tags.open == []
    for name, attributes in tags.seen:
        assert name not in ("script", "link", "img", "iframe", "object", "base", "form", "embed")
        for key, value in attributes.items():
            assert not key.startswith("on"), (name, key)
            if key in ("href", "src", "action", "data", "xlink:href"):
                assert (value or "").startswith("#"), (name, value)
    policies = [each.get("content") for name, each in tags.seen if "http-equiv" in each]
    assert policies == ["default-src 'none'; style-src 'unsafe-inline'"]
    (style,) = root(html).iter("style")
    assert not re.search(r"url\(|@import|</", style.text or "")


# The page


def test_page_has_who_what_verdict_and_what_to_do_next() -> None:
    told = Document(
        "Tea DAO",
        "Report",
        "Is it alive?",
        Mood.GOOD,
        "No alarm rings",
        [Chapter("people", "People", [Measure("Members", "5 people")])],
        about=["As of today"],
        step="look again",
        command="ape run report",
        closing="counted from events",
    )
    top = root(page(told))
    body = top.find("body")
    assert body is not None
    words = [text.strip() for text in body.itertext() if text.strip()]
    assert words == [
        *("Report", "Tea DAO", "Is it alive?", "✓", "No alarm rings"),
        *("What to do next", ": look again", "ape run report", "As of today"),
        *("People", "Members", "5 people", "counted from events"),
    ]
    classes = [each.get("class", "") for each in top.iter("p")]
    assert [each for each in classes if "verdict" in each] == ["verdict good"]
    assert [each.text for each in top.iter("title")] == ["Is it alive? · Tea DAO"]
    assert [each.attrib["id"] for each in top.iter("section")] == ["people"]


@pytest.mark.parametrize("mood", Mood)
def test_each_verdict_has_a_color_of_its_own(mood: Mood) -> None:
    html = page(Document("d", "k", "s", mood, "v", []))
    assert f'<p class="verdict {mood.value}">' in html
    assert f".{mood.value}{{--c:" in html


def test_only_a_long_page_has_a_list_of_its_chapters() -> None:
    chapters = [Chapter(f"c{number}", f"Chapter {number}", []) for number in range(4)]
    short, long = (
        root(page(Document("d", "k", "s", Mood.NOTE, "v", chapters[:count]))) for count in (3, 4)
    )
    assert [each.attrib["href"] for each in long.iter("a")] == ["#c0", "#c1", "#c2", "#c3"]
    assert list(short.iter("a")) == []


def test_page_is_written_in_the_language_of_the_document() -> None:
    with speaking("ja"):
        html = page(made())
    assert root(html).attrib["lang"] == "ja"
    assert "次にすること" in html
    assert "What to do next" not in html


def test_whatever_stands_on_a_page_does_nothing_there() -> None:
    html = page(made(NASTY))
    harmless(html)
    plain, nasty = page(made("words")), page(made(NASTY))
    assert [name for name, _ in Tags(nasty).seen] == [name for name, _ in Tags(plain).seen]
    assert "".join(root(nasty).itertext()).count(BENIGN) == (
        "".join(root(plain).itertext()).count("words")
    )
    assert not re.search(r"[\u202e\u200f\x07]", nasty)


def test_what_is_folded_is_there_and_not_open() -> None:
    top = root(page(made(content=[Folded("More", [Paragraph("storage")])])))
    (folded,) = top.iter("details")
    assert folded.attrib == {"class": "wide"}
    assert [text.strip() for text in folded.itertext() if text.strip()] == ["More", "storage"]


def test_table_that_is_folded_is_not_folded_again() -> None:
    content: list[Block] = [Folded("Storage", [Table(["slot"], [["0"]] * 20)])]
    assert len(list(root(page(made(content=content))).iter("details"))) == 1
    assert markdown(made(content=content)).count("<details>") == 1


def test_long_table_is_folded_and_cut_for_people() -> None:
    rows = [[f"row {number}", str(number)] for number in range(130)]
    top = root(page(made(content=[Table(["name", ">number"], rows)])))
    (folded,) = top.iter("details")
    assert folded.findtext("summary") == "130 rows"
    cells = [each.text for each in top.iter("td")]
    assert cells == [cell for row in rows[:100] for cell in row]
    assert "and 30 more: all are in --json" in "".join(top.itertext())
    with speaking("ja"):
        assert Table(["a"], rows).rest == "ほか30行。すべては --json にあります"
    assert "row 99" in (text := markdown(made(content=[Table(["a", ">b"], rows)])))
    assert "row 100" not in text
    short = page(made(content=[Table(["a", "b"], rows[:12])]))
    assert "<details" not in short


def test_cell_names_its_column_and_breaks_only_where_it_must() -> None:
    rows = [["pay Hana", "12", f"0x{'ab' * 20}", "done"]]
    top = root(page(made(content=[Table(["what", ">ETH", "to", "result"], rows)])))
    assert [each.attrib for each in top.iter("td")] == [
        {"data-label": "what"},
        {"data-label": "ETH", "class": "right"},
        {"data-label": "to", "class": "long"},
        {"data-label": "result"},
    ]
    assert [each.attrib for each in top.iter("table")] == [{"class": "stack"}]
    assert [each.get("class") for each in top.iter("th")] == [None, "right", None, None]
    few = root(page(made(content=[Table(["a", "b"], [["1", "2"]])])))
    assert [each.attrib for each in few.iter("table")] == [{}]


def test_table_without_rows_is_nowhere() -> None:
    empty = made(content=[Table(["column"], [], title="Nothing")])
    assert list(root(page(empty)).iter("table")) == []
    assert "Nothing" not in "".join(root(page(empty)).itertext())
    assert "Nothing" not in markdown(empty)


# Markdown


def test_markdown_has_all_of_it() -> None:
    content: list[Block] = [
        Quotation("one\n\ntwo"),
        Table(["who", ">amount"], [["Hana", "5"]], title="Money"),
        Notice(Mood.BAD, "it fails", "Calls", [("why", "no money")], "ape run x"),
        Measure("Members", "5 people", "all here", [Folded("Definition", [Paragraph("who has")])]),
        Chart("Acts", ["May"], {"ballots": [3]}),
    ]
    told = Document(
        *("Tea DAO", "Report", "Is it alive?", Mood.UNSURE, "Too early"),
        [Chapter("all", "All", content)],
        about=["As of today"],
        step="wait",
        closing="the end",
    )
    assert markdown(told).split("\n") == [
        *("# Is it alive?", "", "Tea DAO · Report", "", "**? Too early**", "", "- As of today", ""),
        *("**What to do next:** wait", "", "## All", "", "> one\\", ">", "> two", ""),
        *("### Money", "", "| who | amount |", "|---|---:|", "| Hana | 5 |", ""),
        *("- ✗ Calls: it fails", "  - why: no money", "", "```", "ape run x", "```", ""),
        *("### Members", "", "**5 people**", "", "all here", ""),
        *("<details><summary>Definition</summary>", "", "who has", "", "</details>", ""),
        *("<details><summary>Acts</summary>", "", "|  | ballots |", "|---|---:|"),
        *("| May | 3 |", "", "</details>", "", "*the end*", ""),
    ]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("<b>[x](y)</b> | `a` *b* _c_", r"\<b\>\[x\](y)\</b\> \| \`a\` \*b\* \_c\_"),
        ("# no heading", r"\# no heading"),
        ("- no list", r"\- no list"),
        ("1. no list", r"1\. no list"),
        ("--- ", r"\---"),
        ("&lt;b&gt;", r"\&lt;b\&gt;"),
        ("two\nlines\u202e", "two lines�"),
        ("2.5 ETH", "2.5 ETH"),
    ],
)
def test_words_mean_nothing_in_markdown(written: str, shown: str) -> None:
    assert escaped(written) == shown


def test_whatever_stands_in_markdown_does_nothing_there() -> None:
    text = markdown(made(NASTY))
    outside = re.sub(r"^```\n.*\n```$", "", text, flags=re.MULTILINE)
    bare = re.findall(r"(?<!\\)<[^>\\]*>", outside)
    assert set(bare) == {"<details>", "<summary>", "</summary>", "</details>"}
    assert not re.search(r"[\u202e\u200f\x07]", text)
    folded = markdown(made(content=[Folded("a\n\n[x](y)", [])]))
    assert "<details><summary>a [x](y)</summary>\n" in folded
    ticks = markdown(made(content=[Notice(Mood.NOTE, "t", command="a ```` b")]))
    assert "`````\na ```` b\n`````" in ticks


# The screen


def test_screen_has_what_matters(capsys: pytest.CaptureFixture[str]) -> None:
    content: list[Block] = [
        Measure("Members", "5 people", "note", [Folded("Definition", [Paragraph("who")])]),
        Measure("Joins", "2"),
        FactList([("acted", "Hana")]),
        Quotation("first\nsecond"),
        Notice(Mood.WARNING, "look", "Turnout", [("What to do", "ask")], "ape run members"),
        Notice(Mood.UNSURE, "few data"),
        Chart("Drawn", ["a"], {"x": [1]}),
        Folded("Events", [Table(["event"], [["Transfer"]])], on_screen=True),
        Folded("Storage", [Table(["slot"], [["0x00"]])]),
    ]
    chapters = [
        Chapter("all", "All", content),
        Chapter("raw", "Raw", [Folded("Bytes", []), Folded("Storage", [])]),
    ]
    told = Document("Tea DAO", "Report", "Alive?", Mood.BAD, "no", chapters, ["today"], "wait")
    show(Console(), told)
    assert [line.rstrip() for line in capsys.readouterr().out.splitlines()] == [
        *("Tea DAO · Report", "Alive?", "✗ no", "  today", "", "All"),
        *("   Members  5 people", "   Joins    2", "   acted  Hana", "  │ first", "  │ second"),
        *("⚠ Turnout: look", "  What to do: ask", "  ape run members", "? few data"),
        *("Events", " event", " Transfer", "", "  on its page and in --json: Storage, Bytes"),
    ]
    show(Console(as_json=True), told)
    assert capsys.readouterr().out == ""


def test_whatever_stands_on_the_screen_does_nothing_there(
    capsys: pytest.CaptureFixture[str],
) -> None:
    show(Console(), made(NASTY))
    shown = capsys.readouterr().out
    assert not re.search(r"[\u202e\u200f\x07\x1b]", shown)
    assert BENIGN in shown


# Files


def test_name_of_the_file_says_what_is_written(tmp_path: Path) -> None:
    told = made()
    for name, text in (
        ("a.html", page(told)),
        ("a.md", markdown(told)),
        ("a.MD", markdown(told)),
        ("a", page(told)),
    ):
        save(told, tmp_path / name)
        assert (tmp_path / name).read_text("utf-8") == text


def test_file_for_which_there_is_no_room_leaves_the_older_one(tmp_path: Path) -> None:
    told, file = made("words " * 5_000), tmp_path / "report.html"
    file.write_text("older")
    _, most = limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, most))
    try:
        with refuses("file.unwritable", name=str(file)):
            save(told, file)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert (file.read_text(), list(tmp_path.iterdir())) == ("older", [file])
    save(told, file)
    assert file.read_text("utf-8") == page(told)


def test_file_goes_through_a_link_and_a_pipe(tmp_path: Path) -> None:
    told, file, link, pipe = made(), *(tmp_path / name for name in ("file", "link", "pipe"))
    link.symlink_to(file)
    save(told, link)
    assert link.is_symlink()
    assert file.read_text("utf-8") == page(told)
    os.mkfifo(pipe)
    with ThreadPoolExecutor() as pool:
        read = pool.submit(pipe.read_text, "utf-8")
        save(told, pipe)
        assert read.result(10) == page(told)
    assert pipe.is_fifo()
    with refuses("file.unwritable", name="/dev/full"):
        save(told, Path("/dev/full"))


# Charts


NUMBERS = st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)), min_size=1, max_size=36)


@given(NUMBERS, st.booleans())
def test_bars_are_as_high_as_their_numbers_and_stay_inside(
    numbers: list[tuple[int, int]], stacked: bool
) -> None:
    first, second = ([float(each[n]) for each in numbers] for n in range(2))
    labels = [str(place) for place in range(len(numbers))]
    plan = drawing(Chart("t", labels, {"a": first, "b": second}, stacked=stacked))
    assert plan is not None
    assert len(plan.bars) == sum(value > 0 for value in first + second)
    for bar in plan.bars:
        assert 0 <= bar.x <= bar.x + bar.width <= plan.width
        assert 10 <= bar.y <= bar.y + bar.height <= 148.01
        assert bar.title
    tall = max((sum(each) if stacked else max(each)) for each in numbers)
    if tall and not stacked:
        values = [v for pair in numbers for v in pair if v]
        heights = {value: bar.height for bar, value in zip(plan.bars, values, strict=True)}
        scale = heights[max(heights)] / max(heights)
        for value, height in heights.items():
            assert height == pytest.approx(value * scale, abs=0.02)


def test_lines_are_drawn_through_their_numbers() -> None:
    chart = Chart("t", ["a", "b", "c"], {"x": [0, 0.5, 1]}, lines=True, percent=True)
    top = root(page(made(content=[chart])))
    (line,) = top.iter("polyline")
    assert line.attrib["points"] == "34.0,148.0 195.0,79.0 356.0,10.0"
    titles = [each.findtext("title") for each in top.iter("circle")][1:]
    assert titles == ["x, a: 0.0%", "x, b: 50.0%", "x, c: 100.0%"]


def test_bars_on_the_page_are_those_of_the_drawing() -> None:
    chart = Chart("t", ["a", "b"], {"x": [1, 2], "y": [0, 4]})
    plan = drawing(chart)
    assert plan is not None
    bars = list(root(page(made(content=[chart]))).iter("rect"))
    assert [bar.attrib for bar in bars] == [
        {
            "class": f"s{each.color}",
            "x": str(each.x),
            "y": str(each.y),
            "width": str(each.width),
            "height": str(each.height),
        }
        for each in plan.bars
    ]


@pytest.mark.parametrize("chart", [Chart("t", [], {"a": []}), Chart("t", ["a"], {})])
def test_a_chart_without_numbers_is_not_drawn(chart: Chart) -> None:
    assert drawing(chart) is None
    assert list(root(page(made(content=[chart]))).iter("figure")) == []


@pytest.mark.parametrize("call", ["@everyone", "@here", "@channel", "@hana", "<@&42>", "@!7"])
def test_markdown_calls_nobody_in_a_chat(call: str) -> None:
    said = escaped(f"{call} come")
    assert "@\u200b" in said
    assert call.strip("<>") not in said
    assert escaped("a @ b@") == "a @ b@"
