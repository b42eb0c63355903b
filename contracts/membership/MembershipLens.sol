// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";

import {Entry} from "../libraries/Entries.sol";
import {Epochs} from "../libraries/Epochs.sol";
import {IMembership, Standing} from "./IMembership.sol";
import {IMembershipLens} from "./IMembershipLens.sol";
import {IVoiceLedger} from "./IVoiceLedger.sol";
import {MembershipSlots} from "./MembershipSlots.sol";
import {Merit} from "./Merits.sol";
import {Record} from "./Records.sol";
import {Number, Usage, Usages} from "./Usages.sol";

/// @title MembershipLens
/// @notice Reads a Membership's slots. See `IMembershipLens`.
contract MembershipLens is IMembershipLens {
    /* PEOPLE */

    /// @inheritdoc IMembershipLens
    function standingOf(IMembership membership, uint256 id) public view returns (Standing) {
        return _record(membership, membership.walletOf(id)).standing();
    }

    /// @inheritdoc IMembershipLens
    function ticketOf(IMembership membership, uint256 id) external view returns (uint256 ticket) {
        if (!_record(membership, membership.walletOf(id)).isMember()) {
            revert IMembership.MembershipUnexpectedStanding(id, standingOf(membership, id));
        }
        // Person: wallet 160 | delegate 24 | ticket 24 | joined 40.
        ticket = uint24(_load(membership, MembershipSlots.entryOf(MembershipSlots.PEOPLE, id)) >> 184);
        if (ticket == 0) ticket = id;
    }

    /// @inheritdoc IMembershipLens
    function memberOfTicket(IMembership membership, uint256 ticket) external view returns (uint256) {
        return membership.memberIdOf(IERC721(address(membership)).ownerOf(ticket));
    }

    /// @inheritdoc IMembershipLens
    function storedMeritOf(IMembership membership, uint256 id)
        external
        view
        returns (uint256 raw, uint256 epoch, uint256 used)
    {
        uint256 word = _load(membership, MembershipSlots.entryOf(MembershipSlots.MERITS, id));
        epoch = uint16(word >> 192);
        return (Merit.wrap(word).raw(), epoch, Merit.wrap(word).givenIn(epoch));
    }

    /// @inheritdoc IMembershipLens
    function getPastMembers(IMembership membership, address account, uint256 timepoint)
        external
        view
        returns (uint256)
    {
        if (timepoint >= block.timestamp) {
            revert IVoiceLedger.ERC5805FutureLookup(timepoint, uint48(block.timestamp));
        }
        Record record = _record(membership, account);
        Entry entry = record.entry();
        uint256 history = MembershipSlots.entryOf(MembershipSlots.HISTORY, record.id());
        for (uint256 index = entry.count(); entry.since() > timepoint; --index) {
            if (index == 0) return 0;
            entry = Entry.wrap(_load(membership, MembershipSlots.entryOf(history, index - 1)));
        }
        return entry.members();
    }

    /* THE DAO */

    /// @inheritdoc IMembershipLens
    function uncounted(IMembership membership) external view returns (uint256) {
        return _load(membership, MembershipSlots.UNCOUNTED);
    }

    /// @inheritdoc IMembershipLens
    function usage(IMembership membership)
        external
        view
        returns (uint256 epoch, uint256 merit, uint256 admitted, uint256 seats)
    {
        Usage word = Usage.wrap(_load(membership, MembershipSlots.USAGE));
        return (word.used(Number.Epoch), word.used(Number.Merit), word.used(Number.Admitted), word.used(Number.Seats));
    }

    /// @inheritdoc IMembershipLens
    function seatsLeft(IMembership membership) external view returns (uint256) {
        (uint256 awake,,,) = membership.census();
        return Usage.wrap(_load(membership, MembershipSlots.USAGE)).at(_epoch(membership))
            .left(Number.Seats, Usages.seatsFor(awake));
    }

    /// @inheritdoc IMembershipLens
    function waitingSettings(IMembership membership)
        external
        view
        returns (IMembership.Settings memory asked, uint40 dormantFrom, uint24 capsFrom)
    {
        uint256 word = _load(membership, MembershipSlots.SETTINGS);
        (uint256 season, uint256 stewardCap) = MembershipSlots.seasonIn(word);
        asked = IMembership.Settings({
            dormantAfter: uint32(word),
            season: uint32(season),
            stewardCap: uint16(stewardCap),
            meritCap: uint64(word >> 80),
            meritCapPerMember: uint64(word >> 144)
        });
        word = _load(membership, MembershipSlots.FORMER);
        dormantFrom = uint40(word >> 184);
        if (block.timestamp >= dormantFrom) dormantFrom = 0;
        capsFrom = uint24(word >> 128);
        if (_epoch(membership) >= capsFrom) capsFrom = 0;
    }

    /* READING */

    function _epoch(IMembership membership) private view returns (uint256) {
        return Epochs.numberAt(membership.voiceParams().t0, block.timestamp);
    }

    function _record(IMembership membership, address wallet) private view returns (Record) {
        return Record.wrap(_load(membership, MembershipSlots.entryOf(MembershipSlots.RECORDS, uint160(wallet))));
    }

    function _load(IMembership membership, uint256 slot) private view returns (uint256) {
        bytes32[] memory slots = new bytes32[](1);
        slots[0] = bytes32(slot);
        return uint256(membership.extsload(slots)[0]);
    }
}
