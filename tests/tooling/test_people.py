"""Member files: what is taken, what is refused, and that nothing is used by halves."""

import csv
from pathlib import Path
from typing import Any

import pytest

from mikoshi.testing.community import person
from mikoshi.text.console import json_text
from mikoshi.text.errors import BadInputError
from mikoshi.text.language import speaking
from mikoshi.text.member_file import read_people, remember, remembered, scan_people
from mikoshi.text.people import Person, on_chain, parse_wallet, show
from tests.support import inner, refuses, told

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
    assert [problem["line"] for problem in problems(caught.value)] == [5]


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
    told(caught.value, "people.bad-lines", name="members.csv", count=6)
    found = problems(caught.value)
    assert {(each["kind"], each["name"]) for each in found} == {("people.bad-line", "members.csv")}
    assert [(each["line"], each["problem"]) for each in found] == [
        (3, bad_wallet("wallet.not-an-address", "hello")),
        (5, {"kind": "people.twice", "wallet": f"{HANA[:6]}…{HANA[-4:]}", "line": 2}),
        (6, bad_wallet("wallet.bad-checksum", wrong)),
        (7, bad_wallet("wallet.not-an-address", "—")),
        (8, bad_wallet("wallet.zero", zero)),
        (9, bad_wallet("wallet.not-an-address", "Yuki")),
    ]
    assert caught.value.exit_code == 2


def problems(error: BadInputError) -> list[dict[str, Any]]:
    """What is wrong with the lines of a file, as programs are told."""
    found: Any = error.as_json()["error"]
    return list(found["data"]["problems"])


def bad_wallet(kind: str, got: str) -> dict[str, Any]:
    """A wallet that is none, as programs are told."""
    return {"kind": "people.bad-wallet", "problem": {"kind": kind}, "got": got}


def test_a_bad_line_is_said_in_words(tmp_path: Path) -> None:
    with pytest.raises(BadInputError) as caught:
        read_people(written(tmp_path, f"wallet\n{HANA}\n{HANA}\n0x12\n"))
    short = f"{HANA[:6]}…{HANA[-4:]}"
    assert caught.value.reasons == [
        f"members.csv line 3: {short} is in line 2 already",
        "members.csv line 4: wallet must be a wallet address: 0x and 40 hexadecimal digits,"
        " got 0x12",
    ]
    with speaking("ja"):
        assert caught.value.what == "members.csv: 2件の問題があるため、何も使いませんでした"
        assert caught.value.reasons[0] == f"members.csv 3行目: {short} は2行目にもあります"


def test_read_people_refuses_shift_jis_and_says_how_to_save_the_file(tmp_path: Path) -> None:
    with refuses("people.not-utf8", name="members.csv", line=2):
        read_people(written(tmp_path, f"wallet,name\n{HANA},花\n", "shift_jis"))


def test_read_people_refuses_a_cell_that_never_ends(tmp_path: Path) -> None:
    long = "x" * (csv.field_size_limit() + 1)
    with pytest.raises(BadInputError) as caught:
        read_people(written(tmp_path, f"wallet,name\n{HANA},{long}\n"))
    line = inner(caught.value, "problems")
    told(line, "people.bad-line", name="members.csv", line=2)
    reason = f"field larger than field limit ({len(long) - 1})"
    told(inner(line, "problem"), "people.no-csv", reason=reason)


def test_read_people_refuses_a_file_without_the_column(tmp_path: Path) -> None:
    with refuses("people.no-wallet-column", name="members.csv", columns=f"{HANA}, Hana"):
        read_people(written(tmp_path, f"{HANA},Hana\n{KEN},Ken\n"))


def test_read_people_refuses_a_file_that_is_not_there(tmp_path: Path) -> None:
    path = tmp_path / "nobody.csv"
    with refuses("people.unreadable", path=path, reason="No such file or directory"):
        read_people(path)


MARKS = ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"]


@pytest.mark.parametrize("encoding", MARKS)
def test_read_people_takes_every_byte_order_mark(encoding: str, tmp_path: Path) -> None:
    mark = "\ufeff" if encoding.endswith("e") else ""
    text = f"{mark}wallet\tname\r\n{HANA}\t花\r\n"  # as Excel's "Unicode text"
    assert read_people(written(tmp_path, text, encoding)) == [Person(HANA, "花")]


