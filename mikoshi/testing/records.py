"""Deployment records of communities."""

from __future__ import annotations

from mikoshi.core import artifacts
from mikoshi.core.dao import shared_deployments
from mikoshi.core.manifest import PARTS, Manifest, config_hash
from mikoshi.testing.community import Community


def manifest_of(community: Community, block: int = 0) -> Manifest:
    """The record of a community created in `block`, as `deploy` would have written it."""
    dao, params = community.dao, dict(community.params)
    at = (dao.treasury_address, dao.membership_address, dao.token_address, dao.governor_address)
    deployments = shared_deployments(dao.contracts or artifacts.project())
    return Manifest(
        slug="pm-dao",
        chain_id=community.chain_id,
        params=params,
        salt=community.salt,
        config_hash=config_hash(params, []),
        addresses=dict(zip(PARTS, at, strict=True)),
        shared={each.name: each.address for each in deployments},
        block=block,
        module_addresses=list(dao.modules),
    )
