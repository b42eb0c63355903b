"""Reading dao.toml: every problem of the file, and of the files it names, is told at once."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar, cast

from pydantic import ValidationError

from mikoshi.config.danger import DANGERS, dangers_of
from mikoshi.config.fields import Duration, Number, ValueProblemError
from mikoshi.config.model import Config
from mikoshi.config.problems import Problems
from mikoshi.config.sections import (
    MAX_FIRST_MEMBERS,
    SECTIONS,
    CharterSection,
    DangerSection,
    DaoSection,
    GovernanceSection,
    GuardianSection,
    MembershipSection,
    MembersSection,
    MeritSection,
    Section,
    StewardSection,
    TokenSection,
    VoiceSection,
)
from mikoshi.errors import BadInputError
from mikoshi.language import pick
from mikoshi.people import Person, scan_people, short
from mikoshi.units import YEAR

_OPTIONAL = ("guardian", "steward")

S = TypeVar("S", bound=Section)


def load(path: Path) -> Config:
    """A checked configuration. Raises BadInputError."""
    raw = _parse(path)
    problems = Problems(path.name)
    for name in raw.keys() - SECTIONS.keys():
        problems.add_unknown(name, SECTIONS)
    sections = {name: _section(name, raw, problems) for name in SECTIONS}

    def get(name: str, section: type[S]) -> S | None:
        value = sections[name]
        return value if isinstance(value, section) else None

    charter = get("charter", CharterSection)
    members = get("members", MembersSection)
    people = _people(path, members, problems) if members else None
    charter_hash = _charter_hash(path, charter, problems) if charter else b""
    _check_season(
        get("membership", MembershipSection), get("governance", GovernanceSection), problems
    )
    _check_merit(get("merit", MeritSection), problems)
    _check_symbol(get("token", TokenSection), problems)
    if people is not None:
        _check_people(people, get("steward", StewardSection), "steward" in raw, problems)
    danger = get("danger", DangerSection)
    _check_names(danger, problems)
    complete = all(sections[name] is not None or name in _OPTIONAL for name in SECTIONS)
    if complete and people is not None:
        config = Config(
            source=path,
            dao=cast(DaoSection, sections["dao"]),
            charter=cast(CharterSection, charter),
            charter_hash=charter_hash,
            members=tuple(people),
            voice=cast(VoiceSection, sections["voice"]),
            membership=cast(MembershipSection, sections["membership"]),
            merit=cast(MeritSection, sections["merit"]),
            governance=cast(GovernanceSection, sections["governance"]),
            token=cast(TokenSection, sections["token"]),
            guardian=get("guardian", GuardianSection),
            steward=get("steward", StewardSection),
        )
        _check_dangers(config, danger, problems)
    problems.check()
    return config


def _parse(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"), parse_float=Decimal)
    except OSError as error:
        raise BadInputError(
            pick(f"{path}: cannot be read", f"{path}: 読み込めません"),
            error.strerror or str(error),
            pick(
                "Write one with `ape run init`, or name another with --config",
                "`ape run init` で作るか、--config で別のファイルを指定してください",
            ),
        ) from error
    except ValueError as error:
        raise BadInputError(
            pick(f"{path.name}: is not TOML", f"{path.name}: TOML として読めません"),
            str(error),
            pick(
                'Correct that place; texts stand in quotes: quorum = "30%"',
                'その箇所を直してください(文字は引用符で囲みます: quorum = "30%")',
            ),
        ) from error


def _section(name: str, raw: dict[str, Any], problems: Problems) -> Section | None:
    if name not in raw and name in _OPTIONAL:
        return None
    table = raw.get(name, {})
    if not isinstance(table, dict):
        problems.add(name, pick(f"must be a table: [{name}]", f"は [{name}] の形で書いてください"))
        return None
    try:
        return SECTIONS[name].model_validate(table)
    except ValidationError as error:
        problems.add_invalid(error, name, SECTIONS[name])
        return None


def _people(path: Path, section: MembersSection, problems: Problems) -> list[Person] | None:
    """The first members, or None if any of them is wrong."""
    before = len(problems.lines)
    if section.file and section.list:
        problems.add(
            "members",
            pick("must have file or list, not both", "は file か list の一方だけにしてください"),
        )
        return None
    people = [Person(entry.wallet, entry.name) for entry in section.list]
    if section.file:
        try:
            people, lines = scan_people(path.parent / section.file)
        except BadInputError as error:
            lines = [f"{error.what} ({error.reasons[0]})"]
        for line in lines:
            problems.add_line(line)
    first: dict[str, int] = {}
    for number, person in enumerate(people, 1):
        if person.wallet in first:
            same = f"{short(person.wallet)} ({first[person.wallet]}, {number})"
            problems.add("members.list", pick(f"has {same} twice", f"に {same} が2回出てきます"))
        first.setdefault(person.wallet, number)
    return people if len(problems.lines) == before else None


def _charter_hash(path: Path, section: CharterSection, problems: Problems) -> bytes:
    from eth_utils.crypto import keccak

    if section.file and section.hash:
        problems.add(
            "charter",
            pick("must have file or hash, not both", "は file か hash の一方だけにしてください"),
        )
    if section.hash:
        return section.hash
    if not section.file:
        return bytes(keccak(b""))
    try:
        return bytes(keccak((path.parent / section.file).read_bytes()))
    except OSError as error:
        problems.add(
            "charter.file",
            pick(
                f"cannot be read: {section.file} ({error.strerror})",
                f"が読めません: {section.file} ({error.strerror})",
            ),
        )
        return b""


def _check_season(
    membership: MembershipSection | None, governance: GovernanceSection | None, problems: Problems
) -> None:
    if membership is None or governance is None:
        return
    voting = governance.voting_delay + governance.voting_period
    try:
        Duration(voting, YEAR).within(membership.season)
    except ValueProblemError as error:
        problems.add(
            "membership.season",
            str(error),
            pick(
                "a seat bought when a proposal appears must not vote on it, so the season lasts at"
                " least voting_delay + voting_period",
                "提案が出てから買った席で投票できないよう、season は voting_delay + voting_period"
                " 以上にします",
            ),
        )


def _check_merit(merit: MeritSection | None, problems: Problems) -> None:
    if merit is None:
        return
    try:
        Number(0, merit.per_epoch, 3, "points").within(merit.per_member)
    except ValueProblemError as error:
        why = pick("one member cannot get more than all", "1人の上限は全員の上限を超えられません")
        problems.add("merit.per_member", str(error), why)


def _check_symbol(token: TokenSection | None, problems: Problems) -> None:
    if token is None:
        return
    amounts = {"token.cap_per_epoch": token.cap_per_epoch}
    amounts |= {f"token.grants.{i}.amount": grant.amount for i, grant in enumerate(token.grants)}
    for name, amount in amounts.items():
        if amount.unit != token.symbol:
            problems.add(
                name,
                pick(
                    f"must be in {token.symbol}, the token's symbol, got {amount.unit}",
                    f"の単位は token.symbol と同じ {token.symbol} にしてください"
                    f"(今の値: {amount.unit})",
                ),
            )


def _check_people(
    people: list[Person], steward: StewardSection | None, has_steward: bool, problems: Problems
) -> None:
    if len(people) > MAX_FIRST_MEMBERS:
        problems.add(
            "members",
            pick(
                f"must be 0 … {MAX_FIRST_MEMBERS} people, got {len(people)}",
                f"は {MAX_FIRST_MEMBERS}人までです(今は {len(people)}人)",
            ),
            pick(
                "a creation must fit into one transaction; the steward admits the others with"
                " `ape run members admit`",
                "作成は1つの取引に収まる必要があります。残りはスチュワードが"
                " `ape run members admit` で迎えます",
            ),
        )
    if not people and (not has_steward or (steward and not steward.members_per_epoch)):
        problems.add(
            "members",
            pick("names nobody, and no steward can admit anyone", "が空で、迎える人もいません"),
            pick(
                "a DAO without members could never decide anything",
                "メンバーがいないDAOは何も決められません",
            ),
        )


def _check_names(danger: DangerSection | None, problems: Problems) -> None:
    names = [each.name for each in DANGERS]
    for name in danger.accept if danger else ():
        if name not in names:
            problems.add_unknown(f"danger.accept.{name}", [f"danger.accept.{n}" for n in names])


def _check_dangers(config: Config, section: DangerSection | None, problems: Problems) -> None:
    accepted = section.accept if section else ()
    present = dangers_of(config)
    for danger in present:
        if danger.name not in accepted:
            problems.add(
                danger.path,
                pick(
                    f"is dangerous: {danger.text}; if it is meant, write"
                    f' accept = ["{danger.name}"] under [danger]',
                    f"は危険な設定です: {danger.text}。承知の上なら [danger] に"
                    f' accept = ["{danger.name}"] と書いてください',
                ),
            )
    for danger in DANGERS:
        if danger.name in accepted and danger not in present:
            problems.add(
                "danger.accept",
                pick(
                    f'names "{danger.name}", which this file does not do; remove it, so that it'
                    " cannot hide a later mistake",
                    f"の「{danger.name}」は今の設定に当てはまりません。"
                    "あとの間違いを隠さないよう消してください",
                ),
            )
