"""Commands killed at any moment and run again; `make soak` does it more often than `make test`.

A command is killed from within, at the n-th thing that it does outside itself: a request, a file
opened for writing, renamed or deleted, or some steps of SQLite; so that a moment depends on what
was done and not on how fast. How many there are is counted in a run that nobody disturbs, which
also says what has to be on the chain in the end, and how many transactions that takes.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import shutil
import signal
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from eth_account.signers.local import LocalAccount

from mikoshi.ballots.file import to_json, write_new
from mikoshi.chain.node import DevRpc, Node
from mikoshi.core.manifest import Manifest
from mikoshi.testing.community import FOR, person
from mikoshi.text.paths import ROOT
from mikoshi.text.units import DAY
from tests.tooling.deploying import creations
from tests.tooling.governed import PAY, Governed
from tests.tooling.indexing import dump
from tests.tooling.live import NODE, Place, deployer, fund, typed_here, write_members

RESULT = ROOT / "benchmarks" / "killed.json"
OFTEN = 20
INDEX_OFTEN = 50

_PRELOADED = (
    "ape_accounts",
    "ape_ethereum.transactions",
    "mikoshi.deploy.perform",
    "mikoshi.simulate.run",
    "mikoshi.status.submit",
    "mikoshi.voting.relay",
    "mikoshi.voting.standing",
    "rich.table",
)
"""What takes long to import, once for all."""

_STEPS = 25
"""Steps of SQLite's machine that count as one thing done."""

_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_STEWARD = f"""
[steward]
wallet = "{person(1).address}"
members_per_epoch = 250
"""


class Progress:
    """What a process has done outside itself so far; at the `fatal` thing it is killed."""

    def __init__(self, fatal: int) -> None:
        self.fatal, self.done = fatal, 0
        self.sends = 0
        """The number of the first thing that is a transaction; 0 if none was."""

    def watch(self) -> None:
        """Count from now on. For a process that does nothing else afterwards."""
        sys.addaudithook(self._hear)
        connect = sqlite3.connect

        def watched(*args: Any, **options: Any) -> sqlite3.Connection:
            connection: sqlite3.Connection = connect(*args, **options)
            connection.set_progress_handler(self.step, _STEPS)
            return connection

        vars(sqlite3)["connect"] = watched

    def _hear(self, event: str, args: tuple[Any, ...]) -> None:
        writes = event == "open" and isinstance(args[2], int) and bool(args[2] & _WRITES)
        if writes or event in ("http.client.send", "os.rename", "os.remove", "os.mkdir"):
            self.step()
        if event == "http.client.send" and b"eth_sendRaw" in args[1]:
            self.sends = self.sends or self.done

    def step(self) -> None:
        """One more thing done."""
        self.done += 1
        if self.done == self.fatal:
            os.kill(os.getpid(), signal.SIGKILL)


@dataclass(frozen=True)
class Ran:
    """What became of a command; -9 where it was killed."""

    code: int
    done: int = 0
    sends: int = 0
    stdout: str = ""
    stderr: str = ""


def _work(
    told: Connection, words: Sequence[str], environment: Mapping[str, str], fatal: int
) -> None:
    progress = Progress(fatal)
    progress.watch()
    result = typed_here(words, environment)
    told.send(Ran(result.exit_code, progress.done, progress.sends, result.stdout, result.stderr))


def ran(words: Sequence[str], environment: Mapping[str, str], fatal: int = 0) -> Ran:
    """A command in a process of its own, killed at the `fatal` thing that it does."""
    fork = multiprocessing.get_context("forkserver")
    fork.set_forkserver_preload([__name__, *_PRELOADED])
    ours, theirs = fork.Pipe(duplex=False)
    process = fork.Process(target=_work, args=(theirs, words, environment, fatal))
    process.start()
    theirs.close()
    try:
        told: Ran = ours.recv()
    except EOFError:
        process.join()
        return Ran(process.exitcode or 0)
    process.join()
    return told


