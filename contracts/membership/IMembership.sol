// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IVoiceLedger} from "./IVoiceLedger.sol";

/// @notice Where a person stands, in full. `Status` is the short form.
/// None: never admitted. Active: has a voice. Dormant: silent, keeps ticket, record and claims. Newcomer: Dormant because
/// they took a seat by themselves, until their season has passed, and not yet in the counted. Absent: Dormant for a year
/// more, no longer in the counted. Exited: left. Barred: removed by vote.
enum Standing {
    None,
    Active,
    Dormant,
    Newcomer,
    Absent,
    Exited,
    Barred
}

enum Status {
    None,
    Active,
    Dormant,
    Exited
}

/// @title IMembership
/// @notice People, their tickets (ERC-721) and their voice.
/// @dev A *member* is a person with an id that is kept for good; a *ticket* is the token that admits them.
interface IMembership is IVoiceLedger {
    /// @notice What a vote may change.
    /// @param dormantAfter Seconds without an act after which a member may be lapsed (30 days later at the earliest),
    ///        in [90 days, 365 days]. A cut takes force 45 days later, unless there is a steward.
    /// @param season Seconds before someone who took a seat by themselves may wake, in [45 days, 365 days]. Fixed for each
    ///        when they enter.
    /// @param stewardCap Members the steward may admit in a 30-day epoch, in [0, 10_000]; it can only be lowered.
    /// @param meritCap Thousandths of a point that may be credited in an epoch, in [0, 1e12].
    /// @param meritCapPerMember The same for one member, in [0, meritCap].
    struct Settings {
        uint32 dormantAfter;
        uint32 season;
        uint16 stewardCap;
        uint64 meritCap;
        uint64 meritCapPerMember;
    }

    /// @notice Thrown when the clone has its settings already, or when called on the implementation.
    error MembershipAlreadyInitialized();

    /// @notice Thrown when a parameter lies outside its hard limits.
    error MembershipInvalidSetting(bytes32 field, uint256 value, uint256 min, uint256 max);

    /// @notice Thrown when the caller lacks the role that the function asks for.
    error MembershipUnauthorized(address caller, bytes32 role);

    /// @notice Thrown when the steward admits more than the epoch allows. Who is passed over does not count.
    error MembershipStewardCapExceeded(uint256 requested, uint256 available);

    /// @notice Thrown when an address cannot be a member: zero, the Treasury, the Membership or the founding Governor.
    error MembershipInvalidWallet(address wallet);

    /// @notice Thrown when the buyer of a ticket holds one, or `moveWallet` is given the wallet of somebody who has spoken.
    error MembershipWalletTaken(address wallet, uint256 id);

    /// @notice Thrown when an act needs another standing than the member has.
    error MembershipUnexpectedStanding(uint256 id, Standing current);

    /// @notice Thrown when someone barred by vote tries to come back.
    error MembershipBarred(uint256 id);

    /// @notice Thrown when the accepted charter is not the current one.
    error MembershipCharterMismatch(bytes32 accepted, bytes32 current);

    /// @notice Thrown when a Newcomer wakes or sells before the season has passed. Unix seconds.
    error MembershipTooEarly(uint256 id, uint256 readyAt);

    /// @notice Thrown when re-entry needs a ticket: tickets are transferable, and somebody was counted in the last 395 days.
    error MembershipTicketRequired();

    /// @notice Thrown when a bar is enforced outside [from, until]. Unix seconds; `from` is 0 where none is scheduled.
    error MembershipNotDue(uint256 id, uint256 from, uint256 until);

    /// @notice Thrown when there is nothing to take back: no bar of this person, or (id 0) no settings.
    error MembershipNothingWaits(uint256 id);

    /// @notice Thrown when 2^24 − 1 ids have been given.
    error MembershipFull();

    /// @notice Thrown when a signature's deadline has passed. Unix seconds.
    error MembershipExpiredSignature(uint256 deadline);

    /// @notice Thrown when a signature is not the account's.
    error MembershipInvalidSignature(address account);

