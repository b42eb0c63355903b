"""The node of one's own in words."""

from __future__ import annotations

from mikoshi.init.founders import SAMPLE_NAMES, sample
from mikoshi.play.own.node import CHAIN_ID, OwnNode
from mikoshi.play.own.record import folder
from mikoshi.text import clock
from mikoshi.text.clock import parse_duration
from mikoshi.text.console import Console
from mikoshi.text.errors import BadInputError
from mikoshi.text.language import N_, _
from mikoshi.text.paths import shown
from mikoshi.text.people import short
from mikoshi.text.units import (
    ETHER,
    HOUR,
    MINUTE,
    UnitError,
    format_amount,
    format_countdown,
    format_time,
    parse_amount,
)

_MOST_ETH = 1_000_000
"""That a faucet gives at once."""


def show_started(out: Console, node: OwnNode) -> None:
    """That it runs, and what is otherwise than before."""
    if node.lost:
        out.warn(
            _("its last state was damaged: it goes on with an earlier one, the other is kept aside")
        )
    if node.moved:
        out.warn(_("its old port is taken by another program; it has a new one"))
    url = node.url
    out.good(_("it runs already, at {url}", url=url) if node.found else _("runs at {url}", url=url))
    out.say(_when(node))


def show_status(out: Console, node: OwnNode) -> list[dict[str, object]]:
    """Where it runs, when it is there, what its people have; they for programs."""
    out.good(_("runs at {url}", url=node.url))
    block = node.rpc.block_number()
    out.say(_when(node))
    out.say(
        _(
            "chain {chain}, block {block:,}; kept in {folder}",
            chain=CHAIN_ID,
            block=block,
            folder=shown(folder()),
        )
    )
    people = sample(len(SAMPLE_NAMES))
    owned = node.rpc.batch([("eth_getBalance", (each.wallet, "latest")) for each in people])
    balances = [int(str(each), 16) for each in owned]
    rows = [
        (each.name, short(each.wallet), format_amount(wei, "ETH", digits=6))
        for each, wei in zip(people, balances, strict=True)
    ]
    out.table([_("who signs there"), _("wallet"), ">" + _("has")], rows)
    return [
        {"name": each.name, "wallet": each.wallet, "balance": wei}
        for each, wei in zip(people, balances, strict=True)
    ]


def _when(node: OwnNode) -> str:
    now, moment = clock.now(), node.rpc.next_timestamp()
    told = format_time(moment, now)
    if moment - now < MINUTE:
        return _("it is {moment} there, as here", moment=told)
    span = format_countdown((moment - now + HOUR // 2) // HOUR * HOUR or moment - now)
    return _("it is {moment} there, {span} later than here", moment=told, span=span)


def span_of(text: str) -> int:
    """Seconds of a time to pass. Raises BadInputError."""
    try:
        seconds = parse_duration(text)
    except UnitError as error:
        raise _not_a_span(text, error) from error
    if not seconds:
        raise _not_a_span(text, UnitError("value.zero", N_("must be more than 0")))
    return seconds


def _not_a_span(text: str, error: UnitError) -> BadInputError:
    return BadInputError(
        "play.not-a-span",
        N_("TIME {problem}"),
        N_("got {text}"),
        N_('Write it like 2d, 36h or "2 days"'),
        problem=error,
        text=text,
    )


def wei_of(text: str) -> int:
    """Wei of an amount of test ETH. Raises BadInputError."""
    try:
        wei = parse_amount(text, ETHER).raw
        if not 0 < wei <= _MOST_ETH * 10**18:
            raise UnitError(
                "amount.too-much", N_("must be up to {most}"), most=f"{_MOST_ETH:,} ETH"
            )
        return wei
    except UnitError as error:
        raise BadInputError(
            "play.not-an-amount",
            N_("AMOUNT {problem}"),
            N_("got {text}"),
            N_('Write it with its unit, in quotes: "10 ETH"'),
            problem=error,
            text=text,
        ) from error
