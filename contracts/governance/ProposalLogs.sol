// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";

/// @title ProposalLogs
/// @notice Emits OpenZeppelin's `ProposalCreated` from the encoding of the calls that was hashed to the proposal's id, so
///         that they are encoded once.
library ProposalLogs {
    /// @param encoded `abi.encode(targets, values, calldatas, descriptionHash)`: four words, then the lists one behind the other.
    /// @param calls How many calls there are: as many empty signatures go with them.
    /// @param voteStart Unix seconds; so is `voteEnd`.
    function emitCreated(
        bytes memory encoded,
        uint256 proposalId,
        address proposer,
        uint256 calls,
        uint256 voteStart,
        uint256 voteEnd,
        string calldata description
    ) internal {
        bytes32 topic = IGovernor.ProposalCreated.selector;
        assembly ("memory-safe") {
            // Nine words in front instead of four: the lists come 0xa0 bytes later, and the signatures before the calldatas.
            let from := add(encoded, 0x20)
            let split := mload(add(from, 0x40)) // where the calldatas begin
            let size := sub(mload(encoded), split) // of the calldatas
            let signatures := add(split, 0xa0)
            let calldatas := add(signatures, add(0x20, shl(6, calls)))
            let text := add(calldatas, size)

            let log := mload(0x40)
            mstore(log, proposalId)
            mstore(add(log, 0x20), shr(96, shl(96, proposer)))
            mstore(add(log, 0x40), 0x120)
            mstore(add(log, 0x60), add(mload(add(from, 0x20)), 0xa0))
            mstore(add(log, 0x80), signatures)
            mstore(add(log, 0xa0), calldatas)
            mstore(add(log, 0xc0), voteStart)
            mstore(add(log, 0xe0), voteEnd)
            mstore(add(log, 0x100), text)
            mcopy(add(log, 0x120), add(from, 0x80), sub(split, 0x80))

            signatures := add(log, signatures)
            mstore(signatures, calls)
            signatures := add(signatures, 0x20)
            let end := shl(6, calls)
            for { let empty := shl(5, calls) } lt(empty, end) { empty := add(empty, 0x20) } {
                mstore(add(signatures, sub(empty, shl(5, calls))), empty)
                mstore(add(signatures, empty), 0)
            }

            mcopy(add(log, calldatas), add(from, split), size)

            let length := description.length
            end := add(log, add(text, and(add(length, 0x3f), not(0x1f))))
            mstore(sub(end, 0x20), 0) // pads the last word
            mstore(add(log, text), length)
            calldatacopy(add(log, add(text, 0x20)), description.offset, length)
            log1(log, sub(end, log), topic)
        }
    }
}
