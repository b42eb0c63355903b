// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ECDSA} from "solady/src/utils/ECDSA.sol";
import {SignatureCheckerLib} from "solady/src/utils/SignatureCheckerLib.sol";

/// @title Signatures
/// @notice Whether an account signed a digest: by its key, or else by the word of its code (ERC-1271).
library Signatures {
    /// @dev The key comes first. An account that takes code by EIP-7702 keeps its key, whatever that code answers; and an
    ///      account without code is not looked up.
    function isBy(address account, bytes32 digest, bytes calldata signature) internal view returns (bool) {
        address signer = ECDSA.tryRecoverCalldata(digest, signature);
        if (signer == account) return signer != address(0);
        return SignatureCheckerLib.isValidERC1271SignatureNowCalldata(account, digest, signature);
    }
}
