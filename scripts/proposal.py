"""Write, check, show and send proposals."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from mikoshi.cli import Session, takes
from mikoshi.options import deployments_option, names_option

if TYPE_CHECKING:
    from mikoshi.proposals import Composed
    from mikoshi.proposals.desk import Desk
    from mikoshi.proposals.proposed import Proposed


@click.group()
def cli() -> None:
    """Write, check, show and send proposals."""


@cli.command()
@takes(config=True)
@click.argument("title")
@click.option(
    "--template",
    "templates",
    multiple=True,
    default=("pay",),
    show_default=True,
    help="An action to begin with, or advisory; may be given several times.",
)
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("proposals"),
    show_default=True,
    help="Where the file goes.",
)
def new(session: Session, title: str, templates: tuple[str, ...], folder: Path) -> None:
    """Write a proposal's file called TITLE to start from."""
    from mikoshi.language import pick
    from mikoshi.proposals.new import new as write_new

    path = write_new(folder, title, templates, session.config.token.symbol)
    session.out.good(pick(f"wrote {path}", f"{path} を作成しました"))
    lint = session.command(f"proposal lint {path}")
    session.out.next_step(pick(f"edit it, then {lint}", f"内容を書いてから {lint}"))
    session.out.emit({"file": str(path)})


@cli.command()
@takes(config=True, network=True)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@deployments_option
@names_option
def lint(session: Session, file: Path, deployments: Path | None, names: tuple[Path, ...]) -> None:
    """Check a proposal's FILE and show what its bytes would do."""
    from mikoshi.language import pick
    from mikoshi.proposals import load
    from mikoshi.proposals.show import composed_json, show_composed

    desk = _desk(session, deployments, names)
    composed = load(file, desk.book)
    show_composed(session.out, composed, desk.book)
    simulate = session.command(f"proposal simulate {file}")
    session.out.next_step(pick(f"{simulate} tries it", f"{simulate} で試せます"))
    session.out.emit(composed_json(composed, desk.book))


@cli.command()
@takes(config=True, network=True)
@click.argument("what", metavar="FILE|ID")
@deployments_option
@names_option
def show(session: Session, what: str, deployments: Path | None, names: tuple[Path, ...]) -> None:
    """Show a proposal's FILE, or the proposal on the chain called ID, in words."""
    from mikoshi.proposals.proposed import Proposed
    from mikoshi.proposals.show import composed_json, proposed_json, show_composed, show_proposed

    desk = _desk(session, deployments, names)
    found = _file_or_proposed(what, desk)
    if isinstance(found, Proposed):
        state = desk.rebuilt.governor.state(found.proposal, desk.now)
        show_proposed(session.out, found, state, desk.book)
        session.out.emit(proposed_json(found, state, desk.book))
    else:
        show_composed(session.out, found, desk.book)
        session.out.emit(composed_json(found, desk.book))


@cli.command("list")
@takes(config=True, network=True)
@deployments_option
def list_(session: Session, deployments: Path | None) -> None:
    """List every proposal of the DAO with its state."""
    from mikoshi.language import pick
    from mikoshi.proposals.show import proposed_json, show_list

    desk = _desk(session, deployments, ())
    governor = desk.rebuilt.governor
    rows = [(each, governor.state(each.proposal, desk.now)) for each in desk.proposed]
    if rows:
        show_list(session.out, rows, desk.now)
    else:
        new = session.command("proposal new")
        session.out.next_step(
            pick(
                f"no proposals yet; {new} TITLE begins one",
                f"提案はまだありません。{new} 題名 で作れます",
            )
        )
    session.out.emit({"proposals": [proposed_json(*row, desk.book) for row in rows]})


def _desk(session: Session, deployments: Path | None, names: tuple[Path, ...]) -> Desk:
    from mikoshi.proposals.desk import Desk

    return Desk.open(session, deployments, names)


def _file_or_proposed(what: str, desk: Desk) -> Composed | Proposed:
    """The file at a path, or else the proposal on the chain. Raises BadInputError."""
    from mikoshi.proposals import load

    path = Path(what)
    return load(path, desk.book) if path.suffix in (".toml", ".py") else desk.find(what)
