"""Records of proposals: proposals/<chain id>/<slug>/<proposal id>.json, written by `submit`.

A record keeps the exact bytes that were proposed, also where the file they came from has changed
since. It is written whole or not at all, first before anything is sent, and again with the
transaction once the proposal is on the chain.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Self

from mikoshi.ballots.proposal import ProposalDraft
from mikoshi.context.proposed import Proposed
from mikoshi.core.manifest import Manifest
from mikoshi.text.errors import BadInputError, ChainError, ProblemError
from mikoshi.text.files import read_json, reason_of, write_atomically
from mikoshi.text.json import entries_of
from mikoshi.text.language import N_
from mikoshi.text.paths import community, shown
from mikoshi.text.people import parse_wallet, quoted

FORMAT = "mikoshi-proposal/1"


@dataclass(frozen=True)
class Record:
    """What `proposer` proposed, from the file `source`.

    `transaction` and `block` are None until it is known to be on the chain.
    """

    draft: ProposalDraft
    proposer: str
    source: str
    transaction: str | None = None
    block: int | None = None
    format: ClassVar[str] = FORMAT
    json: ClassVar[str] = (
        "format id=draft.id:str title=draft.title proposer source transaction block draft"
    )

    @classmethod
    def from_json(cls, entries: dict[str, Any]) -> Self:
        """The record in a file's content. Raises KeyError, TypeError and ValueError."""
        if entries["format"] != FORMAT:
            raise ProblemError(
                "record.other-format",
                N_("format {found}, this version reads {format}"),
                found=quoted(str(entries["format"])),
                format=FORMAT,
            )
        draft = ProposalDraft.from_json(entries["draft"])
        if str(draft.id) != entries["id"]:
            raise ProblemError(
                "record.other-id",
                N_("its calls and text make the id {id}, not {given}"),
                id=str(draft.id),
                given=quoted(str(entries["id"])),
            )
        proposer, source = parse_wallet(entries["proposer"]), str(entries["source"])
        transaction, block = entries["transaction"], entries["block"]
        if not isinstance(transaction, str | None) or not isinstance(block, int | None):
            raise TypeError(f"transaction {transaction}, block {block}")
        return cls(draft, proposer, source, transaction, block)


class Records:
    """The records of one DAO's proposals, in `folder`."""

    def __init__(self, manifest: Manifest, folder: Path | None = None) -> None:
        self.folder = (folder or community() / "proposals") / str(manifest.chain_id) / manifest.slug

    def path(self, proposal_id: int) -> Path:
        """Where the record of a proposal is."""
        return self.folder / f"{proposal_id}.json"

    def find(self, proposal_id: int) -> Record | None:
        """The record of a proposal; None if it was not submitted from this folder.

        Raises BadInputError if it is damaged.
        """
        path = self.path(proposal_id)
        try:
            record = Record.from_json(read_json(path))
            if record.draft.id != proposal_id:
                other = str(record.draft.id)
                raise ProblemError("record.of-another", N_("it is the record of {id}"), id=other)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            unreadable = ProblemError("record.unreadable", "{reason}", reason=reason_of(error))
            raise _damaged(path, unreadable) from error
        except ProblemError as error:
            if error.kind != "json.malformed":
                raise _damaged(path, error) from error
            raise _damaged(path, _incomplete()) from error
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise _damaged(path, _incomplete()) from error
        return record

    def save(self, record: Record) -> Path:
        """Write a record; its path. Raises UnwrittenError."""
        path = self.path(record.draft.id)
        text = json.dumps(entries_of(record), indent=2, ensure_ascii=False) + "\n"
        write_atomically(path, text)
        return path

    def exact(self, proposed: Proposed) -> ProposalDraft:
        """The calls and the text of a proposal, proven to be those whose hash is its id.

        Raises BadInputError if its record is damaged, and ChainError if neither what the node
        says nor a record has them.
        """
        record = self.find(proposed.id)
        if proposed.proven:
            return proposed.draft
        if record is None:
            raise _not_the_text(proposed)
        return record.draft


def _incomplete() -> ProblemError:
    return ProblemError("record.incomplete", N_("entries are missing or damaged"))


def _damaged(path: Path, problem: ProblemError) -> BadInputError:
    return BadInputError(
        "record.damaged",
        N_("{path} cannot be used"),
        "{problem}",
        N_(
            "It is written by `ape run proposal submit` and not edited by hand; restore "
            "it, or move it away: the chain has the proposal too. Nothing was sent"
        ),
        path=shown(path),
        problem=problem,
    )


def _not_the_text(proposed: Proposed) -> ChainError:
    return ChainError(
        "proposal.unproven",
        N_("The text of {proposal} is not the one that was proposed"),
        N_(
            "its hash does not give the proposal's id: the node says something else, or "
            "the text is not UTF-8"
        ),
        N_(
            "Name another node with --network, or run the command where the proposal was "
            "submitted; nothing was sent"
        ),
        proposal=proposed.brief,
    )
