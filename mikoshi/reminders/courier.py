"""Says what is due to each chat, once, however often a chat has to be asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice

from mikoshi.reminders.hook import Hook, HookFailedError
from mikoshi.reminders.memory import Memory
from mikoshi.reminders.reminder import Reminder
from mikoshi.text import clock
from mikoshi.text.files import alone
from mikoshi.text.language import _
from mikoshi.text.units import HOUR, MINUTE

_AT_ONCE = 5
"""Messages to one chat in one round: chats refuse who posts more."""


@dataclass
class Delivery:
    """What became of what was due in one chat: said now, or not yet, and why."""

    chat: str
    said: list[Reminder] = field(default_factory=list)
    waiting: list[Reminder] = field(default_factory=list)
    reason: str = ""


def deliver(
    due: Sequence[Reminder], hooks: Sequence[Hook], memory: Memory, command: str
) -> list[Delivery]:
    """Say to each chat what it was not told before; of what fails nothing is lost.

    It is kept as said when the chat has taken it: who is killed between the two says it once more.
    Raises TakenError while another process is at it, and BadInputError where nothing can be kept.
    """
    with alone(memory.path.with_suffix(".lock"), command):
        return [_deliver(due, hook, memory) for hook in hooks]


def unsaid(due: Sequence[Reminder], hook: Hook, memory: Memory) -> list[Reminder]:
    """What a chat was not told yet."""
    said = memory.said(hook.chat.name)
    return [each for each in due if each.key not in said]


def _deliver(due: Sequence[Reminder], hook: Hook, memory: Memory) -> Delivery:
    name = hook.chat.name
    found = Delivery(name, waiting=unsaid(due, hook, memory))
    tries, until = memory.failed(name)
    if found.waiting and clock.now() < until:
        found.reason = _("it failed before, and is left alone for some minutes")
        return found
    for said, message in islice(hook.chat.messages(found.waiting), _AT_ONCE):
        try:
            hook.post(message)
        except HookFailedError as error:
            pause = min(MINUTE * 2 ** min(tries, 6), HOUR)
            memory.fail(name, tries + 1, clock.now() + max(pause, min(error.wait, HOUR)))
            found.reason = error.reason
            break
        memory.say((each.key for each in said), name, clock.now())
        found.said += said
        found.waiting = found.waiting[len(said) :]
    return found
