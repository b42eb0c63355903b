// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Words
/// @notice Lists of words in memory, laid out as the calldata or the return data that they become.
/// @dev Passing a list through the compiler's encoder and decoder costs about 400 gas a word; here it is not copied.
library Words {
    /// @notice A list of `length` words with room in front of it for a selector and two arguments. The words are not
    ///         cleared: each has to be written.
    function create(uint256 length) internal pure returns (uint256[] memory list) {
        assembly ("memory-safe") {
            list := add(mload(0x40), 0x60)
            mstore(list, length)
            mstore(0x40, add(list, add(0x20, shl(5, length))))
        }
    }

    /// @notice The word at `index`, which must be inside the list.
    function get(uint256[] memory list, uint256 index) internal pure returns (uint256 word) {
        assembly ("memory-safe") {
            word := mload(add(add(list, 0x20), shl(5, index)))
        }
    }

    /// @notice The word of calldata at `index`, which must be inside the list.
    function read(uint256[] calldata list, uint256 index) internal pure returns (uint256 word) {
        assembly ("memory-safe") {
            word := calldataload(add(list.offset, shl(5, index)))
        }
    }

    /// @notice Writes the word at `index`, which must be inside the list.
    function set(uint256[] memory list, uint256 index, uint256 word) internal pure {
        assembly ("memory-safe") {
            mstore(add(add(list, 0x20), shl(5, index)), word)
        }
    }

    /// @notice Calls a function `(uint256[] list, uint256 argument) returns (uint256[])` that answers word for word;
    ///         passes a revert on.
    /// @param list Made by `create`.
    /// @return answer As long as `list`.
    function send(uint256[] memory list, address target, bytes4 selector, uint256 argument)
        internal
        returns (uint256[] memory answer)
    {
        assembly ("memory-safe") {
            let size := shl(5, mload(list))
            let data := sub(list, 0x60)
            mstore(data, shr(224, selector))
            mstore(add(data, 0x20), 0x40) // where the list begins
            mstore(add(data, 0x40), argument)
            answer := mload(0x40)
            let success := call(gas(), target, 0, add(data, 0x1c), add(0x64, size), 0, 0)
            if iszero(and(success, eq(returndatasize(), add(0x40, size)))) {
                returndatacopy(answer, 0, returndatasize())
                revert(answer, returndatasize())
            }
            returndatacopy(answer, 0x20, add(0x20, size)) // without the offset in front
            mstore(0x40, add(answer, add(0x20, size)))
        }
    }

    /// @notice Ends the call with `list` as its one result.
    /// @param list Made by `create`.
    function giveBack(uint256[] memory list) internal pure {
        assembly ("memory-safe") {
            mstore(sub(list, 0x20), 0x20) // where the list begins
            return(sub(list, 0x20), add(0x40, shl(5, mload(list))))
        }
    }
}
