"""Nobody waits for a node that is dead."""

from __future__ import annotations

import time
from collections.abc import Iterator
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

    clock = SimpleNamespace(sleep=sleep, monotonic=lambda: time.monotonic() + ahead)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("mikoshi.chain.sender.time", clock)
        yield
