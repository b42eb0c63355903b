"""Settings that are allowed and dangerous: each must be named under [danger] accept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mikoshi.chain.networks import LOCAL_CHAINS
from mikoshi.config.model import Config
from mikoshi.config.public_keys import public_among
from mikoshi.text.language import pick
from mikoshi.text.units import DAY

if TYPE_CHECKING:
    pass


@dataclass(frozen=True)
class Danger:
    """A dangerous setting: the `name` that accepts it, its `path`, and what may happen."""

    name: str
    path: str
    en: str
    ja: str

    @property
    def text(self) -> str:
        """What may happen, in the language spoken now."""
        return pick(self.en, self.ja)


NO_CHARTER = Danger(
    "no-charter",
    "charter",
    "people join without agreeing on anything",
    "何も合意しないまま人が加わります",
)
FEW_MEMBERS = Danger(
    "few-members",
    "members",
    "fewer than 3 first members decide about everything",
    "3人未満ですべてが決まります",
)
PUBLIC_KEYS = Danger(
    "public-keys",
    "members",
    "some wallets are those of the sample or of a test node, whose keys are public: anybody can"
    " vote as these people. Put in your own members",
    "見本かテスト用ノードのウォレットがあり、その鍵は公開されています。誰でもその人として投票"
    "できるので、自分たちのメンバーに置き換えてください",
)
GUARDIAN_IS_STEWARD = Danger(
    "guardian-is-steward",
    "steward.wallet",
    "one person chooses who joins and may cancel what they decide",
    "同じ人が、入会と決定の取り消しの両方を握ります",
)
LARGE_STEWARD_CAP = Danger(
    "large-steward-cap",
    "steward.members_per_epoch",
    "in one month the steward can admit ten times the first members, who then decide alone",
    "1か月で最初のメンバーの10倍を迎えられ、その人たちだけで決められます",
)
HIGH_VOICE_CAP = Danger(
    "high-voice-cap",
    "governance.voice_cap",
    "one ballot may outweigh all others of a small quorum",
    "定足数ぎりぎりの投票では、1人の票がほかの全員に勝てます",
)
STRONG_MERIT = Danger(
    "strong-merit",
    "voice.k",
    "one month of merit can give a member more voice than ten members without",
    "1か月の貢献で、1人が10人分より大きな声を持てます",
)
SHORT_VOTING = Danger(
    "short-voting",
    "governance.voting_period",
    "a vote can begin and end within a long weekend",
    "連休のあいだに投票が始まって終わることがあります",
)
SHORT_DELAY = Danger(
    "short-delay",
    "governance.execution_delay",
    "less than 2 days are left to react before money moves",
    "資金が動くまでに2日未満しかありません",
)
LOW_QUORUM = Danger(
    "low-quorum",
    "governance.quorum",
    "fewer than one in ten of the awake members decide",
    "起きているメンバーの1割未満で決まります",
)
LOW_FLOOR = Danger(
    "low-floor",
    "governance.floor",
    "when nearly everyone is dormant, a handful decides about everyone's money",
    "ほとんどの人が休眠すると、数人で全員の資金を動かせます",
)
SHORT_SEASON = Danger(
    "short-season",
    "membership.season",
    "tickets can be sold, and who buys many seats may vote within weeks",
    "会員証を買い集めた人が、数週間で投票できます",
)

DANGERS = (
    NO_CHARTER,
    FEW_MEMBERS,
    PUBLIC_KEYS,
    GUARDIAN_IS_STEWARD,
    LARGE_STEWARD_CAP,
    HIGH_VOICE_CAP,
    STRONG_MERIT,
    SHORT_VOTING,
    SHORT_DELAY,
    LOW_QUORUM,
    LOW_FLOOR,
    SHORT_SEASON,
)


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
        STRONG_MERIT: _voice_of_merit_cap(config) > 10 * config.voice.base,
        SHORT_VOTING: governance.voting_delay + governance.voting_period < 4 * DAY,
        SHORT_DELAY: governance.execution_delay < 2 * DAY,
        LOW_QUORUM: governance.quorum < 1_000,
        LOW_FLOOR: governance.floor < 200,
        SHORT_SEASON: config.transferable_tickets and config.membership.season < 30 * DAY,
    }
    return [danger for danger in DANGERS if present[danger]]


def _voice_of_merit_cap(config: Config) -> float:
    """Voice, 1 voice = 1e9, of a member with all the merit that one epoch may bring."""
    points = config.merit.per_member / 1_000
    return float(config.voice.k / 1e18 * points**0.5 * 1e9)


def wallets_of(config: Config) -> Iterator[str]:
    """Every wallet to which a configuration gives a seat, tokens or an office."""
    yield from (person.wallet for person in config.members)
    yield from (grant.wallet for grant in config.token.grants)
    yield from (office.wallet for office in (config.guardian, config.steward) if office)
