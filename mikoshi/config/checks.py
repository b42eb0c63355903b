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
from mikoshi.text.language import pick
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
            pick(
                "a seat bought when a proposal appears must not vote on it: a season lasts at"
                " least voting_delay + voting_period",
                "提案が出てから買った席で投票できないよう、season は voting_delay + voting_period"
                " 以上にします",
            ),
        )


def check_merit(merit: MeritSection, problems: Problems) -> None:
    """Nobody may get more merit than all together."""
    try:
        Number(0, merit.per_epoch, 3, "points").within(merit.per_member)
    except ValueProblemError as error:
        why = pick(
            "one member cannot get more than all of them (merit.per_epoch)",
            "1人の上限は全員の上限(merit.per_epoch)を超えられません",
        )
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
                pick(
                    f"must be in {token.symbol}, the token's symbol, got {amount.unit}",
                    f"の単位は token.symbol と同じ {token.symbol} にしてください"
                    f"(今の値: {amount.unit})",
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
            pick(
                f"must be at most {MAX_FIRST_MEMBERS} people without a steward, got {len(people)}",
                f"は、スチュワードがいなければ {MAX_FIRST_MEMBERS}人までです(今は {len(people)}人)",
            ),
            pick(
                f"a creation must fit into one transaction; only a [steward] can admit the other"
                f" {rest} afterwards",
                f"作成は1つの取引に収まる必要があり、残りの{rest}人を迎えるには"
                " [steward] が必要です",
            ),
        )
    if not people and not (steward and steward.members_per_epoch):
        problems.add(
            "members",
            pick("names nobody, and no steward may admit anyone", "が空で、迎える人もいません"),
            pick(
                "a DAO without members could never decide anything",
                "メンバーがいないDAOは何も決められません",
            ),
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
                pick(
                    f'names "{name}", which is not a danger', f"の「{name}」という名前はありません"
                ),
            )


def check_dangers(config: Config, problems: Problems) -> None:
    """Every dangerous setting is accepted, and nothing else is."""
    present = dangers_of(config)
    for danger in present:
        if danger.name not in config.accepted:
            problems.add(
                danger.path,
                pick(
                    f"is dangerous: {danger.text}; if it is meant, add"
                    f' "{danger.name}" to accept under [danger]',
                    f"は危険な設定です: {danger.text}。承知の上なら [danger] の accept に"
                    f' "{danger.name}" を加えてください',
                ),
                pick(
                    "what can ruin a community has to be said aloud",
                    "会を壊しかねない設定は、はっきり書く必要があります",
                ),
            )
    for danger in DANGERS:
        if danger.name in config.accepted and danger not in present:
            problems.add(
                "danger.accept",
                pick(
                    f'names "{danger.name}", which does not apply; remove it',
                    f"の「{danger.name}」は当てはまりません。消してください",
                ),
                pick(
                    "left there, it would hide a later mistake",
                    "残しておくと、あとの間違いに気づけません",
                ),
            )
