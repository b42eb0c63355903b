"""The ways to write an exported call down."""

from __future__ import annotations

from collections.abc import Callable

from mikoshi.chain.rpc import Rpc
from mikoshi.status.export.cast import cast_lines
from mikoshi.status.export.exported_call import ExportedCall
from mikoshi.status.export.safe import safe_batch
from mikoshi.status.export.unsigned import unsigned_transaction
from mikoshi.text.console import json_text

FORMATS: dict[str, Callable[[ExportedCall, Rpc], str]] = {
    "safe": lambda exported, rpc: _json(safe_batch(exported, rpc.timestamp())),
    "cast": lambda exported, _: cast_lines(exported),
    "unsigned": lambda exported, rpc: _json(unsigned_transaction(exported, rpc)),
}
"""By the name of the format: the text of a file. Raises what the chain raises."""


def _json(entries: object) -> str:
    return json_text(entries) + "\n"
