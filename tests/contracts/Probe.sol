// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {LibClone} from "solady/src/utils/LibClone.sol";

import {CloneArgs} from "../../contracts/libraries/CloneArgs.sol";

/// @title Probe
/// @notice A part of a DAO that only tells what it was given.
contract Probe {
    function header() external view returns (address treasury, address membership, address token, uint40 t0) {
        treasury = CloneArgs.addressAt(0);
        membership = CloneArgs.addressAt(20);
        token = CloneArgs.addressAt(40);
        t0 = uint40(CloneArgs.word(60) >> 216);
    }

    function rest() external view returns (bytes memory) {
        return LibClone.argsOnClone(address(this), 65);
    }

    /// @notice A call of the part's.
    function run(address target, bytes calldata data) external returns (bytes memory output) {
        bool success;
        (success, output) = target.call(data);
        if (!success) {
            assembly ("memory-safe") {
                revert(add(output, 0x20), mload(output))
            }
        }
    }
}
