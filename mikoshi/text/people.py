"""People: their addresses as they are typed, and how they are shown.

Names stay on this computer: nothing but the wallets goes on a chain.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from mikoshi.text.console import shortened
from mikoshi.text.errors import ProblemError
from mikoshi.text.language import N_
from mikoshi.text.units import normalize

_ADDRESS = re.compile(
    r"(?:(?P<mark>[^\s,]*):)?(?P<x>0[xX])?(?P<digits>[0-9a-fA-F]{40})(?:@(?P<at>\d{1,18}))?"
)
_SECRET = re.compile(  # a key, or the words of one; an id of a proposal is longer and has no letter
    r"(?=\d{0,47}[a-fA-F])[0-9a-fA-F]{48}|(?<![0-9a-fA-F])[0-9a-fA-F]{64}(?![0-9a-fA-F])"
    r"|(?<![a-z])(?:[a-z]+\s+){11}[a-z]+"
)
_ENS = re.compile(r"[^\s:/@]+\.eth", re.I)
_QUOTED = 80  # characters

CHAINS = {"eth": 1, "oeth": 10, "base": 8_453, "arb1": 42_161, "sep": 11_155_111}
"""What wallets put before an address (ERC-3770), and the chain that it stands for."""

_here: ContextVar[int | None] = ContextVar("here", default=None)

ZERO_ADDRESS = "0x" + "00" * 20


@contextmanager
def on_chain(chain_id: int | None) -> Iterator[None]:
    """Let addresses be those of this chain inside: one with another chain's mark is refused."""
    token = _here.set(chain_id)
    try:
        yield
    finally:
        _here.reset(token)


class WalletError(ProblemError):
    """Thrown when a text is no wallet's address; the reason follows the name of the thing."""


@dataclass(frozen=True, slots=True)
class Person:
    """A wallet, checksummed, and what its owner is called; `name` may be empty."""

    wallet: str
    name: str = ""


def parse_wallet(text: str) -> str:
    """The checksummed address in `text`.

    An address in one case is taken as it is; one in mixed case must have the right checksum, which
    finds nearly every typing error. The mark of this chain may stand before it (`sep:0x…`, as in
    ERC-3770, `eip155:11155111:0x…`), that of another one may not. Raises WalletError.
    """
    from eth_utils.address import to_checksum_address

    plain = normalize(text)
    match = _ADDRESS.fullmatch(plain)
    if match is None:
        raise _no_address(plain)
    _require_here(match["mark"], match["at"])
    digits = match["digits"]
    address = to_checksum_address("0x" + digits)
    if address == ZERO_ADDRESS:
        raise WalletError("wallet.zero", N_("must not be the zero address, which nobody owns"))
    if digits not in (digits.lower(), digits.upper()) and "0x" + digits != address:
        raise WalletError(
            "wallet.bad-checksum",
            N_("has a wrong checksum: a character was probably mistyped; copy it again"),
        )
    return str(address)


def is_address(text: str) -> bool:
    """Whether a text is meant as an address, rightly or wrongly written."""
    plain = normalize(text)
    return plain.lower().startswith("0x") or _ADDRESS.fullmatch(plain) is not None


def _no_address(plain: str) -> WalletError:
    if _ENS.fullmatch(plain):
        return WalletError(
            "wallet.ens-name",
            N_("must be a wallet address (0x…): names such as {name} are not looked up"),
            name=shortened(plain, _QUOTED),
        )
    return WalletError(
        "wallet.not-an-address", N_("must be a wallet address: 0x and 40 hexadecimal digits")
    )


def _require_here(mark: str | None, at: str | None) -> None:
    """Raise WalletError for the mark of a chain that is not this one."""
    if (mark is None and at is None) or (mark == "ethereum" and at is None):  # a scheme of links
        return
    name, here = shortened(mark or "", _QUOTED), _here.get()
    number = at or str(mark).lower().removeprefix("eip155:")
    chain_id = int(number) if number.isdecimal() else CHAINS.get(number)
    if chain_id is None or here is None:
        raise WalletError(
            "wallet.unknown-mark",
            N_("must be the address alone: which chain {mark}: stands for is not known here"),
            mark=name,
        )
    if chain_id != here:
        raise WalletError(
            "wallet.of-another-chain",
            N_("is marked as an address of chain {chain} ({mark}:), and this is chain {here}"),
            chain=chain_id,
            mark=name,
            here=here,
        )


def quoted(text: str) -> str:
    """`text` as a complaint repeats it: in short, and not at all if a private key may be in it."""
    return "…" if _SECRET.search(normalize(text)) else shortened(text, _QUOTED)


def short(address: str) -> str:
    """`0x9fE4…6e0`: enough of an address to recognize it."""
    return f"{address[:6]}…{address[-4:]}"


def show(wallet: str, member_id: int | None = None, name: str = "") -> str:
    """`Hana #7 (0x9fE4…a6e0)`: how a person is always shown, as far as it is known."""
    known = " ".join(filter(None, [name, f"#{member_id}" if member_id else ""]))
    return f"{known} ({short(wallet)})" if known else short(wallet)
