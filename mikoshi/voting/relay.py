"""Signed acts sent for their signers: ballots in batches, every other act alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mikoshi.ballots import BallotResult, Batch, Outcome, cast, make_batches, preview
from mikoshi.ballots.messages import BALLOTS
from mikoshi.ballots.refusals import refusal
from mikoshi.contract import Contract, ContractRevertedError, Receipt
from mikoshi.reverts import in_words
from mikoshi.voting.envelope import Envelope, Fate
from mikoshi.voting.judge import Judge, repeats

if TYPE_CHECKING:
    from mikoshi.proposals.desk import Desk
    from mikoshi.sender import Sender

_UNTRIED_GAS = 300_000
"""Gas set aside for an act that can be tried only after another one of its signer."""


@dataclass
class Load:
    """One transaction: ballots on one proposal, or a single act. `gas` is estimated, then used."""

    envelopes: list[Envelope]
    gas: int = 0
    transaction: str = ""
    block: int = 0

    @property
    def ready(self) -> list[Envelope]:
        """What is to be sent with it."""
        return [each for each in self.envelopes if each.fate is Fate.READY]

    @property
    def many(self) -> bool:
        """Whether it holds ballots that are counted together."""
        return self.envelopes[0].content.message.kind in BALLOTS

    @property
    def act(self) -> Envelope:
        """The single act."""
        return self.envelopes[0]

    def call(self) -> tuple[Any, ...]:
        """Function and arguments that send what is ready."""
        if self.many:
            return "castVotesBySig", *self.batch().args()
        name, args = self.act.content.call()
        return name, *args

    def batch(self) -> Batch:
        """The ballots that are ready, as they are counted together."""
        ballots = [each.content for each in self.ready]
        return Batch(
            ballots[0].message["proposalId"],
            tuple(each for each in ballots if each.by_wallet),
            tuple(each for each in ballots if not each.by_wallet),
        )


@dataclass
class Relay:
    """All files of a run, and the transactions that send what is ready."""

    envelopes: list[Envelope]
    loads: list[Load] = field(default_factory=list)

    @property
    def gas(self) -> int:
        """Gas of all transactions, estimated."""
        return sum(load.gas for load in self.loads)

    def of(self, fate: Fate) -> list[Envelope]:
        """The files with this fate."""
        return [each for each in self.envelopes if each.fate is fate]


class Carrier:
    """Tries and sends loads by `sender`. What the chain would not take is refused in words."""

    def __init__(self, desk: Desk, sender: Sender) -> None:
        self.sender = sender
        self._dao = desk.manifest.dao(sender)
        self._now = desk.now
        self._judge = Judge(desk)

    def plan(self, envelopes: list[Envelope]) -> Relay:
        """Judge and try everything; nothing is sent. Raises RpcError and UnreachableError."""
        self._judge.judge(envelopes)
        relay = Relay(envelopes, list(_loads(envelopes)))
        acted: set[str] = set()
        for load in relay.loads:
            signer = "" if load.many else load.act.content.signer
            if signer in acted:
                load.gas = _UNTRIED_GAS
                continue
            self._attempt(load)
            acted |= {signer} - {""}
        relay.loads = [load for load in relay.loads if load.ready]
        return relay

    def send(self, load: Load) -> list[Envelope]:
        """Send what the chain still takes of a load; what it does not take any more.

        Raises BadInputError, ChainError, RpcError and UnreachableError.
        """
        wanted = load.ready
        try:
            receipt = self._send_batch(load) if load.many else self._send_act(load)
        except ContractRevertedError as error:
            self._refuse(load.ready, error)
            return wanted
        if receipt is not None:
            load.transaction, load.gas = str(receipt.raw["transactionHash"]), receipt.gas
            load.block = int(receipt.raw["blockNumber"], 16)
        taken = load.ready
        for envelope in taken:
            envelope.sent(load.transaction, load.gas // len(taken))
        return [each for each in wanted if each.fate is Fate.REFUSED]

    def _send_batch(self, load: Load) -> Receipt | None:
        self._drop_uncounted(load)
        if not load.ready:
            return None
        outcomes, receipt = cast(self._dao.governor, load.batch(), self.sender.address)
        self._refuse_uncounted(load, outcomes)
        return receipt

    def _send_act(self, load: Load) -> Receipt:
        name, args = load.act.content.call()
        return self._home(load.act).send(name, *args, sender=self.sender.address)

    def _attempt(self, load: Load) -> None:
        """Refuse what would not be taken, and estimate the gas of the rest."""
        try:
            if load.many:
                self._drop_uncounted(load)
            else:
                name, args = load.act.content.call()
                self._home(load.act).call(name, *args, sender=self.sender.address)
        except ContractRevertedError as error:
            self._refuse(load.ready, error)
        if load.ready:
            home, call = self._home(load.envelopes[0]), load.call()
            known = load.batch().gas if load.many else None
            load.gas = known or self.sender.estimate(home.address, home.data(*call))

    def _drop_uncounted(self, load: Load) -> None:
        outcomes = preview(self._dao.governor, load.batch(), self.sender.address)
        self._refuse_uncounted(load, outcomes)

    def _refuse_uncounted(self, load: Load, outcomes: Sequence[Outcome]) -> None:
        results = {id(each.ballot): each.result for each in outcomes}
        for envelope in load.ready:
            result = results[id(envelope.content)]
            if result is BallotResult.NO_VOICE:
                envelope.refuse(self._judge.no_voice(envelope.content) or result.words)
            elif result is not BallotResult.COUNTED:
                envelope.refuse(result.words)

    def _refuse(self, envelopes: Sequence[Envelope], error: ContractRevertedError) -> None:
        known = refusal(error, self._now)
        said = in_words(error.revert, self._now) or str(error.revert or f"0x{error.data.hex()}")
        for envelope in envelopes:
            no_voice = error.revert is not None and error.revert.name == "GovernorNoVoice"
            words = self._judge.no_voice(envelope.content) if no_voice else ""
            envelope.refuse(words or ("; ".join(known.reasons) if known else said))

    def _home(self, envelope: Envelope) -> Contract:
        governor = envelope.content.message.home == "governor"
        return self._dao.governor if governor else self._dao.membership


def _loads(envelopes: Sequence[Envelope]) -> Iterator[Load]:
    """What is ready: first ballots, for who leaves afterwards has none; then other acts."""
    ready = [each for each in envelopes if each.fate is Fate.READY]
    papers = {id(each.content): each for each in ready}
    many = [each.content for each in ready if each.content.message.kind in BALLOTS]
    batches, repeated = make_batches(many)
    kept = {(b.proposal_id, each.signer): each for b in batches for each in b.ballots}
    for outcome in repeated:
        ballot = outcome.ballot
        first = kept[ballot.message["proposalId"], ballot.signer]
        repeats(papers[id(ballot)], papers[id(first)])
    for batch in batches:
        yield Load([papers[id(ballot)] for ballot in batch.ballots])
    alone = [each for each in ready if each.content.message.kind not in BALLOTS]
    alone.sort(key=lambda each: (not each.votes, each.content.signer, each.number))
    for envelope in alone:
        yield Load([envelope])
