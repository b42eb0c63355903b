"""What the governance commands begin with: the DAO, its people and its proposals, read once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from eth_abi.exceptions import DecodingError

from mikoshi.chain.contract import Contract, ContractRevertedError
from mikoshi.chain.rpc import Rpc
from mikoshi.cli.session import Session
from mikoshi.context.address_book import AddressBook
from mikoshi.context.proposed import Proposed, find, listed
from mikoshi.core.dao import Dao
from mikoshi.core.manifest import Manifest
from mikoshi.index.index import Index, Updated
from mikoshi.index.refusals import DamagedError
from mikoshi.index.store import discard, remove
from mikoshi.replay.dao import RebuiltDao
from mikoshi.replay.logs import contradicting
from mikoshi.replay.voice import Voice
from mikoshi.text.errors import BadInputError, ChainError, NothingSentError
from mikoshi.text.language import N_, _
from mikoshi.text.paths import shown

if TYPE_CHECKING:
    from mikoshi.cli.session import Session
    from mikoshi.index.index import Index


@dataclass
class Context:
    """A DAO on the chain of a session, as of its latest block."""

    session: Session
    manifest: Manifest
    names: dict[str, str]

    @classmethod
    def open(
        cls, session: Session, deployments: Path | None = None, names: Sequence[Path] = ()
    ) -> Context:
        """The DAO of dao.toml. `names` are CSV files that say what people are called.

        Raises BadInputError, ChainError where the chain lacks the DAO, RpcError and
        UnreachableError.
        """
        from mikoshi.text.member_file import read_people, remember

        manifest, given = open_record(session, deployments), [*map(read_people, names)]
        told = [each for people in given for each in people]
        remember(session.config.source.parent, told)
        known = [*session.config.others, *session.config.members, *told]  # the last one counts
        return cls(session, manifest, {each.wallet: each.name for each in known if each.name})

    @cached_property
    def dao(self) -> Dao:
        """The DAO's contracts, to be read."""
        return self.manifest.dao(self.session.rpc)

    @cached_property
    def book(self) -> AddressBook:
        """Who and what its addresses are."""
        return AddressBook(
            self.session.rpc, self.dao, self.manifest.shared["DAOFactory"], self.names
        )

    @cached_property
    def index(self) -> Index:
        """The DAO's events, read up to the latest block."""
        from mikoshi.context.context import indexed

        return self.session.keep(indexed(self.session, self.manifest))

    @cached_property
    def rebuilt(self) -> RebuiltDao:
        """The DAO as its events tell it, with as many members awake as the chain counts.

        Raises ChainError where the node's events and its census do not fit together.
        """
        voice = Voice.of_params(self.manifest.params["voice"])
        rebuilt = self.index.rebuilt(self.dao, voice)
        if not _agrees(self.index, rebuilt):
            place = self.index.path
            self.index.close()
            self.index = self.session.keep(_replaced(self.session, self.manifest, place)[0])
            rebuilt = self.index.rebuilt(self.dao, voice)
            if not _agrees(self.index, rebuilt):
                raise contradicting(_("its events give other members than its census"))
        return rebuilt

    @property
    def now(self) -> int:
        """The time of the latest block, Unix seconds."""
        return self.book.now.time

    @cached_property
    def proposed(self) -> list[Proposed]:
        """Every proposal, in the order in which they were made."""
        return listed(self.rebuilt)

    def find(self, text: str) -> Proposed:
        """The proposal called `3`, or by its id. Raises BadInputError and NotNowError."""
        try:
            return find(text, self.proposed)
        except BadInputError:
            self.require_governor()
            raise

    def governor_of(self, proposed: Proposed) -> Contract:
        """The governor that took a proposal."""
        return replace(self.dao, governor_address=proposed.proposal.governor.address).governor

    def require_governor(self) -> None:
        """Raise NotNowError where the governor in office is none that these commands know."""
        if self.manifest.foreign:
            raise NothingSentError(
                "governor.foreign",
                N_("The governor {governor} has other code than this kit's"),
                N_(
                    "a vote put it into office: what is proposed there cannot be read, voted on, "
                    "executed or cancelled here"
                ),
                N_("Use what its makers made for it; members, voice and `check` are read as ever"),
                governor=self.manifest.foreign,
            )


