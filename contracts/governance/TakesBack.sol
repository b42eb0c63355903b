// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";

import {IMembership} from "../membership/IMembership.sol";
import {ITreasury} from "../treasury/ITreasury.sol";
import {Roles} from "../treasury/Roles.sol";
import {IDAOGovernor} from "./IDAOGovernor.sol";

/// @title TakesBack
/// @notice What a guardian cannot cancel: proposals that do nothing but take power back.
library TakesBack {
    /// @notice Whether every call takes power back: from the guardian, a next governor, waiting settings (also of who
    ///         admits members), whoever holds a role, a bar that waits, or a Newcomer who never spoke.
    function isAll(
        address treasury,
        IMembership membership,
        address[] calldata targets,
        uint256[] calldata values,
        bytes[] calldata calldatas
    ) internal view returns (bool) {
        for (uint256 i = 0; i < targets.length; ++i) {
            bytes4 selector = bytes4(calldatas[i]);
            if (targets[i] == treasury) {
                if (!_isTreasurys(selector)) return false;
            } else if (targets[i] == address(membership)) {
                if (!_isMemberships(membership, selector, calldatas[i])) return false;
            } else if (selector != IDAOGovernor.withdrawSettings.selector) {
                return false;
            } else if (targets[i] != address(this) && (values[i] != 0 || !_admits(treasury, targets[i]))) {
                return false;
            }
        }
        return true;
    }

    function _admits(address treasury, address module) private view returns (bool) {
        return IAccessControl(treasury).hasRole(Roles.ADMITTER, module);
    }

    function _isTreasurys(bytes4 selector) private pure returns (bool) {
        return selector == ITreasury.setGuardian.selector || selector == ITreasury.withdrawGovernor.selector
            || selector == IAccessControl.revokeRole.selector;
    }

    function _isMemberships(IMembership membership, bytes4 selector, bytes calldata data) private view returns (bool) {
        if (selector == IMembership.withdrawSettings.selector || selector == IMembership.withdrawBar.selector) {
            return true;
        }
        // Without an id it is no call of theirs, and would fail.
        return
            selector == IMembership.bar.selector && data.length > 35
                && membership.neverSpoke(uint256(bytes32(data[4:36])));
    }
}
