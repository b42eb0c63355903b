"""A document on the screen: what matters, in words; charts and what is folded are left out."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from mikoshi.text.console import Console
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


def show(out: Console, document: Document) -> None:
    """The verdict, then everything but what to do next: that ends the command."""
    out.say(f"{document.dao} · {document.kind}")
    out.say(document.subject, style="bold")
    _marked(out, document.mood, document.verdict)
    for line in document.about:
        out.say(f"  {line}")
    for chapter in document.chapters:
        if all(_is_left_out(block) for block in chapter.blocks):
            continue
        out.say()
        out.say(chapter.title, style="bold")
        _blocks(out, chapter.blocks)
    if document.elsewhere:
        out.say()
        out.say(_("  on its page and in --json: {wide}", wide=document.elsewhere))


def _is_left_out(block: Block) -> bool:
    return isinstance(block, Chart) or (isinstance(block, Folded) and not block.on_screen)


def _blocks(out: Console, blocks: Sequence[Block]) -> None:
    for kind, group in groupby(blocks, type):
        if kind is Measure:
            measures = [each for each in group if isinstance(each, Measure)]
            out.table(("", ""), [(f"  {each.label}", each.text) for each in measures])
        else:
            for each in group:
                _block(out, each)


def _block(out: Console, block: Block) -> None:
    match block:
        case Paragraph():
            out.say(f"  {block.text}")
        case Quotation():
            for line in block.text.split("\n"):
                out.say(f"  │ {line}".rstrip())
        case FactList():
            out.table(("", ""), [(f"  {name}", text) for name, text in block.rows])
        case Table():
            if block.rows:
                out.table(block.columns, block.rows, block.title)
        case Notice():
            _marked(out, block.mood, block.told)
            for name, text in block.facts:
                out.say("  " + _("{title}: {text}", title=name, text=text))
            if block.command:
                out.command(block.command)
        case Folded() if block.on_screen:
            out.say(block.title, style="italic")
            _blocks(out, block.blocks)
        case _:
            pass


def _marked(out: Console, mood: Mood, text: str) -> None:
    match mood:
        case Mood.GOOD:
            out.good(text)
        case Mood.WARNING:
            out.warn(text)
        case Mood.BAD:
            out.bad(text)
        case _:
            out.say(f"{mood.mark or ' '} {text}")
