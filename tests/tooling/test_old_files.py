"""Files that version 0.1.0 wrote are read as they are: a record, proposals, ballots, an index.

They were made by its commands on a chain that played Sepolia; the index is kept as SQL.
"""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from mikoshi.ballots.file import from_json, load
from mikoshi.ballots.messages import MESSAGES
from mikoshi.config.load import load_config
from mikoshi.core.manifest import Manifest, config_hash
from mikoshi.deploy.target import aligned
from mikoshi.index.index import Index
from mikoshi.replay.voice import Voice
from mikoshi.status.record import Record
from mikoshi.text.json import entries_of

OLD = Path(__file__).with_name("v0_1")
APPLICATION = 1_835_625_327  # what an index is marked with


@pytest.fixture
def record() -> Manifest:
    return Manifest.load(OLD / "record.json")


def test_record_is_read(record: Manifest) -> None:
    assert record.compiler["mikoshi"] == "0.1.0"
    assert (record.name, record.chain_id, record.block) == ("PM DAO", 11_155_111, 7)
    assert len(record.params["members"]) == 5


def test_settings_mean_the_same_dao(record: Manifest) -> None:
    wanted, more = aligned(load_config(OLD / "dao.toml"), record)
    assert config_hash(wanted, []) == record.config_hash
    assert more == []


def test_proposal_has_the_same_id() -> None:
    entries = json.loads((OLD / "proposal.json").read_text("utf-8"))
    found = Record.from_json(entries)
    assert found.draft.id == int(entries["id"])
    assert entries_of(found) == entries


@pytest.mark.parametrize("path", sorted(OLD.glob("*.ballot")), ids=lambda path: path.stem)
def test_signed_act_says_what_it_said(path: Path) -> None:
    signed = load(path)  # which refuses a file whose words are not those of its bytes
    assert signed.is_of_signer


def test_every_sentence_that_is_signed_is_kept() -> None:
    contents = json.loads((OLD / "ballots.json").read_text("utf-8"))
    assert {each["message"]["primaryType"] for each in contents} == set(MESSAGES)
    for content in contents:
        assert set(content["says"]) == {"en", "ja"}
        assert from_json(content).signer == content["signer"]["wallet"]


def test_index_is_kept(record: Manifest, tmp_path: Path) -> None:
    path = tmp_path / "index.sqlite"
    database = sqlite3.connect(path)
    database.executescript((OLD / "index.sql").read_text("utf-8"))
    database.execute(f"PRAGMA application_id = {APPLICATION}")
    database.close()
    with Index.open(path, record, record.chain_id) as index:
        dao = record.dao(_NoChain())
        rebuilt = index.rebuilt(dao, Voice.of_params(record.params["voice"]))
        assert index.block > (record.block or 0)
        assert rebuilt.oddities == []
        assert len(rebuilt.membership.members) == 5
        assert [len(each.ballots) for each in rebuilt.governor.proposals.values()] == [1, 0]


class _NoChain:
    """No chain is asked: everything stands in the file."""

    def read(self, to: str, data: bytes, sender: str | None = None, value: int = 0) -> bytes:
        raise AssertionError((to, data, sender, value))

    def send(
        self,
        to: str | None,
        data: bytes = b"",
        *,
        sender: str,
        value: int = 0,
        gas: int | None = None,
    ) -> dict[str, Any]:
        raise AssertionError((to, data, sender, value, gas))
