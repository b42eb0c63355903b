"""`ape run relay`: what members signed reaches the chain once, and the bad ones are named."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from eth_utils.crypto import keccak
from hypothesis import given, settings
from hypothesis import strategies as st

from mikoshi.ballots.file import from_json, load, to_json, write_new
from mikoshi.ballots.messages import governor_message
from mikoshi.ballots.proposal import ProposalDraft
from mikoshi.ballots.signed import Signed, sign
from mikoshi.cli.options import Options
from mikoshi.cli.session import Session
from mikoshi.context.context import Context
from mikoshi.testing.community import ABSTAIN, AGAINST, FOR, person
from mikoshi.text.json import Json
from mikoshi.text.people import short
from mikoshi.voting.act_numbers import MOST
from mikoshi.voting.relay import Carrier, Relay
from mikoshi.voting.signed_file import Fate, open_files
from mikoshi.words.refusals import find_vote
from tests.support import failed, refuses, told
from tests.tooling.faulty import faulty
from tests.tooling.governed import Governed
from tests.tooling.proxy import Call, FaultyRpc, RefusalError
from tests.tooling.test_voting import CHARTER, act, admit

pytestmark = pytest.mark.slow

ALWAYS = 2**40 - 1


def signed(governed: Governed, member: int, kind: str, **values: Any) -> Signed:
    """What somebody signs, a member or not."""
    anybody = [person(number) for number in range(1, 10)]
    return replace(governed.community, people=anybody).sign(member, kind, **values)


def ballot(
    governed: Governed, proposal: int, member: int, support: int = FOR, deadline: int = ALWAYS
) -> Signed:
    values = {"proposalId": proposal, "support": support, "deadline": deadline}
    return signed(governed, member, "MemberBallot", **values)


def reasoned(governed: Governed, proposal: int, member: int, reason: str) -> Signed:
    values = {"proposalId": proposal, "support": FOR, "reason": reason, "params": b""}
    return signed(governed, member, "ExtendedBallot", **values)


def keep(governed: Governed, **papers: Signed) -> Path:
    """Files of these names in a folder; the folder."""
    folder = governed.folder / "ballots"
    folder.mkdir(exist_ok=True)
    for name, signed in papers.items():
        write_new(folder / f"{name}.ballot", to_json(signed))
    return folder


def relay(
    governed: Governed, *sources: Path | str, code: int = 0, **options: Any
) -> dict[str, Any]:
    """What the command says to programs of each file, by name; "" has the rest."""
    given: dict[str, Any] = {"account": "p1", "yes": True, "json": True} | options
    result = governed.run("relay", *map(str, sources), **given)
    assert result.exit_code == code, result.stderr
    told = json.loads(result.stdout)
    return {Path(each["file"]).stem: each for each in told.pop("files")} | {"": told}


def results(told: dict[str, Any]) -> dict[str, str]:
    return {name: each["result"] for name, each in told.items() if name}


@pytest.fixture
def proposal(governed: Governed) -> int:
    """Proposal 1, "Bread", open for votes."""
    number = governed.propose().id
    governed.open_voting(number)
    return number


def votes(governed: Governed, proposal: int) -> dict[int, int]:
    """Who voted how."""
    found = {
        number: find_vote(governed.rpc, governed.dao.governor, proposal, person(number).address)
        for number in range(1, 8)
    }
    return {number: vote.support for number, vote in found.items() if vote}


@contextmanager
def planned(governed: Governed, folder: Path) -> Iterator[tuple[Carrier, Relay]]:
    """What P1 is about to relay from a folder, and through whom."""
    with closing(Session(Options(str(governed.place.toml), governed.rpc.url))) as session:
        context = Context.open(session, governed.place.records)
        carrier = Carrier(context, governed.place.sender(governed.rpc, "p1"))
        yield carrier, carrier.plan(open_files([str(folder)]))


# What is sent


def test_ballots_on_two_proposals_are_counted(governed: Governed) -> None:
    first, second = governed.propose("Bread").id, governed.propose("Tea").id
    governed.open_voting(second)
    folder = keep(
        governed,
        a=ballot(governed, first, 2),
        b=ballot(governed, second, 2, AGAINST),
        c=ballot(governed, first, 3, ABSTAIN),
    )
    told = relay(governed, folder)
    assert results(told) == {"a": "sent", "b": "sent", "c": "sent"}
    assert votes(governed, first) == {2: FOR, 3: ABSTAIN}
    assert votes(governed, second) == {2: AGAINST}
    assert told["a"]["transaction"] == told["c"]["transaction"] != told["b"]["transaction"]
    gas = {each["transaction"]: each["gas"] for each in told[""]["transactions"]}
    assert told["a"]["gas"] == gas[told["a"]["transaction"]] // 2
    receipt = governed.rpc.call("eth_getTransactionReceipt", told["b"]["transaction"])
    assert told["b"]["gas"] == int(receipt["gasUsed"], 16)


def test_relay_is_shown_before_it_is_sent(governed: Governed, proposal: int) -> None:
    folder = keep(
        governed, a=ballot(governed, proposal, 2), b=ballot(governed, proposal, 3, AGAINST)
    )
    shown = governed.run("relay", str(folder), account="p1", dry_run=True)
    assert shown.exit_code == 0
    assert '1 "Bread": 2 ballots in one transaction, For 1, Against 1' in shown.stdout
    assert re.search(r"about 0\.\d+ ETH \([\d,]+ gas at \S+ gwei\)", shown.stdout)
    assert "2 files: 2 not sent" in shown.stdout
    assert votes(governed, proposal) == {}
    sent = governed.run("relay", str(folder), account="p1", yes=True).stdout
    assert re.search(r"✓ 2 counted in block \d+, [\d,]+ gas, [\d,]+ gas each", sent)
    assert "2 files: 2 sent" in sent


def test_files_folders_and_patterns_name_each_file_once(governed: Governed, proposal: int) -> None:
    folder = keep(governed, a=ballot(governed, proposal, 2), b=ballot(governed, proposal, 3))
    (folder / "notes.txt").write_text("not a ballot")
    sources = (folder, folder / "a.ballot", folder / "*.ballot")
    assert [each.name for each in open_files([str(each) for each in sources])] == [
        "a.ballot",
        "b.ballot",
    ]
    assert results(relay(governed, *sources)) == {"a": "sent", "b": "sent"}


@pytest.mark.parametrize("name", ["nothing.ballot", "no*.ballot", "empty"])
def test_source_without_ballots_is_refused(governed: Governed, name: str) -> None:
    (governed.folder / "empty").mkdir()
    shown = governed.run("relay", str(governed.folder / name), account="p1", yes=True)
    assert shown.exit_code == 2
    failed("ballot.none-found", source=str(governed.folder / name), suffix=".ballot")


# What is refused


def moved(signed: Signed, **changes: Any) -> Signed:
    """The same message for another place, signed anew."""
    message = replace(signed.message, **changes)
    return sign(message, person(signed.member), signed.member)


BAD: dict[str, tuple[Callable[[Governed, int], Signed], str, dict[str, Any]]] = {
    "expired": (
        lambda governed, proposal: ballot(
            governed, proposal, 2, deadline=governed.rpc.timestamp() - 60
        ),
        "ballot.expired",
        {},
    ),
    "other chain": (
        lambda governed, proposal: moved(ballot(governed, proposal, 2), chain_id=1),
        "ballot.for-another-chain",
        {"chain": 1, "here": 11_155_111},
    ),
    "other dao": (
        lambda governed, proposal: moved(
            ballot(governed, proposal, 2), contract=person(99).address
        ),
        "ballot.for-another-dao",
        {"part": "governor", "contract": short(person(99).address)},
    ),
    "other proposal": (
        lambda governed, proposal: ballot(governed, proposal + 1, 2),
        "ballot.on-the-unknown",
        {},
    ),
    "forged": (
        lambda governed, proposal: replace(
            ballot(governed, proposal, 3), signer=person(2).address, member=2
        ),
        "ballot.signature-of-another",
        {"signer": "0x50ab…bf7f"},
    ),
    "stranger": (
        lambda governed, proposal: ballot(governed, proposal, 9),
        "ballot.by-a-stranger",
        {},
    ),
    "wrong number": (
        lambda governed, proposal: replace(ballot(governed, proposal, 2), member=4),
        "ballot.of-another-member",
        {"member": 4, "signer": 2},
    ),
    "no such choice": (
        lambda governed, proposal: ballot(governed, proposal, 2, 3),
        "ballot.unknown-support",
        {"support": 3},
    ),
    "voted otherwise": (
        lambda governed, proposal: ballot(governed, proposal, 5, AGAINST),
        "ballot.other-than-cast",
        {"support": "For"},
    ),
    "no voice": (
        lambda governed, proposal: ballot(governed, proposal, 6),
        "voice.not-yet",
        {},
    ),
}


def test_bad_ballots_are_named_and_the_others_are_counted(
    governed: Governed, proposal: int
) -> None:
    governed.vote(proposal, 5)
    admit(governed, 6)
    papers = {name.replace(" ", "_"): make(governed, proposal) for name, (make, *_) in BAD.items()}
    folder = keep(governed, good=ballot(governed, proposal, 3), **papers)
    changed = json.loads((folder / "good.ballot").read_text())
    changed["message"]["message"]["support"] = AGAINST
    (folder / "changed.ballot").write_text(json.dumps(changed))
    (folder / "scribble.ballot").write_text("{")
    changed["message"]["domain"]["chainId"] = 1
    (folder / "moved.ballot").write_text(json.dumps(changed))
    told = relay(governed, folder, code=1)
    for name, (_, kind, data) in BAD.items():
        (problem,) = told[name.replace(" ", "_")]["problems"]
        assert problem == problem | data | {"kind": kind}
    (expired,) = told["expired"]["problems"]
    assert all(re.fullmatch(r".* UTC", expired[name]) for name in ("until", "now"))
    (changed,) = told["changed"]["problems"]
    assert changed["kind"] == "ballot.other-words"
    assert changed["says"].startswith("I vote Against ")
    there = {"kind": "ballot.for-another-chain", "chain": 1, "here": 11_155_111}
    assert told["moved"]["problems"] == [there]
    assert told["scribble"]["problems"] == [{"kind": "ballot.not-a-ballot"}]
    assert (told[""]["sent"], told[""]["refused"]) == (1, len(BAD) + 3)
    shown = governed.run("relay", str(folder), account="p1", yes=True)
    assert shown.exit_code == 1
    for name, each in told.items():
        if each.get("result") == "refused":
            reason = each["reason"].partition(", now ")[0]  # time has passed since
            assert f"✗ {name}.ballot: {reason}" in shown.stdout
    assert f"{len(BAD) + 4} files: 1 done before, {len(BAD) + 3} refused" in shown.stdout
    assert votes(governed, proposal) == {3: FOR, 5: FOR}


@pytest.mark.parametrize(
    ("when", "name", "moment"),
    [("early", "opens", r"in 48 h 1 m \(.* UTC\)"), ("late", "closed", r"1 s ago \(.* UTC\)")],
)
def test_ballots_out_of_time_are_refused(
    governed: Governed, when: str, name: str, moment: str
) -> None:
    proposal = governed.propose().id
    if when == "late":
        governed.close_voting(proposal)
    told = relay(governed, keep(governed, a=ballot(governed, proposal, 2)), code=1)
    (problem,) = told["a"]["problems"]
    assert re.fullmatch(moment, problem.pop(name))
    assert problem == {"kind": f"ballot.too-{when}", "proposal": '1 "Bread"'}
    assert told[""]["transactions"] == []


def test_ballots_of_one_member_that_differ_are_counted_once(
    governed: Governed, proposal: int
) -> None:
    folder = keep(
        governed,
        a=ballot(governed, proposal, 2, AGAINST),
        b=ballot(governed, proposal, 2, FOR),
        c=ballot(governed, proposal, 2, AGAINST),
    )
    told = relay(governed, folder, code=1)
    assert results(told) == {"a": "sent", "b": "refused", "c": "done before"}
    assert told["b"]["problems"] == [{"kind": "ballot.after-another", "name": "a.ballot"}]
    assert told["c"]["problems"] == []
    assert told["c"]["reason"] == "the same as a.ballot"
    assert votes(governed, proposal) == {2: AGAINST}


def test_what_voting_closed_on_is_refused_at_the_last_moment(
    governed: Governed, proposal: int
) -> None:
    folder = keep(governed, a=ballot(governed, proposal, 2))
    with planned(governed, folder) as (carrier, plan):
        governed.close_voting(proposal)
        nonce = governed.nonce(person(1))
        (late,) = carrier.send(plan.transactions[0])
    assert late.fate is Fate.REFUSED
    (problem,) = late.problems
    told(problem, "ballot.too-late")
    assert governed.nonce(person(1)) == nonce


def test_what_was_counted_meanwhile_is_refused_at_the_last_moment(
    governed: Governed, proposal: int
) -> None:
    folder = keep(governed, a=ballot(governed, proposal, 2))
    with planned(governed, folder) as (carrier, plan):
        governed.vote(proposal, 2, support=AGAINST)
        (late,) = carrier.send(plan.transactions[0])
    (problem,) = late.problems
    told(problem, "ballot.other-than-cast", support="Against")
    assert votes(governed, proposal) == {2: AGAINST}


def test_what_expired_meanwhile_is_refused_at_the_last_moment(
    governed: Governed, proposal: int
) -> None:
    soon = governed.rpc.timestamp() + 60
    folder = keep(governed, a=ballot(governed, proposal, 2, deadline=soon))
    with planned(governed, folder) as (carrier, plan):
        nonce = governed.nonce(person(1))
        governed.rpc.warp(120)
        (late,) = carrier.send(plan.transactions[0])
    (problem,) = late.problems
    told(problem, "ballot.not-counted", words="expired", result="expired")
    assert (votes(governed, proposal), governed.nonce(person(1))) == ({}, nonce)


def test_relayer_who_cannot_pay_is_refused(governed: Governed, proposal: int) -> None:
    folder = keep(governed, a=ballot(governed, proposal, 2))
    governed.rpc.call("anvil_setBalance", person(4).address, "0x1")
    shown = governed.run("relay", str(folder), account="p4", yes=True)
    assert shown.exit_code == 2
    assert "p4 (0x1fDD…D029) has too little" in shown.stderr
    assert votes(governed, proposal) == {}


# Running again


def test_what_was_done_in_time_is_not_refused_as_late(governed: Governed, proposal: int) -> None:
    soon = governed.rpc.timestamp() + 3_600
    folder = keep(
        governed,
        a=ballot(governed, proposal, 2, deadline=soon),
        b=signed(governed, 4, "Rest", nonce=0, deadline=soon),
    )
    assert set(results(relay(governed, folder)).values()) == {"sent"}
    keep(governed, c=signed(governed, 3, "Rest", nonce=0, deadline=soon))
    governed.rpc.warp(7_200)
    told = relay(governed, folder, code=1)
    assert results(told) == {"a": "done before", "b": "done before", "c": "refused"}
    assert re.match(r"counted on .* UTC", told["a"]["reason"])
    assert told["b"]["reason"] == "it is so already"
    (problem,) = told["c"]["problems"]
    assert problem["kind"] == "ballot.expired"


def test_second_run_sends_nothing(governed: Governed, proposal: int) -> None:
    folder = keep(
        governed,
        a=ballot(governed, proposal, 2),
        b=reasoned(governed, proposal, 3, "Yes"),
        c=signed(governed, 4, "Delegate", nonce=0, delegatee=person(2).address),
    )
    assert set(results(relay(governed, folder)).values()) == {"sent"}
    nonce = governed.nonce(person(1))
    told = relay(governed, folder)
    assert set(results(told).values()) == {"done before"}
    assert re.match(r"counted on .* UTC", told["a"]["reason"])
    assert told["c"]["reason"] == "it is so already"
    assert governed.nonce(person(1)) == nonce


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("number", [1, 2, 3])
def test_interrupted_run_continues(governed: Governed, number: int, when: Any) -> None:
    first, second = governed.propose("Bread").id, governed.propose("Tea").id
    governed.open_voting(second)
    folder = keep(
        governed,
        a=ballot(governed, first, 2),
        b=ballot(governed, second, 2),
        c=signed(governed, 4, "Delegate", nonce=0, delegatee=person(2).address),
    )
    nonce = governed.nonce(person(1))
    with faulty(governed.rpc.url) as node:
        node.die_at(number, when)
        broken = governed.run("relay", str(folder), account="p1", yes=True, url=node.url)
        assert broken.exit_code == 3
        assert "Run the same command again: it finds what was done and continues" in broken.stderr
        node.revive()
        done = number if when == "after" else number - 1
        assert governed.nonce(person(1)) == nonce + done
        told = relay(governed, folder, url=node.url)
    expected = ["done before"] * done + ["sent"] * (3 - done)
    assert sorted(results(told).values()) == expected
    assert governed.nonce(person(1)) == nonce + 3
    assert votes(governed, first) == votes(governed, second) == {2: FOR}


# Other acts


def test_acts_of_a_member_are_sent_in_their_order(governed: Governed) -> None:
    folder = keep(
        governed,
        a=signed(governed, 2, "Wake", nonce=2, charterHash=bytes(32)),
        b=signed(governed, 2, "Delegate", nonce=0, delegatee=person(3).address),
        c=signed(governed, 2, "Rest", nonce=1),
        d=signed(governed, 4, "Exit", nonce=0),
        e=signed(governed, 4, "Rejoin", nonce=1, charterHash=CHARTER),
    )
    assert set(results(relay(governed, folder)).values()) == {"sent"}
    membership = governed.dao.membership
    assert membership.call("delegates", person(2).address) == person(3).address
    standings = [governed.standing(number).name for number in (2, 4)]
    assert standings == ["ACTIVE", "NEWCOMER"]
    assert [membership.call("nonces", person(number).address) for number in (2, 4)] == [3, 2]


def test_act_out_of_its_order_is_refused(governed: Governed) -> None:
    act(governed, 3, "delegate", person(2).address)
    folder = keep(
        governed,
        later=signed(governed, 2, "Rest", nonce=1),
        again=signed(governed, 3, "Delegate", nonce=0, delegatee=person(2).address),
        other=signed(governed, 3, "Delegate", nonce=0, delegatee=person(4).address),
    )
    told = relay(governed, folder, code=1)
    early = {"kind": "ballot.out-of-order", "nonce": 1, "next": 0}
    assert told["later"]["problems"] == [early]
    assert results(told) == {"again": "sent", "later": "refused", "other": "refused"}
    same = {"kind": "ballot.same-number", "name": "again.ballot", "nonce": 0}
    assert told["other"]["problems"] == [same]
    told = relay(governed, folder / "other.ballot", code=1)
    assert told["other"]["problems"] == [{"kind": "ballot.number-used", "nonce": 0}]


def test_one_member_does_not_make_a_run_pay_without_end(governed: Governed) -> None:
    """Twenty acts are sent in their order; the rest waits for another run."""
    turns = {f"{each:02}": person(3 - each % 2).address for each in range(MOST + 2)}
    folder = keep(
        governed,
        **{
            name: signed(governed, 2, "Delegate", nonce=number, delegatee=to)
            for number, (name, to) in enumerate(turns.items())
        },
    )
    told = relay(governed, folder, code=1)
    assert list(results(told).values()) == ["sent"] * MOST + ["refused"] * 2
    many = {"kind": "ballot.too-many-acts", "most": MOST}
    assert [told[name]["problems"] for name in list(turns)[MOST:]] == [[many], [many]]
    rest = results(relay(governed, folder, code=1))  # the first ones were overruled by later ones
    assert [rest[name] for name in list(turns)[MOST:]] == ["sent", "sent"]


def test_act_that_the_contract_refuses_is_refused_in_words(governed: Governed) -> None:
    act(governed, 3, "rest")
    folder = keep(
        governed,
        a=signed(governed, 2, "Delegate", nonce=0, delegatee=person(3).address),
        b=signed(governed, 4, "Delegate", nonce=0, delegatee=person(2).address),
    )
    told = relay(governed, folder, code=1)
    (problem,) = told["a"]["problems"]
    assert (problem["kind"], problem["revert"]) == ("ballot.reverted", "VoiceDelegateNotActive")
    assert results(told) == {"a": "refused", "b": "sent"}


def test_ballots_go_before_the_exit_of_their_signer(governed: Governed, proposal: int) -> None:
    folder = keep(
        governed,
        a=signed(governed, 2, "Exit", nonce=0),
        b=ballot(governed, proposal, 2),
        c=reasoned(governed, proposal, 3, "Yes"),
        d=signed(governed, 3, "Exit", nonce=0),
    )
    assert set(results(relay(governed, folder)).values()) == {"sent"}
    assert votes(governed, proposal) == {2: FOR, 3: FOR}
    assert governed.dao.membership.call("census")[0] == 3


def test_proposal_is_relayed_once(governed: Governed) -> None:
    draft = ProposalDraft.of([(person(2).address, 1, b"")], "# Tea", person(3).address)
    whole = governed.community.sign(3, "Propose", draft)
    bare = replace(whole, draft=None)
    told = relay(governed, keep(governed, a=whole, b=bare, c=whole), code=1)
    assert results(told) == {"a": "sent", "b": "refused", "c": "done before"}
    assert told["c"]["reason"] == "the same as a.ballot"
    assert told["b"]["problems"] == [{"kind": "ballot.without-text"}]
    assert governed.dao.governor.call("proposalProposer", draft.id) == person(3).address
    again = relay(governed, governed.folder / "ballots")
    assert set(results(again).values()) == {"done before"}
    assert again["a"]["reason"] == 'proposed as 1 "Tea"'


def test_openzeppelins_ballots_are_relayed(governed: Governed, proposal: int) -> None:
    plain = signed(governed, 2, "Ballot", proposalId=proposal, support=ABSTAIN)
    told = relay(governed, keep(governed, a=plain, b=reasoned(governed, proposal, 3, "助かる")))
    assert results(told) == {"a": "sent", "b": "sent"}
    assert votes(governed, proposal) == {2: ABSTAIN, 3: FOR}
    receipt = governed.rpc.call("eth_getTransactionReceipt", told["b"]["transaction"])
    (cast,) = governed.dao.governor.events(receipt["logs"])
    assert cast.args["reason"] == "助かる"


# Whatever is in a file


def mutations(entries: Any) -> st.SearchStrategy[Any]:
    """The entries with one value replaced by something else."""
    junk = st.none() | st.integers() | st.text(max_size=5) | st.lists(st.none(), max_size=2)
    places = list(_places(entries))
    return st.tuples(st.sampled_from(places), junk).map(lambda it: _replaced(entries, *it))


def _places(value: Any, path: tuple[Any, ...] = ()) -> Any:
    yield path
    items: Sequence[tuple[Any, Any]] = ()
    if isinstance(value, dict):
        items = list(value.items())
    elif isinstance(value, list):
        items = list(enumerate(value))
    for name, each in items:
        yield from _places(each, (*path, name))


def _replaced(entries: Any, path: tuple[Any, ...], junk: Any) -> Any:
    if not path:
        return junk
    copy = json.loads(json.dumps(entries))
    inner = copy
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = junk
    return copy


DRAFT = ProposalDraft.of([(person(3).address, 10**18, b"\1\2")], "# Tea", person(1).address)
GENUINE = to_json(
    sign(
        governor_message(
            "MemberBallot", 1, person(8).address, proposalId=DRAFT.id, support=1, deadline=ALWAYS
        ),
        person(1),
        1,
        "Hana",
        DRAFT,
    )
)


@settings(deadline=None, max_examples=300)
@given(mutations(GENUINE))
def test_no_file_stops_the_others(tmp_path_factory: pytest.TempPathFactory, entries: Any) -> None:
    path = tmp_path_factory.getbasetemp() / "junk.ballot"
    path.write_text(json.dumps(entries))
    (signed_file,) = open_files([str(path)])
    if signed_file.fate is Fate.READY:
        same = from_json(GENUINE).message == signed_file.content.message
        assert same or not signed_file.content.is_of_signer  # the next look refuses it
    else:
        assert signed_file.words


NONSENSE = {
    "deep": "[" * 100_000,
    "half a character": '"\\ud800"',
    "zero": "\0",
    "long": "1" * 9_999,
}


@pytest.mark.parametrize("text", NONSENSE.values(), ids=NONSENSE)
def test_nonsense_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "junk.ballot"
    path.write_text(text)
    with refuses("ballot.unusable", name="junk.ballot"):
        load(path)


# A node that refuses one act


WORDS = {
    "its bytes in a text": RefusalError("VM execution error.", -32015, "Reverted {}"),
    "its bytes in an object": RefusalError("reverted", -32603, {"data": "{}", "txHash": "0x12"}),
    "its bytes in the message": RefusalError("execution reverted: {}", 3),
    "no bytes": RefusalError("execution reverted", 3),
    "INVALID": RefusalError("invalid opcode: INVALID"),
    "a fault of the node": RefusalError("something is wrong with this one", -32000),
}


@pytest.mark.parametrize("method", ["eth_call", "eth_estimateGas", "eth_sendRawTransaction"])
@pytest.mark.parametrize("error", WORDS.values(), ids=WORDS)
def test_one_act_that_fails_stops_no_other(
    governed: Governed, method: str, error: RefusalError
) -> None:
    folder = keep(
        governed,
        a=signed(governed, 2, "Delegate", nonce=0, delegatee=person(3).address),
        b=signed(governed, 4, "Delegate", nonce=0, delegatee=person(5).address),
    )
    selector = keccak(text="VoiceDelegateNotActive(address)")[:4]
    revert = "0x" + (selector + bytes(12) + bytes.fromhex(person(3).address[2:])).hex()
    mark = person(3).address[2:].lower()

    def refuses_a(call: Call) -> Json:
        if mark not in json.dumps(call.params).lower():
            return call.forward()
        told = json.loads(json.dumps(error.error).replace("{}", revert))
        raise RefusalError(**told)

    with FaultyRpc(governed.rpc.url) as node:
        node.on(method, refuses_a)
        told = relay(governed, folder, code=1, url=node.url)
    assert results(told) == {"a": "refused", "b": "sent"}
    (problem,) = told["a"]["problems"]
    if "{}" in json.dumps(error.error):
        assert problem["revert"] == "VoiceDelegateNotActive"
    if error.error["code"] == -32000 and "wrong" in str(error):
        assert problem["kind"] == "ballot.not-sent"
        assert problem["reason"] == str(error)
    assert governed.dao.membership.call("delegates", person(4).address) == person(5).address


def test_what_macos_leaves_beside_a_ballot_is_no_ballot(tmp_path: Path) -> None:
    (tmp_path / "._hana.ballot").write_bytes(b"\0\5\x16\7")
    with refuses("ballot.none-found", source=str(tmp_path)):
        open_files([str(tmp_path)])
    (tmp_path / "hana.ballot").write_text("{}")
    assert [each.name for each in open_files([str(tmp_path)])] == ["hana.ballot"]