def test_read_people_refuses_utf_16_without_its_mark(tmp_path: Path) -> None:
    with refuses("people.not-utf8", name="members.csv", line=None):
        read_people(written(tmp_path, f"wallet,name\n{HANA},Hana\n", "utf-16-le"))


@pytest.mark.parametrize("separator", [",", ";", "\t", "|", "，", "、", "；"])
@pytest.mark.parametrize("head", ["", "\n", "# our people; and, more\n"])
def test_read_people_takes_the_usual_separators(head: str, separator: str, tmp_path: Path) -> None:
    text = f"{head}name{separator}wallet\n#hana{separator}{HANA}\n{separator}{KEN}\n"
    assert read_people(written(tmp_path, text)) == [Person(HANA, "#hana"), Person(KEN)]


@pytest.mark.parametrize("head", ['"wallet";"name"', '"#wallet";name', "#wallet;name"])
def test_the_separator_is_found_in_a_header_in_quotes_or_behind_a_mark(
    head: str, tmp_path: Path
) -> None:
    assert read_people(written(tmp_path, f'{head}\n"{HANA}";"Hana"\n')) == [Person(HANA, "Hana")]


def test_columns_that_are_not_used_are_named(tmp_path: Path) -> None:
    found = scan_people(written(tmp_path, f"#,wallet,full name\n1,{HANA},Hana\n"))
    assert (found.people, found.unused) == ([Person(HANA)], ("full name",))
    assert found.left_out == "columns not used: full name"


@pytest.mark.parametrize("said", ["sep=;", '"sep=;"', "sep=; "])
def test_read_people_takes_the_separator_that_excel_says(said: str, tmp_path: Path) -> None:
    text = f"{said}\nwallet;name\n{HANA};Sato, Hana\n0x12;Ken\n"
    with pytest.raises(BadInputError) as caught:
        read_people(written(tmp_path, text))
    assert [problem["line"] for problem in problems(caught.value)] == [4]


def test_a_line_with_an_address_is_never_a_comment(tmp_path: Path) -> None:
    text = f"name,wallet\n#hana,{HANA}\n#ken,{KEN}\n# that is all\n\nYuki,{YUKI}\n"
    found = scan_people(written(tmp_path, text))
    assert found.people == [Person(HANA, "#hana"), Person(KEN, "#ken"), Person(YUKI, "Yuki")]
    assert (found.problems, found.skipped, found.blank) == ([], 1, 1)
    assert found.left_out == "people: 3, comments skipped: 1, blank lines: 1"
    with speaking("ja"):
        assert found.left_out == "人数: 3、読み飛ばしたコメント: 1、空行: 1"


@pytest.mark.parametrize("line", ["#{}", "# {},Hana", "#,sep:{}", "# {} is Hana's old one"])
def test_a_commented_address_is_told(line: str, tmp_path: Path) -> None:
    with pytest.raises(BadInputError) as caught:
        read_people(written(tmp_path, f"wallet,name\n{HANA},Hana\n{line.format(KEN)}\n"))
    assert [problem["line"] for problem in problems(caught.value)] == [3]


@pytest.mark.parametrize(
    "head", ["#,wallet,name\n1", "#wallet,name\n{0}", "# wallet, name\n\nwallet,name\n{0}"]
)
def test_a_header_may_begin_like_a_comment(head: str, tmp_path: Path) -> None:
    row = f",{HANA},Hana" if "{0}" not in head else ",Hana"
    text = f"{head.format(HANA)}{row}\n"
    assert read_people(written(tmp_path, text)) == [Person(HANA, "Hana")]


def test_a_cell_that_no_column_is_for_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadInputError) as caught:
        read_people(written(tmp_path, f"wallet,name\n{HANA},Sato, Hana\n{KEN},Ken,\n"))
    line = inner(caught.value, "problems")
    told(inner(line, "problem"), "people.too-many-cells", count=3, most=2)


def test_two_columns_for_the_wallet_are_refused(tmp_path: Path) -> None:
    with refuses("people.several-wallet-columns", name="members.csv", columns="wallet, address"):
        read_people(written(tmp_path, f"wallet,Address\n{HANA},{KEN}\n"))


def test_what_nobody_sees_is_dropped_and_what_forms_a_character_is_kept(tmp_path: Path) -> None:
    family = "👩\u200d👧"
    text = f"wallet,name\n\u200b{HANA[:9]}\u00ad{HANA[9:]}\u00a0,\u202eHana\u2060 {family}\n"
    assert read_people(written(tmp_path, text)) == [Person(HANA, f"Hana {family}")]


