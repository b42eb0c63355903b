"""Whether this computer, dao.toml, a chain and an account are ready for a deployment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from mikoshi.chain.networks import connected
from mikoshi.chain.rpc import Rpc, RpcError, UnreachableError
from mikoshi.chain.transport import Passing, host_of
from mikoshi.cli.doctor import PYTHON_PACKAGES, Diagnosis, computer
from mikoshi.text.errors import MikoshiError
from mikoshi.text.language import _, clauses, ngettext

if TYPE_CHECKING:
    from mikoshi.config.model import Config

_PATIENCE = 10.0  # seconds for an answer


def examine(
    config: str, network: str | None, name: str | None, deployments: Path | None = None
) -> Iterator[Diagnosis]:
    """The computer; then dao.toml, if there is one; a chain and an account, if they are named.

    `deployments` is the folder of the deployment records.
    """
    complete = True
    for finding in computer():
        complete = complete and (finding.good or finding.name != PYTHON_PACKAGES)
        yield finding
    if not complete:
        return  # what follows needs them
    wanted = None
    path = Path(config)
    if path.exists() or path.name != "dao.toml":
        finding, wanted = settings(path)
        yield finding
        if wanted is not None:
            yield from charter(wanted)
    if network is None:
        if name is not None:
            yield account(name, None)
        return
    expected = wanted.chain_id if wanted else None
    with ExitStack() as stack:
        rpc = None
        try:
            rpc = stack.enter_context(connected(network, _PATIENCE))
        except MikoshiError as error:
            yield Diagnosis("chain", False, f"{error.what}: {error.reasons[0]}", error.hint)
        answers = False
        for finding in chain(rpc, expected, path.name) if rpc else ():
            answers = answers or finding.good
            yield finding
        if rpc and answers and wanted:
            yield from record(rpc, wanted, deployments)
        if name is not None:
            yield account(name, rpc if answers else None)


def settings(path: Path) -> tuple[Diagnosis, Config | None]:
    """Whether a dao.toml is in order, and what it says if it is."""
    from mikoshi.config.load import load_config

    try:
        config = load_config(path)
    except MikoshiError as error:
        what = error.what.removeprefix(f"{path.name}: ")
        return Diagnosis(path.name, False, clauses([what, *error.reasons[:3]]), error.hint), None
    value = ngettext(
        "{name}, {count} member, chain {chain_id}",
        "{name}, {count} members, chain {chain_id}",
        len(config.members),
        name=config.name,
        count=len(config.members),
        chain_id=config.chain_id,
    )
    return Diagnosis(path.name, True, value), config


def charter(config: Config) -> Iterator[Diagnosis]:
    """That the charter still has lines of its template, where it has."""
    from mikoshi.deploy.charter import charter_to_fill_in

    words = charter_to_fill_in(config)
    if words:
        hint = _(
            "Write it before `deploy`: whoever joins accepts this text, and only a vote changes it"
        )
        yield Diagnosis("charter", True, words, hint, warned=True)


def chain(rpc: Rpc, expected: int | None, file: str = "dao.toml") -> Iterator[Diagnosis]:
    """Whether a node answers for the chain that is meant, and has what a deployment needs."""
    from mikoshi.core.dao import DEPLOYMENT_PROXY

    try:
        chain_id = rpc.chain_id()
        proxy = rpc.code(DEPLOYMENT_PROXY)
    except (UnreachableError, RpcError) as error:
        said = error.reason if isinstance(error, UnreachableError) else error.message
        hint = _("Start the node, or name another with --network")
        if isinstance(error, UnreachableError) and error.passing is Passing.NEVER:
            hint = error.hint  # it runs, and does not answer to this
        yield Diagnosis("chain", False, f"{host_of(rpc.url)}: {said}", hint)
        return
    value = f"{chain_id} ({host_of(rpc.url)})"
    if expected in (None, chain_id):
        yield Diagnosis("chain", True, value)
    else:
        yield Diagnosis(
            "chain",
            False,
            value,
            _(
                "{file} is for chain {expected}: name its node with --network",
                file=file,
                expected=expected,
            ),
        )
    if proxy:
        yield Diagnosis("deployment proxy", True, DEPLOYMENT_PROXY)
    else:
        yield Diagnosis(
            "deployment proxy",
            False,
            _("missing on this chain"),
            _("Put it there: github.com/Arachnid/deterministic-deployment-proxy"),
        )


def record(rpc: Rpc, config: Config, deployments: Path | None = None) -> Iterator[Diagnosis]:
    """Whether the chain has the DAO that a deployment record speaks of, if there is one."""
    from mikoshi.context.context import require_presence
    from mikoshi.deploy.journal import Journal

    name = "deployment record"
    journal = Journal(config.chain_id, config.slug, deployments)
    try:
        manifest = journal.record()
        if manifest is None:
            return
        require_presence(rpc, manifest, journal.path)
    except MikoshiError as error:
        yield Diagnosis(name, False, f"{error.what}: {error.reasons[0]}", error.hint)
    except RpcError as error:
        yield Diagnosis(name, False, error.message, _("Try again"))
    else:
        value = _("{name}: the DAO is on this chain", name=manifest.name)
        yield Diagnosis(name, True, value)


def account(name: str, rpc: Rpc | None) -> Diagnosis:
    """Whether an account exists, and what it owns on the chain."""
    from mikoshi.chain.accounts import aliases, find_account
    from mikoshi.text.people import short
    from mikoshi.text.units import format_amount

    if rpc is None:
        known = name in aliases()
        value = _("{name} exists", name=name) if known else _("{name} missing", name=name)
        make = f"ape accounts generate {name}"
        hint = _("Make it: {command}", command=make)
        return Diagnosis("account", known, value, hint)
    try:
        found = find_account(name, rpc, local=False)
        balance = rpc.balance(found.address)
    except MikoshiError as error:
        return Diagnosis("account", False, f"{error.what}: {error.reasons[0]}", error.hint)
    except RpcError as error:
        return Diagnosis("account", False, error.message, _("Try again"))
    value = f"{name} {short(found.address)} {format_amount(balance, 'ETH', digits=3)}"
    hint = _("Send ETH to {address}", address=found.address)
    return Diagnosis("account", balance > 0, value, hint)
