"""A proposal that its proposer cancels by a signature, which anybody relays."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest

from mikoshi.ballots.file import load
from mikoshi.ballots.messages import Message
from mikoshi.ballots.proposal import ProposalDraft
from mikoshi.ballots.signed import Signed, sign
from mikoshi.cli.options import Options
from mikoshi.cli.session import Session
from mikoshi.context.context import Context
from mikoshi.replay.governor import ProposalState
from mikoshi.testing.community import person
from mikoshi.testing.defaults import DAY
from mikoshi.text.clock import moment_text
from mikoshi.text.language import speaking
from mikoshi.text.people import short
from mikoshi.voting.relay import Carrier
from mikoshi.voting.signed_file import Fate, open_files
from tests.support import failed, inner, told
from tests.tooling.governed import Governed
from tests.tooling.test_execute import make_guardian, state
from tests.tooling.test_relay import keep, relay, results, signed

pytestmark = pytest.mark.slow


@pytest.fixture
def draft(governed: Governed) -> ProposalDraft:
    """Proposal 1, "Bread", of P1; voting on it opens in two days."""
    return governed.propose("Bread")


def cancellation(
    governed: Governed, draft: ProposalDraft, member: int = 1, key: int | None = None, **more: Any
) -> Signed:
    """A member's signed cancellation; `more` replaces fields, `key` who signs."""
    proposer = person(member).address
    made = signed(governed, key or member, "Cancel", draft=draft, proposer=proposer, **more)
    return replace(made, signer=proposer, member=member)


# Signed


def test_proposer_signs_that_it_is_cancelled(governed: Governed, draft: ProposalDraft) -> None:
    governed.rpc.call("anvil_setBalance", person(1).address, "0x0")
    nonce, file = governed.nonce(person(1)), governed.folder / "p1.ballot"
    shown = governed.run("cancel 1", "--sign-only", "-o", str(file), account="p1")
    assert shown.exit_code == 0, shown.stderr
    opens = governed.dao.governor.call("proposalSnapshot", draft.id)
    assert re.search(
        r'^I cancel "Bread" \(proposal \d{4}…\d{4}\) for good, before its voting opens\.'
        r" Valid until \w{3} .* UTC\.",
        shown.stdout,
        re.M,
    )
    assert (
        f"anybody with some ETH sends it:\n  ape run relay {shlex.quote(str(file))} --config"
        in shown.stdout
    )
    signed = load(file)
    assert signed.is_of_signer
    assert (signed.signer, signed.member, signed.draft) == (person(1).address, 1, draft)
    assert signed.message == cancellation(governed, draft, deadline=opens).message
    assert state(governed, draft) == ProposalState.PENDING
    told = relay(governed, file, account="p4")
    assert results(told) == {"p1": "sent"}
    assert state(governed, draft) == ProposalState.CANCELED
    assert governed.nonce(person(1)) == nonce


def test_typed_data_names_the_command_that_takes_the_signature(
    governed: Governed, draft: ProposalDraft
) -> None:
    data, file = governed.folder / "p1.json", governed.folder / "p1.ballot"
    options = ("--signer", "#1", "--until", "1 day")
    shown = governed.run("cancel 1", "--typed-data", *options, "-o", str(data))
    assert shown.exit_code == 0, shown.stderr
    message = Message.from_typed_data(json.loads(data.read_text()))
    assert message["deadline"] == governed.rpc.timestamp() + DAY
    until = f"--until {moment_text(message['deadline'])} --signer {person(1).address}"
    assert f"ape run cancel 1 --config {shlex.quote(str(governed.place.toml))}" in shown.stdout
    assert f" {until} --signature 0x… -o {shlex.quote(str(file))}" in shown.stdout
    for key, code in ((2, 2), (1, 0)):
        made = person(key).sign_message(message.signable).signature
        ways = (*until.split(), "--signature", f"0x{made.hex()}", "-o", str(file))
        assert governed.run("cancel 1", *ways).exit_code == code
        assert file.exists() is not bool(code)
    assert results(relay(governed, file)) == {"p1": "sent"}
    assert state(governed, draft) == ProposalState.CANCELED


