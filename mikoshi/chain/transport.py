"""How a request reaches a node, and how little is shown of where that is.

Nodes are asked through urllib3, with the proxies of the environment and the user and password of
the URL. One on this computer is asked over a connection of our own, which costs half as much.
"""

from __future__ import annotations

import http.client
import io
import os
import re
import select
import socket
import ssl
import sys
import time
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from enum import Enum
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol
from urllib.parse import quote, unquote, urlsplit

from mikoshi.text.clock import now
from mikoshi.text.errors import BadInputError, ChainError
from mikoshi.text.files import reason_of
from mikoshi.text.language import N_, _

if TYPE_CHECKING:
    from urllib3 import PoolManager

SHORT = 2**23
"""Bytes of an answer to any question but those whose answers may be long."""

MOST = 2**28
"""Bytes of one answer; more is not taken into memory."""

_AWAY = (408, 425, 502, 503, 504)
_LOCKED = (401, 403, 407)
_PROXIES = ("http_proxy", "https_proxy", "all_proxy")
_HERE = ("localhost", "127.0.0.1", "::1")
_BROKEN = re.compile(r"[\x00-\x20\x7f\\]")
_SAFE = "/?&=%:;,+!$'()*~@[]"
"""What stays in the path of a URL as it is."""


_NO_HTTP = N_("it must begin with http:// or https://")


class Passing(Enum):
    """Whether the same question may be answered a moment later."""

    NEVER = "never"
    ONCE_ANSWERED = "if the node has answered before"
    ALWAYS = "always"
    CROWDED = "when fewer questions are asked"


class UnreachableError(ChainError):
    """Thrown when the node cannot be reached or does not speak JSON-RPC.

    `reason` is in words, without the `url`, which may hold a key; `wait` is for how many seconds
    the node wants to be left alone, if it says so.
    """

    def __init__(
        self,
        url: str,
        reason: str,
        passing: Passing = Passing.NEVER,
        wait: float | None = None,
    ) -> None:
        self.url = url
        self.reason = reason
        self.passing = passing
        self.wait = wait
        super().__init__(
            "node.unreachable",
            N_("No answer from the node at {host}"),
            "{reason}",
            N_(
                "Check the connection or name another node with --network, then run the "
                "command again: it continues"
            ),
            host=host_of(url),
            reason=reason,
        )


@dataclass(frozen=True)
class Address:
    """Where a node or a proxy is; what opens it is not part of `url`."""

    scheme: str
    host: str
    port: int | None
    target: str
    login: str | None

    @classmethod
    def parse(cls, url: str, kinds: str = "http https") -> Address:
        """The parts of a URL. Raises BadInputError, which shows nothing of one that is broken."""
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port
            name = host if ":" in host else host.encode("idna").decode("ascii")
        except ValueError:  # UnicodeError is one
            raise _unreadable(url, N_("its host or its port is none")) from None
        if parts.scheme not in kinds.split() or not name or port == 0:
            raise _unreadable(url, _NO_HTTP if name else N_("it names no host"))
        if "@" in url[url.find(parts.netloc) + len(parts.netloc) :]:
            raise _unreadable(url, N_("an @ stands behind the first / ? or #"))
        if _BROKEN.search(url):
            raise _unreadable(url, N_("a space or a control character is in it"))
        target = quote(parts.path or "/", _SAFE)
        target += f"?{quote(parts.query, _SAFE)}" if parts.query else ""
        login = None
        if "@" in parts.netloc:
            pair = f"{unquote(parts.username or '')}:{unquote(parts.password or '')}"
            login = f"Basic {b64encode(pair.encode()).decode()}"
        return cls(parts.scheme, name, port, target, login)

    @property
    def place(self) -> str:
        """Host and port, as they stand in a URL."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port is None else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        """The URL without a login."""
        return f"{self.scheme}://{self.place}{self.target}"


def host_of(url: str) -> str:
    """The part of a node's URL that may be shown; what follows the host may be a secret."""
    scheme, sign, rest = url.partition("://")
    place = re.split(r"[/?#\\]", rest, maxsplit=1)[0]
    if not sign or "@" in rest[len(place) :]:
        return f"{scheme}://…" if sign else "…"
    return f"{scheme}://{place.rpartition('@')[2]}"


