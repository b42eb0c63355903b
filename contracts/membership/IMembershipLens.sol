// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IMembership, Standing} from "./IMembership.sol";

/// @title IMembershipLens
/// @notice What people and programs ask of a Membership and no contract does. Stateless; one serves every DAO of a chain.
/// @dev Reads the Membership's slots (`extsload`). As with every view of a contract, `membership` is trusted to be one.
interface IMembershipLens {
    /// @notice Where a person stands, in full.
    function standingOf(IMembership membership, uint256 id) external view returns (Standing);

    /// @notice The number of the ticket a member holds; reverts if they hold none.
    function ticketOf(IMembership membership, uint256 id) external view returns (uint256 ticket);

    /// @notice The person a ticket admits; reverts if the ticket does not exist.
    function memberOfTicket(IMembership membership, uint256 ticket) external view returns (uint256 id);

    /// @notice A member's inflated merit as stored, and what was given in its latest epoch with a credit.
    /// @return raw Inflated points.
    /// @return epoch 30-day epoch of the latest credit.
    /// @return used Thousandths of a point given in that epoch.
    function storedMeritOf(IMembership membership, uint256 id)
        external
        view
        returns (uint256 raw, uint256 epoch, uint256 used);

    /// @notice Active members that `account` spoke for at a past moment, itself included.
    function getPastMembers(IMembership membership, address account, uint256 timepoint) external view returns (uint256);

    /// @notice Members who are not counted for the floor of the quorum and can come back: Newcomers and the Absent.
    function uncounted(IMembership membership) external view returns (uint256);

    /// @notice What has been used of the epoch's numbers: the epoch of the latest use, merit credited in it (thousandths of a
    ///         point), members the steward admitted in it, seats that votes gave or took at once in it.
    function usage(IMembership membership)
        external
        view
        returns (uint256 epoch, uint256 merit, uint256 admitted, uint256 seats);

    /// @notice How many seats a vote may still give or take at once in this epoch, as things stand.
    function seatsLeft(IMembership membership) external view returns (uint256);

    /// @notice The settings as a vote last asked for them, and from when on what waits of them holds.
    /// @return asked The settings that will be in force.
    /// @return dormantFrom When a cut of `dormantAfter` takes force, Unix seconds; 0 where none waits.
    /// @return capsFrom The epoch from which raised caps on merit hold; 0 where none waits.
    function waitingSettings(IMembership membership)
        external
        view
        returns (IMembership.Settings memory asked, uint40 dormantFrom, uint24 capsFrom);
}
