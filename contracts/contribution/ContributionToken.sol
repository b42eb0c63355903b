// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {ERC20} from "solady/src/tokens/ERC20.sol";

import {CloneArgs} from "../libraries/CloneArgs.sol";
import {Epochs} from "../libraries/Epochs.sol";
import {Roles} from "../treasury/Roles.sol";
import {IContributionToken} from "./IContributionToken.sol";
import {TokenDomain} from "./TokenDomain.sol";

/// @title ContributionToken
/// @notice The DAO's ERC-20 for contribution. See `IContributionToken`.
/// @dev Clone arguments: treasury 20 | t0 5 | names.
contract ContributionToken is IContributionToken, ERC20, TokenDomain {
    /// @dev A cap and what has been used of it in `epoch`, the epoch of the latest use.
    struct Cap {
        // slot 0
        uint96 cap; // wei of token
        uint96 used; // wei of token
        uint16 epoch;
        bool isSet; // for kinds: has a cap of its own. For the epoch's cap: initialized
        bool transferable; // of the epoch's cap alone
    }

    /* CONSTANTS */

    uint256 private constant T0_ARG = 20;
    uint256 private constant NAMES_ARG = 25;

    /* STORAGE */

    Cap private _cap;
    mapping(uint256 kind => Cap) private _kindCaps;

    /* INITIALIZATION */

    constructor() {
        _cap.isSet = true;
    }

    /// @notice Gives a new clone its settings and mints what was granted at creation. Works once.
    function initialize(Settings calldata settings_, Grant[] calldata grants) external {
        if (_cap.isSet) revert ContributionTokenAlreadyInitialized();
        _cap.isSet = true;
        _setSettings(settings_);
        for (uint256 i = 0; i < grants.length; ++i) {
            _mintFor(grants[i].account, grants[i].amount, 0);
        }
    }

    /* MINTING AND BURNING */

    /// @inheritdoc IContributionToken
    function mint(address to, uint256 amount, uint256 kind) external {
        _spend(amount, kind);
        _mintFor(to, amount, kind);
    }

    /// @inheritdoc IContributionToken
    function mintMany(address[] calldata accounts, uint256[] calldata amounts, uint256 kind) external {
        if (accounts.length != amounts.length) revert ContributionTokenRaggedLists(accounts.length, amounts.length);
        uint256 sum = 0;
        for (uint256 i = 0; i < amounts.length; ++i) {
            sum += amounts[i];
        }
        _spend(sum, kind);
        for (uint256 i = 0; i < accounts.length; ++i) {
            _mint(accounts[i], amounts[i]);
        }
        emit Minted(kind, sum);
    }

    function _mintFor(address to, uint256 amount, uint256 kind) private {
        _mint(to, amount);
        emit Minted(kind, amount);
    }

    /// @dev Checks the caller's right to mint and takes `amount` from the epoch's cap and the kind's.
    function _spend(uint256 amount, uint256 kind) private {
        address treasury_ = treasury();
        if (msg.sender != treasury_ && !IAccessControl(treasury_).hasRole(Roles.MINTER, msg.sender)) {
            revert ContributionTokenUnauthorized(msg.sender, Roles.MINTER);
        }
        uint256 available = _available(_cap);
        if (amount > available) revert ContributionTokenCapExceeded(amount, available);
        _use(_cap, amount);
        if (!_kindCaps[kind].isSet) return;
        available = _available(_kindCaps[kind]);
        if (amount > available) revert ContributionTokenKindCapExceeded(kind, amount, available);
        _use(_kindCaps[kind], amount);
    }

    function _available(Cap storage cap) private view returns (uint256) {
        uint256 used = cap.epoch == _epoch() ? cap.used : 0;
        return cap.cap > used ? cap.cap - used : 0;
    }

    /// @dev `amount` was checked to be available: the sum is at most the cap and fits 96 bits.
    function _use(Cap storage cap, uint256 amount) private {
        uint16 epoch = _epoch();
        cap.used = cap.epoch == epoch ? cap.used + uint96(amount) : uint96(amount);
        cap.epoch = epoch;
    }

    function _epoch() private view returns (uint16) {
        return Epochs.numberAt(uint40(CloneArgs.word(T0_ARG) >> 216), block.timestamp);
    }

    /// @inheritdoc IContributionToken
    function burn(uint256 amount) external {
        _burn(msg.sender, amount);
    }

    /// @inheritdoc IContributionToken
    function burnFrom(address account, uint256 amount) external {
        _checkSender(account);
        _spendAllowance(account, msg.sender, amount);
        _burn(account, amount);
    }

    /* TRANSFERS */

    /// @inheritdoc ERC20
    function _mint(address to, uint256 amount) internal override {
        _checkReceiver(to);
        super._mint(to, amount);
    }

    /// @inheritdoc ERC20
    function transfer(address to, uint256 amount) public override returns (bool) {
        _checkReceiver(to);
        return super.transfer(to, amount);
    }

    /// @inheritdoc ERC20
    function transferFrom(address from, address to, uint256 amount) public override returns (bool) {
        _checkSender(from);
        _checkReceiver(to);
        return super.transferFrom(from, to, amount);
    }

    /// @dev Tokens sent to nobody would be lost without leaving the supply: burning is the way.
    function _checkReceiver(address to) private pure {
        if (to == address(0)) revert ContributionTokenInvalidReceiver(to);
    }

    /// @dev A transfer of nothing from nobody would look like a mint.
    function _checkSender(address from) private pure {
        if (from == address(0)) revert ContributionTokenInvalidSender(from);
    }

    /* APPROVALS */

    /// @inheritdoc ERC20
    function approve(address spender, uint256 amount) public override returns (bool) {
        _checkSpender(spender);
        return super.approve(spender, amount);
    }

    /// @inheritdoc ERC20
    function permit(address owner, address spender, uint256 value, uint256 deadline, uint8 v, bytes32 r, bytes32 s)
        public
        override
    {
        _checkSpender(spender);
        super.permit(owner, spender, value, deadline, v, r, s);
    }

    function _checkSpender(address spender) private pure {
        if (spender == address(0)) revert ContributionTokenInvalidSpender(spender);
    }

    /// @dev Refuses a transfer of locked tokens between two accounts of which neither is a PURSE. A hook: other rules.
    function _beforeTokenTransfer(address from, address to, uint256) internal view virtual override {
        if (from == address(0) || to == address(0) || _cap.transferable) return;
        IAccessControl book = IAccessControl(treasury());
        if (book.hasRole(Roles.PURSE, from) || book.hasRole(Roles.PURSE, to)) return;
        revert ContributionTokenLocked(from, to);
    }

    /// @dev No account is approved that its holder did not approve.
    function _givePermit2InfiniteAllowance() internal pure override returns (bool) {
        return false;
    }

    /* SETTINGS */

    /// @inheritdoc IContributionToken
    function setSettings(Settings calldata newSettings) external {
        _checkTreasury();
        _setSettings(newSettings);
    }

    function _setSettings(Settings calldata newSettings) private {
        _cap.cap = newSettings.epochCap;
        _cap.transferable = newSettings.transferable;
        emit SettingsChanged(newSettings);
    }

    /// @inheritdoc IContributionToken
    function setKindCap(uint256 kind, uint96 cap) external {
        _checkTreasury();
        _kindCaps[kind].cap = cap;
        _kindCaps[kind].isSet = cap != type(uint96).max;
        emit KindCapChanged(kind, cap);
    }

    function _checkTreasury() private view {
        if (msg.sender != treasury()) revert ContributionTokenUnauthorized(msg.sender, 0);
    }

    /* VIEWS */

    /// @inheritdoc ERC20
    function name() public view override returns (string memory first) {
        (first,) = CloneArgs.stringsAt(NAMES_ARG);
    }

    /// @inheritdoc ERC20
    function symbol() public view override returns (string memory second) {
        (, second) = CloneArgs.stringsAt(NAMES_ARG);
    }

    /// @inheritdoc IContributionToken
    function settings() external view returns (Settings memory) {
        return Settings({epochCap: _cap.cap, transferable: _cap.transferable});
    }

    /// @inheritdoc IContributionToken
    function mintable() external view returns (uint256) {
        return _available(_cap);
    }

    /// @inheritdoc IContributionToken
    function mintableFor(uint256 kind) external view returns (uint256) {
        uint256 available = _available(_cap);
        if (!_kindCaps[kind].isSet) return available;
        uint256 ofKind = _available(_kindCaps[kind]);
        return ofKind < available ? ofKind : available;
    }

    /// @inheritdoc IContributionToken
    function treasury() public view returns (address) {
        return CloneArgs.addressAt(0);
    }

    /// @inheritdoc TokenDomain
    function _domainName() internal view override returns (string memory) {
        return name();
    }
}
