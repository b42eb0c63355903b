// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {IERC6372} from "@openzeppelin/contracts/interfaces/IERC6372.sol";
import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {IERC721Metadata} from "@openzeppelin/contracts/token/ERC721/extensions/IERC721Metadata.sol";
import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";

import {CloneArgs} from "../libraries/CloneArgs.sol";
import {Entry} from "../libraries/Entries.sol";
import {Epochs} from "../libraries/Epochs.sol";
import {Signatures} from "../libraries/Signatures.sol";
import {ITreasury} from "../treasury/ITreasury.sol";
import {Roles} from "../treasury/Roles.sol";
import {IMembership, Standing, Status} from "./IMembership.sol";
import {IMembershipCard} from "./IMembershipCard.sol";
import {Lifecycle} from "./Lifecycle.sol";
import {Records} from "./Records.sol";
import {Tickets} from "./Tickets.sol";
import {VoiceLedger} from "./VoiceLedger.sol";

/// @title Membership
/// @notice People, their tickets (ERC-721) and their voice. See `IMembership`.
contract Membership is Lifecycle {
    using Records for Entry;

    /// @dev What has been used of the caps in `epoch`, the epoch of the latest use.
    struct Usage {
        // slot 0
        uint16 epoch;
        uint64 merit; // thousandths of a point
        uint16 admitted; // by the steward
    }

    /// @dev The caps on merit that hold before epoch `until`, where the settings have higher ones. Thousandths of a point.
    struct FormerCaps {
        // slot 0
        uint24 until;
        uint64 meritCap;
        uint64 meritCapPerMember;
    }

    /* CONSTANTS */

    uint256 private constant NAMES_ARG = 66;

    bytes32 private constant DELEGATE_TYPEHASH =
        keccak256("Delegate(address account,address delegatee,uint256 nonce,uint256 deadline)");
    bytes32 private constant EXIT_TYPEHASH = keccak256("Exit(address account,uint256 nonce,uint256 deadline)");
    bytes32 private constant REJOIN_TYPEHASH =
        keccak256("Rejoin(address account,bytes32 charterHash,uint256 nonce,uint256 deadline)");
    bytes32 private constant WAKE_TYPEHASH =
        keccak256("Wake(address account,bytes32 charterHash,uint256 nonce,uint256 deadline)");
    bytes32 private constant REST_TYPEHASH = keccak256("Rest(address account,uint256 nonce,uint256 deadline)");

    /* IMMUTABLES */

    IMembershipCard private immutable CARD;

    /* STORAGE */

    Usage private _usage;
    FormerCaps private _formerCaps;

    /* INITIALIZATION */

    constructor(IMembershipCard card) {
        CARD = card;
        _settings.dormantAfter = 1;
    }

    /// @notice Gives a new clone its settings, its charter and its first members. Works once; the factory calls it in the
    ///         transaction that makes the clone, after the Governor's settings are in place.
    function initialize(
        Settings calldata settings_,
        bytes32 charterHash_,
        string calldata charterURI,
        address[] calldata members
    ) external {
        if (_settings.dormantAfter != 0) revert MembershipAlreadyInitialized();
        VoiceParams memory params = voiceParams();
        _checkRange("halfLife", params.halfLife, 90 days, 3650 days);
        _checkRange("base", params.base, 1e9, 1e12);
        _checkRange("k", params.k, 0, 10e18);
        _checkRange("t0", params.t0, block.timestamp - 1 days, block.timestamp + 1 days);
        _setSettings(settings_);
        _setCharter(charterHash_, charterURI);
        _admitMany(members, charterHash_);
    }

    /* ADMISSION */

    /// @inheritdoc IMembership
    function admit(address wallet, bytes32 accepted) external returns (uint256 id) {
        _checkAdmitter(1);
        Entry total;
        (id, total) = _admit(wallet, _standingFor(accepted), accepted, _loadTotal());
        _storeTotal(total);
    }

    /// @inheritdoc IMembership
    function admitMany(address[] calldata wallets, bytes32 accepted) external {
        _checkAdmitter(wallets.length);
        _admitMany(wallets, accepted);
    }

    function _admitMany(address[] calldata wallets, bytes32 accepted) private {
        Standing standing = _standingFor(accepted);
        Entry total = _loadTotal();
        for (uint256 i = 0; i < wallets.length; ++i) {
            (, total) = _admit(wallets[i], standing, accepted, total);
        }
        _storeTotal(total);
    }

    /// @dev Lets the Treasury and ADMITTERs pass, and the steward within the number of this epoch.
    function _checkAdmitter(uint256 number) private {
        address treasury_ = _treasury();
        if (msg.sender == treasury_ || IAccessControl(treasury_).hasRole(Roles.ADMITTER, msg.sender)) return;
        if (msg.sender != ITreasury(treasury_).steward()) revert MembershipUnauthorized(msg.sender, Roles.ADMITTER);
        Usage memory used = _usageAt(voiceParams().t0);
        uint256 available = _settings.stewardCap - _min(_settings.stewardCap, used.admitted);
        if (number > available) revert MembershipStewardCapExceeded(number, available);
        // At most the cap, which fits 16 bits.
        used.admitted += uint16(number);
        _usage = used;
        emit StewardAdmitted(used.epoch, number);
    }

    /* TICKETS */

    /// @inheritdoc IERC721
    function balanceOf(address holder) external view returns (uint256) {
        if (holder == address(0)) revert ERC721InvalidOwner(holder);
        return _records[holder].isMember() ? 1 : 0;
    }

    /// @inheritdoc IERC721Metadata
    function name() external view returns (string memory dao) {
        (dao,) = CloneArgs.stringsAt(NAMES_ARG);
    }

    /// @inheritdoc IERC721Metadata
    function symbol() external view returns (string memory ticker) {
        (, ticker) = CloneArgs.stringsAt(NAMES_ARG);
    }

    /// @inheritdoc IERC721Metadata
    function tokenURI(uint256 ticket) external view returns (string memory) {
        ownerOf(ticket);
        return CARD.tokenURI(this, ticket);
    }

    /* LEAVING AND RETURNING */

    /// @inheritdoc IMembership
    function exit() external {
        _exit(msg.sender);
    }

    /// @inheritdoc IMembership
    function exitBySig(address account, uint256 deadline, bytes calldata signature) external {
        _checkSignature(account, abi.encode(EXIT_TYPEHASH, account, _useNonce(account), deadline), deadline, signature);
        _exit(account);
    }

    /// @inheritdoc IMembership
    function bar(uint256 id) external {
        _checkTreasury();
        _bar(id);
    }

    /// @inheritdoc IMembership
    function rejoin(bytes32 accepted) external {
        _rejoin(msg.sender, accepted);
    }

    /// @inheritdoc IMembership
    function rejoinBySig(address account, bytes32 accepted, uint256 deadline, bytes calldata signature) external {
        _checkSigned(REJOIN_TYPEHASH, account, accepted, deadline, signature);
        _rejoin(account, accepted);
    }

    /* DORMANCY */

    /// @inheritdoc IMembership
    function rest() external {
        _rest(msg.sender);
    }

    /// @inheritdoc IMembership
    function restBySig(address account, uint256 deadline, bytes calldata signature) external {
        _checkSignature(account, abi.encode(REST_TYPEHASH, account, _useNonce(account), deadline), deadline, signature);
        _rest(account);
    }

    /// @inheritdoc IMembership
    function wake(bytes32 accepted) external {
        _wake(msg.sender, accepted);
    }

    /// @inheritdoc IMembership
    function wakeBySig(address account, bytes32 accepted, uint256 deadline, bytes calldata signature) external {
        _checkSigned(WAKE_TYPEHASH, account, accepted, deadline, signature);
        _wake(account, accepted);
    }

    /* DOORS */

    /// @inheritdoc IMembership
    function moveWallet(uint256 id, address wallet) external {
        _checkRole(Roles.SUCCESSION);
        address from = _people[id].wallet;
        if (from == address(0)) revert VoiceUnknownMember(id);
        if (_cannotHold(wallet)) revert MembershipInvalidWallet(wallet);
        if (_records[wallet].id() != 0) revert MembershipWalletTaken(wallet, _records[wallet].id());
        Entry record = _records[from];
        _records[from] = Entry.wrap(0);
        _records[wallet] = record;
        _people[id].wallet = wallet;
        emit WalletMoved(id, from, wallet);
        uint256 voice = _voice(record, block.timestamp);
        if (voice != 0) {
            emit DelegateVotesChanged(from, voice, 0);
            emit DelegateVotesChanged(wallet, 0, voice);
        }
        if (record.isMember()) _emitTransfer(from, wallet, _ticketNumber(id));
    }

    /// @inheritdoc IMembership
    function act(address wallet) external returns (uint256 id, Status status) {
        Entry record = _records[wallet];
        if (record.standing() == Standing.Active && _isStale(record) && _mayUse(Roles.REWARDER)) {
            _records[wallet] = record.withStanding(Standing.Active);
            emit ActRecorded(record.id());
        }
        return (record.id(), _statusOf(record));
    }

    function _checkRole(bytes32 role) private view {
        if (!_mayUse(role)) revert MembershipUnauthorized(msg.sender, role);
    }

    /// @dev Whether the caller may use the door of a role; the Treasury may use every one.
    function _mayUse(bytes32 role) private view returns (bool) {
        address treasury_ = _treasury();
        return msg.sender == treasury_ || IAccessControl(treasury_).hasRole(role, msg.sender);
    }

    function _checkTreasury() private view {
        if (msg.sender != _treasury()) revert MembershipUnauthorized(msg.sender, 0);
    }

    /// @inheritdoc VoiceLedger
    function _spendMerit(uint256 t0, uint256 points) internal override returns (uint256 epoch, uint256 memberCap) {
        _checkRole(Roles.REWARDER);
        Usage memory used = _usageAt(t0);
        uint256 cap;
        (cap, memberCap) = _meritCapsIn(used.epoch);
        uint256 milli = _milliOf(points);
        uint256 available = cap - _min(cap, used.merit);
        if (milli > available) revert VoiceMeritCapExceeded(points, available * MILLI);
        // At most the cap, which fits 64 bits.
        used.merit += uint64(milli);
        _usage = used;
        epoch = used.epoch;
    }

    /// @dev What may be credited in `epoch`, to all and to one member. Thousandths of a point.
    function _meritCapsIn(uint256 epoch) private view returns (uint64 cap, uint64 memberCap) {
        (cap, memberCap) = (_settings.meritCap, _settings.meritCapPerMember);
        FormerCaps memory former = _formerCaps;
        if (epoch >= former.until) return (cap, memberCap);
        if (former.meritCap < cap) cap = former.meritCap;
        if (former.meritCapPerMember < memberCap) memberCap = former.meritCapPerMember;
    }

    /// @dev A raise counts from the epoch after the next one, which leaves at least 30 days to vote it down; a cut counts
    ///      at once.
    function _postponeRaise(Settings calldata next) private {
        Settings memory current = _settings;
        if (next.meritCap <= current.meritCap && next.meritCapPerMember <= current.meritCapPerMember) return;
        uint16 epoch = Epochs.numberAt(voiceParams().t0, block.timestamp);
        (uint64 cap, uint64 memberCap) = _meritCapsIn(epoch);
        _formerCaps = FormerCaps({until: uint24(epoch) + 2, meritCap: cap, meritCapPerMember: memberCap});
    }

    function _usageAt(uint256 t0) private view returns (Usage memory used) {
        used = _usage;
        uint16 epoch = Epochs.numberAt(t0, block.timestamp);
        if (used.epoch != epoch) used = Usage({epoch: epoch, merit: 0, admitted: 0});
    }

    function _min(uint256 a, uint256 b) private pure returns (uint256) {
        return a < b ? a : b;
    }

    /* SIGNATURES */

    /// @inheritdoc IMembership
    function delegateBySig(address account, address delegatee, uint256 deadline, bytes calldata signature) external {
        _checkSigned(DELEGATE_TYPEHASH, account, bytes32(uint256(uint160(delegatee))), deadline, signature);
        _delegate(account, delegatee);
    }

    /// @dev Checks a signed act with one argument.
    function _checkSigned(
        bytes32 typehash,
        address account,
        bytes32 argument,
        uint256 deadline,
        bytes calldata signature
    ) private {
        bytes memory act_ = abi.encode(typehash, account, argument, _useNonce(account), deadline);
        _checkSignature(account, act_, deadline, signature);
    }

    /// @dev `act_` contains the nonce, which has been consumed.
    function _checkSignature(address account, bytes memory act_, uint256 deadline, bytes calldata signature)
        private
        view
    {
        if (block.timestamp > deadline) revert MembershipExpiredSignature(deadline);
        if (!Signatures.isBy(account, _hashTypedData(keccak256(act_)), signature)) {
            revert MembershipInvalidSignature(account);
        }
    }

    /// @dev The EIP-712 domain.
    function _domainNameAndVersion() internal pure override returns (string memory, string memory) {
        return ("Mikoshi Membership", "1");
    }

    /* SETTINGS */

    /// @inheritdoc IMembership
    function setCharter(bytes32 newHash, string calldata uri) external {
        _checkTreasury();
        _setCharter(newHash, uri);
    }

    function _setCharter(bytes32 newHash, string calldata uri) private {
        if (newHash == 0) revert MembershipInvalidSetting("charterHash", 0, 1, type(uint256).max);
        charterHash = newHash;
        emit CharterChanged(newHash, uri);
    }

    /// @inheritdoc IMembership
    function setSettings(Settings calldata newSettings) external {
        _checkTreasury();
        _postponeRaise(newSettings);
        _setSettings(newSettings);
    }

    function _setSettings(Settings calldata newSettings) private {
        IGovernor governor = IGovernor(ITreasury(_treasury()).governor());
        _checkRange("dormantAfter", newSettings.dormantAfter, 90 days, 730 days);
        _checkRange("season", newSettings.season, governor.votingDelay() + governor.votingPeriod(), 365 days);
        _checkRange("stewardCap", newSettings.stewardCap, 0, 10_000);
        _checkRange("meritCap", newSettings.meritCap, 0, 1e12);
        _checkRange("meritCapPerMember", newSettings.meritCapPerMember, 0, newSettings.meritCap);
        _settings = newSettings;
        emit SettingsChanged(newSettings);
    }

    function _checkRange(bytes32 field, uint256 value, uint256 min, uint256 max) private pure {
        if (value < min || value > max) revert MembershipInvalidSetting(field, value, min, max);
    }

    /* VIEWS */

    /// @inheritdoc IMembership
    function treasury() external view returns (address) {
        return _treasury();
    }

    /// @inheritdoc IMembership
    function transferable() external view returns (bool) {
        return _isTransferable();
    }

    /// @inheritdoc IMembership
    function settings() external view returns (Settings memory) {
        return _settings;
    }

    /// @inheritdoc IMembership
    function usage() external view returns (uint256 epoch, uint256 merit, uint256 admitted) {
        return (_usage.epoch, _usage.merit, _usage.admitted);
    }

    /// @inheritdoc IMembership
    function walletOf(uint256 id) external view returns (address) {
        return _people[id].wallet;
    }

    /// @inheritdoc IMembership
    function memberIdOf(address wallet) external view returns (uint256) {
        return _records[wallet].id();
    }

    /// @inheritdoc IMembership
    function statusOf(uint256 id) external view returns (Status) {
        return _statusOf(_records[_people[id].wallet]);
    }

    /// @inheritdoc IMembership
    function standingOf(uint256 id) external view returns (Standing) {
        return _records[_people[id].wallet].standing();
    }

    function _statusOf(Entry record) private pure returns (Status) {
        Standing standing = record.standing();
        if (standing == Standing.None) return Status.None;
        if (standing == Standing.Active) return Status.Active;
        return record.isMember() ? Status.Dormant : Status.Exited;
    }

    /// @inheritdoc IMembership
    function stampOf(uint256 id) external view returns (uint256) {
        return _stampOf(_records[_people[id].wallet]);
    }

    /// @inheritdoc IMembership
    function ticketOf(uint256 id) external view returns (uint256) {
        Entry record = _records[_people[id].wallet];
        if (!record.isMember()) revert MembershipUnexpectedStanding(id, record.standing());
        return _ticketNumber(id);
    }

    /// @inheritdoc IMembership
    function memberOfTicket(uint256 ticket) external view returns (uint256) {
        return _records[ownerOf(ticket)].id();
    }

    /// @inheritdoc IMembership
    function joinedAt(uint256 id) external view returns (uint256) {
        return _people[id].joined;
    }

    /// @inheritdoc Tickets
    function supportsInterface(bytes4 interfaceId) public view override returns (bool) {
        return interfaceId == type(IERC6372).interfaceId || interfaceId == type(IVotes).interfaceId
            || interfaceId == type(IMembership).interfaceId || super.supportsInterface(interfaceId);
    }
}
