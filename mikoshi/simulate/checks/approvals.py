"""Nobody is let take money or pieces of the treasury later."""

from __future__ import annotations

from mikoshi.chain.contract import ERC20, Contract
from mikoshi.simulate.simulation import Finding, Simulation
from mikoshi.text.language import _
from mikoshi.text.people import ZERO_ADDRESS, short

_ENDLESS = 2**255


def check(sim: Simulation) -> list[Finding]:
    """A warning for everyone who may take something afterwards: whom, and how much."""
    found: dict[tuple[str, str, object], str] = {}  # the latest of each counts
    for log in sim.events:
        args, at = log.event.args, log.event.address
        if args.get("owner") != sim.book.dao.treasury_address:
            continue
        if log.event.name == "Approval" and "spender" in args:
            found[at, args["spender"], None] = _money(sim, at, args["spender"], args["amount"])
        elif log.event.name == "Approval":
            piece, taker = f"#{args['tokenId']}", args["approved"]
            taken = _may_take(sim, taker, f"{short(at)} {piece}")
            found[at, "", piece] = taken if taker != ZERO_ADDRESS else ""
        elif log.event.name == "ApprovalForAll":
            taken = _(
                "{who} may take everything of {contract} from the treasury later, without a vote",
                who=sim.book.show(args["operator"]),
                contract=short(at),
            )
            found[at, args["operator"], "all"] = taken if args["approved"] else ""
    return [Finding("warning", text) for text in found.values() if text]


def _money(sim: Simulation, at: str, spender: str, announced: int) -> str:
    """What is left to be taken: a later call may have taken some of what was announced."""
    book, treasury = sim.book, sim.book.dao.treasury_address
    left = book.ask(Contract(book.dao.chain, at, ERC20), "allowance", treasury, spender)
    amount, coin = announced if left is None else left, book.coin(at)
    if not amount:
        return ""
    if amount >= _ENDLESS:
        return _(
            "{who} may take any amount of {coin} from the treasury later, without a vote",
            who=book.show(spender),
            coin=coin.symbol if coin else short(at),
        )
    return _may_take(sim, spender, coin.show(amount) if coin else f"{amount} {short(at)}")


def _may_take(sim: Simulation, who: str, what: str) -> str:
    return _(
        "{who} may take {what} from the treasury later, without a vote",
        who=sim.book.show(who),
        what=what,
    )
