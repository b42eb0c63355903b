"""How the community is reminded of what is due: its language, and its zone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from typing_extensions import override

from mikoshi.config.kinds import Kind, Label, Section, ValueProblemError, written
from mikoshi.config.words import OneOf
from mikoshi.text.language import LANGUAGES, N_
from mikoshi.text.zone import zone_of


@dataclass(frozen=True)
class Zone(Kind):
    """A zone by its name in the tz database."""

    @override
    def read(self, value: Any) -> str:
        try:
            return zone_of(value if isinstance(value, str) else "").key
        except ValueError as error:
            raise ValueProblemError(
                "zone.unknown",
                N_('must be a zone such as "Asia/Tokyo" or "UTC", got {got}'),
                got=written(value),
            ) from error


class RemindersSection(Section):
    """How the community is reminded."""

    about = Label("How the community is reminded of what is due; change it whenever you like")

    language: Annotated[str, OneOf(LANGUAGES), Label("Language of what they say")] = "ja"
    zone: Annotated[str, Zone(), Label("Zone of the times that they tell")] = "Asia/Tokyo"
