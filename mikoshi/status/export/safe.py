"""A batch for the Transaction Builder of a Safe.

The format is that of its own files, version 1.0. The checksum is over the file as JavaScript sees
it, with sorted keys and without a name: github.com/safe-global/safe-react-apps,
apps/tx-builder/src/lib/checksum.ts; a file of version 1.18.2 gives the same.
"""

from __future__ import annotations

import json
from typing import Any

from eth_utils.crypto import keccak

from mikoshi.status.export.exported_call import ExportedCall

_BUILDER = "1.18.2"


def safe_batch(exported: ExportedCall, now: int) -> dict[str, Any]:
    """The batch made at `now`, Unix seconds; the sender is the Safe."""
    meta = {
        "name": exported.title,
        "description": "\n".join(exported.details),
        "txBuilderVersion": _BUILDER,
        "createdFromSafeAddress": exported.sender,
        "createdFromOwnerAddress": "",
    }
    transaction = {
        "to": exported.to,
        "value": "0",
        "data": f"0x{exported.data.hex()}",
        "contractMethod": None,
        "contractInputsValues": None,
    }
    batch = {
        "version": "1.0",
        "chainId": str(exported.chain_id),
        "createdAt": now * 1000,
        "meta": meta,
        "transactions": [transaction],
    }
    return batch | {"meta": meta | {"checksum": checksum(batch)}}


def checksum(batch: dict[str, Any]) -> str:
    """What the Transaction Builder expects under `meta.checksum`."""
    meta = {name: each for name, each in batch["meta"].items() if name != "checksum"}
    return f"0x{keccak(text=_serialized(batch | {'meta': meta | {'name': None}})).hex()}"


def _serialized(value: Any) -> str:
    if isinstance(value, list):
        return f"[{','.join(map(_serialized, value))}]"
    if isinstance(value, dict):
        names = sorted(value)
        parts = "".join(f"{_serialized(value[name])}," for name in names)
        return f"{{{_plain(names)}{parts}}}"
    return _plain(value)


def _plain(value: Any) -> str:
    """As JSON.stringify writes it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
