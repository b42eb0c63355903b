"""Write, check, show and send proposals."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mikoshi.cli.options import ListedOption, deployments_option, names_option, page_option
from mikoshi.cli.proposals_option import proposals_option
from mikoshi.cli.session import Session, takes
from mikoshi.cli.usage import Group
from mikoshi.text.language import _
from mikoshi.text.paths import community, seen
from mikoshi.voting.signing_options import SigningOptions, signing_options

if TYPE_CHECKING:
    from mikoshi.context.context import Context


def _templates() -> tuple[str, ...]:
    from mikoshi.proposals.new import TEMPLATES

    return TEMPLATES


@click.group(cls=Group, epilog='proposal new "Thank Hana" --template reward')
def cli() -> None:
    """Write, check, show and send proposals."""


@cli.command(epilog='proposal new "Thank Hana" --template reward')
@takes(config=True, network=True)
@click.argument("title")
@click.option(
    "--template",
    "templates",
    cls=ListedOption,
    choices=_templates,
    multiple=True,
    default=("pay",),
    show_default=True,
    help="An action to begin with, or advisory; may be given several times.",
)
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    envvar="MIKOSHI_PROPOSALS",
    help="Where the file goes; default: proposals/.",
)
@deployments_option
def new(
    session: Session,
    title: str,
    templates: tuple[str, ...],
    folder: Path | None,
    deployments: Path | None,  # noqa: ARG001 (one set of options is good for every command)
) -> None:
    """Write a proposal's file called TITLE to start from. Reads no chain."""
    from mikoshi.proposals.new import new as write_new

    path = write_new(folder or seen(community() / "proposals"), title, templates, session.config)
    session.out.good(_("wrote {path}", path=path))
    lint = session.command(f"proposal lint {shlex.quote(str(path))}")
    session.out.next_step(_("edit it, then check it"), lint)
    session.out.emit({"file": str(path)})


@cli.command(epilog="proposal lint proposals/001-thank-hana.toml")
@takes(config=True, network=True)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@deployments_option
@names_option
def lint(session: Session, file: Path, deployments: Path | None, names: tuple[Path, ...]) -> None:
    """Check a proposal's FILE and show what its bytes would do."""
    from mikoshi.proposals.file import load
    from mikoshi.proposals.later import if_made_now, later_json
    from mikoshi.proposals.show import composed_json, show_composed, show_later

    context = _context(session, deployments, names)
    composed = load(file, context.book)
    show_composed(session.out, composed, context.book)
    coming = if_made_now(composed.steps, context.book, context.rebuilt)
    show_later(session.out, coming)
    simulate = session.command(f"proposal simulate {shlex.quote(str(file))}")
    session.out.next_step(_("try it on a copy of the chain"), simulate)
    session.out.emit(composed_json(composed, context.book) | {"later": later_json(coming)})


@cli.command(epilog="proposal show 1")
@takes(config=True, network=True)
@click.argument("what", metavar="FILE|ID")
@deployments_option
@names_option
def show(session: Session, what: str, deployments: Path | None, names: tuple[Path, ...]) -> None:
    """Show a proposal's FILE, or the proposal on the chain called ID, in words."""
    from mikoshi.context.proposed import Proposed
    from mikoshi.proposals.file import file_or_proposed
    from mikoshi.proposals.show import composed_json, proposed_json, show_composed, show_proposed

    context = _context(session, deployments, names)
    found = file_or_proposed(what, context)
    if isinstance(found, Proposed):
        state = context.rebuilt.governor.state(found.proposal, context.now)
        show_proposed(session.out, found, state, context.book)
        session.out.emit(proposed_json(found, state, context.book))
    else:
        show_composed(session.out, found, context.book)
        session.out.emit(composed_json(found, context.book))


@cli.command("list", epilog="proposal list")
@takes(config=True, network=True)
@deployments_option
def list_(session: Session, deployments: Path | None) -> None:
    """List every proposal of the DAO with its state."""
    from mikoshi.proposals.show import proposed_json, show_list

    context = _context(session, deployments, ())
    governor = context.rebuilt.governor
    rows = [(each, governor.state(each.proposal, context.now)) for each in context.proposed]
    if rows:
        show_list(session.out, rows, context.now)
    else:
        new = session.command(_("proposal new TITLE"))
        session.out.next_step(_("no proposals yet; begin one"), new)
    if session.options.as_json:  # which asks the chain about every call
        session.out.emit({"proposals": [proposed_json(*row, context.book) for row in rows]})


