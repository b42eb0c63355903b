"""What the tests of governor, treasury, token and factory share."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

from eth_abi.abi import encode
from eth_account.signers.local import LocalAccount
from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak

from mikoshi.ballots.proposal import ProposalDraft
from mikoshi.chain.abi import Interface
from mikoshi.chain.contract import Contract, Receipt
from mikoshi.chain.node import DevRpc
from mikoshi.core import artifacts
from mikoshi.core import dao as daos
from mikoshi.core.artifacts import Artifact
from mikoshi.core.dao import Dao
from mikoshi.testing.community import FOR, Community, found, person
from mikoshi.testing.defaults import CHARTER, DAY, POINT, params
from mikoshi.text.paths import ROOT
from tests.support import Typed, compact, grant

PENDING, ACTIVE, CANCELED, DEFEATED, SUCCEEDED, QUEUED, EXPIRED, EXECUTED = range(8)
"""IGovernor.ProposalState."""

COUNTED, TOO_LATE, BAD_SUPPORT, BAD_SIGNATURE, ALREADY_CAST, NO_VOICE = range(6)
"""IBallotBox.BallotResult."""

STANDING_ACTIVE, STANDING_DORMANT, STANDING_NEWCOMER, STANDING_ABSENT, STANDING_EXITED = (
    1,
    2,
    3,
    4,
    5,
)

BALLOT_DEADLINE = 2**40 - 1
"""The latest deadline that a ballot of a batch can carry."""

WAITING = 45 * DAY
"""How long what could take the decision away from the members waits."""

GUARDIAN, STEWARD = person(70).address, person(72).address

NOBODY = "0x" + "00" * 20
GAS = 5_000_000
GAS_CAP = 16_777_216
"""What one transaction may burn since EIP-7825."""

GOVERNOR_TYPES = {
    "Ballot": "uint256 proposalId,uint8 support,address voter,uint256 nonce",
    "ExtendedBallot": (
        "uint256 proposalId,uint8 support,address voter,uint256 nonce,string reason,bytes params"
    ),
    "MemberBallot": "uint256 proposalId,uint8 support,uint256 deadline",
    "AccountBallot": "uint256 proposalId,address voter,uint8 support,uint256 deadline",
    "Propose": "uint256 proposalId,address proposer,uint256 deadline",
    "Cancel": "uint256 proposalId,address proposer,uint256 deadline",
}

Ballot = tuple[int, bytes, bytes]
AccountBallot = tuple[int, str, bytes]


def governor_messages(community: Community) -> Typed:
    """What members sign for the Governor."""
    chain_id = community.rpc.chain_id()
    return Typed("Mikoshi Governor", community.dao.governor_address, chain_id, GOVERNOR_TYPES)


def only(*states: int) -> bytes:
    """A set of proposal states as errors name it."""
    return sum(1 << state for state in states).to_bytes(32)


def field(name: str) -> bytes:
    """A name as errors carry it in a bytes32."""
    return name.encode().ljust(32, b"\0")


def hash_proposal(
    targets: Sequence[str], values: Sequence[int], calldatas: Sequence[bytes], description: str
) -> int:
    """A proposal's id as OpenZeppelin defines it."""
    types = ["address[]", "uint256[]", "bytes[]", "bytes32"]
    hashed = keccak(text=description)
    return int.from_bytes(keccak(encode(types, [targets, values, calldatas, hashed])))


# Ballots of a batch


def terms(member: int, support: int, deadline: int = BALLOT_DEADLINE) -> int:
    """The first word of a ballot of a batch."""
    return member << 48 | deadline << 8 | support


def ballot(
    community: Community,
    proposal: ProposalDraft,
    member: int,
    support: int = FOR,
    *,
    deadline: int = BALLOT_DEADLINE,
    key: LocalAccount | None = None,
    **domain: Any,
) -> Ballot:
    """The signed ballot of a member's wallet; `key` signs instead, `domain` replaces fields."""
    signature = compact(
        governor_messages(community).sign(
            key or person(member), "MemberBallot", proposal.id, support, deadline, **domain
        )
    )
    return terms(member, support, deadline), signature[:32], signature[32:]


