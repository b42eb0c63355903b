"""The server's application: the page, the table, what is mounted beside them, and guards."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from mikoshi.serve.answers import Handlers
from mikoshi.serve.api import (
    NoMethodError,
    NotThereError,
    answering,
    refusing,
    routes,
)
from mikoshi.serve.engine import Engine
from mikoshi.serve.guards import Guards
from mikoshi.serve.openapi import openapi
from mikoshi.text.errors import MikoshiError
from mikoshi.text.language import Language


@dataclass(frozen=True)
class Serving:
    """What the answers are made of; `language` is that of who asks for none."""

    engine: Engine
    page: str
    name: str
    language: Language
    proxied: bool = False
    more: Sequence[BaseRoute] = ()


def app_of(serving: Serving) -> Starlette:
    """The application."""
    table = Handlers(serving.engine).table()

    async def page(request: Request) -> Response:
        if request.url.hostname in ("127.0.0.1", "::1"):  # no passkey is for an address in digits
            return RedirectResponse(request.url.replace(hostname="localhost"))
        return Response(serving.page, headers=page_headers(serving.page), media_type="text/html")

    async def told(request: Request) -> Response:
        return answering(200, openapi(table, serving.name), request.headers)

    own = [Route("/", page), Route("/openapi.json", told)]
    return Starlette(
        routes=[*own, *routes(table), *serving.more],
        middleware=[Middleware(Guards, refusing, serving.language, proxied=serving.proxied)],
        exception_handlers={HTTPException: _missed, MikoshiError: _refused},
    )


async def _refused(_: Request, error: Exception) -> Response:
    assert isinstance(error, MikoshiError)
    return refusing(error)


async def _missed(_: Request, error: Exception) -> Response:
    """An address or a method that nobody answers."""
    assert isinstance(error, HTTPException)
    found = refusing(NotThereError() if error.status_code == 404 else NoMethodError())
    found.headers.update(error.headers or {})
    return found


def page_headers(page: str) -> dict[str, str]:
    """The page's own policy as a header, which alone can say who may frame it."""
    found = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    policy = found[1] if found else "default-src 'none'"
    return {
        "content-security-policy": f"{policy}; frame-ancestors 'none'",
        "cache-control": "no-cache",
    }
