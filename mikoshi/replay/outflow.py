"""The treasury's money: what is there, what is promised, what goes out, how long it lasts.

Amounts are in the smallest unit of their own asset; nothing is converted, for no price is asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from eth_abi.exceptions import DecodingError
from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak

from mikoshi.chain.abi import decode
from mikoshi.replay.facts import MONTH, QUARTER, Facts
from mikoshi.replay.governor import Proposal, ProposalState
from mikoshi.replay.logs import Log

ETH = ""
"""In place of an ERC-20's address."""

_TRANSFER = keccak(text="transfer(address,uint256)")[:4]
_TRANSFER_FROM = keccak(text="transferFrom(address,address,uint256)")[:4]


@dataclass(frozen=True, slots=True)
class Move:
    """An ERC-20's Transfer event: `amount` is negative when it left the treasury."""

    amount: int
    time: int
    block: int
    transaction: str


@dataclass(frozen=True)
class Holding:
    """An asset of the treasury: ETH (no address, no moves), an ERC-20, or `unique` ERC-721s."""

    address: str
    symbol: str
    decimals: int
    balance: int
    moves: tuple[Move, ...] = ()
    unique: bool = False


@dataclass(frozen=True)
class Purse:
    """What becomes of one asset: all amounts are positive.

    `committed` is promised by passed proposals that are not executed, `spent` went out in the last
    `window` seconds, and `income` came in over the life of the DAO. It is `own` if a proposal ever
    paid with it, or if the DAO says so: anybody may send a coin, and make it shrink.
    """

    holding: Holding
    committed: int
    spent: int
    window: int
    income: int
    paid: int
    payments: tuple[Log, ...] = field(default=())
    own: bool = True

    @property
    def free(self) -> int:
        """What is neither spent nor promised; negative when more is promised than there is."""
        return self.holding.balance - self.committed

    @property
    def runway(self) -> int | None:
        """Seconds that the free money lasts at the pace of the window; None without spending."""
        return max(0, self.free) * self.window // self.spent if self.spent else None


def purses(facts: Facts, holdings: Sequence[Holding], named: Sequence[str] = ()) -> list[Purse]:
    """One for each kind of money: NFTs are none, nor is the token that the DAO makes itself.

    The coins `named`, by address, are its own although no proposal has paid with them yet.
    """
    money = [each for each in holdings if not each.unique]
    found = [each for each in money if each.address != facts.dao.token_address]
    return [_purse(facts, each, each.address in (ETH, *named)) for each in found]


def _purse(facts: Facts, holding: Holding, own: bool) -> Purse:
    window = min(QUARTER, max(facts.age, MONTH))
    start, asset = facts.now - window, holding.address
    committed = sum(outflow(facts, each, asset) for each in commitments(facts))
    proposals = facts.rebuilt.by_id
    executed = [
        (log, outflow(facts, proposals[number], asset))
        for number, log in facts.executions.items()
        if number in proposals
    ]
    payments = [log for log, amount in executed if amount]
    if asset == ETH:
        paid = sum(amount for _, amount in executed)
        spent = sum(amount for log, amount in executed if log.time > start)
        # The treasury announces no ETH that arrives; what is there and what went out tell the sum.
        income = holding.balance + paid
    else:
        paid = -sum(move.amount for move in holding.moves if move.amount < 0)
        spent = -sum(m.amount for m in holding.moves if m.amount < 0 and m.time > start)
        income = sum(move.amount for move in holding.moves if move.amount > 0)
    own = own or bool(payments)
    return Purse(holding, committed, spent, window, income, paid, tuple(payments), own)


def commitments(facts: Facts) -> list[Proposal]:
    """Proposals that have passed and can still be executed."""
    governor = facts.rebuilt.governor
    return [
        each for each in facts.proposals if governor.state(each, facts.now) == ProposalState.QUEUED
    ]


def outflow(facts: Facts, proposal: Proposal, asset: str) -> int:
    """What a proposal's actions take out of the treasury, as far as their bytes say.

    ETH sent with a call, and `transfer` and `transferFrom` of an ERC-20. What a called contract
    takes by itself, for example by an allowance, is in no proposal.
    """
    home = facts.dao.treasury_address
    amount = 0
    for target, value, data in zip(
        proposal.targets, proposal.values, proposal.calldatas, strict=True
    ):
        if asset == ETH:
            amount += value if target != home else 0
        elif target == asset:
            amount += _moved(bytes(data), home)
    return amount


def _moved(data: bytes, home: str) -> int:
    try:
        if data[:4] == _TRANSFER:
            to, amount = decode(["address", "uint256"], data[4:])
            return 0 if to_checksum_address(to) == home else int(amount)
        if data[:4] == _TRANSFER_FROM:
            sender, to, amount = decode(["address", "address", "uint256"], data[4:])
            leaves = to_checksum_address(sender) == home != to_checksum_address(to)
            return int(amount) if leaves else 0
    except DecodingError:
        pass
    return 0


def shortest(found: Sequence[Purse]) -> Purse | None:
    """Of its own assets, the one that runs out first; None if nothing is being spent."""
    spending = [purse for purse in found if purse.own and purse.runway is not None]
    return min(spending, key=lambda purse: purse.runway or 0, default=None)
