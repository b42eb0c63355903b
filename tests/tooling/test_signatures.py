"""Signatures as people copy them and as wallets make them, and what an account's check may cost."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from mikoshi.ballots.file import load, to_json
from mikoshi.ballots.messages import governor_message
from mikoshi.ballots.signed import (
    ACCOUNT_CHECK_GAS,
    Signed,
    accepted,
    compact,
    parse_signature,
    sign,
)
from mikoshi.chain.node import DevRpc
from mikoshi.testing.community import person
from mikoshi.text.errors import BadInputError
from mikoshi.text.paths import CONTRACTS
from mikoshi.text.people import short
from tests.support import inner, malleated, refuses, told

CHAIN = 31_337
HANA = person(7)
GOVERNOR = person(901).address
ACCOUNT = person(902).address
VALUES = {"proposalId": 1, "support": 1, "deadline": 1_800_000_000}
BALLOT = governor_message("MemberBallot", CHAIN, GOVERNOR, **VALUES)
BY_ACCOUNT = governor_message("AccountBallot", CHAIN, GOVERNOR, **VALUES, voter=ACCOUNT)
SIGNED = sign(BALLOT, HANA, 7, "Hana")
MADE = SIGNED.signature


def loose(signature: bytes) -> bytes:
    """With v of 0 or 1."""
    return signature[:64] + bytes([signature[64] - 27])


FORMS: dict[str, Callable[[bytes], bytes]] = {
    "usual": lambda made: made,
    "v of 0 or 1": loose,
    "short": lambda made: b"".join(compact(made)),
    "high s": malleated,
    "high s, v of 0 or 1": lambda made: loose(malleated(made)),
}


@pytest.mark.parametrize("form", FORMS.values(), ids=list(FORMS))
@pytest.mark.parametrize("member", range(1, 5))  # whose signatures have both v
def test_each_form_of_a_signature_is_the_same(member: int, form: Callable[[bytes], bytes]) -> None:
    made = sign(BALLOT, person(member)).signature
    assert parse_signature(f"0x{form(made).hex()}") == made


COPIES = {
    "bare": "{}",
    "0x": "0x{}",
    "0X in capitals": "0X{}",
    "in quotes": '"0x{}"',
    "in the quotes of a text": "“0x{}”",
    "between spaces": "\u00a0 0x{}\u3000\n",
    "with what nobody sees": "\ufeff0x{}\u200b",
}


@pytest.mark.parametrize("copy", COPIES.values(), ids=list(COPIES))
def test_a_signature_is_read_as_it_is_copied(copy: str) -> None:
    assert parse_signature(copy.format(MADE.hex())) == MADE


def test_a_signature_is_read_over_several_lines_and_in_full_width() -> None:
    text = MADE.hex()
    wide = "".join(chr(ord(each) + 0xFEE0) for each in f"0x{text}")
    assert parse_signature(f"0x{text[:60]}\n  {text[60:]}") == MADE
    assert parse_signature(wide) == MADE


@pytest.mark.parametrize("form", FORMS.values(), ids=list(FORMS))
def test_a_ballot_file_may_hold_each_form(form: Callable[[bytes], bytes], tmp_path: Path) -> None:
    path = tmp_path / "hana.ballot"
    path.write_text(json.dumps(to_json(SIGNED) | {"signature": f"0x{form(MADE).hex()}"}))
    assert load(path) == SIGNED


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_ballot_file_may_begin_with_a_byte_order_mark(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "hana.ballot"
    path.write_text(json.dumps(to_json(SIGNED), ensure_ascii=False), encoding)
    assert load(path) == SIGNED


def test_a_ballot_file_in_another_encoding_is_told(tmp_path: Path) -> None:
    path = tmp_path / "hana.ballot"
    path.write_bytes(json.dumps(to_json(SIGNED) | {"note": "花"}).encode("utf-16-le"))
    with pytest.raises(BadInputError) as caught:
        load(path)
    told(inner(caught.value, "problem"), "ballot.no-text")


def test_what_is_not_the_signers_is_left_as_it_is_for_their_account() -> None:
    other = Signed(BY_ACCOUNT, ACCOUNT, b"\x01" * 64, 7)
    assert other.packed() == (other.terms, ACCOUNT, b"\x01" * 64)


def looping(rounds: int) -> str:
    """A contract that takes 26 gas a round, and then says yes (ERC-1271)."""
    counts = f"61{rounds:04x}5b600190038060035" + "7"
    return f"0x{counts}631626ba7e60e01b60005260206000f3"


@pytest.fixture
def account(rpc: DevRpc) -> Callable[[str], Signed]:
    """A ballot of an account with this code."""

    def made(code: str) -> Signed:
        rpc.call("anvil_setCode", ACCOUNT, code)
        return Signed(BY_ACCOUNT, ACCOUNT, b"\x01" * 64, 7)

    return made


def test_an_accounts_check_is_tried_with_the_gas_that_the_contract_gives(
    account: Callable[[str], Signed], rpc: DevRpc
) -> None:
    with rpc.isolate():
        cheap = account(looping(3_700))  # 96,200 gas
        assert accepted(cheap, rpc, "Hana") == cheap
        dear = account(looping(6_000))  # 156,000
        with refuses("signature.check-too-dear", signer=short(ACCOUNT), gas=ACCOUNT_CHECK_GAS):
            accepted(dear, rpc, "Hana")


def test_the_gas_of_an_accounts_check_is_that_of_the_contract() -> None:
    source = (CONTRACTS / "governance" / "BallotBox.sol").read_text("utf-8")
    assert f"ERC1271_GAS = {ACCOUNT_CHECK_GAS:_};" in source


ANSWERS = {
    "nothing": "0x00",
    "the bytes at the other end": "0x631626ba7e60005260206000f3",
    "true": "0x600160005260206000f3",
    "a part": "0x631626ba7e60e01b60005260046000f3",
    "dirt behind it": "0x631626ba7e60e01b60011760005260206000f3",
    "INVALID": "0xfe",
    "a revert": "0x60006000fd",
}


@pytest.mark.parametrize("code", ANSWERS.values(), ids=list(ANSWERS))
def test_an_account_that_does_not_say_yes_has_not_signed(
    code: str, account: Callable[[str], Signed], rpc: DevRpc
) -> None:
    with rpc.isolate(), refuses("signature.of-another", who="Hana"):
        accepted(account(code), rpc, "Hana")
