"""The sections of dao.toml: every setting with its kind, hard limits, default and name.

The limits are those that the contracts enforce. Values are in the units of the contracts: seconds,
basis points, 1 voice = 1e9, k in 1e-18, merit in thousandths of a point, tokens in wei of token.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from mikoshi.config.fields import (
    Choice,
    Duration,
    Hash,
    Label,
    Number,
    Percent,
    Slug,
    Switch,
    Text,
    Tokens,
    Wallet,
)
from mikoshi.units import DAY, HOUR, YEAR, Amount

MAX_FIRST_MEMBERS = 100
"""As many as fit into the transaction that creates a DAO; the steward admits the rest."""

SOULBOUND, TRANSFERABLE = "soulbound", "transferable"


class Section(BaseModel):
    """A table of dao.toml; a name that it does not know is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class DaoSection(Section):
    """What the DAO is, and where."""

    name: Annotated[str, Text(1, 64), Label("Name of the DAO", "DAOの名前")]
    symbol: Annotated[str, Text(1, 16), Label("Symbol of its tickets", "会員証の記号")]
    chain_id: Annotated[
        int,
        Number(1, 2**53 - 1),
        Label(
            "Chain it lives on: 31337 this computer, 11155111 the Sepolia testnet",
            "置かれるチェーン: 31337 = このパソコン、11155111 = Sepolia(テストネット)",
        ),
    ]
    tickets: Annotated[
        str,
        Choice((SOULBOUND, TRANSFERABLE)),
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
    """What the members share; joining accepts it."""

    file: Annotated[str, Text(1, 256), Label("File with the charter", "憲章のファイル")] = ""
    hash: Annotated[
        bytes, Hash(), Label("Hash of the charter, if there is no file", "憲章のハッシュ")
    ] = b""
    uri: Annotated[
        str, Text(0, 512), Label("Where members can read it", "憲章を読める場所(URL)")
    ] = ""


class PersonEntry(Section):
    """A first member."""

    wallet: Annotated[str, Wallet(), Label("Wallet", "ウォレット")]
    name: Annotated[str, Text(0, 64), Label("Name", "名前")] = ""


class MembersSection(Section):
    """Who is in it from the first moment."""

    file: Annotated[
        str, Text(1, 256), Label("CSV file with wallet,name", "会員のCSV(wallet,name)")
    ] = ""
    list: tuple[PersonEntry, ...] = ()


class VoiceSection(Section):
    """voice = base + k · √merit, and merit halves every half-life; fixed for good."""

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
    """How much merit may be credited in 30 days; binds the Treasury too."""

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


class GovernanceSection(Section):
    """How members decide."""

    voting_delay: Annotated[
        int,
        Duration(DAY, 14 * DAY),
        Label(
            "From a proposal to the start of voting",
            "提案から投票開始まで",
            "everyone needs time to notice a proposal, and nobody can wait for ever",
            "全員が提案に気づく時間が必要で、長すぎても決められません",
        ),
    ] = 2 * DAY
    voting_period: Annotated[
        int,
        Duration(2 * DAY, 14 * DAY),
        Label(
            "How long voting lasts",
            "投票期間",
            "people vote beside their work and life",
            "みんな仕事や生活のあいだに投票します",
        ),
    ] = 5 * DAY
    late_extension: Annotated[
        int,
        Duration(HOUR, 7 * DAY, HOUR),
        Label(
            "Voting goes on this long after a late ballot reached the quorum",
            "締切間際に定足数に達したときの延長",
            "a last-minute ballot must leave time for an answer",
            "直前の投票に、ほかの人が応じる時間が必要です",
        ),
    ] = DAY
    execution_delay: Annotated[
        int,
        Duration(DAY, 30 * DAY),
        Label(
            "From the end of voting to execution",
            "投票終了から実行できるまで",
            "members and guardian need time to react to what was decided",
            "決まったことに対応する時間が必要です",
        ),
    ] = 2 * DAY
    expiry: Annotated[
        int,
        Duration(7 * DAY, 90 * DAY),
        Label(
            "How long a decision can be executed",
            "実行できる期間",
            "a decision of long ago must not surprise anyone",
            "忘れられた決定が突然実行されてはなりません",
        ),
    ] = 14 * DAY
    quorum: Annotated[
        int,
        Percent(500, 6_000),
        Label(
            "Share of awake members that must take part",
            "投票に必要な人数(起きているメンバーに対する割合)",
            "below it a handful decides for all, above it nothing is ever decided",
            "低すぎると数人で決まり、高すぎると何も決まりません",
        ),
    ] = 3_000
    floor: Annotated[
        int,
        Percent(100, 2_500),
        Label(
            "Share of all members, dormant ones too, that must take part",
            "投票に必要な人数(休眠を含む全メンバーに対する割合)",
            "it protects those who sleep, and must stay reachable for those who do not",
            "休眠中の人を守りつつ、起きている人だけで届く必要があります",
        ),
    ] = 500
    voice_cap: Annotated[
        int,
        Percent(100, 5_000),
        Label(
            "Largest weight of one ballot, as a share of the awake voice",
            "1票の重さの上限(起きている声の合計に対する割合)",
            "nobody decides alone, and everyone keeps at least the base voice",
            "1人では決められないようにします",
        ),
    ] = 1_000
    threshold: Annotated[
        int,
        Percent(0, 10_000),
        Label(
            "Voice needed to propose, as a share of the base voice",
            "提案に必要な声(全員が持つ声に対する割合)",
            "every member must be able to propose",
            "メンバーなら誰でも提案できなければなりません",
        ),
    ] = 10_000
    live_proposals: Annotated[
        int,
        Number(1, 10),
        Label(
            "Proposals of one member that may be open at once",
            "1人が同時に出せる提案の数",
            "nobody may flood the others with proposals",
            "提案の乱発を防ぎます",
        ),
    ] = 3


class GrantEntry(Section):
    """First tokens for one account."""

    wallet: Annotated[str, Wallet(), Label("Wallet", "ウォレット")]
    amount: Annotated[Amount, Tokens(), Label("Amount", "数量")]


class TokenSection(Section):
    """The contribution token. It carries no votes."""

    name: Annotated[str, Text(1, 64), Label("Name of the token", "トークンの名前")]
    symbol: Annotated[str, Text(1, 16), Label("Symbol of the token", "トークンの記号")]
    cap_per_epoch: Annotated[
        Amount,
        Tokens(),
        Label("Tokens that may be minted in 30 days", "30日間に発行できるトークンの上限"),
    ]
    transferable: Annotated[
        bool,
        Switch(),
        Label("Whether members can pass tokens on", "トークンを人に渡せるか"),
    ] = True
    grants: tuple[GrantEntry, ...] = ()


class GuardianSection(Section):
    """May only cancel what was decided, between the vote and its execution."""

    wallet: Annotated[str, Wallet(), Label("Who may cancel a passed proposal", "ガーディアン")]
    term: Annotated[
        int,
        Duration(DAY, YEAR),
        Label(
            "How long from the creation; a vote may renew it",
            "任期(作成時から。投票で延長できます)",
            "a veto must end by itself",
            "拒否権は自然に終わらなければなりません",
        ),
    ] = YEAR


class StewardSection(Section):
    """May only admit members while the community is young."""

    wallet: Annotated[str, Wallet(), Label("Who may admit members", "スチュワード")]
    term: Annotated[
        int,
        Duration(DAY, YEAR),
        Label(
            "How long from the creation; nothing renews it",
            "任期(作成時から。延長できません)",
            "the founding phase must end by itself",
            "立ち上げ期は自然に終わらなければなりません",
        ),
    ] = 180 * DAY
    members_per_epoch: Annotated[
        int,
        Number(0, 10_000),
        Label(
            "Members the steward may admit in 30 days",
            "30日間に迎えられる人数",
            "one person must not be able to fill the room",
            "1人で会を満員にできてはなりません",
        ),
    ] = 100


class DangerSection(Section):
    """Dangerous settings that are meant."""

    accept: tuple[Annotated[str, Field()], ...] = ()


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
    "danger": DangerSection,
}
"""In the order of the file."""
