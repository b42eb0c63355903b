"""Reading a DAO: its parts, the lens beside the Membership, many views at once, its events."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Any

from mikoshi.chain.abi import Event, Interface, checksummed
from mikoshi.chain.contract import Contract
from mikoshi.chain.node import DevRpc
from mikoshi.chain.rpc import RpcError, transaction
from mikoshi.core import artifacts
from mikoshi.core import dao as daos
from mikoshi.core.artifacts import Artifact
from mikoshi.replay.dao import RebuiltDao
from mikoshi.replay.logs import Log
from mikoshi.replay.voice import Voice
from mikoshi.testing.evm import Evm

DevChain = Evm | DevRpc
PARTS = ("treasury", "membership", "token", "governor")


_KEPT = 64
"""Events from one kept state to the next."""


class Views:
    """What can be asked of a DAO on a chain, and what it has told."""

    def __init__(
        self, chain: DevChain, dao: daos.Dao, contracts: Mapping[str, Artifact] | None
    ) -> None:
        self.chain = chain
        self.dao = dao
        self.addresses = {part: getattr(dao, f"{part}_address") for part in PARTS}
        abis = contracts or artifacts.project()
        names = zip(self.addresses.values(), daos.PARTS, strict=True)
        self._own = {address: Interface(abis[name].abi) for address, name in names}
        self._lens_interface = Interface(abis["MembershipLens"].abi)
        self._of_lens = {
            entry["name"] for entry in abis["MembershipLens"].abi if entry["type"] == "function"
        }
        self.heard: list[Log] = []
        self._told: RebuiltDao | None = None
        self._past: dict[tuple[int, int], int] = {}

    # Parts

    def contract(self, part: str) -> Contract:
        """A part of the DAO."""
        found: Contract = getattr(self.dao, part)
        return found

    @cached_property
    def lens(self) -> Contract:
        """The lens that the Membership names."""
        address = self.dao.membership.call("lens")
        return Contract(self.chain, address, self._lens_interface)

    @property
    def treasury(self) -> str:
        """The Treasury's address."""
        return str(self.addresses["treasury"])

    # Views

    def read(self, part: str, name: str, *args: Any) -> Any:
        """What a view returns now. Raises RpcError."""
        if part == "membership" and name in self._of_lens:
            return self.lens.call(name, self.addresses[part], *args)
        return self.contract(part).call(name, *args)

    def read_many(self, calls: Sequence[tuple[Any, ...]]) -> list[Any]:
        """What many views return, (part, function, arguments …) each; None for a revert."""
        questions = [self._question(call) for call in calls]
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

    def balances(self, accounts: Sequence[str]) -> list[int]:
        """Wei of each account."""
        chain = self.chain
        if isinstance(chain, DevRpc):
            asked = [("eth_getBalance", (account, "latest")) for account in accounts]
            return [int(str(answer), 16) for answer in chain.batch(asked)]
        return [chain.balance(account) for account in accounts]

    @lru_cache(maxsize=100_000)  # noqa: B019 (a few worlds live as long as the tests)
    def _question(self, call: tuple[Any, ...]) -> tuple[str, bytes]:
        """Address and data of a call; the same views are asked again and again."""
        part, name, *args = call
        if part == "membership" and name in self._of_lens:
            return self.lens.address, self.lens.data(name, self.addresses[part], *args)
        return self.addresses[part], self.contract(part).data(name, *args)

    @lru_cache(maxsize=100_000)  # noqa: B019
    def _answer(self, part: str, name: str, answer: str | bytes) -> Any:
        """What an answer means; most are the same as last time."""
        data = answer if isinstance(answer, bytes) else bytes.fromhex(answer[2:])
        lens = part == "membership" and name in self._of_lens
        interface = self._lens_interface if lens else self.contract(part).interface
        return interface.decode_output(name, data)

    def unchanged(self, key: tuple[int, int], expected: Any) -> Callable[[Any], bool]:
        """What is expected of a past value: as the model says, and as it was read before."""

        def same(actual: Any) -> bool:
            return bool(expected == actual and self._past.setdefault(key, actual) == actual)

        return same

    # Events

    def decode(self, logs: Sequence[Mapping[str, Any]]) -> list[Event]:
        """The events of the DAO's own parts."""
        found = ((self._own.get(checksummed(log["address"])), log) for log in logs)
        decoded = (own.decode_log(log) for own, log in found if own)
        return [event for event in decoded if event is not None]

    def hear(self, events: Iterable[Event], now: int) -> None:
        """Keep events for the replay."""
        self.heard += [Log(event, 0, 0, now, "") for event in events]

    def forget(self, length: int) -> None:
        """All but the first events that were heard."""
        del self.heard[length:]
        if self._told is not None and self._told.events > length:
            self._told = None

    def rebuilt(self, params: Mapping[str, Any]) -> RebuiltDao:
        """The DAO founded with `params`, as its events tell it; now and then from a kept state."""
        voice = Voice.of_params(params["voice"])
        told = self._told or RebuiltDao.empty(self.dao, voice, 0)
        before = told.events
        told.take(self.heard[before:])
        if told.events // _KEPT != before // _KEPT:
            told = RebuiltDao.restored(self.dao, voice, told.state(), told.logs)
        self._told = told
        return told


def _quiet(chain: Evm, to: str, data: bytes) -> bytes | RpcError:
    try:
        return chain.read(to, data)
    except RpcError as error:
        return error
