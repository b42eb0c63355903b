// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITreasury} from "../treasury/ITreasury.sol";
import {BallotBox} from "./BallotBox.sol";
import {IDAOGovernor} from "./IDAOGovernor.sol";
import {Proposal} from "./Proposals.sol";

/// @title GovernorSettings
/// @notice The settings in force, those before them and those that wait: a proposal is judged by the ones it was made under.
/// @dev What waits takes force by time alone; the first proposal or request after that moves it into `_current`.
abstract contract GovernorSettings is IDAOGovernor, BallotBox {
    /// @dev A version and its beginning.
    struct Version {
        // slot 0
        uint48 from; // Unix seconds
        uint208 number;
    }

    /* CONSTANTS */

    uint256 private constant MAX_VERSION = 2 ** 15 - 1;

    /// @dev How long a change waits: longer than any vote can take, so that another vote can take it back.
    uint256 private constant WAITING_PERIOD = 45 days;

    /// @dev Above the settings' 232 bits: version 15 | waits 1 | retired 1.
    uint256 private constant WAITS = 1 << 15;
    uint256 private constant RETIRED = 1 << 16;

    /* STORAGE */

    /// @dev The settings in force, unless others that wait are due; and above them the bits named before, all 0 before initialization.
    Settings internal _current;
    /// @dev All settings that were asked for, but `_current`.
    mapping(uint256 version => Settings) private _others;
    /// @dev Which version was in force from when on, in the order of time; the first one, before any other, is not in it.
    ///      Not OpenZeppelin's `Checkpoints`: its assembly is not marked as safe for memory, which keeps the compiler from
    ///      inlining anything in the whole contract.
    Version[] private _versions;
    /// @inheritdoc IDAOGovernor
    uint40 public retiredAt;
    /// @dev Versions given after the first one.
    uint16 private _requests;

    /* INITIALIZATION */

    constructor() {
        _setMarks(MAX_VERSION);
    }

    /// @notice Gives a new clone its settings. Works once.
    function initialize(Settings calldata settings_) external {
        if (_marks() != 0) revert GovernorAlreadyInitialized();
        _ask(_current, 1, settings_, block.timestamp);
        _setMarks(1);
    }

    /* CHANGING THEM */

    /// @inheritdoc IDAOGovernor
    function setSettings(Settings calldata newSettings) external {
        _checkTreasury();
        if (_takeForce() & WAITS != 0) _dropWaiting();
        uint256 number = uint256(++_requests) + 1;
        if (number > MAX_VERSION) revert GovernorTooManyVersions();
        uint256 inForceAt = block.timestamp;
        if (ITreasury(_treasury()).steward() == address(0)) inForceAt += WAITING_PERIOD;
        // Unix seconds fit 40 bits. They never fall: whoever is steward once has no successor.
        _versions.push(Version(uint48(inForceAt), uint208(number)));
        _setMarks(_marks() | WAITS);
        _ask(_others[number], number, newSettings, inForceAt);
        _takeForce();
    }

    function _ask(Settings storage slot, uint256 number, Settings calldata rules, uint256 inForceAt) private {
        _checkSettings(rules);
        _write(slot, rules);
        emit SettingsChanged(number, rules, uint40(inForceAt));
    }

    /// @inheritdoc IDAOGovernor
    function withdrawSettings() external {
        _checkTreasury();
        if (_takeForce() & WAITS == 0) revert GovernorNothingWaits();
        emit SettingsWithdrawn(_dropWaiting());
    }

    /// @dev Lets the version in force go on at the moment when the one that waits would have taken its place.
    function _dropWaiting() private returns (uint256 dropped) {
        Version storage latest = _latestVersion();
        dropped = latest.number;
        latest.number = uint208(_version());
        _setMarks(_marks() & ~WAITS);
    }

    /// @dev Moves settings that are due into `_current`, and returns the marks.
    function _takeForce() internal returns (uint256 marks) {
        marks = _marks();
        if (marks & WAITS == 0) return marks;
        Version memory latest = _latestVersion();
        if (block.timestamp < latest.from) return marks;
        _move(_current, _others[_version(marks)]);
        _move(_others[latest.number], _current);
        marks = marks & RETIRED | latest.number;
        _setMarks(marks);
    }

    function _write(Settings storage slot, Settings calldata rules) private {
        slot.votingDelay = rules.votingDelay;
        slot.votingPeriod = rules.votingPeriod;
        slot.lateExtension = rules.lateExtension;
        slot.executionDelay = rules.executionDelay;
        slot.expiry = rules.expiry;
        slot.quorumBps = rules.quorumBps;
        slot.floorBps = rules.floorBps;
        slot.voiceCapBps = rules.voiceCapBps;
        slot.thresholdBps = rules.thresholdBps;
        slot.liveProposals = rules.liveProposals;
    }

    function _checkSettings(Settings calldata rules) private pure {
        _checkRange("votingDelay", rules.votingDelay, 1 days, 7 days);
        _checkRange("votingPeriod", rules.votingPeriod, 2 days, 14 days);
        _checkRange("lateExtension", rules.lateExtension, 1 hours, 2 days);
        _checkRange("lateExtensionRest", rules.lateExtension % 1 hours, 0, 0);
        _checkRange("executionDelay", rules.executionDelay, 1 days, 14 days);
        _checkRange("expiry", rules.expiry, 7 days, 90 days);
        _checkRange("quorumBps", rules.quorumBps, 500, 6_000);
        _checkRange("floorBps", rules.floorBps, 100, 1_000);
        _checkRange("voiceCapBps", rules.voiceCapBps, 100, 5_000);
        _checkRange("thresholdBps", rules.thresholdBps, 0, BPS);
        _checkRange("liveProposals", rules.liveProposals, 1, 10);
    }

    function _checkRange(bytes32 field, uint256 value, uint256 min, uint256 max) private pure {
        if (value < min || value > max) revert GovernorInvalidSetting(field, value, min, max);
    }

    /* READING THEM */

    /// @inheritdoc IDAOGovernor
    function settings() external view returns (Settings memory, uint256) {
        uint256 number = _versionInForce();
        return (_settingsOf(number), number);
    }

    /// @inheritdoc IDAOGovernor
    function waitingSettings() external view returns (Settings memory waiting, uint256 number, uint40 inForceAt) {
        uint48 from;
        (number, from) = _waiting();
        if (block.timestamp < from) return (_others[number], number, uint40(from));
        number = 0;
    }

    function _rulesOf(Proposal proposal) internal view returns (Settings storage) {
        return _settingsOf(proposal.version());
    }

    /// @dev The settings in force now.
    function _rules() internal view returns (Settings storage) {
        return _settingsOf(_versionInForce());
    }

    /// @dev The settings in force at a moment; before the first ones, these.
    function _rulesAt(uint256 timepoint) internal view returns (Settings storage) {
        for (uint256 i = _versions.length; i != 0; --i) {
            Version memory earlier = _versions[i - 1];
            if (earlier.from <= timepoint) return _settingsOf(earlier.number);
        }
        return _settingsOf(1);
    }

    function _settingsOf(uint256 number) private view returns (Settings storage) {
        return number == _version() ? _current : _others[number];
    }

    function _versionInForce() private view returns (uint256) {
        (uint256 number, uint48 from) = _waiting();
        return from != 0 && block.timestamp >= from ? number : _version();
    }

    /// @dev What waits, or is due and not moved yet; zeros if nothing does.
    function _waiting() private view returns (uint256 number, uint48 from) {
        if (_marks() & WAITS == 0) return (0, 0);
        Version memory latest = _latestVersion();
        return (latest.number, latest.from);
    }

    /// @dev There is one where a mark says that settings wait.
    function _latestVersion() private view returns (Version storage) {
        return _versions[_versions.length - 1];
    }

    /* OFFICE */

    /// @inheritdoc IDAOGovernor
    function retire() external {
        _checkTreasury();
        if (!ITreasury(_treasury()).isFormerGovernor(address(this))) revert GovernorNotReplaced();
        if (_isRetired()) revert GovernorRetired();
        retiredAt = uint40(block.timestamp);
        _setMarks(_marks() | RETIRED);
    }

    function _isRetired() internal view returns (bool) {
        return _isRetired(_marks());
    }

    function _isRetired(uint256 marks) internal pure returns (bool) {
        return marks & RETIRED != 0;
    }

    function _checkTreasury() private view {
        if (msg.sender != _treasury()) revert GovernorOnlyExecutor(msg.sender);
    }

    /* ONE SLOT */

    /// @dev Copies the slot: settings with the marks above them.
    function _move(Settings storage from, Settings storage to) private {
        assembly ("memory-safe") {
            sstore(to.slot, sload(from.slot))
        }
    }

    function _version() private view returns (uint256) {
        return _version(_marks());
    }

    function _version(uint256 marks) internal pure returns (uint256) {
        return marks & MAX_VERSION;
    }

    function _marks() private view returns (uint256 marks) {
        assembly ("memory-safe") {
            marks := shr(232, sload(_current.slot))
        }
    }

    function _setMarks(uint256 marks) private {
        assembly ("memory-safe") {
            sstore(_current.slot, or(shr(24, shl(24, sload(_current.slot))), shl(232, marks)))
        }
    }
}