    /// @notice Emitted when a person is admitted, for the first time or again.
    /// @param charterHash The charter that was accepted; zero for those who accept it when they wake.
    event MemberAdmitted(uint256 indexed id, address indexed wallet, Standing standing, bytes32 charterHash);

    /// @notice Emitted when a person's standing changes other than by admission.
    event StandingChanged(uint256 indexed id, Standing standing);

    /// @notice Emitted when the steward admits: `number` members out of what `epoch` allows.
    event StewardAdmitted(uint256 epoch, uint256 number);

    /// @notice Emitted when a vote gives or takes seats at once: `number` out of what `epoch` allows.
    event SeatsUsed(uint256 epoch, uint256 number);

    /// @notice Emitted when a vote bars a person beyond what its epoch allows: from `from` on, Unix seconds.
    event BarScheduled(uint256 indexed id, uint40 from);

    /// @notice Emitted when a scheduled bar is taken back.
    event BarWithdrawn(uint256 indexed id);

    /// @notice Emitted when a record moves to another wallet of the same person or their heir.
    event WalletMoved(uint256 indexed id, address indexed from, address indexed to);

    /// @notice Emitted when the charter changes.
    event CharterChanged(bytes32 charterHash, string uri);

    /// @notice Emitted when the settings change. Raises of the caps on merit count from the epoch after the next one.
    /// @param dormantFrom When a cut of `dormantAfter` takes force, Unix seconds; 0 where none waits.
    event SettingsChanged(Settings settings, uint40 dormantFrom);

    /// @notice Emitted when settings that waited are taken back, with those in force.
    event SettingsWithdrawn(Settings settings);

    /* ADMISSION */

    /// @notice Admits a person. Callable by an ADMITTER, the Treasury, and the steward within its cap.
    /// @dev With the current charter's hash the member is Active at once; with zero they are a Newcomer, silent until the
    ///      season has passed, which is how whoever admits for money must call. A vote makes Active what the number of seats
    ///      of its epoch allows, max(1, 5 % of the awake, rounded down) with bars, and Newcomers beyond it.
    ///      What an outsider did before spoils no admission. A Newcomer who never spoke wakes, if the charter is given; one
    ///      who spoke before wakes by a vote alone; other members are passed over, and so is somebody who left a soulbound
    ///      DAO, whom only a vote admits: they can `rejoin` themselves. Only a vote lifts a bar.
    /// @return id The person's id, also where they were passed over.
    function admit(address wallet, bytes32 accepted) external returns (uint256 id);

    /// @notice As `admit` for many wallets; all or none.
    function admitMany(address[] calldata wallets, bytes32 accepted) external;

    /* LIFECYCLE, by the member: directly, or by anyone with the member's signature */

    /// @notice Leaves the DAO: the ticket is burned, record and claims stay.
    function exit() external;

    /// @notice Comes back with the same id, as a Newcomer. Soulbound tickets: free. Transferable: only if nobody has been
    ///         counted for 395 days, so that buyers wake before sellers return.
    function rejoin(bytes32 accepted) external;

    /// @notice Ends dormancy at once; for a Newcomer only after the season.
    /// @param accepted The current charter's hash, accepted by Newcomer and Absent members; ignored for others.
    function wake(bytes32 accepted) external;

    /// @notice Falls dormant by choice.
    function rest() external;

    /// @notice Delegates like `delegate`. `Delegate(address account,address delegatee,uint256 nonce,uint256 deadline)`.
    function delegateBySig(address account, address delegatee, uint256 deadline, bytes calldata signature) external;

    /// @notice As `exit`. `Exit(address account,uint256 nonce,uint256 deadline)`.
    function exitBySig(address account, uint256 deadline, bytes calldata signature) external;

    /// @notice As `rejoin`. `Rejoin(address account,bytes32 charterHash,uint256 nonce,uint256 deadline)`.
    function rejoinBySig(address account, bytes32 accepted, uint256 deadline, bytes calldata signature) external;

    /// @notice As `wake`. `Wake(address account,bytes32 charterHash,uint256 nonce,uint256 deadline)`.
    function wakeBySig(address account, bytes32 accepted, uint256 deadline, bytes calldata signature) external;

