// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title MembershipSlots
/// @notice Where a Membership keeps what others read by `extsload`, as the compiler lays it out.
library MembershipSlots {
    uint256 internal constant RECORDS = 0;
    uint256 internal constant PEOPLE = 1;
    uint256 internal constant MERITS = 2;
    uint256 internal constant HISTORY = 3;
    uint256 internal constant TOTAL = 4;
    uint256 internal constant SETTINGS = 5;
    uint256 internal constant FORMER = 6;
    uint256 internal constant USAGE = 7;
    uint256 internal constant CHARTER_HASH = 11;
    uint256 internal constant UNCOUNTED = 12;

    /// @notice Where a mapping keeps the value of `key`.
    function entryOf(uint256 mapping_, uint256 key) internal pure returns (uint256) {
        return uint256(keccak256(abi.encode(key, mapping_)));
    }

    /// @notice Season (seconds) and the steward's seats an epoch, in the word at `SETTINGS`.
    function seasonIn(uint256 word) internal pure returns (uint256 season, uint256 stewardCap) {
        return (uint32(word >> 32), uint16(word >> 64));
    }
}
