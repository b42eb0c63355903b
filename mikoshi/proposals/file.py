"""A proposal's file: TOML, or Python with `build(dao)` for what TOML cannot say.

    title = "Fund the docs team"
    text = "Why, in Markdown."

    [[actions]]
    do = "pay"
    to = "#7"
    amount = "2,500 USDC"

    [coins]
    USDC = "0x…"

`binding = false` asks the members without doing anything. `build` gets the DAO's Book and returns
the same entries as a dict.
"""

from __future__ import annotations

import importlib
import runpy
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from mikoshi.ballots.proposal import TreasuryCall
from mikoshi.config.kinds import ValueProblemError, written
from mikoshi.config.problems import Problems
from mikoshi.config.words import Text, Wallet, YesNo
from mikoshi.context.address_book import AddressBook
from mikoshi.proposals.action import Action, FieldError
from mikoshi.proposals.actions import ACTIONS
from mikoshi.proposals.composed import Composed
from mikoshi.text.console import shortened, visible
from mikoshi.text.errors import BadInputError, ProblemError, Words
from mikoshi.text.files import NoTextError, read_toml, reason_of
from mikoshi.text.language import N_, listed

if TYPE_CHECKING:
    from mikoshi.context.context import Context
    from mikoshi.context.proposed import Proposed

_QUOTED = 80  # characters
_KEYS = ("title", "text", "binding", "actions", "coins")
TITLE = Text(1, 200)
"""The line that a proposal begins with."""

_MAX_TEXT = 20_000  # bytes; 16 gas each, and a wallet has to show it


def load(path: Path, book: AddressBook) -> Composed:
    """Read and compose a proposal. Raises BadInputError with everything that is wrong in it."""
    return compose(_entries(path, book), path, book)


def compose(entries: Mapping[str, Any], path: Path, book: AddressBook) -> Composed:
    """The proposal of the entries of a file, which `path` names. Raises as `load` does."""
    problems = Problems(path.name)
    for name in map(str, entries.keys() - set(_KEYS)):
        problems.add_unknown(name, name, _KEYS)
    title = _field(TITLE, entries, "title", problems)
    text = _text(entries, problems)
    binding = _field(YesNo(), entries, "binding", problems, default=True)
    book.coins = _coins(entries, book, problems)
    actions = _actions(entries, path.parent, book, problems)
    if binding is False and entries.get("actions"):
        problems.add(
            "actions",
            ValueProblemError("actions.of-advice", N_("cannot be there: binding is false")),
            N_("an advisory proposal only asks"),
        )
    if binding and not entries.get("actions"):
        problems.add(
            "actions",
            ValueProblemError("actions.missing", N_("are missing")),
            N_("a binding proposal does something; write binding = false to only ask"),
        )
    problems.check(N_("members vote on exactly what the file says"))
    return Composed(path, title, text, tuple(actions))


def file_or_proposed(what: str, context: Context) -> Composed | Proposed:
    """The file at a path, or else the proposal on the chain. Raises BadInputError."""
    return load(Path(what), context.book) if is_file(what) else context.find(what)


def is_file(what: str) -> bool:
    """Whether it names a file, and not a proposal on the chain."""
    return Path(what).suffix.lower() in (".toml", ".py")


def _entries(path: Path, book: AddressBook) -> dict[str, Any]:
    if path.suffix.lower() == ".py":
        return _built(path, book)
    try:
        return read_toml(path)
    except OSError as error:
        problem = ProblemError("proposal-file.unreadable", "{reason}", reason=reason_of(error))
        raise _unusable(path, problem) from error
    except NoTextError as error:
        raise _unusable(path, error) from error


def _built(path: Path, book: AddressBook) -> dict[str, Any]:
    if not path.is_file():
        missing = ProblemError("proposal-file.missing", N_("there is no such file"))
        raise _unusable(path, missing)
    try:
        # What it prints is no part of what programs get, and what lies beside it can be imported.
        with redirect_stdout(sys.stderr), _beside(path.parent):
            build = runpy.run_path(str(path)).get("build")
            entries = build(book) if build else None
    except (Exception, SystemExit) as error:  # the file is the author's own program
        said = f"{type(error).__name__}: {error}"
        broken = ProblemError("proposal-file.build-fails", "build: {error}", error=said)
        raise _unusable(path, broken) from error
    if build is None:
        lacking = ProblemError("proposal-file.without-build", N_("it lacks build(dao)"))
        raise _unusable(path, lacking)
    if not isinstance(entries, Mapping):
        other = ProblemError("proposal-file.builds-no-dict", N_("build must return a dict"))
        raise _unusable(path, other)
    return dict(entries)


