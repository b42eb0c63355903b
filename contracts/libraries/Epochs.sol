// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Epochs
/// @notice The 30-day periods, counted from a DAO's `t0`, over which caps hold.
library Epochs {
    uint256 internal constant LENGTH = 30 days;

    /// @notice The number of the epoch in which `timestamp` lies; 0 for the first one and before `t0`.
    /// @param t0 Start of epoch 0, Unix seconds.
    /// @param timestamp Unix seconds.
    function numberAt(uint256 t0, uint256 timestamp) internal pure returns (uint16) {
        // Saturates after 5,385 years instead of reverting.
        uint256 epoch = timestamp <= t0 ? 0 : (timestamp - t0) / LENGTH;
        return epoch > type(uint16).max ? type(uint16).max : uint16(epoch);
    }
}
