"""Nobody is let take money or pieces of the treasury later."""

from __future__ import annotations

from mikoshi.chain.contract import ERC20, Contract
from mikoshi.simulate.simulation import Finding, Simulation
from mikoshi.text.language import _, pick
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
            piece = f"#{args['tokenId']}"
            taker = args["approved"] != ZERO_ADDRESS
            what = _("{at} {piece}", at=short(at), piece=piece)
            found[at, "", piece] = _may_take(sim, args["approved"], what, taker)
        elif log.event.name == "ApprovalForAll":
            everything = _("everything of {at}", at=short(at))
            taken = _may_take(sim, args["operator"], everything, args["approved"])
            found[at, args["operator"], "all"] = taken
    return [Finding("warning", text) for text in found.values() if text]


def _money(sim: Simulation, at: str, spender: str, announced: int) -> str:
    """What is left to be taken: a later call may have taken some of what was announced."""
    book, treasury = sim.book, sim.book.dao.treasury_address
    left = book.ask(Contract(book.dao.chain, at, ERC20), "allowance", treasury, spender)
    amount, coin = announced if left is None else left, book.coin(at)
    symbol = coin.symbol if coin else short(at)
    if amount >= _ENDLESS:
        what = _("any amount of {symbol}", symbol=symbol)
    else:
        much = coin.show(amount) if coin else f"{amount} {symbol}"
        what = pick(much, f"{much} を")
    return _may_take(sim, spender, what, amount > 0)


def _may_take(sim: Simulation, who: str, what: str, allowed: bool) -> str:
    if not allowed:
        return ""
    return _(
        "{who} may take {what} from the treasury later, without a vote",
        who=sim.book.show(who),
        what=what,
    )
