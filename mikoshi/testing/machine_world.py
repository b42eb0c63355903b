"""A DAO on a chain beside its model: every call goes to both, and both must say the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from eth_utils.address import to_checksum_address

from mikoshi.chain.abi import Event, Interface, Revert
from mikoshi.chain.contract import Contract, ContractRevertedError
from mikoshi.chain.node import DevRpc
from mikoshi.chain.rpc import RevertedError, RpcError, transaction
from mikoshi.core import artifacts
from mikoshi.core import dao as daos
from mikoshi.core.artifacts import Artifact
from mikoshi.replay.dao import RebuiltDao
from mikoshi.replay.logs import Log
from mikoshi.replay.voice import Voice
from mikoshi.testing.defaults import DAY, POINT, VOICE, params
from mikoshi.testing.evm import Evm
from mikoshi.testing.machine_actors import STAND_IN, WALLETS, Actor, Signatures, human, wallet
from mikoshi.testing.model.dao import DaoModel
from mikoshi.testing.model.refusal import Refusal
from mikoshi.testing.model.state import ADMITTER, MINTER, PURSE, REWARDER, SUCCESSION
from mikoshi.testing.model.treasury import Inner

DevChain = Evm | DevRpc
START = 1_800_000_000
PARTS = ("treasury", "membership", "token", "governor")
STAND_IN_ADDRESS = to_checksum_address("0x" + "a1" * 20)
PAYEES = tuple(to_checksum_address(f"0x{number:040x}") for number in (0xE001, 0xE002))
OZ_DELEGATE_BY_SIG = "delegateBySig(address,uint256,uint256,uint8,bytes32,bytes32)"
DELEGATE_BY_SIG = "delegateBySig(address,address,uint256,bytes)"
RETURNS = {"lapse", "reclaim", "act", "transfer", "castVote", "castVoteWithReason"}
"""Functions whose result is read before they are sent."""


@dataclass(frozen=True)
class Setup:
    """A community to found: its parameters beside the defaults, and its first members."""

    name: str
    founders: int
    changes: Mapping[str, Any] = field(default_factory=dict)
    t0_ahead: int = 0


def _governor(**changes: int) -> dict[str, int]:
    settings: dict[str, int] = params(0)["governor"]
    return settings | changes


def _people(**changes: int) -> dict[str, int]:
    settings: dict[str, int] = params(0)["membership"]
    return settings | changes


SETUPS = {
    "soulbound": Setup("soulbound", 5),
    "transferable": Setup(
        "transferable",
        4,
        {
            "transferableTickets": True,
            "voice": {"t0": 0, "halfLife": 90 * DAY, "base": 3 * VOICE, "k": 10 * POINT},
            "governor": _governor(thresholdBps=0, quorumBps=1_000, voiceCapBps=5_000),
            "token": {"epochCap": 1_000 * POINT, "transferable": False},
            "membership": _people(stewardCap=1, meritCap=250_000, meritCapPerMember=200_000),
        },
        t0_ahead=DAY - 1,
    ),
    "equal": Setup(
        "equal",
        1,
        {
            "voice": {"t0": 0, "halfLife": 3_650 * DAY, "base": VOICE, "k": 0},
            "governor": _governor(thresholdBps=5_000, quorumBps=6_000, liveProposals=1),
            "membership": _people(stewardCap=1),
        },
    ),
}


class MachineWorld:
    """One DAO, its people, and the model that says what must happen.

    `coverage` counts calls by (function, outcome), ballots and proposals by ("ballot", result) and
    ("state", state); `steps` calls made in all.
    """

    def __init__(
        self, chain: DevChain, setup: Setup, contracts: Mapping[str, Artifact] | None = None
    ) -> None:
        self.chain = chain
        self.setup = setup
        self.people = [human(number) for number in range(1, 13)]
        self.wallets = [wallet(kind) for kind in WALLETS]
        names = ("admitter", "rewarder", "minter", "purse", "succession", "guardian", "steward")
        self.officers = {n: human(100 + i) for i, n in enumerate((*names, "stranger"))}
        self.everyone = [*self.people, *self.wallets, *self.officers.values()]
        self.by_address = {actor.address: actor for actor in self.everyone}
        self.coverage: Counter[tuple[str, str]] = Counter()
        self.params = self._params()
        self.dao = self._found(contracts)
        addresses = {part: getattr(self.dao, f"{part}_address") for part in PARTS}
        self.signatures = Signatures(chain.chain_id(), addresses)
        self.addresses = addresses
        coded = {*addresses.values(), STAND_IN_ADDRESS, *(w.address for w in self.wallets)}
        self.model = DaoModel(
            self.params,
            addresses,
            self.founded,
            self.signatures.find,
            coded.__contains__,
            2 * 0x3F480,
        )
        self.log: list[str] = []
        self.events: list[Event] = []
        self.turn = 0
        self.steps = 0
        self.busy = False
        self.credits = 0
        self.seen: dict[int, int] = {}
        self._past: dict[tuple[int, int], int] = {}
        self.heard: list[Log] = []
        self._told: RebuiltDao | None = None
        self._hear(self.creation)
        self.model.environment.state.ether[addresses["treasury"]] = 100 * 10**18
        self._appoint()
        self._base = chain.snapshot()
        self._saved = self.model.save()
        self._begun = len(self.heard)

    # Set-up

    def _params(self) -> dict[str, Any]:
        changes = dict(self.setup.changes)
        t0 = START + self.setup.t0_ahead
        voice = changes.pop("voice", params(0)["voice"]) | {"t0": t0}
        until = START + 300 * DAY
        offices = {n: {"holder": self.officers[n].address, "until": until} for n in _OFFICES}
        grants = [{"account": self.people[0].address, "amount": 50 * POINT}]
        founders = [actor.address for actor in self.people[: self.setup.founders]]
        return params(t0, founders, voice=voice, grants=grants, **offices, **changes)

    def _found(self, contracts: Mapping[str, Artifact] | None) -> daos.Dao:
        chain = self.chain
        if isinstance(chain, DevRpc):
            chain.call("anvil_autoImpersonateAccount", True)
            chain.call("anvil_setBlockTimestampInterval", 0)
        chain.fund(*(actor.address for actor in self.everyone), wei=10**24)
        for actor in self.wallets:
            chain.call("anvil_setCode", actor.address, "0x" + WALLETS[actor.kind])
        chain.call("anvil_setCode", STAND_IN_ADDRESS, "0x" + STAND_IN)
        sender = self.officers["stranger"].address
        factory = daos.deploy_shared(chain, sender, contracts)
        self.founded = chain.timestamp()
        receipt = factory.send("create", self.params, [], bytes(32), sender=sender)
        args = receipt.only("DAOCreated").args
        addresses = {f"{part}_address": args[part] for part in PARTS}
        dao = daos.Dao(chain, **addresses, contracts=contracts)
        abis = contracts or artifacts.project()
        names = zip(addresses.values(), daos.PARTS, strict=True)
        self._own = {address: Interface(abis[name].abi) for address, name in names}
        self.creation = self.decode(receipt.raw["logs"])
        chain.fund(dao.treasury_address)
        return dao

    def _appoint(self) -> None:
        chain = self.chain
        if isinstance(chain, Evm):  # contracts that will send: made ready before the snapshot
            for address in (self.dao.treasury_address, *(w.address for w in self.wallets)):
                chain.send(PAYEES[0], sender=address)
        for name, role in _ROLES.items():
            self.send("treasury", "grantRole", self.treasury, role, self.officers[name].address)
        self.send("token", "setKindCap", self.treasury, 1, 100 * POINT)

    @property
    def treasury(self) -> str:
        """The Treasury's address."""
        return str(self.addresses["treasury"])

    def reset(self) -> None:
        """Everything as it was at the beginning."""
        self.chain.revert(self._base)
        self._base = self.chain.snapshot()
        self.model.restore(self._saved)
        self._forget(self._begun)
        self.credits = self.turn = 0
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
            self._forget(heard)
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

    def contract(self, part: str) -> Contract:
        """A part of the DAO."""
        found: Contract = getattr(self.dao, part)
        return found

    def send(
        self,
        part: str,
        name: str,
        sender: str,
        *args: Any,
        raw: Sequence[Any] | None = None,
        signature: str | None = None,
        value: int = 0,
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
        self.credits += name in ("credit", "creditMany", "execute")
        refusal: Refusal | None = None
        try:
            result = self.model.transact(part, name, sender, *args)
            if value:
                self.model.transact("treasury", "receive", sender, value)
        except Refusal as error:
            refusal, result = error, None
        try:
            if name in RETURNS and refusal is None:
                returned = contract.call(function, *plain, sender=sender)
                self._check_result(what, name, returned, result)
            data = contract.data(function, *plain)
            receipt = self._sent(contract.address, data, sender, value)
        except (RpcError, RevertedError) as error:
            outcome = self._check_refusal(what, refusal, error)
            self.coverage[name, outcome] += 1
            return outcome, None
        except ContractRevertedError as error:
            raise AssertionError(f"{what}: was refused with {error.revert}") from error
        assert refusal is None, f"{what}: was accepted; it must be refused with {refusal}"
        self.coverage[name, "ok"] += 1
        self.events = self.decode(receipt["logs"])
        self._hear(self.events)
        return "ok", result

    def _sent(self, to: str, data: bytes, sender: str, value: int) -> dict[str, Any]:
        try:
            return self.chain.send(to, data, sender=sender, value=value)
        finally:
            if sender == self.treasury:  # a node makes it pay for gas, which no vote could
                held = self.model.state.ether[self.treasury]
                self.chain.fund(self.treasury, wei=held)

    def decode(self, logs: Sequence[Mapping[str, Any]]) -> list[Event]:
        """The events of the DAO's own parts."""
        found = ((self._own.get(to_checksum_address(log["address"])), log) for log in logs)
        decoded = (own.decode_log(log) for own, log in found if own)
        return [event for event in decoded if event is not None]

    def _who(self, address: str) -> str:
        actor = self.by_address.get(address)
        return (
            actor.name
            if actor
            else next((part for part, a in self.addresses.items() if a == address), address)
        )

    def _check_result(self, what: str, name: str, returned: Any, result: Any) -> None:
        if name.startswith("castVote"):
            assert abs(returned - result) <= 1 + result // 10**12, (
                f"{what}: weighs {returned}, the model says {result}"
            )
            return
        assert returned == result, f"{what}: returns {returned}, the model says {result}"

    def _check_refusal(
        self, what: str, refusal: Refusal | None, error: RpcError | RevertedError
    ) -> str:
        if isinstance(error, RpcError) and not error.data and "revert" not in error.message:
            raise error
        revert = self.dao.treasury.interface.decode_revert(error.data or b"")
        shown = revert or str(error)
        assert refusal is not None, f"{what}: was refused with {shown}"
        for choice in refusal.choices:
            if self._is(revert, choice):
                return str(choice[0])
        raise AssertionError(f"{what}: {shown}, the model says {refusal}")

    def _is(self, revert: Revert | None, choice: Sequence[Any]) -> bool:
        if revert is None or revert.name != choice[0] or len(revert.args) != len(choice) - 1:
            return False
        return all(
            self._same(actual, expected)
            for actual, expected in zip(revert.args, choice[1:], strict=True)
        )

    def _same(self, actual: Any, expected: Any) -> bool:
        if not isinstance(expected, Inner):
            return bool(expected == actual)
        if expected.refusal is None:
            return bool(actual == b"")
        revert = self.dao.treasury.interface.decode_revert(actual)
        return any(self._is(revert, choice) for choice in expected.refusal.choices)

    # Reading

    def _hear(self, events: Iterable[Event]) -> None:
        now = self.now
        self.heard += [Log(event, 0, 0, now, "") for event in events]

    def _forget(self, length: int) -> None:
        """All but the first events that were heard."""
        del self.heard[length:]
        if self._told is not None and self._told.events > length:
            self._told = None

    def rebuilt(self) -> RebuiltDao:
        """The DAO as its events tell it."""
        told = self._told
        if told is None:
            voice = Voice.of_params(self.params["voice"])
            told = self._told = RebuiltDao.empty(self.dao, voice, 0)
        told.take(self.heard[told.events :])
        return told

    def unchanged(self, key: tuple[int, int], expected: Any) -> Callable[[Any], bool]:
        """What is expected of a past value: as the model says, and as it was read before."""

        def same(actual: Any) -> bool:
            return bool(expected == actual and self._past.setdefault(key, actual) == actual)

        return same

    def read(self, part: str, name: str, *args: Any) -> Any:
        """What a view returns now."""
        return self.contract(part).call(name, *args)

    def read_many(self, calls: Sequence[tuple[Any, ...]]) -> list[Any]:
        """What many views return, (part, function, arguments …) each; None for a revert."""
        questions = [(self.addresses[call[0]], self._question(call)) for call in calls]
        chain = self.chain
        answers: list[Any]
        if isinstance(chain, DevRpc):
            requests = [("eth_call", (transaction(to, data), "latest")) for to, data in questions]
            answers = chain.batch(requests)
        else:
            answers = [_quiet(chain, to, data) for to, data in questions]
        return [
            None if isinstance(answer, RpcError) else self._answer(call[0], call[1], answer)
            for answer, call in zip(answers, calls, strict=True)
        ]

    @lru_cache(maxsize=100_000)  # noqa: B019 (a few worlds live as long as the tests)
    def _question(self, call: tuple[Any, ...]) -> bytes:
        """The data of a call; the same views are asked again and again."""
        return self.contract(call[0]).data(call[1], *call[2:])

    @lru_cache(maxsize=100_000)  # noqa: B019
    def _answer(self, part: str, name: str, answer: str | bytes) -> Any:
        """What an answer means; most are the same as last time."""
        data = answer if isinstance(answer, bytes) else bytes.fromhex(answer[2:])
        return self.contract(part).interface.decode_output(name, data)

    def outcomes(self) -> str:
        """The coverage as a table."""
        rows: dict[str, list[str]] = {}
        for (name, outcome), count in sorted(self.coverage.items()):
            rows.setdefault(name, []).append(f"{outcome} {count}")
        return "\n".join(f"{name}: {', '.join(found)}" for name, found in rows.items())

    def actor(self, address: str) -> Actor:
        """Who has this address."""
        return self.by_address[address]


def _quiet(chain: Evm, to: str, data: bytes) -> bytes | RpcError:
    try:
        return chain.read(to, data)
    except RpcError as error:
        return error


_OFFICES = ("guardian", "steward")
_ROLES = {
    "admitter": ADMITTER,
    "rewarder": REWARDER,
    "minter": MINTER,
    "purse": PURSE,
    "succession": SUCCESSION,
}
