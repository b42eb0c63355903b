"""What must hold between the settings of different places in dao.toml."""

from __future__ import annotations

from collections.abc import Sequence

from mikoshi.config.danger import (
    DANGERS,
    GONE_DANGERS,
    LASTING_POWER,
    Danger,
    dangerous_size,
    dangers_of,
)
from mikoshi.config.governance import StewardSection
from mikoshi.config.kinds import ValueProblemError
from mikoshi.config.model import Config
from mikoshi.config.numbers import Number
from mikoshi.config.problems import Problems
from mikoshi.config.sections import (
    MAX_FIRST_MEMBERS,
    DangerSection,
    MeritSection,
    TokenSection,
)
from mikoshi.text.errors import Line, Words
from mikoshi.text.language import N_
from mikoshi.text.people import Person
from mikoshi.text.units import normalize


def check_merit(merit: MeritSection, problems: Problems) -> None:
    """Nobody may get more merit than all together."""
    try:
        Number(0, merit.per_epoch, 3, "points").within(merit.per_member)
    except ValueProblemError as error:
        why = N_("one member cannot get more than all of them (merit.per_epoch)")
        problems.add("merit.per_member", error, why)


def check_token(token: TokenSection, problems: Problems) -> None:
    """Amounts are in the token's own unit."""
    amounts = {"token.cap_per_epoch": token.cap_per_epoch}
    for number, grant in enumerate(token.grants, 1):
        amounts[f"token.grants[{number}].amount"] = grant.amount
    for path, amount in amounts.items():
        if amount.unit != normalize(token.symbol):
            wrong = ValueProblemError(
                "tokens.of-another",
                N_("must be in {symbol}, the token's symbol, got {got}"),
                symbol=token.symbol,
                got=amount.unit,
            )
            problems.add(path, wrong)


def check_people(
    people: Sequence[Person], steward: StewardSection | None, problems: Problems
) -> None:
    """There is someone to begin with, and those who do not fit in have someone to admit them."""
    rest = len(people) - MAX_FIRST_MEMBERS
    if rest > 0 and not (steward and steward.members_per_epoch):
        too_many = ValueProblemError(
            "members.too-many",
            N_("must be at most {most} people without a steward, got {got}"),
            most=MAX_FIRST_MEMBERS,
            got=len(people),
        )
        why = Words(
            "a creation must fit into one transaction; only a [steward] can admit the "
            "other {rest} afterwards",
            rest=rest,
        )
        problems.add("members", too_many, why)
    if not people and not (steward and steward.members_per_epoch):
        problems.add(
            "members",
            ValueProblemError(
                "members.nobody", N_("names nobody, and no steward may admit anyone")
            ),
            N_("a DAO without members could never decide anything"),
        )


def check_danger_names(danger: DangerSection, problems: Problems) -> None:
    """Only dangers that exist can be accepted."""
    names = [each.name for each in DANGERS]
    for name in danger.accept:
        if name in GONE_DANGERS:
            ruled_out = ValueProblemError(
                "danger.gone",
                N_('names "{name}", which the limits rule out since 0.3; remove it'),
                name=name,
            )
            problems.add("danger.accept", ruled_out)
        elif name not in names:
            unknown = ValueProblemError(
                "danger.unknown", N_('names "{name}", which is not a danger'), name=name
            )
            problems.add_unknown("danger.accept", name, names, unknown)


def check_dangers(config: Config, problems: Problems) -> None:
    """Every dangerous setting is accepted, and nothing else is."""
    present = dangers_of(config)
    for danger in present:
        if danger.name not in config.accepted:
            silent = ValueProblemError(
                "danger.not-accepted",
                N_('is dangerous: {what}; if it is meant, add "{name}" to accept under [danger]'),
                what=danger.text,
                name=danger.name,
            )
            problems.add(danger.path, silent, _why(danger, config))
    for danger in DANGERS:
        if danger.name in config.accepted and danger not in present:
            idle = ValueProblemError(
                "danger.absent",
                N_('names "{name}", which does not apply; remove it'),
                name=danger.name,
            )
            problems.add("danger.accept", idle, N_("left there, it would hide a later mistake"))


def _why(danger: Danger, config: Config) -> Line:
    size = dangerous_size(config) if danger is LASTING_POWER else None
    if size is None:
        return N_("what can ruin a community has to be said aloud")
    return Words(
        "of {awake} awake members {needed} can decide, and {holders} can hold power for ever; "
        "with a smaller quorum or a smaller voice.most more would have to agree",
        awake=size.awake,
        needed=size.needed,
        holders=size.holders,
    )
