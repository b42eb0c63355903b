"""`ape run init` asks: a short interview that writes a dao.toml for who knows no blockchain."""

from __future__ import annotations

import codecs
import json
import os
import pty
import select
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mikoshi.config.danger import NODE_WALLETS, SAMPLE_WALLETS, dangers_of
from mikoshi.config.load import load_config
from mikoshi.config.templates.template import NAMES
from mikoshi.init import talk
from mikoshi.init.answers import Answers, read_answers
from mikoshi.init.draft import make_draft
from mikoshi.init.founders import parse_founders
from mikoshi.init.questions import QUESTIONS
from mikoshi.init.reading import KINDS
from mikoshi.init.talk import _pose, _prompt
from mikoshi.testing.community import person
from mikoshi.text.console import Console
from mikoshi.text.language import speaking, use
from mikoshi.text.paths import ROOT
from mikoshi.text.people import Person, on_chain, short
from mikoshi.text.units import DAY
from tests.support import failed, refuses
from tests.tooling.live import script

pytestmark = pytest.mark.slow

HANA, KEN, YUKI = (person(number).address for number in (1001, 1002, 1003))
THREE = ["Hana " + HANA, "Ken " + KEN, "Yuki " + YUKI, ""]


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    yield
    use("en")


@pytest.fixture
def init(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """`ape run init` at a terminal, typed line by line, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    for module in ("cli.session", "commands.init"):
        monkeypatch.setattr(f"mikoshi.{module}.at_a_terminal", lambda: True)
    command = script("init")

    def run(*lines: str, args: Sequence[str] = (), lang: str = "en") -> Result:
        left = iter(range(len(lines)))

        def prompt(text: str) -> str:
            if next(left, None) is None:  # where a terminal says so, click's runner goes on
                raise click.Abort
            return _prompt(text)

        monkeypatch.setattr(talk, "_prompt", prompt)
        typed = "".join(f"{line}\n" for line in lines)
        return CliRunner(mix_stderr=False).invoke(command, [*args, "--lang", lang], input=typed)

    return run


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


# The whole conversation


def test_defaults_make_a_dao_to_try_out(init: Callable[..., Result]) -> None:
    done = init("Tea DAO", *[""] * 10, "y")
    assert done.exit_code == 0, done.stderr
    config = load_config("dao.toml")
    assert (config.name, config.dao.symbol, config.slug) == ("Tea DAO", "TEA", "tea-dao")
    assert config.chain_id == 31337
    assert [each.wallet for each in config.members] == list(NODE_WALLETS[:5])
    assert config.members[0].name == "Aoi"
    assert (config.guardian, config.steward, config.accepted) == (None, None, ())
    assert done.stdout.splitlines()[-6:] == [
        "✓ wrote dao.toml",
        "✓ wrote charter.md",
        "✓ wrote members.csv",
        "Next: fill in charter.md; then see the plan:",
        "  ape run play start --lang en",
        "  ape run deploy --config dao.toml --lang en",
    ]


def test_answers_are_what_the_file_says(init: Callable[..., Result]) -> None:
    answers = ["Tea DAO", "c", "b", *THREE, "no", "1.2", "1 year", "25%", "6 days", "ken", YUKI]
    done = init(*answers, "10", "y", args=["-o", "tea.toml"])
    assert done.exit_code == 0, done.stderr
    config = load_config("tea.toml")
    assert config.chain_id == 11_155_111
    assert [(each.wallet, each.name) for each in config.members] == [
        (HANA, "Hana"),
        (KEN, "Ken"),
        (YUKI, "Yuki"),
    ]
    assert not config.transferable_tickets
    assert (config.voice.most, config.voice.half_life) == (12_000, 365 * DAY)
    assert (config.governance.quorum, config.governance.voting_period) == (2_500, 6 * DAY)
    assert config.guardian is not None
    assert config.steward is not None
    assert (config.guardian.wallet, config.steward.wallet) == (KEN, YUKI)
    assert config.steward.members_per_epoch == 10
    assert not config.token.transferable  # as the template says
    assert config.governance.execution_delay == 5 * DAY
    assert "--network ethereum:sepolia --lang en" in done.stdout.splitlines()[-1]


def test_summary_says_it_in_words(init: Callable[..., Result]) -> None:
    answers = ["Tea DAO", "b", "b", *THREE, "yes", "", "", "", "Hana", "ken", "30", "n"]
    done = init(*answers)
    shown = done.stdout.splitlines()
    start = shown.index("This is what will be written:") + 1
    assert [line.strip() for line in shown[start : start + 12]] == [
        "1   Tea DAO, with tickets TEA",
        "2   Salon: people with shared values who make things together, share what comes in, and"
        " hand their seat on.",
        "3   Sepolia, a public test network with play money",
        "4   3 first members: Hana, Ken, Yuki",
        "5   tickets can be sold; whoever buys one is silent for 60 days",
        "6   one member, one vote",
        "7   20 % of those awake must take part: now 2 of 3; 2 could hold power for ever after one"
        " vote that nobody opposed",
        "8   3 days to read a proposal, 7 days to vote, 3 days until it can be done",
        f"9   Hana ({HANA[:6]}…{HANA[-4:]}) can cancel what passed, for 1 year",
        f"10  Ken ({KEN[:6]}…{KEN[-4:]}) can admit members, for 180 days",
        "11  30 of them in 30 days",
        "To be written: dao.toml, charter.md, members.csv",
    ]


def test_japanese(init: Callable[..., Result]) -> None:
    people = [f"花 {HANA}", f"健、{KEN}", f"{YUKI} 由紀", ""]
    answers = ["茶の会", "b", "cha", "OCHA", "b", *people, "いいえ", "1.5", "1年", "30 %", "7日"]
    done = init(*answers, "花", "なし", "はい", lang="ja")
    assert done.exit_code == 0, done.stderr
    config = load_config("dao.toml")
    assert (config.name, config.slug, config.dao.symbol) == ("茶の会", "cha", "OCHA")
    assert [each.name for each in config.members] == ["花", "健", "由紀"]
    assert config.voice.half_life == 365 * DAY
    assert config.guardian is not None
    assert config.guardian.wallet == HANA
    assert (
        "貢献点100で声が 1 から 1.5 になり、それより大きい人はいない(活動中の人が11人いれば)"
        in done.stdout
    )
    assert Path("charter.md").read_text().startswith("# 憲章")
    english = [line for line in done.stdout.splitlines() if line.isascii() and line[:1].strip()]
    assert english == []


# Bad answers


BAD = {
    "name": [
        ("", "The answer must not be empty", "答えは空にできません"),
        ("x" * 65, "The answer must be 1 … 64 bytes (a Japanese character", "答えは 1 … 64バイト"),
    ],
    "kind": [("z", "The answer must be a letter of the list, got z", "答えは一覧の記号に")],
    "chain": [
        ("mars", "The answer must be the number of a chain, such as", "答えはチェーンの番号に"),
        ("0", "The answer must be the number of a chain, such as", "答えはチェーンの番号に"),
    ],
    "members": [
        ("0x12", "The answer must be a wallet address: 0x and 40", "答えはウォレットアドレス"),
        (f"A {HANA[:-1]}", "The answer must be a wallet address", "答えはウォレットアドレス"),
        (
            HANA.swapcase().replace("X", "x"),
            "The answer has a wrong checksum",
            "答えのチェックサム",
        ),
        ("none.csv", "none.csv: cannot be read", "none.csv: 読み込めません"),
    ],
    "tickets": [("maybe", "The answer must be yes or no, got maybe", "答えは「はい」か「いいえ」")],
    "weight": [("11", "The answer must be 1 … 3, got 11", "答えは 1 … 3 の範囲で")],
    "memory": [
        ("6 months", "The answer must be in days, weeks or years", "答えは「30日」のように"),
        ("1 day", "The answer must be 90 days … 10 years, got 1 day", "答えは 90日 … 10年 の範囲"),
    ],
    "quorum": [
        ("110%", "The answer must be 5 % … 60 %, got 110 %", "答えは 5 % … 60 % の範囲で"),
        ("30", 'The answer must be a percentage such as "10%"', "答えは「10%」のような百分率"),
    ],
    "voting": [("1 day", "The answer must be 2 days … 14 days, got 1 day", "答えは 2日 … 14日 の")],
    "guardian": [
        ("Aoi", "The answer must be the name of one first member", "答えは、最初のメンバー")
    ],
    "steward": [("0x0", "The answer must be a wallet address", "答えはウォレットアドレス")],
    "pace": [
        ("10001", "The answer must be 0 … 10,000, got 10,001", "答えは 0 … 10,000 の範囲で"),
        ("0", "The answer must be at least 1", "答えは 1 以上に"),
    ],
}
GOOD: Mapping[str, list[str]] = {
    "name": ["Tea DAO"],
    "kind": [""],
    "chain": [""],
    "members": THREE,
    "tickets": [""],
    "weight": ["1.5"],
    "memory": [""],
    "quorum": [""],
    "voting": [""],
    "guardian": [""],
    "steward": [f"0x{HANA[2:].lower()}"],
    "pace": ["2人"],
}


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_bad_answers_are_told_and_asked_again(init: Callable[..., Result], lang: str) -> None:
    lines = [
        line for name, good in GOOD.items() for line in [*(bad[0] for bad in BAD[name]), *good]
    ]
    done = init(*lines, "what", "99", "y", lang=lang)
    assert done.exit_code == 0, done.stderr
    complaints = [line[2:] for line in done.stdout.splitlines() if line.startswith("✗ ")]
    expected = [bad[1 if lang == "en" else 2] for name in GOOD for bad in BAD[name]]
    expected += 2 * ["The answer must be y, n or a number" if lang == "en" else "答えは y、n、番号"]
    assert len(complaints) == len(expected)
    for said, meant in zip(complaints, expected, strict=True):
        assert said.startswith(meant)
    assert [each.wallet for each in load_config("dao.toml").members] == [HANA, KEN, YUKI]
    assert "\nmembers_per_epoch = 2\n" in Path("dao.toml").read_text()


def test_the_reason_of_a_limit_is_told(init: Callable[..., Result]) -> None:
    done = init("Tea DAO", "", "", "", "", "", "", "4%", "", "", "", "", "n")
    assert "  below it a handful decides for all, above it nothing is ever decided" in done.stdout


def test_a_bad_line_leaves_the_other_people(init: Callable[..., Result]) -> None:
    people = ["Hana " + HANA, "Again " + HANA.lower(), "Ken 0x1", "Ken " + KEN, "Yuki " + YUKI, ""]
    done = init("Tea DAO", "", "", *people, *[""] * 7, "y")
    assert done.exit_code == 0, done.stderr
    assert f"must be another wallet: {HANA[:6]}…{HANA[-4:]} is there already" in done.stdout
    assert [each.name for each in load_config("dao.toml").members] == ["Hana", "Ken", "Yuki"]


def test_public_keys_are_refused_on_a_live_chain(init: Callable[..., Result]) -> None:
    answers = [
        "Tea DAO",
        "",
        "sepolia",
        "sample",
        *THREE,
        *[""] * 5,
        SAMPLE_WALLETS[3],
        "",
        "",
        "y",
    ]
    done = init(*answers)
    assert done.exit_code == 0, done.stderr
    refusals = [line for line in done.stdout.splitlines() if "anybody could sign" in line]
    assert refusals == [
        f"✗ The answer must not be {short}: its key is public, and anybody could sign for it"
        for short in ("0xf39F…2266", "0x1fDD…D029")
    ]
    assert load_config("dao.toml").accepted == ()


# Files of people


def test_people_of_a_csv_file_stay_in_it(init: Callable[..., Result], tmp_path: Path) -> None:
    (tmp_path / "lists").mkdir()
    file = tmp_path / "lists" / "friends.csv"
    file.write_text("\n".join(["wallet,name", f"{HANA},Hana", f"{KEN},Ken", f"{YUKI},Yuki"]))
    before = file.read_bytes()
    done = init("Tea DAO", "", "", "lists/friends.csv", *[""] * 7, "y")
    assert done.exit_code == 0, done.stderr
    assert tomllib.loads(Path("dao.toml").read_text())["members"] == {"file": "lists/friends.csv"}
    assert len(load_config("dao.toml").members) == 3
    assert file.read_bytes() == before
    assert files(tmp_path) == {"dao.toml", "charter.md", "lists"}


def test_bad_lines_of_a_csv_file_are_all_told(init: Callable[..., Result], tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_text(f"wallet,name\n{HANA},A\n{HANA},B\n0x12,C\n")
    (tmp_path / "empty.csv").write_text("wallet,name\n")
    done = init("Tea DAO", "", "", "bad.csv", "empty.csv", *THREE, *[""] * 7, "n")
    assert "✗ bad.csv: 2 problems, so nothing of it was used" in done.stdout
    assert "  bad.csv line 3: " in done.stdout
    assert "  bad.csv line 4: wallet must be a wallet address" in done.stdout
    assert "✗ The answer must name somebody, and empty.csv does not" in done.stdout


def test_more_people_than_fit_need_a_steward(init: Callable[..., Result], tmp_path: Path) -> None:
    wallets = [person(2_000 + number).address for number in range(103)]
    (tmp_path / "many.csv").write_text("\n".join(["wallet", *wallets]))
    done = init("Tea DAO", "", "", "many.csv", *[""] * 6, "nobody", wallets[0], "", "y")
    assert done.exit_code == 0, done.stderr
    assert (
        "✗ The answer must name somebody: a creation takes 100 people, and only a steward can"
        " admit the other 3" in done.stdout
    )
    config = load_config("dao.toml")
    assert len(config.members) == 103
    assert config.steward is not None


# Changing, stopping, overwriting


def test_an_answer_can_be_changed_at_the_end(init: Callable[..., Result]) -> None:
    again = ["6", "1", "9", "nobody", "1", "Coffee DAO", "y"]
    done = init("Tea DAO", "", "", *THREE, "", "1.1", "", "", "", "Ken", "", *again)
    assert done.exit_code == 0, done.stderr
    config = load_config("dao.toml")
    assert config.voice.most == 10_000
    assert config.guardian is None
    assert (config.name, config.slug) == ("Coffee DAO", "coffee-dao")


def test_what_was_answered_before_is_offered_again(init: Callable[..., Result]) -> None:
    done = init("Tea DAO", "", "", *THREE, *[""] * 7, "1", "", "4", "", "y")
    assert done.exit_code == 0, done.stderr
    assert "[Tea DAO] >" in done.stderr
    assert f"[{THREE[0]} …] >" in done.stderr
    config = load_config("dao.toml")
    assert (config.name, len(config.members)) == ("Tea DAO", 3)


def test_a_changed_answer_can_make_others_wrong(init: Callable[..., Result]) -> None:
    done = init("Tea DAO", "", "", *[""] * 8, "3", "sepolia", *THREE, "y")
    assert done.exit_code == 0, done.stderr
    assert "✗ The answer must not be empty" in done.stdout  # the sample is no default any more
    config = load_config("dao.toml")
    assert config.chain_id == 11_155_111
    assert [each.wallet for each in config.members] == [HANA, KEN, YUKI]


@pytest.mark.parametrize("lines", [["Tea DAO", *[""] * 10, "n"], ["Tea DAO", ""], []])
def test_whoever_stops_leaves_nothing(
    init: Callable[..., Result], tmp_path: Path, lines: list[str]
) -> None:
    done = init(*lines)
    assert done.exit_code == 4
    failed("interview.stopped")
    assert files(tmp_path) == set()


@pytest.mark.parametrize("answer", ["y", "n"])
def test_nothing_is_overwritten_unasked(
    init: Callable[..., Result], tmp_path: Path, answer: str
) -> None:
    for name in ("dao.toml", "members.csv", "charter.md"):
        (tmp_path / name).write_text("mine")
    done = init("Tea DAO", "", "", *THREE, *[""] * 7, answer)
    assert "⚠ To be replaced: dao.toml, members.csv" in done.stdout
    assert (tmp_path / "charter.md").read_text() == "mine"
    kept = answer == "n"
    assert ((tmp_path / "dao.toml").read_text() == "mine") == kept
    assert ((tmp_path / "members.csv").read_text() == "mine") == kept
    if not kept:
        assert "⚠ kept charter.md as it was" in done.stdout
        assert done.stdout.splitlines()[-3:] == [
            "Next: see the plan:",
            "  ape run play start --lang en",
            "  ape run deploy --config dao.toml --lang en",
        ]


def test_a_folder_that_is_not_there_is_told_before_asking(init: Callable[..., Result]) -> None:
    done = init("Tea DAO", args=["-o", "none/dao.toml"])
    assert done.exit_code == 2
    failed("output.no-folder", folder=Path("none"))


def test_dangers_are_told_and_accepted(init: Callable[..., Result]) -> None:
    done = init("Tea DAO", "", "", "A " + HANA, "", "", "", "", "", "", HANA, HANA, "20", "y")
    assert done.exit_code == 0, done.stderr
    config = load_config("dao.toml")
    assert config.accepted == ("few-members", "guardian-is-steward", "large-steward-cap")
    warned = [line[2:] for line in done.stdout.splitlines() if line.startswith("⚠ ")]
    assert warned == [f"{danger.text} ({danger.path})" for danger in dangers_of(config)]


# Without asking


def test_options_answer_their_questions(init: Callable[..., Result]) -> None:
    args = ["--name", "Tea DAO", "--template", "salon", "--chain-id", "17000"]
    done = init(*THREE, *[""] * 6, "y", args=args)
    assert done.exit_code == 0, done.stderr
    config = load_config("dao.toml")
    assert (config.name, config.chain_id, config.voice.most) == ("Tea DAO", 17_000, 10_000)
    shown = done.stdout.splitlines()
    for asked, answer in {
        "1. What is your community called?": "Tea DAO",
        "2. What kind of community is it?": KINDS["salon"].text,
        "3. Where shall it live?": "chain 17000",
    }.items():
        assert shown[shown.index(asked) + 1] == f"{answer} (given on the command line)"
    assert "4. Who are the first members?" in shown
    assert done.stdout.count("0x…`, one person") == 1


def test_steward_admits_no_more_than_there_are_members_by_default(
    init: Callable[..., Result],
) -> None:
    done = init("Tea DAO", "", "", *THREE, *[""] * 6, HANA, "", "y")
    assert done.exit_code == 0, done.stderr
    config = load_config("dao.toml")
    assert config.steward is not None
    assert config.steward.members_per_epoch == len(config.members) == 3


def test_symbol_of_a_name_without_latin_letters_is_asked(init: Callable[..., Result]) -> None:
    done = init("お茶の会", "", "", "", *[""] * 9, "y", args=["-o", "ja.toml"])
    assert "3. Which symbol shall the tickets have?" in done.stdout
    assert load_config("ja.toml").dao.symbol == "JA"
    again = ["", *[""] * 8, "3", "TEA", "y"]
    done = init("お茶の会", "", "", "", *again, args=["-o", "ja.toml"])
    assert done.exit_code == 0, done.stderr
    config = load_config("ja.toml")
    assert (config.dao.symbol, config.token.symbol, config.slug) == ("TEA", "TEAC", "ja")


def test_long_options_keep_their_indentation() -> None:
    out = Console()
    out._screen.width = 60
    kind = next(question for question in QUESTIONS if question.name == "kind")
    with out._screen.capture() as captured:
        _pose(out, Answers(Path("dao.toml")), kind, 2)
    lines = captured.get().splitlines()
    first = next(n for n, line in enumerate(lines) if line.lstrip().startswith("a "))
    assert len(lines) - first > len(kind.options)  # some do not fit into a line
    assert all(line.startswith("  ") for line in lines[first:])


def test_yes_asks_nothing(init: Callable[..., Result]) -> None:
    done = init(args=["--yes"])
    assert done.exit_code == 0
    assert "called?" not in done.stdout
    assert tomllib.loads(Path("dao.toml").read_text())["dao"]["name"] == "PM DAO"


def test_answers_of_a_file(init: Callable[..., Result], tmp_path: Path) -> None:
    file = tmp_path / "answers.toml"
    people = json.dumps(THREE[:3])
    file.write_text(
        f'name = "Tea DAO"\nkind = "salon"\nchain = 11155111\nmembers = {people}\n'
        'tickets = true\nweight = 1.1\nquorum = "25%"\nsteward = "Ken"\n'
    )
    done = init(args=["--answers", "answers.toml", "--name", "Coffee DAO", "--json"])
    assert done.exit_code == 0, done.stderr
    assert json.loads(done.stdout) == {
        "template": "salon",
        "written": ["dao.toml", "charter.md", "members.csv"],
        "kept": [],
        "to_fill_in": ["charter.md"],
    }
    config = load_config("dao.toml")
    assert (config.name, config.transferable_tickets) == ("Coffee DAO", True)
    assert (config.voice.most, config.governance.quorum) == (11_000, 2_500)
    again = init(args=["--answers", "answers.toml"])
    assert again.exit_code == 2
    failed("output.exists", path=Path("dao.toml"))
    assert init(args=["--answers", "answers.toml", "--yes"]).exit_code == 0


def test_bad_answers_of_a_file_are_all_told(init: Callable[..., Result], tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(
        'name = "Tea DAO"\nquorom = "20%"\nquorum = "110%"\nweight = "much"\n'
    )
    done = init(args=["--answers", "a.toml"])
    assert done.exit_code == 2
    weight = {"kind": "number.not-a-number", "low": "1", "high": "3", "got": '"much"'}
    quorum = {"kind": "value.outside", "low": "5 %", "high": "60 %", "got": "110 %"}
    wrong = [
        {"setting": "quorom", "kind": "setting.unknown", "near": "quorum"},
        {"setting": "weight", **weight},
        {"setting": "quorum", **quorum},
    ]
    failed("file.problems", name="a.toml", count=3, files="a.toml", problems=wrong)
    assert files(tmp_path) == {"a.toml"}


def test_answers_of_a_file_that_lacks_a_name(init: Callable[..., Result], tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text('quorum = "20%"\n')
    done = init(args=["--answers", "a.toml"])
    assert done.exit_code == 2
    wrong = {"setting": "name", "kind": "answer.empty"}
    failed("file.problems", name="a.toml", problems=[wrong])
    (tmp_path / "a.toml").write_text("name = Tea")
    done = init(args=["--answers", "a.toml"])
    assert done.exit_code == 2
    failed("answers.unreadable", path=Path("a.toml"))


# What is written


_choices = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["Tea DAO", "茶の会", 'A "b" \\ c', "T" * 64]),
        "kind": st.sampled_from(NAMES),
        "slug": st.sampled_from(["cha", "a", "x" * 40]),
        "symbol": st.sampled_from(["CHA", "茶", "X" * 16, ""]),
        "chain": st.sampled_from(["local", "sepolia", "17000"]),
        "members": st.integers(1, 12).map(
            lambda count: "\n".join(f"P{n}, 会 {person(3_000 + n).address}" for n in range(count))
        ),
        "tickets": st.sampled_from(["yes", "no", ""]),
        "weight": st.sampled_from(["1", "1.05", "2", "3", ""]),
        "memory": st.sampled_from(["90 days", "10 years", "180日", ""]),
        "quorum": st.sampled_from(["5%", "60 %", "33.33%", ""]),
        "voting": st.sampled_from(["2 days", "14 days", ""]),
        "guardian": st.sampled_from(["nobody", "P0 会", HANA, ""]),
        "steward": st.sampled_from(["なし", "P0 会", KEN, ""]),
        "pace": st.sampled_from(["1", "10,000", ""]),
    }
)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(texts=_choices, lang=st.sampled_from(["en", "ja"]))
def test_whatever_is_answered_loads_and_keeps_its_comments(
    texts: dict[str, str], lang: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("dao")
    (folder / "answers.toml").write_text("")
    with speaking("ja" if lang == "ja" else "en"):
        answers = read_answers(folder / "answers.toml", folder / "dao.toml", texts)
        draft = make_draft(answers, ["ja" if lang == "ja" else "en"])
        draft.write()
        config = load_config(folder / "dao.toml")
        assert config == replace(draft.config, charter_hash=config.charter_hash)
        text = (folder / "dao.toml").read_text()
        for label in ("Share of awake members", "投票に必要な人数(活動中の"):
            assert (f"# {label}" in text) == (label.isascii() == (lang == "en"))


def test_remarks_of_the_template_go_where_they_are_not_true(tmp_path: Path) -> None:
    answers = Answers(tmp_path / "dao.toml")
    given_texts = {"name": "Tea", "kind": "salon", "tickets": "yes", "steward": "Aoi"}
    for question in QUESTIONS:
        if question.applies(answers.known):
            answers.take(question, given_texts.get(question.name, ""))
    text = make_draft(answers, ["en"]).contents[tmp_path / "dao.toml"]
    assert "Soulbound: a seat is handed on" not in text
    assert "# 1: merit earns thanks and tokens, not votes." in text
    assert "# The host of the salon, while it is young." in text


def test_founders_without_a_name_are_shown_by_their_wallet(init: Callable[..., Result]) -> None:
    done = init("Tea DAO", "", "", HANA, KEN, YUKI, "", *[""] * 7, "n")
    shorts = ", ".join(f"{wallet[:6]}…{wallet[-4:]}" for wallet in (HANA, KEN, YUKI))
    assert f"3 first members: {shorts}" in done.stdout


def test_founders_of_a_file_say_which_of_its_lines_are_none(tmp_path: Path) -> None:
    file = tmp_path / "friends.csv"
    file.write_text(f"# ours\nwallet;name\n{HANA};Hana\n")
    founders = parse_founders(str(file), local=True)
    assert founders.people == (Person(HANA, "Hana"),)
    assert founders.left_out == "people: 1, comments skipped: 1, blank lines: 0"


@pytest.mark.parametrize(
    "line", ["Hana {}", "Hana: {}", "Hana sep:{}", "eip155:11155111:{}、Hana", "Ｈａｎａ　{}"]
)
def test_a_typed_founder_may_have_the_mark_of_the_chain(line: str) -> None:
    with on_chain(11_155_111):
        founders = parse_founders(line.format(HANA), local=True)
    assert founders.people == (Person(HANA, "Hana"),)


def test_a_typed_founder_of_another_chain_is_refused() -> None:
    with on_chain(11_155_111), refuses("value.misread"):
        parse_founders(f"Hana eth:{HANA}", local=True)


def test_bad_founders_are_bad_input(tmp_path: Path) -> None:
    file = tmp_path / "a.toml"
    file.write_text("")
    wrong = {
        "setting": "members",
        "kind": "members.bad-file",
        "what": "none.csv: cannot be read",
        "reasons": "No such file or directory",
        "cause": "people.unreadable",
    }
    with refuses("file.problems", name="a.toml", problems=[wrong]):
        read_answers(file, tmp_path / "dao.toml", {"name": "Tea", "members": "none.csv"})


@pytest.mark.parametrize(
    ("name", "text", "kind", "data"),
    [
        ("kind", "z", "answer.not-in-the-list", {"got": "z"}),
        ("tickets", "maybe", "answer.not-yes-or-no", {"got": "maybe"}),
        ("members", f"A {HANA}\nB {HANA}", "founders.twice", {"wallet": short(HANA)}),
        ("members", "empty.csv", "founders.empty-file", {"file": "empty.csv"}),
        ("guardian", "Aoi", "holder.unknown", {"got": "Aoi"}),
        ("steward", "nobody", "steward.needed", {"most": 100, "rest": 1}),
        ("pace", "0", "pace.zero", {}),
        ("guardian", SAMPLE_WALLETS[0], "wallet.public-key", {"wallet": short(SAMPLE_WALLETS[0])}),
    ],
)
def test_a_bad_answer_has_a_kind(
    name: str,
    text: str,
    kind: str,
    data: dict[str, Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty.csv").write_text("wallet,name\n")
    (tmp_path / "a.toml").write_text("")
    people = "\n".join(person(2_000 + number).address for number in range(101))
    texts = {"name": "Tea", "chain": "sepolia", "members": people, "steward": HANA} | {name: text}
    with refuses("file.problems", problems=[{"setting": name, "kind": kind, **data}]):
        read_answers(tmp_path / "a.toml", tmp_path / "dao.toml", texts)


# At a real terminal


class Terminal:
    """`ape run init` at a pseudo-terminal."""

    def __init__(self, folder: Path, *args: str) -> None:
        self.shown = ""
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self.pid, self.screen = pty.fork()
        if self.pid == 0:  # pragma: no cover
            os.chdir(ROOT)
            file = str(folder / "dao.toml")
            os.execvp("ape", ["ape", "run", "init", "-o", file, *args])

    def reads(self, seconds: float = 60) -> bool:
        """Whether more has been shown; False when the program has ended, or is silent."""
        ready, _, _ = select.select([self.screen], [], [], seconds)
        if not ready:
            return False
        try:
            self.shown += self._decoder.decode(os.read(self.screen, 65_536))
        except OSError:
            return False
        return True

    def type(self, text: str) -> None:
        """Answer the prompt that is waiting."""
        while not self.shown.endswith("> "):
            assert self.reads(), self.shown
        self.shown = ""
        os.write(self.screen, text.encode())

    def end(self) -> int:
        """The exit code."""
        while self.reads():
            pass
        _, status = os.waitpid(self.pid, 0)
        os.close(self.screen)
        return os.waitstatus_to_exitcode(status)


def test_at_a_terminal(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path, "--lang", "ja")
    for line in [
        "茶の会",
        "b",
        "cha",
        "",
        "a",
        *THREE,
        "いいえ",
        "1",
        "99%",
        "20%",
        "",
        "Ken",
        "",
        "y",
    ]:
        terminal.type(f"{line}\n")
    assert terminal.end() == 0
    assert "次の一手: charter.md を記入し" in terminal.shown
    config = load_config(tmp_path / "dao.toml")
    assert (config.name, config.governance.quorum) == ("茶の会", 2_000)
    assert config.guardian is not None
    assert config.guardian.wallet == KEN


@pytest.mark.parametrize("key", ["\x03", "\x04"], ids=["ctrl-c", "ctrl-d"])
def test_whoever_leaves_the_terminal_leaves_nothing(tmp_path: Path, key: str) -> None:
    terminal = Terminal(tmp_path, "--lang", "en")
    terminal.type("Tea DAO\n")
    terminal.type(key)
    while "Nothing" not in terminal.shown:
        if not terminal.reads(3):  # a signal between prompt and reading waits for the next key
            os.write(terminal.screen, key.encode())
    assert terminal.end() == 4
    assert "Nothing was written" in terminal.shown
    assert files(tmp_path) == set()
