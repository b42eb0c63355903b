"""Compare the DAO on its chain with its record, with dao.toml and with its own events."""

from __future__ import annotations

from pathlib import Path

import click

from mikoshi.cli.session import Session, takes
from mikoshi.cli.usage import Command
from mikoshi.text.language import _


@click.command(
    cls=Command, short_help="Compare the DAO with its record and dao.toml.", epilog="check"
)
@takes(config=True, network=True)
@click.option(
    "--deployments",
    type=click.Path(file_okay=False, path_type=Path),
    envvar="MIKOSHI_DEPLOYMENTS",
    help="Folder of the deployment records; default: deployments/.",
)
@click.option(
    "--accept-votes",
    is_flag=True,
    help="Write the roles that executed proposals gave into the record, as expected from now on.",
)
def cli(session: Session, deployments: Path | None, accept_votes: bool) -> None:
    """Check code, wiring, roles, parameters, and the state rebuilt from all events.

    Ends with exit code 1 and every difference if anything is not as it should be.
    """
    from mikoshi.check.check import check
    from mikoshi.check.roles import accept_voted_roles
    from mikoshi.check.show import failure, show_report
    from mikoshi.context.context import open_record
    from mikoshi.deploy.journal import Journal
    from mikoshi.deploy.target import aligned

    config, out, rpc = session.config, session.out, session.rpc
    manifest = open_record(session, deployments)
    wanted, later = aligned(config, manifest)
    with out.progress(_("reading events")) as advance:
        report = check(
            rpc,
            manifest,
            wanted,
            later,
            progress=lambda _: advance(1),
            source=config.source.name,
            name_of=config.name_of,
        )
    if accept_votes:
        accepted = accept_voted_roles(manifest, report.rebuilt)
        if accepted != manifest:
            accepted.save(Journal(session.chain_id, config.slug, deployments).path)
            report = check(
                rpc,
                accepted,
                wanted,
                later,
                source=config.source.name,
                name_of=config.name_of,
            )
    show_report(out, report)
    if not report.passed:
        raise failure(report, config.source.name, session.command("members admit FILE"))
    out.emit(report.as_json())
