"""A simulation on the screen, as JSON, as Markdown and as one page that needs nothing else."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from mikoshi.chain.abi import Event
from mikoshi.replay.logs import Log
from mikoshi.simulate.html import html
from mikoshi.simulate.markdown import markdown
from mikoshi.simulate.words import event_words
from mikoshi.testing.community import person
from mikoshi.text.language import speaking
from mikoshi.text.units import DAY
from tests.support import deploy
from tests.tooling.governed import ADVISORY, Governed
from tests.tooling.live import ETHER
from tests.tooling.simulated import PAY, SOMEBODY, World, call, pay_coin

pytestmark = pytest.mark.slow

HEAD = 'title = "Bread"\ntext = "Why."\n'
TOO_MUCH = HEAD + '[[actions]]\ndo = "pay"\nto = "#2"\namount = "11 ETH"\n'
HOSTILE = "<script>alert(1)</script> | [x](http://evil.example) \u001b[2J"
MANY = (
    PAY
    + '[[actions]]\ndo = "reward"\nto = "#2"\ntokens = "100 PMC"\nmerit = "20 points"\n'
    + '[[actions]]\ndo = "set parameter"\ngovernance.quorum = "25%"\n'
    + f'[[actions]]\ndo = "grant role"\nrole = "MINTER"\nto = "{SOMEBODY}"\n'
    + f'[[actions]]\ndo = "admit"\npeople = ["{person(7_320_000).address}"]\n'
)


@pytest.fixture
def world(governed: Governed) -> World:
    return World(governed)


class Page(HTMLParser):
    """The tags with their attributes, and the text of every cell, of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.cells: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag in ("td", "th", "h1"):
            self.cells.append("")

    def handle_data(self, data: str) -> None:
        if self.cells:
            self.cells[-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "h1"):
            self.cells.append("")


# JSON