def _unreadable(url: str, why: str) -> BadInputError:
    return BadInputError(
        "network.bad-url",
        N_("The address of the node cannot be used: {url}"),
        why,
        N_("Write it as https://host:port/path; in a password, / is %2F, @ is %40 and # is %23"),
        url=host_of(url),
    )


class Answer(NamedTuple):
    """What came back over HTTP."""

    status: int
    retry_after: str | None
    content: bytes

    def refusal(self, is_json: bool) -> Passing | None:
        """Whether a refusal passes; None if the content is what the node says."""
        if self.status == HTTPStatus.TOO_MANY_REQUESTS:
            return Passing.CROWDED
        if self.status in _AWAY or (
            self.status >= HTTPStatus.INTERNAL_SERVER_ERROR and not is_json
        ):
            return Passing.ALWAYS
        if is_json:
            return None
        if self.status in _LOCKED:
            return Passing.NEVER
        cut = self.content.strip()[:1] in (b"", b"{", b"[")
        return Passing.ALWAYS if cut else Passing.ONCE_ANSWERED

    @property
    def words(self) -> str:
        """What a refusal is called."""
        if self.status in _LOCKED:
            return _(
                "HTTP {status}: a user, password or key is missing or wrong", status=self.status
            )
        if self.status == HTTPStatus.OK:
            return _("HTTP {status}, no JSON", status=self.status)
        return f"HTTP {self.status}"

    @property
    def wait(self) -> float | None:
        """For how many seconds the node wants to be left alone; None if it does not say."""
        told = (self.retry_after or "").strip()
        if re.fullmatch(r"\d{1,9}", told):
            return float(told)
        try:
            moment = parsedate_to_datetime(told)
        except ValueError:
            return None
        return max(0.0, moment.timestamp() - now())


class Line(Protocol):
    """A way to one node."""

    def post(self, body: bytes, headers: Mapping[str, str], most: int = MOST) -> Answer:
        """What it answers, no more than a byte over the `most`. Raises UnreachableError."""

    def close(self) -> None:
        """Close connections; the next request opens one again."""


class OwnLine:
    """One kept-alive connection to a node on this computer."""

    def __init__(self, url: str, timeout: float) -> None:
        """Raises BadInputError for a URL that cannot be used."""
        self._url, address = url, Address.parse(url)
        secure = address.scheme == "https"
        kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        self._connection = kind(address.host, address.port, timeout=timeout)  # sets TCP_NODELAY
        self._connection.response_class = Response
        self._target = address.target

    def close(self) -> None:
        """Close the connection; the next request opens it again."""
        self._connection.close()

    def post(self, body: bytes, headers: Mapping[str, str], most: int = MOST) -> Answer:
        """What the node answers. Raises UnreachableError."""
        try:
            return self._post(body, headers, most)
        except (OSError, http.client.HTTPException, ValueError) as error:
            self.close()
            raise _broken(error, self._url) from error

    def _post(self, body: bytes, headers: Mapping[str, str], most: int) -> Answer:
        idle = self._connection.sock
        if idle is not None:
            idle.settimeout(self._connection.timeout)  # the last answer used some of it
            if select.select([idle], [], [], 0)[0]:
                self._connection.close()  # the node hung up meanwhile; sending opens it again
        self._connection.request("POST", self._target, body, dict(headers))
        response = self._connection.getresponse()
        wait = response.getheader("Retry-After")
        return Answer(response.status, wait, response.read(most + 1))


class PooledLine:
    """urllib3, with the proxy that the environment names."""

    def __init__(self, url: str, timeout: float, proxy: Address | None) -> None:
        self._url, self._timeout = url, timeout
        self._place = Address.parse(url).url
        self._pools = _pools(proxy)

    def close(self) -> None:
        """Close all connections; the next request opens one again."""
        self._pools.clear()

    def post(self, body: bytes, headers: Mapping[str, str], most: int = MOST) -> Answer:
        """What the node answers. Raises UnreachableError."""
        from urllib3.exceptions import HTTPError

        try:
            return self._post(body, headers, most)
        except (OSError, HTTPError, ValueError) as error:
            self.close()
            raise _broken(error, self._url) from error

    def _post(self, body: bytes, headers: Mapping[str, str], most: int) -> Answer:
        response = self._pools.urlopen(
            "POST",
            self._place,
            body=body,
            headers=headers,
            timeout=self._timeout,
            retries=False,
            redirect=False,
            preload_content=False,
        )
        content = response.read(most + 1)
        response.release_conn()
        return Answer(response.status, response.headers.get("Retry-After"), content)


