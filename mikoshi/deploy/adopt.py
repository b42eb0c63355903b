"""Writing the record of a DAO anew, from the chain alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from mikoshi.chain.rpc import Rpc
from mikoshi.check.check import check
from mikoshi.config.model import Config
from mikoshi.core import artifacts
from mikoshi.core.artifacts import Artifact
from mikoshi.core.dao import shared_deployments
from mikoshi.core.manifest import Manifest
from mikoshi.deploy import refusals
from mikoshi.deploy.creations import as_created, creation_of
from mikoshi.deploy.journal import Journal
from mikoshi.deploy.target import require_same
from mikoshi.text.errors import BadInputError
from mikoshi.text.language import N_
from mikoshi.text.people import WalletError, parse_wallet

_PROVING = ("wiring", "code")  # sections of a check; roles and settings may have changed by vote


def adopt(
    config: Config,
    rpc: Rpc,
    journal: Journal,
    treasury: str,
    contracts: Mapping[str, Artifact] | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> Manifest:
    """Write the record of the DAO of a treasury, which this version's factory has made.

    Its creation must be as dao.toml says, and its code and wiring as a check wants them; `progress`
    is told each block that this has reached. Raises BadInputError, NotNowError where there is
    another record, ChainError for a DAO of anybody else's, CheckFailedError, RpcError and
    UnreachableError.
    """
    treasury = _address(treasury)
    factory = shared_deployments(contracts or artifacts.project())[-1].address
    event = creation_of(rpc, factory, treasury, contracts) if rpc.code(factory) else None
    if event is None:
        raise refusals.not_made_here(treasury, factory)
    made = as_created(rpc, event, config.slug, contracts)
    if made is None:
        raise refusals.unreadable(treasury, event.transaction)
    require_same(config, made, journal)
    report = check(rpc, made, contracts=contracts, progress=progress)
    wrong = [each for part in report.sections if part.name in _PROVING for each in part.differences]
    if wrong:
        raise refusals.impostor(made, wrong)
    with journal.locked():
        known = journal.record()
        if known is not None and known.addresses == made.addresses:
            return known
        if known is not None:
            raise refusals.other_record(known, journal.path)
        journal.finish(made)
    return made


def _address(text: str) -> str:
    try:
        return parse_wallet(text)
    except WalletError as error:
        raise BadInputError(
            "adopt.no-address",
            "--adopt {got}",
            "--adopt {problem}",
            N_("Copy the address of the treasury"),
            got=text,
            problem=error,
        ) from error
