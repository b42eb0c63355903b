"""The clock of a sender, so that no test depends on how long something takes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Protocol

import pytest


class Mortal(Protocol):
    """A node that may be dead."""

    dead: bool


@contextmanager
def no_waiting(node: Mortal) -> Iterator[None]:
    """A sender's first pause while `node` is dead takes an hour of its patience, and no time.

    How long a living node takes does not matter then: the patience need not be short.
    """
    ahead = 0.0

    def sleep(seconds: float) -> None:
        nonlocal ahead
        if node.dead:
            ahead += 3600
        else:
            time.sleep(seconds)

    with _clock(sleep, lambda: time.monotonic() + ahead):
        yield


class Clock:
    """Time that passes in pauses alone; `pauses` are those of whoever asks a node again."""

    def __init__(self) -> None:
        self.now = 0.0
        self.pauses: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.pauses.append(seconds)

    def monotonic(self) -> float:
        return self.now


@contextmanager
def leaping(meanwhile: Callable[[], object] = lambda: None) -> Iterator[None]:
    """Only a sender's pauses take time, and are over at once; `meanwhile` happens in each.

    A node that mines by itself gets a moment in each, or patience would leap over it.
    """
    now = 0.0

    def sleep(seconds: float) -> None:
        nonlocal now
        now += seconds
        time.sleep(0.002)
        meanwhile()

    with _clock(sleep, lambda: now):
        yield


@contextmanager
def _clock(sleep: Callable[[float], None], monotonic: Callable[[], float]) -> Iterator[None]:
    clock = SimpleNamespace(sleep=sleep, monotonic=monotonic)
    with pytest.MonkeyPatch.context() as patch:
        for each in ("sender", "rpc"):
            patch.setattr(f"mikoshi.chain.{each}.time", clock)
        yield
