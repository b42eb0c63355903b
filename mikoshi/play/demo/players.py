"""Who plays in the demo: twelve members whose keys are public, and a few outsiders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from mikoshi.config.model import Config
from mikoshi.testing.community import person
from mikoshi.text.errors import BadInputError
from mikoshi.text.language import pick
from mikoshi.text.people import Person, show

if TYPE_CHECKING:
    from eth_account.messages import SignableMessage
    from eth_account.signers.local import LocalAccount

NAMES = (
    "Aoi 葵",
    "Ken 健",
    "Yuki 由紀",
    "Sakura 桜",
    "Daichi 大地",
    "Emi 恵美",
    "Hana 花",
    "Ren 蓮",
    "Mio 美桜",
    "Sho 翔",
    "Nao 直",
    "Tomo 智",
)
POINTS, TOKENS = 100, 100
"""Merit and tokens of the grant, whole ones."""

_STAYING = 3
_POINT = 10**18


@dataclass(frozen=True)
class Player:
    """A member with a key; signs transactions too (`mikoshi.chain.accounts.Account`)."""

    id: int
    name: str
    key: LocalAccount

    @property
    def address(self) -> str:
        """Their wallet."""
        return str(self.key.address)

    @property
    def full(self) -> str:
        """`Hana 花 #7 (0xF44C…4F05)`."""
        return show(self.address, self.id, self.name)

    @property
    def brief(self) -> str:
        """`Hana #7`, in the language spoken now."""
        parts = self.name.split()
        return f"{pick(parts[0], parts[-1])} #{self.id}"

    def unlock(self) -> None:
        """Nothing: the key is at hand."""

    def sign(self, transaction: dict[str, Any]) -> bytes:
        """The signed transaction."""
        return bytes(self.key.sign_transaction(transaction).raw_transaction)

    def sign_message(self, message: SignableMessage) -> bytes:
        """The 65 bytes under a message."""
        return bytes(self.key.sign_message(message).signature)


def make_players() -> list[Player]:
    """The twelve; ids are 1, 2, 3 … in their order."""
    return [Player(number, name, person(number)) for number, name in enumerate(NAMES, 1)]


def briefly(players: Sequence[Player]) -> str:
    """`Hana #7, Ren #8`."""
    return pick(", ", "、").join(each.brief for each in players)


def staged(config: Config, players: Sequence[Player]) -> Config:
    """`config` with the players as first members. Raises BadInputError if it cannot be played."""
    problems = list(_problems(config))
    if problems:
        raise BadInputError(
            pick(
                f"The demo cannot play {config.source.name}",
                f"{config.source.name} ではデモを上演できません",
            ),
            problems,
            pick(
                "Set them otherwise for the demo, or play the dao.toml that came with Mikoshi",
                "デモ用に設定を変えるか、Mikoshi に付属の dao.toml で試してください",
            ),
        )
    return replace(config, members=tuple(Person(each.address, each.name) for each in players))


def _problems(config: Config) -> list[str]:
    """What in a dao.toml does not go with the story."""
    ordinary = -(-config.governance.quorum * len(NAMES) // 10_000)
    reasons = {
        pick(
            "dao.tickets: whoever leaves returns freely only where tickets are soulbound",
            "dao.tickets: 退会した人が自由に戻れるのは soulbound のときだけです",
        ): config.transferable_tickets,
        pick(
            f"governance.quorum: of {len(NAMES)} people it must need more than {_STAYING}",
            f"governance.quorum: {len(NAMES)}人のうち{_STAYING}人を超える定足数が必要です",
        ): ordinary <= _STAYING,
        pick(
            f"merit: the demo gives {POINTS} points to one member",
            f"merit: デモでは1人に{POINTS}点を与えます",
        ): min(config.merit.per_member, config.merit.per_epoch) < POINTS * 1000,
        pick(
            f"token.cap_per_epoch: the demo mints {TOKENS} tokens",
            f"token.cap_per_epoch: デモでは{TOKENS}トークンを発行します",
        ): config.token.cap_per_epoch.raw < TOKENS * _POINT,
    }
    return [reason for reason, holds in reasons.items() if holds]
