"""Reading dao.toml: every problem of the file, and of the files it names, is told at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from mikoshi.config import checks
from mikoshi.config.governance import (
    AlarmsSection,
    GovernanceSection,
    GuardianSection,
    StewardSection,
)
from mikoshi.config.kinds import Section, ValueProblemError
from mikoshi.config.model import Config
from mikoshi.config.problems import Problems, of_file
from mikoshi.config.sections import (
    SECTIONS,
    CharterSection,
    DangerSection,
    DaoSection,
    InvitationsSection,
    MembershipSection,
    MembersSection,
    MeritSection,
    PageSection,
    RemindersSection,
    SuccessionSection,
    TokenSection,
    VoiceSection,
)
from mikoshi.text.errors import BadInputError
from mikoshi.text.files import NoTextError, read_toml, reason_of
from mikoshi.text.language import N_
from mikoshi.text.member_file import PeopleFile, remembered, scan_people
from mikoshi.text.people import Person, on_chain, short

S = TypeVar("S", bound=Section)


def load_config(path: Path | str = "dao.toml") -> Config:
    """The settings in the file at `path`, and in the files it names.

    Raises BadInputError with everything that is wrong in them.
    """
    path = Path(path)
    raw = _parse(path)
    dao = raw.get("dao")
    chain_id = dao.get("chain_id") if isinstance(dao, dict) else None
    with on_chain(chain_id if isinstance(chain_id, int) else None):
        return _checked(path, raw)


def _checked(path: Path, raw: dict[str, Any]) -> Config:
    problems = Problems(path.name)
    for name in raw.keys() - SECTIONS.keys():
        problems.add_unknown(name, name, SECTIONS)

    def section(kind: type[S], name: str) -> S | None:
        return _section(kind, name, raw.get(name, {}), problems)

    def office(kind: type[S], name: str) -> S | None:
        table = _with_wallet(raw.get(name), people)
        return _section(kind, name, table, problems) if name in raw else None

    dao = section(DaoSection, "dao")
    charter = section(CharterSection, "charter")
    charter_hash = _charter_hash(path, charter, problems) if charter else None
    listed = section(MembersSection, "members")
    found = _people(path, listed, problems) if listed else None
    people = found.people if found else []
    raw = _with_grants(raw, people)
    voice = section(VoiceSection, "voice")
    membership = section(MembershipSection, "membership")
    merit = section(MeritSection, "merit")
    governance = section(GovernanceSection, "governance")
    token = section(TokenSection, "token")
    guardian = office(GuardianSection, "guardian")
    steward = office(StewardSection, "steward")
    invitations = None
    if "invitations" in raw:
        invitations = section(InvitationsSection, "invitations")
    succession = office(SuccessionSection, "succession")
    alarms = section(AlarmsSection, "alarms")
    page = section(PageSection, "page")
    reminders = section(RemindersSection, "reminders")
    danger = section(DangerSection, "danger")

    if merit:
        checks.check_merit(merit, problems)
    if token:
        checks.check_token(token, problems)
    if found is not None and (steward or "steward" not in raw):
        checks.check_people(found.people, steward, problems)
    if danger:
        checks.check_danger_names(danger, problems)
    # One by one, so that the type checker sees that each is there; what is not has a problem.
    if not (dao and charter and charter_hash and voice and membership and merit and governance):
        raise _raised(problems)
    if not (token and alarms and page and reminders and danger and found is not None):
        raise _raised(problems)
    config = Config(
        source=path,
        dao=dao,
        charter=charter,
        charter_hash=charter_hash,
        members=tuple(found.people),
        members_left_out=found.left_out,
        voice=voice,
        membership=membership,
        merit=merit,
        governance=governance,
        token=token,
        guardian=guardian,
        steward=steward,
        invitations=invitations,
        succession=succession,
        alarms=alarms,
        page=page,
        reminders=reminders,
        accepted=danger.accept,
        others=tuple(remembered(path.parent)),
    )
    if not problems.found:
        checks.check_dangers(config, problems)
    problems.check()
    return config


def _raised(problems: Problems) -> BadInputError:
    try:
        problems.check()
    except BadInputError as error:
        return error
    raise AssertionError("a section is missing, and no problem says so")


def _parse(path: Path) -> dict[str, Any]:
    try:
        return read_toml(path)
    except OSError as error:
        raise BadInputError(
            "config.unreadable",
            N_("{path}: cannot be read"),
            "{reason}",
            N_("Write one with `ape run init`, or name another with --config"),
            path=path,
            reason=reason_of(error),
        ) from error
    except NoTextError as error:
        raise BadInputError(
            "config.not-toml",
            N_("{name}: is not TOML"),
            "{reason}",
            N_('Correct that place; texts stand in quotes: quorum = "30%"'),
            name=path.name,
            reason=error,
        ) from error


def _section(kind: type[S], name: str, table: Any, problems: Problems) -> S | None:
    if not isinstance(table, dict):
        wrong = ValueProblemError("section.not-a-table", N_("must be a table: [{name}]"), name=name)
        problems.add(name, wrong)
        return None
    try:
        return kind.model_validate(table)
    except ValidationError as error:
        problems.add_invalid(error, name, kind)
        return None


def _people(path: Path, section: MembersSection, problems: Problems) -> PeopleFile | None:
    """The first members, or None if any of them is wrong."""
    before = len(problems.found)
    if section.file and section.list:
        problems.add(
            "members", ValueProblemError("members.twice", N_("must have file or list, not both"))
        )
        return None
    found = PeopleFile([Person(entry.wallet, entry.name) for entry in section.list])
    if section.file:
        file = path.parent / section.file
        try:
            found = scan_people(file)
        except BadInputError as error:
            found = PeopleFile(problems=[of_file(error)])
        for problem in found.problems:
            problems.add_line(problem, (file if file.exists() else path).name)
    for wallet, times in Counter(person.wallet for person in found.people).items():
        if times > 1:
            repeated = ValueProblemError(
                "members.wallet-repeated",
                N_("names {wallet} {times} times"),
                wallet=short(wallet),
                times=times,
            )
            problems.add("members.list", repeated, N_("one wallet is one member"))
    return found if len(problems.found) == before else None


def _with_wallet(table: Any, people: Sequence[Person]) -> Any:
    """A table whose `wallet` may be the name of one of `people`, with that person's wallet."""
    name = table.get("wallet") if isinstance(table, dict) else None
    named = [each.wallet for each in people if name and each.name == name]
    return table | {"wallet": named[0]} if len(named) == 1 else table


def _with_grants(raw: dict[str, Any], people: Sequence[Person]) -> dict[str, Any]:
    token = raw.get("token")
    grants = token.get("grants") if isinstance(token, dict) else None
    if not isinstance(token, dict) or not isinstance(grants, list):
        return raw
    return raw | {"token": token | {"grants": [_with_wallet(each, people) for each in grants]}}


def _charter_hash(path: Path, section: CharterSection, problems: Problems) -> bytes | None:
    from eth_utils.crypto import keccak

    if section.file and section.hash:
        problems.add(
            "charter", ValueProblemError("charter.twice", N_("must have file or hash, not both"))
        )
        return None
    if section.hash or not section.file:
        return section.hash or bytes(keccak(b""))
    try:
        return bytes(keccak((path.parent / section.file).read_bytes()))
    except OSError as error:
        unreadable = ValueProblemError(
            "charter.unreadable",
            N_("cannot be read: {file} ({reason})"),
            file=section.file,
            reason=reason_of(error),
        )
        problems.add("charter.file", unreadable, N_("joining accepts this very text"))
        return None
