"""The sections of dao.toml: every setting with its kind, hard limits, default and name.

The limits are those that the contracts enforce. Values are in the units of the contracts: seconds,
basis points, 1 voice = 1e9, full in whole points, other merit in thousandths of a point, tokens in
wei of token.
"""

from __future__ import annotations

from typing import Annotated

from mikoshi.config.governance import (
    AlarmsSection,
    GovernanceSection,
    GuardianSection,
    StewardSection,
)
from mikoshi.config.kinds import Kind, Label, Section
from mikoshi.config.numbers import ChainId, Duration, Number, Tokens
from mikoshi.config.words import Hash, OneOf, Slug, Text, Wallet, YesNo, Zone
from mikoshi.text.language import LANGUAGES, N_
from mikoshi.text.units import DAY, YEAR, Amount

MAX_FIRST_MEMBERS = 100
"""As many as fit into the transaction that creates a DAO; the steward admits the rest."""

SOULBOUND, TRANSFERABLE = "soulbound", "transferable"


class DaoSection(Section):
    """What the DAO is, and where."""

    about = Label("What the DAO is, and where")

    name: Annotated[str, Text(1, 64), Label("Name of the DAO")]
    symbol: Annotated[str, Text(1, 16), Label("Symbol of its tickets")]
    chain_id: Annotated[
        int,
        ChainId(),
        Label("Chain it lives on: 31337 this computer, 11155111 the Sepolia testnet"),
    ]
    tickets: Annotated[
        str,
        OneOf((SOULBOUND, TRANSFERABLE)),
        Label("Whether tickets can be sold; for good"),
    ] = SOULBOUND
    slug: Annotated[
        str,
        Slug(),
        Label("Name of its deployment record"),
    ]
    salt: Annotated[
        str,
        Text(0, 64),
        Label("Any text; another text gives the DAO other addresses"),
    ] = ""


class CharterSection(Section):
    """What the members share; who joins accepts it."""

    about = Label("What the members share; who joins accepts it")

    file: Annotated[str, Text(1, 256), Label("File with the charter")] = ""
    hash: Annotated[bytes, Hash(), Label("Hash of the charter, if there is no file")] = b""
    uri: Annotated[str, Text(0, 512), Label("Where members can read it")] = ""


class PersonEntry(Section):
    """A first member."""

    about = Label("A first member")

    wallet: Annotated[str, Wallet(), Label("Wallet")]
    name: Annotated[str, Text(0, 64), Label("Name")] = ""


class MembersSection(Section):
    """Who is in it from the first moment."""

    about = Label("Who is in it from the first moment")

    file: Annotated[str, Text(1, 256), Label("CSV file with wallet,name")] = ""
    list: tuple[PersonEntry, ...] = ()


class VoiceSection(Section):
    """voice = base + k · √merit, never above most · base; merit halves. Fixed for good."""

    about = Label(
        "Voice grows from base with the root of merit, up to most · base; merit halves every "
        "half-life. Fixed for good"
    )

    base: Annotated[
        int,
        Number(10**9, 10**12, 9),
        Label("Voice of every member"),
    ] = 10**9
    most: Annotated[
        int,
        Number(10_000, 30_000, 4),
        Label(
            "Most voice of one member, in multiples of base; 1: one member, one vote",
            N_("a larger one would let contribution drown membership"),
        ),
    ] = 15_000
    full: Annotated[
        int,
        Number(1, 10**9, 0, "points"),
        Label("Merit that gives the most voice; nobody's merit grows beyond it"),
    ] = 100
    half_life: Annotated[
        int,
        Duration(90 * DAY, 3650 * DAY),
        Label(
            "Time in which merit halves",
            N_("a shorter one forgets work within a season, a longer one never forgets"),
        ),
    ] = 180 * DAY


class MembershipSection(Section):
    """How long silence may last, and how long a new seat stays silent."""

    about = Label("How long silence may last, and how long a seat taken without a vote is silent")

    dormant_after: Annotated[
        int,
        Duration(90 * DAY, YEAR),
        Label(
            "Silence after which a member counts as dormant, at most 30 days later",
            N_("the quorum follows the members who are awake"),
        ),
    ] = 180 * DAY
    season: Annotated[
        int,
        Duration(45 * DAY, YEAR),
        Label(
            "Time before someone who bought a ticket or came back has a voice",
            N_("nobody votes on a proposal that is older than the seat they took by themselves"),
        ),
    ] = 45 * DAY


