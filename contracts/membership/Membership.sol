// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC6372} from "@openzeppelin/contracts/interfaces/IERC6372.sol";
import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {IERC721Metadata} from "@openzeppelin/contracts/token/ERC721/extensions/IERC721Metadata.sol";
import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";

import {CloneArgs} from "../libraries/CloneArgs.sol";
import {Signatures} from "../libraries/Signatures.sol";
import {ITreasury} from "../treasury/ITreasury.sol";
import {Roles} from "../treasury/Roles.sol";
import {IMembership, Standing, Status} from "./IMembership.sol";
import {IMembershipCard} from "./IMembershipCard.sol";
import {Lifecycle} from "./Lifecycle.sol";
import {Record, Records, Total} from "./Records.sol";
import {Tickets} from "./Tickets.sol";

/// @title Membership
/// @notice People, their tickets (ERC-721) and their voice. See `IMembership`.
contract Membership is Lifecycle {
    /* CONSTANTS */

    uint256 private constant NAMES_ARG = 72;

    /// @dev For how long a bar that is due can be enforced.
    uint256 private constant BAR_TERM = 30 days;

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

    /// @inheritdoc IMembership
    address public immutable lens;

    /* INITIALIZATION */

    constructor(IMembershipCard card, address lens_) {
        CARD = card;
        lens = lens_;
        _settings.dormantAfter = 1;
    }

    /// @notice Gives a new clone its settings, its charter and its first members. Works once; the factory calls it in the
    ///         transaction that makes the clone.
    function initialize(
        Settings calldata settings_,
        bytes32 charterHash_,
        string calldata charterURI,
        address[] calldata members
    ) external {
        if (_settings.dormantAfter != 0) revert MembershipAlreadyInitialized();
        _setSettings(settings_, 10_000, 0);
        _setCharter(charterHash_, charterURI);
        Admission memory terms;
        terms.accepted = charterHash_;
        terms.seats = type(uint256).max;
        _admitAll(members, terms);
    }

    /* ADMISSION */

    /// @inheritdoc IMembership
    function admit(address wallet, bytes32 accepted) external returns (uint256 id) {
        Admission memory terms = _openAdmission(accepted);
        Total total;
        (id, total) = _admit(wallet, terms, _loadTotal());
        _storeTotal(total);
        _closeAdmission(terms);
    }

    /// @inheritdoc IMembership
    function admitMany(address[] calldata wallets, bytes32 accepted) external {
        Admission memory terms = _openAdmission(accepted);
        _admitAll(wallets, terms);
        _closeAdmission(terms);
    }

    function _admitAll(address[] calldata wallets, Admission memory terms) private {
        Total total = _loadTotal();
        for (uint256 i = 0; i < wallets.length; ++i) {
            (, total) = _admit(wallets[i], terms, total);
        }
        _storeTotal(total);
    }

    /// @dev Lets the Treasury, ADMITTERs and the steward pass. Only a vote has a number of seats.
    function _openAdmission(bytes32 accepted) private view returns (Admission memory terms) {
        if (accepted != 0) _checkCharter(accepted);
        terms.accepted = accepted;
        terms.seats = type(uint256).max;
        address treasury_ = _treasury();
        if (msg.sender == treasury_) {
            terms.byVote = true;
            terms.seats = _seatsLeft();
        } else if (!_hasRole(Roles.ADMITTER)) {
            if (msg.sender != ITreasury(treasury_).steward()) {
                revert MembershipUnauthorized(msg.sender, Roles.ADMITTER);
            }
            terms.bySteward = true;
        }
    }

    function _closeAdmission(Admission memory terms) private {
        if (terms.byVote) _useSeats(terms.number);
        else if (terms.bySteward) _useStewardCap(terms.number);
    }

    /* TICKETS */

    /// @inheritdoc IERC721
    function balanceOf(address holder) external view returns (uint256 balance) {
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
        Standing standing = _record(id).standing();
        if (standing == Standing.None || standing == Standing.Barred) {
            revert MembershipUnexpectedStanding(id, standing);
        }
        bool counts = !neverSpoke(id);
        if (counts && _seatsLeft() == 0) {
            uint40 from = uint40(block.timestamp + NOTICE);
            scheduledBar[id] = from;
            emit BarScheduled(id, from);
            return;
        }
        _bar(id);
        if (counts) _useSeats(1);
    }

    /// @inheritdoc IMembership
    function enforceBar(uint256 id) external {
        uint256 from = scheduledBar[id];
        uint256 until = from + BAR_TERM;
        if (block.timestamp < from || block.timestamp > until) revert MembershipNotDue(id, from, until);
        _bar(id);
    }

    /// @inheritdoc IMembership
    function withdrawBar(uint256 id) external {
        _checkTreasury();
        if (scheduledBar[id] == 0) revert MembershipNothingWaits(id);
        delete scheduledBar[id];
        emit BarWithdrawn(id);
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
    function act(address wallet) external returns (uint256 id, Status status) {
        Record record = _records[wallet];
        if (record.isActive() && _isStale(record) && _mayUse(Roles.REWARDER)) {
            _records[wallet] = record.withStamp(Records.today());
            emit ActRecorded(record.id());
        }
        return (record.id(), _statusOf(record));
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

    /* CHARTER */

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
    function walletOf(uint256 id) external view returns (address) {
        return _people[id].wallet;
    }

    /// @inheritdoc IMembership
    function memberIdOf(address wallet) external view returns (uint256) {
        return _records[wallet].id();
    }

    /// @inheritdoc IMembership
    function statusOf(uint256 id) external view returns (Status) {
        return _statusOf(_record(id));
    }

    function _statusOf(Record record) private pure returns (Status) {
        Standing standing = record.standing();
        if (standing == Standing.None) return Status.None;
        if (standing == Standing.Active) return Status.Active;
        return record.isMember() ? Status.Dormant : Status.Exited;
    }

    /// @inheritdoc IMembership
    function stampOf(uint256 id) external view returns (uint256) {
        return _record(id).stamp();
    }

    /// @inheritdoc IMembership
    function neverSpoke(uint256 id) public view returns (bool) {
        Record record = _record(id);
        return record.id() != 0 && record.neverSpoke();
    }

    function _record(uint256 id) private view returns (Record) {
        return _records[_people[id].wallet];
    }

    /// @inheritdoc IMembership
    function joinedAt(uint256 id) external view returns (uint256) {
        return _people[id].joined;
    }

    /// @inheritdoc IMembership
    function extsload(bytes32[] calldata slots) external view returns (bytes32[] memory words) {
        words = new bytes32[](slots.length);
        assembly ("memory-safe") {
            let size := shl(5, slots.length)
            for { let at := 0 } lt(at, size) { at := add(at, 32) } {
                mstore(add(add(words, 32), at), sload(calldataload(add(slots.offset, at))))
            }
        }
    }

    /// @inheritdoc Tickets
    function supportsInterface(bytes4 interfaceId) public view override returns (bool) {
        return interfaceId == type(IERC6372).interfaceId || interfaceId == type(IVotes).interfaceId
            || interfaceId == type(IMembership).interfaceId || super.supportsInterface(interfaceId);
    }
}
