"""A proposal is tried before it is sent: as it is typed, in a process of its own."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from mikoshi.chain.node import Node
from tests.tooling.governed import PAY, Governed
from tests.tooling.live import ETHER, NODE, Place, deployer, fund

pytestmark = pytest.mark.slow

SCREEN = """\
PM DAO · Simulation of a proposal
Fund the docs team
✓ executes in 9 d (T): 1 call, 0 events, N gas
  treasury: 10 ETH → 9.75 ETH (no runway: none was paid in the last 30 days)
  Tried on a copy of chain 11155111 at block N; nothing was sent

Findings
  9.75 ETH remain, no runway: none was paid in the last 30 days
  taken to be proposed now and to pass: the treasury executes it in 9 d (T)

What the proposal says
  │ 資料を書く人に払います。

People and money
Money needed
     pays  treasury has  missing
 0.25 ETH  10 ETH  0 ETH
Money
 who  before  after  change
 treasury  10 ETH  9.75 ETH  −0.25 ETH
 P2 #2 (0x…)  1 ETH  1.25 ETH  +0.25 ETH

Calls
    the file says  the bytes do  target  result
 1  pay P2 #2 (0x…) 0.25 ETH  pay P2 #2 (0x…) 0.25 ETH  P2 #2 (0x…) [member]  done

Details
Gas
   used  a transaction may have
 N  16,777,216

  on its page and in --json: Bytes
Next: propose it:
  ape run proposal submit FILE --config … --network ethereum:sepolia:node --account ALIAS
"""


@pytest.fixture
def governed(tmp_path: Path) -> Iterator[Governed]:
    with Node(NODE) as node:
        fund(node.rpc, deployer().address)
        yield Governed.found(Place(tmp_path), node.rpc)


def test_a_proposal_is_tried_sent_and_crossed_by_another(governed: Governed) -> None:
    place, url = governed.place, governed.rpc.url
    file = governed.write(PAY)
    page = governed.folder / "report.html"
    fine = place.run("proposal simulate", url, str(file), "-o", str(page))
    assert (fine.returncode, fine.stderr) == (0, "")
    assert plain(fine.stdout, governed.folder) == [
        *plain(SCREEN, governed.folder)[:-2],
        f"✓ wrote {page}",
        *plain(SCREEN, governed.folder)[-2:],
    ]
    assert "Fund the docs team" in page.read_text()

    crossing = governed.propose("Bread", pays=10 * ETHER)
    governed.pass_vote(crossing.id)
    crossed = place.run("proposal simulate", url, str(file), "--json")
    assert crossed.returncode == 1
    told = json.loads(crossed.stdout)
    assert [each["title"] for each in told["before"]] == ["Bread"]
    assert told["needs"][0]["missing"] == str(ETHER // 4)
    assert told["error"]["what"] == "The simulation failed: Fund the docs team"
    assert told["findings"][0] == {
        "check": "money",
        "level": "failure",
        "kind": "treasury.short",
        "data": {"shortfall": "0.25 ETH", "held": "0 ETH", "needed": "0.25 ETH"},
        "text": "the treasury is 0.25 ETH short: it has 0 ETH, and the calls pay 0.25 ETH",
    }


def test_a_node_that_is_down_is_told(governed: Governed) -> None:
    file = governed.write(PAY)
    done = governed.place.run("proposal simulate", "http://127.0.0.1:9", str(file))
    assert done.returncode == 3
    assert "No answer from the node at http://127.0.0.1:9" in done.stderr
    assert done.stdout == ""


def plain(text: str, folder: Path) -> list[str]:
    """The lines without times, addresses, gas, folders and what only sets columns apart."""
    text = re.sub(r"0x[0-9a-fA-F]{4}…[0-9a-fA-F]{4}", "0x…", text)
    text = re.sub(r"\(\w{3} \d+ \w{3}( \d{4})? \d\d:\d\d UTC\)", "(T)", text)
    text = re.sub(r"\b\d\d,\d{3}\b(?!,)", "N", text)
    text = re.sub(r"(at block) \d+", r"\1 N", text)
    for name, word in (("001-docs.toml", "FILE"), ("dao.toml", "…")):
        path = str(folder / name)
        text = text.replace(shlex.quote(path), word).replace(path, word)
    return [re.sub(r" {2,}", "  ", line).strip() for line in text.strip().splitlines()]
