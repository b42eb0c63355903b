"""Where a server asks who somebody is, and tells a reverse proxy whether they may pass."""

from __future__ import annotations

import asyncio

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from mikoshi.gate.gate import Gate, NotAdmittedError
from mikoshi.gate.message import LARGEST, NoMessageError
from mikoshi.gate.nonces import LASTS
from mikoshi.text.clock import moment_text
from mikoshi.text.language import N_

_SLOW = 10  # seconds in which a body has to be there
_FRESH = {"cache-control": "no-store"}


class SignInBody(BaseModel):
    """What the page sends."""

    model_config = ConfigDict(extra="forbid", strict=True)

    message: str = Field(max_length=LARGEST)
    signature: str = Field(pattern=r"^0x([0-9a-fA-F]{2}){1,2048}$")


def routes(gate: Gate) -> list[Route]:
    """The routes of a gate. What they raise is for the server to tell."""

    async def nonce(_: Request) -> Response:
        now = gate.now()
        told = {
            "nonce": gate.nonces.give(),
            "issuedAt": moment_text(now),
            "expirationTime": moment_text(now + LASTS),
        }
        return JSONResponse(told, headers=_FRESH)

    async def session(request: Request) -> Response:
        given = await _given(request, gate.origin)
        signature = bytes.fromhex(given.signature[2:])
        member, cookie = await run_in_threadpool(gate.enter, given.message, signature)
        headers = _FRESH | {"set-cookie": gate.cookies.header(cookie)}
        return JSONResponse({"member": member}, headers=headers)

    async def passing(request: Request) -> Response:
        member = gate.passes(request.cookies.get(gate.cookies.name, ""))
        return Response(headers=_FRESH | {"x-mikoshi-member": str(member)})

    return [
        Route("/api/gate/nonce", nonce),
        Route("/api/gate/session", session, methods=["POST"]),
        Route("/gate", passing),
    ]


async def _given(request: Request, origin: str) -> SignInBody:
    """The body, from this very page. Raises NotAdmittedError and NoMessageError."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json" or request.headers.get("origin", origin) != origin:
        raise NotAdmittedError("gate.by-another-page", N_("another page than this one asks"))
    content = b""
    try:
        async with asyncio.timeout(_SLOW):
            async for part in request.stream():
                content += part
                if len(content) > 4 * LARGEST:
                    raise NoMessageError
        return SignInBody.model_validate_json(content)
    except (TimeoutError, ClientDisconnect, ValidationError) as error:
        raise NoMessageError from error
