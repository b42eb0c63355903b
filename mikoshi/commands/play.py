"""A node of one's own: a chain to try things out on, which stays and whose time is yours."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from mikoshi.cli.session import Session, takes
from mikoshi.cli.usage import Group
from mikoshi.text.language import _, ngettext

if TYPE_CHECKING:
    from mikoshi.play.own.node import OwnNode

_MOST_PEOPLE = 10


@click.group(cls=Group, short_help="A chain of your own, to try things out.", epilog="play start")
def cli() -> None:
    """A chain of your own on this computer, which stays until you stop it, and goes on afterwards.

    Nothing costs anything there, test wallets sign by name, and days pass when you say so. It lies
    in the community's folder, in .mikoshi/play; delete that folder to begin anew. A dao.toml for
    chain 31337 is for it: no command needs --network then.
    """


@cli.command(epilog="play start")
@takes()
def start(session: Session) -> None:
    """Start it, or go on where it stopped. No terminal has to stay open for it."""
    from mikoshi.play.own.node import start as start_node
    from mikoshi.play.own.show import show_started

    node = start_node()
    session.keep(node.rpc)
    show_started(session.out, node)
    session.out.next_step(_("get people to play with"), session.command("play people 5"))
    session.out.emit(_about(node) | {"found": node.found, "lost": node.lost})


@cli.command(epilog="play stop")
@takes()
def stop(session: Session) -> None:
    """Stop it. What happened there is kept, and the next start goes on with it."""
    from mikoshi.play.own.node import stop as stop_node

    ran = stop_node()
    if ran:
        session.out.good(_("stopped; everything is kept"))
    else:
        session.out.say(_("It does not run."))
    session.out.next_step(_("go on where it stopped"), session.command("play start"))
    session.out.emit({"ran": ran})


@cli.command(epilog="play status")
@takes()
def status(session: Session) -> None:
    """Show whether it runs, what time it is there, and what its people have."""
    from mikoshi.play.own.node import needed
    from mikoshi.play.own.show import show_status

    node = needed()
    session.keep(node.rpc)
    people = show_status(session.out, node)
    session.out.emit(_about(node) | {"people": people})


@cli.command(epilog="play forward 2d")
@takes()
@click.argument("span", metavar="TIME")
def forward(session: Session, span: str) -> None:
    """Let TIME pass on it, such as 2d, "36 hours" or "2 days"."""
    from mikoshi.play.own.node import forward as move
    from mikoshi.play.own.node import needed
    from mikoshi.play.own.show import span_of
    from mikoshi.text.units import format_duration, format_time

    seconds = span_of(span)
    node = needed()
    session.keep(node.rpc)
    moment = move(node, seconds)
    session.out.good(
        _(
            "{span} passed: it is {moment} there",
            span=format_duration(seconds),
            moment=format_time(moment, moment),
        )
    )
    session.out.next_step(_("see what can be done now"), session.command("status"))
    session.out.emit({"seconds": seconds, "time": moment})


@cli.command(epilog='play faucet Ken "5 ETH"')
@takes(config=True)
@click.argument("name", metavar="WHO")
@click.argument("amount", default="10 ETH", metavar="[AMOUNT]")
def faucet(session: Session, name: str, amount: str) -> None:
    """Give WHO test ETH, 10 unless AMOUNT says otherwise.

    WHO is a member by name, an account of Ape, an address, or `treasury` for the DAO.
    """
    from mikoshi.play.own.node import needed
    from mikoshi.play.own.people import TREASURY, fund, wallet_of
    from mikoshi.play.own.show import wei_of
    from mikoshi.text.people import show
    from mikoshi.text.units import format_amount

    wei = wei_of(amount)
    node = needed()
    session.keep(node.rpc)
    wallet = wallet_of(session, name, node.rpc)
    called = "" if name.startswith("0x") else _("treasury") if name == TREASURY else name
    balance = fund(node.rpc, wallet, wei)
    session.out.good(
        _(
            "{who} has {balance} now",
            who=show(wallet, name=called),
            balance=format_amount(balance, "ETH", digits=6),
        )
    )
    session.out.emit({"wallet": wallet, "balance": balance})


@cli.command(epilog="play people 5 -o tea-members.csv")
@takes()
@click.argument("count", type=click.IntRange(1, _MOST_PEOPLE))
@click.option(
    "--output",
    "-o",
    type=click.Path(dir_okay=False, path_type=Path),
    default="members.csv",
    show_default=True,
    help="The members' file to write.",
)
def people(session: Session, count: int, output: Path) -> None:
    """Write a members' file with COUNT test wallets, up to 10, that have names and test ETH.

    They sign by name: `--account Aoi`. Everybody has their keys, so they are refused on any other
    chain.
    """
    from mikoshi.init.founders import sample
    from mikoshi.play.own.people import write_people
    from mikoshi.text.language import listed

    made = sample(count)
    write_people(output, made)
    session.out.good(
        ngettext(
            "wrote {path}: {count} person, {names}",
            "wrote {path}: {count} people, {names}",
            count,
            path=output,
            count=count,
            names=listed(person.name for person in made),
        )
    )
    session.out.next_step(_("found a DAO with them"), session.command("init --pace minutes"))
    session.out.emit(
        {"written": str(output), "people": [{"name": p.name, "wallet": p.wallet} for p in made]}
    )


def _about(node: OwnNode) -> dict[str, object]:
    """The node for programs."""
    rpc = node.rpc
    return {"url": node.url, "block": rpc.block_number(), "time": rpc.timestamp()}
