"""A DAO of 50,000 members and 380,000 events, made by real transactions on a local node."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

from eth_utils.crypto import keccak

from mikoshi.ballots.file import to_json
from mikoshi.ballots.proposal import ProposalDraft
from mikoshi.chain.accounts import find_account
from mikoshi.chain.node import DevRpc, Node
from mikoshi.chain.rpc import transaction
from mikoshi.chain.sender import Sender
from mikoshi.config.load import load_config
from mikoshi.deploy.journal import Journal
from mikoshi.deploy.perform import perform
from mikoshi.deploy.plan import make_plan
from mikoshi.play.bench.world import ETHER, RECIPIENT
from mikoshi.testing.community import FOR, Community, person
from mikoshi.testing.defaults import DAY, POINT
from mikoshi.text.json import Json
from mikoshi.text.paths import ROOT

T = TypeVar("T")

MEMBERS, EVENTS, FILES = 50_000, 380_000, 2_000
"""People, what they announced, and signed ballots that wait in files."""

_NOTICE = 45 * DAY
_MONTH = 30 * DAY
_AT_ONCE = 100  # people in a transaction
_OF_A_CREDIT = 3  # events
_MERIT = POINT // 1_000  # all together stay below the caps
_PATIENCE = 600  # seconds
_BLOCK_GAS = 28_000_000


class LargeDao:
    """The sample's DAO on a node, grown: by batches of admissions, of merit and of ballots.

    Of its members `files` have keys: their ballots on the proposal under way are in `folder`
    below ballots/. `config` and `deployments` are what commands are given.
    """

    def __init__(
        self,
        node: Node,
        folder: Path,
        members: int = MEMBERS,
        events: int = EVENTS,
        files: int = FILES,
    ) -> None:
        self.node, self.rpc = node, DevRpc(node.url, timeout=_PATIENCE)
        self.config, self.deployments = ROOT / "dao.toml", folder / "deployments"
        self.ballots = folder / "ballots"
        self.events = 0
        self._members, self._events, self._files = members, events, files
        config = load_config(self.config)
        sender = Sender(self.rpc, find_account(None, self.rpc, local=True))
        journal = Journal(node.options.chain_id, config.slug, self.deployments)
        plan = make_plan(config, self.rpc, journal, sender, live=False)
        self.manifest = perform(plan, sender, journal)
        self._charter = config.charter_hash
        people = [person(number) for number in range(1, len(config.members) + 1 + files)]
        self.community = Community(self.rpc, self.manifest.dao(self.rpc), people)
        self._founders = len(config.members)
        self._others = [f"0x{10**6 + number:040x}" for number in range(members - len(people))]

    def grow(self) -> None:
        """Everybody's admission and merit, a past vote, and a proposal that is voted on."""
        community, admitter = self.community, self.node.accounts[0]
        membership = community.dao.membership
        self.rpc.call("anvil_autoImpersonateAccount", True)
        self.rpc.fund(community.dao.treasury_address, *community.wallets, wei=1000 * ETHER)
        role = keccak(text="ADMITTER")
        community.as_treasury(community.dao.treasury, "grantRole", role, admitter)
        self.rpc.warp(_NOTICE)
        newcomers = [*community.wallets[self._founders :], *self._others]
        admissions = [
            membership.data("admitMany", some, self._charter)
            for some in _slices(newcomers, _AT_ONCE)
        ]
        self._mine([transaction(membership.address, each, admitter) for each in admissions])
        self.rpc.warp(DAY)
        self._vote()
        everyone = list(range(1, self._members + 1))
        while self.events < self._events:
            self.rpc.warp(_MONTH)
            rest = everyone[: -(-(self._events - self.events) // _OF_A_CREDIT)]
            merits = [
                membership.data("creditMany", some, [_MERIT] * len(some), 0, bytes(32))
                for some in _slices(rest, _AT_ONCE)
            ]
            treasury = community.dao.treasury_address
            self._mine([transaction(membership.address, each, treasury) for each in merits])
        self._sign(self._proposed("# Pay another member\n\nOne ether more."))

    def _vote(self) -> None:
        """Some vote by their own hand, fewer than the quorum."""
        draft = self._proposed("# Pay a member\n\nOne ether.")
        governor, voters = self.community.dao.governor, self._others[: self._files]
        self.rpc.fund(*voters)
        data = governor.data("castVote", draft.id, FOR)
        self._mine([transaction(governor.address, data, each) for each in voters], 40)
        self.community.close_voting(draft)

    def _mine(self, calls: Sequence[dict[str, Json]], of_a_block: int = 2) -> None:
        """Transactions, several in a block: its root takes longer than they do."""
        self.rpc.call("evm_setAutomine", False)
        for some in _slices(calls, of_a_block):
            gas = hex(_BLOCK_GAS // of_a_block)
            asked = [("eth_sendTransaction", (each | {"gas": gas},)) for each in some]
            sent = self.rpc.batch(asked)
            self.rpc.call("evm_mine")
            for digest in sent:
                receipt = self.rpc.call("eth_getTransactionReceipt", digest)
                if receipt["status"] != "0x1":
                    raise RuntimeError(f"{digest} reverted")
                self.events += len(receipt["logs"])
        self.rpc.call("evm_setAutomine", True)

    def _proposed(self, description: str) -> ProposalDraft:
        draft = self.community.propose([(RECIPIENT, ETHER, b"")], description)
        self.community.open_voting(draft)
        return draft

    def _sign(self, draft: ProposalDraft) -> None:
        self.ballots.mkdir(parents=True)
        deadline = self.community.dao.governor.call("proposalDeadline", draft.id)
        values = {"support": FOR, "deadline": deadline}
        for number in range(self._founders + 1, self._founders + self._files + 1):
            signed = self.community.sign(number, "MemberBallot", draft, **values)
            path = self.ballots / f"{number}.ballot"
            path.write_text(json.dumps(to_json(signed)), "utf-8")


def _slices(them: Sequence[T], size: int) -> list[Sequence[T]]:
    return [them[start : start + size] for start in range(0, len(them), size)]
