"""Numbers with their units, as people write and read them.

Times are in seconds, ratios in basis points (1 % = 100), amounts in the smallest unit of their
currency (wei). What `parse_…` reads may be typed with full-width characters: it is normalized.
Each raises UnitError with a text that says what was expected; it follows the name of the thing.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from decimal import Context, Decimal
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from mikoshi.text.errors import ProblemError
from mikoshi.text.language import N_, _, ngettext, pgettext, run_on

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

NUMBER = r"(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
"""A number as people write it."""

_PERCENT = re.compile(NUMBER + r"\s*%")
_AMOUNT = re.compile(NUMBER + r"\s*(\S+)")


_zone: ContextVar[ZoneInfo | None] = ContextVar("zone", default=None)

_IGNORED = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufff8"
    "\U000e0000-\U000e0fff]"
)
"""What Unicode lets a screen leave out (Default_Ignorable_Code_Point) beside format characters."""

_RAISED = ("<super>", "<sub>", "<fraction>")


class UnitError(ProblemError):
    """Thrown when a text is not what was asked for; the words say what would be."""


class Amount(NamedTuple):
    """`raw` smallest units of the currency `unit`."""

    raw: int
    unit: str


def normalize(text: str) -> str:
    """`text` with full-width digits, letters and signs made ordinary, and what nobody sees dropped.

    Without outer spaces. For what has no meaning but the one it is read for: a name keeps its own.
    """
    if text.isascii():
        return text.strip()
    seen = "".join(each for each in text if not _unseen(each))
    if any(unicodedata.decomposition(each).startswith(_RAISED) for each in seen):
        return seen.strip()  # 10² is not 102
    return unicodedata.normalize("NFKC", seen).strip()


@functools.lru_cache(4096)
def hidden(character: str) -> bool:
    """Whether a character by itself changes a text or the screen without being seen."""
    kinds = ("Cc", "Cs", "Zl", "Zp")
    control = unicodedata.category(character) in kinds and character not in "\n\t"
    return control or _unseen(character)


def _unseen(character: str) -> bool:
    """Whether no screen shows a character, wherever it stands."""
    return unicodedata.category(character) == "Cf" or _IGNORED.fullmatch(character) is not None


# Durations


def format_duration(seconds: int) -> str:
    """`5 days`, `1 day 12 hours`, `2 years`: exact, and `parse_duration` reads it back."""
    if seconds and seconds % YEAR == 0:
        years = seconds // YEAR
        return ngettext("{count:,} year", "{count:,} years", years, count=years)
    (days, rest), (minutes, over) = divmod(seconds, DAY), divmod(seconds % HOUR, MINUTE)
    parts = [
        (days, ngettext("{count:,} day", "{count:,} days", days, count=days)),
        (rest // HOUR, ngettext("{count} hour", "{count} hours", rest // HOUR, count=rest // HOUR)),
        (minutes, ngettext("{count} minute", "{count} minutes", minutes, count=minutes)),
        (over, ngettext("{count} second", "{count} seconds", over, count=over)),
    ]
    return run_on([words for count, words in parts if count] or [parts[-1][1]])


# Ratios


def parse_percent(text: str) -> int:
    """Basis points in `10%`, `7.5 %`. At most two decimals."""
    match = _PERCENT.fullmatch(normalize(text))
    bps = _number(match[1]) * 100 if match else Decimal("0.5")
    if bps != int(bps):
        raise UnitError(
            "value.not-a-percentage",
            N_('must be a percentage such as "10%", with at most two decimals'),
        )
    return int(bps)


def format_percent(bps: int) -> str:
    """`10 %`, `7.5 %`; `parse_percent` reads it back."""
    return f"{_plain(Decimal(bps) / 100)} %"


# Amounts


def parse_number(text: str) -> Decimal:
    """The number in `2,500` or `0.1`."""
    plain = normalize(text)
    if not re.fullmatch(NUMBER, plain):
        raise UnitError("value.not-a-number", N_("must be a number"))
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
        raise UnitError(
            "value.not-an-amount",
            N_('must be a number and its unit ({units}), such as "2,500 {unit}"'),
            units=" / ".join(decimals),
            unit=next(iter(decimals)),
        )
    unit = names[match[2].lower()]
    raw = scaled(_number(match[1]), decimals[unit])
    if raw is None:
        raise UnitError(
            "value.too-many-decimals",
            N_("must have at most {decimals} decimals: {unit} has no smaller part"),
            decimals=decimals[unit],
            unit=unit,
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
    """`Tue 24 Nov 23:00 JST, 14:00 UTC`: in the zone of this computer, and in UTC beside it.

    The year stands there where it is not the same as `now`'s. What lies beyond the year 9999, which
    anybody can write on a chain, has no date.
    """
    if timestamp > LAST_DATE:
        return _("after the year 9999")
    local, there = _here(timestamp), datetime.fromtimestamp(timestamp, UTC)
    if not local.utcoffset():
        return f"{format_date(timestamp, now)} {there:%H:%M} UTC"
    name = str(local.tzname())
    zone = name if name[:1].isalpha() else f"UTC{name}"
    day = "" if local.date() == there.date() else f"{_weekday(there)} "
    told, beside = f"{format_date(timestamp, now)} {local:%H:%M} {zone}", f"{day}{there:%H:%M} UTC"
    return _("{here}, {there}", here=told, there=beside)


def format_date(timestamp: int, now: int) -> str:
    """`Tue 24 Nov`: the date on which it is so in the zone of this computer, as `format_time`."""
    if timestamp > LAST_DATE:
        return _("after the year 9999")
    local = _here(timestamp)
    return _date(local, local.year != _here(now).year)


def format_utc(timestamp: int) -> str:
    """`Tue 24 Nov 2026 14:00 UTC`: for what people sign, whose words are the same everywhere."""
    if timestamp > LAST_DATE:
        return _("after the year 9999")
    moment = datetime.fromtimestamp(timestamp, UTC)
    return f"{_date(moment, True)} {moment:%H:%M} UTC"


def _here(timestamp: int) -> datetime:
    """A moment in the zone that is told: that of this computer, or what `in_zone` says."""
    moment = datetime.fromtimestamp(timestamp, UTC)
    try:
        return moment.astimezone(_zone.get())
    except OverflowError:  # the first days of the year 10,000 there
        return moment


@contextmanager
def in_zone(name: str) -> Iterator[None]:
    """Tell times in a zone such as `Asia/Tokyo` while inside. Raises UnitError for no zone."""
    token = _zone.set(parse_zone(name))
    try:
        yield
    finally:
        _zone.reset(token)


def parse_zone(name: str) -> ZoneInfo:
    """The zone of this name in the tz database."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, OSError, ValueError) as error:  # a path, or a folder of zones
        raise UnitError(
            "zone.unknown", N_('must be a zone such as "Asia/Tokyo" or "UTC"')
        ) from error


