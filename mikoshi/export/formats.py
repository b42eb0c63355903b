"""The ways to write an errand down."""

from __future__ import annotations

import json
from collections.abc import Callable

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
    return json.dumps(entries, ensure_ascii=False, indent=2) + "\n"
