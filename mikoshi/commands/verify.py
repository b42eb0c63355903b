"""Give the sources of a deployed DAO to explorers."""

from __future__ import annotations

from pathlib import Path

import click

from mikoshi.cli.options import deployments_option
from mikoshi.cli.session import Session, takes
from mikoshi.cli.usage import Command
from mikoshi.text.language import _


@click.command(
    cls=Command,
    short_help="Give the sources of the DAO to explorers.",
    epilog="verify --output verify",
)
@takes(config=True, network=True)
@click.option(
    "--output",
    "-o",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("verify"),
    show_default=True,
    help="Folder for the files.",
)
@click.option(
    "--submit", is_flag=True, help="Send them to the network's explorer through ape-etherscan."
)
@deployments_option
def cli(session: Session, output: Path, submit: bool, deployments: Path | None) -> None:
    """Compile the sources to the code on the chain, and write what explorers ask for.

    Standard JSON, constructor arguments, and requests for Sourcify. With --submit they are sent.
    """
    from mikoshi.context.context import open_record
    from mikoshi.verify import bundle, etherscan
    from mikoshi.verify.deployed import clones_of, contracts_of, require_same_code
    from mikoshi.verify.show import show_contracts, show_files
    from mikoshi.verify.standard_input import standard_input

    out, manifest = session.out, open_record(session, deployments)
    with out.progress(_("compiling")):
        given = standard_input()
    require_same_code(manifest, session.rpc, given)
    contracts, clones = contracts_of(manifest, given), clones_of(manifest)
    show_contracts(out, given, contracts, clones)
    files = bundle.write(output, given, contracts, clones)
    verdicts: dict[str, str] = {}
    if submit:
        with etherscan.explorer(session.rpc, session.chain_id) as explorer:
            for each in contracts:
                with out.progress(each.name):
                    verdicts[each.name] = etherscan.submit(explorer, given, each)
                out.good(f"{each.name}: {verdicts[each.name]}")
    else:
        again = session.command("verify --submit")
        show_files(out, output, session.chain_id, again, etherscan.installed())
    out.emit(
        {
            "compiler": given.version,
            "contracts": [each.as_json() for each in contracts],
            "clones": [each.as_json() for each in clones],
            "files": [str(path) for path in files],
            "submitted": verdicts,
        }
    )
