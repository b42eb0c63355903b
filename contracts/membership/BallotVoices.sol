// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {CloneArgs} from "../libraries/CloneArgs.sol";
import {Entry} from "../libraries/Entries.sol";
import {Words} from "../libraries/Words.sol";
import {ITreasury} from "../treasury/ITreasury.sol";
import {BatchStamps} from "./BatchStamps.sol";
import {IVoiceLedger} from "./IVoiceLedger.sol";
import {Standing} from "./IMembership.sol";
import {Records, Totals} from "./Records.sol";
import {VoiceLedger} from "./VoiceLedger.sol";

/// @title BallotVoices
/// @notice What a governor is told of those who propose and vote: who they are and the voice they had. Their acts are recorded.
abstract contract BallotVoices is VoiceLedger {
    using Records for Entry;
    using Totals for Entry;
    using Words for uint256[];

    /* CONSTANTS */

    uint256 private constant GOVERNOR_ARG = 20;

    /// @dev No slot of batch stamps is held yet.
    uint256 private constant NO_GROUP = type(uint256).max;

    /* STORAGE */

    /// @dev Days of ballots that came in a large batch, for 16 members a slot. The later day of this and of the record counts.
    mapping(uint256 group => uint256 days_) private _batchStamps;

    /* GOVERNOR */

    function _foundingGovernor() internal view returns (address) {
        return CloneArgs.addressAt(GOVERNOR_ARG);
    }

    /// @dev The governor of the founding is known without a storage read. It stays trusted to report ballots, which are
    ///      acts of their casters whoever governs; any later governor is asked for at the Treasury.
    function _checkLaterGovernor() private view {
        if (msg.sender != ITreasury(_treasury()).governor()) revert VoiceNotGovernor(msg.sender);
    }

    /* READING */

    /// @dev The day of a member's last recorded act, wherever it was recorded.
    function _stampOf(Entry record) internal view returns (uint256 day) {
        uint256 id = record.id();
        uint256 inBatch = BatchStamps.dayOf(_batchStamps[id >> 4], id);
        day = record.stamp();
        if (inBatch > day) day = inBatch;
    }

    /* PROPOSALS AND BALLOTS */

    /// @inheritdoc IVoiceLedger
    function receiveProposalOf(address account, uint256 timepoint) external view returns (uint256 id, uint256 voice) {
        if (msg.sender != _foundingGovernor()) _checkLaterGovernor();
        Entry record = _records[account];
        if (record.isActive()) id = record.id();
        voice = _voice(_entryAt(record, timepoint), timepoint);
    }

    /// @inheritdoc IVoiceLedger
    function receiveBallotOf(address account, uint256 timepoint) external returns (uint256) {
        // One read: governor 20 | base 8 | first half of k.
        uint256 args = CloneArgs.word(GOVERNOR_ARG);
        if (msg.sender != address(uint160(args >> 96))) _checkLaterGovernor();
        Entry record = _records[account];
        if (!record.isActive()) record = _wakeCaster(account, record, timepoint);
        Entry past = _entryAt(record, timepoint);
        uint256 members = past.members();
        if (members == 0) return 0;
        uint256 day = Records.today();
        if (_isStale(record, day)) _records[account] = record.withStamp(day);
        unchecked {
            uint256 voice = past.units() == 0 ? uint64(args >> 32) * members : _voice(past, timepoint);
            return record.id() << 152 | members << 128 | voice;
        }
    }

    /// @inheritdoc IVoiceLedger
    function receiveManyBallots(uint256[] calldata casters, uint256 timepoint)
        external
        returns (uint256[] memory ballots)
    {
        // As above; what merit adds is read when it is met.
        uint256 args = CloneArgs.word(GOVERNOR_ARG);
        if (msg.sender != address(uint160(args >> 96))) _checkLaterGovernor();
        uint256 base = uint64(args >> 32);
        uint256 length = casters.length;
        uint256 rootGrowth = 0;
        uint256 day = Records.today();
        bool shared = _isLarge(length);
        uint256 group = NO_GROUP;
        uint256 days_ = 0;
        ballots = Words.create(length);
        for (uint256 i = 0; i < length; ++i) {
            uint256 caster = casters.read(i);
            address account = address(uint160(caster));
            Entry record = _records[account];
            uint256 ballot = 0;
            if (record.id() == uint24(caster >> 160)) {
                if (!record.isActive()) record = _wakeCaster(account, record, timepoint);
                Entry past = _entryAt(record, timepoint);
                uint256 members = past.members();
                if (members != 0) {
                    if (_isStale(record, day)) {
                        if (shared) (group, days_) = _stampInGroup(group, days_, record.id(), day);
                        else _records[account] = record.withStamp(day);
                    }
                    uint256 voice;
                    if (past.units() == 0) {
                        unchecked {
                            voice = base * members;
                        }
                    } else {
                        if (rootGrowth == 0) {
                            rootGrowth = _rootGrowthAt(timepoint);
                            args = CloneArgs.word(VOICE_ARG);
                        }
                        voice = _voice(past, rootGrowth, args);
                    }
                    // A voice fits 128 bits: units below 2^120 with k at most 10, members below 2^24.
                    ballot = record.id() << 152 | members << 128 | voice;
                }
            }
            ballots.set(i, ballot);
        }
        if (group != NO_GROUP) _batchStamps[group] = days_;
        ballots.giveBack();
    }

    /// @dev Whether a batch has, on average, four ballots or more for every 16 members. Then a slot for 16 costs less than the
    ///      slots of its casters: 5,000 (once 22,100) against 2,900 each.
    function _isLarge(uint256 length) private view returns (bool) {
        return length > 3 && length << 2 >= _loadTotal().lastId();
    }

    /// @dev Wakes a Dormant caster who had voice and returns their new record; an empty one for whoever has no valid ballot.
    function _wakeCaster(address account, Entry record, uint256 timepoint) private returns (Entry) {
        // A Newcomer may speak for delegators who did not reclaim their voice when that person left: not before the season.
        if (record.standing() != Standing.Dormant) return Entry.wrap(0);
        if (_entryAt(record, timepoint).members() == 0) return Entry.wrap(0);
        _wakeDormant(account, record);
        return _records[account];
    }

    /// @dev Records an act in the slot of a member's group, which is held until another group's turn and then stored.
    function _stampInGroup(uint256 group, uint256 days_, uint256 id, uint256 day) private returns (uint256, uint256) {
        if (group != id >> 4) {
            if (group != NO_GROUP) _batchStamps[group] = days_;
            group = id >> 4;
            days_ = _batchStamps[group];
        }
        return (group, BatchStamps.withDay(days_, id, day));
    }

    /// @dev Makes a Dormant member Active.
    function _wakeDormant(address wallet, Entry record) internal virtual;
}
