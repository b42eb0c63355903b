"""One table of what the server answers: it routes, and checks what comes in; OpenAPI shows it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from pydantic import BaseModel, ValidationError
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from mikoshi.serve.models import Input
from mikoshi.serve.refusal import said
from mikoshi.text.errors import BadInputError, ChainError, MikoshiError, NotNowError
from mikoshi.text.json import Json
from mikoshi.text.language import N_

LARGEST = 4_096
"""Bytes of a body."""

_SLOW = 10
"""Seconds in which a body has to be there."""

JSON = "application/json"
_OK = 200


class AskedBadlyError(BadInputError):
    """Thrown for a request that is none of those in the table."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            "serve.asked-badly",
            N_("The request cannot be understood"),
            "{reason}",
            N_("/openapi.json says what can be asked"),
            reason=reason,
        )


class NotThereError(BadInputError):
    """Thrown where nothing is."""

    def __init__(self) -> None:
        super().__init__(
            "serve.not-there",
            N_("There is nothing here"),
            N_("no such act, member, proposal or page is known to this server"),
            N_("/openapi.json says what can be asked"),
        )


class NoMethodError(BadInputError):
    """Thrown where something is asked in a way that nobody answers."""

    def __init__(self) -> None:
        super().__init__(
            "serve.no-method",
            N_("That cannot be done here"),
            N_("the method is none of those that this address takes"),
            N_("/openapi.json says what can be asked"),
        )


class TooLargeError(BadInputError):
    """Thrown for a body that no act needs."""

    def __init__(self) -> None:
        super().__init__(
            "serve.too-large",
            N_("The request is too large"),
            N_("a line has at most {most} bytes"),
            N_("Send one line at a time"),
            most=LARGEST,
        )


@dataclass(frozen=True)
class Asked:
    """A request that was checked: values of its path, its query and its body."""

    address: str
    path: Any = None
    query: Any = None
    body: Any = None


Told = tuple[int, BaseModel | Json]
"""A status, and what is said."""

Handle = Callable[[Asked], Awaitable[Told]]


@dataclass(frozen=True)
class Endpoint:
    """An entry of the table."""

    method: str
    at: str
    about: str
    handle: Handle
    answer: type[BaseModel]
    path: type[Input] | None = None
    query: type[Input] | None = None
    body: type[Input] | None = None
    statuses: Sequence[int] = (_OK,)
    refusals: Sequence[int] = field(default_factory=tuple)

    def refused(self) -> list[int]:
        """The statuses of its refusals."""
        return sorted({400, 429, *self.refusals, *([413] if self.body else [])})


def routes(table: Sequence[Endpoint]) -> list[Route]:
    """What Starlette routes by."""
    return [Route(each.at, _answering(each), methods=[each.method]) for each in table]


def _answering(endpoint: Endpoint) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        asked = Asked(
            request.scope.get("mikoshi.address", ""),
            _checked(endpoint.path, request.path_params),
            _checked(endpoint.query, _once(request)),
            await _body(endpoint, request),
        )
        status, told = await endpoint.handle(asked)
        return answering(status, told, request.headers)

    return answer


def answering(status: int, told: BaseModel | Json, headers: Mapping[str, str]) -> Response:
    """An answer; nothing but its tag where whoever asks has it."""
    if isinstance(told, BaseModel):
        content = told.model_dump_json(by_alias=True).encode()
    else:
        content = json.dumps(told, ensure_ascii=False).encode()
    own = {"cache-control": "no-cache", "vary": "Accept-Language"}
    if status == _OK:
        own["etag"] = f'"{blake2b(content, digest_size=12).hexdigest()}"'
        if own["etag"] in headers.get("if-none-match", ""):
            return Response(status_code=304, headers=own)
    return Response(content, status, own, JSON)


def refusing(error: MikoshiError) -> Response:
    """A refusal in the language spoken now."""
    usual = next(status for kind, status in _CLASSES.items() if isinstance(error, kind))
    status = _STATUSES.get(error.kind, usual)
    content = json.dumps(said(error), ensure_ascii=False).encode()
    return Response(content, status, {"cache-control": "no-store"}, JSON)


_CLASSES: dict[type[MikoshiError], int] = {
    BadInputError: 400,
    NotNowError: 403,
    ChainError: 503,
    MikoshiError: 500,
}
_STATUSES = {
    "serve.not-there": 404,
    "serve.no-method": 405,
    "serve.too-large": 413,
    "serve.no-line": 422,
    "serve.too-often": 429,
    "serve.queue-full": 429,
    "serve.budget-spent": 429,
    "serve.sponsor-empty": 503,
    "serve.no-relay": 503,
}


def _once(request: Request) -> dict[str, str]:
    pairs = request.query_params.multi_items()
    if len({name for name, _ in pairs}) < len(pairs):
        raise AskedBadlyError("a parameter is there twice")
    return dict(pairs)


def _checked(kind: type[Input] | None, values: Mapping[str, Any]) -> Input | None:
    if kind is None:
        if values:
            raise AskedBadlyError(", ".join(values)[:200])
        return None
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        raise _misread(error) from error


async def _body(endpoint: Endpoint, request: Request) -> Input | None:
    if endpoint.body is None:
        return None
    content = b""
    try:
        async with asyncio.timeout(_SLOW):
            async for part in request.stream():
                content += part
                if len(content) > LARGEST:
                    raise TooLargeError
        return endpoint.body.model_validate_json(content)
    except (TimeoutError, ClientDisconnect) as error:
        raise AskedBadlyError("its end did not come") from error
    except ValidationError as error:
        raise _misread(error) from error


def _misread(error: ValidationError) -> AskedBadlyError:
    first = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(str(each) for each in first["loc"])
    return AskedBadlyError(f"{place}: {first['msg']}"[:200])
