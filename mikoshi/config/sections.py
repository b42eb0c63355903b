"""The sections of dao.toml: every setting with its kind, hard limits, default and name.

The limits are those that the contracts enforce. Values are in the units of the contracts: seconds,
basis points, 1 voice = 1e9, k in 1e-18, merit in thousandths of a point, tokens in wei of token.
"""

from __future__ import annotations

from typing import Annotated

from mikoshi.config.alarms import AlarmsSection
from mikoshi.config.governance import GovernanceSection
from mikoshi.config.kinds import Label
from mikoshi.config.numbers import ChainId, Duration, Number, Tokens
from mikoshi.config.offices import GuardianSection, StewardSection
from mikoshi.config.section import Section
from mikoshi.config.words import Hash, OneOf, Slug, Text, Wallet, YesNo
from mikoshi.text.units import DAY, YEAR, Amount

MAX_FIRST_MEMBERS = 100
"""As many as fit into the transaction that creates a DAO; the steward admits the rest."""

SOULBOUND, TRANSFERABLE = "soulbound", "transferable"


class DaoSection(Section):
    """What the DAO is, and where."""

    about = Label(
        "What the DAO is, and where",
        "DAOの基本",
    )

    name: Annotated[str, Text(1, 64), Label("Name of the DAO", "DAOの名前")]
    symbol: Annotated[str, Text(1, 16), Label("Symbol of its tickets", "会員証の記号")]
    chain_id: Annotated[
        int,
        ChainId(),
        Label(
            "Chain it lives on: 31337 this computer, 11155111 the Sepolia testnet",
            "置かれるチェーン: 31337 = このパソコン、11155111 = Sepolia(テストネット)",
        ),
    ]
    tickets: Annotated[
        str,
        OneOf((SOULBOUND, TRANSFERABLE)),
        Label(
            "Whether tickets can be sold; for good",
            "会員証を譲渡できるか(あとから変えられません)",
        ),
    ] = SOULBOUND
    slug: Annotated[
        str,
        Slug(),
        Label("Name of its deployment record", "デプロイ記録のファイル名"),
    ]
    salt: Annotated[
        str,
        Text(0, 64),
        Label(
            "Any text; another text gives the DAO other addresses",
            "任意の文字。変えるとコントラクトのアドレスが変わります",
        ),
    ] = ""


class CharterSection(Section):
    """What the members share; who joins accepts it."""

    about = Label(
        "What the members share; who joins accepts it",
        "憲章: メンバーが共有する価値観。入会する人はこれに同意します",
    )

    file: Annotated[str, Text(1, 256), Label("File with the charter", "憲章のファイル")] = ""
    hash: Annotated[
        bytes, Hash(), Label("Hash of the charter, if there is no file", "憲章のハッシュ")
    ] = b""
    uri: Annotated[
        str, Text(0, 512), Label("Where members can read it", "憲章を読める場所(URL)")
    ] = ""


class PersonEntry(Section):
    """A first member."""

    about = Label("A first member", "最初のメンバー")

    wallet: Annotated[str, Wallet(), Label("Wallet", "ウォレット")]
    name: Annotated[str, Text(0, 64), Label("Name", "名前")] = ""


class MembersSection(Section):
    """Who is in it from the first moment."""

    about = Label(
        "Who is in it from the first moment",
        "最初のメンバー",
    )

    file: Annotated[
        str, Text(1, 256), Label("CSV file with wallet,name", "メンバーのCSV(wallet,name)")
    ] = ""
    list: tuple[PersonEntry, ...] = ()