def line_to(url: str, timeout: float) -> Line:
    """The way to a node; `timeout` is in seconds, and for each answer as a whole.

    Raises BadInputError for a URL or a proxy that cannot be used.
    """
    address = Address.parse(url)
    proxy = _proxy_for(address)
    if proxy is None and address.scheme == "http" and address.host in _HERE:
        return OwnLine(url, timeout)
    return PooledLine(url, timeout, proxy)


def _proxy_for(address: Address) -> Address | None:
    """The proxy that the environment, or the computer's settings, names for a node."""
    if sys.platform == "linux" and not any(each.lower() in _PROXIES for each in os.environ):
        return None
    from urllib.request import getproxies, proxy_bypass

    proxies = getproxies()
    named = proxies.get(address.scheme) or proxies.get("all")
    if not named or proxy_bypass(address.place):
        return None
    try:
        return Address.parse(named if "://" in named else f"http://{named}")
    except BadInputError as error:
        raise BadInputError(
            "network.bad-proxy",
            N_("The proxy that the environment names cannot be used: {url}"),
            N_("it must be http://host:port or https://host:port"),
            N_("Correct HTTPS_PROXY, HTTP_PROXY or ALL_PROXY, or name the node in NO_PROXY"),
            url=error.data["url"],
        ) from None


def _pools(proxy: Address | None) -> PoolManager:
    import urllib3
    from urllib3.connection import HTTPConnection, HTTPSConnection

    class Plain(urllib3.HTTPConnectionPool):
        ConnectionCls = type("Plain", (HTTPConnection,), {"response_class": Response})

    class Secure(urllib3.HTTPSConnectionPool):
        ConnectionCls = type("Secure", (HTTPSConnection,), {"response_class": Response})

    if proxy is None:
        pools = urllib3.PoolManager()
    else:
        login = {"Proxy-Authorization": proxy.login} if proxy.login else None
        pools = urllib3.ProxyManager(f"{proxy.scheme}://{proxy.place}", proxy_headers=login)
    pools.pool_classes_by_scheme = {"http": Plain, "https": Secure}
    return pools


def _broken(error: Exception, url: str) -> UnreachableError:
    """Why no answer came, of an error of http.client or urllib3."""
    root = _root(error)
    if isinstance(root, ssl.SSLCertVerificationError):
        return UnreachableError(url, root.verify_message or str(root))
    if isinstance(root, http.client.RemoteDisconnected):
        return UnreachableError(url, reason_of(root), Passing.ALWAYS)
    if isinstance(root, OSError):
        refused = isinstance(root, ConnectionError) and not isinstance(root, ConnectionRefusedError)
        timed_out = isinstance(root, TimeoutError) and not _connecting(error)
        passing = Passing.ALWAYS if refused or timed_out else Passing.ONCE_ANSWERED
        return UnreachableError(url, reason_of(root), passing)
    cut = isinstance(root, http.client.IncompleteRead)
    said = "" if isinstance(error, ValueError) else str(root)
    told = _("broken HTTP: {said}", said=said or type(root).__name__)
    return UnreachableError(url, told, Passing.ALWAYS if cut else Passing.ONCE_ANSWERED)


def _root(error: BaseException) -> BaseException:
    """What an error of urllib3 comes from."""
    inside = (each for each in (error.__cause__, *error.args) if isinstance(each, Exception))
    cause = None if isinstance(error, OSError) else next(inside, None)
    return error if cause is None else _root(cause)


def _connecting(error: BaseException) -> bool:
    return "Connect" in type(error).__name__ or getattr(error, "errno", None) is not None


class _Stream(io.RawIOBase):
    """What a socket receives from now on; it lowers the socket's timeout to what is left of it."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._raw = sock.makefile("rb", buffering=0)
        self._deadline = time.monotonic() + (sock.gettimeout() or 0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("timed out")
        self._sock.settimeout(left)
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class Response(http.client.HTTPResponse):
    """An HTTP answer that comes within the timeout as a whole, however slowly its bytes drip.

    It begins when the request has been sent; a TimeoutError ends it.
    """

    def __init__(self, sock: socket.socket, *args: Any, **options: Any) -> None:
        super().__init__(sock, *args, **options)
        self.fp.close()
        self.fp = io.BufferedReader(_Stream(sock))
