"""The demo: what `make demo` shows, what it returns, and that it fails when something is wrong."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from mikoshi.chain.node import DevRpc
from mikoshi.commands import demo
from mikoshi.config.load import load_config
from mikoshi.play.demo import story
from mikoshi.play.demo.players import POINTS, TOKENS, make_players, staged
from mikoshi.play.demo.scene import Scene
from mikoshi.play.demo.season import Season
from mikoshi.play.demo.story import ACTS
from mikoshi.text.errors import BadInputError
from mikoshi.text.language import speaking
from mikoshi.text.paths import ROOT
from tests.support import told

pytestmark = pytest.mark.slow

ETHER = 10**18
VOICE = 10**9
CHECKS = {
    "twelve_members",
    "founder_holds_no_role",
    "five_own_no_eth_before",
    "voices_lent",
    "proposed_without_eth",
    "ten_ballots_in_one_transaction",
    "early_execution_refused",
    "grant_executed",
    "too_few_for_the_old_quorum",
    "silent_members_lapsed",
    "quorum_follows_the_awake",
    "three_passed_a_proposal",
    "returned_with_the_same_number",
    "second_vote_refused",
    "one_woke",
    "check_passes",
    "five_own_no_eth_after",
}


def command() -> click.Command:
    """What `ape run demo` runs."""
    return demo.cli


def run(*options: str) -> Result:
    return CliRunner(mix_stderr=False).invoke(
        command(), ["--config", str(ROOT / "dao.toml"), *options]
    )


@pytest.fixture(scope="module")
def printed() -> subprocess.CompletedProcess[str]:
    """The demo as `make demo JSON=1` runs it."""
    return subprocess.run(
        ["ape", "run", "demo", "--json"], cwd=ROOT, capture_output=True, text=True
    )


@pytest.fixture(scope="module")
def result(printed: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    assert printed.returncode == 0, printed.stderr
    parsed: dict[str, Any] = json.loads(printed.stdout)  # one object, and nothing beside it
    return parsed


def test_demo_holds_all_its_checks(result: dict[str, Any]) -> None:
    assert result["checks"] == dict.fromkeys(CHECKS, True)
    assert result["seconds"] > 0


def test_demo_counts_members_and_money(result: dict[str, Any]) -> None:
    assert (result["members"], result["awake"]) == (11, 3)  # one is a newcomer
    assert result["treasury"] == {"before": 3 * ETHER, "after": 17 * ETHER // 10}
    assert result["token_supply"] == 100 * ETHER


def test_demo_shows_both_quorums(result: dict[str, Any]) -> None:
    assert result["quorum"] == {"ordinary": 4, "mikoshi": 2}


def test_demo_lists_its_proposals(result: dict[str, Any]) -> None:
    grant, first, second = result["proposals"]
    told = ("state", "for", "against", "abstain", "people", "people_needed", "ballots_in_batch")
    assert [grant[name] for name in told] == ["Executed", 84 * VOICE // 10, VOICE, VOICE, 11, 4, 10]
    assert [first[name] for name in told][3:] == [0, 3, 4, 3]
    assert (first["state"], first["against"]) == ("Defeated", 0)
    # Hana's merit is above the cap, which is never below the base voice of one.
    assert [second[name] for name in told] == ["Executed", 3 * VOICE, 0, 0, 3, 2, 3]
    assert len({each["id"] for each in result["proposals"]}) == 3


def test_demo_shows_every_act_in_english() -> None:
    shown = run("--lang", "en")
    assert shown.exit_code == 0, shown.stderr
    for sentence in (
        "1/8  Twelve people found PM DAO",
        "Not yet: the delay ends in 41 h 12 m (",
        "Nothing was sent.",
        "all 3 vote For, 4 of 12 are needed: defeated",
        "an ordinary kit",
        "Ren #8 has no voice on this proposal",
        "0 differences",
        "17 of 17 checks hold",
    ):
        assert sentence in shown.stdout
    assert "✗" not in shown.stdout


def test_demo_shows_every_act_in_japanese() -> None:
    shown = run("--lang", "ja")
    assert shown.exit_code == 0, shown.stderr
    for sentence in (
        "1/8  12人で PM DAO をつくる",
        "待機期間はあと41時間12分で終わります",
        "何も送っていません。",
        "定足数は、活動中の人に合わせて決まる",
        "この提案では声がありません",
        "17件の検証がすべて成立",
    ):
        assert sentence in shown.stdout


def dev(season: Season) -> DevRpc:
    return season.rpc


def enriched(season: Season) -> Scene:
    """Somebody sends ETH to one of the five."""
    dev(season).call("anvil_setBalance", season.player(9).address, hex(1))
    return Scene("sabotage")


def usurped(season: Season) -> Scene:
    """The treasury gives a role away, and no vote said so."""
    treasury = season.dao.treasury
    with dev(season).impersonate(treasury.address):
        treasury.send("grantRole", b"\1" * 32, season.player(2).address, sender=treasury.address)
    return Scene("sabotage")


@pytest.mark.parametrize(
    ("sabotage", "failing"),
    [(enriched, "five_own_no_eth_after"), (usurped, "check_passes")],
)
def test_demo_fails_when_something_is_wrong(
    monkeypatch: pytest.MonkeyPatch, sabotage: story.StoryAct, failing: str
) -> None:
    monkeypatch.setattr(story, "ACTS", (*ACTS[:-1], sabotage, ACTS[-1]))
    shown = run("--json", "--lang", "en")
    assert shown.exit_code == 1
    printed = json.loads(shown.stdout)
    assert [name for name, holds in printed["checks"].items() if not holds] == [failing]
    assert (printed["error"]["code"], printed["error"]["kind"]) == (1, "demo.failed")
    assert printed["error"]["data"] == {"failed": 1, "checks": len(CHECKS), "names": [failing]}


def test_demo_plays_other_peoples_dao_with_its_own_cast() -> None:
    config = replace(load_config(ROOT / "dao.toml"), members=())
    players = make_players()
    wallets = [each.wallet for each in staged(config, players).members]
    assert wallets == [each.address for each in players]


def test_players_are_called_as_the_language_writes_them() -> None:
    hana = make_players()[6]
    assert hana.brief == "Hana #7"
    with speaking("ja"):
        assert hana.brief == "花 #7"


def test_demo_names_the_settings_it_cannot_play() -> None:
    config = load_config(ROOT / "dao.toml")
    few = config.token.cap_per_epoch._replace(raw=TOKENS * 10**18 - 1)
    other = replace(
        config,
        dao=config.dao.model_copy(update={"tickets": "transferable"}),
        governance=config.governance.model_copy(update={"quorum": 2_500}),
        merit=config.merit.model_copy(update={"per_member": POINTS * 1_000 - 1}),
        token=config.token.model_copy(update={"cap_per_epoch": few}),
    )
    with pytest.raises(BadInputError) as caught:
        staged(other, make_players())
    told(caught.value, "demo.unplayable", name="dao.toml")
    problems: Any = caught.value.data["problems"]
    tickets, quorum, merit, token = problems
    told(tickets, "demo.tickets-for-sale")
    told(quorum, "demo.quorum-too-low", members=12, staying=3)
    told(merit, "demo.merit-cap-too-low", points=POINTS)
    told(token, "demo.token-cap-too-low", tokens=TOKENS)
