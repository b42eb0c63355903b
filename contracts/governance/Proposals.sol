// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev One slot: a proposal with its tally.
///      forVotes 60 | againstVotes 60 | people 24 | snapshot 40 | duration 21 | proposer 24 | version 15 | late 6
///      | free 1 | tooLate 1 | executed 1 | canceled 1 | looked 1 | advisory 1.
type Proposal is uint256;

using Proposals for Proposal global;

/// @title Proposals
/// @notice Reads and changes the slot of a proposal. The first ballot of a proposal changes a slot instead of making one.
library Proposals {
    uint256 private constant MAX_TALLY = 2 ** 60 - 1;
    uint256 private constant DURATION = 184;
    uint256 private constant TOO_LATE = 1 << 251;
    uint256 private constant EXECUTED = 1 << 252;
    uint256 private constant CANCELED = 1 << 253;
    uint256 private constant LOOKED = 1 << 254;
    uint256 private constant ADVISORY = 1 << 255;

    /// @notice A new proposal.
    /// @param snapshot_ Unix seconds, fits 40 bits.
    /// @param duration Seconds from snapshot to deadline, at most 14 days.
    /// @param proposer_ Member id, above 0.
    /// @param version_ Number of the settings in force, fits 15 bits.
    /// @param lateHours Extension after a late turn in hours, at most 48.
    function create(
        uint256 snapshot_,
        uint256 duration,
        uint256 proposer_,
        uint256 version_,
        uint256 lateHours,
        bool advisory
    ) internal pure returns (Proposal) {
        uint256 word = snapshot_ << 144 | duration << DURATION | proposer_ << 205 | version_ << 229 | lateHours << 244;
        return Proposal.wrap(advisory ? word | ADVISORY : word);
    }

    /// @notice Voice of the For ballots, 1 voice = 1e9.
    function forVotes(Proposal proposal) internal pure returns (uint256) {
        return Proposal.unwrap(proposal) & MAX_TALLY;
    }

    /// @notice Voice of the Against ballots, 1 voice = 1e9.
    function againstVotes(Proposal proposal) internal pure returns (uint256) {
        return Proposal.unwrap(proposal) >> 60 & MAX_TALLY;
    }

    /// @notice Members that the For and Abstain ballots spoke for.
    function people(Proposal proposal) internal pure returns (uint256) {
        return uint24(Proposal.unwrap(proposal) >> 120);
    }

    /// @notice Moment whose voice counts, Unix seconds; ballots are taken after it.
    function snapshot(Proposal proposal) internal pure returns (uint256) {
        return uint40(Proposal.unwrap(proposal) >> 144);
    }

    /// @notice Last moment of voting, Unix seconds.
    function deadline(Proposal proposal) internal pure returns (uint256) {
        unchecked {
            return snapshot(proposal) + (Proposal.unwrap(proposal) >> DURATION & 0x1fffff);
        }
    }

    /// @notice Whether ballots count at a moment: after the snapshot, not after the deadline. Unix seconds.
    function isVotingAt(Proposal proposal, uint256 timestamp) internal pure returns (bool) {
        if (proposal.isCanceled()) return false;
        unchecked {
            // One comparison: a moment up to the snapshot wraps far above any duration.
            return timestamp - snapshot(proposal) - 1 < Proposal.unwrap(proposal) >> DURATION & 0x1fffff;
        }
    }

    /// @notice Member id of the proposer; 0 if there is no such proposal.
    function proposer(Proposal proposal) internal pure returns (uint256) {
        return uint24(Proposal.unwrap(proposal) >> 205);
    }

    /// @notice Number of the settings that apply to the proposal to its end.
    function version(Proposal proposal) internal pure returns (uint256) {
        return Proposal.unwrap(proposal) >> 229 & 0x7fff;
    }

    /// @notice How long voting goes on after a late turn, seconds.
    function lateExtension(Proposal proposal) internal pure returns (uint256) {
        unchecked {
            return (Proposal.unwrap(proposal) >> 244 & 0x3f) * 1 hours;
        }
    }

    /// @notice Whether it has more voice For than Against.
    function hasMajority(Proposal proposal) internal pure returns (bool) {
        return forVotes(proposal) > againstVotes(proposal);
    }

    /// @notice Whether it would pass as it stands, with `needed` people.
    function isPassing(Proposal proposal, uint256 needed) internal pure returns (bool) {
        return hasMajority(proposal) && people(proposal) >= needed;
    }

    function isExecuted(Proposal proposal) internal pure returns (bool) {
        return Proposal.unwrap(proposal) & EXECUTED != 0;
    }

    function isCanceled(Proposal proposal) internal pure returns (bool) {
        return Proposal.unwrap(proposal) & CANCELED != 0;
    }

    /// @notice Whether cap and needed people are kept with the abstentions.
    function isLooked(Proposal proposal) internal pure returns (bool) {
        return Proposal.unwrap(proposal) & LOOKED != 0;
    }

    /// @notice Whether it turned to passing when nobody had time to answer any more.
    function isTooLate(Proposal proposal) internal pure returns (bool) {
        return Proposal.unwrap(proposal) & TOO_LATE != 0;
    }

    function isAdvisory(Proposal proposal) internal pure returns (bool) {
        return Proposal.unwrap(proposal) & ADVISORY != 0;
    }

    /// @notice The proposal with For ballots added. Sums saturate at 2^60 − 1, over a thousand million voices.
    /// @param votes Far below 2^255: a voice fits 128 bits.
    function plusFor(Proposal proposal, uint256 votes) internal pure returns (Proposal) {
        unchecked {
            uint256 sum = forVotes(proposal) + votes;
            if (sum > MAX_TALLY) sum = MAX_TALLY;
            return Proposal.wrap(Proposal.unwrap(proposal) & ~MAX_TALLY | sum);
        }
    }

    /// @notice The proposal with Against ballots added; as `plusFor`.
    function plusAgainst(Proposal proposal, uint256 votes) internal pure returns (Proposal) {
        unchecked {
            uint256 sum = againstVotes(proposal) + votes;
            if (sum > MAX_TALLY) sum = MAX_TALLY;
            return Proposal.wrap(Proposal.unwrap(proposal) & ~(MAX_TALLY << 60) | sum << 60);
        }
    }

    /// @notice The proposal with members of For and Abstain ballots added; each member counts once, so that 24 bits suffice.
    function plusPeople(Proposal proposal, uint256 added) internal pure returns (Proposal) {
        unchecked {
            return Proposal.wrap(Proposal.unwrap(proposal) + (added << 120));
        }
    }

    /// @notice The proposal with another end, at most 21 days after its snapshot.
    function extendedTo(Proposal proposal, uint256 newDeadline) internal pure returns (Proposal) {
        uint256 kept = Proposal.unwrap(proposal) & ~(uint256(0x1fffff) << DURATION);
        return Proposal.wrap(kept | (newDeadline - snapshot(proposal)) << DURATION);
    }

    function asLooked(Proposal proposal) internal pure returns (Proposal) {
        return Proposal.wrap(Proposal.unwrap(proposal) | LOOKED);
    }

    function asTooLate(Proposal proposal) internal pure returns (Proposal) {
        return Proposal.wrap(Proposal.unwrap(proposal) | TOO_LATE);
    }

    function asExecuted(Proposal proposal) internal pure returns (Proposal) {
        return Proposal.wrap(Proposal.unwrap(proposal) | EXECUTED);
    }

    function asCanceled(Proposal proposal) internal pure returns (Proposal) {
        return Proposal.wrap(Proposal.unwrap(proposal) | CANCELED);
    }
}
