"""What the relay has been given and has sent, kept so that a crash loses and repeats nothing.

An act waits, is claimed by the sponsor who is about to send it, is sent, and ends as counted or
refused. A transaction is written down, signed, before any node has it: whoever finds it there
sends the very same bytes again. What it may cost is taken off the day's budget in the same moment.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from mikoshi.serve.kept import KEPT, TRIES, Act, Kept, QueueFullError
from mikoshi.serve.ledger import ACT, Execute, Ledger, Row, act_of
from mikoshi.text.units import DAY

TABLES = (
    """CREATE TABLE IF NOT EXISTS acts (
        dao TEXT NOT NULL, id TEXT NOT NULL, line TEXT NOT NULL, who TEXT NOT NULL,
        batch TEXT NOT NULL, fate TEXT NOT NULL, received BIGINT NOT NULL, due BIGINT NOT NULL,
        last BIGINT NOT NULL, tries BIGINT NOT NULL DEFAULT 0, changed BIGINT NOT NULL,
        sponsor TEXT NOT NULL DEFAULT '', hash TEXT NOT NULL DEFAULT '',
        refusal TEXT NOT NULL DEFAULT '', PRIMARY KEY (dao, id))""",
    "CREATE INDEX IF NOT EXISTS acts_by_fate ON acts (dao, fate, batch)",
    "CREATE INDEX IF NOT EXISTS acts_by_hash ON acts (hash)",
    """CREATE TABLE IF NOT EXISTS sendings (
        hash TEXT PRIMARY KEY, dao TEXT NOT NULL, sponsor TEXT NOT NULL, nonce BIGINT NOT NULL,
        raw TEXT NOT NULL, sent BIGINT NOT NULL, open INTEGER NOT NULL)""",
    "CREATE INDEX IF NOT EXISTS sendings_open ON sendings (sponsor, open)",
    """CREATE TABLE IF NOT EXISTS spent (
        hash TEXT NOT NULL, who TEXT NOT NULL, dao TEXT NOT NULL, day BIGINT NOT NULL,
        gwei BIGINT NOT NULL, PRIMARY KEY (hash, who))""",
    "CREATE INDEX IF NOT EXISTS spent_by_day ON spent (dao, day, who)",
)


_OPEN = "fate IN ('waiting', 'claimed', 'sent')"


class ActStore(Ledger):
    """The acts of one DAO."""

    skipping: ClassVar[str] = ""
    """What passes over rows that another server has in hand."""

    def find(self, act: str) -> Act | None:
        """The act of this id."""
        with self.transaction() as run:
            return next(iter(self._found(run, act)), None)

    def _found(self, run: Execute, act: str) -> list[Act]:
        query = f"SELECT {ACT} FROM acts WHERE dao = ? AND id = ?"
        return [*map(act_of, run(query, (self.dao, act)))]

    def put(self, acts: Sequence[Act], most: int, most_of_one: int) -> list[Act | QueueFullError]:
        """Keep acts that are to be sent, each once; of each what is kept, or that it is too much.

        One that was refused waits again, with the tries that it has had.
        """
        with self.transaction() as run:
            return [self._put(run, each, most, most_of_one) for each in acts]

    def _put(self, run: Execute, act: Act, most: int, most_of_one: int) -> Act | QueueFullError:
        for whose, limit in (("", most), (act.who, most_of_one)):
            (waiting,) = self._counted(run, whose)
            if waiting >= limit:
                return QueueFullError(waiting)
        run(
            "INSERT INTO acts (dao, id, line, who, batch, fate, received, due, last, changed)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (dao, id) DO UPDATE SET"
            " fate = excluded.fate, due = excluded.due, last = excluded.last, refusal = '',"
            " changed = excluded.changed WHERE acts.fate = 'refused'"
            f" AND acts.tries < {TRIES}",
            (
                *(self.dao, act.id, act.line, act.who, act.batch, Kept.WAITING.value),
                *(act.received, act.due, act.last, act.received),
            ),
        )
        return act_of(
            run(f"SELECT {ACT} FROM acts WHERE dao = ? AND id = ?", (self.dao, act.id))[0]
        )

    def open_of(self, people: Sequence[str]) -> list[Act]:
        """What has not ended yet of these people, in the order in which it came."""
        if not people:
            return []
        places = ", ".join("?" * len(people))
        query = f"SELECT {ACT} FROM acts WHERE dao = ? AND {_OPEN} AND who IN ({places})"
        with self.transaction() as run:
            return [*map(act_of, run(f"{query} ORDER BY received, id", (self.dao, *people)))]

    def waiting(self) -> int:
        """How many acts have not ended yet."""
        with self.transaction() as run:
            return int(self._counted(run, "")[0])

    def _counted(self, run: Execute, who: str) -> Row:
        query = f"SELECT count(*) FROM acts WHERE dao = ? AND {_OPEN}"
        return run(
            f"{query} AND who = ?" if who else query, (self.dao, who) if who else (self.dao,)
        )[0]

    def claim(self, sponsor: str, now: int, chain_now: int, full: int, most: int) -> list[Act]:
        """Take what is to be sent now: batches with an act that is due or late, and `full` ones."""
        ready = (
            "SELECT batch FROM acts WHERE dao = ? AND fate = 'waiting' GROUP BY batch"
            " HAVING min(due) <= ? OR min(last) <= ? OR count(*) >= ?"
        )
        taken = (
            f"SELECT id FROM acts WHERE dao = ? AND fate = 'waiting' AND batch IN ({ready})"
            f" ORDER BY last, received, id LIMIT {most}{self.skipping}"
        )
        with self.transaction() as run:
            found = run(
                f"WITH taken AS MATERIALIZED ({taken}) UPDATE acts SET fate = 'claimed',"
                f" sponsor = ? WHERE dao = ? AND id IN (SELECT id FROM taken) RETURNING {ACT}",
                (self.dao, self.dao, now, chain_now, full, sponsor, self.dao),
            )
        return sorted(map(act_of, found), key=lambda each: (each.received, each.id))

    def release(self, acts: Sequence[str], now: int, pause: int = 0) -> None:
        """Let claimed acts wait again, `pause` seconds at least."""
        with self.transaction() as run:
            for act in acts:
                run(
                    "UPDATE acts SET fate = 'waiting', sponsor = '',"
                    " due = CASE WHEN due > ? THEN due ELSE ? END, changed = ?"
                    " WHERE dao = ? AND id = ? AND fate = 'claimed'",
                    (now + pause, now + pause, now, self.dao, act),
                )

    def recover(self, sponsor: str, now: int) -> None:
        """Let wait again what a server had claimed that is gone; only under the sponsor's lock."""
        with self.under_lock() as run:
            run(
                "UPDATE acts SET fate = 'waiting', sponsor = '', changed = ?"
                " WHERE dao = ? AND sponsor = ? AND fate = 'claimed'",
                (now, self.dao, sponsor),
            )

    def end(self, ends: Mapping[str, tuple[Kept, str]], now: int) -> None:
        """Say what became of acts, by their ids, and why where they were refused."""
        with self.transaction() as run:
            for act, (fate, refusal) in ends.items():
                run(
                    "UPDATE acts SET fate = ?, refusal = ?, changed = ?, sponsor = ''"
                    " WHERE dao = ? AND id = ? AND fate <> 'counted'",
                    (fate.value, refusal, now, self.dao, act),
                )

    def prune(self, now: int) -> None:
        """Forget what ended long ago."""
        with self.transaction() as run:
            run(
                f"DELETE FROM acts WHERE dao = ? AND changed < ? AND NOT {_OPEN}",
                (self.dao, now - KEPT),
            )
            run(
                "DELETE FROM sendings WHERE dao = ? AND open = 0 AND sent < ?",
                (self.dao, now - KEPT),
            )
            run("DELETE FROM spent WHERE dao = ? AND day < ?", (self.dao, (now - KEPT) // DAY))
