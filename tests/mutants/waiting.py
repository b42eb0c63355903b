"""Faults in what waits: settings, roles, the next governor, and how they are taken back."""

from __future__ import annotations

from tests.mutants.mutant import Mutant

_RULES = "contracts/governance/GovernorSettings.sol"
_GOVERNOR = "contracts/governance/DAOGovernor.sol"
_TAKES_BACK = "contracts/governance/TakesBack.sol"
_TREASURY = "contracts/treasury/Treasury.sol"
_LIMITS = "contracts/membership/Limits.sol"
_UNIT = "tests/unit/"
_AUDIT = "tests/audit/"
_SETTINGS = f"{_UNIT}governance/test_settings.py::test_"
_GOVERNORS = f"{_UNIT}treasury/test_governors.py::test_"
_ROLES = f"{_UNIT}treasury/test_treasury.py::test_"
_PEOPLE = f"{_UNIT}membership/test_settings.py::test_"
_CREDIT = f"{_UNIT}membership/test_credit.py::test_credit_"
_LASTING = "tests/property/test_lasting.py::test_all_of_it_in_one_proposal_is_not_the_last"


def _of_governor(
    name: str, old: str, new: str, breaks: str, test: str, source: str = _RULES
) -> Mutant:
    return Mutant(name, "DAOGovernor", source, old, new, breaks, test)


def _of_treasury(name: str, old: str, new: str, breaks: str, test: str) -> Mutant:
    return Mutant(name, "Treasury", _TREASURY, old, new, breaks, test)


def _of_membership(
    name: str, old: str, new: str, breaks: str, test: str, liveness: bool = False
) -> Mutant:
    return Mutant(name, "Membership", _LIMITS, old, new, breaks, test, liveness)


