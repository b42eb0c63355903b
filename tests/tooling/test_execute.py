"""`ape run execute` and `cancel`: when, by whom, once, and what they did."""

from __future__ import annotations

import json
import re

import pytest

from mikoshi.ballots.proposal import ProposalDraft
from mikoshi.replay.governor import ProposalState
from mikoshi.testing.community import AGAINST, person
from mikoshi.testing.defaults import DAY
from mikoshi.text.units import HOUR, MINUTE
from tests.support import failed, inner, told
from tests.tooling.governed import Governed
from tests.tooling.live import ETHER

pytestmark = pytest.mark.slow

QUARTER = ETHER // 4


@pytest.fixture
def passed(governed: Governed) -> ProposalDraft:
    """Proposal 1, of P1, pays P2; everybody voted For."""
    draft = governed.propose("Bread")
    governed.pass_vote(draft.id)
    return draft


def state(governed: Governed, draft: ProposalDraft) -> ProposalState:
    return ProposalState(governed.dao.governor.call("state", draft.id))


def test_execute_too_early_says_when_and_sends_nothing(
    governed: Governed, passed: ProposalDraft
) -> None:
    governed.rpc.warp_to(
        governed.dao.governor.call("proposalEta", passed.id) - 41 * HOUR - 12 * MINUTE
    )
    nonce = governed.nonce(person(3))
    early = governed.run("execute 1", account="p3", yes=True)
    assert early.exit_code == 4
    lines = early.stderr.splitlines()
    assert re.fullmatch(
        r"✗ Not yet: the delay ends in 41 h 12 m \(.* UTC\)\. Nothing was sent\.", lines[0]
    )
    assert governed.nonce(person(3)) == nonce
    japanese = governed.run("execute 1", account="p3", yes=True, lang="ja")
    assert "まだ実行できません: 待機期間はあと41時間12分で終わります" in japanese.stderr


def test_execute_shows_what_it_does_and_what_it_did(
    governed: Governed, passed: ProposalDraft
) -> None:
    governed.ripen(passed.id)
    before = governed.rpc.balance(person(2).address)
    done = governed.run("execute 1", account="p3", yes=True)
    assert done.exit_code == 0, done.stderr
    assert state(governed, passed) == ProposalState.EXECUTED
    assert governed.rpc.balance(person(2).address) == before + QUARTER
    planned, _, happened = done.stdout.partition("✓")
    assert re.search(r"1 +pay P2 #2 \(0x.{9}\) 0\.25 ETH", planned)
    assert re.search(r"^about 0\.0\d+ ETH \([\d,]+ gas at \S+ gwei\)$", planned, re.M)
    assert re.match(r' executed 1 "Bread" in block \d+\n', happened)
    assert re.search(r"^  pay P2 #2 \(0x.{9}\) 0\.25 ETH$", happened, re.M)
    assert "  treasury 10 ETH → 9.75 ETH\n" in happened