    /// @notice As `rest`. `Rest(address account,uint256 nonce,uint256 deadline)`.
    function restBySig(address account, uint256 deadline, bytes calldata signature) external;

    /* LIFECYCLE, by others */

    /// @notice Makes members Dormant who have been silent too long, and Absent those who stayed so for a year more, though
    ///         not in the epoch in which they fell dormant. Anyone may call. Ids that are not due are skipped, so that nobody
    ///         can hold up the others.
    /// @return lapsed How many changed.
    function lapse(uint256[] calldata ids) external returns (uint256 lapsed);

    /// @notice Removes a person and refuses their return until a vote readmits them. Callable by the Treasury.
    /// @dev Beyond the seats of the epoch it is scheduled, 45 days ahead; asking again starts anew. A Newcomer who never
    ///      spoke is barred at once and uncounted.
    function bar(uint256 id) external;

    /// @notice Bars a person as scheduled, for 30 days from that moment on. Anyone may call.
    function enforceBar(uint256 id) external;

    /// @notice Takes a scheduled bar back. Callable by the Treasury.
    function withdrawBar(uint256 id) external;

    /// @notice Moves a person's record to another wallet. Callable by SUCCESSION alone.
    /// @dev The wallet has no record, or is that of a person who never spoke: the two exchange wallets, and that person's
    ///      ticket ends and their id is Barred.
    function moveWallet(uint256 id, address wallet) external;

    /// @notice Who `wallet` is; for a REWARDER and the Treasury it also counts as an act of an Active member. A part calls
    ///         it only for whoever signed or sent, never for whom something was done.
    function act(address wallet) external returns (uint256 id, Status status);

    /* SETTINGS, by vote */

    /// @notice Replaces the charter that joining accepts. Callable by the Treasury.
    /// @param newHash Hash of the charter's text, not zero.
    function setCharter(bytes32 newHash, string calldata uri) external;

    /// @notice Replaces the settings. Callable by the Treasury.
    /// @dev A raise of a cap on merit counts from the epoch after the next one, a cut of `dormantAfter` 45 days later (at
    ///      once while there is a steward), everything else at once: no vote changes and uses these before another vote
    ///      can answer. Another cut waits anew; a second raise postpones the first too: until its own epoch both
    ///      caps stay as they were in force when it came.
    function setSettings(Settings calldata newSettings) external;

    /// @notice Takes back what waits of the settings, leaving those in force. Callable by the Treasury.
    function withdrawSettings() external;

    /* VIEWS */

    /// @notice The DAO's treasury and role book.
    function treasury() external view returns (address);

    /// @notice Whether tickets can be sold; fixed for the life of the DAO.
    function transferable() external view returns (bool);

    /// @notice The settings in force.
    function settings() external view returns (Settings memory);

    /// @notice The current charter.
    function charterHash() external view returns (bytes32);

    /// @notice The wallet of a person, also after exit; zero for an unknown id.
    function walletOf(uint256 id) external view returns (address);

    /// @notice The person behind a wallet, also after exit; 0 if there is none.
    function memberIdOf(address wallet) external view returns (uint256);

    /// @notice Where a person stands, in short.
    function statusOf(uint256 id) external view returns (Status);

    /// @notice Whether a person was never Active, so that they never had a voice, neither their own nor lent. Leaving does
    ///         not change the answer.
    function neverSpoke(uint256 id) external view returns (bool);

    /// @notice When a scheduled bar can be enforced, Unix seconds; 0 where none is scheduled.
    function scheduledBar(uint256 id) external view returns (uint40 from);

    /// @notice Day of the last recorded act, in days since the Unix epoch; of a Newcomer, the day from which they may wake.
    /// @dev Less than 30 days before the last act: what comes sooner after a record may go unrecorded.
    function stampOf(uint256 id) external view returns (uint256 day);

    /// @notice When the person was first admitted, Unix seconds.
    function joinedAt(uint256 id) external view returns (uint256);

    /// @notice The contract that reads everything else about a member from these slots.
    function lens() external view returns (address);

    /// @notice The words in `slots` of this contract's storage.
    function extsload(bytes32[] calldata slots) external view returns (bytes32[] memory words);
}
