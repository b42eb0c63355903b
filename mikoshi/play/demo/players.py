"""Who plays in the demo: twelve members whose keys are public, and a few outsiders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from mikoshi.config.model import Config
from mikoshi.testing.community import person
from mikoshi.text.errors import BadInputError, Final
from mikoshi.text.language import N_, _, pick
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
    return _(", ").join(each.brief for each in players)


def staged(config: Config, players: Sequence[Player]) -> Config:
    """`config` with the players as first members. Raises BadInputError if it cannot be played."""
    problems = list(_problems(config))
    if problems:
        raise BadInputError(
            "players.staged",
            N_("The demo cannot play {name}"),
            [*map(Final, problems)],
            N_("Set them otherwise for the demo, or play the dao.toml that came with Mikoshi"),
            name=config.source.name,
        )
    return replace(config, members=tuple(Person(each.address, each.name) for each in players))


def _problems(config: Config) -> list[str]:
    """What in a dao.toml does not go with the story."""
    ordinary = -(-config.governance.quorum * len(NAMES) // 10_000)
    reasons = {
        _(
            "dao.tickets: whoever leaves returns freely only where tickets are soulbound"
        ): config.transferable_tickets,
        _(
            "governance.quorum: of {count} people it must need more than {staying}",
            count=len(NAMES),
            staying=_STAYING,
        ): ordinary <= _STAYING,
        _("merit: the demo gives {points} points to one member", points=POINTS): min(
            config.merit.per_member, config.merit.per_epoch
        )
        < POINTS * 1000,
        _(
            "token.cap_per_epoch: the demo mints {tokens} tokens", tokens=TOKENS
        ): config.token.cap_per_epoch.raw < TOKENS * _POINT,
    }
    return [reason for reason, holds in reasons.items() if holds]
