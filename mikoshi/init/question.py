"""A question to somebody who founds a community."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mikoshi.chain.networks import LOCAL_CHAINS
from mikoshi.config.kinds import Label, Setting, ValueProblemError
from mikoshi.config.sections import SECTIONS
from mikoshi.config.templates.template import Template
from mikoshi.init.founders import Founders
from mikoshi.text.language import N_, _, typed
from mikoshi.text.units import normalize

YES, NO = N_("y yes true"), N_("n no false")
"""What may be typed for them."""


@dataclass(frozen=True)
class Known:
    """What has been answered before a question: values by the questions' names.

    A setting's value is as dao.toml has it. `output` is the dao.toml to be written, `practice`
    whether it is one to practise with.
    """

    output: Path
    values: Mapping[str, Any]
    practice: bool = False

    @property
    def template(self) -> Template:
        """The kind of community."""
        template = Template.load(self.values["kind"])
        return template.practice() if self.practice else template

    @property
    def local(self) -> bool:
        """Whether the chain lives on this computer."""
        return self.values["chain"] in LOCAL_CHAINS

    @property
    def founders(self) -> Founders:
        """The first members."""
        founders: Founders = self.values["members"]
        return founders


def _always(_: Known) -> bool:
    return True


@dataclass(frozen=True)
class Question:
    """What is asked, what it means in a sentence, and how the answer is read.

    `read` raises ValueProblemError or BadInputError for a bad answer, and `why` is the reason of
    its limits. `default` is what an empty answer stands for; empty itself if there is none.
    `options` are shown before the answer; an answer of several `lines` ends with an empty one.
    """

    name: str
    asks: Label
    means: Callable[[Known], str]
    read: Callable[[str, Known], Any]
    default: Callable[[Known], str]
    applies: Callable[[Known], bool] = _always
    why: str = ""
    options: Mapping[str, Label] = field(default_factory=dict)
    lines: bool = False


def plain(text: str) -> Callable[[Known], str]:
    """A meaning that is always the same."""
    return lambda __: _(text)


def setting(path: str) -> Setting:
    """A setting of dao.toml by its path."""
    section, _, name = path.partition(".")
    return next(each for each in SECTIONS[section].settings() if each.name == name)


def of_template(path: str) -> Callable[[Known], str]:
    """The default that a setting has in the template."""
    section, _, name = path.partition(".")
    kind, default = setting(path).kind, setting(path).default

    def default_of(known: Known) -> str:
        given = known.template.values.get(section, {})
        return kind.show(kind.read(given[name]) if name in given else default)

    return default_of


def on_setting(
    name: str,
    path: str,
    asks: Label,
    means: Callable[[Known], str],
    default: Callable[[Known], str] | None = None,
    applies: Callable[[Known], bool] = _always,
) -> Question:
    """A question about one setting, with its limits, and its default in the template."""
    kind, label = setting(path).kind, setting(path).label

    def read(text: str, _: Known) -> str:
        return kind.show(kind.read(normalize(text)))

    return Question(name, asks, means, read, default or of_template(path), applies, label.reason)


def one_of(options: Mapping[str, Label], text: str) -> str | None:
    """The option that a letter or its own name stands for."""
    plain_text = normalize(text).lower()
    letters = dict(zip("abcdefgh", options, strict=False))
    return letters.get(plain_text, plain_text if plain_text in options else None)


def yes_or_no(text: str) -> bool:
    """Whether a text says yes. Raises ValueProblemError if it is neither yes nor no."""
    plain_text = normalize(text).lower()
    if plain_text in typed(YES):
        return True
    if plain_text in typed(NO):
        return False
    raise ValueProblemError("answer.not-yes-or-no", N_("must be yes or no, got {got}"), got=text)
