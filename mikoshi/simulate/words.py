"""Events, accounts and amounts of a simulation in words."""

from __future__ import annotations

from typing import Any

from eth_utils.address import is_checksum_address

from mikoshi.check.parameters import settings_words
from mikoshi.context.address_book import AddressBook, Coin
from mikoshi.replay.logs import Log
from mikoshi.replay.treasury import role_name
from mikoshi.text.console import shortened
from mikoshi.text.language import _
from mikoshi.text.people import ZERO_ADDRESS
from mikoshi.text.units import format_merit, format_time
from mikoshi.words import standing_words, voices

_LONGEST = 200  # characters of a text
_MOMENTS = ("until", "extendedDeadline")
_VOICES = ("weight", "previousVotes", "newVotes")


def event_words(log: Log, book: AddressBook) -> str:
    """`Transfer(from: treasury, to: Hana #1 (0x1753…8863), amount: 5 PMC)`."""
    event = log.event
    if not event.name:
        return _("an event that is not known")
    shown = (f"{name}: {_value(name, value, log, book)}" for name, value in event.args.items())
    return f"{event.name}({', '.join(shown)})"


def account(address: str, book: AddressBook) -> str:
    """Who an address is; nobody for the zero address."""
    return _("nobody") if address == ZERO_ADDRESS else book.show(address)


def change(amount: int, coin: Coin) -> str:
    """`+5 PMC`, `−5 PMC`."""
    return f"{'+' if amount > 0 else '−' if amount < 0 else ''}{coin.show(abs(amount))}"


def slot_word(slot: int) -> str:
    """A storage slot: a small number as it is, a hash as hexadecimal."""
    return str(slot) if slot < 2**64 else word(slot)


def word(value: int) -> str:
    """A storage word in hexadecimal."""
    return f"0x{value:064x}"


def _value(name: str, value: Any, log: Log, book: AddressBook) -> str:
    if isinstance(value, str):
        return account(value, book) if is_checksum_address(value) else shortened(value, _LONGEST)
    if isinstance(value, bytes):
        return role_name(value) if name == "role" else f"0x{value.hex()}"
    part = {at: each for each, at in book.parts.items()}.get(log.event.address, "")
    if isinstance(value, dict) and part and log.event.name == "SettingsChanged":
        return settings_words(part, value, book.token.symbol)
    if isinstance(value, dict):
        return ", ".join(f"{key} {each}" for key, each in value.items())
    if name in _VOICES:
        return voices(value)
    if name == "points":
        return _("{amount} points", amount=format_merit(value))
    if name == "amount":
        coin = book.coin(log.event.address)
        return coin.show(value) if coin else str(value)
    if name == "standing":
        return standing_words(value)
    if name in _MOMENTS and value:
        return format_time(value, 0)
    return str(value)
