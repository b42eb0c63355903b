"""What is allowed and dangerous: named under [danger] accept; and keys that anybody has.

The worst of it is counted: how many people can decide, and how many could hold power for ever after
one vote that nobody opposed. This is rule L4 of docs/invariants.md: after any one executed
proposal, those who did not vote for it win every later vote if the people For, and the seats that a
vote can give them in an epoch, do not weigh as much as the others, with the most voice each. Shares
are in basis points, people in numbers; `most` is the most voice of a member in basis points of the
base.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mikoshi.chain.networks import LOCAL_CHAINS
from mikoshi.config.kinds import Label
from mikoshi.config.model import Config
from mikoshi.text.language import _, ngettext
from mikoshi.text.units import DAY

SAMPLE_WALLETS = (
    "0x17534816C14D7Fa3e2Bcd74B6Bd5346255CC8863",
    "0x50ab29436a5EF9Daa8d8341a7CBf89Cca807bf7f",
    "0x6C849e53184AcE708De91cB9C1A49508024BBb3E",
    "0x1fDD5A26bfFB2974Ffa62F2e5d10C65c445CD029",
    "0x3aB4707325b53808E1474FE7DB5f0e59cc727434",
    "0x0f5bEF0c891D9Fa37373abA57517b69168F3514F",
    "0xF44C5E316150DF0E3b8A869711b1675Bc9A24F05",
    "0x3A3f5310e96eA2145473892ea1C1f1dd699AE211",
    "0xA4d2EE6Fd582a40E84f317A0194F16d121E32893",
    "0xebFa29CCD1C8cc09B81e967c09644e8319FdDE73",
    "0x7589aB11993735E56973C7b0453537F86BeEe981",
    "0xaf74b24C856957aB98c89Cd467f153da81b2c1e4",
)
"""The people of the sample's members.csv: `mikoshi.testing.community.person(1)` to `person(12)`."""

NODE_WALLETS = (
    "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266",
    "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
    "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC",
    "0x90F79bf6EB2c4f870365E785982E1f101E93b906",
    "0x15d34AAf54267DB7D7c367839AAf71A00a2C6A65",
    "0x9965507D1a55bcC2695C58ba16FB37d819B0A4dc",
    "0x976EA74026E726554dB657fA54763abd0C3a0aa9",
    "0x14dC79964da2C08b23698B3D3cc7Ca32193d9955",
    "0x23618e81E3f5cdF7f54C3d65f7FBc0aBf5B21E8f",
    "0xa0Ee7A142d267C1f36714E4a8F75612F20a79720",
)
"""The accounts of every local test node, made from the words "test test … junk"."""

_PUBLIC = frozenset(wallet.lower() for wallet in SAMPLE_WALLETS + NODE_WALLETS)


def public_among(wallets: Iterable[str]) -> list[str]:
    """Those of `wallets` that anybody can sign for."""
    return [wallet for wallet in wallets if wallet.lower() in _PUBLIC]


BPS = 10_000

FEWEST = 15
"""From this number of awake members on, a bare quorum that can hold on to power is dangerous."""

_SEATS = 500  # of the awake, in basis points: what votes may give or take at once in an epoch
_JUDGED = range(FEWEST, 1_001)  # in larger DAOs the shares are the same but for roundings


