"""The server's answers: the page, the DAO, and acts that are given to the relay."""

from __future__ import annotations

import asyncio
import queue
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from eth_utils.crypto import keccak
from pydantic import BaseModel
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Scope

from mikoshi.ballots.file import FileError
from mikoshi.ballots.line import ALPHABET, MARK, lines_in, to_line
from mikoshi.ballots.signed import Signed
from mikoshi.context.context import Context
from mikoshi.serve import views
from mikoshi.serve.api import (
    AskedBadlyError,
    Asked,
    Endpoint,
    NotThereError,
    openapi,
    refusing,
    routes,
)
from mikoshi.serve.engine import INBOX, Answer, Engine, Given, NodeAwayError, fate_of
from mikoshi.serve.guards import Guards, Rate, TooOftenError, language_of
from mikoshi.serve.kept import Act, Kept, QueueFullError, StoreLostError
from mikoshi.serve.models import (
    ActId,
    After,
    Before,
    DaoModel,
    Fate,
    Health,
    Line,
    MemberId,
    MemberModel,
    Members,
    ProposalId,
    Proposals,
    WholeProposal,
)
from mikoshi.serve.refusal import recalled, said
from mikoshi.text.errors import BadInputError, MikoshiError
from mikoshi.text.json import Json
from mikoshi.text.language import Language, N_, speaking

T = TypeVar("T", bound=BaseModel)

_PATIENCE = 20
"""Seconds in which an act has to be judged."""

_ACTS = (120, 2.0)
"""Acts that one address may give at once, and then a second: a hall behind one address may vote."""


class NoLineError(BadInputError):
    """Thrown for a text without a line that somebody signed."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            "serve.no-line",
            N_("There is no signed act in what was sent"),
            "{reason}",
            N_("Send the whole line, which begins with {mark}"),
            reason=reason,
            mark=MARK,
        )


class NoRelayError(BadInputError):
    """Thrown where nobody pays for acts."""

    def __init__(self) -> None:
        super().__init__(
            "serve.no-relay",
            N_("This server relays nothing"),
            N_("no account pays for it"),
            N_("Send the line to somebody who relays it"),
        )


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
    answers = Answers(serving)
    table = answers.table()

    async def page(request: Request) -> Response:
        if request.url.hostname in ("127.0.0.1", "::1"):  # no passkey is for an address in digits
            return RedirectResponse(request.url.replace(hostname="localhost"))
        return Response(serving.page, headers=page_headers(serving.page), media_type="text/html")

    async def told(request: Request) -> Response:
        from mikoshi.serve.api import answering

        return answering(200, openapi(table, serving.name), request.headers)

    def refuse(error: MikoshiError, scope: Scope) -> ASGIApp:
        headers = dict(Request(scope).headers)
        with speaking(language_of(headers, serving.language)):
            return refusing(error)

    async def missing(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        headers = dict(getattr(error, "headers", None) or {})
        with speaking(language_of(request.headers, serving.language)):
            found = refusing(NotThereError() if status == 404 else AskedBadlyError(""), status)
        found.headers.update(headers)
        return found

    own = [Route("/", page), Route("/openapi.json", told)]
    return Starlette(
        routes=[*own, *routes(table, serving.language), *serving.more],
        middleware=[Middleware(Guards, refuse, proxied=serving.proxied)],
        exception_handlers={HTTPException: missing},
    )


def page_headers(page: str) -> dict[str, str]:
    """The page's own policy as a header, which alone can say who may frame it."""
    found = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    policy = found[1] if found else "default-src 'none'"
    return {
        "content-security-policy": f"{policy}; frame-ancestors 'none'",
        "permissions-policy": "publickey-credentials-get=(self), publickey-credentials-create=(self)",
        "cache-control": "no-cache",
    }


