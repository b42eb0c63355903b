// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Roles
/// @notice The names under which the Treasury's role book lets parts of the DAO through a door.
library Roles {
    /// @notice May admit members.
    bytes32 internal constant ADMITTER = keccak256("ADMITTER");
    /// @notice May credit merit.
    bytes32 internal constant REWARDER = keccak256("REWARDER");
    /// @notice May mint contribution tokens.
    bytes32 internal constant MINTER = keccak256("MINTER");
    /// @notice May send and receive locked contribution tokens.
    bytes32 internal constant PURSE = keccak256("PURSE");
    /// @notice May move a person's record to another wallet.
    bytes32 internal constant SUCCESSION = keccak256("SUCCESSION");
}
