// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";

/// @title Reentrant
/// @notice An account that says yes to every signature, after trying to act while it is asked.
contract Reentrant {
    address private _target;
    bytes private _call;

    function prepare(address target, bytes calldata call_) external {
        _target = target;
        _call = call_;
    }

    function isValidSignature(bytes32, bytes calldata) external returns (bytes4) {
        // Keeps enough for the answer: a refusal in a static call takes all that is given.
        (bool done,) = _target.call{gas: gasleft() * 3 / 4}(_call);
        done;
        return IERC1271.isValidSignature.selector;
    }
}
