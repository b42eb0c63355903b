"""Money and pieces that a proposal moves, what it needs, what remains and how long that lasts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from mikoshi.chain.contract import ERC20, Contract
from mikoshi.context.address_book import ETH, Coin
from mikoshi.replay.dao import RebuiltDao
from mikoshi.replay.facts import MONTH, QUARTER, Facts
from mikoshi.replay.logs import Log
from mikoshi.replay.outflow import outflow
from mikoshi.simulate.calls import SimulatedCall
from mikoshi.simulate.fork import ForkOutcome
from mikoshi.simulate.stage import StageMoment
from mikoshi.text.language import _
from mikoshi.text.people import ZERO_ADDRESS, short
from mikoshi.text.units import DAY

_COIN = "asset=coin.symbol address=coin.address decimals=coin.decimals"


@dataclass(frozen=True)
class Movement:
    """What an account has of an asset before and after, in its smallest units."""

    coin: Coin
    account: str
    before: int
    after: int
    json: ClassVar[str] = f"{_COIN} account before:str after:str"

    @property
    def change(self) -> int:
        """What it got; negative if it paid."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class MovedNft:
    """An ERC-721 (amount 1) or ERC-1155 that changed hands."""

    contract: str
    id: int
    amount: int
    giver: str
    taker: str
    json: ClassVar[str] = "contract id:str amount:str from=giver to=taker"


@dataclass(frozen=True)
class Need:
    """What the calls pay of an asset in all, and what the treasury has of it before."""

    coin: Coin
    needed: int
    held: int
    json: ClassVar[str] = f"{_COIN} needed:str held:str missing=shortfall:str"

    @property
    def shortfall(self) -> int:
        """What is missing."""
        return max(0, self.needed - self.held)


@dataclass(frozen=True)
class Runway:
    """How long what the treasury has of an asset lasts before and after.

    `spent` went out by executed proposals within the last `window` seconds.
    """

    coin: Coin
    before: int
    after: int
    spent: int
    window: int
    json: ClassVar[str] = f"{_COIN} months_before months_after"

    @property
    def months_before(self) -> float | None:
        """Months of 30 days that it would have lasted; None where nothing was spent."""
        return self._months(self.before)

    @property
    def months_after(self) -> float | None:
        """Months of 30 days that the rest lasts; None where nothing was spent."""
        return self._months(self.after)

    def _months(self, amount: int) -> float | None:
        return amount * self.window / self.spent / MONTH if self.spent else None

    @property
    def words(self) -> str:
        """`runway 8.3 → 6.2 months`, or that there is no history."""
        before, after = self.months_before, self.months_after
        if before is None or after is None:
            days = self.window // DAY
            return _("no runway: none was paid in the last {days} days", days=days)
        return _("runway {before:,.1f} → {after:,.1f} months", before=before, after=after)


def read_needs(calls: Sequence[SimulatedCall], treasury: str, moment: StageMoment) -> list[Need]:
    """What the calls pay, asset by asset; money that a called contract takes is not in it."""
    needed: dict[Coin, int] = {}
    for call in calls:
        if call.step.value and call.step.target != treasury:
            needed[ETH] = needed.get(ETH, 0) + call.step.value
        paid = call.payment
        if paid and paid.coin.address and paid.to != treasury:
            needed[paid.coin] = needed.get(paid.coin, 0) + paid.amount
    held = balances(moment, [(coin, treasury) for coin in needed])
    return [Need(coin, amount, held[coin, treasury]) for coin, amount in needed.items()]


def read_movements(
    calls: Sequence[SimulatedCall],
    outcome: ForkOutcome,
    events: Iterable[Log],
    before: StageMoment,
    after: StageMoment,
) -> list[Movement]:
    """Who has more or less than before, and what the treasury keeps."""
    book, treasury = after.book, after.book.dao.treasury_address
    asked = {(ETH, treasury): None} | {(ETH, each): None for each in outcome.ether or {}}
    for call in calls:
        if call.payment:
            asked |= {(call.payment.coin, who): None for who in (treasury, call.payment.to)}
    for log in events:
        args = log.event.args
        if log.event.name == "Transfer" and "amount" in args:
            at = log.event.address
            coin = book.coin(at) or Coin(short(at), 0, at)
            asked |= {(coin, who): None for who in (treasury, args["from"], args["to"])}
    pairs = [(coin, who) for coin, who in asked if who != ZERO_ADDRESS]
    was, now = balances(before, pairs), balances(after, pairs)
    found = [Movement(coin, who, was[coin, who], now[coin, who]) for coin, who in pairs]
    used = {ETH} | {each.coin for each in found if each.change}
    return [
        each
        for each in found
        if each.change or (each.account == treasury and each.before and each.coin in used)
    ]


def read_pieces(events: Iterable[Log]) -> list[MovedNft]:
    """The pieces that the events tell of."""
    pieces = []
    for log in events:
        name, at, args = log.event.name, log.event.address, log.event.args
        if name == "Transfer" and "tokenId" in args:
            pieces.append(MovedNft(at, args["tokenId"], 1, args["from"], args["to"]))
        elif name == "TransferSingle":
            pieces.append(MovedNft(at, args["id"], args["value"], args["from"], args["to"]))
        elif name == "TransferBatch":
            pairs = zip(args["ids"], args["values"], strict=False)
            pieces += [MovedNft(at, id_, value, args["from"], args["to"]) for id_, value in pairs]
    return pieces


def read_runways(movements: Iterable[Movement], rebuilt: RebuiltDao, now: int) -> list[Runway]:
    """For each asset that the treasury pays; its pace is that of the report."""
    facts = Facts(rebuilt.logs, rebuilt, now)
    window = min(QUARTER, max(facts.age, MONTH))
    proposals = rebuilt.by_id
    recent = [
        proposals[number]
        for number, log in facts.executions.items()
        if number in proposals and log.time > now - window
    ]
    treasury = rebuilt.dao.treasury_address
    return [
        Runway(
            each.coin,
            each.before,
            each.after,
            sum(outflow(facts, proposal, each.coin.address or "") for proposal in recent),
            window,
        )
        for each in movements
        if each.account == treasury and each.change < 0
    ]


def balances(moment: StageMoment, pairs: Sequence[tuple[Coin, str]]) -> dict[tuple[Coin, str], int]:
    """What each account has of each coin; 0 where what is there answers nothing."""
    snapshot, chain = moment.snapshot, moment.book.dao.chain
    coins = [(coin, who) for coin, who in pairs if coin.address]
    answers = snapshot.ask(
        (Contract(chain, str(coin.address), ERC20), "balanceOf", (who,)) for coin, who in coins
    )
    found = {pair: answer or 0 for pair, answer in zip(coins, answers, strict=True)}
    for coin, who in pairs:
        if not coin.address:
            answer = snapshot.rpc.call("eth_getBalance", who, hex(snapshot.number))
            found[coin, who] = int(answer, 16)
    return found
