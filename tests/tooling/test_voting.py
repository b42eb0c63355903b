"""`ape run vote`: a ballot by transaction or by signature, and every reason why it cannot be."""

from __future__ import annotations

import errno
import json
import re
import shlex
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mikoshi.ballots.file import load
from mikoshi.ballots.messages import Message, governor_message
from mikoshi.ballots.signed import compact, expand, parse_signature, recover
from mikoshi.chain.accounts import NodeAccount
from mikoshi.chain.node import Node
from mikoshi.chain.rpc import RpcError
from mikoshi.testing.community import ABSTAIN, AGAINST, FOR, person
from mikoshi.testing.defaults import DAY, POINT, VOICE
from mikoshi.text.clock import moment_text, parse_end, parse_moment, parse_past
from mikoshi.text.errors import BadInputError
from mikoshi.text.people import short
from mikoshi.text.units import HOUR
from mikoshi.voting.signing_options import signature_by
from mikoshi.words.refusals import find_vote
from tests.support import failed, inner, refuses, reverts, told
from tests.tooling.faulty import faulty
from tests.tooling.governed import Governed
from tests.tooling.live import fund

pytestmark = pytest.mark.slow

CHARTER = bytes.fromhex("c4" * 32)
NOW = 1_800_000_000  # Fri 15 Jan 2027 08:00 UTC


def as_treasury(governed: Governed, name: str, *args: Any) -> None:
    treasury = governed.dao.treasury_address
    governed.dao.membership.send(name, *args, sender=treasury)


def act(governed: Governed, member: int, name: str, *args: Any) -> None:
    governed.dao.membership.send(name, *args, sender=person(member).address)


def admit(governed: Governed, number: int, charter: bytes = CHARTER) -> None:
    as_treasury(governed, "admit", person(number).address, charter)
    governed.place.add_account(f"p{number}", person(number))
    fund(governed.rpc, person(number).address)


@pytest.fixture
def proposal(governed: Governed) -> int:
    """Proposal 1, "Bread", open for votes."""
    number = governed.propose().id
    governed.open_voting(number)
    return number


# By transaction


def test_vote_is_shown_in_numbers_and_cast(governed: Governed, proposal: int) -> None:
    governed.vote(proposal, 2, support=AGAINST)
    shown = governed.run("vote 1", "--for", "--reason", "助かります", account="p1", yes=True)
    assert shown.exit_code == 0, shown.stderr
    lines = [line.rstrip() for line in shown.stdout.splitlines()]
    assert re.fullmatch(r'1 "Bread"  voting closes in 5 d \(.* UTC\)', lines[0])
    assert lines[1] == " 1  pay P2 #2 (0x50ab…bf7f) 0.25 ETH"
    assert lines[2] == "P1 #1 (0x1753…8863) votes For; a vote is final"
    assert lines[3].split() == ["weighs", "1", "voice", "of", "5", "awake"]
    assert lines[4].split() == ["speaks", "for", "1", "person:", "themself"]
    assert lines[5].endswith("For 0, Against 1, Abstain 0; 0 of 2 people needed, 1 with this vote")
    assert lines[6].endswith("助かります")
    assert re.search(r"✓ P1 #1 \(0x1753…8863\) voted For with 1 voice in block", shown.stdout)
    assert lines[-2] == "Next:"
    assert lines[-1].startswith("  ape run status 1 --config")
    vote = find_vote(governed.rpc, governed.dao.governor, proposal, person(1).address)
    assert vote is not None
    assert (vote.support, vote.weight, vote.time) == (FOR, VOICE, governed.rpc.timestamp())


def test_vote_says_to_programs_what_it_did(governed: Governed, proposal: int) -> None:
    told = governed.told("vote 1", "--abstain", account="p2", yes=True)
    receipt = governed.rpc.call("eth_getTransactionReceipt", told["transaction"])
    assert int(receipt["gasUsed"], 16) == told["gas"]
    assert told["proposal"] == {"number": 1, "id": str(proposal), "title": "Bread"}
    assert told["voter"] == {"id": 2, "wallet": person(2).address}
    assert (told["support"], told["weight"]) == ("abstain", str(VOICE))
    assert governed.dao.governor.call("proposalVotes", proposal) == (0, 0, VOICE)


