"""One member of a simulated community: how likely they take part, and why that changes."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from enum import StrEnum
from random import Random

from eth_account.signers.local import LocalAccount

from mikoshi.play.regimes.regime import COMPANY, FADE
from mikoshi.testing.community import person

_KINDS = (1, 2, 3)
_OWN_ETHER = 0.6
_FIRST_DRIVE = (0.5, 0.95)
_SETTLED_DRIVE = (0.6, 0.95)
_SILENT, _UNSURE = 0.03, 0.3
_SEEN_WHEN_SILENT = 1 / 3

_key = functools.cache(person)


class Presence(StrEnum):
    """Where an agent stands."""

    HERE = "here"
    DORMANT = "dormant"
    NEWCOMER = "newcomer"
    LEFT = "left"


@dataclass(eq=False)
class Agent:
    """A person with a key; `id` is the member id.

    `drive` is the chance to take part in a round. Who has a `place` keeps it; who has none loses
    the share `fade` of it in each round. A new place restores it to `settled`. Everything hangs on
    the `devoted` one, who keeps the place until `tired`, and then finds none any more. Who `pays`
    owns ether and sends transactions; the others sign, and somebody relays. `kind` is the kind of
    their contributions.
    """

    id: int
    key: LocalAccount
    place: bool
    pays: bool
    kind: int
    drive: float
    settled: float
    fade: float
    presence: Presence = Presence.HERE
    delegates: bool = False
    devoted: bool = False
    tired: bool = False

    @classmethod
    def draw(cls, chance: Random, number: int, place: bool) -> Agent:
        """Somebody new, who will be member `number`."""
        return cls(
            id=number,
            key=_key(number),
            place=place,
            pays=chance.random() < _OWN_ETHER,
            kind=chance.choice(_KINDS),
            drive=chance.uniform(*_FIRST_DRIVE),
            settled=chance.uniform(*_SETTLED_DRIVE),
            fade=chance.uniform(*FADE),
        )

    @property
    def wallet(self) -> str:
        """Their address."""
        return str(self.key.address)

    @property
    def here(self) -> bool:
        """Whether they could take part."""
        return self.presence is Presence.HERE

    @property
    def silent(self) -> bool:
        """Whether they hardly ever take part any more."""
        return self.drive < _SILENT

    @property
    def unsure(self) -> bool:
        """Whether they think of resting, or of lending their voice."""
        return self.drive < _UNSURE

    def feel(self, chance: Random, company: int, welcome: float, loss: float) -> None:
        """What a round does to them, `company` others having taken part lately.

        `welcome` is the chance to find a place for who drifts and is seen, `loss` that to lose one.
        """
        luck = chance.random()
        if self.place:
            self.place = self.devoted or (company >= COMPANY and luck >= loss)
        elif luck < welcome * (_SEEN_WHEN_SILENT if self.silent else 1) and not self.tired:
            self.place, self.drive = True, self.settled
        if not self.place:
            self.drive *= 1 - self.fade

    def tire(self) -> None:
        """Burn out."""
        self.tired, self.devoted, self.place = True, False, False
