"""The page of one DAO: the one file that `web/` becomes, with the DAO's settings and policy."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from mikoshi.text.errors import BadInputError
from mikoshi.text.language import N_
from mikoshi.text.people import quoted

PAGE = Path(__file__).with_name("page.html")
"""The page of no DAO in particular, which `make page` builds."""

SAME_SERVER = "/"
"""What the address of a node begins with that is asked through the page's own server."""

_LOCAL = ("localhost", "127.0.0.1")


def page_of(settings: Mapping[str, str], page: Path = PAGE) -> str:
    """The page with `settings`: `rpc`, `treasury`, `dao`, and `server` where one relays.

    It may ask that node, that server (its own, if empty) and nobody else.

    Raises BadInputError.
    """
    try:
        html = page.read_text("utf-8")
    except OSError as error:
        raise BadInputError(
            "page.not-built",
            N_("The page is not built"),
            N_("{path} does not exist"),
            N_("Run `make page` in a checkout of Mikoshi"),
            path=page.name,
        ) from error
    told = json.dumps(settings).replace("<", "\\u003c")
    asked = [_origin(settings["rpc"])]
    if "server" in settings:
        asked.append(_origin(settings["server"] or SAME_SERVER))
    allowed = " ".join(dict.fromkeys(asked))
    html = re.sub("connect-src [^;]*", f"connect-src {allowed}", html, count=1)
    return html.replace('id="settings">{}<', f'id="settings">{told}<', 1)


def _origin(node: str) -> str:
    """What a policy calls a node. Raises BadInputError."""
    if re.fullmatch(r"/(?!/)[\w./-]*", node):
        return "'self'"
    try:
        parts = urlsplit(node)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port, parts = "", None, urlsplit("")
    plain = re.fullmatch(r"[a-z0-9.-]+", host) and re.fullmatch(r"[!-~]+", node)
    if not plain or (parts.scheme != "https" and (parts.scheme, host in _LOCAL) != ("http", True)):
        raise BadInputError(
            "page.no-node",
            N_("{node} is no node that a page can ask"),
            N_("members' browsers ask by https, or on this computer by http"),
            N_("Name one with --rpc https://…, or /path for one behind the page's own server"),
            node=quoted(node),
        )
    return f"{parts.scheme}://{host}" + (f":{port}" if port else "")


def proposal_link(page: str, chain_id: int, governor: str, proposal: int) -> str:
    """Where the page at the address `page` shows a proposal."""
    return f"{page.partition('#')[0]}#decide/{chain_id}/{governor}/{proposal:#x}"
