"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from typing_extensions import override

from mikoshi.text.language import LANGUAGES, Language
from mikoshi.text.paths import DAO_TOML


class ListedOption(click.Option):
    """Lists what can be chosen, as `choices` tells it when the page is shown."""

    def __init__(self, *args: Any, choices: Callable[[], tuple[str, ...]], **settings: Any) -> None:
        self._choices = choices
        super().__init__(*args, **settings)

    @override
    def make_metavar(self) -> str:
        return f"[{'|'.join(self._choices())}]"


config_option = click.option(
    "--config",
    default=DAO_TOML,
    show_default=True,
    envvar="MIKOSHI_CONFIG",
    show_envvar=True,
    metavar="FILE",
    help="What the DAO shall be.",
)

network_option = click.option(
    "--network",
    envvar="MIKOSHI_NETWORK",
    show_envvar=True,
    metavar="NETWORK",
    help="Chain: ethereum:sepolia, ethereum:local:foundry, or the URL of a node.",
)

account_option = click.option(
    "--account",
    envvar="MIKOSHI_ACCOUNT",
    show_envvar=True,
    metavar="ALIAS",
    help="Who signs: an account of Ape.",
)

dry_run_option = click.option(
    "--dry-run", is_flag=True, help="Show what would be sent; send nothing."
)

yes_option = click.option("--yes", "-y", is_flag=True, help="Send without asking.")

options_of_all = (
    click.option("--json", "as_json", is_flag=True, help="Print one JSON object on stdout."),
    click.option("--lang", type=click.Choice(LANGUAGES), help="Language; default: the locale's."),
    click.option("--debug", is_flag=True, help="Show the traceback of an error."),
)

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

page_option = click.option(
    "--output",
    "-o",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write one HTML page that needs no network; Markdown if it ends in .md.",
)


@dataclass(frozen=True)
class Options:
    """What was given on the command line."""

    config: str | None = None
    network: str | None = None
    account: str | None = None
    dry_run: bool = False
    yes: bool = False
    as_json: bool = False
    lang: Language | None = None
    debug: bool = False
