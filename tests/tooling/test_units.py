"""Numbers with units, as people write and read them."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mikoshi.context.address_book import ETH
from mikoshi.text.clock import moment_text, parse_duration, parse_moment, understood
from mikoshi.text.language import Language, speaking
from mikoshi.text.units import (
    DAY,
    ETHER,
    HOUR,
    LAST_DATE,
    MINUTE,
    YEAR,
    Amount,
    format_amount,
    format_countdown,
    format_date,
    format_duration,
    format_merit,
    format_percent,
    format_time,
    format_utc,
    format_voice,
    format_when,
    parse_amount,
    parse_number,
    parse_percent,
)
from tests.support import refuses

TUESDAY = 1_795_528_800  # Tue 24 Nov 2026 14:00 UTC
LANGUAGES = st.sampled_from(["en", "ja"])


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("5 days", 5 * DAY),
        ("1 day", DAY),
        ("1 day 12 hours", DAY + 12 * HOUR),
        ("1 day, 12 hours", DAY + 12 * HOUR),
        ("1.5 days", DAY + 12 * HOUR),
        ("36h", 36 * HOUR),
        ("90 min", 90 * MINUTE),
        ("2 weeks", 14 * DAY),
        ("1 year", 365 * DAY),
        ("1,000 days", 1_000 * DAY),
        ("5日", 5 * DAY),
        ("5日間", 5 * DAY),
        ("1日12時間", DAY + 12 * HOUR),
        ("５ 日", 5 * DAY),
        ("2週間", 14 * DAY),
        ("0 seconds", 0),
    ],
)
def test_parse_duration_reads_what_people_write(text: str, seconds: int) -> None:
    assert parse_duration(text) == seconds


@pytest.mark.parametrize("text", ["", "5", "days", "5 days 3", "-5 days", "1.5 seconds"])
def test_parse_duration_refuses_what_is_no_duration(text: str) -> None:
    with refuses("value.not-a-duration"):
        parse_duration(text)


@pytest.mark.parametrize("text", ["2 months", "6ヶ月"])
def test_parse_duration_refuses_months_which_differ(text: str) -> None:
    with refuses("value.in-months"):
        parse_duration(text)


@pytest.mark.parametrize(("text", "word"), [("5 days!", "days!"), ("2 moons", "moons")])
def test_parse_duration_says_which_unit_it_does_not_know(text: str, word: str) -> None:
    with refuses("value.not-a-unit-of-time", word=word):
        parse_duration(text)


@given(st.integers(0, 10**10), LANGUAGES)
def test_duration_round_trip(seconds: int, language: Language) -> None:
    with speaking(language):
        assert parse_duration(format_duration(seconds)) == seconds


@pytest.mark.parametrize(
    ("seconds", "english", "japanese"),
    [
        (5 * DAY, "5 days", "5日"),
        (DAY, "1 day", "1日"),
        (DAY + HOUR, "1 day 1 hour", "1日1時間"),
        (3650 * DAY, "10 years", "10年"),
        (400 * DAY, "400 days", "400日"),
        (YEAR, "1 year", "1年"),
        (0, "0 seconds", "0秒"),
    ],
)
def test_format_duration(seconds: int, english: str, japanese: str) -> None:
    assert format_duration(seconds) == english
    with speaking("ja"):
        assert format_duration(seconds) == japanese


@pytest.mark.parametrize(
    ("text", "bps"),
    [
        ("10%", 1_000),
        ("10 %", 1_000),
        ("7.25%", 725),
        ("110%", 11_000),
        ("１０％", 1_000),
        ("0%", 0),
    ],
)
def test_parse_percent_reads_what_people_write(text: str, bps: int) -> None:
    assert parse_percent(text) == bps


@pytest.mark.parametrize("text", ["", "10", "0.1", "-5%", "1.234%", "ten %", "%"])
def test_parse_percent_refuses_what_is_no_percentage(text: str) -> None:
    with refuses("value.not-a-percentage"):
        parse_percent(text)


@given(st.integers(0, 10**6))
def test_percent_round_trip(bps: int) -> None:
    assert parse_percent(format_percent(bps)) == bps


def test_parse_amount_reads_number_and_unit() -> None:
    assert parse_amount("2,500 USDC", {"USDC": 6}) == Amount(2_500 * 10**6, "USDC")
    assert parse_amount("2500.5usdc", {"USDC": 6}) == Amount(2_500_500_000, "USDC")
    assert parse_amount("0.01 ether", ETHER) == Amount(10**16, "ether")
    assert parse_amount("3 gwei", ETHER) == Amount(3 * 10**9, "gwei")
    assert parse_amount("１ ＥＴＨ", ETHER) == Amount(10**18, "ETH")


@pytest.mark.parametrize("text", ["", "2500", "2,50 USDC", "-1 USDC", "1 PMC", "1e3 USDC"])
def test_parse_amount_refuses_what_is_no_amount(text: str) -> None:
    with refuses("value.not-an-amount", units="USDC / DAI", unit="USDC"):
        parse_amount(text, {"USDC": 6, "DAI": 18})


def test_parse_amount_refuses_parts_that_do_not_exist() -> None:
    with refuses("value.too-many-decimals", decimals=6, unit="USDC"):
        parse_amount("0.0000001 USDC", {"USDC": 6})


@given(st.integers(0, 2**256 - 1), st.integers(0, 36))
def test_amount_round_trip(raw: int, decimals: int) -> None:
    text = format_amount(raw, "PMC", decimals)
    assert parse_amount(text, {"PMC": decimals}) == Amount(raw, "PMC")


@pytest.mark.parametrize(
    ("wei", "digits", "shown"),
    [
        (10**16, None, "0.01 ether"),
        (2_500 * 10**18, None, "2,500 ether"),
        (0, 3, "0 ether"),
        (123_456_789 * 10**12, 3, "123 ether"),
        (123_456_789 * 10**6, 3, "0.000123 ether"),
        (410_999 * 10**12, 2, "0.41 ether"),
        (99_999 * 10**18, 2, "99,999 ether"),
    ],
)
def test_format_amount_rounds_down_to_significant_digits(
    wei: int, digits: int | None, shown: str
) -> None:
    assert format_amount(wei, "ether", digits=digits) == shown


def test_parse_number_reads_thousands_and_full_width() -> None:
    assert parse_number("1,234.5") == parse_number("１２３４.５")
    with refuses("value.not-a-number"):
        parse_number("12,34")


@pytest.mark.parametrize(
    ("seconds", "english", "japanese"),
    [
        (41 * HOUR + 12 * MINUTE, "41 h 12 m", "41時間12分"),
        (41 * HOUR + 11 * MINUTE + 1, "41 h 12 m", "41時間12分"),
        (3 * DAY + 4 * HOUR, "3 d 4 h", "3日4時間"),
        (2 * DAY, "48 h", "48時間"),
        (59 * MINUTE + 59, "59 m 59 s", "59分59秒"),
        (40, "40 s", "40秒"),
        (0, "0 s", "0秒"),
    ],
)
def test_format_countdown_rounds_up(seconds: int, english: str, japanese: str) -> None:
    assert format_countdown(seconds) == english
    with speaking("ja"):
        assert format_countdown(seconds) == japanese


def test_format_when_says_how_long_and_which_moment() -> None:
    now = TUESDAY - 41 * HOUR - 12 * MINUTE
    assert format_when(TUESDAY, now) == "in 41 h 12 m (Tue 24 Nov 14:00 UTC)"
    assert format_when(TUESDAY, TUESDAY + 125 * MINUTE) == "2 h 5 m ago (Tue 24 Nov 14:00 UTC)"
    with speaking("ja"):
        assert format_when(TUESDAY, now) == "41時間12分後(11月24日(火) 14:00 UTC)"


def test_format_time_names_another_year() -> None:
    assert format_time(TUESDAY, TUESDAY + 60 * DAY) == "Tue 24 Nov 2026 14:00 UTC"
    with speaking("ja"):
        assert format_time(TUESDAY, TUESDAY + 60 * DAY) == "2026年11月24日(火) 14:00 UTC"


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        (0, "0"),
        (1_999_999_999, "2"),
        (99_996_000_000, "100"),
        (1_234_499_999, "1.234"),
        (1_234_500_000, "1.235"),
        (12_345_600_000_000, "12,346"),
        (7, "0.000000007"),
    ],
)
def test_voice_and_merit_are_read_to_four_digits(raw: int, read: str) -> None:
    assert format_voice(raw) == read
    assert format_merit(raw * 10**9) == read


@pytest.mark.parametrize(
    ("raws", "words"),
    [
        ((999_631_858_997_423_013, 10**18), ["0.999631 ETH", "1 ETH"]),
        ((10**18, 10**18 - 1), ["1 ETH", "0.999999 ETH"]),
        ((0, 5), ["0 ETH", "0.000000000000000005 ETH"]),
        ((10**18, 10**18), ["1 ETH", "1 ETH"]),
    ],
)
def test_amounts_beside_each_other_are_rounded_where_they_differ(
    raws: tuple[int, int], words: list[str]
) -> None:
    assert ETH.told(*raws) == words


# The reader's zone


@pytest.mark.parametrize(
    ("place", "english", "japanese"),
    [
        ("UTC", "Tue 24 Nov 14:00 UTC", "11月24日(火) 14:00 UTC"),
        ("GMT0BST,M3.5.0/1,M10.5.0", "Tue 24 Nov 14:00 UTC", "11月24日(火) 14:00 UTC"),
        ("JST-9", "Tue 24 Nov 23:00 JST, 14:00 UTC", "11月24日(火) 23:00 JST、14:00 UTC"),
        ("JST-10", "Wed 25 Nov 00:00 JST, Tue 14:00 UTC", "11月25日(水) 00:00 JST、火 14:00 UTC"),
        (
            "EST5EDT,M3.2.0,M11.1.0",
            "Tue 24 Nov 09:00 EST, 14:00 UTC",
            "11月24日(火) 09:00 EST、14:00 UTC",
        ),
        ("<-03>3", "Tue 24 Nov 11:00 UTC-03, 14:00 UTC", "11月24日(火) 11:00 UTC-03、14:00 UTC"),
    ],
)
def test_times_are_told_where_the_reader_is(
    zone: Callable[[str], None], place: str, english: str, japanese: str
) -> None:
    zone(place)
    assert format_time(TUESDAY, TUESDAY) == english
    with speaking("ja"):
        assert format_time(TUESDAY, TUESDAY) == japanese
    assert format_utc(TUESDAY) == "Tue 24 Nov 2026 14:00 UTC"


def test_the_year_is_the_one_of_the_reader(zone: Callable[[str], None]) -> None:
    zone("JST-9")
    new_year = 1_798_729_200  # 31 Dec 2026 15:00 UTC
    assert format_date(new_year, TUESDAY) == "Fri 1 Jan 2027"
    assert format_time(new_year, TUESDAY) == "Fri 1 Jan 2027 00:00 JST, Thu 15:00 UTC"
    assert format_date(new_year - 1, TUESDAY) == "Thu 31 Dec"


@pytest.mark.parametrize("place", ["JST-9", "EST5"])
def test_the_last_second_of_all_has_a_date(zone: Callable[[str], None], place: str) -> None:
    zone(place)
    assert "9999" in format_time(LAST_DATE, TUESDAY)
    assert format_time(LAST_DATE + 1, TUESDAY) == "after the year 9999"


@pytest.mark.parametrize("text", ["10² ETH", "1½ ETH", "5₃ ETH", "1\x08 ETH", "1 ＥＴＨ²"])
def test_what_is_not_plainly_a_number_is_no_amount(text: str) -> None:
    with refuses("value.not-an-amount"):
        parse_amount(text, ETHER)


@pytest.mark.parametrize(
    "text", ["１０\u3000ＥＴＨ", "10\u00a0ETH", "1\u200b0 E\u00adTH", "\ufeff10ETH"]
)
def test_an_amount_is_read_as_it_is_typed_and_copied(text: str) -> None:
    assert parse_amount(text, ETHER) == (10 * 10**18, "ETH")


# Times that are typed, in the reader's zone unless they say otherwise

MOMENT = 1_795_528_800  # Tue 24 Nov 2026 14:00 UTC


@pytest.mark.parametrize(
    ("place", "typed"),
    [
        ("UTC", "2026-11-24 14:00"),
        ("JST-9", "2026-11-24 23:00"),
        ("JST-9", "２０２６-11-24 23:00"),
        ("EST5EDT,M3.2.0,M11.1.0", "2026-11-24T09:00:00"),
        ("<-03>3", "2026-11-24 11:00"),
        ("JST-9", "2026-11-24 14:00Z"),
        ("JST-9", "2026-11-24T09:00-05:00"),
        ("JST-9", "2026-11-24T23:00+09:00"),
        ("JST-9", moment_text(MOMENT)),
        ("JST-14", "2026-11-25 04:00"),
    ],
)
def test_a_typed_time_is_in_the_zone_of_the_reader(
    zone: Callable[[str], None], place: str, typed: str
) -> None:
    zone(place)
    assert parse_moment(typed, 0, "--at") == MOMENT


def test_a_typed_day_begins_where_the_reader_is(zone: Callable[[str], None]) -> None:
    zone("JST-9")
    assert parse_moment("2026-11-25", 0, "--at") == MOMENT + 3600


def test_a_time_in_summer_is_in_summer_time(zone: Callable[[str], None]) -> None:
    zone("EST5EDT,M3.2.0,M11.1.0")
    assert parse_moment("2026-07-01 12:00", 0, "--at") == parse_moment("2026-07-01 16:00Z", 0, "")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "--at is read as Tue 24 Nov 23:00 JST, 14:00 UTC"),
        ("ja", "--at は 11月24日(火) 23:00 JST、14:00 UTC と読みました"),
    ],
)
def test_how_a_time_was_read_is_told(
    zone: Callable[[str], None], language: str, words: str
) -> None:
    zone("JST-9")
    with speaking(language):
        assert understood("--at", MOMENT, MOMENT) == words
