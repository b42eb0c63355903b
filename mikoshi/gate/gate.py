"""Lets in who signed in and is a member at this moment, and nobody else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import urlsplit

from mikoshi.ballots.signed import recover_text
from mikoshi.context.context import Context
from mikoshi.gate.cookie import Cookies
from mikoshi.gate.message import SignIn
from mikoshi.gate.nonces import LASTS, Nonces
from mikoshi.text import clock
from mikoshi.text.errors import NotNowError
from mikoshi.text.language import N_
from mikoshi.text.units import MINUTE

T = TypeVar("T")

Read = Callable[[Callable[[Context], T]], T]
"""Runs a function on the DAO as of the latest block; raises where that is not known."""

Answers = Callable[[str, str, bytes], bool]
"""Whether an account's code answers for a text and a signature (ERC-1271): asked of the node."""

_AHEAD = MINUTE
"""Seconds by which the clock of a phone may be fast."""


class NotAdmittedError(NotNowError):
    """Thrown for whoever is not let in."""

    def __init__(self, kind: str, why: str) -> None:
        super().__init__(
            kind,
            N_("You are not let in"),
            why,
            N_("Open the page, and sign in with the wallet that holds your seat"),
        )


@dataclass(frozen=True)
class Gate:
    """The gate of one DAO at one `origin`, such as `https://dao.example.org`."""

    origin: str
    chain_id: int
    cookies: Cookies
    nonces: Nonces
    read: Read[int]
    answers: Answers
    now: Callable[[], int] = field(default=clock.now)

    def member(self, wallet: str) -> int:
        """The number of the member whose wallet this is at this moment.

        Raises NotAdmittedError, and ChainError while the chain cannot be asked.
        """

        def number(context: Context) -> int:
            person = context.rebuilt.membership.member_at(wallet)
            return person.id if person and person.standing.is_member else 0

        if found := self.read(number):
            return found
        raise NotAdmittedError("gate.no-member", N_("this wallet is no member's"))

    def enter(self, text: str, signature: bytes) -> tuple[int, str]:
        """The member who signed a message, and the value of their cookie.

        It asks the node where no key made the signature, for members alone. Raises NoMessageError,
        NotAdmittedError and ChainError.
        """
        message = SignIn.parse(text)
        self._check(message)
        member = self.member(message.wallet)
        by_key = recover_text(text, signature) == message.wallet
        if not by_key and not self.answers(message.wallet, text, signature):
            raise NotAdmittedError(
                "gate.signature-of-another", N_("the signature is not that of this wallet")
            )
        if not self.nonces.use(message.nonce):
            raise _used()
        return member, self.cookies.value(message.wallet, self.now())

    def passes(self, cookie: str) -> int:
        """The number of the member whom a cookie names. Raises NotAdmittedError and ChainError."""
        wallet = self.cookies.wallet(cookie, self.now())
        if wallet is None:
            raise NotAdmittedError("gate.not-signed-in", N_("nobody has signed in here lately"))
        return self.member(wallet)

    def _check(self, message: SignIn) -> None:
        """Raise NotAdmittedError for what was signed elsewhere, for another chain or time."""
        parts, now = urlsplit(self.origin), self.now()
        here = (message.domain.lower(), message.uri.rstrip("/").lower())
        if here != (parts.netloc, self.origin) or message.scheme not in ("", parts.scheme):
            raise NotAdmittedError(
                "gate.for-another-page", N_("it was signed for another page than this one")
            )
        if message.chain_id != self.chain_id:
            raise NotAdmittedError("gate.for-another-chain", N_("it was signed for another chain"))
        early = message.begins > now or message.issued > now + _AHEAD
        late = message.issued <= now - LASTS or 0 < message.expires <= now
        if early or late:
            raise NotAdmittedError("gate.out-of-time", N_("its time is over, or has not come yet"))
        if not self.nonces.holds(message.nonce):
            raise _used()


def _used() -> NotAdmittedError:
    return NotAdmittedError(
        "gate.nonce-used", N_("it was used before, or this server never asked for it")
    )
