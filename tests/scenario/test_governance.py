"""From a file to an executed proposal, as members type it, on a chain that plays Sepolia."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from mikoshi.chain.node import DevRpc, Node
from mikoshi.core.dao import Dao
from mikoshi.testing.community import person
from mikoshi.text.paths import ROOT
from tests.tooling.live import ETHER, NODE, Place, deployer, fund

pytestmark = pytest.mark.slow

PROPOSAL = """
title = "Fund the docs team"
text = "資料を書く人に払います。"

[[actions]]
do = "pay"
to = "P2"
amount = "0.25 ETH"
"""

TERMS = """
proposed by  P1 #1 (0x1753…8863)
 needs        2 of 5 people, For and Abstain together, and more voice For than Against
 voting       opens in SPAN (TIME), closes TIME
 execution    from TIME until TIME
 id           ID
about COST
✓ proposed 1 "Fund the docs team" in block N
✓ wrote RECORD
Next:
  ape run status 1
"""

THERE = """
✓ 1 "Fund the docs team" is there already in block N; nothing was sent
✓ wrote RECORD
Next:
  ape run status 1
"""

STATUS = """
1 "Fund the docs team"    voting is open, closes in SPAN (TIME)
   For      ████████████████  2 people  2 voices
   Against  ████████          1 person  1 voice
   Abstain                    0 people  0 voices
  2 of 2 people needed, For and Abstain together
  passes as it stands
 member                 vote       voice  speaks for  when  reason
   P3 #3 (0x6C84…Bb3E)  For      1 voice    1 person  TIME
   P2 #2 (0x50ab…bf7f)  Against  1 voice    1 person  TIME
   P1 #1 (0x1753…8863)  For      1 voice    1 person  TIME  助かります
Next: vote (or --against, --abstain):
  ape run vote 1 --for --account ALIAS
"""

STATUS_JA = """
1「Fund the docs team」    投票受付中、締切はSPAN(TIME)
   賛成  ████████████████  2人  2 声
   反対  ████████          1人  1 声
   棄権                    0人  0 声
  賛成と棄権を合わせて2人(必要: 2人)
  このままなら可決です
"""

TOO_EARLY = """
✗ Not yet: the delay ends in SPAN (TIME). Nothing was sent.
  between the vote and its execution everyone has time to object or to leave
→ Run the same command then
"""

EXECUTED = """
✓ executed 1 "Fund the docs team" in block N
  pay P2 #2 (0x50ab…bf7f) 0.25 ETH
  treasury 10 ETH → 9.75 ETH
