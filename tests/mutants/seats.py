"""Faults in how seats are given, taken, kept and moved."""

from __future__ import annotations

from tests.mutants.mutant import Mutant

_LIFECYCLE = "contracts/membership/Lifecycle.sol"
_MEMBERSHIP = "contracts/membership/Membership.sol"
_LIMITS = "contracts/membership/Limits.sol"
_USAGES = "contracts/membership/Usages.sol"
_RECORDS = "contracts/membership/Records.sol"
_UNIT = "tests/unit/membership/"
_SEATS = "tests/audit/test_composition_seats.py::test_"
_REVIEW = "tests/audit/test_review_seats.py::test_"
_POWER = "tests/audit/test_composition_power.py::test_"


def _fault(
    name: str,
    old: str,
    new: str,
    breaks: str,
    test: str,
    source: str = _LIFECYCLE,
    liveness: bool = False,
) -> Mutant:
    return Mutant(name, "Membership", source, old, new, breaks, test, liveness)


MUTANTS = (
    # One road in by oneself
    _fault(
        "returns-active",
        "_storeTotal(total);\n        _enterAsNewcomer(wallet, record, accepted);\n    }\n\n"
        "    /* MOVING",
        "_storeTotal(_enter(wallet, record, accepted, total, _unitsOf(record.id())));\n    }\n\n"
        "    /* MOVING",
        "who returns by themselves waits for a season (B7)",
        f"{_SEATS}those_who_left_do_not_return_for_a_vote",
    ),
    _fault(
        "season-of-today",
        "uint256 readyAt = record.stamp() * 1 days;",
        "uint256 readyAt = record.stamp() * 1 days + _settings.season - 45 days;",
        "a changed season touches nobody who is in it",
        f"{_UNIT}test_wake.py::test_wake_of_a_newcomer_uses_the_season_they_entered_under",
    ),
    _fault(
        "day-of-waking-rounded-down",
        "Records.dayOf(block.timestamp + _settings.season + 1 days - 1);",
        "Records.dayOf(block.timestamp + _settings.season);",
        "nobody wakes before the season has passed (B7)",
        f"{_SEATS}a_seat_bought_after_a_proposal_does_not_vote_on_it",
    ),
    _fault(
        "season-of-a-month",
        '_checkRange("season", next.season, 45 days, 365 days);',
        '_checkRange("season", next.season, 30 days, 365 days);',
        "the season is longer than any vote can take (B7)",
        f"{_UNIT}test_settings.py::test_set_settings_reverts_when_a_setting_is_outside_its_limits",
        _LIMITS,
    ),
    _fault(
        "admitter-wakes-who-spoke",
        " && (terms.byVote || record.neverSpoke());",
        ";",
        "only a vote wakes who spoke before, with what others lent them (B7)",
        f"{_SEATS}who_left_does_not_cast_what_others_lent",
    ),
    _fault(
        "newcomer-counted-at-once",
        "++_uncounted;\n    }\n\n    /* TICKETS */",
        "++_uncounted;\n        _storeTotal(_advanceTotal(_loadTotal()).plusCounted());\n    }\n\n"
        "    /* TICKETS */",
        "seats bought in mass do not raise the floor of the quorum",
        f"{_UNIT}test_transfer.py::test_transfer_is_an_exit_and_an_admission",
    ),
    _fault(
        "woken-not-counted",
        "return _advanceTotal(total).plusCounted();\n    }",
        "return total;\n    }",
        "whoever wakes is counted, for the floor of the quorum",
        f"{_UNIT}test_wake.py::test_wake_of_an_absent_member_counts_them_again",
    ),
    _fault(
        "member-on-a-list-spoils-it",
        "if (record.isMember()) return (id, total);",
        "if (record.isMember()) revert MembershipWalletTaken(wallet, id);",
        "no outsider's act spoils an admission",
        f"{_UNIT}test_admit.py::test_admit_passes_over_who_is_a_member",
        liveness=True,
    ),
    _fault(
        "brought-back-unasked",
        "if (!_isTransferable()) return (id, total);",
        "",
        "with soulbound tickets only a vote brings somebody back",
        f"{_UNIT}test_admit.py::test_admit_passes_over_who_left_a_soulbound_ticket",
    ),
    _fault(
        "sellers-return-at-once",
        "&& block.timestamp >= total.entry().since() + DESERTED_AFTER;",
        ";",
        "sellers do not return before their buyers wake",
        f"{_SEATS}sellers_do_not_come_back_before_their_buyers",
    ),
    _fault(
        "dead-ticket-shuts-out",
        "bool deserted = total.counted() == 0 &&",
        "bool deserted = total.counted() + _uncounted == 0 &&",
        "a ticket at a dead address shuts nobody out",
        f"{_SEATS}a_ticket_at_a_dead_address_freezes_nothing",
        liveness=True,
    ),
    # The numbers of an epoch
    _fault(
        "seats-without-number",
        "if (number == 0) return;\n        _usage = _usageNow().plus(Number.Seats, number);",
        "if (number == 0) return;",
        "votes give and take a twentieth of the seats an epoch (L4)",
        "tests/property/test_lasting.py::test_all_of_it_in_one_proposal_is_not_the_last",
        _LIMITS,
    ),
    _fault(
        "admissions-make-room",
        "FixedPointMathLib.min(before, _loadTotal().awake())",
        "FixedPointMathLib.max(before, _loadTotal().awake())",
        "no call of a proposal makes room for the next one (L4)",
        f"{_REVIEW}admissions_of_one_proposal_make_no_room_for_more",
        _LIMITS,
    ),
    _fault(
        "leaving-shields-from-a-bar",
        "return record.id() != 0 && record.neverSpoke();",
        "return record.standing() == Standing.Newcomer && record.neverSpoke();",
        "the guardian cannot cancel what only takes power back",
        f"{_REVIEW}the_guardian_keeps_no_newcomer_by_their_leaving",
        _MEMBERSHIP,
    ),
    _fault(
        "seats-of-a-tenth",
        "return FixedPointMathLib.max(1, awake / 20);",
        "return FixedPointMathLib.max(1, awake / 10);",
        "votes give and take a twentieth of the seats an epoch",
        f"{_POWER}own_wallets_admitted_in_one_vote_are_newcomers",
        _USAGES,
    ),
    _fault(
        "no-seat-in-a-small-dao",
        "return FixedPointMathLib.max(1, awake / 20);",
        "return awake / 20;",
        "a vote gives one seat an epoch, however few are awake",
        f"{_UNIT}test_admit.py::test_admit_by_the_treasury_beyond_its_seats_makes_newcomers",
        _USAGES,
    ),
    _fault(
        "bars-without-number",
        "if (counts && _seatsLeft() == 0) {",
        "if (counts && _seatsLeft() == type(uint256).max) {",
        "a vote bars a twentieth at once, and the others after 45 days",
        f"{_POWER}bars_in_one_vote_remove_a_twentieth",
        _MEMBERSHIP,
    ),
    _fault(
        "newcomers-shielded",
        "bool counts = !neverSpoke(id);",
        "bool counts = id != 0;",
        "a Newcomer who never spoke is barred without counting",
        f"{_SEATS}a_newcomer_who_never_spoke_is_barred_without_a_number",
        _MEMBERSHIP,
    ),
    _fault(
        "bar-enforced-early",
        "if (block.timestamp < from || block.timestamp > until)",
        "if (from == 0 || block.timestamp > until)",
        "a bar beyond the seats can be taken back for 45 days",
        f"{_UNIT}test_bar.py::test_enforce_bar_by_anyone_in_thirty_days",
        _MEMBERSHIP,
    ),
    _fault(
        "withdrawn-bar-stays",
        "delete scheduledBar[id];\n        emit BarWithdrawn(id);",
        "emit BarWithdrawn(id);",
        "a scheduled bar can be taken back",
        f"{_UNIT}test_bar.py::test_withdraw_bar_takes_it_back",
        _MEMBERSHIP,
    ),
    _fault(
        "steward-cap-skipped",
        "if (number > available) revert MembershipStewardCapExceeded(number, available);",
        "available;",
        "the steward admits a number an epoch",
        f"{_UNIT}test_admit.py::test_admit_by_the_steward_uses_the_number_of_the_epoch",
        _LIMITS,
    ),
    # Moving
    _fault(
        "anyone-moves-wallets",
        "if (!_hasRole(Roles.SUCCESSION)) revert",
        "if (wallet == msg.sender) revert",
        "records are moved by SUCCESSION",
        f"{_UNIT}test_move_wallet.py::test_move_wallet_reverts_when_caller_has_no_right",
    ),
    _fault(
        "votes-move-wallets",
        "if (!_hasRole(Roles.SUCCESSION))",
        "if (!_mayUse(Roles.SUCCESSION))",
        "no vote moves a record",
        f"{_POWER}a_vote_moves_no_wallets",
    ),
    _fault(
        "record-moves-onto-who-spoke",
        "if (other == id || !_records[wallet].neverSpoke())",
        "if (other == id)",
        "a record moves onto no wallet of somebody who spoke",
        f"{_SEATS}a_record_moves_to_no_wallet_of_somebody_who_spoke",
    ),
    _fault(
        "moved-wallet-keeps-record",
        "(_records[from], _records[wallet]) = (_records[wallet], record);",
        "_records[wallet] = record;",
        "one wallet an id and back: nobody has two",
        f"{_UNIT}test_move_wallet.py::test_move_wallet_leaves_the_old_wallet_a_stranger",
    ),
    _fault(
        "moved-delegate-untold",
        "emit DelegateChanged(wallet, address(0), delegate_ == from ? wallet : delegate_);",
        "",
        "a changed delegate of whoever moves is told (S1)",
        f"{_UNIT}test_move_wallet.py::test_move_wallet_moves_a_member",
    ),
    # Silence
    _fault(
        "absent-in-the-epoch-of-the-lapse",
        "&& !record.isDormantSince(epoch)",
        "",
        "nobody falls dormant and absent in one epoch",
        f"{_UNIT}test_lapse.py::test_lapse_counts_the_year_from_the_last_act_but_waits_for_another_epoch",
    ),
    _fault(
        "lapse-is-an-act",
        "record = record.asDormant(epoch);\n            } else if",
        "record = record.asDormant(epoch).withStamp(Records.today());\n            } else if",
        "what a stranger does is no act of the silent",
        f"{_SEATS}a_strangers_lapse_is_no_act_of_the_silent",
    ),
)
