"""The commands with which a member wakes, rests, leaves and comes back: alike but for the step."""

from __future__ import annotations

from pathlib import Path

import click

from mikoshi.cli.options import deployments_option, names_option
from mikoshi.cli.session import Session, takes
from mikoshi.cli.usage import Command
from mikoshi.text.language import N_
from mikoshi.voting.signing_options import SigningOptions, signing_options


def step_command(kind: str, text: str) -> click.Command:
    """The command for one of `mikoshi.voting.standing.STEPS`; `text` says what it does."""
    ways = N_("By a transaction of --account; or by a signature in a file, as with `ape run vote`.")

    @click.command(cls=Command, help=f"{text}\n\n{ways}")
    @takes(config=True, network=True, account=True, writes=True)
    @signing_options
    @deployments_option
    @names_option
    def cli(
        session: Session, signing: SigningOptions, deployments: Path | None, names: tuple[Path, ...]
    ) -> None:
        from mikoshi.voting.standing import take_step

        take_step(session, kind, signing, deployments, names)

    return cli
