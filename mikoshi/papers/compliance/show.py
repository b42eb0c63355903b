"""A review as a table, and as Markdown to be handed to counsel."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from mikoshi.papers.compliance.review import Review, notice
from mikoshi.papers.compliance.switch import Preset, Switch
from mikoshi.simulate.markdown import escaped
from mikoshi.text.console import Console
from mikoshi.text.files import write_atomically
from mikoshi.text.language import _, listed


def show_review(out: Console, review: Review) -> None:
    """Every switch with why it matters and how it is changed, then the presets."""
    out.say(review.title, style="bold")
    out.say(notice())
    looks, count = review.looks, len(review.states)
    out.say(_("{looks} of {count} switches ask for a look (⚠):", looks=looks, count=count))
    rows = []
    for switch, state in review.states:
        why = [str(switch.why), f"→ {switch.change}"] if state.look is not None else []
        rows.append((_mark(state.look), _title(switch), "\n".join([state.value, *why])))
    out.table(["", _("switch"), _("here")], rows)
    out.say()
    out.table(
        ["", _("preset"), ""],
        (_preset(preset, against) for preset, against in review.presets),
    )


def markdown(review: Review) -> str:
    """The same as a document."""
    lines = [f"# {escaped(review.title)}", "", notice(), ""]
    for switch, state in review.states:
        lines += [f"## {_mark(state.look)} {_title(switch)}", "", f"**{escaped(state.value)}**", ""]
        lines += [str(switch.why), "", f"→ {switch.change}", ""]
    lines += [f"## {_('Presets')}", ""]
    for preset, against in review.presets:
        mark, name, words = _preset(preset, against)
        lines.append(f"- {mark} `{name}`: {words}")
    return "\n".join(lines) + "\n"


def save(review: Review, path: Path) -> None:
    """Write the document. Raises UnwrittenError."""
    write_atomically(path, markdown(review))


def _title(switch: Switch) -> str:
    if not switch.path:
        return str(switch.title)
    return _("{title} ({path})", title=switch.title, path=switch.path)


def _preset(preset: Preset, against: Sequence[Switch]) -> tuple[str, str, str]:
    """Its mark, its name, and whether it holds, in words."""
    if not against:
        return "✓", preset.name, str(preset.about)
    names = listed(_title(switch) for switch in against)
    return "✗", preset.name, _("not here: {names}", names=names)


def _mark(look: bool | None) -> str:
    return {True: "⚠", False: "✓", None: "–"}[look]
