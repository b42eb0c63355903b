"""What Ape's console has of Mikoshi.

A community's ape_console_extras.py is `from mikoshi.scripting.console import ape_init_extras`.
"""

from __future__ import annotations

from mikoshi.scripting.dao import DAO
from mikoshi.text.console import Console
from mikoshi.text.errors import MikoshiError


def ape_init_extras() -> dict[str, object]:
    """`DAO`, and as `dao` the one of dao.toml; where there is none, the reason is told."""
    names: dict[str, object] = {"DAO": DAO}
    try:
        names["dao"] = DAO.load()
    except MikoshiError as error:
        Console().fail(error)
    return names