def test_weight_is_cut_by_the_cap(governed: Governed) -> None:
    for number in (2, 3, 4):
        act(governed, number, "delegate", person(1).address)
    proposal = governed.propose().id
    governed.open_voting(proposal)
    shown = governed.run("vote 1", "--against", account="p1", yes=True)
    assert "1 voice of 5 awake; the cap (10 % of the awake voice" in shown.stdout
    assert ", at least 1 voice) cuts it from 4" in shown.stdout
    assert "4 people: themself, P2 #2 (0x50ab…bf7f), P3 #3" in shown.stdout
    assert governed.dao.governor.call("proposalVotes", proposal) == (VOICE, 0, 0)


def test_dry_run_sends_nothing(governed: Governed, proposal: int) -> None:
    told = governed.told("vote 1", "--for", account="p2", dry_run=True)
    assert told["transaction"] is None
    assert governed.nonce(person(2)) == 0
    assert governed.dao.governor.call("proposalTurnout", proposal) == 0


def test_without_yes_and_a_terminal_nothing_is_sent(governed: Governed, proposal: int) -> None:
    refused = governed.run("vote 1", "--for", account="p1")
    assert refused.exit_code == 4
    assert refused.stderr.splitlines() == [
        "✗ Nothing was sent",
        "  there is nobody to be asked",
        "→ Add --yes to send without a question, or --dry-run to see only what would be sent",
    ]
    assert governed.dao.governor.call("proposalTurnout", proposal) == 0


def test_vote_of_an_interrupted_run_is_found(governed: Governed, proposal: int) -> None:
    with faulty(governed.rpc.url) as node:
        node.die_at(1, "after")
        broken = governed.run("vote 1", "--for", account="p2", yes=True, url=node.url)
        assert broken.exit_code == 3
        failed("transaction.not-seen")
        node.revive()
        again = governed.run("vote 1", "--for", account="p2", yes=True, url=node.url)
    assert again.exit_code == 4
    failed("ballot.already-cast", who="P2 #2 (0x50ab…bf7f)", side="For")
    assert governed.nonce(person(2)) == 1
    assert governed.dao.governor.call("proposalTurnout", proposal) == 1


def test_somebody_who_fell_dormant_meanwhile_votes_and_wakes(
    governed: Governed, proposal: int
) -> None:
    act(governed, 3, "rest")
    governed.told("vote 1", "--for", account="p3", yes=True)
    assert governed.dao.governor.call("proposalTurnout", proposal) == 1
    assert governed.dao.membership.call("census")[0] == 5


# Refused before anything is sent


@pytest.mark.parametrize(
    ("reason", "kind", "data"),
    [
        ("a\x1b[31m", "text.control-characters", {}),
        ("two\nlines", "text.control-characters", {}),
        ("x" * 2_001, "text.length", {"low": 0, "high": 2_000, "got": 2_001}),
    ],
)
def test_a_reason_that_would_spoil_a_screen_is_refused(
    governed: Governed, proposal: int, reason: str, kind: str, data: dict[str, Any]
) -> None:
    shown = governed.run("vote 1", "--for", "--reason", reason, account="p1", yes=True)
    assert shown.exit_code == 2
    told(inner(failed("vote.bad-reason"), "problem"), kind, **data)
    assert governed.dao.governor.call("proposalTurnout", proposal) == 0


@pytest.mark.parametrize("options", [(), ("--for", "--against"), ("--for", "--abstain")])
def test_vote_must_be_one_of_three(
    governed: Governed, proposal: int, options: tuple[str, ...]
) -> None:
    shown = governed.run("vote 1", *options, account="p1", yes=True)
    assert shown.exit_code == 2
    failed("vote.not-one-way", count=len(options))
    assert governed.dao.governor.call("proposalTurnout", proposal) == 0


def test_second_vote_is_refused_with_the_first(governed: Governed, proposal: int) -> None:
    governed.vote(proposal, 1)
    nonce = governed.nonce(person(1))
    shown = governed.run("vote 1", "--against", account="p1", yes=True)
    assert shown.exit_code == 4
    error = failed("ballot.already-cast", who="P1 #1 (0x1753…8863)", side="For")
    assert re.fullmatch(r".* UTC", str(error.data["moment"]))
    assert governed.nonce(person(1)) == nonce


