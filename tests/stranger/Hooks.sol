// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ContributionToken} from "mikoshi/contracts/contribution/ContributionToken.sol";
import {DAOGovernor} from "mikoshi/contracts/governance/DAOGovernor.sol";
import {Proposal} from "mikoshi/contracts/governance/Proposals.sol";
import {Membership} from "mikoshi/contracts/membership/Membership.sol";
import {IMembershipCard} from "mikoshi/contracts/membership/IMembershipCard.sol";
import {Treasury} from "mikoshi/contracts/treasury/Treasury.sol";

/// @notice Proposals are short, need two people, and one ballot on them may have half of the awake voice.
contract TownGovernor is DAOGovernor {
    function _mayPropose(address proposer, string calldata description) internal view override returns (bool) {
        return bytes(description).length <= 100 && super._mayPropose(proposer, description);
    }

    function _neededAt(uint256, Settings storage) internal pure override returns (uint256) {
        return 2;
    }

    function _voiceCapBps(Proposal) internal pure override returns (uint256) {
        return 5_000;
    }
}

/// @notice Only a wallet with an ether becomes a member.
contract TownMembership is Membership {
    constructor(IMembershipCard card, address lens) Membership(card, lens) {}

    function _cannotHold(address wallet) internal view override returns (bool) {
        return wallet.balance < 1 ether || super._cannotHold(wallet);
    }
}

/// @notice Nothing is passed on in small change.
contract TownToken is ContributionToken {
    error SmallChange(uint256 amount);

    function _beforeTokenTransfer(address from, address to, uint256 amount) internal view override {
        if (amount < 1 ether) revert SmallChange(amount);
        super._beforeTokenTransfer(from, to, amount);
    }
}

/// @notice No vote pays more than five ether at once.
contract TownTreasury is Treasury {
    error TooMuch(uint256 value);

    function _call(uint256 index, address target, uint256 value, bytes calldata data) internal override {
        if (value > 5 ether) revert TooMuch(value);
        super._call(index, target, value, data);
    }
}