def open_record(session: Session, deployments: Path | None = None) -> Manifest:
    """The record of the DAO of dao.toml on the chain of a session.

    Raises BadInputError, ChainError where the chain does not have that DAO, RpcError and
    UnreachableError.
    """
    path = Manifest.path(session.chain_id, session.config.slug, deployments)
    manifest = Manifest.load(path, session.command("deploy"))
    require_presence(session.rpc, manifest, path)
    return in_office(session.rpc, manifest)


def in_office(rpc: Rpc, manifest: Manifest) -> Manifest:
    """The record of a DAO, followed to the governor that its treasury obeys now.

    Raises RpcError and UnreachableError.
    """
    try:
        governor = manifest.dao(rpc).treasury.call("governor")
    except (ContractRevertedError, DecodingError, OverflowError):
        return manifest  # what is there is no treasury, as `check` says
    return manifest.following(rpc, [governor])


def require_presence(rpc: Rpc, manifest: Manifest, path: Path) -> None:
    """Refuse the record at `path` of a DAO that the node does not have, or not yet.

    Raises ChainError, RpcError and UnreachableError.
    """
    behind = rpc.block_number() < (manifest.block or 0)
    if behind or not rpc.code(manifest.addresses["treasury"]):
        raise vanished(manifest, path)


def vanished(record: Manifest, path: Path) -> ChainError:
    """The record speaks of a DAO that the chain does not have."""
    return ChainError(
        "deployment.vanished",
        N_("Chain {chain_id} has no {name} at {treasury}"),
        N_("{path} says that it was created in block {block}"),
        N_(
            "Name a node of the right chain, in step with it, with --network; if the "
            "test network was reset, as by a restart of anvil, move the record away; "
            "nothing was sent"
        ),
        chain_id=record.chain_id,
        name=record.name,
        treasury=record.addresses["treasury"],
        path=shown(path),
        block=record.block,
    )


def indexed(session: Session, manifest: Manifest) -> Index:
    """The index of a DAO at its usual place, up to the latest block; close it at the end.

    Raises BadInputError, ChainError, RpcError and UnreachableError.
    """
    index, __ = updated(session, manifest)
    return index


def updated(
    session: Session, manifest: Manifest, path: Path | None = None, rebuild: bool = False
) -> tuple[Index, Updated]:
    """The index of a DAO, and what brought it up to the latest block; close it at the end.

    With `rebuild` all is read anew, and so it is where the file at the usual place is damaged. A
    `path` that was named is left alone then. Raises as `indexed` does.
    """
    place = path or Index.usual_path(manifest, session.chain_id)
    try:
        if rebuild:
            discard(place)
        return _followed(session, manifest, place)
    except DamagedError:
        if path is not None:
            raise
    return _replaced(session, manifest, place)


def _agrees(index: Index, rebuilt: RebuiltDao) -> bool:
    """Whether the events give the members that the chain counts."""
    people = rebuilt.membership
    total = people.total.latest
    return index.census in (None, (total.members, total.counted, people.last_id))


def _replaced(session: Session, manifest: Manifest, place: Path) -> tuple[Index, Updated]:
    session.out.warn(
        _("{place} was damaged: it is replaced, and all events are read anew", place=shown(place))
    )
    remove(place)
    try:
        return _followed(session, manifest, place)
    except DamagedError as error:
        raise contradicting(_("its events give other members than its census")) from error


def _followed(session: Session, manifest: Manifest, path: Path) -> tuple[Index, Updated]:
    index = Index.open(path, manifest, session.chain_id)
    try:
        title = _("reading events")
        blocks = max(0, session.rpc.block_number() - index.block)
        with session.out.progress(title, blocks) as advance:
            news = index.update(session.rpc, advance)
        index.require_whole()
        return index, news
    except BaseException:
        index.close()
        raise
