"""Send ballots and other acts that members signed, for members without ETH."""

from __future__ import annotations

from pathlib import Path

import click

from mikoshi.cli.options import deployments_option, names_option
from mikoshi.cli.session import Session, takes
from mikoshi.cli.usage import Command
from mikoshi.text.language import _


@click.command(
    cls=Command, short_help="Send what others have signed.", epilog="relay ballots/ --account Aoi"
)
@takes(config=True, network=True, account=True, writes=True)
@click.argument("ballots", nargs=-1, required=True, metavar="BALLOTS…")
@deployments_option
@names_option
def cli(
    session: Session, ballots: tuple[str, ...], deployments: Path | None, names: tuple[Path, ...]
) -> None:
    """Send the signed acts of BALLOTS: files, folders (their *.ballot) or patterns.

    A text copied from a chat is searched for the lines that people signed; - reads what is pasted.

    --account pays. Ballots on one proposal go together, other acts one by one. Run again after an
    interruption, it sends what is not done yet. Exit code 1 if a file was refused.
    """
    from mikoshi.context.sending import open_context
    from mikoshi.voting.relay import Carrier
    from mikoshi.voting.show_relay import relay_json, show_relay, show_sent, summary
    from mikoshi.voting.signed_file import Fate, open_files

    signed_files = open_files(ballots)
    sender, out = session.sender, session.out
    context = open_context(session, deployments, names)
    carrier = Carrier(context, sender)
    relay = carrier.plan(signed_files)
    show_relay(out, relay, {each.id: each for each in context.proposed})
    if relay.transactions:
        fees = sender.fees()
        out.say(_("about {priced}", priced=fees.priced(relay.gas)))
        if not session.options.dry_run:
            sender.require_balance(relay.gas * fees.max_fee)
        if session.go_ahead(many="relay"):
            with out.progress(_("relaying"), len(relay.transactions)) as advance:
                for transaction in relay.transactions:
                    show_sent(out, transaction, carrier.send(transaction))
                    advance(1)
    out.say(summary(relay), style="bold")
    out.emit(relay_json(relay))
    if relay.of(Fate.REFUSED):
        raise click.exceptions.Exit(1)