def people_needed(awake: int, counted: int, quorum: int, floor: int) -> int:
    """People that a proposal needs; two wherever two are awake."""
    share, least = -(-awake * quorum // BPS), -(-counted * floor // BPS)
    return max(share, least, min(2, awake))


def seats_by_vote(awake: int) -> int:
    """Seats that votes may take, give or wake at once in an epoch."""
    return max(1, awake * _SEATS // BPS)


@dataclass(frozen=True)
class Lasting:
    """Of `awake` members, how many are `needed` to decide and how many could hold power for ever.

    `holders` are at least as many as are needed. It is counted as if nobody wakes on their side.
    """

    awake: int
    needed: int
    holders: int

    @property
    def bare(self) -> bool:
        """Whether whoever can decide at all can also hold power for ever."""
        return self.awake > 0 and self.holders == self.needed

    @property
    def dangerous(self) -> bool:
        """Whether it is so in a DAO that is no longer small."""
        return self.bare and self.awake >= FEWEST

    @property
    def text(self) -> str:
        """The figures in words."""
        if self.needed > self.awake:
            return ngettext(
                "{needed} person would have to take part, and only {awake:,} members are awake",
                "{needed} people would have to take part, and only {awake:,} members are awake",
                self.needed,
                needed=self.needed,
                awake=self.awake,
            )
        return _(
            "{needed} of {awake:,} awake members can decide; {holders} could hold power for ever "
            "after one vote that nobody opposed",
            needed=self.needed,
            awake=self.awake,
            holders=self.holders,
        )


def lasting(awake: int, counted: int, most: int, quorum: int, floor: int) -> Lasting:
    """Counted for a DAO of `awake` members, and `counted` with the dormant ones."""
    needed = people_needed(awake, counted, quorum, floor)
    others = awake * BPS - seats_by_vote(awake) * most
    least = -(-others // (BPS + most))
    return Lasting(awake, needed, min(awake, max(needed, least)))


def first_dangerous(most: int, quorum: int, floor: int) -> Lasting | None:
    """The smallest DAO in which these settings are dangerous while all are awake; None in none."""
    counts = (lasting(awake, awake, most, quorum, floor) for awake in _JUDGED)
    return next((each for each in counts if each.dangerous), None)


@dataclass(frozen=True)
class Danger:
    """A dangerous setting: the `name` that accepts it, its `path`, and what may happen."""

    name: str
    path: str
    label: Label

    @property
    def text(self) -> str:
        """What may happen, in the language spoken now."""
        return self.label.text


NO_CHARTER = Danger("no-charter", "charter", Label("people join without agreeing on anything"))
FEW_MEMBERS = Danger(
    "few-members", "members", Label("fewer than 3 first members decide about everything")
)
PUBLIC_KEYS = Danger(
    "public-keys",
    "members",
    Label(
        "some wallets are those of the sample or of a test node, whose keys are"
        " public: anybody can vote as these people. Put in your own members"
    ),
)
GUARDIAN_IS_STEWARD = Danger(
    "guardian-is-steward",
    "steward.wallet",
    Label("one person chooses who joins and may cancel what they decide"),
)
LARGE_STEWARD_CAP = Danger(
    "large-steward-cap",
    "steward.members_per_epoch",
    Label("in one month the steward can admit ten times the first members, who then decide alone"),
)
HIGH_VOICE_CAP = Danger(
    "high-voice-cap",
    "governance.voice_cap",
    Label("one ballot may outweigh all others of a small quorum"),
)
LASTING_POWER = Danger(
    "lasting-power",
    "governance.quorum",
    Label(
        "as many people as can decide could hold power for ever after one vote that nobody opposed"
    ),
)
SHORT_VOTING = Danger(
    "short-voting",
    "governance.voting_period",
    Label("a vote can begin and end within a long weekend"),
)
SHORT_DELAY = Danger(
    "short-delay",
    "governance.execution_delay",
    Label("less than 2 days are left to react before money moves"),
)
LOW_QUORUM = Danger(
    "low-quorum", "governance.quorum", Label("fewer than one in ten of the awake members decide")
)
LOW_FLOOR = Danger(
    "low-floor",
    "governance.floor",
    Label("when nearly everyone is dormant, a handful decides about everyone's money"),
)
DANGERS = (
    NO_CHARTER,
    FEW_MEMBERS,
    PUBLIC_KEYS,
    GUARDIAN_IS_STEWARD,
    LARGE_STEWARD_CAP,
    HIGH_VOICE_CAP,
    LASTING_POWER,
    SHORT_VOTING,
    SHORT_DELAY,
    LOW_QUORUM,
    LOW_FLOOR,
)

GONE_DANGERS = ("strong-merit", "short-season")
"""What could be accepted before 0.3, and is within no limits any more."""


def dangers_of(config: Config) -> list[Danger]:
    """The dangerous settings of a configuration that is otherwise in order."""
    governance, steward, guardian = config.governance, config.steward, config.guardian
    present = {
        NO_CHARTER: not config.charter.file and not config.charter.hash,
        FEW_MEMBERS: len(config.members) < 3,
        PUBLIC_KEYS: config.chain_id not in LOCAL_CHAINS and bool(public_among(wallets_of(config))),
        GUARDIAN_IS_STEWARD: bool(guardian and steward and guardian.wallet == steward.wallet),
        LARGE_STEWARD_CAP: bool(
            steward and steward.members_per_epoch > 10 * max(len(config.members), 1)
        ),
        HIGH_VOICE_CAP: 2 * governance.voice_cap > governance.quorum,
        LASTING_POWER: dangerous_size(config) is not None,
        SHORT_VOTING: governance.voting_delay + governance.voting_period < 4 * DAY,
        SHORT_DELAY: governance.execution_delay < 2 * DAY,
        LOW_QUORUM: governance.quorum < 1_000,
        LOW_FLOOR: governance.floor < 200,
    }
    return [danger for danger in DANGERS if present[danger]]


def dangerous_size(config: Config) -> Lasting | None:
    """The smallest of the DAOs in which these settings are dangerous; None if there is none."""
    governance = config.governance
    return first_dangerous(config.voice.most, governance.quorum, governance.floor)


def lasting_of(config: Config, awake: int) -> Lasting:
    """How many could hold power for ever while this many are members, all awake."""
    governance = config.governance
    return lasting(awake, awake, config.voice.most, governance.quorum, governance.floor)


def wallets_of(config: Config) -> Iterator[str]:
    """Every wallet to which a configuration gives a seat, tokens or an office."""
    yield from (person.wallet for person in config.members)
    yield from (grant.wallet for grant in config.token.grants)
    yield from (office.wallet for office in (config.guardian, config.steward) if office)
