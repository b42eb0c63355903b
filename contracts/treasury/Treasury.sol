// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessControl} from "@openzeppelin/contracts/access/AccessControl.sol";
import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {ERC1155Holder} from "@openzeppelin/contracts/token/ERC1155/utils/ERC1155Holder.sol";
import {ERC721Holder} from "@openzeppelin/contracts/token/ERC721/utils/ERC721Holder.sol";

import {IDAOGovernor} from "../governance/IDAOGovernor.sol";
import {ITreasury} from "./ITreasury.sol";
import {Roles} from "./Roles.sol";

/// @title Treasury
/// @notice The DAO's vault, executor and role book. See `ITreasury`.
contract Treasury is ITreasury, AccessControl, ERC721Holder, ERC1155Holder {
    /// @dev A governor that was asked for, and when it is due, Unix seconds.
    struct Candidate {
        // slot 0
        address governor;
        uint40 from;
    }

    /* CONSTANTS */

    uint256 private constant MAX_TERM = 365 days;
    uint256 private constant MAX_REASON = 1024;

    /// @dev How long what could take the decision away from the members waits: longer than any vote can take, so that another
    ///      vote can take it back.
    uint256 private constant WAITING_PERIOD = 45 days;

    /// @dev How long another governor can be installed once it is due.
    uint256 private constant INSTALLATION_PERIOD = 30 days;

    /// @dev What a governor has to retire, five times what it needs.
    uint256 private constant RETIREMENT_GAS = 200_000;

    /* STORAGE */

    /// @inheritdoc ITreasury
    address public governor;

    Office private _guardian;
    Office private _steward;

    Candidate private _candidate;

    /// @inheritdoc ITreasury
    mapping(address governor => bool) public isFormerGovernor;

    /// @dev Since when a role is held, Unix seconds; in the future while a grant waits, 0 for none.
    mapping(bytes32 role => mapping(address account => uint256 since)) private _since;

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
            _hold(grants[i].role, grants[i].account, block.timestamp);
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
        _checkGovernor(newGovernor);
        // Unix seconds fit 40 bits.
        uint40 from = uint40(block.timestamp + WAITING_PERIOD);
        _candidate = Candidate({governor: newGovernor, from: from});
        emit GovernorScheduled(newGovernor, from);
    }

    /// @inheritdoc ITreasury
    function withdrawGovernor() external onlySelf {
        Candidate memory candidate = _waiting();
        delete _candidate;
        emit GovernorWithdrawn(candidate.governor);
    }

    /// @inheritdoc ITreasury
    function installGovernor() external {
        Candidate memory candidate = _waiting();
        if (block.timestamp < candidate.from) {
            revert TreasuryNotDue(candidate.governor, candidate.from, candidate.from + INSTALLATION_PERIOD);
        }
        _checkGovernor(candidate.governor);
        address former = governor;
        delete _candidate;
        isFormerGovernor[former] = true;
        governor = candidate.governor;
        emit GovernorChanged(former, candidate.governor);
        _retire(former);
    }

    /// @dev The governor that waits, due or not.
    function _waiting() private view returns (Candidate memory candidate) {
        candidate = _candidate;
        if (candidate.governor == address(0) || block.timestamp > candidate.from + INSTALLATION_PERIOD) {
            revert TreasuryNothingWaits();
        }
    }

    /// @dev A wallet that has code by EIP-7702 keeps its key, and with it the Treasury.
    function _checkGovernor(address account) private view {
        bytes32 code;
        assembly ("memory-safe") {
            extcodecopy(account, 0x00, 0x00, 0x20)
            code := mload(0x00)
        }
        if (
            account.code.length == 0 || bytes3(code) == 0xef0100 || account == address(this) || account == governor
                || isFormerGovernor[account]
        ) revert TreasuryInvalidGovernor(account);
    }

    /// @dev Tells a governor that its office is over. One that fails, answers too much or burns its gas stops nothing; but
    ///      whoever installs cannot let it fail by giving too little gas.
    function _retire(address former) private {
        // A call gets at most 63/64 of what is left.
        uint256 needed = RETIREMENT_GAS * 64 / 63 + 5_000;
        if (gasleft() < needed) revert TreasuryTooLittleGas(needed);
        bytes4 selector = IDAOGovernor.retire.selector;
        assembly ("memory-safe") {
            mstore(0x00, selector)
            pop(call(RETIREMENT_GAS, former, 0, 0x00, 0x04, 0, 0))
        }
    }

    /// @inheritdoc ITreasury
    function waitingGovernor() external view returns (address, uint40) {
        Candidate memory candidate = _candidate;
        if (block.timestamp > candidate.from + INSTALLATION_PERIOD) return (address(0), 0);
        return (candidate.governor, candidate.from);
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

    /// @notice Whether `account` holds `role` now. The Treasury, and nobody else, holds the admin role of every role.
    function hasRole(bytes32 role, address account) public view override(AccessControl, IAccessControl) returns (bool) {
        if (role == DEFAULT_ADMIN_ROLE) return account == address(this);
        unchecked {
            return _since[role][account] - 1 < block.timestamp; // 0 wraps far above
        }
    }

    /// @inheritdoc ITreasury
    function roleInForceAt(bytes32 role, address account) external view returns (uint40) {
        return uint40(_since[role][account]);
    }

    /// @dev A grant in force stays as it is; one that waits starts anew.
    function _grantRole(bytes32 role, address account) internal override returns (bool) {
        if (role == DEFAULT_ADMIN_ROLE) revert TreasuryAdminIsFixed();
        if (hasRole(role, account)) return false;
        _hold(role, account, _waits(role) ? block.timestamp + WAITING_PERIOD : block.timestamp);
        return true;
    }

    function _hold(bytes32 role, address account, uint256 from) private {
        if (role == DEFAULT_ADMIN_ROLE) revert TreasuryAdminIsFixed();
        _since[role][account] = from;
        emit RoleGranted(role, account, msg.sender);
        if (from != block.timestamp) emit RoleScheduled(role, account, uint40(from));
    }

    /// @dev Roles that could take the decision away from the members.
    function _waits(bytes32 role) private pure returns (bool) {
        return role == Roles.ADMITTER || role == Roles.SUCCESSION || role == Roles.REWARDER;
    }

    function _revokeRole(bytes32 role, address account) internal override returns (bool) {
        if (role == DEFAULT_ADMIN_ROLE) revert TreasuryAdminIsFixed();
        if (_since[role][account] == 0) return false;
        delete _since[role][account];
        emit RoleRevoked(role, account, msg.sender);
        return true;
    }

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 interfaceId) public view override(AccessControl, ERC1155Holder) returns (bool) {
        return interfaceId == type(ITreasury).interfaceId || super.supportsInterface(interfaceId);
    }
}
