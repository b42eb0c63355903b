"""`ape console` knows the DAO of dao.toml, or says why it does not."""

from __future__ import annotations

import subprocess
from pathlib import Path

from mikoshi.text.paths import ROOT
from tests.tooling.governed import Governed
from tests.tooling.live import Place


def typed(place: Place, url: str, code: str) -> subprocess.CompletedProcess[str]:
    """`ape console` in this folder, in a process of its own."""
    words = ["ape", "console", "--network", f"ethereum:sepolia:{url}", "-c", code]
    environment = place.environment(url) | {"MIKOSHI_CONFIG": str(place.toml)}
    environment["IPYTHONDIR"] = str(place.folder / "ipython")
    return subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True)


def test_console_has_the_dao_with_its_people(governed: Governed) -> None:
    done = typed(governed.place, governed.rpc.url, "print(dao, dao.person('P2').number, dao.name)")
    assert "<DAO PM DAO on chain 11155111> 2 PM DAO" in done.stdout, done.stderr


def test_console_without_a_dao_says_why_and_goes_on(governed: Governed, tmp_path: Path) -> None:
    empty = Place(tmp_path)
    treasury = governed.dao.treasury_address
    done = typed(empty, governed.rpc.url, f"print(DAO.at('{treasury}'))")
    assert "<DAO PM DAO on chain 11155111>" in done.stdout, done.stderr
    assert "deployments/11155111/pm-dao.json does not exist" in done.stderr