@contextmanager
def _beside(folder: Path) -> Iterator[None]:
    """Let Python import what lies in a folder, first and anew, and forget it afterwards."""
    place, known, paths = str(folder.resolve()), set(sys.modules), list(sys.path)
    sys.path.insert(0, place)
    importlib.invalidate_caches()
    try:
        yield
    finally:
        sys.path[:] = paths
        for name in set(sys.modules) - known:
            file = getattr(sys.modules[name], "__file__", None)
            if file and Path(file).is_relative_to(place):
                del sys.modules[name]


def _unusable(path: Path, problem: ProblemError) -> BadInputError:
    return BadInputError(
        "proposal-file.unusable",
        N_("{path} cannot be read as a proposal"),
        "{problem}",
        N_("`ape run proposal new` writes one to start from"),
        path=path,
        problem=problem,
    )


def _field(
    kind: Any, entries: Mapping[str, Any], name: str, problems: Problems, **more: Any
) -> Any:
    if name not in entries and "default" in more:
        return more["default"]
    if name not in entries:
        problems.add_missing(name)
        return None
    try:
        return kind.read(entries[name])
    except ValueProblemError as error:
        problems.add(name, error)
        return None


def _text(entries: Mapping[str, Any], problems: Problems) -> str:
    text = entries.get("text", "")
    if not isinstance(text, str):
        told = ValueProblemError(
            "text.not-a-text", N_("must be a text in quotes, got {got}"), got=written(text)
        )
        problems.add("text", told)
        return ""
    size = len(text.encode())
    if size > _MAX_TEXT:
        told = ValueProblemError(
            "text.too-long",
            N_("must be at most {most:,} bytes (a Japanese character takes 3), got {got:,}"),
            most=_MAX_TEXT,
            got=size,
        )
        problems.add("text", told, N_("put the rest on a page and link it"))
    if visible(text) != text:
        told = ValueProblemError(
            "text.hidden-characters", N_("must not contain characters that nobody sees")
        )
        problems.add("text", told, N_("something could hide behind them; each is shown as �"))
    if "#proposer=" in text:
        told = ValueProblemError("text.names-proposer", N_("must not contain #proposer="))
        problems.add("text", told, N_("submit adds it with who proposes"))
    return text.strip()


def _coins(entries: Mapping[str, Any], book: AddressBook, problems: Problems) -> dict[str, str]:
    coins = entries.get("coins", {})
    if not isinstance(coins, Mapping):
        told = ValueProblemError("coins.not-a-table", N_('must be a table: USDC = "0x…"'))
        problems.add("coins", told)
        return {}
    found = {}
    for symbol, address in coins.items():
        try:
            wallet = Wallet().read(address)
            book.declared(symbol, wallet)
            found[symbol] = wallet
        except ValueProblemError as error:
            problems.add(f"coins.{symbol}", error)
    return found


def _actions(
    entries: Mapping[str, Any], folder: Path, book: AddressBook, problems: Problems
) -> list[tuple[Action, tuple[TreasuryCall, ...]]]:
    listed = entries.get("actions", [])
    if not isinstance(listed, list):
        problems.add("actions", ValueProblemError("actions.not-a-list", N_("must be [[actions]]")))
        return []
    made = []
    for index, fields in enumerate(listed):
        path = f"actions[{index + 1}]"
        action, known = _action(fields, path, book, problems)
        if action is None:
            continue
        try:
            action = action.beside(folder)
            made.append((action, tuple(action.steps(book))))
        except FieldError as error:
            for each in (error, *error.others):
                if each.field not in known:
                    problems.add(f"{path}.{each.field}", each.problem)
    return made


def _action(
    fields: Any, path: str, book: AddressBook, problems: Problems
) -> tuple[Action | None, set[str]]:
    """The action, None where its fields are none, and the fields whose problems are told."""
    verb = str(fields.get("do", "")) if isinstance(fields, Mapping) else ""
    if verb not in ACTIONS:
        unknown = ValueProblemError(
            "action.unknown",
            N_('"{action}" is no action; there are: {known}'),
            action=shortened(verb, _QUOTED),
            known=Words(listed(ACTIONS)),
        )
        problems.add_unknown(f"{path}.do", verb, ACTIONS, unknown)
        return None, set()
    kind, known = ACTIONS[verb], set[str]()
    given = {name: each for name, each in fields.items() if name != "do"}
    action = None
    try:
        action = kind.model_validate(given)
    except ValidationError as error:
        for each in error.errors(include_url=False):
            reason = each.get("ctx", {}).get("error")
            if isinstance(reason, FieldError):
                for wrong in (reason, *reason.others):
                    problems.add(f"{path}.{wrong.field}", wrong.problem)
                return None, known
            known |= {str(name) for name in each["loc"][:1]}
        problems.add_invalid(error, path, kind)
    for wrong in kind.unfounded(given, book):
        if wrong.field.partition("[")[0] not in known:
            problems.add(f"{path}.{wrong.field}", wrong.problem)
            known.add(wrong.field)
    return action, known
