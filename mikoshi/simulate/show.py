"""A simulation on the screen, and as the error that ends a failing one."""

from __future__ import annotations

from pathlib import Path

from mikoshi.simulate.simulation import Simulation
from mikoshi.text.console import Console
from mikoshi.text.errors import BadInputError, CheckFailedError, Final
from mikoshi.text.files import reason_of
from mikoshi.text.language import N_, _, listed
from mikoshi.text.writing import write_atomically


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
            "show.write-page",
            N_("{path} cannot be written"),
            Final(reason_of(error)),
            N_("Make room or name another file, and run the command again"),
            path=path,
        ) from error
    out.good(_("wrote {path}", path=path))


class SimulationFailedError(CheckFailedError):
    """Thrown at the end of a simulation that failed; its JSON is all of it."""

    def __init__(self, sim: Simulation, hint: str = "") -> None:
        self.simulation = sim
        super().__init__(
            "show.simulation-failed",
            Final(_("The simulation failed: {title}", title=sim.subject.title)),
            Final(sim.summary[-1]),
            Final(hint or _("Correct the proposal and simulate it again; nothing was sent")),
        )

    def as_json(self) -> dict[str, object]:
        """The simulation, and what it means."""
        return self.simulation.as_json() | super().as_json()
