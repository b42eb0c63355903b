"""Begin with a dao.toml that fits the community."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mikoshi.chain.networks import LOCAL_CHAINS, network_of
from mikoshi.chain.settings import own_node
from mikoshi.cli.session import Session, at_a_terminal, takes
from mikoshi.cli.usage import Command
from mikoshi.text.language import N_, _, current, listed

if TYPE_CHECKING:
    from mikoshi.config.templates.starting import Started
    from mikoshi.init.draft import ConfigDraft


@click.command(
    cls=Command,
    short_help="Write a dao.toml to begin with.",
    epilog='init --template salon --name "Tea DAO" -o tea.toml --yes',
)
@click.option(
    "--template",
    type=click.Choice(["pm-dao", "salon", "customer", "corporate"]),
    default="pm-dao",
    show_default=True,
    help="Kind of community.",
)
@click.option("--output", "-o", default="dao.toml", show_default=True, metavar="FILE")
@click.option("--name", help="Name of the DAO.")
@click.option("--chain-id", type=int, default=31337, show_default=True, help="Chain it is for.")
@click.option(
    "--pace",
    type=click.Choice(["usual", "minutes"]),
    default="usual",
    show_default=True,
    help="minutes: to practise with, each period the shortest that is legal.",
)
@click.option(
    "--answers",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Answers to the questions, as TOML, instead of asking.",
)
@click.option(
    "--yes", "--force", "-y", "force", is_flag=True, help="Ask nothing; replace an existing file."
)
@takes()
def cli(
    session: Session,
    template: str,
    output: str,
    name: str | None,
    chain_id: int,
    pace: str,
    answers: Path | None,
    force: bool,
) -> None:
    """Write a commented dao.toml, with the members' file and the charter that it names.

    At a terminal a few plain questions are asked first; options answer theirs. With --yes, or
    where nobody can be asked, a file to be filled in is written. Nothing that exists is
    overwritten unasked without --yes. Then `ape run deploy`.
    """
    path, practice = Path(output), pace == "minutes"
    if answers is not None or (at_a_terminal() and not force and not session.options.as_json):
        draft = (
            _answered(answers, path, force, practice)
            if answers
            else _talked(session, path, practice)
        )
        started, template, chain_id = draft.write(), draft.kind, draft.config.chain_id
    else:
        started = _to_be_filled_in(template, path, name, chain_id, force, practice)
    _show(session, started)
    if practice:
        _say_practice(session)
    session.out.emit(
        {
            "template": template,
            "written": [str(path) for path in started.written],
            "kept": [str(path) for path in started.kept],
            "to_fill_in": started.to_fill_in,
        }
    )
    session.out.next_step(*_next(session, output, chain_id, started.to_fill_in))


def _given() -> dict[str, str]:
    """The answers that the command line gives, by the questions' names."""
    context = click.get_current_context()
    options = {"name": "name", "template": "kind", "chain_id": "chain"}
    return {
        question: str(context.params[option])
        for option, question in options.items()
        if context.get_parameter_source(option) is click.core.ParameterSource.COMMANDLINE
    }


def _answered(answers: Path, output: Path, force: bool, practice: bool) -> ConfigDraft:
    from mikoshi.config.templates.starting import refuse_existing
    from mikoshi.init.answers import read_answers
    from mikoshi.init.draft import make_draft

    draft = make_draft(read_answers(answers, output, _given(), practice), [current()])
    if not force:
        for path in draft.replaced:
            refuse_existing(path)
    return draft


def _talked(session: Session, output: Path, practice: bool) -> ConfigDraft:
    from mikoshi.init.talk import talk

    return talk(session.out, output, _given(), [current()], practice)


def _to_be_filled_in(
    template: str, output: Path, name: str | None, chain_id: int, force: bool, practice: bool
) -> Started:
    from mikoshi.config.templates.starting import start
    from mikoshi.config.templates.template import Template

    dao: dict[str, Any] = {"chain_id": chain_id} | ({} if name is None else {"name": name})
    for setting, value in dao.items():
        _require(setting, value)
    begun = Template.load(template)
    begun = begun.practice() if practice else begun
    return start(begun, output, [current()], force, **dao)


def _require(setting: str, value: Any) -> None:
    """Make sure that dao.toml can have a value that was given as an option."""
    from mikoshi.config.kinds import ValueProblemError
    from mikoshi.init.question import setting as setting_called
    from mikoshi.text.errors import BadInputError

    try:
        setting_called(f"dao.{setting}").kind.read(value)
    except ValueProblemError as error:
        raise BadInputError(
            "option.unfit",
            "--{replace} {error}",
            N_("dao.{setting} could not be so"),
            N_("Give another one; nothing was written"),
            replace=setting.replace("_", "-"),
            error=error,
            setting=setting,
        ) from error


def _show(session: Session, started: Started) -> None:
    for path in started.written:
        session.out.good(_("wrote {path}", path=path))
    for path in started.kept:
        session.out.warn(_("kept {path} as it was", path=path))
    for path in started.sample:
        session.out.warn(
            _(
                "{path} names wallets of the sample, for which anybody can sign: replace them",
                path=path,
            )
        )


def _say_practice(session: Session) -> None:
    session.out.warn(
        _(
            "to practise with: 1 day to read a proposal, 2 to vote, 1 until it is done, the "
            "shortest that the contracts allow; `ape run play forward` lets them pass"
        )
    )


def _next(session: Session, output: str, chain_id: int, to_fill_in: list[str]) -> tuple[str, ...]:
    """What to do now, and the commands for it."""
    deploy = f"deploy --config {shlex.quote(output)}"
    if chain_id not in LOCAL_CHAINS:
        deploy += f" --network {network_of(chain_id)}"
    commands = [session.command(deploy)]
    if chain_id in LOCAL_CHAINS and not own_node():
        commands.insert(0, session.command("play start"))
    if not to_fill_in:
        return _("see the plan"), *commands
    words = listed(to_fill_in)
    return _("fill in {words}; then see the plan", words=words), *commands