def account_ballot(
    community: Community,
    proposal: ProposalDraft,
    member: int,
    account: str,
    key: LocalAccount,
    support: int = FOR,
    *,
    deadline: int = BALLOT_DEADLINE,
) -> AccountBallot:
    """The ballot of a contract account, signed by the key of its owner."""
    signature = governor_messages(community).sign(
        key, "AccountBallot", proposal.id, account, support, deadline
    )
    return terms(member, support, deadline), account, signature


def cast(
    community: Community,
    proposal: ProposalDraft,
    ballots: Sequence[Ballot],
    accounts: Sequence[AccountBallot] = (),
    gas: int | None = None,
) -> tuple[list[int], Receipt]:
    """Relayed by an outsider: the result of each ballot, and the receipt."""
    governor, relayer = community.dao.governor, community.outsider.address
    args = (proposal.id, list(ballots), list(accounts))
    results = governor.call("castVotesBySig", *args, sender=relayer)
    return list(results), governor.send("castVotesBySig", *args, sender=relayer, gas=gas)


# Time


def send_at(
    contract: Contract, timestamp: int, name: str, *args: Any, sender: str, value: int = 0
) -> Receipt:
    """A call mined in a block of exactly this time, refused or not."""
    chain = contract.chain
    assert isinstance(chain, DevRpc)
    chain.call("evm_setNextBlockTimestamp", timestamp)
    return contract.send(name, *args, sender=sender, value=value, gas=GAS)


# Other communities and contracts on the same node


def factory(rpc: DevRpc) -> Contract:
    """The factory that `community` came from."""
    deployment = daos.shared_deployments(artifacts.project())[-1]
    return Contract(rpc, deployment.address, daos.interface())


def found_beside(community: Community, members: int = 5, **changes: Any) -> Community:
    """Another DAO on the node of `community`."""
    salt = keccak(repr((members, sorted(changes.items()))).encode())
    return found(community.rpc, members, factory=factory(community.rpc), salt=salt, **changes)


def governor_settings(**changes: int) -> dict[str, int]:
    """The Governor's default settings with changes."""
    settings: dict[str, int] = params(0)["governor"]
    unknown = changes.keys() - settings.keys()
    assert not unknown, unknown
    return settings | changes


def with_steward(community: Community, members: int = 5, **changes: Any) -> Community:
    """A DAO beside `community` whose settings change at once, for as long as there is a steward."""
    until = community.rpc.timestamp() + 300 * DAY
    return found_beside(community, members, steward={"holder": STEWARD, "until": until}, **changes)


def with_guardian(community: Community, **changes: int) -> Community:
    """A DAO of five whose guardian's term ends in 100 days; with changed settings."""
    until = community.rpc.timestamp() + 100 * DAY
    guardian, governor = {"holder": GUARDIAN, "until": until}, governor_settings(**changes)
    other = found_beside(community, guardian=guardian, governor=governor)
    other.rpc.fund(GUARDIAN)
    return other


def change_settings(community: Community, **changes: int) -> dict[str, int]:
    """Other settings of the Governor, asked for and, where they wait, waited for; all of them."""
    settings = governor_settings(**changes)
    receipt = community.as_treasury(community.dao.governor, "setSettings", settings)
    due = receipt.only("SettingsChanged").args["inForceAt"]
    if due > community.rpc.timestamp():
        community.rpc.warp_to(due)
    return settings


