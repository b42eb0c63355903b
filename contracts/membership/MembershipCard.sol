// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {IERC721Metadata} from "@openzeppelin/contracts/token/ERC721/extensions/IERC721Metadata.sol";
import {Base64} from "solady/src/utils/Base64.sol";
import {DateTimeLib} from "solady/src/utils/DateTimeLib.sol";
import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";
import {LibString} from "solady/src/utils/LibString.sol";

import {TextFit} from "../libraries/TextFit.sol";
import {Utf8} from "../libraries/Utf8.sol";
import {IMembership, Status} from "./IMembership.sol";
import {IMembershipCard} from "./IMembershipCard.sol";

/// @title MembershipCard
/// @notice A mikoshi, carried by the neighbourhood: by day for Active members, by night for all others.
/// @dev The picture needs no network, font, script or id: it looks the same inside any page.
contract MembershipCard is IMembershipCard {
    using LibString for uint256;

    uint256 private constant VOICE = 1e9;
    uint256 private constant POINT = 1e18;

    /// @dev Hundredths of an em: what one line, and what the card, shows of a name.
    uint256 private constant LINE_LIMIT = 1200;
    uint256 private constant NAME_LIMIT = 5200;

    /* SHAPES: paths */

    string private constant LANTERNS = "M25 30Q25 21 36 21T47 30V40Q47 49 36 49T25 40Z"
        "M73 37Q73 28 84 28T95 37V47Q95 56 84 56T73 47ZM255 37Q255 28 266 28T277 37V47Q277 56 266 56T255 47Z"
        "M303 30Q303 21 314 21T325 30V40Q325 49 314 49T303 40Z";

    /// @dev Roof, body and base.
    string private constant WOOD = "M175 66C183 92 222 110 262 111Q271 111 274 101Q282 121 264 125"
        "H86Q68 121 76 101Q79 111 88 111C128 110 167 92 175 66ZM118 125H232V181H118ZM100 181H250V201H100Z";

    /// @dev Jewel, eaves, columns and door.
    string private constant GOLD = "M166 60A9 9 0 1 1 184 60A9 9 0 1 1 166 60ZM96 125H254V134H96Z"
        "M128 142H142V181H128ZM208 142H222V181H208ZM156 181V158Q175 140 194 158V181Z";

    /// @inheritdoc IMembershipCard
    function tokenURI(IMembership membership, uint256 ticket) external view returns (string memory) {
        uint256 id = membership.memberIdOf(IERC721(address(membership)).ownerOf(ticket));
        return draw(
            Card({
                dao: IERC721Metadata(address(membership)).name(),
                ticket: ticket,
                memberId: id,
                joinedAt: membership.joinedAt(id),
                status: membership.statusOf(id),
                voice: membership.getVotes(membership.walletOf(id)),
                merit: membership.meritOf(id)
            })
        );
    }

    /// @inheritdoc IMembershipCard
    function draw(Card memory card) public pure returns (string memory) {
        string memory dao = Utf8.sanitize(card.dao);
        string memory who = string.concat("#", card.memberId.toString());
        if (card.ticket != card.memberId) {
            who = string.concat(who, " (ticket #", card.ticket.toString(), ")");
        }
        string memory image = Base64.encode(bytes(_svg(card, dao, who)));
        dao = LibString.escapeJSON(dao);
        string memory json = string.concat(
            string.concat('{"name":"', dao, " ", who, '","description":"Membership card of ', dao, ": member ", who),
            string.concat(", since ", _date(card.joinedAt), ". Drawn on-chain; status, voice and merit are current."),
            string.concat('","image":"data:image/svg+xml;base64,', image, '","attributes":', _attributes(card), "}")
        );
        return string.concat("data:application/json;base64,", Base64.encode(bytes(json)));
    }

    /* ATTRIBUTES */

    function _attributes(Card memory card) private pure returns (string memory list) {
        (string memory status,) = _status(card.status);
        list = string.concat("[", _number("number", "Member number", card.memberId.toString()));
        if (card.ticket != card.memberId) {
            list = string.concat(list, ",", _number("number", "Ticket number", card.ticket.toString()));
        }
        list = string.concat(list, ",", _number("date", "Member since", card.joinedAt.toString()));
        list = string.concat(list, ',{"trait_type":"Status","value":"', status, '"}');
        list = string.concat(list, ",", _number("number", "Voice", _decimalDown(card.voice, VOICE)));
        return string.concat(list, ",", _number("number", "Merit", _decimalDown(card.merit, POINT)), "]");
    }

    function _number(string memory display, string memory trait, string memory value)
        private
        pure
        returns (string memory)
    {
        return string.concat('{"display_type":"', display, '","trait_type":"', trait, '","value":', value, "}");
    }

    /* PICTURE: 350 × 500 */

    function _svg(Card memory card, string memory dao, string memory who) private pure returns (string memory) {
        return string.concat(
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 350 500" width="350" height="500" role="img" '
            'xml:lang="ja" text-anchor="middle" fill="#2b2024" font-weight="700" font-family="system-ui,-apple-system,'
            "Segoe UI,Hiragino Sans,Hiragino Kaku Gothic ProN,Noto Sans JP,Noto Sans CJK JP,Yu Gothic,Meiryo,sans-serif"
            '"><title>',
            string.concat(LibString.escapeHTML(dao), " ", who, "</title>"),
            _scene(card.status == Status.Active),
            _badge(card.status),
            _name(dao),
            _facts(card),
            "</svg>"
        );
    }

    /// @dev Sun or moon, lanterns on a string, the mikoshi, and the heads and shoulders of those who carry it.
    function _scene(bool day) private pure returns (string memory) {
        (string memory sky, string memory disc) = day ? ("#c8402f", "#f6bf4f") : ("#2c3854", "#dfe4ee");
        (string memory lantern, string memory coat) = day ? ("#fff3d0", "#2e4374") : ("#7f8aa6", "#5a6c98");
        return string.concat(
            string.concat(
                '<rect width="350" height="300" rx="22" fill="', sky, '"/><circle cx="175" cy="132" r="88" fill="'
            ),
            string.concat(disc, '"/><g stroke="#2b2024" stroke-width="2"><path d="M0 14Q175 52 350 14" fill="none"/>'),
            string.concat('<path fill="', lantern, '" d="', LANTERNS, '"/></g><path d="', WOOD, '"/>'),
            string.concat('<path fill="#f6bf4f" stroke="#2b2024" stroke-width="2" d="', GOLD, '"/>'),
            '<g fill="none" stroke-linecap="round"><g stroke-width="11"><path stroke="#2b2024" d="M20 209H330"/>'
            '<path stroke="#f6bf4f" d="M20 209H34M316 209H330"/></g><g stroke-dasharray="0 42">',
            string.concat('<path stroke="', coat, '" stroke-width="38" d="M49 264H303"/>'),
            '<path stroke="#f3cfa8" stroke-width="20" d="M49 231H303"/></g></g>'
            '<path stroke="#fff" stroke-width="4" stroke-dasharray="18 24" d="M40 227H310"/>'
            '<path fill="#fbf6ea" d="M0 262H350V478Q350 500 328 500H22Q0 500 0 478Z"/>'
        );
    }

    /// @dev The status, on the edge between picture and text.
    function _badge(Status status) private pure returns (string memory) {
        (string memory label, string memory gloss) = _status(status);
        return string.concat(
            '<rect x="105" y="249" width="140" height="28" rx="14" fill="#fbf6ea" stroke="#2b2024" stroke-width="2"/>',
            _text(175, 268, 14, string.concat(label, " ", gloss))
        );
    }

    /// @dev One line, or two of a smaller font. The inner svg clips what a font makes much wider than the estimate.
    function _name(string memory dao) private pure returns (string memory lines) {
        dao = TextFit.clip(dao, NAME_LIMIT);
        uint256 width = TextFit.width(dao);
        if (width <= LINE_LIMIT) {
            uint256 size = TextFit.fontSizeDown(width, 280, 32);
            lines = _text(155, 35 + size * 9 / 25, size, LibString.escapeHTML(dao));
        } else {
            (string memory head, string memory tail) = TextFit.halve(dao);
            width = FixedPointMathLib.max(TextFit.width(head), TextFit.width(tail));
            uint256 size = TextFit.fontSizeDown(width, 280, 25);
            lines = string.concat(
                _text(155, 35 - size / 4, size, LibString.escapeHTML(head)),
                _text(155, 35 + size, size, LibString.escapeHTML(tail))
            );
        }
        return string.concat('<svg x="20" y="283" width="310" height="70">', lines, "</svg>");
    }

    function _facts(Card memory card) private pure returns (string memory) {
        string memory ticket = card.ticket == card.memberId
            ? ""
            : _label(98, 416, string.concat(unicode"Ticket 会員証 #", card.ticket.toString()));
        return string.concat(
            '<path stroke="#d9cdb4" d="M25 357H325M175 368V482M25 424H325"/>',
            _fact(98, 376, unicode"Member 会員番号", string.concat("#", card.memberId.toString())),
            ticket,
            _fact(252, 376, unicode"Since 入会日", _date(card.joinedAt)),
            _fact(98, 446, unicode"Voice 声", _decimalDown(card.voice, VOICE)),
            _fact(252, 446, unicode"Merit 貢献点", _decimalDown(card.merit, POINT))
        );
    }

    function _fact(uint256 x, uint256 y, string memory label, string memory value)
        private
        pure
        returns (string memory)
    {
        uint256 size = TextFit.fontSizeDown(TextFit.width(value), 130, 20);
        return string.concat(_label(x, y, label), _text(x, y + 25, size, value));
    }

    function _label(uint256 x, uint256 y, string memory content) private pure returns (string memory) {
        return string.concat('<g fill="#756552" font-weight="400">', _text(x, y, 11, content), "</g>");
    }

    /// @param content Escaped already.
    function _text(uint256 x, uint256 y, uint256 size, string memory content) private pure returns (string memory) {
        string memory place = string.concat('<text x="', x.toString(), '" y="', y.toString(), '" font-size="');
        return string.concat(place, size.toString(), '">', content, "</text>");
    }

    /* WORDS AND NUMBERS */

    function _status(Status status) private pure returns (string memory label, string memory gloss) {
        if (status == Status.Active) return ("Active", unicode"活動中");
        if (status == Status.Dormant) return ("Dormant", unicode"休眠中");
        if (status == Status.Exited) return ("Exited", unicode"退会済");
        return ("None", unicode"未入会");
    }

    /// @dev YYYY-MM-DD, UTC.
    function _date(uint256 timestamp) private pure returns (string memory) {
        (uint256 year, uint256 month, uint256 day) = DateTimeLib.timestampToDate(timestamp);
        return string.concat(year.toString(), "-", _twoDigits(month), "-", _twoDigits(day));
    }

    /// @dev A decimal number with up to two decimals, rounded down.
    function _decimalDown(uint256 value, uint256 unit) private pure returns (string memory) {
        string memory whole = (value / unit).toString();
        uint256 hundredths = value % unit / (unit / 100);
        if (hundredths == 0) return whole;
        return string.concat(whole, ".", hundredths % 10 == 0 ? (hundredths / 10).toString() : _twoDigits(hundredths));
    }

    function _twoDigits(uint256 value) private pure returns (string memory) {
        return string.concat(value < 10 ? "0" : "", value.toString());
    }
}
