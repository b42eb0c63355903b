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

    /// @notice Thrown when the new governor has no code, or the code of a wallet (EIP-7702), is the Treasury itself or the
    ///         governor in office, or was in office before.
    error TreasuryInvalidGovernor(address governor);

    /// @notice Thrown when no governor waits, or its time is over.
    error TreasuryNothingWaits();

    /// @notice Thrown when a governor is installed before it is due. Unix seconds; `until` is the last moment.
    error TreasuryNotDue(address governor, uint256 from, uint256 until);

    /// @notice Thrown when less than `needed` gas is left for the former governor to retire with.
    error TreasuryTooLittleGas(uint256 needed);

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

    /// @notice Emitted when another governor is asked for. It can be installed from `from` on, for 30 days. Unix seconds.
    event GovernorScheduled(address indexed governor, uint40 from);

    /// @notice Emitted when a governor that waited is withdrawn.
    event GovernorWithdrawn(address indexed governor);

    /// @notice Emitted when the governor changes.
    event GovernorChanged(address indexed from, address indexed to);

    /// @notice Emitted beside `RoleGranted` for a grant that waits: `hasRole` says so from `from` on, Unix seconds.
    event RoleScheduled(bytes32 indexed role, address indexed account, uint40 from);

    /// @notice Emitted when a guardian takes or leaves office. `until` in Unix seconds.
    event GuardianChanged(address indexed guardian, uint40 until);

    /// @notice Emitted once, when the steward takes office. `until` in Unix seconds.
    event StewardAppointed(address indexed steward, uint40 until);

    /// @notice Makes the calls of an executed proposal, in order; all or none. Callable by the Governor.
    function execute(address[] calldata targets, uint256[] calldata values, bytes[] calldata calldatas) external payable;

    /// @notice Asks for another governor, which must have code of its own and was never in office. It can be installed 45 days
    ///         from now; what waited before is dropped. Callable by the Treasury.
    function setGovernor(address newGovernor) external;

    /// @notice Drops the governor that waits. Callable by the Treasury.
    function withdrawGovernor() external;

    /// @notice Hands the Treasury to the governor that waits, once it is due and within 30 days. Anyone may call.
    /// @dev The former one is told to retire with a bounded amount of gas, and cannot stop it.
    function installGovernor() external;

    /// @notice Appoints, renews or (with zero) removes the guardian. Callable by the Treasury.
    /// @param until Unix seconds, at most 365 days ahead.
    function setGuardian(address newGuardian, uint40 until) external;

    /// @notice The contract whose executed proposals the Treasury carries out.
    function governor() external view returns (address);

    /// @notice The governor that waits and from when on it can be installed, Unix seconds; zeros if none does, or its time is over.
    function waitingGovernor() external view returns (address governor, uint40 from);

    /// @notice Whether a contract was the governor before: it is never again.
    function isFormerGovernor(address governor) external view returns (bool);

    /// @notice From when on an account holds a role, Unix seconds; 0 for never. A grant of ADMITTER, SUCCESSION or REWARDER by a
    ///         vote waits for 45 days; asked for again while it waits, it starts anew.
    function roleInForceAt(bytes32 role, address account) external view returns (uint40);

    /// @notice Who may cancel a passed proposal before it can be executed; zero once the term is over.
    function guardian() external view returns (address);

    /// @notice Who may admit members in the founding phase; zero once the term is over. Nothing renews it.
    function steward() external view returns (address);

    /// @notice The guardian's office as recorded, also after its end.
    function guardianOffice() external view returns (Office memory);

    /// @notice The steward's office as recorded, also after its end.
    function stewardOffice() external view returns (Office memory);
}
