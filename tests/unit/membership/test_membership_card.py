"""The membership card: valid JSON and XML for any name, and the right words and numbers on it."""

from __future__ import annotations

import base64
import functools
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import ROUND_DOWN, Context, Decimal
from typing import Any
from xml.etree import ElementTree

import pytest
from eth_abi.abi import decode, encode
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyrevm import EVM

from mikoshi.core import artifacts

SVG = "{http://www.w3.org/2000/svg}"
CALLER = "0x" + "11" * 20
NONE, ACTIVE, DORMANT, EXITED = range(4)
MAX_ID = 2**24 - 1
MAX_UINT = 2**256 - 1
NAME_WIDTH = 310  # what the card clips a name to
CODE_LIMIT = 24_576
EXACT = Context(prec=100)
FRAGMENTS = [
    *(b'"', b"'", b"<", b">", b"&", b"\\", b"\n", b"\0", b"\x1f", b" "),
    *("祭".encode(), "🎉".encode(), b"\xe3\x81", b"\xf0\x9f", b"\xed\xa0\x80", b"\xc2"),
]


@dataclass(frozen=True)
class Drawn:
    """A card as a wallet would read it."""

    meta: dict[str, Any]
    svg: ElementTree.Element

    @property
    def attributes(self) -> dict[str, dict[str, Any]]:
        return {a["trait_type"]: a for a in self.meta["attributes"]}

    @property
    def texts(self) -> list[str]:
        """Every text on the card, in the order of drawing."""
        return [element.text or "" for element in self.svg.iter(f"{SVG}text")]

    @property
    def title(self) -> str:
        return self.svg.findtext(f"{SVG}title") or ""

    @property
    def lines(self) -> list[tuple[str, int]]:
        """The lines of the name, with their font sizes."""
        box = self.svg.find(f"{SVG}svg")
        assert box is not None
        return [(t.text or "", int(t.attrib["font-size"])) for t in box.iter(f"{SVG}text")]


@functools.cache
def contract() -> tuple[EVM, str, bytes]:
    """The deployed card: a machine, the address and the selector of `draw`."""
    artifact = artifacts.project()["MembershipCard"]
    assert len(artifact.runtime) < CODE_LIMIT
    (selector,) = [sel for name, sel in artifact.methods.items() if name.startswith("draw(")]
    evm = EVM()
    return evm, evm.deploy(CALLER, artifact.bytecode), selector


def draw(
    dao: str | bytes = "Mikoshi",
    *,
    ticket: int = 7,
    member: int = 7,
    joined: int = 1_767_312_000,
    status: int = ACTIVE,
    voice: int = 10**9,
    merit: int = 0,
) -> Drawn:
    """The card that the contract draws; fails if its JSON or XML is not well-formed."""
    evm, address, selector = contract()
    name = dao.encode() if isinstance(dao, str) else dao
    card = (name, ticket, member, joined, status, voice, merit)
    arguments = encode(["(bytes,uint256,uint256,uint256,uint8,uint256,uint256)"], [card])
    (uri,) = decode(["string"], evm.message_call(CALLER, address, calldata=selector + arguments))
    try:
        meta = json.loads(payload(uri, "application/json"), parse_float=Decimal)
        svg = ElementTree.fromstring(payload(meta["image"], "image/svg+xml"))
    except (ValueError, ElementTree.ParseError) as error:
        raise AssertionError(f"not well-formed: {error}") from error
    assert svg.tag == f"{SVG}svg"
    return Drawn(meta, svg)


def payload(uri: str, mime: str) -> str:
    prefix, _, body = uri.partition(",")
    assert prefix == f"data:{mime};base64"
    return base64.b64decode(body, validate=True).decode("utf-8")


def shown(name: bytes) -> str:
    """What a reader should see of a name: Python's decoder, and XML 1.0's production for Char."""
    text = name.decode("utf-8", errors="replace")
    return re.sub("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", text)


