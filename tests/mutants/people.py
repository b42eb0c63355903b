"""Faults in who is a member, with which ticket, and when they speak."""

from __future__ import annotations

from tests.mutants.mutant import Mutant

_LIFECYCLE = "contracts/membership/Lifecycle.sol"
_MEMBERSHIP = "contracts/membership/Membership.sol"
_UNIT = "tests/unit/membership/"


def _fault(
    name: str, old: str, new: str, breaks: str, test: str, source: str = _LIFECYCLE
) -> Mutant:
    return Mutant(name, "Membership", source, old, new, breaks, f"{_UNIT}{test}")


MUTANTS = (
    _fault(
        "season-skipped",
        "if (standing == Standing.Newcomer) _checkSeason(record);",
        "if (standing == Standing.Newcomer) {}",
        "who was admitted by money wakes after the season",
        "test_wake.py::test_wake_of_a_newcomer_reverts_one_second_early",
    ),
    _fault(
        "newcomer-sells-at-once",
        "if (seller.standing() == Standing.Newcomer) _checkSeason(seller);",
        "",
        "who was admitted by money sells after the season",
        "test_transfer.py::test_transfer_by_a_newcomer_reverts_before_the_season_has_passed",
    ),
    _fault(
        "newcomer-returns-active",
        "standing == Standing.Left ? Standing.Newcomer : Standing.Active",
        "standing == Standing.Left ? Standing.Active : Standing.Active",
        "leaving and returning does not skip the season",
        "test_rejoin.py::test_rejoin_of_someone_who_left_makes_a_newcomer_again",
    ),
    _fault(
        "newcomer-counted-at-once",
        "++_uncounted;\n        } else {",
        "++_uncounted;\n            total = _advanceTotal(total).plusCounted();\n        } else {",
        "seats bought in mass do not raise the floor of the quorum",
        "test_admit.py::test_admit_with_zero_charter_makes_a_newcomer",
    ),
    _fault(
        "woken-not-counted",
        "_checkCharter(accepted);\n            --_uncounted;\n"
        "            total = _advanceTotal(total).plusCounted();",
        "_checkCharter(accepted);\n            --_uncounted;",
        "whoever wakes is counted, for the floor of the quorum",
        "test_wake.py::test_wake_of_an_absent_member_counts_them_again",
    ),
    _fault(
        "lapse-before-stamp-is-sure",
        "_settings.dormantAfter + STAMP_DAYS * 1 days;",
        "_settings.dormantAfter;",
        "nobody lapses before the full silence",
        "test_lapse.py::test_lapse_never_comes_before_the_full_silence",
    ),
    _fault(
        "lapse-ignores-batches",
        "uint256 stamped = _stampOf(record) * 1 days;",
        "uint256 stamped = record.stamp() * 1 days;",
        "whoever voted in a batch lapses no sooner than whoever voted alone",
        "test_batch_stamps.py::test_batch_protects_from_lapse_exactly_as_long_as_a_single_vote",
    ),
    _fault(
        "merit-cap-raise-at-once",
        "_postponeRaise(newSettings);",
        "",
        "a raise of the merit caps leaves time to vote it down",
        "test_credit.py::test_credit_uses_a_raised_cap_from_the_epoch_after_the_next",
        _MEMBERSHIP,
    ),
    _fault(
        "sale-writes-stale-record",
        "_identify(to, _records[to], total);",
        "_identify(to, buyer, total);",
        "a sale counts no voice twice when the buyer was the seller's delegate",
        "test_transfer.py::test_transfer_given_the_seller_delegates_to_a_former_member_who_buys",
    ),
    _fault(
        "bar-lifted-by-admitter",
        "if (standing == Standing.Barred) revert MembershipBarred(record.id());",
        "",
        "who was barred by vote comes back by vote alone",
        "test_admit.py::test_admit_reverts_given_the_person_was_barred_and_tickets_can_be_sold",
    ),
    _fault(
        "second-ticket",
        "if (record.isMember()) revert MembershipWalletTaken(wallet, record.id());",
        "",
        "an account holds at most one ticket",
        "test_admit.py::test_admit_reverts_when_wallet_holds_a_ticket",
    ),
    _fault(
        "approval-survives-sale",
        "if (from != address(0) && _areTransferable()) delete _approvals[ticket];",
        "",
        "an approval ends with the holder's membership",
        "test_transfer.py::test_an_approval_does_not_survive",
        "contracts/membership/Tickets.sol",
    ),
    _fault(
        "moved-wallet-keeps-record",
        "_records[from] = Entry.wrap(0);",
        "",
        "one wallet an id and back: nobody has two",
        "test_move_wallet.py::test_move_wallet_leaves_the_old_wallet_a_stranger",
        _MEMBERSHIP,
    ),
    _fault(
        "act-deadline-missing",
        "if (block.timestamp > deadline) revert MembershipExpiredSignature(deadline);",
        "",
        "a signed act can be relayed until its deadline",
        "test_signatures.py::test_a_relayed_act_reverts_when_the_deadline_has_passed",
        _MEMBERSHIP,
    ),
    _fault(
        "act-nonce-missing",
        "abi.encode(EXIT_TYPEHASH, account, _useNonce(account), deadline)",
        "abi.encode(EXIT_TYPEHASH, account, nonces(account), deadline)",
        "a signed act happens once",
        "test_signatures.py::test_a_relayed_act_happens_once[exit]",
        _MEMBERSHIP,
    ),
    _fault(
        "merit-cap-skipped",
        "if (milli > available) revert VoiceMeritCapExceeded(points, available * MILLI);",
        "available;",
        "merit in an epoch has a cap, for the Treasury too",
        "test_credit.py::test_credit_reaches_the_cap_on_all_exactly",
        _MEMBERSHIP,
    ),
    _fault(
        "steward-cap-skipped",
        "if (number > available) revert MembershipStewardCapExceeded(number, available);",
        "",
        "the steward admits a number an epoch",
        "test_admit.py::test_admit_by_the_steward_uses_the_number_of_the_epoch",
        _MEMBERSHIP,
    ),
    _fault(
        "brought-back-unasked",
        "if (!_isTransferable()) revert MembershipUnexpectedStanding(record.id(), standing);",
        "",
        "with soulbound tickets only a vote brings somebody back",
        "test_admit.py::test_admit_reverts_given_the_person_left_a_soulbound_ticket",
    ),
    _fault(
        "delegate-lost-untold",
        "        emit DelegateChanged(wallet, to, wallet);\n",
        "",
        "the events tell every change of a delegate",
        "test_wake.py::test_wake_gives_the_voice_back_when_the_delegate_is_gone",
        "contracts/membership/VoiceHistory.sol",
    ),
    Mutant(
        "name-breaks-card",
        "MembershipCard",
        "contracts/membership/MembershipCard.sol",
        "dao = LibString.escapeJSON(dao);",
        "",
        "no name breaks a card",
        f"{_UNIT}test_membership_card.py::test_token_uri_shows_the_exact_name",
    ),
)
