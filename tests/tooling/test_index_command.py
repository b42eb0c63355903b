"""`ape run index` reads what is new, shows what there is, and starts over when told to."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from mikoshi.chain.contract import Contract
from mikoshi.chain.node import DevRpc
from mikoshi.core.manifest import Manifest
from mikoshi.testing.community import person
from mikoshi.text.paths import ROOT, shown
from tests.support import failed
from tests.tooling.indexing import dump
from tests.tooling.live import Place, script
from tests.tooling.proxy import FaultyRpc


@pytest.fixture
def manifest(place: Place, sepolia: DevRpc, monkeypatch: pytest.MonkeyPatch) -> Manifest:
    """The record of a DAO that has just been created."""
    sepolia.call("anvil_autoImpersonateAccount", True)
    monkeypatch.setenv("MIKOSHI_INDEX", str(place.folder / "index"))
    monkeypatch.setenv("MIKOSHI_DEPLOYMENTS", str(place.records))
    monkeypatch.setenv("LANG", "C.UTF-8")
    made = place.deploy(sepolia)
    for number in range(1, 6):
        sepolia.call("anvil_setBalance", person(number).address, hex(10**18))
    return made


pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("manifest")]


@pytest.fixture
def membership(manifest: Manifest, sepolia: DevRpc) -> Contract:
    return manifest.dao(sepolia).membership


def run(place: Place, url: str, *args: str) -> Result:
    options = ["--network", url, "--config", str(place.toml), *args]
    return CliRunner(mix_stderr=False).invoke(script("index"), options)


def asked(place: Place, url: str, *args: str) -> dict[str, Any]:
    done = run(place, url, "--json", *args)
    assert done.exit_code == 0, done.output
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_command_tells_what_there_is(
    place: Place, sepolia: DevRpc, manifest: Manifest, membership: Contract
) -> None:
    membership.send("delegate", person(2).address, sender=person(1).address)
    told = asked(place, sepolia.url)
    block = sepolia.block_number()
    assert (told["block"], told["time"]) == (block, sepolia.timestamp())
    assert told["added"] == told["events"] == sum(each["events"] for each in told["counts"])
    assert told["rolled_back"] == 0
    path = Path(told["path"])
    assert path.parent == place.folder / "index" / str(manifest.chain_id)
    assert told["size"] == path.stat().st_size
    (delegated,) = [each for each in told["counts"] if each["name"] == "DelegateChanged"]
    assert delegated == {
        "contract": "Membership",
        "address": manifest.addresses["membership"],
        "name": "DelegateChanged",
        "events": 1,
        "first": sepolia.timestamp(),
        "last": sepolia.timestamp(),
    }
    admitted = [each["events"] for each in told["counts"] if each["name"] == "MemberAdmitted"]
    assert admitted == [5]
    (created,) = [each for each in told["counts"] if each["contract"] == "DAOFactory"]
    assert (created["name"], created["events"]) == ("DAOCreated", 1)


def test_command_shows_words_and_goes_on(
    place: Place, sepolia: DevRpc, membership: Contract
) -> None:
    first = run(place, sepolia.url)
    assert first.exit_code == 0, first.output
    words = [" ".join(line.split()) for line in first.stdout.splitlines()]
    total = asked(place, sepolia.url)["events"]
    assert words[0].startswith(f"{total} events up to block {sepolia.block_number()} (")
    assert any(line.startswith("Membership MemberAdmitted 5 20") for line in words)
    assert words[-4] == f"✓ {total} new"
    assert words[-3].endswith("MB")
    assert words[-2] == "Next:"
    assert words[-1].startswith("ape run report --config ")
    membership.send("exit", sender=person(1).address)
    assert "✓ 3 new" in run(place, sepolia.url).stdout
    assert "✓ 0 new" in run(place, sepolia.url).stdout
    assert "✓ 新しいもの 0件" in run(place, sepolia.url, "--lang", "ja").stdout


def test_rebuilding_starts_over(place: Place, sepolia: DevRpc) -> None:
    told = asked(place, sepolia.url)
    before = dump(Path(told["path"]))
    assert asked(place, sepolia.url)["added"] == 0
    again = asked(place, sepolia.url, "--rebuild")
    assert again["added"] == told["added"] > 0
    assert dump(Path(told["path"])) == before


def test_another_file_may_be_named(place: Place, sepolia: DevRpc) -> None:
    file = place.folder / "mine.sqlite"
    assert asked(place, sepolia.url, "--index", str(file))["path"] == str(file)
    assert not (place.folder / "index").exists()
    file.write_text("my notes")
    for more in ([], ["--rebuild"]):
        refused = run(place, sepolia.url, "--index", str(file), *more)
        assert refused.exit_code == 2
        failed("index.not-an-index", path=shown(file))
    assert file.read_text() == "my notes"


def test_node_that_goes_away_ends_in_words_and_running_again_completes(
    place: Place, sepolia: DevRpc
) -> None:
    sepolia.call("anvil_mine", hex(30))
    with FaultyRpc(sepolia.url) as faulty:
        faulty.limit_logs(10, "limited to a 10 range")
        faulty.die(after=12, method="eth_getLogs")
        assert run(place, faulty.url).exit_code == 3
        failed("node.unreachable", host=faulty.url)
        faulty.revive()
        done = asked(place, faulty.url)
    assert 0 <= done["added"] < done["events"]
    assert asked(place, sepolia.url, "--rebuild")["events"] == done["events"]


@pytest.mark.parametrize("command", ["check", "members list"])
def test_other_readers_take_a_node_that_limits(
    place: Place, sepolia: DevRpc, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    sepolia.call("anvil_mine", hex(30))
    name, *words = command.split()
    more = [*words, "--config", str(place.toml), "--json"]
    runner = CliRunner(mix_stderr=False)
    direct = runner.invoke(script(name), [*more, "--network", sepolia.url])
    monkeypatch.setenv("MIKOSHI_INDEX", str(place.folder / "another"))
    with FaultyRpc(sepolia.url) as faulty:
        faulty.limit_logs(4, "limited to a {blocks} block range")
        done = runner.invoke(script(name), [*more, "--network", faulty.url])
        assert len(faulty.asked("eth_getLogs")) > 7
    assert done.exit_code == 0, done.stderr
    assert json.loads(done.stdout) == json.loads(direct.stdout)


def test_check_needs_no_index(place: Place, sepolia: DevRpc) -> None:
    options = ["--config", str(place.toml), "--network", sepolia.url]
    assert CliRunner().invoke(script("check"), options).exit_code == 0
    assert not (place.folder / "index").exists()


def test_command_as_it_is_typed(place: Place, sepolia: DevRpc) -> None:
    done = place.run("index", sepolia.url, "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["events"] == asked(place, sepolia.url)["events"] > 0
    assert Path(told["path"]).parent.parent == place.folder / "index"


def test_reading_can_be_measured() -> None:
    command = [sys.executable, "-m", "mikoshi.play.bench.events", "120"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    announced = re.match(r"(\d+) events in \d+ blocks: indexed in ", done.stdout)
    assert announced is not None
    assert int(announced[1]) > 120