class MeritSection(Section):
    """How much merit may be given in 30 days; binds the treasury too."""

    about = Label("How much merit may be given in 30 days; binds the treasury too")

    per_epoch: Annotated[
        int,
        Number(0, 10**12, 3, "points"),
        Label("Merit for all members in 30 days"),
    ] = 10_000_000
    per_member: Annotated[
        int,
        Number(0, 10**12, 3, "points"),
        Label("Merit for one member in 30 days"),
    ] = 1_000_000


class GrantEntry(Section):
    """First tokens for one account."""

    about = Label("First tokens for one account")

    wallet: Annotated[str, Wallet(), Label("Wallet")]
    amount: Annotated[Amount, Tokens(), Label("Amount")]


class TokenSection(Section):
    """The contribution token. It carries no votes."""

    about = Label("The contribution token. It carries no votes")

    name: Annotated[str, Text(1, 64), Label("Name of the token")]
    symbol: Annotated[str, Text(1, 16), Label("Symbol of the token")]
    cap_per_epoch: Annotated[
        Amount,
        Tokens(),
        Label("Tokens that may be minted in 30 days"),
    ]
    transferable: Annotated[
        bool,
        YesNo(),
        Label("Whether members can pass tokens on"),
    ] = True
    grants: tuple[GrantEntry, ...] = ()


class InvitationsSection(Section):
    """Seats by a link. Members' links make newcomers; the steward's make active members."""

    about = Label(
        "Seats by a link. Members' links make newcomers, with a voice after the season; the "
        "steward's make active members"
    )

    per_epoch: Annotated[
        int,
        Number(0, 10_000),
        Label(
            "Seats that members' links give in 30 days",
            N_("invited people must not outnumber the others"),
        ),
    ] = 20
    per_sponsor: Annotated[int, Number(0, 20), Label("The same of one member")] = 1
    sponsors: Annotated[
        int,
        Number(1, 3),
        Label("Members that one link needs; two at least where six are counted"),
    ] = 1


class SuccessionSection(Section):
    """Seats given back; the section is there or not."""

    about = Label(
        "With this section, who loses a wallet gets their seat back by the guardians they named, "
        "an heir or a vote"
    )


class PageSection(Section):
    """Where members' phones find the DAO."""

    about = Label("Where members' phones find the DAO; change it whenever you like")

    rpc: Annotated[
        str,
        Text(0, 512),
        Label("Node that members' browsers ask, by https; whoever has the page can read it"),
    ] = ""
    url: Annotated[
        str,
        Text(0, 512),
        Label("Public address of the page; passkeys belong to its domain"),
    ] = ""


class RemindersSection(Section):
    """How the community is reminded."""

    about = Label("How the community is reminded of what is due; change it whenever you like")

    language: Annotated[str, OneOf(LANGUAGES), Label("Language of what they say")] = "ja"
    zone: Annotated[str, Zone(), Label("Zone of the times that they tell")] = "Asia/Tokyo"


class DangerSection(Section):
    """Dangerous settings that are meant, by name."""

    about = Label("Dangerous settings that are meant, by name")

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
    "invitations": InvitationsSection,
    "succession": SuccessionSection,
    "alarms": AlarmsSection,
    "page": PageSection,
    "reminders": RemindersSection,
    "danger": DangerSection,
}
"""In the order of the file."""

OPTIONAL = ("guardian", "steward", "invitations", "succession")
"""Those without which a DAO has nothing of the kind."""

ENTRIES: dict[str, type[Section]] = {"list": PersonEntry, "grants": GrantEntry}
"""The tables in lists, by the name of the list."""


def kind_of(name: str) -> Kind | None:
    """How a setting of dao.toml, such as `governance.quorum`, is read and shown."""
    section, _, field = name.partition(".")
    info = SECTIONS[section].model_fields.get(field) if section in SECTIONS else None
    return next((item for item in info.metadata if isinstance(item, Kind)), None) if info else None
