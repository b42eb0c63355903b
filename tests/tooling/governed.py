"""A DAO on a chain that plays Sepolia whose members type commands."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result
from eth_account.signers.local import LocalAccount

from mikoshi.ballots.proposal import ProposalDraft
from mikoshi.chain.node import DevRpc
from mikoshi.core.dao import Dao
from mikoshi.testing.community import FOR, person
from mikoshi.text.language import speaking
from tests.tooling.live import ETHER, Place, fund, script

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
    rpc: DevRpc
    dao: Dao
    folder: Path

    @classmethod
    def found(cls, place: Place, rpc: DevRpc) -> Governed:
        """Deployed and ready: everybody's voice counts, and the treasury has 10 ether."""
        for number in range(1, place.members + 1):
            place.add_account(f"p{number}", person(number))
        dao = place.deploy(rpc).dao(rpc)
        for number in range(1, place.members + 1):
            fund(rpc, person(number).address)
        fund(rpc, dao.treasury_address, 10 * ETHER)
        rpc.call("anvil_autoImpersonateAccount", True)
        rpc.warp(60)
        return cls(place, rpc, dao, place.folder)

    def environment(self) -> dict[str, str]:
        """Where the commands find keys and records."""
        phrases = {f"APE_ACCOUNTS_{alias}_PASSPHRASE": "pw" for alias in self.place.accounts}
        return phrases | {
            "APE_DATA_FOLDER": str(self.place.ape),
            "MIKOSHI_DEPLOYMENTS": str(self.place.records),
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
        runner = CliRunner(mix_stderr=False, env=self.environment())
        with speaking("en"):  # a command sets the language for good
            return runner.invoke(script(name), [*words, *args], catch_exceptions=False)

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
        if pays:
            self.dao.governor.send("propose", *draft.calls, draft.description, sender=wallet)
        else:
            self.dao.governor.send("proposeAdvisory", draft.description, sender=wallet)
        return draft

    def open_voting(self, proposal_id: int) -> None:
        """Let time pass to the first second of voting."""
        self.rpc.warp_to(self.dao.governor.call("proposalSnapshot", proposal_id) + 1)

    def vote(self, proposal_id: int, *voters: int, support: int = FOR, reason: str = "") -> None:
        """Ballots of members."""
        for number in voters:
            self.dao.governor.send(
                "castVoteWithReason", proposal_id, support, reason, sender=person(number).address
            )

    def close_voting(self, proposal_id: int) -> None:
        """Let time pass to the first second after voting."""
        self.rpc.warp_to(self.dao.governor.call("proposalDeadline", proposal_id) + 1)

    def pass_vote(self, proposal_id: int) -> None:
        """Everybody votes For, and voting closes."""
        self.open_voting(proposal_id)
        self.vote(proposal_id, *range(1, self.place.members + 1))
        self.close_voting(proposal_id)

    def ripen(self, proposal_id: int) -> None:
        """Let the delay end."""
        self.rpc.warp_to(self.dao.governor.call("proposalEta", proposal_id))

    def nonce(self, who: LocalAccount) -> int:
        """How many transactions somebody has sent."""
        return self.rpc.nonce(who.address)
