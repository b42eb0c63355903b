"""Sending signed transactions: once, only what can be paid, and in spite of a bad line."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from eth_account import Account as EthAccount
from eth_account.messages import SignableMessage
from eth_account.signers.local import LocalAccount
from eth_utils.crypto import keccak

from mikoshi.chain.accounts import NodeAccount
from mikoshi.chain.node import DevRpc, Node, NodeOptions
from mikoshi.chain.refusals import OvertakenError
from mikoshi.chain.rpc import RevertedError, Rpc, RpcError, UnreachableError, transaction
from mikoshi.chain.sender import Sender
from mikoshi.chain.settings import NetworkSettings
from mikoshi.chain.transport import OwnLine
from mikoshi.cli.options import Options
from mikoshi.cli.session import Session
from mikoshi.core.artifacts import Artifact, compile_sources
from mikoshi.testing.community import person
from mikoshi.text.errors import ChainError
from mikoshi.text.json import Json
from mikoshi.text.language import Language, speaking
from tests.support import refuses, told
from tests.tooling.pauses import leaping
from tests.tooling.proxy import Call, FaultyRpc, HangUpError, HttpError, RefusalError

pytestmark = pytest.mark.slow

COUNTER = """// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

contract Counter {
    error CounterTooHigh(uint256 actual, uint256 limit);

    address public last;
    uint256 public count;

    function add(uint256 amount) external payable {
        count += amount;
        last = msg.sender;
        if (count > 10) revert CounterTooHigh(count, 10);
    }
}
"""
ADD = bytes.fromhex("1003e2d2")
ETHER = 10**18
ALICE = person(1)


class Key:
    """An account whose key a test knows."""

    def __init__(self, key: LocalAccount) -> None:
        self.name = "alice"
        self.address = key.address
        self._key = key

    def unlock(self) -> None:
        """There is nothing to ask for."""

    def sign(self, transaction: dict[str, Any]) -> bytes:
        return bytes(self._key.sign_transaction(transaction).raw_transaction)

    def sign_message(self, message: SignableMessage) -> bytes:
        return bytes(self._key.sign_message(message).signature)


@pytest.fixture(scope="module")
def counter() -> Artifact:
    return compile_sources({"Counter.sol": COUNTER})["Counter"]


@pytest.fixture
def sender(rpc: DevRpc) -> Sender:
    """Alice with 10 ether on the node of all tests."""
    rpc.call("anvil_setBalance", ALICE.address, hex(10 * ETHER))
    return Sender(rpc, Key(ALICE), 31337, patience=60)


@pytest.fixture
def at(sender: Sender, counter: Artifact) -> str:
    return str(sender.send(None, counter.bytecode)["contractAddress"])


def add(number: int) -> bytes:
    return ADD + number.to_bytes(32)


def test_send_signs_for_the_account_and_waits_for_the_receipt(
    sender: Sender, rpc: DevRpc, at: str
) -> None:
    before = rpc.balance(ALICE.address)
    receipt = sender.send(at, add(3), sender=ALICE.address.lower(), value=5)
    assert receipt["status"] == "0x1"
    assert receipt["from"].lower() == ALICE.address.lower()
    assert receipt["type"] == "0x2"
    assert sender.sent[-1] == receipt["transactionHash"]
    assert int.from_bytes(rpc.read(at, bytes.fromhex("06661abd"))) == 3
    assert rpc.balance(at) == 5
    price = int(receipt["effectiveGasPrice"], 16)
    assert rpc.balance(ALICE.address) == before - 5 - price * int(receipt["gasUsed"], 16)
    assert rpc.nonce(ALICE.address) == 2


def test_fees_are_the_multiple_that_ape_config_names(rpc: DevRpc) -> None:
    settings = NetworkSettings(fee_multiplier=1.25)
    with Rpc(rpc.url, settings=settings) as priced:
        fees = Sender(priced, Key(ALICE), 31337).fees()
    assert fees.max_fee == int(fees.base * 1.25) + fees.tip


def test_a_transaction_counts_once_enough_blocks_follow_it(rpc: DevRpc) -> None:
    rpc.fund(ALICE.address)
    told: list[str] = []
    mined: list[int] = []

    def mine() -> None:
        rpc.call("evm_mine")
        mined.append(rpc.block_number())

    with Rpc(rpc.url, settings=NetworkSettings(confirmations=3)) as patient, leaping(mine):
        sender = Sender(patient, Key(ALICE), 31337, tell=told.append)
        receipt = sender.send(person(2).address)
    assert len(mined) == 3
    assert mined[-1] - int(receipt["blockNumber"], 16) == 3


def test_a_transaction_that_no_block_follows_is_told(rpc: DevRpc) -> None:
    rpc.fund(ALICE.address)
    with Rpc(rpc.url, settings=NetworkSettings(confirmations=2)) as patient, leaping():
        sender = Sender(patient, Key(ALICE), 31337)
        with refuses("transaction.not-seen", reason="0 of 2 blocks follow it"):
            sender.send(person(2).address)


def test_send_leaves_room_above_the_estimate(sender: Sender, rpc: DevRpc, at: str) -> None:
    estimate = sender.estimate(at, add(1))
    receipt = sender.send(at, add(1))
    mined = rpc.call("eth_getTransactionByHash", receipt["transactionHash"])
    assert int(mined["gas"], 16) == estimate + 5 * 22_100
    fees = sender.fees()
    assert fees.max_fee == 2 * fees.base + fees.tip
    assert fees.expected == fees.base + fees.tip


def test_send_refuses_a_call_that_would_revert_before_anything_is_sent(
    sender: Sender, rpc: DevRpc, at: str
) -> None:
    nonce = rpc.nonce(ALICE.address)
    with pytest.raises(RpcError) as caught:
        sender.send(at, add(11))
    assert caught.value.data[4:] == (11).to_bytes(32) + (10).to_bytes(32)
    assert rpc.nonce(ALICE.address) == nonce


def test_send_tells_what_a_mined_transaction_reverted_with(
    sender: Sender, rpc: DevRpc, at: str
) -> None:
    with pytest.raises(RevertedError) as caught:
        sender.send(at, add(11), gas=100_000)
    assert caught.value.receipt["status"] == "0x0"
    assert caught.value.data is not None
    assert caught.value.data[4:] == (11).to_bytes(32) + (10).to_bytes(32)
    assert rpc.nonce(ALICE.address) == 2


def test_send_refuses_what_the_account_cannot_pay_before_anything_is_sent(
    sender: Sender, rpc: DevRpc, at: str
) -> None:
    nonce = rpc.nonce(ALICE.address)
    rpc.call("anvil_setBalance", ALICE.address, hex(ETHER // 10))
    short = f"{ALICE.address[:6]}…{ALICE.address[-4:]}"
    with refuses(
        "account.too-little",
        name="alice",
        short=short,
        has="0.1 ETH",
        needs="1 ETH",
        lacks="0.9 ETH",
        address=ALICE.address,
        chain_id=31337,
    ):
        sender.send(at, add(1), value=ETHER)
    rpc.call("anvil_setBalance", ALICE.address, hex(ETHER))
    with refuses("account.too-little"):  # the value alone would do, but not the gas
        sender.send(at, add(1), value=ETHER)
    assert rpc.nonce(ALICE.address) == nonce


def test_require_balance_is_exact(sender: Sender) -> None:
    sender.require_balance(10 * ETHER)
    with refuses("account.too-little"):
        sender.require_balance(10 * ETHER + 1)


def test_send_refuses_to_speak_for_somebody_else(sender: Sender) -> None:
    with pytest.raises(ValueError, match="who sends"):
        sender.send(person(3).address, sender=person(2_000_002).address)


def test_node_account_sends_through_the_node(rpc: DevRpc) -> None:
    account = NodeAccount("TEST::1", rpc.call("eth_accounts")[1])
    receipt = Sender(rpc, account, patience=60).send(person(2_000_002).address, value=1)
    assert receipt["from"].lower() == account.address.lower()
    assert rpc.balance(person(2_000_002).address) == 1


def test_node_account_refuses_another_chain(rpc: DevRpc) -> None:
    account = NodeAccount("TEST::1", rpc.call("eth_accounts")[1])
    nonce = rpc.nonce(account.address)
    with refuses("chain.another", actual=31337, expected=11155111, meant="this command"):
        Sender(rpc, account, 11155111, patience=60).send(person(2_000_002).address, value=1)
    assert rpc.nonce(account.address) == nonce


def test_a_signature_for_another_chain_is_worthless(sender: Sender, rpc: DevRpc) -> None:
    sender.chain_id = 11155111
    with pytest.raises(RpcError):
        sender.send(person(2_000_002).address, value=1)
    assert rpc.nonce(ALICE.address) == 0


# A bad line


class SwallowingProxy(http.server.ThreadingHTTPServer):
    """Stands between client and node; swallows the answer to the next call of some methods."""

    def __init__(self, node: Node) -> None:
        self.node = node
        self.swallow: dict[str, int] = {}
        self.seen: list[str] = []
        super().__init__(("127.0.0.1", 0), _Relay)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Relay(http.server.BaseHTTPRequestHandler):
    server: SwallowingProxy

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        line = self.server
        line.seen += [name for name in ("sendRaw", "getTransactionReceipt") if name in str(body)]
        with closing(OwnLine(line.node.url, 60)) as node:
            answer = node.post(body, {"Content-Type": "application/json"}).content
        for name, times in line.swallow.items():
            if name in str(body) and times:
                line.swallow[name] -= 1
                self.close_connection = True
                return
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def line(node: Node, rpc: DevRpc) -> Iterator[SwallowingProxy]:
    rpc.call("anvil_setBalance", ALICE.address, hex(10 * ETHER))
    with SwallowingProxy(node) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def test_a_lost_answer_does_not_send_twice(line: SwallowingProxy, rpc: DevRpc) -> None:
    line.swallow = {"sendRaw": 1, "getTransactionReceipt": 2}
    with Rpc(line.url) as bad:
        receipt = Sender(bad, Key(ALICE), 31337, patience=10).send(
            person(2_000_002).address, value=7
        )
    assert receipt["status"] == "0x1"
    assert line.seen.count("sendRaw") == 2
    assert rpc.balance(person(2_000_002).address) == 7
    assert rpc.nonce(ALICE.address) == 1


def test_a_nonce_that_is_taken_is_not_taken_for_success(sender: Sender, rpc: DevRpc) -> None:
    sender.send(person(2_000_002).address, value=1)

    class Stale(Sender):
        def _count(self, block: str) -> int:
            return super()._count(block) - 1

    with pytest.raises(OvertakenError) as caught:
        Stale(rpc, sender.account, 31337, patience=60).send(person(2_000_002).address, value=1)
    told(caught.value, "transaction.overtaken", name="alice")
    assert rpc.balance(person(2_000_002).address) == 1


def test_a_dead_line_ends_with_the_way_to_go_on(line: SwallowingProxy, rpc: DevRpc) -> None:
    line.swallow = {"sendRaw": 100, "getTransactionReceipt": 100}
    with Rpc(line.url) as bad, pytest.raises(ChainError) as caught:
        Sender(bad, Key(ALICE), 31337, patience=1).send(person(2_000_002).address, value=7)
    told(caught.value, "transaction.not-seen")
    assert str(caught.value.data["digest"]).startswith("0x")
    assert rpc.balance(person(2_000_002).address) == 7  # it did get through, and will be found


def test_no_line_at_all_is_told_before_anything_is_signed() -> None:
    class Never(Key):
        def sign(self, transaction: dict[str, Any]) -> bytes:
            raise AssertionError(transaction)

    with Rpc("http://127.0.0.1:9") as nobody, pytest.raises(UnreachableError):
        Sender(nobody, Never(ALICE), 31337).send(person(2_000_002).address, value=7)


# A slow chain


@pytest.fixture(scope="module")
def slow() -> Iterator[Node]:
    with Node(NodeOptions(args=("--no-mining",))) as node:
        yield node


@pytest.mark.parametrize(
    ("language", "waiting"), [("en", "waiting for transaction 0x"), ("ja", "を待っています")]
)
def test_send_says_what_it_waits_for_when_it_takes_long(
    slow: Node, language: Language, waiting: str
) -> None:
    account, notes = Key(EthAccount.create()), list[str]()
    slow.rpc.call("anvil_setBalance", account.address, hex(ETHER))
    with speaking(language), leaping(), pytest.raises(ChainError):
        Sender(slow.rpc, account, 31337, tell=notes.append).send(person(2_000_002).address)
    (note,) = notes
    assert waiting in note


@pytest.mark.parametrize("as_json", [False, True])
def test_a_command_says_what_it_waits_for_without_a_terminal(
    slow: Node, capsys: pytest.CaptureFixture[str], as_json: bool
) -> None:
    session = Session(Options(network=slow.url, as_json=as_json))
    request = transaction(person(2_000_002).address, sender=session.sender.address)
    for _ in range(2):
        slow.rpc.call("eth_sendTransaction", request)
    session.sender.patience = 0.2
    with leaping(), pytest.raises(ChainError) as caught:
        session.sender.settle()
    session.close()
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == "waiting for the transaction with nonce 0 of account TEST::0\n"
    told(caught.value, "account.stuck", name="TEST::0", count=2, nonce=0)
    assert caught.value.what == (
        "Account TEST::0 has 2 transactions that are not mined, from nonce 0 on"
    )
    slow.rpc.call("anvil_dropAllTransactions")


def test_settle_waits_for_what_was_sent_before(slow: Node) -> None:
    account = Key(EthAccount.create())
    slow.rpc.call("anvil_setBalance", account.address, hex(ETHER))
    late = "the chain did not take it in time"
    with leaping(), refuses("transaction.not-seen", reason=late):
        Sender(slow.rpc, account, 31337, patience=0.2).send(person(2_000_002).address)
    notes: list[str] = []
    with (
        leaping(),
        refuses("account.stuck", name="alice", count=1, address=account.address, nonce=0),
    ):
        Sender(slow.rpc, account, 31337, patience=0.2, tell=notes.append).settle()
    assert notes == ["waiting for the transaction with nonce 0 of account alice"]
    with leaping(lambda: slow.rpc.call("evm_mine")):
        Sender(slow.rpc, account, 31337).settle()
    assert slow.rpc.nonce(account.address) == 1


def test_a_pinned_number_does_not_take_the_place_of_what_another_program_sent(slow: Node) -> None:
    """Its wallet signs for a minute, in which fees rise by more than the tenth a node asks for."""
    key, other = EthAccount.create(), person(2_000_009).address
    account = Key(key)
    slow.rpc.call("anvil_setBalance", account.address, hex(ETHER))

    class Slowly(Key):
        def sign(self, transaction: dict[str, Any]) -> bytes:
            theirs = transaction | {"value": 5, "gas": 21_000, "maxFeePerGas": 3 * 10**9}
            slow.rpc.call("eth_sendRawTransaction", "0x" + account.sign(theirs).hex())
            return account.sign(transaction | {"maxFeePerGas": 30 * 10**9})

    sender = Sender(slow.rpc, Slowly(key), 31337)
    sender.pin()
    with refuses("transaction.overtaken", name="alice"):
        sender.send(other, value=7)
    slow.rpc.call("evm_mine")
    assert slow.rpc.balance(other) == 5
    assert sender.sent == []


# A node as there are many


@pytest.fixture
def faulty(node: Node, rpc: DevRpc) -> Iterator[FaultyRpc]:
    rpc.fund(ALICE.address, wei=10 * ETHER)
    with FaultyRpc(node.url) as proxy:
        yield proxy


SAYS_TAKEN = ["OldNonce", "wrong transaction nonce", "nonce too low: next nonce 1, tx nonce 0"]
SAYS_KNOWN = ["AlreadyKnown", "existing tx with same hash", "Known transaction", "already known"]


@pytest.mark.parametrize("says", [*SAYS_TAKEN, *SAYS_KNOWN, "could not be added"])
@pytest.mark.parametrize("lag", [0, 2])
def test_what_came_through_is_no_failure_however_it_is_worded(
    faulty: FaultyRpc, rpc: DevRpc, says: str, lag: int
) -> None:
    unseen = [None] * (lag if says in SAYS_TAKEN else 0)

    def lost(call: Call) -> Json:
        call.forward()
        raise RefusalError(says)

    faulty.on("eth_sendRawTransaction", lost)
    faulty.on("eth_getTransactionByHash", lambda call: unseen.pop() if unseen else call.forward())
    with Rpc(faulty.url) as bad, leaping():
        receipt = Sender(bad, Key(ALICE), 31337).send(person(2_000_002).address, value=7)
    assert receipt["status"] == "0x1"
    assert len(faulty.asked("eth_sendRawTransaction")) == 1
    assert rpc.balance(person(2_000_002).address) == 7


@pytest.mark.parametrize("says", SAYS_TAKEN)
def test_what_did_not_come_through_is_one(faulty: FaultyRpc, rpc: DevRpc, says: str) -> None:
    faulty.refuse("eth_sendRawTransaction", says)
    with Rpc(faulty.url) as bad, leaping(), refuses("transaction.overtaken", name="alice"):
        Sender(bad, Key(ALICE), 31337).send(person(2_000_002).address)
    assert rpc.nonce(ALICE.address) == 0


def test_a_transaction_that_the_node_forgot_is_sent_again_as_it_was(
    faulty: FaultyRpc, rpc: DevRpc
) -> None:
    forgotten = [True]

    def forget(call: Call) -> Json:
        if forgotten:
            forgotten.clear()
            return "0x" + keccak(bytes.fromhex(call.params[0][2:])).hex()
        return call.forward()

    faulty.on("eth_sendRawTransaction", forget)
    with Rpc(faulty.url) as bad, leaping():
        receipt = Sender(bad, Key(ALICE), 31337).send(person(2_000_002).address, value=7)
    assert receipt["status"] == "0x1"
    first, second = faulty.asked("eth_sendRawTransaction")
    assert first == second
    assert rpc.balance(person(2_000_002).address) == 7


def test_a_node_behind_its_own_receipts_is_waited_for_and_the_number_kept(
    faulty: FaultyRpc, rpc: DevRpc
) -> None:
    late: list[tuple[str, Json]] = []

    def lag(call: Call) -> Json:
        """After a receipt the first two answers are as before."""
        answer = call.forward()
        if late and late[-1][0] == call.method:
            return late.pop()[1]
        return answer

    def receipt(call: Call) -> Json:
        answer = call.forward()
        block = hex(rpc.block_number() - 1)
        late[:] = [("eth_blockNumber", block), ("eth_blockNumber", block)]
        return answer

    faulty.on("eth_getTransactionReceipt", receipt)
    faulty.on("eth_blockNumber", lag)
    faulty.on("eth_getTransactionCount", lambda _: "0x0")
    with Rpc(faulty.url) as bad, leaping():
        sender = Sender(bad, Key(ALICE), 31337)
        for number in range(3):
            mined = sender.send(person(2_000_002).address, value=7)
            assert bad.block_number() >= int(mined["blockNumber"], 16)
            assert rpc.nonce(ALICE.address) == number + 1
    assert rpc.balance(person(2_000_002).address) == 21


@pytest.mark.parametrize("arrives", [True, False])
@pytest.mark.parametrize("error", [HangUpError(), HttpError(503), RefusalError("slow down", 429)])
def test_an_account_of_the_node_sends_once_too(
    faulty: FaultyRpc, rpc: DevRpc, arrives: bool, error: Exception
) -> None:
    faults = [error]

    def lost(call: Call) -> Json:
        if faults and not arrives:
            raise faults.pop()
        answer = call.forward()
        if faults:
            raise faults.pop()
        return answer

    faulty.on("eth_sendTransaction", lost)
    account = NodeAccount("TEST::1", rpc.call("eth_accounts")[1])
    nonce = rpc.nonce(account.address)
    with Rpc(faulty.url) as bad, leaping():
        receipt = Sender(bad, account, 31337).send(person(2_000_002).address, value=7)
    assert receipt["status"] == "0x1"
    assert rpc.nonce(account.address) == nonce + 1
    assert rpc.balance(person(2_000_002).address) == 7


def test_another_transaction_with_its_number_is_not_taken_for_it(
    faulty: FaultyRpc, rpc: DevRpc
) -> None:
    account = NodeAccount("TEST::1", rpc.call("eth_accounts")[1])
    other = person(2_000_003).address

    def first_another(call: Call) -> Json:
        rpc.send(other, value=7, sender=account.address)  # in a block when it returns
        return call.forward()

    faulty.on("eth_sendTransaction", first_another)
    with Rpc(faulty.url) as bad, leaping(), refuses("transaction.overtaken"):
        Sender(bad, account, 31337).send(person(2_000_002).address, value=7)
    assert (rpc.balance(other), rpc.balance(person(2_000_002).address)) == (7, 0)
