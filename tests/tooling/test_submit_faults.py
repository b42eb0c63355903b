"""What goes wrong while a proposal is submitted or executed: clear words, and nothing twice."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from mikoshi.ballots.proposal import ProposalDraft
from mikoshi.chain.node import Node
from mikoshi.chain.sender import Sender
from mikoshi.replay.governor import ProposalState
from mikoshi.status.record import Record, Records
from mikoshi.testing.community import person
from mikoshi.text.errors import BadInputError
from tests.support import failed
from tests.tooling.governed import PAY, Governed
from tests.tooling.pauses import no_waiting
from tests.tooling.proxy import Call, FaultyRpc, HangUpError

pytestmark = pytest.mark.slow

RAW = "eth_sendRawTransaction"


@pytest.fixture
def faulty(governed: Governed) -> Iterator[FaultyRpc]:
    """A node between the commands and the chain; they do not wait for it when it is dead."""
    with FaultyRpc(governed.rpc.url) as proxy, no_waiting(proxy):
        yield proxy


@pytest.fixture
def submit(governed: Governed, faulty: FaultyRpc) -> Callable[[], Result]:
    """Submit the usual file as P1 through the faulty node."""
    path = str(governed.write())
    usual: dict[str, Any] = {"url": faulty.url, "account": "p1", "yes": True}
    return functools.partial(governed.run, "proposal submit", path, **usual)


@pytest.fixture
def execute(governed: Governed, faulty: FaultyRpc) -> Callable[[], Result]:
    """Execute a proposal that is ready as P3 through the faulty node."""
    draft = governed.propose("Bread")
    governed.pass_vote(draft.id)
    governed.ripen(draft.id)
    usual: dict[str, Any] = {"url": faulty.url, "account": "p3", "yes": True}
    return functools.partial(governed.run, "execute 1", **usual)


def only(governed: Governed) -> dict[str, Any]:
    """The one proposal there is."""
    (told,) = governed.told("status 1")["proposals"]
    found: dict[str, Any] = told
    return found


def record(governed: Governed) -> dict[str, Any]:
    (file,) = governed.proposals.rglob("*.json")
    entries: dict[str, Any] = json.loads(file.read_text())
    return entries


def goes_away(faulty: FaultyRpc, *, arrives: bool) -> None:
    """Let the node go away at the next transaction, before or after it takes it."""

    def hook(call: Call) -> Any:
        if arrives:
            call.forward()
        faulty.dead = True
        raise HangUpError

    faulty.on(RAW, hook)


@pytest.mark.parametrize("arrives", [False, True], ids=["lost", "arrived"])
def test_a_node_that_goes_away_while_submitting(
    arrives: bool, governed: Governed, faulty: FaultyRpc, submit: Callable[[], Result]
) -> None:
    nonce = governed.nonce(person(1))
    goes_away(faulty, arrives=arrives)
    gone = submit()
    assert gone.exit_code == 3
    failed("transaction.not-seen")
    assert record(governed)["transaction"] is None
    faulty.heal()
    again = submit()
    assert again.exit_code == 0, again.stderr
    assert ("is there already" in again.stdout) == arrives
    assert ("✓ proposed 1" in again.stdout) != arrives
    assert governed.nonce(person(1)) == nonce + 1
    assert only(governed)["title"] == "Fund the docs team"
    assert record(governed)["block"] == governed.rpc.block_number()


@pytest.mark.parametrize("arrives", [False, True], ids=["lost", "arrived"])
def test_a_node_that_goes_away_while_executing(
    arrives: bool, governed: Governed, faulty: FaultyRpc, execute: Callable[[], Result]
) -> None:
    treasury = governed.dao.treasury_address
    before, nonce = governed.rpc.balance(treasury), governed.nonce(person(3))
    goes_away(faulty, arrives=arrives)
    gone = execute()
    assert gone.exit_code == 3
    assert "was not seen mined" in gone.stderr
    faulty.heal()
    again = execute()
    assert again.exit_code == 0, again.stderr
    assert ("was executed in block" in again.stdout) == arrives
    assert before - governed.rpc.balance(treasury) == 10**18 // 4
    assert governed.nonce(person(3)) == nonce + 1


@pytest.mark.parametrize("method", ["eth_getLogs", "eth_call", "eth_estimateGas"])
def test_a_node_that_goes_away_while_reading(
    method: str, governed: Governed, faulty: FaultyRpc, submit: Callable[[], Result]
) -> None:
    governed.rpc.warp(60)  # something to read
    faulty.die(method=method)
    gone = submit()
    assert gone.exit_code == 3
    assert f"No answer from the node at {faulty.url}" in gone.stderr
    assert not governed.proposals.exists()
    faulty.heal()
    assert submit().exit_code == 0
    assert only(governed)["number"] == 1


def test_a_nonce_that_another_process_takes(
    governed: Governed, faulty: FaultyRpc, submit: Callable[[], Result]
) -> None:
    def overtaken(call: Call) -> Any:
        governed.rpc.send(person(4).address, value=1, sender=person(1).address)
        return call.forward()

    faulty.on(RAW, overtaken)
    late = submit()
    assert late.exit_code == 3
    failed("transaction.overtaken", name="p1")
    faulty.heal()
    assert "✓ proposed 1" in submit().stdout


def test_the_same_command_in_another_process_is_found(
    governed: Governed, faulty: FaultyRpc, submit: Callable[[], Result]
) -> None:
    text = f"# Fund the docs team\n\n資料を書く人に払います。\n\n#proposer={person(1).address}"

    def overtaken(call: Call) -> Any:
        calls = [person(2).address], [10**18 // 4], [b""]
        governed.dao.governor.send("propose", *calls, text, sender=person(1).address)
        return call.forward()

    faulty.on(RAW, overtaken)
    done = submit()
    assert done.exit_code == 0, done.stderr
    assert '✓ 1 "Fund the docs team" is there already' in done.stdout
    assert record(governed)["block"] == governed.rpc.block_number()


def test_somebody_else_executes_at_the_same_moment(
    governed: Governed, faulty: FaultyRpc, execute: Callable[[], Result]
) -> None:
    draft = ProposalDraft.of(
        [(person(2).address, 10**18 // 4, b"")], "# Bread\n\nBecause.", person(1).address
    )

    def overtaken(call: Call) -> Any:
        governed.dao.governor.send("execute", *draft.actions, sender=person(5).address)
        return call.forward()

    faulty.on(RAW, overtaken)
    done = execute()
    assert done.exit_code == 0, done.stderr
    assert '✓ 1 "Bread" was executed in block' in done.stdout
    assert "by somebody else" in done.stdout
    assert "⚠ what this run sent came too late, and cost its gas: 0x" in done.stdout
    assert governed.dao.governor.call("state", draft.id) == ProposalState.EXECUTED


def test_a_node_that_is_behind_its_own_blocks(
    governed: Governed, faulty: FaultyRpc, submit: Callable[[], Result]
) -> None:
    nonce = governed.nonce(person(1))

    def forgets(call: Call) -> Any:
        events = governed.dao.governor.interface
        heard = ((log, events.decode_log(log)) for log in call.forward())
        return [log for log, event in heard if event is None or event.name != "ProposalCreated"]

    faulty.on("eth_getLogs", forgets)
    assert submit().exit_code == 3
    failed("node.behind")
    assert governed.nonce(person(1)) == nonce + 1


def test_a_transaction_that_is_stuck(
    governed: Governed, submit: Callable[[], Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    short = functools.partialmethod(Sender.__init__, patience=0.5)
    monkeypatch.setattr(Sender, "__init__", short)
    nonce = governed.nonce(person(1))
    governed.rpc.call("evm_setAutomine", False)
    try:
        stuck = submit()
        assert stuck.exit_code == 3
        failed("transaction.not-seen")
        waiting = submit()
        assert waiting.exit_code == 3
        failed("account.stuck", name="p1", count=1)
        governed.rpc.call("evm_mine")
    finally:
        governed.rpc.call("evm_setAutomine", True)
    assert "is there already" in submit().stdout
    assert governed.nonce(person(1)) == nonce + 1


@pytest.mark.parametrize(
    ("phrase", "words"),
    [
        ("wrong", "The passphrase of account p1 is wrong"),
        (None, "passphrase of account p1 is needed"),
    ],
)
def test_a_key_that_refuses_to_sign(
    phrase: str | None,
    words: str,
    governed: Governed,
    submit: Callable[[], Result],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    usual = governed.environment()
    changed = usual | {"APE_ACCOUNTS_p1_PASSPHRASE": phrase}
    monkeypatch.setattr(Governed, "environment", lambda _: changed)
    refused = submit()
    assert refused.exit_code == 2, refused.stderr
    assert words in refused.stderr
    assert not governed.proposals.exists()
    monkeypatch.setattr(Governed, "environment", lambda _: usual)
    assert "✓ proposed 1" in submit().stdout


@pytest.mark.parametrize("command", ["status", "execute 1", "cancel 1", "proposal submit x.toml"])
def test_a_node_of_another_chain_is_refused(command: str, governed: Governed, node: Node) -> None:
    options: dict[str, Any] = {} if command == "status" else {"account": "p1", "yes": True}
    refused = governed.run(command, url=node.url, **options)
    assert refused.exit_code == 2, refused.stderr
    failed("chain.another", actual=31337, expected=11155111, meant="dao.toml")


def test_a_record_that_cannot_be_written_stops_it_before_anything_is_sent(
    governed: Governed, submit: Callable[[], Result]
) -> None:
    governed.proposals.mkdir()
    (governed.proposals / "11155111").write_text("a file where a folder should be")
    nonce = governed.nonce(person(1))
    full = submit()
    assert full.exit_code == 2
    failed("file.unwritable", reason="Not a directory")
    assert governed.nonce(person(1)) == nonce
    (governed.proposals / "11155111").unlink()
    assert "✓ proposed 1" in submit().stdout


def test_a_disk_that_is_full_after_sending(
    governed: Governed, submit: Callable[[], Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    save = Records.save

    def full(records: Records, each: Record) -> Path:
        if each.transaction:
            raise BadInputError("file.no-room", "the disk is full", "no space", "make room")
        return save(records, each)

    monkeypatch.setattr(Records, "save", full)
    assert submit().exit_code == 2
    monkeypatch.setattr(Records, "save", save)
    assert "is there already" in submit().stdout
    assert record(governed)["block"] == governed.rpc.block_number()


def test_a_file_that_is_no_proposal(governed: Governed) -> None:
    for text, words in (
        (PAY.replace('do = "pay"', 'do = "steal"'), '"steal" is no action'),
        (PAY.replace("0.25 ETH", "0.25"), "must be a number and its unit"),
        (PAY.replace('"#2"', '"#9"'), "must be a member that exists, got #9"),
    ):
        path = governed.write(text)
        wrong = governed.run("proposal submit", str(path), account="p1", yes=True)
        assert wrong.exit_code == 2
        assert words in wrong.stderr
