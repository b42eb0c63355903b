"""Make the page for members' phones, and links into it."""

from __future__ import annotations

from pathlib import Path

import click

from mikoshi.cli.options import deployments_option
from mikoshi.cli.session import Session, takes
from mikoshi.cli.usage import Group
from mikoshi.text.language import _


@click.group(cls=Group, epilog="page build --rpc https://rpc.example.org -o public/index.html")
def cli() -> None:
    """Make the page for members' phones, and links into it."""


@cli.command(epilog="page build --rpc https://rpc.example.org -o public/index.html")
@takes(config=True, network=True)
@click.option(
    "--rpc", required=True, help="The node that the page asks; whoever has the page can read it."
)
@click.option(
    "--output",
    "-o",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write.",
)
@click.option(
    "--server",
    metavar="URL",
    help="Who relays what members sign, as `serve` does; / for the server that has the page.",
)
@deployments_option
def build(
    session: Session, rpc: str, output: Path, server: str | None, deployments: Path | None
) -> None:
    """Write the page of the DAO: one file, for any server of static files with https.

    It knows the DAO's invitations, guardians and charter as the chain has them now.

    Passkeys belong to the domain it is served from: choose one that stays.
    """
    from mikoshi.context.context import open_record
    from mikoshi.page.build import SAME_SERVER, page_of
    from mikoshi.page.settings import settings_of
    from mikoshi.text.files import write_atomically

    relay = "" if server == SAME_SERVER else server and server.rstrip("/")
    settings = settings_of(session, open_record(session, deployments), rpc, relay)
    write_atomically(output, page_of(settings))
    session.out.good(_("wrote {path}", path=output))
    link = session.command("page link 1 --at https://…")
    session.out.next_step(_("once it is served, the link of a proposal"), link)
    session.out.emit({"file": str(output), **settings})


@cli.command(epilog="page link 1 --at https://dao.example.org/")
@takes(config=True, network=True)
@click.argument("proposal")
@click.option("--at", required=True, metavar="URL", help="Where the page is served.")
@deployments_option
def link(session: Session, proposal: str, at: str, deployments: Path | None) -> None:
    """Show the link that opens PROPOSAL (its number or id) on the page."""
    from mikoshi.context.context import Context
    from mikoshi.page.build import proposal_link

    context = Context.open(session, deployments)
    proposed = context.find(proposal)
    governor = context.governor_of(proposed).address
    url = proposal_link(at, session.chain_id, governor, proposed.id)
    session.out.say(url)
    session.out.emit({"link": url})
