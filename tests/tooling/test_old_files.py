"""Files that version 0.1.0 wrote: proposals and ballots are read as they are, a record is refused.

They were made by its commands on a chain that played Sepolia. Its DAOs have other contracts.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mikoshi.ballots.file import from_json, load
from mikoshi.ballots.messages import MESSAGES
from mikoshi.config.load import load_config
from mikoshi.core.manifest import Manifest
from mikoshi.status.record import Record
from mikoshi.text.json import entries_of
from mikoshi.text.paths import shown
from mikoshi.text.units import DAY
from tests.support import refuses

OLD = Path(__file__).with_name("v0_1")
SEATS = Path(__file__).with_name("golden") / "seats.json"
"""What was signed about seats when there were words for it first."""


def test_a_dao_of_the_first_edition_is_named_as_one() -> None:
    path = OLD / "record.json"
    with refuses("deployment.of-another-edition", path=shown(path), version="0.1.0"):
        Manifest.load(path)


def test_what_a_dao_toml_left_to_the_defaults_founds_a_dao_of_this_edition() -> None:
    config = load_config(OLD / "dao.toml")
    assert (config.voice.most, config.membership.season) == (15_000, 45 * DAY)


def test_proposal_has_the_same_id() -> None:
    entries = json.loads((OLD / "proposal.json").read_text("utf-8"))
    found = Record.from_json(entries)
    assert found.draft.id == int(entries["id"])
    assert entries_of(found) == entries


@pytest.mark.parametrize("path", sorted(OLD.glob("*.ballot")), ids=lambda path: path.stem)
def test_signed_act_says_what_it_said(path: Path) -> None:
    signed = load(path)  # which refuses a file whose words are not those of its bytes
    assert signed.is_of_signer


YOUNGER = {"Invitation", "Claim", "Join", "Revoke"}
"""Messages that nobody signed before 0.3."""


def test_every_sentence_that_is_signed_is_kept() -> None:
    kept = (OLD / "ballots.json", SEATS)
    contents = [each for path in kept for each in json.loads(path.read_text("utf-8"))]
    assert {each["message"]["primaryType"] for each in contents} == set(MESSAGES) - YOUNGER
    for content in contents:
        assert set(content["says"]) == {"en", "ja"}
        assert from_json(content).signer == content["signer"]["wallet"]