def test_early_vote_is_refused_with_the_time(governed: Governed) -> None:
    governed.propose()
    shown = governed.run("vote 1", "--for", account="p2", yes=True)
    assert shown.exit_code == 4
    early = inner(failed("vote.too-early"), "problem")
    told(early, "ballot.too-early", proposal='1 "Bread"')
    assert re.fullmatch(r"in 48 h 1 m \(.* UTC\)", str(early.data["opens"]))
    assert governed.nonce(person(2)) == 0


def test_late_vote_is_refused_with_the_outcome(governed: Governed, proposal: int) -> None:
    governed.vote(proposal, 1, 2)
    governed.close_voting(proposal)
    shown = governed.run("vote 1", "--for", account="p3", yes=True)
    assert shown.exit_code == 4
    late = inner(failed("vote.too-late", state="queued"), "problem")
    told(late, "ballot.too-late", proposal='1 "Bread"')
    assert re.fullmatch(r"1 s ago \(.* UTC\)", str(late.data["closed"]))
    signed = governed.run("vote 1", "--for", "--sign-only", "-o", "x.ballot", account="p3")
    assert signed.exit_code == 4


def test_vote_on_a_cancelled_proposal_is_refused(governed: Governed) -> None:
    draft = governed.propose()
    governed.dao.governor.send("cancel", *draft.actions, sender=person(1).address)
    shown = governed.run("vote 1", "--for", account="p2", yes=True)
    assert shown.exit_code == 4
    told(
        inner(failed("vote.too-late", state="canceled"), "problem"),
        "ballot.on-the-cancelled",
        proposal='1 "Bread"',
    )


def test_unknown_proposal_is_refused_with_those_that_exist(
    governed: Governed, proposal: int
) -> None:
    for name in ("7", "cake", str(proposal + 1)):
        shown = governed.run(f"vote {name}", "--for", account="p1", yes=True)
        assert shown.exit_code == 2
        assert f"There is no proposal {name}" in shown.stderr
        assert 'this DAO has 1: 1 "Bread"' in shown.stderr


def lend(governed: Governed) -> None:
    act(governed, 5, "delegate", person(2).address)


def lend_to_a_sleeper(governed: Governed) -> None:
    lend(governed)
    act(governed, 2, "rest")


def left_later(governed: Governed) -> None:
    act(governed, 5, "exit")


def removed_later(governed: Governed) -> None:
    as_treasury(governed, "bar", 5)


def nothing(_: Governed) -> None:
    """Nothing happens."""


SILENT: dict[str, tuple[Callable[[Governed], None], Callable[[Governed], None], int, str]] = {
    "lent": (lend, nothing, 5, "then voice.lent"),
    "lent to a sleeper": (lend_to_a_sleeper, nothing, 5, "then voice.lent-to-the-inactive"),
    "asleep": (lambda governed: act(governed, 5, "rest"), nothing, 5, "then voice.dormant"),
    "woke later": (
        lambda governed: act(governed, 5, "rest"),
        lambda governed: act(governed, 5, "wake", CHARTER),
        5,
        "then voice.dormant",
    ),
    "joined later": (nothing, lambda governed: admit(governed, 6), 6, "voice.not-yet"),
    "newcomer": (lambda governed: admit(governed, 6, bytes(32)), nothing, 6, "voice.newcomer"),
    "left": (nothing, left_later, 5, "voice.left"),
    "removed": (nothing, removed_later, 5, "voice.removed"),
    "stranger": (
        nothing,
        lambda governed: governed.place.add_account("p9", person(9)),
        9,
        "",
    ),
}
"""What happens before and after voting opens, to whom, and why they have no voice.

"then" is said of what was so when voting opened.
"""


