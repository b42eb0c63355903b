// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {IERC5805} from "@openzeppelin/contracts/interfaces/IERC5805.sol";
import {IERC6372} from "@openzeppelin/contracts/interfaces/IERC6372.sol";
import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";
import {EfficientHashLib} from "solady/src/utils/EfficientHashLib.sol";
import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";

import {ITreasury} from "../treasury/ITreasury.sol";
import {BallotBox} from "./BallotBox.sol";
import {GovernorSettings} from "./GovernorSettings.sol";
import {IDAOGovernor} from "./IDAOGovernor.sol";
import {Proposal, Proposals} from "./Proposals.sol";
import {TakesBack} from "./TakesBack.sol";

/// @title DAOGovernor
/// @notice Makes, judges, executes and cancels proposals. See `IDAOGovernor`.
contract DAOGovernor is GovernorSettings {
    using EfficientHashLib for bytes;

    /* CONSTANTS */

    bytes32 private constant PROPOSE_TYPEHASH =
        keccak256("Propose(uint256 proposalId,address proposer,uint256 deadline)");
    bytes32 private constant CANCEL_TYPEHASH =
        keccak256("Cancel(uint256 proposalId,address proposer,uint256 deadline)");

    /* STORAGE */

    /// @dev Deadlines of a member's latest proposals, up to ten, 24 bits each: hours since the Unix epoch, rounded up.
    mapping(uint256 memberId => uint256 deadlines) private _live;

    /* PROPOSING */

    /// @inheritdoc IGovernor
    function propose(
        address[] calldata targets,
        uint256[] calldata values,
        bytes[] calldata calldatas,
        string calldata description
    ) external returns (uint256 proposalId) {
        _checkLengths(targets, values, calldatas);
        return _propose(msg.sender, targets, values, calldatas, description);
    }

    /// @inheritdoc IDAOGovernor
    function proposeAdvisory(string calldata description) external returns (uint256 proposalId) {
        (address[] calldata targets, uint256[] calldata values, bytes[] calldata calldatas) = _noCalls();
        return _propose(msg.sender, targets, values, calldatas, description);
    }

    function _noCalls()
        private
        pure
        returns (address[] calldata targets, uint256[] calldata values, bytes[] calldata calldatas)
    {
        assembly ("memory-safe") {
            targets.offset := calldatasize()
            targets.length := 0
            values.offset := calldatasize()
            values.length := 0
            calldatas.offset := calldatasize()
            calldatas.length := 0
        }
    }

    /// @inheritdoc IDAOGovernor
    function proposeBySig(
        address[] calldata targets,
        uint256[] calldata values,
        bytes[] calldata calldatas,
        string calldata description,
        address proposer,
        uint256 deadline,
        bytes calldata signature
    ) external returns (uint256 proposalId) {
        if (targets.length + values.length + calldatas.length != 0) {
            _checkLengths(targets, values, calldatas);
        }
        proposalId = hashProposal(targets, values, calldatas, keccak256(bytes(description)));
        _checkSigned(PROPOSE_TYPEHASH, proposalId, proposer, deadline, signature);
        return _propose(proposer, targets, values, calldatas, description);
    }

    function _checkSigned(
        bytes32 typehash,
        uint256 proposalId,
        address proposer,
        uint256 deadline,
        bytes calldata signature
    ) private view {
        if (block.timestamp > deadline) revert GovernorExpiredSignature(deadline);
        _checkSignature(proposer, keccak256(abi.encode(typehash, proposalId, proposer, deadline)), signature);
    }

    function _checkLengths(address[] calldata targets, uint256[] calldata values, bytes[] calldata calldatas)
        private
        pure
    {
        if (targets.length == 0 || targets.length != values.length || targets.length != calldatas.length) {
            revert GovernorInvalidProposalLength(targets.length, calldatas.length, values.length);
        }
    }

    function _propose(
        address proposer,
        address[] calldata targets,
        uint256[] calldata values,
        bytes[] calldata calldatas,
        string calldata description
    ) private returns (uint256 proposalId) {
        uint256 marks = _takeForce();
        if (_isRetired(marks)) revert GovernorRetired();
        if (!_mayPropose(proposer, description)) revert GovernorRestrictedProposer(proposer);
        proposalId = hashProposal(targets, values, calldatas, bytes(description).hashCalldata());
        if (_ballots[proposalId].proposal.proposer() != 0) {
            revert GovernorUnexpectedProposalState(proposalId, state(proposalId), 0);
        }
        Settings memory rules = _current;
        uint256 snapshot;
        uint256 deadline;
        unchecked {
            snapshot = block.timestamp + rules.votingDelay; // Unix seconds and days of seconds
            deadline = snapshot + rules.votingPeriod;
        }
        uint256 id = _checkProposer(proposer, rules.thresholdBps);
        _takeLivePlace(proposer, id, deadline, rules.liveProposals);
        _ballots[proposalId].proposal = Proposals.create(
            snapshot, rules.votingPeriod, id, _version(marks), rules.lateExtension / 1 hours, targets.length == 0
        );
        emit ProposalCreated(
            proposalId,
            proposer,
            targets,
            values,
            new string[](targets.length),
            calldatas,
            snapshot,
            deadline,
            description
        );
    }

    /// @dev The proposer's member id.
    function _checkProposer(address proposer, uint256 thresholdBps) private view returns (uint256 id) {
        uint256 voice;
        (id, voice) = _membership().receiveProposalOf(proposer, block.timestamp - 1);
        uint256 threshold = _base() * thresholdBps / BPS;
        if (voice < threshold) revert GovernorInsufficientProposerVotes(proposer, voice, threshold);
        if (id == 0) revert GovernorNotMember(proposer);
    }

    /// @dev Counts the member's proposals that are before their deadline and records one more.
    function _takeLivePlace(address proposer, uint256 id, uint256 deadline, uint256 limit) private {
        (uint256 kept, uint256 live, uint256 freeAt) = _livePlaces(id);
        if (live >= limit) revert GovernorTooManyLive(proposer, limit, freeAt);
        unchecked {
            _live[id] = kept << 24 | (deadline + 1 hours - 1) / 1 hours;
        }
    }

    function _livePlaces(uint256 id) private view returns (uint256 kept, uint256 live, uint256 freeAt) {
        freeAt = type(uint256).max;
        for (uint256 word = _live[id]; word != 0; word >>= 24) {
            uint256 hour = uint24(word);
            unchecked {
                uint256 end = hour * 1 hours;
                if (end <= block.timestamp) continue;
                if (end < freeAt) freeAt = end;
                ++live;
            }
            kept = kept << 24 | hour;
        }
    }

    /// @dev A description that ends in `#proposer=0x` and 40 hex digits can be proposed by that address alone, so that
    ///      nobody can propose it first and cancel it. The rule is OpenZeppelin's. A hook: who else may not propose.
    function _mayPropose(address proposer, string calldata description) internal view virtual returns (bool) {
        uint256 length = bytes(description).length;
        if (length < 52) return true;
        if (bytes10(bytes(description)[length - 52:]) != "#proposer=") return true;
        (bool success, address recovered) = Strings.tryParseAddress(string(bytes(description)[length - 42:]));
        return !success || recovered == proposer;
    }

    /* EXECUTING */

    /// @inheritdoc IGovernor
    function execute(
        address[] calldata targets,
        uint256[] calldata values,
        bytes[] calldata calldatas,
        bytes32 descriptionHash
    ) external payable returns (uint256 proposalId) {
        proposalId = hashProposal(targets, values, calldatas, descriptionHash);
        Ballots storage ballots = _ballots[proposalId];
        Proposal proposal = _existing(proposalId, ballots);
        Settings storage rules = _rulesOf(proposal);
        ProposalState current = _stateOf(ballots, proposal, rules);
        if (current != ProposalState.Queued) {
            revert GovernorUnexpectedProposalState(proposalId, current, bytes32(1 << uint8(ProposalState.Queued)));
        }
        uint256 eta = _etaOf(proposal, rules);
        if (block.timestamp < eta) revert GovernorNotReady(proposalId, eta, block.timestamp);
        ballots.proposal = proposal.asExecuted();
        emit ProposalExecuted(proposalId);
        ITreasury(_treasury()).execute{value: msg.value}(targets, values, calldatas);
    }

    /// @inheritdoc IGovernor
    /// @dev Always reverts: a proposal that passes is queued by time alone.
    function queue(address[] memory, uint256[] memory, bytes[] memory, bytes32)
        external
        pure
        returns (uint256 proposalId)
    {
        revert GovernorQueueNotImplemented();
    }

    /* CANCELING */

    /// @inheritdoc IGovernor
    /// @dev By the proposer before voting begins; by the guardian between deadline and eta, unless the proposal does nothing
    ///      but take power back.
    function cancel(
        address[] calldata targets,
        uint256[] calldata values,
        bytes[] calldata calldatas,
        bytes32 descriptionHash
    ) external returns (uint256 proposalId) {
        proposalId = hashProposal(targets, values, calldatas, descriptionHash);
        ProposalState current = state(proposalId);
        bool allowed = current == ProposalState.Pending
            ? _isProposer(proposalId, msg.sender)
            : current == ProposalState.Queued && block.timestamp < proposalEta(proposalId)
                && msg.sender == ITreasury(_treasury()).guardian()
                && !TakesBack.isAll(_treasury(), _membership(), targets, values, calldatas);
        if (!allowed) revert GovernorUnableToCancel(proposalId, msg.sender);
        _cancel(proposalId);
    }

    /// @inheritdoc IDAOGovernor
    function cancelBySig(uint256 proposalId, address proposer, uint256 deadline, bytes calldata signature) external {
        _checkSigned(CANCEL_TYPEHASH, proposalId, proposer, deadline, signature);
        if (state(proposalId) != ProposalState.Pending || !_isProposer(proposalId, proposer)) {
            revert GovernorUnableToCancel(proposalId, proposer);
        }
        _cancel(proposalId);
    }

    function _isProposer(uint256 proposalId, address account) private view returns (bool) {
        return _membership().memberIdOf(account) == _ballots[proposalId].proposal.proposer();
    }

    function _cancel(uint256 proposalId) private {
        _ballots[proposalId].proposal = _ballots[proposalId].proposal.asCanceled();
        emit ProposalCanceled(proposalId);
    }

    /* JUDGING */

    /// @inheritdoc IGovernor
    function state(uint256 proposalId) public view override(BallotBox, IGovernor) returns (ProposalState) {
        Ballots storage ballots = _ballots[proposalId];
        Proposal proposal = _existing(proposalId, ballots);
        return _stateOf(ballots, proposal, _rulesOf(proposal));
    }

    /// @dev What a governor that was replaced can no longer execute is Canceled. It is judged as of that moment, so that nothing
    ///      turns afterwards.
    function _stateOf(Ballots storage ballots, Proposal proposal, Settings storage rules)
        private
        view
        returns (ProposalState current)
    {
        if (proposal.isExecuted()) return ProposalState.Executed;
        if (proposal.isCanceled()) return ProposalState.Canceled;
        if (proposal.isAdvisory() || !_isRetired()) return _stateAt(block.timestamp, ballots, proposal, rules);
        current = _stateAt(retiredAt, ballots, proposal, rules);
        if (current != ProposalState.Defeated && current != ProposalState.Expired) return ProposalState.Canceled;
    }

    /// @dev The state by ballots and time alone.
    function _stateAt(uint256 timestamp, Ballots storage ballots, Proposal proposal, Settings storage rules)
        private
        view
        returns (ProposalState)
    {
        if (timestamp <= proposal.snapshot()) return ProposalState.Pending;
        if (timestamp <= proposal.deadline()) return ProposalState.Active;
        if (proposal.isTooLate() || !proposal.isPassing(_neededOf(ballots, proposal))) return ProposalState.Defeated;
        if (proposal.isAdvisory()) return ProposalState.Succeeded;
        uint256 end = _etaOf(proposal, rules) + rules.expiry;
        return timestamp <= end ? ProposalState.Queued : ProposalState.Expired;
    }

    function _etaOf(Proposal proposal, Settings storage rules) private view returns (uint256) {
        unchecked {
            return proposal.deadline() + rules.executionDelay; // Unix seconds
        }
    }

    function _existing(uint256 proposalId, Ballots storage ballots) private view returns (Proposal proposal) {
        proposal = ballots.proposal;
        if (proposal.proposer() == 0) revert GovernorNonexistentProposal(proposalId);
    }

    /// @inheritdoc BallotBox
    function _neededPeople(Proposal proposal) internal view override returns (uint256) {
        return _neededAt(proposal.snapshot(), _rulesOf(proposal));
    }

    /// @dev max(⌈quorumBps · awake⌉, ⌈floorBps · counted⌉, min(2, awake)). A hook: another quorum.
    function _neededAt(uint256 timepoint, Settings storage rules) internal view virtual returns (uint256) {
        (uint256 awake, uint256 counted,) = _membership().getPastCensus(timepoint);
        // Members are below 2^24, and bps have 16 bits.
        unchecked {
            uint256 share = FixedPointMathLib.divUp(awake * rules.quorumBps, BPS);
            uint256 floor = FixedPointMathLib.divUp(counted * rules.floorBps, BPS);
            uint256 two = FixedPointMathLib.min(2, awake);
            return FixedPointMathLib.max(two, FixedPointMathLib.max(share, floor));
        }
    }

    /// @inheritdoc BallotBox
    /// @dev A hook: another cap for some proposals.
    function _voiceCapBps(Proposal proposal) internal view virtual override returns (uint256) {
        return _rulesOf(proposal).voiceCapBps;
    }

    /// @inheritdoc BallotBox
    function _votingPeriodOf(Proposal proposal) internal view override returns (uint256) {
        return _rulesOf(proposal).votingPeriod;
    }

    /* VIEWS */

    /// @inheritdoc IGovernor
    function name() external pure returns (string memory) {
        return "Mikoshi Governor";
    }

    /// @inheritdoc IGovernor
    function version() external pure returns (string memory) {
        return "1";
    }

    /// @dev The EIP-712 domain.
    function _domainNameAndVersion() internal pure override returns (string memory, string memory) {
        return ("Mikoshi Governor", "1");
    }

    /// @inheritdoc IERC6372
    function clock() external view returns (uint48) {
        return uint48(block.timestamp);
    }

    /// @inheritdoc IERC6372
    // solhint-disable-next-line func-name-mixedcase
    function CLOCK_MODE() external pure returns (string memory) {
        return "mode=timestamp";
    }

    /// @inheritdoc IDAOGovernor
    function token() external view returns (IERC5805) {
        return _membership();
    }

    /// @inheritdoc IDAOGovernor
    function treasury() external view returns (address) {
        return _treasury();
    }

    /// @inheritdoc IGovernor
    function hashProposal(
        address[] calldata targets,
        uint256[] calldata values,
        bytes[] calldata calldatas,
        bytes32 descriptionHash
    ) public pure returns (uint256) {
        return uint256(keccak256(abi.encode(targets, values, calldatas, descriptionHash)));
    }

    /// @inheritdoc IGovernor
    function getProposalId(
        address[] calldata targets,
        uint256[] calldata values,
        bytes[] calldata calldatas,
        bytes32 descriptionHash
    ) external pure returns (uint256) {
        return hashProposal(targets, values, calldatas, descriptionHash);
    }

    /// @inheritdoc IGovernor
    function proposalThreshold() external view returns (uint256) {
        return _base() * _rules().thresholdBps / BPS;
    }

    /// @inheritdoc IGovernor
    function votingDelay() external view returns (uint256) {
        return _rules().votingDelay;
    }

    /// @inheritdoc IGovernor
    function votingPeriod() external view returns (uint256) {
        return _rules().votingPeriod;
    }

    /// @inheritdoc IGovernor
    /// @dev People needed at `timepoint` under the settings in force then, times base: in voice, for tools. 1 voice = 1e9.
    function quorum(uint256 timepoint) external view returns (uint256) {
        return _neededAt(timepoint, _rulesAt(timepoint)) * _base();
    }

    /// @inheritdoc IGovernor
    function getVotes(address account, uint256 timepoint) external view returns (uint256) {
        return _membership().getPastVotes(account, timepoint);
    }

    /// @inheritdoc IGovernor
    function getVotesWithParams(address account, uint256 timepoint, bytes memory) external view returns (uint256) {
        return _membership().getPastVotes(account, timepoint);
    }

    /// @inheritdoc IGovernor
    function proposalSnapshot(uint256 proposalId) external view returns (uint256) {
        return _ballots[proposalId].proposal.snapshot();
    }

    /// @inheritdoc IGovernor
    function proposalDeadline(uint256 proposalId) external view returns (uint256) {
        return _ballots[proposalId].proposal.deadline();
    }

    /// @inheritdoc IGovernor
    /// @dev The wallet that the proposing member has now.
    function proposalProposer(uint256 proposalId) external view returns (address) {
        return _membership().walletOf(_ballots[proposalId].proposal.proposer());
    }

    /// @inheritdoc IGovernor
    /// @dev Deadline plus delay; 0 for an advisory proposal and for none.
    function proposalEta(uint256 proposalId) public view returns (uint256) {
        Proposal proposal = _ballots[proposalId].proposal;
        if (proposal.proposer() == 0 || proposal.isAdvisory()) return 0;
        return _etaOf(proposal, _rulesOf(proposal));
    }

    /// @inheritdoc IDAOGovernor
    function proposalExpiry(uint256 proposalId) public view returns (uint256) {
        uint256 eta = proposalEta(proposalId);
        return eta == 0 ? 0 : eta + _rulesOf(_ballots[proposalId].proposal).expiry;
    }

    /// @inheritdoc IGovernor
    function proposalNeedsQueuing(uint256) external pure returns (bool) {
        return false;
    }

    /// @inheritdoc IDAOGovernor
    function proposalQuorum(uint256 proposalId) external view returns (uint256) {
        Ballots storage ballots = _ballots[proposalId];
        return _neededOf(ballots, _existing(proposalId, ballots));
    }

    /// @inheritdoc IDAOGovernor
    function proposalSettings(uint256 proposalId) external view returns (Settings memory) {
        return _rulesOf(_existing(proposalId, _ballots[proposalId]));
    }

    /// @inheritdoc IDAOGovernor
    function isAdvisory(uint256 proposalId) external view returns (bool) {
        return _existing(proposalId, _ballots[proposalId]).isAdvisory();
    }

    /// @inheritdoc IDAOGovernor
    function liveProposalsOf(uint256 memberId) external view returns (uint256 live, uint256 limit) {
        (, live,) = _livePlaces(memberId);
        limit = _rules().liveProposals;
    }

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 interfaceId) external pure returns (bool) {
        return interfaceId == type(IERC165).interfaceId || interfaceId == type(IGovernor).interfaceId
            || interfaceId == type(IGovernor).interfaceId ^ IGovernor.getProposalId.selector
            || interfaceId == type(IERC6372).interfaceId || interfaceId == type(IDAOGovernor).interfaceId;
    }
}
