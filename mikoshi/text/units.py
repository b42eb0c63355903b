"""Numbers with their units, as people write and read them.

Times are in seconds, ratios in basis points (1 % = 100), amounts in the smallest unit of their
currency (wei). What `parse_…` reads may be typed with full-width characters: it is normalized.
Each raises UnitError with a text that says what was expected; it follows the name of the thing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Context, Decimal
from typing import NamedTuple

from mikoshi.text.language import _, current, pick, run_on

MINUTE = 60
HOUR = 3_600
DAY = 86_400
WEEK = 7 * DAY
YEAR = 365 * DAY
"""365 days, always."""

LAST_DATE = 253_402_300_799
"""The end of the year 9999, after which dates have no words. Unix seconds."""

ETHER: Mapping[str, int] = {"ether": 18, "ETH": 18, "gwei": 9, "wei": 0}
"""The units of a chain's own currency, and the decimals of each."""

_EXACT = Context(prec=200)  # the default of 28 digits rounds amounts of 2^96 wei

_SECONDS = {"second": 1, "minute": MINUTE, "hour": HOUR, "day": DAY, "week": WEEK, "year": YEAR}
_SHORT = {"s": "second", "m": "minute", "min": "minute", "h": "hour", "d": "day", "w": "week"}
_JAPANESE = {"秒": "second", "分": "minute", "時間": "hour", "日": "day", "日間": "day"}
_JAPANESE |= {"週間": "week", "年": "year", "年間": "year"}
_SPOKEN = {"year": "年", "day": "日", "hour": "時間", "minute": "分", "second": "秒"}
_MONTHS = {"month", "months", "か月", "ヶ月", "ヵ月", "カ月", "ケ月", "月"}

_NUMBER = r"(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
_DURATION_PART = re.compile(_NUMBER + r"\s*([^\d\s.,]+)[\s,]*")
_PERCENT = re.compile(_NUMBER + r"\s*%")
_AMOUNT = re.compile(_NUMBER + r"\s*(\S+)")


class UnitError(ValueError):
    """Thrown when a text is not what was asked for; the text says what would be."""


class Amount(NamedTuple):
    """`raw` smallest units of the currency `unit`."""

    raw: int
    unit: str


def normalize(text: str) -> str:
    """`text` with full-width digits, letters and signs made ordinary, without outer spaces."""
    return unicodedata.normalize("NFKC", text).strip()


# Durations


def parse_duration(text: str) -> int:
    """Seconds in `5 days`, `1 day 12 hours`, `36h`, `5日`. Whole seconds only."""
    plain = normalize(text)
    total = Decimal(0)
    position = 0
    while match := _DURATION_PART.match(plain, position):
        total += _number(match[1]) * _seconds(match[2])
        position = match.end()
    if not plain or position != len(plain) or total != int(total):
        raise UnitError(_('must be a duration such as "5 days"'))
    return int(total)


def _seconds(word: str) -> int:
    if word.lower() in _MONTHS:
        raise UnitError(_('must be in days, weeks or years, since months differ: "30 days"'))
    name = _JAPANESE.get(word) or _SHORT.get(word.lower()) or word.lower().removesuffix("s")
    if name not in _SECONDS:
        raise UnitError(
            _('must be a duration such as "5 days"; "{word}" is not a unit of time', word=word)
        )
    return _SECONDS[name]


def format_duration(seconds: int) -> str:
    """`5 days`, `1 day 12 hours`, `2 years`: exact, and `parse_duration` reads it back."""
    if seconds == 0:
        return _("0 seconds")
    units = ["year"] if seconds % YEAR == 0 else ["day", "hour", "minute", "second"]
    parts = []
    for unit in units:
        count, seconds = divmod(seconds, _SECONDS[unit])
        if count:
            plural = f"{count:,} {unit}{'s' if count != 1 else ''}"
            parts.append(pick(plural, f"{count:,}{_SPOKEN[unit]}"))
    return run_on(parts)


# Ratios


def parse_percent(text: str) -> int:
    """Basis points in `10%`, `7.5 %`. At most two decimals."""
    match = _PERCENT.fullmatch(normalize(text))
    bps = _number(match[1]) * 100 if match else Decimal("0.5")
    if bps != int(bps):
        raise UnitError(_('must be a percentage such as "10%", with at most two decimals'))
    return int(bps)


def format_percent(bps: int) -> str:
    """`10 %`, `7.5 %`; `parse_percent` reads it back."""
    return f"{_plain(Decimal(bps) / 100)} %"


# Amounts