@dataclass(frozen=True)
class Killed:
    """A command in a folder; `sender` pays, and `state` is what it is to bring about."""

    words: Sequence[str]
    folder: Path
    rpc: DevRpc
    alias: str
    sender: LocalAccount
    state: Callable[[Path], Any]

    def run(self, folder: Path, fatal: int = 0) -> Ran:
        """Once, in a copy of the folder."""
        options = ["--config", str(folder / "dao.toml"), "--network", self.rpc.url, "--lang", "en"]
        options += ["--json", *(["--account", self.alias, "--yes"] if self.alias else [])]
        environment = {
            "APE_DATA_FOLDER": str(folder / ".ape"),
            f"APE_ACCOUNTS_{self.alias}_PASSPHRASE": "pw",
            "MIKOSHI_DEPLOYMENTS": str(folder / "deployments"),
            "MIKOSHI_INDEX": str(folder / "index"),
            "MIKOSHI_PROPOSALS": str(folder / "proposals"),
        }
        words = [word.replace(str(self.folder), str(folder)) for word in self.words]
        return ran([*words, *options], environment, fatal)

    @contextmanager
    def afresh(self, *, slow: bool = False) -> Iterator[Path]:
        """A copy of the folder; what is done inside is undone on the chain.

        Where it is `slow`, what is sent waits for the next second to be mined.
        """
        with self.rpc.isolate(), tempfile.TemporaryDirectory() as place:
            folder = Path(place) / "dao"
            shutil.copytree(self.folder, folder)
            if not slow:
                yield folder
                return
            self.rpc.call("evm_setIntervalMining", 1)
            try:
                yield folder
            finally:
                self.rpc.call("evm_setIntervalMining", 0)
                self.rpc.call("evm_setAutomine", True)

    def sent(self) -> int:
        """How many transactions there are of who pays, mined or not."""
        count = self.rpc.call("eth_getTransactionCount", self.sender.address, "pending")
        return int(count, 16)

    def play(self, moments: int, seed: int, slow: int = 0) -> dict[str, int]:
        """Kill it at so many moments, each time from the start; every second one after it sends.

        In every `slow` one, what it sends waits to be mined. Raises AssertionError where running it
        again does not complete it.
        """
        before = self.sent()
        with self.afresh() as folder:
            whole = self.run(folder)
            assert whole.code == 0, whole
            wanted, needed = self.state(folder), self.sent() - before
        chance, killed, between = random.Random(f"{seed} {self.words}"), 0, 0
        for number in range(moments):
            fatal = chance.randint(whole.sends + 1 if number % 2 else 1, whole.done)
            waits = bool(slow) and number % slow == slow - 1
            with self.afresh(slow=waits) as folder:
                first = self.run(folder, fatal)
                sent = self.sent() - before
                again = self.run(folder)
                told = self.words[:2], seed, fatal, sent, again
                assert first.code in (0, -signal.SIGKILL), first
                self._require_said(again, sent, told)
                assert (sent <= needed, self.sent() - before) == (True, needed), told
                assert self.state(folder) == wanted, (told, self.state(folder), wanted)
            killed += first.code == -signal.SIGKILL
            between += sent > 0
        return {"moments": moments, "killed": killed, "after_sending": between, "of": whole.done}

    def _require_said(self, again: Ran, sent: int, told: Any) -> None:
        """The second run completes it, and says what the first one has sent."""
        said, final = json.loads(again.stdout), self.words[0] == "vote" and sent
        assert (again.code == 0) != bool(final), told
        if final:
            assert said["error"]["kind"] == "ballot.already-cast", told
        elif self.words[0] in _SAID:
            assert bool(_SAID[self.words[0]](said)) == bool(sent), told


_SAID: dict[str, Callable[[Any], Any]] = {
    "cancel": lambda said: said["transaction"] and not said["sent"],
    "delegate": lambda said: said["transaction"] is None,
    "enforce": lambda said: said["transaction"] and not said["waiting"],
    "deploy": lambda said: said["plan"]["shared_present"] or said["plan"]["created"],
    "execute": lambda said: said["transaction"] and not said["sent"],
    "members": lambda said: len(said["present"]),
    "proposal": lambda said: said["transaction"] and not said["sent"],
    "relay": lambda said: said["done"],
    "exit": lambda said: said["transaction"] is None,
    "lapse": lambda said: not said["transactions"],
    "rejoin": lambda said: said["transaction"] is None,
    "rest": lambda said: said["transaction"] is None,
    "wake": lambda said: said["transaction"] is None,
}
"""What a run says of what was sent before it."""


# The commands


def deployment(rpc: DevRpc, folder: Path) -> Killed:
    """A DAO is created, on a chain that has nothing of it."""
    place = Place(folder)
    fund(rpc, deployer().address)

    def state(at: Path) -> Any:
        manifest = Manifest.load(Manifest.path(place.chain_id, "pm-dao", at / "deployments"))
        there = rpc.code(manifest.addresses["treasury"])
        pending = Manifest.pending_path(place.chain_id, "pm-dao", at / "deployments")
        made = "create" in manifest.transactions
        return creations(rpc), bool(there), pending.exists(), made

    return Killed(["deploy"], folder, rpc, "alice", deployer(), state)


