"""One clock of the computer is read, and a DAO goes by its chain's."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator

import pytest

from mikoshi.chain.node import DevRpc, Node
from mikoshi.chain.rpc import RpcError
from mikoshi.cli.failures import explained
from mikoshi.deploy.perform import perform
from mikoshi.deploy.show import show_plan
from mikoshi.text import clock
from mikoshi.text.clock import parse_end
from mikoshi.text.console import Console
from mikoshi.text.language import Language, speaking
from mikoshi.text.paths import ROOT
from mikoshi.text.units import DAY
from tests.support import refuses, told
from tests.tooling.live import Place

READS = {
    "time": {"ctime", "gmtime", "localtime", "strftime", "time", "time_ns"},
    "datetime": {"now", "today", "utcnow"},
    "date": {"today"},
}


def readings(source: str) -> Iterator[str]:
    """Where a module reads the computer's clock."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute):
            owner = node.value
            name = getattr(owner, "attr", getattr(owner, "id", ""))
            if node.attr in READS.get(name, ()):
                yield f"{name}.{node.attr}"
        elif isinstance(node, ast.ImportFrom) and node.module == "time":
            yield from (f"time.{each.name}" for each in node.names if each.name in READS["time"])


def test_only_one_function_reads_the_clock() -> None:
    folders = [ROOT / name for name in ("mikoshi", "scripts", "tests")]
    found = {
        (path.relative_to(ROOT).as_posix(), reading)
        for folder in folders
        for path in folder.rglob("*.py")
        for reading in readings(path.read_text())
    }
    assert found == {("mikoshi/text/clock.py", "time.time")}


@pytest.mark.parametrize(
    "source",
    [
        "import time\ntime.time()",
        "from time import time",
        "from datetime import date\ndate.today()",
        "import datetime\ndatetime.datetime.now()",
    ],
)
def test_a_reading_is_seen_however_it_is_written(source: str) -> None:
    assert len(list(readings(source))) == 1


def test_clock_is_another_where_a_rehearsal_asks_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mikoshi.text.clock.time.time", lambda: 1_800_000_000.9)
    monkeypatch.delenv(clock.VARIABLE, raising=False)
    assert clock.now() == 1_800_000_000
    for text, seconds in (
        ("+500d", 1_800_000_000 + 500 * DAY),
        ("-3d", 1_800_000_000 - 3 * DAY),
        ("@1795510800", 1_795_510_800),
    ):
        monkeypatch.setenv(clock.VARIABLE, text)
        assert clock.now() == seconds
    with clock.at(7):
        assert clock.now() == 7
    assert clock.now() == 1_795_510_800


@pytest.mark.parametrize("text", ["500", "+500", "+1.5d", "tomorrow", "@", "+500d "])
def test_a_date_that_is_none_is_told(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(clock.VARIABLE, text)
    with refuses("clock.no-date", variable="MIKOSHI_DATE", text=text):
        clock.now()


def test_node_begins_at_the_date_of_a_rehearsal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(clock.VARIABLE, "@1795510800")
    with Node() as node:
        assert node.rpc.timestamp() == 1_795_510_800


@pytest.mark.parametrize("target", ["test", "test-quick"])
def test_make_hands_the_date_to_every_process(target: str) -> None:
    apart = (".cache/hardhat", ".cache/safe", ".cache/peers", ".cache/chromium", "web/node_modules")
    known = ("ready", "mikoshi/page/page.html", *(f"{each}/.ready" for each in apart))
    command = ["make", "-n", *(word for each in known for word in ("-o", each)), target]
    plain, dated = (
        subprocess.run(
            [*command, date], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout.splitlines()[-1]
        for date in ("DATE=", "DATE=+70d")
    )
    assert plain.startswith("tools/run pytest ")
    assert dated == f"{clock.VARIABLE}=+70d {plain}"


@pytest.mark.parametrize(
    ("language", "apart", "line"),
    [
        ("en", -500 * DAY, "⚠ This chain's clock is 500 d behind this computer's; the DAO begins"),
        ("en", 2 * DAY, "⚠ This chain's clock is 48 h ahead of this computer's; the DAO begins"),
        ("ja", -500 * DAY, "⚠ このチェーンの時計は、このパソコンより500日遅れています。"),
    ],
)
def test_dao_begins_at_the_chains_time_however_far_from_the_computers(
    place: Place,
    sepolia: DevRpc,
    capsys: pytest.CaptureFixture[str],
    language: Language,
    apart: int,
    line: str,
) -> None:
    plan = place.plan(sepolia)
    with clock.at(plan.manifest.t0 - apart), speaking(language):
        show_plan(Console(), plan, place.config)
        shown = capsys.readouterr().out.replace("\n", " ")
        manifest = place.deploy(sepolia)
    assert line in shown
    assert manifest.t0 <= sepolia.timestamp() <= manifest.t0 + DAY


def test_nothing_is_told_of_a_chain_in_step(
    place: Place, sepolia: DevRpc, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = place.plan(sepolia)
    with clock.at(plan.manifest.t0):
        show_plan(Console(), plan, place.config)
    assert "clock" not in capsys.readouterr().out


def test_dao_of_a_chain_that_was_idle_for_days_begins_now(place: Place, sepolia: DevRpc) -> None:
    first = place.deploy(sepolia)
    place.write(more='\n[merit]\nper_epoch = "9,000 points"\n')
    place.journal.path.unlink()
    sepolia.call("evm_increaseTime", 3 * DAY)  # and no block since
    second = place.deploy(sepolia)
    assert second.t0 >= first.t0 + 3 * DAY


def test_an_end_that_is_over_is_refused() -> None:
    now, moment = 1_800_000_000, "Fri 15 Jan 08:00 UTC"
    with refuses("time.over", option="--until", moment=moment, present=moment):
        parse_end("2027-01-15 08:00", now, now + DAY)


def test_a_plan_that_is_too_old_is_refused_in_words(place: Place, sepolia: DevRpc) -> None:
    sender = place.sender(sepolia)
    plan = place.plan(sepolia)
    sepolia.warp_to(plan.manifest.t0 + 2 * DAY)
    with pytest.raises(RpcError, match="eth_estimateGas") as caught:
        perform(plan, sender, place.journal)
    refused = explained(caught.value, sepolia.timestamp)
    told(refused, "contract.factory-invalid-setting", value=plan.manifest.t0)
    assert refused.reasons[0].startswith("a DAO begins within a day of its chain's clock, not 4")
    assert refused.hint.startswith("This changed nothing")  # what came before it did
    assert "0x" not in "\n".join(refused.lines)
    assert place.deploy(sepolia).t0 >= plan.manifest.t0 + 2 * DAY
