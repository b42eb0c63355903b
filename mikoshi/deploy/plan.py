"""What a deployment will do, known before anything is sent: steps, addresses, cost, offices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from mikoshi.chain.accounts import NodeAccount
from mikoshi.chain.contract import Contract, Snapshot
from mikoshi.chain.refusals import GAS_CAP, Fees
from mikoshi.chain.rpc import Rpc, RpcError, transaction
from mikoshi.chain.sender import Sender
from mikoshi.config.model import Config
from mikoshi.core import artifacts
from mikoshi.core.artifacts import Artifact
from mikoshi.core.dao import DEPLOYMENT_PROXY, Deployment, interface, shared_deployments
from mikoshi.core.manifest import Manifest
from mikoshi.core.modules import used_deployments
from mikoshi.deploy import refusals
from mikoshi.deploy.creations import CREATE, twin_of
from mikoshi.deploy.journal import Journal
from mikoshi.deploy.target import aligned, find_target
from mikoshi.members.admission import BATCH, CALL_GAS, MEMBER_GAS
from mikoshi.members.rights import right_to_admit
from mikoshi.text.errors import NotNowError
from mikoshi.text.people import ZERO_ADDRESS

ADMIT = "admit"

_SALT = bytes(32)
# Gas where it cannot be estimated yet; measured on anvil, and rounded up.
_DEPLOY_GAS, _CREATE_GAS, _MEMBER_GAS, _GRANT_GAS = 60_000, 500_000, 58_000, 52_000


@dataclass(frozen=True)
class DeployStep:
    """A transaction: what for, to whom, with what data, and about how much gas it takes.

    `makes` is the address that has code afterwards, if any, and `admits` are members afterwards.
    """

    name: str
    to: str
    data: bytes
    gas: int
    makes: str | None = None
    admits: tuple[str, ...] = ()
    json: ClassVar[str] = "name gas"


@dataclass
class DeployPlan:
    """A deployment, planned at `block`. `created` says whether the DAO is on the chain already.

    `present` are the shared contracts that the chain has, `absent` those that `steps` will bring.
    `later` are members for whom the steward must run `members admit`; `fees` are those of now.
    `twin` is a DAO of the same name, charter and members that the chain has beside the one planned.
    """

    manifest: Manifest
    created: bool
    present: list[str]
    absent: list[str]
    steps: list[DeployStep]
    fees: Fees
    sender: str | None = None
    later: list[str] = field(default_factory=list)
    twin: Manifest | None = None
    block: int = 0
    json: ClassVar[str] = (
        "name=manifest.name chain_id=manifest.chain_id created shared_present=present "
        "shared_absent=absent steps gas cost_wei=cost:str needed_wei=needed:str "
        "addresses=manifest.addresses shared=manifest.shared config_hash=manifest.config_hash "
        "t0=manifest.t0 first_members=manifest.params.members:len "
        "members_to_admit_later=later:len guardian=manifest.params.guardian "
        "steward=manifest.params.steward twin"
    )

    @property
    def gas(self) -> int:
        """Gas of all steps, about."""
        return sum(step.gas for step in self.steps)

    @property
    def cost(self) -> int:
        """What the steps cost at the fees of now, about. Wei."""
        return self.gas * self.fees.expected

    @property
    def needed(self) -> int:
        """What the account must have, so that the steps do not stop in the middle. Wei."""
        return self.gas * self.fees.max_fee


def make_plan(
    config: Config,
    rpc: Rpc,
    journal: Journal,
    sender: Sender | None = None,
    live: bool = True,
    contracts: Mapping[str, Artifact] | None = None,
) -> DeployPlan:
    """What `perform` would do with `sender`, if that is known; nothing is sent or written.

    Raises BadInputError, ChainError, RpcError and UnreachableError.
    """
    contracts = contracts or artifacts.project()
    manifest, created = find_target(config, rpc, journal, live, contracts)
    shared = used_deployments(manifest.modules, contracts) + shared_deployments(contracts)
    deployments = [] if created else shared
    codes = [rpc.code(each.address) for each in deployments]
    for each, code in zip(deployments, codes, strict=True):
        if code and not contracts[each.name].is_code_of(code):
            raise refusals.other_code(each)
    lacking = [each for each, code in zip(deployments, codes, strict=True) if not code]
    if lacking and not rpc.code(DEPLOYMENT_PROXY):
        raise refusals.no_proxy(manifest.chain_id)
    steps = [_shared_step(each, contracts[each.name]) for each in lacking]
    address, file = (sender.address if sender else None), config.source.name
    if not created:
        steps.append(_creation(manifest, rpc, file, address, estimate=not lacking))
    waiting = _waiting(config, manifest, rpc, created)
    now, later = _admitted_by(address, waiting, manifest, rpc, created, file)
    places = {wallet: place for place, wallet in enumerate(config.params(0)["members"], 1)}
    admissions = _admissions(manifest, now, places)
    absent = [each.name for each in lacking]
    present = [each.name for each in deployments if each.name not in absent]
    steps += admissions
    pricing = sender or Sender(rpc, NodeAccount("", ZERO_ADDRESS))
    fees = pricing.fees()
    twin = None if created or lacking else twin_of(config, rpc, manifest, contracts)
    return DeployPlan(
        manifest, created, present, absent, steps, fees, address, later, twin, pricing.block
    )


def _shared_step(deployment: Deployment, artifact: Artifact) -> DeployStep:
    """One of the contracts that all DAOs of a chain share."""
    data = _SALT + deployment.initcode
    calldata = sum(16 if byte else 4 for byte in data)
    words = -(-len(deployment.initcode) // 32)
    gas = 21_000 + calldata + 2 * words + 32_000 + 200 * len(artifact.runtime) + _DEPLOY_GAS
    return DeployStep(deployment.name, DEPLOYMENT_PROXY, data, gas, deployment.address)


def _creation(
    manifest: Manifest, rpc: Rpc, file: str, sender: str | None, estimate: bool
) -> DeployStep:
    """The transaction that makes the DAO."""
    factory = Contract(rpc, manifest.shared["DAOFactory"], interface())
    params, modules = manifest.params, manifest.modules
    data = factory.data("create", params, modules, manifest.salt)
    gas = _CREATE_GAS + _MEMBER_GAS * len(params["members"]) + _GRANT_GAS * len(params["grants"])
    if estimate:
        request = transaction(factory.address, data, sender or ZERO_ADDRESS)
        try:
            gas = int(rpc.call("eth_estimateGas", request), 16)
        except RpcError as error:
            if error.data:
                raise refusals.refused(factory, error, file, rpc.timestamp()) from error
            raise
    if gas > GAS_CAP:
        raise refusals.too_large(gas)
    return DeployStep(CREATE, factory.address, data, gas, manifest.addresses["treasury"])


def _waiting(config: Config, manifest: Manifest, rpc: Rpc, created: bool) -> list[str]:
    """Members of dao.toml for whom the creation has no room, and who are not admitted yet."""
    _, rest = aligned(config, manifest)
    if not rest or not created:
        return rest
    membership = manifest.dao(rpc).membership
    ids = Snapshot(rpc).ask((membership, "memberIdOf", (wallet,)) for wallet in rest)
    return [wallet for wallet, number in zip(rest, ids, strict=True) if not number]


def _admitted_by(
    sender: str | None,
    wallets: list[str],
    manifest: Manifest,
    rpc: Rpc,
    created: bool,
    file: str,
) -> tuple[list[str], list[str]]:
    """Whom `sender` can admit now, as the steward, and who is left for others or for later."""
    steward = manifest.params["steward"]["holder"]
    if not wallets:
        return [], []
    if created:
        if sender is None or sender.lower() != steward.lower():
            return [], wallets
        try:
            right = right_to_admit(rpc, manifest.dao(rpc), sender, manifest.block or 0)
        except NotNowError:  # the term is over: `members admit` says who may
            return [], wallets
        return wallets[: right.limit], wallets[right.limit :] if right.limit is not None else []
    cap = manifest.params["membership"]["stewardCap"]
    if steward == ZERO_ADDRESS:
        raise refusals.nobody_admits(len(wallets), file)
    if len(wallets) > cap:
        raise refusals.beyond_cap(len(wallets), cap)
    return (wallets, []) if sender and sender.lower() == steward.lower() else ([], wallets)


def _admissions(
    manifest: Manifest, wallets: Sequence[str], places: Mapping[str, int]
) -> list[DeployStep]:
    """Transactions that admit `wallets`; `places` are theirs in the list of dao.toml."""
    membership, charter = manifest.addresses["membership"], manifest.params["charterHash"]
    steps = []
    for first in range(0, len(wallets), BATCH):
        batch = list(wallets[first : first + BATCH])
        data = interface().encode("admitMany", batch, charter)
        name = f"{ADMIT} {places[batch[0]]}–{places[batch[-1]]}"
        gas = CALL_GAS + MEMBER_GAS * len(batch)
        steps.append(DeployStep(name, membership, data, gas, admits=tuple(batch)))
    return steps
