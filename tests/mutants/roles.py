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
        "if (msg.sender != ITreasury(treasury_).steward())"
        " revert MembershipUnauthorized(msg.sender, Roles.ADMITTER);",
        "",
        "members are admitted by Treasury, ADMITTER and steward",
        f"{_UNIT}membership/test_admit.py::test_admit_reverts_when_caller_has_no_right",
    ),
    Mutant(
        "anyone-credits",
        "Membership",
        _MEMBERSHIP,
        "_checkRole(Roles.REWARDER);",
        "",
        "merit is credited by Treasury and REWARDER",
        f"{_UNIT}membership/test_credit.py::test_credit_reverts_when_the_caller_has_no_right",
    ),
    Mutant(
        "anyone-moves-wallets",
        "Membership",
        _MEMBERSHIP,
        "_checkRole(Roles.SUCCESSION);",
        "",
        "records are moved by Treasury and SUCCESSION",
        f"{_UNIT}membership/test_move_wallet.py::test_move_wallet_reverts_when_caller_has_no_right",
    ),
    Mutant(
        "anyone-bars",
        "Membership",
        _MEMBERSHIP,
        "_checkTreasury();\n        _bar(id);",
        "_bar(id);",
        "members are barred by the Treasury",
        f"{_UNIT}membership/test_bar.py::test_bar_reverts_when_caller_is_not_the_treasury",
    ),
    Mutant(
        "anyone-sets-rules",
        "DAOGovernor",
        "contracts/governance/GovernorSettings.sol",
        "if (msg.sender != _treasury()) revert GovernorOnlyExecutor(msg.sender);",
        "",
        "settings are changed by vote",
        f"{_UNIT}governance/test_settings.py::test_set_settings_reverts_for_all_but_the_treasury",
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
        "anyone-sets-governor",
        "Treasury",
        "contracts/treasury/Treasury.sol",
        "function setGovernor(address newGovernor) external onlySelf {",
        "function setGovernor(address newGovernor) external {",
        "the governor is replaced by vote",
        f"{_UNIT}treasury/test_treasury.py::test_set_governor_reverts_for_all_but_the_treasury",
    ),
    Mutant(
        "admin-can-be-granted",
        "Treasury",
        "contracts/treasury/Treasury.sol",
        "if (role == DEFAULT_ADMIN_ROLE) revert TreasuryAdminIsFixed();\n"
        "        return super._grantRole",
        "return super._grantRole",
        "the Treasury is its own only admin",
        f"{_UNIT}treasury/test_treasury.py::test_the_admin_is_fixed",
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
