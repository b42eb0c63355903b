"""A proposal's file to start from: `proposals/NNN-title.toml`."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path

from mikoshi.config.kinds import ValueProblemError
from mikoshi.config.model import Config
from mikoshi.proposals.actions import ACTIONS
from mikoshi.proposals.file import TITLE
from mikoshi.text.errors import BadInputError
from mikoshi.text.files import write_atomically
from mikoshi.text.language import LANGUAGES, N_, _, listed, speaking
from mikoshi.text.units import normalize

ADVISORY = "advisory"
"""The template without actions."""

TEMPLATES = (*ACTIONS, ADVISORY)

_WHY = N_("Why, and what it is for. Markdown.")


def unwritten() -> list[str]:
    """What stands in a new file until its text is written, in each language."""
    words = []
    for language in LANGUAGES:
        with speaking(language):
            words.append(_(_WHY))
    return words


def new(folder: Path, title: str, templates: Sequence[str], config: Config) -> Path:
    """Write a file with an example of each action named, and return its path.

    Raises BadInputError and OSError.
    """
    unknown = [name for name in templates if name not in TEMPLATES]
    if unknown:
        raise BadInputError(
            "template.unknown",
            N_('There is no template "{template}"'),
            N_("there are: {templates}"),
            N_("Name one of them with --template"),
            template=unknown[0],
            templates=listed(TEMPLATES),
        )
    if ADVISORY in templates and len(templates) > 1:
        raise BadInputError(
            "template.of-advice",
            N_("An advisory proposal has no actions"),
            N_("it only asks the members"),
            N_("Choose either advisory or actions"),
        )
    try:
        TITLE.read(title)
    except ValueProblemError as error:
        raise BadInputError(
            "title.unfit",
            N_("TITLE {problem}"),
            N_("it is the first line of the proposal"),
            N_("Choose another one"),
            problem=error,
        ) from error
    path = folder / f"{_next_number(folder):03}-{slug(title)}.toml"
    examples = {"{tokens}": f"100 {config.token.symbol}", "{charter}": _charter(config, folder)}
    examples |= {f"#{number}": f"#{min(number, len(config.members))}" for number in (3, 7)}
    write_atomically(path, _text(title, templates, examples))
    return path


def slug(title: str) -> str:
    """A title as a part of a file's name; Japanese stays Japanese."""
    plain = unicodedata.normalize("NFKC", normalize(title)).lower()
    return re.sub(r"[^\w]+", "-", plain).strip("-_")[:40].strip("-_") or "proposal"


def _next_number(folder: Path) -> int:
    numbers = (re.match(r"(\d+)-", path.name) for path in folder.glob("*"))
    return max((int(match[1]) for match in numbers if match), default=0) + 1


def _charter(config: Config, folder: Path) -> str:
    """The DAO's own charter, as seen from a proposal in `folder`; `…` where it has no file."""
    file = config.charter.file
    return os.path.relpath(config.source.parent / file, folder) if file else "…"


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _text(title: str, templates: Sequence[str], examples: Mapping[str, str]) -> str:
    why = _(_WHY)
    lines = [f'title = "{_quoted(title)}"', f'text = """\n{why}\n"""']
    if ADVISORY in templates:
        note = _("# Asks the members; nothing is executed.")
        return "\n\n".join([*lines, f"{note}\nbinding = false"]) + "\n"
    for name in templates:
        action = ACTIONS[name]
        fields = action.example
        for mark, example in examples.items():
            fields = fields.replace(mark, _quoted(example))
        lines.append(f'# {action.about.text}\n[[actions]]\ndo = "{name}"\n{fields}')
    coins = _("# Coins other than ETH, with their addresses")
    lines.append(f'{coins}\n# [coins]\n# USDC = "0x…"')
    return "\n\n".join(lines) + "\n"
