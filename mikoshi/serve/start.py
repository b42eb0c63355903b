"""A server, made of a session and what was typed, and told in words before it serves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mikoshi.chain.networks import LOCAL_CHAINS
from mikoshi.context.context import open_record
from mikoshi.gate.routes import routes as gate_routes
from mikoshi.page.build import page_of
from mikoshi.page.settings import settings_of
from mikoshi.reminders.memory import Memory
from mikoshi.reminders.reminding import Reminding
from mikoshi.reminders.routes import routes as reminder_routes
from mikoshi.serve.app import Serving, app_of
from mikoshi.serve.engine import Engine
from mikoshi.serve.following import Follower
from mikoshi.serve.judging import Judging, Terms
from mikoshi.serve.mounted import bulletin_of, gate_of
from mikoshi.serve.relaying import Relaying
from mikoshi.serve.server import open_store
from mikoshi.serve.sponsor import require_signer
from mikoshi.text.errors import BadInputError
from mikoshi.text.language import N_, current

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from mikoshi.chain.accounts import Signer
    from mikoshi.cli.session import Session
    from mikoshi.reminders.hook import Hook
    from mikoshi.serve.store import ActStore

_LOCAL, _LIVE = 0.5, 4.0
"""Seconds between two looks at the chain."""


@dataclass
class Opened:
    """A server that is ready to serve."""

    engine: Engine
    app: Starlette
    store: ActStore | None
    reminding: Reminding

    def close(self) -> None:
        """End the threads, then what they used."""
        self.engine.stop()
        self.reminding.close()
        if self.store is not None:
            self.store.close()


def opened(
    session: Session,
    deployments: Path | None,
    account: Signer | None,
    terms: Terms,
    store: str | None,
    *,
    proxied: bool = False,
    origin: str = "http://localhost:8000",
    domain: str = "",
    hooks: Sequence[Hook] = (),
) -> Opened:
    """The server of the DAO of dao.toml, once it has read the chain.

    `origin` is where people find it, `domain` that of other hosts with the same gate, and `hooks`
    are the chats that are reminded.

    Raises BadInputError, ChainError and what reading raises.
    """
    manifest = open_record(session, deployments)
    treasury = manifest.addresses["treasury"]
    settings = settings_of(session, manifest, members_node(session), server="")
    page = page_of(settings)
    kept, relaying, follower = None, None, Follower(session, manifest)
    if account is not None:
        kept = open_store(store, session.chain_id, manifest.slug, treasury)
        relaying = Relaying(Judging(follower, kept, account, terms))
    pause = _LIVE if session.live else _LOCAL
    engine = Engine(follower, relaying, pause, current(), session.out.warn)
    reminding = Reminding(hooks, Memory.usual(session.config.source, manifest), session.out.warn)
    engine.each_look = reminding.look
    more = [
        *gate_routes(gate_of(session, manifest, engine, origin, domain)),
        *reminder_routes(lambda: bulletin_of(reminding)),
    ]
    engine.start()
    engine.looked.wait()
    serving = Serving(engine, page, manifest.name, current(), proxied, more)
    found = Opened(engine, app_of(serving), kept, reminding)
    if engine.away is not None:
        found.close()
        raise engine.away
    return found


def sponsor_of(session: Session) -> Signer | None:
    """The account that pays; on a local chain the first one if none is named.

    Raises BadInputError.
    """
    if session.options.account is None and session.chain_id not in LOCAL_CHAINS:
        return None
    if session.options.account is None:
        from mikoshi.chain.accounts import find_account

        return require_signer(find_account("TEST::0", session.rpc, local=True))
    return require_signer(session.sender.account)


def members_node(session: Session) -> str:
    """The node that members' browsers ask. Raises BadInputError where none is named."""
    if session.config.page.rpc:
        return session.config.page.rpc
    if not session.live and session.rpc.url.startswith("http"):
        return session.rpc.url.rstrip("/")
    raise BadInputError(
        "serve.no-node-for-members",
        N_("{name} does not say which node members' browsers ask"),
        N_("the page needs one that everybody may use: yours may be private"),
        N_('Name it in dao.toml: [page] rpc = "https://…"'),
        name=session.config.source.name,
    )
