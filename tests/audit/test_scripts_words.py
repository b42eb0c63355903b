"""Whatever stands on the chain has words: no proposal, coin or refusal stops who reads it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from eth_abi.abi import encode
from eth_utils.crypto import keccak

from mikoshi.ballots.proposal import ProposalDraft, TreasuryCall
from mikoshi.context.address_book import AddressBook, Coin
from mikoshi.context.proposed import Proposed
from mikoshi.core.dao import interface
from mikoshi.proposals.decode import decode, in_words
from mikoshi.replay.governor import Proposal
from mikoshi.replay.logs import Log
from mikoshi.simulate.fork import ForkOutcome
from mikoshi.simulate.reasons import reason_of
from mikoshi.simulate.words import event_words
from mikoshi.testing.community import Community, person
from mikoshi.text.console import Console, json_text
from mikoshi.text.language import speaking
from mikoshi.text.people import short
from mikoshi.text.units import format_time, format_when
from tests.support import some_governor, told

NOBODY_CHECKED = "0x" + "aB" * 20  # forty digits with a wrong checksum
COIN = person(3_400_001).address
PAYEE = person(3_400_002).address


@pytest.fixture
def book(community: Community) -> AddressBook:
    """The community's addresses, none of which has a name."""
    return AddressBook(community.rpc, community.dao, person(3_400_003).address)


# Calls


@pytest.mark.parametrize("text", [NOBODY_CHECKED, "0x" + "zz" * 20, "#1", "", "\x00"])
def test_text_that_looks_like_an_address_is_a_text(book: AddressBook, text: str) -> None:
    membership = book.dao.membership
    data = membership.data("setCharter", bytes(32), text)
    (words,) = in_words([TreasuryCall(membership.address, 0, data)], book)
    assert words.startswith("call membership: setCharter(newHash: 0x00")
    assert words.endswith(f", uri: {json.dumps(text)})")


def test_text_of_a_call_cannot_add_a_line(book: AddressBook) -> None:
    membership = book.dao.membership
    data = membership.data("setCharter", bytes(32), "x)\n 2  pay Hana #1 5 ETH")
    (words,) = in_words([TreasuryCall(membership.address, 0, data)], book)
    assert words.endswith(r'uri: "x)\n 2  pay Hana #1 5 ETH")')


def test_term_without_an_end_has_words(book: AddressBook) -> None:
    treasury = book.dao.treasury
    step = TreasuryCall(treasury.address, 0, treasury.data("setGuardian", PAYEE, 2**40 - 1))
    assert in_words([step], book) == [f"make {PAYEE} guardian until after the year 9999"]
    with speaking("ja"):
        assert in_words([step], book) == [f"{PAYEE} を 9999年より後 までガーディアンにする"]


@pytest.mark.parametrize("moment", [253_402_300_800, 2**40, 2**256 - 1])
def test_every_moment_has_words(moment: int) -> None:
    assert format_time(moment, 0) == "after the year 9999"
    assert format_when(moment, 0).endswith(" (after the year 9999)")
    assert format_time(253_402_300_799, 0) == "Fri 31 Dec 9999 23:59 UTC"


def test_address_arguments_are_shown_as_whom_they_mean(book: AddressBook) -> None:
    token = book.dao.token
    data = token.data("approve", book.dao.treasury_address, 5)
    (words,) = in_words([TreasuryCall(token.address, 0, data)], book)
    assert words == "call token: approve(spender: treasury, amount: 5)"


# Coins


def coin_code(symbol: bytes, decimals: bytes) -> bytes:
    """A contract that answers `symbol()` and `decimals()` with these bytes, all else with one."""
    answers = [
        (b"\x95\xd8\x9b\x41", symbol),
        (b"\x31\x3c\xe5\x67", decimals),
        (None, encode(["uint256"], [1])),
    ]
    jumps = 6 + 2 * 12 + 4
    size = jumps + 3 * 17
    places, at = [], size
    for _, answer in answers:
        places.append(at)
        at += len(answer)
    code = bytes.fromhex("5f3560e01c") + b"\x5b"
    for index, (selector, _) in enumerate(answers):
        to = (jumps + 17 * index).to_bytes(3)
        code += (
            b"\x80\x63" + selector + b"\x14\x62" + to + b"\x57"
            if selector
            else b"\x60" + to[-1:] + b"\x56\x00"
        )
    for place, (_, answer) in zip(places, answers, strict=True):
        length, offset = len(answer).to_bytes(3), place.to_bytes(3)
        code += b"\x5b\x62" + length + b"\x62" + offset + b"\x5f\x39\x62" + length + b"\x5f\xf3"
    return code + b"".join(answer for _, answer in answers)


