"""Acts judged by the rules of `relay`, sent by the sponsor, and followed until they have ended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from mikoshi.ballots.line import lines_in
from mikoshi.ballots.messages import BALLOTS
from mikoshi.ballots.signed import Signed
from mikoshi.chain.accounts import Signer
from mikoshi.chain.refusals import OvertakenError
from mikoshi.chain.rpc import RpcError
from mikoshi.serve.kept import TRIES, Act, BudgetSpentError, Kept, QueueFullError, Sending
from mikoshi.serve.refusal import kept
from mikoshi.serve.sponsor import GWEI, OnItsWay, Sponsor, SponsorEmptyError, TooDearError
from mikoshi.serve.store import Store
from mikoshi.text import clock
from mikoshi.text.errors import MikoshiError, ProblemError
from mikoshi.text.json import Json
from mikoshi.text.language import N_
from mikoshi.text.units import MINUTE
from mikoshi.voting.relay import Carrier, RelayTransaction
from mikoshi.voting.signed_file import Fate, SignedFile
from mikoshi.voting.validation import Validator

if TYPE_CHECKING:
    from mikoshi.context.context import Context
    from mikoshi.serve.following import Follower

Verdict = Act | MikoshiError | list[ProblemError]
"""What is kept of an act, or why nothing is."""

MOST, MOST_OF_ONE = 10_000, 16
"""Acts that may wait, in all and of one member."""

EARLY = 5 * MINUTE
"""How long before the last moment at which it can be counted an act is sent, in seconds."""

_AT_ONCE = 500
"""Acts that are claimed at once."""

_PAUSE = MINUTE
"""How long an act waits after something passing kept it from being sent, in seconds."""

_UNPAID = "ballot.unpaid"
_PASSING = ("ballot.not-sent", "ballot.on-its-way", "ballot.out-of-order", _UNPAID)
"""What may be over in a minute."""

_NEVER = 2**62


@dataclass(frozen=True)
class Terms:
    """What the sponsor pays for: gwei a day in all and for one `member`, at most.

    Gas costs `ceiling` wei at most. Ballots wait for others until there are `full` of them, and for
    `patience` seconds at most.
    """

    budget: int
    member: int
    ceiling: int
    full: int
    patience: int


class Relaying:
    """Takes acts for a DAO and has `account` send them; of one thread."""

    def __init__(self, follower: Follower, store: Store, account: Signer, terms: Terms) -> None:
        self.follower = follower
        self.store = store
        self.account = account
        self.terms = terms

    # Taking

    def judge(self, acts: Mapping[str, tuple[str, Signed]]) -> dict[str, Verdict]:
        """Keep what is ready to be sent; of each act, by its id, what is kept, or what is wrong.

        An act is its line and what it says. What was done before is said to be counted. Raises
        what the chain raises, and StoreLostError.
        """
        context = self.follower.now
        who = {name: _who(context, signed) for name, (_, signed) in acts.items()}
        known = [each for each in self.store.open_of([*set(who.values())]) if each.id not in acts]
        files = {each.id: _file(each) for each in known}
        files |= {name: SignedFile(Path(name), signed) for name, (_, signed) in acts.items()}
        sponsor = self._sponsor()
        relay = Carrier(context, sponsor).plan([*files.values()])
        gas = {
            each.name: transaction.gas // len(transaction.ready)
            for transaction in relay.transactions
            for each in transaction.ready
        }
        price, balance = self._price(sponsor), sponsor.rpc.balance(sponsor.address)
        found: dict[str, Verdict] = {}
        for name, (line, signed) in acts.items():
            act = self._act(context, Act(name, line, who[name], name, clock.now()), signed)
            wei = gas.get(name, 0) * price
            found[name] = self._judged(files, act, wei, affordable=wei <= balance)
        return found

    def _judged(
        self, files: Mapping[str, SignedFile], act: Act, wei: int, *, affordable: bool
    ) -> Verdict:
        file, gwei = files[act.id], -(-wei // GWEI)
        if file.fate is Fate.REFUSED:
            return file.problems
        if file.fate is Fate.DONE:  # on the chain, or by an act that waits already
            alike = (name for name, each in files.items() if each is not file and _same(each, file))
            twin = next(map(self.store.find, alike), None)
            return twin or replace(act, fate=Kept.COUNTED)
        for who, limit in ((act.who, self.terms.member), ("", self.terms.budget)):
            if self.store.spent(act.received, who) + gwei > limit:
                return BudgetSpentError(member=bool(who))
        if not affordable:
            return SponsorEmptyError()
        try:
            return self.store.put(act, MOST, MOST_OF_ONE)
        except QueueFullError as error:
            return error

    def _act(self, context: Context, act: Act, signed: Signed) -> Act:
        """When it is sent, and together with what."""
        values = signed.message.values
        proposed = context.rebuilt.by_id.get(values.get("proposalId", 0))
        ends = [values.get("deadline", _NEVER), proposed.deadline if proposed else _NEVER]
        last = min(*ends, _NEVER) - EARLY
        if signed.message.kind not in BALLOTS:
            return replace(act, due=act.received, last=last)
        batch, due = str(values["proposalId"]), act.received + self.terms.patience
        return replace(act, batch=batch, due=due, last=last)

    # Sending

    def round(self) -> None:
        """Look what came of transactions, and send what is due.

        Raises what the chain raises, StoreLostError, and why the sponsor does not pay.
        """
        own = self._sponsor().key
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
            sponsor = self._sponsor(self.store.in_flight(key))
            price = sponsor.fees().max_fee
            carrier, files = Carrier(context, sponsor), [_file(each) for each in claimed]
            for transaction in carrier.plan(files).transactions:
                self._drop_the_spent(transaction, acts, price)
                if transaction.ready:
                    self._carry(carrier, sponsor, transaction, acts)
            self._end(files)
        finally:
            self.store.release([*acts], clock.now(), _PAUSE)  # what was sent or ended stays so

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

    def _drop_the_spent(
        self, transaction: RelayTransaction, acts: Mapping[str, Act], price: int
    ) -> None:
        """Leave out whose part of the budget is spent: their acts wait for tomorrow."""
        share, now = -(-transaction.gas * price // GWEI // len(transaction.ready)), clock.now()
        for each in transaction.ready:
            if self.store.spent(now, acts[each.name].who) + share > self.terms.member:
                each.refuse(ProblemError(_UNPAID, "{reason}", reason=""))

    def _end(self, files: Iterable[SignedFile]) -> None:
        """Keep what became of acts that were not sent; what may pass is left to be tried again."""
        for each in files:
            if each.fate is Fate.DONE:
                self.store.end(each.name, Kept.COUNTED, clock.now())
            elif each.fate is Fate.REFUSED and each.problems[0].kind not in _PASSING:
                self.store.end(each.name, Kept.REFUSED, clock.now(), kept(each.problems))

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
                    self._sponsor().offer(sending)
                except (RpcError, OvertakenError):
                    self.store.gone(sending.hash, clock.now())

    def _mined(self, sending: Sending, receipt: dict[str, Json]) -> None:
        context, block = self.follower.now, int(receipt["blockNumber"], 16)
        needed = context.session.rpc.settings.confirmations
        if sending.dao != self.store.dao or context.index.block < block + needed:
            return  # its own server will say, or a later round
        acts = {each.id: each for each in self.store.acts_of(sending.hash)}
        files = [_file(each) for each in acts.values()]
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

    def _sponsor(self, before: Iterable[Sending] = ()) -> Sponsor:
        """The account, anew: it has sent these and nothing else."""
        session, store = self.follower.now.session, self.store
        return Sponsor(
            session.rpc,
            self.account,
            session.chain_id,
            self.terms.ceiling,
            [each.nonce for each in before],
            lambda digest: store.gone(digest, clock.now()),
        )

    def _price(self, sponsor: Sponsor) -> int:
        """Wei that a unit of gas may cost now."""
        try:
            return sponsor.fees().max_fee
        except TooDearError:
            return self.terms.ceiling


def _file(act: Act) -> SignedFile:
    """A kept act as `relay` reads it."""
    for _, signed in lines_in(act.line):
        if isinstance(signed, Signed):
            return SignedFile(Path(act.id), signed)
    lost = ProblemError("serve.line-lost", N_("its line is no longer understood"))
    return SignedFile(Path(act.id), None, Fate.REFUSED, problems=[lost])


def _same(one: SignedFile, other: SignedFile) -> bool:
    return one.signed is not None and one.content.message == other.content.message


def _in_batches(file: SignedFile) -> bool:
    return file.signed is not None and file.content.message.kind in BALLOTS


def _who(context: Context, signed: Signed) -> str:
    """Whose part of the budget pays: a member's, or that of a wallet that is none yet."""
    person = context.rebuilt.membership.member_at(signed.signer)
    return f"#{person.id}" if person else signed.signer
