// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title ISuccession
/// @notice A seat for who lost their wallet, by their guardians or by a vote, and for who comes after them, by their heir.
/// @dev A module with the role SUCCESSION. Everything is by member id; a person is their current wallet. What guardians, an
///      heir or a vote ask for is done no sooner than a delay later, and the person ends it with one word. Signatures are
///      EIP-712 in the domain "Mikoshi Succession", version "1", of this contract; accounts with code answer by ERC-1271.
interface ISuccession {
    /// @notice Whom a person trusts. Kept as its hash, keccak256(abi.encode(plan)).
    /// @param members Guardians who are members, by id, ascending; not the person. With `others` at most 7.
    /// @param others Guardians by address, ascending, not zero.
    /// @param needed How many guardians ask together, in [1, all]; 0 where there are none, which takes an heir.
    /// @param delay Seconds that guardians' requests wait, in [3 days, 60 days].
    /// @param heir Who comes after the person; zero for nobody.
    /// @param silence Seconds after which the heir may ask, in [180 days, 1825 days]; 0 without an heir.
    struct Plan {
        uint256[] members;
        address[] others;
        uint8 needed;
        uint40 delay;
        address heir;
        uint40 silence;
    }

    /// @notice One guardian's word: `Recover(uint256 id,bytes32 planHash,address wallet,uint256 nonce,uint256 deadline)`.
    /// @param guardian Place among the plan's members and then its others, from 0 on.
    struct Word {
        uint256 guardian;
        bytes signature;
    }

    /// @notice Who asks: the guardians, the heir, a vote.
    enum Kind {
        None,
        Recovery,
        Inheritance,
        Vote
    }

    /// @notice Thrown when the caller is not who may call this.
    error SuccessionUnauthorized(address caller);

    /// @notice Thrown when nobody has this id.
    error SuccessionUnknownMember(uint256 id);

    /// @notice Thrown when a number of a plan lies outside its limits. Times in seconds.
    error SuccessionInvalidPlan(bytes32 field, uint256 value, uint256 min, uint256 max);

    /// @notice Thrown when a guardian is not above the one before, or is the person. Members by id, others by address.
    error SuccessionInvalidGuardian(uint256 guardian);

    /// @notice Thrown when the plan is not the person's; `current` is zero where there is none.
    error SuccessionPlanMismatch(uint256 id, bytes32 given, bytes32 current);

    /// @notice Thrown when a vote asks for somebody who has a plan.
    error SuccessionPlanned(uint256 id);

    /// @notice Thrown when another request is open. Unix seconds.
    error SuccessionOpen(uint256 id, uint256 expiresAt);

    /// @notice Thrown when there is no request, or nothing to end.
    error SuccessionNoRequest(uint256 id);

    /// @notice Thrown when a request is not ready. Unix seconds.
    error SuccessionTooEarly(uint256 id, uint256 readyAt);

    /// @notice Thrown when the person has not been silent for long enough. Unix seconds.
    error SuccessionNotSilent(uint256 id, uint256 readyAt);

    /// @notice Thrown when fewer guardians ask than the plan needs.
    error SuccessionTooFewGuardians(uint256 given, uint256 needed);

    /// @notice Thrown when a guardian's place is not above the one before, or the plan has no such place.
    error SuccessionInvalidPlace(uint256 guardian);

    /// @notice Thrown when a guardian by id is no member.
    error SuccessionGuardianLeft(uint256 id);

    /// @notice Thrown when an account would count twice, or the person's own as a guardian.
    error SuccessionSignedTwice(address account);

    /// @notice Thrown when the wallet has a seat of its own, or had one and spoke.
    error SuccessionWalletTaken(address wallet, uint256 id);

    /// @notice Thrown when the deadline of the signatures has passed. Unix seconds.
    error SuccessionExpired(uint256 deadline);

    /// @notice Thrown when a signature is not the account's.
    error SuccessionInvalidSignature(address account);

    /// @notice Emitted when a person makes a plan. It takes the place of the one before, and ends what was asked for.
    event PlanSet(uint256 indexed id, bytes32 planHash, Plan plan);

