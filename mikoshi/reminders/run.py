"""One round of reminders without a server: shown, said to the chats, written into files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mikoshi.context.context import Context
from mikoshi.reminders.bulletin import Bulletin, spoken
from mikoshi.reminders.courier import Delivery, deliver, unsaid
from mikoshi.reminders.hook import Hook
from mikoshi.reminders.memory import Memory
from mikoshi.report.reading import ringing_now
from mikoshi.text.console import Console
from mikoshi.text.errors import ChainError, NothingSentError
from mikoshi.text.files import TakenError, write_atomically
from mikoshi.text.json import plain
from mikoshi.text.language import N_, _


def read(context: Context) -> Bulletin:
    """What is due in a DAO, alarms among it. Raises RpcError and UnreachableError."""
    with spoken(context.session.config.reminders):
        alarms = ringing_now(context)
    return Bulletin.of(context, alarms)


def write(bulletin: Bulletin, folder: Path) -> list[Path]:
    """Write calendar and feed into a folder. Raises UnwrittenError."""
    files = {folder / "calendar.ics": bulletin.calendar(), folder / "feed.atom": bulletin.feed()}
    for path, text in files.items():
        write_atomically(path, text)
    return [*files]


def say(
    bulletin: Bulletin, hooks: Sequence[Hook], memory: Memory, *, dry_run: bool
) -> list[Delivery]:
    """Say what is due to each chat, or only what would be said.

    Raises NotNowError while another process is at it, and BadInputError.
    """
    if dry_run:
        return [Delivery(each.chat.name, [], unsaid(bulletin.due, each, memory)) for each in hooks]
    try:
        return deliver(bulletin.due, hooks, memory, "remind")
    except TakenError as taken:
        raise NothingSentError(
            "reminders.under-way",
            N_("Another process is reminding right now"),
            N_("two at once could say the same twice: {holder}"),
            N_("Wait until it ends; what is due is said by the next run"),
            holder=taken.holder,
        ) from taken


def show(out: Console, bulletin: Bulletin, deliveries: Sequence[Delivery]) -> None:
    """What is due, and what each chat was told of it."""
    for due in bulletin.due:
        out.say(due.title, style="bold")
        out.say(f"  {due.text}")
    if not bulletin.due:
        out.say(_("nothing is due"))
    for each in deliveries:
        count = len(each.said)
        if count:
            out.good(_("{chat}: {count} said", chat=each.chat, count=count))
        if each.waiting:
            waiting = _("{chat}: {count} to be said", chat=each.chat, count=len(each.waiting))
            (out.warn if each.reason else out.say)(waiting)


def as_json(bulletin: Bulletin, deliveries: Sequence[Delivery]) -> dict[str, Any]:
    """The same for programs."""
    chats = [
        {
            "chat": each.chat,
            "said": [one.key for one in each.said],
            "waiting": [one.key for one in each.waiting],
            "reason": each.reason or None,
        }
        for each in deliveries
    ]
    return {"now": bulletin.now, "due": plain(bulletin.due), "chats": chats}


def require_said(deliveries: Sequence[Delivery], report: dict[str, Any]) -> None:
    """Raise ChainError where a chat did not take what it was to be told."""
    failed = [each for each in deliveries if each.reason]
    if failed:
        raise ChainError(
            "reminders.hook-failed",
            N_("{chat} did not take what is due"),
            "{reason}",
            N_("Nothing is lost: the next run says it, as long as it is due"),
            chat=" / ".join(each.chat for each in failed),
            reason=failed[0].reason,
        ).with_report(report)
