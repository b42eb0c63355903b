"""A proposal from its file to its execution, as it is typed and as it stands on the screen.

`golden/season.<language>.txt` has every command and its output; `GOLDEN=write pytest …` writes them
anew, to be read before they are committed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from mikoshi.chain.node import Node
from mikoshi.text.language import Language
from mikoshi.text.units import DAY
from tests.scenario.stage import OPTIONS, SampleFolder, alias

pytestmark = pytest.mark.slow

GOLDEN = Path(__file__).parent / "golden"
FILE = "./proposals/001-fund-the-docs-team.toml"
PROPOSAL = '''title = "Fund the docs team"
text = """
Hana wrote the onboarding guide that every newcomer reads.
"""

[[actions]]
do = "pay"
to = "#7"
amount = "1 ETH"

[[actions]]
do = "reward"
to = "Hana 花"
tokens = "100 PMC"
merit = "100 points"
'''
ADVISORY = 'title = "Shall we meet in Kyoto?"\nbinding = false\n'
ETHER = 10**18


@pytest.fixture
def node() -> Iterator[Node]:
    """A node of its own, whose clock stands still but for what is mined."""
    with Node(OPTIONS) as running:
        yield running


def season(stage: SampleFolder) -> None:
    """Everything from the creation to the report."""
    rpc = stage.node.rpc
    stage.type("deploy --yes")
    (record,) = (stage.folder / "deployments" / "31337").glob("pm-dao.json")
    treasury = json.loads(record.read_text())["addresses"]["treasury"]
    stage.type(f"proposal new Fund␣the␣docs␣team --template pay --folder {FILE.rsplit('/', 1)[0]}")
    stage.file(FILE, PROPOSAL)
    stage.type(f"proposal lint {FILE}")
    stage.type(f"proposal simulate {FILE}", exit_code=1)  # nothing to pay with
    for number in range(1, 8):
        rpc.call("anvil_setBalance", stage.player(number).address, hex(ETHER // 10))
    rpc.warp(DAY)
    stage.type(f"proposal submit {FILE} --account aoi --yes --proposals ./made", exit_code=1)
    rpc.call("anvil_setBalance", treasury, hex(3 * ETHER))
    stage.type(f"proposal simulate {FILE}")
    stage.type(f"proposal submit {FILE} --account aoi --yes --proposals ./made")
    stage.type(f"proposal submit {FILE} --account aoi --yes --proposals ./made")  # it is there
    stage.type("proposal list")
    stage.type("proposal show 1")
    stage.type("proposal show 2", exit_code=2)
    stage.type("status")
    stage.type("power Hana␣花")
    stage.type("delegate #2 --account yuki --yes")
    stage.type("vote 1 --for --account aoi --yes", exit_code=4)
    rpc.warp(2 * DAY)
    stage.type("vote 1 --for --reason 助かります --account aoi --yes")
    stage.type("vote 1 --for --account aoi --yes", exit_code=4)
    for number in (2, 4, 5):
        name = alias(stage.player(number))
        stage.type(f"vote 1 --for --sign-only -o ./ballots/{name}.ballot --account {name}")
    stage.type("relay ./ballots --yes --account ken")
    stage.type("relay ./ballots --yes --account ken")
    stage.type("status 1")
    rpc.warp(5 * DAY)
    stage.type("execute 1 --yes --account ken", exit_code=4)
    rpc.warp(2 * DAY)
    stage.type("execute 1 --yes --account ken")
    stage.type("execute 1 --yes --account ken")
    stage.type("proposal list")
    stage.type("power Hana␣花")
    stage.type("lapse")
    stage.type("members list")
    stage.type("report -o ./report.html")
    stage.type("index")
    stage.type("check")


def others(stage: SampleFolder) -> None:
    """What a season seldom needs: every other command for a DAO that is there."""
    asked = "./proposals/002-kyoto.toml"
    stage.file(asked, ADVISORY)
    stage.type(f"proposal export {asked} --format cast --sender #2")
    stage.type(f"proposal submit {asked} --account ken --yes --proposals ./made")
    stage.type("cancel 2 --account ken --yes")
    stage.type("cancel 2 --account ken --yes")
    for step in ("rest", "wake", "exit", "rejoin"):
        stage.type(f"{step} --account yuki --yes")
    stage.type("exit --account yuki --sign-only -o ./ballots/exit.ballot")
    stage.type("compliance")
    stage.type("metadata build -o ./metadata")
    stage.type("members list")


def golden(stage: SampleFolder) -> None:
    """Compare what stood on the screen with the file. Raises AssertionError."""
    path = GOLDEN / f"season.{stage.language}.txt"
    text = "\n".join(stage.transcript)
    if os.environ.get("GOLDEN") == "write" and not stage.through_ape:
        path.write_text(text)
    assert text.splitlines() == path.read_text().splitlines()


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_season_stands_on_the_screen_as_before(
    language: Language, node: Node, tmp_path: Path
) -> None:
    stage = SampleFolder(tmp_path, node, language)
    season(stage)
    others(stage)
    golden(stage)


def test_a_season_typed_at_ape_is_the_same(node: Node, tmp_path: Path) -> None:
    stage = SampleFolder(tmp_path, node, "en", through_ape=True)
    season(stage)
    others(stage)
    golden(stage)


def test_what_is_read_comes_as_one_json_object_too(node: Node, tmp_path: Path) -> None:
    stage = SampleFolder(tmp_path, node, "en")
    season(stage)
    (proposal,) = stage.json("proposal list")["proposals"]
    assert (proposal["number"], proposal["state"]) == (1, "executed")
    assert stage.json("proposal show 1")["calls"] == proposal["calls"]
    assert stage.json("status 1")["proposals"][0]["number"] == 1
    assert stage.json("status 2", exit_code=2)["error"]["code"] == 2
    assert stage.json("power #7")["member"]["id"] == 7
    assert stage.json("index")["block"] == node.rpc.block_number()
    assert stage.json("members list")["members"][6]["name"] == "Hana 花"
    report = stage.json("report")
    assert report["ringing"] == []
    assert {"people", "voice", "money"} <= {each["name"] for each in report["sections"]}
    assert stage.json("check")["passed"] is True
