// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";

/// @title ITreasury
/// @notice The DAO's vault, the executor of its votes and the role book of its parts. It never moves.
/// @dev Its only admin is itself: roles, governor and guardian change by executed proposals alone.
interface ITreasury is IAccessControl {
    /// @notice A role given at creation.
    struct Grant {
        bytes32 role;
        address account;
    }

    /// @notice An office that ends by itself: at `until`, Unix seconds, it is over.
    struct Office {
        address holder;
        uint40 until;
    }

    /// @notice Thrown when the clone has its governor already, or when called on the implementation.
    error TreasuryAlreadyInitialized();

    /// @notice Thrown when anyone but the Governor tries to execute.
    error TreasuryNotGovernor(address caller);

    /// @notice Thrown when anyone but the Treasury itself tries to change it.
    error TreasuryNotSelf(address caller);

    /// @notice Thrown when the new governor has no code, or is the Treasury itself.
    error TreasuryInvalidGovernor(address governor);

    /// @notice Thrown when a call with calldata goes to an address without code.
    error TreasuryTargetWithoutCode(uint256 index, address target);

    /// @notice Thrown when a call of a proposal reverts.
    /// @param reason The first 1,024 bytes of what it reverted with.
    error TreasuryCallFailed(uint256 index, address target, bytes reason);

    /// @notice Thrown when the lists of calls differ in length.
    error TreasuryRaggedLists(uint256 targets, uint256 values, uint256 calldatas);

    /// @notice Thrown when the admin role, which the Treasury holds for good, would be granted or revoked.
    error TreasuryAdminIsFixed();

    /// @notice Thrown when an office would end more than 365 days ahead. Unix seconds.
    error TreasuryTermTooLong(uint256 until, uint256 max);

    /// @notice Emitted when the governor changes.
    event GovernorChanged(address indexed from, address indexed to);

    /// @notice Emitted when a guardian takes or leaves office. `until` in Unix seconds.
    event GuardianChanged(address indexed guardian, uint40 until);

    /// @notice Emitted once, when the steward takes office. `until` in Unix seconds.
    event StewardAppointed(address indexed steward, uint40 until);

    /// @notice Makes the calls of an executed proposal, in order; all or none. Callable by the Governor.
    function execute(address[] calldata targets, uint256[] calldata values, bytes[] calldata calldatas) external payable;

    /// @notice Hands the Treasury to another governor, which must have code. Callable by the Treasury.
    function setGovernor(address newGovernor) external;

    /// @notice Appoints, renews or (with zero) removes the guardian. Callable by the Treasury.
    /// @param until Unix seconds, at most 365 days ahead.
    function setGuardian(address newGuardian, uint40 until) external;

    /// @notice The contract whose executed proposals the Treasury carries out.
    function governor() external view returns (address);

    /// @notice Who may cancel a passed proposal before it can be executed; zero once the term is over.
    function guardian() external view returns (address);

    /// @notice Who may admit members in the founding phase; zero once the term is over. Nothing renews it.
    function steward() external view returns (address);

    /// @notice The guardian's office as recorded, also after its end.
    function guardianOffice() external view returns (Office memory);

    /// @notice The steward's office as recorded, also after its end.
    function stewardOffice() external view returns (Office memory);
}