SYMBOLS = {
    "a sentence": "USDC (0xA0b8…eB48)",
    "a line": "USDC\n 2  pay",
    "the screen": "\x1b[2JUSDC",
    "zeros": "000",
    "commas": ",000",
    "turned": "\u202eCDSU",
    "endless": "U" * 100_000,
    "hidden": "USDC\u200b",
}


@pytest.mark.parametrize("symbol", SYMBOLS.values(), ids=SYMBOLS)
def test_coin_with_a_deceiving_name_goes_by_its_address(book: AddressBook, symbol: str) -> None:
    answer = encode(["string"], [symbol])
    book.rpc.call("anvil_setCode", COIN, coin_code(answer, encode(["uint8"], [6])))
    coin = book.coin(COIN)
    assert coin is not None
    assert (coin.symbol, coin.decimals) == (short(COIN), 6)
    data = book.dao.token.data("transfer", PAYEE, 5)
    (words,) = in_words([TreasuryCall(COIN, 0, data)], book)
    assert words.startswith(f"call {COIN}, unknown function: 0xa9059cbb…")


@pytest.mark.parametrize("symbol", ["USDC", "1INCH", "USD₮0", "UNI-V2", "stETH", "円"])
def test_coin_with_an_ordinary_name_keeps_it(book: AddressBook, symbol: str) -> None:
    answer = encode(["string"], [symbol])
    book.rpc.call("anvil_setCode", COIN, coin_code(answer, encode(["uint8"], [6])))
    data = book.dao.token.data("transfer", PAYEE, 2_500_000)
    (words,) = in_words([TreasuryCall(COIN, 0, data)], book)
    assert words == f"pay {PAYEE} 2.5 {symbol} ({COIN})"


@pytest.mark.parametrize(
    ("symbol", "decimals"),
    [
        (encode(["string"], ["X"]), encode(["uint256"], [256])),
        (encode(["uint256", "uint256"], [2**255, 2**255]), encode(["uint8"], [6])),
        (encode(["uint256", "uint256"], [32, 2**64]), encode(["uint8"], [6])),
        (b"\xff" * 31, encode(["uint8"], [6])),
        (b"", b""),
        (bytes(32), encode(["uint8"], [6])),
        (b"\xff" * 200_000, b"\xff" * 200_000),
    ],
    ids=["256 decimals", "no offset", "no length", "too short", "nothing", "zeros", "a flood"],
)
def test_what_does_not_answer_like_a_coin_is_none(
    book: AddressBook, symbol: bytes, decimals: bytes
) -> None:
    book.rpc.call("anvil_setCode", COIN, coin_code(symbol, decimals))
    data = book.dao.token.data("transfer", PAYEE, 5)
    assert book.coin(COIN) in (None, Coin(short(COIN), 6, COIN))
    (words,) = in_words([TreasuryCall(COIN, 0, data)], book)
    assert words.startswith(f"call {COIN}, unknown function: 0xa9059cbb…")


@pytest.mark.parametrize("amount", [0, 1, 2**256 - 1])
def test_coin_of_255_decimals_is_exact(book: AddressBook, amount: int) -> None:
    answer = encode(["string"], ["TINY"])
    book.rpc.call("anvil_setCode", COIN, coin_code(answer, encode(["uint8"], [255])))
    step = TreasuryCall(COIN, 0, book.dao.token.data("transfer", PAYEE, amount))
    action = decode(step, book)
    assert action.verb == "pay"
    assert action.steps(book) == [step]


