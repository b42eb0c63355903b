"""A community that collapses or recovers, seen with the alarms of dao.toml."""

from __future__ import annotations

from pathlib import Path

import click

from mikoshi.cli.options import page_option
from mikoshi.cli.session import Session, takes
from mikoshi.cli.usage import Command
from mikoshi.text import language
from mikoshi.text.language import _

_SHAPES = (
    "loyal-readers",
    "contented-delegators",
    "seasonal-pause",
    "thanking-founder",
    "rotating-club",
)
NAMES = ("collapse", "recovery", *(f"{each}{end}" for end in ("", "-dying") for each in _SHAPES))
"""Those of `mikoshi.play.regimes`, which is not imported to show the help."""


@click.command(
    cls=Command,
    short_help="Try the alarms on simulated communities.",
    epilog="regimes collapse --seed 7",
)
@takes(config=True)
@click.argument("regime", type=click.Choice(NAMES))
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Which history.")
@click.option(
    "--months",
    type=click.IntRange(1, 24),
    help="How many months are played; 10 unless given, and 24 of a shape.",
)
@page_option
def cli(session: Session, regime: str, seed: int, months: int | None, output: Path | None) -> None:
    """Play months of a simulated community on a local chain, which is gone afterwards.

    REGIME is collapse (as PM DAO's), recovery, or a shape: each is healthy, or -dying. Shows which
    alarms of dao.toml would have rung, month by month. Needs no account and no network. -o writes
    the report of the last month. Example: mikoshi regimes loyal-readers-dying --seed 7
    """
    from mikoshi.play.regimes.regime import REGIMES
    from mikoshi.play.regimes.shape import SHAPES
    from mikoshi.play.regimes.show import play
    from mikoshi.report.show import document
    from mikoshi.text.saving import save

    played = REGIMES.get(regime) or SHAPES[regime]
    result, report = play(played, seed, months, session.config.alarms, session.out)
    if output:
        save(document(report), output)
        session.out.good(_("wrote {path}", path=output))
    session.out.emit(result)
    session.out.next_step(_("ask the same of your own DAO"), language.command("report"))
