"""Nodes whose answers about events do not fit together: asked again, told, and never stored."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from mikoshi.chain.abi import Interface
from mikoshi.chain.rpc import Rpc, transaction
from mikoshi.core import artifacts
from mikoshi.replay.logs import Log, stream_logs
from mikoshi.testing.community import FOR, Community
from mikoshi.text.errors import ChainError
from mikoshi.text.json import Json
from tests.support import refuses
from tests.tooling.indexing import built, dump, open_index
from tests.tooling.proxy import Call, FaultyRpc

Lie = Callable[[list[Json]], list[Json]]


@pytest.fixture
def voted(community: Community) -> Community:
    """Three ballots in one block, of three transactions."""
    rpc, governor = community.rpc, community.dao.governor
    proposal = community.propose([(community.wallets[0], 1, b"")])
    community.open_voting(proposal)
    rpc.call("evm_setAutomine", False)
    for wallet in community.wallets[:3]:
        data = governor.data("castVote", proposal.id, FOR)
        request = transaction(governor.address, data, wallet, gas=500_000)
        rpc.call("eth_sendTransaction", request)
    rpc.call("evm_mine")
    rpc.call("evm_setAutomine", True)
    return community


@pytest.fixture
def faulty(voted: Community) -> Iterator[FaultyRpc]:
    with FaultyRpc(voted.rpc.url) as proxy:
        yield proxy


@pytest.fixture
def line(faulty: FaultyRpc) -> Iterator[Rpc]:
    with Rpc(faulty.url) as connection:
        yield connection


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "index.sqlite"


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mikoshi.replay.logs._PAUSE", 0)


def lie(faulty: FaultyRpc, change: Lie, times: int = 10**9) -> None:
    """The next answers about logs are told otherwise."""
    left = [times]

    def hook(call: Call) -> Json:
        logs = call.forward()
        left[0] -= 1
        return change(logs) if left[0] >= 0 else logs

    faulty.on("eth_getLogs", hook)


def anew(logs: list[Json]) -> list[Json]:
    """Counted in each transaction from 0 on."""
    first: dict[str, int] = {}
    for log in logs:
        place = int(log["logIndex"], 16)
        first[log["transactionHash"]] = min(place, first.get(log["transactionHash"], place))
    return [
        log | {"logIndex": hex(int(log["logIndex"], 16) - first[log["transactionHash"]])}
        for log in logs
    ]


def turned(logs: list[Json]) -> list[Json]:
    """The transactions of a block in the wrong order, at places that are all different."""
    last: dict[str, int] = {}
    for log in logs:
        turn = int(log["transactionIndex"], 16)
        last[log["blockHash"]] = max(turn, last.get(log["blockHash"], turn))
    return [
        log | {"logIndex": hex(int(log["logIndex"], 16) + 99 * (last[log["blockHash"]] - turn))}
        for log in logs
        for turn in [int(log["transactionIndex"], 16)]
    ]


def each(**changes: Json) -> Lie:
    return lambda logs: [log | changes for log in logs]


def zero(logs: list[Json]) -> list[Json]:
    return [log | {"blockTimestamp": "0x0"} for log in logs]


def early(logs: list[Json]) -> list[Json]:
    """The last block of these is older than its parents."""
    last = max((log["blockNumber"] for log in logs), default="")
    return [log | ({"blockTimestamp": "0x5"} if log["blockNumber"] == last else {}) for log in logs]


def late(logs: list[Json]) -> list[Json]:
    first = min((int(log["blockNumber"], 16) for log in logs), default=0)
    far = {"blockTimestamp": "0x7fffffffff"}
    return [log | (far if int(log["blockNumber"], 16) == first else {}) for log in logs]


MENDED: dict[str, Lie] = {
    "counted anew": anew,
    "in the wrong order": turned,
    "twice": lambda logs: [*logs, *logs],
    "backwards": lambda logs: logs[::-1],
    "no time": each(blockTimestamp=None),
    "empty time": each(blockTimestamp=""),
    "time 0": zero,
    "before its parents": early,
    "after its children": late,
    "two times in a block": lambda logs: [
        log | {"blockTimestamp": hex(9**9 + place)} for place, log in enumerate(logs)
    ],
}


def replayed(line: Rpc, voted: Community) -> list[Log]:
    known = {
        getattr(voted.dao, f"{part}_address"): Interface(artifacts.load(name).abi)
        for part, name in (("membership", "Membership"), ("governor", "DAOGovernor"))
    }
    return [*stream_logs(line, known, 0, line.block_number())]


@pytest.mark.parametrize("change", MENDED.values(), ids=MENDED)
@pytest.mark.parametrize("receipts", [True, False])
def test_what_the_node_can_tell_better_is_asked_and_right(
    voted: Community, path: Path, faulty: FaultyRpc, line: Rpc, change: Lie, receipts: bool
) -> None:
    lie(faulty, change)
    if not receipts:
        faulty.refuse("eth_getBlockReceipts", "the method does not exist", -32601)
    told, right = (
        [replace(log, index=0) for log in replayed(node, voted)]  # of one transaction: who knows
        for node in (line, voted.rpc)
    )
    assert told == right
    assert built(path, voted, line) == built(path, voted)


@pytest.mark.parametrize("change", MENDED.values(), ids=MENDED)
def test_a_lie_that_passes_leaves_nothing_behind(
    voted: Community, path: Path, faulty: FaultyRpc, line: Rpc, change: Lie
) -> None:
    lie(faulty, change, 3)
    with open_index(path, voted) as index:
        index.update(line)
        votes = [log.event.args["voter"] for log in index.logs(names=["VoteCast"])]
    assert votes == voted.wallets[:3]
    assert dump(path) == built(path, voted)


def other_data(logs: list[Json]) -> list[Json]:
    """The last event a second time, with something else in it."""
    return [*logs, *(log | {"data": log["data"][:-1] + "f"} for log in logs[-1:])]


WRONG: dict[str, tuple[Lie, str]] = {
    "two at one place": (other_data, "it tells different events at one place of block"),
    "another block": (
        each(blockNumber="0x7fff"),
        "it tells events of other blocks than it was asked for",
    ),
}


@pytest.mark.parametrize(("change", "reason"), WRONG.values(), ids=WRONG)
def test_what_stays_contradictory_is_told_and_not_stored(
    voted: Community, path: Path, faulty: FaultyRpc, line: Rpc, change: Lie, reason: str
) -> None:
    lie(faulty, change)
    with open_index(path, voted) as index:
        with pytest.raises(Exception, match=reason):
            index.update(line)
        assert list(index.logs()) == []
        with pytest.raises(Exception, match=reason):
            replayed(line, voted)
        faulty.heal()
        index.update(line)
    assert dump(path) == built(path, voted)


def test_times_of_headers_that_contradict_are_told(
    voted: Community, path: Path, faulty: FaultyRpc, line: Rpc
) -> None:
    lie(faulty, zero)
    faulty.on("eth_getBlockByNumber", lambda call: call.forward() | {"timestamp": "0x0"})
    reason = "the times of its blocks do not follow each other"
    with open_index(path, voted) as index, refuses("node.contradicts-itself", reason=reason):
        index.update(line)
    with refuses("node.contradicts-itself", reason=reason):
        replayed(line, voted)


@pytest.mark.parametrize("times", [1, 5])
def test_a_block_that_is_null_for_a_moment_is_asked_again(
    voted: Community, path: Path, faulty: FaultyRpc, line: Rpc, times: int
) -> None:
    lie(faulty, each(blockTimestamp=None))
    left = [times]

    def hook(call: Call) -> Json:
        if call.params[0] == "latest" or left[0] == 0:
            return call.forward()
        left[0] -= 1
        return None

    faulty.on("eth_getBlockByNumber", hook)
    assert replayed(line, voted) == replayed(voted.rpc, voted)
    left[0] = times
    assert built(path, voted, line) == built(path, voted)


def test_a_block_that_stays_null_is_told(voted: Community, faulty: FaultyRpc, line: Rpc) -> None:
    lie(faulty, each(blockTimestamp=None))
    faulty.on("eth_getBlockByNumber", lambda _: None)
    with refuses("chain.restless"):
        replayed(line, voted)


@pytest.mark.parametrize(
    "nonsense",
    [
        {"topics": [None]},
        {"topics": None},
        {"logIndex": None},
        {"transactionHash": 7},
    ],
)
def test_logs_that_make_no_sense_are_refused(
    voted: Community, path: Path, faulty: FaultyRpc, line: Rpc, nonsense: Json
) -> None:
    lie(faulty, each(**nonsense))
    with open_index(path, voted) as index, pytest.raises(Exception, match="makes no sense"):
        index.update(line)


def test_receipts_that_lack_an_event_are_told(
    voted: Community, faulty: FaultyRpc, line: Rpc
) -> None:
    lie(faulty, anew)
    faulty.on("eth_getBlockReceipts", lambda _: [])
    with refuses("node.contradicts-itself"):
        replayed(line, voted)


def test_a_fit_node_is_asked_nothing_more(
    voted: Community, path: Path, faulty: FaultyRpc, line: Rpc
) -> None:
    replayed(line, voted)
    assert [method for method, _ in faulty.calls] == ["eth_blockNumber", "eth_getLogs"]
    built(path, voted, line)
    assert not faulty.asked("eth_getBlockReceipts")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"address": "0x" + "11" * 20}, "it tells other events than it was asked for"),
        ({"data": "0x12"}, "that says nothing"),
    ],
    ids=["of another contract", "cut short"],
)
def test_events_that_are_none_of_the_dao_are_not_stored(
    voted: Community,
    path: Path,
    faulty: FaultyRpc,
    line: Rpc,
    change: dict[str, str],
    reason: str,
) -> None:
    lie(faulty, each(**change))
    with open_index(path, voted) as index, pytest.raises(ChainError, match=reason) as caught:
        index.update(line)
    assert caught.value.kind == "node.contradicts-itself"
    faulty.heal()
    with open_index(path, voted) as index:
        index.update(line)
    assert dump(path) == built(path, voted)
