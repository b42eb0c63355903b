// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC4906} from "@openzeppelin/contracts/interfaces/IERC4906.sol";
import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";
import {ECDSA} from "solady/src/utils/ECDSA.sol";
import {EIP712} from "solady/src/utils/EIP712.sol";
import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";

import {Decay} from "../libraries/Decay.sol";
import {Words} from "../libraries/Words.sol";
import {Roles} from "../treasury/Roles.sol";
import {IVoiceLedger} from "./IVoiceLedger.sol";
import {Limits} from "./Limits.sol";
import {Merit, Merits} from "./Merits.sol";
import {Record, Records, Total, Totals} from "./Records.sol";
import {VoiceArgs} from "./VoiceArgs.sol";

/// @title VoiceLedger
/// @notice Where voice comes from and with whom it lies: merit and delegation.
abstract contract VoiceLedger is Limits, EIP712, Nonces {
    using Words for uint256[];

    /// @dev What the credits of one call have in common. Caps and `given` in thousandths of a point, `full` in points,
    ///      `growth` in WAD.
    struct Credit {
        uint256 epoch;
        uint256 cap;
        uint256 memberCap;
        uint256 full;
        uint256 growth;
        uint256 kind;
        bytes32 ref;
        uint256 given; // so far, to all
    }

    /* CONSTANTS */

    bytes32 private constant DELEGATION_TYPEHASH =
        keccak256("Delegation(address delegatee,uint256 nonce,uint256 expiry)");

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
        address signer = ECDSA.tryRecover(digest, v, r, s);
        if (signer == address(0)) revert MembershipInvalidSignature(signer);
        _useCheckedNonce(signer, nonce);
        _delegate(signer, delegatee);
    }

    function _delegate(address wallet, address delegatee) internal {
        Record record = _records[wallet];
        uint256 id = record.id();
        if (!record.isActive()) revert VoiceNotActive(wallet);
        address from = _delegateWallet(id, wallet);
        address to = delegatee == address(0) ? wallet : delegatee;
        if (to != wallet && !_records[to].isActive()) revert VoiceDelegateNotActive(to);
        if (from != to) record = _moveDelegation(id, wallet, record, from, to);
        if (_isStale(record)) {
            record = record.withStamp(Records.today());
            emit ActRecorded(id);
        }
        _records[wallet] = record;
    }

    /// @inheritdoc IVoiceLedger
    function reclaim(uint256[] calldata ids) external returns (uint256 reclaimed) {
        for (uint256 i = 0; i < ids.length; ++i) {
            uint256 id = ids[i];
            address wallet = _people[id].wallet;
            Record record = _records[wallet];
            address from = _delegateWallet(id, wallet);
            if (!record.isActive() || _records[from].isActive()) continue;
            _records[wallet] = _moveDelegation(id, wallet, record, from, wallet);
            ++reclaimed;
        }
    }

    function _moveDelegation(uint256 id, address wallet, Record record, address from, address to)
        private
        returns (Record)
    {
        uint256 units = _unitsOf(id);
        _people[id].delegate = to == wallet ? 0 : uint24(_records[to].id());
        emit DelegateChanged(wallet, from, to);
        record = _lose(from, wallet, record, units);
        record = _gain(to, wallet, record, 1, units);
        if (from == wallet || to == wallet) emit IERC4906.MetadataUpdate(_ticketNumber(id));
        return record;
    }

    /* MERIT */

    /// @inheritdoc IVoiceLedger
    function credit(uint256 id, uint256 points, uint256 kind, bytes32 ref) external {
        Credit memory terms = _openCredit(kind, ref);
        _closeCredit(terms, _credit(id, points, terms, _loadTotal()));
    }

    /// @inheritdoc IVoiceLedger
    function creditMany(uint256[] calldata ids, uint256[] calldata points, uint256 kind, bytes32 ref) external {
        if (ids.length != points.length) revert VoiceRaggedLists(ids.length, points.length);
        Credit memory terms = _openCredit(kind, ref);
        Total total = _loadTotal();
        for (uint256 i = 0; i < ids.length; ++i) {
            total = _credit(ids.read(i), points.read(i), terms, total);
        }
        _closeCredit(terms, total);
    }

    function _openCredit(uint256 kind, bytes32 ref) private view returns (Credit memory terms) {
        if (!_mayUse(Roles.REWARDER)) revert MembershipUnauthorized(msg.sender, Roles.REWARDER);
        VoiceArgs args = _args();
        terms.epoch = _epoch();
        (terms.cap, terms.memberCap) = _meritCaps();
        terms.full = args.full();
        terms.growth = Decay.growthDown(args.rootGrowthAt(block.timestamp));
        terms.kind = kind;
        terms.ref = ref;
    }

    /// @dev What a credit raised counts against the caps: full contributors do not use up the others' room.
    function _closeCredit(Credit memory terms, Total total) private {
        _useMerit(terms.given, terms.cap);
        _storeTotal(total);
    }

    function _credit(uint256 id, uint256 points, Credit memory terms, Total total) private returns (Total) {
        address wallet = _people[id].wallet;
        if (wallet == address(0)) revert VoiceUnknownMember(id);
        if (points % MILLI != 0) revert VoicePointsNotMilli(points);

        Merit merit = _merits[id];
        uint256 raw = Decay.inflateDown(merit.raw(), points, terms.full, terms.growth);
        uint256 given = Decay.givenUp(raw - merit.raw(), terms.growth);
        uint256 before = merit.givenIn(terms.epoch);
        uint256 gained;
        // `given` is at most a cap, and a greater raw merit has no smaller root.
        unchecked {
            uint256 available = FixedPointMathLib.zeroFloorSub(terms.memberCap, before);
            if (given > available) revert VoiceMemberCapExceeded(id, given * MILLI, available * MILLI);
            terms.given += given;
            Merit raised = Merits.create(raw, terms.epoch, before + given);
            _merits[id] = raised;
            gained = raised.units() - merit.units();
            emit MeritCredited(id, given * MILLI, raw, terms.kind, terms.ref);
        }
        if (given == 0) return total;
        Record record = _records[wallet];
        if (record.isMember()) emit IERC4906.MetadataUpdate(_ticketNumber(id));
        if (!record.isActive() || gained == 0) return total;
        _records[wallet] = _gain(_delegateWallet(id, wallet), wallet, record, 0, gained);
        return Totals.from(_advanceTotal(total).entry().plus(0, gained));
    }
}
