"""Measure gas and code size."""

import click

from mikoshi.cli.session import Session, takes
from mikoshi.cli.usage import Command
from mikoshi.text.json import plain
from mikoshi.text.language import _


@click.command(cls=Command, short_help="Measure gas and code size.", epilog="bench --check")
@click.option(
    "--check", is_flag=True, help="Compare with benchmarks/gas.json instead of writing it."
)
@click.option("--explain", metavar="NAME", help="Show where the gas of one operation goes.")
@click.option(
    "--scale", is_flag=True, envvar="SCALE", help="Also measure among 50,000 members; minutes more."
)
@click.option(
    "--flood", is_flag=True, help="Flood a server instead: 200 readers, 50 acts a second."
)
@takes()
def cli(session: Session, check: bool, explain: str | None, scale: bool, flood: bool) -> None:
    """Measure Mikoshi, the OpenZeppelin wizard's DAO and Aragon's on one local node.

    Also what commands take among 50,000 members with --scale. Writes benchmarks/gas.json. With
    --check, ends with exit code 1 if anything differs from it.
    """
    from dataclasses import asdict

    from mikoshi.play.bench import commands, run
    from mikoshi.play.bench.operations import OPERATIONS
    from mikoshi.play.bench.report import GasReport, differences
    from mikoshi.play.bench.show import failure, show_explanation, show_report, unknown

    out = session.out
    if flood:
        from mikoshi.play.bench import flood as floods

        with out.progress(_("flooding")):
            flooded = floods.flood()
        floods.show_flood(out, flooded)
        out.emit(plain(flooded))
        return
    if explain is not None:
        if explain not in OPERATIONS:
            raise unknown(explain)
        with out.progress(_("tracing")):
            explanation = run.explain(explain)
        show_explanation(out, explanation)
        out.emit(asdict(explanation))
        return
    with out.progress(_("measuring"), total=run.STEPS) as advance:
        report = run.measure(advance, scale)
    show_report(out, report)
    result = asdict(report)
    if scale:
        with out.progress(_("growing a large DAO")):
            taken = commands.measure()
        commands.show_commands(out, taken)
        result["commands"] = plain(taken)
    if not check:
        report.save()
    elif changed := differences(GasReport.load(), report):
        raise failure(changed)
    out.emit(result)
