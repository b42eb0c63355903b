"""Member files: what is taken, what is refused, and that nothing is used by halves."""

from pathlib import Path

import pytest

from mikoshi.testing.community import person
from mikoshi.text.errors import BadInputError
from mikoshi.text.language import speaking
from mikoshi.text.people import Person, WalletError, parse_wallet, read_people, show

HANA, KEN, YUKI = (person(number).address for number in (1, 2, 3))


def written(tmp_path: Path, text: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "members.csv"
    path.write_bytes(text.encode(encoding))
    return path


def test_read_people_takes_bom_crlf_lower_case_and_japanese_names(tmp_path: Path) -> None:
    text = f"wallet,name\r\n{HANA.lower()},花\r\n{KEN},ケン\r\n0x{YUKI[2:].upper()},由紀\r\n"
    people = read_people(written(tmp_path, text, "utf-8-sig"))
    assert people == [Person(HANA, "花"), Person(KEN, "ケン"), Person(YUKI, "由紀")]


@pytest.mark.parametrize(
    "text",
    [
        f"address\n{HANA}\n",
        f"Name , WALLET \n, {HANA} \n",
        f"# our people\n\nwallet,name,note\n\n{HANA},,first\n,,\n# end\n",
        f"名前,ウォレット\n,{HANA}\n",
        f"wallet,name\n{HANA}",
    ],
    ids=["address only", "spaces and order", "comments and blank lines", "japanese", "no last \\n"],
)
def test_read_people_takes_other_shapes(tmp_path: Path, text: str) -> None:
    assert read_people(written(tmp_path, text)) == [Person(HANA)]


def test_read_people_takes_quoted_names_over_lines_and_counts_lines_as_editors_do(
    tmp_path: Path,
) -> None:
    text = f'wallet,name\n{HANA},"Hana, ""the first"""\n{KEN},"a\nb"\n0x12,Yuki\n'
    with pytest.raises(BadInputError) as caught:
        read_people(written(tmp_path, text))
    assert caught.value.reasons == [
        "members.csv line 5: wallet must be a wallet address: 0x and 40 hexadecimal digits,"
        " got 0x12"
    ]


def test_read_people_reports_every_bad_line_with_its_number(tmp_path: Path) -> None:
    wrong = HANA[:-1] + ("0" if HANA[-1] != "0" else "1")
    zero = "0x" + "00" * 20
    lines = [
        "wallet,name",
        f"{HANA},Hana",
        "hello,Ken",
        f"{KEN},Ken",
        f"{HANA.lower()},Hana again",
        f"{wrong},typo",
        ",nobody",
        f"{zero},zero",
        "Yuki",
    ]
    with pytest.raises(BadInputError) as caught:
        read_people(written(tmp_path, "\n".join(lines)))
    error = caught.value
    shape = "wallet must be a wallet address: 0x and 40 hexadecimal digits"
    checksum = "wallet has a wrong checksum: a character was probably mistyped; copy it again"
    assert error.what == "members.csv: 6 problems, so nothing of it was used"
    assert error.reasons == [
        f"members.csv line 3: {shape}, got hello",
        f"members.csv line 5: {HANA[:6]}…{HANA[-4:]} is in line 2 already",
        f"members.csv line 6: {checksum}, got {wrong}",
        f"members.csv line 7: {shape}, got —",
        f"members.csv line 8: wallet must not be the zero address, which nobody owns, got {zero}",
        f"members.csv line 9: {shape}, got Yuki",
    ]
    assert error.hint == "Correct members.csv and run the command again"
    assert error.exit_code == 2


def test_read_people_speaks_japanese(tmp_path: Path) -> None:
    with speaking("ja"), pytest.raises(BadInputError) as caught:
        read_people(written(tmp_path, f"wallet\n{HANA}\n{HANA}\n"))
    assert caught.value.what == "members.csv: 1件の問題があるため、何も使いませんでした"
    assert caught.value.reasons == [
        f"members.csv 3行目: {HANA[:6]}…{HANA[-4:]} は2行目にもあります"
    ]


def test_read_people_refuses_shift_jis_and_says_how_to_save_the_file(tmp_path: Path) -> None:
    with pytest.raises(BadInputError) as caught:
        read_people(written(tmp_path, f"wallet,name\n{HANA},花\n", "shift_jis"))
    assert caught.value.lines == [
        "members.csv: is not UTF-8 text",
        "line 2 is in another encoding, such as Shift_JIS of Excel",
        'Save it as "CSV UTF-8" and run the command again',
    ]


def test_read_people_refuses_a_file_without_the_column(tmp_path: Path) -> None:
    with pytest.raises(BadInputError) as caught:
        read_people(written(tmp_path, f"{HANA},Hana\n{KEN},Ken\n"))
    assert caught.value.lines == [
        "members.csv: the first line must name a column `wallet`",
        f"it names {HANA}, Hana",
        "Put `wallet,name` into the first line, and one person into each line below it",
    ]


def test_read_people_refuses_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BadInputError) as caught:
        read_people(tmp_path / "nobody.csv")
    assert caught.value.what == f"{tmp_path / 'nobody.csv'}: cannot be read"
    assert caught.value.reasons == ["No such file or directory"]


def test_read_people_of_an_empty_file_is_nobody(tmp_path: Path) -> None:
    assert read_people(written(tmp_path, "")) == []
    assert read_people(written(tmp_path, "wallet,name\n")) == []


def test_parse_wallet_takes_full_width_digits_and_refuses_a_bare_key() -> None:
    assert parse_wallet(f" {HANA}\u3000") == HANA
    with pytest.raises(WalletError):
        parse_wallet("0x" + "11" * 32)


def test_show_names_a_person_as_far_as_known() -> None:
    short = f"{HANA[:6]}…{HANA[-4:]}"
    assert show(HANA, 7, "Hana") == f"Hana #7 ({short})"
    assert show(HANA, 7) == f"#7 ({short})"
    assert show(HANA, name="Hana") == f"Hana ({short})"
    assert show(HANA) == short
