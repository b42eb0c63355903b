"""A review as a document, to be handed to counsel."""

from __future__ import annotations

from collections.abc import Sequence

from mikoshi.papers.compliance.review import Review, notice
from mikoshi.papers.compliance.states import SwitchState
from mikoshi.papers.compliance.switch import Preset, Switch
from mikoshi.text.document import Chapter, Document, Mood, Notice
from mikoshi.text.language import _, listed

_MOODS = {True: Mood.WARNING, False: Mood.GOOD, None: Mood.NOTE}


def document(review: Review) -> Document:
    """Every switch with why it matters and how it is changed, then the presets."""
    looks = review.looks
    switches = [_switch(switch, state) for switch, state in review.states]
    presets = [_preset(preset, against) for preset, against in review.presets]
    return Document(
        dao=review.facts.params["name"],
        kind=_("Review for counsel"),
        subject=review.title,
        mood=_MOODS[bool(looks)],
        verdict=_("{looks} of {count} switches ask for a look", looks=looks, count=len(switches)),
        chapters=[
            Chapter("switches", _("Switches"), switches),
            Chapter("presets", _("Presets"), presets),
        ],
        about=[notice()],
        data=review.as_json(),
    )


def _switch(switch: Switch, state: SwitchState) -> Notice:
    why = [(_("why it matters"), str(switch.why)), (_("how it is changed"), str(switch.change))]
    return Notice(_MOODS[state.look], state.value, _title(switch), why)


def _title(switch: Switch) -> str:
    if not switch.path:
        return str(switch.title)
    return _("{title} ({path})", title=switch.title, path=switch.path)


def _preset(preset: Preset, against: Sequence[Switch]) -> Notice:
    """Its name, and whether it holds, in words."""
    if not against:
        return Notice(Mood.GOOD, str(preset.about), preset.name)
    names = listed(_title(switch) for switch in against)
    return Notice(Mood.BAD, _("not here: {names}", names=names), preset.name)
