// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";

import {Terms} from "./Terms.sol";

/// @title IBallotBox
/// @notice Ballots, direct and signed, one at a time and in batches.
interface IBallotBox is IGovernor {
    /// @notice How a ballot counts.
    enum VoteType {
        Against,
        For,
        Abstain
    }

    /// @notice What became of a ballot of a batch.
    /// Counted. Expired: past its own deadline. InvalidSupport: none of the vote types. InvalidSignature: signed by nobody,
    /// or not by the account. AlreadyCast: the member has voted. NoVoice: not the member's wallet, no voice at the snapshot,
    /// or no longer a member.
    enum BallotResult {
        Counted,
        Expired,
        InvalidSupport,
        InvalidSignature,
        AlreadyCast,
        NoVoice
    }

    /// @notice A ballot signed by a wallet: `MemberBallot(uint256 proposalId,uint8 support,uint256 deadline)`.
    /// @param terms `memberId << 48 | deadline << 8 | support`; the deadline in Unix seconds, 40 bits.
    /// @param r First half of the signature.
    /// @param vs Second half with the parity bit (ERC-2098).
    struct MemberBallot {
        Terms terms;
        bytes32 r;
        bytes32 vs;
    }

    /// @notice A ballot signed for a contract account by ERC-1271:
    ///         `AccountBallot(uint256 proposalId,address voter,uint8 support,uint256 deadline)`.
    /// @param terms As in `MemberBallot`.
    struct AccountBallot {
        Terms terms;
        address voter;
        bytes signature;
    }

    /// @notice Thrown when the voter had no voice at the snapshot, or is no member any more.
    error GovernorNoVoice(uint256 proposalId, address voter);

    /// @notice Emitted for each ballot of a batch that was not counted.
    /// @param index Its place in the batch: wallets' ballots first, then contract accounts'.
    event BallotRejected(uint256 indexed proposalId, uint256 index, BallotResult result);

    /// @notice Emitted when a late turn moves the end of voting: ballots changed whether the proposal would pass, less than
    ///         the late extension before its end. Unix seconds.
    event ProposalExtended(uint256 indexed proposalId, uint64 extendedDeadline);

    /// @notice Emitted when ballots turn a proposal to passing less than the late extension before the wall, which is seven
    ///         days after its first deadline: nobody could answer any more, and it ends Defeated whatever else is cast.
    event ProposalTooLate(uint256 indexed proposalId);

    /// @notice Counts many signed ballots on one proposal. Anyone may relay them; none can stop the others.
    /// @dev The bit of the member is the nonce: the first valid ballot of a member is final.
    /// @return results One byte each, a `BallotResult`, in the order of the batch.
    function castVotesBySig(
        uint256 proposalId,
        MemberBallot[] calldata ballots,
        AccountBallot[] calldata accountBallots
    ) external returns (bytes memory results);

    /// @notice Voice of the ballots so far, 1 voice = 1e9.
    function proposalVotes(uint256 proposalId)
        external
        view
        returns (uint256 againstVotes, uint256 forVotes, uint256 abstainVotes);

    /// @notice Members that the For and Abstain ballots spoke for, which is what the quorum counts.
    function proposalTurnout(uint256 proposalId) external view returns (uint256 people);

    /// @notice What a ballot of `voice` weighs on a proposal after the cap. 1 voice = 1e9. Only after the snapshot.
    function proposalWeight(uint256 proposalId, uint256 voice) external view returns (uint256);
}