def as_xml_reads(text: str) -> str:
    """XML readers turn each end of line into one line feed."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


# Words and numbers


def test_token_uri_shows_every_value() -> None:
    card = draw("Mikoshi", voice=1_250_000_000, merit=100_500_000_000_000_000_000)
    assert card.meta.keys() == {"name", "description", "image", "attributes"}
    assert card.meta["name"] == card.title == "Mikoshi #7"
    assert card.meta["description"] == (
        "Membership card of Mikoshi: member #7, since 2026-01-02. "
        "Drawn on-chain; status, voice and merit are current."
    )
    assert card.meta["attributes"] == [
        {"display_type": "number", "trait_type": "Member number", "value": 7},
        {"display_type": "date", "trait_type": "Member since", "value": 1_767_312_000},
        {"trait_type": "Status", "value": "Active"},
        {"display_type": "number", "trait_type": "Voice", "value": Decimal("1.25")},
        {"display_type": "number", "trait_type": "Merit", "value": Decimal("100.5")},
    ]
    assert card.texts == [
        "Active 活動中",
        "Mikoshi",
        *("Member 会員番号", "#7"),
        *("Since 入会日", "2026-01-02"),
        *("Voice 声", "1.25"),
        *("Merit 貢献点", "100.5"),
    ]


def test_token_uri_shows_both_numbers_when_ticket_differs() -> None:
    card = draw("Mikoshi", member=7, ticket=12)
    assert card.meta["name"] == card.title == "Mikoshi #7 (ticket #12)"
    assert card.attributes["Member number"]["value"] == 7
    ticket = {"display_type": "number", "trait_type": "Ticket number", "value": 12}
    assert card.attributes["Ticket number"] == ticket
    assert "#7" in card.texts
    assert "Ticket 会員証 #12" in card.texts


@pytest.mark.parametrize(
    ("status", "word", "gloss"),
    [
        (NONE, "None", "未入会"),
        (ACTIVE, "Active", "活動中"),
        (DORMANT, "Dormant", "休眠中"),
        (EXITED, "Exited", "退会済"),
    ],
)
def test_token_uri_shows_the_status(status: int, word: str, gloss: str) -> None:
    card = draw(status=status)
    assert card.attributes["Status"]["value"] == word
    assert card.texts[0] == f"{word} {gloss}"


def test_token_uri_draws_active_members_by_day_and_others_by_night() -> None:
    skies = [draw(status=s).svg[1].attrib["fill"] for s in (NONE, ACTIVE, DORMANT, EXITED)]
    assert skies == ["#2c3854", "#c8402f", "#2c3854", "#2c3854"]


@pytest.mark.parametrize(
    ("joined", "date"),
    [
        (0, "1970-01-01"),
        (86_399, "1970-01-01"),
        (86_400, "1970-01-02"),
        (951_782_399, "2000-02-28"),
        (951_782_400, "2000-02-29"),
        (951_868_800, "2000-03-01"),
        (1_709_164_800, "2024-02-29"),
        (1_735_689_599, "2024-12-31"),
        (4_107_456_000, "2100-02-28"),
        (4_107_542_400, "2100-03-01"),  # 2100 has no 29 February
        (2**40 - 1, "36812-02-20"),
    ],
)
def test_token_uri_shows_the_date_in_utc(joined: int, date: str) -> None:
    card = draw(joined=joined)
    assert card.texts[5] == date
    assert f"since {date}." in card.meta["description"]
    assert card.attributes["Member since"] == {
        "display_type": "date",
        "trait_type": "Member since",
        "value": joined,
    }


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 253_402_300_799))
def test_token_uri_shows_the_date_that_python_computes(joined: int) -> None:
    assert draw(joined=joined).texts[5] == datetime.fromtimestamp(joined, UTC).date().isoformat()


@pytest.mark.parametrize(
    ("hundred_millionths", "text"),
    [
        (0, "0"),
        (999_999, "0"),
        (1_000_000, "0.01"),
        (9_999_999, "0.09"),
        (10_000_000, "0.1"),
        (99_999_999, "0.99"),
        (100_000_000, "1"),
        (100_999_999, "1"),
        (101_000_000, "1.01"),
        (110_000_000, "1.1"),
        (125_999_999, "1.25"),
        (199_999_999, "1.99"),
        (100_000_000_000_000, "1000000"),
    ],
)
def test_token_uri_rounds_voice_and_merit_down(hundred_millionths: int, text: str) -> None:
    card = draw(voice=hundred_millionths * 10 + 9, merit=hundred_millionths * 10**10 + 10**10 - 1)
    assert card.texts[-3] == card.texts[-1] == text
    assert card.attributes["Voice"]["value"] == card.attributes["Merit"]["value"] == Decimal(text)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, MAX_UINT), st.integers(0, MAX_UINT))
def test_token_uri_shows_any_voice_and_merit(voice: int, merit: int) -> None:
    card = draw(voice=voice, merit=merit)
    for text, value, digits in ((card.texts[-3], voice, 9), (card.texts[-1], merit, 18)):
        exact = Decimal((0, tuple(map(int, str(value))), -digits))
        whole, _, decimals = text.partition(".")
        cut = exact.quantize(Decimal("0.01"), ROUND_DOWN, context=EXACT)
        assert Decimal(text) == cut
        assert len(decimals) <= 2
        assert not decimals.endswith("0")
        assert whole == str(value // 10**digits)


def test_token_uri_given_ids_at_their_limit() -> None:
    card = draw(member=MAX_ID, ticket=MAX_ID - 1)
    assert card.meta["name"] == "Mikoshi #16777215 (ticket #16777214)"
    assert "#16777215" in card.texts
    assert "Ticket 会員証 #16777214" in card.texts


def test_token_uri_given_every_number_at_its_maximum() -> None:
    card = draw(
        ticket=MAX_UINT - 1, member=MAX_UINT, joined=MAX_UINT, voice=MAX_UINT, merit=MAX_UINT
    )
    assert card.attributes["Member number"]["value"] == MAX_UINT
    assert card.attributes["Ticket number"]["value"] == MAX_UINT - 1
    assert (
        card.texts[-3] == "115792089237316195423570985008687907853269984665640564039457584007913.12"
    )


# Names


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "A",
        "\"quoted\" and 'quoted'",
        "</title></text><script>alert(1)</script>",
        "R&D &amp; &#0; ]]> <!-- <![CDATA[",
        "back\\slash \\u0000 \\",
        "two\nlines\tand\ra return\r\n",
        "delete \x7f and next line \x85",
        "刃物のまちDAO",
        "関市刃物まつり共創コミュニティ実行委",
        "お祭り🎉👨\u200d👩\u200d👧\u200d👦🇯🇵",
        "e\u0301 \u202eright to left\u202c \u2028 \ufeff",
        "U+FFFD itself: \ufffd",
        "\U0001fffe \U0010ffff \ue000 \ufffd \ufdd0",
        "x" * 64,
        "祭" * 21 + "x",
    ],
)
def test_token_uri_shows_the_exact_name(name: str) -> None:
    card = draw(name)
    assert card.meta["name"] == f"{name} #7"
    assert f"card of {name}: member #7" in card.meta["description"]
    assert card.title == as_xml_reads(f"{name} #7")
    assert "".join(line for line, _ in card.lines) == as_xml_reads(name)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (bytes(range(0x20)), "\ufffd" * 9 + "\t\n" + "\ufffd" * 2 + "\r" + "\ufffd" * 18),
        ("\ufffe\uffff".encode(), "\ufffd\ufffd"),
        ("刃物".encode()[:-1], "刃\ufffd"),
        ("刃物".encode()[:-2], "刃\ufffd"),
        ("🎉".encode()[:-1] + b"x", "\ufffdx"),
        (b"\x80\xbf\xfe\xff", "\ufffd" * 4),
        (b"\xc0\xaf \xc1\xbf", "\ufffd\ufffd \ufffd\ufffd"),  # overlong, two bytes
        (b"\xe0\x80\xaf", "\ufffd" * 3),  # overlong, three bytes
        (b"\xf0\x80\x80\xaf", "\ufffd" * 4),  # overlong, four bytes
        (b"\xed\xa0\x80", "\ufffd" * 3),  # a surrogate
        (b"\xf4\x90\x80\x80", "\ufffd" * 4),  # above U+10FFFF
        (b"\xf5\x80\x80\x80", "\ufffd" * 4),  # no such first byte
        (b"\xf1\x80\x80\xe1\x80<", "\ufffd\ufffd<"),
        (b'\xe3\x81"', '\ufffd"'),  # a broken sequence swallows no quote
        (("祭" * 22).encode()[:64], "祭" * 21 + "\ufffd"),
    ],
)
def test_token_uri_replaces_what_cannot_be_shown(name: bytes, text: str) -> None:
    card = draw(name)
    assert card.meta["name"] == f"{text} #7"
    assert card.title == as_xml_reads(f"{text} #7")


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=200),
        st.text(max_size=64).map(str.encode),
        st.lists(st.sampled_from(FRAGMENTS), max_size=40).map(b"".join),
    )
)
@example("祭".encode()[:1])
def test_token_uri_is_well_formed_for_any_name(name: bytes) -> None:
    card = draw(name)
    text = shown(name)
    assert card.meta["name"] == f"{text} #7"
    assert card.title == as_xml_reads(f"{text} #7")
    lines = "".join(line for line, _ in card.lines)
    whole = as_xml_reads(text)
    assert lines == whole or (lines.endswith("…") and whole.startswith(lines[:-1]))


# Lines


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (0x0300, 0x036F),
        (0x200B, 0x200F),
        (0xFE00, 0xFE0F),
        (0x1F3FB, 0x1F3FF),
        (0xE0000, 0xE0FFF),
    ],
)
def test_token_uri_gives_marks_no_room(first: int, last: int) -> None:
    for mark in (first, last):
        assert draw("Mikoshi" + chr(mark) * 8).lines[0][1] == 32
    for other in (first - 1, last + 1):
        assert draw("Mikoshi" + chr(other) * 8).lines[0][1] < 32


@pytest.mark.parametrize(
    ("characters", "count", "size"),
    [
        ("az\x7f", 16, 27),
        ("AZ", 16, 23),
        ("\x80\u10ff", 16, 24),
        ("\u1100\U0001efff\U00020000", 12, 23),
        ("\U0001f000\U0001ffff", 9, 23),
    ],
)
def test_token_uri_gives_each_character_its_room(characters: str, count: int, size: int) -> None:
    for each in characters:
        assert draw(each * count).lines == [(each * count, size)]


def test_token_uri_draws_a_short_name_on_one_line() -> None:
    assert draw("刃物のまちDAO").lines == [("刃物のまちDAO", 32)]


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("Nouns Builder Cooperative", ["Nouns Builder ", "Cooperative"]),
        ("関市刃物まつり共創コミュニティ", ["関市刃物まつり", "共創コミュニティ"]),
        ("ものづくりサーーーーーーーービス", ["ものづくり", "サーーーーーーーービス"]),
        (
            "NPO法人「ものづくりコミュニティー」をつくる会",
            ["NPO法人「ものづくり", "コミュニティー」をつくる会"],
        ),
        ("関市の刃物\u3000まつり実行委員会", ["関市の刃物\u3000", "まつり実行委員会"]),
        ("みんなでつくる、「まちの文化」と未来", ["みんなでつくる、", "「まちの文化」と未来"]),
        ("あいうえおかき「くけこさしすせ", ["あいうえおかき", "「くけこさしすせ"]),
        ("x" * 40, ["x" * 20, "x" * 20]),
        # How far from the middle a better place may be.
        ("祭ofDAOコミュニティof、", ["祭ofDAO", "コミュニティof、"]),
        ("new new とカードDAO仙北市of", ["new new ", "とカードDAO仙北市of"]),
        ("と・まつりコミュニティ仙北市・new ", ["と・まつりコミュニ", "ティ仙北市・new "]),
        ("コミュニティDAOofDAOの(", ["コミュニティ", "DAOofDAOの("]),
        ("\U0001f468\u200d" * 9 + "\U0001f468" + "xx", None),
    ],
)
def test_token_uri_breaks_a_long_name_where_a_reader_would(
    name: str, lines: list[str] | None
) -> None:
    drawn = [line for line, _ in draw(name).lines]
    assert len(drawn) == 2
    assert "".join(drawn) == name
    if lines is not None:
        assert drawn == lines
    else:  # a joined emoji stays whole
        assert drawn[1] in ("x", "xx")


@pytest.mark.parametrize("length", [1, 8, 9, 12, 13, 21, 40, 52, 53, 1_000])
def test_token_uri_draws_no_line_wider_than_the_card(length: int) -> None:
    name = "祭" * length
    lines = draw(name).lines
    assert all(len(line) * size <= NAME_WIDTH for line, size in lines)
    text = "".join(line for line, _ in lines)
    assert text == (name if length <= 52 else "祭" * 51 + "…")


@pytest.mark.parametrize("value", [0, 10**12, 10**20, MAX_UINT])
def test_token_uri_draws_no_number_wider_than_its_cell(value: int) -> None:
    texts = list(draw(voice=value, merit=value).svg.iter(f"{SVG}text"))
    for element in (texts[-3], texts[-1]):
        digit = 0.6  # of an em, in the system fonts
        width = len(element.text or "") * int(element.attrib["font-size"]) * digit
        assert width <= 150


def test_token_uri_draws_nothing_from_outside() -> None:
    card = draw("Mikoshi")
    tags = {element.tag.removeprefix(SVG) for element in card.svg.iter()}
    assert tags == {"svg", "title", "g", "path", "rect", "circle", "text"}
    names = {name for element in card.svg.iter() for name in element.attrib}
    assert not names & {"href", "id", "style", "class", "onload"}
