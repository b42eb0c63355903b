"""The ways to write an errand down."""

from __future__ import annotations

from collections.abc import Callable

from mikoshi.chain.rpc import Rpc
from mikoshi.status.export.cast import cast_lines
from mikoshi.status.export.exported_call import Errand
from mikoshi.status.export.safe import safe_batch
from mikoshi.status.export.unsigned import unsigned_transaction
from mikoshi.text.console import json_text

FORMATS: dict[str, Callable[[Errand, Rpc], str]] = {
    "safe": lambda errand, rpc: _json(safe_batch(errand, rpc.timestamp())),
    "cast": lambda errand, _: cast_lines(errand),
    "unsigned": lambda errand, rpc: _json(unsigned_transaction(errand, rpc)),
}
"""By the name of the format: the text of a file. Raises what the chain raises."""


def _json(entries: object) -> str:
    return json_text(entries) + "\n"
