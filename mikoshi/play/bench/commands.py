"""What commands take in a large DAO: each in a process of its own, as it is typed."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from mikoshi.chain.node import Node
from mikoshi.play.bench.large import LargeDao
from mikoshi.play.bench.world import options
from mikoshi.text.console import Console
from mikoshi.text.language import _, pgettext

_Limits = tuple[str, float, float | None]
"""A command, and the CPU seconds and megabytes that it may take."""

_LARGE: tuple[_Limits, ...] = (
    ("index", 26, 300),
    ("index", 1, None),
    ("status", 3, 250),
    ("power 250", 3, 250),
    ("vote 2 --for --dry-run --account {voter}", 3, 250),
    ("members list", 5, None),
    ("report", 12, None),
    ("check", 40, 400),
    ("relay {ballots}", 12, None),
)
"""In the order in which they run."""

_SMALL: tuple[_Limits, ...] = (("status", 0.6, None),)
_FEW = 100, 900, 0  # members, events, files
_PROGRAM = "from mikoshi.commands.main import main; main()"


@dataclass(frozen=True, slots=True)
class Taken:
    """What a command took, and what it may take: CPU seconds, and megabytes (None: as many).

    User and system time of the process alone, which other programs lengthen less than a clock.
    """

    command: str
    seconds: float
    megabytes: float
    most_seconds: float
    most_megabytes: float | None
    json: ClassVar[str] = "command seconds megabytes most_seconds most_megabytes"

    @property
    def kept(self) -> bool:
        """Whether it took no more than it may."""
        most = self.most_megabytes or self.megabytes
        return self.seconds <= self.most_seconds and self.megabytes <= most


def measure() -> list[Taken]:
    """Every command among 50,000 members, and one among 100.

    Raises RuntimeError for a command that ends in a failure.
    """
    with tempfile.TemporaryDirectory() as folder, Node(options()) as node:
        dao = LargeDao(node, Path(folder))
        dao.grow()
        found = list(_measured(dao, Path(folder), _LARGE))
    with tempfile.TemporaryDirectory() as folder, Node(options()) as node:
        dao = LargeDao(node, Path(folder), *_FEW)
        dao.grow()
        list(_measured(dao, Path(folder), _SMALL))  # the index
        return found + list(_measured(dao, Path(folder), _SMALL))


def _measured(dao: LargeDao, folder: Path, commands: Iterable[_Limits]) -> Iterator[Taken]:
    own = {"MIKOSHI_INDEX": folder / "index", "MIKOSHI_DEPLOYMENTS": dao.deployments}
    environment = os.environ | {name: str(path) for name, path in own.items()}
    for command, seconds, megabytes in commands:
        words = command.format(ballots=dao.ballots, voter=dao.community.wallets[0]).split()
        given = ["--network", dao.node.url, "--config", str(dao.config)]
        process = subprocess.Popen(
            [sys.executable, "-c", _PROGRAM, *words, *given],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        __, status, used = os.wait4(process.pid, 0)
        code = os.waitstatus_to_exitcode(status)
        if code not in (0, 1):  # 1: an alarm rings, or the check finds whom the benchmark trusts
            raise RuntimeError(f"{command} ended with {code}")
        took = used.ru_utime + used.ru_stime, used.ru_maxrss / 1_000
        yield Taken(command, *took, seconds, megabytes)


def show_commands(out: Console, taken: Iterable[Taken]) -> None:
    """The commands in a table, and on what they were measured."""
    most = _(">At most")
    columns = [_("Command"), _(">CPU seconds"), most, _(">Megabytes"), most, ""]
    out.table(columns, map(_row, taken))
    out.say(
        _(
            "{machine}, Python {version}, {cores} cores, load {load:.1f}; the last row among 100 "
            "members, the others among 50,000 with 380,000 events",
            machine=platform.machine(),
            version=platform.python_version(),
            cores=os.cpu_count(),
            load=os.getloadavg()[0],
        )
    )


def _row(each: Taken) -> list[str]:
    return [
        each.command.partition(" {")[0],
        f"{each.seconds:.1f}",
        f"{each.most_seconds:g}",
        f"{each.megabytes:.0f}",
        "" if each.most_megabytes is None else f"{each.most_megabytes:.0f}",
        _("reached") if each.kept else pgettext("of a target", "missed"),
    ]
