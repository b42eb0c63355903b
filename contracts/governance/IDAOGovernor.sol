// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC5805} from "@openzeppelin/contracts/interfaces/IERC5805.sol";

import {IBallotBox} from "./IBallotBox.sol";

/// @title IDAOGovernor
/// @notice Proposals of members: quorum in people, majority in voice, a delay and an expiry instead of a queue.
/// @dev OpenZeppelin's `IGovernor` throughout. The settings in force when a proposal was made apply to it to its end.
interface IDAOGovernor is IBallotBox {
    /// @notice What a vote may change. Times in seconds.
    /// @param votingDelay From proposal to snapshot, in [1 day, 7 days].
    /// @param votingPeriod From snapshot to deadline, in [2 days, 14 days].
    /// @param lateExtension Voting goes on for at least this long after each turn of the outcome, up to seven days after the
    ///        first deadline: whole hours, in [1 hour, 2 days].
    /// @param executionDelay From deadline to eta, in [1 day, 14 days].
    /// @param expiry From eta to the end of executability, in [7 days, 90 days].
    /// @param quorumBps Share of the awake that must take part, bps in [500, 6_000].
    /// @param floorBps Share of the counted that must take part, bps in [100, 1_000].
    /// @param voiceCapBps Largest weight of a ballot as a share of the awake voice, bps in [100, 5_000]; never below base.
    /// @param thresholdBps Voice needed to propose as a share of base, bps in [0, 10_000].
    /// @param liveProposals Proposals of one member that may be before their deadline, in [1, 10].
    struct Settings {
        uint32 votingDelay;
        uint32 votingPeriod;
        uint32 lateExtension;
        uint32 executionDelay;
        uint32 expiry;
        uint16 quorumBps;
        uint16 floorBps;
        uint16 voiceCapBps;
        uint16 thresholdBps;
        uint8 liveProposals;
    }

    /// @notice Thrown when the clone has its settings already, or when called on the implementation.
    error GovernorAlreadyInitialized();

    /// @notice Thrown when a parameter lies outside its hard limits.
    error GovernorInvalidSetting(bytes32 field, uint256 value, uint256 min, uint256 max);

    /// @notice Thrown when settings have been asked for 32,767 times.
    error GovernorTooManyVersions();

    /// @notice Thrown when no settings wait that could be withdrawn.
    error GovernorNothingWaits();

    /// @notice Thrown when a governor is asked for proposals, or to retire, after it was replaced.
    error GovernorRetired();

    /// @notice Thrown when a governor that was not replaced is asked to retire.
    error GovernorNotReplaced();

    /// @notice Thrown when a proposer has as many proposals before their deadline as allowed. A canceled one counts until
    ///         then; a late extension does not. `freeAt`: when the first of them ends, Unix seconds, whole hours.
    error GovernorTooManyLive(address proposer, uint256 limit, uint256 freeAt);

    /// @notice Thrown when someone who is not an Active member proposes.
    error GovernorNotMember(address proposer);

    /// @notice Thrown when a passed proposal is executed before its eta. Unix seconds.
    error GovernorNotReady(uint256 proposalId, uint256 eta, uint256 timestamp);

    /// @notice Thrown when a signature's deadline has passed. Unix seconds.
    error GovernorExpiredSignature(uint256 deadline);

    /// @notice Thrown by `queue`: a proposal that passes is queued by time alone.
    error GovernorQueueNotImplemented();

    /// @notice Emitted when settings are asked for. Proposals made from `inForceAt` on (Unix seconds) carry `version`, unless
    ///         these are withdrawn, or others are asked for, before that.
    event SettingsChanged(uint256 version, Settings settings, uint40 inForceAt);

    /// @notice Emitted when settings that waited are withdrawn.
    event SettingsWithdrawn(uint256 version);

    /// @notice Asks the members without binding anyone: ends Succeeded or Defeated and is never executable.
    function proposeAdvisory(string calldata description) external returns (uint256 proposalId);

    /// @notice As `propose` for a member who signed `Propose(uint256 proposalId,address proposer,uint256 deadline)`.
    /// @dev The proposal's id is the nonce: it can be proposed once. For an advisory proposal the lists are empty.
    function proposeBySig(
        address[] calldata targets,
        uint256[] calldata values,
        bytes[] calldata calldatas,
        string calldata description,
        address proposer,
        uint256 deadline,
        bytes calldata signature
    ) external returns (uint256 proposalId);

    /// @notice Cancels a proposal before voting begins, for its proposer who signed
    ///         `Cancel(uint256 proposalId,address proposer,uint256 deadline)`.
    /// @dev A proposal is canceled once, so no nonce is needed.
    function cancelBySig(uint256 proposalId, address proposer, uint256 deadline, bytes calldata signature) external;

    /// @notice Asks for other settings: for proposals made 45 days from now or later, or at once while there is a steward.
    ///         What waited before is dropped. Callable by the Treasury.
    function setSettings(Settings calldata newSettings) external;

    /// @notice Drops the settings that wait. Callable by the Treasury.
    function withdrawSettings() external;

    /// @notice Ends the office of a governor that was replaced: it takes no proposal any more, and what it can no longer
    ///         execute is Canceled. Callable by the Treasury, whose installation of another governor does.
    function retire() external;

    /// @notice The settings in force and their number.
    function settings() external view returns (Settings memory, uint256 version);

    /// @notice The settings that wait, their number and when they take force, Unix seconds; zeros if none do.
    function waitingSettings() external view returns (Settings memory, uint256 version, uint40 inForceAt);

    /// @notice When this governor was replaced, Unix seconds; 0 if it was not.
    function retiredAt() external view returns (uint40);

    /// @notice The settings that apply to a proposal.
    function proposalSettings(uint256 proposalId) external view returns (Settings memory);

    /// @notice People that a proposal needs, For and Abstain together: max(⌈quorumBps · awake⌉, ⌈floorBps · counted⌉,
    ///         min(2, awake)) at its snapshot. Only after the snapshot.
    function proposalQuorum(uint256 proposalId) external view returns (uint256 people);

    /// @notice End of executability, Unix seconds.
    function proposalExpiry(uint256 proposalId) external view returns (uint256);

    /// @notice Whether a proposal is a signal without actions.
    function isAdvisory(uint256 proposalId) external view returns (bool);

    /// @notice Proposals of a member that are before their deadline, and the limit that applies to the next one.
    function liveProposalsOf(uint256 memberId) external view returns (uint256 live, uint256 limit);

    /// @notice Where voices come from: the Membership.
    function token() external view returns (IERC5805);

    /// @notice The vault that executes.
    function treasury() external view returns (address);
}