def under_another_governor(community: Community, **changes: int) -> Community:
    """The same DAO, seen with a governor that has these settings and is not in office yet."""
    dao, shared, sender = community.dao, factory(community.rpc), community.outsider.address
    args = community.rpc.code(dao.governor_address)[45:]  # behind the 45 bytes of the proxy
    implementation, salt = shared.call("implementations")[3], keccak(repr(changes).encode())
    receipt = shared.send("cloneModule", implementation, args, salt, sender=sender)
    governor = receipt.only("ModuleCloned").args["module"]
    parts = (dao.treasury_address, dao.membership_address, dao.token_address, governor)
    other = Community(community.rpc, Dao(community.rpc, *parts), community.people)
    other.dao.governor.send("initialize", governor_settings(**changes), sender=sender)
    return other


def install_governor(community: Community, governor: str) -> Receipt:
    """Another governor, asked for, waited for and installed by an outsider."""
    treasury = community.dao.treasury
    community.as_treasury(treasury, "setGovernor", governor)
    community.rpc.warp(WAITING)
    return treasury.send("installGovernor", sender=community.outsider.address)


@functools.cache
def _artifact(name: str) -> Artifact:
    path = ROOT / "tests" / "contracts" / f"{name}.sol"
    source = path.relative_to(ROOT).as_posix()
    return artifacts.compile_sources({source: path.read_text("utf-8")})[name]


def helper(rpc: DevRpc, name: str, *args: Any, value: int = 0) -> Contract:
    """A new contract from tests/contracts/."""
    artifact = _artifact(name)
    inputs = [entry for entry in artifact.abi if entry["type"] == "constructor"]
    types = [item["type"] for entry in inputs for item in entry["inputs"]]
    code = artifact.bytecode + encode(types, args)
    receipt = rpc.send(None, code, sender=rpc.call("eth_accounts")[0], value=value)
    core = [artifacts.project()[part].abi for part in (*daos.PARTS, "DAOFactory")]
    address = to_checksum_address(receipt["contractAddress"])
    return Contract(rpc, address, Interface(artifact.abi, *core))


def admit(community: Community, wallet: str) -> int:
    """Admitted by an ADMITTER, Active at once, with 100 ether; the member's id."""
    community.rpc.fund(wallet)
    admit_many(community, [wallet])
    number: int = community.dao.membership.call("memberIdOf", wallet)
    return number


def admit_many(community: Community, wallets: Sequence[str]) -> None:
    """Admitted by an ADMITTER, Active at once."""
    admitter = grant(community, "ADMITTER", community.outsider.address)
    community.dao.membership.send("admitMany", wallets, CHARTER, sender=admitter)


def move_wallet(community: Community, member: int, wallet: str) -> Receipt:
    """A member's record, moved to another wallet by a SUCCESSION."""
    mover = grant(community, "SUCCESSION", community.outsider.address)
    return community.dao.membership.send("moveWallet", member, wallet, sender=mover)


def standing(community: Community, member: int) -> int:
    """Where a person stands, in full."""
    value: int = community.dao.lens.call("standingOf", community.dao.membership_address, member)
    return value


def credit(community: Community, member: int, points: int) -> None:
    """Whole points of merit, given by vote."""
    args = (member, points * POINT, 0, bytes(32))
    community.as_treasury(community.dao.membership, "credit", *args)


def contract_account(community: Community, owner: LocalAccount, mode: int = 0) -> Contract:
    """An ERC-1271 account; `mode` as in ContractAccount."""
    account = helper(community.rpc, "ContractAccount", owner.address)
    community.rpc.fund(account.address)
    if mode:
        account.send("setMode", mode, sender=account.address)
    return account


def tally(community: Community, proposal: ProposalDraft) -> tuple[int, int, int, int]:
    """Against, For, Abstain and people."""
    governor = community.dao.governor
    return (
        *governor.call("proposalVotes", proposal.id),
        governor.call("proposalTurnout", proposal.id),
    )


def state(community: Community, proposal: ProposalDraft) -> int:
    """IGovernor.ProposalState as of the latest block."""
    value: int = community.dao.governor.call("state", proposal.id)
    return value
