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

from mikoshi.ballots import MESSAGES, Message
from mikoshi.ballots.batch import ACCOUNT_GAS
from mikoshi.ballots.messages import fields_of
from mikoshi.ballots.refusals import find_vote
from mikoshi.ballots.signed import recover
from mikoshi.contract import Contract
from mikoshi.paths import ROOT, foundry_tool
from mikoshi.testing.community import ABSTAIN, FOR, person
from tests.tooling.governed import Governed
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


def contract_member(governed: Governed) -> Contract:
    """A contract account of OWNER's, admitted as member #6."""
    account = helper(governed.rpc, "ContractAccount", OWNER.address)
    charter = governed.dao.membership.call("charterHash")
    governed.dao.membership.send(
        "admit", account.address, charter, sender=governed.dao.treasury_address
    )
    governed.rpc.warp(60)
    return account
