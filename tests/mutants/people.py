"""Faults in who is a member, with which ticket, and when they speak."""

from __future__ import annotations

from tests.mutants.mutant import Mutant

_LIFECYCLE = "contracts/membership/Lifecycle.sol"
_MEMBERSHIP = "contracts/membership/Membership.sol"
_LIMITS = "contracts/membership/Limits.sol"
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
        "newcomer-not-noted",
        "withStamp(day);\n        ++_uncounted;",
        "withStamp(day);",
        "those who could come back can be read",
        "test_admit.py::test_admit_many_gives_ids_in_order",
    ),
    _fault(
        "lapse-before-stamp-is-sure",
        "_dormantAfter() + STAMP_DAYS * 1 days;",
        "_dormantAfter();",
        "nobody lapses before the full silence",
        "test_lapse.py::test_lapse_never_comes_before_the_full_silence",
    ),
    _fault(
        "withdrawn-settings-hold",
        "_settings = inForce;\n        delete _former;",
        "delete _former;",
        "what waits can be taken back",
        "test_settings.py::test_withdraw_settings_takes_back_what_waits",
        _LIMITS,
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
        "second-ticket",
        "if (buyer.isMember()) revert MembershipWalletTaken(to, buyer.id());",
        "",
        "an account holds at most one ticket",
        "test_transfer.py::test_transfer_reverts_when_the_buyer_holds_a_ticket",
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
    _fault(
        "seats-not-used-up",
        "_usage = _usageNow().plus(Number.Seats, number);",
        "",
        "the votes of an epoch share its seats",
        "test_admit.py::test_admit_by_the_treasury_beyond_its_seats_makes_newcomers",
        _LIMITS,
    ),
    _fault(
        "bar-kept-for-ever",
        "if (block.timestamp < from || block.timestamp > until)",
        "if (block.timestamp < from || from == 0)",
        "a bar that nobody enforces ends",
        "test_bar.py::test_enforce_bar_by_anyone_in_thirty_days",
        _MEMBERSHIP,
    ),
    _fault(
        "bar-repeats",
        "if (scheduledBar[id] != 0) delete scheduledBar[id];",
        "",
        "a bar is enforced once",
        "test_bar.py::test_enforce_bar_by_anyone_in_thirty_days",
    ),
    _fault(
        "moved-onto-a-ticket",
        "if (_records[wallet].standing() != Standing.Barred) _bar(other);",
        "",
        "an account holds at most one ticket",
        "test_move_wallet.py::test_move_wallet_onto_the_wallet_of_a_newcomer_who_never_spoke",
    ),
    _fault(
        "exchange-by-half",
        "_people[other].wallet = from;\n",
        "",
        "ids and wallets stay one to one",
        "test_move_wallet.py::test_move_wallet_onto_the_wallet_of_a_newcomer_who_never_spoke",
    ),
    _fault(
        "sale-untold-to-galleries",
        "_enterAsNewcomer(to, buyer, 0);\n        emit MetadataUpdate(ticket);",
        "_enterAsNewcomer(to, buyer, 0);",
        "what a ticket shows changes only with a MetadataUpdate",
        "test_transfer.py::test_transfer_is_an_exit_and_an_admission",
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
