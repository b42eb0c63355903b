"""`ape run deploy` in a process of its own, without a terminal."""

from __future__ import annotations

import json
import re

import pytest

from mikoshi.chain.node import DevRpc
from mikoshi.config.templates.template import charter
from tests.tooling.live import Place, deployer

pytestmark = pytest.mark.slow


def test_command_deploys_and_checks(place: Place, sepolia: DevRpc) -> None:
    members = place.folder / "members.csv"
    members.write_text(f"# the founders\n{members.read_text()}")
    dry = place.run("deploy", sepolia.url, "--account", "alice", "--dry-run")
    assert "people: 5, comments skipped: 1, blank lines: 0" in dry.stdout
    assert (dry.returncode, sepolia.nonce(deployer().address)) == (0, 0)
    assert "plan, nothing sent yet" in dry.stdout
    assert re.search(r"a ballot weighs +no more than the base voice, with 5 members", dry.stdout)
    done = place.run("deploy", sepolia.url, "--account", "alice", "--yes")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "created in block" in done.stdout
    options = f"--config {place.toml} --network ethereum:sepolia:node"
    assert done.stdout.splitlines()[-2:] == ["Next:", f"  ape run check {options}"]
    again = place.run("deploy", sepolia.url, "--account", "alice", "--yes", "--json")
    result = json.loads(again.stdout)
    assert (again.returncode, result["sent"]) == (0, False)
    assert result["plan"]["created"]
    checked = place.run("check", sepolia.url)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "replay ✓" in checked.stdout


def test_command_shows_the_plan_and_asks_nobody_where_no_account_is_named(
    place: Place, sepolia: DevRpc
) -> None:
    done = place.run("deploy", sepolia.url)
    assert done.returncode == 2
    assert "plan, nothing sent yet" in done.stdout
    assert done.stderr.splitlines()[0] == "✗ Say who sends: --account ALIAS"


def test_command_publishes_no_lines_of_a_template(place: Place, sepolia: DevRpc) -> None:
    text = place.toml.read_text()
    (place.folder / "charter.md").write_text(charter("en"))
    place.toml.write_text(re.sub(r'^hash = "0x.*"$', 'file = "charter.md"', text, flags=re.M))
    done = place.run("deploy", sepolia.url, "--account", "alice", "--yes", "--json")
    assert done.returncode == 2
    error = json.loads(done.stdout)["error"]
    assert (error["kind"], error["data"]["file"]) == ("charter.unwritten", "charter.md")
    assert sepolia.nonce(deployer().address) == 0
    assert place.run("deploy", sepolia.url, "--account", "alice", "--dry-run").returncode == 0


def test_command_refuses_another_chain(place: Place, sepolia: DevRpc) -> None:
    place.write(chain_id=1)
    done = place.run("deploy", sepolia.url, "--account", "alice", "--yes", "--json")
    assert done.returncode == 2
    error = json.loads(done.stdout)["error"]
    assert "chain 11155111" in error["what"]
    assert sepolia.nonce(deployer().address) == 0


def test_command_refuses_people_whose_keys_are_public(place: Place, sepolia: DevRpc) -> None:
    place.write(accept=())
    done = place.run("deploy", sepolia.url, "--account", "alice", "--yes", "--json")
    assert done.returncode == 2
    error = json.loads(done.stdout)["error"]
    assert error["kind"] == "file.problems"
    (problem,) = error["data"]["problems"]
    named = {name: problem[name] for name in ("setting", "kind", "name")}
    assert named == {
        "setting": "members",
        "kind": "danger.not-accepted",
        "name": "public-keys",
    }
    assert sepolia.nonce(deployer().address) == 0


def test_command_says_that_no_node_answers(place: Place) -> None:
    done = place.run("deploy", "http://127.0.0.1:1", "--account", "alice", "--yes")
    assert done.returncode == 3
    assert len(done.stderr.strip().splitlines()) == 3
