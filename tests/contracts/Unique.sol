// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";

/// @title Unique
/// @notice An ERC-721 that anyone may mint.
contract Unique is ERC721 {
    constructor() ERC721("Unique", "U") {}

    function mint(address to, uint256 id) external {
        _safeMint(to, id);
    }
}
