"""Two commands at once: the second finds out before it pays, wherever the two run."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mikoshi.chain.node import DevRpc
from mikoshi.chain.rpc import Rpc
from mikoshi.context.sending import executing
from mikoshi.deploy.perform import perform
from mikoshi.deploy.plan import make_plan
from mikoshi.members.admission import admit, plan_admission
from mikoshi.testing.community import AGAINST, person
from mikoshi.text.files import TakenError, alone
from mikoshi.voting.signed_file import Fate
from tests.support import failed, refuses, told
from tests.tooling.faulty import faulty
from tests.tooling.governed import Governed
from tests.tooling.live import Place, deployer, write_members
from tests.tooling.pauses import leaping
from tests.tooling.proxy import FaultyRpc, RefusalError
from tests.tooling.test_members import dao as dao
from tests.tooling.test_members import people, sent
from tests.tooling.test_relay import ballot, keep, planned, votes
from tests.tooling.test_relay import proposal as proposal

pytestmark = pytest.mark.slow


@contextmanager
def waiting(rpc: DevRpc) -> Iterator[None]:
    """What is sent inside waits, and is mined at the end."""
    rpc.call("evm_setAutomine", False)
    try:
        yield
    finally:
        rpc.call("evm_mine")
        rpc.call("evm_setAutomine", True)


# The lock


def test_one_holds_a_lock_and_tells_the_other_who(tmp_path: Path) -> None:
    path = tmp_path / ".lock"
    with alone(path, "mikoshi relay"):
        with pytest.raises(TakenError) as caught, alone(path, "mikoshi relay"):
            pass
        assert caught.value.holder.startswith(f"mikoshi relay, pid {os.getpid()}, ")
    assert not path.exists()
    with alone(path, "mikoshi relay"):
        assert path.exists()


def test_a_lock_ends_with_its_process(tmp_path: Path) -> None:
    path = tmp_path / ".lock"
    code = (
        "import sys, pathlib; from mikoshi.text.files import alone\n"
        "with alone(pathlib.Path(sys.argv[1]), 'x'): print('held', flush=True); sys.stdin.read()"
    )
    words = [sys.executable, "-c", code, str(path)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(TakenError), alone(path, "y"):
            pass
        holder.send_signal(signal.SIGKILL)
    with alone(path, "y"):
        assert path.read_text().startswith("y, pid ")


def test_a_lock_deleted_by_its_holder_holds_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, flock = tmp_path / ".lock", fcntl.flock

    def late(handle: int, operation: int) -> None:
        monkeypatch.setattr(fcntl, "flock", flock)
        path.unlink()  # by who held it until now
        flock(handle, operation)

    monkeypatch.setattr(fcntl, "flock", late)
    with alone(path, "first"), pytest.raises(TakenError), alone(path, "second"):
        pass


@pytest.mark.parametrize("there", [True, False])
def test_a_lock_holds_where_nothing_can_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, there: bool
) -> None:
    path, opened = tmp_path / ".lock", os.open
    if there:
        path.write_text("")

    def readonly(name: Any, flags: int, *args: Any, **options: Any) -> int:
        if flags & (os.O_RDWR | os.O_CREAT):
            raise OSError(30, "Read-only file system", str(name))
        return opened(name, flags, *args, **options)

    monkeypatch.setattr(os, "open", readonly)
    with alone(path, "x"), pytest.raises(TakenError) as caught, alone(path, "y"):
        pass
    assert caught.value.holder == "another process"
    with alone(path, "y"):
        pass


def test_what_a_lock_says_is_shown_in_short(tmp_path: Path) -> None:
    path = tmp_path / ".lock"
    with alone(path, "x"):
        path.write_text("a\x1b[2J" + "b" * 1000)
        with pytest.raises(TakenError) as caught, alone(path, "y"):
            pass
    assert len(caught.value.holder) <= 80
    assert "\x1b" not in caught.value.holder


# In one folder


def test_a_second_relay_is_refused_whoever_pays(governed: Governed, proposal: int) -> None:
    folder = keep(governed, a=ballot(governed, proposal, 2))
    lock = governed.place.journal.path.with_name(".pm-dao.relay.lock")
    with alone(lock, "mikoshi relay"):
        result = governed.run("relay", str(folder), account="p3", yes=True)
        assert result.exit_code == 4
        assert "mikoshi relay, pid" in str(failed("sending.under-way").data["holder"])
        voted = governed.run("vote", "1", "--for", account="p3", yes=True)
        assert voted.exit_code == 0, voted.stderr
    assert votes(governed, proposal).keys() == {3}
    assert not lock.exists()
    assert governed.run("relay", str(folder), account="p3", yes=True).exit_code == 0


def test_an_account_sends_for_one_command_at_a_time(governed: Governed, proposal: int) -> None:
    lock = governed.place.journal.path.with_name(f".{person(3).address}.lock")
    with alone(lock, "mikoshi relay"):
        assert governed.run("vote", "1", "--for", account="p3", yes=True).exit_code == 4
        failed("sending.under-way")
        assert governed.run("vote", "1", "--for", account="p3", dry_run=True).exit_code == 0
        assert governed.run("vote", "1", "--for", account="p2", yes=True).exit_code == 0
    assert votes(governed, proposal).keys() == {2}


# From two folders


def test_a_second_relay_finds_what_the_first_one_sent(governed: Governed, proposal: int) -> None:
    folder = keep(
        governed,
        a=ballot(governed, proposal, 2),
        b=ballot(governed, proposal, 3),
        c=ballot(governed, proposal, 4),
    )
    with planned(governed, folder) as (carrier, plan):
        governed.vote(proposal, 4, support=AGAINST)
        first = governed.run("relay", str(folder), account="p5", yes=True)
        assert first.exit_code == 1  # c has voted otherwise
        nonce = governed.nonce(person(1))
        late = carrier.send(plan.transactions[0])
    assert governed.nonce(person(1)) == nonce
    assert {each.path.stem: each.fate for each in late} == {
        "a": Fate.DONE,
        "b": Fate.DONE,
        "c": Fate.REFUSED,
    }
    assert "counted on" in late[0].note
    assert "sent by P5 #5" in late[0].note
    (problem,) = late[2].problems
    told(problem, "ballot.other-than-cast")


def test_a_second_relay_sees_what_waits_to_be_mined(governed: Governed, proposal: int) -> None:
    folder = keep(governed, a=ballot(governed, proposal, 2), b=ballot(governed, proposal, 3))
    with planned(governed, folder) as (carrier, plan):
        (transaction,) = plan.transactions
        home, args = governed.dao.governor, transaction.batch().args()
        with waiting(governed.rpc):
            request = {
                "from": person(5).address,
                "to": home.address,
                "data": "0x" + home.data("castVotesBySig", *args).hex(),
                "gas": hex(2_000_000),
            }
            governed.rpc.call("eth_sendTransaction", request)
            late = carrier.send(transaction)
        assert governed.nonce(person(1)) == 1  # the proposal
    assert [each.problems[0].kind for each in late] == ["ballot.on-its-way"] * 2
    assert votes(governed, proposal).keys() == {2, 3}


def test_an_act_that_somebody_else_sent_is_done(governed: Governed) -> None:
    signed = governed.community.sign(4, "Delegate", nonce=0, delegatee=person(2).address)
    folder = keep(governed, a=signed)
    with planned(governed, folder) as (carrier, plan):
        assert governed.run("relay", str(folder), account="p5", yes=True).exit_code == 0
        nonce = governed.nonce(person(1))
        (late,) = carrier.send(plan.transactions[0])
    assert (late.fate, governed.nonce(person(1))) == (Fate.DONE, nonce)


def test_a_second_admission_says_who_admitted(dao: Any, place: Place, sepolia: DevRpc) -> None:
    file = str(write_members(place.folder / "more.csv", [6, 7, 8]))
    charter = dao.membership.call("charterHash")
    plan = plan_admission(sepolia, dao, people([6, 7, 8]))
    assert place.run("members admit", sepolia.url, file, "--account", "steward", "--yes")
    nonce = sepolia.nonce(person(1).address)
    signed = sent(dao, place, sepolia)
    done = admit(place.sender(sepolia, "steward"), signed, plan.missing, charter, since=plan.block)
    assert sepolia.nonce(person(1).address) == nonce
    assert (done.people, done.transactions, done.waiting) == ([], [], [])
    assert done.others == [(each, person(1).address) for each in people([6, 7, 8])]


def test_a_second_admission_sees_what_waits_to_be_mined(
    dao: Any, place: Place, sepolia: DevRpc
) -> None:
    charter = dao.membership.call("charterHash")
    plan = plan_admission(sepolia, dao, people([6]))
    signed, sender = sent(dao, place, sepolia), place.sender(sepolia, "steward")
    data = dao.membership.data("admitMany", [each.wallet for each in plan.missing], charter)
    with waiting(sepolia):
        request = {"from": dao.treasury_address, "to": dao.membership_address, "gas": hex(10**6)}
        sepolia.call("eth_sendTransaction", request | {"data": "0x" + data.hex()})
        done = admit(sender, signed, plan.missing, charter, since=plan.block)
    assert (done.transactions, done.waiting) == ([], plan.missing)
    assert dao.membership.call("census")[0] == 6


def test_what_the_account_sends_after_the_last_look_refuses_the_second(
    dao: Any, place: Place, sepolia: DevRpc
) -> None:
    charter = dao.membership.call("charterHash")
    wallets = [each.wallet for each in people([6, 7])]
    data = "0x" + dao.membership.data("admitMany", wallets, charter).hex()
    other = {"from": person(1).address, "to": dao.membership_address, "data": data}
    nonce = sepolia.nonce(person(1).address)
    with FaultyRpc(sepolia.url) as node, Rpc(node.url) as rpc:

        def late(call: Any) -> Any:  # asked once it is known that they are missing
            node.heal()
            sepolia.call("eth_sendTransaction", other | {"gas": hex(10**6)})
            return call.forward()

        node.on("eth_maxPriorityFeePerGas", late)
        sender = place.sender(rpc, "steward")
        with leaping(), refuses("transaction.overtaken"):
            admit(sender, replace(dao, chain=sender), people([6, 7]), charter)
    assert (sepolia.nonce(person(1).address), dao.membership.call("census")[0]) == (nonce + 1, 7)


def test_a_second_execution_sees_what_waits_to_be_mined(governed: Governed) -> None:
    draft = governed.propose()
    governed.pass_vote(draft)
    governed.ripen(draft.id)
    governor = governed.dao.governor
    act, sender = executing(draft), governed.place.sender(governed.rpc, "p2")
    nonce = governed.nonce(person(2))
    with waiting(governed.rpc):
        request = {"from": person(5).address, "to": governor.address, "gas": hex(10**6)}
        data = "0x" + act.data(governor).hex()
        governed.rpc.call("eth_sendTransaction", request | {"data": data})
        with refuses("transaction.on-its-way"):
            sender.send(governor.address, act.data(governor))
    assert governed.nonce(person(2)) == nonce


def test_a_node_without_a_pending_block_serves_as_well(governed: Governed, proposal: int) -> None:
    def no_pending(call: Any) -> Any:
        if call.params[-1] == "pending":
            raise RefusalError("pending state is not available")
        return call.forward()

    folder = keep(governed, a=ballot(governed, proposal, 2))
    with FaultyRpc(governed.rpc.url) as node:
        for method in ("eth_call", "eth_estimateGas", "eth_getBalance"):
            node.on(method, no_pending)
        done = governed.run("relay", str(folder), account="p5", yes=True, url=node.url)
        asked = [each for name, each in node.calls if name != "eth_getTransactionCount"]
    assert done.exit_code == 0, done.stderr
    assert sum(each[-1:] == ["pending"] for each in asked) == 1


def test_a_second_deployment_elsewhere_makes_no_second_dao(
    place: Place, sepolia: DevRpc, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    sender = place.sender(sepolia)
    plan = make_plan(place.config, sepolia, place.journal, sender)
    sepolia.warp(5)  # another t₀, so another DAO
    made = Place(other).deploy(sepolia)
    treasury, nonce = made.addresses["treasury"], sepolia.nonce(deployer().address)
    with refuses("deploy.made-meanwhile", block=made.block, treasury=treasury):
        perform(plan, sender, place.journal)
    assert sepolia.nonce(deployer().address) == nonce


# What was sent is said


def test_what_was_sent_before_a_failure_is_said(governed: Governed) -> None:
    first, second = governed.propose("Bread").id, governed.propose("Tea").id
    governed.open_voting(second)
    folder = keep(governed, a=ballot(governed, first, 2), b=ballot(governed, second, 2))
    with faulty(governed.rpc.url) as node:
        node.die_at(2, "before")
        broken = governed.run("relay", str(folder), url=node.url, account="p1", yes=True, json=True)
    assert broken.exit_code == 3
    (digest,) = json.loads(broken.stdout)["error"]["sent"]
    assert governed.rpc.call("eth_getTransactionReceipt", digest)["status"] == "0x1"
    assert f"1 transaction was sent before: {digest}" in broken.stderr
