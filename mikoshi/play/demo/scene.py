"""One act of the demo as it is shown: a short table, and what was proven in it."""

from __future__ import annotations

from dataclasses import dataclass, field

from mikoshi.text.console import Console

_INDENT = 3  # columns; the space after a column comes on top


@dataclass
class Scene:
    """A table with its `title`, and notes below it.

    A column whose name begins with `>` is set to the right. `checks` are by name.
    """

    title: str
    columns: tuple[str, ...] = ("", "")
    rows: list[tuple[str, ...]] = field(default_factory=list)
    notes: list[tuple[bool | None, str]] = field(default_factory=list)
    checks: dict[str, bool] = field(default_factory=dict)

    def row(self, *cells: str) -> None:
        """Add a row."""
        self.rows.append(cells)

    def note(self, text: str) -> None:
        """Add a remark."""
        self.notes.append((None, text))

    def check(self, name: str, holds: bool, text: str) -> None:
        """Add what must be true; `text` says it in words."""
        self.checks[name] = bool(holds)
        self.notes.append((bool(holds), text))


def show(out: Console, scene: Scene, number: str, when: str) -> None:
    """Draw a scene; `number` is `3/8`, `when` the moment at which it ends."""
    if out.as_json:
        return
    from rich.table import Table
    from rich.text import Text

    out.say()
    heading = Text.assemble((f"{number}  {scene.title}", "bold"), (f"   {when}", "dim"))
    out.show(heading)
    table = Table(
        box=None,
        show_header=any(scene.columns),
        header_style="dim",
        pad_edge=False,
        padding=(0, 2, 0, 0),
    )
    table.add_column(" " * _INDENT)
    for position, column in enumerate(scene.columns):
        right = column.startswith(">")
        table.add_column(
            column.lstrip(">"),
            justify="right" if right else "left",
            style="cyan" if position == 0 else None,
            no_wrap=position == 0 or right,
            overflow="fold",  # Japanese has no spaces to break at
        )
    for row in scene.rows:
        table.add_row(" " * _INDENT, *(Text(cell) for cell in row))
    if scene.rows:
        out.show(table)
    marks = {True: ("✓", "green"), False: ("✗", "bold red"), None: ("·", "dim")}
    notes = Table.grid(padding=(0, 1, 0, 0))
    notes.add_column()
    notes.add_column()
    notes.add_column(overflow="fold")
    for holds, text in scene.notes:
        notes.add_row(" " * (_INDENT + 1), Text(*marks[holds]), Text(text))
    out.show(notes)
