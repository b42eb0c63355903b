"""Signed acts sent for their signers: ballots in batches, every other act alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from eth_utils.address import to_checksum_address

from mikoshi.ballots.batch import BallotOutcome, BallotResult, Batch, cast, make_batches, preview
from mikoshi.ballots.messages import BALLOTS, REQUESTS
from mikoshi.chain.answers import RpcError, in_code
from mikoshi.chain.contract import Chain, Contract, ContractRevertedError, Receipt
from mikoshi.chain.refusals import OnItsWayError, OvertakenError
from mikoshi.chain.sender import Behind, Sender
from mikoshi.context.context import Context
from mikoshi.succession.gathering import Gathering
from mikoshi.text.errors import ProblemError
from mikoshi.text.language import N_, _, clauses
from mikoshi.voting.act_numbers import repeats
from mikoshi.voting.seat_files import requests_of
from mikoshi.voting.signed_file import Fate, SignedFile
from mikoshi.voting.validation import Validator
from mikoshi.words.refusals import refusal
from mikoshi.words.reverts import said_of

_UNTRIED_GAS = 300_000
"""Gas set aside for an act that can be tried only after another one of its signer."""


@dataclass
class RelayTransaction:
    """One transaction: ballots on one proposal, a single act, or the words of one `request`.

    `gas` is estimated, then used.
    """

    signed_files: list[SignedFile]
    gas: int = 0
    hash: str = ""
    block: int = 0
    request: Gathering | None = None
    json: ClassVar[str] = "transaction=hash block gas"

    @property
    def ready(self) -> list[SignedFile]:
        """What is to be sent with it."""
        return [each for each in self.signed_files if each.fate is Fate.READY]

    @property
    def many(self) -> bool:
        """Whether it holds ballots that are counted together."""
        return self.signed_files[0].content.message.kind in BALLOTS

    @property
    def act(self) -> SignedFile:
        """The single act, or the first ballot."""
        return self.signed_files[0]

    def call(self) -> tuple[Any, ...]:
        """Function and arguments that send what is ready."""
        if self.many:
            return "castVotesBySig", *self.batch().args()
        if self.request:
            return self.request.call()
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

    signed_files: list[SignedFile]
    transactions: list[RelayTransaction] = field(default_factory=list)

    @property
    def gas(self) -> int:
        """Gas of all transactions, estimated."""
        return sum(each.gas for each in self.transactions)

    def of(self, fate: Fate) -> list[SignedFile]:
        """The files with this fate."""
        return [each for each in self.signed_files if each.fate is fate]


class Carrier:
    """Tries and sends by `sender`; what the chain would not take is refused in words."""

    def __init__(self, context: Context, sender: Sender) -> None:
        self.sender = sender
        self._context = context
        self._senders: dict[str, str] = {}
        self._now = context.now
        self._validator = Validator(context)

    def plan(self, signed_files: list[SignedFile]) -> Relay:
        """Validate and try everything; nothing is sent. Raises UnreachableError."""
        self._validator.validate(signed_files)
        relay = Relay(signed_files, list(_transactions(signed_files)))
        for request, words in requests_of(self._context, signed_files):
            relay.transactions.append(RelayTransaction(words, request=request))
        acted: set[str] = set()
        for transaction in relay.transactions:
            apart = transaction.many or transaction.request
            signer = "" if apart else transaction.act.content.signer
            if signer in acted:
                transaction.gas = _UNTRIED_GAS
                continue
            self._attempt(transaction)
            acted |= {signer} - {""}
        relay.transactions = [each for each in relay.transactions if each.ready]
        return relay

    def send(self, transaction: RelayTransaction) -> list[SignedFile]:
        """Send what the chain still takes of a transaction; what it does not take any more.

        What somebody else has sent meanwhile is done, and said so. Raises BadInputError,
        ChainError, RpcError and UnreachableError.
        """
        wanted = transaction.ready
        self.sender.pin()
        try:
            receipt = (
                self._send_batch(transaction) if transaction.many else self._send_act(transaction)
            )
        except (ContractRevertedError, OnItsWayError, OvertakenError, RpcError) as error:
            self._look_again(transaction.ready)
            self._refuse(transaction.ready, error)  # and the others go on
            return wanted
        if receipt is not None:
            transaction.hash, transaction.block = receipt.transaction, receipt.block
            transaction.gas = receipt.gas
        taken = transaction.ready
        for signed_file in taken:
            signed_file.sent(transaction.hash, transaction.gas // len(taken))
        return [each for each in wanted if each.fate is not Fate.SENT]

    def _send_batch(self, transaction: RelayTransaction) -> Receipt | None:
        self._drop_uncounted(transaction, Behind(self.sender))
        if not transaction.ready:
            return None
        outcomes, receipt = cast(
            self._home(transaction.act), transaction.batch(), self.sender.address
        )
        self._refuse_uncounted(transaction, outcomes)
        return receipt

    def _send_act(self, transaction: RelayTransaction) -> Receipt:
        return self._home(transaction.act).send(*transaction.call(), sender=self.sender.address)

    def _attempt(self, transaction: RelayTransaction) -> None:
        """Refuse what would not be taken, and estimate the gas of the rest."""
        home = self._home(transaction.signed_files[0])
        try:
            if transaction.many:
                self._drop_uncounted(transaction)
            else:
                home.call(*transaction.call(), sender=self.sender.address)
            if transaction.ready:
                known = transaction.batch().gas if transaction.many else None
                data = home.data(*transaction.call())
                transaction.gas = known or self.sender.estimate(home.address, data)
        except (ContractRevertedError, RpcError) as error:
            self._refuse(transaction.ready, error)

    def _drop_uncounted(self, transaction: RelayTransaction, chain: Chain | None = None) -> None:
        home = self._home(transaction.act)
        home = Contract(chain or self.sender, home.address, home.interface)
        outcomes = preview(home, transaction.batch(), self.sender.address)
        self._refuse_uncounted(transaction, outcomes)

    def _refuse_uncounted(
        self, transaction: RelayTransaction, outcomes: Sequence[BallotOutcome]
    ) -> None:
        results = {id(each.ballot): each.result for each in outcomes}
        cast = BallotResult.ALREADY_CAST
        late = [each for each in transaction.ready if results[id(each.content)] is cast]
        if late:
            self._look_again(late)
        for signed_file in transaction.ready:
            result = results[id(signed_file.content)]
            if result is cast:
                signed_file.refuse(
                    ProblemError(
                        "ballot.on-its-way",
                        N_("a transaction that waits to be mined casts it; look again in a minute"),
                    )
                )
            elif result is BallotResult.NO_VOICE:
                signed_file.refuse(
                    self._validator.no_voice(signed_file.content) or _not_counted(result)
                )
            elif result is not BallotResult.COUNTED:
                signed_file.refuse(_not_counted(result))

    def _look_again(self, signed_files: list[SignedFile]) -> None:
        """Say of files what a new run would: that others have sent them, or why they are late."""
        self._context = self._context.anew()
        self._validator = Validator(self._context)
        self._validator.validate(signed_files)
        logs = self._context.rebuilt.logs.named("VoteCast", "VoteCastWithParams")
        cast = {(log.event.args["voter"], log.event.args["proposalId"]): log for log in logs}
        for each in signed_files:
            key = each.content.signer, each.content.message.values.get("proposalId")
            if each.fate is Fate.DONE and each.votes and key in cast:
                who = self._sender_of(cast[key].transaction)
                each.note = _("{done}, sent by {who}", done=each.note, who=who)

    def _sender_of(self, transaction: str) -> str:
        if transaction not in self._senders:
            sent = self._context.session.rpc.call("eth_getTransactionByHash", transaction)
            who = self._context.book.show(to_checksum_address(sent["from"])) if sent else ""
            self._senders[transaction] = who or transaction
        return self._senders[transaction]

    def _refuse(
        self,
        signed_files: Sequence[SignedFile],
        error: ContractRevertedError | OnItsWayError | OvertakenError | RpcError,
    ) -> None:
        if isinstance(error, RpcError) and in_code(error):
            home = self._validator.home(signed_files[0].content)
            revert = home.interface.decode_revert(error.data)
            error = ContractRevertedError(error.method, revert, error.data)
        if not isinstance(error, ContractRevertedError):
            said = error.message if isinstance(error, RpcError) else clauses(error.lines[:2])
            problem = ProblemError("ballot.not-sent", N_("it was not sent: {reason}"), reason=said)
            for signed_file in signed_files:
                signed_file.refuse(problem)
            return
        known, name = refusal(error, self._now), error.revert.name if error.revert else None
        said = said_of(error.revert, error.data, self._now)
        reason = clauses(known.reasons) if known else said
        problem = ProblemError("ballot.reverted", "{reason}", reason=reason, revert=name)
        for signed_file in signed_files:
            no_voice = name == "GovernorNoVoice" and self._validator.no_voice(signed_file.content)
            signed_file.refuse(no_voice or problem)

    def _home(self, signed_file: SignedFile) -> Contract:
        home = self._validator.home(signed_file.content)
        return Contract(self.sender, home.address, home.interface)


def _not_counted(result: BallotResult) -> ProblemError:
    """The refusal of a ballot of a batch that the Governor would not count."""
    return ProblemError(
        "ballot.not-counted", "{words}", words=result.words, result=result.name.lower()
    )


def _transactions(signed_files: Sequence[SignedFile]) -> Iterator[RelayTransaction]:
    """What is ready: first ballots, for who leaves afterwards has none; then other acts."""
    ready = [each for each in signed_files if each.fate is Fate.READY]
    file_of = {id(each.content): each for each in ready}
    many = [each.content for each in ready if each.content.message.kind in BALLOTS]
    batches, repeated = make_batches(many)
    kept = {(b.proposal_id, each.signer): each for b in batches for each in b.ballots}
    for outcome in repeated:
        ballot = outcome.ballot
        first = kept[ballot.message["proposalId"], ballot.signer]
        repeats(file_of[id(ballot)], file_of[id(first)])
    for batch in batches:
        yield RelayTransaction([file_of[id(ballot)] for ballot in batch.ballots])
    together = (*BALLOTS, *REQUESTS)
    alone = [each for each in ready if each.content.message.kind not in together]
    alone.sort(key=lambda each: (not each.votes, each.content.signer, each.number))
    for signed_file in alone:
        yield RelayTransaction([signed_file])
