// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev One slot: what a delegate, or the whole DAO, speaks for since a moment.
///      units 120 | members 24 | count 30 | since 34 | 48 bits that belong to the owner of the slot.
type Entry is uint256;

using Entries for Entry global;

/// @title Entries
/// @notice Packed checkpoints. The latest entry lives in the owner's hot slot; when it changes in a later second it is
///         first pushed into its history, so that the usual lookup reads one slot.
library Entries {
    uint256 private constant MAX_COUNT = 2 ** 30 - 1;
    uint256 private constant MAX_TIME = 2 ** 34 - 1;
    uint256 private constant COUNT = 144;
    uint256 private constant SINCE = 174;

    /// @notice Σ ⌊√raw merit⌋ of the members spoken for.
    function units(Entry entry) internal pure returns (uint256) {
        return uint120(Entry.unwrap(entry));
    }

    /// @notice Number of Active members spoken for.
    function members(Entry entry) internal pure returns (uint256) {
        return uint24(Entry.unwrap(entry) >> 120);
    }

    /// @notice Number of entries in the history.
    function count(Entry entry) internal pure returns (uint256) {
        return Entry.unwrap(entry) >> COUNT & MAX_COUNT;
    }

    /// @notice When the entry took force, Unix seconds.
    function since(Entry entry) internal pure returns (uint256) {
        return Entry.unwrap(entry) >> SINCE & MAX_TIME;
    }

    /// @notice The entry with `addedMembers` and `addedUnits` more.
    /// @dev Sums cannot leave their fields: at most 2^24 − 1 members, each with a root below 2^95.
    function plus(Entry entry, uint256 addedMembers, uint256 addedUnits) internal pure returns (Entry) {
        unchecked {
            return Entry.wrap(Entry.unwrap(entry) + ((addedMembers << 120) | addedUnits));
        }
    }

    /// @notice The entry without `lessMembers` and `lessUnits`, which it contains.
    function minus(Entry entry, uint256 lessMembers, uint256 lessUnits) internal pure returns (Entry) {
        unchecked {
            return Entry.wrap(Entry.unwrap(entry) - ((lessMembers << 120) | lessUnits));
        }
    }

    /// @notice Keeps `entry` in `history` if it is from an earlier second, and returns it dated now, ready for change.
    /// @dev 2^30 − 1 changes are 34 years of one change in every second. After that the newest place of the history is
    ///      overwritten, so that nothing reverts; lookups behind the entry and the one before it are no longer reliable.
    function advance(Entry entry, mapping(uint256 index => Entry) storage history) internal returns (Entry) {
        if (entry.since() == block.timestamp) return entry;
        uint256 n = entry.count();
        uint256 word = Entry.unwrap(entry);
        if (entry.since() != 0) {
            if (n == MAX_COUNT) {
                history[n - 1] = entry;
            } else {
                history[n] = entry;
                unchecked {
                    word += 1 << COUNT; // the count is below its maximum
                }
            }
        }
        // `since` is cleared and set anew; a timestamp fits 34 bits until the year 2514.
        return Entry.wrap((word & ~(MAX_TIME << SINCE)) | (block.timestamp << SINCE));
    }

    /// @notice The entry in force at `timestamp`; zero when there was none.
    function lookup(Entry entry, mapping(uint256 index => Entry) storage history, uint256 timestamp)
        internal
        view
        returns (Entry)
    {
        if (entry.since() <= timestamp) return entry;
        uint256 high = entry.count();
        // Most questions are about the last weeks: back in growing steps until an entry is early enough. Everything from
        // `high` on is later than `timestamp`.
        uint256 low = 0;
        for (uint256 step = 1; high != 0; step <<= 1) {
            uint256 earlier = high > step ? high - step : 0;
            if (history[earlier].since() <= timestamp) {
                low = earlier + 1;
                break;
            }
            high = earlier;
        }
        // Then by halves: everything before `low` is from `timestamp` or earlier.
        while (low < high) {
            uint256 middle = (low + high) / 2;
            if (history[middle].since() <= timestamp) low = middle + 1;
            else high = middle;
        }
        return low == 0 ? Entry.wrap(0) : history[low - 1];
    }
}
