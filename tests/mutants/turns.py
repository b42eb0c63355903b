"""Faults in what passes: people, majority, late turns, the last moment there can be."""

from __future__ import annotations

from tests.mutants.mutant import Mutant

_BOX = "contracts/governance/BallotBox.sol"
_GOVERNOR = "contracts/governance/DAOGovernor.sol"
_PROPOSALS = "contracts/governance/Proposals.sol"
_COUNT = "test_counting.py::test_"
_TURNS = "test_late_turns.py::test_"


def _fault(name: str, source: str, old: str, new: str, breaks: str, test: str) -> Mutant:
    node = f"tests/unit/governance/{test}"
    return Mutant(name, "DAOGovernor", source, old, new, breaks, node)


MUTANTS = (
    _fault(
        "tie-passes",
        _PROPOSALS,
        "return forVotes(proposal) > againstVotes(proposal);",
        "return forVotes(proposal) >= againstVotes(proposal);",
        "a majority is more For than Against",
        f"{_COUNT}majority_is_more_for_than_against",
    ),
    _fault(
        "quorum-off-by-one",
        _PROPOSALS,
        "people(proposal) >= needed;",
        "people(proposal) > needed;",
        "as many people as needed are enough",
        f"{_COUNT}quorum_is_met_by_abstaining",
    ),
    _fault(
        "one-decides-for-two",
        _GOVERNOR,
        "uint256 two = FixedPointMathLib.min(2, awake);",
        "uint256 two = FixedPointMathLib.min(1, awake);",
        "two people stand behind a decision where two are awake",
        f"{_COUNT}quorum_is_of_two_people_wherever_two_are_awake",
    ),
    _fault(
        "two-needed-of-one",
        _GOVERNOR,
        "uint256 two = FixedPointMathLib.min(2, awake);",
        "uint256 two = 2;",
        "if every awake member votes For, it passes, one alone too",
        f"{_COUNT}all_awake_for_passes",
    ),
    _fault(
        "turn-to-failing-unanswered",
        _BOX,
        "if (before.isPassing(needed) == passing) return changed;",
        "if (before.isPassing(needed) || !passing) return changed;",
        "a late turn to failing leaves time to answer, too",
        f"{_TURNS}what_turns_the_outcome_in_the_last_second_extends",
    ),
    _fault(
        "every-late-ballot-extends",
        _BOX,
        "if (before.isPassing(needed) == passing) return changed;",
        "needed;",
        "the end moves by turns alone",
        f"{_TURNS}what_came_in_time_is_not_extended_by_more_of_the_same",
    ),
    _fault(
        "extended-once",
        _BOX,
        "if (end == before.deadline()) return changed;",
        "if (before.deadline() > before.snapshot() + _votingPeriodOf(before)) return changed;",
        "each late turn extends: a decoy does not use it up",
        f"{_TURNS}each_turn_extends",
    ),
    _fault(
        "no-wall",
        _BOX,
        "end = wall;\n",
        "end = end + 0;\n",
        "late turns move the end by 7 days at most",
        f"{_TURNS}a_turn_to_passing_at_the_wall_is_too_late[86399]",
    ),
    _fault(
        "wall-of-each-turn",
        _BOX,
        "uint256 wall = before.snapshot() + _votingPeriodOf(before) + WALL;",
        "uint256 wall = before.deadline() + WALL;",
        "late turns move the end by 7 days in all",
        f"{_TURNS}a_turn_to_passing_at_the_wall_is_too_late[86399]",
    ),
    _fault(
        "passes-at-the-wall",
        _BOX,
        "changed = changed.asTooLate();",
        "changed = changed.asLooked();",
        "what comes to pass when nobody can answer fails",
        f"{_TURNS}a_turn_to_passing_at_the_wall_is_too_late",
    ),
    _fault(
        "too-late-forgotten",
        _GOVERNOR,
        "if (proposal.isTooLate() || !proposal.isPassing",
        "if (!proposal.isPassing",
        "what comes to pass when nobody can answer fails",
        f"{_TURNS}a_turn_to_passing_at_the_wall_is_too_late",
    ),
    Mutant(
        "quorum-told-as-voice",
        "DAOGovernor",
        _BOX,
        'return "support=bravo&quorum=people";',
        'return "support=bravo&quorum=for,abstain";',
        "a client that knows only the standards concludes nothing that is not so (S1)",
        "tests/property/test_standard_clients.py::test_a_client_concludes_nothing_that_is_not_so",
    ),
    _fault(
        "batch-turns-nothing",
        _BOX,
        "_store(count.proposalId, box, opened, changed);",
        "_store(count.proposalId, box, changed, changed);",
        "a batch as a whole is one turn, or none",
        f"{_TURNS}a_batch_is_one_turn_or_none",
    ),
)
