"""A DAO on a fork, moved forward by one proposal after the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from eth_abi.exceptions import DecodingError
from eth_utils.address import to_checksum_address

from mikoshi.chain.abi import Event, Interface
from mikoshi.chain.contract import Snapshot
from mikoshi.check.parameters import read_parameters
from mikoshi.context.address_book import AddressBook
from mikoshi.context.proposed import Proposed
from mikoshi.core import artifacts
from mikoshi.core.dao import CONTRACTS
from mikoshi.core.manifest import Manifest
from mikoshi.replay.dao import RebuiltDao
from mikoshi.replay.logs import Log
from mikoshi.replay.voice import Voice
from mikoshi.simulate.fork import ANYBODY, Fork, ForkOutcome
from mikoshi.simulate.standards import STANDARDS
from mikoshi.simulate.subject import SimulationSubject


@dataclass(frozen=True)
class StageMoment:
    """The DAO between two proposals: its state, what its events tell, its settings, its names."""

    snapshot: Snapshot
    rebuilt: RebuiltDao
    parameters: dict[str, Any]
    book: AddressBook


@dataclass(frozen=True)
class Prior:
    """Another proposal that was executed first."""

    proposed: Proposed
    outcome: ForkOutcome


class Stage:
    """The DAO on the fork."""

    def __init__(
        self, fork: Fork, manifest: Manifest, book: AddressBook, rebuilt: RebuiltDao
    ) -> None:
        self._fork = fork
        self._voice = Voice.of_params(manifest.params["voice"])
        self._book = book
        self._rebuilt = rebuilt
        dao = rebuilt.dao
        contracts = dao.contracts or artifacts.project()
        self._own = {
            address: Interface(contracts[CONTRACTS[part]].abi)
            for part, address in book.parts.items()
        }

    def moment(self) -> StageMoment:
        """How the DAO is now."""
        snapshot, book = Snapshot(self._fork.rpc), self._book
        book = AddressBook(self._fork.rpc, book.dao, book.factory, book.names, dict(book.coins))
        book.now = snapshot
        # What was asked for last: what it becomes once nothing waits any more.
        rebuilt = self._rebuilt
        asked = {"governor": rebuilt.governor.asked, "membership": rebuilt.membership.asked}
        return StageMoment(snapshot, rebuilt, read_parameters(rebuilt, snapshot) | asked, book)

    def execute(self, proposed: Proposed) -> ForkOutcome:
        """Execute a proposal that has passed, by anybody, as soon as it can be."""
        governor, eta = self._book.dao.governor, proposed.proposal.eta
        data = governor.data("execute", *proposed.draft.actions)
        return self._done(self._fork.execute(governor.address, data, ANYBODY, eta))

    def perform(self, subject: SimulationSubject) -> ForkOutcome:
        """Execute what is simulated: by the Governor if it passed, or else as if it had."""
        if subject.made and subject.passed:
            return self.execute(subject.made)
        dao, steps = self._book.dao, subject.steps
        calls = ([step[place] for step in steps] for place in range(3))
        data = dao.treasury.data("execute", *calls)
        return self._done(
            self._fork.execute(dao.treasury_address, data, dao.governor_address, subject.eta)
        )

    def events(self, outcome: ForkOutcome) -> list[Log]:
        """What was announced, decoded as far as it is known; unknown events have no name."""
        return [self._log(each, outcome.time) for each in outcome.logs]

    def _log(self, raw: dict[str, Any], time: int) -> Log:
        place = int(raw["blockNumber"], 16), int(raw["logIndex"], 16)
        address = to_checksum_address(raw["address"])
        try:
            event = self._own.get(address, STANDARDS).decode_log(raw)
        except DecodingError:  # anybody may write what looks like a known event
            event = None
        return Log(event or Event("", {}, address), *place, time, raw["transactionHash"])

    def _done(self, outcome: ForkOutcome) -> ForkOutcome:
        heard = [log for log in self.events(outcome) if log.event.address in self._own]
        if heard:
            old = self._rebuilt
            self._rebuilt = RebuiltDao.empty(old.dao, self._voice, heard[-1].block)
            self._rebuilt.take([*old.logs, *heard])
        return outcome
