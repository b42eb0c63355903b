"""Acts that a server took reach the chain once, whatever happens in between."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mikoshi.ballots.signed import Signed, sign
from mikoshi.chain.rpc import RpcError
from mikoshi.replay.member import Standing
from mikoshi.serve.judging import file_of
from mikoshi.serve.kept import PAUSE, TRIES, Act
from mikoshi.serve.relaying import Relaying
from mikoshi.serve.server import open_store
from mikoshi.serve.sponsor import Sponsor
from mikoshi.serve.store import ActStore
from mikoshi.testing.community import AGAINST, FOR, person
from mikoshi.text import clock
from mikoshi.text.errors import MikoshiError
from mikoshi.text.units import DAY, HOUR
from tests.support import refuses
from tests.tooling.governed import Governed
from tests.tooling.live import ETHER
from tests.tooling.postgres import Postgres
from tests.tooling.served import GENEROUS, Relayer
from tests.tooling.test_relay import ballot, proposal, reasoned, signed, votes

__all__ = ["proposal"]
pytestmark = pytest.mark.slow

CHEAP = 10**9  # wei for a unit of gas


@pytest.fixture
def store(governed: Governed, tmp_path: Path) -> Iterator[ActStore]:
    treasury = governed.dao.treasury_address
    with closing(open_store(str(tmp_path / "acts.sqlite"), 11155111, "dao", treasury)) as opened:
        yield opened


@pytest.fixture
def server(governed: Governed, store: ActStore) -> Iterator[Relayer]:
    with Relayer(governed, store) as made:
        yield made


@contextmanager
def held_back(governed: Governed) -> Iterator[None]:
    """No transaction is mined inside; then all are, in one block."""
    governed.rpc.call("evm_setAutomine", False)
    try:
        yield
    finally:
        governed.rpc.call("evm_mine")
        governed.rpc.call("evm_setAutomine", True)


def sent(governed: Governed, server: Relayer) -> int:
    """How many transactions the sponsor has sent, the waiting ones too."""
    return int(governed.rpc.call("eth_getTransactionCount", server.address, "pending"), 16)


def delegate(governed: Governed, member: int, to: int, **values: Any) -> Signed:
    return signed(governed, member, "Delegate", delegatee=person(to).address, **values)


def refused(verdict: Any) -> str:
    """The kind of a refusal."""
    return str(verdict.kind if isinstance(verdict, MikoshiError) else verdict[0].kind)


# Sent


def test_ballots_go_together_and_other_acts_alone(
    governed: Governed, server: Relayer, proposal: int
) -> None:
    before = sent(governed, server)
    acts = server.give(
        ballot(governed, proposal, 2),
        ballot(governed, proposal, 3, AGAINST),
        delegate(governed, 4, 5),
        reasoned(governed, proposal, 5, "よい"),
    )
    server.round()
    assert server.fates(*acts) == ["sent"] * 4
    assert server.ends(*acts) == ["counted"] * 4
    assert sent(governed, server) == before + 3
    assert votes(governed, proposal) == {2: FOR, 3: AGAINST, 5: FOR}
    hashes = [found.hash for each in acts if (found := server.store.find(each))]
    assert hashes[0] == hashes[1]
    assert len({*hashes}) == 3


def test_what_it_cost_is_taken_off_the_budget(
    governed: Governed, server: Relayer, proposal: int
) -> None:
    before = governed.rpc.balance(server.address)
    acts = server.give(ballot(governed, proposal, 2), ballot(governed, proposal, 3))
    server.round()
    assert server.ends(*acts) == ["counted"] * 2
    paid = before - governed.rpc.balance(server.address)
    today = server.store.spent(_now())
    assert paid <= today * CHEAP <= paid + 2 * CHEAP
    assert server.store.spent(_now(), "#2") == today // 2


def test_a_ballot_waits_for_others_until_its_time(
    governed: Governed, store: ActStore, proposal: int
) -> None:
    with Relayer(governed, store, replace(GENEROUS, patience=60, full=3)) as server:
        acts = server.give(ballot(governed, proposal, 2), ballot(governed, proposal, 3))
        server.round()
        assert server.fates(*acts) == ["waiting"] * 2
        acts += server.give(ballot(governed, proposal, 4))
        server.round()
        assert server.fates(*acts) == ["sent"] * 3
        acts = server.give(ballot(governed, proposal, 5))
        server.round(later=59)
        assert server.fates(*acts) == ["waiting"]
        server.round(later=61)
        assert server.fates(*acts) == ["sent"]


@pytest.mark.parametrize("whose", ["signature", "proposal"])
def test_a_ballot_never_waits_beyond_a_deadline(
    governed: Governed, store: ActStore, proposal: int, whose: str
) -> None:
    closes = governed.dao.governor.call("proposalDeadline", proposal)
    until = closes - DAY if whose == "signature" else 2**40 - 1
    ends = until if whose == "signature" else closes
    with Relayer(governed, store, replace(GENEROUS, patience=30 * DAY)) as server:
        (act,) = server.give(ballot(governed, proposal, 2, deadline=until))
        governed.rpc.warp_to(ends - HOUR)
        server.round()
        assert server.fates(act) == ["waiting"]
        governed.rpc.warp_to(ends - 4 * 60)
        server.round()
        assert server.ends(act) == ["counted"]


# Refused before anything is kept


def test_what_relay_would_refuse_is_not_kept(
    governed: Governed, server: Relayer, proposal: int
) -> None:
    acts = [
        ballot(governed, proposal, 9),
        ballot(governed, 77, 2),
        ballot(governed, proposal, 3, deadline=1),
        delegate(governed, 2, 3, nonce=7),
        replace(delegate(governed, 4, 3), signature=bytes(63) + b"\x01\x1b"),
    ]
    assert [refused(each) for each in server.judge(*acts)] == [
        "ballot.by-a-stranger",
        "ballot.on-the-unknown",
        "ballot.expired",
        "ballot.out-of-order",
        "ballot.signature-of-another",
    ]
    assert server.store.waiting() == 0
    assert server.store.spent(_now()) == 0


@pytest.mark.parametrize(
    ("field", "value", "kind"),
    [
        ("chain_id", 1, "ballot.for-another-chain"),
        ("contract", person(9).address, "ballot.for-another-dao"),
    ],
)
def test_an_act_of_another_chain_or_dao_is_refused(
    governed: Governed, server: Relayer, field: str, value: Any, kind: str
) -> None:
    message = replace(delegate(governed, 2, 3).message, **{field: value})
    assert [refused(each) for each in server.judge(sign(message, person(2)))] == [kind]
    assert server.store.waiting() == 0


def test_the_same_act_is_kept_once(governed: Governed, server: Relayer, proposal: int) -> None:
    act = ballot(governed, proposal, 2)
    before = sent(governed, server)
    assert server.give(act) == server.give(act)
    server.round()
    assert server.ends(*server.give(act)) == ["counted"]
    (verdict,) = server.judge(act)
    assert isinstance(verdict, Act)
    assert verdict.fate == "counted"
    assert sent(governed, server) == before + 1


def test_the_same_vote_signed_twice_is_one(
    governed: Governed, server: Relayer, proposal: int
) -> None:
    first, again = (ballot(governed, proposal, 2, deadline=2**40 - n) for n in (1, 2))
    (one,) = server.give(first)
    (verdict,) = server.judge(again)
    assert refused(verdict) == "ballot.after-another"
    server.round()
    assert server.ends(one) == ["counted"]
    (verdict,) = server.judge(again)
    assert isinstance(verdict, Act)
    assert verdict.fate == "counted"  # the same vote


def test_who_signs_without_end_is_stopped(governed: Governed, server: Relayer) -> None:
    for nonce in range(16):
        server.give(delegate(governed, 2, 3 + nonce % 2, nonce=nonce))
    (verdict,) = server.judge(delegate(governed, 2, 3, nonce=16))
    assert refused(verdict) == "serve.queue-full"


def test_acts_of_one_signer_are_sent_in_their_order(governed: Governed, server: Relayer) -> None:
    acts = server.give(*[delegate(governed, 2, to, nonce=n) for n, to in enumerate((3, 4, 5))])
    for attempt in range(3):
        server.round(later=attempt * (PAUSE + 1))
        server.ends(*acts)
    assert server.fates(*acts) == ["counted"] * 3
    assert governed.dao.membership.call("delegates", person(2).address) == person(5).address


# Money


def test_an_empty_sponsor_takes_no_more(governed: Governed, server: Relayer, proposal: int) -> None:
    governed.rpc.fund(server.address, wei=1)
    (verdict,) = server.judge(ballot(governed, proposal, 2))
    assert refused(verdict) == "serve.sponsor-empty"


def test_the_retries_of_an_empty_sponsor_cost_nothing(
    governed: Governed, server: Relayer, proposal: int
) -> None:
    (act,) = server.give(ballot(governed, proposal, 2))
    governed.rpc.fund(server.address, wei=1)
    for attempt in range(10):
        with refuses("account.too-little"):
            server.round(later=attempt * (PAUSE + 1))
    assert server.store.spent(_now()) == 0
    assert server.fates(act) == ["waiting"]
    governed.rpc.fund(server.address, wei=ETHER)
    server.round(later=11 * PAUSE)
    assert server.ends(act) == ["counted"]
    assert [found.tries for each in [act] if (found := server.store.find(each))] == [0]


def test_what_no_node_takes_costs_nothing(
    governed: Governed, server: Relayer, proposal: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no(*_: Any) -> None:
        raise RpcError("eth_sendRawTransaction", -32000, "transaction underpriced")

    (act,) = server.give(ballot(governed, proposal, 2))
    with monkeypatch.context() as patch:
        patch.setattr(Sponsor, "offer", no)
        for attempt in range(TRIES + 2):
            server.round(later=attempt * (PAUSE + 1))
    assert server.fates(act) == ["waiting"]
    assert server.store.spent(_now()) == 0
    server.round(later=7 * PAUSE)
    assert server.ends(act) == ["counted"]


def test_the_budget_of_the_day_stops_everything(
    governed: Governed, store: ActStore, proposal: int
) -> None:
    with Relayer(governed, store, replace(GENEROUS, budget=1)) as server:
        (verdict,) = server.judge(ballot(governed, proposal, 2))
        assert refused(verdict) == "serve.budget-spent"
    with Relayer(governed, store) as server:
        (act,) = server.give(ballot(governed, proposal, 2))
    with Relayer(governed, store, replace(GENEROUS, budget=1)) as server:
        with refuses("serve.budget-spent", member=False):
            server.round()
        assert server.fates(act) == ["waiting"]
        assert sent(governed, server) == governed.rpc.nonce(server.address)


def test_one_members_budget_does_not_stop_others(
    governed: Governed, server: Relayer, store: ActStore, proposal: int
) -> None:
    acts = server.give(ballot(governed, proposal, 2), ballot(governed, proposal, 3))
    with store.transaction() as run:  # who has been paid for all day
        values = ("0x00", "#2", store.dao, _now() // DAY, GENEROUS.member)
        run("INSERT INTO spent (hash, who, dao, day, gwei) VALUES (?, ?, ?, ?, ?)", values)
    with Relayer(governed, store, replace(GENEROUS, budget=10**12)) as other:
        other.round()
        assert other.ends(*acts) == ["waiting", "counted"]
        (verdict,) = other.judge(delegate(governed, 2, 3))
        assert refused(verdict) == "serve.budget-spent"
        other.round(later=DAY)
        assert other.ends(*acts) == ["counted"] * 2


def test_nothing_is_sent_while_gas_is_too_dear(
    governed: Governed, store: ActStore, proposal: int
) -> None:
    with Relayer(governed, store, replace(GENEROUS, ceiling=1)) as server:
        (act,) = server.give(ballot(governed, proposal, 2))
        with refuses("serve.gas-too-dear"):
            server.round()
        assert server.fates(act) == ["waiting"]
    with Relayer(governed, store) as server:
        server.round(later=PAUSE + 1)
        assert server.ends(act) == ["counted"]


# Interrupted


class Killed(BaseException):
    """The end of a process, wherever it is."""


def killed(monkeypatch: pytest.MonkeyPatch, server: Relayer, of: Any, name: str) -> None:
    """A round that ends before or within one step."""

    def die(*_: Any, **__: Any) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(of, name, die)
        with pytest.raises(Killed):
            server.round()


@pytest.mark.parametrize("where", ["_carry", "_end"])
def test_killed_before_it_is_written_down(
    governed: Governed,
    server: Relayer,
    store: ActStore,
    proposal: int,
    where: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = sent(governed, server)
    (act,) = server.give(ballot(governed, proposal, 2))
    with monkeypatch.context() as patch:
        patch.setattr(ActStore, "release", lambda *_: None)  # a killed process tidies nothing up
        killed(patch, server, Relaying, where)
    with Relayer(governed, store) as other:
        for _ in range(3):
            assert other.ends(act) == ["counted"]
        assert sent(governed, other) == before + 1


def test_killed_between_writing_down_and_sending(
    governed: Governed,
    server: Relayer,
    store: ActStore,
    proposal: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = sent(governed, server)
    (act,) = server.give(ballot(governed, proposal, 2))
    killed(monkeypatch, server, Sponsor, "offer")
    assert sent(governed, server) == before
    written = store.find(act)
    with Relayer(governed, store) as other:
        other.round()
        assert sent(governed, other) == before + 1  # the very same transaction
        assert other.ends(act) == ["counted"]
    found = store.find(act)
    assert (found and found.hash) == (written and written.hash) != ""


def test_killed_after_sending(
    governed: Governed, server: Relayer, store: ActStore, proposal: int
) -> None:
    before = sent(governed, server)
    with held_back(governed):
        (act,) = server.give(ballot(governed, proposal, 2))
        server.round()
        with Relayer(governed, store) as other:
            other.round()
            assert other.fates(act) == ["sent"]
            assert sent(governed, other) == before + 1
    with Relayer(governed, store) as other:
        assert other.ends(act) == ["counted"]
        assert sent(governed, other) == before + 1


def test_a_node_that_forgot_a_transaction_gets_it_again(
    governed: Governed, server: Relayer, proposal: int
) -> None:
    with held_back(governed):
        (act,) = server.give(ballot(governed, proposal, 2))
        server.round()
        found = server.store.find(act)
        assert found is not None
        governed.rpc.call("anvil_dropTransaction", found.hash)
        assert governed.rpc.call("eth_getTransactionByHash", found.hash) is None
        server.round()
        assert governed.rpc.call("eth_getTransactionByHash", found.hash)
    assert server.ends(act) == ["counted"]


def test_a_number_that_another_program_took_is_not_waited_for(
    governed: Governed, server: Relayer, proposal: int
) -> None:
    with held_back(governed):
        (act,) = server.give(ballot(governed, proposal, 2))
        server.round()
        found = server.store.find(act)
        assert found is not None
        governed.rpc.call("anvil_dropTransaction", found.hash)
        with governed.rpc.impersonate(server.address):
            request = {"from": server.address, "to": person(1).address, "value": "0x1"}
            governed.rpc.call("eth_sendTransaction", request)
    server.round()
    assert server.fates(act) == ["waiting"]
    assert server.store.spent(_now()) == 0
    server.round(later=PAUSE + 1)
    assert server.ends(act) == ["counted"]


def test_a_gap_in_the_numbers_is_filled(governed: Governed, server: Relayer, proposal: int) -> None:
    with held_back(governed):
        (first,) = server.give(ballot(governed, proposal, 2))
        server.round()
        (second,) = server.give(ballot(governed, proposal, 3))
        server.round()
        found = server.store.find(first)
        assert found is not None
        governed.rpc.call("anvil_dropTransaction", found.hash)
        server.store.gone(found.hash, _now())
        server.round(later=PAUSE + 1)
        assert server.fates(first, second) == ["sent", "sent"]
    assert server.ends(first, second) == ["counted", "counted"]


# Overtaken


def test_a_ballot_that_its_member_cast_meanwhile_is_not_paid_for_again(
    governed: Governed, server: Relayer, proposal: int
) -> None:
    before = sent(governed, server)
    acts = server.give(ballot(governed, proposal, 2), ballot(governed, proposal, 3))
    governed.vote(proposal, 2, support=AGAINST)
    governed.vote(proposal, 3)
    assert server.ends(*acts) == ["refused", "counted"]
    assert server.refusal(acts[0]) == "ballot.other-than-cast"
    assert sent(governed, server) == before
    assert server.store.spent(_now()) == 0


def test_a_ballot_that_came_too_late_into_its_block_is_refused(
    governed: Governed, server: Relayer, proposal: int
) -> None:
    with held_back(governed):
        request = governed.dao.governor.data("castVote", proposal, AGAINST)
        fees = {"maxFeePerGas": hex(500 * CHEAP), "maxPriorityFeePerGas": hex(400 * CHEAP)}
        acts = server.give(ballot(governed, proposal, 2), ballot(governed, proposal, 3))
        server.round()
        governed.rpc.call(
            "eth_sendTransaction",
            {
                "from": person(2).address,
                "to": governed.dao.governor_address,
                "data": f"0x{request.hex()}",
                "gas": hex(500_000),
                **fees,
            },
        )
    assert server.ends(*acts) == ["refused", "counted"]
    assert server.refusal(acts[0]) == "ballot.other-than-cast"
    assert votes(governed, proposal) == {2: AGAINST, 3: FOR}


def test_an_act_whose_signer_left_meanwhile_fails_once(governed: Governed, server: Relayer) -> None:
    with held_back(governed):
        (act,) = server.give(delegate(governed, 2, 3))
        server.round()
        fees = {"maxFeePerGas": hex(500 * CHEAP), "maxPriorityFeePerGas": hex(400 * CHEAP)}
        data = governed.dao.membership.data("exit")
        governed.rpc.call(
            "eth_sendTransaction",
            {
                "from": person(2).address,
                "to": governed.dao.membership_address,
                "data": f"0x{data.hex()}",
                "gas": hex(500_000),
                **fees,
            },
        )
    assert governed.standing(2) == Standing.EXITED
    assert server.ends(act) == ["refused"]
    assert server.refusal(act) == "ballot.reverted"


# Several servers


@pytest.mark.parametrize("payers", [("alice", "alice"), ("alice", "p1")])
def test_two_servers_share_the_work(
    governed: Governed, postgresql: Postgres, proposal: int, payers: tuple[str, str]
) -> None:
    url, treasury = postgresql.empty(), governed.dao.treasury_address
    counts = {each: governed.rpc.nonce(governed.place.accounts[each].address) for each in payers}
    terms = replace(GENEROUS, full=1)
    stores = [open_store(url, 11155111, "dao", treasury) for _ in payers]
    servers = [
        Relayer(governed, store, terms, payer) for store, payer in zip(stores, payers, strict=True)
    ]
    acts = servers[0].give(*[ballot(governed, proposal, member) for member in (1, 2, 3)])
    acts += servers[1].give(*[delegate(governed, member, 5) for member in (1, 2, 3, 4)])
    for each in servers:
        each.follower.close()  # a thread has its own
        each.follower.context = None
    troubles: list[BaseException] = []

    def serve(server: Relayer) -> None:
        try:
            for _ in range(8):
                server.round()
        except BaseException as error:
            troubles.append(error)
        finally:
            server.follower.close()

    threads = [threading.Thread(target=serve, args=(each,)) for each in servers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert troubles == []
    assert servers[0].ends(*acts) == ["counted"] * 7
    new = {each: governed.rpc.nonce(governed.place.accounts[each].address) for each in payers}
    assert sum(new.values()) - sum(counts.values()) <= 7 if len(counts) > 1 else True
    assert votes(governed, proposal) == {1: FOR, 2: FOR, 3: FOR}
    hashes = {found.hash for each in acts if (found := stores[0].find(each))}
    assert len(hashes) == sum(new.values()) - sum(counts.values())
    for each, store in zip(servers, stores, strict=True):
        each.session.close()
        store.close()


def _now() -> int:
    return clock.now()


# What cannot be helped


def test_an_act_that_the_chain_never_counts_is_given_up(
    governed: Governed, server: Relayer
) -> None:
    (act,) = server.give(delegate(governed, 2, 3))
    failed = {"status": "0x0", "blockNumber": "0x1", "gasUsed": "0x1", "effectiveGasPrice": "0x1"}
    with held_back(governed):
        for attempt in range(TRIES):
            server.round(later=attempt * (PAUSE + 1))
            found = server.store.find(act)
            assert found is not None
            assert (found.fate, found.tries) == ("sent", attempt)
            governed.rpc.call("anvil_dropTransaction", found.hash)
            (sending,) = server.store.in_flight(f"11155111:{server.address}")
            server.relaying._mined(sending, failed)
            with server.store.transaction() as run:  # its bytes are those of the next one
                run("DELETE FROM sendings", ())
                run("DELETE FROM spent", ())
    assert server.refusal(act) == "serve.never-counted"


def test_a_line_that_is_no_longer_understood_is_refused() -> None:
    file = file_of(Act("0x00", "mikoshi=", "#2", "0x00", _now()))
    assert [each.kind for each in file.problems] == ["serve.line-lost"]


def test_the_same_vote_kept_by_two_servers_waits_for_the_first(
    governed: Governed, server: Relayer, store: ActStore, proposal: int
) -> None:
    (first,) = server.give(ballot(governed, proposal, 2))
    found = store.find(first)
    assert found is not None
    store.put([replace(found, id="0xtwin", received=found.received + 1)], 99, 99)
    with held_back(governed):
        server.round()
        assert server.fates(first, "0xtwin") == ["sent", "waiting"]
    assert server.ends(first, "0xtwin") == ["counted", "waiting"]
    server.round(later=PAUSE + 1)
    assert server.fates("0xtwin") == ["counted"]
