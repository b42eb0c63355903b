// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DAOFactory, IDAOFactory} from "mikoshi/contracts/DAOFactory.sol";
import {DAOGovernor} from "mikoshi/contracts/governance/DAOGovernor.sol";
import {IDAOGovernor} from "mikoshi/contracts/governance/IDAOGovernor.sol";
import {IMembership} from "mikoshi/contracts/membership/IMembership.sol";
import {Membership} from "mikoshi/contracts/membership/Membership.sol";
import {MembershipCard} from "mikoshi/contracts/membership/MembershipCard.sol";
import {MembershipLens} from "mikoshi/contracts/membership/MembershipLens.sol";
import {ContributionToken} from "mikoshi/contracts/contribution/ContributionToken.sol";
import {IContributionToken} from "mikoshi/contracts/contribution/IContributionToken.sol";
import {ITreasury} from "mikoshi/contracts/treasury/ITreasury.sol";
import {Treasury} from "mikoshi/contracts/treasury/Treasury.sol";
import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";

import {TownGovernor, TownMembership, TownToken, TownTreasury} from "../src/Hooks.sol";

interface Vm {
    function warp(uint256 timestamp) external;
    function deal(address account, uint256 balance) external;
    function prank(address sender) external;
    function expectRevert(bytes calldata reason) external;
}

contract HooksTest {
    Vm private constant VM = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    DAOGovernor private _governor;
    Membership private _membership;
    ContributionToken private _token;
    Treasury private _treasury;

    address[] private _members = [address(0xA1), address(0xA2), address(0xA3), address(0xA4), address(0xA5)];

    function setUp() external {
        VM.warp(1_800_000_000);
        for (uint256 i = 0; i < _members.length; ++i) {
            VM.deal(_members[i], 1 ether);
        }
        DAOFactory factory = new DAOFactory(
            address(new TownTreasury()),
            address(new TownMembership(new MembershipCard(), address(new MembershipLens()))),
            address(new TownToken()),
            address(new TownGovernor())
        );
        IDAOFactory.DAO memory dao = factory.create(_params(), new IDAOFactory.Module[](0), 0);
        _treasury = Treasury(payable(dao.treasury));
        _membership = Membership(dao.membership);
        _token = ContributionToken(dao.token);
        _governor = DAOGovernor(dao.governor);
        VM.deal(dao.treasury, 20 ether);
        VM.warp(block.timestamp + 1 days);
    }

    function _params() private view returns (IDAOFactory.Params memory params) {
        params.name = "Town";
        params.symbol = "TWN";
        params.charterHash = keccak256("charter");
        params.voice = IDAOFactory.VoiceSpec(uint40(block.timestamp), 180 days, 1e9, 15_000, 100);
        params.membership = IMembership.Settings(180 days, 45 days, 100, 10_000_000, 1_000_000);
        params.governor = IDAOGovernor.Settings(2 days, 5 days, 1 days, 2 days, 14 days, 3000, 500, 1000, 10_000, 3);
        params.tokenName = "Town Coin";
        params.tokenSymbol = "TC";
        params.token = IContributionToken.Settings(1000 ether, true);
        params.members = _members;
        params.grants = new IContributionToken.Grant[](1);
        params.grants[0] = IContributionToken.Grant(_members[0], 10 ether);
    }

    /// @dev Proposed by the first member, and voted for by the first `voters`, to the end of the delay.
    function _decide(uint256 payment, uint256 voters)
        private
        returns (address[] memory targets, uint256[] memory values, bytes[] memory calldatas, uint256 id)
    {
        (targets, values, calldatas) = (new address[](1), new uint256[](1), new bytes[](1));
        (targets[0], values[0]) = (address(0xBEEF), payment);
        VM.prank(_members[0]);
        id = _governor.propose(targets, values, calldatas, "Pay");
        VM.warp(_governor.proposalSnapshot(id) + 1);
        for (uint256 i = 0; i < voters; ++i) {
            VM.prank(_members[i]);
            _governor.castVote(id, 1);
        }
        VM.warp(_governor.proposalEta(id));
    }

    function test_two_people_decide() external {
        (address[] memory targets, uint256[] memory values, bytes[] memory calldatas, uint256 id) = _decide(1 ether, 2);
        assert(_governor.proposalQuorum(id) == 2);
        _governor.execute(targets, values, calldatas, keccak256("Pay"));
        assert(address(0xBEEF).balance == 1 ether);
    }

    function test_one_person_does_not() external {
        (,,, uint256 id) = _decide(1 ether, 1);
        assert(_governor.state(id) == IGovernor.ProposalState.Defeated);
    }

    function test_a_ballot_may_have_half_of_the_voice() external {
        (,,, uint256 id) = _decide(1 ether, 1);
        assert(_governor.proposalWeight(id, type(uint256).max) == 2.5e9);
    }

    function test_no_vote_pays_more_than_the_limit() external {
        (address[] memory targets, uint256[] memory values, bytes[] memory calldatas,) = _decide(6 ether, 2);
        VM.expectRevert(abi.encodeWithSelector(TownTreasury.TooMuch.selector, 6 ether));
        _governor.execute(targets, values, calldatas, keccak256("Pay"));
    }

    function test_a_proposal_is_short() external {
        VM.expectRevert(abi.encodeWithSelector(IGovernor.GovernorRestrictedProposer.selector, _members[0]));
        VM.prank(_members[0]);
        _governor.proposeAdvisory(string(new bytes(101)));
    }

    function test_a_wallet_without_an_ether_is_not_admitted() external {
        VM.expectRevert(abi.encodeWithSelector(IMembership.MembershipInvalidWallet.selector, address(0xA6)));
        VM.prank(address(_treasury));
        _membership.admit(address(0xA6), keccak256("charter"));
    }

    function test_a_wallet_with_one_is() external {
        VM.deal(address(0xA6), 1 ether);
        VM.prank(address(_treasury));
        assert(_membership.admit(address(0xA6), keccak256("charter")) == 6);
    }

    function test_small_change_stays() external {
        VM.expectRevert(abi.encodeWithSelector(TownToken.SmallChange.selector, 1));
        VM.prank(_members[0]);
        _token.transfer(_members[1], 1);
    }

    function test_tokens_are_passed_on() external {
        VM.prank(_members[0]);
        _token.transfer(_members[1], 1 ether);
        assert(_token.balanceOf(_members[1]) == 1 ether);
    }
}
