"""The cookie that names who signed in, sealed with the server's secret."""

from __future__ import annotations

import hmac
import os
import re
import secrets
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from eth_utils.address import to_checksum_address

from mikoshi.text.errors import BadInputError
from mikoshi.text.files import UnwrittenError
from mikoshi.text.language import N_
from mikoshi.text.paths import shown
from mikoshi.text.units import DAY

LASTS = DAY
"""Seconds after which somebody signs in anew."""

_SECRET = "gate.key"  # noqa: S105 (a file's name)
_BYTES = 32
_VALUE = re.compile(r"([0-9a-f]{40})\.([0-9]{1,12})\.([0-9a-f]{64})", re.ASCII)


@dataclass(frozen=True)
class Cookies:
    """The cookies of one place: `scope` names the DAO and the origin for which they hold.

    With a `domain` browsers show them to all hosts under it.
    """

    secret: bytes = field(repr=False)
    scope: str
    secure: bool
    domain: str = ""

    @property
    def name(self) -> str:
        """By https, and without a domain, no other host can set it."""
        prefix = ("__Secure-" if self.domain else "__Host-") if self.secure else ""
        return f"{prefix}mikoshi-gate"

    def value(self, wallet: str, now: int) -> str:
        """What names `wallet` from `now` on (Unix seconds)."""
        plain = f"{wallet[2:].lower()}.{now + LASTS}"
        return f"{plain}.{self._seal(plain)}"

    def wallet(self, value: str, now: int) -> str | None:
        """The wallet that a value names at `now`; None where it names none, or no more."""
        found = _VALUE.fullmatch(value)
        if found is None or int(found[2]) <= now:
            return None
        if not hmac.compare_digest(found[3], self._seal(f"{found[1]}.{found[2]}")):
            return None
        return to_checksum_address(f"0x{found[1]}")

    def header(self, value: str) -> str:
        """Set-Cookie: no script can read it, and no other site can send it with a form."""
        more = ("; Secure" if self.secure else "") + (f"; Domain={self.domain}" * bool(self.domain))
        return f"{self.name}={value}; Path=/; Max-Age={LASTS}; HttpOnly; SameSite=Lax{more}"

    def _seal(self, plain: str) -> str:
        return hmac.new(self.secret, f"{self.scope}|{plain}".encode(), "sha256").hexdigest()


def secret_in(folder: Path) -> bytes:
    """The secret of a community's server, made at the first time; nobody else can read its file.

    Raises BadInputError.
    """
    path = folder / _SECRET
    try:
        if not path.exists():
            _make(path)
        mode, found = path.stat().st_mode, path.read_bytes()
    except OSError as error:
        raise UnwrittenError(error, shown(path)) from error
    if mode & 0o077 or len(found) != _BYTES:
        raise BadInputError(
            "gate.bad-secret",
            N_("{path} is no secret"),
            N_("others can read it, or it was damaged: whoever knows it can enter as anybody"),
            N_("Delete it and start the server again; everybody signs in anew"),
            path=shown(path),
        )
    return found


def _make(path: Path) -> None:
    """All of it at once, and where two do it the first one counts."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # mode 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(_BYTES))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(temporary, path)
    finally:
        Path(temporary).unlink()