MUTANTS = (
    # The governor's settings
    _of_governor(
        "anyone-sets-rules",
        "function setSettings(Settings calldata newSettings) external {\n        _checkTreasury();",
        "function setSettings(Settings calldata newSettings) external {",
        "settings are changed by vote",
        f"{_SETTINGS}settings_are_changed_by_the_treasury_alone",
    ),
    _of_governor(
        "rules-hold-at-once",
        "if (ITreasury(_treasury()).steward() == address(0)) inForceAt += WAITING_PERIOD;",
        "",
        "settings leave time to take them back",
        f"{_SETTINGS}settings_take_force_in_the_second_of_45_days",
    ),
    _of_governor(
        "quorum-of-todays-rules",
        "if (earlier.from <= timepoint) return",
        "if (earlier.from <= block.timestamp + timepoint * 0) return",
        "what standard clients read of the past is what was so then (S1)",
        f"{_SETTINGS}quorum_is_of_the_settings_in_force_then",
    ),
    _of_governor(
        "withdrawn-rules-in-quorum",
        "latest.number = uint208(_version());",
        "",
        "what standard clients read of the past is what was so then (S1)",
        f"{_SETTINGS}quorum_is_of_the_settings_in_force_then",
    ),
    # Offices
    _of_governor(
        "retired-proposes",
        "if (_isRetired(marks)) revert GovernorRetired();",
        "marks;",
        "only the governor in office takes new proposals",
        f"{_UNIT}governance/test_office.py::test_propose_reverts_after_the_office",
        _GOVERNOR,
    ),
    _of_governor(
        "retired-still-queues",
        "return ProposalState.Canceled;\n    }\n",
        "return current;\n    }\n",
        "what a replaced governor can no longer execute is canceled",
        f"{_UNIT}governance/test_office.py::test_state_of_what_a_retired_governor_had_taken",
        _GOVERNOR,
    ),
    _of_governor(
        "retired-in-office",
        "if (!ITreasury(_treasury()).isFormerGovernor(address(this))) revert",
        "if (_treasury() == address(this)) revert",
        "no proposal ends the office of the governor that executes it",
        f"{_UNIT}governance/test_office.py::test_retire_reverts_in_office",
    ),
    _of_governor(
        "guardian-keeps-the-waiting-governor",
        "|| selector == ITreasury.withdrawGovernor.selector",
        "",
        "the guardian cannot cancel what only takes power back",
        _LASTING,
        _TAKES_BACK,
    ),
    _of_treasury(
        "anyone-sets-governor",
        "function setGovernor(address newGovernor) external onlySelf {",
        "function setGovernor(address newGovernor) external {",
        "the governor is replaced by vote",
        f"{_GOVERNORS}the_next_governor_is_the_treasurys_matter",
    ),
    _of_treasury(
        "governor-at-once",
        "if (block.timestamp < candidate.from) {",
        "if (block.timestamp + WAITING_PERIOD < candidate.from) {",
        "a governor of one's own can be taken back (L4)",
        _LASTING,
    ),
    _of_treasury(
        "governor-waits-for-ever",
        "block.timestamp > candidate.from + INSTALLATION_PERIOD) {\n            revert",
        "block.timestamp > type(uint64).max) {\n            revert",
        "the next governor is installed within 30 days",
        f"{_GOVERNORS}install_governor_for_30_days",
    ),
    _of_treasury(
        "governor-reinstated",
        "isFormerGovernor[former] = true;",
        "isFormerGovernor[address(0)] = true;",
        "a governor that was replaced is never reinstated",
        f"{_GOVERNORS}set_governor_reverts_for_a_former_one",
    ),
    _of_treasury(
        "wallet-governs",
        "bytes3(code) == 0xef0100",
        "bytes3(code) == 0xef0101",
        "no wallet governs with the code of another (EIP-7702)",
        f"{_GOVERNORS}set_governor_reverts_for_what_is_no_governor",
    ),
    _of_treasury(
        "governor-not-looked-at-again",
        "_checkGovernor(candidate.governor);\n        address former",
        "address former",
        "the next governor is looked at again when it is installed",
        f"{_GOVERNORS}install_governor_looks_at_the_code_again",
    ),
    # Roles
    _of_treasury(
        "admin-can-be-granted",
        "if (role == DEFAULT_ADMIN_ROLE) revert TreasuryAdminIsFixed();\n        if (hasRole",
        "if (hasRole",
        "the Treasury is its own only admin",
        f"{_ROLES}the_admin_is_fixed",
    ),
    _of_treasury(
        "succession-at-once",
        "|| role == Roles.SUCCESSION",
        "",
        "a role of one's own can be taken back before it holds",
        f"{_AUDIT}test_composition_power.py::test_a_role_of_ones_own_can_be_taken_back",
    ),
    _of_treasury(
        "waiting-role-holds",
        "return _since[role][account] - 1 < block.timestamp;",
        "return _since[role][account] != 0;",
        "a role of one's own can be taken back before it holds (L4)",
        _LASTING,
    ),
    # The Membership's settings
    _of_membership(
        "dormancy-cut-at-once",
        "_former.dormantFrom = waits ? uint40(block.timestamp + NOTICE) : 0;",
        "_former.dormantFrom = waits ? uint40(block.timestamp) : 0;",
        "a cut of dormantAfter can be taken back before it tells anybody silent",
        f"{_PEOPLE}set_settings_cuts_dormant_after_in_45_days",
    ),
    _of_membership(
        "unrelated-setting-restarts-the-cut",
        "if (next.dormantAfter != _settings.dormantAfter) {",
        "{",
        "an unrelated change of settings leaves what waits as it is",
        f"{_PEOPLE}set_settings_again_leaves_a_waiting_cut_or_starts_anew",
    ),
    _of_membership(
        "steward-number-raised",
        '_checkRange("stewardCap", next.stewardCap, 0, maxStewardCap);',
        '_checkRange("stewardCap", next.stewardCap, 0, maxStewardCap - maxStewardCap + 10_000);',
        "the steward's number is never raised",
        f"{_PEOPLE}set_settings_never_raises_the_stewards_number",
    ),
    _of_membership(
        "merit-cap-raise-at-once",
        "_former.capsFrom = uint24(_epoch()) + 2;",
        "_former.capsFrom = uint24(_epoch());",
        "a raise of the merit caps leaves time to vote it down",
        f"{_CREDIT}uses_a_raised_cap_from_the_epoch_after_the_next",
    ),
    _of_membership(
        "second-raise-lets-the-first-in",
        "(_former.meritCap, _former.meritCapPerMember) = _meritCaps();",
        "(_former.meritCap, _former.meritCapPerMember) =\n"
        "                (_settings.meritCap, _settings.meritCapPerMember);",
        "a raise of the merit caps leaves time to vote it down",
        f"{_AUDIT}test_survivors.py::test_a_second_raise_does_not_let_the_first_one_in",
    ),
    _of_membership(
        "other-setting-restarts-the-wait",
        "if (next.meritCap > _settings.meritCap ||",
        "if (next.meritCap >= _settings.meritCap ||",
        "a raise counts when it was said to",
        f"{_AUDIT}test_survivors.py::test_another_setting_does_not_make_a_raise_wait_anew",
        liveness=True,
    ),
)
