"""A simulation as a document."""

from __future__ import annotations

from mikoshi.simulate.simulation import LEVELS, Level, Simulation
from mikoshi.text.document import Chapter, Document, Mood, Notice, Quotation
from mikoshi.text.language import _, ngettext

_MOODS: dict[Level, Mood] = {"failure": Mood.BAD, "warning": Mood.WARNING, "info": Mood.NOTE}


def document(sim: Simulation, command: str = "") -> Document:
    """What it did and what there is to say; `command` is what to run next if it is fine."""
    findings = [
        Notice(_MOODS[level], text)
        for level in LEVELS
        for text in sim.of(level)
        if text != sim.headline
    ]
    chapters = [Chapter("findings", _("Findings"), findings)] if findings else []
    if sim.subject.what.text:
        said = [Quotation(sim.subject.what.text)]
        chapters.append(Chapter("text", _("What the proposal says"), said))
    return Document(
        dao=sim.dao,
        kind=_("Simulation of a proposal"),
        subject=sim.subject.title,
        mood=_mood(sim),
        verdict=_verdict(sim),
        chapters=[*chapters, *sim.chapters],
        about=_about(sim),
        step=_step(sim),
        command="" if sim.failed else command,
        data=sim.as_json(),
    )


def _mood(sim: Simulation) -> Mood:
    if sim.failed:
        return Mood.BAD
    if sim.of("warning"):
        return Mood.WARNING
    return Mood.GOOD if sim.subject.steps else Mood.NOTE


def _verdict(sim: Simulation) -> str:
    """Whether it executes; and where it does and should not, why."""
    if sim.failed and sim.reason is None:
        return _("{headline}, but: {why}", headline=sim.headline, why=sim.of("failure")[0])
    count = len(sim.of("warning"))
    if sim.failed or not count:
        return sim.headline
    return ngettext(
        "{headline}; {count} warning",
        "{headline}; {count} warnings",
        count,
        headline=sim.headline,
        count=count,
    )


def _about(sim: Simulation) -> list[str]:
    lines = [] if sim.reason or not sim.subject.steps else [sim.summary[1]]
    where = _(
        "Tried on a copy of chain {chain_id} at block {block:,}; nothing was sent",
        chain_id=sim.chain_id,
        block=sim.block,
    )
    made = sim.subject.made
    return [*lines, where, *([_("Proposal {id}", id=made.id)] if made else [])]


def _step(sim: Simulation) -> str:
    if sim.failed:
        return _hint()
    return _("see how it stands") if sim.subject.made else _("propose it")


def _hint() -> str:
    return _("Correct the proposal and simulate it again; nothing was sent")