@cli.command(epilog="proposal simulate proposals/001-thank-hana.toml -o simulation.html")
@takes(config=True, network=True)
@click.argument("what", metavar="FILE|ID")
@page_option
@deployments_option
@names_option
def simulate(
    session: Session,
    what: str,
    output: Path | None,
    deployments: Path | None,
    names: tuple[Path, ...],
) -> None:
    """Execute a proposal's FILE, or the proposal ID, on a copy of the chain; report what it does.

    Passed proposals that come first are executed first. Nothing is sent to the chain itself. Ends
    with exit code 1 if the proposal fails or breaks something.
    """
    from mikoshi.context.proposed import Proposed
    from mikoshi.proposals.file import file_or_proposed
    from mikoshi.simulate.failure import simulation_failed
    from mikoshi.simulate.run import simulate as run
    from mikoshi.simulate.show import document
    from mikoshi.text.saving import save
    from mikoshi.text.terminal import show as show_document

    context, out = _context(session, deployments, names), session.out
    found = file_or_proposed(what, context)
    rebuilt = context.rebuilt
    with out.progress(_("executing on a copy of the chain")):
        sim = run(session.rpc, context.manifest, context.book, found, rebuilt=rebuilt)
    if isinstance(found, Proposed):
        command = session.command(f"status {found.number}")
    else:
        command = session.command(f"proposal submit {shlex.quote(what)}", account=True)
    told = document(sim, command)
    show_document(out, told)
    if output:
        save(told, output)
        out.good(_("wrote {path}", path=output))
    if sim.failed:
        raise simulation_failed(sim)
    out.next_step(told.step, told.command)
    out.emit(told.data)


@cli.command(epilog="proposal submit proposals/001-thank-hana.toml --account Aoi")
@takes(config=True, network=True, account=True, writes=True)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Also where the simulation fails.")
@signing_options
@proposals_option
@deployments_option
@names_option
def submit(
    session: Session,
    file: Path,
    force: bool,
    signing: SigningOptions,
    proposals: Path | None,
    deployments: Path | None,
    names: tuple[Path, ...],
) -> None:
    """Propose a FILE: show what is signed, simulate it, ask, send, and keep the exact text.

    By a transaction of --account; or by a signature in a file, which anybody may send with `ape run
    relay`. What was proposed already is found and left alone.
    """
    from mikoshi.context.sending import open_context
    from mikoshi.proposals.file import load
    from mikoshi.status.record import Records
    from mikoshi.status.submit import propose

    open_ = _context if signing.wanted else open_context
    context = open_(session, deployments, names)
    composed, records = load(file, context.book), Records(context.manifest, proposals)
    told = propose(context, composed, records, signing, shlex.quote(str(file)), force=force)
    session.out.emit(told)


@cli.command(epilog="proposal export 1 --format safe --sender Aoi")
@takes(config=True, network=True)
@click.argument("what", metavar="FILE|ID")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["safe", "cast", "unsigned"]),
    required=True,
    help="A batch for a Safe, lines for cast, or a transaction for an offline signer.",
)
@click.option(
    "--act",
    type=click.Choice(["execute", "cancel", "for", "against", "abstain"]),
    default="execute",
    show_default=True,
    help="What to do with the proposal ID; a FILE is proposed.",
)
@click.option("--sender", metavar="WHO", required=True, help="Who sends: #id, a name, an address.")
@click.option(
    "--output", "-o", type=click.Path(dir_okay=False, path_type=Path), help="The file to write."
)
@proposals_option
@deployments_option
@names_option
def export(
    session: Session,
    what: str,
    format_: str,
    act: str,
    sender: str,
    output: Path | None,
    proposals: Path | None,
    deployments: Path | None,
    names: tuple[Path, ...],
) -> None:
    """Write a call for whoever signs elsewhere: proposing FILE, or acting on the proposal ID."""
    from mikoshi.status.export.compose import exported_call
    from mikoshi.status.export.formats import FORMATS
    from mikoshi.status.export.write import write
    from mikoshi.status.record import Records
    from mikoshi.voting.signing_options import find_wallet

    context = _context(session, deployments, names)
    records, wallet = Records(context.manifest, proposals), find_wallet(context, sender)
    exported = exported_call(context, records, what, act, wallet)
    text = FORMATS[format_](exported, session.rpc)
    write(session.out, exported, text, format_, output)


def _context(session: Session, deployments: Path | None, names: tuple[Path, ...]) -> Context:
    from mikoshi.context.context import Context

    return Context.open(session, deployments, names)
