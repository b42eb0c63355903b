"""The treasury's money: promised, spent, lasting, and what stands behind a membership."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from eth_abi.abi import encode
from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak

from mikoshi.replay.outflow import ETH, Holding, Move, commitments, outflow, purses, shortest
from mikoshi.text.units import DAY
from tests.tooling.history import ETHER, TOKEN, TREASURY, History
from tests.tooling.test_report_voice import figure

COIN, OTHER = (to_checksum_address("0x" + byte * 20) for byte in ("c0", "0d"))


def call(signature: str, types: list[str], *values: Any) -> bytes:
    return keccak(text=signature)[:4] + encode(types, values)


def transfer(to: str, amount: int) -> bytes:
    return call("transfer(address,uint256)", ["address", "uint256"], to, amount)


def transfer_from(sender: str, to: str, amount: int) -> bytes:
    types = ["address", "address", "uint256"]
    return call("transferFrom(address,address,uint256)", types, sender, to, amount)


@pytest.mark.parametrize(
    ("action", "asset", "expected"),
    [
        ((OTHER, 5, b""), ETH, 5),
        ((TREASURY, 5, b""), ETH, 0),
        ((COIN, 3, transfer(OTHER, 7)), ETH, 3),
        ((COIN, 0, transfer(OTHER, 7)), COIN, 7),
        ((COIN, 0, transfer(TREASURY, 7)), COIN, 0),
        ((OTHER, 0, transfer(OTHER, 7)), COIN, 0),
        ((COIN, 0, transfer_from(TREASURY, OTHER, 7)), COIN, 7),
        ((COIN, 0, transfer_from(OTHER, TREASURY, 7)), COIN, 0),
        ((COIN, 0, transfer(OTHER, 7)[:20]), COIN, 0),
        ((COIN, 0, keccak(text="approve(address,uint256)")[:4]), COIN, 0),
    ],
)
def test_outflow_is_read_from_the_bytes(
    action: tuple[str, int, bytes], asset: str, expected: int
) -> None:
    history = History(3)
    history.wait(1)
    proposal = history.propose(actions=(action, (OTHER, 0, b"")))
    facts = history.facts
    assert outflow(facts, facts.rebuilt.governor.proposals[proposal], asset) == expected


def test_passed_proposals_are_commitments_until_executed_or_expired() -> None:
    history = History(3)
    history.wait(1)
    pay = ((OTHER, ETHER, b""),)
    proposal = history.decide(1, 2, 3, actions=pay)
    assert commitments(history.facts) == []  # voting has not ended
    history.now += 1
    assert [each.id for each in commitments(history.facts)] == [proposal]
    defeated = history.decide(actions=pay)
    history.now += 1
    assert [each.id for each in commitments(history.facts)] == [proposal]
    expiry = history.rebuilt.governor.proposals[proposal].expiry
    before, history.now = history.now, expiry + 1
    assert commitments(history.facts) == []
    history.now = before
    history.execute(proposal)
    assert commitments(history.facts) == []
    assert defeated not in history.facts.executions


def paying(*amounts: int, every: int = 20) -> History:
    """A DAO that pays these amounts of ETH, one a month."""
    history = History(4)
    history.wait(1)
    for amount in amounts:
        proposal = history.decide(1, 2, actions=((OTHER, amount, b""),))
        history.wait(2)
        history.execute(proposal)
        history.wait(every)
    return history


def test_runway_is_free_money_at_the_pace_of_the_last_quarter() -> None:
    history = paying(100, 9, 3, 4, 5)  # the first three are long ago
    history.wait(5)
    promised = history.decide(1, 2, 3, actions=((OTHER, 20, b""),))
    history.now += 1
    (purse,) = purses(history.facts, [Holding(ETH, "ETH", 18, 140)])
    assert (purse.committed, purse.free) == (20, 120)
    assert (purse.spent, purse.window) == (9, 90 * DAY)
    assert purse.runway == 120 * 90 * DAY // 9
    assert (purse.paid, purse.income) == (121, 261)
    assert history.rebuilt.governor.proposals[promised].eta > history.now


def test_a_young_dao_spends_over_its_age_or_a_month() -> None:
    history = paying(6, every=1)
    (young,) = purses(history.facts, [Holding(ETH, "ETH", 18, 6)])
    assert young.window == 30 * DAY
    assert young.runway == 30 * DAY
    history.wait(30)
    (older,) = purses(history.facts, [Holding(ETH, "ETH", 18, 6)])
    assert older.window == history.facts.age == older.runway


def test_more_promised_than_there_is_lasts_no_time() -> None:
    history = paying(5)
    history.decide(1, 2, 3, actions=((OTHER, 50, b""),))
    history.now += 1
    (purse,) = purses(history.facts, [Holding(ETH, "ETH", 18, 10)])
    assert (purse.free, purse.runway) == (-40, 0)


def test_coins_are_told_apart_and_the_first_to_end_counts() -> None:
    history = paying(10)
    now = history.now
    moves = (Move(90, now - 200 * DAY, 1, "0x1"), Move(-30, now - 10 * DAY, 2, "0x2"))
    holdings = [
        Holding(ETH, "ETH", 18, 1_000),
        Holding(COIN, "USDC", 6, 60, moves),
        Holding(TOKEN, "PMC", 18, 5),
        Holding(OTHER, "NFT", 0, 2, (Move(2, now, 3, "0x3"),), unique=True),
    ]
    found = purses(history.facts, holdings)
    assert [purse.holding.symbol for purse in found] == ["ETH", "USDC"]
    assert shortest(found) is found[0]  # no proposal has paid with the coin: a stranger sent it
    found = purses(history.facts, holdings, [COIN])
    first = shortest(found)
    assert first is not None
    assert first.holding.symbol == "USDC"
    assert (first.spent, first.paid, first.income, first.free) == (30, 30, 90, 60)
    assert shortest([]) is None
    told = figure(history, "assets", balances=holdings)
    assert told.value == {"ETH": "1000", COIN: "60"}
    assert told.table is not None
    assert [row["symbol"] for row in told.table.data] == ["ETH", "USDC", "PMC", "NFT"]
    counts = {source.event: source.count for source in told.sources}
    assert counts == {"Transfer (in)": 1, "Transfer (out)": 1, "ProposalExecuted": 1}
    income = figure(history, "income", balances=holdings)
    assert income.value == {"ETH": "1010", COIN: "90"}


def test_backing_of_a_membership_and_of_a_token() -> None:
    history = History(3)
    history.wait(1)
    history.emit(*history.minted(1, 10))
    history.emit(*history.minted(2, 30))
    moved = {"from": history.wallet(2), "to": TREASURY, "amount": 20 * ETHER}
    history.emit((TOKEN, "Transfer", moved))
    balances = [Holding(ETH, "ETH", 18, 4 * ETHER)]
    membership = figure(history, "backing_membership", balances=balances)
    assert membership.value == {"ETH": str(4 * ETHER // 3)}
    token = figure(history, "backing_token", balances=balances, symbol="PMC")
    assert token.value == {
        "supply": str(40 * ETHER),
        "afloat": str(20 * ETHER),
        "each": {"ETH": str(ETHER // 5)},
    }
    assert token.text == "0.2 ETH for each of 20 PMC afloat"


def test_nothing_is_said_about_balances_that_were_not_read() -> None:
    history = paying(5)
    assert figure(history, "assets").value == {}
    assert figure(history, "runway").value is None


def test_kpi_prints_no_cost_where_there_was_none() -> None:
    history = History(3)
    history.wait(1)
    history.credit(1, 10, kind=1)
    history.credit(2, 30, kind=1)
    history.emit(history.credited(3, 5, kind=2), *history.minted(3, 40, kind=2))
    told = figure(history, "kinds")
    assert told.table is not None
    assert [list(row) for row in told.table.rows] == [
        ["kind 1", "2", "2", "40 points", "0", "n/a", "n/a"],
        ["kind 2", "1", "1", "5 points", "40", "40", "2.50"],
    ]
    assert [row["per_100_tokens"] for row in told.table.data] == [None, 2.5]
    merit = figure(history, "concentration").value
    assert (merit["top"], merit["member"], merit["people"]) == (Fraction(30, 45), 2, 1)


def test_latency_is_from_proposal_to_execution() -> None:
    history = paying(1, 2)
    third = history.decide(1, 2, actions=((OTHER, 3, b""),))
    history.wait(5)
    history.execute(third)
    told = figure(history, "latency")
    assert told.value == {"median": 9 * DAY, "longest": 12 * DAY, "executed": 3}
    assert figure(history, "shortest").value == 9 * DAY
