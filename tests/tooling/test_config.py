"""dao.toml: what is read from it, and what each mistake is answered with."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from eth_utils.crypto import keccak

from mikoshi.config.load import load_config
from mikoshi.config.model import Config
from mikoshi.testing.community import person
from mikoshi.testing.defaults import ZERO, params
from mikoshi.text.errors import BadInputError
from mikoshi.text.language import speaking
from mikoshi.text.people import Person
from mikoshi.text.units import DAY

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

    def complaint(self) -> list[str]:
        """The three lines, or more, that loading ends in."""
        with pytest.raises(BadInputError) as caught:
            self.load()
        assert caught.value.exit_code == 2
        return caught.value.lines


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


AGAIN = "Correct dao.toml and run the command again; nothing was done"
EXACT = "the file must say exactly what the DAO shall be"


def test_a_short_file_means_the_defaults_of_the_design(folder: Folder) -> None:
    expected = params(1_000, WALLETS, charterHash=keccak(text=CHARTER))
    expected["membership"]["stewardCap"] = 0  # nobody is steward
    assert folder.load().params(1_000) == expected


def test_every_setting_reaches_the_parameters(folder: Folder) -> None:
    folder.set("dao", 'tickets = "transferable"', 'salt = "2027"')
    folder.set("voice", "base = 2.5", 'k = "0.25"', 'half_life = "1 year"')
    folder.set("membership", 'dormant_after = "100 days"', 'season = "45日"')
    folder.set("merit", 'per_epoch = "5,000.5 points"', "per_member = 200")
    folder.set(
        "governance",
        'voting_delay = "36 hours"',
        'voting_period = "1 week"',
        'late_extension = "12 hours"',
        'execution_delay = "3 days"',
        'expiry = "10 days"',
        'quorum = "33.33%"',
        'floor = "12.5 %"',
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
        voice={"t0": 1_000, "base": 2_500_000_000, "k": 25 * 10**16, "halfLife": 365 * DAY},
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
            "quorumBps": 3_333,
            "floorBps": 1_250,
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
    ("table", "line", "problem", "why"),
    [
        (
            "governance",
            'quorum = "110%"',
            "governance.quorum must be 5 % … 60 %, got 110 %",
            "below it a handful decides for all, above it nothing is ever decided",
        ),
        (
            "voice",
            'half_life = "0 days"',
            "voice.half_life must be 90 days … 10 years, got 0 seconds",
            "a shorter one forgets work within a season, a longer one never forgets",
        ),
        (
            "voice",
            'half_life = "1 day"',
            "voice.half_life must be 90 days … 10 years, got 1 day",
            "a shorter one forgets work within a season, a longer one never forgets",
        ),
        (
            "voice",
            "k = 10.1",
            "voice.k must be 0 … 10, got 10.1",
            "a larger factor would let contribution drown membership",
        ),
        (
            "governance",
            'late_extension = "90 minutes"',
            'governance.late_extension must be a multiple of 1 hour, got "90 minutes"',
            "a last-minute ballot must leave time for an answer",
        ),
        (
            "membership",
            'season = "6 days"',
            "membership.season must be 7 days … 1 year, got 6 days",
            "a seat bought when a proposal appears must not vote on it: a season lasts at least"
            " voting_delay + voting_period",
        ),
        (
            "merit",
            "per_member = 10001",
            "merit.per_member must be 0 … 10,000 points, got 10,001 points",
            "one member cannot get more than all of them (merit.per_epoch)",
        ),
        (
            "governance",
            "quorum = 0.3",
            'governance.quorum must be a percentage such as "10%", with at most two decimals,'
            " got 0.3",
            "below it a handful decides for all, above it nothing is ever decided",
        ),
        (
            "governance",
            'voting_period = "2 months"',
            "governance.voting_period must be in days, weeks or years, since months differ:"
            ' "30 days", got "2 months"',
            "people vote beside their work and life",
        ),
        (
            "governance",
            "voting_period = 5",
            'governance.voting_period must be a duration such as "5 days", got 5',
            "people vote beside their work and life",
        ),
        (
            "governance",
            "live_proposals = 2.5",
            "governance.live_proposals must be a whole number, got 2.5",
            "nobody may flood the others with proposals",
        ),
        (
            "governance",
            "live_proposals = true",
            "governance.live_proposals must be a number, 1 … 10, got true",
            "nobody may flood the others with proposals",
        ),
        (
            "merit",
            "per_epoch = 20000.0005",
            "merit.per_epoch must have at most 3 decimals, got 20000.0005",
            EXACT,
        ),
        ("voice", "base = nan", "voice.base must be a number, 1 … 1,000, got NaN", EXACT),
        (
            "dao",
            'name = "' + "神" * 22 + '"',
            "dao.name must be 1 … 64 bytes (a Japanese character takes 3), got 66 bytes",
            EXACT,
        ),
        (
            "dao",
            'symbol = ""',
            "dao.symbol must be 1 … 16 bytes (a Japanese character takes 3), got 0 bytes",
            EXACT,
        ),
        (
            "dao",
            'name = "two\\nlines"',
            "dao.name must be one line without control characters",
            EXACT,
        ),
        ("dao", "name = 5", "dao.name must be a text in quotes, got 5", EXACT),
        (
            "dao",
            'chain_id = "sepolia"',
            "dao.chain_id must be the number of a chain, such as 11155111 for Sepolia,"
            ' got "sepolia"',
            EXACT,
        ),
        (
            "dao",
            'slug = "../PM DAO"',
            'dao.slug must be 1 to 40 small letters, digits or hyphens, got "../PM DAO"',
            EXACT,
        ),
        (
            "dao",
            'tickets = "free"',
            'dao.tickets must be "soulbound" or "transferable", got "free"',
            EXACT,
        ),
        (
            "token",
            'transferable = "no"',
            'token.transferable must be true or false, got "no"',
            EXACT,
        ),
        (
            "token",
            "cap_per_epoch = 1000",
            "token.cap_per_epoch must be an amount with the token's symbol, such as"
            ' "1,000 PMC", got 1000',
            EXACT,
        ),
        (
            "token",
            'cap_per_epoch = "1000 USDC"',
            "token.cap_per_epoch must be in PMC, the token's symbol, got USDC",
            EXACT,
        ),
        (
            "token",
            'cap_per_epoch = "79,228,162,514.264337593543950336 PMC"',
            "token.cap_per_epoch must be 0 … 79,228,162,514.264337593543950335 PMC,"
            " got 79,228,162,514.264337593543950336 PMC",
            EXACT,
        ),
        (
            "guardian",
            'wallet = "0x12"',
            'guardian.wallet must be a wallet address: 0x and 40 hexadecimal digits, got "0x12"',
            EXACT,
        ),
        (
            "charter",
            'file = "missing.md"',
            "charter.file cannot be read: missing.md (No such file or directory)",
            "joining accepts this very text",
        ),
        (
            "charter",
            f'hash = "0x{"11" * 32}"',
            "charter must have file or hash, not both",
            EXACT,
        ),
        (
            "governance",
            'qorum = "30%"',
            "governance.qorum is not a setting; did you mean quorum?",
            "it would have no effect",
        ),
        (
            "gardian",
            'wallet = "0x12"',
            "gardian is not a setting; did you mean guardian?",
            "it would have no effect",
        ),
        (
            "danger",
            'accept = ["short-dlay"]',
            'danger.accept names "short-dlay", which is not a danger; did you mean short-delay?',
            "it would have no effect",
        ),
        (
            "token",
            'grants = [{ walet = "0x12" }]',
            None,
            None,
        ),
    ],
)
def test_a_mistake_is_answered_in_three_lines(
    folder: Folder, table: str, line: str, problem: str | None, why: str | None
) -> None:
    folder.set(table, line)
    lines = folder.complaint()
    if problem is not None:
        assert lines == [f"dao.toml: {problem}", why, AGAIN]
    else:
        assert lines == [
            "dao.toml has 3 problems",
            "dao.toml: token.grants[1].wallet is missing",
            "dao.toml: token.grants[1].amount is missing",
            "dao.toml: token.grants[1].walet is not a setting; did you mean wallet?",
            AGAIN,
        ]


def test_all_mistakes_are_reported_at_once_with_those_of_the_member_file(folder: Folder) -> None:
    folder.tables["dao"].pop(0)
    folder.set("governance", 'quorum = "110%"', 'votingdelay = "1 day"')
    folder.set("voice", 'half_life = "1 day"')
    folder.set("merit", "per_member = 20_000")
    folder.write_members(WALLETS[0], WALLETS[0].lower(), "0x12")
    short = f"{WALLETS[0][:6]}…{WALLETS[0][-4:]}"
    assert folder.complaint() == [
        "dao.toml has 7 problems",
        "dao.toml: dao.name is missing",
        f"members.csv line 3: {short} is in line 2 already",
        "members.csv line 4: wallet must be a wallet address: 0x and 40 hexadecimal digits,"
        " got 0x12",
        "dao.toml: voice.half_life must be 90 days … 10 years, got 1 day",
        "dao.toml: governance.quorum must be 5 % … 60 %, got 110 %",
        "dao.toml: governance.votingdelay is not a setting; did you mean voting_delay?",
        "dao.toml: merit.per_member must be 0 … 10,000 points, got 20,000 points",
        "Correct dao.toml, members.csv and run the command again; nothing was done",
    ]


def test_mistakes_of_the_member_file_are_to_be_corrected_there(folder: Folder) -> None:
    folder.write_members("0x12")
    assert folder.complaint()[-1] == AGAIN.replace("dao.toml", "members.csv")
    (folder.path / "members.csv").unlink()
    assert folder.complaint()[-1] == AGAIN


def test_mistakes_are_explained_in_japanese_too(folder: Folder) -> None:
    folder.set("governance", 'quorum = "110%"')
    with speaking("ja"):
        lines = folder.complaint()
    assert lines == [
        "dao.toml: governance.quorum は 5 % … 60 % の範囲で指定してください(今の値: 110 %)",
        "低すぎると数人で決まり、高すぎると何も決まりません",
        "dao.toml を直して、もう一度実行してください(まだ何もしていません)",
    ]


def test_members_named_twice_in_the_file_itself_are_refused(folder: Folder) -> None:
    entry = f'{{ wallet = "{WALLETS[0]}" }}'
    folder.tables["members"] = [f"list = [{entry}, {entry}]"]
    short = f"{WALLETS[0][:6]}…{WALLETS[0][-4:]}"
    expected = f"dao.toml: members.list names {short} 2 times"
    assert folder.complaint() == [expected, "one wallet is one member", AGAIN]


def test_a_missing_member_file_is_refused(folder: Folder) -> None:
    (folder.path / "members.csv").unlink()
    what = f"{folder.path / 'members.csv'}: cannot be read: No such file or directory"
    assert folder.complaint() == [what, EXACT, AGAIN]


def test_nobody_at_all_is_refused_because_nobody_could_ever_join(folder: Folder) -> None:
    folder.write_members()
    assert folder.complaint() == [
        "dao.toml: members names nobody, and no steward may admit anyone",
        "a DAO without members could never decide anything",
        AGAIN,
    ]
    folder.set("steward", f'wallet = "{WALLETS[0]}"', "members_per_epoch = 0")
    assert folder.complaint()[0].endswith("names nobody, and no steward may admit anyone")


def test_more_members_than_one_transaction_admits_need_a_steward(folder: Folder) -> None:
    wallets = [f"0x{number:040x}" for number in range(1, 132)]
    folder.write_members(*wallets)
    assert folder.complaint() == [
        "dao.toml: members must be at most 100 people without a steward, got 131",
        "a creation must fit into one transaction; only a [steward] can admit the other 31"
        " afterwards",
        AGAIN,
    ]
    folder.set("steward", f'wallet = "{WALLETS[0]}"')
    assert len(folder.load().members) == 131


def test_a_file_that_is_not_there_or_no_toml_is_refused(folder: Folder) -> None:
    path = folder.path / "dao.toml"
    with pytest.raises(BadInputError) as caught:
        load_config(path)
    assert caught.value.lines == [
        f"{path}: cannot be read",
        "No such file or directory",
        "Write one with `ape run init`, or name another with --config",
    ]
    path.write_text("[governance]\nquorum = 30%\n")
    with pytest.raises(BadInputError) as caught:
        load_config(path)
    assert caught.value.lines == [
        "dao.toml: is not TOML",
        "line 2: quorum = 30% (this is neither [section] nor name = value)",
        'Correct that place; texts stand in quotes: quorum = "30%"',
    ]


def test_a_table_that_is_a_value_is_refused(folder: Folder) -> None:
    folder.load()
    path = folder.path / "dao.toml"
    path.write_text("voice = 5\n" + path.read_text())
    with pytest.raises(BadInputError) as caught:
        load_config(path)
    assert caught.value.lines[0] == "dao.toml: voice must be a table: [voice]"


def test_numbers_are_exact(folder: Folder) -> None:
    folder.set("voice", "k = 0.100000000000000001")
    assert folder.load().voice.k == Decimal("0.100000000000000001").scaleb(18)
