// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title IERC5192
/// @notice Minimal soulbound NFTs (ERC-5192, final). Interface id 0xb45a3c0e.
interface IERC5192 {
    /// @notice Emitted when a token cannot be transferred from now on.
    event Locked(uint256 tokenId);

    /// @notice Emitted when a token can be transferred from now on.
    event Unlocked(uint256 tokenId);

    /// @notice Whether `tokenId` is soulbound; reverts for a token that does not exist.
    function locked(uint256 tokenId) external view returns (bool);
}
