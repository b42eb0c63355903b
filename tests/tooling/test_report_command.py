"""`ape run report` as a person runs it, on a real node."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

from mikoshi.ballots.proposal import Call
from mikoshi.chain.node import DevRpc
from mikoshi.chain.rpc import RpcError
from mikoshi.core.dao import Dao
from mikoshi.report.alarm import Alarm
from mikoshi.report.report import DaoReport
from mikoshi.report.show import alarmed
from mikoshi.testing.community import FOR, Community, person
from mikoshi.text.clock import moment_text
from mikoshi.text.language import speaking
from mikoshi.text.units import DAY, HOUR
from tests.support import deploy, failed
from tests.tooling.live import ETHER, Place, fund, script

pytestmark = pytest.mark.slow

POINT = ETHER


@dataclass
class ReportedDao:
    """A DAO of five that pays once, and then goes on or falls silent."""

    place: Place
    rpc: DevRpc
    dao: Dao

    def run(self, *args: str) -> Result:
        options = ["--config", str(self.place.toml), "--network", self.rpc.url]
        folders = {
            "MIKOSHI_DEPLOYMENTS": str(self.place.records),
            "MIKOSHI_INDEX": str(self.place.folder / "index"),
            "LANG": "C.UTF-8",
        }
        runner = CliRunner(mix_stderr=False, env=folders)
        with speaking("en"):  # whatever the command speaks ends with it
            return runner.invoke(script("report"), [*args, *options])

    def told(self, *args: str) -> tuple[int, dict[str, Any]]:
        done = self.run("--json", *args)
        parsed: dict[str, Any] = json.loads(done.stdout)
        return done.exit_code, parsed


@pytest.fixture
def season(place: Place, sepolia: DevRpc) -> ReportedDao:
    sepolia.call("anvil_autoImpersonateAccount", True)
    for number in range(1, 6):
        fund(sepolia, person(number).address)
    dao = place.deploy(sepolia).dao(sepolia)
    fund(sepolia, dao.treasury_address, 3 * ETHER)
    people = Community(sepolia, dao, [person(number) for number in range(1, 6)])
    fund(sepolia, people.outsider.address)
    sepolia.warp(DAY)
    credit = dao.membership.data("credit", 2, 100 * POINT, 0, bytes(32))
    mint = dao.token.data("mint", person(2).address, 40 * ETHER, 0)
    calls: list[Call] = [
        (dao.membership, 0, credit),
        (dao.token, 0, mint),
        (person(99).address, ETHER, b""),
    ]
    people.decide(calls, "# Thank Ken & pay <the> hall", voters=range(4))
    return ReportedDao(place, sepolia, dao)


def figures(report: dict[str, Any]) -> dict[str, Any]:
    return {
        f"{section['name']}.{figure['name']}": figure["value"]
        for section in report["sections"]
        for figure in section["figures"]
    }


def test_report_of_a_living_dao_is_quiet(season: ReportedDao) -> None:
    code, report = season.told()
    assert code == 0
    assert report["ringing"] == []
    assert (report["dao"], report["chain_id"], report["format"]) == ("PM DAO", 11155111, 1)
    assert report["time"] == season.rpc.timestamp()
    found = figures(report)
    assert found["people.members"]["active"] == 5
    assert found["people.acts"]["ballot"] == 4
    assert found["money.assets"] == {"ETH": str(2 * ETHER)}
    assert found["money.income"] == {"ETH": str(3 * ETHER)}
    assert found["money.backing_membership"] == {"ETH": str(2 * ETHER // 5)}
    assert found["money.backing_token"]["each"] == {"ETH": str(2 * ETHER // 40)}
    assert found["voice.turnout"]["by_head"] == 0.8
    assert found["contribution.concentration"]["member"] == 2


def test_silence_rings_and_names_whom_to_turn_to(season: ReportedDao) -> None:
    season.rpc.warp(100 * DAY)
    code, report = season.told()
    assert code == 1
    assert report["ringing"][0] == "dying"
    assert report["error"]["code"] == 1
    alarms = {each["name"]: each for each in report["alarms"]}
    assert {each["id"] for each in alarms["participation"]["whom"]} == {1, 2, 3, 4, 5}
    assert alarms["participation"]["whom"][0]["name"].startswith("P")
    assert alarms["retention_90"]["state"] == "too few data"
    command = alarms["participation"]["command"]
    assert command.startswith("ape run members list --config")
    done = season.run()
    assert done.exit_code == 1
    assert "⚠ Participation: 0 % of the members" in done.stdout
    assert "P5 #5" in done.stdout
    failed("report.alarms", count=2, file=season.place.toml.name)  # of those that ring


@pytest.mark.parametrize(
    ("fail_on", "code"), [("none", 0), ("any", 1), ("quorum", 1), ("runway,concentration", 0)]
)
def test_alarms_fail_a_command_as_they_are_asked_to(
    season: ReportedDao, fail_on: str, code: int
) -> None:
    season.rpc.warp(100 * DAY)
    told, report = season.told("--fail-on", fail_on)
    assert told == code
    assert {"dying", "quorum", "participation"} <= set(report["ringing"])
    assert ("error" in report) == (code == 1)


def test_alarms_come_before_the_numbers_on_the_screen(season: ReportedDao) -> None:
    season.rpc.warp(100 * DAY)
    shown = season.run("--fail-on", "none").stdout
    parts = [shown.index(title) for title in ("This week", "⚠ Signs of dying", "Members")]
    assert parts == sorted(parts)


def test_unknown_alarm_is_refused_before_anything_is_read(season: ReportedDao) -> None:
    assert season.run("--fail-on", "dyin").exit_code == 2
    failed("report.unknown-alarm", name="dyin")


def test_alarm_names_the_file_of_the_thresholds() -> None:
    alarm = SimpleNamespace(title="Silence", text="long", advice="write to them")
    report = cast(DaoReport, SimpleNamespace(ringing=[alarm]))
    error = alarmed(report, [cast(Alarm, alarm)], "tea.toml")
    assert error.hint == "Begin with the first: write to them. Thresholds: [alarms] in tea.toml"


def test_at_tells_what_was_true_then(season: ReportedDao) -> None:
    then, block = season.rpc.timestamp(), season.rpc.block_number()
    season.rpc.warp(DAY)
    season.dao.membership.send("exit", sender=person(5).address)
    season.rpc.warp(100 * DAY)
    by_block, by_time = season.told("--at", str(block)), season.told("--at", moment_text(then))
    assert by_block == by_time
    assert by_block[0] == 0
    assert (by_block[1]["block"], by_block[1]["time"]) == (block, then)
    assert figures(by_block[1])["people.members"]["active"] == 5
    later = season.told("--at", "100 days ago")
    assert later[1]["time"] == season.rpc.timestamp() - 100 * DAY
    assert figures(season.told()[1])["people.exits"]["exits"] == 1


def test_times_are_read_and_told_in_the_zone_of_the_reader(
    season: ReportedDao, zone: Callable[[str], None]
) -> None:
    zone("JST-9")
    then = season.rpc.timestamp()
    here = datetime.fromtimestamp(then + 9 * HOUR, UTC)
    typed = f"{here:%Y-%m-%d %H:%M:%S}"
    season.rpc.warp(DAY)
    told = season.run("--at", typed)
    assert f"--at is read as {here:%a} {here.day} {here:%b %H:%M} JST, " in told.stderr
    assert f"As of {here:%a} {here.day} {here:%b %Y %H:%M} JST, " in told.stdout.replace("\n", " ")
    assert season.told("--at", typed)[1]["time"] == then


@pytest.mark.parametrize(
    ("at", "kind", "data"),
    [
        ("2101-01-01", "time.ahead", {"moment": "Sat 1 Jan 2101 00:00 UTC"}),
        ("soon", "time.not-a-time", {"text": "soon"}),
    ],
)
def test_at_that_is_no_time_of_the_past_is_refused(
    season: ReportedDao, at: str, kind: str, data: dict[str, str]
) -> None:
    assert season.run("--at", at).exit_code == 2
    failed(kind, option="--at", **data)


def test_at_before_and_after_the_life_of_the_dao_is_refused(season: ReportedDao) -> None:
    assert season.run("--at", "9999999").exit_code == 2
    failed("report.unknown-block", block=9_999_999, latest=season.rpc.block_number())
    assert season.run("--at", "2001-01-01").exit_code == 2
    failed("report.before-the-creation", asked="Mon 1 Jan 2001 00:00 UTC")


def test_page_is_written_also_when_an_alarm_rings(season: ReportedDao) -> None:
    season.rpc.warp(100 * DAY)
    file = season.place.folder / "report.html"
    done = season.run("-o", str(file), "--lang", "ja")
    assert done.exit_code == 1
    assert "件の警報が鳴っています" in done.stderr
    text = file.read_text("utf-8")
    root = ElementTree.fromstring(text.removeprefix("<!DOCTYPE html>\n"))
    assert root.attrib["lang"] == "ja"
    assert "Thank Ken &amp; pay &lt;the&gt; hall" in text


def test_page_that_cannot_be_written_is_an_error(season: ReportedDao) -> None:
    done = season.run("-o", "/dev/full")
    assert (done.exit_code, done.stdout) == (2, "")  # it comes first: `| head` must not cost it
    assert "cannot be written" in done.stderr


def test_coins_that_moved_are_listed_by_what_they_are(season: ReportedDao) -> None:
    rpc, treasury = season.rpc, season.dao.treasury_address
    coin = deploy(rpc, "OddCoin", 0)
    coin.send("mint", treasury, 5_000, sender=person(1).address)
    code, report = season.told()
    assert code == 0
    rows = next(
        figure["rows"]
        for section in report["sections"]
        for figure in section["figures"]
        if figure["name"] == "assets"
    )
    assert [row["balance"] for row in rows] == [str(2 * ETHER), "5000"]
    assert rows[1]["address"] == coin.address


def test_another_vote_shows_the_commitment(season: ReportedDao) -> None:
    people = Community(season.rpc, season.dao, [person(number) for number in range(1, 6)])
    proposal = people.propose([(person(98).address, ETHER // 2, b"")], "# Half")
    people.open_voting(proposal)
    people.vote(proposal, range(3), FOR)
    people.close_voting(proposal)
    found = figures(season.told()[1])
    assert found["money.commitments"] == {"ETH": str(ETHER // 2)}
    assert found["pace.waiting"]["proposals"] == 0
    people.ripen(proposal)
    assert figures(season.told()[1])["pace.waiting"]["proposals"] == 1


def test_balances_that_a_node_has_forgotten_are_left_out(
    season: ReportedDao, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forgotten(*_: object) -> None:
        raise RpcError("eth_getBalance", -32000, "missing trie node")

    monkeypatch.setattr("mikoshi.report.reading.read_holdings", forgotten)
    block = season.rpc.block_number()
    season.rpc.warp(DAY)
    code, report = season.told("--at", str(block))
    assert code == 0
    assert figures(report)["money.assets"] == {}
    runway = next(each for each in report["alarms"] if each["name"] == "runway")
    assert runway["state"] == "too few data"
    assert season.run().exit_code == 3  # those of now it must know
