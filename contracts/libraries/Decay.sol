// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";

/// @title Decay
/// @notice Merit that halves every half-life and costs nothing to keep.
/// @dev Merit is stored inflated: `p` points credited at time t add ⌊p · 2^x⌋ with x = min((t − t0) / halfLife, 100).
///      All merit then decays by dividing by the same 2^x at reading time. The exponential is Solady's `expWad`;
///      its relative error, with the truncation of x, stays below 1e-15.
library Decay {
    uint256 private constant WAD = 1e18;
    /// @dev ln 2, rounded down at 18 decimals.
    uint256 private constant LN_2_WAD = 693147180559945309;
    uint256 private constant MAX_EXPONENT_WAD = 100e18;

    /// @notice Raw merit saturates here, so that its root fits 96 bits and 2^24 roots fit 120 bits.
    uint256 internal constant RAW_MAX = type(uint192).max;

    /// @notice 2^x in WAD: how many raw points one point of merit is at `timestamp`.
    /// @param t0 Start of the inflation, Unix seconds; x is 0 before it.
    /// @param halfLife Seconds, above 0.
    function growth(uint256 t0, uint256 halfLife, uint256 timestamp) internal pure returns (uint256) {
        return _exp2(_exponent(t0, halfLife, timestamp));
    }

    /// @notice 2^(x/2) in WAD: how many units one root of merit is at `timestamp`.
    function rootGrowth(uint256 t0, uint256 halfLife, uint256 timestamp) internal pure returns (uint256) {
        return _exp2(_exponent(t0, halfLife, timestamp) / 2);
    }

    /// @notice Raw merit after a credit of `points` (1 point = 1e18), rounded down and saturating at `RAW_MAX`.
    /// @param points In [0, 2^90], which the caps on merit guarantee.
    function inflateDown(uint256 raw, uint256 points, uint256 growthWad) internal pure returns (uint256) {
        // At most 2^192 + 2^90 · 2^160 / 1e18: no overflow.
        return FixedPointMathLib.min(RAW_MAX, raw + points * growthWad / WAD);
    }

    /// @notice Decayed merit (1 point = 1e18) of raw merit, rounded down.
    function deflateDown(uint256 raw, uint256 growthWad) internal pure returns (uint256) {
        return raw * WAD / growthWad;
    }

    /// @notice ⌊√raw⌋: what a member adds to the sums of units, about 30 bits of them fraction.
    function unitsOf(uint256 raw) internal pure returns (uint256) {
        return raw == 0 ? 0 : FixedPointMathLib.sqrt(raw); // a root of nothing costs 300 gas
    }

    function _exponent(uint256 t0, uint256 halfLife, uint256 timestamp) private pure returns (uint256) {
        if (timestamp <= t0) return 0;
        return FixedPointMathLib.min(MAX_EXPONENT_WAD, (timestamp - t0) * WAD / halfLife);
    }

    function _exp2(uint256 exponentWad) private pure returns (uint256) {
        // The exponent is at most 100, far inside the domain of `expWad`.
        return uint256(FixedPointMathLib.expWad(int256(exponentWad * LN_2_WAD / WAD)));
    }
}
