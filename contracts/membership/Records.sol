// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";

import {Entry} from "../libraries/Entries.sol";
import {Standing} from "./IMembership.sol";

/// @title Records
/// @notice A member's hot slot, keyed by wallet: the entry they speak with, and in its upper 48 bits
///         stamp 16 (day) | standing 8 | id 24.
library Records {
    function stamp(Entry record) internal pure returns (uint256) {
        return uint16(Entry.unwrap(record) >> 208);
    }

    function standing(Entry record) internal pure returns (Standing value) {
        // Only `withStanding` writes these bits, so they need no range check.
        assembly ("memory-safe") {
            value := and(shr(224, record), 0xff)
        }
    }

    function id(Entry record) internal pure returns (uint256) {
        return Entry.unwrap(record) >> 232;
    }

    /// @notice The record of a new person who speaks for nobody yet.
    function create(uint256 newId) internal pure returns (Entry) {
        return Entry.wrap(newId << 232);
    }

    /// @notice The record with another standing, stamped today.
    function withStanding(Entry record, Standing newStanding) internal view returns (Entry) {
        uint256 kept = Entry.unwrap(record) & ~(uint256(type(uint24).max) << 208);
        return Entry.wrap(kept | (uint256(newStanding) << 224) | (today() << 208));
    }

    /// @notice The record stamped with another day, which fits 16 bits.
    function withStamp(Entry record, uint256 day) internal pure returns (Entry) {
        return Entry.wrap(Entry.unwrap(record) & ~(uint256(type(uint16).max) << 208) | day << 208);
    }

    /// @notice Whether the standing is Active.
    function isActive(Entry record) internal pure returns (bool) {
        return uint8(Entry.unwrap(record) >> 224) == uint8(Standing.Active);
    }

    /// @notice Whether the person holds a ticket.
    function isMember(Entry record) internal pure returns (bool) {
        Standing s = standing(record);
        return s >= Standing.Active && s <= Standing.Absent;
    }

    /// @notice Days since the Unix epoch; fits 16 bits until the year 2149, then stays.
    function today() internal view returns (uint256) {
        return FixedPointMathLib.min(block.timestamp / 1 days, type(uint16).max);
    }
}

/// @title Totals
/// @notice The DAO's own entry: what all Active members speak for, and in its upper 48 bits counted 24 | lastId 24.
library Totals {
    function counted(Entry total) internal pure returns (uint256) {
        return uint24(Entry.unwrap(total) >> 208);
    }

    function lastId(Entry total) internal pure returns (uint256) {
        return Entry.unwrap(total) >> 232;
    }

    /// @dev `lastId` bounds `counted`, and the ledger refuses an id past 2^24 − 1: no field overflows.
    function plusCounted(Entry total) internal pure returns (Entry) {
        unchecked {
            return Entry.wrap(Entry.unwrap(total) + (1 << 208));
        }
    }

    function minusCounted(Entry total) internal pure returns (Entry) {
        unchecked {
            return Entry.wrap(Entry.unwrap(total) - (1 << 208));
        }
    }

    function plusId(Entry total) internal pure returns (Entry) {
        unchecked {
            return Entry.wrap(Entry.unwrap(total) + (1 << 232));
        }
    }
}
