// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title OddCoin
/// @notice An ERC-20 with the habits that have cost others money.
contract OddCoin is ERC20 {
    enum Habit {
        None,
        ReturnsFalse,
        TakesFee,
        CallsRecipient
    }

    Habit public immutable HABIT;

    constructor(Habit habit) ERC20("Odd", "ODD") {
        HABIT = habit;
    }

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    /// @notice Mints one unit at a time, each with its event.
    function mintMany(address to, uint256 times) external {
        for (uint256 i = 0; i < times; ++i) {
            _mint(to, 1);
        }
    }

    /// @notice Halves everyone's claim, as a rebasing coin does, for one account.
    function rebase(address account) external {
        _burn(account, balanceOf(account) / 2);
    }

    function transfer(address to, uint256 amount) public override returns (bool) {
        if (HABIT == Habit.ReturnsFalse && balanceOf(msg.sender) < amount) return false;
        if (HABIT == Habit.TakesFee) {
            _burn(msg.sender, amount / 100);
            amount -= amount / 100;
        }
        if (HABIT == Habit.CallsRecipient && to.code.length != 0) {
            // Before the balances move, as ERC-777 did.
            (bool success,) = to.call("");
            success;
        }
        return super.transfer(to, amount);
    }
}
