// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC5805} from "@openzeppelin/contracts/interfaces/IERC5805.sol";

/// @title IVoiceLedger
/// @notice What each member's voice is, who speaks it, and what both were at any past moment.
/// @dev voice(member, t) = base + k · √merit(member, t); merit halves every half-life and never exceeds `full`, so that no
///      member speaks with more than base + k · √full.
///      Units: 1 voice = 1e9; 1 point of merit = 1e18. Time: Unix seconds everywhere (ERC-6372 `mode=timestamp`).
///      A delegate's voice is one sum: ⌊base · members + k · Σ√raw · 2^(−x/2)⌋, rounded down once, at reading time.
interface IVoiceLedger is IERC5805 {
    /// @notice How voice is computed; fixed for the life of a DAO.
    /// @param t0 Where the inflation of merit and the 30-day epochs begin, Unix seconds.
    /// @param halfLife Seconds in which merit halves, in [90 days, 3650 days].
    /// @param base Voice of a member without merit, 1 voice = 1e9, in [1e9, 1e12].
    /// @param k Voice per root of a point of merit, WAD.
    /// @param full Whole points of merit beyond which nothing is credited, in [1, 1e9].
    struct VoiceParams {
        uint40 t0;
        uint32 halfLife;
        uint64 base;
        uint80 k;
        uint32 full;
    }

    /// @notice Thrown when a past value is asked for a moment that is not past.
    error ERC5805FutureLookup(uint256 timepoint, uint48 clock);

    /// @notice Thrown when someone who is not an Active member delegates.
    error VoiceNotActive(address account);

    /// @notice Thrown when the chosen delegate is not an Active member.
    error VoiceDelegateNotActive(address delegatee);

    /// @notice Thrown when a credit is not a whole number of thousandths of a point.
    error VoicePointsNotMilli(uint256 points);

    /// @notice Thrown when a credit would pass the cap on all merit of this epoch. Points, 1 point = 1e18.
    error VoiceMeritCapExceeded(uint256 requested, uint256 available);

    /// @notice Thrown when a credit would pass the cap on one member's merit of this epoch. Points, 1 point = 1e18.
    error VoiceMemberCapExceeded(uint256 id, uint256 requested, uint256 available);

    /// @notice Thrown when the lists of a batch differ in length.
    error VoiceRaggedLists(uint256 ids, uint256 points);

    /// @notice Thrown when an id was never given to anyone.
    error VoiceUnknownMember(uint256 id);

    /// @notice Thrown when someone other than the Governor receives proposals or ballots.
    error VoiceNotGovernor(address caller);

    /// @notice Emitted when merit is credited.
    /// @param points What was given: 1 point = 1e18, before inflation; up to `full`, in whole thousandths, rounded up.
    /// @param raw The member's inflated merit afterwards.
    /// @param kind Kind of contribution; 0 for a plain vote.
    /// @param ref What the credit is for, as its giver defines it.
    event MeritCredited(uint256 indexed id, uint256 points, uint256 raw, uint256 indexed kind, bytes32 ref);

    /// @notice Emitted when an act is recorded that no other event of its transaction shows.
    event ActRecorded(uint256 indexed id);

    /// @notice Decimal places of a voice, for clients that show it: 9.
    function decimals() external pure returns (uint8);

    /// @notice The parameters of the voice formula.
    function voiceParams() external view returns (VoiceParams memory);

    /// @notice A member's merit at this moment, rounded down. 1 point = 1e18.
    function meritOf(uint256 id) external view returns (uint256 points);

    /// @notice The whole DAO at a past moment.
    /// @return awake Active members.
    /// @return counted Members whose ticket still counts for the floor of the quorum.
    /// @return voice Σ voice of the awake, 1 voice = 1e9.
    function getPastCensus(uint256 timepoint) external view returns (uint256 awake, uint256 counted, uint256 voice);

    /// @notice The whole DAO now: as `getPastCensus`, with the highest member id or ticket number given so far.
    function census() external view returns (uint256 awake, uint256 counted, uint256 voice, uint256 lastId);

    /// @notice Credits merit to a member, up to `full`. Callable by a REWARDER and by the Treasury; binds both to the caps,
    ///         of which it uses what it gave.
    /// @dev For someone who is not Active it raises merit only, which counts again from waking.
    /// @param points 1 point = 1e18; a whole number of thousandths.
    function credit(uint256 id, uint256 points, uint256 kind, bytes32 ref) external;

    /// @notice As `credit` for many members; ids may repeat.
    function creditMany(uint256[] calldata ids, uint256[] calldata points, uint256 kind, bytes32 ref) external;

    /// @notice Hands the voice of Active members whose delegate is no longer Active back to themselves. Anyone may call.
    ///         Other ids are skipped.
    /// @return reclaimed How many changed.
    function reclaim(uint256[] calldata ids) external returns (uint256 reclaimed);

    /// @notice Reads what `account` proposes with. Callable by the Governor: a proposal made before its Governor is in office
    ///         would leave the others less time to vote. Proposing is no act, and changes nothing here.
    /// @return id The member's id; 0 for whoever is not an Active member now.
    /// @return voice What they spoke with at `timepoint`, 1 voice = 1e9.
    function receiveProposalOf(address account, uint256 timepoint) external view returns (uint256 id, uint256 voice);

    /// @notice Reads what a ballot of `account` weighs and records it as an act. Callable by the Governor.
    /// @dev A Dormant caster with voice at `timepoint` wakes. Someone without voice, a Newcomer, and whoever is no member
    ///      now get zero.
    /// @return ballot `id << 152 | members << 128 | voice`: the member, how many Active members they spoke for at
    ///         `timepoint` and with what voice (1 voice = 1e9); 0 if the ballot is not valid.
    function receiveBallotOf(address account, uint256 timepoint) external returns (uint256 ballot);

    /// @notice As `receiveBallotOf` for many ballots.
    /// @param casters `id << 160 | account` each; bits above the id's 24 are the caller's own. A caster whose id is not the
    ///        account's gets 0, and is not touched.
    function receiveManyBallots(uint256[] calldata casters, uint256 timepoint)
        external
        returns (uint256[] memory ballots);
}
