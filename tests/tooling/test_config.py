"""dao.toml: what is read from it, and what each mistake is answered with."""

from __future__ import annotations

from pathlib import Path

import pytest
from eth_utils.crypto import keccak

from mikoshi.config.load import load_config
from mikoshi.config.model import Config
from mikoshi.config.sections import SECTIONS
from mikoshi.testing.community import person
from mikoshi.testing.defaults import ZERO, params
from mikoshi.text.errors import BadInputError
from mikoshi.text.files import NoTextError
from mikoshi.text.language import speaking
from mikoshi.text.people import Person
from mikoshi.text.units import DAY
from tests.support import refuses, told

WALLETS = [person(number).address for number in range(1, 6)]
CHARTER = "# 憲章\n"
TABLES = {
    "dao": ['name = "PM DAO"', 'symbol = "PMD"', "chain_id = 31337", 'slug = "pm-dao"'],
    "charter": ['file = "charter.md"', 'uri = "ipfs://charter"'],
    "members": ['file = "members.csv"'],
    "token": [
        'name = "PM DAO Contribution"',
        'symbol = "PMC"',
        'cap_per_epoch = "1,000,000 PMC"',
    ],
}


class Folder:
    """A folder with a dao.toml that is in order, until a test changes it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.tables = {name: list(lines) for name, lines in TABLES.items()}
        (path / "charter.md").write_text(CHARTER)
        self.write_members(*WALLETS)

    def write_members(self, *wallets: str) -> None:
        (self.path / "members.csv").write_text("\n".join(["wallet", *wallets]))

    def set(self, path: str, *lines: str) -> None:
        """Replace the settings of these names in a table."""
        names = {line.partition(" =")[0] for line in lines}
        kept = [line for line in self.tables.get(path, []) if line.partition(" =")[0] not in names]
        self.tables[path] = [*kept, *lines]

    def load(self) -> Config:
        text = "\n".join(
            line for name, lines in self.tables.items() for line in (f"[{name}]", *lines)
        )
        (self.path / "dao.toml").write_text(text)
        return load_config(self.path / "dao.toml")

    def refused(self) -> BadInputError:
        """What loading ends in."""
        with pytest.raises(BadInputError) as caught:
            self.load()
        assert caught.value.exit_code == 2
        return caught.value

    def refuses(self, setting: str, kind: str, **data: object) -> BadInputError:
        """What loading ends in, with nothing wrong but this."""
        error = self.refused()
        told(error, "file.problems", name="dao.toml", count=1)
        assert error.data["problems"] == [{"setting": setting, "kind": kind, **data}]
        assert len(error.lines) == 3
        return error


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def misread(kind: str, got: str, **data: object) -> dict[str, object]:
    """The data of a value that its parser does not take."""
    return {"kind": "value.misread", "problem": {"kind": kind, **data}, "got": got}


def outside(low: str, high: str, got: str) -> dict[str, object]:
    """The data of a value beyond its limits."""
    return {"kind": "value.outside", "low": low, "high": high, "got": got}


def reason_of(setting: str) -> str:
    """Why a setting has limits."""
    table, _, name = setting.partition(".")
    labels = {each.name: each.label for each in SECTIONS[table].settings()}
    return labels[name].why or "the file must say exactly what the DAO shall be"


def test_a_short_file_means_the_defaults_of_the_design(folder: Folder) -> None:
    expected = params(1_000, WALLETS, charterHash=keccak(text=CHARTER))
    expected["membership"]["stewardCap"] = 0  # nobody is steward
    assert folder.load().params(1_000) == expected


def test_every_setting_reaches_the_parameters(folder: Folder) -> None:
    folder.set("dao", 'tickets = "transferable"', 'salt = "2027"')
    folder.set("voice", "base = 2.5", 'most = "1.25"', "full = 250", 'half_life = "1 year"')
    folder.set("membership", 'dormant_after = "100 days"', 'season = "45日"')
    folder.set("merit", 'per_epoch = "5,000.5 points"', "per_member = 200")
    folder.set(
        "governance",
        'voting_delay = "36 hours"',
        'voting_period = "1 week"',
        'late_extension = "12 hours"',
        'execution_delay = "3 days"',
        'expiry = "10 days"',
        'quorum = "31.33%"',
        'floor = "7.5 %"',
        'voice_cap = "7%"',
        'threshold = "0%"',
        "live_proposals = 5",
    )
    folder.set(
        "token",
        "transferable = false",
        f'grants = [{{ wallet = "{WALLETS[0].lower()}", amount = "0.5 PMC" }}]',
    )
    folder.set("guardian", f'wallet = "{WALLETS[1]}"', 'term = "100 days"')
    folder.set("steward", f'wallet = "{WALLETS[2]}"', "members_per_epoch = 7")
    config = folder.load()
    assert config.params(1_000) == params(
        1_000,
        WALLETS,
        charterHash=keccak(text=CHARTER),
        transferableTickets=True,
        voice={
            "t0": 1_000,
            "base": 2_500_000_000,
            "most": 12_500,
            "full": 250,
            "halfLife": 365 * DAY,
        },
        membership={
            "dormantAfter": 100 * DAY,
            "season": 45 * DAY,
            "stewardCap": 7,
            "meritCap": 5_000_500,
            "meritCapPerMember": 200_000,
        },
        governor={
            "votingDelay": 36 * 3600,
            "votingPeriod": 7 * DAY,
            "lateExtension": 12 * 3600,
            "executionDelay": 3 * DAY,
            "expiry": 10 * DAY,
            "quorumBps": 3_133,
            "floorBps": 750,
            "voiceCapBps": 700,
            "thresholdBps": 0,
            "liveProposals": 5,
        },
        token={"epochCap": 10**24, "transferable": False},
        guardian={"holder": WALLETS[1], "until": 1_000 + 100 * DAY},
        steward={"holder": WALLETS[2], "until": 1_000 + 180 * DAY},
        grants=[{"account": WALLETS[0], "amount": 5 * 10**17}],
    )
    assert config.salt == keccak(text="2027")
    assert (config.name, config.slug, config.chain_id) == ("PM DAO", "pm-dao", 31337)


def test_members_can_be_listed_in_the_file_itself(folder: Folder) -> None:
    entries = ", ".join(f'{{ wallet = "{each}", name = "花" }}' for each in WALLETS[:3])
    folder.tables["members"] = [f"list = [{entries}]"]
    config = folder.load()
    assert config.members == tuple(Person(each, "花") for each in WALLETS[:3])
    assert config.name_of(WALLETS[0].lower()) == "花"
    assert config.name_of(ZERO) == ""


def test_a_file_saved_by_notepad_is_read(folder: Folder) -> None:
    folder.load()
    path = folder.path / "dao.toml"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert load_config(path).name == "PM DAO"


@pytest.mark.parametrize(
    ("setting", "value", "problem"),
    [
        ("governance.quorum", '"110%"', outside("5 %", "60 %", "110 %")),
        ("voice.half_life", '"0 days"', outside("90 days", "10 years", "0 seconds")),
        ("voice.half_life", '"1 day"', outside("90 days", "10 years", "1 day")),
        ("voice.most", "3.1", outside("1", "3", "3.1")),
        ("voice.full", '"0 points"', outside("1", "1,000,000,000 points", "0 points")),
        (
            "governance.late_extension",
            '"90 minutes"',
            {"kind": "duration.not-a-multiple", "step": "1 hour", "got": '"90 minutes"'},
        ),
        ("governance.quorum", "0.3", misread("value.not-a-percentage", "0.3")),
        ("governance.voting_period", '"2 months"', misread("value.in-months", '"2 months"')),
        ("governance.voting_period", "5", misread("value.not-a-duration", "5")),
        ("governance.live_proposals", "2.5", {"kind": "number.not-whole", "got": "2.5"}),
        (
            "governance.live_proposals",
            "true",
            {"kind": "number.not-a-number", "low": "1", "high": "10", "got": "true"},
        ),
        (
            "merit.per_epoch",
            "20000.0005",
            {"kind": "number.too-many-decimals", "decimals": 3, "got": "20000.0005"},
        ),
        (
            "voice.base",
            "nan",
            {"kind": "number.not-a-number", "low": "1", "high": "1,000", "got": "NaN"},
        ),
        ("dao.name", f'"{"神" * 22}"', {"kind": "text.length", "low": 1, "high": 64, "got": 66}),
        ("dao.symbol", '""', {"kind": "text.length", "low": 1, "high": 16, "got": 0}),
        ("dao.name", '"two\\nlines"', {"kind": "text.control-characters"}),
        ("dao.name", '"Tea\\u200b"', {"kind": "text.control-characters"}),
        ("dao.name", "5", {"kind": "text.not-a-text", "got": "5"}),
        ("dao.chain_id", '"sepolia"', {"kind": "chain.not-a-number", "got": '"sepolia"'}),
        (
            "reminders.zone",
            '"../Tokyo"',
            {"kind": "value.misread", "problem": {"kind": "zone.unknown"}, "got": '"../Tokyo"'},
        ),
        (
            "reminders.zone",
            "9",
            {"kind": "value.misread", "problem": {"kind": "zone.unknown"}, "got": "9"},
        ),
        ("dao.slug", '"../PM DAO"', {"kind": "slug.malformed", "got": '"../PM DAO"'}),
        (
            "dao.tickets",
            '"free"',
            {
                "kind": "choice.unknown",
                "options": '"soulbound" / "transferable"',
                "got": '"free"',
            },
        ),
        ("token.transferable", '"no"', {"kind": "choice.not-true-or-false", "got": '"no"'}),
        ("token.cap_per_epoch", "1000", {"kind": "tokens.not-an-amount", "got": "1000"}),
        (
            "token.cap_per_epoch",
            '"1000 USDC"',
            {"kind": "tokens.of-another", "symbol": "PMC", "got": "USDC"},
        ),
        (
            "token.cap_per_epoch",
            '"79,228,162,514.264337593543950336 PMC"',
            outside(
                "0",
                "79,228,162,514.264337593543950335 PMC",
                "79,228,162,514.264337593543950336 PMC",
            ),
        ),
        ("guardian.wallet", '"0x12"', misread("wallet.not-an-address", '"0x12"')),
    ],
)
def test_a_mistake_is_answered_in_three_lines(
    folder: Folder, setting: str, value: str, problem: dict[str, object]
) -> None:
    table, _, name = setting.partition(".")
    folder.set(table, f"{name} = {value}")
    error = folder.refuses(setting, **problem)  # type: ignore[arg-type]
    assert error.data["files"] == "dao.toml"
    assert error.reasons == [reason_of(setting)]


@pytest.mark.parametrize(
    ("table", "line", "setting", "problem"),
    [
        (
            "merit",
            "per_member = 10001",
            "merit.per_member",
            outside("0", "10,000 points", "10,001 points"),
        ),
        (
            "charter",
            'file = "missing.md"',
            "charter.file",
            {
                "kind": "charter.unreadable",
                "file": "missing.md",
                "reason": "No such file or directory",
            },
        ),
        ("charter", f'hash = "0x{"11" * 32}"', "charter", {"kind": "charter.twice"}),
        (
            "members",
            f'list = [{{ wallet = "{WALLETS[0]}" }}]',
            "members",
            {"kind": "members.twice"},
        ),
        (
            "members",
            'list = ["Hana"]',
            "members.list[1]",
            {
                "kind": "setting.wrong-form",
                "form": "a table of settings",
            },
        ),
        (
            "governance",
            'qorum = "30%"',
            "governance.qorum",
            {"kind": "setting.unknown", "near": "quorum"},
        ),
        (
            "gardian",
            'wallet = "0x12"',
            "gardian",
            {"kind": "setting.unknown", "near": "guardian"},
        ),
        (
            "danger",
            'accept = ["short-dlay"]',
            "danger.accept",
            {"kind": "danger.unknown", "name": "short-dlay", "near": "short-delay"},
        ),
    ],
)
def test_what_does_not_fit_the_rest_is_refused(
    folder: Folder, table: str, line: str, setting: str, problem: dict[str, object]
) -> None:
    folder.set(table, line)
    folder.refuses(setting, **problem)  # type: ignore[arg-type]


def test_settings_of_an_entry_are_named_with_its_number(folder: Folder) -> None:
    folder.set("token", 'grants = [{ walet = "0x12" }]')
    assert folder.refused().data["problems"] == [
        {"setting": "token.grants[1].wallet", "kind": "setting.missing"},
        {"setting": "token.grants[1].amount", "kind": "setting.missing"},
        {"setting": "token.grants[1].walet", "kind": "setting.unknown", "near": "wallet"},
    ]


def test_all_mistakes_are_reported_at_once_with_those_of_the_member_file(folder: Folder) -> None:
    folder.tables["dao"].pop(0)
    folder.set("governance", 'quorum = "110%"', 'votingdelay = "1 day"')
    folder.set("voice", 'half_life = "1 day"')
    folder.set("merit", "per_member = 20_000")
    folder.write_members(WALLETS[0], WALLETS[0].lower(), "0x12")
    error = folder.refused()
    told(error, "file.problems", name="dao.toml", count=7, files="dao.toml, members.csv")
    assert len(error.lines) == 9
    wallet = f"{WALLETS[0][:6]}…{WALLETS[0][-4:]}"
    no_address = {"kind": "wallet.not-an-address"}
    assert error.data["problems"] == [
        {"setting": "dao.name", "kind": "setting.missing"},
        {
            "setting": "",
            "kind": "people.bad-line",
            "name": "members.csv",
            "line": 3,
            "problem": {"kind": "people.twice", "wallet": wallet, "line": 2},
        },
        {
            "setting": "",
            "kind": "people.bad-line",
            "name": "members.csv",
            "line": 4,
            "problem": {"kind": "people.bad-wallet", "problem": no_address, "got": "0x12"},
        },
        {"setting": "voice.half_life", **outside("90 days", "10 years", "1 day")},
        {"setting": "governance.quorum", **outside("5 %", "60 %", "110 %")},
        {"setting": "governance.votingdelay", "kind": "setting.unknown", "near": "voting_delay"},
        {"setting": "merit.per_member", **outside("0", "10,000 points", "20,000 points")},
    ]


def test_mistakes_of_the_member_file_are_to_be_corrected_there(folder: Folder) -> None:
    folder.write_members("0x12")
    assert folder.refused().data["files"] == "members.csv"
    (folder.path / "members.csv").unlink()
    assert folder.refused().data["files"] == "dao.toml"


def test_mistakes_are_explained_in_japanese_too(folder: Folder) -> None:
    folder.set("governance", 'quorum = "110%"')
    with speaking("ja"):
        lines = folder.refused().lines
    assert lines == [
        "dao.toml: governance.quorum は 5 % … 60 % の範囲で指定してください(入力: 110 %)",
        "低すぎると数人で決まり、高すぎると何も決まりません",
        "dao.toml を直して、もう一度実行してください(まだ何もしていません)",
    ]


def test_members_named_twice_in_the_file_itself_are_refused(folder: Folder) -> None:
    entry = f'{{ wallet = "{WALLETS[0]}" }}'
    folder.tables["members"] = [f"list = [{entry}, {entry}]"]
    short = f"{WALLETS[0][:6]}…{WALLETS[0][-4:]}"
    folder.refuses("members.list", "members.wallet-repeated", wallet=short, times=2)


def test_a_missing_member_file_is_refused(folder: Folder) -> None:
    (folder.path / "members.csv").unlink()
    error = folder.refuses(
        "",
        "members.bad-file",
        what=f"{folder.path / 'members.csv'}: cannot be read",
        reasons="No such file or directory",
        cause="people.unreadable",
    )
    assert error.data["files"] == "dao.toml"


def test_nobody_at_all_is_refused_because_nobody_could_ever_join(folder: Folder) -> None:
    folder.write_members()
    folder.refuses("members", "members.nobody")
    folder.set("steward", f'wallet = "{WALLETS[0]}"', "members_per_epoch = 0")
    folder.refuses("members", "members.nobody")


def test_more_members_than_one_transaction_admits_need_a_steward(folder: Folder) -> None:
    wallets = [f"0x{number:040x}" for number in range(1, 132)]
    folder.write_members(*wallets)
    error = folder.refuses("members", "members.too-many", most=100, got=131)
    assert "31" in error.reasons[0]
    folder.set("steward", f'wallet = "{WALLETS[0]}"')
    assert len(folder.load().members) == 131


def test_a_file_that_is_not_there_or_no_toml_is_refused(folder: Folder) -> None:
    path = folder.path / "dao.toml"
    with refuses("config.unreadable", path=path, reason="No such file or directory"):
        load_config(path)
    path.write_text("[governance]\nquorum = 30%\n")
    with pytest.raises(BadInputError) as caught:
        load_config(path)
    told(caught.value, "config.not-toml", name="dao.toml")
    reason = caught.value.data["reason"]
    assert isinstance(reason, NoTextError)
    told(reason, "toml.wrong-line", line=2, quoted="quorum = 30%")


def test_a_table_that_is_a_value_is_refused(folder: Folder) -> None:
    folder.load()
    path = folder.path / "dao.toml"
    path.write_text("voice = 5\n" + path.read_text())
    wrong = {"setting": "voice", "kind": "section.not-a-table", "name": "voice"}
    with refuses("file.problems", problems=[wrong]):
        load_config(path)


def test_numbers_are_exact(folder: Folder) -> None:
    folder.set("voice", "base = 1.000000001", "most = 1.0001")
    voice = folder.load().voice
    assert (voice.base, voice.most) == (10**9 + 1, 10_001)


@pytest.mark.parametrize(
    ("setting", "value", "low", "high", "got", "write"),
    [
        ("membership.dormant_after", "2 years", "90 days", "1 year", "2 years", "1 year"),
        ("membership.season", "30 days", "45 days", "1 year", "30 days", "45 days"),
        ("governance.voting_delay", "14 days", "1 day", "7 days", "14 days", "7 days"),
        ("governance.late_extension", "7 days", "1 hour", "2 days", "7 days", "2 days"),
        ("governance.execution_delay", "30 days", "1 day", "14 days", "30 days", "14 days"),
        ("governance.floor", "25%", "1 %", "10 %", "25 %", "10%"),
    ],
)
def test_what_an_older_version_allowed_is_answered_with_what_to_write(
    folder: Folder, setting: str, value: str, low: str, high: str, got: str, write: str
) -> None:
    table, _, name = setting.partition(".")
    folder.set(table, f'{name} = "{value}"')
    now = {"low": low, "high": high, "got": got, "write": f'"{write}"'}
    error = folder.refuses(setting, "setting.narrower", **now)
    assert f'write "{write}"' in error.what
    assert error.reasons == [reason_of(setting)]
    folder.set(table, f'{name} = "{write}"')
    folder.load()


def test_what_no_version_allowed_is_answered_as_ever(folder: Folder) -> None:
    folder.set("membership", 'season = "2 days"')
    folder.refuses("membership.season", **outside("45 days", "1 year", "2 days"))  # type: ignore[arg-type]


@pytest.mark.parametrize(("k", "got", "most"), [("0.1", "0.1", "1.5"), ("0", "0", "1")])
def test_a_voice_of_before_is_answered_with_what_to_write(
    folder: Folder, k: str, got: str, most: str
) -> None:
    folder.set("voice", f"k = {k}")
    error = folder.refuses("voice.k", "voice.no-k", got=got, most=most, full="100 points")
    assert f"most = {most}" in error.what
    folder.tables["voice"] = [f"most = {most}", 'full = "100 points"']
    folder.load()


def test_dangers_of_before_are_to_be_taken_out(folder: Folder) -> None:
    folder.set("danger", 'accept = ["strong-merit", "short-season"]')
    assert folder.refused().data["problems"] == [
        {"setting": "danger.accept", "kind": "danger.gone", "name": name}
        for name in ("strong-merit", "short-season")
    ]


def test_an_office_and_a_grant_may_name_a_first_member(folder: Folder) -> None:
    rows = [f"{wallet},P{number}" for number, wallet in enumerate(WALLETS, 1)]
    (folder.path / "members.csv").write_text("\n".join(["wallet,name", *rows]))
    folder.set("guardian", 'wallet = "P2"')
    folder.set("token", 'grants = [{ wallet = "P3", amount = "1 PMC" }]')
    config = folder.load()
    assert config.guardian is not None
    assert (config.guardian.wallet, config.token.grants[0].wallet) == (WALLETS[1], WALLETS[2])


def test_a_name_that_two_first_members_have_names_nobody(folder: Folder) -> None:
    rows = [f"{wallet},P" for wallet in WALLETS]
    (folder.path / "members.csv").write_text("\n".join(["wallet,name", *rows]))
    folder.set("guardian", 'wallet = "P"')
    problem = {"kind": "wallet.not-an-address"}
    folder.refuses("guardian.wallet", "value.misread", problem=problem, got='"P"')


def test_a_wallet_has_the_mark_of_the_chain_of_the_file(folder: Folder) -> None:
    chain = folder.load().chain_id
    folder.set("guardian", f'wallet = "eip155:{chain}:{WALLETS[1]}"')
    guardian = folder.load().guardian
    assert guardian is not None
    assert guardian.wallet == WALLETS[1]
    folder.write_members(f"eip155:{chain}:{WALLETS[0]}", *WALLETS[1:])
    assert folder.load().members[0].wallet == WALLETS[0]
    folder.set("guardian", f'wallet = "eth:{WALLETS[1]}"')
    problem = {"kind": "wallet.of-another-chain", "chain": 1, "mark": "eth", "here": chain}
    got = f'"eth:{WALLETS[1]}"'
    folder.refuses("guardian.wallet", "value.misread", problem=problem, got=got)


def test_what_was_skipped_of_the_members_file_is_kept(folder: Folder) -> None:
    assert folder.load().members_left_out == ""
    folder.write_members("# the founders", *WALLETS, "")
    count = len(WALLETS)
    assert folder.load().members_left_out == (
        f"people: {count}, comments skipped: 1, blank lines: 0"
    )


@pytest.mark.parametrize(
    ("table", "line"),
    [
        ("dao", f'slug = "{"x" * 100_000}"'),
        ("dao", f"chain_id = [{'1,' * 50_000}]"),
        ("dao", f"{'x' * 100_000} = 1"),
        ("guardian", f'wallet = "{"花" * 100_000}"'),
        ("governance", f'quorum = "{"9" * 100_000}%"'),
    ],
)
def test_a_value_of_any_length_is_told_in_short(folder: Folder, table: str, line: str) -> None:
    folder.set(table, line)
    assert len(str(folder.refused())) < 500
