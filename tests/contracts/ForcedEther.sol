// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title ForcedEther
/// @notice Sends ether that cannot be refused and calls nobody.
contract ForcedEther {
    constructor(address payable to) payable {
        selfdestruct(to);
    }
}
