"""Faults in taking and counting ballots."""

from __future__ import annotations

from tests.mutants.mutant import Mutant

_BOX = "contracts/governance/BallotBox.sol"
_CAST = "tests/unit/governance/test_cast_vote.py::test_cast_vote_"
_BATCH = "tests/unit/governance/test_cast_votes_by_sig.py::test_cast_votes_by_sig_"
_COUNT = "tests/unit/governance/test_counting.py::test_"


def _fault(name: str, old: str, new: str, breaks: str, test: str, liveness: bool = False) -> Mutant:
    return Mutant(name, "DAOGovernor", _BOX, old, new, breaks, test, liveness)


MUTANTS = (
    _fault(
        "double-vote",
        "if (bits & bit != 0) revert GovernorAlreadyCastVote(voter);",
        "",
        "a member votes once on a proposal",
        f"{_CAST}reverts_given_a_member_who_has_voted",
    ),
    _fault(
        "double-vote-in-batch",
        "return word & bit == 0;",
        "return true;",
        "a member's first ballot of a batch is final",
        f"{_BATCH}counts_the_first_of_several",
    ),
    _fault(
        "batch-forgets-who-voted",
        "_storeWord(count, box);\n        if (count.abstainVotes",
        "if (count.abstainVotes",
        "a member votes once, by batch or by call",
        f"{_BATCH}counts",
    ),
    _fault(
        "replayed-ballot-wakes",
        "== 0 ? 0 : uint256(BallotResult.AlreadyCast);",
        "== 0 ? 0 : 0;",
        "repeating a ballot is no act of its signer",
        f"{_BATCH}repeated_is_no_act",
    ),
    _fault(
        "bad-ballot-stops-batch",
        "if (account == address(0)) return uint256(BallotResult.InvalidSignature);",
        "if (account == address(0)) revert GovernorInvalidSignature(account);",
        "no ballot of a batch stops the others",
        f"{_BATCH}reports_a_signature_of_nobody",
        liveness=True,
    ),
    _fault(
        "ballot-deadline-missing",
        "if (block.timestamp > terms.deadline()) return uint256(BallotResult.Expired);",
        "",
        "a signed ballot counts until its deadline",
        f"{_BATCH}counts_a_ballot_until_its_deadline",
    ),
    _fault(
        "ballot-nonce-missing",
        "abi.encode(BALLOT_TYPEHASH, proposalId, support, voter, _useNonce(voter))",
        "abi.encode(BALLOT_TYPEHASH, proposalId, support, voter, nonces(voter))",
        "a ballot of OpenZeppelin's form consumes its nonce",
        f"{_CAST}counts[signed-1]",
    ),
    _fault(
        "snapshot-ignored",
        "receiveBallotOf(voter, proposal.snapshot())",
        "receiveBallotOf(voter, block.timestamp - 1)",
        "a ballot weighs what its caster had at the snapshot",
        f"{_CAST}is_not_changed_by_delegation_since",
    ),
    _fault(
        "voting-after-deadline",
        "if (proposal.isVotingAt(block.timestamp)) return proposal;",
        "if (block.timestamp > proposal.snapshot()) return proposal;",
        "ballots are taken until the deadline",
        f"{_CAST}is_possible_up_to_the_second_of_the_deadline",
    ),
    _fault(
        "cap-skipped",
        "weight = FixedPointMathLib.min(weight, ballots.cap);",
        "weight = weight;",
        "a ballot weighs at most the cap",
        f"{_COUNT}weight_is_capped",
    ),
    _fault(
        "cap-skipped-in-batch",
        "weight = FixedPointMathLib.min(weight, count.cap);",
        "weight = weight;",
        "a batch counts as the same single ballots",
        f"{_BATCH}equals_the_same_single_votes",
    ),
    _fault(
        "batch-caps-at-base",
        "count.cap = box.cap;",
        "",
        "a batch counts as the same single ballots",
        f"{_BATCH}equals_the_same_single_votes",
    ),
    _fault(
        "ballot-of-nobody-in-batch",
        "if (id - 1 >= type(uint24).max)",
        "if (id > type(uint24).max)",
        "a bad ballot stops none of the others",
        f"{_BATCH}reports_an_id_that_is_not_the_signers",
        liveness=True,
    ),
    _fault(
        "against-makes-quorum",
        "changed = changed.plusAgainst(weight);",
        "changed = changed.plusAgainst(weight).plusPeople(cast.members());",
        "the quorum counts For and Abstain alone",
        f"{_COUNT}quorum_counts_for_and_abstain_only",
    ),
    _fault(
        "late-extension-dropped",
        "return changed.extendedTo(end);",
        "return changed;",
        "a late turn leaves time to answer",
        (
            "tests/unit/governance/test_late_turns.py::test_what_turns_the_outcome_in_the_las"
            "t_second_extends"
        ),
    ),
    Mutant(
        "tally-spills-over",
        "DAOGovernor",
        "contracts/governance/Proposals.sol",
        "uint256 sum = forVotes(proposal) + votes;\n"
        "            if (sum > MAX_TALLY) sum = MAX_TALLY;",
        "uint256 sum = forVotes(proposal) + votes;",
        "a tally at its end stays there and changes no other",
        "tests/audit/test_review_edges.py::test_a_tally_at_its_end_spills_into_no_other",
    ),
)
