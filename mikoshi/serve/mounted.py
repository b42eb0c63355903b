"""The gate and the reminders of a server, made of what it knows of its DAO."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from mikoshi.ballots.signed import answers_for, text_digest
from mikoshi.chain.rpc import Rpc, RpcError, UnreachableError
from mikoshi.gate.cookie import Cookies, secret_in
from mikoshi.gate.gate import Gate
from mikoshi.gate.nonces import Nonces
from mikoshi.serve.engine import Engine, NodeAwayError
from mikoshi.text.errors import BadInputError
from mikoshi.text.language import N_

if TYPE_CHECKING:
    from mikoshi.cli.session import Session
    from mikoshi.core.manifest import Manifest
    from mikoshi.reminders.bulletin import Bulletin
    from mikoshi.reminders.reminding import Reminding

_PATIENCE = 5.0
"""Seconds in which a node has to say whether an account answers for a signature."""


def gate_of(
    session: Session, manifest: Manifest, engine: Engine, origin: str, domain: str = ""
) -> Gate:
    """The gate of a DAO at an origin, and for the hosts under a domain that it lies in.

    Raises BadInputError where it does not, and where the secret cannot be kept.
    """
    host = urlsplit(origin).hostname or ""
    if domain and not (host.endswith(f".{domain}") and "." in domain):
        raise BadInputError(
            "gate.foreign-domain",
            N_("--gate-domain must be what the page's host ends with, got {domain}"),
            N_("the page is at {host}, and browsers keep its cookies for no other domain"),
            N_("Name the part behind the first point, such as example.org for dao.example.org"),
            domain=domain,
            host=host,
        )
    secret = secret_in(session.config.source.parent / ".mikoshi")
    scope = f"{manifest.chain_id}|{manifest.addresses['treasury']}|{origin}"
    cookies = Cookies(secret, scope, origin.startswith("https:"), domain)
    url, settings = session.rpc.url, session.rpc.settings

    def answers(wallet: str, text: str, signature: bytes) -> bool:
        try:
            with Rpc(url, _PATIENCE, settings) as rpc:  # the engine's is of one thread
                rpc.patient = False
                return answers_for(rpc, wallet, text_digest(text), signature)
        except (RpcError, UnreachableError) as error:
            raise NodeAwayError from error

    return Gate(origin, manifest.chain_id, cookies, Nonces(), engine.fresh, answers)


def bulletin_of(reminding: Reminding) -> Bulletin:
    """What is due. Raises NodeAwayError before anything was looked at."""
    if reminding.bulletin is None:
        raise NodeAwayError
    return reminding.bulletin
