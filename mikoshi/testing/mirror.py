"""A DAO rebuilt from its events alone: what an indexer would show."""
# ruff: noqa: N802, N803 (handlers are named as the events)

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from typing import Any, Self

from mikoshi.chain.abi import Event
from mikoshi.testing.model.state import NO_HASH, ZERO, Standing


@dataclass(slots=True)
class Mirror:
    """People, tickets, delegates, voices, roles, proposals and tokens, as their events tell.

    `tickets` maps numbers to holders, `delegates` members' wallets to their delegates', `voices`
    delegates' wallets to their voice when it last changed. `transfers` is a queue of ERC-721 moves.
    """

    standings: dict[int, int] = field(default_factory=dict)
    wallets: dict[int, str] = field(default_factory=dict)
    tickets: dict[int, str] = field(default_factory=dict)
    delegates: dict[str, str] = field(default_factory=dict)
    voices: dict[str, int] = field(default_factory=dict)
    merits: dict[int, int] = field(default_factory=dict)
    tokens: dict[str, int] = field(default_factory=dict)
    minted: dict[int, int] = field(default_factory=dict)
    roles: set[tuple[bytes, str]] = field(default_factory=set)
    votes: dict[int, list[int]] = field(default_factory=dict)
    voters: set[tuple[int, str]] = field(default_factory=set)
    deadlines: dict[int, int] = field(default_factory=dict)
    finished: dict[int, str] = field(default_factory=dict)
    charter: bytes = NO_HASH

    @classmethod
    def after(cls, events: Iterable[Event]) -> Self:
        """The mirror of a DAO that has just been created."""
        mirror = cls()
        mirror.apply(events)
        return mirror

    def copy(self) -> Mirror:
        """An independent copy."""
        copied = Mirror()
        for each in fields(self):
            value = getattr(self, each.name)
            if isinstance(value, (dict, set)):
                value = value.copy()
            setattr(copied, each.name, value)
        copied.votes = {number: list(sums) for number, sums in self.votes.items()}
        return copied

    def apply(self, events: Iterable[Event]) -> None:
        """Follow the events of a transaction."""
        for event in events:
            handler = getattr(self, f"_on_{event.name}", None)
            if handler:
                handler(**event.args)

    def _on_MemberAdmitted(
        self,
        id: int,  # noqa: A002
        wallet: str,
        standing: int,
        charterHash: bytes,  # noqa: ARG002
    ) -> None:
        self.standings[id], self.wallets[id] = standing, wallet
        assert self.delegates.get(wallet, ZERO) == ZERO, f"{wallet} was admitted twice"
        self.delegates[wallet] = wallet

    def _on_StandingChanged(self, id: int, standing: int) -> None:  # noqa: A002
        self.standings[id] = standing
        if not Standing(standing).is_member:
            wallet = self.wallets[id]
            # One who spoke for themselves leaves without a DelegateChanged.
            assert self.delegates[wallet] in (ZERO, wallet), f"{wallet} left a delegation behind"
            self.delegates[wallet] = ZERO

    def _on_WalletMoved(self, id: int, **moved: str) -> None:  # noqa: A002
        source, to = moved["from"], moved["to"]
        self.wallets[id] = to
        self.delegates = {
            (to if who == source else who): (to if whom == source else whom)
            for who, whom in self.delegates.items()
        }

    def _on_DelegateChanged(
        self,
        delegator: str,
        fromDelegate: str,
        toDelegate: str,
    ) -> None:
        before = self.delegates.get(delegator, ZERO)
        assert before == fromDelegate, (
            f"DelegateChanged({delegator}) says from {fromDelegate}, it was {before}"
        )
        self.delegates[delegator] = toDelegate

    def _on_DelegateVotesChanged(self, delegate: str, newVotes: int, **_: Any) -> None:
        self.voices[delegate] = newVotes

    def _on_MeritCredited(self, id: int, points: int, **_: Any) -> None:  # noqa: A002
        self.merits[id] = self.merits.get(id, 0) + points

    def _on_CharterChanged(self, charterHash: bytes, **_: Any) -> None:
        self.charter = charterHash

    def _on_Transfer(self, **moved: Any) -> None:
        source, to = moved["from"], moved["to"]
        if "tokenId" in moved:
            held = self.tickets.get(moved["tokenId"], ZERO)
            assert held == source, f"ticket {moved['tokenId']} moved from {source}, not {held}"
            self.tickets[moved["tokenId"]] = to
            return
        amount: int = moved["amount"]
        for account, change in ((source, -amount), (to, amount)):
            if account != ZERO:
                self.tokens[account] = self.tokens.get(account, 0) + change

    def _on_Minted(self, kind: int, amount: int) -> None:
        self.minted[kind] = self.minted.get(kind, 0) + amount

    def _on_RoleGranted(self, role: bytes, account: str, **_: Any) -> None:
        self.roles.add((role, account))

    def _on_RoleRevoked(self, role: bytes, account: str, **_: Any) -> None:
        self.roles.discard((role, account))

    def _on_ProposalCreated(self, proposalId: int, voteEnd: int, **_: Any) -> None:
        assert proposalId not in self.deadlines, f"proposal {proposalId} was created twice"
        self.deadlines[proposalId] = voteEnd
        self.votes[proposalId] = [0, 0, 0]

    def _on_ProposalExtended(self, proposalId: int, extendedDeadline: int) -> None:
        self.deadlines[proposalId] = extendedDeadline

    def _on_VoteCast(
        self, voter: str, proposalId: int, support: int, weight: int, **_: Any
    ) -> None:
        self.votes[proposalId][support] += weight
        self.voters.add((proposalId, voter))

    def _on_ProposalExecuted(self, proposalId: int) -> None:
        self._finish(proposalId, "executed")

    def _on_ProposalCanceled(self, proposalId: int) -> None:
        self._finish(proposalId, "canceled")

    def _finish(self, number: int, how: str) -> None:
        assert number not in self.finished, f"{number} was {self.finished[number]} and is {how}"
        self.finished[number] = how
