"""Whatever somebody without any right calls, with whatever arguments, the DAO stays as it is."""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import Any

import pytest

from mikoshi.chain.abi import Item
from mikoshi.chain.rpc import RevertedError, RpcError
from mikoshi.core.artifacts import project
from mikoshi.core.dao import PARTS
from mikoshi.testing.community import Community, found
from mikoshi.testing.defaults import CHARTER, ZERO
from mikoshi.testing.evm import Evm

Entry = dict[str, Any]

CALLS = 60
"""Of each function."""

TAKEN = {
    *("onERC721Received", "onERC1155Received", "onERC1155BatchReceived"),  # an answer
    "act", "lapse", "reclaim",  # nothing is due, and the stranger is no REWARDER
    "castVotesBySig",  # whose ballots are all refused
    "renounceRole", "setApprovalForAll",  # of what the stranger does not have
    "approve", "transfer", "transferFrom", "burn", "burnFrom",  # of no tokens
}  # fmt: skip
"""What is not refused. All else that changes anything must be."""


class Guesser:
    """Arguments that fit their types, this DAO's addresses and numbers among them."""

    def __init__(self, community: Community, proposal: int) -> None:
        dao = community.dao
        self._chance = Random(7)
        parts = (dao.treasury_address, dao.membership_address, dao.token_address)
        others = (dao.governor_address, community.outsider.address, ZERO)
        now = community.rpc.timestamp()
        numbers = (*range(8), 255, now, 2**24 - 1, 2**40 - 1, 2**256 - 1, proposal)
        self._choices: dict[str, tuple[Any, ...]] = {
            "address": (*community.wallets, *parts, *others),
            "uint": numbers,
            "bool": (False, True),
            "string": ("", "x" * 70),
            "bytes": (b"", bytes(4), bytes(65), b"\xa5" * 65),
            "bytes4": (bytes(4), b"\xa5" * 4),
            "bytes32": (bytes(32), CHARTER, b"\xa5" * 32),
        }

    def values(self, parameters: list[Entry]) -> list[Any]:
        """A value for each."""
        return [self._value(each["type"], each.get("components", [])) for each in parameters]

    def _value(self, kind: str, components: list[Entry]) -> Any:
        if kind.endswith("[]"):
            count = self._chance.choice((0, 1, 1, 2))
            return [self._value(kind[:-2], components) for _ in range(count)]
        if kind == "tuple":
            return self.values(components)
        if kind.startswith("uint"):
            return self._chance.choice(self._choices["uint"]) % 2 ** int(kind[4:])
        return self._chance.choice(self._choices[kind])


def state(community: Community, proposal: int) -> list[Any]:
    """What a stranger could gain or spoil."""
    dao = community.dao
    membership, governor, token, treasury = dao.membership, dao.governor, dao.token, dao.treasury
    about = ("walletOf", "statusOf", "stampOf", "meritOf")
    return [
        membership.call("census"),
        [membership.call(name, number) for name in about for number in range(8)],
        [membership.call("getVotes", wallet) for wallet in community.wallets],
        [part.call("settings") for part in (membership, governor, token)],
        [treasury.call(name) for name in ("governor", "guardianOffice", "stewardOffice")],
        [governor.call(name, proposal) for name in ("state", "proposalVotes", "proposalTurnout")],
        [token.call("totalSupply"), community.rpc.balance(dao.treasury_address)],
    ]


@pytest.mark.parametrize("transferable", [False, True])
def test_calls_of_a_stranger_change_nothing(transferable: bool) -> None:
    """Every function of the four parts that is not a view, from the ABI."""
    evm = Evm()
    community = found(evm, transferableTickets=transferable)  # type: ignore[arg-type]
    proposal = community.propose([(community.outsider.address, 1, b"")])
    community.open_voting(proposal)
    before = state(community, proposal.id)
    guesser = Guesser(community, proposal.id)
    taken: Counter[str] = Counter()
    dao, sender = community.dao, community.outsider.address
    parts = (dao.treasury, dao.membership, dao.token, dao.governor)
    for name, part in zip(PARTS, parts, strict=True):
        for entry in project()[name].abi:
            if entry["type"] == "function" and entry["stateMutability"] not in ("view", "pure"):
                item = Item(entry["name"], entry["inputs"], entry["outputs"])
                for _ in range(CALLS):
                    call = item.encode(guesser.values(item.inputs))
                    taken[item.name] += is_taken(evm, part.address, call, sender)
    assert {name for name, times in taken.items() if times} <= TAKEN
    assert taken.total() > len(taken) * CALLS // 10  # the guesses are none too wild
    assert state(community, proposal.id) == before


def is_taken(evm: Evm, part: str, call: bytes, sender: str) -> bool:
    """Whether a call is not refused, as sent."""
    try:
        evm.send(part, call, sender=sender, gas=3_000_000)
    except (RevertedError, RpcError):
        return False
    return True
