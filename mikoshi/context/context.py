"""What the governance commands begin with: the DAO, its people and its proposals, read once."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from eth_abi.exceptions import DecodingError

from mikoshi.chain.answers import decoded
from mikoshi.chain.contract import Contract, ContractRevertedError, SenselessAnswerError
from mikoshi.chain.rpc import Rpc, RpcError, transaction
from mikoshi.cli.session import Session
from mikoshi.context.address_book import AddressBook
from mikoshi.context.proposed import Proposed, find, listed
from mikoshi.core.dao import Dao
from mikoshi.core.manifest import Manifest
from mikoshi.index.format import DamagedError, Keeping, NoRoomError, discard, remove, untrue
from mikoshi.index.index import Index, Updated
from mikoshi.replay.dao import RebuiltDao
from mikoshi.replay.logs import contradicting
from mikoshi.replay.voice import Voice
from mikoshi.text.clock import parse_end, parse_past, understood
from mikoshi.text.errors import BadInputError, ChainError, NothingSentError
from mikoshi.text.language import N_, _
from mikoshi.text.paths import shown

if TYPE_CHECKING:
    from mikoshi.cli.session import Session
    from mikoshi.index.index import Index


@dataclass(frozen=True)
class Reading:
    """A DAO's events, what brought them up to the latest block, and the DAO that they make."""

    index: Index
    news: Updated
    rebuilt: RebuiltDao


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

    def anew(self) -> Context:
        """The same DAO as of the latest block."""
        return Context(self.session, self.manifest, self.names)

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
    def reading(self) -> Reading:
        """The DAO's events, read up to the latest block, and what follows from them."""
        found = read(self.session, self.manifest, spare=True)
        self.session.keep(found.index)
        return found

    @property
    def index(self) -> Index:
        """The DAO's events."""
        return self.reading.index

    @property
    def rebuilt(self) -> RebuiltDao:
        """The DAO as its events tell it, with as many people and as much voice as the chain counts.

        Raises ChainError where the node's events and its census do not fit together.
        """
        return self.reading.rebuilt

    @property
    def now(self) -> int:
        """The time of the latest block, Unix seconds; not before what has been read of the DAO."""
        read: Reading | None = vars(self).get("reading")
        return max(self.book.now.time, read.index.time if read else 0)

    def past(self, text: str | None) -> int:
        """A moment that was typed as --at, Unix seconds: now if none was. Raises BadInputError."""
        return self._read("--at", text, parse_past(text, self.now))

    def end(self, text: str | None, usual: int) -> int:
        """When a signature ends, as typed for --until; Unix seconds. Raises BadInputError."""
        return self._read("--until", text, parse_end(text, self.now, usual))

    def _read(self, option: str, text: str | None, time: int) -> int:
        if text is not None:
            self.session.out.note(understood(option, time, self.now))
        return time

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
    session.record = path
    require_presence(session.rpc, manifest, path)
    return in_office(session.rpc, manifest)


def in_office(rpc: Rpc, manifest: Manifest) -> Manifest:
    """The record of a DAO, followed to the governor that its treasury obeys now.

    Raises RpcError and UnreachableError.
    """
    try:
        governor = manifest.dao(rpc).treasury.call("governor")
    except (ContractRevertedError, SenselessAnswerError):
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


def read(
    session: Session,
    manifest: Manifest,
    path: Path | None = None,
    rebuild: bool = False,
    whole: bool = True,
    spare: bool = False,
) -> Reading:
    """The index of a DAO up to the latest block, and the DAO; close the index at the end.

    With `rebuild` all is read anew, and so it is where the file at the usual place is damaged, or
    its events do not make what the chain counts. A `path` that was named is left alone then. Where
    not the `whole` is wanted, the DAO is made only if much is new. What cannot be kept in a file is
    kept in memory if `spare`. Raises BadInputError, ChainError, RpcError and UnreachableError.
    """
    place = path or Index.usual_path(manifest, session.chain_id)
    if not (spare and session.cramped):
        try:
            return _mended(session, manifest, place, rebuild, whole, named=path is not None)
        except NoRoomError as error:
            if not spare:
                raise
            session.cramped = True
            session.out.warn(
                _(
                    "{place} cannot be written ({reason}): events are kept in memory for this run",
                    place=shown(place),
                    reason=error.data["reason"],
                )
            )
    try:
        return _read(session, manifest, place, whole, Keeping.COPY)
    except DamagedError:
        return _read(session, manifest, place, whole, Keeping.MEMORY)


def _mended(
    session: Session, manifest: Manifest, place: Path, rebuild: bool, whole: bool, named: bool
) -> Reading:
    try:
        if rebuild:
            discard(place)
        return _read(session, manifest, place, whole)
    except DamagedError:
        if named:
            raise
    session.out.warn(
        _("{place} was damaged: it is replaced, and all events are read anew", place=shown(place))
    )
    remove(place)
    return _read(session, manifest, place, whole)


def _read(
    session: Session,
    manifest: Manifest,
    path: Path,
    whole: bool,
    keeping: Keeping = Keeping.FILE,
) -> Reading:
    rpc, voice = session.rpc, Voice.of_params(manifest.params["voice"])
    index = Index.open(path, manifest, session.chain_id, keeping=keeping)
    try:
        title, known = _("reading events"), index.block
        blocks = max(0, rpc.block_number() - known)
        with session.out.progress(title, blocks) as advance:
            news = index.update(rpc, advance)
        dao = manifest.dao(rpc)
        if not whole and index.keeps:
            return Reading(index, news, RebuiltDao.empty(dao, voice, index.block))
        with undisturbed():
            rebuilt = index.rebuilt(dao, voice)
        if not counts(rpc, rebuilt, index.time):
            if known >= (manifest.block or 0):
                raise untrue(path)
            raise contradicting(_("its events give other members than its census"))
        return Reading(index, news, rebuilt)
    except BaseException:
        index.close()
        raise


@contextmanager
def undisturbed() -> Iterator[None]:
    """Without looks for garbage: what is made of a large DAO is none, and there is much of it."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.freeze()


def counts(rpc: Rpc, rebuilt: RebuiltDao, time: int) -> bool:
    """Whether the Membership counts as many people and as much voice as the events make.

    Nothing is said against them where the node does not tell.
    """
    membership, total = rebuilt.dao.membership, rebuilt.membership.total.latest
    asked = transaction(membership.address, membership.data("census"))
    (answer,) = rpc.batch([("eth_call", (asked, hex(rebuilt.block)))])
    if isinstance(answer, RpcError):
        return True
    try:
        awake, counted, voice, last = membership.interface.decode_output("census", decoded(answer))
    except DecodingError:  # before the DAO's creation
        return True
    rules = rebuilt.membership.voice
    expected = rules.of(total.members, total.units, time)
    return (awake, counted, last) == (
        total.members,
        total.counted,
        rebuilt.membership.last_id,
    ) and (abs(voice - expected) <= rules.tolerance(expected, total.members))
