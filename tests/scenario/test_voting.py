"""Voting as members do it: typed in a shell, from a ballot without ETH to its count."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator

import pytest

from mikoshi.chain.node import Node
from mikoshi.testing.community import person
from mikoshi.testing.defaults import DAY
from tests.tooling.governed import Governed
from tests.tooling.live import NODE, Place, deployer, fund

pytestmark = pytest.mark.slow

Done = subprocess.CompletedProcess[str]


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Governed]:
    """Five members, P1 to P5, and proposal 1 that pays P2, open for votes."""
    with Node(NODE) as node:
        fund(node.rpc, deployer().address)
        governed = Governed.found(Place(tmp_path_factory.mktemp("dao")), node.rpc)
        governed.open_voting(governed.propose().id)
        yield governed


@pytest.fixture
def governed(founded: Governed) -> Iterator[Governed]:
    with founded.rpc.isolate():
        yield founded


def typed(governed: Governed, command: str, *args: str) -> Done:
    """A command in a shell of its own."""
    return governed.place.run(command, governed.rpc.url, *args, "--lang", "en")


def plain(text: str) -> list[str]:
    """The lines without what differs from run to run: times, gas, fees, addresses, options."""
    for pattern, word in (
        (r"\w{3} \d+ \w{3} (\d{4} )?\d\d:\d\d UTC", "TIME"),
        (r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun) \d+ \w{3}( \d{4})?", "DATE"),  # a year if it is another
        (r"0x[0-9a-fA-F]{4}…[0-9a-fA-F]{4}", "0x…"),
        (r"proposal \d{4}…\d{4}", "proposal …"),
        (r"[\d,]+ gas", "N gas"),
        (r"at [\d.]+ gwei", "at N gwei"),
        (r"0\.\d+ ETH \(", "0.N ETH ("),
        (r"block \d+", "block N"),
        (r"\(\d+ days\)", "(N days)"),
        (r" --config .*", " …"),
        (r"  +", "  "),
    ):
        text = re.sub(pattern, word, text)
    return [line.strip() for line in text.splitlines()]


def test_ballot_of_a_member_without_ether_is_counted_once(governed: Governed) -> None:
    folder = governed.folder / "ballots"
    folder.mkdir()
    for number in (2, 3, 4):
        governed.rpc.call("anvil_setBalance", person(number).address, "0x0")
    signed = typed(
        governed,
        "vote 1 --for --sign-only --account p2 --reason",
        "助かります",
        "-o",
        str(folder / "hana.ballot"),
    )
    assert signed.returncode == 0, signed.stderr
    assert plain(signed.stdout)[:-3] == [
        '1 "Bread"  voting closes in 5 d (TIME)',
        "1  pay P2 #2 (0x…) 0.25 ETH",
        "P2 #2 (0x…) votes For; a vote is final",
        "weighs  1 voice of 5 awake",
        "speaks for  1 person: themself",
        "so far  For 0, Against 0, Abstain 0; 0 of 2 people needed, 1 with this vote",
        "reason  助かります",
        "it is no. 0 of your ballots with a reason: another one can be signed once this is counted",
        f'I vote For "Bread" (proposal …) for the account {person(2).address}. My reason:'
        ' "助かります". My first valid ballot is final: I can replace this one only by voting'
        " earlier. Good once (no. 0). Only for the governor 0x… on chain 11155111.",
    ]
    for alias, until in (("p3", "2 days"), ("p4", "1 hour")):
        ballot = ("--until", until, "-o", str(folder / f"{alias}.ballot"))
        done = typed(governed, f"vote 1 --against --sign-only --account {alias}", *ballot)
        assert done.returncode == 0, done.stderr
    governed.rpc.warp(2 * 3_600)

    relayed = typed(governed, "relay --account p1 --yes", str(folder))
    assert relayed.returncode == 1
    assert plain(relayed.stdout) == [
        "3 files",
        '1 "Bread": 1 ballot in one transaction, Against 1',
        'hana.ballot: P2 #2 (0x…) — I vote For "Bread" (proposal …) for the account'
        f' {person(2).address}. My reason: "助かります". My first valid ballot is final: I can'
        " replace this one only by voting earlier.",
        "✗ p4.ballot: valid until TIME, now TIME",
        "about 0.N ETH (N gas at N gwei)",
        "✓ 1 counted in block N, N gas",
        "✓ hana.ballot done in block N, N gas",
        "3 files: 2 sent, 1 refused",
    ]
    again = typed(governed, "relay --account p1 --yes", str(folder))
    assert plain(again.stdout) == [
        "3 files",
        "✓ hana.ballot: counted on TIME",
        "✓ p3.ballot: counted on TIME",
        "✗ p4.ballot: valid until TIME, now TIME",
        "3 files: 2 done before, 1 refused",
    ]
    twice = typed(governed, "vote 1 --against --account p2 --yes")
    assert twice.returncode == 4
    assert plain(twice.stderr) == [
        "✗ P2 #2 (0x…) already voted For on TIME; a vote is final. Nothing was sent.",
        "each member has one ballot on a proposal",
        "→ There is nothing to do",
    ]


def test_voice_is_lent_and_the_silent_are_lapsed(governed: Governed) -> None:
    lent = typed(governed, "delegate P2 --account p1 --yes")
    assert lent.returncode == 0, lent.stderr
    assert plain(lent.stdout) == [
        "P2 #2 (0x…) will speak for P1 #1 (0x…), with 1 voice more",
        "P2 #2 (0x…)  1 voice → 2 voices, 1 person → 2 people",
        "⚠ of the 2 voices a ballot counts 1 voice: the cap (10 % of the awake voice, at least 1"
        " voice)",
        "voting is open on 1: there everything stays as it was",
        "it can be taken back at any time: `ape run delegate self`",
        "about 0.N ETH (N gas at N gwei)",
        "✓ done, N gas",
        "Next:",
        "ape run power 2 …",
    ]
    shown = typed(governed, "power P1")
    assert plain(shown.stdout) == [
        "P1 #1 (0x…)  now: TIME",
        "✗ no voice: lent to P2 #2 (0x…) since TIME",
        "own voice  1 voice: 1 as everyone, 0 from 0 points of merit, lent to P2 #2 (0x…)",
        "at most  1.5 voices, with 100 points of merit",
    ]
    governed.rpc.warp(220 * DAY)
    lapsed = typed(governed, "lapse --account p1 --yes P3 P4")
    assert lapsed.returncode == 0, lapsed.stderr
    assert plain(lapsed.stdout) == [
        "2 members can be lapsed",
        "who  last record  becomes",
        "P3 #3 (0x…)  DATE (N days)  dormant",
        "P4 #4 (0x…)  DATE (N days)  dormant",
        "awake 5 → 3, counted 5 → 5; a proposal whose voting opens later needs 2 → 2 people",
        "they stay members; waking is free, and a vote wakes as well",
        "silence may last 180 days to 210 days: it is counted from the day on record, which lies"
        " up to 30 days before the last act",
        "about 0.N ETH (N gas at N gwei)",
        "✓ done, N gas",
        "Next:",
        "ape run members list …",
    ]
