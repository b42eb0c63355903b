"""A document as Markdown; what others wrote stands there as text, whatever it says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import escape

from mikoshi.text.console import visible
from mikoshi.text.document import (
    Block,
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
from mikoshi.text.language import _

_MARKS = re.compile(r"([\\`*_{}\[\]<>#|~!&])")
_MENTION = re.compile(r"@(?=[\w!&])")
_BEGINNING = re.compile(r"^(\d*)([-+.)=])(?=[-=\s]|$)")
"""What would make a list or a heading of a line that begins with it."""


def markdown(document: Document) -> str:
    """All of it."""
    return "\n".join(_document(document))


def escaped(text: str) -> str:
    """Any text on one line, without meaning anything in Markdown, or calling anybody in a chat."""
    return _BEGINNING.sub(r"\1\\\2", _MARKS.sub(r"\\\1", _line(text)))


def _line(text: str) -> str:
    """A text on one line, in which `@everyone` calls nobody: chats look for it behind marks too."""
    return _MENTION.sub("@\u200b", " ".join(visible(text).split()))


def _document(document: Document) -> Iterator[str]:
    yield from (f"# {escaped(document.subject)}", "")
    yield from (f"{escaped(document.dao)} · {escaped(document.kind)}", "")
    yield from (f"**{_marked(document.mood, document.verdict)}**", "")
    yield from _bullets(document.about)
    if document.step:
        yield from (f"**{_('What to do next')}:** {escaped(document.step)}", "")
    if document.command:
        yield from _command(document.command)
    for chapter in document.chapters:
        yield from (f"## {escaped(chapter.title)}", "")
        for block in chapter.blocks:
            yield from _block(block)
    if document.closing:
        yield from (f"*{escaped(document.closing)}*", "")


def _block(block: Block, *, is_folded: bool = False) -> Iterator[str]:
    match block:
        case Paragraph():
            yield from (escaped(block.text), "")
        case Quotation():
            lines = [escaped(line) for line in visible(block.text).split("\n")]
            yield from (*(f"> {line}\\" if line else ">" for line in lines[:-1]), f"> {lines[-1]}")
            yield ""
        case FactList():
            yield from _bullets(_("{title}: {text}", title=a, text=b) for a, b in block.rows)
        case Table():
            yield from _table(block, is_folded)
        case Chart():
            yield from _fold(block.title, _rows(_numbers(block)))
        case Notice():
            yield f"- {_marked(block.mood, block.told)}"
            for name, text in block.facts:
                yield f"  - {escaped(_('{title}: {text}', title=name, text=text))}"
            yield ""
            if block.command:
                yield from _command(block.command)
        case Measure():
            yield from (f"### {escaped(block.label)}", "", f"**{escaped(block.text)}**", "")
            if block.note:
                yield from (escaped(block.note), "")
            for each in block.blocks:
                yield from _block(each)
        case Folded():
            inner = (line for each in block.blocks for line in _block(each, is_folded=True))
            yield from _fold(block.title, inner)


def _marked(mood: Mood, text: str) -> str:
    return f"{mood.mark} {escaped(text)}".strip()


def _bullets(lines: Iterable[str]) -> Iterator[str]:
    yield from (f"- {escaped(line)}" for line in lines)
    yield ""


def _command(command: str) -> Iterator[str]:
    """A command as code; a longer fence than any in it keeps it inside."""
    line = " ".join(visible(command).split())
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", line)), default=0))
    yield from (fence, line, fence, "")


def _fold(title: str, lines: Iterable[str]) -> Iterator[str]:
    line = _line(title)  # an empty line would end what is no Markdown
    yield from (f"<details><summary>{escape(line)}</summary>", "")
    yield from lines
    yield from ("</details>", "")


def _table(table: Table, is_folded: bool) -> Iterator[str]:
    if not table.rows:
        return
    if table.title:
        yield from (f"### {escaped(table.title)}", "")
    if table.folded and not is_folded:
        yield from _fold(table.folded, _rows(table))
    else:
        yield from _rows(table)


def _rows(table: Table) -> Iterator[str]:
    yield f"| {' | '.join(escaped(name) for name, __ in table.heads)} |"
    yield f"|{'|'.join('---:' if right else '---' for __, right in table.heads)}|"
    for row in table.first_rows:
        yield f"| {' | '.join(escaped(cell) for cell in row)} |"
    yield ""
    if table.rest:
        yield from (escaped(table.rest), "")


def _numbers(chart: Chart) -> Table:
    """A chart as the table of its numbers."""
    rows = [
        [label, *(chart.shown(values[place]) for values in chart.series.values())]
        for place, label in enumerate(chart.labels)
    ]
    return Table(["", *(f">{name}" for name in chart.series)], rows)
