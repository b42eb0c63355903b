"""The same call as lines for `cast` of Foundry, to be run in a shell.

Values are written by types and not as calldata, so that they can be read. `cast` cuts quotes and
spaces off the ends of a text, which no description that is submitted here has.
"""

from __future__ import annotations

import shlex
from typing import Any

from mikoshi.status.export.exported_call import ExportedCall
from mikoshi.text.language import _


def cast_lines(exported: ExportedCall) -> str:
    """Comments in words, a line that only tries the call, and one that sends it."""
    args = [exported.to, exported.signature, *map(_argument, exported.act.args)]
    call = " ".join(map(shlex.quote, args))
    comments = [
        _("{title}, on chain {chain}", title=exported.title, chain=exported.chain_id),
        *exported.details,
        _("Set ETH_RPC_URL to a node of that chain, and add how you sign: --account, --ledger …"),
    ]
    lines = [
        *(f"# {_one_line(each)}" for each in comments),
        f"cast call --from {exported.sender} {call}",
        f"cast send --chain {exported.chain_id} --from {exported.sender} {call}",
    ]
    return "\n".join(lines) + "\n"


def _argument(value: Any) -> str:
    if isinstance(value, bytes):
        return f"0x{value.hex()}"
    if isinstance(value, list | tuple):
        return f"[{','.join(map(_argument, value))}]"
    return str(value)


def _one_line(text: str) -> str:
    """A comment must not end before its words do."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
