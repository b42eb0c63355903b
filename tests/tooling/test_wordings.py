"""What the many clients and gateways say, and where they put the bytes of a revert."""

from __future__ import annotations

import pytest
from eth_abi.abi import encode

from mikoshi.chain.answers import RpcError, in_code, known_already, nonce_taken, result_of
from mikoshi.text.json import Json

NO_VOICE = "0x" + "a1b2c3d4" + "00" * 12 + "11" * 20
BYTES = bytes.fromhex(NO_VOICE[2:])
CALL = "0x" + "deadbeef" + "00" * 32
HASH = "0x" + "ab" * 32
ADDRESS = "0x" + "11" * 20


def answered(error: Json, message: str = "execution reverted") -> RpcError:
    if isinstance(error, dict):
        error = {"code": 3, "message": message, **error}
    params = [{"to": ADDRESS, "data": CALL}, "latest"]
    found = result_of("eth_call", params, {"jsonrpc": "2.0", "id": 0, "error": error})
    assert isinstance(found, RpcError)
    return found


@pytest.mark.parametrize(
    "error",
    [
        {"data": NO_VOICE},
        {"data": NO_VOICE.upper().replace("X", "x")},
        {"data": f"Reverted {NO_VOICE}"},
        {"data": {"data": NO_VOICE, "message": "reverted", "txHash": HASH}},
        {"data": {"message": f"Error: reverted, return data: {NO_VOICE}", "txHash": HASH}},
        {"data": {HASH: {"error": "revert", "program_counter": 9, "return": NO_VOICE}}},
        {"data": {"originalError": {"code": 3, "data": NO_VOICE, "message": "reverted"}}},
        {"data": [{"error": {"error": {"data": NO_VOICE}}}]},
        {"data": f'{{"code":3,"data":"{NO_VOICE}"}}'},
        {"error": {"code": 3, "data": NO_VOICE}},
        {"message": f"execution reverted: {NO_VOICE}"},
        {"message": f"VM Exception (return data: {NO_VOICE})", "data": None},
        {"message": "execution reverted", "data": {"request": {"data": CALL}, "result": NO_VOICE}},
        {"message": f"call of {ADDRESS} with {CALL} failed in {HASH}: {NO_VOICE}"},
        f"reverted with {NO_VOICE}",
    ],
)
def test_bytes_of_a_revert_are_found_wherever_they_stand(error: Json) -> None:
    found = answered(error)
    assert found.data == BYTES
    assert in_code(found)


@pytest.mark.parametrize(
    "error",
    [
        {"data": {"request": {"data": CALL}}},
        {"message": f"reverted: {CALL}", "data": HASH},
        {"data": {"txHash": HASH, "to": ADDRESS}},
        {"data": 7},
        {"data": "0x"},
        {"data": "Reverted 0x"},
    ],
)
def test_other_hex_is_not_taken_for_them(error: Json) -> None:
    assert answered(error).data in (b"", bytes.fromhex(HASH[2:]), reason(CALL))


def reason(text: str) -> bytes:
    return bytes.fromhex("08c379a0") + encode(["string"], [text])


@pytest.mark.parametrize(
    "message",
    [
        "execution reverted: too late",
        "VM Exception while processing transaction: revert too late",
        "VM Exception while processing transaction: reverted with reason string 'too late'",
        'VM Exception while processing transaction: reverted with reason "too late"',
    ],
)
def test_reason_without_bytes_becomes_those_of_a_text(message: str) -> None:
    assert answered({}, message).data == reason("too late")


@pytest.mark.parametrize(
    "message",
    ["execution reverted", "VM execution error.", "Transaction reverted without a reason string"],
)
def test_revert_without_reason_has_no_bytes(message: str) -> None:
    found = answered({}, message)
    assert found.data == b""
    assert in_code(found)


@pytest.mark.parametrize(
    "message",
    [
        "invalid opcode: INVALID",
        "EVM error InvalidFEOpcode",
        "Bad instruction fe",
        "INVALID_OPERATION",
        "out of gas",
        "Out of gas",
        "OutOfGas",
        "invalid jump destination",
        "stack underflow (0 <=> 1)",
        "VM Exception while processing transaction: invalid opcode",
        "execution aborted (timeout = 5s)",
    ],
)
def test_failing_code_is_no_fault_of_the_node(message: str) -> None:
    assert in_code(answered({}, message))


@pytest.mark.parametrize("message", ["header not found", "busy", "limit exceeded", "no response"])
def test_fault_of_the_node_is_none_of_the_code(message: str) -> None:
    assert not in_code(answered({}, message))


@pytest.mark.parametrize(
    "message",
    [
        "already known",  # geth, reth
        "AlreadyKnown",  # nethermind
        "ALREADY_EXISTS: already known",  # erigon
        "existing tx with same hash",  # erigon
        "Known transaction",  # besu
        "TRANSACTION_ALREADY_KNOWN",
        f"Known transaction: {HASH}",  # Hardhat
        f"known transaction: {HASH[2:]}",
        "transaction already imported",  # anvil
        "Transaction with the same hash was already imported.",  # parity
        "tx already exists in cache",
        "tx already in mempool",
        "transaction already exists",
        "duplicate transaction",
    ],
)
def test_very_same_transaction_is_known(message: str) -> None:
    assert known_already(message)


@pytest.mark.parametrize(
    "message",
    [
        "nonce too low",
        "nonce too low: next nonce 5, tx nonce 4",  # geth, reth
        "nonce too low: address 0x12, tx: 4 state: 5",
        "OldNonce",  # nethermind
        "OldNonce, Current nonce: 5, nonce of rejected tx: 4",
        "OwnNonceAlreadyUsed",
        "Nonce too low",  # besu
        "NONCE_TOO_LOW",
        "Nonce too low. Expected nonce to be 5 but got 4.",  # Hardhat
        "Transaction nonce is too low. Try incrementing the nonce.",  # parity
        "wrong transaction nonce",
        "invalid nonce; got 4, expected 5",
        "invalid transaction nonce",
        "nonce has already been used",
        "Transaction nonce below sender account nonce",
        "replacement transaction underpriced",
        "Replacement transaction underpriced. A gasPrice/maxFeePerGas of at least 2 is necessary",
        "ReplacementNotAllowed",
        "could not replace existing tx",  # erigon
        "There is another transaction with same nonce in the queue.",
        "Transaction is stale",
    ],
)
def test_number_of_a_transaction_is_taken(message: str) -> None:
    assert nonce_taken(message)
    assert not known_already(message)


@pytest.mark.parametrize(
    "message",
    ["insufficient funds for gas * price + value", "intrinsic gas too low", "nonce too high"],
)
def test_other_refusals_are_neither(message: str) -> None:
    assert not nonce_taken(message)
    assert not known_already(message)
