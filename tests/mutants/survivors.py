"""Faults that lived once, because no test looked there."""

from __future__ import annotations

from tests.mutants.mutant import Mutant

_TEST = "tests/audit/test_survivors.py::"
_LIFECYCLE = "contracts/membership/Lifecycle.sol"
_MEMBERSHIP = "contracts/membership/Membership.sol"
_HISTORY = "contracts/membership/VoiceHistory.sol"


def _fault(
    name: str, source: str, old: str, new: str, breaks: str, test: str, liveness: bool = False
) -> Mutant:
    return Mutant(name, "Membership", source, old, new, breaks, f"{_TEST}{test}", liveness)


MUTANTS = (
    _fault(
        "absent-leaves-no-checkpoint",
        _LIFECYCLE,
        "total = _advanceTotal(total).minusCounted();\n                ++_uncounted;",
        "total = total.minusCounted();\n                ++_uncounted;",
        "the counted of a past moment do not change",
        "test_falling_absent_leaves_the_counted_of_the_past",
    ),
    _fault(
        "exit-leaves-no-checkpoint",
        _LIFECYCLE,
        "else total = _advanceTotal(total).minusCounted();",
        "else total = total.minusCounted();",
        "the counted of a past moment do not change",
        "test_leaving_leaves_the_counted_of_the_past",
    ),
    _fault(
        "woken-speaks-through-the-first",
        _HISTORY,
        "_people[id].delegate = 0;",
        "_people[id].delegate = 1;",
        "a member whose delegate is gone speaks for themselves",
        "test_whoever_wakes_without_their_delegate_speaks_for_themselves[exit]",
    ),
    _fault(
        "left-delegate-remembered",
        _LIFECYCLE,
        "_people[id].delegate = 0;",
        "_people[id].delegate = 1;",
        "a delegation ends with the membership",
        "test_whoever_left_with_a_delegate_returns_without",
    ),
    Mutant(
        "first-governor-from-itself",
        "Treasury",
        "contracts/treasury/Treasury.sol",
        "emit GovernorChanged(address(0), governor_);",
        "emit GovernorChanged(governor_, governor_);",
        "the events tell every change of the governor",
        f"{_TEST}test_the_first_governor_comes_from_nobody",
    ),
    Mutant(
        "badge-of-another-colour",
        "MembershipCard",
        "contracts/membership/MembershipCard.sol",
        'rx="14" fill="#fbf6ea"',
        'rx="14" fill="#fbf6eb"',
        "the card is drawn as it was looked at",
        "tests/unit/membership/test_card_picture.py::test_card_is_drawn_as_it_was_looked_at[day]",
    ),
    Mutant(
        "label-of-another-size",
        "MembershipCard",
        "contracts/membership/MembershipCard.sol",
        "_text(x, y, 11, content)",
        "_text(x, y, 12, content)",
        "the card is drawn as it was looked at",
        "tests/unit/membership/test_card_picture.py::test_card_is_drawn_as_it_was_looked_at[night]",
    ),
)
