"""What must hold between the settings of different places in dao.toml."""

from __future__ import annotations

from collections.abc import Sequence

from mikoshi.config.danger import DANGERS, dangers_of
from mikoshi.config.governance import GovernanceSection
from mikoshi.config.kinds import ValueProblemError
from mikoshi.config.model import Config
from mikoshi.config.numbers import Duration, Number
from mikoshi.config.offices import StewardSection
from mikoshi.config.problems import Problems
from mikoshi.config.sections import (
    MAX_FIRST_MEMBERS,
    DangerSection,
    MembershipSection,
    MeritSection,
    TokenSection,
)
from mikoshi.text.language import _
from mikoshi.text.people import Person
from mikoshi.text.units import YEAR, normalize


def check_season(
    membership: MembershipSection, governance: GovernanceSection, problems: Problems
) -> None:
    """A season is at least as long as a vote, from proposal to deadline."""
    voting = governance.voting_delay + governance.voting_period
    try:
        Duration(voting, YEAR).within(membership.season)
    except ValueProblemError as error:
        problems.add(
            "membership.season",
            str(error),
            _(
                "a seat bought when a proposal appears must not vote on it: a season lasts "
                "at least voting_delay + voting_period"
            ),
        )


def check_merit(merit: MeritSection, problems: Problems) -> None:
    """Nobody may get more merit than all together."""
    try:
        Number(0, merit.per_epoch, 3, "points").within(merit.per_member)
    except ValueProblemError as error:
        why = _("one member cannot get more than all of them (merit.per_epoch)")
        problems.add("merit.per_member", str(error), why)


def check_token(token: TokenSection, problems: Problems) -> None:
    """Amounts are in the token's own unit."""
    amounts = {"token.cap_per_epoch": token.cap_per_epoch}
    for number, grant in enumerate(token.grants, 1):
        amounts[f"token.grants[{number}].amount"] = grant.amount
    for path, amount in amounts.items():
        if amount.unit != normalize(token.symbol):
            problems.add(
                path,
                _(
                    "must be in {symbol}, the token's symbol, got {unit}",
                    symbol=token.symbol,
                    unit=amount.unit,
                ),
            )


def check_people(
    people: Sequence[Person], steward: StewardSection | None, problems: Problems
) -> None:
    """There is someone to begin with, and those who do not fit in have someone to admit them."""
    rest = len(people) - MAX_FIRST_MEMBERS
    if rest > 0 and not (steward and steward.members_per_epoch):
        problems.add(
            "members",
            _(
                "must be at most {max_first_members} people without a steward, got {count}",
                max_first_members=MAX_FIRST_MEMBERS,
                count=len(people),
            ),
            _(
                "a creation must fit into one transaction; only a [steward] can admit the "
                "other {rest} afterwards",
                rest=rest,
            ),
        )
    if not people and not (steward and steward.members_per_epoch):
        problems.add(
            "members",
            _("names nobody, and no steward may admit anyone"),
            _("a DAO without members could never decide anything"),
        )


def check_danger_names(danger: DangerSection, problems: Problems) -> None:
    """Only dangers that exist can be accepted."""
    names = [each.name for each in DANGERS]
    for name in danger.accept:
        if name not in names:
            problems.add_unknown(
                "danger.accept",
                name,
                names,
                _('names "{name}", which is not a danger', name=name),
            )


def check_dangers(config: Config, problems: Problems) -> None:
    """Every dangerous setting is accepted, and nothing else is."""
    present = dangers_of(config)
    for danger in present:
        if danger.name not in config.accepted:
            problems.add(
                danger.path,
                _(
                    'is dangerous: {text}; if it is meant, add "{name}" to accept under [danger]',
                    text=danger.text,
                    name=danger.name,
                ),
                _("what can ruin a community has to be said aloud"),
            )
    for danger in DANGERS:
        if danger.name in config.accepted and danger not in present:
            problems.add(
                "danger.accept",
                _('names "{name}", which does not apply; remove it', name=danger.name),
                _("left there, it would hide a later mistake"),
            )
