"""Points in time as people type them."""

from __future__ import annotations

from datetime import UTC, datetime

from mikoshi.text.errors import BadInputError
from mikoshi.text.language import N_, typed
from mikoshi.text.units import UnitError, format_time, normalize, parse_duration

_AGO = N_("ago")
"""What stands behind a duration that is over."""


def parse_moment(text: str, now: int, option: str) -> int:
    """Unix seconds of `2026-11-24 14:00` (UTC unless it says otherwise), `3 days`, `3 days ago`.

    A duration counts from `now`. Raises BadInputError, which names the `option`.
    """
    plain = normalize(text)
    for ending in typed(_AGO):
        if plain.endswith(ending):
            return now - _duration(plain.removesuffix(ending), text, option)
    try:
        moment = datetime.fromisoformat(plain)
    except ValueError:
        return now + _duration(plain, text, option)
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())


def moment_text(time: int) -> str:
    """`2026-11-24T14:00:00Z`: a moment as `parse_moment` reads it back."""
    return f"{datetime.fromtimestamp(time, UTC):%Y-%m-%dT%H:%M:%SZ}"


def parse_past(text: str | None, now: int) -> int:
    """A moment that is not to come, Unix seconds: `now` if none is named. Raises BadInputError."""
    if text is None:
        return now
    time = parse_moment(text, now, "--at")
    if time > now:
        raise BadInputError(
            "time.ahead",
            N_("{option} must not lie ahead: {moment}, and it is {present}"),
            N_("times are in UTC unless they say otherwise (+09:00)"),
            N_("Correct it and run the command again"),
            option="--at",
            moment=format_time(time, now),
            present=format_time(now, now),
        )
    return time


def parse_end(text: str | None, now: int, usual: int) -> int:
    """When a signature ends, Unix seconds: `usual` unless said otherwise. Raises BadInputError."""
    if text is None:
        return usual
    end = parse_moment(text, now, "--until")
    if end <= now:
        raise BadInputError(
            "time.over",
            N_("{option} must lie ahead: {moment} is over, it is {present}"),
            N_("times are in UTC unless they say otherwise (+09:00)"),
            N_("Correct it and run the command again"),
            option="--until",
            moment=format_time(end, now),
            present=format_time(now, now),
        )
    return end


def _duration(plain: str, text: str, option: str) -> int:
    try:
        return parse_duration(plain)
    except UnitError:
        raise BadInputError(
            "time.not-a-time",
            N_('{option} must be a time such as "2026-11-24 14:00" or "3 days", got {text}'),
            N_("times are in UTC unless they say otherwise (+09:00)"),
            N_("Correct it and run the command again"),
            option=option,
            text=text,
        ) from None
