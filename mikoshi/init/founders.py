"""The first members and the holders of offices, as people type them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mikoshi.config.danger import NODE_WALLETS, public_among
from mikoshi.config.kinds import ValueProblemError, parsed
from mikoshi.text.language import N_, typed
from mikoshi.text.member_file import read_people_file
from mikoshi.text.people import Person, parse_wallet, short
from mikoshi.text.units import normalize

_SAMPLE, _NOBODY = N_("sample"), N_("nobody none no")
"""What may be typed for them."""

SAMPLE_NAMES = ("Aoi", "Ken", "Yuki", "Sakura", "Hana", "Daichi", "Emi", "Ren", "Mio", "Sho")
"""What those are called whom every development node can sign for."""

_SAMPLE_SIZE = 5
_LOOKS_LIKE_WALLET = re.compile(r"(?:\b(?:eip155:\d+|[a-z0-9-]{2,12}):)?0[xX]\w*")


@dataclass(frozen=True)
class Founders:
    """The first members; `file` is the CSV that lists them, None if they were typed.

    `left_out` says which of its lines are none of them.
    """

    people: tuple[Person, ...]
    file: Path | None = None
    left_out: str = ""

    @property
    def as_csv(self) -> str:
        """The text of a CSV file with them."""
        text = io.StringIO()
        rows = csv.writer(text, lineterminator="\n")
        rows.writerow(("wallet", "name"))
        rows.writerows((person.wallet, person.name) for person in self.people)
        return text.getvalue()

    def named(self, name: str) -> list[Person]:
        """Those who are called `name`."""
        return [each for each in self.people if each.name.casefold() == name.casefold()]


def sample(count: int) -> list[Person]:
    """So many made-up people, up to ten, always the same ones: a development node has their keys.

    On any other chain they are refused, since everybody has them.
    """
    return [Person(*each) for each in zip(NODE_WALLETS[:count], SAMPLE_NAMES, strict=False)]


def is_person(line: str) -> bool:
    """Whether a line names a person rather than a file."""
    return _LOOKS_LIKE_WALLET.search(normalize(line)) is not None


def parse_founders(text: str, local: bool) -> Founders:
    """The people in lines of `name 0x…`, in the CSV file that is named, or of the sample.

    On a chain that is not `local` the keys of none may be public. Raises ValueProblemError, and
    BadInputError for a CSV file.
    """
    lines = [normalize(line) for line in text.splitlines() if line.strip()]
    if lines and lines[0].lower() in typed(_SAMPLE):
        founders = Founders(tuple(sample(_SAMPLE_SIZE)))
    elif any(is_person(line) for line in lines):
        founders = Founders(tuple(_typed(lines)))
    else:
        file = Path("".join(lines)).expanduser()
        found = read_people_file(file)
        founders = Founders(tuple(found.people), file, found.left_out)
        if not founders.people:
            raise ValueProblemError(
                "founders.empty-file", N_("must name somebody, and {file} does not"), file=file.name
            )
    for person in founders.people:
        _refuse_public_key(person.wallet, local)
    return founders


def parse_holder(text: str, founders: Founders, local: bool) -> str:
    """The wallet of an office's holder: a member by name, or any wallet. Empty for nobody.

    Raises ValueProblemError.
    """
    plain = normalize(text)
    if plain.lower() in typed(_NOBODY):
        return ""
    namesakes = founders.named(plain)
    if len(namesakes) == 1:
        return namesakes[0].wallet
    if namesakes or not is_person(plain):
        raise ValueProblemError(
            "holder.unknown",
            N_("must be the name of one first member, a wallet or nobody, got {got}"),
            got=text,
        )
    wallet: str = parsed(parse_wallet, plain)
    _refuse_public_key(wallet, local)
    return wallet


def _typed(lines: Sequence[str]) -> list[Person]:
    people: list[Person] = []
    for line in lines:
        found = _LOOKS_LIKE_WALLET.search(line)
        wallet: str = parsed(parse_wallet, found[0] if found else line)
        if wallet in (person.wallet for person in people):
            raise ValueProblemError(
                "founders.twice",
                N_("must be another wallet: {wallet} is there already"),
                wallet=short(wallet),
            )
        name = line.replace(found[0], " ") if found else ""
        people.append(Person(wallet, " ".join(re.split(r"[\s,、:]+", name)).strip()))
    return people


def _refuse_public_key(wallet: str, local: bool) -> None:
    if not local and public_among([wallet]):
        raise ValueProblemError(
            "wallet.public-key",
            N_("must not be {wallet}: its key is public, and anybody could sign for it"),
            wallet=short(wallet),
        )
