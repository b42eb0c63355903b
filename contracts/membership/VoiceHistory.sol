// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC6372} from "@openzeppelin/contracts/interfaces/IERC6372.sol";
import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";

import {CloneArgs} from "../libraries/CloneArgs.sol";
import {Decay} from "../libraries/Decay.sol";
import {Entry} from "../libraries/Entries.sol";
import {IVoiceLedger} from "./IVoiceLedger.sol";
import {Standing} from "./IMembership.sol";
import {Records, Totals} from "./Records.sol";

/// @title VoiceHistory
/// @notice Sums of members and of roots of merit, for each delegate and for the DAO, now and at any past moment.
/// @dev Every operation changes a fixed number of slots: decay, delegation and history need no loop and no keeper.
///      Clone arguments: treasury 20 | governor 20 | base 8 | k 8 | t0 5 | halfLife 4 | transferable 1 | names.
abstract contract VoiceHistory is IVoiceLedger {
    using Records for Entry;
    using Totals for Entry;

    /// @dev What belongs to a person and does not change with an ordinary vote.
    struct Person {
        // slot 0
        address wallet; // 160, kept after exit
        uint24 delegate; // 0 means self
        uint24 ticket; // 0 means the number is the id
        uint40 joined; // Unix seconds of the first admission
    }

    /* CONSTANTS */

    uint256 private constant TREASURY_ARG = 0;
    uint256 internal constant VOICE_ARG = 40;

    /// @dev An act is recorded when the last recorded one is this many days old.
    uint256 internal constant STAMP_DAYS = 30;

    /// @dev Key of the DAO's own history; member ids begin at 1.
    uint256 private constant TOTAL = 0;

    /* STORAGE */

    mapping(address wallet => Entry) internal _records;
    mapping(uint256 id => Person) internal _people;
    /// @dev raw 192 | epoch 16 | used 48 (thousandths of a point).
    mapping(uint256 id => uint256 packed) internal _merits;
    mapping(uint256 id => mapping(uint256 index => Entry)) private _history;
    Entry private _total;

    /* ARGUMENTS */

    function _treasury() internal view returns (address) {
        return CloneArgs.addressAt(TREASURY_ARG);
    }

    /// @inheritdoc IVoiceLedger
    function voiceParams() public view returns (VoiceParams memory) {
        uint256 word = CloneArgs.word(VOICE_ARG);
        return VoiceParams({
            base: uint64(word >> 192), k: uint64(word >> 128), t0: uint40(word >> 88), halfLife: uint32(word >> 56)
        });
    }

    function _isTransferable() internal view returns (bool) {
        return uint8(CloneArgs.word(VOICE_ARG) >> 48) != 0;
    }

    /* CLOCK */

    /// @inheritdoc IERC6372
    function clock() public view returns (uint48) {
        return uint48(block.timestamp);
    }

    /// @inheritdoc IERC6372
    // solhint-disable-next-line func-name-mixedcase
    function CLOCK_MODE() external pure returns (string memory) {
        return "mode=timestamp";
    }

    /* READING */

    /// @inheritdoc IVotes
    function getVotes(address account) external view returns (uint256) {
        return _voice(_records[account], block.timestamp);
    }

    /// @inheritdoc IVotes
    function getPastVotes(address account, uint256 timepoint) external view returns (uint256) {
        return _voice(_pastEntry(account, timepoint), timepoint);
    }

    /// @inheritdoc IVoiceLedger
    function getPastMembers(address account, uint256 timepoint) external view returns (uint256) {
        return _pastEntry(account, timepoint).members();
    }

    /// @inheritdoc IVotes
    function getPastTotalSupply(uint256 timepoint) external view returns (uint256) {
        return _voice(_pastTotal(timepoint), timepoint);
    }

    /// @inheritdoc IVoiceLedger
    function getPastCensus(uint256 timepoint) external view returns (uint256 awake, uint256 counted, uint256 voice) {
        Entry total = _pastTotal(timepoint);
        return (total.members(), total.counted(), _voice(total, timepoint));
    }

    /// @inheritdoc IVoiceLedger
    function census() external view returns (uint256 awake, uint256 counted, uint256 voice, uint256 lastId) {
        Entry total = _total;
        return (total.members(), total.counted(), _voice(total, block.timestamp), total.lastId());
    }

    /// @inheritdoc IVotes
    /// @dev Zero for someone who is not a member.
    function delegates(address account) external view returns (address) {
        Entry record = _records[account];
        if (!record.isMember()) return address(0);
        uint256 delegateId = _people[record.id()].delegate;
        return delegateId == 0 ? account : _people[delegateId].wallet;
    }

    /// @inheritdoc IVoiceLedger
    function meritOf(uint256 id) public view returns (uint256) {
        VoiceParams memory params = voiceParams();
        return Decay.deflateDown(uint192(_merits[id]), Decay.growth(params.t0, params.halfLife, block.timestamp));
    }

    /// @inheritdoc IVoiceLedger
    function storedMeritOf(uint256 id) public view returns (uint256 raw, uint256 epoch, uint256 used) {
        uint256 packed = _merits[id];
        return (uint192(packed), uint16(packed >> 192), packed >> 208);
    }

    function _pastEntry(address account, uint256 timepoint) private view returns (Entry) {
        _checkPast(timepoint);
        Entry record = _records[account];
        return record.lookup(_history[record.id()], timepoint);
    }

    function _pastTotal(uint256 timepoint) private view returns (Entry) {
        _checkPast(timepoint);
        return _total.lookup(_history[TOTAL], timepoint);
    }

    /// @dev What the entry of a record was at a past moment.
    function _entryAt(Entry record, uint256 timepoint) internal view returns (Entry) {
        return record.since() <= timepoint ? record : record.lookup(_history[record.id()], timepoint);
    }

    function _checkPast(uint256 timepoint) private view {
        if (timepoint >= block.timestamp) revert ERC5805FutureLookup(timepoint, clock());
    }

    /// @dev The voice of `entry` at `timestamp`: ⌊base · members + k · units / 2^(x/2)⌋.
    function _voice(Entry entry, uint256 timestamp) internal view returns (uint256) {
        uint256 units = entry.units();
        return _voice(entry, units == 0 ? 0 : _rootGrowthAt(timestamp), CloneArgs.word(VOICE_ARG));
    }

    /// @dev As above with `rootGrowth` and the arguments read before. k · units stays below 2^184.
    function _voice(Entry entry, uint256 rootGrowth, uint256 args) internal pure returns (uint256 voice) {
        unchecked {
            voice = (args >> 192) * entry.members();
            uint256 units = entry.units();
            if (units != 0) voice += uint64(args >> 128) * units / rootGrowth;
        }
    }

    function _rootGrowthAt(uint256 timestamp) internal view returns (uint256) {
        VoiceParams memory params = voiceParams();
        return Decay.rootGrowth(params.t0, params.halfLife, timestamp);
    }

    function _unitsOf(uint256 id) internal view returns (uint256) {
        return Decay.unitsOf(uint192(_merits[id]));
    }

    /* CHANGING SUMS */

    function _loadTotal() internal view returns (Entry) {
        return _total;
    }

    function _storeTotal(Entry total) internal {
        _total = total;
    }

    /// @dev The DAO's entry dated now, so that a change of awake, counted or units leaves the past as it was.
    function _advanceTotal(Entry total) internal returns (Entry) {
        return total.advance(_history[TOTAL]);
    }

    /// @dev Adds a member's own voice to its delegate and to the total. A delegate who is no longer Active is replaced by
    ///      the member. Neither `record` nor `total` is stored.
    function _join(address wallet, Entry record, Entry total) internal returns (Entry, Entry) {
        uint256 id = record.id();
        uint256 delegateId = _people[id].delegate;
        address to = delegateId == 0 ? wallet : _delegateOrSelf(id, wallet, delegateId);
        return _join(wallet, record, total, to, _unitsOf(id));
    }

    /// @dev The wallet of a member's delegate, who is replaced by the member if no longer Active.
    function _delegateOrSelf(uint256 id, address wallet, uint256 delegateId) internal returns (address to) {
        to = _people[delegateId].wallet;
        if (_records[to].standing() == Standing.Active) return to;
        _people[id].delegate = 0;
        emit DelegateChanged(wallet, to, wallet);
        return wallet;
    }

    /// @dev As above for a member whose delegate and units are known.
    function _join(address wallet, Entry record, Entry total, address to, uint256 units)
        internal
        returns (Entry, Entry)
    {
        record = _gain(to, wallet, record, 1, units, 0);
        return (record, _advanceTotal(total).plus(1, units));
    }

    /// @dev Takes a member's own voice from its delegate and from the total.
    function _part(address wallet, Entry record, Entry total) internal returns (Entry, Entry) {
        return _part(wallet, record, total, _delegateWallet(record.id(), wallet));
    }

    /// @dev As above for a member whose delegate is known.
    function _part(address wallet, Entry record, Entry total, address from) internal returns (Entry, Entry) {
        uint256 units = _unitsOf(record.id());
        record = _lose(from, wallet, record, units);
        return (record, _advanceTotal(total).minus(1, units));
    }

    function _delegateWallet(uint256 id, address wallet) internal view returns (address) {
        uint256 delegateId = _people[id].delegate;
        return delegateId == 0 ? wallet : _people[delegateId].wallet;
    }

    /// @dev Adds to the entry of `to`. Where that is `wallet` itself, its record comes back changed and unstored;
    ///      otherwise the delegate's is stored. `rootGrowth` may be 0 if it was not computed before.
    function _gain(address to, address wallet, Entry record, uint256 members, uint256 units, uint256 rootGrowth)
        internal
        returns (Entry)
    {
        Entry entry = to == wallet ? record : _records[to];
        Entry changed = entry.advance(_history[entry.id()]).plus(members, units);
        return _replace(to, wallet, record, entry, changed, rootGrowth);
    }

    /// @dev Takes one member and its units from the entry of `from`; storing as in `_gain`.
    function _lose(address from, address wallet, Entry record, uint256 units) internal returns (Entry) {
        Entry entry = from == wallet ? record : _records[from];
        Entry changed = entry.advance(_history[entry.id()]).minus(1, units);
        return _replace(from, wallet, record, entry, changed, 0);
    }

    function _replace(address delegate_, address wallet, Entry record, Entry entry, Entry changed, uint256 rootGrowth)
        private
        returns (Entry)
    {
        if (rootGrowth == 0 && entry.units() | changed.units() != 0) rootGrowth = _rootGrowthAt(block.timestamp);
        uint256 args = CloneArgs.word(VOICE_ARG);
        emit DelegateVotesChanged(delegate_, _voice(entry, rootGrowth, args), _voice(changed, rootGrowth, args));
        if (delegate_ == wallet) return changed;
        _records[delegate_] = changed;
        return record;
    }

    /// @dev Whether an act of this member is to be recorded. What a batch recorded is not looked at: reading one slot more
    ///      costs nearly what recording costs.
    function _isStale(Entry record) internal view returns (bool) {
        return _isStale(record, Records.today());
    }

    function _isStale(Entry record, uint256 day) internal pure returns (bool) {
        unchecked {
            return day >= record.stamp() + STAMP_DAYS; // a stamp has 16 bits
        }
    }
}
