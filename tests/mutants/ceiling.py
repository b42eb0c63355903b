"""Faults in the ceiling of voice and merit, and in how long silence can last."""

from __future__ import annotations

from tests.mutants.mutant import Mutant

_DECAY = "contracts/libraries/Decay.sol"
_ARGS = "contracts/membership/VoiceArgs.sol"
_LEDGER = "contracts/membership/VoiceLedger.sol"
_LIMITS = "contracts/membership/Limits.sol"
_HISTORY = "contracts/membership/VoiceHistory.sol"
_FACTORY = "contracts/DAOFactory.sol"
_VOICE = "tests/unit/membership/test_voice.py::test_"
_CREDIT = "tests/unit/membership/test_credit.py::test_credit_"
_CEILING = "tests/property/test_ceiling.py::test_"
_REVIVAL = "tests/property/test_revival.py::test_"


def _fault(name: str, source: str, old: str, new: str, breaks: str, test: str) -> Mutant:
    return Mutant(name, "Membership", source, old, new, breaks, test)


MUTANTS = (
    _fault(
        "no-ceiling",
        _DECAY,
        "FixedPointMathLib.min(raw + inflated, full * growthWad)",
        "raw + inflated",
        "no merit is above full (V7)",
        f"{_CREDIT}raises_nobody_above_full",
    ),
    _fault(
        "ceiling-of-each-credit",
        _DECAY,
        "FixedPointMathLib.min(raw + inflated, full * growthWad)",
        "raw + FixedPointMathLib.min(inflated, full * growthWad)",
        "a minority that was credited does not outvote the others (V8)",
        f"{_CEILING}a_minority_that_was_credited_loses",
    ),
    _fault(
        "given-rounded-down",
        _DECAY,
        "return FixedPointMathLib.divUp(raised * 1000, growthWad);",
        "return raised * 1000 / growthWad;",
        "the caps of an epoch are spent by what was raised, rounded up",
        f"{_CREDIT}at_full_counts_what_was_raised_rounded_up",
    ),
    Mutant(
        "voice-of-most-and-base",
        "DAOFactory",
        _FACTORY,
        "zeroFloorSub(uint256(voice.most) * 1e14, 1e18);",
        "zeroFloorSub(uint256(voice.most) * 1e14, 0);",
        "nobody speaks with more than most (V7, V8)",
        f"{_CEILING}thirty_of_a_hundred_take_nothing_for_good",
    ),
    _fault(
        "decay-dropped",
        _ARGS,
        "voice += k(args) * units / rootGrowth;",
        "voice += k(args) * units / (rootGrowth - rootGrowth + 1e18);",
        "merit halves every half-life",
        f"{_VOICE}voice_halves_merit_every_half_life_exactly_enough",
    ),
    _fault(
        "voice-rounded-up",
        _ARGS,
        "voice += k(args) * units / rootGrowth;",
        "voice += (k(args) * units + rootGrowth - 1) / rootGrowth;",
        "the delegates' voices are at most the total",
        f"{_VOICE}several_delegates_never_speak_for_more_than_the_total",
    ),
    _fault(
        "merit-cap-skipped",
        _LIMITS,
        "if (milli > available) revert VoiceMeritCapExceeded(milli * MILLI, available * MILLI);",
        "available;",
        "merit in an epoch has a cap, for the Treasury too",
        f"{_CREDIT}reaches_the_cap_on_all_exactly",
    ),
    _fault(
        "votes-told-without-merit",
        _HISTORY,
        "args.voiceOf(old, rootGrowth), args.voiceOf(new_, rootGrowth));",
        "args.voiceOf(old, rootGrowth), args.voiceOf(new_, rootGrowth + 1e15));",
        "the events tell the voice that can be read (S1)",
        "tests/audit/test_survivors.py::test_votes_are_told_as_they_can_be_read[merits0]",
    ),
    _fault(
        "card-of-a-delegate-untold",
        _HISTORY,
        "if (changed.isMember()) emit IERC4906.MetadataUpdate(_ticketNumber(changed.id()));",
        "",
        "what changes a ticket's JSON is told (S1)",
        "tests/property/test_regressions.py::test_cards_and_delegates_that_change_are_told",
    ),
    Mutant(
        "root-of-full-rounded-down",
        "DAOFactory",
        _FACTORY,
        "if (root * root < full) ++root;",
        "",
        "no voice is above most by a unit (V7)",
        f"{_VOICE}voice_with_other_base_most_and_full",
    ),
    # Silence
    _fault(
        "silence-of-four-years",
        _LIMITS,
        '_checkRange("dormantAfter", next.dormantAfter, 90 days, 365 days);',
        '_checkRange("dormantAfter", next.dormantAfter, 90 days, 1460 days);',
        "those who stay decide again within 16 months (L3)",
        "tests/unit/membership/test_settings.py"
        "::test_set_settings_reverts_when_a_setting_is_outside_its_limits[dormantAfter=31536001]",
    ),
    Mutant(
        "floor-of-a-quarter",
        "DAOGovernor",
        "contracts/governance/GovernorSettings.sol",
        '_checkRange("floorBps", rules.floorBps, 100, 1_000);',
        '_checkRange("floorBps", rules.floorBps, 100, 2_500);',
        "those who stay decide again within 16 months (L3)",
        f"{_REVIVAL}those_who_stay_decide_again",
        liveness=True,
    ),
)
