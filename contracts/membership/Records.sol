// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";

import {Entry} from "../libraries/Entries.sol";
import {Standing} from "./IMembership.sol";

/// @dev A member's hot slot, keyed by wallet: the entry they speak with, and in its upper 48 bits
///      stamp 16 (day) | standing 3 | dormantIn 5 (epoch modulo 32) | id 24.
type Record is uint256;

/// @dev The DAO's own slot: the entry of all Active members, and in its upper 48 bits counted 24 | lastId 24.
type Total is uint256;

using Records for Record global;
using Totals for Total global;

/// @title Records
/// @notice Reads and changes a member's record by value.
library Records {
    uint256 private constant STAMP = 208;
    uint256 private constant STANDING = 224;
    uint256 private constant DORMANT_IN = 227;
    uint256 private constant ID = 232;

    /// @notice What the member speaks with.
    function entry(Record record) internal pure returns (Entry) {
        return Entry.wrap(Record.unwrap(record));
    }

    /// @notice The record whose entry has become `changed`, which kept the upper bits.
    function from(Entry changed) internal pure returns (Record) {
        return Record.wrap(Entry.unwrap(changed));
    }

    /// @notice Day of the last recorded act, in days since the Unix epoch; of a Newcomer, the day of waking.
    function stamp(Record record) internal pure returns (uint256) {
        return uint16(Record.unwrap(record) >> STAMP);
    }

    function standing(Record record) internal pure returns (Standing value) {
        // Only `withStanding` writes these bits, so they need no range check.
        uint256 bits = standingBits(record);
        assembly ("memory-safe") {
            value := bits
        }
    }

    /// @dev The standing's number. Comparing enumerations costs a range check each time.
    function standingBits(Record record) private pure returns (uint256) {
        return Record.unwrap(record) >> STANDING & 7;
    }

    /// @notice Whether a Dormant member fell dormant in `epoch`, or in one that differs by a multiple of 32.
    function isDormantSince(Record record, uint256 epoch) internal pure returns (bool) {
        return Record.unwrap(record) >> DORMANT_IN & 31 == epoch & 31;
    }

    function id(Record record) internal pure returns (uint256) {
        return Record.unwrap(record) >> ID;
    }

    /// @notice The record of a new person who speaks for nobody yet.
    function create(uint256 newId) internal pure returns (Record) {
        return Record.wrap(newId << ID);
    }

    /// @notice The record with another standing.
    function withStanding(Record record, Standing newStanding) internal pure returns (Record) {
        return Record.wrap(Record.unwrap(record) & ~(uint256(0xff) << STANDING) | uint256(newStanding) << STANDING);
    }

    /// @notice The Dormant record of someone who falls dormant in `epoch`.
    function asDormant(Record record, uint256 epoch) internal pure returns (Record) {
        record = withStanding(record, Standing.Dormant);
        return Record.wrap(Record.unwrap(record) | (epoch & 31) << DORMANT_IN);
    }

    /// @notice The record stamped with another day, which fits 16 bits.
    function withStamp(Record record, uint256 day) internal pure returns (Record) {
        return Record.wrap(Record.unwrap(record) & ~(uint256(type(uint16).max) << STAMP) | day << STAMP);
    }

    /// @notice Whether the standing is Active.
    function isActive(Record record) internal pure returns (bool) {
        return standingBits(record) == uint256(Standing.Active);
    }

    /// @notice Whether the person holds a ticket.
    function isMember(Record record) internal pure returns (bool) {
        uint256 bits = standingBits(record);
        return bits >= uint256(Standing.Active) && bits <= uint256(Standing.Absent);
    }

    /// @notice Whether nobody ever voted with this person's voice, and nobody can have lent them any.
    function neverSpoke(Record record) internal pure returns (bool) {
        return entry(record).since() == 0;
    }

    /// @notice Days since the Unix epoch; fits 16 bits until the year 2149, then stays.
    function today() internal view returns (uint256) {
        return dayOf(block.timestamp);
    }

    /// @notice The day in which a moment lies.
    function dayOf(uint256 timestamp) internal pure returns (uint256) {
        return FixedPointMathLib.min(timestamp / 1 days, type(uint16).max);
    }
}

/// @title Totals
/// @notice Reads and changes the DAO's total by value.
library Totals {
    uint256 private constant COUNTED = 208;
    uint256 private constant LAST_ID = 232;

    /// @notice What all Active members speak for.
    function entry(Total total) internal pure returns (Entry) {
        return Entry.wrap(Total.unwrap(total));
    }

    /// @notice The total whose entry has become `changed`, which kept the upper bits.
    function from(Entry changed) internal pure returns (Total) {
        return Total.wrap(Entry.unwrap(changed));
    }

    /// @notice Active members.
    function awake(Total total) internal pure returns (uint256) {
        return entry(total).members();
    }

    /// @notice Members whose ticket counts for the floor of the quorum.
    function counted(Total total) internal pure returns (uint256) {
        return uint24(Total.unwrap(total) >> COUNTED);
    }

    function lastId(Total total) internal pure returns (uint256) {
        return Total.unwrap(total) >> LAST_ID;
    }

    /// @dev `lastId` bounds `counted`, and the ledger refuses an id past 2^24 − 1: no field overflows.
    function plusCounted(Total total) internal pure returns (Total) {
        unchecked {
            return Total.wrap(Total.unwrap(total) + (1 << COUNTED));
        }
    }

    function minusCounted(Total total) internal pure returns (Total) {
        unchecked {
            return Total.wrap(Total.unwrap(total) - (1 << COUNTED));
        }
    }

    function plusId(Total total) internal pure returns (Total) {
        unchecked {
            return Total.wrap(Total.unwrap(total) + (1 << LAST_ID));
        }
    }
}
