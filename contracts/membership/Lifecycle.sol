// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Roles} from "../treasury/Roles.sol";
import {BallotVoices} from "./BallotVoices.sol";
import {IMembership, Standing} from "./IMembership.sol";
import {Record, Records, Total} from "./Records.sol";
import {Tickets} from "./Tickets.sol";

/// @title Lifecycle
/// @notice Every change of a person's standing, with what it means for their ticket, their voice and the sums.
/// @dev Who may cause a change is decided in `Membership`. Records and the total travel by value: a function that may
///      store another person's record is called before a record is read, or with the one record it concerns.
abstract contract Lifecycle is BallotVoices, Tickets {
    /// @dev What the admissions of one call have in common.
    struct Admission {
        bytes32 accepted; // zero makes Newcomers
        bool byVote;
        bool bySteward;
        uint256 seats; // how many may be Active at once
        uint256 number; // admitted or woken so far; by a vote, those who are Active at once
    }

    /* CONSTANTS */

    uint256 private constant ABSENT_AFTER = 365 days;

    /// @dev With transferable tickets nobody returns by themselves before whoever bought one had the longest season to wake.
    uint256 private constant DESERTED_AFTER = 395 days;

    uint256 private constant MAX_ID = type(uint24).max;

    /* STORAGE */

    /// @inheritdoc IMembership
    bytes32 public charterHash;

    /// @dev Tickets that do not count for the floor of the quorum: those of Newcomers and of the Absent.
    uint256 private _uncounted;

    /// @dev The person a ticket admits where the numbers differ.
    mapping(uint256 ticket => uint256 id) private _memberOf;

    /// @inheritdoc IMembership
    mapping(uint256 id => uint40 from) public scheduledBar;

    /* ADMISSION */

    function _checkCharter(bytes32 accepted) internal view {
        if (accepted != charterHash) revert MembershipCharterMismatch(accepted, charterHash);
    }

    /// @dev Gives a seat, or passes over who has one or cannot have one: no outsider's act before makes it revert.
    function _admit(address wallet, Admission memory terms, Total total) internal returns (uint256 id, Total) {
        if (_cannotHold(wallet)) revert MembershipInvalidWallet(wallet);
        Record record = _records[wallet];
        id = record.id();
        // Who spoke before may hold voice that others lent: only a vote lets them cast it before a season is over.
        bool atOnce = terms.accepted != 0 && terms.number < terms.seats && (terms.byVote || record.neverSpoke());
        if (record.standing() == Standing.Newcomer) {
            if (!atOnce) return (id, total);
            total = _awaken(wallet, record, _count(total));
        } else {
            if (record.isMember()) return (id, total);
            if (id != 0 && !terms.byVote) {
                if (record.standing() == Standing.Barred) revert MembershipBarred(id);
                if (!_isTransferable()) return (id, total);
            }
            (record, total) = _issue(wallet, record, total);
            if (atOnce) total = _enter(wallet, record, terms.accepted, total, id == 0 ? 0 : _unitsOf(id));
            else _enterAsNewcomer(wallet, record, terms.accepted);
            id = record.id();
        }
        if (atOnce || !terms.byVote) ++terms.number;
        return (id, total);
    }

    /// @dev Gives a ticket to a person without one.
    function _issue(address wallet, Record record, Total total) private returns (Record, Total) {
        (record, total) = _identify(wallet, record, total);
        uint256 id = record.id();
        uint256 ticket = id;
        bool sellable = _isTransferable();
        if (sellable) (ticket, total) = _freeTicket(id, total);
        _emitTransfer(address(0), wallet, ticket);
        if (!sellable) emit Locked(ticket);
        return (record, total);
    }

    /// @dev A part of the DAO holds no ticket. Later parts are not known here; they are asked for nothing by holding one.
    ///      A hook: which other wallets may not.
    function _cannotHold(address wallet) internal view virtual returns (bool) {
        return wallet == address(0) || wallet == address(this) || wallet == _treasury() || wallet == _foundingGovernor();
    }

    /// @dev Gives a person who has none an id.
    function _identify(address wallet, Record record, Total total) private returns (Record, Total) {
        if (record.id() != 0) return (record, total);
        total = _takeNumber(total);
        uint256 id = total.lastId();
        _people[id] = Person({wallet: wallet, delegate: 0, ticket: 0, joined: uint40(block.timestamp)});
        return (Records.create(id), total);
    }

    function _takeNumber(Total total) private pure returns (Total) {
        if (total.lastId() == MAX_ID) revert MembershipFull();
        return total.plusId();
    }

    /// @dev The number of a ticket for a member without one: their id, or a fresh number while somebody holds that one.
    function _freeTicket(uint256 id, Total total) private returns (uint256 ticket, Total) {
        if (_holderOf(id) == address(0)) {
            ticket = id;
        } else {
            total = _takeNumber(total);
            ticket = total.lastId();
        }
        _assignTicket(id, ticket);
        return (ticket, total);
    }

    function _assignTicket(uint256 id, uint256 ticket) private {
        bool same = id == ticket;
        uint24 recorded = same ? 0 : uint24(ticket); // numbers end at 2^24 − 1
        if (_people[id].ticket != recorded) _people[id].ticket = recorded;
        if (_memberOf[ticket] != (same ? 0 : id)) _memberOf[ticket] = same ? 0 : id;
    }

    /// @dev Records a person who has just received a ticket and speaks at once; who left has no delegate any more.
    function _enter(address wallet, Record record, bytes32 accepted, Total total, uint256 units)
        private
        returns (Total)
    {
        emit MemberAdmitted(record.id(), wallet, Standing.Active, accepted);
        record = record.withStanding(Standing.Active).withStamp(Records.today());
        (record, total) = _join(wallet, record, _advanceTotal(total).plusCounted(), wallet, units);
        _records[wallet] = record;
        return total;
    }

    /// @dev Records a person who has just received a ticket and is silent until their day, which is fixed now, rounded up:
    ///      no later change of the season touches them. Not counted before it: seats bought in mass must not put the floor
    ///      out of reach.
    function _enterAsNewcomer(address wallet, Record record, bytes32 accepted) private {
        emit MemberAdmitted(record.id(), wallet, Standing.Newcomer, accepted);
        uint256 day = Records.dayOf(block.timestamp + _settings.season + 1 days - 1);
        _records[wallet] = record.withStanding(Standing.Newcomer).withStamp(day);
        ++_uncounted;
    }

    /* TICKETS */

    /// @inheritdoc Tickets
    function _sell(address from, address to, uint256 ticket) internal override {
        if (_cannotHold(to)) revert MembershipInvalidWallet(to);
        Record buyer = _records[to];
        if (buyer.isMember()) revert MembershipWalletTaken(to, buyer.id());
        if (buyer.standing() == Standing.Barred) revert MembershipBarred(buyer.id());
        Record seller = _records[from];
        // Who took a seat by themselves sells after the season: passing a ticket on at once would use up the numbers.
        if (seller.standing() == Standing.Newcomer) _checkSeason(seller);
        _emitTransfer(from, to, ticket);
        Total total = _end(from, seller, Standing.Exited, _loadTotal());
        // Read again: a buyer who was a member before may have been the seller's delegate.
        (buyer, total) = _identify(to, _records[to], total);
        _assignTicket(buyer.id(), ticket);
        _storeTotal(total);
        _enterAsNewcomer(to, buyer, 0);
        emit MetadataUpdate(ticket);
    }

    /// @inheritdoc Tickets
    function _holderOf(uint256 ticket) internal view override returns (address) {
        uint256 id = _memberOf[ticket];
        if (id == 0) id = ticket;
        address wallet = _people[id].wallet;
        return _records[wallet].isMember() && _ticketNumber(id) == ticket ? wallet : address(0);
    }

    /// @inheritdoc Tickets
    function _areTransferable() internal view override returns (bool) {
        return _isTransferable();
    }

    /* LEAVING AND RETURNING */

    function _exit(address wallet) internal {
        Record record = _records[wallet];
        _storeTotal(_burn(wallet, record, Standing.Exited, _loadTotal()));
    }

    /// @dev Ends a membership with its ticket.
    function _burn(address wallet, Record record, Standing final_, Total total) private returns (Total) {
        _emitTransfer(wallet, address(0), _ticketNumber(record.id()));
        return _end(wallet, record, final_, total);
    }

    /// @dev Ends a membership; the ticket is the caller's to burn or to hand on.
    function _end(address wallet, Record record, Standing final_, Total total) private returns (Total) {
        uint256 id = record.id();
        Standing standing = record.standing();
        if (!record.isMember()) revert MembershipUnexpectedStanding(id, standing);
        address delegate_ = _delegateWallet(id, wallet);
        if (delegate_ != wallet) {
            _people[id].delegate = 0;
            emit DelegateChanged(wallet, delegate_, address(0));
        }
        if (standing == Standing.Active) (record, total) = _part(wallet, record, total, delegate_);
        if (standing == Standing.Newcomer || standing == Standing.Absent) --_uncounted;
        else total = _advanceTotal(total).minusCounted();
        _records[wallet] = record.withStanding(final_).withStamp(Records.today());
        emit StandingChanged(id, final_);
        return total;
    }

    /// @dev Ends a membership for good, or refuses somebody's return.
    function _bar(uint256 id) internal {
        address wallet = _people[id].wallet;
        Record record = _records[wallet];
        if (scheduledBar[id] != 0) delete scheduledBar[id];
        if (record.standing() == Standing.Exited) {
            _records[wallet] = record.withStanding(Standing.Barred);
            emit StandingChanged(id, Standing.Barred);
        } else {
            _storeTotal(_burn(wallet, record, Standing.Barred, _loadTotal()));
        }
    }

    function _rejoin(address wallet, bytes32 accepted) internal {
        Record record = _records[wallet];
        if (record.standing() != Standing.Exited) {
            revert MembershipUnexpectedStanding(record.id(), record.standing());
        }
        _checkCharter(accepted);
        Total total = _loadTotal();
        if (_isTransferable()) {
            // The total changes whenever somebody becomes or ceases to be counted.
            bool deserted = total.counted() == 0 && block.timestamp >= total.entry().since() + DESERTED_AFTER;
            if (!deserted) revert MembershipTicketRequired();
        }
        (record, total) = _issue(wallet, record, total);
        _storeTotal(total);
        _enterAsNewcomer(wallet, record, accepted);
    }

    /* MOVING */

    /// @inheritdoc IMembership
    function moveWallet(uint256 id, address wallet) external {
        if (!_hasRole(Roles.SUCCESSION)) revert MembershipUnauthorized(msg.sender, Roles.SUCCESSION);
        address from = _people[id].wallet;
        if (from == address(0)) revert VoiceUnknownMember(id);
        if (_cannotHold(wallet)) revert MembershipInvalidWallet(wallet);
        uint256 other = _records[wallet].id();
        if (other != 0) {
            if (other == id || !_records[wallet].neverSpoke()) revert MembershipWalletTaken(wallet, other);
            if (_records[wallet].standing() != Standing.Barred) _bar(other);
            _people[other].wallet = from;
            emit WalletMoved(other, wallet, from);
        }
        Record record = _records[from];
        (_records[from], _records[wallet]) = (_records[wallet], record);
        _people[id].wallet = wallet;
        emit WalletMoved(id, from, wallet);
        if (record.isMember()) {
            _emitTransfer(from, wallet, _ticketNumber(id));
            address delegate_ = _delegateWallet(id, from);
            emit DelegateChanged(from, delegate_, address(0));
            emit DelegateChanged(wallet, address(0), delegate_ == from ? wallet : delegate_);
        }
        uint256 voice = _voice(record.entry(), block.timestamp);
        if (voice != 0) {
            emit DelegateVotesChanged(from, voice, 0);
            emit DelegateVotesChanged(wallet, 0, voice);
        }
    }

    /* DORMANCY */

    /// @inheritdoc IMembership
    function lapse(uint256[] calldata ids) external returns (uint256 lapsed) {
        uint256 silence = _dormantAfter() + STAMP_DAYS * 1 days;
        uint256 epoch = _epoch();
        Total total = _loadTotal();
        for (uint256 i = 0; i < ids.length; ++i) {
            address wallet = _people[ids[i]].wallet;
            Record record = _records[wallet];
            // The stamp stays as it is: a stranger's call is no act of the member.
            uint256 due = record.stamp() * 1 days + silence;
            if (record.isActive() && block.timestamp >= due) {
                (record, total) = _part(wallet, record, total);
                record = record.asDormant(epoch);
            } else if (
                record.standing() == Standing.Dormant && block.timestamp >= due + 1 days + ABSENT_AFTER
                    && !record.isDormantSince(epoch)
            ) {
                total = _advanceTotal(total).minusCounted();
                ++_uncounted;
                record = record.withStanding(Standing.Absent);
            } else {
                continue;
            }
            ++lapsed;
            _storeStanding(wallet, record);
        }
        _storeTotal(total);
    }

    function _rest(address wallet) internal {
        Record record = _records[wallet];
        if (!record.isActive()) revert MembershipUnexpectedStanding(record.id(), record.standing());
        Total total;
        (record, total) = _part(wallet, record, _loadTotal());
        _storeTotal(total);
        _storeStanding(wallet, record.asDormant(_epoch()).withStamp(Records.today()));
    }

    function _wake(address wallet, bytes32 accepted) internal {
        Record record = _records[wallet];
        Standing standing = record.standing();
        Total total = _loadTotal();
        if (standing != Standing.Dormant) {
            if (standing == Standing.Newcomer) _checkSeason(record);
            else if (standing != Standing.Absent) revert MembershipUnexpectedStanding(record.id(), standing);
            _checkCharter(accepted);
            total = _count(total);
        }
        _storeTotal(_awaken(wallet, record, total));
    }

    /// @dev A Newcomer's stamp is the day that was fixed when they entered.
    function _checkSeason(Record record) private view {
        uint256 readyAt = record.stamp() * 1 days;
        if (block.timestamp < readyAt) revert MembershipTooEarly(record.id(), readyAt);
    }

    /// @dev Counts a member who was not, and is about to wake.
    function _count(Total total) private returns (Total) {
        --_uncounted;
        return _advanceTotal(total).plusCounted();
    }

    /// @inheritdoc BallotVoices
    function _wakeDormant(address wallet, Record record) internal override {
        _storeTotal(_awaken(wallet, record, _loadTotal()));
    }

    /// @dev Makes a member Active who is counted; `total` is not stored.
    function _awaken(address wallet, Record record, Total total) private returns (Total) {
        uint256 id = record.id();
        uint256 delegateId = _people[id].delegate;
        address to = delegateId == 0 ? wallet : _delegateOrSelf(id, wallet, delegateId);
        (record, total) = _join(wallet, record, total, to, _unitsOf(id));
        _storeStanding(wallet, record.withStanding(Standing.Active).withStamp(Records.today()));
        return total;
    }

    function _storeStanding(address wallet, Record record) private {
        _records[wallet] = record;
        emit StandingChanged(record.id(), record.standing());
        emit MetadataUpdate(_ticketNumber(record.id()));
    }
}
