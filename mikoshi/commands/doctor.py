"""What is installed, what is missing, and what to do about it."""

from pathlib import Path

import click

from mikoshi.cli.options import deployments_option
from mikoshi.cli.session import Session, takes
from mikoshi.cli.usage import Command
from mikoshi.text import language
from mikoshi.text.language import _
from mikoshi.text.paths import checkout, dao_toml


@click.command(
    cls=Command, short_help="Say what is installed and what is missing.", epilog="doctor"
)
@takes(config=True, network=True, account=True)
@deployments_option
def cli(session: Session, deployments: Path | None) -> None:
    """Check this computer; with --network a chain and the record, with --account an account.

    Exit code 2 if anything is missing.
    """
    from mikoshi.deploy.readiness import examine

    options = session.options
    findings = []
    file = str(dao_toml(options.config))
    for finding in examine(file, options.network, options.account, deployments):
        findings.append(finding)
        if finding.warned:
            session.out.warn(f"{finding.title}: {finding.value}")
            session.out.say(f"  → {finding.hint}")
        elif finding.good:
            session.out.good(f"{finding.title} {finding.value}")
        else:
            session.out.bad(f"{finding.title}: {finding.value}")
            session.out.say(f"  → {finding.hint}")
    good = all(finding.good for finding in findings)
    session.out.emit({"ok": good, "checks": [finding.as_json() for finding in findings]})
    if not good:
        raise click.exceptions.Exit(2)
    session.out.next_step(*_next(session))


def _next(session: Session) -> tuple[str, ...]:
    """A file of the community's own is to be deployed; the sample is to be played with."""
    from mikoshi.chain.networks import LOCAL_CHAINS, network_of
    from mikoshi.config.danger import public_among, wallets_of

    path = dao_toml(session.options.config)
    if not path.exists() or public_among(wallets_of(session.config)):
        words = _("write a dao.toml of your own, or see the demo")
        return (
            words,
            language.command("init"),
            "make demo" if checkout() else language.command("demo"),
        )
    command = session.command("deploy", account=True)
    chain_id = session.config.chain_id
    if session.options.network is None and chain_id not in LOCAL_CHAINS:
        command += f" --network {network_of(chain_id)}"
    return _("see the plan"), command
