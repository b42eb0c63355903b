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
        "newcomer-returns-active",
        "_storeTotal(total);\n        _enterAsNewcomer(wallet, record, accepted);",
        "_storeTotal(_enter(wallet, record, accepted, total, _unitsOf(record.id())));",
        "whoever takes a seat by themselves is silent for a season",
        "test_rejoin.py::test_rejoin_makes_a_former_member_a_newcomer",
    ),
    _fault(
        "newcomer-not-noted",
        "withStamp(day);\n        ++_uncounted;",
        "withStamp(day);",
        "those who could come back can be read",
        "test_admit.py::test_admit_many_gives_ids_in_order",
    ),
    _fault(
        "day-rounded-down",
        "block.timestamp + _settings.season + 1 days - 1",
        "block.timestamp + _settings.season",
        "a season is never shorter than promised",
        "test_wake.py::test_wake_of_a_newcomer_reverts_one_second_early",
    ),
    _fault(
        "lapse-before-stamp-is-sure",
        "_dormantAfter() + STAMP_DAYS * 1 days;",
        "_dormantAfter();",
        "nobody lapses before the full silence",
        "test_lapse.py::test_lapse_never_comes_before_the_full_silence",
    ),
    _fault(
        "lapse-counts-as-an-act",
        "record = record.asDormant(epoch);\n            } else",
        "record = record.asDormant(epoch).withStamp(Records.today());\n            } else",
        "a stranger's call is no act of the member",
        "test_lapse.py::test_lapse_makes_a_silent_member_dormant",
    ),
    _fault(
        "absent-in-one-call",
        "&& !record.isDormantSince(epoch)",
        "",
        "one awake person cannot end the floor of the quorum at once",
        "test_lapse.py::test_lapse_counts_the_year_from_the_last_act_but_waits_for_another_epoch",
    ),
    _fault(
        "absent-still-counted",
        "total = _advanceTotal(total).minusCounted();\n                ++_uncounted;",
        "total = total.minusCounted();\n                ++_uncounted;",
        "the past stays as it was when a Dormant member becomes Absent",
        "test_lapse.py::test_lapse_makes_a_dormant_member_absent_after_a_year_more",
    ),
    _fault(
        "second-raise-brings-the-first",
        "(_former.meritCap, _former.meritCapPerMember) = _meritCaps();",
        "(_former.meritCap, _former.meritCapPerMember) = "
        "(_settings.meritCap, _settings.meritCapPerMember);",
        "a second raise does not make the first count at once",
        "test_credit.py::"
        "test_credit_uses_the_former_caps_when_a_second_raise_comes_before_the_first_holds",
        _LIMITS,
    ),
    _fault(
        "unrelated-change-restarts-the-caps",
        "if (next.meritCap > _settings.meritCap || "
        "next.meritCapPerMember > _settings.meritCapPerMember) {",
        "if (next.meritCap >= _settings.meritCap) {",
        "an unrelated change of settings does not start the wait anew",
        "test_credit.py::test_credit_uses_a_raised_cap_from_the_epoch_after_the_next",
        _LIMITS,
    ),
    _fault(
        "dormancy-cut-restarted",
        "if (next.dormantAfter != _settings.dormantAfter) {",
        "{",
        "an unrelated change of settings does not start the wait anew",
        "test_settings.py::test_set_settings_again_leaves_a_waiting_cut_or_starts_anew",
        _LIMITS,
    ),
    _fault(
        "stewards-number-raised",
        '_checkRange("stewardCap", next.stewardCap, 0, maxStewardCap);',
        '_checkRange("stewardCap", next.stewardCap, 0, 10_000);',
        "no vote raises what the steward may admit",
        "test_settings.py::test_set_settings_never_raises_the_stewards_number",
        _LIMITS,
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
        "newcomer-who-spoke-woken-by-an-admitter",
        "if (!atOnce || !(terms.byVote || record.neverSpoke())) return (id, total);",
        "if (!atOnce) return (id, total);",
        "voice that others lent is cast on nothing older than the seat (B7)",
        "test_admit.py::test_admit_of_a_newcomer_who_spoke_before_waits_for_a_vote",
    ),
    _fault(
        "seat-sent-unasked-spoils-an-admission",
        "if (!atOnce || !(terms.byVote || record.neverSpoke())) return (id, total);",
        "if (record.neverSpoke()) revert MembershipWalletTaken(wallet, id);\n"
        "            if (!atOnce || !terms.byVote) return (id, total);",
        "no outsider's act spoils an admission",
        "test_admit.py::test_admit_wakes_a_newcomer_who_never_spoke",
    ),
    _fault(
        "seats-of-a-vote-unlimited",
        "terms.seats = _seatsLeft();",
        "",
        "one vote does not fill the DAO with wallets of its own",
        "test_admit.py::test_admit_by_the_treasury_beyond_its_seats_makes_newcomers",
        _MEMBERSHIP,
    ),
    _fault(
        "seats-not-used-up",
        "if (terms.byVote) _useSeats(terms.number);\n        else",
        "",
        "the votes of an epoch share its seats",
        "test_admit.py::test_admit_by_the_treasury_beyond_its_seats_makes_newcomers",
        _MEMBERSHIP,
    ),
    _fault(
        "bars-unlimited",
        "if (counts && _seatsLeft() == 0) {",
        "if (counts && _seatsLeft() == type(uint256).max) {",
        "one vote does not remove everybody else",
        "test_bar.py::test_bar_beyond_the_seats_of_the_epoch_waits",
        _MEMBERSHIP,
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
        "treasury-moves-wallets",
        "if (!_hasRole(Roles.SUCCESSION)) revert",
        "if (!_mayUse(Roles.SUCCESSION)) revert",
        "a vote moves a seat only by Succession, with its delay and the owner's veto",
        "test_move_wallet.py::test_move_wallet_reverts_when_caller_has_no_right",
    ),
    _fault(
        "moved-onto-who-spoke",
        "if (other == id || !_records[wallet].neverSpoke()) revert",
        "if (other == id) revert",
        "nobody's seat is taken by moving another's",
        "test_move_wallet.py::test_move_wallet_reverts_when_the_wallet_is_that_of_a_record",
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
        "movers-delegate-untold",
        "emit DelegateChanged(wallet, address(0), delegate_ == from ? wallet : delegate_);",
        "",
        "the events tell every change of a delegate",
        "test_move_wallet.py::test_move_wallet_moves_a_member",
    ),
    _fault(
        "sellers-return-before-buyers-wake",
        "block.timestamp >= total.entry().since() + DESERTED_AFTER;",
        "total.entry().since() != 0;",
        "buyers wake before sellers return",
        "test_rejoin.py::test_rejoin_reverts_given_somebody_was_counted_within_395_days",
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
