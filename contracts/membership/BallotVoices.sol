// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Cast, Casts} from "../libraries/Casts.sol";
import {CloneArgs} from "../libraries/CloneArgs.sol";
import {Entry} from "../libraries/Entries.sol";
import {Words} from "../libraries/Words.sol";
import {ITreasury} from "../treasury/ITreasury.sol";
import {IVoiceLedger} from "./IVoiceLedger.sol";
import {Standing} from "./IMembership.sol";
import {Record, Records} from "./Records.sol";
import {VoiceArgs} from "./VoiceArgs.sol";
import {VoiceLedger} from "./VoiceLedger.sol";

/// @title BallotVoices
/// @notice What a governor is told of those who propose and vote: who they are and the voice they had. Their acts are recorded.
abstract contract BallotVoices is VoiceLedger {
    using Words for uint256[];

    /* CONSTANTS */

    uint256 private constant GOVERNOR_ARG = 20;

    /* GOVERNOR */

    function _foundingGovernor() internal view returns (address) {
        return CloneArgs.addressAt(GOVERNOR_ARG);
    }

    /// @dev The governor of the founding is known without a storage read. It stays trusted to report ballots, which are
    ///      acts of their casters whoever governs; any later governor is asked for at the Treasury.
    function _checkLaterGovernor() private view {
        if (msg.sender != ITreasury(_treasury()).governor()) revert VoiceNotGovernor(msg.sender);
    }

    /* PROPOSALS AND BALLOTS */

    /// @inheritdoc IVoiceLedger
    function receiveProposalOf(address account, uint256 timepoint) external view returns (uint256 id, uint256 voice) {
        if (msg.sender != _foundingGovernor()) _checkLaterGovernor();
        Record record = _records[account];
        if (record.isActive()) id = record.id();
        voice = _voice(_entryAt(record, timepoint), timepoint);
    }

    /// @inheritdoc IVoiceLedger
    function receiveBallotOf(address account, uint256 timepoint) external returns (uint256) {
        // One read: governor 20 | base 8 | first bytes of k.
        uint256 args = CloneArgs.word(GOVERNOR_ARG);
        if (msg.sender != address(uint160(args >> 96))) _checkLaterGovernor();
        Record record = _records[account];
        if (!record.isActive()) record = _wakeCaster(account, record, timepoint);
        Entry past = _entryAt(record, timepoint);
        uint256 members = past.members();
        if (members == 0) return 0;
        uint256 day = Records.today();
        if (_isStale(record, day)) _records[account] = record.withStamp(day);
        unchecked {
            uint256 voice = past.units() == 0 ? uint64(args >> 32) * members : _voice(past, timepoint);
            return Cast.unwrap(Casts.create(record.id(), members, voice));
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
        VoiceArgs voiceArgs;
        uint256 day = Records.today();
        ballots = Words.create(length);
        for (uint256 i = 0; i < length; ++i) {
            uint256 caster = casters.read(i);
            address account = address(uint160(caster));
            Record record = _records[account];
            Cast cast;
            if (record.id() == uint24(caster >> 160)) {
                if (!record.isActive()) record = _wakeCaster(account, record, timepoint);
                Entry past = _entryAt(record, timepoint);
                uint256 members = past.members();
                if (members != 0) {
                    if (_isStale(record, day)) _records[account] = record.withStamp(day);
                    uint256 voice;
                    if (past.units() == 0) {
                        unchecked {
                            voice = base * members;
                        }
                    } else {
                        if (rootGrowth == 0) {
                            voiceArgs = _args();
                            rootGrowth = voiceArgs.rootGrowthAt(timepoint);
                        }
                        voice = voiceArgs.voiceOf(past, rootGrowth);
                    }
                    cast = Casts.create(record.id(), members, voice);
                }
            }
            ballots.set(i, Cast.unwrap(cast));
        }
        ballots.giveBack();
    }

    /// @dev Wakes a Dormant caster who had voice and returns their new record; an empty one for whoever has no valid ballot.
    function _wakeCaster(address account, Record record, uint256 timepoint) private returns (Record) {
        // A Newcomer may speak for delegators who did not reclaim their voice when that person left: not before the season.
        if (record.standing() != Standing.Dormant) return Record.wrap(0);
        if (_entryAt(record, timepoint).members() == 0) return Record.wrap(0);
        _wakeDormant(account, record);
        return _records[account];
    }

    /// @dev Makes a Dormant member Active.
    function _wakeDormant(address wallet, Record record) internal virtual;
}
