"""An index follows a chain that is reorganised, and reads from nodes that limit, fail and die."""

from __future__ import annotations

import itertools
import signal
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pytest

from mikoshi.chain.node import Node, NodeOptions
from mikoshi.chain.rpc import Rpc, RpcError, UnreachableError
from mikoshi.index.index import Updated
from mikoshi.index.store import RING
from mikoshi.replay.logs import Stride, suggested
from mikoshi.testing.community import Community, found
from mikoshi.testing.defaults import POINT
from mikoshi.testing.records import manifest_of
from mikoshi.text.json import Json
from mikoshi.text.paths import ROOT
from tests.support import deploy, refuses, role
from tests.tooling.indexing import built, dump, open_index, reorganise, roll_back
from tests.tooling.proxy import Call, FaultyRpc, HangUpError

pytestmark = pytest.mark.slow

NO_REF = bytes(32)


@pytest.fixture(scope="module")
def own_node() -> Iterator[Node]:
    """A node that no other suite sees, since a reorganisation cannot be undone."""
    with Node(NodeOptions(history=True)) as running:
        yield running


@pytest.fixture(scope="module")
def _founded(own_node: Node) -> Community:
    return found(own_node.rpc)


@pytest.fixture
def community(_founded: Community) -> Iterator[Community]:
    """A community on a chain that is as short before each test."""
    blocks = _founded.rpc.block_number()
    yield _founded
    mined = _founded.rpc.block_number() - blocks
    if mined:
        roll_back(_founded.rpc, mined)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "index.sqlite"


@pytest.fixture
def faulty(own_node: Node) -> Iterator[FaultyRpc]:
    with FaultyRpc(own_node.url) as proxy:
        yield proxy


@pytest.fixture
def rpc(faulty: FaultyRpc) -> Iterator[Rpc]:
    """A connection that goes through the faulty node."""
    with Rpc(faulty.url) as connection:
        yield connection


def credit(community: Community, *numbers: int) -> None:
    for number in numbers:
        community.as_treasury(community.dao.membership, "credit", number, POINT, 0, NO_REF)


def mine(community: Community, blocks: int) -> None:
    community.rpc.call("anvil_mine", hex(blocks))


def places(faulty: FaultyRpc) -> set[tuple[int, int]]:
    """The ranges of blocks that were asked for."""
    return {
        (int(question["fromBlock"], 16), int(question["toBlock"], 16))
        for (question,) in faulty.asked("eth_getLogs")
    }


# Reorganisations


@pytest.mark.parametrize("depth", [5, RING - 1, RING + 20])
def test_reorganised_blocks_are_read_again(community: Community, path: Path, depth: int) -> None:
    credit(community, 1)
    mine(community, 2 * RING)
    with open_index(path, community) as index:
        index.update(community.rpc)
        kept = list(index.logs())
        credit(community, 2, 3)
        mine(community, depth - 2)
        assert index.update(community.rpc).added == 6
        reorganise(community.rpc, depth)
        credit(community, 4)
        updated = index.update(community.rpc)
        assert updated.added == 3
        assert updated.rolled_back >= depth
        assert (updated.rolled_back == depth) == (depth < RING)
        assert list(index.logs())[: len(kept)] == kept
        ids = [log.event.args["id"] for log in index.logs(names=["MeritCredited"])]
        assert ids[-2:] == [1, 4]
        assert index.block == community.rpc.block_number()
    assert dump(path) == built(path, community)


def test_chain_that_became_shorter_is_followed(community: Community, path: Path) -> None:
    credit(community, 1)
    mine(community, 10)
    with open_index(path, community) as index:
        index.update(community.rpc)
        roll_back(community.rpc, 11)
        assert index.update(community.rpc) == Updated(0, 11, community.rpc.block_number())
        assert index.block == community.rpc.block_number()
    assert dump(path) == built(path, community)


def test_another_chain_of_the_same_id_is_read_from_the_first_block(
    community: Community, path: Path
) -> None:
    with open_index(path, community) as index:
        index.update(community.rpc)
        blocks = index.block + 1
        # A chain that began in the same second would have the same first block.
        with Node(NodeOptions(history=True, timestamp=1_700_000_000)) as other:
            assert index.update(other.rpc) == Updated(0, blocks, 0)
            assert list(index.logs()) == []
        index.update(community.rpc)
    assert dump(path) == built(path, community)


