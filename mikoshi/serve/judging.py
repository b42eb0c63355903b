"""Acts that somebody gives, judged by the rules of `relay` before they are kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from mikoshi.ballots.line import lines_in
from mikoshi.ballots.messages import BALLOTS
from mikoshi.ballots.signed import Signed
from mikoshi.chain.accounts import Signer
from mikoshi.serve.kept import Act, BudgetSpentError, Kept, Sending
from mikoshi.serve.sponsor import GWEI, Sponsor, SponsorEmptyError, TooDearError
from mikoshi.serve.store import ActStore
from mikoshi.text import clock
from mikoshi.text.errors import MikoshiError, ProblemError
from mikoshi.text.language import N_
from mikoshi.text.units import MINUTE
from mikoshi.voting.relay import Carrier
from mikoshi.voting.signed_file import Fate, SignedFile

if TYPE_CHECKING:
    from mikoshi.context.context import Context
    from mikoshi.serve.following import Follower

Verdict = Act | MikoshiError | list[ProblemError]
"""What is kept of an act, or why nothing is."""

MOST, MOST_OF_ONE = 10_000, 16
"""Acts that may wait, in all and of one member."""

EARLY = 5 * MINUTE
"""How long before the last moment at which it can be counted an act is sent, in seconds."""

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


class Judging:
    """Takes acts for a DAO that `account` pays for; of one thread."""

    def __init__(self, follower: Follower, store: ActStore, account: Signer, terms: Terms) -> None:
        self.follower = follower
        self.store = store
        self.account = account
        self.terms = terms

    def judge(self, acts: Mapping[str, tuple[str, Signed]]) -> dict[str, Verdict]:
        """Keep what is ready to be sent; of each act, by its id, what is kept, or what is wrong.

        An act is its line and what it says. What was done before is said to be counted. Raises
        what the chain raises, and StoreLostError.
        """
        context = self.follower.now
        who = {name: _who(context, signed) for name, (_, signed) in acts.items()}
        known = [each for each in self.store.open_of([*set(who.values())]) if each.id not in acts]
        files = {each.id: file_of(each) for each in known}
        files |= {name: SignedFile(Path(name), signed) for name, (_, signed) in acts.items()}
        sponsor = self.sponsor()
        relay = Carrier(context, sponsor).plan([*files.values()])
        gas = {
            each.name: transaction.gas // len(transaction.ready)
            for transaction in relay.transactions
            for each in transaction.ready
        }
        price, balance = self._price(sponsor), sponsor.rpc.balance(sponsor.address)
        spent = {each: self.store.spent(clock.now(), each) for each in {"", *who.values()}}
        found: dict[str, Verdict] = {}
        ready: list[Act] = []
        for name, (line, signed) in acts.items():
            wei = gas.get(name, 0) * price
            act = self._act(context, Act(name, line, who[name], name, clock.now()), signed)
            verdict = self._judged(files, act) or self._unpaid(act, wei, spent)
            if verdict is not None:
                found[name] = verdict
            elif wei > balance:
                found[name] = SponsorEmptyError()
            else:
                ready.append(act)
        if ready:
            told = self.store.put(ready, MOST, MOST_OF_ONE)
            found |= {act.id: each for act, each in zip(ready, told, strict=True)}
        return found

    def _judged(self, files: Mapping[str, SignedFile], act: Act) -> Verdict | None:
        """What is said of an act that need not be sent, or cannot be."""
        file = files[act.id]
        if file.fate is Fate.REFUSED:
            return file.problems
        if file.fate is not Fate.DONE:
            return None
        # On the chain, or by an act that waits already.
        alike = (name for name, each in files.items() if each is not file and same(each, file))
        twin = next(map(self.store.find, alike), None)
        return twin or replace(act, fate=Kept.COUNTED)

    def _unpaid(self, act: Act, wei: int, spent: Mapping[str, int]) -> BudgetSpentError | None:
        gwei = -(-wei // GWEI)
        for who, limit in ((act.who, self.terms.member), ("", self.terms.budget)):
            if spent[who] + gwei > limit:
                return BudgetSpentError(member=bool(who))
        return None

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

    def sponsor(self, before: Iterable[Sending] = ()) -> Sponsor:
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


def file_of(act: Act) -> SignedFile:
    """A kept act as `relay` reads it."""
    for _, signed in lines_in(act.line):
        if isinstance(signed, Signed):
            return SignedFile(Path(act.id), signed)
    lost = ProblemError("serve.line-lost", N_("its line is no longer understood"))
    return SignedFile(Path(act.id), None, Fate.REFUSED, problems=[lost])


def same(one: SignedFile, other: SignedFile) -> bool:
    """Whether both say the very same."""
    return one.signed is not None and one.content.message == other.content.message


def _who(context: Context, signed: Signed) -> str:
    """Whose part of the budget pays: a member's, or that of a wallet that is none yet."""
    person = context.rebuilt.membership.member_at(signed.signer)
    return f"#{person.id}" if person else signed.signer
