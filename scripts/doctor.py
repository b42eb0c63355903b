"""ape run doctor: what is installed, what is missing, and what to do about it."""

import click

from mikoshi.cli import Session, takes
from mikoshi.language import pick


@click.command(short_help="Say what is installed and what is missing.")
@takes(config=True, network=True, account=True)
def cli(session: Session) -> None:
    """Check this computer; with --network a chain, with --account an account.

    Exit code 2 if anything is missing.
    """
    from mikoshi.readiness import examine

    options = session.options
    findings = []
    for finding in examine(options.config or "dao.toml", options.network, options.account):
        findings.append(finding)
        if finding.good:
            session.out.good(f"{finding.name} {finding.value}")
        else:
            session.out.bad(f"{finding.name}: {finding.value}")
            session.out.say(f"  → {finding.hint}")
    good = all(finding.good for finding in findings)
    session.out.emit({"ok": good, "checks": [finding.as_json() for finding in findings]})
    if not good:
        raise click.exceptions.Exit(2)
    session.out.next_step(pick("ape run init, or make demo", "ape run init または make demo"))
