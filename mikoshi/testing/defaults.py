"""A DAO with the default settings, for tests and measurements."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

DAY = 86_400
VOICE = 10**9
POINT = 10**18
CHARTER = bytes.fromhex("c4" * 32)
ZERO = "0x" + "00" * 20


def params(t0: int, members: Sequence[str] = (), **changes: Any) -> dict[str, Any]:
    """`IDAOFactory.Params` with the defaults of the design; `changes` replace whole fields."""
    defaults: dict[str, Any] = {
        "name": "PM DAO",
        "symbol": "PMD",
        "charterHash": CHARTER,
        "charterURI": "ipfs://charter",
        "voice": {"t0": t0, "halfLife": 180 * DAY, "base": VOICE, "most": 15_000, "full": 100},
        "transferableTickets": False,
        "membership": {
            "dormantAfter": 180 * DAY,
            "season": 45 * DAY,
            "stewardCap": 100,
            "meritCap": 10_000_000,
            "meritCapPerMember": 1_000_000,
        },
        "governor": {
            "votingDelay": 2 * DAY,
            "votingPeriod": 5 * DAY,
            "lateExtension": 1 * DAY,
            "executionDelay": 2 * DAY,
            "expiry": 14 * DAY,
            "quorumBps": 3_000,
            "floorBps": 500,
            "voiceCapBps": 1_000,
            "thresholdBps": 10_000,
            "liveProposals": 3,
        },
        "tokenName": "PM DAO Contribution",
        "tokenSymbol": "PMC",
        "token": {"epochCap": 1_000_000 * 10**18, "transferable": True},
        "guardian": {"holder": ZERO, "until": 0},
        "steward": {"holder": ZERO, "until": 0},
        "members": list(members),
        "grants": [],
    }
    unknown = changes.keys() - defaults.keys()
    if unknown:
        raise TypeError(f"no such parameter: {', '.join(sorted(unknown))}")
    return defaults | changes
