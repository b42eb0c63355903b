"""One table of what the server answers: it routes, it checks what comes in, and it is the OpenAPI."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic.json_schema import models_json_schema
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

import mikoshi
from mikoshi.serve.guards import language_of
from mikoshi.serve.models import Given, Refusal
from mikoshi.serve.refusal import said
from mikoshi.text.errors import BadInputError, MikoshiError
from mikoshi.text.json import Json
from mikoshi.text.language import Language, N_, speaking

LARGEST = 4_096
"""Bytes of a body."""

_SLOW = 10
"""Seconds in which a body has to be there."""

JSON = "application/json"
_OK, _BAD, _NONE, _LARGE, _OFTEN, _AWAY = 200, 400, 404, 413, 429, 503


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

    language: Language
    address: str
    path: Any = None
    query: Any = None
    body: Any = None


Handle = Callable[[Asked], Awaitable[tuple[int, BaseModel | Json]]]


@dataclass(frozen=True)
class Endpoint:
    """An entry of the table."""

    method: str
    at: str
    about: str
    handle: Handle
    answer: type[BaseModel]
    path: type[Given] | None = None
    query: type[Given] | None = None
    body: type[Given] | None = None
    statuses: Sequence[int] = (_OK,)
    refusals: Sequence[int] = field(default_factory=tuple)

    def refused(self) -> list[int]:
        """The statuses of its refusals."""
        own = {_OFTEN, *self.refusals}
        own |= {_BAD} if self.path or self.query or self.body else {_BAD}
        own |= {_LARGE} if self.body else set()
        return sorted(own)


def routes(table: Sequence[Endpoint], usual: Language) -> list[Route]:
    """What Starlette routes by."""
    return [Route(each.at, _answering(each, usual), methods=[each.method]) for each in table]


def _answering(endpoint: Endpoint, usual: Language) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        language = language_of(request.headers, usual)
        with speaking(language):
            try:
                asked = Asked(
                    language,
                    request.scope.get("mikoshi.address", ""),
                    _checked(endpoint.path, request.path_params),
                    _checked(endpoint.query, _once(request)),
                    await _body(endpoint, request),
                )
                status, told = await endpoint.handle(asked)
            except MikoshiError as error:
                return refusing(error)
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


def refusing(error: MikoshiError, status: int = 0) -> Response:
    """A refusal in the language spoken now."""
    found = status or _STATUSES.get(error.kind, _AWAY)
    content = json.dumps(said(error), ensure_ascii=False).encode()
    return Response(content, found, {"cache-control": "no-store"}, JSON)


_STATUSES = {
    "serve.asked-badly": _BAD,
    "serve.not-there": _NONE,
    "serve.too-large": _LARGE,
    "serve.too-often": _OFTEN,
    "serve.queue-full": _OFTEN,
    "serve.no-line": 422,
}


def _once(request: Request) -> dict[str, str]:
    pairs = request.query_params.multi_items()
    if len({name for name, _ in pairs}) < len(pairs):
        raise AskedBadlyError("a parameter is there twice")
    return dict(pairs)


def _checked(kind: type[Given] | None, values: Mapping[str, Any]) -> Given | None:
    if kind is None:
        if values:
            raise AskedBadlyError(", ".join(values)[:200])
        return None
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        raise _misread(error) from error


async def _body(endpoint: Endpoint, request: Request) -> Given | None:
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


def openapi(table: Sequence[Endpoint], name: str) -> Json:
    """The table as OpenAPI 3.1."""
    models: set[type[BaseModel]] = {Refusal, *(each.answer for each in table)}
    models |= {each.body for each in table if each.body}
    modes = [(each, "serialization") for each in sorted(models, key=lambda each: each.__name__)]
    refs, schemas = models_json_schema(modes, ref_template="#/components/schemas/{model}")  # type: ignore[arg-type]
    paths: dict[str, Json] = {}
    for each in table:
        told: dict[str, Json] = {
            "summary": each.about,
            "operationId": f"{each.method.lower()}{each.at}".replace("/", "-").strip("-{}"),
            "parameters": [*_parameters(each.path, "path"), *_parameters(each.query, "query")],
            "responses": {
                **{str(status): _content(refs, each.answer) for status in each.statuses},
                **{str(status): _content(refs, Refusal) for status in each.refused()},
            },
        }
        if each.body:
            told["requestBody"] = {"required": True, **_content(refs, each.body)}
            told["requestBody"].pop("description")
        paths.setdefault(each.at.replace(":path", ""), {})[each.method.lower()] = told
    return {
        "openapi": "3.1.0",
        "info": {"title": name, "version": mikoshi.__version__},
        "paths": paths,
        "components": {"schemas": schemas["$defs"]},
    }


def _content(refs: Mapping[Any, Json], model: type[BaseModel]) -> Json:
    schema = refs[model, "serialization"]
    return {
        "description": (model.__doc__ or "").split("\n")[0],
        "content": {JSON: {"schema": schema}},
    }


def _parameters(kind: type[Given] | None, place: str) -> list[Json]:
    if kind is None:
        return []
    schema = kind.model_json_schema()
    return [
        {"name": name, "in": place, "required": place == "path", "schema": each}
        for name, each in schema["properties"].items()
    ]
