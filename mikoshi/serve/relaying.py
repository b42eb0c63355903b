"""Acts that were kept: sent by the sponsor, and followed until they have ended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress

from mikoshi.ballots.messages import BALLOTS
from mikoshi.chain.refusals import OvertakenError
from mikoshi.chain.rpc import RpcError
from mikoshi.serve.judging import Judging, file_of, same
from mikoshi.serve.kept import PAUSE, TRIES, Act, Kept, Sending
from mikoshi.serve.refusal import kept
from mikoshi.serve.sponsor import GWEI, OnItsWay, Sponsor
from mikoshi.text import clock
from mikoshi.text.errors import ProblemError
from mikoshi.text.json import Json
from mikoshi.text.language import N_
from mikoshi.voting.relay import Carrier, RelayTransaction
from mikoshi.voting.signed_file import Fate, SignedFile
from mikoshi.voting.validation import Validator

_AT_ONCE = 500
"""Acts that are claimed at once."""

_PASSING = ("ballot.not-sent", "ballot.on-its-way", "ballot.out-of-order")
"""What may be over in a minute."""


class Relaying:
    """Sends what was kept, and follows it until it has ended; of one thread."""

    def __init__(self, judging: Judging) -> None:
        self.judging = judging
        self.follower, self.store, self.terms = judging.follower, judging.store, judging.terms

    def round(self) -> None:
        """Look what came of transactions, and send what is due.

        Raises what the chain raises, StoreLostError, and why the sponsor does not pay.
        """
        if not self.store.waiting():
            return
        own = self.judging.sponsor().key
        for key in {own} | self.store.sponsors():
            with self.store.sponsor(key) as mine:
                if mine:
                    self.store.recover(key, clock.now())
                    self._settle(key)
                if mine and key == own:
                    self._send(key)

    def _send(self, key: str) -> None:
        context, now = self.follower.now, clock.now()
        claimed = self.store.claim(key, now, context.now, self.terms.full, _AT_ONCE)
        if not claimed:
            return
        acts = {each.id: each for each in claimed}
        try:
            sponsor = self.judging.sponsor(self.store.in_flight(key))
            price = sponsor.fees().max_fee
            carrier, files = Carrier(context, sponsor), [file_of(each) for each in claimed]
            for transaction in carrier.plan(files).transactions:
                transaction.signed_files = self._paid_for(transaction, acts, price)
                if transaction.signed_files:
                    self._carry(carrier, sponsor, transaction, acts)
            self._end(each for each in files if not _waits_for_another(each, files))
        finally:
            self.store.release([*acts], clock.now(), PAUSE)  # what was sent or ended stays so

    def _carry(
        self,
        carrier: Carrier,
        sponsor: Sponsor,
        transaction: RelayTransaction,
        acts: Mapping[str, Act],
    ) -> None:
        def note(sending: Sending, wei: int) -> None:
            carried = [acts[each.name] for each in transaction.ready]
            self.store.sent(sending, carried, -(-wei // GWEI), self.terms.budget, clock.now())

        sponsor.note = note
        with suppress(OnItsWay):
            carrier.send(transaction)

    def _paid_for(
        self, transaction: RelayTransaction, acts: Mapping[str, Act], price: int
    ) -> list[SignedFile]:
        """Without those whose part of the budget is spent: their acts wait for tomorrow."""
        files, now = transaction.ready, clock.now()
        share = -(-transaction.gas * price // GWEI // len(files))
        left = {
            each: self.terms.member - self.store.spent(now, each)
            for each in {acts[file.name].who for file in files}
        }
        paid = []
        for file in files:
            who = acts[file.name].who
            left[who] -= share
            if left[who] >= 0:
                paid.append(file)
        return paid

    def _end(self, files: Iterable[SignedFile]) -> None:
        """Keep what became of acts that were not sent; what may pass is left to be tried again."""
        ends = {
            each.name: (Kept.COUNTED, "")
            if each.fate is Fate.DONE
            else (Kept.REFUSED, kept(each.problems))
            for each in files
            if each.fate is Fate.DONE
            or (each.fate is Fate.REFUSED and each.problems[0].kind not in _PASSING)
        }
        if ends:
            self.store.end(ends, clock.now())

    # Following

    def _settle(self, key: str) -> None:
        """Look for what a sponsor has sent: mined, still known, forgotten, or impossible by now."""
        rpc, address = self.follower.now.session.rpc, key.partition(":")[2]
        for sending in self.store.in_flight(key):
            asked: list[tuple[str, tuple[Json, ...]]] = [
                ("eth_getTransactionCount", (address, "latest")),
                ("eth_getTransactionByHash", (sending.hash,)),
                ("eth_getTransactionReceipt", (sending.hash,)),
            ]
            answers: list[Json] = rpc.batch(asked)
            if any(isinstance(each, RpcError) for each in answers):
                continue  # asked again in the next round
            count, found, receipt = answers
            if receipt is not None:
                self._mined(sending, receipt)
            elif found is None and int(count, 16) > sending.nonce:
                self.store.gone(sending.hash, clock.now())
            elif found is None:
                try:
                    self.judging.sponsor().offer(sending)
                except (RpcError, OvertakenError):
                    self.store.gone(sending.hash, clock.now())

    def _mined(self, sending: Sending, receipt: dict[str, Json]) -> None:
        context, block = self.follower.now, int(receipt["blockNumber"], 16)
        needed = context.session.rpc.settings.confirmations
        if sending.dao != self.store.dao or context.index.block < block + needed:
            return  # its own server will say, or a later round
        acts = {each.id: each for each in self.store.acts_of(sending.hash)}
        files = [file_of(each) for each in acts.values()]
        if int(receipt["status"], 16) == 1 and not any(_in_batches(each) for each in files):
            for each in files:
                each.found_done("")
        Validator(context).validate(files)
        for each in files:
            if each.fate is Fate.READY and acts[each.name].tries + 1 >= TRIES:
                problem = ProblemError("serve.never-counted", N_("the chain never counted it"))
                each.refuse(problem)
        self._end(files)
        again = [acts[each.name] for each in files if each.fate is Fate.READY]
        wei = int(receipt["gasUsed"], 16) * int(receipt["effectiveGasPrice"], 16)
        self.store.mined(sending.hash, -(-wei // GWEI), again, clock.now())


def _waits_for_another(file: SignedFile, files: Iterable[SignedFile]) -> bool:
    """Whether it is said to be done by one that is only on its way."""
    return file.fate is Fate.DONE and any(
        same(each, file) for each in files if each.fate is Fate.READY
    )


def _in_batches(file: SignedFile) -> bool:
    return file.signed is not None and file.content.message.kind in BALLOTS
