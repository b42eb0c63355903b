"""`ape run proposal export`: what others load, run and sign does what was exported."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
from dataclasses import replace
from typing import Any

import pytest
import rlp  # type: ignore[import-untyped]
from eth_account import Account
from eth_account.typed_transactions.typed_transaction import TypedTransaction
from eth_utils.crypto import keccak
from hypothesis import given, settings
from hypothesis import strategies as st

from mikoshi.ballots.proposal import ProposalDraft
from mikoshi.chain.node import Node
from mikoshi.context.sending import voting
from mikoshi.replay.governor import ProposalState
from mikoshi.status.export.cast import cast_lines
from mikoshi.status.export.exported_call import ExportedCall
from mikoshi.status.export.safe import checksum
from mikoshi.status.export.unsigned import _rlp
from mikoshi.testing.community import person
from mikoshi.text.paths import foundry_tool
from mikoshi.text.people import short
from tests.support import deploy, failed
from tests.tooling.governed import ADVISORY, PAY, Governed
from tests.tooling.live import ETHER

pytestmark = pytest.mark.slow

EXPORT = "proposal export"
P1 = person(1).address

# A batch as the Transaction Builder 1.18.2 of Safe writes it, from
# github.com/5afe/safe-cli-nodejs, TRANSACTION_BUILDER_FORMAT_ANALYSIS.md.
BATCH: dict[str, Any] = {
    "version": "1.0",
    "chainId": "1",
    "createdAt": 1761326849944,
    "meta": {
        "name": "Transactions Batch",
        "description": "",
        "txBuilderVersion": "1.18.2",
        "createdFromSafeAddress": "0xA77DE01e157f9f57C7c4A326eeE9C4874D0598b6",
        "createdFromOwnerAddress": "",
        "checksum": "0x8b5032f716845c8b08bab3d63dbd9ba92e056f3557793cd041e59b84e16aa989",
    },
    "transactions": [
        {
            "to": "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48",
            "value": "0",
            "data": None,
            "contractMethod": {
                "inputs": [
                    {"internalType": "address", "name": "spender", "type": "address"},
                    {"internalType": "uint256", "name": "value", "type": "uint256"},
                ],
                "name": "approve",
                "payable": False,
            },
            "contractInputsValues": {
                "spender": "0x474e5Ded6b5D078163BFB8F6dBa355C3aA5478C8",
                "value": "100000000000",
            },
        }
    ],
}


def export(governed: Governed, what: str, format_: str, **options: str) -> str:
    """The text of an export for P1, unless another sender is named."""
    usual = {"format": format_, "sender": "#1"}
    text: str = governed.told(EXPORT, what, **(usual | options))["text"]
    return text


def state(governed: Governed, draft: ProposalDraft) -> ProposalState:
    return ProposalState(governed.dao.governor.call("state", draft.id))


def passed(governed: Governed) -> ProposalDraft:
    draft = governed.propose("Bread")
    governed.pass_vote(draft.id)
    governed.ripen(draft.id)
    return draft


# Safe


def test_the_checksum_is_that_of_the_transaction_builder() -> None:
    assert checksum(BATCH) == BATCH["meta"]["checksum"]
    renamed = BATCH | {"meta": BATCH["meta"] | {"name": "Another"}}
    assert checksum(renamed) == BATCH["meta"]["checksum"]
    assert checksum(BATCH | {"chainId": "10"}) != BATCH["meta"]["checksum"]


def test_a_safe_batch_has_every_field_and_the_right_checksum(governed: Governed) -> None:
    passed(governed)
    batch = json.loads(export(governed, "1", "safe", sender=person(4).address))
    assert batch.keys() == BATCH.keys()
    assert batch["meta"].keys() == BATCH["meta"].keys()
    assert batch["transactions"][0].keys() == BATCH["transactions"][0].keys()
    assert batch["meta"]["checksum"] == checksum(batch)
    assert batch["chainId"] == "11155111"
    assert batch["createdAt"] == governed.rpc.timestamp() * 1000
    assert batch["meta"]["name"] == 'execute proposal 1 "Bread"'
    assert "pay P2 #2" in batch["meta"]["description"]
    assert batch["meta"]["createdFromSafeAddress"] == person(4).address


def test_a_contract_that_is_a_member_proposes_votes_and_executes(governed: Governed) -> None:
    wallet = deploy(governed.rpc, "OwnedWallet", P1)
    treasury, membership = governed.dao.treasury_address, governed.dao.membership
    charter = membership.call("charterHash")
    membership.send("admit", wallet.address, charter, sender=treasury)
    governed.rpc.warp(60)

    def perform(what: str, **options: str) -> None:
        text = export(governed, what, "safe", sender=wallet.address, **options)
        (made,) = json.loads(text)["transactions"]
        data = bytes.fromhex(made["data"][2:])
        wallet.send("perform", made["to"], data, sender=person(5).address)

    perform(str(governed.write()))
    (told,) = governed.told("status")["proposals"]
    number = int(told["id"])
    assert governed.dao.governor.call("proposalProposer", number) == wallet.address
    governed.open_voting(number)
    perform("1", act="for")
    governed.vote(number, 1)
    governed.close_voting(number)
    governed.ripen(number)
    perform("1")
    assert governed.dao.governor.call("state", number) == ProposalState.EXECUTED


# cast


def cast(lines: str, governed: Governed, sender: int) -> subprocess.CompletedProcess[str]:
    """Run the lines in a shell, as whoever has the key file of P<sender>."""
    folder = governed.place.ape / "accounts"
    password = governed.folder / "password"
    password.write_text("pw")
    tools = {
        "PATH": f"{foundry_tool('cast').parent}:{os.environ['PATH']}",
        "ETH_RPC_URL": governed.rpc.url,
        "ETH_KEYSTORE": str(folder / f"p{sender}.json"),
        "ETH_PASSWORD": str(password),
    }
    environment = os.environ | tools
    shell = ["sh", "-e"]
    return subprocess.run(shell, input=lines, env=environment, capture_output=True, text=True)


def test_cast_proposes_the_exact_text(governed: Governed) -> None:
    title = "It's `here`: $HOME, [a,b] \\ (日本) {1} \" "
    quoted = json.dumps(title, ensure_ascii=False)
    file = PAY.replace('"Fund the docs team"', quoted).replace("払います", "払う\\n * 1\\n\\t'")
    path = governed.write(file)
    assert cast(export(governed, str(path), "cast"), governed, 1).returncode == 0
    (told,) = governed.told("proposal list")["proposals"]
    assert told["title"] == title.strip()
    again = governed.told("proposal submit", str(path), account="p1", yes=True)
    assert (again["sent"], again["id"]) == (False, told["id"])


def test_cast_proposes_without_actions(governed: Governed) -> None:
    path = governed.write(ADVISORY)
    assert cast(export(governed, str(path), "cast"), governed, 1).returncode == 0
    (told,) = governed.told("proposal list")["proposals"]
    assert (told["binding"], told["title"]) == (False, "Shall we meet in Kyoto?")


def test_cast_votes_and_executes(governed: Governed) -> None:
    draft = governed.propose("Bread")
    governed.open_voting(draft.id)
    for number, act in ((1, "for"), (2, "for"), (3, "against"), (4, "abstain")):
        lines = export(governed, "1", "cast", sender=f"#{number}", act=act)
        assert cast(lines, governed, number).returncode == 0
    (told,) = governed.told("status")["proposals"]
    votes = {each["member"]: each["support"] for each in told["ballots"]}
    assert votes == {1: "for", 2: "for", 3: "against", 4: "abstain"}
    governed.close_voting(draft.id)
    governed.ripen(draft.id)
    before = governed.rpc.balance(governed.dao.treasury_address)
    assert cast(export(governed, "1", "cast", sender="#5"), governed, 5).returncode == 0
    assert state(governed, draft) == ProposalState.EXECUTED
    assert before - governed.rpc.balance(governed.dao.treasury_address) == ETHER // 4


def test_cast_cancels(governed: Governed) -> None:
    draft = governed.propose("Bread")
    assert cast(export(governed, "1", "cast", act="cancel"), governed, 1).returncode == 0
    assert state(governed, draft) == ProposalState.CANCELED


def test_cast_only_tries_it_first(governed: Governed) -> None:
    draft = governed.propose("Bread")
    lines = export(governed, "1", "cast", act="cancel", sender="#2")
    refused = cast(lines, governed, 2)
    assert refused.returncode != 0
    assert "GovernorUnableToCancel" in refused.stderr or "0x" in refused.stderr
    assert governed.nonce(person(2)) == 0
    tried, sent = lines.splitlines()[-2:]
    assert (tried.split()[:2], sent.split()[:4]) == (
        ["cast", "call"],
        ["cast", "send", "--chain", "11155111"],
    )
    assert state(governed, draft) == ProposalState.PENDING


def test_what_cast_gets_for_one_chain_is_not_sent_to_another(
    governed: Governed, node: Node
) -> None:
    governed.propose("Bread")
    lines = export(governed, "1", "cast", act="for")
    sent = lines.splitlines()[-1].replace("cast send", "cast send --gas-limit 300000")
    elsewhere = replace(governed, community=replace(governed.community, rpc=node.rpc))
    node.rpc.call("anvil_setBalance", P1, hex(ETHER))
    nonce = node.rpc.nonce(P1)
    refused = cast(sent, elsewhere, 1)
    assert refused.returncode != 0
    assert "chain" in refused.stderr
    assert node.rpc.nonce(P1) == nonce


def test_words_in_comments_cannot_become_commands(governed: Governed) -> None:
    act = voting(1, 1)
    governor, details = governed.dao.governor, ["b\x0btouch bad\u2028", "c"]
    exported = ExportedCall(1, governor, act, P1, "a\n\rtouch bad", details)
    *comments, tried, sent = cast_lines(exported).splitlines()
    assert all(each.startswith("# ") for each in comments)
    assert comments[:3] == ["# a touch bad, on chain 1", "# b touch bad", "# c"]
    assert shlex.split(tried)[:2] == ["cast", "call"]
    assert shlex.split(sent)[:2] == ["cast", "send"]


# Offline


def signed(text: str, number: int) -> str:
    """What a key without a network makes of an export."""
    entries = json.loads(text)
    assert entries["from"] == person(number).address
    made = Account.sign_transaction(entries["transaction"], person(number).key)
    return f"0x{made.raw_transaction.hex()}"


def test_an_unsigned_transaction_is_signed_offline_and_sent(governed: Governed) -> None:
    draft = passed(governed)
    text = export(governed, "1", "unsigned", sender="#5")
    before = governed.rpc.balance(governed.dao.treasury_address)
    governed.rpc.send_raw(bytes.fromhex(signed(text, 5)[2:]))
    assert state(governed, draft) == ProposalState.EXECUTED
    assert before - governed.rpc.balance(governed.dao.treasury_address) == ETHER // 4


def test_an_unsigned_transaction_proposes(governed: Governed) -> None:
    text = export(governed, str(governed.write()), "unsigned")
    governed.rpc.send_raw(bytes.fromhex(signed(text, 1)[2:]))
    assert governed.told("status")["proposals"][0]["title"] == "Fund the docs team"


def test_the_bytes_to_sign_are_those_of_the_transaction(governed: Governed) -> None:
    passed(governed)
    governed.rpc.send(P1, value=1, sender=P1)
    entries = json.loads(export(governed, "1", "unsigned"))
    made = TypedTransaction.from_dict(entries["transaction"])
    assert entries["digest"] == f"0x{made.hash().hex()}"
    assert keccak(hexstr=entries["unsigned"]) == made.hash()
    assert entries["unsigned"].startswith("0x02f9")
    assert int(entries["transaction"]["nonce"], 16) == governed.nonce(person(1)) > 0
    assert int(entries["transaction"]["chainId"], 16) == 11_155_111
    assert entries["says"][0] == 'execute proposal 1 "Bread"'


@settings(max_examples=40)
@given(
    st.recursive(
        st.binary(max_size=80) | st.integers(0, 2**256 - 1),
        lambda each: st.lists(each, max_size=60),
        max_leaves=100,
    )
)
def test_rlp_is_that_of_the_library(value: Any) -> None:
    def plain(each: Any) -> Any:
        if isinstance(each, int):
            return rlp.sedes.big_endian_int.serialize(each)
        return [plain(item) for item in each] if isinstance(each, list) else each

    assert _rlp(value) == rlp.encode(plain(value))


def test_what_fails_now_has_no_unsigned_form(governed: Governed) -> None:
    draft = governed.propose("Bread")
    governed.pass_vote(draft.id)
    early = governed.run(EXPORT, "1", format="unsigned", sender="#5")
    assert early.exit_code == 4
    failed("proposal.not-ready")
    poor = governed.place.accounts["alice"].address
    governed.rpc.call("anvil_setBalance", poor, "0x0")
    governed.ripen(draft.id)
    broke = governed.run(EXPORT, "1", format="unsigned", sender=poor)
    assert broke.exit_code == 2
    assert f"✗ the sender ({poor[:6]}…{poor[-4:]}) has too little: 0 ETH" in broke.stderr


# What can be exported


def test_early_is_exported_and_too_late_is_refused(governed: Governed) -> None:
    draft = governed.propose("Bread")
    said = json.loads(export(governed, "1", "safe"))["meta"]["description"]
    stands, does = said.split("\n")
    assert stands.startswith("voting opens in 48 h")
    assert does.startswith("pay P2 #2")
    assert "castVote" in export(governed, "1", "cast", act="abstain")
    governed.dao.governor.send("cancel", *draft.actions, sender=P1)
    for act, kind in (
        ("execute", "proposal.over"),
        ("cancel", "proposal.not-cancellable"),
        ("for", "vote.too-late"),
    ):
        late = governed.run(EXPORT, "1", format="cast", sender="#1", act=act)
        assert late.exit_code == 4
        failed(kind)


def test_a_vote_that_would_not_count_is_not_exported(governed: Governed) -> None:
    governed.propose("Bread")
    outsider = governed.place.accounts["alice"].address
    refused = governed.run(EXPORT, "1", format="safe", sender=outsider, act="for")
    assert refused.exit_code == 4
    failed("vote.by-a-stranger", who=short(outsider), proposal='1 "Bread"')


def test_an_advisory_proposal_has_no_execution(governed: Governed) -> None:
    governed.propose("Kyoto?", pays=0)
    refused = governed.run(EXPORT, "1", format="safe", sender="#1")
    assert refused.exit_code == 4
    failed("proposal.advisory")


def test_a_file_that_cannot_be_proposed_is_not_exported(governed: Governed) -> None:
    path = governed.write()
    outsider = governed.place.accounts["alice"].address
    refused = governed.run(EXPORT, str(path), format="safe", sender=outsider)
    assert refused.exit_code == 4
    failed("proposal.by-a-stranger", who=short(outsider))


def test_an_unknown_sender(governed: Governed) -> None:
    governed.propose("Bread")
    unknown = governed.run(EXPORT, "1", format="safe", sender="Yuki")
    assert unknown.exit_code == 2
    failed("person.not-found", text="Yuki")


def test_an_export_is_written_whole_or_to_the_screen(governed: Governed) -> None:
    draft = governed.propose("Bread")
    file = governed.folder / "out" / "bread.sh"
    done = governed.run(EXPORT, "1", format="cast", sender="#1", act="cancel", output=str(file))
    assert done.exit_code == 0
    assert f"wrote {file}" in done.stdout
    shown = governed.run(EXPORT, "1", format="cast", sender="#1", act="cancel").stdout
    assert file.read_text() == shown
    told = governed.told(EXPORT, "1", format="cast", sender="#1", act="cancel")
    assert told["text"] == shown
    data = governed.dao.governor.data("cancel", *draft.actions)
    assert (told["to"], told["data"]) == (governed.dao.governor_address, f"0x{data.hex()}")
    (governed.folder / "file").write_text("")
    bad = governed.run(
        EXPORT, "1", format="safe", sender="#1", output=str(governed.folder / "file" / "x")
    )
    assert bad.exit_code == 2
    failed("file.unwritable", name=str(governed.folder / "file" / "x"))


def test_exports_speak_japanese(governed: Governed) -> None:
    governed.propose("Bread")
    shown = governed.run(EXPORT, "1", format="cast", sender="#1", act="cancel", lang="ja").stdout
    assert shown.startswith("# 提案 1「Bread」を取り消す(チェーン 11155111)\n")
    assert "に 0.25 ETH を支払う" in shown
