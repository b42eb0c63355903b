"""What stands before every answer: headers, how large a body may be, how often somebody may ask."""

from __future__ import annotations

import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from ipaddress import IPv6Address, ip_address

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mikoshi.text.errors import DefectError, MikoshiError, NotNowError
from mikoshi.text.language import LANGUAGES, N_, Language, speaking

_LOG = logging.getLogger(__name__)

HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
"""Of every answer; the page has a policy of its own."""

_REQUESTS = (600, 50.0)
"""Requests that one address may make at once, and then a second."""

_KNOWN = 10_000
"""Addresses that are remembered."""


class TooOftenError(NotNowError):
    """Thrown where somebody asks too often."""

    def __init__(self, seconds: int) -> None:
        super().__init__(
            "serve.too-often",
            N_("Too many requests came from your address"),
            N_("this server answers a number of them a minute"),
            N_("Try again in {seconds} s"),
            seconds=seconds,
        )


class BrokenError(DefectError):
    """Thrown for what should not happen; what it is stays with whoever runs the server."""

    def __init__(self) -> None:
        super().__init__(
            "serve.broken",
            N_("Something unexpected happened here"),
            N_("it is a defect of the server"),
            N_("Tell whoever runs it; its log says more"),
        )


class Rate:
    """So many at once, and so many a second from then on, for each of many addresses."""

    def __init__(
        self, burst: int, each_second: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._burst, self._each_second, self._clock = burst, each_second, clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, address: str) -> int:
        """Count one; the seconds to wait, 0 if it is not too many."""
        now = self._clock()
        left, since = self._left.pop(address, (float(self._burst), now))
        left = min(self._burst, left + (now - since) * self._each_second)
        enough = left >= 1
        self._left[address] = (left - enough, now)
        if len(self._left) > _KNOWN:
            self._left.popitem(last=False)
        return 0 if enough else max(1, round((1 - left) / self._each_second))


def address_of(scope: Scope, *, proxied: bool) -> str:
    """Who asks: of IPv6 the network, which one person has. Behind a proxy, whom it names."""
    named = ""
    if proxied:
        forwarded = Headers(scope=scope).getlist("x-forwarded-for")
        named = ",".join(forwarded).rpartition(",")[2].strip()
    text = named or (scope.get("client") or ("",))[0]
    try:
        address = ip_address(text)
    except ValueError:
        return "unknown"
    if isinstance(address, IPv6Address):
        mapped = address.ipv4_mapped
        return str(mapped) if mapped else address.exploded[:19]
    return str(address)


def language_of(headers: Mapping[str, str], usual: Language) -> Language:
    """The language that somebody prefers, of those that there are."""
    wanted: list[tuple[float, int, str]] = []
    for place, part in enumerate(headers.get("accept-language", "")[:200].split(",")):
        tag, _, weight = part.strip().partition(";q=")
        try:
            quality = float(weight or 1)
        except ValueError:
            continue
        language = tag.strip().lower().partition("-")[0]
        if language in LANGUAGES and quality > 0:
            wanted.append((-quality, place, language))
    return min(wanted)[2] if wanted else usual


class Guards:
    """Middleware: whoever asks is spoken to in their language, and not too often.

    Each answer has the headers.
    """

    def __init__(
        self,
        app: ASGIApp,
        refuse: Callable[[MikoshiError], ASGIApp],
        usual: Language,
        *,
        proxied: bool,
    ) -> None:
        self._app, self._refuse, self._usual, self._proxied = app, refuse, usual, proxied
        self._rate = Rate(*_REQUESTS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass it on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        begun = False

        async def headed(message: Message) -> None:
            nonlocal begun
            begun = True
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        scope["mikoshi.address"] = address_of(scope, proxied=self._proxied)
        wait = self._rate.take(scope["mikoshi.address"])
        with speaking(language_of(Headers(scope=scope), self._usual)):
            app = self._refuse(TooOftenError(wait)) if wait else self._app
            try:
                await app(scope, receive, headed)
            except Exception:
                if begun:
                    raise
                _LOG.exception("%s %s", scope["method"], scope["path"])
                await self._refuse(BrokenError())(scope, receive, headed)
