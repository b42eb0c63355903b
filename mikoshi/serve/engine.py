"""The one thread that owns the connection with the node, the index, and the sponsor's account."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import TYPE_CHECKING, TypeVar

from mikoshi.ballots.signed import Signed
from mikoshi.cli.failures import explained
from mikoshi.serve.guards import BrokenError
from mikoshi.serve.kept import Act, Kept, StoreLostError
from mikoshi.serve.refusal import refusal
from mikoshi.text import clock
from mikoshi.text.errors import ChainError, DefectError, MikoshiError
from mikoshi.text.json import Json
from mikoshi.text.language import N_, Language, speaking
from mikoshi.text.units import HOUR

if TYPE_CHECKING:
    from mikoshi.context.context import Context
    from mikoshi.serve.following import Follower
    from mikoshi.serve.judging import Verdict
    from mikoshi.serve.relaying import Relaying

T = TypeVar("T")

INBOX = 500
"""Acts that wait to be judged."""

_AT_ONCE = 200
"""Acts that are judged together."""

_STALE = 60.0
"""Seconds after which what was seen last is not the DAO of this moment any more."""

Answer = tuple[int, Json] | MikoshiError
"""An HTTP status, and what is said; or why nothing was done."""


class NodeAwayError(ChainError):
    """Thrown while the node of a server does not answer."""

    def __init__(self) -> None:
        super().__init__(
            "serve.node-away",
            N_("The chain cannot be asked at the moment"),
            N_("the node of this server does not answer"),
            N_("Try again in a minute, or send the line to somebody who relays it"),
        )


@dataclass(frozen=True)
class Given:
    """An act that somebody gave, and where its answer is waited for."""

    id: str
    line: str
    signed: Signed
    language: Language
    answer: Future[Answer] = field(default_factory=Future)


class Engine(Thread):
    """Looks at the chain every `pause` seconds, and judges in between what is given.

    `tell` is told, in words, what went wrong and what is well again.
    """

    def __init__(
        self,
        follower: Follower,
        relaying: Relaying | None,
        pause: float,
        language: Language,
        tell: Callable[[str], None],
    ) -> None:
        super().__init__(name="engine", daemon=True)
        self.follower = follower
        self.relaying = relaying
        self.away: MikoshiError | None = None
        """Why the chain could not be read when it was tried last."""

        self.each_look: Callable[[Context], None] = lambda _: None
        """Called by this thread with the DAO, after each look at the chain."""

        self.looked = Event()
        self._seen = 0.0
        self._pause, self._language, self._tell = pause, language, tell
        self._inbox: queue.Queue[Given] = queue.Queue(INBOX)
        self._stopping = Event()
        self._pruned, self._told = 0, ""

    def give(self, given: Given) -> None:
        """Let an act be judged. Raises queue.Full."""
        self._inbox.put_nowait(given)

    def fresh(self, what: Callable[[Context], T]) -> T:
        """What is read of the DAO of this moment. Raises NodeAwayError where nobody knows it."""
        context = self.follower.context
        if self.away or context is None or time.monotonic() - self._seen > _STALE:
            raise NodeAwayError
        with self.follower.lock:
            return what(context)

    def stop(self) -> None:
        """End the thread, once what it is doing is done."""
        self._stopping.set()
        self.join()

    def run(self) -> None:
        """Until it is stopped."""
        with speaking(self._language):
            try:
                self._run()
            finally:
                self.follower.close()

    def _run(self) -> None:
        due = 0.0
        while not self._stopping.is_set():
            if time.monotonic() >= due:
                self._look()
                due = time.monotonic() + self._pause
            with suppress(queue.Empty):
                given = [self._inbox.get(timeout=max(0.01, min(0.5, due - time.monotonic())))]
                with suppress(queue.Empty):
                    while len(given) < _AT_ONCE:
                        given.append(self._inbox.get_nowait())
                self._judge(given)

    # The chain

    def _look(self) -> None:
        try:
            self.follower.renew()
            self.away, self._seen = None, time.monotonic()
        except Exception as error:  # whatever it is, the next look may do better
            self.away = explained(error)
        trouble = self.away
        if trouble is None and self.relaying is not None:
            try:
                self.relaying.round()
                self._prune(self.relaying)
            except Exception as error:
                trouble = explained(error)
        if self.away is None:
            try:
                self.each_look(self.follower.now)
            except Exception as error:
                trouble = trouble or explained(error)
        self._say(trouble)
        self.looked.set()

    def _prune(self, relaying: Relaying) -> None:
        now = clock.now()
        if now - self._pruned >= HOUR:
            self._pruned = now
            relaying.store.prune(now)

    def _say(self, trouble: MikoshiError | None) -> None:
        """Tell of trouble once, however long it lasts."""
        said_now = "" if trouble is None else trouble.kind
        if said_now != self._told and trouble is not None:
            self._tell("; ".join(trouble.lines))
        self._told = said_now

    # Acts

    def _judge(self, given: list[Given]) -> None:
        for language in {each.language for each in given}:
            wanted = [each for each in given if each.language == language]
            with speaking(language):
                for each, answer in zip(wanted, self._answers(wanted), strict=True):
                    if each.answer.set_running_or_notify_cancel():
                        each.answer.set_result(answer)

    def _answers(self, given: list[Given]) -> list[Answer]:
        if self.away is not None or self.relaying is None:
            return [NodeAwayError()] * len(given)
        try:
            self.follower.renew()  # it may be about what stands in a block of this moment
            verdicts = self.relaying.judging.judge(
                {each.id: (each.line, each.signed) for each in given}
            )
        except StoreLostError as error:
            return [error] * len(given)
        except Exception as error:
            known = explained(error)
            self._say(known)
            broken = isinstance(known, DefectError)
            return [BrokenError() if broken else NodeAwayError()] * len(given)
        return [_answer(verdicts[each.id]) for each in given]


def _answer(verdict: Verdict) -> Answer:
    """What is said of an act, in the language spoken now."""
    if isinstance(verdict, Act):
        return (200 if verdict.fate is Kept.COUNTED else 202), fate_of(verdict)
    return (422, refusal(verdict)) if isinstance(verdict, list) else verdict


def fate_of(act: Act) -> Json:
    """The fate of an act that is not refused, as it is told."""
    fate = Kept.WAITING if act.fate is Kept.CLAIMED else act.fate
    told = {"id": act.id, "fate": fate.value}
    return told | ({"transaction": act.hash} if act.hash else {})
