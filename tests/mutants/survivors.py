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
        "total = _advanceTotal(total).minusCounted();\n                    ++_uncounted;",
        "total = total.minusCounted();\n                    ++_uncounted;",
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
        "second-raise-lets-the-first-in",
        _MEMBERSHIP,
        "(uint64 cap, uint64 memberCap) = _meritCapsIn(epoch);\n        _formerCaps",
        "(uint64 cap, uint64 memberCap) = (current.meritCap, current.meritCapPerMember);\n"
        "        _formerCaps",
        "a raise of the merit caps leaves time to vote it down",
        "test_a_second_raise_does_not_let_the_first_one_in",
    ),
    _fault(
        "other-setting-restarts-the-wait",
        _MEMBERSHIP,
        "if (next.meritCap <= current.meritCap &&",
        "if (next.meritCap < current.meritCap &&",
        "a raise counts when it was said to",
        "test_another_setting_does_not_make_a_raise_wait_anew",
        liveness=True,
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
    _fault(
        "votes-told-without-merit",
        _HISTORY,
        "_voice(entry, rootGrowth, args), _voice(changed, rootGrowth, args));",
        "_voice(entry, rootGrowth, args), _voice(changed, 2 * rootGrowth, args));",
        "the events tell the voice that can be read",
        "test_votes_are_told_as_they_can_be_read[merits0]",
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
        "announcement-not-padded",
        "DAOGovernor",
        "contracts/governance/ProposalLogs.sol",
        "mstore(sub(end, 0x20), 0) // pads the last word",
        "",
        "a proposal is announced in the very bytes of the standard",
        f"{_TEST}test_a_long_signature_leaves_nothing_behind_the_description[33]",
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
