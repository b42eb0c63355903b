"""A plan made of what was typed, with every problem told at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mikoshi.config.kinds import ValueProblemError
from mikoshi.replay.member import Member
from mikoshi.replay.succession import (
    LEAST_DELAY,
    LEAST_SILENCE,
    MOST_DELAY,
    MOST_GUARDIANS,
    MOST_SILENCE,
    SeatPlan,
)
from mikoshi.text.clock import parse_duration
from mikoshi.text.errors import BadInputError, ProblemError
from mikoshi.text.language import N_
from mikoshi.text.people import ZERO_ADDRESS, quoted
from mikoshi.text.units import UnitError, format_duration

if TYPE_CHECKING:
    from mikoshi.context.context import Context


@dataclass(frozen=True)
class TypedPlan:
    """What was typed: people as `context.book` knows them, durations in words."""

    guardians: Sequence[str]
    needed: int | None
    delay: str
    heir: str | None
    silence: str | None


def plan_of(context: Context, person: Member, typed: TypedPlan) -> SeatPlan:
    """The plan of a person. Raises BadInputError with everything that is wrong."""
    problems: list[ProblemError] = []
    members, others = _guardians(context, person, typed.guardians, problems)
    count = len(members) + len(others)
    needed = min(count, 2) if typed.needed is None else typed.needed
    if count > MOST_GUARDIANS:
        problems.append(_outside("--guardian", 1, MOST_GUARDIANS, count))
    if not min(count, 1) <= needed <= count:
        problems.append(_outside("--needed", min(count, 1), count, needed))
    heir = _account(context, "--heir", typed.heir, problems) if typed.heir else ZERO_ADDRESS
    if heir == person.wallet:
        problems.append(_of_oneself("--heir"))
    if not count and heir == ZERO_ADDRESS and not problems:
        problems.append(
            ProblemError("plan.names-nobody", N_("it names nobody: neither a guardian nor an heir"))
        )
    delay = _duration("--delay", typed.delay, LEAST_DELAY, MOST_DELAY, problems)
    silence = 0
    if typed.heir:
        asked = typed.silence or "730 days"
        silence = _duration("--silence", asked, LEAST_SILENCE, MOST_SILENCE, problems)
    elif typed.silence:
        problems.append(
            ProblemError("plan.silence-without-heir", N_("--silence is of use with --heir alone"))
        )
    if problems:
        raise BadInputError(
            "plan.invalid",
            N_("This is no plan yet"),
            [each.words for each in problems],
            N_("Change it; nothing was signed and nothing was sent"),
            problems=problems,
        )
    return SeatPlan(tuple(sorted(members)), others, needed, delay, heir, silence)


def _guardians(
    context: Context, person: Member, typed: Sequence[str], problems: list[ProblemError]
) -> tuple[set[int], tuple[str, ...]]:
    """Members by id, others by address: who is a member is known by the number."""
    members: set[int] = set()
    others: set[str] = set()
    for text in typed:
        account = _account(context, "--guardian", text, problems)
        known = context.rebuilt.membership.member_at(account)
        if account == ZERO_ADDRESS:
            continue
        if known is not None and known.id == person.id:
            problems.append(_of_oneself("--guardian"))
        elif account in others or (known is not None and known.id in members):
            problems.append(
                ProblemError(
                    "plan.named-twice", N_("--guardian names {who} twice"), who=quoted(text)
                )
            )
        elif known is not None and known.standing.is_member:
            members.add(known.id)
        else:
            others.add(account)
    return members, tuple(sorted(others, key=lambda each: int(each, 16)))


def _account(context: Context, option: str, text: str, problems: list[ProblemError]) -> str:
    """The account that is meant; that of nobody where it is not clear, which is a problem."""
    try:
        account = context.book.address(text)
    except ValueProblemError as problem:
        problems.append(
            ProblemError("plan.unclear", "{option} {problem}", option=option, problem=problem)
        )
        return ZERO_ADDRESS
    if account in (ZERO_ADDRESS, *context.book.parts.values()):
        problems.append(
            ProblemError(
                "plan.no-person",
                N_("{option} {got}: this account can never sign"),
                option=option,
                got=quoted(text),
            )
        )
        return ZERO_ADDRESS
    return account


def _duration(option: str, text: str, low: int, high: int, problems: list[ProblemError]) -> int:
    try:
        seconds = parse_duration(text)
    except UnitError as problem:
        problems.append(
            ProblemError(
                "plan.no-duration",
                N_("{option} {problem}, got {got}"),
                option=option,
                problem=problem,
                got=quoted(text),
            )
        )
        return low
    if not low <= seconds <= high:
        problems.append(_outside(option, *map(format_duration, (low, high, seconds))))
    return seconds


def _outside(option: str, low: object, high: object, got: object) -> ProblemError:
    return ProblemError(
        "plan.outside",
        N_("{option} must be {low} … {high}, got {got}"),
        option=option,
        low=low,
        high=high,
        got=got,
    )


def _of_oneself(option: str) -> ProblemError:
    return ProblemError("plan.of-oneself", N_("{option} is the person themselves"), option=option)
