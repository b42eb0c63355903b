"""People: who they are in a file, and how they are shown.

A member file is a CSV with a header; the column `wallet` (or `address`) is needed, `name` is not.
Names stay on this computer: nothing but the wallets goes on a chain.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from mikoshi.text.errors import BadInputError, Plural, ProblemError
from mikoshi.text.files import UnwrittenError, line_of, reason_of, write_atomically
from mikoshi.text.language import N_, listed, typed
from mikoshi.text.units import normalize

_ADDRESS = re.compile(r"0[xX][0-9a-fA-F]{40}")
_WALLET_COLUMNS = N_("wallet address")
_NAME_COLUMNS = N_("name nickname")
"""What the first line may call them, in any language."""

_REMEMBERED = Path(".mikoshi") / "names.csv"

ZERO_ADDRESS = "0x" + "00" * 20


class WalletError(ProblemError):
    """Thrown when a text is no wallet's address; the reason follows the name of the thing."""


@dataclass(frozen=True, slots=True)
class Person:
    """A wallet, checksummed, and what its owner is called; `name` may be empty."""

    wallet: str
    name: str = ""


def parse_wallet(text: str) -> str:
    """The checksummed address in `text`.

    An address in one case is taken as it is; one in mixed case must have the right checksum, which
    finds nearly every typing error. Raises WalletError.
    """
    from eth_utils.address import to_checksum_address

    plain = normalize(text)
    if not _ADDRESS.fullmatch(plain):
        raise WalletError(
            "wallet.not-an-address", N_("must be a wallet address: 0x and 40 hexadecimal digits")
        )
    digits = plain[2:]
    address = to_checksum_address("0x" + digits)
    if address == ZERO_ADDRESS:
        raise WalletError("wallet.zero", N_("must not be the zero address, which nobody owns"))
    if digits not in (digits.lower(), digits.upper()) and "0x" + digits != address:
        raise WalletError(
            "wallet.bad-checksum",
            N_("has a wrong checksum: a character was probably mistyped; copy it again"),
        )
    return str(address)


def short(address: str) -> str:
    """`0x9fE4…6e0`: enough of an address to recognize it."""
    return f"{address[:6]}…{address[-4:]}"


def show(wallet: str, member_id: int | None = None, name: str = "") -> str:
    """`Hana #7 (0x9fE4…a6e0)`: how a person is always shown, as far as it is known."""
    known = " ".join(filter(None, [name, f"#{member_id}" if member_id else ""]))
    return f"{known} ({short(wallet)})" if known else short(wallet)


def remembered(folder: Path) -> list[Person]:
    """The people whose names were met beside a dao.toml in `folder`, the latest last."""
    file = folder / _REMEMBERED
    return scan_people(file)[0] if file.is_file() else []


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


def read_people(path: Path) -> list[Person]:
    """The people in a CSV file, in its order.

    Takes a byte order mark, CRLF, and addresses in lower case. Raises BadInputError with every
    bad line at once; then nothing of the file is used.
    """
    people, problems = scan_people(path)
    if problems:
        raise BadInputError(
            "people.bad-lines",
            Plural(
                "{name}: {count} problem, so nothing of it was used",
                "{name}: {count} problems, so nothing of it was used",
                len(problems),
            ),
            [each.words for each in problems],
            N_("Correct {name} and run the command again"),
            name=path.name,
            count=len(problems),
            problems=problems,
        )
    return people


def scan_people(path: Path) -> tuple[list[Person], list[ProblemError]]:
    """The good lines of a CSV file, and what is wrong with the others. Raises BadInputError."""
    rows = csv.reader(io.StringIO(_text_of(path), newline=""))
    header: tuple[int, int | None] | None = None
    people: list[Person] = []
    problems: list[ProblemError] = []
    seen: dict[str, int] = {}
    try:
        for row in rows:
            line = rows.line_num
            cells = [normalize(cell) for cell in row]
            if not any(cells) or cells[0].startswith("#"):
                continue
            if header is None:
                header = _columns(path, cells)
                continue
            try:
                person = _person(cells, len(cells), header)
                if person.wallet in seen:
                    raise _same(person.wallet, seen[person.wallet])
            except WalletError as error:
                problems.append(_at(path, line, error))
                continue
            seen[person.wallet] = line
            people.append(person)
    except csv.Error as error:
        told = ProblemError("people.no-csv", N_("is no CSV: {reason}"), reason=str(error))
        problems.append(_at(path, rows.line_num, told))
    return people, problems


def _text_of(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise BadInputError(
            "people.unreadable",
            N_("{path}: cannot be read"),
            "{reason}",
            N_("Write it with the columns `wallet,name`, one person a line"),
            path=path,
            reason=reason_of(error),
        ) from error
    except UnicodeDecodeError as error:
        raise BadInputError(
            "people.not-utf8",
            N_("{name}: is not UTF-8 text"),
            N_("line {line} is in another encoding, such as Shift_JIS of Excel"),
            N_('Save it as "CSV UTF-8" and run the command again'),
            name=path.name,
            line=line_of(error),
        ) from error


def _columns(path: Path, cells: list[str]) -> tuple[int, int | None]:
    names = [cell.lower() for cell in cells]
    wallet = _index(names, typed(_WALLET_COLUMNS))
    if wallet is None:
        raise BadInputError(
            "people.no-wallet-column",
            N_("{name}: the first line must name a column `wallet`"),
            N_("it names {columns}"),
            N_("Put `wallet,name` into the first line, and one person into each line below it"),
            name=path.name,
            columns=listed(cells),
        )
    return wallet, _index(names, typed(_NAME_COLUMNS))


def _index(names: list[str], wanted: Collection[str]) -> int | None:
    return next((at for at, name in enumerate(names) if name in wanted), None)


def _person(cells: list[str], width: int, header: tuple[int, int | None]) -> Person:
    wallet, name = header
    text = cells[wallet] if wallet < width else ""
    try:
        address = parse_wallet(text)
    except WalletError as error:
        raise WalletError(
            "people.bad-wallet", N_("wallet {problem}, got {got}"), problem=error, got=text or "—"
        ) from None
    called = cells[name] if name is not None and name < width else ""
    return Person(address, " ".join(called.split()))  # a cell in quotes may hold several lines


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
