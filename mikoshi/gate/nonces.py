"""Numbers that are used once: given to whoever asks, and remembered only when they were used."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable

from mikoshi.text import clock
from mikoshi.text.units import MINUTE

LASTS = 10 * MINUTE
"""Seconds for which a nonce can be used."""

_TIME, _CHANCE, _SEAL = 10, 16, 32  # hexadecimal digits


class Nonces:
    """The nonces of one process; those of an earlier one are none.

    A nonce carries its time and a seal, so that asking for many fills no memory. `now` is the
    time in Unix seconds.
    """

    def __init__(self, now: Callable[[], int] = clock.now) -> None:
        self._now, self._key = now, secrets.token_bytes(32)
        self._used: dict[str, int] = {}

    def give(self) -> str:
        """A new one."""
        plain = f"{self._now():0{_TIME}x}{secrets.token_hex(_CHANCE // 2)}"
        return plain + self._seal(plain)

    def holds(self, nonce: str) -> bool:
        """Whether this one was given lately, and not used."""
        plain = nonce[: _TIME + _CHANCE]
        if len(nonce) != _TIME + _CHANCE + _SEAL or not hmac.compare_digest(
            nonce[len(plain) :].encode(), self._seal(plain).encode()
        ):
            return False
        given = int(plain[:_TIME], 16)
        return given <= self._now() < given + LASTS and nonce not in self._used

    def use(self, nonce: str) -> bool:
        """Use it up; False where it does not hold."""
        now = self._now()
        self._used = {each: until for each, until in self._used.items() if until > now}
        if not self.holds(nonce):
            return False
        self._used[nonce] = now + LASTS
        return True

    def _seal(self, plain: str) -> str:
        return hmac.new(self._key, plain.encode(), "sha256").hexdigest()[:_SEAL]
