"""A season of a small community, on a chain of its own."""

import click

from mikoshi.cli.session import Session, takes
from mikoshi.cli.usage import Command
from mikoshi.text import language
from mikoshi.text.language import _
from mikoshi.text.paths import checkout


@click.command(
    cls=Command, short_help="Play a season of a small community.", epilog="demo --lang ja"
)
@takes(config=True)
def cli(session: Session) -> None:
    """Play a season of a small community on a local chain, which is gone afterwards.

    Twelve people found the DAO of dao.toml, decide, fall silent and go on. Needs no account and no
    network. Exit code 1 if anything is not as it must be.
    """
    from mikoshi.play.demo.story import play

    result = play(session.config, session.out)
    session.out.emit(result)
    count = len(result["checks"])
    session.out.say()
    session.out.good(
        _(
            "{count} of {count} checks hold, in {seconds:.1f} s",
            count=count,
            seconds=result["seconds"],
        )
    )
    session.out.next_step(
        _("answer a few questions about your own community, in a shell with `. ./env.sh`")
        if checkout()
        else _("answer a few questions about your own community"),
        language.command("init"),
    )
