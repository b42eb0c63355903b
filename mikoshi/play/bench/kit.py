"""Mikoshi's side: a DAO that the factory makes from the sample dao.toml."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from eth_account.signers.local import LocalAccount
from eth_utils.crypto import keccak

from mikoshi.ballots.proposal import ProposalDraft
from mikoshi.chain.contract import Receipt
from mikoshi.config.model import Config
from mikoshi.core import dao as daos
from mikoshi.play.bench.joining import join, measure_joining
from mikoshi.play.bench.operations import KIT
from mikoshi.play.bench.side import Side
from mikoshi.play.bench.world import ETHER, RECIPIENT, BenchWorld
from mikoshi.testing.community import FOR, Community, person
from mikoshi.testing.defaults import DAY, POINT

_NOTICE = 45 * DAY
"""After which the role that a vote gave holds."""

LARGE = 50_000
"""Members of the DAO that SCALE=1 asks for."""

_AT_ONCE = 200  # admissions in a transaction


class Kit(Side):
    """The sample's DAO with its twelve members; more are admitted by the holder of a role."""

    name = KIT

    def __init__(self, world: BenchWorld, config: Config) -> None:
        super().__init__(world)
        self.config = config
        self.factory = daos.deploy_shared(self.rpc, world.sender)
        self.community = self.create(1, world.people(1, 12))
        if self.community.wallets != [each.wallet for each in config.members]:
            raise ValueError(f"{config.source} is not the sample: its members have other keys")
        self.dao = dao = self.community.dao
        world.fund(dao.treasury_address)
        self.community.as_treasury(dao.treasury, "grantRole", keccak(text="ADMITTER"), world.sender)
        world.age(_NOTICE)

    def create(self, salt: int, people: list[LocalAccount], **changes: Any) -> Community:
        """A DAO of the sample, with some parameters replaced."""
        params = self.config.params(self.rpc.timestamp()) | changes
        dao = daos.create(self.factory, params, self.world.sender, salt=salt.to_bytes(32))
        return Community(self.rpc, dao, people)

    # People

    def measure_creation(self) -> None:
        """Two more DAOs, with other numbers of first members."""
        wallets = self.community.wallets
        for salt, name, members in ((2, "create_dao", 0), (3, "create_dao_10_members", 10)):
            params = self.config.params(self.rpc.timestamp()) | {"members": wallets[:members]}
            receipt = self.factory.send(
                "create", params, [], salt.to_bytes(32), sender=self.world.sender
            )
            self.note(name, receipt)

    def measure_admission(self) -> None:
        """Two more members one by one, then fifty and a hundred at once: 164."""
        accepted = self.config.charter_hash
        self.community.people += self.world.people(13, 164)
        wallets = self.community.wallets
        for wallet in wallets[12:14]:
            receipt = self._send("admit", wallet, accepted)
        self.note("admit_member", receipt)
        self._send("admitMany", wallets[14:64], accepted)
        receipt = self._send("admitMany", wallets[64:], accepted)
        self.note("admit_batch_100_per_member", receipt, shared_by=100)

    def _send(self, name: str, *args: Any, sender: str | None = None) -> Receipt:
        return self.dao.membership.send(name, *args, sender=sender or self.world.sender)

    # Ballots

    def vote_by_sig(self, draft: ProposalDraft, member: int) -> Receipt:
        """A batch of one."""
        return self.relay(draft, [member])

    def relay(self, draft: ProposalDraft, members: Iterable[int]) -> Receipt:
        """The signed ballots of all in one transaction."""
        values = {"support": FOR, "deadline": self.dao.governor.call("proposalDeadline", draft.id)}
        sign = self.community.sign
        ballots = [sign(member, "MemberBallot", draft, **values) for member in members]
        _, receipt = self.community.cast(ballots, self.world.sender)
        return receipt

    def carry_out(self, draft: ProposalDraft) -> list[Receipt]:
        """One transaction: nothing is queued."""
        self.community.ripen(draft)
        return [self.community.execute(draft, self.world.sender)]

    def measure_relayed(self, name: str, voters: int) -> None:
        """A whole proposal by one batch of ballots, twice: the first makes slots for stamps."""
        for row in (f"{name}_first", name):
            self.world.age()
            draft, proposed = self.propose()
            cast = self.relay(draft, range(1, voters + 1))
            self.note(row, proposed, cast, *self.carry_out(draft))

    def measure_batches(self) -> None:
        """Batches of 50 by members who were silent for a month, and of the same soon after."""
        self.world.age()
        cast = self.relay(self.propose()[0], range(1, 51))
        self.note("vote_batch_50_per_vote", cast, shared_by=50)
        self.world.age(8 * DAY)
        cast = self.relay(self.propose()[0], range(1, 51))
        self.note("vote_batch_50_fresh_per_vote", cast, shared_by=50)

    # Coming and going

    def measure_delegation(self, name: str = "delegate_first", first: int = 20) -> None:
        """To somebody for whom one other speaks already."""
        self.world.age()
        to = self.people[first].address
        for delegator in self.people[first + 1 : first + 3]:
            receipt = self._send("delegate", to, sender=delegator.address)
        self.note(name, receipt)

    def measure_leaving(self, name: str = "leave", first: int = 30) -> None:
        """The second of two who leave."""
        self.world.age()
        for leaver in self.people[first : first + 2]:
            receipt = self._send("exit", sender=leaver.address)
        self.note(name, receipt)

    def measure_silence(self) -> None:
        """Members who never voted fall silent; two of them wake."""
        self.world.age(220 * DAY)
        ids = list(range(131, 162))
        self._send("lapse", ids[:1])
        receipt = self._send("lapse", ids[1:])
        self.note("lapse_per_member", receipt, shared_by=30)
        self._wake("wake", ids[1:3])

    def _wake(self, name: str, ids: Sequence[int]) -> None:
        for member in ids:
            receipt = self._send("wake", bytes(32), sender=self.people[member - 1].address)
        self.note(name, receipt)

    # Merit and tokens

    def measure_rewards(self) -> None:
        """Tokens and merit for a hundred members, twice, each time by a decision of sixty."""
        ids = range(25, 125)
        wallets = [self.people[member - 1].address for member in ids]
        merit = self.dao.membership.data("creditMany", list(ids), [POINT] * 100, 0, bytes(32))
        mints = self.dao.token.data("mintMany", wallets, [ETHER] * 100, 0)
        for name in ("reward_member_first", "reward_member"):
            self.world.age()
            draft, _ = self.propose([(self.dao.membership, 0, merit), (self.dao.token, 0, mints)])
            self.relay(draft, range(41, 101))
            self.note(name, *self.carry_out(draft), shared_by=100)
        for holder in wallets[50:52]:
            receipt = self.dao.token.send("transfer", wallets[52], 1, sender=holder)
        self.note("token_transfer", receipt)

    def measure_merit(self) -> None:
        """What merit adds to acts that were measured without it."""
        self.world.age()
        draft, _ = self.propose()
        _, later = self.community.vote(draft, [40, 41])
        self.note("vote_later_with_merit", later)
        self.world.age()
        cast = self.relay(self.propose()[0], range(41, 91))
        self.note("vote_batch_50_with_merit_per_vote", cast, shared_by=50)
        self.world.age(8 * DAY)
        cast = self.relay(self.propose()[0], range(41, 91))
        self.note("vote_batch_50_fresh_with_merit_per_vote", cast, shared_by=50)
        self.measure_delegation("delegate_with_merit", 100)
        self.measure_leaving("leave_with_merit", 104)
        self.world.age(220 * DAY)
        self._send("lapse", [111, 112, 113])
        self._wake("wake_with_merit", [111, 112])

    # What members do besides

    def measure_ten_actions(self) -> None:
        """A proposal of ten payments by twelve members, and the second that its maker cancels."""
        self.world.age()
        draft, proposed = self.propose([(RECIPIENT, ETHER // 10, b"")] * 10)
        self.note("propose_10_actions", proposed)
        self.community.vote(draft, range(10))
        self.note("execute_10_actions", *self.carry_out(draft))
        for number in range(2):
            draft = ProposalDraft.of([(RECIPIENT, ETHER, b"")], f"never mind {number}")
            self.community.submit(draft, 10)
            sender = self.people[10].address
            receipt = self.dao.governor.send("cancel", *draft.actions, sender=sender)
        self.note("cancel", receipt)

    def measure_others(self) -> None:
        """250 more members, and what some of them do; each time the second of two."""
        added, accepted = self.world.people(165, 414), self.config.charter_hash
        self.community.people += added
        receipt = self._send("admitMany", [each.address for each in added], accepted)
        self.note("admit_batch_250_per_member", receipt, shared_by=250)
        self.world.age()
        one, other, *lenders = (each.address for each in added[:4])
        for to, row in ((one, ""), (other, "delegate_again")):
            for lender in lenders:
                receipt = self._send("delegate", to, sender=lender)
            if row:
                self.note(row, receipt)
        self._send("delegate", one, sender=lenders[0])
        for delegate in (one, other):
            receipt = self._send("exit", sender=delegate)
        self.note("leave_as_delegate", receipt)
        for member in (167, 168):
            receipt = self._send("reclaim", [member])
        self.note("reclaim", receipt)
        for wallet in (one, other):
            receipt = self._send("rejoin", accepted, sender=wallet)
        self.note("rejoin", receipt)
        for each in added[4:6]:
            receipt = self._send("rest", sender=each.address)
        self.note("rest", receipt)
        self.world.age(220 * DAY)
        self._send("lapse", [300])
        self.note("lapse_100_per_member", self._send("lapse", range(301, 401)), shared_by=100)

    def measure_scale(self) -> None:
        """50,000 members, of whom a hundred have keys and merit: neighbours, and far apart."""
        membership, accepted = self.dao.membership, self.config.charter_hash
        first = membership.call("census")[3] + 1
        apart = (LARGE - first - 50) // 50
        ids = [*range(first, first + 50), *range(first + 50, LARGE, apart)][:100]
        own = dict(zip(ids, self.world.people(first, first + 99), strict=True))
        nobody = self.people[0]  # signs for none of them
        self.community.people += [own.get(each, nobody) for each in range(first, LARGE + 1)]
        everyone = [
            own[number].address if number in own else f"0x{number:040x}"
            for number in range(first, LARGE + 1)
        ]
        for start in range(0, len(everyone), _AT_ONCE):
            self._send("admitMany", everyone[start : start + _AT_ONCE], accepted)
        points = [POINT] * 100
        self.community.as_treasury(membership, "creditMany", ids, points, 0, bytes(32))
        self.world.age()
        draft, _ = self.propose()
        for row, some in (
            ("vote_batch_50_of_50000_per_vote", ids[:50]),
            ("vote_batch_50_apart_of_50000_per_vote", ids[50:]),
        ):
            self.note(row, self.relay(draft, some), shared_by=50)
        self.world.age()
        draft, _ = self.propose()
        _, later = self.community.vote(draft, [own[each].address for each in ids[:2]])
        self.note("vote_later_of_50000", later)
        sponsors = [own[each] for each in ids[:2]]
        join(self, self.community, "join_by_invitation_of_two_of_50000", sponsors)

    # Tickets

    def measure_sale(self) -> None:
        """The second sale in a DAO of the sample whose tickets can be sold."""
        dao = self.create(4, self.people, transferableTickets=True).dao
        self.world.age()
        for ticket, buyer in ((1, person(1001)), (2, person(1002))):
            seller = self.people[ticket - 1].address
            receipt = dao.membership.send(
                "transferFrom", seller, buyer.address, ticket, sender=seller
            )
        self.note("ticket_sold", receipt)

    def measure_all(self, scale: bool = False) -> None:
        """Every operation, in an order that leaves the later ones what they need.

        With `scale` those among 50,000 members, too.
        """
        self.measure_creation()
        self.measure_decisions()
        self.measure_ten_actions()
        self.measure_relayed("proposal_10_batch", 10)
        self.measure_admission()
        self.measure_relayed("proposal_100_batch", 100)
        self.measure_batches()
        self.measure_delegation()
        self.measure_leaving()
        self.measure_silence()
        self.measure_rewards()
        self.measure_merit()
        self.measure_sale()
        self.measure_others()
        measure_joining(self)
        if scale:
            self.measure_scale()