def _date(moment: datetime, with_year: bool) -> str:
    month = _("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec").split()[moment.month - 1]
    told = {"weekday": _weekday(moment), "day": moment.day, "month": month}
    if with_year:
        return _("{weekday} {day} {month} {year}", **told, year=moment.year)
    return _("{weekday} {day} {month}", **told)


def _weekday(moment: datetime) -> str:
    return _("Mon Tue Wed Thu Fri Sat Sun").split()[moment.weekday()]


def format_countdown(seconds: int) -> str:
    """`41 h 12 m`, `3 d 4 h`, `40 s`: the two largest units, rounded up."""
    if seconds >= 3 * DAY:
        hours = -(-seconds // HOUR)
        parts = [(hours // 24, _days), (hours % 24, _hours)]
    elif seconds >= HOUR:
        minutes = -(-seconds // MINUTE)
        parts = [(minutes // 60, _hours), (minutes % 60, _minutes)]
    else:
        parts = [(seconds // 60, _minutes), (seconds % 60, _few_seconds)]
    return run_on([told(count) for count, told in parts if count] or [_few_seconds(0)])


def _days(count: int) -> str:
    return pgettext("days, short", "{count} d", count=count)


def _hours(count: int) -> str:
    return pgettext("hours, short", "{count} h", count=count)


def _minutes(count: int) -> str:
    return pgettext("minutes, short", "{count} m", count=count)


def _few_seconds(count: int) -> str:
    return pgettext("seconds, short", "{count} s", count=count)


def format_when(timestamp: int, now: int) -> str:
    """`in 41 h 12 m (Tue 24 Nov 14:00 UTC)`, or `2 h 5 m ago (…)`; as `format_time`."""
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
