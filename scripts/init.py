"""ape run init: begin with a dao.toml that fits the community."""

import shlex
from pathlib import Path

import click

from mikoshi.cli import Session, takes
from mikoshi.language import current, listed, pick
from mikoshi.networks import LOCAL_CHAINS, network_of


@click.command(short_help="Write a dao.toml to begin with.")
@click.option(
    "--template",
    type=click.Choice(["pm-dao", "salon", "customer", "corporate"]),
    default="pm-dao",
    show_default=True,
    help="Kind of community.",
)
@click.option("--output", "-o", default="dao.toml", show_default=True, metavar="FILE")
@click.option("--name", help="Name of the DAO.")
@click.option("--chain-id", type=int, default=31337, show_default=True, help="Chain it is for.")
@click.option("--yes", "--force", "-y", "force", is_flag=True, help="Replace an existing file.")
@takes()
def cli(
    session: Session, template: str, output: str, name: str | None, chain_id: int, force: bool
) -> None:
    """Write a commented dao.toml, with the members' file and the charter that it names.

    Nothing that exists is overwritten without --yes. Edit the files, then `ape run deploy`.
    """
    from mikoshi.templates import Template
    from mikoshi.templates.starting import start

    dao = {"chain_id": chain_id} | ({"name": name} if name else {})
    started = start(Template.load(template), Path(output), [current()], force, **dao)
    for path in started.written:
        session.out.good(pick(f"wrote {path}", f"{path} を書きました"))
    for path in started.kept:
        session.out.warn(pick(f"kept {path} as it was", f"{path} はそのまま残しました"))
    for path in started.sample:
        session.out.warn(
            pick(
                f"{path} names wallets of the sample, for which anybody can sign: replace them",
                f"{path} には、誰でも署名できる見本のウォレットがあります。置き換えてください",
            )
        )
    session.out.emit(
        {
            "template": template,
            "written": [str(path) for path in started.written],
            "kept": [str(path) for path in started.kept],
            "to_fill_in": started.to_fill_in,
        }
    )
    command = f"ape run deploy --config {shlex.quote(output)}"
    if chain_id not in LOCAL_CHAINS:
        command += f" --network {network_of(chain_id)}"
    words = listed(started.to_fill_in)
    session.out.next_step(
        pick(
            f"fill in {words}; then `{command}` shows the plan",
            f"{words} を記入し、`{command}` で計画を確かめてください",
        )
    )
