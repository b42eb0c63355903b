"""Any EIP-712 wallet can sign: cast and viem sign what we write, and the chain takes it."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from eth_account import Account
from eth_account.signers.local import LocalAccount
from eth_utils.crypto import keccak

from mikoshi.ballots.batch import ACCOUNT_GAS
from mikoshi.ballots.messages import MESSAGES, Message, fields_of
from mikoshi.ballots.signed import recover
from mikoshi.chain.contract import Contract
from mikoshi.replay.governor import ProposalState
from mikoshi.testing.community import ABSTAIN, FOR, person
from mikoshi.text.json import Json
from mikoshi.text.paths import ROOT, foundry_tool
from mikoshi.words.refusals import find_vote
from tests.support import failed
from tests.tooling.governed import Governed
from tests.tooling.live import fund
from tests.tooling.proxy import Call, FaultyRpc, RefusalError
from tests.unit.governance.support import helper

pytestmark = pytest.mark.slow

CHAIN = 11_155_111
HERE = person(3_200_001).address
OWNER: LocalAccount = Account.from_key(keccak(text="mikoshi owner of an account"))

Wallet = Callable[[LocalAccount, Sequence[Path]], list[str]]


def cast(key: LocalAccount, files: Sequence[Path]) -> list[str]:
    """Signatures of Foundry's wallet."""
    command = [str(foundry_tool("cast")), "wallet", "sign", "--private-key", key.key.hex()]
    return [
        subprocess.run(
            [*command, "--data", "--from-file", str(file)],
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for file in files
    ]


def viem(key: LocalAccount, files: Sequence[Path]) -> list[str]:
    """Signatures of the library that web wallets and front ends use."""
    script = ROOT / "tests" / "js" / "sign.mjs"
    command = ["node", str(script), f"0x{key.key.hex()}", *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout.split()


@pytest.fixture(params=[cast, viem])
def wallet(request: pytest.FixtureRequest) -> Wallet:
    signs: Wallet = request.param
    return signs


def message(kind: str) -> Message:
    """One with large numbers, and text that is not ASCII."""
    samples = {
        "address": person(5).address,
        "bytes32": keccak(text=kind),
        "bytes": b"",
        "string": '助かります。"quoted" \\ and\na new line',
        "uint8": 1,
        "uint256": 2**256 - 1,
        "uint256[]": (1, 2**256 - 1),
        "address[]": (person(5).address, person(6).address),
    }
    return Message(kind, CHAIN, HERE, {name: samples[t] for name, t in fields_of(kind).items()})


def test_wallets_sign_every_message_that_members_sign(wallet: Wallet, tmp_path: Path) -> None:
    files = []
    for kind in MESSAGES:
        files.append(tmp_path / f"{kind}.json")
        files[-1].write_text(json.dumps(message(kind).typed_data()))
    signatures = [bytes.fromhex(each.removeprefix("0x")) for each in wallet(person(5), files)]
    makers = {
        kind: recover(message(kind), each) for kind, each in zip(MESSAGES, signatures, strict=True)
    }
    assert makers == dict.fromkeys(MESSAGES, person(5).address)


def test_ballot_signed_in_a_wallet_is_counted(
    governed: Governed, wallet: Wallet, tmp_path: Path
) -> None:
    proposal = governed.propose().id
    governed.open_voting(proposal)
    for number, choice, more in ((2, "--for", ()), (3, "--abstain", ("--reason", "まだ早い"))):
        data, ballot = tmp_path / f"{number}.json", tmp_path / f"{number}.ballot"
        options = (choice, *more, "--signer", f"#{number}")
        told = governed.told("vote 1", *options, "--typed-data", output=data)
        assert told["typed_data"] == json.loads(data.read_text())
        (signature,) = wallet(person(number), [data])
        governed.told("vote 1", *options, "--signature", signature, output=ballot)
    relayed = governed.told("relay", str(tmp_path), account="p1", yes=True)
    assert (relayed["sent"], relayed["refused"]) == (2, 0)
    for number, support in ((2, FOR), (3, ABSTAIN)):
        vote = find_vote(governed.rpc, governed.dao.governor, proposal, person(number).address)
        assert vote is not None
        assert vote.support == support


def test_cancellation_signed_in_a_wallet_is_relayed(
    governed: Governed, wallet: Wallet, tmp_path: Path
) -> None:
    proposal = governed.propose().id
    data, ballot = tmp_path / "1.json", tmp_path / "1.ballot"
    governed.told("cancel 1", "--signer", "#1", "--typed-data", output=data)
    (signature,) = wallet(person(1), [data])
    governed.told("cancel 1", "--signer", "#1", "--signature", signature, output=ballot)
    assert governed.told("relay", str(ballot), account="p2", yes=True)["sent"] == 1
    assert governed.dao.governor.call("state", proposal) == ProposalState.CANCELED


@pytest.mark.parametrize("by", ["key", "code", "stranger"])
def test_wallet_with_code_of_its_own_is_asked_by_its_key_and_by_its_code(
    governed: Governed, tmp_path: Path, by: str
) -> None:
    """EIP-7702: but no code is asked for a wallet's ballot of a batch."""
    key = {"key": person(1), "code": OWNER, "stranger": person(2)}[by]
    code = helper(governed.rpc, "ContractAccount", OWNER.address).address
    first, second = governed.propose("Bread").id, governed.propose("Tea").id
    governed.rpc.call("anvil_setCode", person(1).address, f"0xef0100{code[2:].lower()}")
    ways = {"vote 1 --for": by == "key", "cancel 2": by != "stranger"}
    for number, (command, good) in enumerate(ways.items()):
        data, ballot = tmp_path / f"{number}.json", tmp_path / f"{number}.ballot"
        governed.told(command, "--signer", "#1", "--typed-data", output=data)
        (signature,) = cast(key, [data])
        made = governed.run(command, "--signer", "#1", "--signature", signature, output=str(ballot))
        assert made.exit_code == (0 if good else 2), made.stderr
        assert ballot.exists() is good
    if by == "stranger":
        return
    governed.told("relay", str(tmp_path / "1.ballot"), account="p2", yes=True)
    assert governed.dao.governor.call("state", second) == ProposalState.CANCELED
    if by == "key":
        governed.open_voting(first)
        governed.told("relay", str(tmp_path / "0.ballot"), account="p2", yes=True)
        assert find_vote(governed.rpc, governed.dao.governor, first, person(1).address)


def test_contract_account_votes_with_its_owners_wallet(
    governed: Governed, wallet: Wallet, tmp_path: Path
) -> None:
    account = contract_member(governed)
    proposal = governed.propose().id
    governed.open_voting(proposal)
    data, ballot = tmp_path / "account.json", tmp_path / "account.ballot"
    options = ("--for", "--signer", account.address)
    told = governed.told("vote 1", *options, "--typed-data", output=data)
    assert told["typed_data"]["primaryType"] == "AccountBallot"
    refused = governed.run(
        "vote 1", *options, "--signature", wallet(person(2), [data])[0], output=ballot
    )
    assert refused.exit_code == 2
    assert f"The signature is not that of #6 ({account.address[:6]}" in refused.stderr
    assert not ballot.exists()
    governed.told("vote 1", *options, "--signature", wallet(OWNER, [data])[0], output=ballot)
    relayed = governed.told("relay", str(ballot), account="p1", yes=True)
    assert relayed["sent"] == 1
    (sent,) = relayed["transactions"]
    limit = int(governed.rpc.call("eth_getTransactionByHash", sent["transaction"])["gas"], 16)
    assert limit > ACCOUNT_GAS + sent["gas"]  # even an account that needs all it may use
    vote = find_vote(governed.rpc, governed.dao.governor, proposal, account.address)
    assert vote is not None
    assert vote.support == FOR


def test_contract_accounts_forged_cancellation_does_not_crowd_out_the_real_one(
    governed: Governed, tmp_path: Path
) -> None:
    account, governor = contract_member(governed), governed.dao.governor
    fund(governed.rpc, account.address)
    governor.send("proposeAdvisory", "# Tea?", sender=account.address)
    data, forged, real = (tmp_path / name for name in ("data.json", "a.ballot", "b.ballot"))
    told = governed.told("cancel 1", "--signer", "#6", "--typed-data", output=data)
    (signature,) = cast(OWNER, [data])
    governed.told("cancel 1", "--signer", "#6", "--signature", signature, output=real)
    false = json.loads(real.read_text()) | {"signature": cast(person(2), [data])[0]}
    forged.write_text(json.dumps(false))
    shown = governed.run("relay", str(tmp_path), account="p1", yes=True)
    assert shown.exit_code == 1
    assert "✗ a.ballot: the signature is not that of 0x" in shown.stdout
    assert "2 files: 1 sent, 1 refused" in shown.stdout
    assert governor.call("state", int(told["id"])) == ProposalState.CANCELED


def test_contract_accounts_forged_act_does_not_crowd_out_the_real_one(
    governed: Governed, tmp_path: Path
) -> None:
    """Both carry the account's next number, and the forged one comes first."""
    account = contract_member(governed)
    data, forged, real = (tmp_path / name for name in ("data.json", "a.ballot", "b.ballot"))
    governed.told("delegate #2", "--signer", "#6", "--typed-data", output=data)
    (signature,) = cast(OWNER, [data])
    governed.told("delegate #2", "--signer", "#6", "--signature", signature, output=real)
    false = json.loads(real.read_text()) | {"signature": cast(person(2), [data])[0]}
    forged.write_text(json.dumps(false))
    told = json.loads(
        governed.run("relay", str(tmp_path), account="p1", yes=True, json=True).stdout
    )
    fates = {Path(each["file"]).name: each for each in told["files"]}
    assert {name: each["result"] for name, each in fates.items()} == {
        "a.ballot": "refused",
        "b.ballot": "sent",
    }
    (problem,) = fates["a.ballot"]["problems"]
    assert problem["kind"] == "ballot.signature-of-another"
    assert governed.dao.membership.call("delegates", account.address) == person(2).address


def contract_member(governed: Governed) -> Contract:
    """A contract account of OWNER's, admitted as member #6."""
    account = helper(governed.rpc, "ContractAccount", OWNER.address)
    charter = governed.dao.membership.call("charterHash")
    governed.dao.membership.send(
        "admit", account.address, charter, sender=governed.dao.treasury_address
    )
    governed.rpc.warp(60)
    return account


YES = "1626ba7e"
ANSWERS: dict[str, str | RefusalError] = {
    "nothing": "0x",
    "half a word": "0x" + YES,
    "another": "0x" + "ff" * 4 + "00" * 28,
    "dirt": "0x" + YES + "00" * 27 + "01",
    "a bool": "0x" + "00" * 31 + "01",
    "a flood": "0x" + "ab" * 100_000,
    "a refusal": RefusalError("execution reverted", 3),
    "a refusal with bytes": RefusalError("execution reverted", 3, f"Reverted 0x{YES}"),
    "INVALID in geth": RefusalError("invalid opcode: INVALID"),
    "INVALID in anvil": RefusalError("EVM error InvalidFEOpcode", -32603),
    "INVALID in nethermind": RefusalError("VM execution error.", -32015, "Bad instruction fe"),
    "INVALID in besu": RefusalError("Internal error: INVALID_OPERATION", -32603),
    "all the gas": RefusalError("out of gas: gas required exceeds allowance (50000000)"),
    "no end": RefusalError("execution aborted (timeout = 5s)"),
}


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_account_that_answers_anything_but_yes_did_not_accept(
    governed: Governed, tmp_path: Path, answer: str | RefusalError
) -> None:
    account = contract_member(governed)
    governed.propose()
    options = ["--for", "--signer", account.address]
    data, ballot = tmp_path / "1.json", str(tmp_path / "1.ballot")
    governed.told("vote 1", *options, "--typed-data", output=data)
    asked: list[str] = []

    def strange(call: Call) -> Json:
        if YES not in json.dumps(call.params)[:999]:
            return call.forward()
        asked.append(answer if isinstance(answer, str) else "")
        if isinstance(answer, RefusalError):
            raise answer
        return answer

    (signature,) = cast(OWNER, [data])
    with FaultyRpc(governed.rpc.url) as node:
        node.on("eth_call", strange)
        options += ["--signature", signature]
        result = governed.run("vote 1", *options, output=ballot, url=node.url)
    assert result.exit_code == 2, result.stderr
    failed("signature.of-another")
    assert len(asked) == 1
    assert not Path(ballot).exists()
