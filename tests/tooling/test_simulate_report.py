"""A simulation on the screen, as JSON, as Markdown and as one page that needs nothing else."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import pytest

from mikoshi.chain.abi import Event
from mikoshi.proposals.file import load
from mikoshi.replay.logs import Log
from mikoshi.simulate.show import document
from mikoshi.simulate.simulation import Finding, Simulation
from mikoshi.simulate.words import event_words
from mikoshi.testing.community import person
from mikoshi.text.document import Folded, Mood, Quotation, Table
from mikoshi.text.language import speaking
from mikoshi.text.markdown import markdown
from mikoshi.text.pages.page import page
from mikoshi.text.units import DAY
from tests.support import deploy, failed
from tests.tooling.governed import ADVISORY, Governed
from tests.tooling.live import ETHER
from tests.tooling.simulated import PAY, SOMEBODY, SimulatedDao, call, pay_coin
from tests.tooling.test_document import harmless, root

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
def world(governed: Governed) -> SimulatedDao:
    return SimulatedDao(governed)


# JSON


def test_json_has_all_of_it_and_amounts_exactly(world: SimulatedDao) -> None:
    sim = world.simulate(MANY)
    told: dict[str, Any] = json.loads(json.dumps(sim.as_json()))
    assert set(told) == {
        *("passed", "title", "number", "id", "chain_id", "block", "time", "through", "executes"),
        *(
            "reason",
            "problem",
            "before",
            "calls",
            "events",
            "needs",
            "movements",
            "pieces",
            "runways",
        ),
        *("roles", "settings", "storage", "gas", "findings", "summary"),
    }
    assert (told["passed"], told["executes"]) == (True, True)
    assert (told["reason"], told["problem"]) == (None, None)
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
    first = told["findings"][0]
    assert (first["check"], first["level"], first["kind"]) == (
        "roles",
        "warning",
        "role.given-to-key",
    )
    assert first["data"] == {"who": SOMEBODY, "role": "MINTER"}
    assert first["text"].startswith(f"{SOMEBODY} gets the role MINTER")
    assert len(told["summary"]) == 3


def test_json_of_what_fails_says_why(world: SimulatedDao) -> None:
    draft = world.passed(PAY)
    world.passed('[[actions]]\ndo = "pay"\nto = "Ken"\namount = "9 ETH"')
    told = world.simulate(world.compose(TOO_MUCH.removeprefix(HEAD))).as_json()
    assert (told["passed"], told["executes"]) == (False, False)
    assert told["reason"] == "it is refused without a reason"
    assert told["problem"] == {"kind": "execution.refused"}
    assert [(each["number"], each["executes"]) for each in told["before"]] == [
        (1, True),
        (2, False),
    ]
    assert told["events"] == told["storage"] == told["pieces"] == []
    passed = world.simulate(draft).as_json()
    assert (passed["through"], passed["id"]) == ("governor", str(draft.id))


# Words


def test_the_summary_is_three_lines(world: SimulatedDao) -> None:
    sim = world.simulate(PAY + call(deploy(world.rpc, "Sink").address, "note()"))
    first, second, third = sim.summary
    assert re.fullmatch(r"executes in 9 d \(.*\): 2 calls, 1 event, [\d,]+ gas", first)
    assert second == ("treasury: 10 ETH → 7.5 ETH (no runway: none was paid in the last 30 days)")
    assert third.startswith("0 failures, 1 warning, 2 notes: call 2 goes to 0x")
    with speaking("ja"):
        assert sim.summary[0].startswith("9日後(")


def test_events_are_in_words(world: SimulatedDao) -> None:
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
    assert words("StandingChanged", {"standing": 6}) == "StandingChanged(standing: removed by vote)"
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


def test_events_that_only_look_known_do_no_harm(world: SimulatedDao) -> None:
    """A contract that announces a Transfer of nothing at all, from nobody to nobody."""
    topic = "ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef"
    world.rpc.call("anvil_setCode", SOMEBODY, f"0x600060007f{topic}60006000a300")
    sim = world.simulate(call(SOMEBODY, "anything()"))
    assert not sim.failed
    assert [(log.event.name, log.event.address) for log in sim.events] == [("", SOMEBODY)]


# Pages


def _shown(sim: Simulation) -> tuple[str, Element]:
    """The page, and its body as it is parsed."""
    html = page(document(sim, "ape run next"))
    harmless(html)
    body = root(html).find("body")
    assert body is not None
    return html, body


def _cells(body: Element) -> list[str]:
    return [each.text or "" for each in body.iter("td")]


def test_page_has_the_dao_the_verdict_and_the_text_before_all_else(world: SimulatedDao) -> None:
    sim = world.simulate(MANY)
    _, body = _shown(sim)
    words = [text.strip() for text in body.itertext() if text.strip()]
    assert words[:3] == ["Simulation of a proposal", "PM DAO", "A title"]
    (verdict,) = (each for each in body.iter("p") if "verdict" in each.get("class", ""))
    assert verdict.attrib["class"] == "verdict warning"
    assert "".join(verdict.itertext()) == f"⚠ {sim.headline}; {len(sim.of('warning'))} warnings"
    assert [each.attrib["id"] for each in body.iter("section")] == [
        *("findings", "text", "changes", "calls", "details")
    ]
    assert [each.text for each in body.iter("blockquote")] == ["Why."]
    assert words[words.index("What to do next") + 1 :][:2] == [": propose it", "ape run next"]


def test_page_folds_what_is_raw_and_has_all_of_it(world: SimulatedDao) -> None:
    sim = world.simulate(MANY)
    _, body = _shown(sim)
    folded = {each.findtext("summary"): _cells(each) for each in body.iter("details")}
    assert list(folded) == ["Events", "Gas", "Storage", "Bytes"]
    words = [f"0x{each.after:064x}" for each in sim.outcome.storage]
    assert words
    assert set(words) <= set(folded["Storage"])
    assert f"0x{sim.calls[0].step.data.hex()}" in folded["Bytes"]
    open_ = [cell for cell in _cells(body) if all(cell not in each for each in folded.values())]
    assert f"give {SOMEBODY} the role MINTER" in open_
    assert not set(words) & set(open_)


def test_page_of_what_fails_says_why_and_what_to_do(world: SimulatedDao) -> None:
    sim = world.simulate(world.compose(TOO_MUCH.removeprefix(HEAD)))
    html, body = _shown(sim)
    (verdict,) = (each for each in body.iter("p") if "verdict" in each.get("class", ""))
    assert verdict.attrib["class"] == "verdict bad"
    assert "the treasury is 1 ETH short" in "".join(verdict.itertext())
    assert "Correct the proposal and simulate it again; nothing was sent" in html
    assert "ape run next" not in html


def test_page_of_what_executes_and_should_not_says_both(world: SimulatedDao) -> None:
    sim = world.simulate(PAY)
    sim.findings.append(("invariants", Finding("failure", "promise.broken", "a promise is broken")))
    told = document(sim)
    assert (told.mood, told.verdict) == (Mood.BAD, f"{sim.headline}, but: a promise is broken")


def test_page_of_what_only_asks_has_no_color(world: SimulatedDao) -> None:
    told = document(world.simulate(load(world.governed.write(ADVISORY), world.book)))
    assert (told.mood, told.verdict) == (Mood.NOTE, "it only asks: nothing is executed")


def test_page_of_a_proposal_on_the_chain_names_it(world: SimulatedDao) -> None:
    draft = world.propose(PAY)
    told = document(world.simulate(draft), "ape run status 1")
    assert (told.subject, told.mood) == ('1 "A title"', Mood.GOOD)
    assert f"Proposal {draft.id}" in told.about
    assert (told.step, told.command) == ("see how it stands", "ape run status 1")
    assert [block for each in told.chapters if each.name == "text" for block in each.blocks] == [
        Quotation("Why.")
    ]


def test_page_in_japanese(world: SimulatedDao) -> None:
    with speaking("ja"):
        html, body = _shown(world.simulate(PAY))
    assert '<html lang="ja">' in html
    titles = [each.text for each in body.iter("h3")]
    assert "お金の動き" in titles
    assert "Money" not in titles


def test_what_others_wrote_is_text_everywhere(world: SimulatedDao) -> None:
    """A file may not be called that; on the chain a proposal may."""
    named = replace(world.compose(PAY), title=HOSTILE, text=f"{HOSTILE}\n{HOSTILE}")
    sim = world.simulate(world.propose(named))
    html, body = _shown(sim)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "\u001b" not in html
    shown = "<script>alert(1)</script> | [x](http://evil.example) �[2J"
    assert [each.text for each in body.iter("h1")] == [f'1 "{shown}"']
    assert [each.text for each in body.iter("blockquote")] == [f"{shown}\n{shown}"]
    text = markdown(document(sim))
    plain = r"\<script\>alert(1)\</script\> \| \[x\](http://evil.example) �\[2J"
    assert text.splitlines()[0] == f'# 1 "{plain}"'
    assert f"> {plain}\\\n> {plain}\n" in text


def test_markdown_has_every_table(world: SimulatedDao) -> None:
    sim = world.simulate(MANY)
    text = markdown(document(sim))
    titles = [line[3:] for line in text.splitlines() if line.startswith("## ")]
    assert titles == [
        *("Findings", "What the proposal says", "People and money", "Calls", "Details")
    ]
    assert "| 1 | pay Hana \\#1" in text
    folded = re.findall("<summary>(.*)</summary>", text)
    assert folded == ["Events", "Gas", "Storage", "Bytes"]
    for chapter in sim.chapters:
        for block in chapter.blocks:
            for table in block.blocks if isinstance(block, Folded) else [block]:
                assert isinstance(table, Table)
                assert all(len(row) == len(table.columns) for row in table.rows)


# The command


def test_command_writes_reports_and_ends_well(world: SimulatedDao, tmp_path: Path) -> None:
    file = world.governed.write(HEAD + PAY.replace("Hana", "#1"))
    opened, plain = tmp_path / "out" / "report.html", tmp_path / "out" / "report.md"
    written = world.governed.run("proposal simulate", str(file), "-o", str(plain))
    assert written.exit_code == 0, written.stderr
    result = world.governed.run("proposal simulate", str(file), "-o", str(opened))
    assert result.exit_code == 0, result.stderr
    assert "✓ executes in 9 d" in result.stdout
    assert f"wrote {opened}" in result.stdout
    assert "proposal submit" in result.stdout.splitlines()[-1]
    assert opened.read_text().startswith("<!DOCTYPE html>")
    assert plain.read_text().startswith("# Bread\n")


def test_command_fails_with_asset_and_shortfall(world: SimulatedDao) -> None:
    file = world.governed.write(TOO_MUCH)
    result = world.governed.run("proposal simulate", str(file))
    assert result.exit_code == 1
    assert "✗ the treasury is 1 ETH short: it has 10 ETH, and the calls pay 11 ETH" in result.stdout
    assert result.stderr.splitlines()[0] == "✗ The simulation failed: Bread"
    told = json.loads(world.governed.run("proposal simulate", str(file), json=True).stdout)
    assert told["passed"] is False
    assert told["error"]["code"] == 1
    assert told["needs"][0]["missing"] == str(ETHER)


def test_command_takes_a_proposal_by_its_number(world: SimulatedDao) -> None:
    draft = world.passed(PAY)
    told = world.governed.told("proposal simulate", "1")
    assert (told["id"], told["through"], told["passed"]) == (str(draft.id), "governor", True)
    assert [each["name"] for each in told["events"]] == ["ProposalExecuted"]
    unknown = world.governed.run("proposal simulate", "7")
    assert unknown.exit_code == 2
    failed("proposal.unknown", text="7")
    world.governed.ripen(draft.id)
    world.execute(draft, world.rpc.timestamp() + 1)
    over = world.governed.run("proposal simulate", "1")
    assert over.exit_code == 4
    assert "it is executed" in over.stderr


def test_command_says_that_an_advisory_file_only_asks(world: SimulatedDao) -> None:
    result = world.governed.run("proposal simulate", str(world.governed.write(ADVISORY)))
    assert result.exit_code == 0
    assert result.stdout.count("it only asks: nothing is executed") == 1
    assert "executes" not in result.stdout


def test_command_cannot_write_where_there_is_no_room(world: SimulatedDao, tmp_path: Path) -> None:
    file = world.governed.write(HEAD + PAY.replace("Hana", "#1"))
    (tmp_path / "taken").write_text("")
    opened = tmp_path / "taken" / "report.html"
    result = world.governed.run("proposal simulate", str(file), "-o", str(opened))
    assert result.exit_code == 2
    assert f"{opened} cannot be written" in result.stderr


def test_command_speaks_japanese(world: SimulatedDao) -> None:
    coin = world.coin()
    file = world.governed.write(HEAD + pay_coin(coin))
    result = world.governed.run("proposal simulate", str(file), lang="ja")
    assert result.exit_code == 0
    assert "お金の動き" in result.stdout
    assert "このDAOの一部ではありません" in result.stdout
    assert "Money" not in result.stdout
