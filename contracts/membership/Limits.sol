// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";

import {Epochs} from "../libraries/Epochs.sol";
import {ITreasury} from "../treasury/ITreasury.sol";
import {IMembership} from "./IMembership.sol";
import {Totals} from "./Records.sol";
import {Number, Usage, Usages} from "./Usages.sol";
import {VoiceHistory} from "./VoiceHistory.sol";

/// @title Limits
/// @notice What a vote may change, from when on, and how much of it an epoch allows.
abstract contract Limits is IMembership, VoiceHistory {
    /// @dev What is in force until the settings' own values are.
    struct Former {
        // slot 0
        uint64 meritCap; // thousandths of a point
        uint64 meritCapPerMember; // thousandths of a point
        uint24 capsFrom; // epoch
        uint32 dormantAfter; // seconds
        uint40 dormantFrom; // Unix seconds
    }

    /* CONSTANTS */

    /// @dev What could take the decision away from the members takes force this much later: longer than any vote lasts.
    uint256 internal constant NOTICE = 45 days;

    /// @dev A thousandth of a point of merit.
    uint256 internal constant MILLI = 1e15;

    /* STORAGE */

    Settings internal _settings;
    Former private _former;
    Usage private _usage;

    /* CALLERS */

    function _checkTreasury() internal view {
        if (msg.sender != _treasury()) revert MembershipUnauthorized(msg.sender, 0);
    }

    /// @dev Whether the caller may use the door of a role; the Treasury may use this one.
    function _mayUse(bytes32 role) internal view returns (bool) {
        return msg.sender == _treasury() || _hasRole(role);
    }

    function _hasRole(bytes32 role) internal view returns (bool) {
        return IAccessControl(_treasury()).hasRole(role, msg.sender);
    }

    /* SETTINGS */

    /// @inheritdoc IMembership
    function settings() public view returns (Settings memory inForce) {
        inForce = _settings;
        inForce.dormantAfter = _dormantAfter();
        (inForce.meritCap, inForce.meritCapPerMember) = _meritCaps();
    }

    function _dormantAfter() internal view returns (uint32) {
        return block.timestamp < _former.dormantFrom ? _former.dormantAfter : _settings.dormantAfter;
    }

    /// @dev What may be credited in this epoch, to all and to one member. A cap that was cut after its raise holds at once.
    function _meritCaps() internal view returns (uint64 cap, uint64 memberCap) {
        (cap, memberCap) = (_settings.meritCap, _settings.meritCapPerMember);
        if (_epoch() >= _former.capsFrom) return (cap, memberCap);
        if (_former.meritCap < cap) cap = _former.meritCap;
        if (_former.meritCapPerMember < memberCap) memberCap = _former.meritCapPerMember;
    }

    /// @inheritdoc IMembership
    function setSettings(Settings calldata next) external {
        _checkTreasury();
        if (next.meritCap > _settings.meritCap || next.meritCapPerMember > _settings.meritCapPerMember) {
            (_former.meritCap, _former.meritCapPerMember) = _meritCaps();
            _former.capsFrom = uint24(_epoch()) + 2;
        }
        if (next.dormantAfter != _settings.dormantAfter) {
            uint32 inForce = _dormantAfter();
            bool waits = next.dormantAfter < inForce && ITreasury(_treasury()).steward() == address(0);
            _former.dormantAfter = inForce;
            _former.dormantFrom = waits ? uint40(block.timestamp + NOTICE) : 0;
        }
        _setSettings(next, _settings.stewardCap, block.timestamp < _former.dormantFrom ? _former.dormantFrom : 0);
    }

    function _setSettings(Settings calldata next, uint256 maxStewardCap, uint40 dormantFrom) internal {
        _checkRange("dormantAfter", next.dormantAfter, 90 days, 365 days);
        _checkRange("season", next.season, 45 days, 365 days);
        _checkRange("stewardCap", next.stewardCap, 0, maxStewardCap);
        _checkRange("meritCap", next.meritCap, 0, 1e12);
        _checkRange("meritCapPerMember", next.meritCapPerMember, 0, next.meritCap);
        _settings = next;
        emit SettingsChanged(next, dormantFrom);
    }

    /// @inheritdoc IMembership
    function withdrawSettings() external {
        _checkTreasury();
        Settings memory inForce = settings();
        if (block.timestamp >= _former.dormantFrom && _epoch() >= _former.capsFrom) revert MembershipNothingWaits(0);
        _settings = inForce;
        delete _former;
        emit SettingsWithdrawn(inForce);
    }

    function _checkRange(bytes32 field, uint256 value, uint256 min, uint256 max) internal pure {
        if (value < min || value > max) revert MembershipInvalidSetting(field, value, min, max);
    }

    /* NUMBERS OF AN EPOCH */

    function _epoch() internal view returns (uint16) {
        return Epochs.numberAt(_args().t0(), block.timestamp);
    }

    /// @dev How many seats a vote may still give or take at once: a share of those awake now or a second ago, whichever are
    ///      fewer, so that no call of a proposal makes room for the next one.
    function _seatsLeft() internal view returns (uint256) {
        uint256 before = Totals.from(_pastTotal(block.timestamp - 1)).awake();
        return _usageNow().left(Number.Seats, Usages.seatsFor(FixedPointMathLib.min(before, _loadTotal().awake())));
    }

    /// @dev Takes seats that were left.
    function _useSeats(uint256 number) internal {
        if (number == 0) return;
        _usage = _usageNow().plus(Number.Seats, number);
        emit SeatsUsed(_epoch(), number);
    }

    /// @dev Takes members from what the steward may admit.
    function _useStewardCap(uint256 number) internal {
        if (number == 0) return;
        Usage used = _usageNow();
        uint256 available = used.left(Number.Admitted, _settings.stewardCap);
        if (number > available) revert MembershipStewardCapExceeded(number, available);
        _usage = used.plus(Number.Admitted, number);
        emit StewardAdmitted(_epoch(), number);
    }

    /// @dev Takes thousandths of a point from what may be credited to all.
    function _useMerit(uint256 milli, uint256 cap) internal {
        Usage used = _usageNow();
        uint256 available = used.left(Number.Merit, cap);
        unchecked {
            // Both are sums of thousandths of what fitted 256 bits as points.
            if (milli > available) revert VoiceMeritCapExceeded(milli * MILLI, available * MILLI);
        }
        _usage = used.plus(Number.Merit, milli);
    }

    function _usageNow() private view returns (Usage) {
        return _usage.at(_epoch());
    }
}
