"""The stage of the demo: a local chain with a DAO on it, and what people do there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mikoshi.ballots.batch import BallotOutcome
from mikoshi.ballots.file import load, to_json, write_new
from mikoshi.ballots.proposal import ProposalDraft
from mikoshi.ballots.signed import Signed
from mikoshi.ballots.validate import problems
from mikoshi.chain.accounts import NodeAccount
from mikoshi.chain.contract import Receipt
from mikoshi.chain.node import Node
from mikoshi.chain.sender import Sender
from mikoshi.check.report import CheckReport
from mikoshi.config.model import Config
from mikoshi.core.dao import Dao
from mikoshi.core.manifest import Manifest
from mikoshi.play.demo.players import Player, make_players, staged
from mikoshi.testing.community import Community
from mikoshi.text.language import _
from mikoshi.text.people import show
from mikoshi.text.units import DAY, format_time


@dataclass
class Told:
    """A proposal of the story, and how many of its ballots came in one transaction."""

    draft: ProposalDraft
    ballots_in_batch: int = 0
    people_needed: int = 0


@dataclass
class Season:
    """Everything the acts share. `folder` takes the deployment record; money is in wei."""

    node: Node
    wanted: Config
    folder: Path
    players: list[Player] = field(default_factory=make_players)
    proposals: list[Told] = field(default_factory=list)
    checks: dict[str, bool] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    report: CheckReport | None = None
    manifest: Manifest | None = None

    def __post_init__(self) -> None:
        self.rpc = self.node.rpc
        self.chain_id = self.rpc.chain_id()
        self.config = staged(self.wanted, self.players)
        self.start = self.rpc.timestamp()
        sponsor, relayer, passer_by = self.node.accounts[:3]
        self.sponsor = self._outsider(sponsor, _("a well-wisher"))
        self.relayer = self._outsider(relayer, _("a relayer"))
        self.passer_by = self._outsider(passer_by, _("a passer-by"))
        self._senders: dict[str, Sender] = {}
        self._communities: dict[str, Community] = {}

    def _outsider(self, address: str, name: str) -> Sender:
        from eth_utils.address import to_checksum_address

        return Sender(self.rpc, NodeAccount(name, to_checksum_address(address)), self.chain_id)

    # People

    def player(self, number: int) -> Player:
        """Member `number`."""
        return self.players[number - 1]

    def some(self, *numbers: int) -> list[Player]:
        """Members by their numbers."""
        return [self.player(number) for number in numbers]

    @property
    def penniless(self) -> list[Player]:
        """The five who never own any ETH."""
        return self.some(8, 9, 10, 11, 12)

    def purse(self, players: Sequence[Player]) -> int:
        """What players own together, in wei."""
        return sum(self.rpc.balance(each.address) for each in players)

    def sender(self, player: Player) -> Sender:
        """Sends what the player signs, and the player pays."""
        return self._senders.setdefault(player.address, Sender(self.rpc, player, self.chain_id))

    # The DAO

    @property
    def dao(self) -> Dao:
        """The DAO, to be read."""
        return self.community.dao

    @property
    def community(self) -> Community:
        """The DAO and its people, to be read and signed for."""
        return self.by(None)

    def by(self, sender: Sender | None) -> Community:
        """The DAO and its people, as `sender` writes to it."""
        assert self.manifest is not None
        key = sender.address if sender else ""
        if key not in self._communities:
            dao, keys = self.manifest.dao(sender or self.rpc), [each.key for each in self.players]
            self._communities[key] = Community(self.rpc, dao, keys)
        return self._communities[key]

    def read(self, function: str, *args: Any) -> Any:
        """What the lens reads of the Membership."""
        return self.dao.lens.call(function, self.dao.membership_address, *args)

    @property
    def awake(self) -> int:
        """Active members now."""
        return int(self.dao.membership.call("census")[0])

    @property
    def counted(self) -> int:
        """All members now, dormant ones too."""
        return int(self.dao.membership.call("census")[1])

    # Time

    @property
    def now(self) -> int:
        """The chain's time, in Unix seconds."""
        return self.rpc.timestamp()

    def when(self, timestamp: int | None = None) -> str:
        """`day 9, Tue 4 Aug 10:12 UTC`."""
        at = self.now if timestamp is None else timestamp
        day = (at - self.start) // DAY
        return _("day {day}, {time}", day=day, time=format_time(at, self.start))

    # Acts

    def mail(self, signed: Signed) -> Signed:
        """A ballot as it reaches the relayer: a file, read and validated. Raises ProblemError."""
        path = self.folder / f"{signed.member}.ballot"
        write_new(path, to_json(signed))
        received = load(path)
        contract = self.dao.governor_address
        for problem in problems(received, now=self.now, chain_id=self.chain_id, contract=contract):
            raise problem
        return received

    def relay(self, signed: Signed) -> Receipt:
        """Sent by the relayer, who pays. Raises ContractRevertedError before anything is sent."""
        return self.by(self.relayer).relay(signed, self.relayer.address)

    def simulate(self, draft: ProposalDraft) -> None:
        """Make sure that the proposal's calls would work. Raises ContractRevertedError."""
        governor = self.dao.governor_address
        self.dao.treasury.call("execute", *draft.calls, sender=governor)

    def propose(self, player: Player, draft: ProposalDraft) -> Told:
        """Proposed by a member who pays for it, after a simulation."""
        self.simulate(draft)
        self.by(self.sender(player)).submit(draft, player.address)
        return self.tell(draft)

    def propose_signed(self, player: Player, draft: ProposalDraft) -> Told:
        """Proposed by a member who only signs, after a simulation."""
        self.simulate(draft)
        self.relay(self.community.sign(player.id, "Propose", draft))
        return self.tell(draft)

    def tell(self, draft: ProposalDraft) -> Told:
        """Remember a proposal for the end."""
        told = Told(draft)
        self.proposals.append(told)
        return told

    def open_voting(self, told: Told) -> None:
        """Let time pass to the first second of voting."""
        self.community.open_voting(told.draft)
        told.people_needed = self.dao.governor.call("proposalQuorum", told.draft.id)

    def ballot(self, player: Player, draft: ProposalDraft, support: int) -> Signed:
        """A member's signed ballot for a batch, good for a week."""
        return self.community.sign(player.id, "MemberBallot", draft, support=support)

    def cast(self, told: Told, ballots: Sequence[Signed]) -> tuple[list[BallotOutcome], Receipt]:
        """All ballots in one transaction of the relayer."""
        outcomes, receipt = self.by(self.relayer).cast(ballots, self.relayer.address)
        told.ballots_in_batch = len(outcomes)
        return outcomes, receipt

    def execute(self, told: Told, sender: Sender) -> Receipt:
        """Executed by anyone. Raises ContractRevertedError before anything is sent."""
        return self.by(sender).execute(told.draft, sender.address)


def shown(sender: Sender) -> str:
    """An outsider as people are shown."""
    return show(sender.address, name=sender.account.name)
