"""A webhook: one message is posted to the address that the environment names, and nowhere else.

Only by https, or to this computer where it is named; never to an address inside a network, where
it could reach what no one outside may. No redirection is followed, and the answer as a whole has
to be there within a deadline.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import socket
import ssl
import time
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from ipaddress import ip_address
from threading import Thread
from urllib.parse import urlsplit

from mikoshi.chain.transport import Response
from mikoshi.reminders.chat import CHATS, Chat
from mikoshi.text.errors import BadInputError
from mikoshi.text.files import reason_of
from mikoshi.text.json import Json
from mikoshi.text.language import N_, _

PATIENCE = 10.0
"""Seconds in which the whole answer has to be there."""

_HERE = ("localhost", "127.0.0.1", "::1")
_MOST = 65_536  # bytes of an answer that are read


class HookFailedError(Exception):
    """Thrown where a message was not taken; says why, and for how many seconds to wait if told."""

    def __init__(self, reason: str, wait: int = 0) -> None:
        self.reason, self.wait = reason, wait
        super().__init__(reason)


@dataclass(frozen=True)
class Hook:
    """A chat and the address of its webhook, which is a secret: whoever has it may post there."""

    chat: Chat
    url: str = field(repr=False)

    def __post_init__(self) -> None:
        """Raises BadInputError for an address that is not to be used."""
        try:
            parts = urlsplit(self.url)
            host, _port = parts.hostname or "", parts.port
        except ValueError:
            parts, host = urlsplit(""), ""
        allowed = parts.scheme == "https" or (parts.scheme == "http" and host in _HERE)
        if not allowed or not host or parts.username or not re.fullmatch("[!-~]+", self.url):
            raise BadInputError(
                "reminders.bad-hook",
                N_("{variable} is no address of a webhook"),
                N_("it must be https://…, as the chat shows it, without a user or password"),
                N_("Copy it once more from the settings of the chat; nothing was sent"),
                variable=self.chat.variable,
            )

    def post(self, message: Json, patience: float = PATIENCE) -> None:
        """Have a message shown. Raises HookFailedError."""
        try:
            status, wait = _post(self.url, json.dumps(message).encode(), patience)
        except (OSError, http.client.HTTPException, ValueError) as error:
            reason = reason_of(error) if isinstance(error, OSError) else type(error).__name__
            raise HookFailedError(reason) from error
        if not 200 <= status < 300:
            raise HookFailedError(f"HTTP {status}", wait)


def hooks(environment: Mapping[str, str] = os.environ) -> list[Hook]:
    """The webhooks that the environment names. Raises BadInputError."""
    return [
        Hook(chat, environment[chat.variable]) for chat in CHATS if environment.get(chat.variable)
    ]


def _post(url: str, body: bytes, patience: float) -> tuple[int, int]:
    """The status of the answer, and for how many seconds it wants to be left alone."""
    until = time.monotonic() + patience
    parts = urlsplit(url)
    host, secure = parts.hostname or "", parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    line = http.client.HTTPConnection(host, port)
    line.response_class = Response
    if secure:
        line.default_port = 443
    try:
        line.sock = _connected(host, port, secure, until)
        line.sock.settimeout(_left(until))
        target = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
        line.request("POST", target, body, {"Content-Type": "application/json"})
        answer = line.getresponse()
        answer.read(_MOST)
        told = answer.getheader("Retry-After") or ""
        return answer.status, int(float(told)) if re.fullmatch(r"\d{1,5}(\.\d+)?", told) else 0
    finally:
        line.close()


def _connected(host: str, port: int, secure: bool, until: float) -> socket.socket:
    """A connection with one of the addresses of `host`: with that very one which was looked at."""
    places = _resolved(host, port, until)
    if host not in _HERE and any(not _is_public(each) for each in places):
        raise HookFailedError(_("its address lies inside a network"))
    found = socket.create_connection((places[0], port), _left(until))
    if not secure:
        return found
    try:
        found.settimeout(_left(until))
        return ssl.create_default_context().wrap_socket(found, server_hostname=host)
    except BaseException:
        found.close()
        raise


def _is_public(address: str) -> bool:
    found = ip_address(address.partition("%")[0])
    mapped = getattr(found, "ipv4_mapped", None) or found
    return mapped.is_global and not mapped.is_multicast


def _resolved(host: str, port: int, until: float) -> list[str]:
    """The addresses of a name; whoever answers for names may be slow, too."""
    answer: Future[list[str]] = Future()

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            answer.set_result([str(each[4][0]) for each in found])
        except (OSError, UnicodeError) as error:
            answer.set_exception(error)

    Thread(target=ask, daemon=True).start()
    return answer.result(_left(until))


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError("timed out")
    return left
