"""`ape run proposal submit`: what is shown, what is refused, what is kept."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from mikoshi.ballots.file import load
from mikoshi.ballots.proposal import ProposalDraft
from mikoshi.chain.abi import Revert
from mikoshi.chain.contract import ContractRevertedError
from mikoshi.context.proposed import Proposed
from mikoshi.context.sending import proposing
from mikoshi.replay.governor import Proposal, ProposalState
from mikoshi.status.record import Record, Records
from mikoshi.testing.community import person
from mikoshi.text.errors import BadInputError
from mikoshi.text.paths import shown
from mikoshi.text.people import short
from mikoshi.text.units import DAY, format_time
from tests.support import failed, inner, refuses, some_governor, told
from tests.tooling.governed import ADVISORY, PAY, Governed
from tests.tooling.live import ETHER, deployer
from tests.tooling.test_voting import CHARTER

pytestmark = pytest.mark.slow

SUBMIT = "proposal submit"
P1 = "P1 #1 (0x1753…8863)"


@pytest.fixture
def path(governed: Governed) -> Path:
    """A file that pays P2 a quarter of an ether."""
    return governed.write()


def only_record(governed: Governed) -> dict[str, Any]:
    (file,) = governed.proposals.rglob("*.json")
    assert file.parent == governed.proposals / "11155111" / "pm-dao"
    entries: dict[str, Any] = json.loads(file.read_text())
    assert file.name == f"{entries['id']}.json"
    return entries


# What is shown and what is sent


def test_submit_shows_what_is_signed_and_sends_it(governed: Governed, path: Path) -> None:
    now = governed.rpc.timestamp()
    done = governed.run(SUBMIT, str(path), account="p1", yes=True)
    assert done.exit_code == 0, done.stderr
    shown = done.stdout
    assert "Fund the docs team  (binding, 1 call)" in shown
    assert "資料を書く人に払います。" in shown
    pays = r"pay P2 #2 \(0x.{9}\) 0\.25 ETH"
    assert re.search(rf"1 +{pays} +{pays}", shown)
    assert "treasury: 10 ETH → 9.75 ETH" in shown
    assert "simulated on a copy of the chain: executes in 9 d" in shown
    assert re.search(r"proposed by +P1 #1 \(0x", shown)
    assert re.search(r"needs +2 of 5 people, For and Abstain together, and more voice For", shown)
    assert re.search(r"voting +opens in 48 h \(.* UTC\), closes .* UTC", shown)
    assert re.search(r"execution +from .* UTC until .* UTC", shown)
    assert re.search(r"about 0\.0\d+ ETH \([\d,]+ gas at", shown)
    assert re.search(r'✓ proposed 1 "Fund the docs team" in block \d+$', shown, re.M)
    assert "Next:\n  ape run status 1" in shown
    (told,) = governed.told("status")["proposals"]
    assert told["opens"] >= now + 2 * DAY
    assert told["opens"] == governed.dao.governor.call("proposalSnapshot", int(told["id"]))
    assert told["title"] == "Fund the docs team"


def test_what_is_announced_is_what_the_chain_then_says(governed: Governed, path: Path) -> None:
    told = governed.told(SUBMIT, str(path), account="p1", yes=True)
    governor, number = governed.dao.governor, int(told["id"])
    block = governed.rpc.call("eth_getBlockByNumber", hex(told["block"]), False)
    later = int(block["timestamp"], 16) - (told["opens"] - 2 * DAY)
    assert later >= 0  # it was shown before the block was made
    assert governor.call("proposalSnapshot", number) == told["opens"] + later
    assert governor.call("proposalDeadline", number) == told["closes"] + later
    assert governor.call("proposalEta", number) == told["eta"] + later
    assert governor.call("proposalExpiry", number) == told["expiry"] + later
    assert governor.call("proposalProposer", number) == person(1).address
    governed.open_voting(number)
    assert governor.call("proposalQuorum", number) == told["people"]["needed"]
    assert told["simulation"]["passed"]


def test_submit_in_japanese(governed: Governed, path: Path) -> None:
    shown = governed.run(SUBMIT, str(path), account="p1", yes=True, lang="ja").stdout
    assert "P2 #2" in shown
    assert "5人のうち賛成と棄権を合わせて2人、かつ賛成の声が反対を上回ること" in shown
    assert "を提案しました(ブロック" in shown


def test_the_record_keeps_the_exact_bytes(governed: Governed, path: Path) -> None:
    told = governed.told(SUBMIT, str(path), account="p1", yes=True)
    record = only_record(governed)
    assert record["id"] == told["id"]
    assert record["source"] == "001-docs.toml"
    assert record["proposer"] == person(1).address
    assert (record["transaction"], record["block"]) == (told["transaction"], told["block"])
    draft = ProposalDraft.from_json(record["draft"])
    assert draft.description == (
        f"# Fund the docs team\n\n資料を書く人に払います。\n\n#proposer={person(1).address}"
    )
    path.write_text(PAY.replace("0.25", "9"))  # whatever becomes of the file
    governed.pass_vote(draft.id)
    governed.ripen(draft.id)
    assert governed.told("execute 1", account="p4", yes=True)["sent"]
    assert governed.rpc.balance(governed.dao.treasury_address) == 39 * ETHER // 4


def test_an_advisory_proposal(governed: Governed) -> None:
    path = governed.write(ADVISORY)
    shown = governed.run(SUBMIT, str(path), account="p1", yes=True)
    assert shown.exit_code == 0, shown.stderr
    assert "simulated" not in shown.stdout
    assert "execution" not in shown.stdout
    number = int(only_record(governed)["id"])
    assert governed.dao.governor.call("isAdvisory", number)


def test_a_dry_run_writes_and_sends_nothing(governed: Governed, path: Path) -> None:
    told = governed.told(SUBMIT, str(path), account="p1", dry_run=True, yes=True)
    assert not told["sent"]
    assert told["record"] is None
    assert governed.run(SUBMIT, str(path), account="p1").exit_code == 4  # nobody says yes
    assert not governed.proposals.exists()
    assert not governed.told("status")["proposals"]


# Once only


def test_submit_again_finds_it_and_sends_nothing(governed: Governed, path: Path) -> None:
    first = governed.told(SUBMIT, str(path), account="p1", yes=True)
    nonce = governed.nonce(person(1))
    again = governed.run(SUBMIT, str(path), account="p1", yes=True)
    assert again.exit_code == 0
    assert re.search(
        r'✓ 1 "Fund the docs team" is there already in block \d+; nothing was sent', again.stdout
    )
    assert governed.nonce(person(1)) == nonce
    told = governed.told(SUBMIT, str(path), account="p1", yes=True)
    assert (told["sent"], told["number"]) == (False, 1)
    assert told["transaction"] == first["transaction"]


def test_submit_again_writes_a_record_that_was_lost(governed: Governed, path: Path) -> None:
    first = governed.told(SUBMIT, str(path), account="p1", yes=True)
    kept = only_record(governed)
    Path(first["record"]).unlink()
    governed.run(SUBMIT, str(path), account="p1", yes=True)
    assert only_record(governed) == kept


def test_a_title_that_is_live_is_refused(governed: Governed, path: Path) -> None:
    governed.run(SUBMIT, str(path), account="p1", yes=True)
    same = governed.write(PAY.replace("Fund the docs", "fund  THE docs"), "002.toml")
    refused = governed.run(SUBMIT, str(same), account="p2", yes=True)
    assert refused.exit_code == 4
    failed("proposal.same-title", proposal='1 "Fund the docs team"')
    first = ProposalDraft.from_json(only_record(governed)["draft"])
    governed.dao.governor.send("cancel", *first.actions, sender=person(1).address)
    assert governed.told(SUBMIT, str(same), account="p2", yes=True)["sent"]


# Who cannot


def refused(governed: Governed, path: Path, account: str) -> None:
    nonces = [governed.nonce(key) for key in governed.place.accounts.values()]
    result = governed.run(SUBMIT, str(path), account=account, yes=True)
    assert result.exit_code == 4, result.stderr
    assert nonces == [governed.nonce(key) for key in governed.place.accounts.values()]
    assert not governed.proposals.exists()


def test_nobody_but_members_proposes(governed: Governed, path: Path) -> None:
    refused(governed, path, "alice")
    failed("proposal.by-a-stranger", who=short(governed.place.accounts["alice"].address))


def test_a_dormant_member_does_not_propose(governed: Governed, path: Path) -> None:
    governed.dao.membership.send("rest()", sender=person(1).address)
    since = governed.rpc.timestamp()
    governed.rpc.warp(60)
    refused(governed, path, "p1")
    silence = inner(failed("proposal.without-voice", who=P1), "silence")
    told(silence, "voice.dormant", since=format_time(since, governed.rpc.timestamp()))


def test_a_refusal_that_only_the_estimate_finds_is_told_as_one(governed: Governed) -> None:
    sender = governed.place.sender(governed.rpc, "alice")
    draft = ProposalDraft.of([], "# Not mine", sender.address)
    with pytest.raises(ContractRevertedError) as caught:
        proposing(draft).gas(governed.dao.governor, sender)
    name, args = "GovernorInsufficientProposerVotes", (sender.address, 0, 10**9)
    assert caught.value.revert == Revert(name, args)


def test_who_has_lent_the_voice_does_not_propose(governed: Governed, path: Path) -> None:
    governed.dao.membership.send("delegate", person(3).address, sender=person(1).address)
    governed.rpc.warp(60)
    refused(governed, path, "p1")
    silence = inner(failed("proposal.without-voice", who=P1), "silence")
    told(silence, "voice.lent", to="P3 #3 (0x6C84…Bb3E)")


def test_a_voice_of_this_second_does_not_propose(governed: Governed, path: Path) -> None:
    membership = governed.dao.membership
    membership.send("rest()", sender=person(1).address)
    governed.rpc.warp(60)
    membership.send("wake(bytes32)", CHARTER, sender=person(1).address)
    refused(governed, path, "p1")
    told(inner(failed("proposal.without-voice", who=P1), "silence"), "voice.of-this-second")


def test_too_many_proposals_open_says_until_when(governed: Governed, path: Path) -> None:
    for title in ("Bread", "Roses", "Salt"):
        governed.propose(title)
    refused(governed, path, "p1")
    ends = failed("proposal.too-many-open", who=P1, count=3).data["ends"]
    assert re.fullmatch(r"in 7 d( 1 h)? \(.* UTC\)", str(ends))


def test_a_proposal_that_fails_needs_force(governed: Governed) -> None:
    path = governed.write(PAY.replace("0.25", "25"))
    failing = governed.run(SUBMIT, str(path), account="p1", yes=True)
    assert failing.exit_code == 1
    verdict = failed("simulation.failed", title="Fund the docs team").data["verdict"]
    assert "the treasury is 15 ETH short" in str(verdict)
    assert "--force" in failing.stderr
    assert not governed.told("status")["proposals"]
    told = json.loads(governed.run(SUBMIT, str(path), account="p1", yes=True, json=True).stdout)
    assert told["error"]["code"] == 1
    assert not told["passed"]
    assert governed.told(SUBMIT, str(path), account="p1", yes=True, force=True)["sent"]


def test_an_account_that_cannot_pay(governed: Governed, path: Path) -> None:
    governed.rpc.call("anvil_setBalance", person(1).address, "0x1")
    poor = governed.run(SUBMIT, str(path), account="p1", yes=True)
    assert poor.exit_code == 2
    assert "p1 (0x1753…8863) has too little" in poor.stderr
    assert not governed.proposals.exists()


# Signed, for somebody else to send


def test_sign_only_makes_a_file_that_anybody_relays(governed: Governed, path: Path) -> None:
    governed.rpc.call("anvil_setBalance", person(1).address, "0x0")
    paper = governed.folder / "docs.ballot"
    made = governed.run(SUBMIT, str(path), account="p1", sign_only=True, output=str(paper))
    assert made.exit_code == 0, made.stderr
    assert 'I propose "Fund the docs team" (proposal ' in made.stdout
    assert f"ape run relay {shlex.quote(str(paper))}" in made.stdout
    signed = load(paper)
    assert signed.message["deadline"] == governed.rpc.timestamp() + 7 * DAY
    name, args = signed.call()
    governed.dao.governor.send(name, *args, sender=deployer().address)
    (told,) = governed.told("status")["proposals"]
    assert told["id"] == str(signed.message["proposalId"])
    assert governed.dao.governor.call("proposalProposer", int(told["id"])) == person(1).address


def test_a_wallet_elsewhere_signs_typed_data(governed: Governed, path: Path) -> None:
    typed, paper = governed.folder / "docs.json", governed.folder / "docs.ballot"
    end = "2030-01-01T00:00:00Z"
    usual = {"signer": "P1", "until": end}
    asked = governed.run(SUBMIT, str(path), typed_data=True, output=str(typed), **usual)
    assert asked.exit_code == 0, asked.stderr
    assert f"--until {end} --signer {person(1).address} --signature 0x…" in asked.stdout
    made = person(1).sign_typed_data(full_message=json.loads(typed.read_text()))
    signature = f"0x{made.signature.hex()}"
    done = governed.run(SUBMIT, str(path), signature=signature, output=str(paper), **usual)
    assert done.exit_code == 0, done.stderr
    name, args = load(paper).call()
    governed.dao.governor.send(name, *args, sender=deployer().address)
    assert governed.told("status")["proposals"][0]["title"] == "Fund the docs team"


# Records, without a chain


@pytest.fixture
def records(governed: Governed) -> Records:
    return Records(governed.place.manifest, governed.proposals)


def proposed(draft: ProposalDraft, text: str = "") -> Proposed:
    """As a node tells it; `text` is where it lies."""
    return Proposed(
        4,
        Proposal(
            draft.id, 1, 0, 0, 1, {}, *draft.calls, text or draft.description, some_governor()
        ),
    )


DRAFT = ProposalDraft.of([(person(2).address, 1, b"\x01")], "# 題名\n\nText", person(1).address)


def test_a_record_is_read_back(records: Records) -> None:
    record = Record(DRAFT, person(1).address, "a.toml", "0x12", 7)
    assert records.find(DRAFT.id) is None
    records.save(record)
    assert records.find(DRAFT.id) == record


@pytest.mark.parametrize(
    ("old", "new", "kind", "data"),
    [
        ("題名", "別名", "record.other-id", {"given": str(DRAFT.id)}),
        (
            '"format": "mikoshi-proposal/1"',
            '"format": "x"',
            "record.other-format",
            {"found": "x", "format": "mikoshi-proposal/1"},
        ),
        ("{", "[", "record.incomplete", {}),
        ('"source"', '"sauce"', "record.incomplete", {}),
    ],
)
def test_a_record_that_was_edited_is_refused(
    records: Records, old: str, new: str, kind: str, data: dict[str, str]
) -> None:
    path = records.save(Record(DRAFT, person(1).address, "a.toml"))
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(BadInputError) as caught:
        records.find(DRAFT.id)
    told(caught.value, "record.damaged", path=shown(path))
    told(inner(caught.value, "problem"), kind, **data)


def test_exact_bytes_come_from_the_record_if_the_node_lies(records: Records) -> None:
    lie = proposed(DRAFT, "# Another text")
    assert records.exact(proposed(DRAFT)) == DRAFT
    with refuses("proposal.unproven", proposal='4 "Another text"'):
        records.exact(lie)
    records.save(Record(DRAFT, person(1).address, "a.toml"))
    assert records.exact(lie) == DRAFT


def test_a_record_that_cannot_be_read_is_refused(records: Records) -> None:
    records.path(DRAFT.id).mkdir(parents=True)
    with pytest.raises(BadInputError) as caught:
        records.find(DRAFT.id)
    told(inner(caught.value, "problem"), "record.unreadable", reason="Is a directory")


def test_a_record_of_another_proposal_is_refused(records: Records) -> None:
    other = ProposalDraft.of([], "# Other", person(1).address)
    records.save(Record(DRAFT, person(1).address, "a.toml")).rename(records.path(other.id))
    with pytest.raises(BadInputError) as caught:
        records.exact(proposed(other))
    told(inner(caught.value, "problem"), "record.of-another", id=str(DRAFT.id))


def test_every_state_of_a_proposal_that_is_made_is_found(governed: Governed, path: Path) -> None:
    first = governed.told(SUBMIT, str(path), account="p1", yes=True)
    governed.open_voting(int(first["id"]))
    governed.close_voting(int(first["id"]))
    state = governed.dao.governor.call("state", int(first["id"]))
    assert state == ProposalState.DEFEATED
    again = governed.told(SUBMIT, str(path), account="p1", yes=True)
    assert (again["sent"], again["number"]) == (False, 1)
    shown = governed.run(SUBMIT, str(path), account="p1", yes=True).stdout
    assert "⚠ it is defeated and stays so: another title or text makes a new proposal" in shown
