"""The whole core, run beside its model through thousands of random steps.

MIKOSHI_STEPS asks for more steps in process (a tenth of them on anvil), MIKOSHI_SEED for other
histories; `python -m mikoshi.testing.machine --help` does the same outside pytest.
"""

from __future__ import annotations

import os

import pytest

from mikoshi.testing.machine import MachineReport, run
from mikoshi.testing.model.proposal import ProposalState

SEED = int(os.environ.get("MIKOSHI_SEED", "0"))
STEPS = int(os.environ.get("MIKOSHI_STEPS", "30000"))

ACCEPTED = {
    "act",
    "admit",
    "admitMany",
    "approve",
    "bar",
    "batch=singles",
    "burn",
    "burnFrom",
    "card",
    "cancel",
    "cancelBySig",
    "castVote",
    "castVoteBySig",
    "castVoteWithReason",
    "castVotesBySig",
    "credit",
    "creditMany",
    "delegate",
    "delegateBySig",
    "delegateVotesBySig",
    "enforceBar",
    "execute",
    "exit",
    "exitBySig",
    "grantRole",
    "installGovernor",
    "lapse",
    "liveness",
    "mint",
    "mintMany",
    "moveWallet",
    "propose",
    "proposeAdvisory",
    "proposeBySig",
    "reclaim",
    "rejoin",
    "rejoinBySig",
    "renounceRole",
    "return",
    "revival",
    "rest",
    "restBySig",
    "revokeRole",
    "safeTransferFrom",
    "setApprovalForAll",
    "setCharter",
    "setGovernor",
    "setGuardian",
    "setKindCap",
    "setSettings",
    "transfer",
    "transferFrom",
    "wake",
    "wakeBySig",
    "withdrawBar",
    "withdrawGovernor",
    "withdrawSettings",
}
"""What a full run must have seen succeed."""

REFUSED = {
    ("admit", "MembershipBarred"),
    ("admit", "MembershipCharterMismatch"),
    ("admit", "MembershipStewardCapExceeded"),
    ("admit", "MembershipUnauthorized"),
    ("bar", "MembershipUnauthorized"),
    ("ballot", "ALREADY_CAST"),
    ("ballot", "EXPIRED"),
    ("ballot", "INVALID_SIGNATURE"),
    ("ballot", "INVALID_SUPPORT"),
    ("ballot", "NO_VOICE"),
    ("castVote", "GovernorAlreadyCastVote"),
    ("castVote", "GovernorInvalidVoteType"),
    ("castVote", "GovernorNoVoice"),
    ("castVote", "GovernorUnexpectedProposalState"),
    ("castVoteBySig", "GovernorInvalidSignature"),
    ("cancel", "GovernorUnableToCancel"),
    ("cancelBySig", "GovernorExpiredSignature"),
    ("cancelBySig", "GovernorInvalidSignature"),
    ("cancelBySig", "GovernorUnableToCancel"),
    ("credit", "MembershipUnauthorized"),
    ("credit", "VoiceMemberCapExceeded"),
    ("credit", "VoiceMeritCapExceeded"),
    ("delegate", "VoiceDelegateNotActive"),
    ("delegate", "VoiceNotActive"),
    ("delegateBySig", "MembershipExpiredSignature"),
    ("delegateBySig", "MembershipInvalidSignature"),
    ("delegateVotesBySig", "InvalidAccountNonce"),
    ("execute", "GovernorNotReady"),
    ("execute", "GovernorUnexpectedProposalState"),
    ("execute", "TreasuryCallFailed"),
    ("execute", "TreasuryNotGovernor"),
    ("execute", "TreasuryTargetWithoutCode"),
    ("mint", "ContributionTokenCapExceeded"),
    ("mintMany", "ContributionTokenKindCapExceeded"),
    ("mint", "ContributionTokenUnauthorized"),
    ("initialize", "GovernorAlreadyInitialized"),
    ("initialize", "MembershipAlreadyInitialized"),
    ("receiveBallotOf", "VoiceNotGovernor"),
    ("transferFrom", "MembershipTooEarly"),
    ("setSettings", "GovernorInvalidSetting"),
    ("setSettings", "MembershipInvalidSetting"),
    ("moveWallet", "MembershipUnauthorized"),
    ("moveWallet", "MembershipWalletTaken"),
    ("enforceBar", "MembershipNotDue"),
    ("installGovernor", "TreasuryNotDue"),
    ("propose", "GovernorRetired"),
    ("retire", "GovernorOnlyExecutor"),
    ("setGovernor", "TreasuryInvalidGovernor"),
    ("propose", "GovernorInsufficientProposerVotes"),
    ("propose", "GovernorNotMember"),
    ("propose", "GovernorRestrictedProposer"),
    ("propose", "GovernorTooManyLive"),
    ("proposeBySig", "GovernorInvalidSignature"),
    ("rejoin", "MembershipTicketRequired"),
    ("rejoin", "MembershipUnexpectedStanding"),
    ("setGovernor", "TreasuryNotSelf"),
    ("setGuardian", "TreasuryTermTooLong"),
    ("transfer", "ContributionTokenLocked"),
    ("transferFrom", "ERC721InsufficientApproval"),
    ("transferFrom", "TicketSoulbound"),
    ("wake", "MembershipCharterMismatch"),
    ("wake", "MembershipTooEarly"),
}
"""What a full run must have seen refused, and why."""


def _summary(report: MachineReport, capsys: pytest.CaptureFixture[str], where: str) -> None:
    with capsys.disabled():
        outcomes = len(report.coverage)
        print(f"\n  {report.steps} steps {where}, {outcomes} different outcomes", end="")


def test_core_agrees_with_model_in_short_histories() -> None:
    report = run(steps=5_000, first_seed=SEED + 1)
    assert report.steps >= 5_000


@pytest.mark.slow
def test_core_agrees_with_model_in_process(capsys: pytest.CaptureFixture[str]) -> None:
    report = run(steps=STEPS, first_seed=SEED)
    _summary(report, capsys, "in process")
    assert report.steps >= STEPS
    accepted = {name for name, outcome in report.coverage if outcome == "ok"}
    assert accepted >= ACCEPTED, f"never accepted: {sorted(ACCEPTED - accepted)}"
    missing = REFUSED - report.coverage.keys()
    assert not missing, f"never refused so: {sorted(missing)}"
    reached = {outcome for name, outcome in report.coverage if name == "state"}
    assert reached == set(ProposalState.__members__)


@pytest.mark.slow
def test_core_agrees_with_model_on_anvil(capsys: pytest.CaptureFixture[str]) -> None:
    steps = max(3_000, STEPS // 10)
    report = run(steps=steps, chain="anvil", first_seed=SEED + 2)
    _summary(report, capsys, "on anvil")
    assert report.steps >= steps
    assert report.coverage["batch=singles", "ok"]
    assert report.coverage["liveness", "ok"]