def parse_number(text: str) -> Decimal:
    """The number in `2,500` or `0.1`."""
    plain = normalize(text)
    if not re.fullmatch(_NUMBER, plain):
        raise UnitError(_("must be a number"))
    return _number(plain)


def scaled(value: Decimal, decimals: int) -> int | None:
    """`value` · 10^`decimals`, exactly; None if that is not a whole number."""
    moved = _EXACT.scaleb(value, decimals)
    return int(moved) if moved == moved.to_integral_value() else None


def parse_amount(text: str, decimals: Mapping[str, int]) -> Amount:
    """The amount in `2,500 USDC`; `decimals` names the units allowed, such as `ETHER`."""
    match = _AMOUNT.fullmatch(normalize(text))
    names = {unit.lower(): unit for unit in decimals}
    if match is None or match[2].lower() not in names:
        units = " / ".join(decimals)
        raise UnitError(
            _(
                'must be a number and its unit ({units}), such as "2,500 {next}"',
                units=units,
                next=next(iter(decimals)),
            )
        )
    unit = names[match[2].lower()]
    raw = scaled(_number(match[1]), decimals[unit])
    if raw is None:
        raise UnitError(
            _(
                "must have at most {decimals} decimals: {unit} has no smaller part",
                decimals=decimals[unit],
                unit=unit,
            )
        )
    return Amount(raw, unit)


def format_amount(raw: int, unit: str, decimals: int = 18, digits: int | None = None) -> str:
    """`2,500 USDC`, `0.01 ether`; with `digits`, rounded down to that many significant digits."""
    value = _EXACT.scaleb(Decimal(raw), -decimals)
    if digits is not None and value:
        last = Decimal(1).scaleb(min(value.adjusted() - digits + 1, 0))
        value = value.quantize(last, "ROUND_DOWN", _EXACT)
    return f"{_plain(value)} {unit}"


def format_voice(raw: int) -> str:
    """`1.71`: a voice to be read; 1 voice = 1e9."""
    return _rounded(raw, 9)


def format_merit(raw: int) -> str:
    """`99.5`: points of merit to be read; 1 point = 1e18."""
    return _rounded(raw, 18)


def _rounded(raw: int, decimals: int) -> str:
    """To four significant digits, halves up: merit fades from the first second on."""
    value = _EXACT.scaleb(Decimal(raw), -decimals)
    last = Decimal(1).scaleb(min(value.adjusted() - 3, 0) if value else 0)
    return _plain(value.quantize(last, "ROUND_HALF_UP", _EXACT))


# Points in time


def format_time(timestamp: int, now: int) -> str:
    """`Tue 24 Nov 14:00 UTC`, with the year where it is not the same as `now`'s.

    What lies beyond the year 9999, which anybody can write on a chain, has no date.
    """
    if timestamp > LAST_DATE:
        return _("after the year 9999")
    moment, today = (datetime.fromtimestamp(each, UTC) for each in (timestamp, now))
    other_year = moment.year != today.year
    if current() == "ja":
        weekday = "月火水木金土日"[moment.weekday()]
        date = f"{moment.month}月{moment.day}日({weekday}) {moment:%H:%M} UTC"
        return f"{moment.year}年{date}" if other_year else date
    year = f" {moment.year}" if other_year else ""
    return f"{moment:%a} {moment.day} {moment:%b}{year} {moment:%H:%M} UTC"


def format_countdown(seconds: int) -> str:
    """`41 h 12 m`, `3 d 4 h`, `40 s`: the two largest units, rounded up."""
    units = [("d", "日", DAY), ("h", "時間", HOUR), ("m", "分", MINUTE), ("s", "秒", 1)]
    if seconds >= 3 * DAY:
        units, step = units[:2], HOUR
    elif seconds >= HOUR:
        units, step = units[1:3], MINUTE
    else:
        units, step = units[2:], 1
    seconds = -(-seconds // step) * step
    parts = []
    for english, japanese, size in units:
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(_("{count} {english}", count=count, english=english, japanese=japanese))
    return pick(" ".join(parts) or "0 s", "".join(parts) or "0秒")


def format_when(timestamp: int, now: int) -> str:
    """`in 41 h 12 m (Tue 24 Nov 14:00 UTC)`, or `2 h 5 m ago (…)`."""
    span = format_countdown(abs(timestamp - now))
    moment = format_time(timestamp, now)
    if timestamp < now:
        return _("{span} ago ({moment})", span=span, moment=moment)
    return _("in {span} ({moment})", span=span, moment=moment)


def _number(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


def _plain(value: Decimal) -> str:
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