class Answers:
    """Handles each entry of the table."""

    def __init__(self, serving: Serving) -> None:
        self._engine = serving.engine
        self._rate = Rate(*_ACTS)

    def table(self) -> list[Endpoint]:
        """What can be asked."""
        return [
            Endpoint(
                "GET",
                "/health",
                "Whether the server sees its chain.",
                self.health,
                Health,
                refusals=(503,),
            ),
            Endpoint("GET", "/api/dao", "The DAO.", self.dao, DaoModel, refusals=(503,)),
            Endpoint(
                "GET",
                "/api/members",
                "Members.",
                self.members,
                Members,
                query=After,
                refusals=(503,),
            ),
            Endpoint(
                "GET",
                "/api/members/{id}",
                "A member.",
                self.member,
                MemberModel,
                path=MemberId,
                refusals=(404, 503),
            ),
            Endpoint(
                "GET",
                "/api/proposals",
                "Proposals, the latest first.",
                self.proposals,
                Proposals,
                query=Before,
                refusals=(503,),
            ),
            Endpoint(
                "GET",
                "/api/proposals/{id}",
                "A proposal, and a page of its ballots.",
                self.proposal,
                WholeProposal,
                path=ProposalId,
                query=After,
                refusals=(404, 503),
            ),
            Endpoint(
                "POST",
                "/api/acts",
                "Have a signed act sent.",
                self.give,
                Fate,
                body=Line,
                statuses=(200, 202),
                refusals=(422, 500, 503),
            ),
            Endpoint(
                "GET",
                "/api/acts/{id}",
                "What became of an act.",
                self.fate,
                Fate,
                path=ActId,
                refusals=(404, 503),
            ),
        ]

    # Reading

    def _read(self, read: Callable[[Context], T | None]) -> T:
        """What is read of the DAO in memory."""
        follower = self._engine.follower
        if follower.context is None:
            raise NodeAwayError
        with follower.lock:
            found = read(follower.context)
        if found is None:
            raise NotThereError
        return found

    async def health(self, _: Asked) -> Answer:
        """The latest block, if the node answers."""
        if self._engine.away is not None:
            raise NodeAwayError
        store = self._engine.relaying and self._engine.relaying.store
        waiting = await run_in_threadpool(store.waiting) if store else 0
        found = self._read(
            lambda context: Health(block=context.rebuilt.block, time=context.now, waiting=waiting)
        )
        return 200, found

    async def dao(self, _: Asked) -> Answer:
        """The DAO."""
        relays = self._engine.relaying is not None
        return 200, self._read(lambda context: views.dao(context, relays=relays))

    async def members(self, asked: Asked) -> Answer:
        """A page of members."""
        return 200, self._read(lambda context: views.members(context, asked.query))

    async def member(self, asked: Asked) -> Answer:
        """A member."""
        return 200, self._read(lambda context: views.member(context, asked.path.id))

    async def proposals(self, asked: Asked) -> Answer:
        """A page of proposals."""
        return 200, self._read(lambda context: views.proposals(context, asked.query))

    async def proposal(self, asked: Asked) -> Answer:
        """A proposal."""
        return 200, self._read(lambda context: views.proposal(context, asked.path.id, asked.query))

    # Acts

    async def fate(self, asked: Asked) -> Answer:
        """What became of an act."""
        relaying = self._engine.relaying
        if relaying is None:
            raise NotThereError
        found = await run_in_threadpool(relaying.store.find, asked.path.id)
        if found is None:
            raise NotThereError
        return 200, told_of(found, asked.language)

    async def give(self, asked: Asked) -> Answer:
        """Have an act judged and kept."""
        relaying = self._engine.relaying
        if relaying is None:
            raise NoRelayError
        if wait := self._rate.take(asked.address):
            raise TooOftenError(wait)
        name, line, signed = await run_in_threadpool(read_line, asked.body.line)
        known = await run_in_threadpool(relaying.store.find, name)
        if known and known.fate is not Kept.REFUSED:
            return 200 if known.fate is Kept.COUNTED else 202, fate_of(known)
        if self._engine.away is not None:
            raise NodeAwayError
        given = Given(name, line, signed, asked.language)
        try:
            self._engine.give(given)
            return await asyncio.wait_for(asyncio.wrap_future(given.answer), _PATIENCE)
        except queue.Full:
            raise QueueFullError(INBOX) from None
        except TimeoutError:
            raise NodeAwayError from None


def told_of(act: Act, language: Language) -> Json:
    """The fate of an act, and why it was refused."""
    told = fate_of(act)
    return told | ({"refusal": recalled(act.refusal, language)} if act.refusal else {})


def read_line(text: str) -> tuple[str, str, Signed]:
    """The id, the line itself and what it says, of a text with one signed act.

    Raises NoLineError.
    """
    found = [each for _, each in lines_in(text)]
    signed = next((each for each in found if isinstance(each, Signed)), None)
    if signed is None or len(found) > 1:
        problem = next((each for each in found if isinstance(each, FileError)), None)
        raise NoLineError(str(problem) if problem else f"{len(found)}")
    line = to_line(signed)
    number = 0
    for digit in line[len(MARK) + 2 :]:
        number = number * 58 + ALPHABET.index(digit)
    content = number.to_bytes((number.bit_length() + 7) // 8)[:-4]
    return f"0x{keccak(content).hex()}", line, signed
