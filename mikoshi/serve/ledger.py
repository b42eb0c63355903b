"""The half of a store that is about money and transactions: what was sent, and what it cost."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any, ClassVar

from mikoshi.serve.kept import PAUSE, Act, BudgetSpentError, Kept, Sending
from mikoshi.text.units import DAY

Row = tuple[Any, ...]
Execute = Callable[[str, Sequence[Any]], list[Row]]
"""Runs a statement with its values, `?` for each; its rows."""

ACT = "id, line, who, batch, received, due, last, fate, tries, hash, refusal"


class Ledger(ABC):
    """The transactions of one DAO, `dao`, among those of others.

    May be used by several threads. Everything raises StoreLostError.
    """

    alone: ClassVar[str] = ""
    """Lets no other transaction about a DAO's budget run beside this one, where any could."""

    def __init__(self, dao: str) -> None:
        self.dao = dao

    @abstractmethod
    def close(self) -> None:
        """Close the connection."""

    @abstractmethod
    def transaction(self) -> AbstractContextManager[Execute]:
        """All or nothing."""

    @abstractmethod
    def sponsor(self, key: str) -> AbstractContextManager[bool]:
        """The one lock of a sponsor, for as long as inside: False where another server has it."""

    def under_lock(self) -> AbstractContextManager[Execute]:
        """A transaction that fails where the sponsor's lock was lost."""
        return self.transaction()

    def sponsors(self) -> set[str]:
        """Those who have claimed or sent something that has not ended."""
        with self.transaction() as run:
            claimed = run(
                "SELECT DISTINCT sponsor FROM acts WHERE dao = ? AND fate = 'claimed'",
                (self.dao,),
            )
            sent = run(
                "SELECT DISTINCT sponsor FROM sendings WHERE dao = ? AND open = 1", (self.dao,)
            )
        return {each for (each,) in (*claimed, *sent)}

    def spent(self, now: int, who: str = "") -> int:
        """Gwei spent or set aside today, on one member or in all."""
        with self.transaction() as run:
            return self._spent(run, now, who)

    def _spent(self, run: Execute, now: int, who: str) -> int:
        query = "SELECT coalesce(sum(gwei), 0) FROM spent WHERE dao = ? AND day = ?"
        values = (self.dao, now // DAY)
        return int(
            run(f"{query} AND who = ?" if who else query, (*values, who) if who else values)[0][0]
        )

    def sent(self, sending: Sending, acts: Sequence[Act], gwei: int, budget: int, now: int) -> None:
        """Write a transaction down before it is sent, with what it may cost.

        Raises BudgetSpentError, and then nothing is written.
        """
        share = -(-gwei // len(acts))
        shares: dict[str, int] = {}
        for act in acts:
            shares[act.who] = shares.get(act.who, 0) + share
        with self.under_lock() as run:
            if self.alone:
                run(self.alone, (self.dao,))
            if self._spent(run, now, "") + gwei > budget:
                raise BudgetSpentError(member=False)
            for who, part in shares.items():
                values = (sending.hash, who, self.dao, now // DAY, part)
                run("INSERT INTO spent (hash, who, dao, day, gwei) VALUES (?, ?, ?, ?, ?)", values)
            run(
                "INSERT INTO sendings (hash, dao, sponsor, nonce, raw, sent, open)"
                " VALUES (?, ?, ?, ?, ?, ?, 1)",
                (sending.hash, self.dao, sending.sponsor, sending.nonce, sending.raw, now),
            )
            for act in acts:
                run(
                    "UPDATE acts SET fate = 'sent', hash = ?, changed = ? WHERE dao = ? AND id = ?",
                    (sending.hash, now, self.dao, act.id),
                )

    def in_flight(self, sponsor: str) -> list[Sending]:
        """What a sponsor has sent, for any DAO, of which it is not known yet what came of it."""
        with self.transaction() as run:
            query = "SELECT hash, sponsor, nonce, raw, dao FROM sendings"
            found = run(f"{query} WHERE sponsor = ? AND open = 1 ORDER BY nonce", (sponsor,))
        return [Sending(*row) for row in found]

    def acts_of(self, sending: str) -> list[Act]:
        """The acts that a transaction carries and that have not ended."""
        with self.transaction() as run:
            query = f"SELECT {ACT} FROM acts WHERE dao = ? AND hash = ? AND fate = 'sent'"
            return [*map(act_of, run(f"{query} ORDER BY received, id", (self.dao, sending)))]

    def gone(self, sending: str, now: int) -> None:
        """A transaction that no chain will ever have: its acts wait again; it cost nothing."""
        with self.transaction() as run:
            run("DELETE FROM sendings WHERE hash = ?", (sending,))
            run("DELETE FROM spent WHERE hash = ?", (sending,))
            run(
                "UPDATE acts SET fate = 'waiting', hash = '', sponsor = '', due = ?, changed = ?"
                " WHERE hash = ? AND fate = 'sent'",
                (now + PAUSE, now, sending),
            )

    def mined(self, sending: str, gwei: int, again: Sequence[Act], now: int) -> None:
        """A transaction that was mined and cost so much; what it did not count waits `again`."""
        with self.transaction() as run:
            people = run("SELECT count(*) FROM spent WHERE hash = ?", (sending,))[0][0] or 1
            run("UPDATE spent SET gwei = ? WHERE hash = ?", (-(-gwei // people), sending))
            run("UPDATE sendings SET open = 0 WHERE hash = ?", (sending,))
            for act in again:
                run(
                    "UPDATE acts SET fate = 'waiting', sponsor = '', tries = tries + 1,"
                    " changed = ? WHERE dao = ? AND id = ? AND fate = 'sent'",
                    (now, self.dao, act.id),
                )


def act_of(row: Row) -> Act:
    """An act as the table has it."""
    act, line, who, batch, received, due, last, fate, tries, hash_, refusal = row
    return Act(act, line, who, batch, received, due, last, Kept(fate), tries, hash_, refusal)
