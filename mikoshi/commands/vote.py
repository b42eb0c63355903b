"""Vote on a proposal: by a transaction, or by a signature that anybody may relay."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from mikoshi.cli.options import deployments_option, names_option
from mikoshi.cli.session import Session, takes
from mikoshi.cli.usage import Command
from mikoshi.text.json import entries_of
from mikoshi.voting.signing_options import SigningOptions, signing_options


@click.command(cls=Command, short_help="Vote on a proposal.", epilog="vote 1 --for --account Ken")
@takes(config=True, network=True, account=True, writes=True)
@click.argument("proposal")
@click.option("--for", "for_", is_flag=True, help="Vote For.")
@click.option("--against", is_flag=True, help="Vote Against.")
@click.option("--abstain", is_flag=True, help="Take part without taking a side.")
@click.option("--reason", default="", help="Why; everybody can read it for ever.")
@signing_options
@deployments_option
@names_option
def cli(
    session: Session,
    proposal: str,
    for_: bool,
    against: bool,
    abstain: bool,
    reason: str,
    signing: SigningOptions,
    deployments: Path | None,
    names: tuple[Path, ...],
) -> None:
    """Vote on PROPOSAL (its number or id): --for, --against or --abstain.

    By a transaction of --account; or by a signature in a file, which anybody may send with `ape run
    relay`. --sign-only signs with --account. For a wallet elsewhere --typed-data writes what it
    signs, and --signature puts what it made into a file.
    """
    from mikoshi.context.context import Context
    from mikoshi.context.sending import open_context
    from mikoshi.voting.ballot import ballot_message, cast_vote
    from mikoshi.voting.choice import SUPPORTS, choose, read_reason, support_of
    from mikoshi.voting.power import named
    from mikoshi.voting.show import show_choice
    from mikoshi.voting.signing_options import write_signed_act

    support, reason = support_of(against, for_, abstain), read_reason(reason)
    opened = Context.open if signing.wanted else open_context  # a signature waits for nothing
    context = opened(session, deployments, names)
    proposed = context.find(proposal)
    choice = choose(
        context, proposed, signing.wallet(context), support, reason, early=signing.wanted
    )
    show_choice(session.out, choice, context, named(context.rebuilt, context.names))
    if not signing.wanted:
        session.out.emit(entries_of(choice) | cast_vote(context, choice))
        return
    message = ballot_message(context, choice, signing.until)
    because = f" --reason {shlex.quote(reason)}" if reason else ""
    command = session.command(f"vote {proposed.number} --{SUPPORTS[support]}{because}")
    person, draft = choice.power.person, proposed.draft
    made = write_signed_act(context, signing, message, person, command, draft, choice.opens)
    session.out.emit(entries_of(choice) | made)
