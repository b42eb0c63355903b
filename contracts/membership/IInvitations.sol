// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title IInvitations
/// @notice Seats by a link: sponsors sign for a fresh key, and whoever holds the key takes one seat with it.
/// @dev A module with the role ADMITTER. Members' invitations make Newcomers, silent until their season has passed; only the
///      steward's, while the office lasts, make Active members. Signatures are EIP-712 in the domain "Mikoshi Invitations",
///      version "1", of this contract; accounts with code answer by ERC-1271.
interface IInvitations {
    /// @notice What a vote may change.
    /// @param perEpoch Seats that members' invitations give in a 30-day epoch, in [0, 10_000].
    /// @param perSponsor The same for one sponsor, in [0, 20].
    /// @param sponsors Sponsors that one invitation needs, in [1, 3]; two at least where six are counted.
    struct Settings {
        uint16 perEpoch;
        uint8 perSponsor;
        uint8 sponsors;
    }

    /// @notice One sponsor's word: `Invitation(address key,uint256 deadline)`.
    struct Sponsorship {
        address sponsor;
        bytes signature;
    }

    /// @notice An invitation.
    /// @param key The account that only the invited can sign for.
    /// @param deadline Unix seconds, at most 60 days ahead when it is accepted.
    /// @param sponsors One to three, ascending by address.
    struct Invitation {
        address key;
        uint256 deadline;
        Sponsorship[] sponsors;
    }

    /// @notice Who takes the seat.
    /// @param wallet Their wallet.
    /// @param claim The key's signature of `Claim(address wallet)`: nobody who sees it can take the seat.
    /// @param charterHash The charter they accept, which is the current one.
    /// @param deadline Of their signature, Unix seconds.
    /// @param signature The wallet's, of
    ///        `Join(bytes32 charterHash,address key,address[] sponsors,uint256 deadline)`: nobody else's word takes their place.
    struct Newcomer {
        address wallet;
        bytes claim;
        bytes32 charterHash;
        uint256 deadline;
        bytes signature;
    }

    /// @notice Thrown when the caller is not the Treasury.
    error InvitationsUnauthorized(address caller);

    /// @notice Thrown when a setting, also one the clone was made with, lies outside its hard limits.
    error InvitationsInvalidSetting(bytes32 field, uint256 value, uint256 min, uint256 max);

    /// @notice Thrown when the key has given its seat.
    error InvitationsUsed(address key);

    /// @notice Thrown when a sponsor has taken their word back.
    error InvitationsRevoked(address key, address sponsor);

    /// @notice Thrown when the deadline of an invitation or of a signature has passed. Unix seconds.
    error InvitationsExpired(uint256 deadline);

    /// @notice Thrown when an invitation would last longer than 60 days from now. Unix seconds.
    error InvitationsTooLong(uint256 deadline, uint256 max);

    /// @notice Thrown when a signature is not the account's.
    error InvitationsInvalidSignature(address account);

    /// @notice Thrown when the accepted charter is not the current one.
    error InvitationsCharterMismatch(bytes32 accepted, bytes32 current);

    /// @notice Thrown when there are too few sponsors or too many.
    error InvitationsInvalidSponsors(uint256 given, uint256 min, uint256 max);

    /// @notice Thrown when a sponsor's address is not above the one before.
    error InvitationsUnorderedSponsor(address sponsor, address before);

    /// @notice Thrown when a sponsor is not an Active member.
    error InvitationsSponsorNotActive(address sponsor);

    /// @notice Thrown when a sponsor has been a member for less than a season. Unix seconds.
    error InvitationsSponsorTooEarly(uint256 id, uint256 readyAt);

    /// @notice Thrown when a sponsor's seats of this epoch are given.
    error InvitationsSponsorSpent(uint256 id, uint256 limit);

    /// @notice Thrown when the seats of this epoch are given: the members', or the steward's.
    error InvitationsSpent(bool bySteward, uint256 limit);

    /// @notice Thrown when the wallet takes no seat by this: it has one, or it left a soulbound DAO and can return by itself.
    error InvitationsPassedOver(address wallet, uint256 id);

    /// @notice Thrown when there are no settings to take back.
    error InvitationsNothingWaits();

    /// @notice Emitted when an invitation is accepted.
    /// @param sponsors Their member ids; empty where the steward invited.
    event InvitationAccepted(
        address indexed key, uint256 indexed id, address wallet, bytes32 charterHash, uint256[] sponsors
    );

    /// @notice Emitted when a sponsor takes their word back.
    event InvitationRevoked(address indexed key, address indexed sponsor);

    /// @notice Emitted when a vote asks for settings. They take force at `inForceAt`, Unix seconds, unless they are withdrawn,
    ///         or others are asked for, before that.
    event SettingsChanged(Settings settings, uint40 inForceAt);

    /// @notice Emitted when settings that waited are withdrawn.
    event SettingsWithdrawn();

    /// @notice Takes a seat. Anyone may send it.
    /// @dev What decides is how things stand now: who is Active, how many are counted, who the steward is. The steward alone
    ///      uses a number of the size of the Membership's `stewardCap`.
    /// @return id The person's id.
    function accept(Invitation calldata invitation, Newcomer calldata newcomer) external returns (uint256 id);

    /// @notice Takes the caller's word for a key back, given or not, for good.
    function revoke(address key) external;

    /// @notice As `revoke`. `Revoke(address account,address key,uint256 deadline)`.
    function revokeBySig(address account, address key, uint256 deadline, bytes calldata signature) external;

    /// @notice Asks for other settings: in force 45 days later, at once while there is a steward. What waited before is
    ///         dropped. Callable by the Treasury.
    function setSettings(Settings calldata newSettings) external;

    /// @notice Drops the settings that wait. Callable by the Treasury.
    function withdrawSettings() external;

    /// @notice The settings in force.
    function settings() external view returns (Settings memory);

    /// @notice The settings that wait and when they take force, Unix seconds; zeros if none do.
    function waitingSettings() external view returns (Settings memory, uint40 inForceAt);

    /// @notice Whether a key has given its seat.
    function isUsed(address key) external view returns (bool);

    /// @notice Whether a sponsor has taken their word for a key back.
    function isRevoked(address key, address sponsor) external view returns (bool);

    /// @notice Seats left in this epoch by members' invitations, and by the steward's: 0 without a steward.
    function left() external view returns (uint256 ofMembers, uint256 ofSteward);

    /// @notice Seats that a member may still give in this epoch.
    function leftOf(uint256 id) external view returns (uint256);

    /// @notice Sponsors that an invitation of members needs now.
    function sponsorsNeeded() external view returns (uint256);

    /// @notice The DAO's people.
    function membership() external view returns (address);

    /// @notice The DAO's treasury and role book.
    function treasury() external view returns (address);
}