def test_json_has_all_of_it_and_amounts_exactly(world: World) -> None:
    sim = world.simulate(MANY)
    told: dict[str, Any] = json.loads(json.dumps(sim.as_json()))
    assert set(told) == {
        *("passed", "title", "number", "id", "chain_id", "block", "time", "through", "executes"),
        *("reason", "before", "calls", "events", "needs", "movements", "pieces", "runways"),
        *("roles", "settings", "storage", "gas", "findings", "summary"),
    }
    assert (told["passed"], told["executes"], told["reason"]) == (True, True, None)
    assert (told["through"], told["number"], told["chain_id"]) == ("treasury", None, 11_155_111)
    assert [each["target"] for each in told["calls"]] == ["member", *["part"] * 5]
    assert told["calls"][0]["value"] == str(5 * ETHER // 2)
    assert told["calls"][1]["says"].startswith("reward Ken #2")
    assert (told["calls"][2]["says"], told["calls"][2]["data"][:10]) == (
        "",
        f"0x{world.governed.dao.membership.data('credit', 2, 0, 0, bytes(32))[:4].hex()}",
    )
    ether = {"asset": "ETH", "address": None, "decimals": 18}
    assert told["needs"] == [
        {**ether, "needed": str(5 * ETHER // 2), "held": str(10 * ETHER), "missing": "0"}
    ]
    assert told["movements"][0] == {
        **ether,
        "account": world.treasury,
        "before": str(10 * ETHER),
        "after": str(15 * ETHER // 2),
    }
    assert told["roles"] == [{"role": "MINTER", "holder": SOMEBODY, "given": True}]
    assert told["settings"] == [{"setting": "governance.quorum", "before": "30 %", "after": "25 %"}]
    (ticket,) = told["pieces"]
    assert (ticket["id"], ticket["to"]) == ("6", person(7_320_000).address)
    names = [each["name"] for each in told["storage"]]
    assert {"_current", "_total", "_cap"} <= set(names)
    minted = next(each for each in told["events"] if each["name"] == "Minted")
    assert minted["args"] == {"kind": "0", "amount": str(100 * ETHER)}
    assert told["gas"] == {"used": sim.outcome.gas, "cap": 16_777_216}
    assert told["findings"][0]["check"] == "roles"
    assert len(told["summary"]) == 3


def test_json_of_what_fails_says_why(world: World) -> None:
    draft = world.passed(PAY)
    world.passed('[[actions]]\ndo = "pay"\nto = "Ken"\namount = "9 ETH"')
    told = world.simulate(world.compose(TOO_MUCH.removeprefix(HEAD))).as_json()
    assert (told["passed"], told["executes"]) == (False, False)
    assert told["reason"] == "it is refused without a reason"
    assert [(each["number"], each["executes"]) for each in told["before"]] == [
        (1, True),
        (2, False),
    ]
    assert told["events"] == told["storage"] == told["pieces"] == []
    passed = world.simulate(draft).as_json()
    assert (passed["through"], passed["id"]) == ("governor", str(draft.id))


# Words


def test_the_summary_is_three_lines(world: World) -> None:
    sim = world.simulate(PAY + call(deploy(world.rpc, "Sink").address, "note()"))
    first, second, third = sim.summary
    assert re.fullmatch(r"executes in 9 d \(.*\): 2 calls, 1 event, [\d,]+ gas", first)
    assert second == ("treasury: 10 ETH → 7.5 ETH (no runway: none was paid in the last 30 days)")
    assert third.startswith("0 failures, 1 warning, 2 notes: call 2 goes to 0x")
    with speaking("ja"):
        assert sim.summary[0].startswith("実行できます(9日後")


def test_events_are_in_words(world: World) -> None:
    book, token = world.book, world.governed.dao.token_address
    wallet = person(1).address

    def words(name: str, args: dict[str, Any], address: str = token) -> str:
        return event_words(Log(Event(name, args, address), 1, 0, 0, "0x"), book)

    known = f"Hana #1 ({wallet[:6]}…{wallet[-4:]})"
    transfer = {"from": "0x" + "00" * 20, "to": wallet, "amount": 5 * ETHER}
    assert words("Transfer", transfer) == f"Transfer(from: nobody, to: {known}, amount: 5 PMC)"
    assert words("Transfer", {"amount": 7}, SOMEBODY) == "Transfer(amount: 7)"
    assert words("MeritCredited", {"points": ETHER // 2}) == "MeritCredited(points: 0.5 points)"
    votes = {"previousVotes": 10**9, "newVotes": 2 * 10**9 - 1}
    assert words("DelegateVotesChanged", votes) == (
        "DelegateVotesChanged(previousVotes: 1 voice, newVotes: 2 voices)"
    )
    assert words("GuardianChanged", {"until": 1_795_471_200}) == (
        "GuardianChanged(until: Mon 23 Nov 2026 22:00 UTC)"
    )
    assert words("StandingChanged", {"standing": 7}) == "StandingChanged(standing: removed by vote)"
    assert words("StandingChanged", {"standing": 99}) == "StandingChanged(standing: 99)"
    rules = dict(world.governed.dao.token.call("settings"))
    assert words("SettingsChanged", {"settings": rules}) == (
        "SettingsChanged(settings: token.cap_per_epoch 10,000 PMC, token.transferable yes)"
    )
    rules = {"votingDelay": 2 * DAY, "quorumBps": 2_550}
    changed = words("SettingsChanged", {"settings": rules}, world.governed.dao.governor_address)
    assert changed == (
        "SettingsChanged(settings: governance.voting_delay 2 days, governance.quorum 25.5 %)"
    )
    elsewhere = words("SettingsChanged", {"settings": rules}, SOMEBODY)
    assert elsewhere == "SettingsChanged(settings: votingDelay 172800, quorumBps 2550)"
    assert words("", {}) == "an event that is not known"


def test_events_that_only_look_known_do_no_harm(world: World) -> None:
    """A contract that announces a Transfer of nothing at all, from nobody to nobody."""
    topic = "ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef"
    world.rpc.call("anvil_setCode", SOMEBODY, f"0x600060007f{topic}60006000a300")
    sim = world.simulate(call(SOMEBODY, "anything()"))
    assert not sim.failed
    assert [(log.event.name, log.event.address) for log in sim.events] == [("", SOMEBODY)]


# Pages


def test_html_needs_nothing_else(world: World) -> None:
    sim = world.simulate(MANY)
    text = html(sim)
    page = Page(text)
    tags = {tag for tag, _ in page.tags}
    assert not tags & {"script", "link", "img", "iframe", "a", "object", "form", "base"}
    assert not {name for _, attrs in page.tags for name in attrs} & {"src", "href", "onload"}
    assert not re.search(r"https?://|url\(|@import", text)
    policy = next(
        attrs["content"] for tag, attrs in page.tags if tag == "meta" and "http-equiv" in attrs
    )
    assert policy == "default-src 'none'; style-src 'unsafe-inline'"
    assert f"give {SOMEBODY} the role MINTER" in page.cells
    words = [f"0x{each.after:064x}" for each in sim.outcome.storage]
    assert words
    assert set(words) <= set(page.cells)
    assert dict(page.tags)["html"] == {"lang": "en"}
    broken = {cell: bool(long) for long, cell in re.findall(r"<td( class=\"long\")?>([^<]+)", text)}
    assert broken == {cell: max(map(len, cell.split())) > 24 for cell in broken}
    assert set(broken.values()) == {True, False}


def test_html_in_japanese(world: World) -> None:
    with speaking("ja"):
        text = html(world.simulate(PAY))
    assert '<html lang="ja">' in text
    assert "<h2>お金の動き</h2>" in text
    assert "<h2>Money</h2>" not in text


def test_what_others_wrote_is_text_everywhere(world: World) -> None:
    """A file may not be called that; on the chain a proposal may."""
    sim = world.simulate(world.propose(replace(world.compose(PAY), title=HOSTILE)))
    text = html(sim)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "<script" not in text
    assert "\u001b" not in text
    shown = '1 "<script>alert(1)</script> | [x](http://evil.example) �[2J"'
    assert Page(text).cells[0] == shown
    assert markdown(sim).splitlines()[0] == (
        r'# 1 "\<script\>alert(1)\</script\> \| \[x\](http://evil.example) �\[2J"'
    )


def test_markdown_has_every_table(world: World) -> None:
    sim = world.simulate(MANY)
    text = markdown(sim)
    titles = [line[3:] for line in text.splitlines() if line.startswith("## ")]
    assert titles == ["Warnings", "Notes", *(table.title for table in sim.tables)]
    assert "| 1 | pay Hana \\#1" in text
    for table in sim.tables:
        assert all(len(row) == len(table.columns) for row in table.rows)


# The command


def test_command_writes_reports_and_ends_well(world: World, tmp_path: Path) -> None:
    file = world.governed.write(HEAD + PAY.replace("Hana", "#1"))
    page, plain = tmp_path / "out" / "report.html", tmp_path / "out" / "report.md"
    result = world.governed.run("proposal simulate", str(file), html=str(page), markdown=str(plain))
    assert result.exit_code == 0, result.stderr
    assert "✓ executes in 9 d" in result.stdout
    assert f"wrote {page}" in result.stdout
    assert "proposal submit" in result.stdout.splitlines()[-1]
    assert page.read_text().startswith("<!doctype html>")
    assert plain.read_text().startswith("# Bread\n")


def test_command_fails_with_asset_and_shortfall(world: World) -> None:
    file = world.governed.write(TOO_MUCH)
    result = world.governed.run("proposal simulate", str(file))
    assert result.exit_code == 1
    assert "✗ the treasury is 1 ETH short: it has 10 ETH, and the calls pay 11 ETH" in result.stdout
    assert result.stderr.splitlines()[0] == "✗ The simulation failed: Bread"
    told = json.loads(world.governed.run("proposal simulate", str(file), json=True).stdout)
    assert told["passed"] is False
    assert told["error"]["code"] == 1
    assert told["needs"][0]["missing"] == str(ETHER)


def test_command_takes_a_proposal_by_its_number(world: World) -> None:
    draft = world.passed(PAY)
    told = world.governed.told("proposal simulate", "1")
    assert (told["id"], told["through"], told["passed"]) == (str(draft.id), "governor", True)
    assert [each["name"] for each in told["events"]] == ["ProposalExecuted"]
    unknown = world.governed.run("proposal simulate", "7")
    assert unknown.exit_code == 2
    assert "There is no proposal 7" in unknown.stderr
    world.governed.ripen(draft.id)
    world.execute(draft, world.rpc.timestamp() + 1)
    over = world.governed.run("proposal simulate", "1")
    assert over.exit_code == 4
    assert "it is executed" in over.stderr


def test_command_says_that_an_advisory_file_only_asks(world: World) -> None:
    result = world.governed.run("proposal simulate", str(world.governed.write(ADVISORY)))
    assert result.exit_code == 0
    assert result.stdout.count("it only asks: nothing is executed") == 1
    assert "executes" not in result.stdout


def test_command_cannot_write_where_there_is_no_room(world: World, tmp_path: Path) -> None:
    file = world.governed.write(HEAD + PAY.replace("Hana", "#1"))
    (tmp_path / "taken").write_text("")
    page = tmp_path / "taken" / "report.html"
    result = world.governed.run("proposal simulate", str(file), html=str(page))
    assert result.exit_code == 2
    assert f"{page} cannot be written" in result.stderr


def test_command_speaks_japanese(world: World) -> None:
    coin = world.coin()
    file = world.governed.write(HEAD + pay_coin(coin))
    result = world.governed.run("proposal simulate", str(file), lang="ja")
    assert result.exit_code == 0
    assert "お金の動き" in result.stdout
    assert "このDAOの一部ではありません" in result.stdout
    assert "Money" not in result.stdout
