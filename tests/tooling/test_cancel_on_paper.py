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
from mikoshi.ballots.messages import Message, governor_message
from mikoshi.ballots.proposal import ProposalDraft
from mikoshi.ballots.signed import Signed, sign
from mikoshi.cli.options import Options
from mikoshi.cli.session import Session
from mikoshi.context.context import Context
from mikoshi.replay.governor import ProposalState
from mikoshi.testing.community import person
from mikoshi.testing.defaults import DAY
from mikoshi.text.times import moment_text
from mikoshi.voting.relay import Carrier
from mikoshi.voting.signed_file import Fate, open_envelopes
from tests.tooling.governed import Governed
from tests.tooling.test_execute import make_guardian, state
from tests.tooling.test_relay import keep, relay, results

pytestmark = pytest.mark.slow


@pytest.fixture
def draft(governed: Governed) -> ProposalDraft:
    """Proposal 1, "Bread", of P1; voting on it opens in two days."""
    return governed.propose("Bread")


def cancellation(
    governed: Governed, draft: ProposalDraft, member: int = 1, key: int | None = None, **more: Any
) -> Signed:
    """A member's signed cancellation; `more` replaces fields, `key` who signs."""
    values = {
        "proposalId": draft.id,
        "proposer": person(member).address,
        "deadline": governed.rpc.timestamp() + 30 * DAY,
    }
    message = governor_message(
        "Cancel", governed.rpc.chain_id(), governed.dao.governor_address, **values | more
    )
    return replace(
        sign(message, person(key or member), member, draft=draft), signer=person(member).address
    )


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


def unsigned(governed: Governed, *options: str, **more: Any) -> list[str]:
    """The lines that refuse to sign; nothing was written."""
    file = governed.folder / "x.ballot"
    shown = governed.run("cancel 1", *options, "-o", str(file), **more)
    assert shown.exit_code in (2, 4), shown.stdout
    assert not file.exists()
    return shown.stderr.splitlines()


@pytest.mark.parametrize("who", [{"account": "p2"}, {"account": "p1", "signer": "#2"}])
def test_nobody_else_signs_it(
    governed: Governed, draft: ProposalDraft, who: dict[str, str]
) -> None:
    what, why, hint = unsigned(governed, "--sign-only", **who)
    assert what == ("✗ P2 #2 (0x50ab…bf7f) cannot cancel it by a signature. Nothing was sent.")
    assert why.startswith("  P1 #1 (0x1753…8863), who proposed it, may until voting opens in 48 h")
    assert hint.startswith("→ See ape run status 1")
    assert draft


def test_nobody_signs_it_once_voting_is_open(governed: Governed, draft: ProposalDraft) -> None:
    governed.open_voting(draft.id)
    what, why, _ = unsigned(governed, "--sign-only", account="p1")
    assert what.startswith("✗ P1 #1 (0x1753…8863) cannot cancel it by a signature")
    assert why == "  nobody may while voting is open; vote Against"


def test_guardian_sends_and_signs_nothing(governed: Governed, draft: ProposalDraft) -> None:
    governed.pass_vote(draft.id)
    make_guardian(governed, 5)
    what, why, hint = unsigned(governed, "--sign-only", account="p5")
    assert what.startswith("✗ P5 #5 (0x3aB4…7434) cannot cancel it by a signature")
    assert why.startswith("  the guardian P5 #5")
    assert hint == "→ A guardian signs nothing: run the command with its --account alone"
    japanese = unsigned(governed, "--sign-only", account="p5", lang="ja")
    assert "は署名では取り消せません。何も送っていません。" in japanese[0]
    assert "ガーディアンは署名せず、その --account だけを付けて" in japanese[2]


def test_signature_that_outlives_its_use_is_refused(
    governed: Governed, draft: ProposalDraft
) -> None:
    what, why, hint = unsigned(governed, "--sign-only", account="p1", until="3 days")
    assert re.match(r"✗ --until must not lie after voting opens, .* UTC", what)
    assert why == "  from then on its proposer cannot cancel it"
    assert hint == "→ Leave it out, or name an earlier time"
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
    (told,) = governed.told("status")["proposals"]
    for command, name in (("vote 1 --for", "vote"), ("cancel 1", "cancel")):
        file = governed.folder / f"{name}.ballot"
        governed.told(command, "--sign-only", "-o", str(file), account="p1")
        assert load(file).draft is None
    assert results(relay(governed, file)) == {"cancel": "sent"}
    assert governor.call("state", int(told["id"])) == ProposalState.CANCELED


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
    assert told["a"]["reason"] == "the signature is not that of 0x1753…8863"


def moved(governed: Governed, draft: ProposalDraft, **changes: Any) -> Signed:
    signed = cancellation(governed, draft)
    return sign(replace(signed.message, **changes), person(1), 1)


BAD: dict[str, tuple[Callable[[Governed, ProposalDraft], Signed], str]] = {
    "another member's": (
        lambda governed, draft: cancellation(governed, draft, 2),
        r'the signer did not propose 1 "Bread": P1 #1 \(0x1753…8863\) did',
    ),
    "a stranger's": (
        lambda governed, draft: cancellation(governed, draft, 9),
        r'the signer did not propose 1 "Bread": P1 #1 \(0x1753…8863\) did',
    ),
    "another proposal": (
        lambda governed, draft: replace(
            cancellation(governed, draft, proposalId=draft.id + 1), draft=None
        ),
        "of a proposal that this DAO does not have",
    ),
    "expired": (
        lambda governed, draft: cancellation(
            governed, draft, deadline=governed.rpc.timestamp() - 60
        ),
        r"valid until .* UTC, now .* UTC",
    ),
    "another chain": (
        lambda governed, draft: moved(governed, draft, chain_id=1),
        "signed for chain 1, this is chain 11155111",
    ),
    "another DAO": (
        lambda governed, draft: moved(governed, draft, contract=person(99).address),
        "signed for another DAO: governor 0x",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_cancellation_is_refused(governed: Governed, draft: ProposalDraft, case: str) -> None:
    make, words = BAD[case]
    told = relay(governed, keep(governed, a=make(governed, draft)), code=1)
    assert re.match(words, told["a"]["reason"]), told["a"]
    assert told[""]["transactions"] == []
    assert state(governed, draft) == ProposalState.PENDING


def test_cancellation_that_comes_too_late_is_refused(
    governed: Governed, draft: ProposalDraft
) -> None:
    folder = keep(governed, a=cancellation(governed, draft))
    governed.open_voting(draft.id)
    told = relay(governed, folder, code=1)
    assert told["a"]["reason"] == (
        'its proposer can cancel 1 "Bread" only before voting opens; now voting is open'
    )
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
        plan = carrier.plan(open_envelopes([str(folder)]))
        governed.open_voting(draft.id)
        nonce = governed.nonce(person(2))
        (late,) = carrier.send(plan.loads[0])
    assert (late.fate, late.words) == (
        Fate.REFUSED,
        "0x1753…8863 may not cancel the proposal now",
    )
    assert governed.nonce(person(2)) == nonce
