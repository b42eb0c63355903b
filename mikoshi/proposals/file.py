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

import runpy
import sys
import unicodedata
from collections.abc import Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from mikoshi.ballots.proposal import ProposalDraft, TreasuryCall
from mikoshi.config.kinds import ValueProblemError
from mikoshi.config.problems import Problems
from mikoshi.config.words import Text, Wallet, YesNo
from mikoshi.context.address_book import AddressBook
from mikoshi.proposals.action import Action, FieldError
from mikoshi.proposals.actions import ACTIONS
from mikoshi.text.errors import BadInputError
from mikoshi.text.files import NoTomlError, read_toml, reason_of
from mikoshi.text.language import pick

_KEYS = ("title", "text", "binding", "actions", "coins")
TITLE = Text(1, 200)
"""The line that a proposal begins with."""

_MAX_TEXT = 20_000  # bytes; 16 gas each, and a wallet has to show it


@dataclass(frozen=True)
class Composed:
    """A proposal as its file says it, with the calls that follow from it.

    `actions` pairs each action with its calls; none for an advisory proposal.
    """

    source: Path
    title: str
    text: str
    actions: tuple[tuple[Action, tuple[TreasuryCall, ...]], ...] = ()

    @property
    def binding(self) -> bool:
        """Whether it does something; otherwise it asks only."""
        return bool(self.actions)

    @property
    def steps(self) -> list[TreasuryCall]:
        """All calls in their order."""
        return [step for _, steps in self.actions for step in steps]

    @property
    def description(self) -> str:
        """Title and text, as they are proposed and hashed."""
        return f"# {self.title}\n\n{self.text}".rstrip()

    def draft(self, proposer: str) -> ProposalDraft:
        """The proposal as `proposer`, and nobody else, can make it."""
        return ProposalDraft.of(
            [(to, value, data) for to, value, data in self.steps], self.description, proposer
        )


def load(path: Path, book: AddressBook) -> Composed:
    """Read and compose a proposal. Raises BadInputError with everything that is wrong in it."""
    problems = Problems(path.name)
    entries = _entries(path, book)
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
            pick("cannot be there: binding is false", "は binding = false では書けません"),
            pick("an advisory proposal only asks", "助言の提案は、意見を聞くだけです"),
        )
    if binding and not entries.get("actions"):
        problems.add(
            "actions",
            pick("are missing", "がありません"),
            pick(
                "a binding proposal does something; write binding = false to only ask",
                "実行する内容が必要です(意見を聞くだけなら binding = false)",
            ),
        )
    problems.check(
        pick(
            "members vote on exactly what the file says",
            "メンバーは、ファイルに書かれたとおりの内容に投票します",
        )
    )
    return Composed(path, title, text, tuple(actions))


def _entries(path: Path, book: AddressBook) -> dict[str, Any]:
    if path.suffix == ".py":
        return _built(path, book)
    try:
        return read_toml(path)
    except OSError as error:
        raise _unreadable(path, reason_of(error)) from error
    except NoTomlError as error:
        raise _unreadable(path, str(error)) from error


def _built(path: Path, book: AddressBook) -> dict[str, Any]:
    if not path.is_file():
        raise _unreadable(path, pick("there is no such file", "ファイルがありません"))
    try:
        with redirect_stdout(sys.stderr):  # what it prints is no part of what programs get
            build = runpy.run_path(str(path)).get("build")
            entries = build(book) if build else None
    except (Exception, SystemExit) as error:  # the file is the author's own program
        raise _unreadable(path, f"build: {type(error).__name__}: {error}") from error
    if build is None:
        raise _unreadable(path, pick("it lacks build(dao)", "build(dao) がありません"))
    if not isinstance(entries, Mapping):
        raise _unreadable(path, pick("build must return a dict", "build は dict を返してください"))
    return dict(entries)


def _unreadable(path: Path, reason: str) -> BadInputError:
    return BadInputError(
        pick(f"{path} cannot be read as a proposal", f"{path} を提案として読めません"),
        reason,
        pick(
            "`ape run proposal new` writes one to start from",
            "`ape run proposal new` でひな形を作れます",
        ),
    )


