"""What the treasury holds at a block: asked of the chain, for the coins that the events name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from mikoshi.chain.contract import ERC20, Contract, Snapshot
from mikoshi.context.address_book import AddressBook
from mikoshi.replay.logs import Log
from mikoshi.replay.outflow import ETH, Holding, Move
from mikoshi.text.people import short

_LONGEST = 16
"""Characters of a symbol that are shown; anybody may call a coin anything."""


def read_holdings(book: AddressBook, transfers: Iterable[Log], snapshot: Snapshot) -> list[Holding]:
    """ETH first, then each coin and collectible that moved into or out of the treasury.

    `transfers` are Transfer events, of any contract and to or from anybody. What does not answer
    like a coin is left out. Raises RpcError and UnreachableError.
    """
    home, membership = book.dao.treasury_address, book.dao.membership_address
    moved: dict[str, list[Move]] = defaultdict(list)
    unique: set[str] = set()
    for log in transfers:
        args, at = log.event.args, log.event.address
        sign = (args["to"] == home) - (args["from"] == home)
        if at == membership or not sign:
            continue
        if "tokenId" in args:
            unique.add(at)
        amount = sign * args.get("amount", 1)
        moved[at].append(Move(amount, log.time, log.block, log.transaction))
    contracts = [Contract(book.rpc, at, ERC20) for at in moved]
    balances = snapshot.ask((contract, "balanceOf", (home,)) for contract in contracts)
    wei = int(book.rpc.call("eth_getBalance", home, hex(snapshot.number)), 16)
    found = [Holding(ETH, "ETH", 18, wei)]
    for at, balance in zip(moved, balances, strict=True):
        if balance is None:
            continue
        if at in unique:
            found.append(Holding(at, "NFT", 0, balance, tuple(moved[at]), unique=True))
        elif coin := book.coin(at):
            symbol = _own(coin.symbol, at, found)
            found.append(Holding(at, symbol, coin.decimals, balance, tuple(moved[at])))
    return found


def _own(symbol: str, address: str, others: Iterable[Holding]) -> str:
    """A symbol that can be told from the others': one that is taken gets its coin's address."""
    plain = "".join(each for each in symbol if each.isprintable())[:_LONGEST].strip()
    taken = {each.symbol.lower() for each in others} | {"ether", ""}
    return f"{plain} ({short(address)})".strip() if plain.lower() in taken else plain
