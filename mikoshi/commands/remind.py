"""Say what is due to the community's chats, each thing once; write its calendar and its feed."""

from __future__ import annotations

from pathlib import Path

import click

from mikoshi.cli.options import deployments_option, dry_run_option
from mikoshi.cli.session import Session, takes
from mikoshi.cli.usage import Command
from mikoshi.text.language import _


@click.command(
    cls=Command, short_help="Remind the community of what is due.", epilog="remind -o public"
)
@takes(config=True, network=True)
@dry_run_option
@click.option(
    "--output",
    "-o",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder in which calendar.ics and feed.atom are written.",
)
@deployments_option
def cli(session: Session, output: Path | None, deployments: Path | None) -> None:
    """Say to the community's chats what is due, each thing once: for cron, where no server runs.

    MIKOSHI_WEBHOOK_DISCORD and MIKOSHI_WEBHOOK_SLACK name their webhooks; without them it is only
    shown. Language and zone are in dao.toml under [reminders]. People are told by number.
    """
    from mikoshi.context.context import Context
    from mikoshi.reminders.hook import hooks
    from mikoshi.reminders.memory import Memory
    from mikoshi.reminders.run import as_json, read, require_said, say, show, write

    chats, out = hooks(), session.out
    context = Context.open(session, deployments)
    bulletin = read(context)
    if output and not session.options.dry_run:
        for path in write(bulletin, output):
            out.good(_("wrote {path}", path=path))
    with Memory.usual(session.config.source, context.manifest) as memory:
        deliveries = say(bulletin, chats, memory, dry_run=session.options.dry_run)
    show(out, bulletin, deliveries)
    if not chats:
        out.note(_("no chat is named: set MIKOSHI_WEBHOOK_DISCORD or MIKOSHI_WEBHOOK_SLACK"))
    report = as_json(bulletin, deliveries)
    require_said(deliveries, report)
    out.emit(report)
