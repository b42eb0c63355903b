// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "solady/src/utils/EIP712.sol";

import {Decay} from "../libraries/Decay.sol";
import {Entry} from "../libraries/Entries.sol";
import {Words} from "../libraries/Words.sol";
import {IVoiceLedger} from "./IVoiceLedger.sol";
import {Standing} from "./IMembership.sol";
import {Records, Totals} from "./Records.sol";
import {VoiceHistory} from "./VoiceHistory.sol";

/// @title VoiceLedger
/// @notice Where voice comes from and with whom it lies: merit and delegation.
abstract contract VoiceLedger is VoiceHistory, EIP712, Nonces {
    using Records for Entry;
    using Totals for Entry;
    using Words for uint256[];

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

    bytes32 private constant DELEGATION_TYPEHASH =
        keccak256("Delegation(address delegatee,uint256 nonce,uint256 expiry)");

    /// @dev A thousandth of a point of merit.
    uint256 internal constant MILLI = 1e15;

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
        _storeTotal(_credit(id, points, terms, _loadTotal()));
    }

    /// @inheritdoc IVoiceLedger
    function creditMany(uint256[] calldata ids, uint256[] calldata points, uint256 kind, bytes32 ref) external {
        if (ids.length != points.length) revert VoiceRaggedLists(ids.length, points.length);
        uint256 sum = 0;
        for (uint256 i = 0; i < points.length; ++i) {
            sum += points.read(i);
        }
        Credit memory terms = _openCredit(sum, kind, ref);
        Entry total = _loadTotal();
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
}
