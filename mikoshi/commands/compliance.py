"""Name the switches of the DAO that need a lawyer's eye."""

from __future__ import annotations

from pathlib import Path

import click

from mikoshi.cli.options import deployments_option, page_option
from mikoshi.cli.session import Session, takes
from mikoshi.cli.usage import Command
from mikoshi.text.language import _


@click.command(
    cls=Command, short_help="Say what counsel should look at.", epilog="compliance -o compliance.md"
)
@takes(config=True, network=True)
@page_option
@deployments_option
def cli(session: Session, output: Path | None, deployments: Path | None) -> None:
    """Say in plain words what counsel should look at: tickets, tokens, people, powers, money.

    From dao.toml alone, or with --network as the chain says. Information, no legal advice.
    """
    from mikoshi.context.context import Context
    from mikoshi.papers.compliance.facts import ComplianceFacts
    from mikoshi.papers.compliance.review import review
    from mikoshi.papers.compliance.show import document
    from mikoshi.text.saving import save
    from mikoshi.text.terminal import show

    if session.options.network is None:
        facts = ComplianceFacts.of_config(session.config)
    else:
        facts = ComplianceFacts.of_chain(Context.open(session, deployments))
    told = document(review(facts))
    show(session.out, told)
    if output:
        save(told, output)
        session.out.good(_("wrote {path}", path=output))
    else:
        session.out.next_step(
            _("write this for your counsel, before money is real"),
            session.command("compliance -o FILE.md"),
        )
    session.out.emit(told.data)
