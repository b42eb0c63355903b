// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessControl} from "@openzeppelin/contracts/access/AccessControl.sol";
import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {ERC1155Holder} from "@openzeppelin/contracts/token/ERC1155/utils/ERC1155Holder.sol";
import {ERC721Holder} from "@openzeppelin/contracts/token/ERC721/utils/ERC721Holder.sol";

import {ITreasury} from "./ITreasury.sol";

/// @title Treasury
/// @notice The DAO's vault, executor and role book. See `ITreasury`.
contract Treasury is ITreasury, AccessControl, ERC721Holder, ERC1155Holder {
    /* CONSTANTS */

    uint256 private constant MAX_TERM = 365 days;
    uint256 private constant MAX_REASON = 1024;

    /* STORAGE */

    /// @inheritdoc ITreasury
    address public governor;

    Office private _guardian;
    Office private _steward;

    /* INITIALIZATION */

    constructor() {
        governor = address(this);
    }

    /// @notice Gives a new clone its governor, its offices and the roles that were asked for. Works once.
    function initialize(address governor_, Office calldata guardian_, Office calldata steward_, Grant[] calldata grants)
        external
    {
        if (governor != address(0)) revert TreasuryAlreadyInitialized();
        governor = governor_;
        emit GovernorChanged(address(0), governor_);
        if (guardian_.holder != address(0)) _setGuardian(guardian_);
        if (steward_.holder != address(0)) {
            _checkTerm(steward_.until);
            _steward = steward_;
            emit StewardAppointed(steward_.holder, steward_.until);
        }
        for (uint256 i = 0; i < grants.length; ++i) {
            _grantRole(grants[i].role, grants[i].account);
        }
    }

    modifier onlySelf() {
        if (msg.sender != address(this)) revert TreasuryNotSelf(msg.sender);
        _;
    }

    receive() external payable {}

    /* EXECUTION */

    /// @inheritdoc ITreasury
    function execute(address[] calldata targets, uint256[] calldata values, bytes[] calldata calldatas)
        external
        payable
    {
        if (msg.sender != governor) revert TreasuryNotGovernor(msg.sender);
        uint256 length = targets.length;
        if (length != values.length || length != calldatas.length) {
            revert TreasuryRaggedLists(length, values.length, calldatas.length);
        }
        for (uint256 i = 0; i < length; ++i) {
            _call(i, targets[i], values[i], calldatas[i]);
        }
    }

    /// @dev Copies no return data, and at most `MAX_REASON` bytes of a revert: a return bomb costs only its own gas.
    ///      A hook: what no vote may do.
    function _call(uint256 index, address target, uint256 value, bytes calldata data) internal virtual {
        if (data.length != 0 && target.code.length == 0) revert TreasuryTargetWithoutCode(index, target);
        bool success;
        assembly ("memory-safe") {
            let payload := mload(0x40)
            calldatacopy(payload, data.offset, data.length)
            success := call(gas(), target, value, payload, data.length, 0, 0)
        }
        if (success) return;
        bytes memory reason;
        assembly ("memory-safe") {
            let size := returndatasize()
            if gt(size, MAX_REASON) { size := MAX_REASON }
            reason := mload(0x40)
            mstore(reason, size)
            returndatacopy(add(reason, 0x20), 0, size)
            mstore(0x40, add(reason, add(0x20, and(add(size, 0x1f), not(0x1f)))))
        }
        revert TreasuryCallFailed(index, target, reason);
    }

    /* GOVERNOR */

    /// @inheritdoc ITreasury
    function setGovernor(address newGovernor) external onlySelf {
        if (newGovernor.code.length == 0 || newGovernor == address(this)) revert TreasuryInvalidGovernor(newGovernor);
        emit GovernorChanged(governor, newGovernor);
        governor = newGovernor;
    }

    /* OFFICES */

    /// @inheritdoc ITreasury
    function setGuardian(address newGuardian, uint40 until) external onlySelf {
        _setGuardian(Office(newGuardian, until));
    }

    function _setGuardian(Office memory office) private {
        _checkTerm(office.until);
        _guardian = office;
        emit GuardianChanged(office.holder, office.until);
    }

    function _checkTerm(uint256 until) private view {
        uint256 max = block.timestamp + MAX_TERM;
        if (until > max) revert TreasuryTermTooLong(until, max);
    }

    /// @inheritdoc ITreasury
    function guardian() external view returns (address) {
        return _holder(_guardian);
    }

    /// @inheritdoc ITreasury
    function steward() external view returns (address) {
        return _holder(_steward);
    }

    /// @inheritdoc ITreasury
    function guardianOffice() external view returns (Office memory) {
        return _guardian;
    }

    /// @inheritdoc ITreasury
    function stewardOffice() external view returns (Office memory) {
        return _steward;
    }

    function _holder(Office memory office) private view returns (address) {
        return block.timestamp < office.until ? office.holder : address(0);
    }

    /* ROLES */

    /// @notice The Treasury, and nobody else, holds the admin role of every role.
    function hasRole(bytes32 role, address account) public view override(AccessControl, IAccessControl) returns (bool) {
        return role == DEFAULT_ADMIN_ROLE ? account == address(this) : super.hasRole(role, account);
    }

    function _grantRole(bytes32 role, address account) internal override returns (bool) {
        if (role == DEFAULT_ADMIN_ROLE) revert TreasuryAdminIsFixed();
        return super._grantRole(role, account);
    }

    function _revokeRole(bytes32 role, address account) internal override returns (bool) {
        if (role == DEFAULT_ADMIN_ROLE) revert TreasuryAdminIsFixed();
        return super._revokeRole(role, account);
    }

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 interfaceId) public view override(AccessControl, ERC1155Holder) returns (bool) {
        return interfaceId == type(ITreasury).interfaceId || super.supportsInterface(interfaceId);
    }
}
