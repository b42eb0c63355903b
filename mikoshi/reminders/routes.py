"""Where a server tells what is due: a calendar, and a feed."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import blake2b

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mikoshi.reminders.bulletin import Bulletin
from mikoshi.reminders.calendar import CALENDAR
from mikoshi.reminders.feed import FEED


def routes(told: Callable[[], Bulletin]) -> list[Route]:
    """The routes; `told` is what is due now, and raises where nobody knows."""

    async def calendar(request: Request) -> Response:
        return _answer(request, told().calendar(), CALENDAR)

    async def feed(request: Request) -> Response:
        return _answer(request, told().feed(), FEED)

    return [Route("/calendar.ics", calendar), Route("/feed.atom", feed)]


def _answer(request: Request, text: str, kind: str) -> Response:
    content = text.encode()
    tag = f'"{blake2b(content, digest_size=12).hexdigest()}"'
    headers = {"cache-control": "no-cache", "etag": tag, "content-type": kind}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(content, headers=headers)
