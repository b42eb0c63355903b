"""Commands against what anybody can put on the chain, into a file or into a node's answers."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import pytest
from eth_abi.abi import decode, encode
from eth_utils.crypto import keccak

from mikoshi.ballots.file import to_json
from mikoshi.ballots.proposal import ProposalDraft
from mikoshi.chain.abi import Interface
from mikoshi.chain.contract import Contract, SenselessAnswerError
from mikoshi.chain.rpc import Rpc, RpcError, UnreachableError
from mikoshi.cli.failures import explained
from mikoshi.core.manifest import Manifest
from mikoshi.simulate.fork import _unforkable
from mikoshi.simulate.show import document
from mikoshi.testing.community import AGAINST, FOR, person
from mikoshi.text.errors import BadInputError, ChainError, MikoshiError
from mikoshi.text.markdown import markdown
from mikoshi.text.member_file import read_people
from mikoshi.text.pages.page import page
from mikoshi.text.people import Person
from tests.audit.test_scripts_words import coin_code
from tests.support import failed
from tests.tooling.governed import ADVISORY, Governed
from tests.tooling.mutations import LONGEST
from tests.tooling.proxy import Call, FaultyRpc
from tests.tooling.simulated import SimulatedDao

pytestmark = pytest.mark.slow

CREATED = (
    "0x"
    + keccak(
        text="ProposalCreated(uint256,address,address[],uint256[],string[],bytes[],uint256,uint256,string)"
    ).hex()
)
SHAPE = [
    "uint256",
    "address",
    "address[]",
    "uint256[]",
    "string[]",
    "bytes[]",
    "uint256",
    "uint256",
    "string",
]
NO_END = 2**40 - 1


def poisons(governed: Governed) -> dict[str, Any]:
    """Calls with which a member could stop whoever reads them."""
    treasury, membership = governed.dao.treasury, governed.dao.membership
    charter = membership.data("setCharter", bytes(32), "0x" + "aB" * 20)
    guardian = treasury.data("setGuardian", person(4).address, NO_END)
    return {
        "# No end": [(treasury.address, 0, guardian)],
        "# No\x1b[2J address\r": [(membership.address, 0, charter)],
        "": [(membership.address, 2**255, b"\xff" * 5)],
    }


def test_no_proposal_stops_the_commands(governed: Governed) -> None:
    governor, wallet = governed.dao.governor, person(1).address
    for title, calls in poisons(governed).items():
        draft = ProposalDraft.of(calls, title, wallet)
        governor.send("propose", *draft.calls, draft.description, sender=wallet)
    not_text = governor.data("proposeAdvisory", "x")[:4] + encode(["bytes"], [b"\xff\xfe"])
    governed.rpc.send(governor.address, not_text, sender=person(2).address)
    told = governed.told("proposal list")
    assert [each["number"] for each in told["proposals"]] == [1, 2, 3, 4]
    assert "after the year 9999" in told["proposals"][0]["calls"][0]["does"]
    governed.open_voting(int(told["proposals"][3]["id"]))
    for number in "1234":
        shown = governed.run("proposal show", number)
        assert shown.exit_code == 0, shown.stderr
        assert "\x1b" not in shown.stdout
        assert ("the id does not follow" in shown.stdout) == (number == "4")
        cast = governed.run("vote", number, account="p3", against=True, yes=True)
        assert cast.exit_code == 0, cast.stderr
    assert len(governed.told("status")["proposals"]) == 4


def lying(call: Call) -> Any:
    """The true events, but proposals pay a single wei."""
    logs = call.forward()
    for log in logs:
        if log["topics"][0] == CREATED:
            values = list(decode(SHAPE, bytes.fromhex(log["data"][2:])))
            values[3] = [1 for _ in values[3]]
            log["data"] = "0x" + encode(SHAPE, values).hex()
    return logs


def test_vote_says_that_the_node_lies(
    governed: Governed, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    draft = governed.propose()
    governed.open_voting(draft.id)
    monkeypatch.setenv("MIKOSHI_INDEX", str(tmp_path / "index"))
    with FaultyRpc(governed.rpc.url) as node:
        node.on("eth_getLogs", lying)
        shown = governed.run("vote 1", account="p2", dry_run=True, url=node.url, **{"for": True})
    assert re.search(r"pay P2 #2 \(0x.{9}\) 0\.000000000000000001 ETH", shown.stdout)
    assert "the id does not follow from this text and these calls" in shown.stdout


def test_execute_shows_what_it_sends_where_the_node_lies(
    governed: Governed, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    told = governed.told("proposal submit", str(governed.write()), account="p1", yes=True)
    governed.pass_vote(int(told["id"]))
    governed.ripen(int(told["id"]))
    monkeypatch.setenv("MIKOSHI_INDEX", str(tmp_path / "index"))
    with FaultyRpc(governed.rpc.url) as node:
        node.on("eth_getLogs", lying)
        shown = governed.run("execute 1", account="p3", dry_run=True, url=node.url)
        (
            governed.proposals / str(governed.rpc.chain_id()) / "pm-dao" / f"{told['id']}.json"
        ).unlink()
        refused = governed.run("execute 1", account="p3", dry_run=True, url=node.url)
    assert re.search(r"pay P2 #2 \(0x.{9}\) 0\.25 ETH", shown.stdout)
    assert "0.000000000000000001" not in shown.stdout
    assert refused.exit_code == ChainError.exit_code
    failed("proposal.unproven")


def test_coin_that_calls_itself_like_ether_is_not_ether(governed: Governed) -> None:
    world, coin = SimulatedDao(governed), person(3_400_001).address
    name, decimals = encode(["string"], ["eth"]), encode(["uint8"], [0])
    governed.rpc.call("anvil_setCode", coin, coin_code(name, decimals))
    data = governed.dao.token.data("transfer", person(2).address, 5)
    draft = ProposalDraft.of([(coin, 0, data)], "# <b>[x](y)", person(1).address)
    governed.dao.governor.send("propose", *draft.calls, draft.description, sender=person(1).address)
    sim = world.simulate(draft)
    (payment,) = (call.payment for call in sim.calls)
    assert payment is not None
    assert (payment.coin.address, payment.amount) == (coin, 5)
    assert [each.coin.address for each in sim.needs] == [coin]
    assert any("which calls itself eth and is not" in each for each in sim.of("warning"))
    assert "<b>" not in page(document(sim))
    assert markdown(document(sim)).startswith(r'# 1 "\<b\>\[x\](y)"')


# Files of others


def paper(governed: Governed, proposal: int, member: int, support: int = FOR) -> dict[str, Any]:
    """A ballot file of a member."""
    sign = governed.community.sign
    return to_json(sign(member, "MemberBallot", proposalId=proposal, support=support))


def spoiled(governed: Governed, proposal: int) -> dict[str, str]:
    """Files that are no ballots, by the words that refuse them."""
    infinite = [paper(governed, proposal, 3) for _ in range(2)]
    infinite[0]["signer"]["member"] = infinite[1]["message"]["domain"]["chainId"] = float("inf")
    short, old = paper(governed, proposal, 4), paper(governed, proposal, 5)
    last = int(short["signature"][-2:], 16)
    short["signature"] = f"{short['signature'][:-2]}{last - 25:02x}"
    last = int(old["signature"][-2:], 16)
    old["signature"] = f"{old['signature'][:-2]}{last + 10:02x}"
    named = {
        "its signer is missing or damaged": infinite[0],
        "its message is missing or damaged": infinite[1],
        "the signature is not that of": short,
        "signature is not that of": old,
    }
    return {words: json.dumps(each) for words, each in named.items()}


def test_spoiled_ballots_do_not_stop_the_others(governed: Governed) -> None:
    draft = governed.propose()
    governed.open_voting(draft.id)
    folder = governed.folder / "ballots"
    folder.mkdir()
    for number, text in enumerate(spoiled(governed, draft.id).values()):
        (folder / f"{number}.ballot").write_text(text)
    (folder / "b\udcff.ballot").write_text("{}")  # a name that is no UTF-8
    (folder / "good.ballot").write_text(json.dumps(paper(governed, draft.id, 2, AGAINST)))
    result = governed.run("relay", str(folder), account="p1", yes=True, json=True)
    assert result.exit_code == 1
    result.stdout.encode()
    told = json.loads(result.stdout)
    fates = {Path(each["file"]).name: (each["result"], each["reason"]) for each in told["files"]}
    assert fates.pop("good.ballot") == ("sent", "")
    fates.pop("b\udcff.ballot")
    ordered = [fates[name] for name in sorted(fates)]
    for (fate, reason), words in zip(ordered, spoiled(governed, draft.id), strict=True):
        assert fate == "refused"
        assert words in reason
    assert governed.dao.governor.call("hasVoted", draft.id, person(2).address)


def test_relay_names_the_signer_and_not_whom_the_file_names(governed: Governed) -> None:
    named = replace(governed.community.sign(3, "Rest"), member=1, name="Hana")
    path = governed.folder / "rest.ballot"
    path.write_text(json.dumps(to_json(named)))
    shown = governed.run("relay", str(path), account="p1", dry_run=True)
    assert shown.exit_code == 0, shown.stderr
    assert re.search(r"rest\.ballot: P3 #3 \(0x.{9}\) — I rest", shown.stdout)
    assert "Hana" not in shown.stdout


def test_record_of_others_leads_to_no_other_folder(governed: Governed, tmp_path: Path) -> None:
    path = tmp_path / "record.json"
    governed.place.manifest.save(path)
    assert Manifest.load(path) == governed.place.manifest
    path.write_text(path.read_text().replace('"slug": "pm-dao"', '"slug": "../../pm-dao"'))
    with pytest.raises(BadInputError, match=r"slug \.\./\.\./pm-dao: no name for files"):
        Manifest.load(path)


def test_text_of_others_cannot_change_the_screen(governed: Governed) -> None:
    path = governed.write('title = "T"\ntext = "a\\u001b[2Jb"\nbinding = false\n')
    refused = governed.run("proposal lint", str(path))
    assert refused.exit_code == 2
    assert "text must not contain characters that nobody sees" in refused.stderr


def test_file_of_others_adds_no_command_to_be_typed(governed: Governed) -> None:
    path = governed.write(ADVISORY, "x;touch y.toml")
    shown = governed.run("proposal lint", str(path))
    assert f"proposal simulate '{path}'" in shown.stdout


def test_name_of_others_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text(f'wallet,name\n{person(1).address},"Hana\n✓ executed"\n')
    assert read_people(path) == [Person(person(1).address, "Hana ✓ executed")]


# Nodes


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://example.org/v3/SECRET ", "https://example.org"),
        ("https://example.org/v3/SECRET\x7f", "https://example.org"),
        ("https://me:SECRET@example.org:8545/SECRET", "https://example.org:8545"),
    ],
)
def test_secret_of_a_url_is_in_no_error(url: str, shown: str) -> None:
    error: MikoshiError = UnreachableError(url, "")
    if url[-1] in " \x7f":
        with pytest.raises(BadInputError) as caught:
            Rpc(url)
        error = caught.value
    lines = explained(error).lines
    assert shown in lines[0]
    assert "SECRET" not in "\n".join(lines)


class Answering:
    """A chain on which every call returns the same bytes."""

    def __init__(self, answer: str) -> None:
        self.answer = bytes.fromhex(answer)

    def read(self, *_: object) -> bytes:
        return self.answer

    def send(self, *_: object, **__: object) -> NoReturn:
        raise AssertionError


LIES = {
    "dirt before an address": ("5e" * 32, "address"),
    "a place outside": ("ff" * 32, "string"),
    "neither yes nor no": ("02" * 32, "bool"),
    "nothing": ("", "uint256"),
    "a flood": ("ab" * 100_000, "address"),
}


@pytest.mark.parametrize(("answer", "type_"), LIES.values(), ids=LIES)
def test_answer_of_another_type_is_the_nodes_fault(answer: str, type_: str) -> None:
    view = {"type": "function", "name": "told", "inputs": [], "outputs": [{"type": type_}]}
    contract = Contract(Answering(answer), person(1).address, Interface([view]))
    with pytest.raises(SenselessAnswerError) as caught:
        contract.call("told")
    error = explained(caught.value)
    assert (error.kind, error.exit_code) == ("node.refused", 3)
    assert error.data["message"] == f"its answer makes no sense: told → 0x{answer[:200]}"
    assert max(map(len, error.lines)) < LONGEST
    assert contract.ask("told") is None


def test_secret_of_a_url_is_not_in_what_the_copy_of_the_chain_says() -> None:
    rpc = Rpc("https://me:SECRET1@example.org/v3/SECRET2")
    error = _unforkable(rpc, 7, f"no state at {rpc.url}: lost")
    assert error.reasons == ["no state at … lost"]


def test_node_cannot_raise_the_price_after_it_was_shown(governed: Governed) -> None:
    draft = governed.propose()
    governed.open_voting(draft.id)
    prices = [10**9] * 2 + [10**14] * 9
    with FaultyRpc(governed.rpc.url) as node:
        node.on("eth_maxPriorityFeePerGas", lambda _: hex(prices.pop(0)))
        once = governed.run("vote 1", account="p2", yes=True, url=node.url, **{"for": True})
        assert once.exit_code == 0, once.stderr
        nonce = governed.nonce(person(3))
        prices.insert(0, 10**9)
        dear = governed.run("vote 1", account="p3", yes=True, url=node.url, **{"for": True})
    assert dear.exit_code == ChainError.exit_code
    failed("gas.dearer")
    assert governed.nonce(person(3)) == nonce


LEFT_OUT = "the node left this call out of its answer"
REFUSALS: dict[str, tuple[Any, str]] = {
    "a text": ({"error": "go away"}, "go away"),
    "a list": ({"error": [1]}, "[1]"),
    "no bytes": ({"error": {"message": "no", "code": "x", "data": "0xzz"}}, "no"),
    "no number": ({"error": {"message": "no", "code": None}}, "no"),
    "nothing": ([], LEFT_OUT),
    "other ids": ({"id": [], "result": "0x1"}, LEFT_OUT),
}


@pytest.mark.parametrize(("answer", "told"), REFUSALS.values(), ids=REFUSALS)
def test_strange_refusal_of_a_node(answer: Any, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rpc = Rpc("http://localhost:1")
    given = {"id": 0} | answer if isinstance(answer, dict) else answer
    monkeypatch.setattr(rpc, "_post", lambda _: given)
    with pytest.raises(RpcError) as caught:
        rpc.call("eth_call")
    assert (caught.value.message, caught.value.code, caught.value.data) == (told, -32603, b"")


def test_error_that_is_null_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    rpc = Rpc("http://localhost:1")
    monkeypatch.setattr(rpc, "_post", lambda _: {"id": 0, "result": "0x1", "error": None})
    assert rpc.call("eth_chainId") == "0x1"
