"""Write the files that describe the DAO to wallets, markets and directories."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from mikoshi.cli.options import deployments_option
from mikoshi.cli.session import Session, takes
from mikoshi.cli.usage import Group


@click.group(cls=Group, epilog="metadata build")
def cli() -> None:
    """Write the files that describe the DAO to others."""


@cli.command(epilog="metadata build")
@takes(config=True, network=True)
@click.option(
    "--output",
    "-o",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("metadata"),
    show_default=True,
    help="Folder for the files; it can be served from anywhere.",
)
@click.option("--base-uri", default="", metavar="URI", help="Where the folder will be served.")
@click.option("--description", default="", help="What the DAO is, in a sentence.")
@deployments_option
def build(
    session: Session, output: Path, base_uri: str, description: str, deployments: Path | None
) -> None:
    """Write contract metadata (ERC-7572) and daoURI files (ERC-4824) from the DAO's events.

    Members appear by their wallets alone. The same block gives the same files.
    """
    from mikoshi.context.context import Context
    from mikoshi.papers.metadata.files import build_files, parse_base
    from mikoshi.papers.metadata.show import show_files

    base = parse_base(base_uri)
    files = build_files(Context.open(session, deployments), base, description)
    paths = files.write(output)
    again = session.command(f"metadata build -o {shlex.quote(str(output))}")
    show_files(session.out, files, output, base, again)
    session.out.emit(
        {
            "folder": str(output),
            "files": [str(path) for path in paths],
            "block": files.block,
            "charter": files.charter,
            "on_chain": {"contractURI": False, "daoURI": False},
        }
    )
