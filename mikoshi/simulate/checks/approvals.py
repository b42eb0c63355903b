"""Nobody is let take money or pieces of the treasury later."""

from __future__ import annotations

from mikoshi.chain.contract import ERC20, Contract
from mikoshi.simulate.simulation import Finding, Simulation
from mikoshi.text.language import N_
from mikoshi.text.people import ZERO_ADDRESS, short

_ENDLESS = 2**255


def check(sim: Simulation) -> list[Finding]:
    """A warning for everyone who may take something afterwards: whom, and how much."""
    found: dict[tuple[str, str, object], Finding | None] = {}  # the latest of each counts
    for log in sim.events:
        args, at = log.event.args, log.event.address
        if args.get("owner") != sim.book.dao.treasury_address:
            continue
        if log.event.name == "Approval" and "spender" in args:
            found[at, args["spender"], None] = _money(sim, at, args["spender"], args["amount"])
        elif log.event.name == "Approval":
            piece, taker = f"#{args['tokenId']}", args["approved"]
            taken = _may_take(sim, taker, f"{short(at)} {piece}")
            found[at, "", piece] = taken if taker != ZERO_ADDRESS else None
        elif log.event.name == "ApprovalForAll":
            taken = Finding(
                "warning",
                "approval.of-all-pieces",
                N_(
                    "{who} may take everything of {contract} from the treasury later, "
                    "without a vote"
                ),
                who=sim.book.show(args["operator"]),
                contract=short(at),
            )
            found[at, args["operator"], "all"] = taken if args["approved"] else None
    return [each for each in found.values() if each is not None]


def _money(sim: Simulation, at: str, spender: str, announced: int) -> Finding | None:
    """What is left to be taken: a later call may have taken some of what was announced."""
    book, treasury = sim.book, sim.book.dao.treasury_address
    left = book.ask(Contract(book.dao.chain, at, ERC20), "allowance", treasury, spender)
    amount, coin = announced if left is None else left, book.coin(at)
    if not amount:
        return None
    if amount >= _ENDLESS:
        return Finding(
            "warning",
            "approval.of-any-amount",
            N_("{who} may take any amount of {coin} from the treasury later, without a vote"),
            who=book.show(spender),
            coin=coin.symbol if coin else short(at),
        )
    return _may_take(sim, spender, coin.show(amount) if coin else f"{amount} {short(at)}")


def _may_take(sim: Simulation, who: str, what: str) -> Finding:
    return Finding(
        "warning",
        "approval.given",
        N_("{who} may take {what} from the treasury later, without a vote"),
        who=sim.book.show(who),
        what=what,
    )
