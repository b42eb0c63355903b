"""Aragon OSx with TokenVoting, from the bytecode that its authors publish on npm.

A vote lasts as long as in the sample, and there is no delay after it. What all its DAOs share is
deployed first and not counted: implementations, registries (as ERC-1167 clones) and the plugin.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from itertools import count

from eth_abi.abi import encode
from eth_account.signers.local import LocalAccount
from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak

from mikoshi.chain.abi import Interface
from mikoshi.chain.contract import Contract, Receipt
from mikoshi.core.artifacts import Artifact
from mikoshi.play.bench.operations import ARAGON
from mikoshi.play.bench.world import ETHER, RECIPIENT, BenchWorld
from mikoshi.testing.defaults import DAY, ZERO
from mikoshi.text.paths import ROOT, ToolMissingError

PACKAGE = ROOT / ".cache" / "peers" / "node_modules" / "@aragon" / "osx-ethers"
_CONTRACTS = (
    *("DAO", "DAOFactory", "DAORegistry", "GovernanceERC20", "GovernanceWrappedERC20"),
    *("PluginRepo", "PluginRepoRegistry", "PluginSetupProcessor", "TokenVoting"),
    "TokenVotingSetup",
)
_READ = """
const all = require(process.argv[1]);
const found = process.argv.slice(2).map(name => all[`${name}__factory`]);
console.log(JSON.stringify(found.map(({abi, bytecode}) => [abi, bytecode.slice(2)])));
"""
_YES = 2
_PERIOD = 5 * DAY
_SETTINGS = "(uint8,uint32,uint32,uint64,uint256)"
_MINT = "(address[],uint256[])"


def published_artifacts() -> dict[str, Artifact]:
    """What the package says of each contract. Raises ToolMissingError where it is not installed."""
    if not PACKAGE.is_dir():
        raise ToolMissingError("@aragon/osx-ethers", PACKAGE, "bench")
    command = ["node", "-e", _READ, str(PACKAGE), *_CONTRACTS]
    answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return {
        name: Artifact(name, PACKAGE.name, abi, bytes.fromhex(code), b"", [], {}, {})
        for name, (abi, code) in zip(_CONTRACTS, json.loads(answer), strict=True)
    }


class Aragon:
    """A DAO whose members have one token each, delegated to themselves by its mint."""

    def __init__(self, world: BenchWorld, artifacts: Mapping[str, Artifact]) -> None:
        self.world = world
        self.artifacts = artifacts
        self._numbers = count(10_000)
        self.people = world.people(1, 12)
        self._share()

    # Contracts

    def _at(self, name: str, address: str) -> Contract:
        return Contract(self.world.rpc, address, Interface(self.artifacts[name].abi))

    def _deploy(self, name: str, types: list[str], *args: object) -> Contract:
        address, _ = self.world.deploy(self.artifacts[name], types, *args)
        return self._at(name, address)

    def _clone(self, name: str, *args: object) -> Contract:
        """A new clone, initialized with `args`."""
        target = self._deploy(name, []).address.removeprefix("0x")
        code = f"3d602d80600a3d3981f3363d3d373d3d3d363d73{target}5af43d82803e903d91602b57fd5bf3"
        clone = self._at(name, self._place(code))
        self._send(clone, "initialize", *args)
        return clone

    def _place(self, code: str) -> str:
        raw = self.world.rpc.send(None, bytes.fromhex(code), sender=self.world.sender)
        return to_checksum_address(raw["contractAddress"])

    def _send(self, contract: Contract, name: str, *args: object, by: str = "") -> Receipt:
        return contract.send(name, *args, sender=by or self.world.sender)

    def _share(self) -> None:
        """The framework: who may register, the registries, and the published plugin."""
        me = self.world.sender
        dao = self._clone("DAO", b"", me, ZERO, "")
        names = self._place("60015ff3")  # in place of ENS: a contract that accepts every call
        repos = self._clone("PluginRepoRegistry", dao.address, names)
        registry = self._clone("DAORegistry", dao.address, names)
        processor = self._deploy("PluginSetupProcessor", ["address"], repos.address)
        self.factory = self._deploy(
            "DAOFactory", ["address", "address"], registry.address, processor.address
        )
        for where, who, permission in (
            (repos.address, me, "REGISTER_PLUGIN_REPO_PERMISSION"),
            (registry.address, self.factory.address, "REGISTER_DAO_PERMISSION"),
        ):
            self._send(dao, "grant", where, who, keccak(text=permission))
        types = ["address", "string", "string", _MINT]
        token = self._deploy("GovernanceERC20", types, ZERO, "", "", ([], []))
        wrapped = self._deploy("GovernanceWrappedERC20", types[:3], ZERO, "", "")
        setup = self._deploy(
            "TokenVotingSetup", ["address", "address"], token.address, wrapped.address
        )
        self.repo = self._clone("PluginRepo", me)
        self._send(self.repo, "createVersion", 1, setup.address, b"-", b"-")
        self._send(repos, "registerPluginRepo", "token-voting", self.repo.address)

    def _create(self, members: list[LocalAccount]) -> Receipt:
        settings = (0, 500_000, 150_000, _PERIOD, 0)  # standard mode, shares of a million
        holders = [each.address for each in members]
        data = encode(
            [_SETTINGS, "(address,string,string)", _MINT],
            [settings, (ZERO, "PM DAO", "PMD"), (holders, [ETHER] * len(holders))],
        )
        plugin = (((1, 1), self.repo.address), data)
        return self._send(self.factory, "createDao", (ZERO, "", "", b""), [plugin])

    def _begin(self) -> Receipt:
        """A DAO of the twelve, which is the one that decides from now on."""
        receipt = self._create(self.people)
        logs = receipt.raw["logs"]
        registered = keccak(text="DAORegistered(address,address,string)").hex()
        applied = keccak(text="InstallationApplied(address,address,bytes32,bytes32)").hex()
        self.dao = self._announced(logs, registered, 1)
        self.voting = self._at("TokenVoting", self._announced(logs, applied, 2))
        token = self.voting.call("getVotingToken")
        self.token = self._at("GovernanceERC20", token)
        self.world.fund(self.dao)
        return receipt

    @staticmethod
    def _announced(logs: list[dict[str, list[str]]], event: str, place: int) -> str:
        """The address in a topic of the one event of its kind."""
        (topics,) = (log["topics"] for log in logs if log["topics"][0][2:] == event)
        return to_checksum_address("0x" + topics[place][-40:])

    # Decisions

    def _propose(self) -> tuple[int, Receipt]:
        text = f"Pay 1 ETH to the contributor who wrote our guide {next(self._numbers)}. Yes!"
        actions = [(RECIPIENT, ETHER, b"")]
        by = self.people[11].address
        args = (text.encode(), actions, 0, 0, 0, 0, False)
        receipt = self._send(self.voting, "createProposal", *args, by=by)
        self.world.rpc.warp(1)
        return receipt.only("ProposalCreated").args["proposalId"], receipt

    def _vote(self, proposal: int, voters: range) -> list[Receipt]:
        return [
            self._send(self.voting, "vote", proposal, _YES, False, by=self.people[each].address)
            for each in voters
        ]

    def _carry_out(self, proposal: int) -> Receipt:
        self.world.rpc.warp(_PERIOD)
        return self._send(self.voting, "execute", proposal)

    def measure_all(self) -> None:
        """Creation, delegation and whole decisions, each the second of its kind."""
        note = self.world.note
        self._begin()
        note(ARAGON, "create_dao", self._create([]))
        note(ARAGON, "create_dao_10_members", self._create(self.people[:10]))
        proposal, _ = self._propose()
        self._vote(proposal, range(10))
        self._carry_out(proposal)

        self.world.age()
        proposal, proposed = self._propose()
        first, later, *_ = self._vote(proposal, range(10))
        note(ARAGON, "propose", proposed)
        note(ARAGON, "vote_first", first)
        note(ARAGON, "vote_later", later)
        note(ARAGON, "execute_eth_payment", self._carry_out(proposal))

        self.world.age()
        proposal, proposed = self._propose()
        votes = self._vote(proposal, range(10))
        note(ARAGON, "proposal_10_direct", proposed, *votes, self._carry_out(proposal))

        self.world.age()
        for each in self.people[1:3]:
            receipt = self._send(self.token, "delegate", self.people[0].address, by=each.address)
        note(ARAGON, "delegate_first", receipt)
