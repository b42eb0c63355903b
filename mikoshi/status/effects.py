"""What an execution moved into and out of the Treasury."""

from __future__ import annotations

from typing import Any

from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak

from mikoshi.chain.contract import ERC20, Contract, Snapshot
from mikoshi.context.address_book import ETH, AddressBook, Coin
from mikoshi.simulate.money import Movement
from mikoshi.text.json import Json, entries_of
from mikoshi.text.language import _

_TRANSFER = f"0x{keccak(text='Transfer(address,address,uint256)').hex()}"


def movements(book: AddressBook, receipt: dict[str, Json]) -> list[Movement]:
    """What the Treasury has less or more since a transaction, in ETH and in coins.

    From the balances at the ends of its block and of the one before, so whatever else came in that
    block is in them too. Raises RpcError and UnreachableError.
    """
    number, treasury = int(receipt["blockNumber"], 16), book.dao.treasury_address
    coins = [ETH, *_touched(book, receipt["logs"])]
    before, after = (_balances(book, coins, treasury, each) for each in (number - 1, number))
    found = (
        Movement(coin, treasury, *each) for coin, *each in zip(coins, before, after, strict=True)
    )
    return [each for each in found if each.change]


def words(movement: Movement) -> str:
    """`treasury 10,000 USDC → 7,500 USDC`."""
    before, after = movement.coin.told(movement.before, movement.after)
    return _("treasury {before} → {after}", before=before, after=after)


def as_json(movement: Movement) -> dict[str, Any]:
    """For programs; amounts in the smallest units as text."""
    return entries_of(movement, "coin=coin.symbol address=coin.address before:str after:str")


def _touched(book: AddressBook, logs: list[Json]) -> list[Coin]:
    """The coins that say they moved from or to the Treasury."""
    word = f"0x{book.dao.treasury_address[2:].lower():0>64}"
    found = dict.fromkeys(
        to_checksum_address(log["address"])
        for log in logs
        if len(log["topics"]) == 3 and log["topics"][0] == _TRANSFER and word in log["topics"][1:]
    )
    return [coin for coin in map(book.coin, found) if coin is not None]


def _balances(book: AddressBook, coins: list[Coin], holder: str, block: int) -> list[int]:
    rpc = book.rpc
    ether = int(rpc.call("eth_getBalance", holder, hex(block)), 16)
    contracts = (Contract(rpc, str(coin.address), ERC20) for coin in coins[1:])
    held = Snapshot(rpc, block).ask((each, "balanceOf", (holder,)) for each in contracts)
    return [ether, *(each or 0 for each in held)]
