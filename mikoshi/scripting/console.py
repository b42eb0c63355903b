"""What Ape's console has of Mikoshi.

A community's ape_console_extras.py is `from mikoshi.scripting.console import ape_init_extras`.
"""

from __future__ import annotations

from mikoshi.cli.failures import explained
from mikoshi.scripting.dao import DAO
from mikoshi.text.console import Console


def ape_init_extras() -> dict[str, object]:
    """`DAO`, and as `dao` the one of dao.toml; where there is none, the reason is told."""
    names: dict[str, object] = {"DAO": DAO}
    try:
        names["dao"] = DAO.load()
    except Exception as error:  # the console is there for whatever else one came for
        Console().fail(explained(error))
    return names
