"""Which DAO a dao.toml means on a chain: a new one, one begun before, or one that is there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mikoshi import __version__
from mikoshi.chain.contract import Contract
from mikoshi.chain.rpc import Rpc
from mikoshi.check.parameters import differing
from mikoshi.config.model import Config
from mikoshi.config.sections import MAX_FIRST_MEMBERS
from mikoshi.context.context import vanished
from mikoshi.core import artifacts
from mikoshi.core.artifacts import SETTINGS, Artifact
from mikoshi.core.clones import predict
from mikoshi.core.dao import interface, shared_deployments
from mikoshi.core.manifest import Manifest, config_hash
from mikoshi.core.modules import MODULES, used_deployments
from mikoshi.deploy.journal import Journal
from mikoshi.text.errors import BadInputError, ProblemError
from mikoshi.text.language import N_
from mikoshi.text.units import DAY, HOUR

SOLC = "0.8.37"


def founding(params: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """What fits into the transaction that creates a DAO, and the members to admit after it."""
    members = list(params["members"])
    return dict(params) | {"members": members[:MAX_FIRST_MEMBERS]}, members[MAX_FIRST_MEMBERS:]


def aligned(config: Config, manifest: Manifest) -> tuple[dict[str, Any], list[str]]:
    """What dao.toml asks for, seen from a DAO that exists, and the members it names beyond.

    A list of members that has only grown still describes the same founding.
    """
    params = config.params(manifest.t0)
    first = len(manifest.params["members"])
    if params["members"][:first] == manifest.params["members"]:
        return params | {"members": params["members"][:first]}, params["members"][first:]
    return founding(params)


def find_target(
    config: Config,
    rpc: Rpc,
    journal: Journal,
    live: bool,
    contracts: Mapping[str, Artifact] | None = None,
) -> tuple[Manifest, bool]:
    """The DAO that is meant, and whether it is on the chain already.

    Raises BadInputError when dao.toml no longer says what was deployed, and ChainError when the
    record speaks of a DAO that a live chain does not have.
    """
    record, pending = journal.record(), journal.pending()
    if record is not None:
        if exists(rpc, record):
            require_same(config, record, journal)
            return record, True
        if live:
            raise vanished(record, journal.path)
    if pending is not None:
        if exists(rpc, pending):
            require_same(config, pending, journal)
            return pending, True
        now = rpc.next_timestamp()
        again = build(config, rpc.chain_id(), pending.t0, contracts)
        if again.addresses == pending.addresses and abs(now - pending.t0) < DAY - HOUR:
            return pending, False
    return build(config, rpc.chain_id(), rpc.next_timestamp(), contracts), False


def build(
    config: Config, chain_id: int, t0: int, contracts: Mapping[str, Artifact] | None = None
) -> Manifest:
    """The record of the DAO that dao.toml and `t0` (Unix seconds) describe, before it exists."""
    params, _ = founding(config.params(t0))
    return record_of(config.slug, chain_id, params, config.salt, contracts, modules_wanted(config))


def modules_wanted(config: Config) -> list[dict[str, Any]]:
    """`IDAOFactory.Module` of each part beside the core that dao.toml asks for."""
    return [
        {
            "implementation": MODULES[section].deployment().address,
            "args": args,
            "roles": [MODULES[section].role_hash],
        }
        for section, args in config.module_args().items()
    ]


def record_of(
    slug: str,
    chain_id: int,
    params: dict[str, Any],
    salt: bytes,
    contracts: Mapping[str, Artifact] | None = None,
    modules: Sequence[dict[str, Any]] = (),
) -> Manifest:
    """The record of the DAO that the factory makes of these parameters."""
    digest = config_hash(params, list(modules))
    deployments = shared_deployments(contracts or artifacts.project())
    deployments += used_deployments(modules, contracts)
    shared = {each.name: each.address for each in deployments}
    addresses, module_addresses = predict(params, salt, digest, shared, modules)
    return Manifest(
        slug=slug,
        chain_id=chain_id,
        params=params,
        salt=salt,
        config_hash=digest,
        addresses=addresses,
        shared=shared,
        modules=list(modules),
        module_addresses=module_addresses,
        compiler={"mikoshi": __version__, "solc": SOLC, **SETTINGS},
    )


def exists(rpc: Rpc, manifest: Manifest) -> bool:
    """Whether the factory of a record has made its DAO on this chain."""
    factory = manifest.shared["DAOFactory"]
    if not rpc.code(factory):
        return False
    return bool(Contract(rpc, factory, interface()).call("isDAO", manifest.addresses["treasury"]))


def _founding(config: Config, manifest: Manifest) -> list[dict[str, Any]]:
    """The modules that dao.toml asks for and no vote gave later, of the record's version."""
    voted, found = {each["role"] for each in manifest.roles}, []
    founded = {role for each in manifest.modules for role in each["roles"]}
    for section, entry in zip(config.module_args(), modules_wanted(config), strict=True):
        module = MODULES[section]
        if f"0x{module.role_hash.hex()}" in voted and module.role_hash not in founded:
            continue
        made = manifest.shared.get(module.contract)
        found.append(entry | ({"implementation": made} if made else {}))
    return found


def require_same(config: Config, manifest: Manifest, journal: Journal) -> None:
    """Refuse to take a DAO with other settings for the one that dao.toml describes.

    A part beside the core that a vote gave later is none of the creation's.
    """
    wanted, __ = aligned(config, manifest)
    modules = _founding(config, manifest)
    if config_hash(wanted, modules) == manifest.config_hash and config.salt == manifest.salt:
        return
    changes = differing(wanted, manifest.params)
    if modules != manifest.modules:
        changes.append(
            ProblemError(
                "modules.differ",
                N_("its parts beside the core are others than those of the creation"),
            )
        )
    changes = changes or [ProblemError("salt.differs", N_("dao.salt is another"))]
    raise BadInputError(
        "deploy.config-changed",
        N_("{file} no longer matches the deployment of {name}"),
        [each.words for each in changes],
        N_(
            "A DAO that exists changes by vote alone: put the old values back into "
            "{file}, or give another DAO another dao.slug; the record is "
            "{record}; nothing was sent"
        ),
        file=config.source.name,
        name=manifest.name,
        record=journal.path.name,
        changes=changes,
    )
