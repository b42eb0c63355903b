"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path

import click

deployments_option = click.option(
    "--deployments",
    type=click.Path(file_okay=False, path_type=Path),
    envvar="MIKOSHI_DEPLOYMENTS",
    help="Folder of the deployment records; default: deployments/.",
)

names_option = click.option(
    "--names",
    type=click.Path(dir_okay=False, path_type=Path),
    multiple=True,
    help="CSV with wallet,name; may be given several times. Names stay on this computer.",
)