def test_execute_moves_coins_and_says_so(governed: Governed) -> None:
    dao = governed.dao
    tokens = 100 * ETHER
    mint = dao.token.data("mint", dao.treasury_address, tokens, 1)
    give = dao.token.data("transfer", person(4).address, tokens // 4)
    wallet = person(1).address
    draft = ProposalDraft.of(
        [(dao.token_address, 0, mint), (dao.token_address, 0, give)], "# Mint", wallet
    )
    dao.governor.send("propose", *draft.calls, draft.description, sender=wallet)
    governed.pass_vote(draft.id)
    governed.ripen(draft.id)
    told = governed.told("execute 1", account="p3", yes=True)
    assert told["sent"]
    assert told["treasury"] == [
        {
            "coin": "PMC",
            "address": dao.token_address,
            "before": "0",
            "after": str(75 * ETHER),
        }
    ]


def test_execute_again_says_that_it_was_done(governed: Governed, passed: ProposalDraft) -> None:
    governed.ripen(passed.id)
    first = governed.told("execute 1", account="p3", yes=True)
    nonce = governed.nonce(person(4))
    again = governed.run("execute 1", account="p4", yes=True)
    assert again.exit_code == 0
    assert re.search(
        r'^✓ 1 "Bread" was executed in block \d+; nothing was sent$', again.stdout, re.M
    )
    assert governed.nonce(person(4)) == nonce
    governed.rpc.warp(2 * HOUR + 5 * MINUTE)
    later = governed.run("execute 1", account="p4", yes=True)
    assert re.search(r"was executed in block \d+, 2 h [56] m ago \(.*\); nothing", later.stdout)
    told = governed.told("execute 1", account="p4", yes=True)
    assert told == {
        "number": 1,
        "id": str(passed.id),
        "sent": False,
        "transaction": first["transaction"],
        "block": first["block"],
    }


def test_a_dry_run_sends_nothing(governed: Governed, passed: ProposalDraft) -> None:
    governed.ripen(passed.id)
    shown = governed.run("execute 1", account="p3", dry_run=True, yes=True)
    assert shown.exit_code == 0
    assert "nothing was sent; the same command without --dry-run sends it" in shown.stdout
    refused = governed.run("execute 1", account="p3")
    assert refused.exit_code == 4
    assert "✗ Nothing was sent" in refused.stderr
    assert state(governed, passed) == ProposalState.QUEUED


def test_execute_before_the_vote_is_over_says_when_it_may_be(governed: Governed) -> None:
    draft = governed.propose("Bread")
    governed.open_voting(draft.id)
    early = governed.run("execute 1", account="p3", yes=True)
    assert early.exit_code == 4
    error = failed("proposal.undecided")
    assert re.fullmatch(r"in 5 d \(.*\)", str(error.data["closes"]))
    assert re.fullmatch(r"in 7 d \(.*\)", str(error.data["eta"]))
    assert str(error.data["command"]).startswith("ape run status 1")


def test_execute_what_did_not_pass_names_the_votes(governed: Governed) -> None:
    draft = governed.propose("Bread")
    governed.open_voting(draft.id)
    governed.vote(draft.id, 1)
    governed.vote(draft.id, 2, 3, support=AGAINST)
    governed.close_voting(draft.id)
    lost = governed.run("execute 1", account="p3", yes=True)
    assert lost.exit_code == 4
    sides = {"for_it": "1 voice", "against": "2 voices"}
    failed("proposal.defeated", people=1, needed="2 people", **sides)


def test_execute_what_expired_or_was_cancelled(governed: Governed, passed: ProposalDraft) -> None:
    other = governed.propose("Roses")
    governed.dao.governor.send("cancel", *other.actions, sender=person(1).address)
    gone = governed.run("execute 2", account="p3", yes=True)
    assert gone.exit_code == 4
    failed("proposal.over", state="canceled", standing="cancelled")
    governed.rpc.warp_to(governed.dao.governor.call("proposalExpiry", passed.id) + 1)
    late = governed.run("execute 1", account="p3", yes=True)
    assert late.exit_code == 4
    standing = failed("proposal.over", state="expired").data["standing"]
    assert str(standing).startswith("passed, but was not executed in time, which ended")


def test_an_advisory_proposal_is_never_executed(governed: Governed) -> None:
    draft = governed.propose("Kyoto?", pays=0)
    early = governed.run("execute 1", account="p3", yes=True)
    governed.pass_vote(draft.id)
    assert state(governed, draft) == ProposalState.SUCCEEDED
    for refused in (early, governed.run("execute 1", account="p3", yes=True)):
        assert refused.exit_code == 4
        failed("proposal.advisory")


def test_execute_names_the_call_that_would_fail(governed: Governed) -> None:
    membership = governed.dao.membership
    bar, wallet = membership.data("bar", 5), person(1).address
    draft = ProposalDraft.of([(membership.address, 0, bar)] * 2, "# Twice removed", wallet)
    governed.dao.governor.send("propose", *draft.calls, draft.description, sender=wallet)
    governed.pass_vote(draft.id)
    governed.ripen(draft.id)
    nonce = governed.nonce(person(3))
    failing = governed.run("execute 1", account="p3", yes=True)
    assert failing.exit_code == 4
    reason = "member #5 is removed by vote"
    error = failed("proposal.would-fail", proposal='1 "Twice removed"', call=2)
    told(inner(error, "reason"), "contract.membership-unexpected-standing", id=5)
    (why,) = error.reasons
    assert re.fullmatch(rf"call 2 \(remove P5 #5 .*\): {reason}", why)
    assert str(error.data["simulate"]).startswith("ape run proposal simulate 1")
    assert governed.nonce(person(3)) == nonce


def test_execute_what_the_treasury_cannot_pay(governed: Governed) -> None:
    draft = governed.propose("Too much", pays=11 * ETHER)
    governed.pass_vote(draft.id)
    governed.ripen(draft.id)
    failing = governed.run("execute 1", account="p3", yes=True)
    assert failing.exit_code == 4
    (why,) = failed("proposal.would-fail", proposal='1 "Too much"', call=1).reasons
    assert re.match(r"call 1 \(pay P2 #2 \(0x.{9}\) 11 ETH\): it is refused", why)
    assert why.endswith("; the treasury has 10 ETH, and it pays 11 ETH")


def test_execute_what_does_not_exist(governed: Governed) -> None:
    missing = governed.run("execute 1", account="p3", yes=True, json=True)
    assert missing.exit_code == 2
    assert json.loads(missing.stdout)["error"]["what"] == "There is no proposal 1"


def test_the_proposer_cancels_before_voting_opens(governed: Governed) -> None:
    draft = governed.propose("Bread")
    done = governed.run("cancel 1", account="p1", yes=True)
    assert done.exit_code == 0, done.stderr
    assert state(governed, draft) == ProposalState.CANCELED
    assert re.search(r'^✓ cancelled 1 "Bread" in block', done.stdout, re.M)
    again = governed.told("cancel 1", account="p2", yes=True)
    assert not again["sent"]
    assert again["block"] == governed.rpc.block_number()


def test_nobody_else_cancels_before_voting_opens(governed: Governed) -> None:
    governed.propose("Bread")
    refused = governed.run("cancel 1", account="p2", yes=True)
    assert refused.exit_code == 4
    reason = inner(failed("proposal.not-cancellable", signer=""), "reason")
    told(reason, "cancel.by-its-proposer", proposer="P1 #1 (0x1753…8863)")
    assert str(reason.data["opens"]).startswith("in 48 h")


def test_nobody_cancels_while_voting_is_open(governed: Governed) -> None:
    draft = governed.propose("Bread")
    governed.open_voting(draft.id)
    refused = governed.run("cancel 1", account="p1", yes=True)
    assert refused.exit_code == 4
    told(inner(failed("proposal.not-cancellable"), "reason"), "cancel.while-voting")


def make_guardian(governed: Governed, number: int) -> None:
    until = governed.rpc.timestamp() + 100 * DAY
    treasury = governed.dao.treasury
    treasury.send("setGuardian", person(number).address, until, sender=treasury.address)


def test_the_guardian_cancels_while_the_delay_runs(
    governed: Governed, passed: ProposalDraft
) -> None:
    nobody = governed.run("cancel 1", account="p5", yes=True)
    assert nobody.exit_code == 4
    told(inner(failed("proposal.not-cancellable"), "reason"), "cancel.without-guardian")
    make_guardian(governed, 5)
    other = governed.run("cancel 1", account="p1", yes=True)
    assert other.exit_code == 4
    reason = inner(failed("proposal.not-cancellable"), "reason")
    told(reason, "cancel.by-the-guardian", guardian="P5 #5 (0x3aB4…7434)")
    assert str(reason.data["eta"]).startswith("in 48 h")
    assert governed.told("cancel 1", account="p5", yes=True)["sent"]
    assert state(governed, passed) == ProposalState.CANCELED


def test_nobody_cancels_once_the_delay_is_over(governed: Governed, passed: ProposalDraft) -> None:
    make_guardian(governed, 5)
    governed.ripen(passed.id)
    refused = governed.run("cancel 1", account="p5", yes=True)
    assert refused.exit_code == 4
    told(inner(failed("proposal.not-cancellable"), "reason"), "cancel.after-the-delay")
    governed.run("execute 1", account="p5", yes=True)
    late = governed.run("cancel 1", account="p5", yes=True)
    assert late.exit_code == 4
    reason = inner(failed("proposal.not-cancellable"), "reason")
    told(reason, "cancel.over", state="executed", standing="executed")


def test_a_text_that_is_not_utf8_is_not_executed_from_here(governed: Governed) -> None:
    governor, wallet = governed.dao.governor, person(1).address
    calls = [person(2).address], [QUARTER], [b""]
    whole = governor.data("propose", *calls, "# Bread and roses")
    governed.rpc.send(governor.address, whole.replace(b"Bread", b"Br\xffad"), sender=wallet)
    (status,) = governed.told("status")["proposals"]
    assert status["title"] == r"Br\xffad and roses"
    governed.pass_vote(int(status["id"]))
    governed.ripen(int(status["id"]))
    refused = governed.run("execute 1", account="p3", yes=True)
    assert refused.exit_code == 3
    failed("proposal.unproven", proposal=r'1 "Br\xffad and roses"')
