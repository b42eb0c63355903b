"""`ape run compliance`: the switches that need a lawyer's eye, from dao.toml and from the chain."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from eth_utils.crypto import keccak

from mikoshi.config.load import load_config
from mikoshi.config.model import Config
from mikoshi.config.templates.template import NAMES
from mikoshi.papers.compliance.facts import ComplianceFacts
from mikoshi.papers.compliance.review import review
from mikoshi.papers.compliance.switch import PRESETS, SWITCHES
from mikoshi.proposals.actions import ACTIONS
from mikoshi.proposals.actions.parameters import PARAMETERS
from mikoshi.testing.community import person
from mikoshi.text.language import speaking, use
from mikoshi.text.markdown import escaped
from mikoshi.text.paths import CONTRACTS
from tests.support import failed, role
from tests.tooling.governed import Governed
from tests.tooling.live import script
from tests.tooling.test_templates import filled_in

TOML = """
[dao]
name = "Tea DAO"
symbol = "TEA"
chain_id = {chain}
slug = "tea"
tickets = "{tickets}"
[charter]
hash = "0x{digest}"
[members]
list = [{people}]
[voice]
most = {most}
[token]
name = "Leaf"
symbol = "LEAF"
cap_per_epoch = "{cap} LEAF"
transferable = {transferable}
{more}
[danger]
accept = {accept}
"""
QUIET: dict[str, Any] = {
    "chain": 31337,
    "tickets": "soulbound",
    "digest": "c4" * 32,
    "people": ", ".join(f'{{ wallet = "{person(700 + n).address}" }}' for n in range(3)),
    "most": 1,
    "cap": 0,
    "transferable": "false",
    "more": "",
    "accept": "[]",
}
ALWAYS = {"members", "charter", "payouts"}
"""Switches that ask for a look in every DAO."""

OFFICE = f'wallet = "{person(9).address}"\nterm = "30 days"\n'
NAMED = f'{{ wallet = "{person(700).address}", name = "Hana" }}'
LOUD: dict[str, dict[str, Any]] = {
    "tickets": {"tickets": "transferable"},
    "token-transfer": {"transferable": "true"},
    "token-issue": {"cap": "1,000"},
    "token-grants": {
        "more": f'[[token.grants]]\nwallet = "{person(9).address}"\namount = "5 LEAF"\n'
    },
    "personal-data": {"people": f"{QUIET['people'].partition(', ')[2]}, {NAMED}"},
    "guardian": {"more": f"[guardian]\n{OFFICE}"},
    "steward": {"more": f"[steward]\n{OFFICE}members_per_epoch = 3\n"},
    "weight": {"most": 1.1},
    "chain": {"chain": 10},
}
"""What makes each other switch ask for a look."""


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    yield
    use("en")


def config(folder: Path, **changes: Any) -> Config:
    file = folder / "dao.toml"
    file.write_text(TOML.format(**QUIET | changes))
    return load_config(file)


def looks(facts: ComplianceFacts) -> set[str]:
    """The switches that ask for a look."""
    return {switch.name for switch, state in review(facts).states if state.look}


def value(facts: ComplianceFacts, name: str) -> str:
    return next(state.value for switch, state in review(facts).states if switch.name == name)


def run(folder: Path, *args: str, lang: str = "en") -> Result:
    options = ["--config", str(folder / "dao.toml"), "--lang", lang]
    return CliRunner(mix_stderr=False).invoke(script("compliance"), [*args, *options])


# From dao.toml


def test_a_quiet_dao_asks_for_what_every_dao_asks(tmp_path: Path) -> None:
    assert looks(ComplianceFacts.of_config(config(tmp_path))) == ALWAYS


@pytest.mark.parametrize("name", LOUD)
def test_each_setting_turns_its_switch_and_no_other(name: str, tmp_path: Path) -> None:
    facts = ComplianceFacts.of_config(config(tmp_path, **LOUD[name]))
    assert looks(facts) - ALWAYS == {name}


def test_every_switch_is_turned_by_something() -> None:
    by_role = {"paid-admission", "roles"}  # only a vote gives roles
    parts = {"revenue-share", "perks"}  # that this version does not have
    assert {switch.name for switch in SWITCHES} == ALWAYS | LOUD.keys() | by_role | parts


def test_values_are_words_with_units(tmp_path: Path) -> None:
    more = f'[guardian]\n{OFFICE}[steward]\nwallet = "{person(700).address}"\nterm = "60 days"\n'
    more += "members_per_epoch = 20\n"
    facts = ComplianceFacts.of_config(
        config(tmp_path, more=more, cap="1,000", tickets="transferable", people=QUIET["people"])
    )
    short, host = (f"{w[:6]}…{w[-4:]}" for w in (person(9).address, person(700).address))
    assert value(facts, "tickets") == "can be sold (transferable); a buyer is silent for 45 days"
    assert value(facts, "token-issue") == "up to 1,000 LEAF in 30 days"
    assert value(facts, "guardian") == (
        f"{short}, for 30 days from the creation: may cancel what passed"
    )
    assert value(facts, "steward") == (
        f"{host}, for 60 days from the creation: may admit 20 people in 30 days"
    )
    assert value(facts, "revenue-share") == "not applicable: RevenueShare"
    assert value(facts, "payouts") == "a vote can pay anyone any asset, 2 days after it ends"


def test_a_dao_without_charter_says_so(tmp_path: Path) -> None:
    file = tmp_path / "dao.toml"
    text = TOML.format(**QUIET | {"accept": '["no-charter"]'})
    file.write_text(re.sub(r'hash = ".*"', "", text))
    assert (
        value(ComplianceFacts.of_config(load_config(file)), "charter") == "joining accepts no text"
    )


# What the texts claim


def test_parts_that_are_not_applicable_are_not_there(tmp_path: Path) -> None:
    states = review(ComplianceFacts.of_config(config(tmp_path))).states
    named = {
        part.strip()
        for _, state in states
        if state.look is None
        for part in state.value.partition(": ")[2].partition(" (")[0].split(",")
    }
    assert named == {"Admission", "MembershipAuction", "RevenueShare", "Perks"}
    assert not named & {path.stem for path in CONTRACTS.rglob("*.sol")}


def test_what_a_vote_can_change_is_true() -> None:
    for switch in SWITCHES:
        if switch.vote:
            verb = next(verb for verb in ACTIONS if switch.vote.startswith(verb))
            if verb == "set parameter":
                assert switch.vote.removeprefix(f"{verb} ") in PARAMETERS
                assert switch.path in PARAMETERS
        if switch.fixed:
            assert switch.path not in PARAMETERS
    assert any(switch.vote for switch in SWITCHES)
    assert any(switch.fixed for switch in SWITCHES)


def test_texts_are_there_in_both_languages(tmp_path: Path) -> None:
    made = config(tmp_path)
    for switch in SWITCHES:
        for words in (switch.title, switch.why, switch.change):
            assert str(words).isascii()
            with speaking("ja"):
                assert re.search("[ぁ-んァ-ヶ一-龠]", str(words))
    with speaking("ja"):
        states = review(ComplianceFacts.of_config(made)).states
        japanese = "".join(str(switch.why) for switch in SWITCHES)
    assert all(re.search("[ぁ-ん一-龠]", state.value) for _, state in states)
    for law in ("資金決済法", "金融商品取引法", "個人情報保護法", "源泉徴収"):
        assert law in japanese


# Presets


def test_presets_hold_where_their_switches_are_quiet(tmp_path: Path) -> None:
    names = [switch.name for switch in SWITCHES]
    assert all(name in names for preset in PRESETS for name in preset.switches)
    quiet = review(ComplianceFacts.of_config(config(tmp_path))).presets
    assert all(not against for _, against in quiet)
    loud = review(
        ComplianceFacts.of_config(config(tmp_path, tickets="transferable", most=1.1))
    ).presets
    assert {
        preset.name: [switch.name for switch in against] for preset, against in loud if against
    } == {"non-transferable": ["tickets"], "one-member-one-vote": ["weight"]}


@pytest.mark.parametrize("name", NAMES)
def test_presets_of_the_templates(name: str, tmp_path: Path) -> None:
    presets = review(ComplianceFacts.of_config(filled_in(tmp_path, name))).presets
    held = {preset.name for preset, against in presets if not against}
    expected = {
        "pm-dao": {"no-dividend", "no-founder-tokens", "no-powers"},
        "salon": {"no-dividend", "no-founder-tokens", "one-member-one-vote"},
        "customer": {"non-transferable", "no-dividend", "no-founder-tokens"},
        "corporate": {"non-transferable", "no-dividend", "no-founder-tokens"},
    }
    assert held == expected[name]


# From the chain


def facts_of(governed: Governed) -> dict[str, dict[str, Any]]:
    """The switches by name, as the command tells programs."""
    return {each["name"]: each for each in governed.told("compliance")["switches"]}


def as_treasury(governed: Governed, part: str, name: str, *args: Any) -> None:
    contract = getattr(governed.dao, part)
    contract.send(name, *args, sender=governed.dao.treasury_address)


def test_the_chain_counts_where_it_is_named(governed: Governed) -> None:
    before = facts_of(governed)
    assert before["token-transfer"]["look"] is True
    assert before["members"]["value"] == "5 members now"
    as_treasury(governed, "token", "setSettings", {"epochCap": 0, "transferable": False})
    until = governed.rpc.timestamp() + 86_400
    as_treasury(governed, "treasury", "setGuardian", person(2).address, until)
    governed.dao.membership.send("exit", sender=person(5).address)
    after = facts_of(governed)
    assert after["token-transfer"]["look"] is False
    assert after["token-issue"]["value"] == "up to 0 PMC in 30 days"
    assert after["members"]["value"] == "4 members now"
    assert re.fullmatch(
        r"P2 #2 \(0x50ab…bf7f\), until .* UTC: may cancel what passed", after["guardian"]["value"]
    )
    governed.rpc.warp(86_401)
    governed.rpc.call("anvil_mine", "0x1")
    assert facts_of(governed)["guardian"]["value"] == "nobody"
    alone = run(governed.place.folder, "--json")  # without --network dao.toml counts
    told = {each["name"]: each for each in json.loads(alone.stdout)["switches"]}
    assert told["token-transfer"]["look"] is True


def test_roles_on_the_chain_are_powers(governed: Governed) -> None:
    as_treasury(governed, "treasury", "grantRole", role("ADMITTER"), person(60).address)
    as_treasury(governed, "treasury", "grantRole", role("MINTER"), person(3).address)
    found = facts_of(governed)
    seller, minter = (person(number).address for number in (60, 3))
    assert found["paid-admission"]["look"] is True
    assert found["paid-admission"]["value"] == (
        f"{seller[:6]}…{seller[-4:]} can admit members, perhaps for money"
    )
    assert found["roles"]["value"] == f"MINTER: P3 #3 ({minter[:6]}…{minter[-4:]})"
    presets = {each["name"]: each for each in governed.told("compliance")["presets"]}
    assert presets["no-powers"]["against"] == ["paid-admission", "roles"]


def test_a_charter_on_the_chain_is_named(governed: Governed) -> None:
    assert facts_of(governed)["charter"]["value"] == "joining accepts ipfs://charter"
    as_treasury(governed, "membership", "setCharter", keccak(b"new"), "")
    digest = keccak(b"new").hex()[:8]
    assert facts_of(governed)["charter"]["value"] == f"joining accepts 0x{digest}…"


# The command


def test_command_ends_well_and_says_what_it_is_not(tmp_path: Path) -> None:
    config(tmp_path)
    done = run(tmp_path)
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert lines[:3] == [
        "Tea DAO · Review for counsel",
        "Tea DAO on chain 31337, as dao.toml says",
        f"⚠ 3 of {len(SWITCHES)} switches ask for a look",
    ]
    assert "not legal advice" in lines[3]
    assert sum(line.startswith("⚠") for line in lines) == 1 + 3
    assert "✓ Selling tickets (dao.tickets): " in done.stdout
    assert lines[-2] == "Next: write this for your counsel, before money is real:"
    assert lines[-1].startswith("  ape run compliance -o FILE.md --config")
    japanese = run(tmp_path, lang="ja").stdout
    assert "法律上の助言ではありません" in japanese
    assert "該当なし(この部品はありません): RevenueShare" in japanese


def test_command_for_programs(tmp_path: Path) -> None:
    config(tmp_path, most=1.1)
    told = json.loads(run(tmp_path, "--json").stdout)
    assert (told["dao"], told["chain_id"], told["block"]) == ("Tea DAO", 31337, None)
    weight = next(each for each in told["switches"] if each["name"] == "weight")
    assert weight == {
        "name": "weight",
        "setting": "voice.most",
        "title": "Votes by contribution",
        "value": "contribution adds voice, up to 1.1 times",
        "look": True,
        "why": weight["why"],
        "change": "In the configuration before the deployment; afterwards it is fixed for good",
    }
    assert [each["look"] for each in told["switches"]].count(None) == 3
    assert told["presets"][3] == {
        "name": "one-member-one-vote",
        "about": "contribution adds no votes",
        "holds": False,
        "against": ["weight"],
    }


def test_command_writes_a_document_for_counsel(tmp_path: Path) -> None:
    config(tmp_path)
    file = tmp_path / "counsel.md"
    done = run(tmp_path, "-o", str(file))
    assert done.exit_code == 0
    assert done.stdout.splitlines()[-1] == f"✓ wrote {file}"
    text = file.read_text("utf-8")
    assert text.startswith("# Tea DAO on chain 31337, as dao.toml says\n")
    for switch in SWITCHES:
        assert escaped(f": {switch.why}") in text
        assert escaped(f": {switch.change}") in text
    assert "- ✓ non-transferable: neither tickets nor tokens change hands" in text
    assert run(tmp_path, "-o", str(tmp_path / "counsel.html")).exit_code == 0
    assert (tmp_path / "counsel.html").read_text("utf-8").startswith("<!DOCTYPE html>")
    blocked = tmp_path / "dao.toml" / "x.md"
    assert run(tmp_path, "-o", str(blocked)).exit_code == 2
    failed("file.unwritable", name=str(blocked), reason="File exists")


def test_names_mean_nothing_in_the_document(tmp_path: Path) -> None:
    guardian = f'{{ wallet = "{person(9).address}", name = "<img src=x> [a](b)" }}'
    config(
        tmp_path,
        people=f"{QUIET['people']}, {guardian}",
        more=f"[guardian]\n{OFFICE}",
    )
    file = tmp_path / "counsel.md"
    done = run(tmp_path, "-o", str(file))
    assert done.exit_code == 0, done.stderr
    text = file.read_text("utf-8")
    assert r"\<img src=x\> \[a\](b)" in text
    assert "<img" not in text.replace(r"\<img", "")


def test_a_chain_without_a_record_is_refused(governed: Governed) -> None:
    done = governed.run("compliance", deployments=governed.folder / "none")
    assert done.exit_code == 2
    assert "pm-dao.json does not exist" in done.stderr.splitlines()[0]
