"""A DAO with [succession]: deployed, recorded, checked, and rebuilt from its events."""

from __future__ import annotations

from mikoshi.chain.node import DevRpc
from mikoshi.check.check import check
from tests.tooling.live import Place

SECTION = "\n[succession]\n"


def test_dao_with_the_section_has_succession_in_force(sepolia: DevRpc, place: Place) -> None:
    place.write(more=SECTION)
    manifest = place.deploy(sepolia)
    assert manifest.succession == manifest.module_addresses[0]
    report = check(sepolia, manifest, place.config.params(manifest.t0))
    assert report.differences == []
