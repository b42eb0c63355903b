"""Doors without their check: somebody else gets in."""

from __future__ import annotations

from tests.mutants.mutant import Mutant

_MEMBERSHIP = "contracts/membership/Membership.sol"
_UNIT = "tests/unit/"

MUTANTS = (
    Mutant(
        "anyone-admits",
        "Membership",
        _MEMBERSHIP,
        (
            "if (msg.sender != ITreasury(treasury_).steward()) {\n"
            "                revert MembershipUnauthorized(msg.sender, Roles.ADMITTER);\n"
            "            }"
        ),
        "",
        "members are admitted by Treasury, ADMITTER and steward",
        f"{_UNIT}membership/test_admit.py::test_admit_reverts_when_caller_has_no_right",
    ),
    Mutant(
        "anyone-credits",
        "Membership",
        "contracts/membership/VoiceLedger.sol",
        (
            "if (!_mayUse(Roles.REWARDER)) revert MembershipUnauthorized(msg.sender, "
            "Roles.REWARDER);"
        ),
        "",
        "merit is credited by Treasury and REWARDER",
        f"{_UNIT}membership/test_credit.py::test_credit_reverts_when_the_caller_has_no_right",
    ),
    Mutant(
        "anyone-bars",
        "Membership",
        _MEMBERSHIP,
        "_checkTreasury();\n        Standing standing",
        "Standing standing",
        "members are barred by the Treasury",
        f"{_UNIT}membership/test_bar.py::test_bar_reverts_when_caller_is_not_the_treasury",
    ),
    Mutant(
        "anyone-spends",
        "Treasury",
        "contracts/treasury/Treasury.sol",
        "if (msg.sender != governor) revert TreasuryNotGovernor(msg.sender);",
        "",
        "the Treasury executes for its governor alone",
        f"{_UNIT}treasury/test_treasury.py::test_execute_reverts_for_all_but_the_governor",
    ),
    Mutant(
        "guardian-term-ignored",
        "Treasury",
        "contracts/treasury/Treasury.sol",
        "return block.timestamp < office.until ? office.holder : address(0);",
        "return office.holder;",
        "guardian and steward serve a term",
        f"{_UNIT}treasury/test_treasury.py::test_an_office_ends_at_its_second",
    ),
    Mutant(
        "anyone-mints",
        "ContributionToken",
        "contracts/contribution/ContributionToken.sol",
        "if (msg.sender != treasury_ && !IAccessControl(treasury_)"
        ".hasRole(Roles.MINTER, msg.sender)) {\n"
        "            revert ContributionTokenUnauthorized(msg.sender, Roles.MINTER);\n        }",
        "treasury_;",
        "tokens are minted by Treasury and MINTER",
        f"{_UNIT}contribution/test_contribution_token.py::test_mint_reverts_for_others",
    ),
)
