// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EIP712} from "solady/src/utils/EIP712.sol";
import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";

import {CloneArgs} from "../libraries/CloneArgs.sol";
import {Epochs} from "../libraries/Epochs.sol";
import {Signatures} from "../libraries/Signatures.sol";
import {ITreasury} from "../treasury/ITreasury.sol";
import {IInvitations} from "./IInvitations.sol";
import {IMembership, Status} from "./IMembership.sol";
import {MembershipSlots} from "./MembershipSlots.sol";
import {Record, Total} from "./Records.sol";

/// @title Invitations
/// @notice Seats by a link. See `IInvitations`.
/// @dev Clone arguments: treasury 20 | membership 20 | token 20 | t0 5 | perEpoch 2 | perSponsor 1 | sponsors 1.
contract Invitations is IInvitations, EIP712 {
    /// @dev What has been used in `epoch`, the epoch of the latest use; the settings once a vote has changed them, and the next.
    struct Usage {
        // slot 0
        uint16 epoch;
        uint16 ofMembers; // seats
        uint16 ofSteward; // seats
        bool isSet;
        uint16 perEpoch;
        uint8 perSponsor;
        uint8 sponsors;
        uint16 nextPerEpoch;
        uint8 nextPerSponsor;
        uint8 nextSponsors;
        uint40 nextFrom; // Unix seconds; 0 where nothing was asked for since
    }

    /// @dev What has become of a key. `isDoubted`: some sponsor took their word back.
    struct Fate {
        bool isUsed;
        bool isDoubted;
    }

    /// @dev What an acceptance asks of the Membership, read at once: one view after the other would cost 1,200 gas more each.
    struct Facts {
        bytes32 charterHash;
        uint256 counted; // members
        uint256 season; // seconds
        uint256 stewardCap; // seats
        Record newcomer;
        bytes32[] words; // from the fifth on the sponsors' records
    }

    /* CONSTANTS */

    uint256 private constant MEMBERSHIP_ARG = 20;
    uint256 private constant T0_ARG = 60; // and behind it the settings

    uint256 private constant MAX_SPONSORS = 3;
    uint256 private constant MAX_TERM = 60 days;

    /// @dev How long a change waits: longer than any vote can take, so that another vote can take it back.
    uint256 private constant WAITING_PERIOD = 45 days;

    /// @dev From how many counted on nobody invites alone. Who rests is counted: those who rest for a moment change nothing.
    uint256 private constant MANY = 6;
    uint256 private constant MANY_NEED = 2;

    bytes32 private constant INVITATION_TYPEHASH = keccak256("Invitation(address key,uint256 deadline)");
    bytes32 private constant CLAIM_TYPEHASH = keccak256("Claim(address wallet)");
    bytes32 private constant JOIN_TYPEHASH =
        keccak256("Join(bytes32 charterHash,address key,address[] sponsors,uint256 deadline)");
    bytes32 private constant REVOKE_TYPEHASH = keccak256("Revoke(address account,address key,uint256 deadline)");

    /* STORAGE */

    Usage private _usage;

    /// @dev Seats that sponsors gave, eight ids in a slot: epoch 16 | number 8. By id: a new wallet brings no new seats.
    mapping(uint256 group => uint32[8]) private _given;

    mapping(address key => Fate) private _fates;

    /// @inheritdoc IInvitations
    mapping(address key => mapping(address sponsor => bool)) public isRevoked;

    /* ACCEPTING */

    /// @inheritdoc IInvitations
    function accept(Invitation calldata invitation, Newcomer calldata newcomer) external returns (uint256 id) {
        address key = invitation.key;
        Fate storage fate = _fates[key];
        if (fate.isUsed) revert InvitationsUsed(key);
        _checkDeadline(invitation.deadline);
        uint256 last = block.timestamp + MAX_TERM;
        if (invitation.deadline > last) revert InvitationsTooLong(invitation.deadline, last);
        IMembership membership_ = _membership();
        address[] memory sponsors = _accountsOf(invitation.sponsors);
        Facts memory facts = _factsOf(membership_, sponsors, newcomer.wallet);
        bytes32 domain = _domainSeparator();
        _checkNewcomer(facts.charterHash, domain, key, sponsors, newcomer);

        Usage memory usage = _usageNow();
        bool bySteward = _isBySteward(sponsors);
        _checkWords(domain, invitation, sponsors, fate.isDoubted);
        fate.isUsed = true;
        uint256[] memory ids;
        if (bySteward) {
            uint256 cap = facts.stewardCap;
            if (usage.ofSteward >= cap) revert InvitationsSpent(true, cap);
            ++usage.ofSteward;
        } else {
            ids = _useSponsors(membership_, sponsors, usage, facts);
            if (usage.ofMembers >= usage.perEpoch) revert InvitationsSpent(false, usage.perEpoch);
            ++usage.ofMembers;
        }
        (_usage.epoch, _usage.ofMembers, _usage.ofSteward) = (usage.epoch, usage.ofMembers, usage.ofSteward);
        bytes32 accepted = bySteward ? newcomer.charterHash : bytes32(0);
        id = _admit(membership_, newcomer.wallet, facts.newcomer.id(), accepted);
        emit InvitationAccepted(key, id, newcomer.wallet, newcomer.charterHash, ids);
    }

    function _accountsOf(Sponsorship[] calldata sponsorships) private pure returns (address[] memory sponsors) {
        sponsors = new address[](sponsorships.length);
        for (uint256 i = 0; i < sponsors.length; ++i) {
            sponsors[i] = sponsorships[i].sponsor;
        }
    }

    function _factsOf(IMembership membership_, address[] memory sponsors, address wallet)
        private
        view
        returns (Facts memory facts)
    {
        uint256 number = sponsors.length;
        bytes32[] memory slots = new bytes32[](4 + number);
        slots[0] = bytes32(MembershipSlots.CHARTER_HASH);
        slots[1] = bytes32(MembershipSlots.TOTAL);
        slots[2] = bytes32(MembershipSlots.SETTINGS);
        slots[3] = _slotOf(wallet);
        for (uint256 i = 0; i < number; ++i) {
            slots[4 + i] = _slotOf(sponsors[i]);
        }
        bytes32[] memory words = membership_.extsload(slots);
        facts.charterHash = words[0];
        facts.counted = Total.wrap(uint256(words[1])).counted();
        (facts.season, facts.stewardCap) = MembershipSlots.seasonIn(uint256(words[2]));
        facts.newcomer = Record.wrap(uint256(words[3]));
        facts.words = words;
    }

    function _recordOf(Facts memory facts, uint256 sponsor) private pure returns (Record) {
        return Record.wrap(uint256(facts.words[4 + sponsor]));
    }

    function _slotOf(address wallet) private pure returns (bytes32) {
        return bytes32(MembershipSlots.entryOf(MembershipSlots.RECORDS, uint160(wallet)));
    }

    function _checkDeadline(uint256 deadline) private view {
        if (block.timestamp > deadline) revert InvitationsExpired(deadline);
    }

    /// @dev Nobody is admitted unasked, nor by whoever only saw the invitation, nor on the word of others than they saw.
    function _checkNewcomer(
        bytes32 current,
        bytes32 domain,
        address key,
        address[] memory sponsors,
        Newcomer calldata newcomer
    ) private view {
        _checkDeadline(newcomer.deadline);
        if (newcomer.charterHash != current) revert InvitationsCharterMismatch(newcomer.charterHash, current);
        _checkSignature(domain, key, keccak256(abi.encode(CLAIM_TYPEHASH, newcomer.wallet)), newcomer.claim);
        // As EIP-712 hashes an array.
        bytes32 them = keccak256(abi.encodePacked(sponsors));
        bytes32 join = keccak256(abi.encode(JOIN_TYPEHASH, newcomer.charterHash, key, them, newcomer.deadline));
        _checkSignature(domain, newcomer.wallet, join, newcomer.signature);
    }

    function _checkSignature(bytes32 domain, address account, bytes32 structHash, bytes calldata signature)
        private
        view
    {
        bytes32 digest = keccak256(abi.encodePacked(hex"1901", domain, structHash));
        if (!Signatures.isBy(account, digest, signature)) revert InvitationsInvalidSignature(account);
    }

    function _isBySteward(address[] memory sponsors) private view returns (bool) {
        if (sponsors.length != 1) return false;
        address steward = _steward();
        return steward != address(0) && sponsors[0] == steward;
    }

    /// @dev Every sponsor gave their word, once, and has not taken it back.
    function _checkWords(bytes32 domain, Invitation calldata invitation, address[] memory sponsors, bool isDoubted)
        private
        view
    {
        address key = invitation.key;
        bytes32 word = keccak256(abi.encode(INVITATION_TYPEHASH, key, invitation.deadline));
        address before = address(0);
        for (uint256 i = 0; i < sponsors.length; ++i) {
            address sponsor = sponsors[i];
            if (sponsor <= before) revert InvitationsUnorderedSponsor(sponsor, before);
            before = sponsor;
            if (isDoubted && isRevoked[key][sponsor]) revert InvitationsRevoked(key, sponsor);
            _checkSignature(domain, sponsor, word, invitation.sponsors[i].signature);
        }
    }

    /// @dev Takes a seat from each sponsor's own; their ids.
    function _useSponsors(IMembership membership_, address[] memory sponsors, Usage memory usage, Facts memory facts)
        private
        returns (uint256[] memory ids)
    {
        uint256 number = sponsors.length;
        uint256 needed = _needed(usage.sponsors, facts.counted);
        if (number < needed || number > MAX_SPONSORS) revert InvitationsInvalidSponsors(number, needed, MAX_SPONSORS);
        ids = new uint256[](number);
        for (uint256 i = 0; i < number; ++i) {
            address sponsor = sponsors[i];
            Record record = _recordOf(facts, i);
            if (!record.isActive()) revert InvitationsSponsorNotActive(sponsor);
            uint256 id = record.id();
            uint256 readyAt = membership_.joinedAt(id) + facts.season;
            if (block.timestamp < readyAt) revert InvitationsSponsorTooEarly(id, readyAt);
            uint32[8] storage group = _given[id >> 3];
            uint256 given = _givenIn(usage.epoch, group[id & 7]);
            if (given >= usage.perSponsor) revert InvitationsSponsorSpent(id, usage.perSponsor);
            // An epoch of 16 bits and a number of at most 20.
            group[id & 7] = uint32(uint256(usage.epoch) << 8 | given + 1);
            ids[i] = id;
        }
    }

    /// @dev Seats that a member gave in `epoch`, of what `_given` has of them.
    function _givenIn(uint256 epoch, uint256 given) private pure returns (uint256) {
        return given >> 8 == epoch ? given & 0xff : 0;
    }

    /// @dev Whom the Membership passes over keeps their invitation, and so do the sponsors.
    function _admit(IMembership membership_, address wallet, uint256 known, bytes32 accepted)
        private
        returns (uint256 id)
    {
        if (known == 0) return membership_.admit(wallet, accepted);
        Status before = membership_.statusOf(known);
        id = membership_.admit(wallet, accepted);
        if (membership_.statusOf(id) == before) revert InvitationsPassedOver(wallet, id);
    }

    /* REVOKING */

    /// @inheritdoc IInvitations
    function revoke(address key) external {
        _revoke(msg.sender, key);
    }

    /// @inheritdoc IInvitations
    function revokeBySig(address account, address key, uint256 deadline, bytes calldata signature) external {
        _checkDeadline(deadline);
        bytes32 word = keccak256(abi.encode(REVOKE_TYPEHASH, account, key, deadline));
        _checkSignature(_domainSeparator(), account, word, signature);
        _revoke(account, key);
    }

    /// @dev Final, so that repeating a signature does nothing and no nonce is needed.
    function _revoke(address sponsor, address key) private {
        if (isUsed(key)) revert InvitationsUsed(key);
        if (isRevoked[key][sponsor]) revert InvitationsRevoked(key, sponsor);
        isRevoked[key][sponsor] = true;
        _fates[key].isDoubted = true;
        emit InvitationRevoked(key, sponsor);
    }

    /* SETTINGS */

    /// @inheritdoc IInvitations
    function setSettings(Settings calldata newSettings) external {
        _checkTreasury();
        _checkSettings(newSettings.perEpoch, newSettings.perSponsor, newSettings.sponsors);
        Usage memory usage = _takeForce(_usage);
        usage.nextPerEpoch = newSettings.perEpoch;
        usage.nextPerSponsor = newSettings.perSponsor;
        usage.nextSponsors = newSettings.sponsors;
        // Unix seconds fit 40 bits.
        usage.nextFrom = uint40(block.timestamp + (_steward() == address(0) ? WAITING_PERIOD : 0));
        _usage = usage;
        emit SettingsChanged(newSettings, usage.nextFrom);
    }

    /// @inheritdoc IInvitations
    function withdrawSettings() external {
        _checkTreasury();
        if (block.timestamp >= _usage.nextFrom) revert InvitationsNothingWaits();
        _usage.nextFrom = 0;
        emit SettingsWithdrawn();
    }

    function _checkTreasury() private view {
        if (msg.sender != treasury()) revert InvitationsUnauthorized(msg.sender);
    }

    /// @dev Settings that waited take force by time alone.
    function _takeForce(Usage memory usage) private view returns (Usage memory) {
        if (usage.nextFrom == 0 || block.timestamp < usage.nextFrom) return usage;
        (usage.perEpoch, usage.perSponsor, usage.sponsors) =
        (usage.nextPerEpoch, usage.nextPerSponsor, usage.nextSponsors);
        (usage.isSet, usage.nextFrom) = (true, 0);
        return usage;
    }

    function _checkSettings(uint256 perEpoch, uint256 perSponsor, uint256 sponsors) private pure {
        _checkRange("perEpoch", perEpoch, 0, 10_000);
        _checkRange("perSponsor", perSponsor, 0, 20);
        _checkRange("sponsors", sponsors, 1, MAX_SPONSORS);
    }

    function _checkRange(bytes32 field, uint256 value, uint256 min, uint256 max) private pure {
        if (value < min || value > max) revert InvitationsInvalidSetting(field, value, min, max);
    }

    /// @inheritdoc IInvitations
    function settings() external view returns (Settings memory) {
        Usage memory usage = _usageNow();
        return Settings({perEpoch: usage.perEpoch, perSponsor: usage.perSponsor, sponsors: usage.sponsors});
    }

    /// @inheritdoc IInvitations
    function waitingSettings() external view returns (Settings memory next, uint40 inForceAt) {
        Usage memory usage = _usage;
        if (block.timestamp >= usage.nextFrom) return (next, 0);
        return (Settings(usage.nextPerEpoch, usage.nextPerSponsor, usage.nextSponsors), usage.nextFrom);
    }

    /// @dev The settings in force and what this epoch has used. Until a vote the settings are those of the arguments, which
    ///      nobody has checked before.
    function _usageNow() private view returns (Usage memory usage) {
        usage = _takeForce(_usage);
        uint256 args = CloneArgs.word(T0_ARG);
        if (!usage.isSet) {
            (usage.perEpoch, usage.perSponsor, usage.sponsors) =
            (uint16(args >> 200), uint8(args >> 192), uint8(args >> 184));
            _checkSettings(usage.perEpoch, usage.perSponsor, usage.sponsors);
        }
        uint16 epoch = Epochs.numberAt(uint40(args >> 216), block.timestamp);
        if (usage.epoch != epoch) (usage.epoch, usage.ofMembers, usage.ofSteward) = (epoch, 0, 0);
    }

    /* VIEWS */

    /// @inheritdoc IInvitations
    function isUsed(address key) public view returns (bool) {
        return _fates[key].isUsed;
    }

    /// @inheritdoc IInvitations
    function left() external view returns (uint256 ofMembers, uint256 ofSteward) {
        Usage memory usage = _usageNow();
        ofMembers = FixedPointMathLib.zeroFloorSub(usage.perEpoch, usage.ofMembers);
        if (_steward() != address(0)) {
            ofSteward = FixedPointMathLib.zeroFloorSub(_membership().settings().stewardCap, usage.ofSteward);
        }
    }

    /// @inheritdoc IInvitations
    function leftOf(uint256 id) external view returns (uint256) {
        Usage memory usage = _usageNow();
        return FixedPointMathLib.zeroFloorSub(usage.perSponsor, _givenIn(usage.epoch, _given[id >> 3][id & 7]));
    }

    /// @inheritdoc IInvitations
    function sponsorsNeeded() external view returns (uint256) {
        (, uint256 counted,,) = _membership().census();
        return _needed(_usageNow().sponsors, counted);
    }

    function _needed(uint256 sponsors, uint256 counted) private pure returns (uint256) {
        return FixedPointMathLib.max(sponsors, counted < MANY ? 1 : MANY_NEED);
    }

    /// @inheritdoc IInvitations
    function membership() external view returns (address) {
        return address(_membership());
    }

    /// @inheritdoc IInvitations
    function treasury() public view returns (address) {
        return CloneArgs.addressAt(0);
    }

    function _membership() private view returns (IMembership) {
        return IMembership(CloneArgs.addressAt(MEMBERSHIP_ARG));
    }

    /// @dev Zero once the office has ended.
    function _steward() private view returns (address) {
        return ITreasury(treasury()).steward();
    }

    /// @dev The EIP-712 domain.
    function _domainNameAndVersion() internal pure override returns (string memory, string memory) {
        return ("Mikoshi Invitations", "1");
    }
}
