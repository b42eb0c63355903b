"""The door in a real browser: a link, a passkey, the charter, a seat, a ballot. `make door`.

Prints what each step took; with --json for programs, with --picture also docs/page.jpg. `taps` are
those of the person, `prompts` what the passkey asks beside them, `gas` what others paid.
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
from eth_utils.crypto import keccak

from mikoshi.chain.node import Node
from mikoshi.page.build import PAGE, page_of
from mikoshi.replay.member import Standing
from mikoshi.testing.community import FOR, person
from mikoshi.testing.defaults import DAY
from mikoshi.text.paths import ROOT
from mikoshi.words.refusals import find_vote
from tests.tooling.browser import Phone, served
from tests.tooling.governed import Governed
from tests.tooling.joining import door_of, link_of, relaying
from tests.tooling.live import NODE, Place, deployer, fund
from tests.unit.invitations.inviting import Door

STEWARD = """
[steward]
wallet = "{wallet}"
members_per_epoch = 2
"""
CHARTER = bytes.fromhex("c4" * 32)
CHARTER_TEXT = (ROOT / "charter.md").read_text("utf-8")
JOINING, TAPS = 4, 3
"""The most taps from a link to the seat, and from a link to the ballot."""

SECONDS = 90
BYTES = 220_000


@dataclass
class Story:
    """What was done so far; a step's seconds are those of the page, the chain and the relay."""

    phone: Phone
    steps: list[dict[str, Any]] = field(default_factory=list)
    gas: dict[str, int] = field(default_factory=dict)
    checks: dict[str, bool] = field(default_factory=dict)
    screens: list[Path] = field(default_factory=list)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """One step of the story."""
        before, began = self.phone("so_far"), time.monotonic()
        yield
        after, seconds = self.phone("so_far"), time.monotonic() - began
        told = {each: after[each] - before[each] for each in ("taps", "prompts")}
        self.steps.append({"step": name, **told, "seconds": round(seconds, 1)})


def play(place: Opened, phone: Phone) -> dict[str, Any]:
    """The story from a steward's link to a counted ballot, and that of a member's link."""
    story, governed, url, door = Story(phone), place.governed, place.url, place.door
    dao = governed.dao
    with story.step("the steward's link is read"):
        phone("phone", locale="ja-JP")
        phone("open", url=link_of(door, url, person(2000), deployer()))
        phone("see", text="すぐに声を持つメンバーになります")
        phone("see", text="互いをどう扱うか")
        phone.shot("join.ja")
        story.screens.append(phone.shot("screen.join", whole=False))
    with story.step("a passkey agrees, and the line is copied"):
        phone("tap", name="パスキーを作る")
        phone("see", text="署名する内容")
        phone.shot("agree.ja")
        phone("tap", name="同意して入会する")
        phone("tap", name="この行をコピー")
        joining = phone("clipboard")
    with story.step("the chat is relayed, and the seat is there"):
        receipt = relaying(door)(joining)
        story.gas["join"] = receipt.gas
        phone("see", text=f"メンバー #{place.members + 1} になりました")
        phone.shot("welcome.ja")
        story.screens.append(phone.shot("screen.welcome", whole=False))
    accepted = receipt.only("InvitationAccepted").args
    member, address = accepted["id"], accepted["wallet"]
    story.checks["the wallet is an address"] = is_checksum_address(address)
    story.checks["active at once"] = governed.standing(member) is Standing.ACTIVE
    draft = governed.propose("ドキュメント班に助成する")
    with story.step("today says what waits"):
        phone("open", url=f"{url}#today")
        phone("see", text="あなたの票を待っています")
        phone.shot("today.ja")
    with story.step("the link of a proposal is read"):
        phone("open", url=governed.told("page link", "1", at=url)["link"])
        phone("see", text="ドキュメント班に助成する")
        phone("see", text="0.25 ETH")
        phone.shot("decide.ja")
        story.screens.append(phone.shot("screen.decide", whole=False))
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
    first = phone("so_far")
    governed.rpc.warp(46 * DAY)  # a member invites after a season
    phone("phone", locale="ja-JP")
    with story.step("a member's link makes a newcomer at once"):
        phone("open", url=link_of(door, url, person(2001), person(1)))
        phone("see", text="新入りのメンバーになります")
        phone.shot("invited.ja")
        phone("tap", name="パスキーを作る")
        phone("tap", name="同意して入会する")
        receipt = relaying(door)(phone("text", selector="output"))
        story.gas["newcomer"] = receipt.gas
        phone("see", text=f"メンバー #{place.members + 2} になりました")
    so_far = phone("so_far")
    html, seconds = PAGE.read_bytes(), sum(each["seconds"] for each in story.steps)
    size = {"page": len(html), "gzipped": len(gzip.compress(html, 9))}
    joined, ballot = story.steps[1]["taps"], story.steps[5]["taps"]
    story.checks |= {
        "counted as For": vote is not None and vote.support == FOR,
        "a member": member == place.members + 1,
        "a newcomer": governed.standing(member + 1) is Standing.NEWCOMER,
        "no ether needed": governed.rpc.balance(address) == 0,
        f"at most {JOINING} taps to the seat": joined <= JOINING,
        f"at most {TAPS} taps to the ballot": ballot <= TAPS,
        f"at most {SECONDS} s": seconds <= SECONDS,
        f"at most {BYTES:,} bytes gzipped": size["gzipped"] <= BYTES,
        "only the page's server asked": first["asked"] == so_far["asked"] == [url.rstrip("/")],
        "no error": first["errors"] + so_far["errors"] == [],
        "a line fits a message": re.fullmatch(r"mikoshi=\w{1,200}", line) is not None,
    }
    return {
        "steps": story.steps,
        "taps": sum(each["taps"] for each in story.steps),
        "prompts": sum(each["prompts"] for each in story.steps),
        "seconds": round(seconds, 1),
        "bytes": size,
        "gas": story.gas,
        "origins": so_far["asked"],
        "checks": story.checks,
        "screens": [str(each) for each in story.screens],
    }


@dataclass
class Opened:
    """A DAO of `members` with a steward and invitations, and the address of its page."""

    governed: Governed
    door: Door
    url: str
    members: int = 4


@contextmanager
def opened(folder: Path, node: Node) -> Iterator[Opened]:
    """While inside, its page is served."""
    fund(node.rpc, deployer().address)
    more = STEWARD.format(wallet=deployer().address)
    governed = Governed.found(Place(folder, members=Opened.members, more=more), node.rpc)
    door = door_of(governed)
    membership = governed.dao.membership
    governed.community.as_treasury(membership, "setCharter", keccak(text=CHARTER_TEXT), "")
    told = governed.told("page build", rpc="/rpc", output=folder / "index.html")
    del told["file"]
    told |= {"invitations": door.contract.address, "charter": CHARTER_TEXT}
    with served(page_of(told), node.url) as url:
        yield Opened(governed, door, url)


def main(args: list[str]) -> int:
    """Play it; exit code 1 if a check fails."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Node(NODE) as node,
        opened(Path(folder), node) as place,
        Phone() as phone,
    ):
        told = play(place, phone)
        if "--picture" in args:
            phone("picture", screens=told["screens"], path=str(ROOT / "docs" / "page.jpg"))
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
