// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IContributionToken} from "./contribution/IContributionToken.sol";
import {IDAOGovernor} from "./governance/IDAOGovernor.sol";
import {IMembership} from "./membership/IMembership.sol";
import {ITreasury} from "./treasury/ITreasury.sol";

/// @title IDAOFactory
/// @notice Creates a DAO in one transaction. Nobody owns the factory, and nobody holds anything of a new DAO that its
///         parameters did not ask for.
interface IDAOFactory {
    /// @notice How voice is computed, as people understand it; fixed for the life of a DAO.
    /// @param t0 Where the inflation of merit and the 30-day epochs begin, Unix seconds, at most a day from now.
    /// @param halfLife Seconds in which merit halves, in [90 days, 3650 days].
    /// @param base Voice of a member without merit, 1 voice = 1e9, in [1e9, 1e12].
    /// @param most Voice of a full contributor in bps of base, in [10_000, 30_000].
    /// @param full Merit at which it is reached, whole points, in [1, 1e9].
    struct VoiceSpec {
        uint40 t0;
        uint32 halfLife;
        uint64 base;
        uint16 most;
        uint32 full;
    }

    /// @notice Everything a DAO begins with.
    /// @param name Name of the DAO and of its tickets, UTF-8, 1 to 64 bytes.
    /// @param symbol Symbol of the tickets, 1 to 16 bytes.
    /// @param charterHash Hash of the charter's text, not zero.
    /// @param charterURI Where the charter can be read.
    /// @param voice Fixed for life.
    /// @param transferableTickets Whether tickets can be sold; fixed for life.
    /// @param membership Settings of the Membership.
    /// @param governor Settings of the Governor.
    /// @param tokenName Name of the contribution token, UTF-8, 1 to 64 bytes.
    /// @param tokenSymbol Symbol of the contribution token, 1 to 16 bytes.
    /// @param token Settings of the contribution token.
    /// @param guardian May cancel passed proposals until its term ends; zero for none.
    /// @param steward May admit members until its term ends; zero for none.
    /// @param members First members, Active at once, in the order of their ids.
    /// @param grants First tokens.
    struct Params {
        string name;
        string symbol;
        bytes32 charterHash;
        string charterURI;
        VoiceSpec voice;
        bool transferableTickets;
        IMembership.Settings membership;
        IDAOGovernor.Settings governor;
        string tokenName;
        string tokenSymbol;
        IContributionToken.Settings token;
        ITreasury.Office guardian;
        ITreasury.Office steward;
        address[] members;
        IContributionToken.Grant[] grants;
    }

    /// @notice A further part, cloned at creation.
    /// @param implementation Its code.
    /// @param args Its own arguments; they follow treasury 20 | membership 20 | token 20 | t0 5 in the clone.
    /// @param roles The roles it gets.
    struct Module {
        address implementation;
        bytes args;
        bytes32[] roles;
    }

    /// @notice The parts of a DAO.
    struct DAO {
        address treasury;
        address membership;
        address token;
        address governor;
        address[] modules;
    }

    /// @notice Thrown when this very DAO exists: same parameters, same salt.
    error FactoryDAOExists(address treasury);

    /// @notice Thrown when a text is shorter or longer than allowed. Bytes.
    error FactoryInvalidText(bytes32 field, uint256 length, uint256 max);

    /// @notice Thrown when a parameter of the voice lies outside its hard limits.
    error FactoryInvalidSetting(bytes32 field, uint256 value, uint256 min, uint256 max);

    /// @notice Thrown when an implementation has no code.
    error FactoryImplementationWithoutCode(address implementation);

    /// @notice Emitted when a DAO is created.
    /// @param configHash keccak256 of the ABI-encoded parameters and modules.
    event DAOCreated(
        address indexed treasury,
        address membership,
        address token,
        address governor,
        address[] modules,
        bytes32 configHash
    );

    /// @notice Emitted when a part is cloned outside a creation.
    event ModuleCloned(address indexed implementation, address module, bytes args);

    /// @notice Creates a DAO. Whoever sends the same parameters creates the same DAO at the same addresses, once.
    function create(Params calldata params, Module[] calldata modules, bytes32 userSalt) external returns (DAO memory);

    /// @notice Where `create` would put the DAO's parts.
    function predict(Params calldata params, Module[] calldata modules, bytes32 userSalt)
        external
        view
        returns (DAO memory);

    /// @notice Clones a part for a DAO that exists. Open to all: a part can do nothing until a vote gives it a role.
    /// @dev The address depends on the caller, the implementation, the arguments and the salt.
    function cloneModule(address implementation, bytes calldata args, bytes32 userSalt)
        external
        returns (address module);

    /// @notice Whether `treasury` belongs to a DAO that this factory created.
    function isDAO(address treasury) external view returns (bool);

    /// @notice The code behind the four parts.
    function implementations()
        external
        view
        returns (address treasury, address membership, address token, address governor);
}
