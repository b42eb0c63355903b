"""A person of a DAO, as scripts see one."""

from __future__ import annotations

from dataclasses import dataclass

from mikoshi.replay.member import Standing
from mikoshi.text.people import show


@dataclass(frozen=True)
class DaoPerson:
    """A person: `number` in the DAO, `wallet`, and `name` (empty where no file gives one).

    `voice` is what they speak with at the latest block, for themselves and for those who delegated
    to them; 1 voice = 1e9.
    """

    number: int
    wallet: str
    name: str
    standing: Standing
    voice: int

    def __str__(self) -> str:
        return show(self.wallet, self.number, self.name)
