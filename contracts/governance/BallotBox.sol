// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {ECDSA} from "solady/utils/ECDSA.sol";
import {EIP712} from "solady/utils/EIP712.sol";
import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";
import {SignatureCheckerLib} from "solady/utils/SignatureCheckerLib.sol";

import {CloneArgs} from "../libraries/CloneArgs.sol";
import {IMembership} from "../membership/IMembership.sol";
import {IBallotBox} from "./IBallotBox.sol";
import {Proposal} from "./Proposals.sol";

/// @title BallotBox
/// @notice Takes and counts ballots: one bit for each member and proposal, the tally beside the proposal.
/// @dev Clone arguments: membership 20 | treasury 20 | base 8.
abstract contract BallotBox is IBallotBox, EIP712, Nonces {
    /// @dev What a batch has counted so far, written to storage once.
    struct Count {
        uint256 proposalId;
        bytes32 domain; // EIP-712, of a batch alone
        Proposal proposal;
        uint256 cap; // 0 until a ballot above base asks for it
        uint256 forVotes;
        uint256 againstVotes;
        uint256 abstainVotes;
        uint256 people;
        uint256 wordIndex; // which word of the receipts is held in `word`
        uint256 word;
    }

    /* CONSTANTS */

    uint256 private constant BPS = 10_000;
    uint256 private constant ERC1271_GAS = 100_000;

    bytes32 private constant BALLOT_TYPEHASH =
        keccak256("Ballot(uint256 proposalId,uint8 support,address voter,uint256 nonce)");
    bytes32 private constant EXTENDED_BALLOT_TYPEHASH = keccak256(
        "ExtendedBallot(uint256 proposalId,uint8 support,address voter,uint256 nonce,string reason,bytes params)"
    );
    bytes32 private constant MEMBER_BALLOT_TYPEHASH =
        keccak256("MemberBallot(uint256 proposalId,uint8 support,uint256 deadline)");
    bytes32 private constant ACCOUNT_BALLOT_TYPEHASH =
        keccak256("AccountBallot(uint256 proposalId,address voter,uint8 support,uint256 deadline)");

    /* STORAGE */

    mapping(uint256 proposalId => Proposal) internal _proposals;
    mapping(uint256 proposalId => uint256 voice) private _abstainVotes;
    mapping(uint256 proposalId => mapping(uint256 wordIndex => uint256 bits)) private _receipts;

    /* ARGUMENTS */

    function _membership() internal view returns (IMembership) {
        return IMembership(CloneArgs.addressAt(0));
    }

    function _treasury() internal view returns (address) {
        return CloneArgs.addressAt(20);
    }

    /// @dev Voice of a member without merit, 1 voice = 1e9.
    function _base() internal view returns (uint256) {
        return uint64(CloneArgs.word(40) >> 192);
    }

    /* ONE BALLOT */

    /// @inheritdoc IGovernor
    function castVote(uint256 proposalId, uint8 support) external returns (uint256) {
        return _castVote(proposalId, msg.sender, support, "");
    }

    /// @inheritdoc IGovernor
    function castVoteWithReason(uint256 proposalId, uint8 support, string calldata reason) external returns (uint256) {
        return _castVote(proposalId, msg.sender, support, reason);
    }

    /// @inheritdoc IGovernor
    /// @dev A ballot has no parameters: `params` must be empty.
    function castVoteWithReasonAndParams(
        uint256 proposalId,
        uint8 support,
        string calldata reason,
        bytes memory params
    ) external returns (uint256) {
        if (params.length != 0) revert GovernorInvalidVoteParams();
        return _castVote(proposalId, msg.sender, support, reason);
    }

    /// @inheritdoc IGovernor
    function castVoteBySig(uint256 proposalId, uint8 support, address voter, bytes memory signature)
        external
        returns (uint256)
    {
        _checkBallot(
            voter, keccak256(abi.encode(BALLOT_TYPEHASH, proposalId, support, voter, _useNonce(voter))), signature
        );
        return _castVote(proposalId, voter, support, "");
    }

    /// @inheritdoc IGovernor
    function castVoteWithReasonAndParamsBySig(
        uint256 proposalId,
        uint8 support,
        address voter,
        string calldata reason,
        bytes memory params,
        bytes memory signature
    ) external returns (uint256) {
        if (params.length != 0) revert GovernorInvalidVoteParams();
        bytes32 structHash = keccak256(
            abi.encode(
                EXTENDED_BALLOT_TYPEHASH,
                proposalId,
                support,
                voter,
                _useNonce(voter),
                keccak256(bytes(reason)),
                keccak256(params)
            )
        );
        _checkBallot(voter, structHash, signature);
        return _castVote(proposalId, voter, support, reason);
    }

    function _checkBallot(address voter, bytes32 structHash, bytes memory signature) private view {
        if (!SignatureCheckerLib.isValidSignatureNow(voter, _hashTypedData(structHash), signature)) {
            revert GovernorInvalidSignature(voter);
        }
    }

    function _castVote(uint256 proposalId, address voter, uint8 support, string memory reason)
        private
        returns (uint256 weight)
    {
        if (support > uint8(VoteType.Abstain)) revert GovernorInvalidVoteType();
        Count memory count = _open(proposalId);
        (uint256 id, uint256 members, uint256 voice) = _membership().cast(voter, count.proposal.snapshot());
        if (id == 0) revert GovernorNoVoice(proposalId, voter);
        if (!_mark(count, id)) revert GovernorAlreadyCastVote(voter);
        weight = _add(count, support, members, voice);
        emit VoteCast(voter, proposalId, support, weight, reason);
        _close(count);
    }

    /* MANY BALLOTS */

    /// @inheritdoc IBallotBox
    function castVotesBySig(
        uint256 proposalId,
        MemberBallot[] calldata ballots,
        AccountBallot[] calldata accountBallots
    ) external returns (bytes memory results) {
        Count memory count = _open(proposalId);
        count.domain = _domainSeparator();
        uint256 length = ballots.length + accountBallots.length;
        results = new bytes(length);
        uint256[] memory casters = new uint256[](length);
        for (uint256 i = 0; i < ballots.length; ++i) {
            (casters[i], results[i]) = _readBallot(count, ballots[i]);
        }
        for (uint256 i = ballots.length; i < length; ++i) {
            (casters[i], results[i]) = _readAccountBallot(count, accountBallots[i - ballots.length]);
        }

        uint256[] memory voices = _membership().castMany(casters, count.proposal.snapshot());
        for (uint256 i = 0; i < length; ++i) {
            if (casters[i] == 0) {
                emit BallotRejected(proposalId, i, BallotResult(uint8(results[i])));
            } else if (voices[i] == 0) {
                _reject(proposalId, results, i, BallotResult.NoVoice);
            } else if (!_mark(count, casters[i] >> 160)) {
                _reject(proposalId, results, i, BallotResult.AlreadyCast);
            } else {
                uint8 support = uint8(i < ballots.length ? ballots[i].terms : accountBallots[i - ballots.length].terms);
                uint256 weight = _add(count, support, voices[i] >> 128, uint128(voices[i]));
                emit VoteCast(address(uint160(casters[i])), proposalId, support, weight, "");
            }
        }
        _close(count);
    }

    function _reject(uint256 proposalId, bytes memory results, uint256 index, BallotResult result) private {
        results[index] = bytes1(uint8(result));
        emit BallotRejected(proposalId, index, result);
    }

    /// @dev Who signed a wallet's ballot, as `castMany` asks for it, or 0 with the reason.
    function _readBallot(Count memory count, MemberBallot calldata ballot) private returns (uint256, bytes1) {
        uint256 terms = ballot.terms;
        BallotResult result = _checkTerms(count, terms);
        if (result != BallotResult.Counted) return (0, bytes1(uint8(result)));
        bytes32 structHash =
            keccak256(abi.encode(MEMBER_BALLOT_TYPEHASH, count.proposalId, uint8(terms), uint40(terms >> 8)));
        address signer =
            ECDSA.tryRecover(MessageHashUtils.toTypedDataHash(count.domain, structHash), ballot.r, ballot.vs);
        if (signer == address(0)) return (0, bytes1(uint8(BallotResult.InvalidSignature)));
        return (_caster(terms, signer), 0);
    }

    /// @dev As `_readBallot`, for a contract account.
    function _readAccountBallot(Count memory count, AccountBallot calldata ballot) private returns (uint256, bytes1) {
        uint256 terms = ballot.terms;
        BallotResult result = _checkTerms(count, terms);
        if (result != BallotResult.Counted) return (0, bytes1(uint8(result)));
        bytes32 structHash = keccak256(
            abi.encode(ACCOUNT_BALLOT_TYPEHASH, count.proposalId, ballot.voter, uint8(terms), uint40(terms >> 8))
        );
        bytes32 digest = MessageHashUtils.toTypedDataHash(count.domain, structHash);
        if (!_isValidERC1271(ballot.voter, digest, ballot.signature)) {
            return (0, bytes1(uint8(BallotResult.InvalidSignature)));
        }
        return (_caster(terms, ballot.voter), 0);
    }

    function _caster(uint256 terms, address voter) private pure returns (uint256) {
        return terms >> 48 << 160 | uint160(voter);
    }

    /// @dev What can be said of a ballot before its signature is looked at. A ballot of someone whose bit is set goes no
    ///      further, so that repeating it is no act of theirs.
    function _checkTerms(Count memory count, uint256 terms) private returns (BallotResult) {
        if (uint8(terms) > uint8(VoteType.Abstain)) return BallotResult.InvalidSupport;
        if (block.timestamp > uint40(terms >> 8)) return BallotResult.Expired;
        uint256 id = terms >> 48;
        if (id == 0 || id > type(uint24).max) return BallotResult.NoVoice;
        return _hasBit(count, id) ? BallotResult.AlreadyCast : BallotResult.Counted;
    }

    /// @dev Asks a contract account with bounded gas and reads 32 bytes: it can neither stop nor bill the others.
    function _isValidERC1271(address account, bytes32 digest, bytes calldata signature) private view returns (bool valid) {
        bytes memory question = abi.encodeWithSelector(0x1626ba7e, digest, signature);
        assembly ("memory-safe") {
            mstore(0x00, 0)
            let success := staticcall(ERC1271_GAS, account, add(question, 0x20), mload(question), 0x00, 0x20)
            valid := and(success, and(gt(returndatasize(), 0x1f), eq(mload(0x00), shl(224, 0x1626ba7e))))
        }
    }

    /* COUNTING */

    function _open(uint256 proposalId) private view returns (Count memory count) {
        Proposal proposal = _proposals[proposalId];
        if (!_isActive(proposal)) {
            revert GovernorUnexpectedProposalState(
                proposalId, state(proposalId), bytes32(1 << uint8(ProposalState.Active))
            );
        }
        count.proposalId = proposalId;
        count.proposal = proposal;
        count.wordIndex = type(uint256).max;
    }

    function _isActive(Proposal proposal) private view returns (bool) {
        return block.timestamp > proposal.snapshot() && block.timestamp <= proposal.deadline() && !proposal.isCanceled();
    }

    /// @dev Brings the word of receipts that holds the bit of `id` into `count`.
    function _loadWord(Count memory count, uint256 id) private {
        uint256 index = id >> 8;
        if (count.wordIndex == index) return;
        _storeWord(count);
        count.wordIndex = index;
        count.word = _receipts[count.proposalId][index];
    }

    function _storeWord(Count memory count) private {
        if (count.wordIndex == type(uint256).max) return;
        _receipts[count.proposalId][count.wordIndex] = count.word;
    }

    function _hasBit(Count memory count, uint256 id) private returns (bool) {
        _loadWord(count, id);
        return count.word & 1 << (id & 0xff) != 0;
    }

    /// @dev Sets the bit of `id`; false if it was set.
    function _mark(Count memory count, uint256 id) private returns (bool) {
        if (_hasBit(count, id)) return false;
        count.word |= 1 << (id & 0xff);
        return true;
    }

    /// @dev Adds one ballot and returns its weight: the voice, up to the cap.
    function _add(Count memory count, uint8 support, uint256 members, uint256 voice) private view returns (uint256 weight) {
        weight = voice;
        if (voice > _base()) {
            if (count.cap == 0) count.cap = _capOf(count.proposal);
            weight = FixedPointMathLib.min(voice, count.cap);
        }
        if (support == uint8(VoteType.Against)) {
            count.againstVotes += weight;
            return weight;
        }
        if (support == uint8(VoteType.For)) count.forVotes += weight;
        else count.abstainVotes += weight;
        count.people += members;
    }

    /// @dev Writes the count and applies the late-quorum rule once.
    function _close(Count memory count) private {
        _storeWord(count);
        uint256 before = count.proposal.people();
        Proposal proposal = count.proposal.plus(count.forVotes, count.againstVotes, count.people);
        uint256 extended = block.timestamp + proposal.lateExtension();
        if (extended > proposal.deadline() && !proposal.isExtended()) {
            uint256 needed = _neededPeople(proposal);
            if (before < needed && proposal.people() >= needed) {
                proposal = proposal.extendedTo(extended);
                emit ProposalExtended(count.proposalId, uint64(extended));
            }
        }
        _proposals[count.proposalId] = proposal;
        if (count.abstainVotes != 0) _abstainVotes[count.proposalId] += count.abstainVotes;
    }

    /// @dev max(voiceCapBps of the awake voice at the snapshot, base).
    function _capOf(Proposal proposal) private view returns (uint256) {
        (,, uint256 voice) = _membership().getPastTotals(proposal.snapshot());
        return FixedPointMathLib.max(voice * _voiceCapBps(proposal) / BPS, _base());
    }

    /* VIEWS */

    /// @inheritdoc IGovernor
    // solhint-disable-next-line func-name-mixedcase
    function COUNTING_MODE() external pure returns (string memory) {
        return "support=bravo&quorum=for,abstain";
    }

    /// @inheritdoc IGovernor
    function hasVoted(uint256 proposalId, address account) external view returns (bool) {
        uint256 id = _membership().memberIdOf(account);
        return _receipts[proposalId][id >> 8] & 1 << (id & 0xff) != 0;
    }

    /// @inheritdoc IBallotBox
    function proposalVotes(uint256 proposalId)
        external
        view
        returns (uint256 againstVotes, uint256 forVotes, uint256 abstainVotes)
    {
        Proposal proposal = _proposals[proposalId];
        return (proposal.againstVotes(), proposal.forVotes(), _abstainVotes[proposalId]);
    }

    /// @inheritdoc IBallotBox
    function proposalTurnout(uint256 proposalId) external view returns (uint256) {
        return _proposals[proposalId].people();
    }

    /// @inheritdoc IBallotBox
    function weightOf(uint256 proposalId, uint256 voice) external view returns (uint256) {
        return FixedPointMathLib.min(voice, _capOf(_proposals[proposalId]));
    }

    /// @inheritdoc IGovernor
    function state(uint256 proposalId) public view virtual returns (ProposalState);

    /* TO BE GIVEN BY THE SETTINGS */

    /// @dev People that the proposal needs at its snapshot, For and Abstain together.
    function _neededPeople(Proposal proposal) internal view virtual returns (uint256);

    /// @dev The cap of a ballot as a share of the awake voice, in the settings of the proposal.
    function _voiceCapBps(Proposal proposal) internal view virtual returns (uint256);
}
