// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC6372} from "@openzeppelin/contracts/interfaces/IERC6372.sol";
import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "solady/utils/EIP712.sol";

import {CloneArgs} from "../libraries/CloneArgs.sol";
import {Decay} from "../libraries/Decay.sol";
import {Entry} from "../libraries/Entries.sol";
import {Words} from "../libraries/Words.sol";
import {ITreasury} from "../treasury/ITreasury.sol";
import {BatchStamps} from "./BatchStamps.sol";
import {IVoiceLedger} from "./IVoiceLedger.sol";
import {Standing} from "./IMembership.sol";
import {Records, Totals} from "./Records.sol";

/// @title VoiceLedger
/// @notice Sums of members and of roots of merit, for each delegate and for the DAO, now and at any past moment.
/// @dev Every operation changes a fixed number of slots: decay, delegation and history need no loop and no keeper.
///      Clone arguments: treasury 20 | governor 20 | base 8 | k 8 | t0 5 | halfLife 4 | transferable 1 | names.
abstract contract VoiceLedger is IVoiceLedger, EIP712, Nonces {
    using Records for Entry;
    using Totals for Entry;
    using Words for uint256[];

    /// @dev What belongs to a person and does not change with an ordinary vote.
    struct Person {
        // slot 0
        address wallet; // 160, kept after exit
        uint24 delegate; // 0 means self
        uint24 ticket; // 0 means the number is the id
        uint40 joined; // Unix seconds of the first admission
    }

    /// @dev What the credits of one call have in common. `memberCap` in thousandths of a point, `growth` and `rootGrowth` in WAD.
    struct Credit {
        uint256 epoch;
        uint256 memberCap;
        uint256 growth;
        uint256 kind;
        bytes32 ref;
        uint256 rootGrowth;
    }

    /* CONSTANTS */

    uint256 private constant TREASURY_ARG = 0;
    uint256 private constant GOVERNOR_ARG = 20;
    uint256 private constant VOICE_ARG = 40;

    bytes32 private constant DELEGATION_TYPEHASH =
        keccak256("Delegation(address delegatee,uint256 nonce,uint256 expiry)");

    /// @dev An act is recorded when the last recorded one is this many days old.
    uint256 internal constant STAMP_DAYS = 30;

    /// @dev A thousandth of a point of merit.
    uint256 internal constant MILLI = 1e15;

    /// @dev Key of the DAO's own history; member ids begin at 1.
    uint256 private constant TOTAL = 0;

    /// @dev No slot of batch stamps is held yet.
    uint256 private constant NO_GROUP = type(uint256).max;

    /* STORAGE */

    mapping(address wallet => Entry) internal _records;
    mapping(uint256 id => Person) internal _people;
    /// @dev raw 192 | epoch 16 | used 48 (thousandths of a point).
    mapping(uint256 id => uint256 packed) private _merits;
    mapping(uint256 id => mapping(uint256 index => Entry)) private _history;
    Entry private _total;

    /// @dev Days of ballots that came in a large batch, for 16 members a slot. The later day of this and of the record counts.
    mapping(uint256 group => uint256 days_) private _batchStamps;

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

    function _foundingGovernor() internal view returns (address) {
        return CloneArgs.addressAt(GOVERNOR_ARG);
    }

    /// @dev The governor of the founding is known without a storage read. It stays trusted to report ballots, which are
    ///      acts of their casters whoever governs; any later governor is asked for at the Treasury.
    function _checkLaterGovernor() private view {
        if (msg.sender != ITreasury(_treasury()).governor()) revert VoiceNotGovernor(msg.sender);
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

    function _checkPast(uint256 timepoint) private view {
        if (timepoint >= block.timestamp) revert ERC5805FutureLookup(timepoint, clock());
    }

    /// @dev The voice of `entry` at `timestamp`: ⌊base · members + k · units / 2^(x/2)⌋.
    function _voice(Entry entry, uint256 timestamp) internal view returns (uint256) {
        uint256 units = entry.units();
        return _voice(entry, units == 0 ? 0 : _rootGrowthAt(timestamp), CloneArgs.word(VOICE_ARG));
    }

    /// @dev As above with `rootGrowth` and the arguments read before. k · units stays below 2^184.
    function _voice(Entry entry, uint256 rootGrowth, uint256 args) private pure returns (uint256 voice) {
        unchecked {
            voice = (args >> 192) * entry.members();
            uint256 units = entry.units();
            if (units != 0) voice += uint64(args >> 128) * units / rootGrowth;
        }
    }

    function _rootGrowthAt(uint256 timestamp) private view returns (uint256) {
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
        private
        returns (Entry)
    {
        Entry entry = to == wallet ? record : _records[to];
        Entry changed = entry.advance(_history[entry.id()]).plus(members, units);
        return _replace(to, wallet, record, entry, changed, rootGrowth);
    }

    /// @dev Takes one member and its units from the entry of `from`; storing as in `_gain`.
    function _lose(address from, address wallet, Entry record, uint256 units) private returns (Entry) {
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

    /// @dev The day of a member's last recorded act, wherever it was recorded.
    function _stampOf(Entry record) internal view returns (uint256 day) {
        uint256 id = record.id();
        uint256 inBatch = BatchStamps.dayOf(_batchStamps[id >> 4], id);
        day = record.stamp();
        if (inBatch > day) day = inBatch;
    }

    /// @dev Whether an act of this member is to be recorded. What a batch recorded is not looked at: reading one slot more
    ///      costs nearly what recording costs.
    function _isStale(Entry record) internal view returns (bool) {
        return _isStale(record, Records.today());
    }

    function _isStale(Entry record, uint256 day) private pure returns (bool) {
        unchecked {
            return day >= record.stamp() + STAMP_DAYS; // a stamp has 16 bits
        }
    }

    /* DELEGATION */

    /// @inheritdoc IVotes
    /// @dev Delegating to zero means to oneself.
    function delegate(address delegatee) external {
        _delegate(msg.sender, delegatee);
    }

    /// @inheritdoc IVotes
    function delegateBySig(address delegatee, uint256 nonce, uint256 expiry, uint8 v, bytes32 r, bytes32 s) external {
        if (block.timestamp > expiry) revert VotesExpiredSignature(expiry);
        bytes32 digest = _hashTypedData(keccak256(abi.encode(DELEGATION_TYPEHASH, delegatee, nonce, expiry)));
        address signer = ECDSA.recover(digest, v, r, s);
        _useCheckedNonce(signer, nonce);
        _delegate(signer, delegatee);
    }

    function _delegate(address wallet, address delegatee) internal {
        Entry record = _records[wallet];
        uint256 id = record.id();
        if (record.standing() != Standing.Active) revert VoiceNotActive(wallet);
        address from = _delegateWallet(id, wallet);
        address to = delegatee == address(0) ? wallet : delegatee;
        if (to != wallet && _records[to].standing() != Standing.Active) revert VoiceDelegateNotActive(to);
        if (from != to) record = _moveDelegation(id, wallet, record, from, to);
        if (_isStale(record)) {
            record = record.withStanding(Standing.Active);
            emit ActRecorded(id);
        }
        _records[wallet] = record;
    }

    /// @inheritdoc IVoiceLedger
    function reclaim(uint256[] calldata ids) external returns (uint256 reclaimed) {
        for (uint256 i = 0; i < ids.length; ++i) {
            uint256 id = ids[i];
            address wallet = _people[id].wallet;
            Entry record = _records[wallet];
            address from = _delegateWallet(id, wallet);
            if (record.standing() != Standing.Active || _records[from].standing() == Standing.Active) continue;
            _records[wallet] = _moveDelegation(id, wallet, record, from, wallet);
            ++reclaimed;
        }
    }

    function _moveDelegation(uint256 id, address wallet, Entry record, address from, address to)
        private
        returns (Entry)
    {
        uint256 units = _unitsOf(id);
        _people[id].delegate = to == wallet ? 0 : uint24(_records[to].id());
        emit DelegateChanged(wallet, from, to);
        record = _lose(from, wallet, record, units);
        return _gain(to, wallet, record, 1, units, 0);
    }

    /* MERIT */

    /// @inheritdoc IVoiceLedger
    function credit(uint256 id, uint256 points, uint256 kind, bytes32 ref) external {
        Credit memory terms = _openCredit(points, kind, ref);
        _storeTotal(_credit(id, points, terms, _total));
    }

    /// @inheritdoc IVoiceLedger
    function creditMany(uint256[] calldata ids, uint256[] calldata points, uint256 kind, bytes32 ref) external {
        if (ids.length != points.length) revert VoiceRaggedLists(ids.length, points.length);
        uint256 sum = 0;
        for (uint256 i = 0; i < points.length; ++i) {
            sum += points.read(i);
        }
        Credit memory terms = _openCredit(sum, kind, ref);
        Entry total = _total;
        for (uint256 i = 0; i < ids.length; ++i) {
            total = _credit(ids.read(i), points.read(i), terms, total);
        }
        _storeTotal(total);
    }

    function _openCredit(uint256 sum, uint256 kind, bytes32 ref) private returns (Credit memory) {
        VoiceParams memory params = voiceParams();
        (uint256 epoch, uint256 memberCap) = _spendMerit(params.t0, sum);
        return Credit({
            epoch: epoch,
            memberCap: memberCap,
            growth: Decay.growth(params.t0, params.halfLife, block.timestamp),
            kind: kind,
            ref: ref,
            rootGrowth: Decay.rootGrowth(params.t0, params.halfLife, block.timestamp)
        });
    }

    function _credit(uint256 id, uint256 points, Credit memory terms, Entry total) private returns (Entry) {
        address wallet = _people[id].wallet;
        if (wallet == address(0)) revert VoiceUnknownMember(id);

        uint256 unitsBefore;
        uint256 unitsAfter;
        {
            (uint256 raw, uint256 epoch, uint256 used) = storedMeritOf(id);
            uint256 milli = _milliOf(points);
            if (epoch != terms.epoch) used = 0;
            uint256 available = terms.memberCap > used ? terms.memberCap - used : 0;
            if (milli > available) revert VoiceMemberCapExceeded(id, points, available * MILLI);

            unitsBefore = Decay.unitsOf(raw);
            raw = Decay.inflateDown(raw, points, terms.growth);
            unitsAfter = Decay.unitsOf(raw);
            // `used` is at most the cap, below 2^48; an epoch fits 16 bits.
            _merits[id] = raw | (terms.epoch << 192) | ((used + milli) << 208);
        }
        emit MeritCredited(id, points, terms.kind, terms.ref);

        Entry record = _records[wallet];
        if (record.standing() != Standing.Active || unitsAfter == unitsBefore) return total;
        uint256 gained = unitsAfter - unitsBefore;
        _records[wallet] = _gain(_delegateWallet(id, wallet), wallet, record, 0, gained, terms.rootGrowth);
        return _advanceTotal(total).plus(0, gained);
    }

    /// @dev Thousandths of a point in `points`, which must be whole.
    function _milliOf(uint256 points) internal pure returns (uint256) {
        if (points % MILLI != 0) revert VoicePointsNotMilli(points);
        return points / MILLI;
    }

    /// @dev Checks the caller's right to credit, takes `points` from what the epoch allows to all, and returns the epoch
    ///      with what it allows to one member (thousandths of a point).
    function _spendMerit(uint256 t0, uint256 points) internal virtual returns (uint256 epoch, uint256 memberCap);

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
        return length > 3 && length << 2 >= _total.lastId();
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

    function _entryAt(Entry record, uint256 timepoint) private view returns (Entry) {
        return record.since() <= timepoint ? record : record.lookup(_history[record.id()], timepoint);
    }

    /// @dev Makes a Dormant member Active.
    function _wakeDormant(address wallet, Entry record) internal virtual;
}
