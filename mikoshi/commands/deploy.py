"""Create the DAO that dao.toml describes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from mikoshi.cli.session import Session, takes
from mikoshi.cli.usage import Command
from mikoshi.text.json import entries_of
from mikoshi.text.language import _

if TYPE_CHECKING:
    from mikoshi.deploy.journal import Journal


@click.command(cls=Command, short_help="Create the DAO of dao.toml.", epilog="deploy --dry-run")
@takes(config=True, network=True, account=True, writes=True)
@click.option(
    "--deployments",
    type=click.Path(file_okay=False, path_type=Path),
    envvar="MIKOSHI_DEPLOYMENTS",
    help="Folder of the deployment records; default: deployments/.",
)
@click.option(
    "--adopt",
    "treasury",
    metavar="0x…",
    help="Write the lost record of the DAO with this treasury anew; send nothing.",
)
@click.option("--second", is_flag=True, help="Make a second DAO of the same name and members.")
def cli(session: Session, deployments: Path | None, treasury: str | None, second: bool) -> None:
    """Create the DAO of dao.toml: show the plan, ask, send, and write the record.

    An interrupted run continues where it stopped; a DAO that exists is found and left alone.
    """
    from mikoshi.deploy import refusals
    from mikoshi.deploy.charter import require_written
    from mikoshi.deploy.journal import Journal
    from mikoshi.deploy.perform import perform, write_record
    from mikoshi.deploy.plan import make_plan
    from mikoshi.deploy.show import show_done, show_existing, show_later, show_plan

    config, out = session.config, session.out
    journal = Journal(session.chain_id, config.slug, deployments)
    session.record = journal.path
    if treasury is not None:
        _adopt(session, journal, treasury)
        return
    named = session.options.account is not None or not session.live
    sender = session.sender if named else None
    plan = make_plan(config, session.rpc, journal, sender, session.live)
    show_plan(out, plan, config, sender.account.name if sender else "")
    result = {"plan": entries_of(plan), "sent": False, "record": None}
    if not plan.steps:
        manifest = write_record(plan, session.rpc, journal)
        show_existing(out, manifest)
    else:
        unasked = session.options.yes or not session.live
        if plan.twin and unasked and not second and not session.options.dry_run:
            there = plan.twin.addresses["treasury"]
            raise refusals.twin_there(plan.twin, session.command(f"deploy --adopt {there}"))
        if session.live and session.options.yes and not session.options.dry_run:
            require_written(config)  # nobody would see the warning
        if not session.options.dry_run:
            session.sender.require_balance(plan.needed)  # before anybody is asked
        if not session.go_ahead():
            out.emit(result)
            return
        with out.progress(_("sending"), len(plan.steps)) as advance:
            manifest = perform(plan, session.sender, journal, lambda _: advance(1))
        result["sent"] = True
        show_done(out, manifest, str(journal.path))
    later = session.command("members admit FILE", account=True)
    show_later(out, plan, config, later)
    out.next_step("", session.command("check"))
    out.emit(result | {"record": str(journal.path), "transactions": manifest.transactions})


def _adopt(session: Session, journal: Journal, treasury: str) -> None:
    from mikoshi.deploy.adopt import adopt
    from mikoshi.deploy.show import show_adopted

    out = session.out
    with out.progress(_("reading events")) as advance:
        manifest = adopt(
            session.config, session.rpc, journal, treasury, progress=lambda _: advance(1)
        )
    show_adopted(out, manifest, journal.path)
    out.next_step("", session.command("check"))
    out.emit({"record": str(journal.path), "block": manifest.block} | manifest.addresses)
