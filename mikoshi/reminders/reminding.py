"""Reminds the community for as long as a server runs; a chat that is slow holds up nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from threading import Event, Thread

from mikoshi.context.context import Context
from mikoshi.reminders.bulletin import Bulletin, spoken
from mikoshi.reminders.courier import deliver
from mikoshi.reminders.hook import Hook
from mikoshi.reminders.memory import Memory
from mikoshi.reminders.reminder import Due
from mikoshi.report.alarm import Alarm
from mikoshi.report.reading import ringing_now
from mikoshi.text.errors import MikoshiError
from mikoshi.text.files import TakenError
from mikoshi.text.units import HOUR, MINUTE


class Reminding:
    """What is due, looked at as the chain goes on, and said to the chats by a thread of its own.

    `tell` is told in words that a chat fails.
    """

    def __init__(self, hooks: Sequence[Hook], memory: Memory, tell: Callable[[str], None]) -> None:
        self._hooks, self._memory, self._tell = hooks, memory, tell
        self.bulletin: Bulletin | None = None
        """As of the last look; None before the first one."""

        self._alarms: Sequence[Alarm] = ()
        self._rung = self._looked = -1  # hours and minutes of the chain
        self._since: dict[str, int] = {}
        self._stopping, self._news = Event(), Event()
        self._thread = Thread(target=self._run, name="reminders", daemon=True)
        if hooks:
            self._thread.start()

    def look(self, context: Context) -> None:
        """Look at a DAO, once in a minute of its chain; at the alarms once an hour.

        Raises RpcError and UnreachableError.
        """
        now = context.now
        if now // MINUTE == self._looked:
            return
        if now // HOUR != self._rung:
            with spoken(context.session.config.reminders):
                self._alarms = ringing_now(context)
            self._rung = now // HOUR
        found = Bulletin.of(context, self._alarms)
        since = {
            each.key: self._since.get(each.key, each.at)
            for each in found.reminders
            if each.kind is Due.ALARM
        }
        dated = [replace(each, at=since.get(each.key, each.at)) for each in found.reminders]
        self.bulletin, self._since = replace(found, reminders=dated), since
        self._looked = now // MINUTE
        self._news.set()

    def close(self) -> None:
        """End the thread; a message that is on its way has its time to arrive."""
        self._stopping.set()
        self._news.set()
        if self._hooks:
            self._thread.join()
        self._memory.close()

    def _run(self) -> None:
        failing = ""
        while True:
            self._news.wait(MINUTE)  # a chat may be well again though the chain stands still
            self._news.clear()
            if self._stopping.is_set():
                return
            if self.bulletin is None:
                continue
            reasons = self._deliver(self.bulletin)
            if reasons and reasons != failing:
                self._tell(reasons)
            failing = reasons

    def _deliver(self, bulletin: Bulletin) -> str:
        """Say what is due; why some of it could not be said."""
        with suppress(TakenError):  # `remind` is at it
            try:
                found = deliver(bulletin.due, self._hooks, self._memory, "serve")
            except MikoshiError as error:
                return "; ".join(error.lines)
            return "; ".join(f"{each.chat}: {each.reason}" for each in found if each.reason)
        return ""
