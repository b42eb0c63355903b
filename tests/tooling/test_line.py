"""Signed acts as lines of a chat, and found again in whatever was pasted."""

from __future__ import annotations

import io
import json
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mikoshi.ballots import line
from mikoshi.ballots.file import FileError, to_json
from mikoshi.ballots.line import ALPHABET, LONGEST, MARK, lines_in, to_line
from mikoshi.ballots.messages import MESSAGES, Message, fields_of
from mikoshi.ballots.signed import Acceptance, Signed, sign
from mikoshi.testing.community import FOR, person
from mikoshi.voting.signed_file import Fate, open_files
from tests.support import refuses, told
from tests.tooling.governed import Governed
from tests.tooling.test_relay import ballot, reasoned, votes

HOME = person(901).address
KEYS = [person(number) for number in range(1, 4)]
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "uint8": st.integers(0, 255),
    "uint256": st.integers(0, 2**256 - 1),
    "address": st.sampled_from([key.address for key in KEYS]),
    "bytes32": st.binary(min_size=32, max_size=32),
    "string": st.text(max_size=60),
    "bytes": st.binary(max_size=60),
}
VALUES |= {
    f"{kind}[]": st.lists(VALUES[kind], max_size=9).map(tuple) for kind in ("uint256", "address")
}


@st.composite
def acts(draw: st.DrawFn) -> Signed:
    """Any message, signed by a wallet or, where it names somebody, by their contract account."""
    kind = draw(st.sampled_from(line._KINDS))
    values = {name: draw(VALUES[type_]) for name, type_ in fields_of(kind).items()}
    message = Message(kind, draw(st.integers(0, 2**64)), HOME, values)
    named = message.signer or ""
    key = next((each for each in KEYS if each.address == named), draw(st.sampled_from(KEYS)))
    made = sign(message, key, draw(st.integers(0, 2**24 - 1)))
    if kind == "Join":
        words = tuple(draw(st.binary(min_size=66, max_size=99)) for _ in values["sponsors"])
        taken = Acceptance(draw(st.binary(min_size=66, max_size=99)), values["deadline"], words)
        return replace(made, member=0, acceptance=taken)
    if named and draw(st.booleans()):
        return replace(made, signature=draw(st.binary(min_size=1, max_size=99)))
    return made


SIGNED = sign(
    Message("MemberBallot", 11_155_111, HOME, {"proposalId": 2**255, "support": 1, "deadline": 9}),
    KEYS[0],
    7,
)
LINE = to_line(SIGNED)
NOISE = st.text(max_size=40).filter(lambda text: MARK not in text)


def read(text: str) -> list[Signed | FileError]:
    return [found for _, found in lines_in(text)]


@settings(deadline=None)
@given(acts())
def test_line_says_what_was_signed(signed: Signed) -> None:
    text = to_line(signed)
    assert text.startswith(MARK)
    assert set(text.removeprefix(MARK)) <= set(ALPHABET)
    assert read(text) == [signed]


def test_every_message_has_a_number_of_its_own() -> None:
    """But for the parts of an invitation, which travel in its link."""
    assert sorted([*line._KINDS, "Invitation", "Claim"]) == sorted(MESSAGES)


def test_ballot_is_as_long_as_a_short_message() -> None:
    assert len(LINE) <= 200


@settings(deadline=None)
@given(st.lists(st.tuples(acts(), NOISE), max_size=4), NOISE)
def test_lines_are_found_between_anything(pairs: list[tuple[Signed, str]], before: str) -> None:
    text = before + "".join(f"\n{to_line(signed)}{noise}" for signed, noise in pairs)
    assert read(text) == [signed for signed, _ in pairs]


@settings(deadline=None)
@given(
    st.lists(st.integers(len(MARK), len(LINE)), max_size=9),
    st.sampled_from(["\n", "\r\n> ", "\u200b", " | ", "\u3000", "`\n`"]),
)
def test_wrapped_and_quoted_line_is_whole(cuts: list[int], between: str) -> None:
    text = LINE
    for cut in sorted(cuts, reverse=True):
        text = text[:cut] + between + text[cut:]
    assert read(f"{text} thanks!") == [SIGNED]


@settings(deadline=None)
@given(st.integers(len(MARK), len(LINE) - 1), st.sampled_from(["", *ALPHABET, "=", "é"]))
def test_line_with_a_changed_character_is_damaged(at: int, other: str) -> None:
    if other == LINE[at]:
        other = "1" if other == "2" else "2"
    (found,) = read(f"{LINE[:at]}{other}{LINE[at + 1 :]}")
    assert isinstance(found, FileError)
    told(found, "ballot.line-damaged")


@settings(deadline=None)
@given(st.integers(1, len(LINE) - 1))
def test_line_behind_a_cut_one_is_found(cut: int) -> None:
    found = read(LINE[:cut] + LINE)
    assert found[-1] == SIGNED
    assert len(found) == 1 + (cut >= len(MARK))


