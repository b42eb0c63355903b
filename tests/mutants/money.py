"""Faults in what the Treasury, the token and the factory do."""

from __future__ import annotations

from tests.mutants.mutant import Mutant

_TREASURY = "contracts/treasury/Treasury.sol"
_TOKEN = "contracts/contribution/ContributionToken.sol"
_UNIT = "tests/unit/"


def _of_treasury(name: str, old: str, new: str, breaks: str, test: str) -> Mutant:
    node = f"{_UNIT}treasury/test_treasury.py::{test}"
    return Mutant(name, "Treasury", _TREASURY, old, new, breaks, node)


def _of_token(name: str, old: str, new: str, breaks: str, test: str) -> Mutant:
    node = f"{_UNIT}contribution/test_contribution_token.py::{test}"
    return Mutant(name, "ContributionToken", _TOKEN, old, new, breaks, node)


MUTANTS = (
    _of_treasury(
        "failed-call-ignored",
        "if (success) return;",
        "if (success || index < 256) return;",
        "a proposal is executed as a whole or not at all",
        "test_execute_reverts_when_a_call_reverts",
    ),
    _of_treasury(
        "code-not-looked-for",
        "if (data.length != 0 && target.code.length == 0)"
        " revert TreasuryTargetWithoutCode(index, target);",
        "",
        "calldata to an address without code reverts (Qubit 2022)",
        "test_execute_reverts_when_calldata_goes_where_no_code_is",
    ),
    _of_token(
        "token-cap-skipped",
        "if (amount > available) revert ContributionTokenCapExceeded(amount, available);",
        "",
        "minting in an epoch has a cap, for the Treasury too",
        "test_mint_reverts_over_the_cap",
    ),
    _of_token(
        "token-epoch-never-ends",
        "uint256 used = cap.epoch == _epoch() ? cap.used : 0;",
        "uint256 used = cap.used;",
        "a cap starts anew with each epoch",
        "test_a_kind_has_a_cap_of_its_own",
    ),
    _of_token(
        "lock-open",
        "|| _cap.transferable) return;",
        "|| !_cap.transferable) return;",
        "locked tokens move from and to a PURSE alone",
        "test_locked_tokens_do_not_move",
    ),
    _of_token(
        "tokens-lost-to-nobody",
        "if (to == address(0)) revert ContributionTokenInvalidReceiver(to);",
        "",
        "supply is minted less burned",
        "test_tokens_do_not_move_to_nobody",
    ),
    Mutant(
        "module-takes-address-of-part",
        "DAOFactory",
        "contracts/DAOFactory.sol",
        "keccak256(abi.encode(MODULE, msg.sender, userSalt))",
        "keccak256(abi.encode(msg.sender, userSalt))",
        "nobody can take an address of a DAO with other parameters",
        f"{_UNIT}factory/test_factory.py::test_clone_module_cannot_take_a_daos_address",
    ),
    Mutant(
        "address-without-parameters",
        "DAOFactory",
        "contracts/DAOFactory.sol",
        "keccak256(abi.encode(userSalt, _configHash(params, modules)))",
        "keccak256(abi.encode(userSalt))",
        "other parameters have other addresses",
        f"{_UNIT}factory/test_factory.py::test_predict_gives_other_addresses_for_other_parameters",
    ),
)
