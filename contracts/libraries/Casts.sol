// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev What a ballot counts: member id 104 | members 24 | voice 128 (1 voice = 1e9); 0 if it is not valid.
type Cast is uint256;

using Casts for Cast global;

/// @title Casts
/// @notice What the Membership tells a governor of a ballot.
library Casts {
    /// @param id The caster, below 2^24.
    /// @param members_ Active members they spoke for, below 2^24.
    /// @param voice_ Fits 128 bits.
    function create(uint256 id, uint256 members_, uint256 voice_) internal pure returns (Cast) {
        return Cast.wrap(id << 152 | members_ << 128 | voice_);
    }

    /// @notice Whether there is a ballot to count.
    function isValid(Cast cast) internal pure returns (bool) {
        return Cast.unwrap(cast) != 0;
    }

    function memberId(Cast cast) internal pure returns (uint256) {
        return Cast.unwrap(cast) >> 152;
    }

    function members(Cast cast) internal pure returns (uint256) {
        return uint24(Cast.unwrap(cast) >> 128);
    }

    function voice(Cast cast) internal pure returns (uint256) {
        return uint128(Cast.unwrap(cast));
    }
}
