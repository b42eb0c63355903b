// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC4906} from "@openzeppelin/contracts/interfaces/IERC4906.sol";
import {IERC6372} from "@openzeppelin/contracts/interfaces/IERC6372.sol";
import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";

import {CloneArgs} from "../libraries/CloneArgs.sol";
import {Decay} from "../libraries/Decay.sol";
import {Entry} from "../libraries/Entries.sol";
import {IVoiceLedger} from "./IVoiceLedger.sol";
import {Merit} from "./Merits.sol";
import {Record, Records, Total, Totals} from "./Records.sol";
import {VoiceArgs} from "./VoiceArgs.sol";

/// @title VoiceHistory
/// @notice Sums of members and of roots of merit, for each delegate and for the DAO, now and at any past moment.
/// @dev Every operation changes a fixed number of slots: decay, delegation and history need no loop and no keeper.
///      Clone arguments: treasury 20 | governor 20 | base 8 | k 10 | full 4 | t0 5 | halfLife 4 | transferable 1 | names.
abstract contract VoiceHistory is IVoiceLedger {
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
    uint256 private constant VOICE_ARG = 40;

    /// @dev An act is recorded when the last recorded one is this many days old.
    uint256 internal constant STAMP_DAYS = 30;

    /// @dev Key of the DAO's own history; member ids begin at 1.
    uint256 private constant TOTAL = 0;

    /* STORAGE */

    mapping(address wallet => Record) internal _records;
    mapping(uint256 id => Person) internal _people;
    mapping(uint256 id => Merit) internal _merits;
    mapping(uint256 id => mapping(uint256 index => Entry)) private _history;
    Total private _total;

    /* ARGUMENTS */

    function _treasury() internal view returns (address) {
        return CloneArgs.addressAt(TREASURY_ARG);
    }

    /// @inheritdoc IVoiceLedger
    function voiceParams() external view returns (VoiceParams memory) {
        VoiceArgs args = _args();
        // Each fits: these are the widths in the arguments.
        return VoiceParams({
            t0: uint40(args.t0()),
            halfLife: uint32(args.halfLife()),
            base: uint64(args.base()),
            k: uint80(args.k()),
            full: uint32(args.full())
        });
    }

    function _args() internal view returns (VoiceArgs) {
        return VoiceArgs.wrap(CloneArgs.word(VOICE_ARG));
    }

    function _isTransferable() internal view returns (bool) {
        return _args().isTransferable();
    }

    /* CLOCK AND UNIT */

    /// @inheritdoc IERC6372
    function clock() public view returns (uint48) {
        return uint48(block.timestamp);
    }

    /// @inheritdoc IERC6372
    // solhint-disable-next-line func-name-mixedcase
    function CLOCK_MODE() external pure returns (string memory) {
        return "mode=timestamp";
    }

    /// @inheritdoc IVoiceLedger
    function decimals() external pure returns (uint8) {
        return 9;
    }

    /* READING */

    /// @inheritdoc IVotes
    function getVotes(address account) external view returns (uint256) {
        return _voice(_records[account].entry(), block.timestamp);
    }

    /// @inheritdoc IVotes
    function getPastVotes(address account, uint256 timepoint) external view returns (uint256) {
        return _voice(_pastEntry(account, timepoint), timepoint);
    }

    /// @inheritdoc IVotes
    function getPastTotalSupply(uint256 timepoint) external view returns (uint256) {
        return _voice(_pastTotal(timepoint), timepoint);
    }

    /// @inheritdoc IVoiceLedger
    function getPastCensus(uint256 timepoint) external view returns (uint256 awake, uint256 counted, uint256 voice) {
        Total total = Totals.from(_pastTotal(timepoint));
        return (total.awake(), total.counted(), _voice(total.entry(), timepoint));
    }

    /// @inheritdoc IVoiceLedger
    function census() external view returns (uint256 awake, uint256 counted, uint256 voice, uint256 lastId) {
        Total total = _total;
        return (total.awake(), total.counted(), _voice(total.entry(), block.timestamp), total.lastId());
    }

    /// @inheritdoc IVotes
    /// @dev Zero for someone who is not a member.
    function delegates(address account) external view returns (address) {
        Record record = _records[account];
        return record.isMember() ? _delegateWallet(record.id(), account) : address(0);
    }

    /// @inheritdoc IVoiceLedger
    function meritOf(uint256 id) public view returns (uint256) {
        return Decay.deflateDown(_merits[id].raw(), Decay.growthDown(_args().rootGrowthAt(block.timestamp)));
    }

    function _pastEntry(address account, uint256 timepoint) private view returns (Entry) {
        _checkPast(timepoint);
        return _entryAt(_records[account], timepoint);
    }

    function _pastTotal(uint256 timepoint) internal view returns (Entry) {
        _checkPast(timepoint);
        return _total.entry().lookup(_history[TOTAL], timepoint);
    }

    /// @dev What the entry of a record was at a past moment.
    function _entryAt(Record record, uint256 timepoint) internal view returns (Entry entry) {
        entry = record.entry();
        // Mostly the latest entry is early enough: then it is not worked out where the others are.
        if (entry.since() > timepoint) entry = entry.lookup(_history[record.id()], timepoint);
    }

    function _checkPast(uint256 timepoint) private view {
        if (timepoint >= block.timestamp) revert ERC5805FutureLookup(timepoint, clock());
    }

    /// @dev The voice of `entry` at `timestamp`: ⌊base · members + k · units / 2^(x/2)⌋.
    function _voice(Entry entry, uint256 timestamp) internal view returns (uint256) {
        VoiceArgs args = _args();
        return args.voiceOf(entry, entry.units() == 0 ? 0 : args.rootGrowthAt(timestamp));
    }

    function _unitsOf(uint256 id) internal view returns (uint256) {
        return _merits[id].units();
    }

    /* CHANGING SUMS */

    function _loadTotal() internal view returns (Total) {
        return _total;
    }

    function _storeTotal(Total total) internal {
        _total = total;
    }

    /// @dev The DAO's total dated now, so that a change of awake, counted or units leaves the past as it was.
    function _advanceTotal(Total total) internal returns (Total) {
        return Totals.from(total.entry().advance(_history[TOTAL]));
    }

    /// @dev The wallet of a member's delegate, who is replaced by the member if no longer Active.
    function _delegateOrSelf(uint256 id, address wallet, uint256 delegateId) internal returns (address to) {
        to = _people[delegateId].wallet;
        if (_records[to].isActive()) return to;
        _people[id].delegate = 0;
        emit DelegateChanged(wallet, to, wallet);
        return wallet;
    }

    /// @dev Adds a member's own voice to the delegate `to` and to the total. Neither `record` nor `total` is stored.
    function _join(address wallet, Record record, Total total, address to, uint256 units)
        internal
        returns (Record, Total)
    {
        record = _gain(to, wallet, record, 1, units);
        return (record, Totals.from(_advanceTotal(total).entry().plus(1, units)));
    }

    /// @dev Takes a member's own voice from its delegate and from the total.
    function _part(address wallet, Record record, Total total) internal returns (Record, Total) {
        return _part(wallet, record, total, _delegateWallet(record.id(), wallet));
    }

    /// @dev As above for a member whose delegate is known.
    function _part(address wallet, Record record, Total total, address from) internal returns (Record, Total) {
        uint256 units = _unitsOf(record.id());
        record = _lose(from, wallet, record, units);
        return (record, Totals.from(_advanceTotal(total).entry().minus(1, units)));
    }

    function _delegateWallet(uint256 id, address wallet) internal view returns (address) {
        uint256 delegateId = _people[id].delegate;
        return delegateId == 0 ? wallet : _people[delegateId].wallet;
    }

    /// @dev Adds to the entry of `to`. Where that is `wallet` itself, its record comes back changed and unstored;
    ///      otherwise the delegate's is stored.
    function _gain(address to, address wallet, Record record, uint256 members, uint256 units)
        internal
        returns (Record)
    {
        Record before = to == wallet ? record : _records[to];
        Entry changed = before.entry().advance(_history[before.id()]).plus(members, units);
        return _replace(to, wallet, record, before, Records.from(changed));
    }

    /// @dev Takes one member and its units from the entry of `from`; storing as in `_gain`.
    function _lose(address from, address wallet, Record record, uint256 units) internal returns (Record) {
        Record before = from == wallet ? record : _records[from];
        Entry changed = before.entry().advance(_history[before.id()]).minus(1, units);
        return _replace(from, wallet, record, before, Records.from(changed));
    }

    /// @dev The picture of a delegate's ticket changes with their voice; that of `wallet` is announced by the caller.
    function _replace(address delegate_, address wallet, Record record, Record before, Record changed)
        private
        returns (Record)
    {
        Entry old = before.entry();
        Entry new_ = changed.entry();
        VoiceArgs args = _args();
        uint256 rootGrowth = old.units() | new_.units() == 0 ? 0 : args.rootGrowthAt(block.timestamp);
        emit DelegateVotesChanged(delegate_, args.voiceOf(old, rootGrowth), args.voiceOf(new_, rootGrowth));
        if (delegate_ == wallet) return changed;
        _records[delegate_] = changed;
        if (changed.isMember()) emit IERC4906.MetadataUpdate(_ticketNumber(changed.id()));
        return record;
    }

    /// @dev The number of the ticket a member holds.
    function _ticketNumber(uint256 id) internal view returns (uint256) {
        if (!_isTransferable()) return id;
        uint256 ticket = _people[id].ticket;
        return ticket == 0 ? id : ticket;
    }

    /// @dev Whether an act of this member is to be recorded.
    function _isStale(Record record) internal view returns (bool) {
        return _isStale(record, Records.today());
    }

    function _isStale(Record record, uint256 day) internal pure returns (bool) {
        unchecked {
            return day >= record.stamp() + STAMP_DAYS; // a stamp has 16 bits
        }
    }
}
