"""What a command shows: words and tables for people, or one JSON object for programs.

With `--json` nothing but the object goes to stdout; progress and questions always go to stderr.
"""

from __future__ import annotations

import json
import os
import re
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property
from typing import TYPE_CHECKING, Any, TextIO

from mikoshi.text.errors import MikoshiError
from mikoshi.text.language import N_, _, typed
from mikoshi.text.units import hidden, normalize

if TYPE_CHECKING:
    from rich.console import Console as RichConsole
    from rich.console import RenderableType


_WIDE = 400
_LONG = 2_000
"""Rows from which on a table is written without rich."""

_HUGE = 20_000
"""Characters of a cell from which on it is."""

_YES = N_("y yes")
_NO = N_("n no")

_JOINER, _KEYCAP, _KEYS = "\u200d", "\u20e3", "#*0123456789"
_SYMBOLS = "‼⁉〰〽ℹ↔"  # emoji that Unicode counts among other characters
_EMOJI = re.compile("[\ufe00-\ufe0f]")
_IDEOGRAPHIC = re.compile("[\ufe00-\ufe02\U000e0100-\U000e01ef]")
_TONE = re.compile("[\U0001f3fb-\U0001f3ff]")


class Console:
    """The screen of one command."""

    def __init__(self, as_json: bool = False) -> None:
        self.as_json = as_json

    @cached_property
    def _screen(self) -> RichConsole:
        return _rich(stderr=False)

    @cached_property
    def _margin(self) -> RichConsole:
        return _rich(stderr=True)

    def say(self, text: str = "", style: str = "") -> None:
        """A line for people."""
        if not self.as_json:
            self._screen.print(visible(text), style=style or None)

    def good(self, text: str) -> None:
        """A line about something that is in order or done."""
        self._marked("✓", "green", text)

    def bad(self, text: str) -> None:
        """A line about something that is not in order."""
        self._marked("✗", "red", text)

    def warn(self, text: str) -> None:
        """A line about something to look at."""
        self._marked("⚠", "yellow", text)

    def next_step(self, words: str = "", *commands: str) -> None:
        """The last lines: what to do next, and each command by itself, to be copied."""
        text = f"{words}:" if words and commands else words
        self.say(_("Next: {text}", text=text).rstrip(), style="bold")
        for command in commands:
            self.command(command)

    def command(self, text: str) -> None:
        """A command alone on its line, unbroken however narrow the screen is."""
        if not self.as_json:
            self._screen.print(visible(f"  {text}"), style="bold", soft_wrap=True)

    def table(self, columns: Sequence[str], rows: Iterable[Sequence[str]], title: str = "") -> None:
        """A table without a frame. A column whose name begins with `>` is set to the right."""
        if self.as_json:
            return
        from rich.table import Table
        from rich.text import Text

        head, listed = visible(title) or None, list(rows)
        if len(listed) > _LONG or max((len(c) for row in listed for c in row), default=0) > _HUGE:
            self._long_table(columns, listed, title)
            return
        table = Table(box=None, show_header=any(columns), title=head, title_justify="left")
        for column in columns:
            right = column.startswith(">")
            table.add_column(
                visible(column.lstrip(">")),
                justify="right" if right else "left",
                overflow="fold",  # Japanese has no spaces to break at
            )
        for row in listed:
            table.add_row(*(Text(visible(cell)) for cell in row))
        self.show(table)

    def _long_table(
        self, columns: Sequence[str], rows: Iterable[Sequence[str]], title: str
    ) -> None:
        """A table that rich would take minutes for: the same, with no line broken."""
        right = [column.startswith(">") for column in columns]
        head = [[column.lstrip(">") for column in columns]] if any(columns) else []
        lines = [[visible(" ".join(cell.split("\n"))) for cell in row] for row in (*head, *rows)]
        widths = [max(map(_width, column)) for column in zip(*lines, strict=True)]
        if title:
            self.say(title)
        write = self._screen.file.write
        for line in lines:
            padded = (
                " " * (width - _width(cell)) + cell
                if to_the_right
                else cell + " " * (width - _width(cell))
                for cell, width, to_the_right in zip(line, widths, right, strict=True)
            )
            write("".join(f" {cell} " for cell in padded).rstrip() + "\n")

    def show(self, renderable: RenderableType) -> None:
        """Anything that rich can draw."""
        if self.as_json:
            return
        screen = self._screen
        if screen.is_terminal:
            screen.print(renderable)
            return
        with screen.capture() as captured:
            screen.print(renderable)
        for line in captured.get().splitlines():  # without what fills the width
            screen.print(line.rstrip())

    def emit(self, data: Mapping[str, Any]) -> None:
        """The result for programs; shown only with `--json`, once."""
        if self.as_json:
            try:
                sys.stdout.write(json_text(data) + "\n")
                sys.stdout.flush()
            except BrokenPipeError:
                _hush(sys.stdout)

    def note(self, text: str) -> None:
        """A line about what takes long; on stderr."""
        self._margin.print(visible(text))

    def fail(self, error: MikoshiError) -> None:
        """What went wrong: what, why, what to do next; on stderr, and as JSON where asked for."""
        with suppress(OSError):  # stdout itself may be what cannot be written
            if self.as_json:
                self.emit(error.as_json())
        self._margin.print(visible(f"✗ {error.what}"), style="bold red")
        for reason in error.reasons:
            self._margin.print(visible(f"  {reason}"))
        self._margin.print(visible(f"→ {error.hint}"), soft_wrap=True)  # it may name commands

    def ask(self, question: str) -> bool:
        """Whether the person agrees; no is the default. Raises click.Abort."""
        import click

        asked = f"{visible(question)} [y/N]"
        while True:
            text = click.prompt(asked, default="", show_default=False, err=True)
            answer = normalize(text).lower()
            if not answer or answer in typed(_YES) | typed(_NO):
                return answer in typed(_YES)
            self._margin.print(_("✗ The answer must be y or n"))

    @contextmanager
    def progress(self, what: str, total: float | None = None) -> Iterator[Callable[[float], None]]:
        """A bar on the terminal while inside; call what you get with the number of steps done."""
        if not self._margin.is_terminal:
            yield lambda _: None
            return
        from rich.progress import Progress

        with Progress(console=self._margin, transient=True) as bars:
            task = bars.add_task(what, total=total)
            yield lambda steps: bars.advance(task, steps)

    def _marked(self, mark: str, color: str, text: str) -> None:
        if not self.as_json:
            from rich.text import Text

            self._screen.print(Text.assemble((mark, color), f" {visible(text)}"))


