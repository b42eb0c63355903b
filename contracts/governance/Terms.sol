// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev What a ballot of a batch says, besides its proposal and its signature: member id 208 | deadline 40 | support 8.
type Terms is uint256;

using BallotTerms for Terms global;

/// @title BallotTerms
/// @notice Reads the first word of a ballot of a batch.
library BallotTerms {
    /// @notice One of the vote types if it is below 3.
    function support(Terms terms) internal pure returns (uint256) {
        return uint8(Terms.unwrap(terms));
    }

    /// @notice Last moment at which it counts, Unix seconds.
    function deadline(Terms terms) internal pure returns (uint256) {
        return uint40(Terms.unwrap(terms) >> 8);
    }

    /// @notice Whose ballot it claims to be; nobody's from 2^24 on.
    function memberId(Terms terms) internal pure returns (uint256) {
        return Terms.unwrap(terms) >> 48;
    }
}
