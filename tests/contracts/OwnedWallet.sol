// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice A contract account whose owner signs for it (ERC-1271). Anyone may make it call.
contract OwnedWallet {
    address public immutable OWNER;

    constructor(address owner) {
        OWNER = owner;
    }

    receive() external payable {}

    function perform(address target, bytes calldata data) external payable returns (bytes memory output) {
        bool success;
        (success, output) = target.call{value: msg.value}(data);
        if (!success) {
            assembly ("memory-safe") {
                revert(add(output, 0x20), mload(output))
            }
        }
    }

    function isValidSignature(bytes32 hash, bytes calldata signature) external view returns (bytes4) {
        if (signature.length != 65) return 0xffffffff;
        bytes32 r = bytes32(signature[0:32]);
        bytes32 s = bytes32(signature[32:64]);
        return ecrecover(hash, uint8(signature[64]), r, s) == OWNER ? this.isValidSignature.selector : bytes4(0xffffffff);
    }
}
