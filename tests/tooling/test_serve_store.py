"""What a server keeps: the same in a file and in a PostgreSQL, for one server and for several."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mikoshi.serve.kept import (
    KEPT,
    PAUSE,
    TRIES,
    Act,
    BudgetSpentError,
    Kept,
    QueueFullError,
    Sending,
)
from mikoshi.serve.server import open_store
from mikoshi.serve.store import ActStore
from mikoshi.text.units import DAY
from tests.support import refuses, told
from tests.tooling.postgres import Postgres

NOW = 1_800_000_000
SPONSOR, OTHER = "1:0xAa", "1:0xBb"
ALL = 10**6
Open = Callable[..., ActStore]


@pytest.fixture
def database(postgresql: Postgres) -> str:
    """An empty database."""
    return postgresql.empty()


@pytest.fixture(params=["sqlite", "postgres"])
def stores(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Open]:
    """Opens the store of a DAO, as often as there are servers."""
    sqlite = request.param == "sqlite"
    place = str(tmp_path / "acts.sqlite") if sqlite else request.getfixturevalue("database")
    opened: list[ActStore] = []

    def another(treasury: str = "0xDao") -> ActStore:
        opened.append(open_store(place, 1, "dao", treasury))
        return opened[-1]

    yield another
    for each in opened:
        each.close()


@pytest.fixture
def store(stores: Open) -> ActStore:
    return stores()


def act(number: int, who: str = "", batch: str = "", **values: Any) -> Act:
    name = f"0x{number:064x}"
    made = Act(name, f"mikoshi={number}", who or f"#{number}", batch or name, NOW, NOW, 2**62)
    return replace(made, **values)


def put(store: ActStore, *acts: Act) -> list[Act]:
    found = store.put(acts, 100, 100)
    assert not [each for each in found if isinstance(each, QueueFullError)]
    return [each for each in found if isinstance(each, Act)]


def claim(store: ActStore, sponsor: str = SPONSOR, now: int = NOW, chain: int = NOW) -> list[str]:
    return [each.id for each in store.claim(sponsor, now, chain, 3, 50)]


def send(
    store: ActStore, *acts: Act, nonce: int = 0, gwei: int = 30, budget: int = ALL, now: int = NOW
) -> Sending:
    """Claimed, written down; what was."""
    with store.sponsor(SPONSOR) as mine:
        assert mine
        claimed = store.claim(SPONSOR, now, now, 1, 50)
        assert {each.id for each in acts} <= {each.id for each in claimed}
        sending = Sending(f"0x{store.dao}-{nonce}", SPONSOR, nonce, "0x02", store.dao)
        store.sent(sending, acts, gwei, budget, now)
    return sending


def fates(store: ActStore, *acts: Act) -> list[str]:
    return [found.fate.value if (found := store.find(each.id)) else "" for each in acts]


# Acts


def test_an_act_is_kept_once(store: ActStore) -> None:
    first = act(1)
    assert put(store, first, replace(first, received=NOW + 9)) == [first, first]
    assert store.find(first.id) == first
    assert store.find(act(2).id) is None
    assert store.waiting() == 1


def test_it_stays_when_the_server_is_started_anew(stores: Open) -> None:
    one = stores()
    put(one, act(1))
    one.close()
    assert stores().find(act(1).id) == act(1)


def test_the_acts_of_one_dao_are_not_those_of_another(stores: Open) -> None:
    one, other = stores("0xOne"), stores("0xOther")
    put(one, act(1))
    assert other.find(act(1).id) is None
    assert claim(other) == []


@pytest.mark.parametrize("limits", [(2, 100), (100, 2)])
def test_too_many_are_refused(store: ActStore, limits: tuple[int, int]) -> None:
    *kept, refused = store.put([act(number, who="#7") for number in (1, 2, 3)], *limits)
    assert all(isinstance(each, Act) for each in kept)
    assert isinstance(refused, QueueFullError)
    told(refused, "serve.queue-full", waiting=2)
    assert store.waiting() == 2


def test_what_has_ended_makes_room(store: ActStore) -> None:
    store.put([act(1)], 1, 1)
    store.end({act(1).id: (Kept.COUNTED, "")}, NOW)
    store.put([act(2)], 1, 1)
    assert fates(store, act(1), act(2)) == ["counted", "waiting"]


def test_whose_acts_are_open(store: ActStore) -> None:
    put(store, act(2, who="#7"), act(1, who="#7", received=NOW - 1), act(3))
    store.end({act(3).id: (Kept.REFUSED, "{}")}, NOW)
    assert [each.id for each in store.open_of(["#7", "#3"])] == [act(1).id, act(2).id]
    assert store.open_of([]) == []


def test_a_refused_act_waits_again_when_it_is_given_again(store: ActStore) -> None:
    put(store, act(1))
    store.end({act(1).id: (Kept.REFUSED, '{"en": {}}')}, NOW)
    (again,) = put(store, act(1, due=NOW + 5))
    assert again == act(1, due=NOW + 5)


def test_a_refused_act_that_was_paid_for_too_often_stays_refused(store: ActStore) -> None:
    put(store, act(1))
    for nonce in range(TRIES):
        sending = send(store, act(1), nonce=nonce)
        store.mined(sending.hash, 1, [act(1)], NOW)
    store.end({act(1).id: (Kept.REFUSED, "{}")}, NOW)
    assert put(store, act(1))[0].fate is Kept.REFUSED


# Claims


def test_what_is_due_is_claimed_with_its_batch(store: ActStore) -> None:
    put(store, act(1, batch="b"), act(2, batch="b", due=NOW + 60), act(3, batch="c", due=NOW + 60))
    assert claim(store) == [act(1).id, act(2).id]
    assert claim(store, now=NOW + 60) == [act(3).id]
    assert fates(store, act(1), act(2), act(3)) == ["claimed"] * 3


def test_a_full_batch_is_claimed_before_it_is_due(store: ActStore) -> None:
    acts = [act(number, batch="b", due=NOW + 60) for number in (1, 2, 3)]
    put(store, *acts[:2])
    assert claim(store) == []
    put(store, acts[2])
    assert claim(store) == [each.id for each in acts]


def test_the_last_moment_counts_before_anything_else(store: ActStore) -> None:
    put(store, act(1, due=NOW + 60, last=NOW + 7))
    assert claim(store, chain=NOW + 6) == []
    assert claim(store, chain=NOW + 7) == [act(1).id]


def test_released_acts_wait_for_a_while(store: ActStore) -> None:
    put(store, act(1), act(2, due=NOW + 2 * PAUSE))
    claim(store, now=NOW + 2 * PAUSE)
    store.release([act(1).id, act(2).id], NOW, PAUSE)
    assert fates(store, act(1), act(2)) == ["waiting"] * 2
    assert claim(store, now=NOW + PAUSE - 1) == []
    assert claim(store, now=NOW + PAUSE) == [act(1).id]
    assert claim(store, now=NOW + 2 * PAUSE) == [act(2).id]


def test_two_servers_never_claim_the_same(stores: Open) -> None:
    one, two = stores(), stores()
    put(one, *[act(number) for number in range(1, 9)])
    first = [each.id for each in one.claim(SPONSOR, NOW, NOW, 3, 5)]
    second = [each.id for each in two.claim(OTHER, NOW, NOW, 3, 5)]
    assert len(first) == 5
    assert len(second) == 3
    assert not {*first} & {*second}


def test_what_a_dead_server_had_claimed_waits_again(stores: Open) -> None:
    one, two = stores(), stores()
    put(one, act(1), act(2))
    claim(one)
    assert two.sponsors() == {SPONSOR}
    with two.sponsor(SPONSOR) as mine:
        assert mine
        two.recover(SPONSOR, NOW)
    assert fates(two, act(1), act(2)) == ["waiting"] * 2
    assert two.sponsors() == set()


def test_the_lock_of_a_sponsor_is_one_servers(stores: Open) -> None:
    one, two = stores(), stores()
    with one.sponsor(SPONSOR) as first, two.sponsor(SPONSOR) as second, two.sponsor(OTHER) as other:
        assert (first, second, other) == (True, False, True)
    with two.sponsor(SPONSOR) as free:
        assert free


# Transactions


def test_a_transaction_and_its_price_are_written_down_together(store: ActStore) -> None:
    acts = [act(1, who="#7"), act(2, who="#7"), act(3)]
    put(store, *acts)
    sending = send(store, *acts)
    assert store.in_flight(SPONSOR) == [sending]
    assert fates(store, *acts) == ["sent"] * 3
    assert [each.id for each in store.acts_of(sending.hash)] == [each.id for each in acts]
    assert {each.hash for each in store.acts_of(sending.hash)} == {sending.hash}
    assert [store.spent(NOW, who) for who in ("", "#7", "#3", "#9")] == [30, 20, 10, 0]
    assert store.spent(NOW + DAY) == 0


def test_beyond_the_budget_nothing_is_written(store: ActStore) -> None:
    put(store, act(1), act(2))
    send(store, act(1), gwei=60, budget=100)
    put(store, act(2))
    store.release([act(2).id], NOW)
    with pytest.raises(BudgetSpentError):
        send(store, act(2), nonce=1, gwei=41, budget=100)
    assert store.spent(NOW) == 60
    assert fates(store, act(2)) == ["claimed"]
    store.release([act(2).id], NOW)
    send(store, act(2), nonce=1, gwei=41, budget=100, now=NOW + DAY)
    assert store.spent(NOW + DAY) == 41


def test_what_no_node_took_costs_nothing_and_is_no_try(store: ActStore) -> None:
    put(store, act(1))
    sending = send(store, act(1))
    store.gone(sending.hash, NOW)
    assert store.spent(NOW) == 0
    assert store.find(act(1).id) == act(1, due=NOW + PAUSE)
    assert store.in_flight(SPONSOR) == []


def test_what_was_mined_costs_what_it_cost(store: ActStore) -> None:
    acts = [act(1), act(2)]
    put(store, *acts)
    sending = send(store, *acts)
    store.end({act(1).id: (Kept.COUNTED, "")}, NOW)
    store.mined(sending.hash, 8, [act(2)], NOW)
    assert [store.spent(NOW, who) for who in ("", "#1", "#2")] == [8, 4, 4]
    assert fates(store, *acts) == ["counted", "waiting"]
    assert [found.tries for each in acts if (found := store.find(each.id))] == [0, 1]
    assert store.in_flight(SPONSOR) == []
    store.end({act(1).id: (Kept.REFUSED, "")}, NOW)
    assert fates(store, act(1)) == ["counted"]  # for good


def test_the_transactions_of_a_sponsor_are_known_to_all_daos(stores: Open) -> None:
    one, other = stores("0xOne"), stores("0xOther")
    put(one, act(1))
    sending = send(one, act(1))
    assert other.in_flight(SPONSOR) == [sending]
    other.gone(sending.hash, NOW)
    assert fates(one, act(1)) == ["waiting"]


def test_what_ended_long_ago_is_forgotten(store: ActStore) -> None:
    put(store, act(1), act(2), act(3))
    sending = send(store, act(1))
    store.end({act(1).id: (Kept.COUNTED, "")}, NOW)
    store.mined(sending.hash, 8, [], NOW)
    store.end({act(2).id: (Kept.REFUSED, "{}")}, NOW + 1)
    store.prune(NOW + KEPT)
    assert fates(store, act(1), act(2), act(3)) == ["counted", "refused", "claimed"]
    store.prune(NOW + KEPT + 1)
    assert fates(store, act(1), act(2), act(3)) == ["", "refused", "claimed"]


def test_a_lost_lock_ends_what_hangs_on_it(database: str) -> None:
    """A server whose connection was cut writes nothing down, and so sends nothing."""
    with closing(open_store(database, 1, "dao", "0xCut")) as one, one.sponsor(SPONSOR) as mine:
        assert mine
        put(one, act(1))
        (claimed,) = one.claim(SPONSOR, NOW, NOW, 1, 1)
        with closing(open_store(database, 1, "dao", "0xCut")) as two, two.transaction() as run:
            query = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"
            run(query, ())
        with refuses("serve.store-lost"):
            one.sent(Sending("0xCut", SPONSOR, 0, "0x02", one.dao), [claimed], 1, ALL, NOW)
        assert one.in_flight(SPONSOR) == []
        assert fates(one, act(1)) == ["claimed"]


def test_another_kind_of_store_is_refused() -> None:
    with refuses("serve.store-lost", reason="mysql://…"):
        open_store("mysql://user:secret@host/db", 1, "dao", "0xAny")


def test_a_postgresql_needs_what_speaks_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mikoshi.serve.postgres", None)
    with refuses("serve.no-postgres"):
        open_store("postgresql://host/db", 1, "dao", "0xAny")
