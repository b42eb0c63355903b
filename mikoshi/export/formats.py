"""The ways to write an errand down."""

from __future__ import annotations

from collections.abc import Callable

from mikoshi.console import json_text
from mikoshi.export.cast import cast_lines
from mikoshi.export.errand import Errand
from mikoshi.export.safe import safe_batch
from mikoshi.export.unsigned import unsigned_transaction
from mikoshi.rpc import Rpc

FORMATS: dict[str, Callable[[Errand, Rpc], str]] = {
    "safe": lambda errand, rpc: _json(safe_batch(errand, rpc.timestamp())),
    "cast": lambda errand, _: cast_lines(errand),
    "unsigned": lambda errand, rpc: _json(unsigned_transaction(errand, rpc)),
}
"""By the name of the format: the text of a file. Raises what the chain raises."""


def _json(entries: object) -> str:
    return json_text(entries) + "\n"
