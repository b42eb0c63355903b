// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";
import {ECDSA} from "solady/src/utils/ECDSA.sol";
import {EIP712} from "solady/src/utils/EIP712.sol";
import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";

import {Cast} from "../libraries/Casts.sol";
import {CloneArgs} from "../libraries/CloneArgs.sol";
import {Signatures} from "../libraries/Signatures.sol";
import {Words} from "../libraries/Words.sol";
import {IMembership} from "../membership/IMembership.sol";
import {IVoiceLedger} from "../membership/IVoiceLedger.sol";
import {IBallotBox} from "./IBallotBox.sol";
import {Proposal} from "./Proposals.sol";
import {SignedBallot, SignedBallots} from "./SignedBallots.sol";
import {Terms} from "./Terms.sol";

/// @title BallotBox
/// @notice Takes and counts ballots: one bit for each member and proposal, the tally beside the proposal.
/// @dev Clone arguments: membership 20 | base 8 | treasury 20.
abstract contract BallotBox is IBallotBox, EIP712, Nonces {
    using Words for uint256[];

    /// @dev A proposal with its ballots.
    struct Ballots {
        // slot 0
        Proposal proposal; // 256
        // slot 1
        uint128 abstainVotes; // 1 voice = 1e9
        uint96 cap; // what a ballot weighs at most, 1 voice = 1e9; kept from the first look on
        uint32 needed; // people; likewise
        mapping(uint256 index => Word) receipts;
    }

    /// @dev 256 receipts: one bit for each member id of `id >> 8 == index`.
    struct Word {
        uint256 bits;
    }

    /// @dev What a batch has counted so far, written to storage once.
    struct Count {
        uint256 proposalId;
        Proposal proposal;
        uint256 cap; // base until a ballot above it looks
        uint256 forVotes;
        uint256 againstVotes;
        uint256 abstainVotes;
        uint256 people;
        uint256 wordIndex; // which word of the receipts is held in `word`
        uint256 word;
    }

    /* CONSTANTS */

    uint256 internal constant BPS = 10_000;
    uint256 private constant ERC1271_GAS = 100_000;

    /// @dev How far late turns can move the end of voting in all.
    uint256 private constant WALL = 7 days;

    bytes32 private constant BALLOT_TYPEHASH =
        keccak256("Ballot(uint256 proposalId,uint8 support,address voter,uint256 nonce)");
    bytes32 private constant EXTENDED_BALLOT_TYPEHASH = keccak256(
        "ExtendedBallot(uint256 proposalId,uint8 support,address voter,uint256 nonce,string reason,bytes params)"
    );

    /* STORAGE */

    mapping(uint256 proposalId => Ballots) internal _ballots;

    /* ARGUMENTS */

    function _membership() internal view returns (IMembership) {
        return IMembership(CloneArgs.addressAt(0));
    }

    /// @dev Voice of a member without merit, 1 voice = 1e9.
    function _base() internal view returns (uint256) {
        return uint64(CloneArgs.word(0) >> 32);
    }

    function _treasury() internal view returns (address) {
        return CloneArgs.addressAt(28);
    }

    /* ONE BALLOT */

    /// @inheritdoc IGovernor
    function castVote(uint256 proposalId, uint8 support) external returns (uint256 balance) {
        balance = _castVote(proposalId, msg.sender, support);
        emit VoteCast(msg.sender, proposalId, support, balance, "");
    }

    /// @inheritdoc IGovernor
    function castVoteWithReason(uint256 proposalId, uint8 support, string calldata reason)
        external
        returns (uint256 balance)
    {
        balance = _castVote(proposalId, msg.sender, support);
        emit VoteCast(msg.sender, proposalId, support, balance, reason);
    }

    /// @inheritdoc IGovernor
    /// @dev A ballot has no parameters: `params` must be empty.
    function castVoteWithReasonAndParams(uint256 proposalId, uint8 support, string calldata reason, bytes memory params)
        external
        returns (uint256 balance)
    {
        if (params.length != 0) revert GovernorInvalidVoteParams();
        balance = _castVote(proposalId, msg.sender, support);
        emit VoteCast(msg.sender, proposalId, support, balance, reason);
    }

    /// @inheritdoc IGovernor
    function castVoteBySig(uint256 proposalId, uint8 support, address voter, bytes calldata signature)
        external
        returns (uint256 balance)
    {
        _checkSignature(
            voter, keccak256(abi.encode(BALLOT_TYPEHASH, proposalId, support, voter, _useNonce(voter))), signature
        );
        balance = _castVote(proposalId, voter, support);
        emit VoteCast(voter, proposalId, support, balance, "");
    }

    /// @inheritdoc IGovernor
    function castVoteWithReasonAndParamsBySig(
        uint256 proposalId,
        uint8 support,
        address voter,
        string calldata reason,
        bytes memory params,
        bytes calldata signature
    ) external returns (uint256 balance) {
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
        _checkSignature(voter, structHash, signature);
        balance = _castVote(proposalId, voter, support);
        emit VoteCast(voter, proposalId, support, balance, reason);
    }

    function _checkSignature(address account, bytes32 structHash, bytes calldata signature) internal view {
        if (!Signatures.isBy(account, _hashTypedData(structHash), signature)) revert GovernorInvalidSignature(account);
    }

    /// @dev Counts one ballot and returns its weight.
    function _castVote(uint256 proposalId, address voter, uint8 support) private returns (uint256 weight) {
        Ballots storage ballots = _ballots[proposalId];
        Proposal proposal = _activeProposal(proposalId, ballots);
        // One read: membership 20 | base 8.
        uint256 args = CloneArgs.word(0);
        Cast cast = Cast.wrap(IVoiceLedger(address(uint160(args >> 96))).receiveBallotOf(voter, proposal.snapshot()));
        if (!cast.isValid()) revert GovernorNoVoice(proposalId, voter);

        uint256 id = cast.memberId();
        uint256 bit = 1 << (id & 0xff);
        Word storage word = ballots.receipts[id >> 8];
        uint256 bits = word.bits;
        if (bits & bit != 0) revert GovernorAlreadyCastVote(voter);
        word.bits = bits | bit;

        weight = cast.voice();
        Proposal changed = proposal;
        if (weight > uint64(args >> 32)) {
            changed = _look(ballots, changed);
            weight = FixedPointMathLib.min(weight, ballots.cap);
        }
        if (support == uint8(VoteType.For)) {
            changed = changed.plusFor(weight).plusPeople(cast.members());
        } else if (support == uint8(VoteType.Against)) {
            changed = changed.plusAgainst(weight);
        } else {
            if (support != uint8(VoteType.Abstain)) revert GovernorInvalidVoteType();
            ballots.abstainVotes += uint128(weight); // a voice fits 128 bits
            changed = changed.plusPeople(cast.members());
        }
        _store(proposalId, ballots, proposal, changed);
    }

    /* MANY BALLOTS */

    /// @inheritdoc IBallotBox
    function castVotesBySig(
        uint256 proposalId,
        MemberBallot[] calldata ballots,
        AccountBallot[] calldata accountBallots
    ) external returns (bytes memory results) {
        Ballots storage box = _ballots[proposalId];
        // One read: membership 20 | base 8.
        uint256 args = CloneArgs.word(0);
        Count memory count = _open(proposalId, box, uint64(args >> 32));
        Proposal opened = count.proposal;
        uint256[] memory casters = _readAll(count, box, ballots, accountBallots);
        uint256[] memory casts = casters.send(
            address(uint160(args >> 96)), IVoiceLedger.receiveManyBallots.selector, count.proposal.snapshot()
        );

        uint256 length = casters.length;
        results = new bytes(length);
        for (uint256 i = 0; i < length; ++i) {
            uint256 caster = casters.get(i);
            Cast cast = Cast.wrap(casts.get(i));
            if (cast.isValid() && _mark(count, box, cast.memberId())) {
                uint256 support = caster >> 184;
                uint256 weight = _add(count, box, support, cast);
                emit VoteCast(address(uint160(caster)), proposalId, uint8(support), weight, "");
            } else {
                BallotResult result = _rejection(caster, cast);
                results[i] = bytes1(uint8(result));
                emit BallotRejected(proposalId, i, result);
            }
        }
        _close(count, box, opened);
    }

    /// @dev The casters as `receiveManyBallots` asks for them; in place of a bad ballot's caster, why it does not count.
    function _readAll(
        Count memory count,
        Ballots storage box,
        MemberBallot[] calldata ballots,
        AccountBallot[] calldata accountBallots
    ) private returns (uint256[] memory casters) {
        casters = Words.create(ballots.length + accountBallots.length);
        SignedBallot memory signed = SignedBallots.create(_domainSeparator(), count.proposalId);
        for (uint256 i = 0; i < ballots.length; ++i) {
            casters.set(i, _readBallot(count, box, signed, ballots[i]));
        }
        for (uint256 i = 0; i < accountBallots.length; ++i) {
            casters.set(ballots.length + i, _readAccountBallot(count, box, signed, accountBallots[i]));
        }
    }

    /// @dev Who signed a wallet's ballot, with the id they claim, or why it does not count.
    function _readBallot(
        Count memory count,
        Ballots storage box,
        SignedBallot memory signed,
        MemberBallot calldata ballot
    ) private returns (uint256 caster) {
        Terms terms = ballot.terms;
        caster = _checkTerms(count, box, terms);
        if (caster == 0) caster = _caster(terms, ECDSA.tryRecover(signed.memberDigest(terms), ballot.r, ballot.vs));
    }

    /// @dev As `_readBallot`, for a contract account.
    function _readAccountBallot(
        Count memory count,
        Ballots storage box,
        SignedBallot memory signed,
        AccountBallot calldata ballot
    ) private returns (uint256 caster) {
        Terms terms = ballot.terms;
        caster = _checkTerms(count, box, terms);
        if (caster != 0) return caster;
        bool valid = _isValidERC1271(ballot.voter, signed.accountDigest(terms, ballot.voter), ballot.signature);
        caster = _caster(terms, valid ? ballot.voter : address(0));
    }

    /// @dev support 8 | id 24 | account 160: `receiveManyBallots` looks at the lower two.
    /// @param account Who signed; 0 if nobody did.
    function _caster(Terms terms, address account) private pure returns (uint256) {
        if (account == address(0)) return uint256(BallotResult.InvalidSignature);
        return terms.support() << 184 | terms.memberId() << 160 | uint160(account);
    }

    /// @dev What can be said of a ballot before its signature is looked at. A ballot of someone whose bit is set goes no
    ///      further, so that repeating it is no act of theirs.
    function _checkTerms(Count memory count, Ballots storage box, Terms terms) private returns (uint256) {
        if (terms.support() > uint8(VoteType.Abstain)) return uint256(BallotResult.InvalidSupport);
        if (block.timestamp > terms.deadline()) return uint256(BallotResult.Expired);
        uint256 id = terms.memberId();
        unchecked {
            if (id - 1 >= type(uint24).max) return uint256(BallotResult.NoVoice); // 0 wraps
        }
        return _word(count, box, id) & 1 << (id & 0xff) == 0 ? 0 : uint256(BallotResult.AlreadyCast);
    }

    /// @dev A caster without an id is the reason found before; one with voice can only have cast twice in the batch.
    function _rejection(uint256 caster, Cast cast) private pure returns (BallotResult) {
        if (caster >> 160 == 0) return BallotResult(caster);
        return cast.isValid() ? BallotResult.AlreadyCast : BallotResult.NoVoice;
    }

    /// @dev Asks a contract account with bounded gas and reads 32 bytes: it can neither stop nor bill the others.
    function _isValidERC1271(address account, bytes32 digest, bytes calldata signature)
        private
        view
        returns (bool valid)
    {
        bytes memory question = abi.encodeWithSelector(0x1626ba7e, digest, signature);
        assembly ("memory-safe") {
            mstore(0x00, 0)
            let success := staticcall(ERC1271_GAS, account, add(question, 0x20), mload(question), 0x00, 0x20)
            valid := and(success, and(gt(returndatasize(), 0x1f), eq(mload(0x00), shl(224, 0x1626ba7e))))
        }
    }

    /* COUNTING */

    function _activeProposal(uint256 proposalId, Ballots storage ballots) private view returns (Proposal proposal) {
        proposal = ballots.proposal;
        if (proposal.isVotingAt(block.timestamp)) return proposal;
        revert GovernorUnexpectedProposalState(proposalId, state(proposalId), bytes32(1 << uint8(ProposalState.Active)));
    }

    function _open(uint256 proposalId, Ballots storage box, uint256 base) private view returns (Count memory count) {
        count.proposal = _activeProposal(proposalId, box);
        count.proposalId = proposalId;
        count.cap = base;
        count.wordIndex = type(uint256).max;
    }

    /// @dev The word of receipts that holds the bit of `id`, kept in `count`.
    function _word(Count memory count, Ballots storage box, uint256 id) private returns (uint256) {
        uint256 index = id >> 8;
        if (count.wordIndex != index) {
            _storeWord(count, box);
            count.wordIndex = index;
            count.word = box.receipts[index].bits;
        }
        return count.word;
    }

    function _storeWord(Count memory count, Ballots storage box) private {
        if (count.wordIndex == type(uint256).max) return;
        box.receipts[count.wordIndex].bits = count.word;
    }

    /// @dev Sets the bit of `id`; false if it was set.
    function _mark(Count memory count, Ballots storage box, uint256 id) private returns (bool) {
        uint256 bit = 1 << (id & 0xff);
        uint256 word = _word(count, box, id);
        count.word = word | bit;
        return word & bit == 0;
    }

    /// @dev Adds one ballot and returns its weight: the voice, up to the cap.
    /// Sums of voices and of members are far below 2^256.
    function _add(Count memory count, Ballots storage box, uint256 support, Cast cast)
        private
        returns (uint256 weight)
    {
        weight = cast.voice();
        if (weight > count.cap) {
            count.proposal = _look(box, count.proposal);
            count.cap = box.cap;
            weight = FixedPointMathLib.min(weight, count.cap);
        }
        unchecked {
            if (support == uint8(VoteType.Against)) {
                count.againstVotes += weight;
            } else {
                if (support == uint8(VoteType.For)) count.forVotes += weight;
                else count.abstainVotes += weight;
                count.people += cast.members();
            }
        }
    }

    /// @param opened The proposal as it was before the batch.
    function _close(Count memory count, Ballots storage box, Proposal opened) private {
        _storeWord(count, box);
        if (count.abstainVotes != 0) box.abstainVotes += uint128(count.abstainVotes); // 2^24 voices of 96 bits
        Proposal changed = count.proposal.plusFor(count.forVotes).plusPeople(count.people);
        if (count.againstVotes != 0) changed = changed.plusAgainst(count.againstVotes);
        _store(count.proposalId, box, opened, changed);
    }

    /// @dev Keeps cap and needed people with the proposal, where every later ballot finds them in one slot.
    function _look(Ballots storage ballots, Proposal proposal) private returns (Proposal) {
        if (proposal.isLooked()) return proposal;
        // 2^24 voices of at most 67 bits, and a cap of at most half of them; a hook's answers are cut to what is the same.
        ballots.cap = uint96(FixedPointMathLib.min(_capOf(proposal), type(uint96).max));
        ballots.needed = uint32(FixedPointMathLib.min(_neededPeople(proposal), type(uint32).max));
        return proposal.asLooked();
    }

    /// @dev Writes what was counted; a late turn moves the end of voting.
    /// @param before The proposal without these ballots.
    function _store(uint256 proposalId, Ballots storage ballots, Proposal before, Proposal changed) private {
        uint256 end;
        unchecked {
            end = block.timestamp + before.lateExtension(); // at most 48 hours more
        }
        // Without a majority on either side of them these ballots turn nothing.
        if (end > before.deadline() && (before.hasMajority() || changed.hasMajority())) {
            changed = _turnLate(proposalId, ballots, before, changed, end);
        }
        ballots.proposal = changed;
    }

    /// @dev The changed proposal with another end if these ballots turn the outcome: `lateExtension` from now on, but at the
    ///      wall at the latest. Who turns it to passing so close to the wall that less time is left has turned nothing.
    function _turnLate(uint256 proposalId, Ballots storage ballots, Proposal before, Proposal changed, uint256 end)
        private
        returns (Proposal)
    {
        changed = _look(ballots, changed);
        uint256 needed = ballots.needed;
        bool passing = changed.isPassing(needed);
        if (before.isPassing(needed) == passing) return changed;
        uint256 wall = before.snapshot() + _votingPeriodOf(before) + WALL;
        if (end > wall) {
            end = wall;
            if (passing && !before.isTooLate()) {
                changed = changed.asTooLate();
                emit ProposalTooLate(proposalId);
            }
        }
        if (end == before.deadline()) return changed;
        emit ProposalExtended(proposalId, uint64(end));
        return changed.extendedTo(end);
    }

    /// @dev max(voiceCapBps of the awake voice at the snapshot, base).
    function _capOf(Proposal proposal) private view returns (uint256) {
        (,, uint256 voice) = _membership().getPastCensus(proposal.snapshot());
        return FixedPointMathLib.max(voice * _voiceCapBps(proposal) / BPS, _base());
    }

    /// @dev People that the proposal needs, kept or looked for.
    function _neededOf(Ballots storage ballots, Proposal proposal) internal view returns (uint256) {
        return proposal.isLooked() ? ballots.needed : _neededPeople(proposal);
    }

    /* VIEWS */

    /// @inheritdoc IGovernor
    // solhint-disable-next-line func-name-mixedcase
    function COUNTING_MODE() external pure returns (string memory) {
        return "support=bravo&quorum=people";
    }

    /// @inheritdoc IGovernor
    function hasVoted(uint256 proposalId, address account) external view returns (bool) {
        uint256 id = _membership().memberIdOf(account);
        return _ballots[proposalId].receipts[id >> 8].bits & 1 << (id & 0xff) != 0;
    }

    /// @inheritdoc IBallotBox
    function proposalVotes(uint256 proposalId)
        external
        view
        returns (uint256 againstVotes, uint256 forVotes, uint256 abstainVotes)
    {
        Proposal proposal = _ballots[proposalId].proposal;
        return (proposal.againstVotes(), proposal.forVotes(), _ballots[proposalId].abstainVotes);
    }

    /// @inheritdoc IBallotBox
    function proposalTurnout(uint256 proposalId) external view returns (uint256) {
        return _ballots[proposalId].proposal.people();
    }

    /// @inheritdoc IBallotBox
    function proposalWeight(uint256 proposalId, uint256 voice) external view returns (uint256) {
        Ballots storage ballots = _ballots[proposalId];
        Proposal proposal = ballots.proposal;
        return FixedPointMathLib.min(voice, proposal.isLooked() ? ballots.cap : _capOf(proposal));
    }

    /// @inheritdoc IGovernor
    function state(uint256 proposalId) public view virtual returns (ProposalState);

    /* TO BE GIVEN BY THE SETTINGS */

    /// @dev People that the proposal needs at its snapshot, For and Abstain together.
    function _neededPeople(Proposal proposal) internal view virtual returns (uint256);

    /// @dev The cap of a ballot as a share of the awake voice, in the settings of the proposal.
    function _voiceCapBps(Proposal proposal) internal view virtual returns (uint256);

    /// @dev From snapshot to first deadline, in the settings of the proposal. Seconds.
    function _votingPeriodOf(Proposal proposal) internal view virtual returns (uint256);
}
