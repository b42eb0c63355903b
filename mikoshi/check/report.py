"""What a check found, for people and for programs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar

from mikoshi.replay.dao import RebuiltDao
from mikoshi.text.errors import Line, Words
from mikoshi.text.json import entries_of
from mikoshi.text.language import _, pgettext, speaking
from mikoshi.words.power import lasting_now, returning
from mikoshi.words.seats import open_seats
from mikoshi.words.waiting import InOffice, waiting


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that is not as it should be: where, what, how it should be and how it is.

    `place` and `subject` are texts of the catalogs, or names; `expected` and `found` are words
    already, and `note` says how the difference came about, as far as the chain tells.
    """

    place: Line
    subject: Line
    expected: str
    found: str
    note: Words | str = ""
    json: ClassVar[str] = "where what expected found note"

    @property
    def where(self) -> str:
        """The place for programs, in English."""
        with speaking("en"):
            return _said(self.place)

    @property
    def what(self) -> str:
        """The subject for programs, in English."""
        with speaking("en"):
            return _said(self.subject)

    def __str__(self) -> str:
        return str(self.words)

    @property
    def words(self) -> Words:
        """The difference in one line."""
        note = f" ({self.note})" if self.note else ""
        return Words(
            "{where}: {what}: expected {expected}, found {found}{note}",
            where=_said(self.place),
            what=_said(self.subject),
            expected=self.expected,
            found=self.found,
            note=note,
        )


@dataclass
class CheckSection:
    """One part of a check; `summary` is a few words in brackets.

    `name` is a text of the catalogs, and in English a name for programs.
    """

    name: str
    summary: str = ""
    differences: list[Difference] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Whether all is as it should be."""
        return not self.differences

    @property
    def title(self) -> str:
        """What the part is called, in the language spoken now."""
        return _(self.name)

    def compare(
        self,
        where: Line,
        what: Line,
        expected: object,
        found: object,
        show: Callable[[Any], str] | None = None,
    ) -> bool:
        """Add a difference unless both are equal; whether they are.

        `show` puts the values into words; where the words are the same, they are shown as they are.
        """
        if expected == found:
            return True
        wanted, is_ = (
            show(each) if show and each is not None else _text(each) for each in (expected, found)
        )
        if wanted == is_:
            wanted, is_ = _text(expected), _text(found)
        self.differences.append(Difference(where, what, wanted, is_))
        return False

    def __str__(self) -> str:
        summary = f" ({self.summary})" if self.summary else ""
        return f"{self.title} {'✓' if self.passed else '✗'}{summary}"


@dataclass
class CheckReport:
    """A whole check of a DAO on a chain at `block`, whose time `time` is in Unix seconds."""

    chain_id: int
    block: int
    time: int
    sections: list[CheckSection]
    rebuilt: RebuiltDao

    @property
    def passed(self) -> bool:
        """Whether all is as it should be."""
        return all(section.passed for section in self.sections)

    @property
    def differences(self) -> list[Difference]:
        """Everything that is not."""
        return [each for section in self.sections for each in section.differences]

    def as_json(self) -> dict[str, Any]:
        """The report for programs."""
        lasting = lasting_now(self.rebuilt, self.time)
        return {
            **entries_of(self, "passed chain_id block time"),
            "checks": {section.name: section.passed for section in self.sections},
            "summaries": {section.name: section.summary for section in self.sections},
            "power": asdict(lasting) | {"dangerous": lasting.dangerous},
            "returning": asdict(returning(self.rebuilt, self.time)),
            "governor": entries_of(InOffice.of(self.rebuilt)),
            "waiting": [each.as_json() for each in waiting(self.rebuilt, self.time)],
            "seats": [each.as_json() for each in open_seats(self.rebuilt, self.time)],
            "differences": [
                {"check": section.name} | entries_of(each)
                for section in self.sections
                for each in section.differences
            ],
        }


def _said(text: Line) -> str:
    return str(text) if isinstance(text, Words) else _(text)


def _text(value: object) -> str:
    if value is None:
        return pgettext("what a contract answers", "nothing")
    if isinstance(value, bytes):
        return f"0x{value.hex()}" if len(value) <= 32 else f"0x{value.hex()[:16]}… ({len(value)} B)"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return f"{value:,}" if isinstance(value, int) else str(value)
