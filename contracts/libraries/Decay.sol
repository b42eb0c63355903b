// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";

/// @title Decay
/// @notice Merit that halves every half-life, costs nothing to keep and has a ceiling.
/// @dev Merit is stored inflated: `p` points credited at time t add ⌊p · 2^x⌋ with x = min((t − t0) / halfLife, 100).
///      All merit then decays by dividing by the same 2^x at reading time. The exponential is Solady's `expWad`;
///      its relative error, with the truncation of x, stays below 1e-15.
library Decay {
    uint256 private constant WAD = 1e18;
    /// @dev ln 2, rounded down at 18 decimals.
    uint256 private constant LN_2_WAD = 693147180559945309;
    uint256 private constant MAX_EXPONENT_WAD = 100e18;

    /// @notice 2^(x/2) in WAD: how many units one root of merit is at `timestamp`.
    /// @param t0 Start of the inflation, Unix seconds; x is 0 before it.
    /// @param halfLife Seconds, above 0.
    function rootGrowth(uint256 t0, uint256 halfLife, uint256 timestamp) internal pure returns (uint256) {
        if (timestamp <= t0) return WAD;
        // A time in seconds is below 2^64. Half the exponent is at most 50, far inside the domain of `expWad`.
        unchecked {
            uint256 x = FixedPointMathLib.min(MAX_EXPONENT_WAD, (timestamp - t0) * WAD / halfLife);
            return uint256(FixedPointMathLib.expWad(int256(x / 2 * LN_2_WAD / WAD)));
        }
    }

    /// @notice 2^x in WAD: how many raw points one point of merit is. The square of `rootGrowthWad` and never more: computed
    ///         apart, a root of merit at the ceiling would now and then speak a unit too much.
    function growthDown(uint256 rootGrowthWad) internal pure returns (uint256) {
        // At most (2^50 · 1e18)², which is below 2^220.
        unchecked {
            return rootGrowthWad * rootGrowthWad / WAD;
        }
    }

    /// @notice Raw merit after a credit of `points` (1 point = 1e18), rounded down, up to that of `full` whole points.
    /// @dev At most 2^30 · 2^160: its root fits 95 bits, and 2^24 roots fit 120.
    /// @param full In [0, 1e9].
    function inflateDown(uint256 raw, uint256 points, uint256 full, uint256 growthWad) internal pure returns (uint256) {
        // Growth is below 2^160 and `full` points below 2^90: the product below 2^250, its quotient and `raw` below 2^190.
        unchecked {
            uint256 inflated = FixedPointMathLib.min(points, full * WAD) * growthWad / WAD;
            return FixedPointMathLib.max(raw, FixedPointMathLib.min(raw + inflated, full * growthWad));
        }
    }

    /// @notice The thousandths of a point that raised raw merit by `raised`, rounded up: never more than were credited.
    function givenUp(uint256 raised, uint256 growthWad) internal pure returns (uint256) {
        // `raised` is below 2^190.
        unchecked {
            return FixedPointMathLib.divUp(raised * 1000, growthWad);
        }
    }

    /// @notice Decayed merit (1 point = 1e18) of raw merit, rounded down.
    function deflateDown(uint256 raw, uint256 growthWad) internal pure returns (uint256) {
        // `raw` is below 2^190.
        unchecked {
            return raw * WAD / growthWad;
        }
    }

    /// @notice ⌊√raw⌋: what a member adds to the sums of units, about 30 bits of them fraction.
    function unitsOf(uint256 raw) internal pure returns (uint256) {
        return raw == 0 ? 0 : FixedPointMathLib.sqrt(raw); // a root of nothing costs 300 gas
    }
}
