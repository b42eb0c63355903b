// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {ERC20Votes} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Votes.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";

/// @title WizardCoin
/// @notice Peer: the wizard's ERC20 with Mintable, Permit and Ownable.
contract WizardCoin is ERC20, Ownable, ERC20Permit {
    constructor(address initialOwner)
        ERC20("PM DAO Contribution", "PMC")
        Ownable(initialOwner)
        ERC20Permit("PM DAO Contribution")
    {}

    function mint(address to, uint256 amount) external onlyOwner {
        _mint(to, amount);
    }
}

/// @title WizardVoiceCoin
/// @notice Peer for rewards that carry a voice: the wizard's ERC20 with Mintable, Permit, Votes (timestamp) and Ownable,
///         and a batch mint, which the wizard does not have.
contract WizardVoiceCoin is ERC20, Ownable, ERC20Permit, ERC20Votes {
    constructor(address initialOwner) ERC20("PM DAO Voice", "PMV") Ownable(initialOwner) ERC20Permit("PM DAO Voice") {}

    function mintMany(address[] calldata accounts, uint256[] calldata amounts) external onlyOwner {
        for (uint256 i = 0; i < accounts.length; ++i) {
            _mint(accounts[i], amounts[i]);
        }
    }

    function clock() public view override returns (uint48) {
        return uint48(block.timestamp);
    }

    // solhint-disable-next-line func-name-mixedcase
    function CLOCK_MODE() public pure override returns (string memory) {
        return "mode=timestamp";
    }

    function _update(address from, address to, uint256 value) internal override(ERC20, ERC20Votes) {
        super._update(from, to, value);
    }

    function nonces(address owner) public view override(ERC20Permit, Nonces) returns (uint256) {
        return super.nonces(owner);
    }
}
