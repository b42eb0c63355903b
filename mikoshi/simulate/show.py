"""A simulation on the screen."""

from __future__ import annotations

from pathlib import Path

from mikoshi.simulate.simulation import Simulation
from mikoshi.text.console import Console
from mikoshi.text.errors import BadInputError
from mikoshi.text.files import reason_of, write_atomically
from mikoshi.text.language import N_, _, listed


def show_simulation(out: Console, sim: Simulation) -> None:
    """What it did, then what there is to say about it."""
    out.say(sim.subject.title, style="bold")
    for table in sim.tables:
        if not table.is_detail:
            out.say()
            out.table(table.columns, table.rows, table.title)
    out.say()
    wide = listed(table.title for table in sim.tables if table.is_detail)
    if wide:
        out.say(_("  in --html and --json: {wide}", wide=wide))
    for text in sim.of("info"):
        out.say(f"  {text}")
    for text in sim.of("warning"):
        out.warn(text)
    for text in sim.of("failure"):
        out.bad(text)
    if sim.reason is None and sim.subject.steps:
        out.good(sim.headline)


def write_page(out: Console, path: Path, text: str) -> None:
    """Write a report. Raises BadInputError where that is not possible."""
    try:
        write_atomically(path, text)
    except OSError as error:
        raise BadInputError(
            "page.not-writable",
            N_("{path} cannot be written"),
            "{reason}",
            N_("Make room or name another file, and run the command again"),
            path=path,
            reason=reason_of(error),
        ) from error
    out.good(_("wrote {path}", path=path))