def test_read_people_of_an_empty_file_is_nobody(tmp_path: Path) -> None:
    assert read_people(written(tmp_path, "")) == []
    assert read_people(written(tmp_path, "wallet,name\n")) == []


def test_parse_wallet_takes_full_width_digits_and_refuses_a_bare_key() -> None:
    assert parse_wallet(f" {HANA}\u3000") == HANA
    with refuses("wallet.not-an-address"):
        parse_wallet("0x" + "11" * 32)


@pytest.mark.parametrize(
    "form",
    [
        "{address}",
        "sep:{address}",
        "SEP:{address}",
        "eip155:11155111:{address}",
        "ethereum:{address}",
        "ethereum:{address}@11155111",
        "{digits}",
        "{address}\u200b",
        "\ufeff{address}",
    ],
)
def test_an_address_may_have_the_mark_of_its_chain(form: str) -> None:
    with on_chain(11_155_111):
        assert parse_wallet(form.format(address=HANA, digits=HANA[2:])) == HANA


@pytest.mark.parametrize(
    ("mark", "chain", "form"),
    [("eth", 1, "eth:{}"), ("ethereum", 1, "ethereum:{}@1"), ("eip155:5", 5, "eip155:5:{}")],
)
def test_the_mark_of_another_chain_is_refused(mark: str, chain: int, form: str) -> None:
    with (
        on_chain(11_155_111),
        refuses("wallet.of-another-chain", mark=mark, chain=chain, here=11_155_111),
    ):
        parse_wallet(form.format(HANA))


def test_a_mark_that_nobody_knows_is_refused() -> None:
    with on_chain(11_155_111), refuses("wallet.unknown-mark", mark="zzz"):
        parse_wallet(f"zzz:{HANA}")
    with refuses("wallet.unknown-mark", mark="sep"):  # no chain is known yet
        parse_wallet(f"sep:{HANA}")


def test_a_name_of_ens_is_named_as_one() -> None:
    with refuses("wallet.ens-name", name="hana.eth"):
        parse_wallet("Hana.ETH".lower())


def test_what_may_be_a_private_key_is_not_repeated(tmp_path: Path) -> None:
    key = "0x" + "5e" * 32
    with pytest.raises(BadInputError) as caught:
        read_people(written(tmp_path, f"wallet\n{key}\n{key[2:]}\n"))
    assert key[2:] not in str(caught.value)
    assert key[2:] not in str(caught.value.as_json())


def test_show_names_a_person_as_far_as_known() -> None:
    short = f"{HANA[:6]}…{HANA[-4:]}"
    assert show(HANA, 7, "Hana") == f"Hana #7 ({short})"
    assert show(HANA, 7) == f"#7 ({short})"
    assert show(HANA, name="Hana") == f"Hana ({short})"
    assert show(HANA) == short


def test_names_that_were_met_are_remembered(tmp_path: Path) -> None:
    assert remembered(tmp_path) == []
    assert remember(tmp_path, [Person(HANA, "Hana 花"), Person(KEN)])
    assert remembered(tmp_path) == [Person(HANA, "Hana 花")]
    assert remember(tmp_path, [Person(KEN, "Ken"), Person(HANA, 'Hana "H", again')])
    assert remembered(tmp_path) == [Person(HANA, 'Hana "H", again'), Person(KEN, "Ken")]


def test_names_are_not_remembered_where_nothing_can_be_written(tmp_path: Path) -> None:
    (tmp_path / ".mikoshi").write_text("")
    assert not remember(tmp_path, [Person(HANA, "Hana")])
    assert remembered(tmp_path) == []


KEY = "0x" + "5e" * 32
PHRASE = "test test test test test test test test test test test junk"


@pytest.mark.parametrize("secret", [KEY, f"key={KEY}", KEY + "0", PHRASE])
def test_what_may_be_a_key_is_not_repeated(tmp_path: Path, secret: str) -> None:
    file = tmp_path / "members.csv"
    for text in (f"{secret},Hana\n", f"wallet,name\n{secret},Hana\n"):
        file.write_text(text)
        with pytest.raises(BadInputError) as refused:
            read_people(file)
        said = [*refused.value.lines, json_text(refused.value.as_json())]
        assert not any(secret[10:40] in each for each in said)
