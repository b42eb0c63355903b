"""Who may do what in a DAO: exactly those who were asked for, and nobody else."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from eth_utils.address import to_checksum_address

from mikoshi.chain.contract import Snapshot
from mikoshi.check.report import CheckSection, Difference
from mikoshi.core.manifest import Manifest
from mikoshi.replay.dao import RebuiltDao
from mikoshi.replay.membership import NOBODY
from mikoshi.replay.treasury import ADMIN, ROLES, role_name
from mikoshi.text.errors import Words
from mikoshi.text.language import N_, _, listed
from mikoshi.text.people import show
from mikoshi.text.units import format_time

Grant = tuple[bytes, str]
"""A role and its holder."""


def compare_roles(
    manifest: Manifest,
    rebuilt: RebuiltDao,
    snapshot: Snapshot,
    name_of: Callable[[str], str] = lambda _: "",
) -> CheckSection:
    """Every holder of every role, read from the contract; the section "roles".

    `name_of` says what a wallet's owner is called.
    """
    section = CheckSection(N_("roles"))
    names = _names(manifest, rebuilt, snapshot)
    wanted = expected_roles(manifest)
    candidates = {(role, account) for role in (ADMIN, *ROLES) for account in names}
    asked = sorted(wanted | rebuilt.treasury.ever | candidates)
    treasury = manifest.addresses["treasury"]
    book = rebuilt.dao.treasury
    answers = snapshot.ask((book, "hasRole", grant) for grant in asked)
    moments = snapshot.ask((book, "roleInForceAt", grant) for grant in asked)
    since = {grant: at or 0 for grant, at in zip(asked, moments, strict=True)}
    held = {grant for grant, holds in zip(asked, answers, strict=True) if holds or since[grant]}
    now = snapshot.time
    for role, account in sorted(held - wanted - {(ADMIN, treasury)}):
        note = _origin(rebuilt, role, account)
        words = _not_held(), _held_by(names, account, since[role, account], now)
        section.differences.append(Difference("Treasury", _role(role), *words, note))
    for role, account in sorted((wanted | {(ADMIN, treasury)}) - held):
        words = _held_by(names, account), _not_held()
        section.differences.append(Difference("Treasury", _role(role), *words))
    section.summary = _summary(rebuilt, held - {(ADMIN, treasury)}, snapshot.time, name_of)
    return section


def _role(role: bytes) -> Words:
    return Words("role {role}", role=role_name(role))


def _held_by(names: dict[str, str], account: str, since: int = 0, now: int = 0) -> str:
    """Who holds a role since when, or from when on; 0: that is not told. Unix seconds."""
    told = {"who": names.get(account) or _("an account"), "account": account}
    if not since:
        return _("held by {who} {account}", **told)
    moment = format_time(since, now)
    if since > now:
        return _("held by {who} {account} from {moment} on", **told, moment=moment)
    return _("held by {who} {account} since {moment}", **told, moment=moment)


def _not_held() -> str:
    return _("not held")


def expected_roles(manifest: Manifest) -> set[Grant]:
    """The roles that the creation gave to modules, and those accepted since."""
    wanted = {
        (role, address)
        for module, address in zip(manifest.modules, manifest.module_addresses, strict=True)
        for role in module["roles"]
    }
    return wanted | {
        (bytes.fromhex(each["role"].removeprefix("0x")), each["holder"]) for each in manifest.roles
    }


def accept_voted_roles(manifest: Manifest, rebuilt: RebuiltDao) -> Manifest:
    """The record with the roles that executed proposals gave, expected from now on."""
    voted = []
    for log in rebuilt.logs.named("RoleGranted"):
        args = log.event.args
        held = (args["role"], args["account"]) in rebuilt.treasury.holders
        if held and rebuilt.executed(log):
            voted.append({"role": f"0x{args['role'].hex()}", "holder": args["account"]})
    kept = [each for each in manifest.roles if each not in voted]
    return replace(manifest, roles=[*kept, *voted])


def _names(manifest: Manifest, rebuilt: RebuiltDao, snapshot: Snapshot) -> dict[str, str]:
    """Accounts that could have kept a role, and what they are called."""
    names = {address: _(part) for part, address in manifest.addresses.items()}
    names |= {address: name for name, address in manifest.shared.items()}
    book = rebuilt.treasury
    names |= {
        book.guardian.holder: _("the guardian"),
        book.steward.holder: _("the steward"),
    }
    deployer = _deployer(rebuilt, snapshot)
    if deployer is not None:
        names[deployer] = _("the deployer")
    names.pop(NOBODY, None)
    return {to_checksum_address(address): name for address, name in names.items()}


def _deployer(rebuilt: RebuiltDao, snapshot: Snapshot) -> str | None:
    """Who sent the creation, whatever the record says."""
    if not rebuilt.creation:
        return None
    transaction = snapshot.rpc.call("eth_getTransactionByHash", rebuilt.creation)
    return None if transaction is None else to_checksum_address(transaction["from"])


def _origin(rebuilt: RebuiltDao, role: bytes, account: str) -> Words:
    """How somebody came to hold a role."""
    for log in reversed(rebuilt.logs.named("RoleGranted")):
        args = log.event.args
        if (args["role"], args["account"]) == (role, account):
            return Words("given {cause}", cause=rebuilt.cause(log))
    return Words("no event announced it")


def _summary(
    rebuilt: RebuiltDao, held: Iterable[Grant], time: int, name_of: Callable[[str], str]
) -> str:
    def who(account: str) -> str:
        person = rebuilt.membership.member_at(account)
        return show(account, person.id if person else None, name_of(account))

    book = rebuilt.treasury
    parts = [f"{role_name(role)}: {who(account)}" for role, account in sorted(held)]
    for name, office in (
        (_("guardian"), book.guardian),
        (_("steward"), book.steward),
    ):
        if office.holder_at(time) != NOBODY:
            parts.append(f"{name} {who(office.holder)}")
    treasury = _("treasury")
    return listed([treasury, *parts]) if parts else _("treasury only")
