"""Valid files made wrong in small ways, as people and disks do it, the same ones each time."""

from __future__ import annotations

import copy
import json
import os
import random
import re
from collections.abc import Callable, Iterator
from typing import Any

FUZZ = int(os.environ.get("FUZZ", "100"))
"""How many of each kind are tried."""

LONGEST = 500
"""Characters of a message, or of each line where it lists several problems."""

MARKS = (
    "\ufeff",
    "\u200b",
    "\u00a0",
    "\u3000",
    "\u202e",
    "\0",
    "\ud800",
    "�",
    "Ａ１",
    "'",
    '"',
    "#",
)
ENCODINGS = ("utf-8-sig", "utf-16", "utf-32", "utf-16-le", "shift_jis", "latin-1")
VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 5, 2**64, -(2**255), 2**300, 0.5, "", "x", "0", "0x", "-1"),
    *("花", "0x" + "00" * 20, "sep:0x" + "11" * 20, "hana.eth", "0x" + "5e" * 32, "1 ETH", "#7"),
    *("x" * 100_000, [], {}, ["x"], {"x": 1}, [[[]]], "\ud800", "a\nb", "{x}", "{0}", "%s", "…"),
)
"""What stands where something else should."""


def mutated_text(text: str, chance: random.Random) -> bytes:
    """A few characters more, less or others; or cut short, or in another encoding."""
    characters = list(text)
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(characters))
        some = chance.choice((*MARKS, *characters[:200]))
        match chance.randrange(5):
            case 0:
                characters[at] = some
            case 1:
                characters.insert(at, some)
            case 2:
                del characters[at : at + chance.choice((1, 1, 2, 40))]
            case 3:
                characters[at:at] = characters[at : at + 80]
            case _:
                characters = characters[: chance.choice((at, len(characters)))]
        characters = characters or [" "]
    encoding = chance.choice((*["utf-8"] * 5, *ENCODINGS))
    return "".join(characters).encode(encoding, "surrogatepass" if "utf" in encoding else "replace")


def mutated_json(text: str, chance: random.Random) -> bytes:
    """One value of it replaced or left out, mostly; otherwise what `mutated_text` makes of it."""
    if chance.random() < 0.3:
        return mutated_text(text, chance)
    content = json.loads(text)
    for _ in range(chance.choice((1, 1, 2))):
        found = list(places(content))
        if not found:
            break
        holder, key = chance.choice(found)
        if chance.random() < 0.2:
            del holder[key]
        else:
            holder[key] = copy.deepcopy(chance.choice(VALUES))
    return json.dumps(content).encode()


def places(content: Any) -> Iterator[tuple[Any, Any]]:
    """Every place in it, however deep: what holds it, and its key or number there."""
    entries = content.items() if isinstance(content, dict) else enumerate(content)
    for key, value in list(entries):
        yield content, key
        if isinstance(value, dict | list):
            yield from places(value)


def mutated_toml(text: str, chance: random.Random) -> bytes:
    """One value of it replaced, a line moved or left out, mostly; otherwise as `mutated_text`."""
    if chance.random() < 0.3:
        return mutated_text(text, chance)
    lines = text.split("\n")
    for _ in range(chance.choice((1, 1, 2))):
        at = chance.choice([n for n, line in enumerate(lines) if re.match(r"[\w.\[]", line)])
        name, _, value = lines[at].partition(" = ")
        match chance.randrange(6):
            case 0:
                lines[at] = ""
            case 1:
                lines.insert(chance.randrange(len(lines)), lines[at])
            case _ if value:
                lines[at] = f"{name} = {_toml(chance.choice(VALUES))}"
            case _:
                lines[at] = chance.choice(("[x]", "[[actions]]", "x = 1", "=", "[dao.name]"))
    return "\n".join(lines).encode("utf-8", "replace")


def _toml(value: Any) -> str:
    if isinstance(value, str | bool):
        return json.dumps(value)
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{name} = {_toml(each)}' for name, each in value.items())}}}"
    return "nothing" if value is None else str(value)


def mutated_csv(text: str, chance: random.Random) -> bytes:
    """One cell of it replaced, or the separators, mostly; otherwise what `mutated_text` makes."""
    if chance.random() < 0.4:
        return mutated_text(text, chance)
    rows = [line.split(",") for line in text.split("\n")]
    row = chance.choice(rows[1:])
    row[chance.randrange(len(row))] = str(chance.choice(VALUES))
    lines = [chance.choice((",", ",", ";", "\t")).join(rows[0])]
    lines += [chance.choice((",", ",", ",", ";", "|")).join(each) for each in rows[1:]]
    return "\n".join(lines).encode("utf-8", "replace")


Mutate = Callable[[str, random.Random], bytes]
