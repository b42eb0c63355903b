"""What agents do on the chain: every act is a transaction of theirs, or their signature relayed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from eth_utils.address import to_checksum_address

from mikoshi.ballots.proposal import Call, ProposalDraft
from mikoshi.ballots.signed import Signed
from mikoshi.chain.node import DevRpc
from mikoshi.core import dao as daos
from mikoshi.play.regimes.agent import Agent, Presence
from mikoshi.replay.governor import ProposalState
from mikoshi.testing.community import create, person
from mikoshi.testing.defaults import CHARTER, POINT
from mikoshi.text.units import DAY, HOUR

_ETHER = 10**18
_LANDLORD = person(2_000_000).address
_GIFT, _RENT = 10 * _ETHER, _ETHER // 20
_STEWARD_TERM = 180 * DAY
_REWARD = 30 * POINT  # and as many tokens, for each contribution
_SILENT = 2  # of `statusOf`: a member without a voice
_ASLEEP = 210 * DAY  # nobody can lapse before


class Acts:
    """A new DAO of `founders` on a development node, and the transactions of its people.

    A round takes `pace` seconds, ten days at least. Its default settings, a steward for the first
    180 days, 10 ETH given to the treasury.
    """

    def __init__(self, rpc: DevRpc, founders: Sequence[Agent], salt: int, pace: int) -> None:
        self.rpc, self.pace = rpc, pace
        accounts = [to_checksum_address(each) for each in rpc.call("eth_accounts")]
        self.relayer, self.steward = accounts[:2]
        factory = daos.deploy_shared(rpc, self.relayer)
        self.start = self.round = rpc.warp_to((rpc.timestamp() // DAY + 1) * DAY)
        self.community = create(
            rpc,
            [each.key for each in founders],
            factory=factory,
            salt=salt.to_bytes(32),
            steward={"holder": self.steward, "until": self.start + _STEWARD_TERM},
        )
        self.dao = self.community.dao
        self.created = rpc.block_number()
        rpc.send(self.dao.treasury_address, sender=self.relayer, value=_GIFT)
        self._equip(founders)

    def begin(self, number: int) -> None:
        """Let time pass to the first hour of a round."""
        self.round = self.start + number * self.pace
        self.rpc.warp_to(self.round + HOUR)

    # People

    @property
    def has_steward(self) -> bool:
        """Whether somebody may admit without a vote."""
        return self.round + HOUR < self.start + _STEWARD_TERM

    def admit(self, people: Sequence[Agent]) -> None:
        """By the steward."""
        wallets = [each.wallet for each in people]
        self.dao.membership.send("admitMany", wallets, CHARTER, sender=self.steward)

    def welcome(self, people: Sequence[Agent]) -> None:
        """They are members now; those beyond the seats of an epoch for a season without a voice."""
        self.community.people += [each.key for each in people]
        for agent in people:
            if self.dao.membership.call("statusOf", agent.id) == _SILENT:
                agent.presence = Presence.NEWCOMER
        self._equip(people)

    def _equip(self, people: Sequence[Agent]) -> None:
        """Give ether to those who own some."""
        self.rpc.fund(*(each.wallet for each in people if each.pays), wei=10 * _ETHER)

    def delegate(self, agent: Agent, to: Agent) -> None:
        """Lend a voice, or take it back from others."""
        agent.delegates = to is not agent
        self._act(agent, "Delegate", delegatee=to.wallet)

    def rest(self, agent: Agent) -> None:
        """Fall dormant by choice."""
        agent.presence = Presence.DORMANT
        self._act(agent, "Rest")

    def leave(self, agent: Agent) -> None:
        """Exit."""
        agent.presence, agent.delegates = Presence.LEFT, False
        self._act(agent, "Exit")

    def come_back(self, agent: Agent) -> None:
        """Wake, or rejoin, and wake once the season is over."""
        if agent.presence is Presence.LEFT:
            agent.presence = Presence.NEWCOMER
            self._act(agent, "Rejoin", charterHash=CHARTER)
            return
        ready = self.dao.membership.call("stampOf", agent.id) * DAY
        if agent.presence is Presence.DORMANT or self.round >= ready:
            agent.presence = Presence.HERE
            self._act(agent, "Wake", charterHash=CHARTER)

    def lapse(self, by: Agent, people: Sequence[Agent]) -> None:
        """Let those lapse who were silent for too long, once there can be any."""
        if self.round < self.start + _ASLEEP:
            return
        ids = [each.id for each in people]
        sender = by.wallet if by.pays else self.relayer
        receipt = self.dao.membership.send("lapse", ids, sender=sender)
        lapsed = {each.args["id"] for each in receipt.events if each.name == "StandingChanged"}
        for agent in people:
            if agent.id in lapsed:
                agent.presence = Presence.DORMANT

    def _act(self, agent: Agent, kind: str, **values: Any) -> None:
        membership = self.dao.membership
        if agent.pays:
            membership.send(kind.lower(), *values.values(), sender=agent.wallet)
            return
        self._relay(agent, kind, **values)

    def _relay(
        self, agent: Agent, kind: str, draft: ProposalDraft | None = None, **values: Any
    ) -> None:
        self.community.relay(self._sign(agent, kind, draft, **values), self.relayer)

    def _sign(
        self, agent: Agent, kind: str, draft: ProposalDraft | None = None, **values: Any
    ) -> Signed:
        deadline = self.round + self.pace
        return self.community.sign(agent.id, kind, draft, deadline=deadline, **values)

    # Proposals

    def propose(
        self, by: Agent, applicants: Sequence[Agent], rewarded: Sequence[Agent]
    ) -> ProposalDraft:
        """Rewards (who is named twice has two) and admissions; with neither, the rent."""
        calls = self._rewards(rewarded) + self._admission(applicants)
        parts = [("Rewards", rewarded), ("Welcome", applicants)]
        title = " and ".join(word for word, people in parts if people) or "Rent"
        number = (self.round - self.start) // self.pace + 1
        draft = ProposalDraft.of(
            calls or [(_LANDLORD, _RENT, b"")], f"# {title}, round {number}", by.wallet
        )
        if by.pays:
            self.community.submit(draft, by.wallet)
        else:
            self._relay(by, "Propose", draft)
        return draft

    def _rewards(self, rewarded: Sequence[Agent]) -> list[Call]:
        given: dict[int, dict[Agent, int]] = defaultdict(lambda: defaultdict(int))
        for agent in rewarded:
            given[agent.kind][agent] += _REWARD
        membership, token = self.dao.membership, self.dao.token
        calls: list[Call] = []
        for kind, shares in sorted(given.items()):
            ids, wallets = [each.id for each in shares], [each.wallet for each in shares]
            amounts = list(shares.values())
            merit = membership.data("creditMany", ids, amounts, kind, bytes(32))
            tokens = token.data("mintMany", wallets, amounts, kind)
            calls += [(membership, 0, merit), (token, 0, tokens)]
        return calls

    def _admission(self, applicants: Sequence[Agent]) -> list[Call]:
        wallets = [each.wallet for each in applicants]
        membership = self.dao.membership
        return [(membership, 0, membership.data("admitMany", wallets, CHARTER))] if wallets else []

    def vote(self, draft: ProposalDraft, ballots: Sequence[tuple[Agent, int]]) -> None:
        """Who owns ether votes; the signed ballots of the others come in one batch a day later."""
        self.rpc.warp_to(self.round + 2 * DAY + 2 * HOUR)
        signed = []
        for agent, support in ballots:
            if agent.pays:
                self.community.vote(draft, [agent.wallet], support)
            else:
                signed.append(self._sign(agent, "MemberBallot", draft, support=support))
        if signed:
            self.rpc.warp_to(self.round + 3 * DAY + 2 * HOUR)
            self.community.cast(signed, self.relayer)

    def execute(self, draft: ProposalDraft) -> bool:
        """Carry the proposal out, if it passed; whether it did."""
        self.rpc.warp_to(self.round + 9 * DAY + 6 * HOUR)
        if self.dao.governor.call("state", draft.id) != ProposalState.QUEUED:
            return False
        self.community.execute(draft, self.relayer)
        return True
