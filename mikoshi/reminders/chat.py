"""Reminders as chats take them: nobody is called, and no word of others becomes a link."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from mikoshi.reminders.reminder import Reminder
from mikoshi.text.console import shortened, visible
from mikoshi.text.json import Json

_ROOM = 1_800  # characters of a message; Discord takes 2,000
_TITLE, _TEXT = 250, 600  # characters of what one reminder says

_GAP = "\u200b"  # a space without width
_LINK = re.compile(r"(?<=[:/@.＠])(?=\S)")
"""Where a gap keeps a chat from seeing an address, a link or a call in a text."""


@dataclass(frozen=True)
class Chat:
    """A kind of chat: what it is called, and the JSON of a message made of plain words."""

    name: str
    escape: Callable[[str], str]
    message: Callable[[str], Json]

    @property
    def variable(self) -> str:
        """The variable of the environment that names its webhook."""
        return f"MIKOSHI_WEBHOOK_{self.name.upper()}"

    def messages(self, reminders: Sequence[Reminder]) -> Iterator[tuple[list[Reminder], Json]]:
        """As few messages as it takes, each with the reminders that it says."""
        said: list[Reminder] = []
        words = ""
        for each in reminders:
            told = self._words(each)
            if words and len(words) + len(told) + 2 > _ROOM:
                yield said, self.message(words)
                said, words = [], ""
            said, words = [*said, each], f"{words}\n\n{told}" if words else told
        if said:
            yield said, self.message(words)

    def _words(self, reminder: Reminder) -> str:
        lines = [self._line(reminder.title, _TITLE), self._line(reminder.text, _TEXT)]
        return "\n".join([*lines, *([f"<{reminder.link}>"] if reminder.link else [])])

    def _line(self, text: str, most: int) -> str:
        return self.escape(_LINK.sub(_GAP, visible(shortened(text, most))))


def _discord(text: str) -> str:
    """Punctuation without its meaning in Discord's Markdown."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", text)


def _slack(text: str) -> str:
    """Words of which Slack makes neither a link nor a call nor bold type."""
    plain = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"(?<=[*_~`])|(?=[*_~`])", _GAP, plain)


DISCORD = Chat(
    "discord", _discord, lambda text: {"content": text, "allowed_mentions": {"parse": []}}
)
SLACK = Chat(
    "slack",
    _slack,
    lambda text: {
        "text": text,
        "mrkdwn": False,
        "parse": "none",
        "link_names": False,
        "unfurl_links": False,
        "unfurl_media": False,
    },
)
CHATS = (DISCORD, SLACK)
