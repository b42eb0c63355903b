"""Who and what the addresses of a DAO are: members, parts, coins."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from eth_abi.exceptions import DecodingError

from mikoshi.chain.abi import decode
from mikoshi.chain.answers import in_code
from mikoshi.chain.contract import ERC20, Contract, Snapshot
from mikoshi.chain.rpc import Rpc, RpcError
from mikoshi.config.kinds import ValueProblemError
from mikoshi.core.dao import Dao, interface
from mikoshi.text import people
from mikoshi.text.errors import ProblemError, Words
from mikoshi.text.language import N_, _
from mikoshi.text.people import WalletError, parse_wallet
from mikoshi.text.units import Amount, UnitError, format_amount, normalize, parse_amount

_NATIVE = "ETH"
_SYMBOL = re.compile(r"(?=.*[^\d.,])[^\s\ufffd]{1,40}")
"""What may stand behind a number; a coin called `000` or a whole sentence goes by its address."""


@dataclass(frozen=True, slots=True)
class Coin:
    """What amounts are in; `address` is None for the chain's own currency."""

    symbol: str
    decimals: int
    address: str | None = None

    def show(self, raw: int) -> str:
        """`2,500 USDC`."""
        return format_amount(raw, self.symbol, self.decimals)

    def told(self, *raws: int) -> list[str]:
        """Amounts beside each other, for people: to six digits where they differ in those."""
        rounded = [format_amount(raw, self.symbol, self.decimals, 6) for raw in raws]
        alike = len(set(rounded)) < len(set(raws))
        return [self.show(raw) for raw in raws] if alike else rounded


ETH = Coin(_NATIVE, 18)


