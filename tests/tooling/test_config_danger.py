"""Dangerous settings: each is told, can be accepted by name, and is not flagged just beside."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from eth_account import Account
from hypothesis import given
from hypothesis import strategies as st

from mikoshi.config.danger import (
    DANGERS,
    NODE_WALLETS,
    SAMPLE_WALLETS,
    lasting,
    people_needed,
    public_among,
    wallets_of,
)
from mikoshi.config.load import load_config
from mikoshi.config.model import Config
from mikoshi.testing.community import person
from mikoshi.text.errors import BadInputError
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
        "lasting-power",
        "governance.quorum",
        '[governance]\nquorum = "31.26%"',
        '[governance]\nquorum = "31.25%"',
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


def test_a_dangerous_quorum_is_told_with_its_figures(tmp_path: Path) -> None:
    with pytest.raises(BadInputError) as caught:
        load(tmp_path, "[voice]\nmost = 2", [])
    assert (
        "of 15 awake members 5 can decide, and 5 can hold power for ever" in caught.value.reasons[0]
    )


# Awake members, most, quorum; how many can decide and how many could hold power for ever.
COUNTED = [
    (100, 15_000, 3_000, 30, 37),
    (1_000, 15_000, 3_000, 300, 370),
    (100, 20_000, 3_000, 30, 30),
    (100, 10_000, 3_000, 30, 48),
    (15, 15_000, 3_000, 5, 6),
    (14, 15_000, 3_000, 5, 5),
    (3, 15_000, 500, 2, 2),
    (1, 15_000, 3_000, 1, 1),
    (0, 15_000, 3_000, 0, 0),
]


@pytest.mark.parametrize(("awake", "most", "quorum", "needed", "holders"), COUNTED)
def test_who_could_hold_power_for_ever_is_counted(
    awake: int, most: int, quorum: int, needed: int, holders: int
) -> None:
    found = lasting(awake, awake, most, quorum, 500)
    assert (found.needed, found.holders) == (needed, holders)
    assert found.dangerous == (needed == holders and awake >= 15)


@given(st.integers(1, 5_000), st.integers(10_000, 30_000), st.integers(500, 6_000))
def test_others_win_as_long_as_fewer_are_for_it(awake: int, most: int, quorum: int) -> None:
    found = lasting(awake, awake, most, quorum, 100)
    seats = max(1, awake // 20)
    for people in range(found.needed, found.holders):  # each of these can be undone
        assert (people + seats) * most < (awake - people) * 10_000
    if found.holders < awake:
        assert (found.holders + seats) * most >= (awake - found.holders) * 10_000


def test_dormant_members_raise_what_is_needed() -> None:
    assert people_needed(20, 1_000, 3_000, 500) == 50
    assert lasting(20, 1_000, 15_000, 3_000, 500).holders == 20
