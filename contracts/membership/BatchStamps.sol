// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title BatchStamps
/// @notice Days of acts for 16 members in one slot: member `id` has the 16 bits `id & 15` of group `id >> 4`.
library BatchStamps {
    /// @notice The day that `days_` has for a member, in days since the Unix epoch; 0 for none.
    function dayOf(uint256 days_, uint256 id) internal pure returns (uint256) {
        return uint16(days_ >> ((id & 15) << 4));
    }

    /// @notice `days_` with another day for a member. The day fits 16 bits.
    function withDay(uint256 days_, uint256 id, uint256 day) internal pure returns (uint256) {
        uint256 shift = (id & 15) << 4;
        return days_ & ~(uint256(type(uint16).max) << shift) | day << shift;
    }
}
