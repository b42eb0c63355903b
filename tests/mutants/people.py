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
        "lapse-before-stamp-is-sure",
        "_dormantAfter() + STAMP_DAYS * 1 days;",
        "_dormantAfter();",
        "nobody lapses before the full silence",
        "test_lapse.py::test_lapse_never_comes_before_the_full_silence",
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
        "if (record.standing() == Standing.Barred) revert MembershipBarred(id);",
        "",
        "who was barred by vote comes back by vote alone",
        "test_admit.py::test_admit_reverts_given_the_person_was_barred_and_tickets_can_be_sold",
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
