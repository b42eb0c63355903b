// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title IContributionToken
/// @notice The DAO's ERC-20 for contribution: permit and burn, no votes. Supply = minted − burned, always.
/// @dev 18 decimals. Caps hold per 30-day epoch, counted from the DAO's t0; they bind the Treasury too.
interface IContributionToken {
    /// @notice What a vote may change.
    /// @param epochCap Wei of token that may be minted in an epoch, in [0, 2^96 − 1].
    /// @param transferable False: tokens move only from or to a holder of role PURSE, and by mint and burn.
    struct Settings {
        uint96 epochCap;
        bool transferable;
    }

    /// @notice Tokens given at creation; they do not count against the cap.
    struct Grant {
        address account;
        uint256 amount;
    }

    /// @notice Thrown when the clone has been initialized, or when called on the implementation.
    error ContributionTokenAlreadyInitialized();

    /// @notice Thrown when the caller lacks the role that the function asks for; zero stands for the Treasury alone.
    error ContributionTokenUnauthorized(address caller, bytes32 role);

    /// @notice Thrown when a mint would pass what this epoch allows. Wei of token.
    error ContributionTokenCapExceeded(uint256 requested, uint256 available);

    /// @notice Thrown when a mint would pass what this epoch allows for its kind. Wei of token.
    error ContributionTokenKindCapExceeded(uint256 kind, uint256 requested, uint256 available);

    /// @notice Thrown when locked tokens would move between two accounts of which neither is a PURSE.
    error ContributionTokenLocked(address from, address to);

    /// @notice Thrown when tokens would be minted or sent to the zero address.
    error ContributionTokenInvalidReceiver(address to);

    /// @notice Thrown when tokens would be sent or burned from the zero address.
    error ContributionTokenInvalidSender(address from);

    /// @notice Thrown when the zero address would be approved.
    error ContributionTokenInvalidSpender(address spender);

    /// @notice Thrown when the lists of a batch differ in length.
    error ContributionTokenRaggedLists(uint256 accounts, uint256 amounts);

    /// @notice Emitted beside each ERC-20 mint event with what the mint is for; 0 for a plain vote.
    event Minted(uint256 indexed kind, uint256 amount);

    /// @notice Emitted when the settings change.
    event SettingsChanged(Settings settings);

    /// @notice Emitted when a kind's cap changes. Wei of token in an epoch.
    event KindCapChanged(uint256 indexed kind, uint256 cap);

    /// @notice Mints within the caps. Callable by a MINTER and by the Treasury.
    /// @param amount Wei of token.
    /// @param kind Kind of contribution; a kind without a cap of its own shares the epoch's.
    function mint(address to, uint256 amount, uint256 kind) external;

    /// @notice As `mint` for many accounts; all or none.
    function mintMany(address[] calldata accounts, uint256[] calldata amounts, uint256 kind) external;

    /// @notice Burns the caller's tokens.
    function burn(uint256 amount) external;

    /// @notice Burns another's tokens, out of the caller's allowance.
    function burnFrom(address account, uint256 amount) external;

    /// @notice Replaces the settings. Callable by the Treasury.
    function setSettings(Settings calldata newSettings) external;

    /// @notice Gives a kind a cap of its own for every epoch, counted from now on; the maximum removes it. Callable by the Treasury.
    /// @param cap Wei of token in an epoch, in [0, 2^96 − 1].
    function setKindCap(uint256 kind, uint96 cap) external;

    /// @notice The settings in force.
    function settings() external view returns (Settings memory);

    /// @notice What may still be minted in this epoch. Wei of token.
    function mintable() external view returns (uint256);

    /// @notice What may still be minted in this epoch for one kind. Wei of token.
    function mintableFor(uint256 kind) external view returns (uint256);

    /// @notice The DAO's treasury and role book.
    function treasury() external view returns (address);
}
