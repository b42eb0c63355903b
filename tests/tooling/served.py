"""A server in this process, and what somebody asks it."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Self

import pytest

from mikoshi.ballots.line import to_line
from mikoshi.ballots.signed import Signed
from mikoshi.chain.accounts import Signer, key_file
from mikoshi.cli.options import Options
from mikoshi.cli.session import Session
from mikoshi.context.context import open_record
from mikoshi.serve.following import Follower
from mikoshi.serve.given_line import read_line
from mikoshi.serve.judging import Judging, Terms, Verdict
from mikoshi.serve.kept import Act
from mikoshi.serve.relaying import Relaying
from mikoshi.serve.server import listening, server_of
from mikoshi.serve.start import Opened, opened
from mikoshi.serve.store import ActStore
from mikoshi.text import clock
from mikoshi.text.json import Json
from tests.tooling.governed import Governed

GENEROUS = Terms(budget=10**9, member=10**9, ceiling=10**12, full=100, patience=0)
PAGE = '[page]\nrpc = "https://rpc.example.org"\n'


@dataclass
class Answered:
    """An answer."""

    status: int
    headers: dict[str, str]
    content: bytes

    @property
    def json(self) -> Json:
        return json.loads(self.content)


@dataclass
class Served:
    """A running server."""

    port: int
    opened: Opened = field(repr=False)

    def ask(self, method: str, at: str, body: Json = None, **headers: str) -> Answered:
        """One request on a connection of its own."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            content = body if isinstance(body, bytes) else body and json.dumps(body).encode()
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            line.request(method, at, content or None, named)
            answer = line.getresponse()
            found = {name.lower(): value for name, value in answer.getheaders()}
            return Answered(answer.status, found, answer.read())
        finally:
            line.close()

    def get(self, at: str, **headers: str) -> Answered:
        return self.ask("GET", at, **headers)

    def give(self, act: Signed | str, **headers: str) -> Answered:
        """Give a signed act to the relay."""
        line = act if isinstance(act, str) else to_line(act)
        return self.ask("POST", "/api/acts", {"line": line}, **headers)

    def fate(self, act: str) -> Json:
        return self.get(f"/api/acts/{act}").json

    def until(self, act: str, fate: str) -> Json:
        """What is told of an act once it has this fate."""
        return eventually(lambda: told if (told := self.fate(act))["fate"] == fate else None)


def _unlocked(governed: Governed, alias: str) -> Signer:
    keys = governed.place.keys
    account = key_file(keys.path(alias), keys.accounts[alias].address)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(f"APE_ACCOUNTS_{alias}_PASSPHRASE", "pw")
        account.unlock()
    return account


def eventually(look: Callable[[], Any]) -> Any:
    """What a look finds, once it finds something; it is no measure of speed."""
    for _ in range(1_200):
        if found := look():
            return found
        time.sleep(0.05)
    raise AssertionError("it never came")


@contextmanager
def serving(
    governed: Governed,
    terms: Terms = GENEROUS,
    store: str | None = None,
    payer: str | None = "alice",
    url: str = "",
    **more: Any,
) -> Iterator[Served]:
    """A server of a DAO that `payer` pays for."""
    governed.place.write(more=PAGE)
    options = Options(str(governed.place.toml), url or governed.rpc.url, lang="en")
    session = Session(options)
    account: Signer | None = None
    if payer is not None:
        account = _unlocked(governed, payer)
    kept = store or str(governed.folder / "acts.sqlite")
    found = opened(session, governed.place.records, account, terms, kept, **more)
    found.engine._pause = 0.1
    with listening("127.0.0.1", 0) as socket:
        server = server_of(found.app)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [socket]}, daemon=True)
        thread.start()
        try:
            eventually(lambda: server.started)
            yield Served(socket.getsockname()[1], found)
        finally:
            server.should_exit = True
            thread.join()
            found.close()
            session.close()


class Relayer:
    """What a server does with acts, step by step and without one; as another one on its store."""

    def __init__(
        self, governed: Governed, store: ActStore, terms: Terms = GENEROUS, payer: str = "alice"
    ) -> None:
        governed.place.write(more=PAGE)
        self.session = Session(Options(str(governed.place.toml), governed.rpc.url, lang="en"))
        manifest = open_record(self.session, governed.place.records)
        account = _unlocked(governed, payer)
        self.address = account.address
        self.store = store
        self.follower = Follower(self.session, manifest)
        self.judging = Judging(self.follower, store, account, terms)
        self.relaying = Relaying(self.judging)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.follower.close()
        self.session.close()

    def judge(self, *acts: Signed) -> list[Verdict]:
        """What is said of acts that are given together."""
        self.follower.renew()
        given = {(read := read_line(to_line(each)))[0]: read[1:] for each in acts}
        return [*self.judging.judge(given).values()]

    def give(self, *acts: Signed) -> list[str]:
        """The ids of acts that are kept."""
        kept = self.judge(*acts)
        assert all(isinstance(each, Act) for each in kept), kept
        return [each.id for each in kept if isinstance(each, Act)]

    def round(self, *, later: int = 0) -> None:
        """One look at the chain and one at what waits, so many seconds from now."""
        self.follower.renew()
        with clock.at(clock.now() + later):
            self.relaying.round()

    def ends(self, *acts: str) -> list[str]:
        """What became of acts, once none of them is on its way: a node mines when it likes."""

        def look() -> list[str]:
            self.round()
            found = self.fates(*acts)
            return [] if "sent" in found else found

        found: list[str] = eventually(look)
        return found

    def fates(self, *acts: str) -> list[str]:
        return [found.fate.value for each in acts if (found := self.store.find(each))]

    def refusal(self, act: str) -> str:
        """The kind of why an act was refused."""
        found = self.store.find(act)
        assert found is not None
        return str(json.loads(found.refusal)["en"]["kind"])
