"""Writing the files with which a community begins."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mikoshi.chain.networks import LOCAL_CHAINS
from mikoshi.config.danger import public_among
from mikoshi.config.templates.naming import named, slug_of
from mikoshi.config.templates.template import Template, charter, unfilled
from mikoshi.text.errors import BadInputError
from mikoshi.text.files import UnwrittenError
from mikoshi.text.language import N_, Language
from mikoshi.text.member_file import scan_people
from mikoshi.text.people import Person

MEMBERS_HEADER = "wallet,name\n"


@dataclass
class Started:
    """What was written, what was there before and is kept, what only the community can fill in.

    `sample` are those of `kept` whose people have public keys, where that must not be.
    """

    written: list[Path] = field(default_factory=list)
    kept: list[Path] = field(default_factory=list)
    to_fill_in: list[str] = field(default_factory=list)
    sample: list[Path] = field(default_factory=list)


def companions(output: Path) -> tuple[Path, Path]:
    """The members' file and the charter beside a dao.toml."""
    prefix = "" if output.stem == "dao" else f"{output.stem}-"
    return output.with_name(f"{prefix}members.csv"), output.with_name(f"{prefix}charter.md")


def start(
    template: Template, output: Path, languages: Sequence[Language], force: bool, **dao: Any
) -> Started:
    """Write a dao.toml from `template`, and the members' file and the charter that it names.

    `dao` replaces values of its table; slug, symbol and token follow from a `name`. Only the
    dao.toml is ever overwritten, and only with `force`. Raises BadInputError.
    """
    members, text = companions(output)
    if not force:
        refuse_existing(output)
    name = dao.get("name")
    slug = slug_of(name, output) if name else ""
    derived = named(name, slug, template.values) if name else {"dao": {}, "token": {}}
    unknown = ["dao.slug", "dao.symbol"] if name and not slug else []
    rendered = template.render(
        languages,
        dao=derived["dao"] | dao,
        token=derived["token"],
        charter={"file": text.name},
        members={"file": members.name},
    )
    contents = {output: rendered, members: MEMBERS_HEADER, text: charter(languages[0])}
    started = write(contents, replace=[output])
    people = _people_of(members)
    started.to_fill_in = [
        *([] if people else [members.name]),
        *([text.name] if unfilled(text.read_text("utf-8", "replace")) else []),
        *unknown,
        *template.to_fill_in,
    ]
    local = dao.get("chain_id") in LOCAL_CHAINS
    public = not local and public_among(person.wallet for person in people)
    started.sample = [members] if public else []
    return started


def refuse_existing(output: Path) -> None:
    """Raise BadInputError if there is a dao.toml already."""
    if output.exists():
        raise BadInputError(
            "output.exists",
            N_("{path} is there already"),
            N_("nothing is overwritten by accident"),
            N_("Choose another name with -o, or replace it with --yes; nothing was changed"),
            path=output,
        )


def write(contents: Mapping[Path, str], replace: Collection[Path]) -> Started:
    """Write files; one that exists is kept unless it is to be replaced. Raises UnwrittenError."""
    started = Started()
    try:
        for path, content in contents.items():
            if path not in replace and path.exists():
                started.kept.append(path)
                continue
            path.write_text(content, "utf-8", newline="\n")
            started.written.append(path)
    except OSError as error:
        raise UnwrittenError(error, error.filename) from error
    return started


def _people_of(members: Path) -> list[Person]:
    """Who stands in a members' file; nobody if it cannot be read, which is told when it is used."""
    try:
        return list(scan_people(members).people)
    except BadInputError:
        return []
