"""The files that describe a DAO, built from dao.toml, its record and its events."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from eth_utils.crypto import keccak

from mikoshi.chain.contract import Contract, Snapshot
from mikoshi.context.context import Context
from mikoshi.core.dao import interface
from mikoshi.papers.metadata.documents import (
    MetadataSubject,
    activities_document,
    contract_document,
    contracts_document,
    dao_document,
    members_document,
    proposals_document,
)
from mikoshi.replay.treasury import role_name
from mikoshi.text.errors import BadInputError
from mikoshi.text.files import UnwrittenError
from mikoshi.text.json import Json
from mikoshi.text.language import N_, _, listed

DAO, CONTRACT, CHARTER, TICKET = "dao.json", "contract.json", "charter.md", "ticket.svg"
_FIELDS = ("membersURI", "proposalsURI", "activityLogURI", "contractsURI")
_ACTIVE = 1
_URI = re.compile(r"[a-z][a-z0-9+.-]*://[^\s?#]+", re.I)


@dataclass(frozen=True)
class Files:
    """The files by their names, as of `block`; the same block makes the same bytes.

    `charter` is where the charter in force can be read: a file, a URI, or empty if nobody knows.
    """

    contents: Mapping[str, bytes]
    charter: str
    block: int

    def write(self, folder: Path) -> list[Path]:
        """Write them into `folder`; what else is there is left alone. Raises UnwrittenError."""
        paths = []
        for name, content in self.contents.items():
            path = folder / name
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
            except OSError as error:
                raise UnwrittenError(error, str(path)) from error
            paths.append(path)
        return paths


def parse_base(text: str) -> str:
    """Where the files will be served, with a slash at the end; empty if that is not known yet.

    Raises BadInputError.
    """
    if text and not _URI.fullmatch(text):
        raise BadInputError(
            "metadata.no-address",
            N_("--base-uri {got} is no address"),
            N_("the files link to one another by whole addresses"),
            N_("Give one such as https://example.org/dao/ or ipfs://…"),
            got=text,
        )
    return text and text.removesuffix("/") + "/"


def build_files(context: Context, base: str = "", description: str = "") -> Files:
    """The files of a DAO, whose links begin with `base` (see `parse_base`).

    Raises BadInputError, RpcError and UnreachableError.
    """
    params = context.manifest.params
    subject = MetadataSubject(
        context.manifest.name,
        str(params["symbol"]),
        context.manifest.chain_id,
        bool(params["transferableTickets"]),
        context.rebuilt,
        context.index.time,
        base,
    )
    texts = {
        f"proposals/{each.number}.md": each.proposal.description.encode()
        for each in subject.proposals
    }
    charter, charter_file = _charter(context)
    documents = {
        "members.json": members_document(subject),
        "proposals.json": proposals_document(subject, list(texts)),
        "activities.json": activities_document(subject),
        "contracts.json": contracts_document(subject, _modules(context)),
    }
    links = {field: subject.link(name) for field, name in zip(_FIELDS, documents, strict=True)}
    if charter:
        links["governanceURI"] = subject.link(charter) if charter_file else charter
    documents[DAO] = dao_document(subject, description, links)
    documents[CONTRACT] = contract_document(subject, TICKET)
    contents = {name: _bytes(document) for name, document in documents.items()}
    return Files(
        contents | {TICKET: _ticket(context)} | charter_file | texts, charter, context.rebuilt.block
    )


def _charter(context: Context) -> tuple[str, dict[str, bytes]]:
    """Where the charter in force can be read, and its file if dao.toml has the very text."""
    people, section = context.rebuilt.membership, context.session.config.charter
    if section.file:
        text = (context.session.config.source.parent / section.file).read_bytes()
        if keccak(text) == people.charter_hash:
            return CHARTER, {CHARTER: text}
    return people.charter_uri, {}


def _modules(context: Context) -> dict[str, str]:
    """The contracts that hold roles, and which."""
    own = context.dao.treasury_address
    roles: dict[str, list[str]] = {}
    for role, holder in sorted(context.rebuilt.treasury.holders):
        if holder != own:
            roles.setdefault(holder, []).append(role_name(role))
    codes = Snapshot(context.session.rpc, context.rebuilt.block).codes(roles)
    return {
        holder: _("Holds {names}", names=listed(names))
        for (holder, names), code in zip(roles.items(), codes, strict=True)
        if code
    }


def _ticket(context: Context) -> bytes:
    """How a ticket looks: the card of a first member with nothing but the common voice."""
    voice = context.manifest.params["voice"]
    card = Contract(context.session.rpc, context.manifest.shared["MembershipCard"], interface())
    uri: str = card.call(
        "draw",
        {
            "dao": context.manifest.name,
            "ticket": 1,
            "memberId": 1,
            "joinedAt": voice["t0"],
            "status": _ACTIVE,
            "voice": voice["base"],
            "merit": 0,
        },
    )
    picture: str = json.loads(_data(uri))["image"]
    return _data(picture)


def _data(uri: str) -> bytes:
    """What a `data:…;base64,` URI contains."""
    return base64.b64decode(uri.partition(",")[2])


def _bytes(document: Json) -> bytes:
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()