@pytest.mark.parametrize("case", SILENT)
def test_no_voice_is_refused_with_the_reason(governed: Governed, case: str) -> None:
    before, after, member, reason = SILENT[case]
    before(governed)
    governed.rpc.warp(1)
    proposal = governed.propose().id
    governed.open_voting(proposal)
    after(governed)
    wallet = person(member).address
    with reverts("GovernorNoVoice", proposal, wallet):
        governed.dao.governor.call("castVote", proposal, FOR, sender=wallet)
    shown = governed.run("vote 1", "--for", account=f"p{member}", yes=True)
    assert shown.exit_code == 4
    if case == "stranger":
        failed("vote.by-a-stranger", proposal='1 "Bread"', who=short(wallet))
    else:
        silence = inner(failed("vote.no-voice", proposal='1 "Bread"'), "silence")
        if reason.startswith("then "):
            told(silence, "voice.none-then")
            silence = inner(silence, "silence")
        told(silence, reason.removeprefix("then "))
        (moment,) = (each for name, each in silence.data.items() if name != "to")
        assert re.fullmatch(r"\w{3} \d+ \w{3} (\d{4} )?\d\d:\d\d UTC", str(moment))
        assert silence.data.get("to", "P2 #2 (0x50ab…bf7f)") == "P2 #2 (0x50ab…bf7f)"
    ways = ("--sign-only", "-o", str(governed.folder / "x.ballot"))
    assert governed.run("vote 1", "--for", *ways, account=f"p{member}").exit_code == 4


def test_account_that_cannot_pay_is_refused(governed: Governed, proposal: int) -> None:
    governed.rpc.call("anvil_setBalance", person(4).address, "0x1")
    shown = governed.run("vote 1", "--for", account="p4", yes=True)
    assert shown.exit_code == 2
    failed("account.too-little", name="p4", has="0.000000000000000001 ETH")
    assert governed.dao.governor.call("proposalTurnout", proposal) == 0


def test_node_of_another_chain_is_refused(governed: Governed, node: Node) -> None:
    shown = governed.run("vote 1", "--for", account="p1", yes=True, url=node.url)
    assert shown.exit_code == 2
    failed("chain.another", actual=31337, expected=11155111, meant="dao.toml")