def unsigned(governed: Governed, *options: str, **more: Any) -> None:
    """It is refused to sign; nothing was written."""
    file = governed.folder / "x.ballot"
    shown = governed.run("cancel 1", *options, "-o", str(file), **more)
    assert shown.exit_code in (2, 4), shown.stdout
    assert not file.exists()


@pytest.mark.parametrize("who", [{"account": "p2"}, {"account": "p1", "signer": "#2"}])
def test_nobody_else_signs_it(
    governed: Governed, draft: ProposalDraft, who: dict[str, str]
) -> None:
    unsigned(governed, "--sign-only", **who)
    error = failed("proposal.not-cancellable", signer="P2 #2 (0x50ab…bf7f)")
    told(inner(error, "reason"), "cancel.by-its-proposer", proposer="P1 #1 (0x1753…8863)")
    assert str(inner(error, "reason").data["opens"]).startswith("in 48 h")
    assert error.hint.startswith("See ape run status 1")
    assert draft


def test_nobody_signs_it_once_voting_is_open(governed: Governed, draft: ProposalDraft) -> None:
    governed.open_voting(draft.id)
    unsigned(governed, "--sign-only", account="p1")
    error = failed("proposal.not-cancellable", signer="P1 #1 (0x1753…8863)")
    told(inner(error, "reason"), "cancel.while-voting")


def test_guardian_sends_and_signs_nothing(governed: Governed, draft: ProposalDraft) -> None:
    governed.pass_vote(draft.id)
    make_guardian(governed, 5)
    unsigned(governed, "--sign-only", account="p5")
    error = failed("proposal.not-cancellable", signer="P5 #5 (0x3aB4…7434)")
    told(inner(error, "reason"), "cancel.by-the-guardian", guardian="P5 #5 (0x3aB4…7434)")
    assert error.hint == "A guardian signs nothing: run the command with its --account alone"
    with speaking("ja"):
        what, __, hint = error.lines
    assert "は署名では取り消せません。何も送っていません。" in what
    assert "ガーディアンは署名せず、その --account だけを付けて" in hint


def test_signature_that_outlives_its_use_is_refused(
    governed: Governed, draft: ProposalDraft
) -> None:
    unsigned(governed, "--sign-only", account="p1", until="3 days")
    assert re.fullmatch(r".* UTC", str(failed("cancel.ends-too-late").data["opens"]))
    assert draft


def test_what_is_cancelled_is_not_signed_again(governed: Governed, draft: ProposalDraft) -> None:
    governed.dao.governor.send("cancel", *draft.actions, sender=person(1).address)
    file = governed.folder / "p1.ballot"
    shown = governed.run("cancel 1", "--sign-only", "-o", str(file), account="p1")
    assert shown.exit_code == 0
    assert re.match(r'✓ 1 "Bread" was cancelled in block \d+; nothing was sent', shown.stdout)
    assert not file.exists()


def test_a_text_that_is_not_utf8_can_be_signed_about(governed: Governed) -> None:
    governor, wallet = governed.dao.governor, person(1).address
    whole = governor.data("propose", [person(2).address], [1], [b""], "# Bread and roses")
    governed.rpc.send(governor.address, whole.replace(b"Bread", b"Br\xffad"), sender=wallet)
    (status,) = governed.told("status")["proposals"]
    for command, name in (("vote 1 --for", "vote"), ("cancel 1", "cancel")):
        file = governed.folder / f"{name}.ballot"
        governed.told(command, "--sign-only", "-o", str(file), account="p1")
        assert load(file).draft is None
    assert results(relay(governed, file)) == {"cancel": "sent"}
    assert governor.call("state", int(status["id"])) == ProposalState.CANCELED


# Relayed


def test_cancellation_is_relayed_once(governed: Governed, draft: ProposalDraft) -> None:
    papers = {
        "a": cancellation(governed, draft),
        "b": cancellation(governed, draft),
        "c": cancellation(governed, draft, deadline=governed.rpc.timestamp() + DAY),
    }
    folder = keep(governed, **papers)
    shown = governed.run("relay", str(folder), account="p2", dry_run=True)
    assert 'a.ballot: P1 #1 (0x1753…8863) — I cancel "Bread" (proposal ' in shown.stdout
    told = relay(governed, folder)
    assert results(told) == {"a": "sent", "b": "done before", "c": "done before"}
    assert told["c"]["reason"] == "the same as a.ballot"
    assert state(governed, draft) == ProposalState.CANCELED
    nonce = governed.nonce(person(1))
    again = relay(governed, folder)
    assert set(results(again).values()) == {"done before"}
    assert re.fullmatch(r"cancelled on .* UTC", again["a"]["reason"])
    assert governed.nonce(person(1)) == nonce


