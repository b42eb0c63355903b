"""A DAO on a chain that plays Sepolia whose members type commands."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import Result
from eth_account.signers.local import LocalAccount

from mikoshi.ballots.proposal import ProposalDraft
from mikoshi.chain.node import DevRpc
from mikoshi.replay.member import Standing
from mikoshi.testing.community import FOR, Community, person
from mikoshi.text.language import speaking
from tests.tooling.live import ETHER, Place, typed_here

PAY = """
title = "Fund the docs team"
text = "資料を書く人に払います。"

[[actions]]
do = "pay"
to = "#2"
amount = "0.25 ETH"
"""
ADVISORY = 'title = "Shall we meet in Kyoto?"\nbinding = false\n'


@dataclass
class Governed:
    """Five members, P1 to P5, each with an ether and an account of Ape of that name in lower case.

    Proposals' files and records are in `folder`.
    """

    place: Place
    community: Community
    folder: Path

    def __post_init__(self) -> None:
        world = self.community
        self.rpc, self.dao = world.rpc, world.dao
        self.open_voting, self.close_voting = world.open_voting, world.close_voting
        self.pass_vote, self.ripen = world.pass_vote, world.ripen

    @classmethod
    def found(cls, place: Place, rpc: DevRpc) -> Governed:
        """Deployed and ready: everybody's voice counts, and the treasury has 10 ether."""
        people = [person(number) for number in range(1, place.members + 1)]
        for number, key in enumerate(people, 1):
            place.add_account(f"p{number}", key)
        community = Community(rpc, place.deploy(rpc).dao(rpc), people)
        rpc.fund(*community.wallets, wei=ETHER)
        rpc.fund(community.dao.treasury_address, wei=10 * ETHER)
        rpc.call("anvil_autoImpersonateAccount", True)
        rpc.warp(60)
        return cls(place, community, place.folder)

    def environment(self) -> dict[str, str]:
        """Where the commands find keys and records."""
        return self.place.keys.environment() | {
            "MIKOSHI_DEPLOYMENTS": str(self.place.records),
            "MIKOSHI_INDEX": os.environ.get("MIKOSHI_INDEX") or str(self.place.folder / "index"),
            "MIKOSHI_PROPOSALS": str(self.proposals),
        }

    @property
    def proposals(self) -> Path:
        """The folder of the proposals' records."""
        return self.folder / "proposals"

    def run(self, command: str, *args: str, url: str = "", **options: str | bool | Path) -> Result:
        """A command in this process; options such as `account="p1"`, `yes=True`."""
        name, *words = command.split()
        given = {"config": str(self.place.toml), "network": url or self.rpc.url, "lang": "en"}
        for option, value in (given | options).items():
            dashed = "--" + option.replace("_", "-")
            words += [dashed] if value is True else [dashed, str(value)]
        with speaking("en"):  # a command sets the language for good
            return typed_here([name, *words, *args], self.environment())

    def told(self, command: str, *args: str, **options: Any) -> dict[str, Any]:
        """What a command that succeeds says to programs."""
        result = self.run(command, *args, json=True, **options)
        assert result.exit_code == 0, result.stderr
        told: dict[str, Any] = json.loads(result.stdout)
        return told

    def write(self, text: str = PAY, name: str = "001-docs.toml") -> Path:
        """A proposal's file."""
        path = self.folder / name
        path.write_text(text)
        return path

    def propose(self, title: str = "Bread", by: int = 1, pays: int = ETHER // 4) -> ProposalDraft:
        """Proposed by a member, without a command: to pay P2 something, or nothing to do."""
        wallet = person(by).address
        calls = [(person(2).address, pays, b"")] if pays else []
        draft = ProposalDraft.of(calls, f"# {title}\n\nBecause.", wallet)
        self.community.submit(draft, wallet)
        return draft

    def vote(self, proposal_id: int, *members: int, support: int = FOR, reason: str = "") -> None:
        """Ballots of members."""
        wallets = [person(number).address for number in members]
        self.community.vote(proposal_id, wallets, support, reason)

    def standing(self, member: int) -> Standing:
        """Where a member stands."""
        dao = self.dao
        return Standing(dao.lens.call("standingOf", dao.membership_address, member))

    def nonce(self, who: LocalAccount) -> int:
        """How many transactions somebody has sent."""
        return self.rpc.nonce(who.address)
