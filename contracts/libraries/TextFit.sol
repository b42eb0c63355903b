// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {LibString} from "solady/src/utils/LibString.sol";

import {Utf8} from "./Utf8.sol";

/// @title TextFit
/// @notice Estimates how wide text will be in a font nobody knows, cuts it, and breaks it into two lines.
/// @dev Widths are in hundredths of an em for a bold sans-serif font, rather too wide than too narrow.
library TextFit {
    /* SETS OF CHARACTERS: bit n is ASCII character n, or U+3000 + n */

    /// @dev ! ' , - . / : ; I [ \ ] ` i j l | and white space.
    uint256 private constant NARROW = 0x10001601380002000c00f08300002600;

    /// @dev % & @ M W m w
    uint256 private constant WIDE = 0x802000008020010000006000000000;

    /// @dev Closing brackets, Japanese full stops and commas, small kana, and marks that continue a word.
    uint256 private constant NEVER_FIRST = 0x786040a800000008000002ab786040a800000008000002aa080000001aa2aa26;

    /// @dev Opening brackets.
    uint256 private constant NEVER_LAST = 0x5515500;

    uint256 private constant CJK = 0x2E80;
    uint256 private constant JOINER = 0x200D;

    /// @notice The estimated width of `text`.
    function width(string memory text) internal pure returns (uint256 total) {
        bytes memory source = bytes(text);
        for (uint256 i; i < source.length;) {
            (uint256 point, uint256 size) = Utf8.decodeAt(source, i);
            total += _advance(point);
            i += size;
        }
    }

    /// @notice The largest font size, up to `largest`, at which `hundredths` of an em take at most `space`.
    /// @param space Same unit as the font size, and so is the result, rounded down.
    function fontSizeDown(uint256 hundredths, uint256 space, uint256 largest) internal pure returns (uint256) {
        return hundredths * largest <= space * 100 ? largest : space * 100 / hundredths;
    }

    /// @notice `text`, cut and ended by "…" if it is wider than `limit`.
    function clip(string memory text, uint256 limit) internal pure returns (string memory) {
        bytes memory source = bytes(text);
        uint256 end; // Where the cut would be, so that the ellipsis has room.
        uint256 total;
        for (uint256 i; i < source.length;) {
            (uint256 point, uint256 size) = Utf8.decodeAt(source, i);
            total += _advance(point);
            if (total > limit) return string.concat(LibString.slice(text, 0, end), unicode"…");
            i += size;
            if (total + 100 <= limit) end = i;
        }
        return text;
    }

    /// @notice Breaks `text` in two lines of similar width: after a space if it can be, else between Japanese words or
    ///         characters, else anywhere, but never before a mark that belongs to the character before it.
    function halve(string memory text) internal pure returns (string memory head, string memory tail) {
        bytes memory source = bytes(text);
        uint256 total = width(text);
        uint256 best = type(uint256).max;
        uint256 cut = source.length;
        uint256 last;
        uint256 left;
        for (uint256 i; i < source.length;) {
            (uint256 point, uint256 size) = Utf8.decodeAt(source, i);
            uint256 cost = _cost(last, point, total);
            cost += 2 * left > total ? 2 * left - total : total - 2 * left;
            if (i != 0 && cost < best) (best, cut) = (cost, i);
            left += _advance(point);
            last = point;
            i += size;
        }
        return (LibString.slice(text, 0, cut), LibString.slice(text, cut));
    }

    /// @dev How bad a break between two characters is, in the unit of `total`.
    function _cost(uint256 last, uint256 next, uint256 total) private pure returns (uint256) {
        if (_advance(next) == 0 || last == JOINER) return 4 * total;
        if (_isSpace(last)) return 0;
        if (_in(NEVER_FIRST, next, 0x3000) || _in(NEVER_LAST, last, 0x3000)) return total;
        bool insideWord = (last < CJK && next < CJK) || (_isKatakana(last) && _isKatakana(next));
        return insideWord ? total / 3 : total / 6;
    }

    function _advance(uint256 point) private pure returns (uint256) {
        if (point < 0x80) {
            if (_in(NARROW, point, 0)) return 38;
            if (_in(WIDE, point, 0)) return 100;
            return point >= 0x41 && point <= 0x5A ? 74 : 64;
        }
        // Combining marks, joiners and direction marks, variation selectors, skin tones, tags.
        if (point >= 0x0300 && point <= 0x036F) return 0;
        if (point >= 0x200B && point <= 0x200F) return 0;
        if (point >= 0xFE00 && point <= 0xFE0F) return 0;
        if (point >= 0x1F3FB && point <= 0x1F3FF) return 0;
        if (point >= 0xE0000 && point <= 0xE0FFF) return 0;
        if (point < 0x1100) return 72;
        return point < 0x1F000 || point >= 0x20000 ? 100 : 130; // Emoji are wider than an em.
    }

    function _isSpace(uint256 point) private pure returns (bool) {
        return point == 0x20 || point == 0x3000 || (point >= 0x09 && point <= 0x0D);
    }

    function _isKatakana(uint256 point) private pure returns (bool) {
        return point >= 0x30A0 && point <= 0x30FF;
    }

    function _in(uint256 set, uint256 point, uint256 first) private pure returns (bool) {
        return point >= first && point - first < 256 && (set >> (point - first)) & 1 == 1;
    }
}
