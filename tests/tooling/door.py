"""The door in a real browser: a passkey, a proposal's link, a ballot by paste. `make door`.

Prints what each step took; with --json for programs. `taps` are those of the person, `prompts` what
the passkey asks beside them, `gas` what others paid.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from eth_utils.address import is_checksum_address

from mikoshi.chain.node import Node
from mikoshi.page.build import PAGE
from mikoshi.testing.community import FOR
from mikoshi.words.refusals import find_vote
from tests.tooling.browser import Phone, served
from tests.tooling.governed import Governed
from tests.tooling.live import NODE, Place, deployer, fund

STEWARD = """
[steward]
wallet = "{wallet}"
members_per_epoch = 2
"""
CHARTER = bytes.fromhex("c4" * 32)
TAPS = 3
"""The most from the link to the ballot."""

SECONDS = 90
BYTES = 220_000


@dataclass
class Story:
    """What was done so far; a step's seconds are those of the page, the chain and the relay."""

    phone: Phone
    steps: list[dict[str, Any]] = field(default_factory=list)
    gas: dict[str, int] = field(default_factory=dict)
    checks: dict[str, bool] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """One step of the story."""
        before, began = self.phone("so_far"), time.monotonic()
        yield
        after, seconds = self.phone("so_far"), time.monotonic() - began
        told = {each: after[each] - before[each] for each in ("taps", "prompts")}
        self.steps.append({"step": name, **told, "seconds": round(seconds, 1)})


def play(governed: Governed, phone: Phone, url: str) -> dict[str, Any]:
    """The story from a new phone to a counted ballot."""
    story, dao = Story(phone), governed.dao
    with story.step("a passkey becomes a wallet"):
        phone("phone", locale="ja-JP")
        phone("open", url=url)
        phone("tap", name="パスキーを作る")
        address = phone("text", selector="output")
        phone.shot("me.ja")
    story.checks["the wallet is an address"] = is_checksum_address(address)
    with story.step("the steward admits it"):
        receipt = dao.membership.send("admit", address, CHARTER, sender=deployer().address)
        member = dao.membership.call("memberIdOf", address)
        story.gas["admit"] = receipt.gas
    draft = governed.propose("ドキュメント班に助成する")
    with story.step("the link of a proposal is read"):
        phone("open", url=governed.told("page link", "1", at=url)["link"])
        phone("see", text="ドキュメント班に助成する")
        phone("see", text="0.25 ETH")
        phone.shot("decide.ja")
    with story.step("For is signed, and the line copied"):
        phone("tap", name="賛成")
        phone("see", text="署名する内容")
        phone.shot("sign.ja")
        phone("tap", name="署名する")
        phone("tap", name="この行をコピー")
        line = phone("clipboard")
        phone.shot("signed.ja")
    with story.step("voting opens, and the chat is relayed"):
        governed.open_voting(draft.id)
        chat = governed.folder / "chat.txt"
        chat.write_text(f"花: よろしくお願いします\n{line}\n健: 👍\n", "utf-8")
        told = governed.told("relay", str(chat), account="p1", yes=True)
        story.gas["ballot"] = told["files"][0]["gas"]
    with story.step("the page says that it is counted"):
        phone("see", text="あなたの票は集計されました")
        phone("see", text="1人が投票しました")
        phone.shot("counted.ja")
    vote = find_vote(governed.rpc, dao.governor, draft.id, address)
    so_far = phone("so_far")
    html, seconds = PAGE.read_bytes(), sum(each["seconds"] for each in story.steps)
    size = {"page": len(html), "gzipped": len(gzip.compress(html, 9))}
    ballot = story.steps[3]["taps"]
    story.checks |= {
        "counted as For": vote is not None and vote.support == FOR,
        "a member": member == governed.place.members + 1,
        "no ether needed": governed.rpc.balance(address) == 0,
        f"at most {TAPS} taps to the ballot": ballot <= TAPS,
        f"at most {SECONDS} s": seconds <= SECONDS,
        f"at most {BYTES:,} bytes gzipped": size["gzipped"] <= BYTES,
        "only the page's server asked": so_far["asked"] == [url.rstrip("/")],
        "no error": so_far["errors"] == [],
        "a line fits a message": re.fullmatch(r"mikoshi=\w{1,200}", line) is not None,
    }
    return {
        "steps": story.steps,
        "taps": so_far["taps"],
        "prompts": so_far["prompts"],
        "seconds": round(seconds, 1),
        "bytes": size,
        "gas": story.gas,
        "origins": so_far["asked"],
        "checks": story.checks,
    }


@contextmanager
def opened(folder: Path, node: Node) -> Iterator[tuple[Governed, str]]:
    """A DAO of four with a steward, and the address of its page."""
    fund(node.rpc, deployer().address)
    more = STEWARD.format(wallet=deployer().address)
    governed = Governed.found(Place(folder, members=4, more=more), node.rpc)
    page = folder / "index.html"
    governed.told("page build", rpc="/rpc", output=page)
    with served(page.read_text("utf-8"), node.url) as url:
        yield governed, url


def main(args: list[str]) -> int:
    """Play it; exit code 1 if a check fails."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Node(NODE) as node,
        opened(Path(folder), node) as (governed, url),
        Phone() as phone,
    ):
        told = play(governed, phone, url)
    if "--json" in args:
        print(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        for each in told["steps"]:
            counts = f"{each['taps']:3} taps {each['prompts']:3} prompts"
            print(f"{each['step']:42} {counts} {each['seconds']:5} s")
        for name in ("taps", "prompts", "seconds", "bytes", "gas", "origins"):
            print(f"{name:10} {told[name]}")
        for name, fine in told["checks"].items():
            print(f"{'✓' if fine else '✗'} {name}")
    return 0 if all(told["checks"].values()) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