def test_forged_cancellation_does_not_crowd_out_the_real_one(
    governed: Governed, draft: ProposalDraft
) -> None:
    papers = {"a": cancellation(governed, draft, key=2), "b": cancellation(governed, draft)}
    told = relay(governed, keep(governed, **papers), code=1)
    assert results(told) == {"a": "refused", "b": "sent"}
    forged = {"kind": "ballot.signature-of-another", "signer": "0x1753…8863"}
    assert told["a"]["problems"] == [forged]


def moved(governed: Governed, draft: ProposalDraft, **changes: Any) -> Signed:
    signed = cancellation(governed, draft)
    return sign(replace(signed.message, **changes), person(1), 1)


ANOTHERS = {"proposal": '1 "Bread"', "proposer": "P1 #1 (0x1753…8863)"}
BAD: dict[str, tuple[Callable[[Governed, ProposalDraft], Signed], str, dict[str, Any]]] = {
    "another member's": (
        lambda governed, draft: cancellation(governed, draft, 2),
        "ballot.cancels-anothers",
        ANOTHERS,
    ),
    "a stranger's": (
        lambda governed, draft: cancellation(governed, draft, 9),
        "ballot.cancels-anothers",
        ANOTHERS,
    ),
    "another proposal": (
        lambda governed, draft: replace(
            cancellation(governed, draft, proposalId=draft.id + 1), draft=None
        ),
        "ballot.cancels-the-unknown",
        {},
    ),
    "expired": (
        lambda governed, draft: cancellation(
            governed, draft, deadline=governed.rpc.timestamp() - 60
        ),
        "ballot.expired",
        {},
    ),
    "another chain": (
        lambda governed, draft: moved(governed, draft, chain_id=1),
        "ballot.for-another-chain",
        {"chain": 1, "here": 11_155_111},
    ),
    "another DAO": (
        lambda governed, draft: moved(governed, draft, contract=person(99).address),
        "ballot.for-another-dao",
        {"part": "governor", "contract": short(person(99).address)},
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_cancellation_is_refused(governed: Governed, draft: ProposalDraft, case: str) -> None:
    make, kind, data = BAD[case]
    told = relay(governed, keep(governed, a=make(governed, draft)), code=1)
    (problem,) = told["a"]["problems"]
    assert problem == problem | data | {"kind": kind}
    assert told[""]["transactions"] == []
    assert state(governed, draft) == ProposalState.PENDING


def test_cancellation_that_comes_too_late_is_refused(
    governed: Governed, draft: ProposalDraft
) -> None:
    folder = keep(governed, a=cancellation(governed, draft))
    governed.open_voting(draft.id)
    told = relay(governed, folder, code=1)
    late = {"proposal": '1 "Bread"', "state": "voting is open"}
    assert told["a"]["problems"] == [late | {"kind": "ballot.cancels-too-late"}]
    japanese = relay(governed, folder, code=1, lang="ja")
    assert japanese["a"]["reason"] == (
        "1「Bread」 を提案者が取り消せるのは、投票が始まるまでです(いま: 投票の受付中です)"
    )
    assert state(governed, draft) == ProposalState.ACTIVE


def test_cancellation_is_refused_at_the_last_moment(
    governed: Governed, draft: ProposalDraft
) -> None:
    folder = keep(governed, a=cancellation(governed, draft))
    with closing(Session(Options(str(governed.place.toml), governed.rpc.url))) as session:
        context = Context.open(session, governed.place.records)
        carrier = Carrier(context, governed.place.sender(governed.rpc, "p2"))
        plan = carrier.plan(open_files([str(folder)]))
        governed.open_voting(draft.id)
        nonce = governed.nonce(person(2))
        (late,) = carrier.send(plan.transactions[0])
    assert late.fate is Fate.REFUSED
    (problem,) = late.problems
    told(problem, "ballot.cancels-too-late", state="voting is open")
    assert governed.nonce(person(2)) == nonce
