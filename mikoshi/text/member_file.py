"""A file of members: a CSV whose header names a column `wallet` (or `address`); `name` may be one.

No line of it is left out unseen: it is the header, a person, a comment or blank, and each counted.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from mikoshi.text.console import shortened, visible
from mikoshi.text.errors import BadInputError, Plural, ProblemError, first_of
from mikoshi.text.files import NoTextError, UnwrittenError, read_rows, reason_of, write_atomically
from mikoshi.text.language import N_, _, clauses, listed, typed
from mikoshi.text.people import Person, WalletError, parse_wallet, quoted, short
from mikoshi.text.units import normalize

_HOLDS_ADDRESS = re.compile(r"(?<![0-9a-zA-Z])(?:0[xX])?[0-9a-fA-F]{40}(?![0-9a-zA-Z])")
_REMEMBERED = Path(".mikoshi") / "names.csv"
_WALLET_COLUMNS = N_("wallet address")
_NAME_COLUMNS = N_("name nickname")
"""What the first line may call them, in any language."""

_QUOTED = 80  # characters


@dataclass(frozen=True)
class PeopleFile:
    """What a member file says: `people` in its order, and what is wrong with the other lines.

    Its lines are the header, the people, those that are `skipped` as comments, and `blank` ones;
    `unused` names columns that are for nothing here.
    """

    people: list[Person] = field(default_factory=list)
    problems: list[ProblemError] = field(default_factory=list)
    skipped: int = 0
    blank: int = 0
    unused: tuple[str, ...] = ()

    @property
    def left_out(self) -> str:
        """What of it is no people, in words; empty where all is."""
        parts = []
        if self.skipped or self.blank:
            parts.append(
                _(
                    "people: {people}, comments skipped: {skipped}, blank lines: {blank}",
                    people=len(self.people),
                    skipped=self.skipped,
                    blank=self.blank,
                )
            )
        if self.unused:
            unused = shortened(listed(self.unused), _QUOTED)
            parts.append(_("columns not used: {columns}", columns=unused))
        return clauses(parts)


def read_people(path: Path) -> list[Person]:
    """The people in a CSV file, in its order. Raises as `read_people_file` does."""
    return read_people_file(path).people


def read_people_file(path: Path) -> PeopleFile:
    """What a CSV file says. Raises BadInputError with every bad line at once, and uses nothing."""
    found = scan_people(path)
    if found.problems:
        raise BadInputError(
            "people.bad-lines",
            Plural(
                "{name}: {count} problem, so nothing of it was used",
                "{name}: {count} problems, so nothing of it was used",
                len(found.problems),
            ),
            first_of([each.words for each in found.problems]),
            N_("Correct {name} and run the command again"),
            name=path.name,
            count=len(found.problems),
            problems=found.problems,
        )
    return found


def scan_people(path: Path) -> PeopleFile:
    """The good lines of a CSV file, and what is wrong with the others. Raises BadInputError.

    Takes any of the usual separators and marks of an encoding. A line is a comment if it begins
    with `#` and holds no address; above the first other line it may be the header.
    """
    rows: list[tuple[int, list[str]]] = []
    problems: list[ProblemError] = []
    try:
        for line, cells in read_rows(path, typed(_WALLET_COLUMNS)):
            rows.append((line, [_cell(cell) for cell in cells]))
    except csv.Error as error:
        told = ProblemError("people.no-csv", N_("is no CSV: {reason}"), reason=str(error))
        problems.append(_at(path, rows[-1][0] + 1 if rows else 1, told))
    except OSError as error:
        raise BadInputError(
            "people.unreadable",
            N_("{path}: cannot be read"),
            "{reason}",
            N_("Write it with the columns `wallet,name`, one person a line"),
            path=path,
            reason=reason_of(error),
        ) from error
    except NoTextError as error:
        raise BadInputError(
            "people.not-utf8",
            N_("{name}: is not UTF-8 text"),
            "{reason}",
            N_('Save it as "CSV UTF-8" and run the command again'),
            name=path.name,
            line=error.data.get("line"),
            reason=error,
        ) from error
    people: list[Person] = []
    comments, seen = 0, dict[str, int]()
    at, columns = _header(path, rows)
    for number, (line, cells) in enumerate(rows):
        if number == at or not any(cells):
            continue
        if _is_comment(cells):
            comments += 1
            continue
        try:
            person = _person(cells, columns)
            if person.wallet in seen:
                raise _same(person.wallet, seen[person.wallet])
        except ProblemError as error:
            problems.append(_at(path, line, error))
            continue
        seen[person.wallet] = line
        people.append(person)
    blank = sum(not any(cells) for __, cells in rows)
    known = typed(_WALLET_COLUMNS) | typed(_NAME_COLUMNS)
    unused = tuple(each for each in columns if each and each.lstrip("#") not in known | {""})
    return PeopleFile(people, problems, comments, blank, unused)


def remembered(folder: Path) -> list[Person]:
    """The people whose names were met beside a dao.toml in `folder`, the latest last."""
    file = folder / _REMEMBERED
    return scan_people(file).people if file.is_file() else []


def remember(folder: Path, people: Iterable[Person]) -> bool:
    """Keep the names of people beside a dao.toml in `folder`; whether that was possible."""
    known = {each.wallet: each.name for each in remembered(folder)}
    names = known | {each.wallet: each.name for each in people if each.name}
    if names == known:
        return True
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([("wallet", "name"), *names.items()])
    try:
        write_atomically(folder / _REMEMBERED, text.getvalue())
    except UnwrittenError:
        return False
    return True


def _cell(text: str) -> str:
    """A cell on one line, without what nobody sees."""
    return " ".join(unicodedata.normalize("NFKC", visible(text, "")).split())


def _is_comment(cells: list[str]) -> bool:
    return cells[0].startswith("#") and not _HOLDS_ADDRESS.search(normalize(" ".join(cells)))


def _header(path: Path, rows: list[tuple[int, list[str]]]) -> tuple[int | None, list[str]]:
    """Which line names the columns, and their names in small letters. Raises BadInputError."""
    wanted, commented = typed(_WALLET_COLUMNS), None
    at: int | None
    for at, (__, cells) in enumerate(rows):
        names = [normalize(cell).lower() for cell in cells]
        if not any(names):
            continue
        if _is_comment(cells):
            names[0] = names[0].lstrip("# ")
            commented = (at, names) if wanted & set(names) else commented
            continue
        if wanted & set(names):
            return at, _clear(path, names)
        if commented is None:
            raise BadInputError(
                "people.no-wallet-column",
                N_("{name}: the first line must name a column `wallet`"),
                N_("it names {columns}"),
                N_("Put `wallet,name` into the first line, and one person into each line below it"),
                name=path.name,
                columns=quoted(listed(cells)),
            )
        break
    at, names = commented or (None, [])
    return at, _clear(path, names)


def _clear(path: Path, names: list[str]) -> list[str]:
    """The columns, of which one says the wallet. Raises BadInputError."""
    if sum(name in typed(_WALLET_COLUMNS) for name in names) > 1:
        raise BadInputError(
            "people.several-wallet-columns",
            N_("{name}: the first line names several columns for the wallet"),
            N_("it names {columns}"),
            N_("Leave one of them, called `wallet`, and run the command again"),
            name=path.name,
            columns=quoted(listed(names)),
        )
    return names


def _person(cells: list[str], columns: list[str]) -> Person:
    """Raises ProblemError."""
    values = dict(zip(columns, cells, strict=False))
    text = _value(values, _WALLET_COLUMNS)
    try:
        address = parse_wallet(text)
    except WalletError as error:
        raise WalletError(
            "people.bad-wallet",
            N_("wallet {problem}, got {got}"),
            problem=error,
            got=quoted(text) or "—",
        ) from None
    if any(cells[len(columns) :]):
        raise ProblemError(
            "people.too-many-cells",
            N_("has {count} cells, and the header {most}; put a name with a comma into quotes"),
            count=len(cells),
            most=len(columns),
        )
    return Person(address, _value(values, _NAME_COLUMNS))


def _value(values: Mapping[str, str], names: str) -> str:
    return next((value for name, value in values.items() if name in typed(names)), "")


def _at(path: Path, line: int, problem: ProblemError) -> ProblemError:
    return ProblemError(
        "people.bad-line",
        N_("{name} line {line}: {problem}"),
        name=path.name,
        line=line,
        problem=problem,
    )


def _same(wallet: str, line: int) -> WalletError:
    return WalletError(
        "people.twice", N_("{wallet} is in line {line} already"), wallet=short(wallet), line=line
    )
