// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {CREATE3} from "solady/src/utils/CREATE3.sol";
import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";
import {LibClone} from "solady/src/utils/LibClone.sol";

import {ContributionToken} from "./contribution/ContributionToken.sol";
import {DAOGovernor} from "./governance/DAOGovernor.sol";
import {IDAOFactory} from "./IDAOFactory.sol";
import {ITreasury} from "./treasury/ITreasury.sol";
import {Membership} from "./membership/Membership.sol";
import {Treasury} from "./treasury/Treasury.sol";

/// @title DAOFactory
/// @notice Creates a DAO in one transaction. See `IDAOFactory`.
contract DAOFactory is IDAOFactory {
    /* CONSTANTS */

    uint256 private constant MAX_NAME = 64;
    uint256 private constant MAX_SYMBOL = 16;
    bytes32 private constant MODULE = "module";

    /* IMMUTABLES */

    address private immutable TREASURY;
    address private immutable MEMBERSHIP;
    address private immutable TOKEN;
    address private immutable GOVERNOR;

    /* STORAGE */

    /// @inheritdoc IDAOFactory
    mapping(address treasury => bool) public isDAO;

    constructor(address treasury, address membership, address token, address governor) {
        TREASURY = _withCode(treasury);
        MEMBERSHIP = _withCode(membership);
        TOKEN = _withCode(token);
        GOVERNOR = _withCode(governor);
    }

    function _withCode(address implementation) private view returns (address) {
        if (implementation.code.length == 0) revert FactoryImplementationWithoutCode(implementation);
        return implementation;
    }

    /* CREATION */

    /// @inheritdoc IDAOFactory
    function create(Params calldata params, Module[] calldata modules, bytes32 userSalt)
        external
        returns (DAO memory dao)
    {
        _checkTexts(params);
        _checkVoice(params.voice);
        bytes32 configHash = _configHash(params, modules);
        bytes32 salt = keccak256(abi.encode(userSalt, configHash));
        dao = _predict(params, modules, salt);
        if (isDAO[dao.treasury]) revert FactoryDAOExists(dao.treasury);
        isDAO[dao.treasury] = true;

        LibClone.cloneDeterministic(TREASURY, salt);
        LibClone.cloneDeterministic(MEMBERSHIP, _membershipArgs(params, dao), salt);
        LibClone.cloneDeterministic(TOKEN, _tokenArgs(params, dao), salt);
        CREATE3.deployDeterministic(LibClone.initCode(GOVERNOR, _governorArgs(params, dao)), salt);
        for (uint256 i = 0; i < modules.length; ++i) {
            LibClone.cloneDeterministic(
                _withCode(modules[i].implementation), _moduleArgs(params, modules[i], dao), _moduleSalt(salt, i)
            );
        }

        Treasury(payable(dao.treasury))
            .initialize(dao.governor, params.guardian, params.steward, _grants(modules, dao.modules));
        DAOGovernor(dao.governor).initialize(params.governor);
        Membership(dao.membership).initialize(params.membership, params.charterHash, params.charterURI, params.members);
        ContributionToken(dao.token).initialize(params.token, params.grants);
        emit DAOCreated(dao.treasury, dao.membership, dao.token, dao.governor, dao.modules, configHash);
    }

    /// @inheritdoc IDAOFactory
    function predict(Params calldata params, Module[] calldata modules, bytes32 userSalt)
        external
        view
        returns (DAO memory)
    {
        return _predict(params, modules, keccak256(abi.encode(userSalt, _configHash(params, modules))));
    }

    /// @inheritdoc IDAOFactory
    function cloneModule(address implementation, bytes calldata args, bytes32 userSalt)
        external
        returns (address module)
    {
        // Three words, where a DAO's salt hashes two: no module can take the address of a part.
        bytes32 salt = keccak256(abi.encode(MODULE, msg.sender, userSalt));
        module = LibClone.cloneDeterministic(_withCode(implementation), args, salt);
        emit ModuleCloned(implementation, module, args);
    }

    /* ADDRESSES */

    /// @dev The salt contains every parameter: nobody can take an address for other ones.
    function _configHash(Params calldata params, Module[] calldata modules) private pure returns (bytes32) {
        return keccak256(abi.encode(params, modules));
    }

    /// @dev The Treasury has no arguments and the Governor's address comes from the salt alone, so that the Membership
    ///      can know both before the Governor, whose arguments contain the Membership, exists.
    function _predict(Params calldata params, Module[] calldata modules, bytes32 salt)
        private
        view
        returns (DAO memory dao)
    {
        dao.treasury = LibClone.predictDeterministicAddress(TREASURY, salt, address(this));
        dao.governor = CREATE3.predictDeterministicAddress(salt);
        dao.membership =
            LibClone.predictDeterministicAddress(MEMBERSHIP, _membershipArgs(params, dao), salt, address(this));
        dao.token = LibClone.predictDeterministicAddress(TOKEN, _tokenArgs(params, dao), salt, address(this));
        dao.modules = new address[](modules.length);
        for (uint256 i = 0; i < modules.length; ++i) {
            dao.modules[i] = LibClone.predictDeterministicAddress(
                modules[i].implementation, _moduleArgs(params, modules[i], dao), _moduleSalt(salt, i), address(this)
            );
        }
    }

    function _moduleSalt(bytes32 salt, uint256 index) private pure returns (bytes32) {
        return keccak256(abi.encode(salt, index));
    }

    /* ARGUMENTS OF THE CLONES */

    function _membershipArgs(Params calldata params, DAO memory dao) private pure returns (bytes memory) {
        return abi.encodePacked(
            dao.treasury,
            dao.governor,
            params.voice.base,
            _rootVoiceDown(params.voice),
            params.voice.full,
            params.voice.t0,
            params.voice.halfLife,
            params.transferableTickets,
            uint8(bytes(params.name).length),
            params.name,
            params.symbol
        );
    }

    /// @dev Voice for each root of a point of merit, WAD: base · (most − 1) / √full. The root is that of `full` as stored, rounded
    ///      up, and the quotient is rounded down, so that no voice exceeds `most` by a unit.
    function _rootVoiceDown(VoiceSpec calldata voice) private pure returns (uint80) {
        // Within the limits at most 1e12 · 2e18 / 1e9, which is below 2^71; outside them nothing is made of it.
        uint256 more = FixedPointMathLib.zeroFloorSub(uint256(voice.most) * 1e14, 1e18);
        uint256 full = uint256(voice.full) * 1e18;
        uint256 root = FixedPointMathLib.sqrt(full);
        if (root * root < full) ++root;
        return root == 0 ? 0 : uint80(voice.base * more / root);
    }

    function _tokenArgs(Params calldata params, DAO memory dao) private pure returns (bytes memory) {
        return abi.encodePacked(
            dao.treasury, params.voice.t0, uint8(bytes(params.tokenName).length), params.tokenName, params.tokenSymbol
        );
    }

    function _governorArgs(Params calldata params, DAO memory dao) private pure returns (bytes memory) {
        return abi.encodePacked(dao.membership, params.voice.base, dao.treasury);
    }

    function _moduleArgs(Params calldata params, Module calldata module, DAO memory dao)
        private
        pure
        returns (bytes memory)
    {
        return abi.encodePacked(dao.treasury, dao.membership, dao.token, params.voice.t0, module.args);
    }

    /* CHECKS */

    /// @dev Lengths fit the length byte of the arguments.
    function _checkTexts(Params calldata params) private pure {
        _checkText("name", params.name, MAX_NAME);
        _checkText("symbol", params.symbol, MAX_SYMBOL);
        _checkText("tokenName", params.tokenName, MAX_NAME);
        _checkText("tokenSymbol", params.tokenSymbol, MAX_SYMBOL);
    }

    function _checkText(bytes32 field, string calldata text, uint256 max) private pure {
        uint256 length = bytes(text).length;
        if (length == 0 || length > max) revert FactoryInvalidText(field, length, max);
    }

    function _checkVoice(VoiceSpec calldata voice) private view {
        _checkRange("t0", voice.t0, block.timestamp - 1 days, block.timestamp + 1 days);
        _checkRange("halfLife", voice.halfLife, 90 days, 3650 days);
        _checkRange("base", voice.base, 1e9, 1e12);
        _checkRange("most", voice.most, 10_000, 30_000);
        _checkRange("full", voice.full, 1, 1e9);
    }

    function _checkRange(bytes32 field, uint256 value, uint256 min, uint256 max) private pure {
        if (value < min || value > max) revert FactoryInvalidSetting(field, value, min, max);
    }

    function _grants(Module[] calldata modules, address[] memory addresses)
        private
        pure
        returns (ITreasury.Grant[] memory grants)
    {
        uint256 count = 0;
        for (uint256 i = 0; i < modules.length; ++i) {
            count += modules[i].roles.length;
        }
        grants = new ITreasury.Grant[](count);
        for (uint256 i = modules.length; i > 0; --i) {
            for (uint256 j = modules[i - 1].roles.length; j > 0; --j) {
                grants[--count] = ITreasury.Grant({role: modules[i - 1].roles[j - 1], account: addresses[i - 1]});
            }
        }
    }

    /* VIEWS */

    /// @inheritdoc IDAOFactory
    function implementations() external view returns (address, address, address, address) {
        return (TREASURY, MEMBERSHIP, TOKEN, GOVERNOR);
    }
}
