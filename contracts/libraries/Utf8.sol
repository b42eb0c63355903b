// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {LibString} from "solady/src/utils/LibString.sol";

/// @title Utf8
/// @notice Reads text that may not be valid UTF-8 and makes it safe to put into JSON and XML (after escaping).
library Utf8 {
    uint256 internal constant REPLACEMENT = 0xFFFD;

    /// @notice The code point at byte `i`, and the number of bytes it takes.
    /// @dev Ill-formed bytes give U+FFFD for each maximal prefix of a sequence, as the Unicode standard (section 3.9)
    ///      recommends and browsers do: no overlong forms, no surrogates, nothing above U+10FFFF.
    function decodeAt(bytes memory text, uint256 i) internal pure returns (uint256 point, uint256 size) {
        uint256 first = uint8(text[i]);
        if (first < 0x80) return (first, 1);
        if (first < 0xC2 || first > 0xF4) return (REPLACEMENT, 1);

        uint256 following = first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3;
        uint256 low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
        uint256 high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
        point = first & (0x3F >> following);
        for (size = 1; size <= following; ++size) {
            uint256 next = i + size < text.length ? uint8(text[i + size]) : 0;
            if (next < low || next > high) return (REPLACEMENT, size);
            point = (point << 6) | (next & 0x3F);
            (low, high) = (0x80, 0xBF);
        }
    }

    /// @notice `text` with U+FFFD in place of ill-formed bytes and of characters that XML 1.0 forbids, escaped or not.
    function sanitize(string memory text) internal pure returns (string memory) {
        bytes memory source = bytes(text);
        bytes memory clean = new bytes(3 * source.length); // U+FFFD takes three bytes and may stand for one.
        uint256 length;
        for (uint256 i; i < source.length;) {
            (uint256 point, uint256 size) = decodeAt(source, i);
            if (point == REPLACEMENT || !isXmlChar(point)) {
                clean[length++] = 0xEF;
                clean[length++] = 0xBF;
                clean[length++] = 0xBD;
            } else {
                for (uint256 j; j < size; ++j) {
                    clean[length++] = source[i + j];
                }
            }
            i += size;
        }
        return LibString.slice(string(clean), 0, length);
    }

    /// @notice Whether XML 1.0 allows a code point: not most control characters, U+FFFE and U+FFFF.
    /// @param point A Unicode scalar value, as from `at`.
    function isXmlChar(uint256 point) internal pure returns (bool) {
        if (point < 0x20) return point == 0x09 || point == 0x0A || point == 0x0D;
        return point != 0xFFFE && point != 0xFFFF;
    }
}