    /// @notice Emitted when somebody asks for a person's seat. It takes the place of an inheritance that was asked for.
    /// @param wallet The wallet that takes the seat.
    /// @param by Who asked: the guardians who signed, the heir, or the Treasury.
    event SuccessionRequested(
        uint256 indexed id, Kind kind, address wallet, uint40 readyAt, uint40 expiresAt, address[] by
    );

    /// @notice Emitted when the person ends what was asked for, and their plan with it, or a vote ends a vote's request.
    event SuccessionVetoed(uint256 indexed id, address by);

    /// @notice Emitted when a seat has moved. An inheritance ends the plan.
    event SuccessionFinished(uint256 indexed id, Kind kind, address from, address wallet);

    /* PLANS */

    /// @notice Makes the caller's plan, and ends what was asked for.
    function setPlan(Plan calldata plan) external;

    /// @notice As `setPlan`. `SetPlan(uint256 id,uint256[] members,address[] others,uint256 needed,uint256 delay,address heir,
    ///         uint256 silence,uint256 nonce,uint256 deadline)`.
    function setPlanBySig(uint256 id, Plan calldata plan, uint256 deadline, bytes calldata signature) external;

    /* REQUESTS, all with the new wallet's word: Take(uint256 id,bytes32 planHash,address wallet,uint256 nonce,uint256 deadline) */

    /// @notice Guardians ask: ready after the plan's delay. It takes the place of an inheritance. Anyone may send it.
    /// @param wallet Has no seat, or that of a person who never spoke: their ticket ends, and what they are owed stays
    ///        with their id at the old wallet. They withdraw it first.
    /// @param deadline Of all signatures, Unix seconds.
    /// @param taking The new wallet's signature.
    /// @param words At least `needed`, ascending by place. A guardian by id counts while a member, at their wallet of now.
    function recover(
        uint256 id,
        Plan calldata plan,
        address wallet,
        uint256 deadline,
        bytes calldata taking,
        Word[] calldata words
    ) external;

    /// @notice The heir asks: ready 30 days later, unless the person acts before. Anyone may send it.
    /// @dev From `silentSince(id) + silence` on. Any act that the Membership records ends it: then no record is so young
    ///      that an act goes unrecorded.
    /// @param signature The heir's, of `Inherit(uint256 id,bytes32 planHash,address wallet,uint256 nonce,uint256 deadline)`.
    function inherit(
        uint256 id,
        Plan calldata plan,
        address wallet,
        uint256 deadline,
        bytes calldata taking,
        bytes calldata signature
    ) external;

    /// @notice A vote asks, for who has no plan: ready 45 days later, longer than any vote lasts. Callable by the Treasury.
    /// @dev An act that the Membership records ends it, as with an inheritance; one within 30 days of the record before may
    ///      go unrecorded. The `planHash` that the new wallet signs is zero.
    function recoverByVote(uint256 id, address wallet, uint256 deadline, bytes calldata taking) external;

    /* ENDS */

    /// @notice Ends what was asked for, and the plan with it. Callable by the person, also without a request; by the Treasury
    ///         where a vote asked.
    function veto(uint256 id) external;

    /// @notice As `veto`, by the person. `Veto(uint256 id,uint256 nonce,uint256 deadline)`.
    function vetoBySig(uint256 id, uint256 deadline, bytes calldata signature) external;

    /// @notice Moves the seat to the new wallet: same id, record, ticket and claims. Anyone may call, for 30 days from when it
    ///         is ready.
    function finish(uint256 id) external;

    /* VIEWS */

    /// @notice The hash of a person's plan; zero if there is none.
    function planHashOf(uint256 id) external view returns (bytes32);

    /// @notice What a person's next signed act contains, and every word on their seat: counted up by each plan, request,
    ///         veto and finish.
    function nonceOf(uint256 id) external view returns (uint256);

    /// @notice What is asked for; zeros if nothing is, if it has expired or if an act ended it. Unix seconds.
    function requestOf(uint256 id) external view returns (Kind kind, address wallet, uint40 readyAt, uint40 expiresAt);

    /// @notice From when on a person's silence is counted, Unix seconds: 30 days after the day of their last record, or
    ///         when they made their plan or got their seat back, whichever is later.
    function silentSince(uint256 id) external view returns (uint256);

    /// @notice The DAO's people.
    function membership() external view returns (address);

    /// @notice The DAO's treasury and role book.
    function treasury() external view returns (address);
}
