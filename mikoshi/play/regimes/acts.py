"""What agents do on the chain: every act is a transaction of theirs, or their signature relayed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from eth_utils.address import to_checksum_address

from mikoshi.ballots.batch import Batch, cast
from mikoshi.ballots.messages import Message, governor_message, membership_message
from mikoshi.ballots.proposal import Call, ProposalDraft
from mikoshi.ballots.signed import Signed, sign
from mikoshi.chain.node import DevRpc
from mikoshi.core import dao as daos
from mikoshi.play.regimes.agent import Agent, Presence
from mikoshi.play.regimes.regime import ROUND
from mikoshi.replay.governor import ProposalState
from mikoshi.testing.community import person
from mikoshi.testing.defaults import CHARTER, POINT, params
from mikoshi.text.units import DAY, HOUR

_ETHER = 10**18
_LANDLORD = person(2_000_000).address
_GIFT, _RENT = 10 * _ETHER, _ETHER // 20
_STEWARD_TERM = 180 * DAY
_REWARD = 30 * POINT  # and as many tokens, for each contribution
_ASLEEP = 210 * DAY  # nobody can lapse before


class Acts:
    """A new DAO of `founders` on a development node, and the transactions of its people.

    Its default settings, a steward for the first 180 days, 10 ETH given to the treasury.
    """

    def __init__(self, rpc: DevRpc, founders: Sequence[Agent], salt: int) -> None:
        rpc.call("anvil_autoImpersonateAccount", True)
        self.rpc = rpc
        self.chain_id = rpc.chain_id()
        accounts = [to_checksum_address(each) for each in rpc.call("eth_accounts")]
        self.relayer, self.steward = accounts[:2]
        self.factory = daos.deploy_shared(rpc, self.relayer)
        self.start = self.round = rpc.warp_to((rpc.timestamp() // DAY + 1) * DAY)
        office = {"holder": self.steward, "until": self.start + _STEWARD_TERM}
        self.params = params(self.start, [each.wallet for each in founders], steward=office)
        self.salt = salt.to_bytes(32)
        self.dao = daos.create(self.factory, self.params, self.relayer, salt=self.salt)
        self.created = rpc.block_number()
        rpc.send(self.dao.treasury_address, sender=self.relayer, value=_GIFT)
        self.equip(founders)

    def begin(self, number: int) -> None:
        """Let time pass to the first hour of a round."""
        self.round = self.start + number * ROUND
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

    def equip(self, people: Sequence[Agent]) -> None:
        """Give ether to those who own some."""
        for agent in people:
            if agent.pays:
                self.rpc.call("anvil_setBalance", agent.wallet, hex(10 * _ETHER))

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
        """Wake, or rejoin."""
        kind = "Wake" if agent.presence is Presence.DORMANT else "Rejoin"
        agent.presence = Presence.HERE
        self._act(agent, kind, charterHash=CHARTER)

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
        message = membership_message(
            kind,
            self.chain_id,
            membership.address,
            account=agent.wallet,
            nonce=membership.call("nonces", agent.wallet),
            deadline=self.round + ROUND,
            **values,
        )
        name, args = sign(message, agent.key).call()
        membership.send(name, *args, sender=self.relayer)

    # Proposals

    def propose(
        self, by: Agent, applicants: Sequence[Agent], rewarded: Sequence[Agent]
    ) -> ProposalDraft:
        """Rewards (who is named twice has two) and admissions; with neither, the rent."""
        calls = self._rewards(rewarded) + self._admission(applicants)
        parts = [("Rewards", rewarded), ("Welcome", applicants)]
        title = " and ".join(word for word, people in parts if people) or "Rent"
        number = (self.round - self.start) // ROUND + 1
        draft = ProposalDraft.of(
            calls or [(_LANDLORD, _RENT, b"")], f"# {title}, round {number}", by.wallet
        )
        if by.pays:
            self.dao.governor.send("propose", *draft.calls, draft.description, sender=by.wallet)
        else:
            values = {"proposalId": draft.id, "proposer": by.wallet}
            name, args = sign(self._message("Propose", **values), by.key, draft=draft).call()
            self.dao.governor.send(name, *args, sender=self.relayer)
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
        governor = self.dao.governor
        self.rpc.warp_to(self.round + 2 * DAY + 2 * HOUR)
        signed = []
        for agent, support in ballots:
            if agent.pays:
                governor.send("castVote", draft.id, support, sender=agent.wallet)
            else:
                signed.append(self._ballot(agent, draft, support))
        if signed:
            self.rpc.warp_to(self.round + 3 * DAY + 2 * HOUR)
            outcomes, _ = cast(governor, Batch(draft.id, tuple(signed)), self.relayer)
            if not all(each.counted for each in outcomes):
                raise RuntimeError(f"ballots not counted: {outcomes}")

    def _ballot(self, agent: Agent, draft: ProposalDraft, support: int) -> Signed:
        message = self._message("MemberBallot", proposalId=draft.id, support=support)
        return sign(message, agent.key, agent.id, draft=draft)

    def _message(self, kind: str, **values: Any) -> Message:
        deadline = self.round + ROUND
        governor = self.dao.governor_address
        return governor_message(kind, self.chain_id, governor, deadline=deadline, **values)

    def execute(self, draft: ProposalDraft) -> bool:
        """Carry the proposal out, if it passed; whether it did."""
        governor = self.dao.governor
        self.rpc.warp_to(self.round + 9 * DAY + 6 * HOUR)
        if governor.call("state", draft.id) != ProposalState.QUEUED:
            return False
        governor.send("execute", *draft.actions, sender=self.relayer)
        return True
