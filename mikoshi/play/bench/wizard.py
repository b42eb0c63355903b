"""The ordinary kit's side: what the OpenZeppelin wizard composes, from npm's packages."""

from __future__ import annotations

from eth_account import Account
from eth_account.signers.local import LocalAccount
from eth_utils.crypto import keccak

from mikoshi.ballots.proposal import ProposalDraft
from mikoshi.chain.abi import Interface
from mikoshi.chain.contract import Contract, Receipt
from mikoshi.core import artifacts
from mikoshi.core.artifacts import Artifact
from mikoshi.core.dao import Dao
from mikoshi.play.bench.operations import WIZARD
from mikoshi.play.bench.side import Side
from mikoshi.play.bench.world import ETHER, BenchWorld
from mikoshi.testing.community import FOR, Community
from mikoshi.testing.defaults import DAY, ZERO
from mikoshi.text.paths import ROOT

SOURCES = ROOT / "benchmarks" / "contracts"
CONTRACTS = ("WizardTicket", "WizardGovernor", "WizardTimelock", "WizardCoin", "WizardVoiceCoin")

_PARTS = {
    "Treasury": "WizardTimelock",
    "Membership": "WizardTicket",
    "ContributionToken": "WizardCoin",
    "DAOGovernor": "WizardGovernor",
}
"""What plays the part of each of Mikoshi's contracts."""

_BALLOT = {
    "Ballot": [
        {"name": "proposalId", "type": "uint256"},
        {"name": "support", "type": "uint8"},
        {"name": "voter", "type": "address"},
        {"name": "nonce", "type": "uint256"},
    ]
}


def compiled() -> dict[str, Artifact]:
    """The wizard's contracts, with the same compiler and settings as Mikoshi's."""
    files = sorted(SOURCES.glob("*.sol"))
    sources = {file.relative_to(ROOT).as_posix(): file.read_text("utf-8") for file in files}
    return artifacts.compile_sources(sources, only=CONTRACTS)


class Wizard(Side):
    """Tickets with votes, a Governor with a Timelock, a token; twelve members with their votes."""

    name = WIZARD

    def __init__(self, world: BenchWorld) -> None:
        super().__init__(world)
        self.contracts = compiled()
        created = self._create()
        world.fund(self.dao.treasury_address)
        self.community.people = world.people(1, 12)
        founders = [self.admit(each) for each in self.people]
        self.note("create_dao", *created)
        self.note("create_dao_10_members", *created, *founders[:10])

    def _create(self) -> list[Receipt]:
        """Deploy and wire; the deployer keeps the ticket and the coins, to mint."""
        world, contracts = self.world, self.contracts
        me = world.sender
        ticket, first = world.deploy(contracts["WizardTicket"], ["address"], me)
        coin, second = world.deploy(contracts["WizardCoin"], ["address"], me)
        roles = ["uint256", "address[]", "address[]", "address"]
        timelock, third = world.deploy(contracts["WizardTimelock"], roles, 2 * DAY, [], [ZERO], me)
        governor, fourth = world.deploy(
            contracts["WizardGovernor"], ["address", "address"], ticket, timelock
        )
        parts = {name: contracts[its] for name, its in _PARTS.items()}
        self.dao = Dao(self.rpc, timelock, ticket, coin, governor, contracts=parts)
        self.community = Community(self.rpc, self.dao, [])
        treasury = self.dao.treasury
        return [
            first,
            second,
            third,
            fourth,
            treasury.send("grantRole", keccak(text="PROPOSER_ROLE"), governor, sender=me),
            treasury.send("grantRole", keccak(text="CANCELLER_ROLE"), governor, sender=me),
            treasury.send("renounceRole", bytes(32), me, sender=me),
        ]

    def admit(self, member: LocalAccount) -> Receipt:
        """A ticket; its holder delegated to themselves before, without which it has no vote."""
        wallet = member.address
        self.dao.membership.send("delegate", wallet, sender=wallet)
        return self.dao.membership.send("safeMint", wallet, sender=self.world.sender)

    def vote_by_sig(self, draft: ProposalDraft, member: int) -> Receipt:
        """`castVoteBySig`."""
        governor, voter = self.dao.governor, self.people[member - 1]
        domain = {
            "name": "PM DAO",
            "version": "1",
            "chainId": self.community.chain_id,
            "verifyingContract": governor.address,
        }
        nonce = governor.call("nonces", voter.address)
        message = {"proposalId": draft.id, "support": FOR, "voter": voter.address, "nonce": nonce}
        signed = Account.sign_typed_data(voter.key, domain, _BALLOT, message)
        arguments = (draft.id, FOR, voter.address, bytes(signed.signature))
        return governor.send("castVoteBySig", *arguments, sender=self.world.sender)

    def carry_out(self, draft: ProposalDraft) -> list[Receipt]:
        """Queue after the deadline, execute after the delay."""
        sender = self.world.sender
        self.community.close_voting(draft)
        queued = self.dao.governor.send("queue", *draft.actions, sender=sender)
        self.community.ripen(draft)
        return [queued, self.community.execute(draft, sender)]

    def measure_all(self) -> None:
        """Every operation that it has, under the conditions of the other side."""
        self.measure_decisions()
        self._measure_people()
        self._measure_crowd()
        self._measure_coins()

    def _measure_people(self) -> None:
        added = self.world.people(13, 164)
        receipts = [self.admit(each) for each in added]
        self.community.people += added
        self.note("admit_member", receipts[1])
        self.note("admit_batch_100_per_member", *receipts[52:], shared_by=100)

        self.world.age()
        to = self.people[20].address
        for delegator in self.people[21:23]:
            receipt = self.dao.membership.send("delegate", to, sender=delegator.address)
        self.note("delegate_first", receipt)

        # A buyer's vote counts at once: both have delegated to themselves before.
        for ticket, buyer in enumerate(self.world.people(1001, 1002)):
            wallet, seller = buyer.address, self.people[ticket].address
            self.dao.membership.send("delegate", wallet, sender=wallet)
            receipt = self.dao.membership.send(
                "transferFrom", seller, wallet, ticket, sender=seller
            )
        self.note("ticket_sold", receipt)

    def _measure_crowd(self) -> None:
        """What it has no batch for is done one by one."""
        done = self.world.measured[self.name]
        single = done["vote_by_sig"].receipts
        self.note("vote_batch_50_per_vote", *single)
        self.note("vote_batch_50_fresh_per_vote", *single)
        self.note("proposal_10_batch", *done["proposal_10_direct"].receipts)
        self.world.age()
        draft, proposed = self.propose()
        votes = self.community.vote(draft, range(23, 123))
        self.note("proposal_100_batch", proposed, *votes, *self.carry_out(draft))

    def _measure_coins(self) -> None:
        me = self.world.sender
        artifact = self.contracts["WizardVoiceCoin"]
        at, _ = self.world.deploy(artifact, ["address"], me)
        voice = Contract(self.rpc, at, Interface(artifact.abi))
        wallets = self.community.wallets[24:124]
        for wallet in wallets:
            voice.send("delegate", wallet, sender=wallet)
        for name in ("reward_member_first", "reward_member"):
            self.world.age()
            receipt = voice.send("mintMany", wallets, [ETHER] * 100, sender=me)
            self.note(name, receipt, shared_by=100)

        for wallet in wallets[50:53]:
            self.dao.token.send("mint", wallet, ETHER, sender=me)
        for holder in wallets[50:52]:
            receipt = self.dao.token.send("transfer", wallets[52], 1, sender=holder)
        self.note("token_transfer", receipt)
