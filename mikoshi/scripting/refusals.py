"""Why a script does not get the DAO that it asks for."""

from __future__ import annotations

from pathlib import Path

from mikoshi.core.manifest import Manifest
from mikoshi.text.errors import BadInputError
from mikoshi.text.language import N_, listed
from mikoshi.text.paths import shown


def unnamed() -> BadInputError:
    """Nobody says which DAO."""
    return BadInputError(
        "dao.unnamed",
        N_("Which DAO?"),
        N_("there is no dao.toml here that would name it"),
        N_("Name its record, DAO.load(…), or its treasury, DAO.at(…)"),
    )


def not_recorded(slug: str, chain_id: int, path: Path) -> BadInputError:
    """There is no record of this DAO on the chain to which Ape is connected."""
    folders = sorted(each.parent.name for each in path.parent.parent.glob(f"*/{slug}.json"))
    return BadInputError(
        "dao.not-recorded",
        N_("{path} does not exist"),
        N_("Ape is connected to chain {chain_id}, and {slug} is recorded on chain {others}")
        if folders
        else N_("no DAO called {slug} is recorded in this folder"),
        N_("Connect Ape to that chain: `ape console --network …`")
        if folders
        else N_("Copy the record from whoever deployed it, or name its treasury: DAO.at(…)"),
        path=shown(path),
        slug=slug,
        chain_id=chain_id,
        others=listed(folders),
    )


def other_chain(record: Manifest, actual: int) -> BadInputError:
    """Ape is connected to another chain than the one that the DAO is on."""
    return BadInputError(
        "dao.of-another-chain",
        N_("{name} is on chain {expected}, and Ape is connected to chain {actual}"),
        N_("its addresses mean something else there, or nothing"),
        N_("Connect Ape to chain {expected}, or load the DAO of this chain"),
        name=record.name,
        expected=record.chain_id,
        actual=actual,
    )