"""


@dataclass
class Town:
    """A folder with dao.toml and key files of P1 to P5, and a node."""

    place: Place
    rpc: DevRpc

    def type(self, command: str, *args: str, code: int = 0) -> str:
        """What a command that ends with this exit code says: on stderr if it fails."""
        done = self.place.run(command, self.rpc.url, *args)
        assert done.returncode == code, done.stdout + done.stderr
        return done.stderr if code else done.stdout

    def told(self, command: str, *args: str) -> dict[str, Any]:
        """What it says to programs."""
        found: dict[str, Any] = json.loads(self.type(command, *args, "--json"))
        return found

    def answer(self, answer: str, command: str, *args: str) -> tuple[int, str]:
        """Exit code and screen of a command at a terminal, whose question gets this answer."""
        here, there = pty.openpty()
        words, environment = self.place.typed(command, *args), self.place.environment(self.rpc.url)
        process = subprocess.Popen(
            words, cwd=ROOT, env=environment, stdin=there, stdout=there, stderr=there
        )
        os.close(there)
        os.write(here, f"{answer}\n".encode())
        seen = b""
        with suppress(OSError):  # the terminal goes away with the process
            while chunk := os.read(here, 4096):
                seen += chunk
        os.close(here)
        return process.wait(), re.sub(r"\x1b\[[\d;?]*[A-Za-z]", "", seen.decode())


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    place = Place(tmp_path)
    with Node(NODE) as node:
        fund(node.rpc, deployer().address)
        for number in range(1, place.members + 1):
            place.add_account(f"p{number}", person(number))
            fund(node.rpc, person(number).address)
        yield Town(place, node.rpc)


@pytest.fixture
def dao(town: Town) -> Dao:
    """Deployed, with 10 ether."""
    town.type("deploy", "--account", "alice", "--yes")
    made = town.place.manifest.dao(town.rpc)
    fund(town.rpc, made.treasury_address, 10 * ETHER)
    town.rpc.warp(60)
    return made


@pytest.fixture
def file(town: Town) -> str:
    path = town.place.folder / "001-docs.toml"
    path.write_text(PROPOSAL)
    return str(path)


def plain(text: str) -> str:
    """What does not depend on the moment, the machine and the price of gas."""
    rules = (
        (r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun) \d+ \w{3}( \d{4})? \d\d:\d\d UTC", "TIME"),
        (r"(\d+年)?\d+月\d+日\(.\) \d\d:\d\d UTC", "TIME"),
        (r"in (\d+ d|\d+ h)( \d+ [hm])? \(", "in SPAN ("),
        (r"\d+日(\d+時間)?後\(", "SPAN("),
        (r"0\.\d+ ETH \([\d,]+ gas at \S+ gwei\)", "COST"),
        (r"in block [\d,]+", "in block N"),
        (r"\d{70,}", "ID"),
        (r"wrote .+/proposals/\S+", "wrote RECORD"),
        (r" --config .+? --network \S+", ""),
        (r"when +reason", "when  reason"),
    )
    for pattern, word in rules:
        text = re.sub(pattern, word, text)
    return "\n".join(line.rstrip() for line in text.splitlines()).strip()


def test_from_a_file_to_an_executed_proposal(town: Town, dao: Dao, file: str) -> None:
    rpc, folder = town.rpc, town.place.folder
    governor = dao.governor
    shown = plain(town.type("proposal submit", file, "--account", "p1", "--yes"))
    assert shown.endswith(TERMS.strip())
    again = plain(town.type("proposal submit", file, "--account", "p1", "--yes"))
    assert again.endswith(THERE.strip())

    number = int(town.told("status")["proposals"][0]["id"])
    rpc.warp_to(governor.call("proposalSnapshot", number) + 1)
    town.type("vote 1 --for", "--account", "p1", "--yes", "--reason", "助かります")
    town.type("vote 1 --against", "--account", "p2", "--yes")
    ballot = str(folder / "p3.ballot")
    town.type("vote 1 --for", "--account", "p3", "--sign-only", "-o", ballot)
    town.type("relay", ballot, "--account", "p5", "--yes")
    assert plain(town.type("status 1")) == STATUS.strip()
    assert plain(town.type("status", "--lang", "ja")).startswith(STATUS_JA.strip())

    rpc.warp_to(governor.call("proposalDeadline", number) + 1)
    nonce = rpc.nonce(person(4).address)
    early = town.type("execute 1", "--account", "p4", "--yes", code=4)
    assert plain(early) == TOO_EARLY.strip()
    assert rpc.nonce(person(4).address) == nonce

    rpc.warp_to(governor.call("proposalEta", number))
    before = rpc.balance(person(2).address)
    assert plain(town.type("execute 1", "--account", "p4", "--yes")).endswith(EXECUTED.strip())
    assert rpc.balance(person(2).address) - before == ETHER // 4
    done = plain(town.type("execute 1", "--account", "p4", "--yes"))
    assert done == '✓ 1 "Fund the docs team" was executed in block N; nothing was sent'
    town.type("check")


def test_the_person_at_the_keyboard_is_asked_once(town: Town, dao: Dao, file: str) -> None:
    governor, nonce = dao.governor, town.rpc.nonce(person(1).address)
    code, screen = town.answer("n", "proposal submit", file, "--account", "p1")
    assert code == 4
    assert screen.count("Sign and send? [y/N]") == 1
    assert "Nothing was sent" in screen
    assert town.rpc.nonce(person(1).address) == nonce
    code, screen = town.answer("y", "proposal submit", file, "--account", "p1")
    assert code == 0, screen
    assert '✓ proposed 1 "Fund the docs team"' in screen
    code, screen = town.answer("y", "cancel 1", "--account", "p1")
    assert code == 0, screen
    assert "Cancel it for good? [y/N]" in screen
    number = int(town.told("status 1")["proposals"][0]["id"])
    assert governor.call("state", number) == 2
