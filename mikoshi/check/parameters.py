"""Every parameter of a DAO on its chain, beside what dao.toml asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from eth_utils.address import is_hex_address, to_checksum_address

from mikoshi.chain.contract import Snapshot
from mikoshi.check.report import CheckSection, Difference
from mikoshi.config.model import NAMES
from mikoshi.config.sections import SOULBOUND, TRANSFERABLE, kind_of
from mikoshi.core.dao import most_of
from mikoshi.core.manifest import Manifest
from mikoshi.replay.dao import RebuiltDao
from mikoshi.replay.logs import Log
from mikoshi.text.errors import ProblemError, Words
from mikoshi.text.language import N_, _, listed, pgettext
from mikoshi.text.people import ZERO_ADDRESS, short
from mikoshi.text.units import Amount, format_duration

_EVENTS = {
    "charterHash": ("membership", "CharterChanged"),
    "charterURI": ("membership", "CharterChanged"),
    "membership": ("membership", "SettingsChanged"),
    "governor": ("governor", "SettingsChanged"),
    "token": ("token", "SettingsChanged"),
    "guardian": ("treasury", "GuardianChanged"),
    "steward": ("treasury", "StewardAppointed"),
}
"""The event of the part that announces a change of a parameter; the others never change."""

GOVERNING = {event for _part, event in _EVENTS.values()} | {
    "DAOCreated",
    "GovernorChanged",
    "ProposalExecuted",
    "RoleGranted",
}
"""Events that a check looks at one by one."""


def compare_parameters(
    manifest: Manifest,
    wanted: Mapping[str, Any],
    later: Sequence[str],
    rebuilt: RebuiltDao,
    snapshot: Snapshot,
    source: str = "dao.toml",
) -> CheckSection:
    """Each parameter read from the chain beside `wanted`; the section "parameters".

    `wanted` are `IDAOFactory.Params` with the t₀ of the record, `later` wallets that must have been
    admitted by now; `source` is the name of the file that asks.
    """
    section = CheckSection(N_("parameters"))
    found = dict(_flat(read_parameters(rebuilt, snapshot)))
    asked, founded = dict(_flat(wanted)), dict(_flat(manifest.params))
    show = _shower(asked)
    for path, value in asked.items():
        if found[path] != value:
            note = _note(path, found[path], founded[path], manifest, rebuilt, source)
            shown = _pair(show, path, value, found[path])
            where = contract_of(path)
            section.differences.append(Difference(where, NAMES[path], *shown, note))
    waiting = [wallet for wallet in later if rebuilt.membership.member_at(wallet) is None]
    if waiting:
        note = Words(
            "{source} names them, and nobody has admitted them: ape run members admit",
            source=source,
        )
        people = f"{len(waiting)}: {listed(map(short, waiting[:5]))}"
        section.differences.append(
            Difference("Membership", "members", people, _("not members"), note)
        )
    wrong = {each.what for each in section.differences}
    right = len(asked) - len(wrong)
    section.summary = _("{right} of {all}", right=right, all=len(asked))
    return section


def differing(wanted: Mapping[str, Any], recorded: Mapping[str, Any]) -> list[ProblemError]:
    """What dao.toml says otherwise than a DAO was created with."""
    asked, founded = dict(_flat(wanted)), dict(_flat(recorded))
    show = _shower(asked)
    problems = []
    for path, value in asked.items():
        if value != founded[path]:
            new, old = _pair(show, path, value, founded[path])
            problems.append(
                ProblemError(
                    "setting.differs",
                    N_("{setting} is {new}, and the DAO was created with {old}"),
                    setting=NAMES[path],
                    new=new,
                    old=old,
                )
            )
    return problems


@dataclass(frozen=True, slots=True)
class Change:
    """A setting of dao.toml that a vote changes, before and after in words."""

    setting: str
    before: str
    after: str
    json: ClassVar[str] = "setting before after"


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """What two readings of the parameters say differently."""
    old, new = dict(_flat(before)), dict(_flat(after))
    show = _shower(new)
    return [
        Change(NAMES[path], *_pair(show, path, old[path], value))
        for path, value in new.items()
        if value != old[path]
    ]


def read_parameters(rebuilt: RebuiltDao, snapshot: Snapshot) -> dict[str, Any]:
    """`IDAOFactory.Params` as they are now; what no contract stores is taken from the events."""
    dao = rebuilt.dao
    membership, token, treasury = dao.membership, dao.token, dao.treasury
    questions = {
        "name": (membership, "name", ()),
        "symbol": (membership, "symbol", ()),
        "charterHash": (membership, "charterHash", ()),
        "voice": (membership, "voiceParams", ()),
        "transferableTickets": (membership, "transferable", ()),
        "membership": (membership, "settings", ()),
        "governor": (dao.governor, "settings", ()),
        "tokenName": (token, "name", ()),
        "tokenSymbol": (token, "symbol", ()),
        "token": (token, "settings", ()),
        "guardian": (treasury, "guardianOffice", ()),
        "steward": (treasury, "stewardOffice", ()),
    }
    answers = dict(zip(questions, snapshot.ask(questions.values()), strict=True))
    if answers["governor"] is not None:
        answers["governor"] = answers["governor"][0]
    if answers["voice"] is not None:
        base, k, full = (answers["voice"][name] for name in ("base", "k", "full"))
        answers["voice"] = answers["voice"] | {"most": most_of(base, k, full)}
    grants = [{"account": account, "amount": amount} for account, amount in rebuilt.grants()]
    answers["charterURI"] = rebuilt.membership.charter_uri
    return answers | {"members": rebuilt.founders(), "grants": grants}


def contract_of(path: str) -> str:
    """The contract that holds a parameter."""
    part = path.split(".")[0]
    if part.startswith("token") or part == "grants":
        return "ContributionToken"
    if part in ("guardian", "steward"):
        return "Treasury"
    return "DAOGovernor" if part == "governor" else "Membership"


def _flat(params: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Every parameter by its path; None where a contract does not answer."""
    for path in NAMES:
        value: Any = params
        for name in path.split("."):
            value = None if value is None else value[name]
        yield path, _checksummed(value)


