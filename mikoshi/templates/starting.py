"""Writing the files with which a community begins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mikoshi.errors import BadInputError
from mikoshi.language import Language, pick
from mikoshi.templates import Template, charter

MEMBERS_HEADER = "wallet,name\n"


@dataclass
class Started:
    """What was written, what was there before and is kept, what only the community can fill in."""

    written: list[Path] = field(default_factory=list)
    kept: list[Path] = field(default_factory=list)
    to_fill_in: list[str] = field(default_factory=list)


def start(
    template: Template, output: Path, languages: Sequence[Language], force: bool, **dao: Any
) -> Started:
    """Write a dao.toml from `template`, and the members' file and the charter that it names.

    `dao` replaces values of its table. Only the dao.toml is ever overwritten, and only with
    `force`. Raises BadInputError.
    """
    prefix = "" if output.stem == "dao" else f"{output.stem}-"
    members = output.with_name(f"{prefix}members.csv")
    text = output.with_name(f"{prefix}charter.md")
    if output.exists() and not force:
        raise BadInputError(
            pick(f"{output} is there already", f"{output} はすでにあります"),
            pick("nothing is overwritten by accident", "うっかり上書きしないよう、中止しました"),
            pick(
                "Choose another name with -o, or replace it with --yes; nothing was changed",
                "-o で別の名前にするか、--yes で置き換えてください(まだ何も変えていません)",
            ),
        )
    started = Started(to_fill_in=[f"{members.name}", f"{text.name}", *template.to_fill_in])
    rendered = template.render(
        languages, dao=dao, charter={"file": text.name}, members={"file": members.name}
    )
    contents = {output: rendered, members: MEMBERS_HEADER, text: charter(languages[0])}
    try:
        for path, content in contents.items():
            if path != output and path.exists():
                started.kept.append(path)
                continue
            path.write_text(content, "utf-8", newline="\n")
            started.written.append(path)
    except OSError as error:
        raise BadInputError(
            pick(f"{error.filename} cannot be written", f"{error.filename} に書き込めません"),
            error.strerror or str(error),
            pick("Name another place with -o", "-o で別の場所を指定してください"),
        ) from error
    return started
