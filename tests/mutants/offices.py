"""Faults in offices that end: what a former governor, a guardian or an installer must not do."""

from __future__ import annotations

from tests.mutants.mutant import Mutant

_GOVERNORS = "tests/unit/treasury/test_governors.py::test_install_governor_"
_ROLES = "tests/unit/treasury/test_treasury.py::test_"
_OFFICE = "tests/unit/governance/test_office.py::test_"
_GUARDIAN = "tests/unit/governance/test_guardian.py::test_"
_SETTINGS = "tests/unit/governance/test_settings.py::test_"


def _of_treasury(
    name: str, old: str, new: str, breaks: str, test: str, *, liveness: bool = False
) -> Mutant:
    source = "contracts/treasury/Treasury.sol"
    return Mutant(name, "Treasury", source, old, new, breaks, test, liveness)


def _of_governor(
    name: str, file: str, old: str, new: str, breaks: str, test: str, *, liveness: bool = False
) -> Mutant:
    source = f"contracts/governance/{file}"
    return Mutant(name, "DAOGovernor", source, old, new, breaks, test, liveness)


MUTANTS = (
    _of_treasury(
        "installed-by-starving",
        "if (gasleft() < needed) revert TreasuryTooLittleGas(needed);",
        "needed;",
        "no former governor stays in office because its end was given too little gas",
        f"{_GOVERNORS}cannot_be_starved",
    ),
    _of_treasury(
        "former-governor-stops-the-next",
        "pop(call(RETIREMENT_GAS, former, 0, 0x00, 0x04, 0, 0))",
        "if iszero(call(RETIREMENT_GAS, former, 0, 0x00, 0x04, 0, 0)) { revert(0, 0) }",
        "a former governor stops no installation",
        f"{_GOVERNORS}is_stopped_by_no_former_one",
        liveness=True,
    ),
    _of_treasury(
        "retired-before-replaced",
        "        isFormerGovernor[former] = true;\n        governor = candidate.governor;\n",
        "        isFormerGovernor[former] = true;\n        _retire(former);\n"
        "        governor = candidate.governor;\n",
        "a former governor is told when it has no office any more",
        f"{_GOVERNORS}tells_a_former_one_when_it_has_no_office_any_more",
    ),
    _of_treasury(
        "candidate-kept",
        "delete _candidate;\n        isFormerGovernor",
        "isFormerGovernor",
        "a governor that is installed does not wait any more",
        f"{_GOVERNORS}hands_over",
    ),
    _of_treasury(
        "asked-again-keeps-the-day",
        "if (hasRole(role, account)) return false;",
        "if (_since[role][account] != 0) return false;",
        "a grant asked for again waits anew",
        f"{_ROLES}a_grant_asked_for_again_waits_anew",
    ),
    _of_treasury(
        "waiting-grant-not-revoked",
        "if (_since[role][account] == 0) return false;",
        "if (!hasRole(role, account)) return false;",
        "a grant that waits can be revoked",
        f"{_ROLES}a_revocation_works_at_once",
    ),
    _of_governor(
        "judged-anew",
        "DAOGovernor.sol",
        "current = _stateAt(retiredAt, ballots, proposal, rules);",
        "current = _stateAt(block.timestamp, ballots, proposal, rules);",
        "what a replaced governor had taken is judged as of that moment, for good",
        f"{_OFFICE}state_of_what_a_retired_governor_had_taken",
    ),
    _of_governor(
        "retired-twice",
        "GovernorSettings.sol",
        "if (_isRetired()) revert GovernorRetired();",
        "",
        "a governor retires once",
        f"{_OFFICE}retire_happens_once",
    ),
    _of_governor(
        "guardian-saves-no-member",
        "TakesBack.sol",
        "&& membership.neverSpoke(uint256(bytes32(data[4:36])))",
        "",
        "the guardian may cancel the bar of a member who speaks",
        f"{_GUARDIAN}cancel_by_the_guardian_when_a_call_does_something_else",
        liveness=True,
    ),
    _of_governor(
        "guardian-keeps-links",
        "TakesBack.sol",
        "|| !_admits(treasury, targets[i])",
        "",
        "the guardian may cancel what is called at a stranger",
        f"{_GUARDIAN}cancel_reverts_when_raised_numbers_of_an_admitter_are_taken_back",
        liveness=True,
    ),
    _of_governor(
        "guardian-lets-money-go",
        "TakesBack.sol",
        "values[i] != 0 || ",
        "",
        "the guardian may cancel a payment",
        f"{_GUARDIAN}cancel_reverts_when_raised_numbers_of_an_admitter_are_taken_back",
        liveness=True,
    ),
    _of_governor(
        "replaced-request-takes-force",
        "GovernorSettings.sol",
        "if (_takeForce() & WAITS != 0) _dropWaiting();",
        "_takeForce();",
        "settings that others replaced while they waited never take force",
        f"{_SETTINGS}quorum_is_of_the_settings_in_force_then",
    ),
)