def visible(text: str, mark: str = "�") -> str:
    """`text` without what would change the screen, or hide, instead of standing on it.

    Anybody can write a proposal: control and format characters, which could repaint what was shown
    before, turn the direction of the text or make two texts look like one, each become `mark`. What
    forms a character is left alone: a selector of a variant right behind an ideograph or a symbol,
    and the joiner within an emoji.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        mark if hidden(each) and not _forms(text, at) else each for at, each in enumerate(text)
    )


def _forms(text: str, at: int) -> bool:
    """Whether what is at this place forms a character with what stands around it."""
    before, here, after = text[max(0, at - 1) : at], text[at], text[at + 1 : at + 2]
    if here == _JOINER:
        base = text[at - 2 : at - 1] if _EMOJI.fullmatch(before) else before
        return _symbol(base) and _symbol(after)
    if _IDEOGRAPHIC.fullmatch(here) and _ideograph(before):
        return True
    if _EMOJI.fullmatch(here) is None or not before:
        return False
    return _symbol(before) or (before in _KEYS and after == _KEYCAP)


def _symbol(character: str) -> bool:
    """Whether a character may be an emoji, or the tone of one."""
    if not character:
        return False
    tone = _TONE.fullmatch(character) is not None
    return tone or character in _SYMBOLS or unicodedata.category(character) == "So"


def _ideograph(character: str) -> bool:
    return unicodedata.name(character or " ", "").startswith("CJK ")


def _width(text: str) -> int:
    """Columns that a text takes on the screen."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def shortened(text: str, length: int) -> str:
    """What others wrote, on one line and no longer than `length` characters."""
    line = " ".join(text.split())
    return line if len(line) <= length else f"{line[: length - 1]}…"


def json_text(data: Any) -> str:
    """`data` as JSON in which no text changes the screen: what would is escaped."""
    text = json.dumps(data, ensure_ascii=False, indent=2, default=_plain)
    return "".join(json.dumps(each)[1:-1] if hidden(each) else each for each in text)


def _hush(stream: TextIO) -> None:
    """Let what is said to a stream go nowhere, now that nobody reads it: the command goes on."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _rich(stderr: bool) -> RichConsole:
    from rich.console import Console as RichConsole

    class Screen(RichConsole):
        def on_broken_pipe(self) -> None:
            """`| head -1` has read enough; what the command does, it still does."""
            _hush(sys.stderr if stderr else sys.stdout)

    # Names and addresses are shown as they are: no markup, no colours by guess; and where the
    # output is not a terminal, no line is broken and no cell cut.
    console = Screen(stderr=stderr, highlight=False, markup=False, emoji=False)
    if not console.is_terminal:
        console.soft_wrap = True
        console.width = _WIDE
    return console


def _plain(value: object) -> object:
    if isinstance(value, bytes):
        return f"0x{value.hex()}"
    raise TypeError(f"{type(value).__name__} cannot be JSON")
