"""Proposals of a DAO that are simulated, and then really passed and executed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mikoshi.ballots.proposal import ProposalDraft
from mikoshi.chain.contract import Contract
from mikoshi.chain.node import DevRpc
from mikoshi.context.address_book import AddressBook
from mikoshi.context.proposed import Proposed, listed
from mikoshi.core.manifest import Manifest
from mikoshi.proposals.composed import Composed
from mikoshi.proposals.file import load
from mikoshi.replay.dao import RebuiltDao, replay
from mikoshi.replay.voice import Voice
from mikoshi.simulate.run import simulate
from mikoshi.simulate.simulation import Finding, Simulation
from mikoshi.testing.community import person
from tests.support import deploy, next_block_at, told
from tests.tooling.governed import Governed
from tests.tooling.live import ETHER

NAMES: dict[str, str] = {person(1).address: "Hana", person(2).address: "Ken"}
SOMEBODY = person(7_300_000).address

PAY = '[[actions]]\ndo = "pay"\nto = "Hana"\namount = "2.5 ETH"\n'
"""A quarter of what the treasury has."""


@dataclass
class SimulatedDao:
    """A DAO of five whose treasury has 10 ether; #1 is Hana and #2 is Ken."""

    governed: Governed

    @property
    def rpc(self) -> DevRpc:
        return self.governed.rpc

    @property
    def manifest(self) -> Manifest:
        return self.governed.place.manifest

    @property
    def treasury(self) -> str:
        return self.governed.dao.treasury_address

    @property
    def book(self) -> AddressBook:
        """A new one: what one was asked it answers for good."""
        factory = self.manifest.shared["DAOFactory"]
        return AddressBook(self.rpc, self.governed.dao, factory, NAMES)

    @property
    def rebuilt(self) -> RebuiltDao:
        voice = Voice.of_params(self.manifest.params["voice"])
        return replay(self.rpc, self.governed.dao, self.manifest.shared["DAOFactory"], voice)

    def compose(
        self, actions: str, title: str = "A title", book: AddressBook | None = None
    ) -> Composed:
        """What a file with these actions (TOML) says."""
        head = f'title = "{title}"\ntext = "Why."\n'
        return load(self.governed.write(head + actions), book or self.book)

    def simulate(
        self,
        what: Composed | Proposed | ProposalDraft | str,
        before: Sequence[Proposed] | None = None,
    ) -> Simulation:
        """Simulate a file, a proposal on the chain, or what a file with these actions says."""
        book = self.book
        if isinstance(what, str):
            what = self.compose(what, book=book)
        if isinstance(what, ProposalDraft):
            what = self.proposed(what)
        return simulate(self.rpc, self.manifest, book, what, before=before)

    def proposed(self, draft: ProposalDraft) -> Proposed:
        """As the commands know it."""
        return next(each for each in listed(self.rebuilt) if each.id == draft.id)

    # On the chain itself

    def propose(self, what: Composed | str) -> ProposalDraft:
        """Proposed by Hana."""
        composed = self.compose(what) if isinstance(what, str) else what
        draft = composed.draft(person(1).address)
        self.governed.community.submit(draft)
        return draft

    def passed(self, what: Composed | str) -> ProposalDraft:
        """Proposed, voted for by everyone, and waiting for its time."""
        draft = self.propose(what)
        self.governed.pass_vote(draft.id)
        return draft

    def execute(self, draft: ProposalDraft, at: int) -> dict[str, Any]:
        """Execute a proposal in the second `at`; the receipt."""
        next_block_at(self.rpc, at)
        governor = self.governed.dao.governor
        return governor.send("execute", *draft.actions, sender=person(5).address).raw

    def coin(self, habit: int = 0, amount: int = 1_000) -> Contract:
        """A coin, of which the treasury has some."""
        coin = deploy(self.rpc, "OddCoin", habit)
        coin.send("mint", self.treasury, amount * ETHER, sender=person(5).address)
        return coin


def pay_coin(coin: Contract, amount: int = 40, to: str = "#2") -> str:
    """An action that pays in a coin called ODD."""
    return (
        f'[[actions]]\ndo = "pay"\nto = "{to}"\namount = "{amount} ODD"\n'
        f'[coins]\nODD = "{coin.address}"\n'
    )


def call(to: str, function: str, args: str = "", value: str = "0 ETH") -> str:
    """An action that calls anything."""
    return (
        f'[[actions]]\ndo = "call"\nto = "{to}"\nvalue = "{value}"\n'
        f'function = "{function}"\nargs = {{ {args} }}\n'
    )


def found(sim: Simulation, name: str) -> list[Finding]:
    """What a check found."""
    return [finding for check, finding in sim.findings if check == name]


def finds(sim: Simulation, check: str, level: str, kind: str, **data: object) -> Finding:
    """Assert that the check finds one thing: of this level and kind, with this data."""
    (finding,) = found(sim, check)
    assert finding.level == level
    told(finding, kind, **data)
    return finding
