"""The communities that the state machine founds, and who is around them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from eth_utils.address import to_checksum_address

from mikoshi.testing.defaults import DAY, POINT, VOICE, ZERO, params
from mikoshi.testing.machine_actors import Actor
from mikoshi.testing.model.state import ADMITTER, MINTER, PURSE, REWARDER, SUCCESSION

START = 1_800_000_000
PAYEES = tuple(to_checksum_address(f"0x{number:040x}") for number in (0xE001, 0xE002))
STAND_INS = tuple(to_checksum_address("0x" + byte * 20) for byte in ("a1", "a2"))
"""Contracts that may become the governor."""
DELEGATED = to_checksum_address("0x" + "a7" * 20)
"""A wallet whose key lent it the code of another account (EIP-7702)."""
DELEGATION = "ef0100" + STAND_INS[0][2:].lower()
ROLES = {
    "admitter": ADMITTER,
    "rewarder": REWARDER,
    "minter": MINTER,
    "purse": PURSE,
    "succession": SUCCESSION,
}
OFFICES = ("guardian", "steward")
OFFICERS = (*ROLES, *OFFICES, "stranger")


@dataclass(frozen=True)
class Setup:
    """A community to found: its parameters beside the defaults, and its first members.

    `founding` are the days for which the steward is in office; histories begin when the roles that
    the first votes gave are in force, unless `at_once`.
    """

    name: str
    founders: int
    changes: Mapping[str, Any] = field(default_factory=dict)
    t0_ahead: int = 0
    founding: int = 60
    at_once: bool = False
    share: int = 2

    def params(self, people: list[Actor], officers: Mapping[str, Actor]) -> dict[str, Any]:
        """`IDAOFactory.Params`."""
        changes = dict(self.changes)
        t0 = START + self.t0_ahead
        voice = (changes.pop("voice", None) or params(0)["voice"]) | {"t0": t0}
        guardian = {"holder": officers["guardian"].address, "until": START + 300 * DAY}
        steward = {"holder": officers["steward"].address, "until": START + self.founding * DAY}
        return params(
            t0,
            [actor.address for actor in people[: self.founders]],
            voice=voice,
            grants=[{"account": people[0].address, "amount": 50 * POINT}],
            guardian=guardian,
            steward=steward if self.founding else {"holder": ZERO, "until": 0},
            **changes,
        )


def _governor(**changes: int) -> dict[str, int]:
    settings: dict[str, int] = params(0)["governor"]
    return settings | changes


def _people(**changes: int) -> dict[str, int]:
    settings: dict[str, int] = params(0)["membership"]
    return settings | changes


SETUPS = {
    "soulbound": Setup("soulbound", 5),
    "transferable": Setup(
        "transferable",
        4,
        {
            "transferableTickets": True,
            "voice": {"halfLife": 90 * DAY, "base": 3 * VOICE, "most": 30_000, "full": 333},
            "governor": _governor(thresholdBps=0, quorumBps=1_000, voiceCapBps=5_000),
            "token": {"epochCap": 1_000 * POINT, "transferable": False},
            "membership": _people(stewardCap=1, meritCap=250_000, meritCapPerMember=200_000),
        },
        t0_ahead=DAY - 1,
        founding=300,
        at_once=True,
    ),
    "equal": Setup(
        "equal",
        1,
        {
            "voice": {"halfLife": 3_650 * DAY, "base": VOICE, "most": 10_000, "full": 1},
            "governor": _governor(thresholdBps=5_000, quorumBps=6_000, liveProposals=1),
            "membership": _people(stewardCap=1),
        },
        founding=0,
    ),
    "crowd": Setup("crowd", 42, {"governor": _governor(quorumBps=500, voiceCapBps=100)}, share=1),
}
