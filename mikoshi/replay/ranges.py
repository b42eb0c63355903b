"""How many blocks to ask a node about at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TypeVar

from mikoshi.chain.rpc import Rpc, RpcError, UnreachableError

Found = TypeVar("Found")

_MOST = 100_000  # blocks
_PATIENCE = 64  # ranges

_EXACT_RANGE = re.compile(r"\[\s*0x([0-9a-f]+)\s*,\s*0x([0-9a-f]+)\s*\]", re.I)
_LIMIT = re.compile(r"(\d[\d,]*)(k?)[ -](?:block|range)|range\D{1,12}(\d[\d,]*)(k?)", re.I)


class Stride:
    """As many blocks as a node answers for: fewer once it refuses, more again after a while.

    A node that names a range or a limit is taken at its word. When it refuses more again and
    again, it is asked for more less and less often.
    """

    def __init__(self) -> None:
        self.size = _MOST
        self._patience = 1
        self._taken = 0
        self._grown = False

    def taken(self) -> None:
        """The node answered."""
        if self._grown:
            self._patience, self._grown = 1, False
        self._taken += 1
        if self._taken >= self._patience and self.size < _MOST:
            self.size, self._grown, self._taken = min(2 * self.size, _MOST), True, 0

    def refused(self, first: int, last: int, message: str) -> None:
        """The node refused the blocks `first` … `last` and said why."""
        if self._grown:
            self._patience, self._grown = min(2 * self._patience, _PATIENCE), False
        asked = last - first + 1
        self.size, self._taken = suggested(first, asked, message) or max(1, asked // 2), 0


def suggested(first: int, asked: int, message: str) -> int | None:
    """How many blocks from `first`, fewer than `asked`, a refusal says it would answer for."""
    exact = _EXACT_RANGE.search(message)
    if exact and int(exact[1], 16) == first:
        sizes = [int(exact[2], 16) - first + 1]
    else:
        found = (match.groups() for match in _LIMIT.finditer(message))
        sizes = [_number(a or c, b or d) for a, b, c, d in found]
    return max((size for size in sizes if 0 < size < asked), default=None)


def _number(digits: str, thousands: str | None) -> int:
    return int(digits.replace(",", "")) * (1_000 if thousands else 1)


def ranges(
    rpc: Rpc, first: int, last: int, ask: Callable[[int, int], Found]
) -> Iterator[tuple[int, Found]]:
    """What `ask` finds in blocks `first` … `last`, in order, with the last block of each range.

    A range that the node refuses, or does not answer although it answers other questions, is
    shortened. Raises RpcError when the node refuses even a single block, and UnreachableError.
    """
    stride = Stride()
    while first <= last:
        end = min(first + stride.size - 1, last)
        try:
            found = ask(first, end)
        except (RpcError, UnreachableError) as error:
            if end == first:
                raise
            if isinstance(error, RpcError):
                stride.refused(first, end, error.message)
            else:
                rpc.block_number()  # raises where the node answers nothing at all
                stride.refused(first, end, error.reason)
            continue
        stride.taken()
        yield end, found
        first = end + 1