def test_who_lost_a_role_with_its_block_is_no_longer_followed(
    community: Community, path: Path
) -> None:
    module = deploy(community.rpc, "OddCoin", 0)
    module.send("mint", community.wallets[0], 1, sender=community.wallets[0])
    with open_index(path, community) as index:
        community.as_treasury(community.dao.treasury, "grantRole", role("MINTER"), module.address)
        index.update(community.rpc)
        assert len(list(index.logs(address=module.address))) == 1
        reorganise(community.rpc, 1)
        index.update(community.rpc)
        assert list(index.logs(address=module.address)) == []
    assert dump(path) == built(path, community)


@pytest.mark.parametrize("again", [False, True], ids=["alone", "beside another"])
@pytest.mark.parametrize("method", ["eth_getLogs", "eth_getBlockByNumber"])
@pytest.mark.parametrize("nth", [1, 2, 4, 6, 7, 9, 11])
def test_reorganisation_while_reading_is_noticed(
    community: Community,
    path: Path,
    faulty: FaultyRpc,
    rpc: Rpc,
    nth: int,
    method: str,
    again: bool,
) -> None:
    """Between any two questions, whether or not another process has read on meanwhile."""
    blocks = community.rpc.block_number()
    credit(community, 1)
    mine(community, 10)
    credit(community, 2)
    faulty.limit_logs(6, "limited to a {blocks} block range")
    limited, calls = faulty.hook(method), []

    def hook(call: Call) -> object:
        found = limited(call)
        calls.append(call)
        if len(calls) == nth:
            reorganise(community.rpc, community.rpc.block_number() - blocks)
            if again:
                with open_index(path, community) as index:
                    index.update(community.rpc)
        return found

    faulty.on(method, hook)
    with open_index(path, community) as index:
        index.update(rpc)
        assert len(calls) >= nth
    assert dump(path) == built(path, community)


def test_logs_of_another_fork_than_the_headers_are_not_taken(
    community: Community, path: Path, faulty: FaultyRpc, rpc: Rpc
) -> None:
    credit(community, 1)
    mine(community, 3)
    left = [4]

    def hook(call: Call) -> object:
        left[0] -= 1
        return [
            log | ({"blockHash": "0x" + "ab" * 32} if left[0] >= 0 else {})
            for log in call.forward()
        ]

    faulty.on("eth_getLogs", hook)
    with open_index(path, community) as index:
        index.update(community.rpc)
        credit(community, 2)
        index.update(rpc)
    assert left[0] < 0
    assert dump(path) == built(path, community)


