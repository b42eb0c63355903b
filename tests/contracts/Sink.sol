// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Sink
/// @notice A target of proposals: takes notes, refuses, floods, and calls back.
contract Sink {
    event Noted(address from, uint256 value, bytes data);
    event CalledBack(bool success, bytes output);

    error Refused(uint256 code);

    address private _target;
    bytes private _data;

    /// @notice What to call whenever ether arrives.
    function arm(address target, bytes calldata data) external {
        _target = target;
        _data = data;
    }

    receive() external payable {
        emit Noted(msg.sender, msg.value, "");
        if (_target != address(0)) _callBack(_target, _data);
    }

    fallback() external payable {
        emit Noted(msg.sender, msg.value, msg.data);
    }

    function refuse(uint256 code) external payable {
        revert Refused(code);
    }

    function refuseSilently() external payable {
        assembly ("memory-safe") {
            revert(0x00, 0x00)
        }
    }

    /// @notice Reverts with `size` bytes: 1, 2, 3 … in the first ones.
    function refuseLoudly(uint256 size) external payable {
        assembly {
            for { let i := 0 } lt(i, 64) { i := add(i, 1) } { mstore8(add(0x80, i), add(i, 1)) }
            revert(0x80, size)
        }
    }

    /// @notice Returns `size` bytes.
    function flood(uint256 size) external payable {
        assembly {
            return(0x80, size)
        }
    }

    function burnGas() external payable {
        assembly ("memory-safe") {
            invalid()
        }
    }

    function callBack(address target, bytes calldata data) external payable {
        _callBack(target, data);
    }

    function _callBack(address target, bytes memory data) private {
        (bool success, bytes memory output) = target.call(data);
        emit CalledBack(success, output);
    }
}
