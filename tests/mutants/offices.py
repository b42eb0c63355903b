"""Faults in offices that end: what an installer must not do."""

from __future__ import annotations

from tests.mutants.mutant import Mutant

_GOVERNORS = "tests/unit/treasury/test_governors.py::test_install_governor_"


def _of_treasury(name: str, old: str, new: str, breaks: str, test: str) -> Mutant:
    return Mutant(name, "Treasury", "contracts/treasury/Treasury.sol", old, new, breaks, test)


MUTANTS = (
    _of_treasury(
        "installed-by-starving",
        "if (gasleft() < needed) revert TreasuryTooLittleGas(needed);",
        "needed;",
        "no former governor stays in office because its end was given too little gas",
        f"{_GOVERNORS}cannot_be_starved",
    ),
)