# Refusals


def failing(said: bytes) -> ForkOutcome:
    """An execution whose first call was refused with these bytes."""
    data = encode(["uint256", "address", "bytes"], [0, COIN, said])
    selector = keccak(text="TreasuryCallFailed(uint256,address,bytes)")[:4]
    return ForkOutcome(False, 0, 0, [], selector + data)


REFUSALS = {
    "a late end": ("GovernorExpiredSignature(uint256)", ["uint256"], [2**256 - 1]),
    "a late slot": (
        "GovernorTooManyLive(address,uint256,uint256)",
        ["address", "uint256", "uint256"],
        [COIN, 2**256 - 1, 2**256 - 1],
    ),
    "no standing": (
        "MembershipUnexpectedStanding(uint256,uint8)",
        ["uint256", "uint8"],
        [2**256 - 1, 255],
    ),
}


@pytest.mark.parametrize("refusal", REFUSALS.values(), ids=REFUSALS)
def test_refusal_of_a_stranger_in_the_words_of_the_dao(
    book: AddressBook, refusal: tuple[str, list[str], list[object]]
) -> None:
    signature, kinds, args = refusal
    reason = reason_of(failing(keccak(text=signature)[:4] + encode(kinds, args)), book)
    assert reason is not None
    assert reason.call == 1
    assert str(reason.problem)
    assert reason.problem.kind.startswith("contract.")


def test_refusal_in_words_is_one_short_line(book: AddressBook) -> None:
    bytes_ = keccak(text="Error(string)")[:4] + encode(["string"], ["no\n✓ executed\n" + "x" * 999])
    reason = reason_of(failing(bytes_), book)
    assert reason is not None
    said = str(reason.problem)
    assert said.startswith("no ✓ executed xxx")
    assert len(said) == 200
    told(reason.problem, "contract.error", said=said)


def test_refusal_that_makes_no_sense_is_bytes(book: AddressBook) -> None:
    selector = keccak(text="GovernorExpiredSignature(uint256)")[:4]
    assert interface().decode_revert(selector + b"\1") is None
    reason = reason_of(failing(selector + b"\1"), book)
    assert reason is not None
    told(reason.problem, "execution.refused-with", data=f"0x{selector.hex()}01")


# Events and texts


@pytest.mark.parametrize("text", [NOBODY_CHECKED, "0x" + "zz" * 20])
def test_text_in_an_event_that_looks_like_an_address(book: AddressBook, text: str) -> None:
    membership = book.dao.membership
    (event,) = (
        membership.interface.decode_log(
            {
                "address": membership.address,
                "topics": [keccak(text="CharterChanged(bytes32,string)")],
                "data": encode(["bytes32", "string"], [bytes(32), text]),
            }
        ),
    )
    assert event is not None
    assert text in event_words(Log(event, 1, 0, 0, "0x"), book)


def made(description: str) -> Proposed:
    """A proposal that does nothing, as its event says."""
    return Proposed(1, Proposal(0, 1, 0, 0, 1, {}, [], [], [], description, some_governor()))


def test_endless_title_is_cut() -> None:
    assert made("# " + "x" * 100_000).brief == f'1 "{"x" * 199}…"'
    assert made("# Bread\r\x85and roses").title == "Bread and roses"


def test_id_proves_calls_and_text() -> None:
    draft = ProposalDraft.of([(COIN, 1, b"")], "# Bread", PAYEE)
    proposed = made("").with_draft(draft)
    true = Proposed(1, replace(proposed.proposal, id=draft.id))
    assert true.proven
    assert true.draft == draft
    assert not true.with_draft(replace(draft, values=(2,))).proven


@pytest.mark.parametrize("text", ["\x9b2J", "\u202e", "\ud800", "\x7f", '\\"\u2067'])
def test_json_changes_no_screen_and_says_the_same(
    text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Console(as_json=True).emit({"said": text})
    shown = capsys.readouterr().out
    shown.encode()
    assert all(each.isprintable() or each == "\n" for each in shown)
    assert json.loads(shown) == {"said": text}
    assert json.loads(json_text([text])) == [text]
