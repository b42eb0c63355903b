// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Decay} from "../libraries/Decay.sol";
import {Entry} from "../libraries/Entries.sol";

/// @dev What is fixed for the life of a DAO, as a clone carries it:
///      transferable 8 | halfLife 32 | t0 40 | full 32 | k 80 | base 64.
type VoiceArgs is uint256;

using VoiceArguments for VoiceArgs global;

/// @title VoiceArguments
/// @notice The voice formula with its parameters.
library VoiceArguments {
    /// @notice Voice of a member without merit, 1 voice = 1e9.
    function base(VoiceArgs args) internal pure returns (uint256) {
        return VoiceArgs.unwrap(args) >> 192;
    }

    /// @notice Voice per root of a point of merit, WAD.
    function k(VoiceArgs args) internal pure returns (uint256) {
        return uint80(VoiceArgs.unwrap(args) >> 112);
    }

    /// @notice The ceiling of merit, whole points.
    function full(VoiceArgs args) internal pure returns (uint256) {
        return uint32(VoiceArgs.unwrap(args) >> 80);
    }

    /// @notice Unix seconds.
    function t0(VoiceArgs args) internal pure returns (uint256) {
        return uint40(VoiceArgs.unwrap(args) >> 40);
    }

    /// @notice Seconds.
    function halfLife(VoiceArgs args) internal pure returns (uint256) {
        return uint32(VoiceArgs.unwrap(args) >> 8);
    }

    function isTransferable(VoiceArgs args) internal pure returns (bool) {
        return uint8(VoiceArgs.unwrap(args)) != 0;
    }

    /// @notice 2^(x/2) in WAD at a moment.
    function rootGrowthAt(VoiceArgs args, uint256 timestamp) internal pure returns (uint256) {
        return Decay.rootGrowth(t0(args), halfLife(args), timestamp);
    }

    /// @notice ⌊base · members + k · units / 2^(x/2)⌋.
    /// @dev k is below 2^71, so k · units stays below 2^191.
    function voiceOf(VoiceArgs args, Entry entry, uint256 rootGrowth) internal pure returns (uint256 voice) {
        unchecked {
            voice = base(args) * entry.members();
            uint256 units = entry.units();
            if (units != 0) voice += k(args) * units / rootGrowth;
        }
    }
}