def test_lines_are_numbered_by_where_they_begin() -> None:
    assert [number for number, _ in lines_in(f"a\n{LINE}\n\n{LINE[:90]}\n{LINE[90:]}")] == [2, 4]


def packed(content: bytes) -> str:
    """A line with these bytes and the right checksum."""
    digits = line.in_base58(content + line.ending_of(content))
    return MARK + ALPHABET[0] + ALPHABET[len(digits)] + digits


@pytest.mark.parametrize(
    "content", [b"\x63", b"\x01\x01\x01", b"\x04\x01\x01" + bytes(20)], ids=["kind", "end", "text"]
)
def test_line_of_a_later_version_is_refused(content: bytes) -> None:
    (found,) = read(packed(content))
    assert isinstance(found, FileError)
    told(found, "ballot.unknown-line")


def test_no_wallet_signed_for_a_chain_that_cannot_be() -> None:
    message = replace(SIGNED.message, chain_id=2**256)
    (found,) = read(to_line(replace(SIGNED, message=message)))
    assert isinstance(found, FileError)
    told(found, "ballot.line-unsigned")


def test_ballot_that_no_wallet_signed_is_refused() -> None:
    (found,) = read(to_line(replace(SIGNED, signature=bytes(65))))
    assert isinstance(found, FileError)
    told(found, "ballot.line-unsigned")


def test_too_long_a_reason_makes_no_line() -> None:
    values = {"proposalId": 1, "support": 1, "voter": HOME, "nonce": 0, "params": b""}
    with pytest.raises(ValueError, match=f"more than {LONGEST}"):
        to_line(sign(Message("ExtendedBallot", 1, HOME, {**values, "reason": "a" * 3000}), KEYS[0]))


# What is relayed


def test_text_of_any_kind_is_searched(tmp_path: Path) -> None:
    (tmp_path / "chat.json").write_text(json.dumps([{"text": f"はい\n{LINE}"}, "…"]))
    (tmp_path / "sjis.txt").write_bytes("投票です ".encode("shift_jis") + LINE.encode())
    (tmp_path / "cut.txt").write_text(LINE[:50])
    (tmp_path / "real.ballot").write_text(json.dumps(to_json(SIGNED)))
    (tmp_path / "none.txt").write_text("はい")
    found = {each.name: each for each in open_files([str(tmp_path / "*.*")])}
    assert {name: each.fate for name, each in found.items()} == {
        "chat.json:1": Fate.READY,
        "sjis.txt:1": Fate.READY,
        "cut.txt:1": Fate.REFUSED,
        "real.ballot": Fate.READY,
        "none.txt": Fate.REFUSED,
    }
    assert found["chat.json:1"].content == found["sjis.txt:1"].content == SIGNED
    told(found["none.txt"].problems[0], "ballot.not-a-ballot")


def paste(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(text.encode())))


def test_pasted_text_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    paste(monkeypatch, f"Hana: {LINE} !")
    assert [each.content for each in open_files(["-", "-"])] == [SIGNED]


def test_pasted_text_without_a_line_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    paste(monkeypatch, "はい、賛成です")
    with refuses("ballot.none-pasted", mark=MARK):
        open_files(["-"])


def relayed(governed: Governed, *sources: str, code: int = 0) -> list[tuple[str, str]]:
    """What became of each line."""
    result = governed.run("relay", *sources, account="p1", yes=True, json=True)
    assert result.exit_code == code, result.stderr
    return [
        (Path(each["file"]).name, each["result"]) for each in json.loads(result.stdout)["files"]
    ]


@pytest.mark.slow
def test_pasted_ballots_are_counted_and_the_damaged_one_is_named(governed: Governed) -> None:
    number = governed.propose().id
    governed.open_voting(number)
    lines = [
        to_line(each)
        for each in (
            ballot(governed, number, 2),
            ballot(governed, number, 3),
            reasoned(governed, number, 4, "助かります"),
        )
    ]
    chat = governed.folder / "chat.txt"
    chat.write_text(f"Ken: {lines[0]}\nAoi: > {lines[0]}\n{lines[1][:70]}\n{lines[1]} {lines[2]}")
    assert relayed(governed, str(chat), code=1) == [
        ("chat.txt:1", "sent"),
        ("chat.txt:2", "done before"),
        ("chat.txt:3", "refused"),
        ("chat.txt:4", "sent"),
        ("chat.txt:4", "sent"),
    ]
    assert votes(governed, number) == {2: FOR, 3: FOR, 4: FOR}
    shown = governed.run("relay", str(chat), account="p1", yes=True)
    assert "✗ chat.txt:3: a part of the line is missing or was changed" in shown.stdout