@dataclass
class AddressBook:
    """What is known about a DAO's addresses at one block.

    `names` are what people are called, by wallet, and `coins` the addresses of the further coins
    that a proposal uses, by symbol.
    """

    rpc: Rpc
    dao: Dao
    factory: str
    names: Mapping[str, str] = field(default_factory=dict)
    coins: Mapping[str, str] = field(default_factory=dict)
    _ids: dict[str, int] = field(default_factory=dict, init=False, repr=False)
    _coins: dict[str, Coin | None] = field(default_factory=dict, init=False, repr=False)

    @cached_property
    def now(self) -> Snapshot:
        """The latest block when the book was first asked."""
        return Snapshot(self.rpc)

    def ask(self, contract: Contract, name: str, *args: Any) -> Any:
        """What a contract of the DAO answers; None where it refuses."""
        return self.now.ask([(contract, name, args)])[0]

    @property
    def parts(self) -> dict[str, str]:
        """The DAO's own contracts by their names."""
        dao = self.dao
        return {
            "treasury": dao.treasury_address,
            "membership": dao.membership_address,
            "token": dao.token_address,
            "governor": dao.governor_address,
        }

    @cached_property
    def factory_contract(self) -> Contract:
        """The factory, which makes clones for whoever asks."""
        return Contract(self.rpc, self.factory, interface(self.dao.contracts))

    # People

    def address(self, text: str) -> str:
        """Whom `#7`, `7`, `Hana`, `treasury` or `0x…` means. Raises ValueProblemError.

        Small letters or large; a word of one person's name alone will do, as in `Hana` for Hana
        Sato, where nobody is called just so.
        """
        plain = normalize(text)
        if plain in self.parts:
            return self.parts[plain]
        if plain.startswith("#"):
            return self._wallet_of(plain)
        if people.is_address(plain):
            return self._parsed(plain)
        wallets = self._named(plain)
        if len(wallets) == 1:
            return wallets[0]
        if wallets:
            raise ValueProblemError(
                "person.ambiguous",
                N_("must be clear, and {count} people are called {got}; write #id"),
                count=len(wallets),
                got=text,
            )
        if plain.isdecimal():
            return self._wallet_of(f"#{plain}")
        if plain.lower().endswith(".eth"):
            return self._parsed(plain)
        near = difflib.get_close_matches(plain, [*self.names.values(), *self.parts], 1, 0.6)
        raise ValueProblemError(
            "person.unknown",
            N_(
                "must be #id, a name of the members' file or an address, got {got}; did you "
                "mean {near}?"
            )
            if near
            else N_("must be #id, a name of the members' file or an address, got {got}"),
            got=people.quoted(text),
            near=near[0] if near else "",
        )

    def _named(self, plain: str) -> list[str]:
        """The wallets of those who are called just so; or else, in any letters, or by a word."""
        names = {wallet: normalize(name) for wallet, name in self.names.items()}
        exact = [wallet for wallet, name in names.items() if name == plain]
        folded = {wallet: name.casefold() for wallet, name in names.items()}
        word = plain.casefold()
        return exact or [at for at, name in folded.items() if word in (name, *name.split())]

    @staticmethod
    def _parsed(text: str) -> str:
        try:
            return parse_wallet(text)
        except WalletError as error:
            raise _got(error, text) from None

    def member_id(self, text: str) -> int:
        """The id of the member that `#7`, `Hana` or `0x…` means. Raises ValueProblemError."""
        wallet = self.address(text)
        number = self.id_of(wallet)
        if not number:
            raise ValueProblemError("member.none", N_("must be a member, got {got}"), got=text)
        return number

    def id_of(self, wallet: str) -> int:
        """The member id of a wallet; 0 if it has none."""
        if wallet not in self._ids:
            self._ids[wallet] = self.ask(self.dao.membership, "memberIdOf", wallet) or 0
        return self._ids[wallet]

    def wallet_of(self, number: int) -> str:
        """The wallet of a member id; the zero address if there is none."""
        return str(self.ask(self.dao.membership, "walletOf", number) or people.ZERO_ADDRESS)

    def reference(self, address: str) -> str:
        """How a file names an address: `treasury`, `#7` or `0x…`; `address` reads it back."""
        part = next((name for name, at in self.parts.items() if at == address), None)
        number = 0 if part else self.id_of(address)
        return part or (f"#{number}" if number else address)

    def show(self, address: str) -> str:
        """`Hana #7 (0x9fE4…a6e0)`, `treasury`, and the whole address of whoever is unknown.

        Another address with the same few digits is found in minutes.
        """
        part = next((name for name, at in self.parts.items() if at == address), None)
        if part:
            return _(part)
        if address == self.factory:
            return _("the factory")
        coin = self.coin(address) if address in self.coins.values() else None
        if coin:
            return f"{coin.symbol} ({address})"
        number, name = self.id_of(address), self.names.get(address, "")
        return people.show(address, number, name) if number or name else address

    def show_member(self, number: int) -> str:
        """`Hana #7 (0x9fE4…a6e0)`; `#7` where no such member exists."""
        wallet = self.wallet_of(number)
        if wallet == people.ZERO_ADDRESS:
            return f"#{number}"
        return people.show(wallet, number, self.names.get(wallet, ""))

    def _wallet_of(self, text: str) -> str:
        number = int(text[1:]) if text[1:].isascii() and text[1:].isdigit() else 0
        wallet = self.wallet_of(number) if 0 < number < 2**24 else people.ZERO_ADDRESS
        if wallet == people.ZERO_ADDRESS:
            raise ValueProblemError(
                "member.unknown", N_("must be a member that exists, got {got}"), got=text
            )
        return wallet

    # Money

    @cached_property
    def token(self) -> Coin:
        """The DAO's contribution token."""
        symbol = self.ask(self.dao.token, "symbol")
        return Coin(str(symbol), 18, self.dao.token_address)

    def money(self, text: str) -> tuple[Coin, int]:
        """The coin and its smallest units in `2,500 USDC`. Raises ValueProblemError."""
        coins = {"ETH": ETH, "ether": ETH, self.token.symbol: self.token}
        coins |= {symbol: self.declared(symbol, at) for symbol, at in self.coins.items()}
        amount = self._amount(text, {name: coin.decimals for name, coin in coins.items()})
        return coins[amount.unit], amount.raw

    def tokens(self, text: str) -> int:
        """Wei of contribution token in `100 PMC`. Raises ValueProblemError."""
        return self._amount(text, {self.token.symbol: 18}).raw

    def amount_of(self, coin: Coin, text: str) -> int:
        """Smallest units of one coin in `2,500 USDC`. Raises ValueProblemError."""
        return self._amount(text, {coin.symbol: coin.decimals}).raw

    def coin(self, address: str) -> Coin | None:
        """The coin at an address; None if what is there is none."""
        if address == self.dao.token_address:
            return self.token
        if address not in self._coins:
            self._coins[address] = self._read_coin(address)
        return self._coins[address]

    def declared(self, symbol: str, address: str) -> Coin:
        """The coin at an address if its symbol is this one. Raises ValueProblemError."""
        if symbol in ("ETH", "ether"):
            raise ValueProblemError("coin.native", N_("is the chain's own currency, no coin"))
        coin = self.coin(address)
        if coin is None or coin.symbol != symbol:
            raise ValueProblemError(
                "coin.other-symbol",
                N_("must be called by its own symbol: at {address} is {found}"),
                address=people.short(address),
                found=coin.symbol if coin else Words("no coin"),
            )
        return coin

    @staticmethod
    def _amount(text: str, decimals: Mapping[str, int]) -> Amount:
        try:
            return parse_amount(text, decimals)
        except UnitError as error:
            raise _got(error, text) from None

    def _read_coin(self, address: str) -> Coin | None:
        contract = Contract(self.dao.chain, address, ERC20)
        symbol, decimals = self.now.ask([(contract, "symbol", ()), (contract, "decimals", ())])
        if symbol is None:
            symbol = self._short_symbol(contract)
        if not symbol or decimals is None:
            return None
        fits = symbol.isprintable() and _SYMBOL.fullmatch(symbol)
        return Coin(symbol if fits else people.short(address), decimals, address)

    def _short_symbol(self, contract: Contract) -> str:
        """The symbol of a coin that gives it as 32 bytes, as MKR does."""
        try:
            (raw,) = decode(["bytes32"], self.rpc.read(contract.address, contract.data("symbol")))
        except RpcError as error:
            if not in_code(error):
                raise
            return ""
        except DecodingError:
            return ""
        return str(raw.rstrip(b"\0").decode("utf-8", "replace"))


def _got(problem: ProblemError, text: str) -> ValueProblemError:
    return ValueProblemError(
        "value.misread", N_("{problem}, got {got}"), problem=problem, got=people.quoted(text)
    )
