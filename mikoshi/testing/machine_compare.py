"""Whether a contract returned, refused with, or told of credits what the model says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from mikoshi.chain.abi import Event, Interface, Revert
from mikoshi.chain.rpc import RevertedError, RpcError
from mikoshi.testing.model.dao import DaoModel
from mikoshi.testing.model.numbers import MILLI
from mikoshi.testing.model.refusal import Refusal
from mikoshi.testing.model.treasury import Inner


def check_result(what: str, name: str, returned: Any, result: Any) -> None:
    """What a call returned. Raises AssertionError if the model says otherwise."""
    if name.startswith("castVote"):
        assert abs(returned - result) <= 1 + result // 10**12, (
            f"{what}: weighs {returned}, the model says {result}"
        )
        return
    assert returned == result, f"{what}: returns {returned}, the model says {result}"


def check_refusal(
    interface: Interface, what: str, refusal: Refusal | None, error: RpcError | RevertedError
) -> str:
    """The name of the error; raises AssertionError if the model does not expect it."""
    if isinstance(error, RpcError) and not error.data and "revert" not in error.message:
        raise error
    revert = interface.decode_revert(error.data or b"")
    shown = revert or str(error)
    assert refusal is not None, f"{what}: was refused with {shown}"
    for choice in refusal.choices:
        if _is(interface, revert, choice):
            return str(choice[0])
    raise AssertionError(f"{what}: {shown}, the model says {refusal}")


def settle_credits(model: DaoModel, events: Sequence[Event]) -> None:
    """Each credit as it was told: raw within 1e-12, what the ceiling cut within a thousandth.

    The model goes on from what was told, so that errors do not add up.
    """
    environment, state = model.environment, model.state
    told = [event.args for event in events if event.name == "MeritCredited"]
    assert len(told) == len(environment.credited), f"{told}, not {environment.credited}"
    off = 0
    for args, (number, given, cut) in zip(told, environment.credited, strict=True):
        assert args["id"] == number, f"credited {args['id']}, not {number}"
        wrong = args["points"] // MILLI - given
        assert args["points"] % MILLI == 0, f"gave {args}"
        assert abs(wrong) <= cut, f"gave {args}, not {given}"
        off += wrong
        member = state.members[number]
        state.change(member, used=member.used + wrong)
    for number, raw in {args["id"]: args["raw"] for args in told}.items():
        member = state.members[number]
        far = abs(raw - member.raw)
        assert far <= 2 + len(told) + raw // 10**12, f"{raw}, not {member.raw}"
        state.change(member, raw=raw)
    if off:
        state.usage = replace(state.usage, merit=state.usage.merit + off)


def _is(interface: Interface, revert: Revert | None, choice: Sequence[Any]) -> bool:
    if revert is None or revert.name != choice[0] or len(revert.args) != len(choice) - 1:
        return False
    pairs = zip(revert.args, choice[1:], strict=True)
    return all(_same(interface, actual, expected) for actual, expected in pairs)


def _same(interface: Interface, actual: Any, expected: Any) -> bool:
    if not isinstance(expected, Inner):
        return bool(expected == actual)
    if expected.refusal is None:
        return bool(actual == b"")
    revert = interface.decode_revert(actual)
    return any(_is(interface, revert, choice) for choice in expected.refusal.choices)
