// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IMembership, Status} from "./IMembership.sol";

/// @title IMembershipCard
/// @notice Draws a membership card as on-chain JSON with an SVG image. Stateless; one serves every DAO of a chain.
interface IMembershipCard {
    /// @notice What a card shows.
    /// @param dao The DAO's name: any bytes. Ill-formed UTF-8 and characters that XML forbids are shown as U+FFFD.
    /// @param ticket Number of the ticket.
    /// @param memberId Number of the person.
    /// @param joinedAt First admission, Unix seconds.
    /// @param status Active or Dormant.
    /// @param voice Voice spoken now, 1 voice = 1e9.
    /// @param merit Merit now, 1 point = 1e18.
    struct Card {
        string dao;
        uint256 ticket;
        uint256 memberId;
        uint256 joinedAt;
        Status status;
        uint256 voice;
        uint256 merit;
    }

    /// @notice The metadata of a ticket, read from its Membership now. Reverts for a ticket that does not exist.
    function tokenURI(IMembership membership, uint256 ticket) external view returns (string memory);

    /// @notice The metadata of any card as a `data:application/json;base64,` URI: name, description, image (an SVG as a
    ///         data URI) and attributes, in the format that marketplaces read.
    /// @dev Valid JSON and XML for every card. Voice and merit are decimal numbers with up to two decimals, rounded
    ///      down; dates are UTC. The ticket's number is shown where it differs from the member's.
    function draw(Card memory card) external pure returns (string memory);
}
