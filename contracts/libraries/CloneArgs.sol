// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {LibClone} from "solady/src/utils/LibClone.sol";

/// @title CloneArgs
/// @notice Reads the immutable arguments that an ERC-1167 clone made by Solady's `LibClone` carries behind its code.
/// @dev A read costs about 110 gas: the clone's own account is warm. On an implementation the bytes read are its code,
///      which is why implementations cannot be initialized.
library CloneArgs {
    /// @dev Length of the proxy code in front of the arguments.
    uint256 private constant CODE_LENGTH = 0x2d;

    /// @notice The 32 bytes of arguments from `offset` on, zero-padded past their end.
    function word(uint256 offset) internal view returns (uint256 value) {
        assembly ("memory-safe") {
            extcodecopy(address(), 0x00, add(CODE_LENGTH, offset), 0x20)
            value := mload(0x00)
        }
    }

    /// @notice The address at byte `offset`.
    function addressAt(uint256 offset) internal view returns (address) {
        return address(uint160(word(offset) >> 96));
    }

    /// @notice Two strings packed at byte `offset`: a length byte, the first string, the second string to the end.
    function stringsAt(uint256 offset) internal view returns (string memory first, string memory second) {
        uint256 length = word(offset) >> 248;
        first = string(LibClone.argsOnClone(address(this), offset + 1, offset + 1 + length));
        second = string(LibClone.argsOnClone(address(this), offset + 1 + length));
    }
}
