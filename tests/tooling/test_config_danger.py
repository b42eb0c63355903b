"""Dangerous settings: each is told, can be accepted by name, and is not flagged just beside."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from eth_account import Account

from mikoshi.config.danger import DANGERS, NODE_WALLETS, SAMPLE_WALLETS, public_among, wallets_of
from mikoshi.config.load import load_config
from mikoshi.config.model import Config
from mikoshi.testing.community import person
from tests.support import refuses

WALLETS = [person(number).address for number in range(1, 13)]
HEAD = """
[dao]
name = "PM DAO"
symbol = "PMD"
chain_id = 31337
slug = "pm-dao"
{dao}
[token]
name = "PM DAO Contribution"
symbol = "PMC"
cap_per_epoch = "1,000 PMC"
"""
CHARTER = f'[charter]\nhash = "0x{"c4" * 32}"\n'
STEWARD = f'[steward]\nwallet = "{WALLETS[0]}"\nmembers_per_epoch = '

# Name, path, what makes it dangerous, what is just not; either may say how many members there are.
CASES = [
    ("no-charter", "charter", "", CHARTER),
    ("few-members", "members", "2", "3"),
    ("public-keys", "members", "chain_id = 11155111", "chain_id = 1337"),
    (
        "guardian-is-steward",
        "steward.wallet",
        f'{STEWARD}10\n[guardian]\nwallet = "{WALLETS[0].lower()}"',
        f'{STEWARD}10\n[guardian]\nwallet = "{WALLETS[1]}"',
    ),
    ("large-steward-cap", "steward.members_per_epoch", f"{STEWARD}121", f"{STEWARD}120"),
    (
        "high-voice-cap",
        "governance.voice_cap",
        '[governance]\nvoice_cap = "15.01%"',
        '[governance]\nvoice_cap = "15%"',
    ),
    (
        "strong-merit",
        "voice.k",
        "[voice]\nk = 1.01\n[merit]\nper_member = 100",
        "[voice]\nk = 1\n[merit]\nper_member = 100",
    ),
    (
        "short-voting",
        "governance.voting_period",
        '[governance]\nvoting_delay = "1 day"\nvoting_period = "71 hours"',
        '[governance]\nvoting_delay = "1 day"\nvoting_period = "3 days"',
    ),
    (
        "short-delay",
        "governance.execution_delay",
        '[governance]\nexecution_delay = "47 hours"',
        '[governance]\nexecution_delay = "2 days"',
    ),
    (
        "low-quorum",
        "governance.quorum",
        '[governance]\nquorum = "9.99%"\nvoice_cap = "1%"',
        '[governance]\nquorum = "10%"\nvoice_cap = "1%"',
    ),
    (
        "low-floor",
        "governance.floor",
        '[governance]\nfloor = "1.99%"',
        '[governance]\nfloor = "2%"',
    ),
    (
        "short-season",
        "membership.season",
        'tickets = "transferable"\n[membership]\nseason = "29 days"',
        'tickets = "transferable"\n[membership]\nseason = "30 days"',
    ),
]


def load(folder: Path, settings: str, accept: list[str]) -> Config:
    members = int(settings) if settings.isdecimal() else 12
    (folder / "members.csv").write_text("\n".join(["wallet", *WALLETS[:members]]))
    text = "" if settings.isdecimal() else settings
    dao, _, text = text.partition("\n") if text.startswith("tickets") else ("", "", text)
    head = HEAD
    if text.startswith("chain_id"):
        head, text = HEAD.replace("chain_id = 31337", text), ""
    charter = CHARTER if settings and not text.startswith("[charter]") else ""
    file = folder / "dao.toml"
    tail = f'[members]\nfile = "members.csv"\n[danger]\naccept = {accept}\n'
    file.write_text(head.format(dao=dao) + charter + text + "\n" + tail)
    return load_config(file)


@pytest.mark.parametrize(("name", "path", "dangerous", "harmless"), CASES)
def test_danger_is_refused_until_it_is_accepted_by_name(
    name: str, path: str, dangerous: str, harmless: str, tmp_path: Path
) -> None:
    (danger,) = [each for each in DANGERS if each.name == name]
    wrong = {"setting": path, "kind": "danger.not-accepted", "what": danger.text, "name": name}
    with refuses("file.problems", problems=[wrong]):
        load(tmp_path, dangerous, [])
    assert load(tmp_path, dangerous, [name]).accepted == (name,)
    assert load(tmp_path, harmless, []).accepted == ()


@pytest.mark.parametrize(("name", "harmless"), [(case[0], case[3]) for case in CASES])
def test_accepting_what_does_not_apply_is_refused(name: str, harmless: str, tmp_path: Path) -> None:
    wrong = {"setting": "danger.accept", "kind": "danger.absent", "name": name}
    with refuses("file.problems", problems=[wrong]):
        load(tmp_path, harmless, [name])


def test_every_danger_has_a_case() -> None:
    assert [case[0] for case in CASES] == [danger.name for danger in DANGERS]


def test_public_keys_are_found_in_offices_and_grants_too(tmp_path: Path) -> None:
    known = [person(number).address for number in (1, 12)] + list(NODE_WALLETS)
    assert public_among([*known, person(13).address]) == known
    for office in ("steward", "guardian"):
        config = load(tmp_path, f'[{office}]\nwallet = "{WALLETS[0]}"', [])
        assert WALLETS[0] in list(wallets_of(replace(config, members=())))
    grant = f'[[token.grants]]\nwallet = "{WALLETS[0]}"\namount = "1 PMC"'
    config = load(tmp_path, grant, [])
    assert list(wallets_of(replace(config, members=()))) == [WALLETS[0]]


def test_public_keys_are_those_of_the_sample_and_of_every_test_node() -> None:
    assert list(SAMPLE_WALLETS) == WALLETS
    Account.enable_unaudited_hdwallet_features()
    words = "test " * 11 + "junk"
    paths = [f"m/44'/60'/0'/0/{number}" for number in range(10)]
    made = [Account.from_mnemonic(words, account_path=path).address for path in paths]
    assert list(NODE_WALLETS) == made


def test_one_voice_for_each_is_never_strong_merit(tmp_path: Path) -> None:
    assert load(tmp_path, "[voice]\nk = 0\n[merit]\nper_member = 10000", []).voice.k == 0
