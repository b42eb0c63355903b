"""Deployment records of communities."""

from __future__ import annotations

from mikoshi.core import artifacts
from mikoshi.core.dao import shared_deployments
from mikoshi.core.manifest import Manifest
from mikoshi.testing.community import Community


def manifest_of(community: Community) -> Manifest:
    """A record of a community, as far as reading its events needs one."""
    dao = community.dao
    factory = shared_deployments(dao.contracts or artifacts.project())[-1].address
    return Manifest(
        slug="pm-dao",
        chain_id=community.rpc.chain_id(),
        params={"voice": dao.membership.call("voiceParams")},
        salt=bytes(32),
        config_hash=bytes(32),
        addresses={
            "treasury": dao.treasury_address,
            "membership": dao.membership_address,
            "token": dao.token_address,
            "governor": dao.governor_address,
        },
        shared={"DAOFactory": factory},
        block=0,
        module_addresses=list(dao.modules),
    )
