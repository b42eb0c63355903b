"""A DAO's reminders as its community gets them: in its language, with times in its zone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from mikoshi.config.sections import RemindersSection
from mikoshi.context.context import Context
from mikoshi.reminders.calendar import calendar
from mikoshi.reminders.due import reminders
from mikoshi.reminders.feed import feed
from mikoshi.reminders.reminder import Reminder
from mikoshi.report.alarm import Alarm
from mikoshi.text.language import speaking
from mikoshi.text.units import in_zone


@dataclass(frozen=True)
class Bulletin:
    """What is due and what will be, as of the block at `now` (Unix seconds)."""

    reminders: Sequence[Reminder]
    now: int
    name: str
    dao: str
    page: str

    @classmethod
    def of(cls, context: Context, alarms: Sequence[Alarm] = ()) -> Bulletin:
        """Those of a DAO; `alarms` were made in its language."""
        manifest, config = context.manifest, context.session.config
        with spoken(config.reminders):
            found = reminders(context, alarms)
        treasury = manifest.addresses["treasury"]
        dao = f"{treasury.lower()}.{manifest.chain_id}.mikoshi"
        return cls(found, context.now, manifest.name, dao, config.page.url)

    @property
    def due(self) -> list[Reminder]:
        """What is due now."""
        return [each for each in self.reminders if each.is_due(self.now)]

    def calendar(self) -> str:
        """The calendar."""
        return calendar(self.reminders, self.name, self.dao, self.now)

    def feed(self) -> str:
        """The feed."""
        return feed(self.reminders, self.name, self.dao, self.now, self.page)


@contextmanager
def spoken(settings: RemindersSection) -> Iterator[None]:
    """Speak the community's language, and tell times in its zone, while inside."""
    with speaking(settings.language), in_zone(settings.zone):
        yield
