"""`ape run regimes`, and `ape run report` on a history that was played on a node."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mikoshi.chain.node import DevRpc
from mikoshi.commands.regimes import NAMES
from mikoshi.play.regimes.history import run
from mikoshi.play.regimes.regime import COLLAPSE, RECOVERY, REGIMES, Regime
from mikoshi.play.regimes.shape import SHAPES
from mikoshi.text.clock import moment_text
from mikoshi.text.language import speaking
from mikoshi.text.paths import ROOT
from mikoshi.text.units import DAY
from tests.tooling.live import Place, script

pytestmark = pytest.mark.slow

SEED = 3


def regimes(*args: str, language: str = "en") -> Result:
    options = ["--config", str(ROOT / "dao.toml"), "--lang", language]
    return CliRunner(mix_stderr=False).invoke(script("regimes"), [*args, *options])


def test_months_of_a_collapse_are_told_until_nobody_acts(tmp_path: Path) -> None:
    page = tmp_path / "tenth.html"
    done = regimes("collapse", "--seed", str(SEED), "--json", "-o", str(page))
    assert done.exit_code == 0
    result = json.loads(done.stdout)
    assert (result["regime"], result["seed"]) == ("collapse", SEED)
    months = result["months"]
    assert [each["month"] for each in months] == list(range(1, 11))
    assert months[0]["ringing"] == []
    assert "dying" in months[5]["ringing"]
    assert months[9]["acted"]["people"] == 0
    assert months[7]["stay"]["of"] > 10
    assert page.read_text().startswith("<!DOCTYPE html>")


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", ("acted in its 30 days", "Participation")), ("ja", ("30日間に活動", "参加率"))],
)
def test_table_speaks_both_languages(language: str, words: tuple[str, str]) -> None:
    done = regimes("collapse", "--seed", str(SEED), "--months", "5", language=language)
    assert done.exit_code == 0
    assert all(word in done.stdout for word in words)


def test_every_shape_can_be_played() -> None:
    assert list(NAMES) == [*REGIMES, *SHAPES]


def test_shape_is_played_with_its_pauses_known() -> None:
    done = regimes("seasonal-pause", "--seed", "1002", "--months", "8", "--json")
    months = json.loads(done.stdout)["months"]
    assert [each["month"] for each in months if "dying" in each["ringing"]] == []
    assert len(months) == 8


@pytest.mark.parametrize("args", [("decline",), ("collapse", "--months", "25"), ()])
def test_what_cannot_be_played_is_refused(args: tuple[str, ...]) -> None:
    assert regimes(*args).exit_code == 2


@pytest.mark.parametrize("regime", [COLLAPSE, RECOVERY], ids=lambda regime: regime.name)
def test_report_reads_a_history_on_a_node(regime: Regime, place: Place, sepolia: DevRpc) -> None:
    history = run(regime, SEED, sepolia, months=7)
    history.manifest.save(place.journal.path)
    sixth = history.months[5].time
    folders = {
        "MIKOSHI_DEPLOYMENTS": str(place.records),
        "MIKOSHI_INDEX": str(place.folder / "index"),
    }
    options = ["--config", str(place.toml), "--network", sepolia.url, "--at", moment_text(sixth)]
    with speaking("en"):
        done = CliRunner(mix_stderr=False, env=folders).invoke(
            script("report"), ["--json", *options]
        )
    report = json.loads(done.stdout)
    assert ("dying" in report["ringing"]) == (regime is COLLAPSE)
    assert report["time"] == sixth
    silent = next(each for each in report["alarms"] if each["name"] == "staying")["whom"]
    assert (len(silent) > 4) == (regime is COLLAPSE)
    assert sixth % DAY == 0
