"""Faults in making, judging, executing and cancelling proposals."""

from __future__ import annotations

from tests.mutants.mutant import Mutant

_GOVERNOR = "contracts/governance/DAOGovernor.sol"
_RULES = "contracts/governance/GovernorSettings.sol"
_COUNT = "tests/unit/governance/test_counting.py::test_"
_LIFE = "tests/unit/governance/test_lifecycle.py::test_"
_PROPOSE = "tests/unit/governance/test_propose.py::test_propose_"
_CANCEL = "tests/unit/governance/test_cancel_by_sig.py::test_cancel_by_sig_"
_SETTINGS = "tests/unit/governance/test_settings.py::test_"


def _fault(
    name: str, old: str, new: str, breaks: str, test: str, source: str = _GOVERNOR
) -> Mutant:
    return Mutant(name, "DAOGovernor", source, old, new, breaks, test)


MUTANTS = (
    _fault(
        "quorum-rounded-down",
        "FixedPointMathLib.divUp(awake * rules.quorumBps, BPS)",
        "awake * rules.quorumBps / BPS",
        "the quorum is rounded up",
        f"{_COUNT}quorum_is_a_share_of_the_awake_rounded_up",
    ),
    _fault(
        "quorum-out-of-reach",
        "FixedPointMathLib.divUp(awake * rules.quorumBps, BPS)",
        "FixedPointMathLib.divUp(awake * rules.quorumBps, BPS) + 1",
        "if every awake member votes For, it passes",
        f"{_COUNT}all_awake_for_passes",
    ),
    _fault(
        "floor-skipped",
        "FixedPointMathLib.max(share, floor)",
        "FixedPointMathLib.max(share, 0 * floor)",
        "the quorum has a floor of the counted",
        f"{_COUNT}quorum_has_a_floor_of_the_counted",
    ),
    _fault(
        "executed-flag-not-set",
        "ballots.proposal = proposal.asExecuted();",
        "",
        "a proposal is executed once",
        f"{_LIFE}execute_reverts_when_not_queued",
    ),
    _fault(
        "eta-ignored",
        "if (block.timestamp < eta) revert GovernorNotReady(proposalId, eta, block.timestamp);",
        "",
        "what is executed has waited for its delay",
        f"{_LIFE}execute_is_possible_from_the_eta_to_the_expiry",
    ),
    _fault(
        "expiry-ignored",
        "return timestamp <= end ? ProposalState.Queued : ProposalState.Expired;",
        "return timestamp <= end ? ProposalState.Queued : ProposalState.Queued;",
        "a proposal expires",
        f"{_LIFE}state_of_a_proposal_that_passes",
    ),
    _fault(
        "guardian-keeps-itself",
        (
            "\n                && !TakesBack.isAll("
            "_treasury(), _membership(), targets, values, calldatas)"
        ),
        "",
        "the guardian cannot cancel what only takes power back",
        (
            "tests/unit/governance/test_guardian.py::test_cancel_reverts_when_every_call_take"
            "s_power_back"
        ),
    ),
    _fault(
        "guardian-cancels-after-eta",
        " && block.timestamp < proposalEta(proposalId)",
        "",
        "the guardian cancels between deadline and eta alone",
        f"{_LIFE}cancel_by_the_guardian_between_deadline_and_eta",
    ),
    _fault(
        "proposer-suffix-ignored",
        "return !success || recovered == proposer;",
        "return true;",
        "a named proposal is its proposer's (CVE-2023-34234)",
        f"{_PROPOSE}reverts_when_the_description_names_another_proposer",
    ),
    Mutant(
        "calldata-not-hashed",
        "DAOGovernor",
        _GOVERNOR,
        "return uint256(keccak256(abi.encode(targets, values, calldatas, descriptionHash)));",
        "return uint256(keccak256(abi.encode(targets, values, descriptionHash)));",
        "what is executed is what was proposed, byte for byte",
        f"{_LIFE}execute_reverts_when_anything_differs",
    ),
    Mutant(
        "proposed-before-office",
        "Membership",
        "contracts/membership/BallotVoices.sol",
        "if (msg.sender != _foundingGovernor()) _checkLaterGovernor();",
        "",
        "nothing is proposed at a governor before it is in office",
        "tests/audit/test_attacks_treasury.py::test_modules_are_stranded_when_the_treasury_moves",
    ),
    Mutant(
        "dormant-proposes",
        "Membership",
        "contracts/membership/BallotVoices.sol",
        "if (record.isActive()) id = record.id();",
        "id = record.id();",
        "only an Active member proposes",
        f"{_PROPOSE}reverts_for_a_dormant_delegate",
    ),
    _fault(
        "anyone-signs-a-cancellation",
        "|| !_isProposer(proposalId, proposer)",
        "",
        "before voting begins only the proposer cancels",
        f"{_CANCEL}reverts_for_another_member",
    ),
    _fault(
        "canceled-by-sig-at-any-time",
        "state(proposalId) != ProposalState.Pending || ",
        "",
        "the proposer cancels only before voting begins",
        f"{_CANCEL}until_voting_begins",
    ),
    _fault(
        "nobody-signs",
        "if (signer == account) return signer != address(0);",
        "if (signer == account) return true;",
        "a signature that recovers to nobody is no signature",
        f"{_CANCEL}reverts_when_signed_otherwise",
        "contracts/libraries/Signatures.sol",
    ),
    _fault(
        "propose-deadline-missing",
        "if (block.timestamp > deadline) revert GovernorExpiredSignature(deadline);",
        "",
        "a signed proposal can be proposed until its deadline",
        f"{_PROPOSE}by_sig_accepts_until_its_deadline",
    ),
    _fault(
        "live-limit-off-by-one",
        "if (live >= limit) revert",
        "if (live > limit) revert",
        "a member has at most the allowed number of live proposals",
        f"{_PROPOSE}allows_as_many_as_the_limit",
    ),
    _fault(
        "settings-reach-back",
        "return number == _version() ? _current : _others[number];",
        "return number == 0 ? _others[number] : _current;",
        "the settings of a proposal hold to its end",
        f"{_SETTINGS}a_change_applies_to_later_proposals",
        _RULES,
    ),
)
