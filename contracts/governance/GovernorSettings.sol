// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {BallotBox} from "./BallotBox.sol";
import {IDAOGovernor} from "./IDAOGovernor.sol";
import {Proposal} from "./Proposals.sol";

/// @title GovernorSettings
/// @notice The settings in force and those before them: a proposal is judged by the ones it was made under.
abstract contract GovernorSettings is IDAOGovernor, BallotBox {
    /* CONSTANTS */

    uint256 private constant MAX_VERSION = 2 ** 15 - 1;

    /* STORAGE */

    /// @dev The settings in force, and above their 232 bits the number of them, 24 bits; 0 before initialization.
    Settings internal _current;
    mapping(uint256 version => Settings) private _replaced;

    /* INITIALIZATION */

    constructor() {
        _setVersion(MAX_VERSION);
    }

    /// @notice Gives a new clone its settings. Works once.
    function initialize(Settings calldata settings_) external {
        if (_version() != 0) revert GovernorAlreadyInitialized();
        _setSettings(settings_);
    }

    /* SETTINGS */

    /// @inheritdoc IDAOGovernor
    function settings() external view returns (Settings memory, uint256) {
        return (_current, _version());
    }

    /// @inheritdoc IDAOGovernor
    function setSettings(Settings calldata newSettings) external {
        if (msg.sender != _treasury()) revert GovernorOnlyExecutor(msg.sender);
        // A seat bought when a proposal appears must not wake before it is decided.
        uint256 season = _membership().settings().season;
        _checkRange("votingTime", uint256(newSettings.votingDelay) + newSettings.votingPeriod, 0, season);
        _setSettings(newSettings);
    }

    function _setSettings(Settings calldata rules) private {
        _checkRange("votingDelay", rules.votingDelay, 1 days, 14 days);
        _checkRange("votingPeriod", rules.votingPeriod, 2 days, 14 days);
        _checkRange("lateExtension", rules.lateExtension, 1 hours, 7 days);
        _checkRange("lateExtensionRest", rules.lateExtension % 1 hours, 0, 0);
        _checkRange("executionDelay", rules.executionDelay, 1 days, 30 days);
        _checkRange("expiry", rules.expiry, 7 days, 90 days);
        _checkRange("quorumBps", rules.quorumBps, 500, 6_000);
        _checkRange("floorBps", rules.floorBps, 100, 2_500);
        _checkRange("voiceCapBps", rules.voiceCapBps, 100, 5_000);
        _checkRange("thresholdBps", rules.thresholdBps, 0, BPS);
        _checkRange("liveProposals", rules.liveProposals, 1, 10);
        uint256 replaced = _version();
        if (replaced == MAX_VERSION) revert GovernorTooManyVersions();
        if (replaced != 0) _replaced[replaced] = _current;
        _current = rules;
        _setVersion(replaced + 1);
        emit SettingsChanged(replaced + 1, rules);
    }

    function _rulesOf(Proposal proposal) internal view returns (Settings storage) {
        uint256 number = proposal.version();
        return number == _version() ? _current : _replaced[number];
    }

    function _version() internal view returns (uint256 version_) {
        assembly ("memory-safe") {
            version_ := shr(232, sload(_current.slot))
        }
    }

    function _setVersion(uint256 version_) private {
        assembly ("memory-safe") {
            sstore(_current.slot, or(shr(24, shl(24, sload(_current.slot))), shl(232, version_)))
        }
    }

    function _checkRange(bytes32 field, uint256 value, uint256 min, uint256 max) private pure {
        if (value < min || value > max) revert GovernorInvalidSetting(field, value, min, max);
    }
}
