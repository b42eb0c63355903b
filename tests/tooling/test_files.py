"""Files that cannot be read, and why, in both languages."""

from __future__ import annotations

import errno
import http.client
from decimal import Decimal
from pathlib import Path

import pytest

from mikoshi.text.files import NoTextError, read_json, read_text, read_toml, reason_of
from mikoshi.text.language import speaking
from tests.support import refuses, told

TAKEN = ("this name is there already", "同じ名前がすでにあります")
QUOTE = (
    "a quote is not closed, or a character may not stand here",
    "引用符が閉じていないか、使えない文字があります",
)
BRACKET = ("a bracket is not closed", "かっこが閉じていません")
VALUE = ("a value is missing, or is none", "値がないか、値になっていません")
NEITHER = ("this is neither [section] nor name = value", "[見出し] でも、名前 = 値 でもありません")


@pytest.mark.parametrize(
    ("text", "line", "quoted", "reason"),
    [
        ("[dao]\nname = 1\n[dao]\n", 3, "[dao]", TAKEN),
        ("name = 1\nname = 2", 2, "name = 2", TAKEN),
        ('[dao]\n\nname = "PM DAO\nsymbol = "P"\n', 3, 'name = "PM DAO', QUOTE),
        ("name = 'PM DAO", 1, "name = 'PM DAO", QUOTE),
        ('text = """\nabc\n\n', 2, "abc", QUOTE),
        ("accept = [1\n", 1, "accept = [1", BRACKET),
        ("\nquorum = 30%\n", 2, "quorum = 30%", NEITHER),
        ("quorum = “30%”", 1, "quorum = “30%”", VALUE),
        ("定足数 = 1", 1, "定足数 = 1", NEITHER),
        ("k =\nbase = 1", 1, "k =", VALUE),
        ("[voice\nk = 1", 1, "[voice", NEITHER),
        ("k = " + "[" * 200, 1, "k = " + "[" * 75 + "…", VALUE),
    ],
)
def test_a_file_that_is_no_toml_is_told_by_its_line(
    text: str, line: int, quoted: str, reason: tuple[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "a.toml"
    file.write_text(text)
    with pytest.raises(NoTextError) as caught:
        read_toml(file)
    told(caught.value, "toml.wrong-line", line=line, quoted=quoted)
    assert str(caught.value.data["reason"]) == reason[0]
    with speaking("ja"):
        assert str(caught.value.data["reason"]) == reason[1]


@pytest.mark.parametrize("value", ["1e99999999999999999999", "9" * 5_000, "[" * 100_000])
def test_a_value_beyond_all_bounds_is_told(value: str, tmp_path: Path) -> None:
    file = tmp_path / "a.toml"
    file.write_text(f"k = {value}")
    with refuses("toml.too-much"):
        read_toml(file)


def test_a_file_in_another_encoding_is_told_by_its_line(tmp_path: Path) -> None:
    file = tmp_path / "a.toml"
    file.write_bytes("[dao]\nname = 'お茶'\n".encode("shift_jis"))
    with refuses("toml.not-utf8", line=2):
        read_toml(file)


def test_a_file_with_a_mark_and_exact_numbers_is_read(tmp_path: Path) -> None:
    file = tmp_path / "a.toml"
    file.write_bytes(b"\xef\xbb\xbfk = 0.1\r\n")
    assert read_toml(file) == {"k": Decimal("0.1")}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_text_is_read_whatever_mark_it_begins_with(encoding: str, tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes("花\r\nお茶\rb\n".encode(encoding))
    assert read_text(file) == "花\nお茶\nb\n"
    file.write_bytes("\ufeff\ufeffa".encode())  # two files that were put together
    assert read_text(file) == "a"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ("{}".encode("utf-16-le"), "file.no-text"),
        (b"\xff\xfe\x00", "file.not-utf8"),
        ('{"a": "お茶"}'.encode("shift_jis"), "file.not-utf8"),
        (b"{", "json.malformed"),
        (b'{"a": "\\ud800"}', "json.malformed"),
        (b"9" * 5_000, "json.malformed"),
        (b"[" * 21, "json.too-deep"),
    ],
)
def test_a_file_that_is_no_json_is_told(content: bytes, kind: str, tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_bytes(content)
    with refuses(kind):
        read_json(file)


@pytest.mark.parametrize("odd", ["\u00a0", "\u200b", "\u3000", "\ufeff"])
def test_a_line_with_a_character_that_nobody_sees_is_told(odd: str, tmp_path: Path) -> None:
    file = tmp_path / "a.toml"
    file.write_text(f"a = 1\nb {odd}= 2\n")
    with refuses("toml.unseen-character", line=2, code=f"U+{ord(odd):04X}"):
        read_toml(file)
    file.write_text(f'a = "花{odd}子"\n')
    assert read_toml(file) == {"a": f"花{odd}子"}


@pytest.mark.parametrize(
    ("error", "english", "japanese"),
    [
        (
            FileNotFoundError(errno.ENOENT, "No such file or directory"),
            "No such file or directory",
            "ファイルがありません",
        ),
        (
            OSError(errno.ENOSPC, "No space left on device"),
            "No space left on device",
            "空き容量がありません",
        ),
        (TimeoutError("timed out"), "timed out", "時間内に応答がありません"),
        (http.client.RemoteDisconnected("hung up"), "Connection closed", "接続が切れました"),
        (OSError(errno.EIO, "Input/output error"), "Input/output error", "Input/output error"),
    ],
)
def test_what_the_computer_cannot_do_has_a_reason(
    error: OSError, english: str, japanese: str
) -> None:
    assert reason_of(error) == english
    with speaking("ja"):
        assert reason_of(error) == japanese
