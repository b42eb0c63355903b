"""Faults in the sums of voice, their history and their decay."""

from __future__ import annotations

from tests.mutants.mutant import Mutant

_HISTORY = "contracts/membership/VoiceHistory.sol"
_LEDGER = "contracts/membership/VoiceLedger.sol"
_BALLOTS = "contracts/membership/BallotVoices.sol"
_ENTRIES = "contracts/libraries/Entries.sol"
_UNIT = "tests/unit/membership/"
_VOICE = f"{_UNIT}test_voice.py::test_"
_CREDIT = f"{_UNIT}test_credit.py::test_credit_"
_DECAY = "contracts/libraries/Decay.sol"
_ARGUMENTS = "contracts/membership/VoiceArgs.sol"


def _fault(name: str, old: str, new: str, breaks: str, test: str, source: str = _LEDGER) -> Mutant:
    return Mutant(name, "Membership", source, old, new, breaks, test)


MUTANTS = (
    _fault(
        "history-not-kept",
        "history[n] = entry;",
        "",
        "the past stays as it was",
        f"{_VOICE}the_past_holds_until_the_second_before_a_change",
        _ENTRIES,
    ),
    _fault(
        "next-second-overwrites",
        "if (entry.since() == block.timestamp) return entry;",
        "if (entry.since() + 1 >= block.timestamp) return entry;",
        "a lookup sees the last state of its second, and no later one",
        f"{_VOICE}the_past_tells_changes_of_neighbouring_seconds_apart",
        _ENTRIES,
    ),
    _fault(
        "search-off-by-one",
        "if (history[middle].since() <= timestamp) low = middle + 1;",
        "if (history[middle].since() < timestamp) low = middle + 1;",
        "a lookup finds the entry in force",
        f"{_VOICE}a_long_history_is_searched_right",
        _ENTRIES,
    ),
    _fault(
        "wrong-delegate-moved",
        "record = _lose(from, wallet, record, units);\n        return (record",
        "record = _lose(wallet, wallet, record, units);\n        return (record",
        "who leaves takes their voice from their delegate (Nouns Builder H1)",
        f"{_UNIT}test_exit.py::test_exit_takes_the_voice_from_the_delegate",
        _HISTORY,
    ),
    _fault(
        "old-delegate-keeps-voice",
        "record = _lose(from, wallet, record, units);\n        record = _gain",
        "record = _gain",
        "the sum of the delegates' entries is the total",
        f"{_UNIT}test_delegate.py::test_delegate_moves_the_own_voice_from_one_to_another",
    ),
    _fault(
        "dust-lost",
        ": FixedPointMathLib.sqrt(raw);",
        ": FixedPointMathLib.sqrt(raw / 1e18) * 1e9;",
        "small credits add up",
        f"{_VOICE}voice_of_many_small_credits_does_not_drift",
        _DECAY,
    ),
    _fault(
        "member-merit-cap-skipped",
        "if (given > available) revert VoiceMemberCapExceeded("
        "id, given * MILLI, available * MILLI);",
        "available;",
        "a member's merit in an epoch has a cap",
        f"{_CREDIT}reaches_the_member_cap_exactly",
    ),
    _fault(
        "dormant-merit-speaks",
        "if (!record.isActive() || gained == 0) return total;",
        "if (gained == 0) return total;",
        "merit of the silent waits until they wake",
        f"{_CREDIT}to_someone_not_active_waits",
    ),
    _fault(
        "reclaim-from-active-delegate",
        " || _records[from].isActive()) continue;",
        ") continue;",
        "a voice is taken back only from a delegate who is gone",
        f"{_UNIT}test_delegate.py::test_reclaim_skips_whoever_has_nothing_to_reclaim",
    ),
    _fault(
        "batch-trusts-claimed-id",
        "if (record.id() == uint24(caster >> 160)) {",
        "if (record.id() != 0) {",
        "a signature under another's number touches nobody",
        f"{_UNIT}test_receive_ballots.py::"
        "test_cast_many_does_not_touch_whoever_is_named_with_another_id",
        _BALLOTS,
    ),
    _fault(
        "batch-stamp-lost",
        "if (_isStale(record, day)) _records[account] = record.withStamp(day);\n"
        "                    uint256 voice;",
        "uint256 voice;",
        "a ballot in a batch is an act like any other",
        f"{_UNIT}test_receive_ballots.py::test_cast_many_equals_single_ballots",
        _BALLOTS,
    ),
    _fault(
        "newcomer-casts",
        "if (record.standing() != Standing.Dormant) return Record.wrap(0);",
        "if (record.standing() == Standing.Exited) return Record.wrap(0);",
        "a bought seat is silent until the season has passed",
        f"{_UNIT}test_receive_ballots.py::test_cast_of_a_newcomer_is_nothing",
        _BALLOTS,
    ),
    _fault(
        "search-steps-too-far",
        "uint256 earlier = high > step ? high - step : 0;\n"
        "            if (history[earlier].since() <= timestamp) {\n"
        "                low = earlier + 1;",
        "uint256 earlier = high > step ? high - step : 0;\n"
        "            if (history[earlier].since() <= timestamp) {\n"
        "                low = high;",
        "a lookup finds the entry in force, however far back",
        f"{_VOICE}a_long_history_is_searched_right",
        _ENTRIES,
    ),
    _fault(
        "ceiling-does-not-grow",
        "FixedPointMathLib.min(raw + inflated, full * growthWad)",
        "FixedPointMathLib.min(raw + inflated, full * WAD)",
        "full is merit of today, not of the founding",
        f"{_CREDIT}to_all_never_lets_a_delegate_speak_for_more_than_most",
        _DECAY,
    ),
    _fault(
        "caps-spent-by-what-was-asked",
        "uint256 given = Decay.givenUp(raw - merit.raw(), terms.growth);",
        "uint256 given = points / MILLI;",
        "full contributors do not use up the newcomers' room",
        f"{_CREDIT}raises_nobody_above_full",
    ),
    _fault(
        "credit-event-of-the-former-merit",
        "emit MeritCredited(id, given * MILLI, raw, terms.kind, terms.ref);",
        "emit MeritCredited(id, given * MILLI, merit.raw(), terms.kind, terms.ref);",
        "a replay of the events has the merit exactly",
        f"{_CREDIT}raises_merit_and_voice",
    ),
    _fault(
        "credit-untold-to-galleries",
        "if (record.isMember()) emit IERC4906.MetadataUpdate(_ticketNumber(id));",
        "",
        "what a ticket shows changes only with a MetadataUpdate",
        f"{_CREDIT}raises_merit_and_voice",
    ),
    _fault(
        "delegation-untold-to-galleries",
        "if (from == wallet || to == wallet) emit IERC4906.MetadataUpdate(_ticketNumber(id));",
        "",
        "what a ticket shows changes only with a MetadataUpdate",
        f"{_UNIT}test_delegate.py::test_delegate_moves_the_own_voice",
    ),
)
