"""A DAO that is on a chain, in Python: its contracts, its people, its proposals, its events."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from mikoshi.chain.networks import LOCAL_CHAINS
from mikoshi.chain.rpc import Rpc
from mikoshi.config.load import load_config
from mikoshi.context.address_book import AddressBook
from mikoshi.context.context import in_office, require_presence
from mikoshi.context.proposed import find, listed
from mikoshi.core.artifacts import project
from mikoshi.core.dao import shared_deployments
from mikoshi.core.manifest import Manifest
from mikoshi.deploy import refusals as of_deploying
from mikoshi.deploy.creations import as_created, creation_of
from mikoshi.index.format import Keeping, NoRoomError
from mikoshi.index.index import Index
from mikoshi.proposals.composed import Composed
from mikoshi.proposals.file import compose, load
from mikoshi.replay.dao import RebuiltDao, replay
from mikoshi.replay.logs import Log
from mikoshi.replay.member import Member
from mikoshi.replay.voice import Voice
from mikoshi.scripting.contracts import connected, instances
from mikoshi.scripting.dao_person import DaoPerson
from mikoshi.scripting.live_proposal import LiveProposal
from mikoshi.scripting.refusals import not_recorded, other_chain, unnamed
from mikoshi.text.member_file import read_people
from mikoshi.text.paths import dao_toml
from mikoshi.text.people import parse_wallet

if TYPE_CHECKING:
    from ape.api import AccountAPI
    from ape.contracts import ContractInstance

_RECORDS = "MIKOSHI_DEPLOYMENTS"


class DAO:
    """A DAO on the chain to which Ape is connected. Make one with `load` or `at`.

    The parts are contracts of Ape, so that whatever the DAO can do is one call away:
    `dao.membership.exit(sender=hana)`. A function whose name Ape uses itself, such as `delegate`,
    is called by `dao.membership.invoke_transaction("delegate", wallet, sender=hana)`. Whatever is
    read is that of the latest block.
    """

    treasury: ContractInstance
    """Holds the assets, carries out votes, keeps the role book."""
    membership: ContractInstance
    """People, tickets, voice."""
    token: ContractInstance
    """The contribution token."""
    governor: ContractInstance
    """Proposals and ballots."""

    def __init__(self, record: Manifest, names: Mapping[str, str] | None = None) -> None:
        """The DAO of a record; `names` are what people are called, by wallet.

        Raises BadInputError where Ape is connected to no chain, or to one on which other code is
        at its addresses, ChainError where there is nothing, RpcError and UnreachableError.
        """
        self.record = record
        self.names = dict(names or {})
        rpc = self._rpc()
        require_presence(rpc, record, Manifest.path(record.chain_id, record.slug))
        self.record = in_office(rpc, record)
        self.parts = instances(self.record, rpc)
        """All parts by their names."""
        vars(self).update(self.parts)

    @classmethod
    def load(cls, slug: str = "", names: Path | str | None = None) -> Self:
        """The DAO whose record is `deployments/<chain id>/<slug>.json` in the community's folder.

        Without a `slug` it is the one of `dao.toml`, or of the file in MIKOSHI_CONFIG. What people
        are called is read from the members' file that it names, and from `names`, a CSV with
        `wallet,name`. MIKOSHI_DEPLOYMENTS names another folder of records.

        Raises BadInputError where there is no record of this chain, and what `DAO` raises.
        """
        toml, folder = dao_toml(os.environ.get("MIKOSHI_CONFIG")), os.environ.get(_RECORDS)
        config = load_config(toml) if toml.is_file() else None
        rpc = connected()
        slug = slug or (config.slug if config else "")
        if not slug:
            raise unnamed()
        path = Manifest.path(rpc.chain_id(), slug, Path(folder) if folder else None)
        if not path.is_file():
            raise not_recorded(slug, rpc.chain_id(), path)
        people = list(config.members) if config and config.slug == slug else []
        people += read_people(Path(names)) if names else []
        return cls(Manifest.load(path), {each.wallet: each.name for each in people if each.name})

    @classmethod
    def at(cls, treasury: str, names: Path | str | None = None) -> Self:
        """The DAO of this treasury, read from the chain alone: no record is needed.

        Raises WalletError, ChainError where this version's factory made none there, and what `DAO`
        raises.
        """
        wallet, rpc = parse_wallet(treasury), connected()
        factory = shared_deployments(project())[-1].address
        event = creation_of(rpc, factory, wallet) if rpc.code(factory) else None
        if event is None:
            raise of_deploying.not_made_here(wallet, factory)
        record = as_created(rpc, event, f"at-{wallet[2:10].lower()}")
        if record is None:
            raise of_deploying.unreadable(wallet, event.transaction)
        people = read_people(Path(names)) if names else []
        return cls(record, {each.wallet: each.name for each in people if each.name})

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name} on chain {self.record.chain_id}>"

    @property
    def name(self) -> str:
        """What it is called."""
        return self.record.name

    # People

    @property
    def people(self) -> list[DaoPerson]:
        """Everybody who was ever admitted, in the order of their numbers."""
        rebuilt, now = self._rebuilt(), self.book.now.time
        return [self._person(rebuilt, each, now) for each in rebuilt.membership.members.values()]

    def person(self, who: int | str) -> DaoPerson:
        """The person called `7`, `"#7"`, `"Hana"`, or by a wallet. Raises ValueProblemError."""
        book, rebuilt = self.book, self._rebuilt()
        number = book.member_id(f"#{who}" if isinstance(who, int) else who)
        return self._person(rebuilt, rebuilt.membership.members[number], book.now.time)

    def _person(self, rebuilt: RebuiltDao, member: Member, time: int) -> DaoPerson:
        return DaoPerson(
            member.id,
            member.wallet,
            self.names.get(member.wallet, ""),
            member.standing,
            rebuilt.membership.voice_of(member.id, time),
        )

    @property
    def book(self) -> AddressBook:
        """Who and what the addresses are, at the latest block."""
        rpc = self._rpc()
        return AddressBook(rpc, self.record.dao(rpc), self.record.shared["DAOFactory"], self.names)

    # Proposals

    @property
    def proposals(self) -> list[LiveProposal]:
        """Every proposal, in the order in which they were made."""
        return [LiveProposal(self, each) for each in listed(self._rebuilt())]

    def proposal(self, which: int | str) -> LiveProposal:
        """The proposal with this number, or this id of the Governor. Raises BadInputError."""
        return LiveProposal(self, find(str(which), listed(self._rebuilt())))

    def propose(
        self,
        title: str,
        actions: Sequence[Mapping[str, Any]] = (),
        text: str = "",
        *,
        sender: AccountAPI,
    ) -> LiveProposal:
        """Propose `actions`, each as a proposal's file has it; without any it only asks.

        `dao.propose("Fund the docs", [{"do": "pay", "to": "#7", "amount": "1 ETH"}], sender=hana)`.
        Raises BadInputError with everything that is wrong, and what Ape raises of a refusal.
        """
        entries = {"title": title, "text": text, "binding": bool(actions), "actions": [*actions]}
        return self._propose(compose(entries, Path("dao.propose"), self.book), sender)

    def propose_file(self, path: Path | str, *, sender: AccountAPI) -> LiveProposal:
        """Propose what a file says, as `ape run proposal submit` does. Raises as `propose` does."""
        return self._propose(load(Path(path), self.book), sender)

    def _propose(self, composed: Composed, sender: AccountAPI) -> LiveProposal:
        draft = composed.draft(sender.address)
        if draft.targets:
            self.governor.propose(*draft.calls, draft.description, sender=sender)
        else:
            self.governor.proposeAdvisory(draft.description, sender=sender)
        return self.proposal(draft.id)

    # Events

    def events(self, *names: str) -> list[Log]:
        """The events of all parts, of some names if they are given, in the order of the chain.

        `log.event.name` and `log.event.args` say what, `log.time`, `log.block` and
        `log.transaction` when and where.
        """
        logs = self._rebuilt().logs
        return logs.named(*names) if names else list(logs)

    # The chain

    @property
    def now(self) -> int:
        """The time of the latest block, Unix seconds."""
        return self._rpc().timestamp()

    def _rpc(self) -> Rpc:
        rpc = connected()
        if rpc.chain_id() != self.record.chain_id:
            raise other_chain(self.record, rpc.chain_id())
        return rpc

    def _rebuilt(self) -> RebuiltDao:
        """The DAO as its events tell it."""
        rpc, record = self._rpc(), self.record
        dao, voice = record.dao(rpc), Voice.of_params(record.params["voice"])
        if record.chain_id in LOCAL_CHAINS:  # which may be another one at the next start
            return replay(
                rpc, dao, record.shared["DAOFactory"], voice, record.block or 0, record=record
            )
        try:
            with Index.open(None, record, record.chain_id) as index:
                index.update(rpc)
                return index.rebuilt(dao, voice)
        except NoRoomError:
            index = Index.open(None, record, record.chain_id, keeping=Keeping.COPY)
            index.update(rpc)
            return index.rebuilt(dao, voice)
