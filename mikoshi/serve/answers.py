"""What the server answers to each entry of its table."""

from __future__ import annotations

import asyncio
import queue
from collections.abc import Callable
from typing import TypeVar

from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

from mikoshi.context.context import Context
from mikoshi.serve import views
from mikoshi.serve.api import Asked, Endpoint, NotThereError, Told
from mikoshi.serve.engine import INBOX, Engine, Given, NodeAwayError, fate_of
from mikoshi.serve.given_line import read_line
from mikoshi.serve.guards import Rate, TooOftenError
from mikoshi.serve.kept import Act, Kept, QueueFullError
from mikoshi.serve.models import (
    ActId,
    After,
    Before,
    DaoModel,
    FateModel,
    Health,
    LineModel,
    MemberId,
    MemberModel,
    Members,
    ProposalId,
    Proposals,
    WholeProposal,
)
from mikoshi.serve.refusal import recalled
from mikoshi.text.errors import BadInputError, MikoshiError
from mikoshi.text.json import Json
from mikoshi.text.language import N_, current

T = TypeVar("T", bound=BaseModel)

_PATIENCE = 20
"""Seconds in which an act has to be judged."""

_ACTS = (120, 2.0)
"""Acts that one address may give at once, and then a second: a hall behind one address may vote."""


class NoRelayError(BadInputError):
    """Thrown where nobody pays for acts."""

    def __init__(self) -> None:
        super().__init__(
            "serve.no-relay",
            N_("This server relays nothing"),
            N_("no account pays for it"),
            N_("Send the line to somebody who relays it"),
        )


class Handlers:
    """Handles each entry of the table."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
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
                FateModel,
                body=LineModel,
                statuses=(200, 202),
                refusals=(422, 500, 503),
            ),
            Endpoint(
                "GET",
                "/api/acts/{id}",
                "What became of an act.",
                self.fate,
                FateModel,
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

    async def health(self, _: Asked) -> Told:
        """The latest block, if the node answers."""
        if self._engine.away is not None:
            raise NodeAwayError
        store = self._engine.relaying and self._engine.relaying.store
        waiting = await run_in_threadpool(store.waiting) if store else 0
        found = self._read(
            lambda context: Health(block=context.rebuilt.block, time=context.now, waiting=waiting)
        )
        return 200, found

    async def dao(self, _: Asked) -> Told:
        """The DAO."""
        relays = self._engine.relaying is not None
        return 200, self._read(lambda context: views.dao(context, relays=relays))

    async def members(self, asked: Asked) -> Told:
        """A page of members."""
        return 200, self._read(lambda context: views.members(context, asked.query))

    async def member(self, asked: Asked) -> Told:
        """A member."""
        return 200, self._read(lambda context: views.member(context, asked.path.id))

    async def proposals(self, asked: Asked) -> Told:
        """A page of proposals."""
        return 200, self._read(lambda context: views.proposals(context, asked.query))

    async def proposal(self, asked: Asked) -> Told:
        """A proposal."""
        return 200, self._read(lambda context: views.proposal(context, asked.path.id, asked.query))

    # Acts

    async def fate(self, asked: Asked) -> Told:
        """What became of an act."""
        relaying = self._engine.relaying
        if relaying is None:
            raise NotThereError
        found = await run_in_threadpool(relaying.store.find, asked.path.id)
        if found is None:
            raise NotThereError
        return 200, told_of(found)

    async def give(self, asked: Asked) -> Told:
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
        given = Given(name, line, signed, current())
        try:
            self._engine.give(given)
            answer = await asyncio.wait_for(asyncio.wrap_future(given.answer), _PATIENCE)
        except queue.Full:
            raise QueueFullError(INBOX) from None
        except TimeoutError:
            raise NodeAwayError from None
        if isinstance(answer, MikoshiError):
            raise answer
        return answer


def told_of(act: Act) -> Json:
    """The fate of an act, and why it was refused."""
    told = fate_of(act)
    return told | ({"refusal": recalled(act.refusal, current())} if act.refusal else {})