def _checksummed(value: Any) -> Any:
    """A parameter with its addresses in one spelling."""
    if isinstance(value, list):
        return [_checksummed(each) for each in value]
    if isinstance(value, dict):
        return {name: _checksummed(each) for name, each in value.items()}
    return to_checksum_address(value) if is_hex_address(value) else value


def _note(
    path: str, found: Any, founded: Any, manifest: Manifest, rebuilt: RebuiltDao, source: str
) -> Words | str:
    """How a parameter came to be other than `source` says; empty if it cannot be read."""
    if found is None:
        return ""
    change = _latest_change(path, manifest, rebuilt)
    if change is not None and found != founded:
        return Words("changed {cause}", cause=rebuilt.cause(change))
    if found == founded:
        return Words("{source} was changed after the deployment", source=source)
    return Words("the deployment record says something else too")


def _latest_change(path: str, manifest: Manifest, rebuilt: RebuiltDao) -> Log | None:
    part, event = _EVENTS.get(path.split(".")[0], ("", ""))
    address = rebuilt.dao.governor_address if part == "governor" else manifest.addresses.get(part)
    changes = (log for log in rebuilt.logs.named(event) if log.event.address == address)
    return next(reversed(list(changes)), None)


def _shower(params: Mapping[str, Any]) -> Callable[[str, Any], str]:
    """How parameters are put into words, as dao.toml writes them."""
    t0, symbol = params["voice.t0"], params["tokenSymbol"]

    def show(path: str, value: Any) -> str:
        if value is None:
            return pgettext("what a contract answers", "nothing")
        if path.endswith(".until"):
            return format_duration(value - t0) if value else _("none")
        if path.endswith(".holder"):
            return _("nobody") if value == ZERO_ADDRESS else str(value)
        if path == "transferableTickets":
            return TRANSFERABLE if value else SOULBOUND
        if path == "token.epochCap":
            value = Amount(value, symbol)
        kind = kind_of(NAMES[path])
        return kind.show(value) if kind else str(value)

    return show


def settings_words(part: str, settings: Mapping[str, Any], symbol: str) -> str:
    """Settings of a contract by their names in dao.toml: `governance.quorum 20 %`.

    `part` is what `IDAOFactory.Params` calls it, and `symbol` that of the token.
    """
    show = _shower({"voice.t0": 0, "tokenSymbol": symbol})
    paths = {f"{part}.{field}": value for field, value in settings.items()}
    return listed(f"{NAMES[path]} {show(path, value)}" for path, value in paths.items())


def _pair(show: Callable[[str, Any], str], path: str, first: Any, second: Any) -> tuple[str, str]:
    """Two values of a parameter, put so that their difference is seen."""
    if path in ("members", "grants"):
        return _only(first, second), _only(second, first)
    return show(path, first), show(path, second)


def _only(entries: list[Any], others: list[Any]) -> str:
    """How many there are in a list, and who is in it and not in the other."""
    own = [each for each in entries if each not in others]
    wallets = [short(each["account"] if isinstance(each, dict) else each) for each in own]
    if not own:
        return f"{len(entries)}"
    shown, more = listed(wallets[:5]), len(own) - 5
    if more <= 0:
        return _("{count}, with {wallets}", count=len(entries), wallets=shown)
    return _(
        "{count}, with {wallets} and {more} more", count=len(entries), wallets=shown, more=more
    )
