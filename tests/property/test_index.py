"""An index that followed a chain through whatever happened to it is the index of that chain.

Seeded: people act, blocks are mined, replaced and taken back, nodes limit and die, updates come at
any moment. After each update the tables equal those of an index that is read at once.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from mikoshi.chain.contract import Contract, ContractRevertedError
from mikoshi.chain.node import Node, NodeOptions
from mikoshi.chain.rpc import Rpc, UnreachableError
from mikoshi.index.store import RING
from mikoshi.replay.dao import replay
from mikoshi.replay.voice import Voice
from mikoshi.testing.community import Community, found
from mikoshi.testing.defaults import POINT
from mikoshi.testing.records import manifest_of
from tests.support import deploy, role
from tests.tooling.indexing import built, dump, open_index, reorganise, roll_back
from tests.tooling.proxy import FaultyRpc

pytestmark = pytest.mark.slow

STEPS = 40


@pytest.fixture
def own_node() -> Iterator[Node]:
    """A young node: an old one forgets the state of blocks that it would have to go back to."""
    with Node(NodeOptions(history=True)) as running:
        yield running


@dataclass
class IndexedDao:
    """A community, coins of others, and an index that follows them through a faulty node."""

    community: Community
    coins: list[Contract]
    faulty: FaultyRpc
    rpc: Rpc
    path: Path
    chance: random.Random
    first: int
    rolled_back: int = 0
    died: int = 0

    @property
    def younger(self) -> int:
        """How many blocks there are that may go."""
        return self.community.rpc.block_number() - self.first

    def step(self) -> None:
        """Something happens; what cannot, does not."""
        happenings: list[tuple[Callable[[], None], int]] = [
            (self.credit, 5),
            (self.delegate, 3),
            (self.pay, 4),
            (self.trust, 2),
            (self.mine, 4),
            (self.replace, 5),
            (self.take_back, 1),
            (self.update, 6),
            (self.update_and_die, 4),
        ]
        happen = self.chance.choices(*zip(*happenings, strict=True))[0]
        with suppress(ContractRevertedError):
            happen()

    # People

    def credit(self) -> None:
        member = self.chance.randint(1, 5)
        ref = self.chance.randbytes(32)
        self.community.as_treasury(self.community.dao.membership, "credit", member, POINT, 0, ref)

    def delegate(self) -> None:
        one, other = self.chance.sample(self.community.wallets, 2)
        self.community.dao.membership.send("delegate", other, sender=one)

    def pay(self) -> None:
        coin, treasury = self.chance.choice(self.coins), self.community.dao.treasury_address
        someone = self.chance.choice(self.community.wallets)
        coin.send("mint", self.chance.choice([someone, treasury]), 10**6, sender=someone)
        coin.send("transfer", self.chance.choice([someone, treasury]), 5, sender=treasury)

    def trust(self) -> None:
        name = self.chance.choice(["grantRole", "revokeRole"])
        coin = self.chance.choice(self.coins).address
        self.community.as_treasury(self.community.dao.treasury, name, role("MINTER"), coin)

    # The chain

    def mine(self) -> None:
        self.community.rpc.call("anvil_mine", hex(self.chance.choice([1, 3, 9, RING + 6])))

    def replace(self) -> None:
        if self.younger:
            reorganise(self.community.rpc, self.chance.randint(1, self.younger))

    def take_back(self) -> None:
        if self.younger:
            roll_back(self.community.rpc, self.chance.randint(1, self.younger))

    # The index

    def update(self) -> None:
        self.faulty.heal()
        if self.chance.random() < 0.5:
            self.faulty.limit_logs(self.chance.choice([40, 100]), "up to {blocks} blocks")
        with open_index(self.path, self.community) as index:
            updated = index.update(self.rpc)
        self.rolled_back += updated.rolled_back > 0
        fresh = self.path.with_name("fresh.sqlite")
        assert dump(self.path) == built(fresh, self.community)

    def update_and_die(self) -> None:
        self.faulty.heal()
        self.faulty.limit_logs(30, "up to {blocks} blocks")
        self.faulty.die(after=self.chance.randint(1, 20))
        with open_index(self.path, self.community) as index:
            try:
                index.update(self.rpc)
            except UnreachableError:
                self.died += 1


@pytest.fixture
def worlds(own_node: Node, tmp_path: Path) -> Iterator[Callable[[int], IndexedDao]]:
    base = own_node.rpc
    with FaultyRpc(own_node.url) as faulty, Rpc(faulty.url) as rpc:

        def make(seed: int) -> IndexedDao:
            community = found(base)
            coins = [deploy(base, "OddCoin", 0) for _ in range(3)]
            for coin in coins:
                coin.send(
                    "mint", community.dao.treasury_address, 10**6, sender=community.wallets[0]
                )
            base.call("anvil_mine", hex(2))
            path = tmp_path / "followed.sqlite"
            chance = random.Random(seed)
            return IndexedDao(community, coins, faulty, rpc, path, chance, base.block_number())

        yield make


@pytest.mark.parametrize("seed", range(4))
def test_followed_index_is_the_index_read_at_once(
    worlds: Callable[[int], IndexedDao], seed: int
) -> None:
    world = worlds(seed)
    for _ in range(STEPS):
        world.step()
    world.update()
    assert world.rolled_back
    assert world.died
    community = world.community
    voice = Voice.of_params(community.params["voice"])
    manifest = manifest_of(community)
    with open_index(world.path, community) as index:
        rebuilt = index.rebuilt(community.dao, voice)
    assert rebuilt == replay(community.rpc, community.dao, manifest.shared["DAOFactory"], voice)
