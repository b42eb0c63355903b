// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";

/// @dev What has been used of the numbers that hold for an epoch, 64 bits each, in the order of `Number`.
type Usage is uint256;

using Usages for Usage global;

/// Epoch: the epoch of the latest use. Merit: thousandths of a point credited. Admitted: members whom the steward admitted.
/// Seats: given or taken at once by votes.
enum Number {
    Epoch,
    Merit,
    Admitted,
    Seats
}

/// @title Usages
/// @notice Reads and changes what has been used of an epoch.
library Usages {
    /// @notice The seats that votes may give or take at once in an epoch: a twentieth of the awake, at least one.
    function seatsFor(uint256 awake) internal pure returns (uint256) {
        return FixedPointMathLib.max(1, awake / 20);
    }

    /// @notice The usage as it is in `epoch`: nothing, if the latest use was in another.
    function at(Usage usage, uint256 epoch) internal pure returns (Usage) {
        return used(usage, Number.Epoch) == epoch ? usage : Usage.wrap(epoch);
    }

    function used(Usage usage, Number number) internal pure returns (uint256) {
        return uint64(Usage.unwrap(usage) >> (uint256(number) * 64));
    }

    /// @notice What is left of `limit`.
    function left(Usage usage, Number number, uint256 limit) internal pure returns (uint256) {
        return FixedPointMathLib.zeroFloorSub(limit, used(usage, number));
    }

    /// @notice The usage with `more`, which was left of a limit below 2^64.
    function plus(Usage usage, Number number, uint256 more) internal pure returns (Usage) {
        unchecked {
            return Usage.wrap(Usage.unwrap(usage) + (more << (uint256(number) * 64)));
        }
    }
}
