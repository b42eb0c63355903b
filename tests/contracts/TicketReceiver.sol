// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Answers a received ticket as it was told, after making one call of its own, and remembers both.
contract TicketReceiver {
    bytes4 public immutable ANSWER;

    address public target;
    bytes public plan;

    address public operator;
    address public from;
    uint256 public ticket;
    bytes public data;
    bool public succeeded;
    bytes public output;

    /// @param answer What to return; zero to revert.
    constructor(bytes4 answer) {
        ANSWER = answer;
    }

    /// @notice What to call while receiving.
    function prepare(address target_, bytes calldata plan_) external {
        (target, plan) = (target_, plan_);
    }

    function onERC721Received(address operator_, address from_, uint256 ticket_, bytes calldata data_)
        external
        returns (bytes4)
    {
        if (ANSWER == 0) revert("not today");
        (operator, from, ticket, data) = (operator_, from_, ticket_, data_);
        if (target != address(0)) (succeeded, output) = target.call(plan);
        return ANSWER;
    }
}
