// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";
import {EIP712} from "solady/src/utils/EIP712.sol";

import {CloneArgs} from "../libraries/CloneArgs.sol";
import {Signatures} from "../libraries/Signatures.sol";
import {IMembership, Status} from "./IMembership.sol";
import {ISuccession} from "./ISuccession.sol";

/// @title Succession
/// @notice A seat for who lost their wallet, and for who comes after them. See `ISuccession`.
/// @dev Clone arguments: treasury 20 | membership 20 | token 20 | t0 5.
contract Succession is ISuccession, EIP712 {
    /// @dev What is asked for. `stamp` is the day of the person's last record when it was.
    struct Request {
        // slot 0
        address wallet;
        Kind kind;
        uint40 readyAt; // Unix seconds
        uint16 stamp; // days
    }

    /// @dev What this contract heard of a person. `heardAt`: when they made their plan or got their seat back.
    struct Person {
        // slot 0
        uint64 nonce;
        uint40 heardAt; // Unix seconds
    }

    /* CONSTANTS */

    uint256 private constant MEMBERSHIP_ARG = 20;

    uint256 private constant MAX_GUARDIANS = 7;
    uint256 private constant HEIR_DELAY = 30 days;

    /// @dev Longer than any vote can take, so that another vote can end it.
    uint256 private constant VOTE_DELAY = 45 days;

    /// @dev For how long a request can be finished.
    uint256 private constant TERM = 30 days;

    /// @dev A record is less than this older than the last act.
    uint256 private constant UNRECORDED = 30 days;

    bytes32 private constant SET_PLAN_TYPEHASH = keccak256(
        "SetPlan(uint256 id,uint256[] members,address[] others,uint256 needed,uint256 delay,address heir,uint256 silence,uint256 nonce,uint256 deadline)"
    );
    bytes32 private constant RECOVER_TYPEHASH =
        keccak256("Recover(uint256 id,bytes32 planHash,address wallet,uint256 nonce,uint256 deadline)");
    bytes32 private constant TAKE_TYPEHASH =
        keccak256("Take(uint256 id,bytes32 planHash,address wallet,uint256 nonce,uint256 deadline)");
    bytes32 private constant INHERIT_TYPEHASH =
        keccak256("Inherit(uint256 id,bytes32 planHash,address wallet,uint256 nonce,uint256 deadline)");
    bytes32 private constant VETO_TYPEHASH = keccak256("Veto(uint256 id,uint256 nonce,uint256 deadline)");

    /* STORAGE */

    /// @inheritdoc ISuccession
    mapping(uint256 id => bytes32) public planHashOf;

    mapping(uint256 id => Person) private _people;
    mapping(uint256 id => Request) private _requests;

    /* PLANS */

    /// @inheritdoc ISuccession
    function setPlan(Plan calldata plan) external {
        uint256 id = _membership().memberIdOf(msg.sender);
        if (id == 0) revert SuccessionUnauthorized(msg.sender);
        _setPlan(id, plan);
    }

    /// @inheritdoc ISuccession
    function setPlanBySig(uint256 id, Plan calldata plan, uint256 deadline, bytes calldata signature) external {
        bytes memory act = abi.encode(
            SET_PLAN_TYPEHASH,
            id,
            keccak256(abi.encodePacked(plan.members)),
            keccak256(abi.encodePacked(plan.others)),
            plan.needed,
            plan.delay,
            plan.heir,
            plan.silence,
            nonceOf(id),
            deadline
        );
        _checkDeadline(deadline);
        _checkSignature(_membership().walletOf(id), keccak256(act), signature);
        _setPlan(id, plan);
    }

    function _setPlan(uint256 id, Plan calldata plan) private {
        _checkPlan(id, plan);
        bytes32 planHash = _hashOf(plan);
        planHashOf[id] = planHash;
        _end(id);
        _people[id].heardAt = uint40(block.timestamp); // Unix seconds fit 40 bits
        emit PlanSet(id, planHash, plan);
    }

    function _checkPlan(uint256 id, Plan calldata plan) private pure {
        uint256 number = plan.members.length + plan.others.length;
        bool hasHeir = plan.heir != address(0);
        _checkRange("guardians", number, hasHeir ? 0 : 1, MAX_GUARDIANS);
        _checkRange("needed", plan.needed, FixedPointMathLib.min(number, 1), number);
        _checkRange("delay", plan.delay, 3 days, 60 days);
        _checkRange("silence", plan.silence, hasHeir ? 180 days : 0, hasHeir ? 1825 days : 0);
        uint256 before = 0;
        for (uint256 i = 0; i < plan.members.length; ++i) {
            uint256 guardian = plan.members[i];
            if (guardian <= before || guardian == id) revert SuccessionInvalidGuardian(guardian);
            before = guardian;
        }
        before = 0;
        for (uint256 i = 0; i < plan.others.length; ++i) {
            uint256 guardian = uint160(plan.others[i]);
            if (guardian <= before) revert SuccessionInvalidGuardian(guardian);
            before = guardian;
        }
    }

    function _checkRange(bytes32 field, uint256 value, uint256 min, uint256 max) private pure {
        if (value < min || value > max) revert SuccessionInvalidPlan(field, value, min, max);
    }

    function _hashOf(Plan calldata plan) private pure returns (bytes32) {
        return keccak256(abi.encode(plan));
    }

    /// @dev The hash of the plan, which is the person's.
    function _checkedHash(uint256 id, Plan calldata plan) private view returns (bytes32 planHash) {
        planHash = _hashOf(plan);
        bytes32 current = planHashOf[id];
        if (planHash != current) revert SuccessionPlanMismatch(id, planHash, current);
    }

    /* REQUESTS */

    /// @inheritdoc ISuccession
    function recover(
        uint256 id,
        Plan calldata plan,
        address wallet,
        uint256 deadline,
        bytes calldata taking,
        Word[] calldata words
    ) external {
        bytes32 planHash = _checkedHash(id, plan);
        Request memory request = Request(wallet, Kind.Recovery, _readyAfter(plan.delay), 0);
        _checkRequest(id, request, planHash, deadline, taking);
        bytes32 word = keccak256(abi.encode(RECOVER_TYPEHASH, id, planHash, wallet, nonceOf(id), deadline));
        _store(id, request, _checkWords(id, plan, word, words));
    }

    /// @dev The accounts of the guardians who signed: each once, and none of them the person's.
    function _checkWords(uint256 id, Plan calldata plan, bytes32 word, Word[] calldata words)
        private
        view
        returns (address[] memory by)
    {
        // Without guardians nobody is needed, and nobody may ask.
        uint256 needed = FixedPointMathLib.max(plan.needed, 1);
        if (words.length < needed) revert SuccessionTooFewGuardians(words.length, needed);
        address person = _membership().walletOf(id);
        by = new address[](words.length);
        for (uint256 i = 0; i < words.length; ++i) {
            uint256 place = words[i].guardian;
            if (i != 0 && place <= words[i - 1].guardian) revert SuccessionInvalidPlace(place);
            address guardian = _guardianAt(plan, place);
            if (guardian == person) revert SuccessionSignedTwice(guardian);
            for (uint256 j = 0; j < i; ++j) {
                if (by[j] == guardian) revert SuccessionSignedTwice(guardian);
            }
            by[i] = guardian;
            _checkSignature(guardian, word, words[i].signature);
        }
    }

    function _guardianAt(Plan calldata plan, uint256 place) private view returns (address) {
        uint256 members = plan.members.length;
        if (place < members) {
            uint256 id = plan.members[place];
            Status status = _membership().statusOf(id);
            if (status != Status.Active && status != Status.Dormant) revert SuccessionGuardianLeft(id);
            return _membership().walletOf(id);
        }
        if (place - members >= plan.others.length) revert SuccessionInvalidPlace(place);
        return plan.others[place - members];
    }

    /// @inheritdoc ISuccession
    function inherit(
        uint256 id,
        Plan calldata plan,
        address wallet,
        uint256 deadline,
        bytes calldata taking,
        bytes calldata signature
    ) external {
        bytes32 planHash = _checkedHash(id, plan);
        uint256 readyAt = silentSince(id) + plan.silence;
        if (block.timestamp < readyAt) revert SuccessionNotSilent(id, readyAt);
        Request memory request = Request(wallet, Kind.Inheritance, _readyAfter(HEIR_DELAY), _stampOf(id));
        _checkRequest(id, request, planHash, deadline, taking);
        _checkSignature(
            plan.heir, keccak256(abi.encode(INHERIT_TYPEHASH, id, planHash, wallet, nonceOf(id), deadline)), signature
        );
        _store(id, request, _one(plan.heir));
    }

    /// @inheritdoc ISuccession
    function recoverByVote(uint256 id, address wallet, uint256 deadline, bytes calldata taking) external {
        if (msg.sender != treasury()) revert SuccessionUnauthorized(msg.sender);
        if (_membership().walletOf(id) == address(0)) revert SuccessionUnknownMember(id);
        if (planHashOf[id] != 0) revert SuccessionPlanned(id);
        Request memory request = Request(wallet, Kind.Vote, _readyAfter(VOTE_DELAY), _stampOf(id));
        _checkRequest(id, request, 0, deadline, taking);
        _store(id, request, _one(msg.sender));
    }

    /// @dev What all requests have in common: none is open (but guardians go before an heir), and the wallet takes the seat
    ///      and can.
    function _checkRequest(
        uint256 id,
        Request memory request,
        bytes32 planHash,
        uint256 deadline,
        bytes calldata taking
    ) private view {
        _checkDeadline(deadline);
        Request memory open = _openRequest(id);
        bool replaces = request.kind == Kind.Recovery && open.kind == Kind.Inheritance;
        if (open.kind != Kind.None && !replaces) revert SuccessionOpen(id, open.readyAt + TERM);
        address wallet = request.wallet;
        IMembership membership_ = _membership();
        uint256 other = membership_.memberIdOf(wallet);
        // As `moveWallet` will see it: nobody waits in vain.
        if (other != 0 && (other == id || !membership_.neverSpoke(other))) revert SuccessionWalletTaken(wallet, other);
        bytes32 take = keccak256(abi.encode(TAKE_TYPEHASH, id, planHash, wallet, nonceOf(id), deadline));
        _checkSignature(wallet, take, taking);
    }

    function _store(uint256 id, Request memory request, address[] memory by) private {
        ++_people[id].nonce;
        _requests[id] = request;
        // `readyAt` is at most 60 days ahead of now.
        uint40 expiresAt = request.readyAt + uint40(TERM);
        emit SuccessionRequested(id, request.kind, request.wallet, request.readyAt, expiresAt, by);
    }

    /// @dev Unix seconds fit 40 bits.
    function _readyAfter(uint256 delay) private view returns (uint40) {
        return uint40(block.timestamp + delay);
    }

    function _one(address account) private pure returns (address[] memory accounts) {
        accounts = new address[](1);
        accounts[0] = account;
    }

    /* ENDS */

    /// @inheritdoc ISuccession
    function veto(uint256 id) external {
        if (msg.sender == treasury()) {
            if (_openRequest(id).kind != Kind.Vote) revert SuccessionNoRequest(id);
        } else if (msg.sender != _membership().walletOf(id)) {
            revert SuccessionUnauthorized(msg.sender);
        }
        _veto(id, msg.sender);
    }

    /// @inheritdoc ISuccession
    function vetoBySig(uint256 id, uint256 deadline, bytes calldata signature) external {
        _checkDeadline(deadline);
        address person = _membership().walletOf(id);
        _checkSignature(person, keccak256(abi.encode(VETO_TYPEHASH, id, nonceOf(id), deadline)), signature);
        _veto(id, person);
    }

    function _veto(uint256 id, address by) private {
        if (planHashOf[id] == 0 && _openRequest(id).kind == Kind.None) revert SuccessionNoRequest(id);
        delete planHashOf[id];
        _end(id);
        emit SuccessionVetoed(id, by);
    }

    /// @inheritdoc ISuccession
    function finish(uint256 id) external {
        Request memory request = _openRequest(id);
        if (request.kind == Kind.None) revert SuccessionNoRequest(id);
        if (block.timestamp < request.readyAt) revert SuccessionTooEarly(id, request.readyAt);
        // Who inherits has guardians and an heir of their own.
        if (request.kind == Kind.Inheritance) delete planHashOf[id];
        _end(id);
        _people[id].heardAt = uint40(block.timestamp); // Unix seconds fit 40 bits
        IMembership membership_ = _membership();
        emit SuccessionFinished(id, request.kind, membership_.walletOf(id), request.wallet);
        membership_.moveWallet(id, request.wallet);
    }

    /// @dev Ends what is asked for; every word given until now is void.
    function _end(uint256 id) private {
        ++_people[id].nonce;
        delete _requests[id];
    }

    /* VIEWS */

    /// @inheritdoc ISuccession
    function nonceOf(uint256 id) public view returns (uint256) {
        return _people[id].nonce;
    }

    /// @inheritdoc ISuccession
    function requestOf(uint256 id) external view returns (Kind kind, address wallet, uint40 readyAt, uint40 expiresAt) {
        Request memory request = _openRequest(id);
        if (request.kind == Kind.None) return (kind, wallet, readyAt, expiresAt);
        return (request.kind, request.wallet, request.readyAt, request.readyAt + uint40(TERM));
    }

    /// @dev Empty where nothing is asked for any more. Guardians ask for who lost their wallet, which may act in other
    ///      hands: only a veto ends that.
    function _openRequest(uint256 id) private view returns (Request memory request) {
        request = _requests[id];
        bool hasExpired = block.timestamp > request.readyAt + TERM;
        if (hasExpired || (request.kind != Kind.Recovery && _stampOf(id) != request.stamp)) delete request;
    }

    /// @inheritdoc ISuccession
    function silentSince(uint256 id) public view returns (uint256) {
        uint256 recorded = uint256(_stampOf(id)) * 1 days + UNRECORDED;
        return FixedPointMathLib.max(recorded, _people[id].heardAt);
    }

    /// @dev A stamp has 16 bits.
    function _stampOf(uint256 id) private view returns (uint16) {
        return uint16(_membership().stampOf(id));
    }

    /// @inheritdoc ISuccession
    function membership() external view returns (address) {
        return address(_membership());
    }

    /// @inheritdoc ISuccession
    function treasury() public view returns (address) {
        return CloneArgs.addressAt(0);
    }

    function _membership() private view returns (IMembership) {
        return IMembership(CloneArgs.addressAt(MEMBERSHIP_ARG));
    }

    /* SIGNATURES */

    function _checkDeadline(uint256 deadline) private view {
        if (block.timestamp > deadline) revert SuccessionExpired(deadline);
    }

    function _checkSignature(address account, bytes32 structHash, bytes calldata signature) private view {
        if (!Signatures.isBy(account, _hashTypedData(structHash), signature)) {
            revert SuccessionInvalidSignature(account);
        }
    }

    /// @dev The EIP-712 domain.
    function _domainNameAndVersion() internal pure override returns (string memory, string memory) {
        return ("Mikoshi Succession", "1");
    }
}
