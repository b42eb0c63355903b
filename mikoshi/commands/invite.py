"""Invite people by links, and take invitations back."""

from __future__ import annotations

from pathlib import Path

import click

from mikoshi.cli.options import deployments_option, names_option
from mikoshi.cli.session import Session, takes
from mikoshi.cli.usage import Group
from mikoshi.text.language import _
from mikoshi.voting.signing_options import SigningOptions, signing_options


@click.group(cls=Group, epilog="invite new --count 3 --at https://dao.example.org/ -o links.csv")
def cli() -> None:
    """Invite people by links, and take invitations back."""


_output = click.option(
    "--output",
    "-o",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write; pictures of the links stand in a folder beside it.",
)


@cli.command(epilog="invite new --count 3 --at https://dao.example.org/ -o links.csv")
@takes(config=True, network=True, account=True)
@click.option("--count", type=click.IntRange(1, 1000), default=1, help="How many links; 1.")
@click.option("--days", type=int, default=30, help="How long they are good, 1 to 60 days; 30.")
@click.option("--at", required=True, metavar="URL", help="Where members find the page.")
@_output
@deployments_option
@names_option
def new(
    session: Session,
    count: int,
    days: int,
    at: str,
    output: Path,
    deployments: Path | None,
    names: tuple[Path, ...],
) -> None:
    """Make links, each for one seat, signed by --account. Sends nothing, costs no ETH.

    A member's link makes a newcomer, who has a voice after the season; the steward's an active
    member. Whoever has a link has its seat: give each to one person, by a private way.
    """
    from mikoshi.context.context import Context
    from mikoshi.invitations import making, sheet
    from mikoshi.invitations.show import links_json, show_links

    sheet.require_new([output])
    context = Context.open(session, deployments, names)
    invitations = making.invitations_of(context)
    allowed = making.allowance(context, invitations, session.sender.address)
    making.require_room(allowed, count, context)
    deadline = making.end_of(days, context.now)
    show_links(session.out, context, allowed, count, deadline)
    if session.options.dry_run:
        session.out.next_step(_("without --dry-run they are written"))
        session.out.emit(links_json(allowed, [], None))
        return
    links = making.make(context, invitations, count, deadline)
    sheet.write_links(output, links, at)
    session.out.good(_("wrote {path}", path=output))
    if allowed.sponsors > 1:
        again = session.command(f"invite sign {output} -o signed.csv")
        session.out.next_step(_("another member signs them, before they are given away"), again)
    session.out.emit(links_json(allowed, links, output))


@cli.command(epilog="invite sign links.csv --account Ken -o signed.csv")
@takes(config=True, network=True, account=True)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@_output
@deployments_option
@names_option
def sign(
    session: Session,
    file: Path,
    output: Path,
    deployments: Path | None,
    names: tuple[Path, ...],
) -> None:
    """Add the word of --account to the links of FILE, where one member is not enough."""
    from mikoshi.context.context import Context
    from mikoshi.invitations import making, sheet
    from mikoshi.invitations.show import links_json

    sheet.require_new([output])
    context = Context.open(session, deployments, names)
    invitations = making.invitations_of(context)
    links, page = sheet.read_links(file)
    making.require_own(context, invitations, links)
    allowed = making.allowance(context, invitations, session.sender.address)
    making.require_room(allowed, len(links), context)
    signed = [making.sponsored(context, link) for link in links]
    if not session.options.dry_run:
        sheet.write_links(output, signed, page)
        session.out.good(_("wrote {path}", path=output))
    session.out.emit(links_json(allowed, signed, output))


@cli.command(name="list", epilog="invite list links.csv")
@takes(config=True, network=True)
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
@deployments_option
@names_option
def list_(
    session: Session, file: Path | None, deployments: Path | None, names: tuple[Path, ...]
) -> None:
    """Show who came by a link and who invited them, and what became of the links of FILE."""
    from mikoshi.context.context import Context
    from mikoshi.invitations import making, sheet
    from mikoshi.invitations.fate import accepted_of, fates_of
    from mikoshi.invitations.show import fates_json, show_fates

    context = Context.open(session, deployments, names)
    invitations = making.invitations_of(context)
    links = sheet.read_links(file)[0] if file else []
    accepted = accepted_of(context)
    fates = fates_of(context, invitations, links, accepted)
    show_fates(session.out, context, accepted, fates)
    session.out.emit(fates_json(accepted, fates))


@cli.command(epilog="invite revoke links.csv --account Hana")
@takes(config=True, network=True, account=True, writes=True)
@click.argument("what", metavar="LINK|KEY|FILE")
@signing_options
@deployments_option
@names_option
def revoke(
    session: Session,
    what: str,
    signing: SigningOptions,
    deployments: Path | None,
    names: tuple[Path, ...],
) -> None:
    """Take the word of --account for links back, for good: by transactions, or on paper."""
    from mikoshi.context.sending import open_context
    from mikoshi.invitations import making
    from mikoshi.invitations.revoking import keys_of, take_back

    context = open_context(session, deployments, names)
    invitations = making.invitations_of(context)
    session.out.emit(take_back(context, invitations, keys_of(what), signing))