def test_chain_that_never_rests_is_told(
    community: Community,
    path: Path,
    faulty: FaultyRpc,
    rpc: Rpc,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("mikoshi.replay.logs._PAUSE", 0)
    credit(community, 1)
    others = itertools.cycle([2, 3, 4])  # four questions a range

    def hook(call: Call) -> object:
        found = call.forward()
        roll_back(community.rpc, 1)
        credit(community, next(others))
        return found

    faulty.on("eth_getLogs", hook)
    with open_index(path, community) as index, refuses("chain.restless", attempts=10):
        index.update(rpc)
    faulty.heal()
    with open_index(path, community) as index:
        index.update(rpc)
    assert dump(path) == built(path, community)


# Nodes that limit what they answer


@pytest.mark.parametrize(
    "message",
    [
        "block range is too wide",
        "exceed maximum block range: {blocks}",
        "query returned more than 10000 results. Try with this block range [{first}, {last}].",
        "eth_getLogs is limited to a {blocks} range",
    ],
)
def test_ranges_shrink_to_what_the_node_answers(
    community: Community, path: Path, faulty: FaultyRpc, rpc: Rpc, message: str
) -> None:
    credit(community, 1, 2)
    mine(community, 60)
    faulty.limit_logs(7, message)
    assert built(path, community, rpc) == built(path, community)
    widths = [last - first + 1 for first, last in places(faulty)]
    said = message != "block range is too wide"
    assert (7 in widths) == said
    assert 2 * len([width for width in widths if width > 7]) < len(widths)


def test_role_holders_are_followed_through_short_ranges(
    community: Community, path: Path, faulty: FaultyRpc, rpc: Rpc
) -> None:
    module, giver = deploy(community.rpc, "OddCoin", 0), community.wallets[0]
    module.send("mint", giver, 1, sender=giver)
    mine(community, 20)
    community.as_treasury(community.dao.treasury, "grantRole", role("MINTER"), module.address)
    mine(community, 20)
    module.send("mint", giver, 2, sender=giver)
    faulty.limit_logs(7, "limited to a {blocks} block range")
    with open_index(path, community) as index:
        index.update(rpc)
        amounts = [log.event.args["amount"] for log in index.logs(address=module.address)]
    assert amounts == [1, 2]
    assert dump(path) == built(path, community)


def test_node_that_limits_results_is_read(
    community: Community, path: Path, faulty: FaultyRpc, rpc: Rpc
) -> None:
    credit(community, 1, 2, 3, 4, 5)
    faulty.limit_results(3)
    assert built(path, community, rpc) == built(path, community)


def test_block_with_more_logs_than_a_node_lists_is_read_from_its_receipts(
    community: Community, path: Path, faulty: FaultyRpc, rpc: Rpc
) -> None:
    """Anybody could stop everybody's commands with one block full of coins for the Treasury."""
    coin, treasury = deploy(community.rpc, "OddCoin", 0), community.dao.treasury_address
    data = coin.data("mintMany", treasury, 12)
    community.rpc.send(coin.address, data, sender=community.outsider.address)
    faulty.limit_results(10, blocks=1)
    assert built(path, community, rpc) == built(path, community)
    with open_index(path, community) as index:
        names = [log.event.name for log in index.logs(address=coin.address)]
    assert names == ["Transfer"] * 12
    assert faulty.asked("eth_getBlockReceipts")


def test_limit_that_comes_late_is_kept_and_left_again() -> None:
    stride = Stride()
    most = stride.size
    stride.refused(0, most - 1, "too many results")
    assert stride.size == most // 2
    stride.taken()
    assert stride.size == most
    sizes = []
    for _ in range(300):  # a node that never answers for more than half of it
        sizes.append(stride.size)
        if stride.size > most // 2:
            stride.refused(0, stride.size - 1, "too many results")
        else:
            stride.taken()
    assert sizes.count(most) < 10
    for _ in range(70):
        stride.taken()
    assert stride.size == most


@pytest.mark.parametrize(
    ("message", "blocks"),
    [
        ("Try with this block range [0x64, 0x6d].", 10),
        ("this block range should work: [0x64, 0x12b]", 200),
        ("Try with this block range [0x0, 0x6d].", None),
        ("You can make requests with up to a 2K block range", 2_000),
        ("eth_getLogs is limited to a 10,000 range", 10_000),
        ("range is too large, max is 1k blocks", 1_000),
        ("exceed maximum block range: 50000", 50_000),
        ("Max range: 800", 800),
        ("limited to 0 - 10000 blocks range", 10_000),
        ("query returned more than 10000 results", None),
        ("ranges over 100000 blocks are not supported", None),
        ("execution timeout", None),
    ],
)
def test_limit_that_a_node_names(message: str, blocks: int | None) -> None:
    assert suggested(100, 100_000, message) == blocks


def test_node_that_takes_one_call_at_a_time_is_read(
    community: Community, path: Path, rpc: Rpc
) -> None:
    class Single(Rpc):
        def batch(self, calls: Iterable[tuple[str, Sequence[Json]]]) -> list[Json | RpcError]:
            asked = list(calls)
            if len(asked) > 1:
                return [RpcError(method, -32600, "no batches") for method, _ in asked]
            return super().batch(asked)

    credit(community, 1, 2)
    with Single(rpc.url) as single:
        assert built(path, community, single) == built(path, community)


def test_node_that_states_no_times_is_read(
    community: Community, path: Path, faulty: FaultyRpc, rpc: Rpc
) -> None:
    credit(community, 1, 2)
    faulty.on(
        "eth_getLogs",
        lambda call: [
            {key: value for key, value in log.items() if key != "blockTimestamp"}
            for log in call.forward()
        ],
    )
    assert built(path, community, rpc) == built(path, community)


# Nodes that fail


def test_node_that_dies_midway_is_read_on(
    community: Community, path: Path, faulty: FaultyRpc, rpc: Rpc
) -> None:
    credit(community, 1)
    mine(community, 40)
    credit(community, 2)
    faulty.limit_logs(10, "limited to a 10 range")
    faulty.die(after=24, method="eth_getLogs")
    with open_index(path, community) as index:
        with pytest.raises(UnreachableError):
            index.update(rpc)
        reached = index.block
        assert reached > 0
        faulty.revive()
        faulty.calls.clear()
        index.update(rpc)
        assert min(first for first, _ in places(faulty)) == reached + 1
    assert dump(path) == built(path, community)


def test_node_that_refuses_says_why_and_is_read_on(
    community: Community, path: Path, faulty: FaultyRpc, rpc: Rpc
) -> None:
    faulty.refuse("eth_getLogs", "daily request count exceeded", -32005)
    with open_index(path, community) as index:
        with pytest.raises(RpcError, match="daily request count exceeded"):
            index.update(rpc)
        assert index.block == -1
        faulty.heal()
        index.update(rpc)
    assert dump(path) == built(path, community)


def is_long(question: Json) -> bool:
    return int(question["toBlock"], 16) - int(question["fromBlock"], 16) > 100


class Impatient(Rpc):
    """A connection on which more than a hundred blocks take too long."""

    def batch(self, calls: Iterable[tuple[str, Sequence[Json]]]) -> list[Json | RpcError]:
        asked = list(calls)
        if any(method == "eth_getLogs" and is_long(params[0]) for method, params in asked):
            raise UnreachableError(self.url, "timed out")
        return super().batch(asked)


@pytest.mark.parametrize("slow", [False, True], ids=["hangs up", "is too slow"])
def test_range_that_is_not_answered_is_shortened(
    community: Community, path: Path, faulty: FaultyRpc, slow: bool
) -> None:
    mine(community, 200)

    def hook(call: Call) -> object:
        if is_long(call.params[0]):
            raise HangUpError
        return call.forward()

    faulty.on("eth_getLogs", hook)
    with (Impatient if slow else Rpc)(faulty.url) as rpc:
        assert built(path, community, rpc) == built(path, community)


def test_lagging_node_behind_the_same_name_is_waited_for(
    community: Community, path: Path, faulty: FaultyRpc, rpc: Rpc
) -> None:
    credit(community, 1)
    late = [3]

    def hook(call: Call) -> object:
        latest = community.rpc.block_number()
        if call.params[0] == hex(latest) and late[0]:
            late[0] -= 1
            return None
        return call.forward()

    faulty.on("eth_getBlockByNumber", hook)
    assert built(path, community, rpc) == built(path, community)
    assert late == [0]


def test_node_of_another_chain_is_refused(community: Community, path: Path) -> None:
    with open_index(path, community) as index:
        index.update(community.rpc)
        before = dump(path)
        another = refuses("chain.another", actual=1, expected=31337, meant=path.name)
        with Node(NodeOptions(chain_id=1)) as other, another:
            index.update(other.rpc)
    assert dump(path) == before


# Interruptions


_UPDATE = """
import sys
from pathlib import Path
from mikoshi.index.index import Index
from mikoshi.core.manifest import Manifest
from mikoshi.chain.rpc import Rpc

path, record, url = sys.argv[1:]
manifest = Manifest.load(Path(record))
with Index.open(Path(path), manifest, manifest.chain_id) as index, Rpc(url) as rpc:
    index.update(rpc)
"""


def test_killed_update_is_gone_on_with(
    community: Community, path: Path, faulty: FaultyRpc, rpc: Rpc
) -> None:
    credit(community, 1, 2)
    mine(community, 40)
    faulty.limit_logs(5, "limited to a 5 range")
    limited, reached, killed = faulty.hook("eth_getLogs"), threading.Event(), threading.Event()

    def hook(call: Call) -> object:
        if call.span[0] > 20 and call.span[1] - call.span[0] < 5:
            reached.set()
            killed.wait(60)
        return limited(call)

    faulty.on("eth_getLogs", hook)
    record = path.with_name("record.json")
    manifest_of(community).save(record)
    command = [sys.executable, "-c", _UPDATE, str(path), str(record), faulty.url]
    process = subprocess.Popen(command, cwd=ROOT)
    assert reached.wait(60)
    process.kill()
    assert process.wait() == -signal.SIGKILL
    killed.set()
    faulty.calls.clear()
    with open_index(path, community) as index:
        assert index.block == 24
        index.update(rpc)
        assert min(first for first, _ in places(faulty)) == 25
    assert dump(path) == built(path, community)


def test_two_updates_of_one_file_do_not_disturb_each_other(
    community: Community, path: Path, faulty: FaultyRpc, rpc: Rpc
) -> None:
    credit(community, 1)
    asked = []

    def hook(call: Call) -> object:
        asked.append(call)
        if len(asked) == 1:
            with open_index(path, community) as second:
                second.update(community.rpc)
        return call.forward()

    faulty.on("eth_getLogs", hook)
    with open_index(path, community) as first:
        assert first.update(rpc) == Updated(0, 0, community.rpc.block_number())
        assert len(list(first.logs())) > 20
    assert dump(path) == built(path, community)