class VoiceSection(Section):
    """voice = base + k · √merit, and merit halves every half-life. Fixed for good."""

    about = Label(
        "voice = base + k · √merit, and merit halves every half-life. Fixed for good",
        "声 = base + k × √貢献点(貢献点は half_life ごとに半分になります)。あとから変えられません",
    )

    base: Annotated[
        int,
        Number(10**9, 10**12, 9),
        Label("Voice of every member", "全員が等しく持つ声"),
    ] = 10**9
    k: Annotated[
        int,
        Number(0, 10 * 10**18, 18),
        Label(
            "Voice per root of a point of merit; 0: one member, one vote",
            "貢献点の平方根1につき増える声。0 なら1人1票",
            "a larger factor would let contribution drown membership",
            "大きすぎると、貢献の多い人だけで決まってしまいます",
        ),
    ] = 10**17
    half_life: Annotated[
        int,
        Duration(90 * DAY, 3650 * DAY),
        Label(
            "Time in which merit halves",
            "貢献点が半分になるまでの時間",
            "a shorter one forgets work within a season, a longer one never forgets",
            "短すぎると貢献がすぐ消え、長すぎると昔の貢献が残り続けます",
        ),
    ] = 180 * DAY


class MembershipSection(Section):
    """How long silence may last, and how long a bought seat stays silent."""

    about = Label(
        "How long silence may last, and how long a bought seat stays silent",
        "休眠と、買った席が声を持つまでの期間",
    )

    dormant_after: Annotated[
        int,
        Duration(90 * DAY, 730 * DAY),
        Label(
            "Silence after which a member counts as dormant",
            "活動がないと「休眠」とみなされるまでの期間",
            "the quorum follows the members who are awake",
            "定足数は起きているメンバーに合わせて決まります",
        ),
    ] = 180 * DAY
    season: Annotated[
        int,
        Duration(3 * DAY, YEAR),
        Label(
            "Time before someone who bought a ticket has a voice",
            "会員証を買った人が声を持つまでの期間",
            "a seat bought when a proposal appears must not vote on it",
            "提案が出てから買った席で投票できてはなりません",
        ),
    ] = 30 * DAY


class MeritSection(Section):
    """How much merit may be given in 30 days; binds the treasury too."""

    about = Label(
        "How much merit may be given in 30 days; binds the treasury too",
        "30日間に与えられる貢献点の上限(トレジャリーも従います)",
    )

    per_epoch: Annotated[
        int,
        Number(0, 10**12, 3, "points"),
        Label("Merit for all members in 30 days", "30日間に全員へ与えられる貢献点の上限"),
    ] = 10_000_000
    per_member: Annotated[
        int,
        Number(0, 10**12, 3, "points"),
        Label("Merit for one member in 30 days", "30日間に1人へ与えられる貢献点の上限"),
    ] = 1_000_000


class GrantEntry(Section):
    """First tokens for one account."""

    about = Label("First tokens for one account", "最初に渡すトークン")

    wallet: Annotated[str, Wallet(), Label("Wallet", "ウォレット")]
    amount: Annotated[Amount, Tokens(), Label("Amount", "数量")]


class TokenSection(Section):
    """The contribution token. It carries no votes."""

    about = Label(
        "The contribution token. It carries no votes",
        "貢献トークン(投票権はありません)",
    )

    name: Annotated[str, Text(1, 64), Label("Name of the token", "トークンの名前")]
    symbol: Annotated[str, Text(1, 16), Label("Symbol of the token", "トークンの記号")]
    cap_per_epoch: Annotated[
        Amount,
        Tokens(),
        Label("Tokens that may be minted in 30 days", "30日間に発行できるトークンの上限"),
    ]
    transferable: Annotated[
        bool,
        YesNo(),
        Label("Whether members can pass tokens on", "トークンを人に渡せるか"),
    ] = True
    grants: tuple[GrantEntry, ...] = ()


class DangerSection(Section):
    """Dangerous settings that are meant, by name."""

    about = Label(
        "Dangerous settings that are meant, by name",
        "承知のうえの危険な設定",
    )

    accept: tuple[str, ...] = ()


SECTIONS: dict[str, type[Section]] = {
    "dao": DaoSection,
    "charter": CharterSection,
    "members": MembersSection,
    "voice": VoiceSection,
    "membership": MembershipSection,
    "merit": MeritSection,
    "governance": GovernanceSection,
    "token": TokenSection,
    "guardian": GuardianSection,
    "steward": StewardSection,
    "alarms": AlarmsSection,
    "danger": DangerSection,
}
"""In the order of the file."""

ENTRIES: dict[str, type[Section]] = {"list": PersonEntry, "grants": GrantEntry}
"""The tables in lists, by the name of the list."""
