// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @title ContractAccount
/// @notice An ERC-1271 account of one owner that can also answer in every wrong way.
contract ContractAccount is IERC1271 {
    enum Mode {
        Honest,
        WrongValue,
        Reverting,
        BurningGas,
        ReturnBomb,
        RevertBomb,
        ShortAnswer,
        DirtyAnswer,
        AnyoneMay
    }

    address public immutable OWNER;
    Mode public mode;

    constructor(address owner) {
        OWNER = owner;
    }

    receive() external payable {}

    function setMode(Mode newMode) external {
        mode = newMode;
    }

    /// @notice A call of the account's, for anyone who asks.
    function run(address target, uint256 value, bytes calldata data) external payable returns (bytes memory output) {
        bool success;
        (success, output) = target.call{value: value}(data);
        if (!success) {
            assembly ("memory-safe") {
                revert(add(output, 0x20), mload(output))
            }
        }
    }

    function isValidSignature(bytes32 hash, bytes calldata signature) external view returns (bytes4) {
        bytes4 yes = IERC1271.isValidSignature.selector;
        if (mode == Mode.WrongValue) return 0xffffffff;
        if (mode == Mode.AnyoneMay) return yes;
        if (mode == Mode.Reverting) revert("no");
        if (mode == Mode.BurningGas) {
            assembly ("memory-safe") {
                invalid()
            }
        }
        if (mode == Mode.ReturnBomb || mode == Mode.RevertBomb) {
            bool refuse = mode == Mode.RevertBomb;
            assembly ("memory-safe") {
                // About as many bytes as 90,000 gas can fill.
                mstore(0x00, yes)
                if refuse { revert(0x00, 190000) }
                mstore(0x20, 0)
                return(0x20, 190000)
            }
        }
        if (mode == Mode.ShortAnswer) {
            assembly ("memory-safe") {
                mstore(0x00, yes)
                return(0x00, 0x04)
            }
        }
        if (mode == Mode.DirtyAnswer) {
            assembly ("memory-safe") {
                mstore(0x00, or(yes, 1))
                return(0x00, 0x20)
            }
        }
        (address signer, ECDSA.RecoverError failure,) = ECDSA.tryRecover(hash, signature);
        return failure == ECDSA.RecoverError.NoError && signer == OWNER ? yes : bytes4(0);
    }
}
