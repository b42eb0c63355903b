"""Many signed ballots on one proposal, in as few transactions as they fit into."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from mikoshi.ballots.signed import Signed
from mikoshi.chain.contract import Contract, Receipt
from mikoshi.text.language import N_, _, listed, ngettext

WALLET_GAS = 45_000
"""Gas that a wallet's ballot may use: more than the worst that was measured."""

ACCOUNT_GAS = 160_000
"""The same for a contract account, whose check alone may use 100,000."""

_CALL_GAS = 200_000  # what a transaction with a single ballot uses besides

BATCH_GAS = 12_000_000
"""Gas of a full batch, well below the 16,777,216 that a transaction may have (EIP-7825)."""


class BallotResult(IntEnum):
    """What became of a ballot of a batch, as `IBallotBox.BallotResult`."""

    COUNTED = 0
    EXPIRED = 1
    INVALID_SUPPORT = 2
    INVALID_SIGNATURE = 3
    ALREADY_CAST = 4
    NO_VOICE = 5

    @property
    def words(self) -> str:
        """The result in words."""
        return _(_WORDS[self])


_WORDS = {
    BallotResult.COUNTED: N_("counted"),
    BallotResult.EXPIRED: N_("expired"),
    BallotResult.INVALID_SUPPORT: N_("not For, Against or Abstain"),
    BallotResult.INVALID_SIGNATURE: N_("signature not valid"),
    BallotResult.ALREADY_CAST: N_("already voted"),
    BallotResult.NO_VOICE: N_("no voice on this proposal"),
}


@dataclass(frozen=True)
class Batch:
    """Ballots on one proposal for one transaction: those of wallets, then contract accounts'."""

    proposal_id: int
    wallets: tuple[Signed, ...]
    accounts: tuple[Signed, ...] = ()

    @property
    def ballots(self) -> tuple[Signed, ...]:
        """All ballots, in the order of the results."""
        return self.wallets + self.accounts

    @property
    def gas(self) -> int | None:
        """Gas to send it with; None if the node can estimate it.

        An estimate is the least that a transaction succeeds with, and one whose contract accounts
        had too little gas to answer succeeds as well.
        """
        if not self.accounts:
            return None
        return _CALL_GAS + len(self.wallets) * WALLET_GAS + len(self.accounts) * ACCOUNT_GAS

    def args(self) -> tuple[int, list[Any], list[Any]]:
        """The arguments of `castVotesBySig`."""
        wallets, accounts = ([each.packed() for each in k] for k in (self.wallets, self.accounts))
        return self.proposal_id, wallets, accounts


@dataclass(frozen=True)
class BallotOutcome:
    """A ballot and what became of it."""

    ballot: Signed
    result: BallotResult

    @property
    def counted(self) -> bool:
        """Whether it counts."""
        return self.result is BallotResult.COUNTED


def make_batches(
    ballots: Iterable[Signed], gas: int = BATCH_GAS
) -> tuple[list[Batch], list[BallotOutcome]]:
    """Batches of at most `gas` for each proposal, and the ballots left out as repeated.

    A wallet's first ballot on a proposal is kept. What nobody can prove here to be a wallet's own,
    a contract account's among them, is always kept: a forged ballot must not crowd out a real one.
    They are put in the order of member ids, which is cheapest: 256 members share a receipt slot.
    """
    kept: list[Signed] = []
    repeated: list[BallotOutcome] = []
    seen: set[tuple[int, str]] = set()
    for ballot in ballots:
        key = (ballot.message["proposalId"], ballot.signer)
        if ballot.by_wallet and ballot.is_of_signer:
            if key in seen:
                repeated.append(BallotOutcome(ballot, BallotResult.ALREADY_CAST))
                continue
            seen.add(key)
        kept.append(ballot)
    batches: list[Batch] = []
    taken: list[Signed] = []
    used, proposal = 0, 0
    for ballot in sorted(kept, key=lambda each: (each.message["proposalId"], each.member)):
        number: int = ballot.message["proposalId"]
        cost = WALLET_GAS if ballot.by_wallet else ACCOUNT_GAS
        if taken and (used + cost > gas or number != proposal):
            batches.append(_batch(proposal, taken))
            taken, used = [], 0
        proposal = number
        taken.append(ballot)
        used += cost
    if taken:
        batches.append(_batch(proposal, taken))
    return batches, repeated


def _batch(proposal_id: int, ballots: Sequence[Signed]) -> Batch:
    wallets = tuple(each for each in ballots if each.by_wallet)
    return Batch(proposal_id, wallets, tuple(each for each in ballots if not each.by_wallet))


def preview(governor: Contract, batch: Batch, sender: str | None = None) -> list[BallotOutcome]:
    """What would become of a batch now; nothing is sent. Raises ContractRevertedError."""
    results: bytes = governor.call("castVotesBySig", *batch.args(), sender=sender)
    return _outcomes(batch, results)


def cast(governor: Contract, batch: Batch, sender: str) -> tuple[list[BallotOutcome], Receipt]:
    """Send a batch; what became of each ballot. Raises ContractRevertedError."""
    receipt = governor.send("castVotesBySig", *batch.args(), sender=sender, gas=batch.gas)
    results = bytearray(len(batch.ballots))
    for event in receipt.events:
        if event.name == "BallotRejected" and event.address == governor.address:
            results[event.args["index"]] = event.args["result"]
    return _outcomes(batch, results), receipt


def _outcomes(batch: Batch, results: bytes | bytearray) -> list[BallotOutcome]:
    pairs = zip(batch.ballots, results, strict=True)
    return [BallotOutcome(ballot, BallotResult(result)) for ballot, result in pairs]


def summary(outcomes: Sequence[BallotOutcome]) -> str:
    """`42 ballots: 40 counted, 1 already voted, 1 expired`."""
    counts = Counter(each.result for each in outcomes)
    results = listed(
        _("{count} {result}", count=counts[each], result=each.words)
        for each in BallotResult
        if counts[each]
    )
    count = len(outcomes)
    return ngettext(
        "{count} ballot: {results}",
        "{count} ballots: {results}",
        count,
        count=count,
        results=results,
    )
