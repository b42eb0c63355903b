"""The report on the sample DAO after the demo's season: what it tells, number by number."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from mikoshi.config.load import load_config
from mikoshi.play.demo.scene import Scene
from mikoshi.play.demo.season import Season
from mikoshi.play.demo.story import ACTS, play
from mikoshi.text.console import Console
from mikoshi.text.language import speaking
from mikoshi.text.paths import ROOT
from mikoshi.text.units import DAY
from tests.tooling.live import script

GOLDEN = Path(__file__).with_name("report.golden.json")
_SECONDS = ("first_vote", "first_reward", "latency", "shortest", "runway")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What `ape run report --json` says at the end of the season, and the page it writes."""
    folder = tmp_path_factory.mktemp("report")
    kept: dict[str, Any] = {}

    def report(season: Season) -> Scene:
        options = ["--config", str(ROOT / "dao.toml"), "--network", season.node.url, "--json"]
        options += ["--names", str(ROOT / "members.csv"), "-o", str(folder / "report.html")]
        places = {
            "MIKOSHI_DEPLOYMENTS": str(season.folder),
            "MIKOSHI_INDEX": str(folder / "index"),
        }
        runner = CliRunner(mix_stderr=False, env=places)
        kept["done"] = runner.invoke(script("report"), [*options, "--lang", "en"])
        return Scene("report")

    with speaking("en"):
        play(load_config(ROOT / "dao.toml"), Console(as_json=True), (*ACTS, report))
    kept["json"] = json.loads(kept["done"].stdout)
    kept["html"] = (folder / "report.html").read_text("utf-8")
    return kept


def coarse(name: str, value: Any) -> Any:
    """Days for seconds, ratios to 0.001: the node's clock adds a little between two blocks."""
    if isinstance(value, dict):
        timed = {key: name if key in ("median", "longest") else "" for key in value}
        return {key: coarse(timed[key], each) for key, each in value.items()}
    if isinstance(value, float):
        return round(value, 3)
    return value // DAY if name in _SECONDS and value is not None else value


def summary(report: dict[str, Any]) -> dict[str, Any]:
    """What does not depend on who of two acted a second earlier: alarms name people by name."""
    figures = {
        f"{section['name']}.{figure['name']}": coarse(figure["name"], figure["value"])
        for section in report["sections"]
        for figure in section["figures"]
    }
    alarms = {
        alarm["name"]: [alarm["state"], sorted(each["name"] for each in alarm["whom"])]
        for alarm in report["alarms"]
    }
    missing = [name for section in report["sections"] for name in section["not_applicable"]]
    return {"figures": figures, "alarms": alarms, "not_applicable": missing}


def test_report_tells_the_season_number_by_number(told: dict[str, Any]) -> None:
    assert told["done"].exit_code == 0  # nothing rings that would fail a command
    assert summary(told["json"]) == json.loads(GOLDEN.read_text("utf-8"))


def test_events_behind_the_numbers_are_those_of_the_season(told: dict[str, Any]) -> None:
    counts = {
        (figure["name"], event["event"]): event["count"]
        for section in told["json"]["sections"]
        for figure in section["figures"]
        for event in figure["events"]
    }
    assert counts["members", "MemberAdmitted"] == 13  # twelve, and one who returned
    assert counts["turnout", "VoteCast"] == 10 + 3 + 3  # a grant, and a rent that is asked twice
    assert counts["proposals", "ProposalExecuted"] == 2
    assert counts["rewards", "MeritCredited"] == 1


def test_page_names_people_and_numbers_of_the_season(told: dict[str, Any]) -> None:
    html = told["html"]
    assert ElementTree.fromstring(html.removeprefix("<!DOCTYPE html>\n")).attrib["lang"] == "en"
    for words in ("Is PM DAO alive?", "Hana 花 #7 (0xF44C…4F05)", "0.141666 ETH", "100 PMC"):
        assert words in html
