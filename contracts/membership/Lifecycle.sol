// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {CloneArgs} from "../libraries/CloneArgs.sol";
import {Entry} from "../libraries/Entries.sol";
import {BallotVoices} from "./BallotVoices.sol";
import {IMembership, Standing} from "./IMembership.sol";
import {Records, Totals} from "./Records.sol";
import {Tickets} from "./Tickets.sol";

/// @title Lifecycle
/// @notice Every change of a person's standing, with what it means for their ticket, their voice and the sums.
/// @dev Who may cause a change is decided in `Membership`. Records and the total travel by value: a function that may
///      store another person's record is called before a record is read, or with the one record it concerns.
abstract contract Lifecycle is IMembership, BallotVoices, Tickets {
    using Records for Entry;
    using Totals for Entry;

    /* CONSTANTS */

    uint256 private constant ABSENT_AFTER = 730 days;
    uint256 private constant MAX_ID = type(uint24).max;

    /* STORAGE */

    Settings internal _settings;

    /// @inheritdoc IMembership
    bytes32 public charterHash;

    /// @dev Tickets that do not count for the floor of the quorum: those of Newcomers and of the Absent.
    uint256 private _uncounted;

    /// @dev The person a ticket admits where the numbers differ.
    mapping(uint256 ticket => uint256 id) private _memberOf;

    /* ADMISSION */

    /// @dev Active for whoever accepts the current charter, Newcomer for zero.
    function _standingFor(bytes32 accepted) internal view returns (Standing) {
        if (accepted == 0) return Standing.Newcomer;
        _checkCharter(accepted);
        return Standing.Active;
    }

    function _checkCharter(bytes32 accepted) private view {
        if (accepted != charterHash) revert MembershipCharterMismatch(accepted, charterHash);
    }

    function _admit(address wallet, Standing standing, bytes32 accepted, Entry total)
        internal
        returns (uint256 id, Entry)
    {
        Entry record = _candidate(wallet);
        if (record.id() != 0 && msg.sender != _treasury()) _checkReturn(record);
        return _issue(wallet, record, standing, accepted, total);
    }

    /// @dev Only a vote lifts a bar. With soulbound tickets nobody is brought back unasked: they rejoin themselves.
    function _checkReturn(Entry record) private view {
        Standing standing = record.standing();
        if (standing == Standing.Barred) revert MembershipBarred(record.id());
        if (!_isTransferable()) revert MembershipUnexpectedStanding(record.id(), standing);
    }

    /// @dev Gives a ticket to a person without one.
    function _issue(address wallet, Entry record, Standing standing, bytes32 accepted, Entry total)
        private
        returns (uint256 id, Entry)
    {
        bool fresh = record.id() == 0;
        (record, total) = _identify(wallet, record, total);
        id = record.id();
        uint256 ticket = id;
        if (_isTransferable()) (ticket, total) = _freeTicket(id, total);
        else emit Locked(ticket);
        _emitTransfer(address(0), wallet, ticket);
        return (id, _enter(wallet, record, standing, accepted, total, fresh));
    }

    /// @dev The record of a wallet that may receive a ticket.
    function _candidate(address wallet) private view returns (Entry record) {
        if (_cannotHold(wallet)) revert MembershipInvalidWallet(wallet);
        record = _records[wallet];
        if (record.isMember()) revert MembershipWalletTaken(wallet, record.id());
    }

    /// @dev A part of the DAO holds no ticket. Later parts are not known here; they are asked for nothing by holding one.
    ///      A hook: which other wallets may not.
    function _cannotHold(address wallet) internal view virtual returns (bool) {
        return wallet == address(0) || wallet == address(this) || wallet == _treasury() || wallet == _foundingGovernor();
    }

    /// @dev Gives a person who has none an id.
    function _identify(address wallet, Entry record, Entry total) private returns (Entry, Entry) {
        if (record.id() != 0) return (record, total);
        total = _takeNumber(total);
        uint256 id = total.lastId();
        _people[id] = Person({wallet: wallet, delegate: 0, ticket: 0, joined: uint40(block.timestamp)});
        return (Records.create(id), total);
    }

    function _takeNumber(Entry total) private pure returns (Entry) {
        if (total.lastId() == MAX_ID) revert MembershipFull();
        return total.plusId();
    }

    /// @dev The number of a ticket for a member without one: their id, or a fresh number while somebody holds that one.
    function _freeTicket(uint256 id, Entry total) private returns (uint256 ticket, Entry) {
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

    /// @dev Records a person who has just received a ticket. Somebody `fresh` has no merit and no delegate to look up.
    function _enter(address wallet, Entry record, Standing standing, bytes32 accepted, Entry total, bool fresh)
        private
        returns (Entry)
    {
        record = record.withStanding(standing);
        emit MemberAdmitted(record.id(), wallet, standing, accepted);
        if (standing == Standing.Newcomer) {
            // Not counted before the season has passed: seats bought in mass must not put the floor out of reach.
            ++_uncounted;
        } else {
            total = _advanceTotal(total).plusCounted();
            (record, total) = fresh ? _join(wallet, record, total, wallet, 0) : _join(wallet, record, total);
        }
        _records[wallet] = record;
        return total;
    }

    /* TICKETS */

    /// @inheritdoc Tickets
    function _sell(address from, address to, uint256 ticket) internal override {
        Entry buyer = _candidate(to);
        if (buyer.standing() == Standing.Barred) revert MembershipBarred(buyer.id());
        Entry seller = _records[from];
        // Who was admitted by money sells after the season: passing a ticket on at once would use up the numbers.
        if (seller.standing() == Standing.Newcomer) _checkSeason(seller);
        Entry total = _leave(from, seller, _loadTotal());
        // Read again: a buyer who was a member before may have been the seller's delegate.
        (buyer, total) = _identify(to, _records[to], total);
        _assignTicket(buyer.id(), ticket);
        _emitTransfer(from, to, ticket);
        _storeTotal(_enter(to, buyer, Standing.Newcomer, 0, total, false));
    }

    /// @inheritdoc Tickets
    function _holderOf(uint256 ticket) internal view override returns (address) {
        uint256 id = _memberOf[ticket];
        if (id == 0) id = ticket;
        address wallet = _people[id].wallet;
        return _records[wallet].isMember() && _ticketNumber(id) == ticket ? wallet : address(0);
    }

    function _ticketNumber(uint256 id) internal view returns (uint256) {
        uint256 ticket = _people[id].ticket;
        return ticket == 0 ? id : ticket;
    }

    /// @inheritdoc Tickets
    function _areTransferable() internal view override returns (bool) {
        return _isTransferable();
    }

    /* LEAVING AND RETURNING */

    function _exit(address wallet) internal {
        Entry record = _records[wallet];
        _storeTotal(_leave(wallet, record, _loadTotal()));
        _emitTransfer(wallet, address(0), _ticketNumber(record.id()));
    }

    /// @dev Ends a membership by the member's own will; the ticket is the caller's to burn or to hand on.
    function _leave(address wallet, Entry record, Entry total) private returns (Entry) {
        return _end(wallet, record, record.standing() == Standing.Newcomer ? Standing.Left : Standing.Exited, total);
    }

    function _end(address wallet, Entry record, Standing final_, Entry total) private returns (Entry) {
        uint256 id = record.id();
        Standing standing = record.standing();
        if (!record.isMember()) revert MembershipUnexpectedStanding(id, standing);
        address delegate_ = _delegateWallet(id, wallet);
        if (standing == Standing.Active) (record, total) = _part(wallet, record, total, delegate_);
        if (_isUncounted(standing)) --_uncounted;
        else total = _advanceTotal(total).minusCounted();
        if (delegate_ != wallet) {
            _people[id].delegate = 0;
            emit DelegateChanged(wallet, delegate_, address(0));
        }
        _records[wallet] = record.withStanding(final_);
        emit StandingChanged(id, final_);
        return total;
    }

    function _isUncounted(Standing standing) private pure returns (bool) {
        return standing == Standing.Newcomer || standing == Standing.Absent;
    }

    function _bar(uint256 id) internal {
        address wallet = _people[id].wallet;
        Entry record = _records[wallet];
        Standing standing = record.standing();
        if (record.isMember()) {
            _storeTotal(_end(wallet, record, Standing.Barred, _loadTotal()));
            _emitTransfer(wallet, address(0), _ticketNumber(id));
        } else if (standing == Standing.Exited || standing == Standing.Left) {
            _records[wallet] = record.withStanding(Standing.Barred);
            emit StandingChanged(id, Standing.Barred);
        } else {
            revert MembershipUnexpectedStanding(id, standing);
        }
    }

    function _rejoin(address wallet, bytes32 accepted) internal {
        Entry record = _records[wallet];
        Standing standing = record.standing();
        if (standing != Standing.Exited && standing != Standing.Left) {
            revert MembershipUnexpectedStanding(record.id(), standing);
        }
        _checkCharter(accepted);
        Entry total = _loadTotal();
        if (_isTransferable() && total.counted() + _uncounted != 0) revert MembershipTicketRequired();
        Standing resumed = standing == Standing.Left ? Standing.Newcomer : Standing.Active;
        (, total) = _issue(wallet, record, resumed, accepted, total);
        _storeTotal(total);
    }

    /* DORMANCY */

    /// @inheritdoc IMembership
    function lapse(uint256[] calldata ids) external returns (uint256 lapsed) {
        uint256 silence = _settings.dormantAfter + STAMP_DAYS * 1 days;
        Entry total = _loadTotal();
        for (uint256 i = 0; i < ids.length; ++i) {
            address wallet = _people[ids[i]].wallet;
            Entry record = _records[wallet];
            Standing standing = record.standing();
            uint256 stamped = _stampOf(record) * 1 days;
            if (standing == Standing.Active && block.timestamp >= stamped + silence) {
                (record, total) = _part(wallet, record, total);
                _setStanding(wallet, record, Standing.Dormant);
                ++lapsed;
            } else if (
                (standing == Standing.Dormant || standing == Standing.Newcomer)
                    && block.timestamp >= stamped + 1 days + ABSENT_AFTER
            ) {
                if (standing == Standing.Dormant) {
                    total = _advanceTotal(total).minusCounted();
                    ++_uncounted;
                }
                _setStanding(wallet, record, Standing.Absent);
                ++lapsed;
            }
        }
        _storeTotal(total);
    }

    function _rest(address wallet) internal {
        Entry record = _records[wallet];
        if (record.standing() != Standing.Active) revert MembershipUnexpectedStanding(record.id(), record.standing());
        Entry total;
        (record, total) = _part(wallet, record, _loadTotal());
        _storeTotal(total);
        _setStanding(wallet, record, Standing.Dormant);
    }

    function _wake(address wallet, bytes32 accepted) internal {
        Entry record = _records[wallet];
        Standing standing = record.standing();
        Entry total = _loadTotal();
        if (standing != Standing.Dormant) {
            if (standing == Standing.Newcomer) _checkSeason(record);
            else if (standing != Standing.Absent) revert MembershipUnexpectedStanding(record.id(), standing);
            _checkCharter(accepted);
            --_uncounted;
            total = _advanceTotal(total).plusCounted();
        }
        _awaken(wallet, record, total);
    }

    /// @dev The stamp is a day: the season is counted from its end, so that it is never shorter than promised.
    function _checkSeason(Entry record) private view {
        uint256 readyAt = (record.stamp() + 1) * 1 days + _settings.season;
        if (block.timestamp < readyAt) revert MembershipTooEarly(record.id(), readyAt);
    }

    /// @inheritdoc BallotVoices
    function _wakeDormant(address wallet, Entry record) internal override {
        _awaken(wallet, record, _loadTotal());
    }

    function _awaken(address wallet, Entry record, Entry total) private {
        uint256 id = record.id();
        Person storage person = _people[id];
        // One read.
        (uint256 delegateId, uint256 ticket) = (person.delegate, person.ticket);
        address to = delegateId == 0 ? wallet : _delegateOrSelf(id, wallet, delegateId);
        (record, total) = _join(wallet, record, total, to, _unitsOf(id));
        _storeTotal(total);
        _setStanding(wallet, record, Standing.Active, ticket == 0 ? id : ticket);
    }

    function _setStanding(address wallet, Entry record, Standing standing) private {
        _setStanding(wallet, record, standing, _ticketNumber(record.id()));
    }

    /// @dev As above with the ticket's number read before.
    function _setStanding(address wallet, Entry record, Standing standing, uint256 ticket) private {
        _records[wallet] = record.withStanding(standing);
        emit StandingChanged(record.id(), standing);
        emit MetadataUpdate(ticket);
    }
}
