"""What is due, as a feed that readers and chats subscribe to (Atom, RFC 4287)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import NAMESPACE_URL, uuid5
from xml.etree.ElementTree import Element, SubElement, tostring

from mikoshi.reminders.reminder import Reminder

FEED = "application/atom+xml; charset=utf-8"

_UNSAID = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML has no way to say."""


def feed(reminders: Sequence[Reminder], name: str, dao: str, now: int, page: str = "") -> str:
    """The reminders that are due at `now`, the latest first; `page` is where the DAO is found.

    The ids of feed and entries follow from `dao` and their keys alone.
    """
    due = sorted((each for each in reminders if each.is_due(now)), key=lambda each: -each.at)
    root = Element("feed", {"xmlns": "http://www.w3.org/2005/Atom"})
    _add(root, "id", _id(dao))
    _add(root, "title", name)
    _add(root, "updated", _time(due[0].at if due else 0))
    _add(SubElement(root, "author"), "name", name)
    if page:
        SubElement(root, "link", {"href": page})
    for each in due:
        entry = SubElement(root, "entry")
        _add(entry, "id", _id(f"{dao}/{each.key}"))
        _add(entry, "title", each.title)
        _add(entry, "updated", _time(each.at))
        if each.link:
            SubElement(entry, "link", {"href": each.link})
        _add(entry, "content", each.text)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + tostring(root, "unicode") + "\n"


def _add(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = _UNSAID.sub("", text)


def _id(name: str) -> str:
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'mikoshi:{name}')}"


def _time(moment: int) -> str:
    return f"{datetime.fromtimestamp(moment, UTC):%Y-%m-%dT%H:%M:%SZ}"
