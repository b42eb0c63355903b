"""A DAO on a chain beside its model: every call goes to both, and both must say the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from mikoshi.chain.abi import Event
from mikoshi.chain.contract import ContractRevertedError
from mikoshi.chain.node import DevRpc
from mikoshi.chain.rpc import RevertedError, RpcError
from mikoshi.core import dao as daos
from mikoshi.core.artifacts import Artifact
from mikoshi.testing.defaults import DAY, POINT
from mikoshi.testing.evm import Evm
from mikoshi.testing.machine_actors import STAND_IN, WALLETS, Actor, Signatures, human, wallet
from mikoshi.testing.machine_compare import check_refusal, check_result, settle_credits
from mikoshi.testing.machine_setups import (
    DELEGATED,
    DELEGATION,
    OFFICERS,
    PAYEES,
    ROLES,
    STAND_INS,
    Setup,
)
from mikoshi.testing.machine_views import PARTS, DevChain, Views
from mikoshi.testing.machine_watch import EventWatch
from mikoshi.testing.model.dao import DaoModel
from mikoshi.testing.model.refusal import Refusal
from mikoshi.testing.model.state import ANSWER

OZ_DELEGATE_BY_SIG = "delegateBySig(address,uint256,uint256,uint8,bytes32,bytes32)"
DELEGATE_BY_SIG = "delegateBySig(address,address,uint256,bytes)"
RETURNS = {"lapse", "reclaim", "act", "transfer", "castVote", "castVoteWithReason"}
"""Functions whose result is read before they are sent."""


class MachineWorld(Views):
    """One DAO, its people, and the model that says what must happen.

    `coverage` counts calls by (function, outcome), ballots and proposals by ("ballot", result) and
    ("state", state); `steps` calls made in all. Where it is `sparing`, cards are read now and then.
    """

    def __init__(
        self, chain: DevChain, setup: Setup, contracts: Mapping[str, Artifact] | None = None
    ) -> None:
        self.setup = setup
        self.people = [human(number) for number in range(1, max(13, setup.founders + 9))]
        self.wallets = [wallet(kind) for kind in WALLETS]
        self.officers = {n: human(100 + i) for i, n in enumerate(OFFICERS)}
        self.everyone = [*self.people, *self.wallets, *self.officers.values()]
        self.by_address = {actor.address: actor for actor in self.everyone}
        self.coverage: Counter[tuple[str, str]] = Counter()
        self.params = setup.params(self.people, self.officers)
        dao, logs = self._found(chain, contracts)
        super().__init__(chain, dao, contracts)
        self.signatures = Signatures(chain.chain_id(), self.addresses)
        coded = (
            *self.addresses.values(),
            *STAND_INS,
            DELEGATED,
            *(w.address for w in self.wallets),
        )
        codes = {address: chain.code(address) for address in coded}
        self.model = DaoModel(
            self.params,
            self.addresses,
            self.founded,
            self.signatures.find,
            lambda address: codes.get(address, b""),
        )
        self.log: list[str] = []
        self.events: list[Event] = []
        self.turn = 0
        self.steps = 0
        self.busy = False
        self.sparing = False
        self.seen: dict[int, int] = {}
        self.hear(self.decode(logs), self.now)
        self.model.environment.state.ether[self.treasury] = 100 * 10**18
        self._appoint()
        self._base = chain.snapshot()
        self._saved = self.model.save()
        self._begun = len(self.heard)

    # Set-up

    def _found(
        self, chain: DevChain, contracts: Mapping[str, Artifact] | None
    ) -> tuple[daos.Dao, list[dict[str, Any]]]:
        if isinstance(chain, DevRpc):
            chain.call("anvil_autoImpersonateAccount", True)
            chain.call("anvil_setBlockTimestampInterval", 0)
        chain.fund(*(actor.address for actor in self.everyone), wei=10**24)
        for actor in self.wallets:
            chain.call("anvil_setCode", actor.address, "0x" + WALLETS[actor.kind])
        for address in STAND_INS:
            chain.call("anvil_setCode", address, "0x" + STAND_IN)
        chain.call("anvil_setCode", DELEGATED, "0x" + DELEGATION)
        sender = self.officers["stranger"].address
        factory = daos.deploy_shared(chain, sender, contracts)
        self.founded = chain.timestamp()
        receipt = factory.send("create", self.params, [], bytes(32), sender=sender)
        args = receipt.only("DAOCreated").args
        addresses = {f"{part}_address": args[part] for part in PARTS}
        dao = daos.Dao(chain, **addresses, contracts=contracts)
        chain.fund(dao.treasury_address)
        return dao, receipt.raw["logs"]

    def _appoint(self) -> None:
        chain = self.chain
        if isinstance(chain, Evm):  # contracts that will send: made ready before the snapshot
            for address in (self.dao.treasury_address, *(w.address for w in self.wallets)):
                chain.send(PAYEES[0], sender=address)
        for name, role in ROLES.items():
            self.send("treasury", "grantRole", self.treasury, role, self.officers[name].address)
        self.send("token", "setKindCap", self.treasury, 1, 100 * POINT)
        if not self.setup.at_once:
            self.warp_to(self.now + ANSWER + DAY)

    def reset(self) -> None:
        """Everything as it was at the beginning."""
        self.chain.revert(self._base)
        self._base = self.chain.snapshot()
        self.model.restore(self._saved)
        self.forget(self._begun)
        self.turn = 0
        self.seen.clear()
        self._past.clear()
        self.log = []

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Undo at the end, on both, whatever happens inside."""
        snapshot, saved, heard = self.chain.snapshot(), self.model.save(), len(self.heard)
        seen, past = dict(self.seen), dict(self._past)
        try:
            yield
        finally:
            self.chain.revert(snapshot)
            self.model.restore(saved)
            self.forget(heard)
            self.seen, self._past = seen, past

    # Time

    @property
    def now(self) -> int:
        """Unix seconds."""
        return self.model.now

    def warp_to(self, time: int) -> None:
        """Let time pass for both."""
        if time > self.now:
            self.busy = True
            self.chain.warp_to(time)
            self.model.environment.now = time

    # Calls

    def send(
        self,
        part: str,
        name: str,
        sender: str,
        *args: Any,
        raw: Sequence[Any] | None = None,
        signature: str | None = None,
    ) -> tuple[str, Any]:
        """A transaction on both: "ok" and the model's result, or the error's name and None.

        `raw` are the contract's arguments where they differ from the model's; `signature` the
        function where its name does. Raises AssertionError if the two do not agree.
        """
        plain = args if raw is None else raw
        contract, function = self.contract(part), signature or name
        what = f"{part}.{name}{args} by {self._who(sender)} at {self.now}"
        self.log.append(what)
        self.busy = True
        self.events = []
        before, watch = self.model.state, None
        refusal: Refusal | None = None
        try:
            result = self.model.transact(part, name, sender, *args)
            watch = EventWatch(self, before)
        except Refusal as error:
            refusal, result = error, None
        try:
            if name in RETURNS and refusal is None:
                returned = contract.call(function, *plain, sender=sender)
                check_result(what, name, returned, result)
            receipt = self._sent(contract.address, contract.data(function, *plain), sender)
        except (RpcError, RevertedError) as error:
            outcome = check_refusal(self.dao.treasury.interface, what, refusal, error)
            self.coverage[name, outcome] += 1
            return outcome, None
        except ContractRevertedError as error:
            raise AssertionError(f"{what}: was refused with {error.revert}") from error
        assert refusal is None, f"{what}: was accepted; it must be refused with {refusal}"
        self.coverage[name, "ok"] += 1
        self.events = self.decode(receipt["logs"])
        self.hear(self.events, self.now)
        settle_credits(self.model, self.events)
        if watch:
            watch.check(self.events)
        return "ok", result

    def _sent(self, to: str, data: bytes, sender: str) -> dict[str, Any]:
        try:
            return self.chain.send(to, data, sender=sender)
        finally:
            if sender == self.treasury:  # a node makes it pay for gas, which no vote could
                held = self.model.state.ether[self.treasury]
                self.chain.fund(self.treasury, wei=held)

    def _who(self, address: str) -> str:
        actor = self.by_address.get(address)
        return (
            actor.name
            if actor
            else next((part for part, a in self.addresses.items() if a == address), address)
        )

    def actor(self, address: str) -> Actor:
        """Who has this address."""
        return self.by_address[address]
