// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {IERC4906} from "@openzeppelin/contracts/interfaces/IERC4906.sol";
import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {IERC721Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {IERC721Metadata} from "@openzeppelin/contracts/token/ERC721/extensions/IERC721Metadata.sol";
import {ERC721Utils} from "@openzeppelin/contracts/token/ERC721/utils/ERC721Utils.sol";

import {IERC5192} from "./IERC5192.sol";

/// @title Tickets
/// @notice The ERC-721 face of membership: an account holds at most one ticket, and who holds which follows from the
///         people's records.
abstract contract Tickets is IERC721Metadata, IERC4906, IERC5192, IERC721Errors {
    /// @notice Thrown when a soulbound ticket would be approved or transferred.
    error TicketSoulbound(uint256 ticket);

    mapping(uint256 ticket => address) private _approvals;
    mapping(address holder => mapping(address operator => bool)) private _operators;

    /* VIEWS */

    /// @inheritdoc IERC721
    function ownerOf(uint256 ticket) public view returns (address owner) {
        owner = _holderOf(ticket);
        if (owner == address(0)) revert ERC721NonexistentToken(ticket);
    }

    /// @inheritdoc IERC5192
    function locked(uint256 ticket) external view returns (bool) {
        ownerOf(ticket);
        return !_areTransferable();
    }

    /// @inheritdoc IERC721
    function getApproved(uint256 ticket) external view returns (address operator) {
        ownerOf(ticket);
        return _approvals[ticket];
    }

    /// @inheritdoc IERC721
    function isApprovedForAll(address holder, address operator) public view returns (bool) {
        return _operators[holder][operator];
    }

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 interfaceId) public view virtual returns (bool) {
        // ERC-4906 has events only; its id is 0x49064906.
        return interfaceId == type(IERC165).interfaceId || interfaceId == type(IERC721).interfaceId
            || interfaceId == type(IERC721Metadata).interfaceId || interfaceId == type(IERC5192).interfaceId
            || interfaceId == bytes4(0x49064906);
    }

    /* APPROVALS */

    /// @inheritdoc IERC721
    function approve(address to, uint256 ticket) external {
        address holder = _transferableTicket(ticket);
        if (msg.sender != holder && !isApprovedForAll(holder, msg.sender)) revert ERC721InvalidApprover(msg.sender);
        _approvals[ticket] = to;
        emit Approval(holder, to, ticket);
    }

    /// @inheritdoc IERC721
    function setApprovalForAll(address operator, bool approved) external {
        if (operator == address(0)) revert ERC721InvalidOperator(operator);
        if (approved && !_areTransferable()) revert TicketSoulbound(0);
        _operators[msg.sender][operator] = approved;
        emit ApprovalForAll(msg.sender, operator, approved);
    }

    /* TRANSFER */

    /// @inheritdoc IERC721
    function transferFrom(address from, address to, uint256 ticket) public {
        address holder = _transferableTicket(ticket);
        if (holder != from) revert ERC721IncorrectOwner(from, ticket, holder);
        if (msg.sender != holder && !isApprovedForAll(holder, msg.sender) && msg.sender != _approvals[ticket]) {
            revert ERC721InsufficientApproval(msg.sender, ticket);
        }
        _sell(from, to, ticket);
    }

    /// @inheritdoc IERC721
    function safeTransferFrom(address from, address to, uint256 ticket) external {
        safeTransferFrom(from, to, ticket, "");
    }

    /// @inheritdoc IERC721
    function safeTransferFrom(address from, address to, uint256 ticket, bytes memory data) public {
        transferFrom(from, to, ticket);
        ERC721Utils.checkOnERC721Received(msg.sender, from, to, ticket, data);
    }

    function _transferableTicket(uint256 ticket) private view returns (address holder) {
        holder = ownerOf(ticket);
        if (!_areTransferable()) revert TicketSoulbound(ticket);
    }

    /// @dev Announces a ticket's way from one holder to the next (zero: minted or burned) and forgets its approval.
    function _emitTransfer(address from, address to, uint256 ticket) internal {
        if (from != address(0) && _areTransferable()) delete _approvals[ticket];
        emit Transfer(from, to, ticket);
    }

    /* TO BE GIVEN BY THE RECORDS */

    /// @dev Who holds `ticket`; zero if nobody.
    function _holderOf(uint256 ticket) internal view virtual returns (address);

    /// @dev Whether the DAO's tickets can change hands.
    function _areTransferable() internal view virtual returns (bool);

    /// @dev The seller's exit and the buyer's admission; `from` holds the ticket.
    function _sell(address from, address to, uint256 ticket) internal virtual;
}
