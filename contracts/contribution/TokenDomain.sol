// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC5267} from "@openzeppelin/contracts/interfaces/IERC5267.sol";

/// @title TokenDomain
/// @notice The EIP-712 domain of a token's permits.
/// @dev Apart from the token, whose function `name` would hide the output that the standard calls so.
abstract contract TokenDomain is IERC5267 {
    /// @inheritdoc IERC5267
    function eip712Domain()
        external
        view
        returns (
            bytes1 fields,
            string memory name,
            string memory version,
            uint256 chainId,
            address verifyingContract,
            bytes32 salt,
            uint256[] memory extensions
        )
    {
        return (hex"0f", _domainName(), "1", block.chainid, address(this), 0, new uint256[](0));
    }

    /// @dev The name that permits are signed for.
    function _domainName() internal view virtual returns (string memory);
}