def _field(
    kind: Any, entries: Mapping[str, Any], name: str, problems: Problems, **more: Any
) -> Any:
    if name not in entries and "default" in more:
        return more["default"]
    if name not in entries:
        problems.add(name, pick("is missing", "がありません"))
        return None
    try:
        return kind.read(entries[name])
    except ValueProblemError as error:
        problems.add(name, str(error))
        return None


def _text(entries: Mapping[str, Any], problems: Problems) -> str:
    text = entries.get("text", "")
    if not isinstance(text, str):
        problems.add("text", pick("must be a text in quotes", "は引用符で囲んだ文字にしてください"))
        return ""
    size = len(text.encode())
    if size > _MAX_TEXT:
        problems.add(
            "text",
            pick(
                f"must be at most {_MAX_TEXT:,} bytes (a Japanese character takes 3), got {size:,}",
                f"は {_MAX_TEXT:,} バイト以内にしてください(日本語は1文字3バイト。今: {size:,})",
            ),
            pick(
                "put the rest on a page and link it",
                "残りは別のページに書き、リンクを載せてください",
            ),
        )
    if any(unicodedata.category(each) == "Cc" and each not in "\n\t" for each in text):
        problems.add(
            "text",
            pick("must not contain control characters", "に制御文字は使えません"),
            pick(
                "they could change the screen of whoever reads it",
                "読む人の画面を書き換えるおそれがあります",
            ),
        )
    if "#proposer=" in text:
        problems.add(
            "text",
            pick("must not contain #proposer=", "に #proposer= は書けません"),
            pick("submit adds it with who proposes", "提案者は submit が書き足します"),
        )
    return text.strip()


def _coins(entries: Mapping[str, Any], book: AddressBook, problems: Problems) -> dict[str, str]:
    coins = entries.get("coins", {})
    if not isinstance(coins, Mapping):
        problems.add(
            "coins", pick('must be a table: USDC = "0x…"', 'は USDC = "0x…" の形にしてください')
        )
        return {}
    found = {}
    for symbol, address in coins.items():
        try:
            wallet = Wallet().read(address)
            book.declared(symbol, wallet)
            found[symbol] = wallet
        except ValueProblemError as error:
            problems.add(f"coins.{symbol}", str(error))
    return found


def _actions(
    entries: Mapping[str, Any], folder: Path, book: AddressBook, problems: Problems
) -> list[tuple[Action, tuple[TreasuryCall, ...]]]:
    listed = entries.get("actions", [])
    if not isinstance(listed, list):
        problems.add("actions", pick("must be [[actions]]", "は [[actions]] で書いてください"))
        return []
    made = []
    for index, fields in enumerate(listed):
        action = _action(fields, f"actions[{index + 1}]", problems)
        if action is None:
            continue
        try:
            action = action.beside(folder)
            made.append((action, tuple(action.steps(book))))
        except FieldError as error:
            problems.add(f"actions[{index + 1}].{error.field}", str(error))
    return made


def _action(fields: Any, path: str, problems: Problems) -> Action | None:
    verb = str(fields.get("do", "")) if isinstance(fields, Mapping) else ""
    if verb not in ACTIONS:
        names = ", ".join(ACTIONS)
        problems.add_unknown(
            f"{path}.do",
            verb,
            ACTIONS,
            pick(
                f'"{verb}" is no action; there are: {names}',
                f"「{verb}」という実行内容はありません(あるもの: {names})",
            ),
        )
        return None
    kind = ACTIONS[verb]
    try:
        return kind.model_validate({name: each for name, each in fields.items() if name != "do"})
    except ValidationError as error:
        for each in error.errors(include_url=False):
            reason = each.get("ctx", {}).get("error")
            if isinstance(reason, FieldError):
                problems.add(f"{path}.{reason.field}", str(reason))
                return None
        problems.add_invalid(error, path, kind)
        return None
