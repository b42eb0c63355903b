"""Say whether the DAO is alive: numbers with their definitions and events, and alarms."""

from __future__ import annotations

from pathlib import Path

import click

from mikoshi.cli.options import deployments_option, names_option, page_option
from mikoshi.cli.session import Session, takes
from mikoshi.cli.usage import Command
from mikoshi.text.language import _


@click.command(
    cls=Command, short_help="Count who came, stayed and votes.", epilog="report -o report.html"
)
@takes(config=True, network=True)
@page_option
@click.option(
    "--at",
    metavar="TIME|BLOCK",
    help='A moment: "2026-11-24 14:00" in your zone, with Z in UTC, "30 days ago", or a block\'s '
    "number.",
)
@deployments_option
@names_option
@click.option(
    "--fail-on",
    metavar="ALARM,…",
    default="dying,quorum,runway",
    show_default=True,
    help='Which alarms end it with exit code 1: their names, "any" or "none".',
)
def cli(
    session: Session,
    output: Path | None,
    at: str | None,
    deployments: Path | None,
    names: tuple[Path, ...],
    fail_on: str,
) -> None:
    """Count from the DAO's events who came and stayed, who votes, what is rewarded and paid.

    Ends with exit code 1 if an alarm rings that --fail-on names; thresholds are in dao.toml under
    [alarms]. Example: mikoshi report --fail-on any -o report.html
    """
    from mikoshi.context.context import Context
    from mikoshi.report.alarms import chosen
    from mikoshi.report.reading import read_report
    from mikoshi.report.show import alarmed, document
    from mikoshi.text.saving import save
    from mikoshi.text.terminal import show

    names_of_alarms = chosen(fail_on)
    report = read_report(Context.open(session, deployments, names), at)
    told = document(report)
    if output:
        save(told, output)  # first: whoever reads the screen may stop after a few lines
    show(session.out, told)
    if output:
        session.out.good(_("wrote {path}", path=output))
    if failing := [alarm for alarm in report.ringing if alarm.name in names_of_alarms]:
        raise alarmed(report, failing, session.config.source.name)
    session.out.emit(told.data)
