// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title StubbornGovernor
/// @notice A governor that does not retire as it is told: it refuses, burns its gas, answers too much, or tries to go on.
contract StubbornGovernor {
    enum Mode {
        Obey,
        Refuse,
        Burn,
        Flood,
        GoOn
    }

    Mode private _mode;
    bytes[] private _calls;

    event Told(uint256 gas);
    event Tried(bool success, bytes output);

    function prepare(Mode mode, bytes[] calldata calls) external {
        _mode = mode;
        _calls = calls;
    }

    function retire() external {
        emit Told(gasleft());
        if (_mode == Mode.Refuse) revert("never");
        if (_mode == Mode.Burn) {
            assembly ("memory-safe") {
                invalid()
            }
        }
        if (_mode == Mode.Flood) {
            assembly {
                return(0, 250000)
            }
        }
        if (_mode == Mode.GoOn) goOn(msg.sender);
    }

    /// @notice Makes its calls to a Treasury.
    function goOn(address treasury) public {
        for (uint256 i = 0; i < _calls.length; ++i) {
            (bool success, bytes memory output) = treasury.call(_calls[i]);
            emit Tried(success, output);
        }
    }
}
