"""Options of the commands that read or write the records of proposals."""

from __future__ import annotations

from pathlib import Path

import click

proposals_option = click.option(
    "--proposals",
    type=click.Path(file_okay=False, path_type=Path),
    envvar="MIKOSHI_PROPOSALS",
    help="Folder of the proposals' records; default: proposals/.",
)
