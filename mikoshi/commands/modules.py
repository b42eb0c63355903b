"""Parts beside the core: which there are, and votes that attach or detach them."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from mikoshi.cli.options import deployments_option
from mikoshi.cli.session import Session, takes
from mikoshi.cli.usage import Group
from mikoshi.text.language import _
from mikoshi.text.paths import community, seen


@click.group(cls=Group, epilog="modules list")
def cli() -> None:
    """Parts beside the core: which there are, and votes that attach or detach them."""


_folder = click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    envvar="MIKOSHI_PROPOSALS",
    help="Where the proposal's file goes; default: proposals/.",
)


@cli.command(name="list", epilog="modules list")
@takes(config=True, network=True)
@deployments_option
def list_(session: Session, deployments: Path | None) -> None:
    """Show the parts that this DAO has beside the core, and since when each works."""
    from mikoshi.context.context import Context
    from mikoshi.modules.show import modules_json, show_modules

    context = Context.open(session, deployments)
    show_modules(session.out, context)
    session.out.emit(modules_json(context))


@cli.command(epilog="modules attach invitations")
@takes(config=True, network=True, account=True, writes=True)
@click.argument("section", metavar="PART")
@_folder
@deployments_option
def attach(session: Session, section: str, folder: Path | None, deployments: Path | None) -> None:
    """Make the contract of PART with the settings of dao.toml, and write the proposal for it.

    The part works 45 days after that proposal was executed.
    """
    from mikoshi.context.sending import open_context
    from mikoshi.modules import attach as attaching

    module = attaching.module_called(section)
    context = open_context(session, deployments)
    args = attaching.planned_args(context, section)

    def agreed(gas: int) -> bool:
        fees = session.sender.fees()
        session.out.say(_("about {priced}", priced=fees.priced(gas)))
        return session.go_ahead()

    session.out.say(_("{part}: made once, and of no use before the vote", part=_(module.title)))
    address = attaching.make_clone(context, module, args, agreed)
    if address is None:
        session.out.emit({"address": None, "file": None})
        return
    title = f"Attach {section}"
    why = _("The contract {address} gets the role {role}.", address=address, role=module.role)
    places = folder or seen(community() / "proposals")
    path = attaching.write_vote(places, title, why, "grant role", module.role, address)
    _next(session, path)
    session.out.emit({"address": address, "file": str(path)})


@cli.command(epilog="modules detach invitations")
@takes(config=True, network=True)
@click.argument("section", metavar="PART")
@_folder
@deployments_option
def detach(session: Session, section: str, folder: Path | None, deployments: Path | None) -> None:
    """Write the proposal that takes the role of PART away. It ends with the execution."""
    from mikoshi.context.context import Context
    from mikoshi.modules import attach as attaching

    module = attaching.module_called(section)
    context = Context.open(session, deployments)
    found = attaching.attached(context, section)
    title = f"Detach {section}"
    why = _("The contract {address} loses the role {role}.", address=found, role=module.role)
    places = folder or seen(community() / "proposals")
    path = attaching.write_vote(places, title, why, "revoke role", module.role, found)
    _next(session, path)
    session.out.emit({"address": found, "file": str(path)})


def _next(session: Session, path: Path) -> None:
    session.out.good(_("wrote {path}", path=path))
    submit = session.command(f"proposal submit {shlex.quote(str(path))}")
    session.out.next_step(_("say why in its text, then propose it"), submit)
