// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Decay} from "../libraries/Decay.sol";

/// @dev What contribution earned a person: raw 192 | epoch 16 | given 48.
type Merit is uint256;

using Merits for Merit global;

/// @title Merits
/// @notice A person's merit, with what was given in the latest epoch that gave some.
library Merits {
    /// @param raw_ Below 2^190, as `Decay` bounds it.
    /// @param epoch Fits 16 bits.
    /// @param given In the epoch, thousandths of a point; at most a cap, which is below 2^40.
    function create(uint256 raw_, uint256 epoch, uint256 given) internal pure returns (Merit) {
        return Merit.wrap(raw_ | epoch << 192 | given << 208);
    }

    /// @notice Inflated points.
    function raw(Merit merit) internal pure returns (uint256) {
        return uint192(Merit.unwrap(merit));
    }

    /// @notice ⌊√raw⌋: what the member adds to the sums of units.
    function units(Merit merit) internal pure returns (uint256) {
        return Decay.unitsOf(raw(merit));
    }

    /// @notice Thousandths of a point given in `epoch`, which is not before the latest that gave some.
    function givenIn(Merit merit, uint256 epoch) internal pure returns (uint256) {
        return uint16(Merit.unwrap(merit) >> 192) == epoch ? Merit.unwrap(merit) >> 208 : 0;
    }
}
