"""Read all events of the DAO into a local file, which the reports are made from."""

from __future__ import annotations

from pathlib import Path

import click

from mikoshi.cli.session import Session, takes
from mikoshi.cli.usage import Command


@click.command(
    cls=Command, short_help="Bring the index of events up to date.", epilog="index --rebuild"
)
@takes(config=True, network=True)
@click.option(
    "--rebuild", is_flag=True, help="Delete the file and read everything from the chain again."
)
@click.option(
    "--index",
    "file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file; default: below .cache/index/, or the folder in MIKOSHI_INDEX.",
)
@click.option(
    "--deployments",
    type=click.Path(file_okay=False, path_type=Path),
    envvar="MIKOSHI_DEPLOYMENTS",
    help="Folder of the deployment records; default: deployments/.",
)
def cli(session: Session, rebuild: bool, file: Path | None, deployments: Path | None) -> None:
    """Bring the index of the DAO's events up to date, and show what it holds.

    Other commands do it by themselves; an interrupted run goes on where it stopped.
    """
    from mikoshi.context.context import open_record, read
    from mikoshi.index.show import as_json, show_index

    manifest = open_record(session, deployments)
    found = read(session, manifest, file, rebuild, whole=False)
    with found.index as index:
        show_index(session.out, index, found.news, session.command("report"))
        session.out.emit(as_json(index, found.news))
