"""Who plays in the demo: twelve members whose keys are public, and a few outsiders."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from mikoshi.config.model import Config
from mikoshi.testing.community import person
from mikoshi.text.errors import BadInputError, ProblemError
from mikoshi.text.language import N_, listed, pgettext
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
        first, last = self.name.split()
        which = pgettext("the word of `Hana 花` that people say: first or last", "first")
        return f"{first if which == 'first' else last} #{self.id}"

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
    return listed(each.brief for each in players)


def staged(config: Config, players: Sequence[Player]) -> Config:
    """`config` with the players as first members. Raises BadInputError if it cannot be played."""
    problems = list(_problems(config))
    if problems:
        raise BadInputError(
            "demo.unplayable",
            N_("The demo cannot play {name}"),
            [each.words for each in problems],
            N_("Set them otherwise for the demo, or play the dao.toml that came with Mikoshi"),
            name=config.source.name,
            problems=problems,
        )
    return replace(config, members=tuple(Person(each.address, each.name) for each in players))


def _problems(config: Config) -> Iterator[ProblemError]:
    """What in a dao.toml does not go with the story."""
    if config.transferable_tickets:
        yield ProblemError(
            "demo.tickets-for-sale",
            N_("dao.tickets: whoever leaves returns freely only where tickets are soulbound"),
        )
    if -(-config.governance.quorum * len(NAMES) // 10_000) <= _STAYING:
        yield ProblemError(
            "demo.quorum-too-low",
            N_("governance.quorum: of {members} people it must need more than {staying}"),
            members=len(NAMES),
            staying=_STAYING,
        )
    if min(config.merit.per_member, config.merit.per_epoch) < POINTS * 1000:
        yield ProblemError(
            "demo.merit-cap-too-low",
            N_("merit: the demo gives {points} points to one member"),
            points=POINTS,
        )
    if config.token.cap_per_epoch.raw < TOKENS * _POINT:
        yield ProblemError(
            "demo.token-cap-too-low",
            N_("token.cap_per_epoch: the demo mints {tokens} tokens"),
            tokens=TOKENS,
        )