def test_wrong_passphrase_signs_and_sends_nothing(
    governed: Governed, proposal: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = governed.environment() | {"APE_ACCOUNTS_p1_PASSPHRASE": "no"}
    monkeypatch.setattr(Governed, "environment", lambda _: environment)
    file = governed.folder / "p1.ballot"
    sent = governed.run("vote 1", "--for", account="p1", yes=True)
    signed = governed.run("vote 1", "--for", "--sign-only", "-o", str(file), account="p1")
    for shown in (sent, signed):
        assert shown.exit_code == 2
        assert shown.stderr.startswith("✗ The passphrase of account p1 is wrong")
    assert not file.exists()
    assert governed.dao.governor.call("proposalTurnout", proposal) == 0


# On paper


def test_signed_ballot_costs_nothing_and_says_what_it_is(governed: Governed, proposal: int) -> None:
    governed.rpc.call("anvil_setBalance", person(2).address, "0x0")
    file = governed.folder / "p2.ballot"
    shown = governed.run("vote 1", "--against", "--sign-only", "-o", str(file), account="p2")
    assert shown.exit_code == 0, shown.stderr
    assert 'I vote Against "Bread" (proposal' in shown.stdout
    assert f"✓ signed: {file}" in shown.stdout
    assert f"sends it:\n  ape run relay {shlex.quote(str(file))} --config" in shown.stdout
    assert "--account ALIAS" in shown.stdout.splitlines()[-1]
    signed = load(file)
    assert signed.is_of_signer
    deadline = governed.dao.governor.call("proposalDeadline", proposal)
    assert signed.message == governor_message(
        "MemberBallot",
        governed.rpc.chain_id(),
        governed.dao.governor_address,
        proposalId=proposal,
        support=AGAINST,
        deadline=deadline,
    )
    assert (signed.signer, signed.member, signed.name) == (person(2).address, 2, "P2")
    assert signed.draft is not None
    assert signed.draft.id == proposal
    assert governed.nonce(person(2)) == 0


def test_ballot_can_be_signed_before_voting_opens(governed: Governed) -> None:
    governed.propose()
    file = governed.folder / "p2.ballot"
    options = ("--for", "--sign-only", "--until", "3 days", "-o", str(file))
    shown = governed.run("vote 1", *options, account="p2")
    assert shown.exit_code == 0, shown.stderr
    assert re.match(r'1 "Bread"  voting opens in 48 h 1 m', shown.stdout)
    assert re.search(r"Next: in 48 h 1 m \(.* UTC\), anybody with some ETH sends it", shown.stdout)
    assert "--account ALIAS" in shown.stdout.splitlines()[-1]  # the signer may have no ETH
    assert load(file).message["deadline"] == governed.rpc.timestamp() + 3 * DAY


def test_ballot_that_ends_before_voting_opens_is_refused(governed: Governed) -> None:
    governed.propose()
    file = governed.folder / "p2.ballot"
    options = ("--for", "--sign-only", "--until", "1 day", "-o", str(file))
    shown = governed.run("vote 1", *options, account="p2")
    assert shown.exit_code == 2
    opens = failed("vote.ends-before-it-opens").data["opens"]
    assert re.fullmatch(r".* UTC", str(opens))
    assert not file.exists()


def test_vote_says_what_an_advisory_proposal_does(governed: Governed) -> None:
    governed.open_voting(governed.propose("Kyoto?", pays=0).id)
    shown = governed.run("vote 1", "--for", account="p2")
    assert shown.stdout.splitlines()[1] == " it asks only, and does nothing"


def test_reason_is_signed_too(governed: Governed, proposal: int) -> None:
    file = governed.folder / "p2.ballot"
    options = ("--for", "--reason", "助かります", "--sign-only", "-o", str(file))
    assert governed.run("vote 1", *options, account="p2").exit_code == 0
    signed = load(file)
    assert (signed.message.kind, signed.message["reason"]) == ("ExtendedBallot", "助かります")
    assert 'My reason: \\"助かります\\".' in file.read_text()
    refused = governed.run("vote 1", *options, "--until", "1 day", account="p2")
    assert refused.exit_code == 2
    failed("vote.end-with-a-reason")
    assert governed.dao.governor.call("proposalTurnout", proposal) == 0


def test_typed_data_names_the_command_that_takes_the_signature(governed: Governed) -> None:
    governed.propose()
    file = governed.folder / "p3.json"
    shown = governed.run("vote 1", "--abstain", "--typed-data", "-o", str(file), "--signer", "P3")
    assert shown.exit_code == 0, shown.stderr
    message = Message.from_typed_data(json.loads(file.read_text()))
    assert message["support"] == ABSTAIN
    until = moment_text(message["deadline"])
    assert (
        f"ape run vote 1 --abstain --config {shlex.quote(str(governed.place.toml))}" in shown.stdout
    )
    assert (
        f" --until {until} --signer {person(3).address} --signature 0x… -o"
        f" {shlex.quote(str(file.with_suffix('.ballot')))}"
    ) in shown.stdout


def test_another_ones_signature_is_refused(governed: Governed, proposal: int) -> None:
    file = governed.folder / "p3.ballot"
    told = governed.told(
        "vote 1", "--for", "--typed-data", "--signer", "#3", "-o", str(governed.folder / "d.json")
    )
    message = Message.from_typed_data(told["typed_data"])
    for key, maker in ((4, "0x1fDD…D029"), (0, None)):
        made = person(key).sign_message(message.signable).signature if key else b"\1" * 70
        ways = ("--signature", "0x" + made.hex(), "--signer", "#3", "-o", str(file))
        shown = governed.run("vote 1", "--for", *ways)
        assert shown.exit_code == 2
        error = failed("signature.of-another", who="P3 #3 (0x6C84…Bb3E)", maker=maker)
        assert str(error.data["says"]).startswith('I vote For "Bread"')
    assert not file.exists()
    assert proposal


UNCLEAR = {
    "no file": (("--sign-only",), "sign.without-a-file"),
    "two ways": (("--sign-only", "--typed-data", "-o", "x"), "sign.several-ways"),
    "signer of a transaction": (("--signer", "#2"), "sign.without-a-way"),
    "end of a transaction": (("--until", "1 day"), "sign.without-a-way"),
}


@pytest.mark.parametrize("case", UNCLEAR)
def test_options_that_do_not_fit_are_refused(governed: Governed, proposal: int, case: str) -> None:
    options, kind = UNCLEAR[case]
    shown = governed.run("vote 1", "--for", *options, account="p1", yes=True)
    assert shown.exit_code == 2
    failed(kind)
    assert governed.dao.governor.call("proposalTurnout", proposal) == 0


def test_unknown_signer_is_refused(governed: Governed, proposal: int) -> None:
    ways = ("--typed-data", "--signer", "Hanna", "-o", str(governed.folder / "x.json"))
    shown = governed.run("vote 1", "--for", *ways)
    assert shown.exit_code == 2
    failed("person.not-found", text="Hanna")
    assert proposal


def test_file_is_never_replaced(governed: Governed, proposal: int) -> None:
    file = governed.folder / "p2.ballot"
    file.write_text("mine")
    shown = governed.run("vote 1", "--for", "--sign-only", "-o", str(file), account="p2")
    assert shown.exit_code == 2
    failed("ballot.exists", path=file)
    assert file.read_text() == "mine"
    assert proposal


def test_full_disk_is_told(
    governed: Governed, proposal: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    file = governed.folder / "p2.ballot"
    shown = governed.run("vote 1", "--for", "--sign-only", "-o", str(file), account="p2")
    assert shown.exit_code == 2
    failed("file.unwritable", name=str(file), reason="No space left on device")
    assert not file.exists()
    assert proposal


def test_dry_run_signs_nothing(governed: Governed, proposal: int) -> None:
    file = governed.folder / "p2.ballot"
    options = ("--sign-only", "-o", str(file))
    told = governed.told("vote 1", "--for", *options, account="p2", dry_run=True)
    assert told["file"] is None
    assert told["typed_data"]["message"]["proposalId"] == str(proposal)
    assert not file.exists()


def test_node_signs_for_its_own_accounts_only(governed: Governed) -> None:
    message = governor_message(
        "MemberBallot", 11_155_111, person(8).address, proposalId=1, support=FOR, deadline=NOW
    )
    held = NodeAccount("TEST::1", governed.rpc.call("eth_accounts")[1])
    made = recover(message, signature_by(held, governed.rpc, message))
    assert made is not None
    assert made.lower() == held.address.lower()
    with pytest.raises(RpcError, match="No Signer"):
        signature_by(NodeAccount("x", person(8).address), governed.rpc, message)


@given(st.binary(min_size=64, max_size=64), st.booleans())
def test_signature_is_taken_in_every_form_that_wallets_give(halves: bytes, odd: bool) -> None:
    low = halves[:32] + bytes([halves[32] & 0x3F]) + halves[33:]
    usual = low + bytes([27 + odd])
    raw = low + bytes([odd])
    short = b"".join(compact(usual))
    for form in (usual, raw, short):
        assert parse_signature(f" 0x{form.hex()}\n") == parse_signature(form.hex()) == usual
    assert expand(*compact(usual)) == usual


@pytest.mark.parametrize("text", ["", "0x", "0x12g4", "hello"])
def test_signature_that_is_none_is_refused(text: str) -> None:
    with refuses("signature.not-hexadecimal", text=text):
        parse_signature(text)


# Moments


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2027-01-15", NOW - 8 * HOUR),
        ("2027-01-15 08:00", NOW),
        ("2027-01-15T17:00+09:00", NOW),
        ("2027-01-15T08:00:00Z", NOW),
        ("３日", NOW + 3 * DAY),
        ("3 days ago", NOW - 3 * DAY),
        ("2時間前", NOW - 2 * HOUR),
        (moment_text(NOW), NOW),
    ],
)
def test_moment_is_read(text: str, expected: int) -> None:
    assert parse_moment(text, NOW, "--at") == expected


@pytest.mark.parametrize("text", ["soon", "", "2027-13-01", "3 months ago"])
def test_moment_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(BadInputError, match='--at must be a time such as "2026-11-24 14:00"'):
        parse_moment(text, NOW, "--at")


def test_moments_lie_on_the_right_side_of_now() -> None:
    assert parse_end(None, NOW, 7) == 7
    assert parse_end("1 s", NOW, 7) == NOW + 1
    with pytest.raises(BadInputError, match=r"--until must lie ahead: .* is over, it is Fri"):
        parse_end("0 seconds", NOW, 7)
    assert parse_past(None, NOW) == parse_past("0 seconds", NOW) == NOW
    with pytest.raises(BadInputError, match="--at must not lie ahead"):
        parse_past("1 s", NOW)


def test_merit_is_part_of_the_weight(governed: Governed) -> None:
    as_treasury(governed, "credit", 1, 100 * POINT, 0, bytes(32))
    proposal = governed.propose().id
    governed.open_voting(proposal)
    told = governed.told("vote 1", "--for", account="p1", yes=True)
    assert governed.dao.governor.call("proposalVotes", proposal) == (0, int(told["weight"]), 0)