class KilledDao:
    """A DAO of five in a folder, and each command in a state in which it has something to do."""

    def __init__(self, rpc: DevRpc, folder: Path) -> None:
        fund(rpc, deployer().address)
        self.rpc, self.folder = rpc, folder
        self.governed = Governed.found(
            Place(folder, more=_STEWARD, accept=("public-keys", "large-steward-cap")), rpc
        )

    def command(self, name: str) -> Killed:
        """Everything set up for a command of this name."""
        words: list[str] = getattr(self, f"_{name}")()
        alias = "" if name == "index" else "p1"
        state = self._index_of if name == "index" else self._state
        return Killed(words, self.folder, self.rpc, alias, person(1), state)

    def _index_of(self, folder: Path) -> list[str]:
        (path,) = (folder / "index").rglob("*.sqlite")
        return dump(path)

    def _state(self, folder: Path) -> Any:
        """What the DAO is, without times."""
        dao, treasury = self.governed.dao, self.governed.dao.treasury_address
        people = [self.governed.standing(number) for number in range(1, 6)]
        delegates = [
            dao.membership.call("delegates", person(number).address) for number in range(1, 6)
        ]
        proposals = [
            (dao.governor.call("state", each), dao.governor.call("proposalTurnout", each))
            for each in self._proposals()
        ]
        census, balance = dao.membership.call("census"), self.rpc.balance(treasury)
        records = sorted(each.name for each in (folder / "proposals").rglob("[0-9]*.json"))
        return census[:2], people, delegates, proposals, balance, records

    def _proposals(self) -> list[int]:
        governor = self.governed.dao.governor
        logs = self.rpc.call("eth_getLogs", {"fromBlock": "0x0", "address": governor.address})
        events = governor.events(logs)
        return [each.args["proposalId"] for each in events if each.name == "ProposalCreated"]

    def _admit(self) -> list[str]:
        file = write_members(self.folder / "more.csv", range(6, 111))  # two transactions
        return ["members", "admit", str(file)]

    def _submit(self) -> list[str]:
        (self.folder / "001.toml").write_text(PAY)
        return ["proposal", "submit", str(self.folder / "001.toml")]

    def _relay(self) -> list[str]:
        first, second = (self.governed.propose(each, by=2).id for each in ("Bread", "Tea"))
        self.governed.open_voting(second)
        world, folder = self.governed.community, self.folder / "ballots"
        folder.mkdir()
        for proposal in (first, second):
            for number in (3, 4):
                signed = world.sign(
                    number, "MemberBallot", proposalId=proposal, support=FOR, deadline=2**40 - 1
                )
                write_new(folder / f"{number}-{proposal}.ballot", to_json(signed))
        signed = world.sign(5, "Delegate", nonce=0, delegatee=person(2).address)
        write_new(folder / "5.ballot", to_json(signed))
        return ["relay", str(folder)]

    def _execute(self) -> list[str]:
        draft = self.governed.propose(by=2)
        self.governed.pass_vote(draft)
        self.governed.ripen(draft.id)
        return ["execute", "1"]

    def _index(self) -> list[str]:
        draft = self.governed.propose(by=2)
        self.governed.pass_vote(draft)
        return ["index"]

    def _vote(self) -> list[str]:
        self.governed.open_voting(self.governed.propose(by=2).id)
        return ["vote", "1", "--for"]

    def _cancel(self) -> list[str]:
        self.governed.propose(by=1)
        return ["cancel", "1"]

    def _delegate(self) -> list[str]:
        return ["delegate", "2"]

    def _rest(self) -> list[str]:
        return ["rest"]

    def _wake(self) -> list[str]:
        self.governed.dao.membership.send("rest", sender=person(1).address)
        return ["wake"]

    def _exit(self) -> list[str]:
        return ["exit"]

    def _rejoin(self) -> list[str]:
        self.governed.dao.membership.send("exit", sender=person(1).address)
        return ["rejoin"]

    def _enforce(self) -> list[str]:
        dao = self.governed.dao
        for number in (5, 3):  # the second one is one more than may be barred at once
            dao.membership.send("bar", number, sender=dao.treasury_address)
        self.rpc.warp(46 * DAY)
        return ["enforce", "3"]

    def _lapse(self) -> list[str]:
        self.rpc.warp(400 * DAY)
        self.governed.propose(by=1)
        return ["lapse"]


COMMANDS = (
    "admit",
    "submit",
    "relay",
    "execute",
    "index",
    "vote",
    "cancel",
    "delegate",
    "rest",
    "wake",
    "exit",
    "rejoin",
    "enforce",
    "lapse",
)


def soak(seed: int) -> dict[str, Any]:
    """What became of each command."""
    told: dict[str, Any] = {}
    with Node(NODE) as node, tempfile.TemporaryDirectory() as place:
        rpc = node.rpc

        def keep(name: str, killed: Killed, moments: int) -> None:
            try:
                told[name] = killed.play(moments, seed, slow=0 if name == "index" else 4)
            except AssertionError as error:
                told[name] = {"failed": str(error)}
            print(name, told[name], flush=True)

        with rpc.isolate():
            (Path(place) / "new").mkdir()
            keep("deploy", deployment(rpc, Path(place) / "new"), OFTEN)
        (Path(place) / "dao").mkdir()
        world = KilledDao(rpc, Path(place) / "dao")
        for name in COMMANDS:
            with rpc.isolate():
                keep(name, world.command(name), INDEX_OFTEN if name == "index" else OFTEN)
    return {"seed": seed, "commands": told}


if __name__ == "__main__":
    result = soak(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
    RESULT.write_text(json.dumps(result, indent=2) + "\n")
    sys.exit(any("failed" in each for each in result["commands"].values()))
