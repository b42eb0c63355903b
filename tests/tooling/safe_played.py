"""A Safe as the account of commands, played in a process of its own and told as JSON.

`python -m tests.tooling.safe_played FOLDER` with ape-safe on its path: as a plugin of Ape it is
loaded once for all, which no other test may depend on. The Safe's client is ape-safe's mock.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from mikoshi.ballots.messages import governor_message
from mikoshi.chain.accounts import Signer, aliases, find_account
from mikoshi.chain.networks import opened, quiet
from mikoshi.chain.node import Node
from mikoshi.chain.sender import Sender
from mikoshi.testing.community import FOR, person
from mikoshi.text.errors import MikoshiError
from mikoshi.voting.signing_options import signature_by
from tests.tooling.live import Place, typed_here


def told(error: MikoshiError) -> Any:
    return error.as_json()["error"]


class Played:
    """A node with a Safe of three owners, two of whom have to confirm."""

    def __init__(self, node: Node, folder: Path) -> None:
        self.rpc, self.url = node.rpc, node.url
        self.place = Place(folder, chain_id=31337, accept=())
        self.owners = opened().accounts.test_accounts

    def found(self, alias: str, owners: list[str], chain_id: int = 31337) -> Any:
        """A Safe that Ape knows by this alias."""
        from ape_safe.factory import SafeFactory
        from ape_safe.packages import MANIFESTS_BY_VERSION

        if not SafeFactory._singleton:
            SafeFactory.inject(max(MANIFESTS_BY_VERSION), self.owners[9])
        address = SafeFactory().create(owners, min(2, len(owners)), sender=self.owners[9]).address
        file = Path(os.environ["APE_DATA_FOLDER"]) / "safe" / f"{alias}.json"
        file.parent.mkdir(exist_ok=True, parents=True)
        file.write_text(json.dumps({"address": address, "deployed_chain_ids": [chain_id]}))
        return opened().accounts.load(alias)

    def deploy(self, *more: str) -> Any:
        """`deploy --account ours`: what it ends with, and what it says to programs."""
        options = ["--config", str(self.place.toml), "--network", self.url, "--json", *more]
        records = {"MIKOSHI_DEPLOYMENTS": str(self.place.records)}
        done = typed_here(["deploy", "--account", "ours", *options], records)
        return {"exit": done.exit_code, **json.loads(done.stdout)}

    def refused(self, alias: str, act: str) -> Any:
        """What an account says that is asked for a signature."""
        message = governor_message(
            "MemberBallot", 31337, person(8).address, proposalId=1, support=FOR, deadline=2**32
        )
        try:
            account = find_account(alias, self.rpc, local=True)
            assert isinstance(account, Signer)
            if act == "message":
                signature_by(account, self.rpc, message)
            else:
                account.unlock()
                Sender(self.rpc, account, 31337).send(person(1).address)
        except MikoshiError as error:
            return told(error)
        raise AssertionError("not refused")


def play(node: Node, folder: Path) -> dict[str, Any]:
    """The whole of it."""
    from ape_safe.accounts import SafeAccount

    def never(*_: Any, **__: Any) -> None:
        raise AssertionError("a Safe was asked to sign a transaction")

    SafeAccount.sign_transaction = never
    said: dict[str, Any] = {}
    played = Played(node, folder)
    owners = [each.address for each in played.owners[:3]]
    safe = played.found("ours", owners)
    said["aliases"] = aliases()
    said["dry run"] = played.deploy("--dry-run")
    said["first"] = played.deploy("--yes")
    said["again"] = played.deploy("--yes")
    waiting = list(safe.client.get_transactions())
    said["waiting"] = [
        (each.to, each.value, len(each.confirmations), each.safe_tx_hash) for each in waiting
    ]
    safe.submit_safe_tx(waiting[0].safe_tx_hash, submitter=played.owners[1])
    said["executed"] = played.deploy("--yes")
    said["message"] = played.refused("ours", "message")
    played.found("theirs", [person(1).address])
    said["no owner"] = played.refused("theirs", "transaction")
    played.found("elsewhere", owners, chain_id=1)
    said["elsewhere"] = played.refused("elsewhere", "transaction")
    return said


def main(folder: Path) -> None:
    """Print what was seen."""
    host = {"host": ""}
    with Node() as node, quiet():
        host["host"] = node.url
        with opened().networks.ethereum.local.use_provider("foundry", provider_settings=host):
            said = play(node, folder)
    print(json.dumps(said))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
