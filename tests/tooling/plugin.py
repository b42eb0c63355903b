"""A plugin of Ape, installed into a folder: keys that are kept elsewhere, and a node.

Its accounts are files `vault/<alias>.json` in Ape's data folder: an address, the file of the key,
and how the account behaves when it is asked to sign.
"""

from __future__ import annotations

import json
import textwrap
from pathlib import Path

from eth_account.signers.local import LocalAccount

PLUGIN = '''
import json
import os
from pathlib import Path

from ape import plugins
from ape.api import AccountAPI, AccountContainerAPI
from ape.types import MessageSignature, TransactionSignature
from ape_ethereum.provider import Web3Provider
from eth_account import Account
from web3 import HTTPProvider, Web3
from web3.providers.base import JSONBaseProvider


class VaultAccount(AccountAPI):
    file: Path

    @property
    def said(self):
        return json.loads(self.file.read_text())

    @property
    def alias(self):
        return self.file.stem

    @property
    def address(self):
        return self.said["address"]

    def _key(self):
        """The key, or whatever else the vault does."""
        print("vault: please confirm on the device")
        match self.said["does"]:
            case "sign":
                return Account.from_key(Path(self.said["key"]).read_text())
            case "ask":
                assert self.provider.chain_id == self.said["chain_id"]
                return Account.from_key(Path(self.said["key"]).read_text())
            case "refuse":
                return None
            case "time out":
                raise TimeoutError("timed out")
            case "not implemented":
                raise NotImplementedError("Safe accounts do not support this!")
            case "exit":
                raise SystemExit(3)
            case other:
                raise RuntimeError(other)

    def sign_message(self, msg, **options):
        key = self._key()
        if key is None:
            return None
        signed = key.sign_message(msg)
        return MessageSignature(signed.v, signed.r.to_bytes(32), signed.s.to_bytes(32))

    def sign_transaction(self, txn, **options):
        key = self._key()
        if key is None:
            return None
        if self.said.get("unsigned"):
            return txn
        data = txn.model_dump(mode="json", by_alias=True, exclude={"sender"})
        signed = key.sign_transaction(data | self.said.get("changes", {}))
        txn.signature = TransactionSignature(
            signed.v, signed.r.to_bytes(32), signed.s.to_bytes(32)
        )
        return txn


class VaultContainer(AccountContainerAPI):
    @property
    def _files(self):
        return sorted(self.data_folder.glob("*.json"))

    @property
    def aliases(self):
        return (each.stem for each in self._files)

    @property
    def accounts(self):
        for each in self._files:
            if each.stem == "broken":
                raise RuntimeError("the vault is closed")
            yield VaultAccount(file=each)

    def __len__(self):
        return len(self._files)


class VaultNode(Web3Provider):
    """The node of VAULT_URL, with or without telling that it has a URL."""

    def connect(self):
        url = os.environ["VAULT_URL"]
        kind = HTTPProvider if os.environ["VAULT_WAY"] == "url" else Hidden
        self._web3 = Web3(kind(url))

    def disconnect(self):
        self._web3 = None


class Hidden(JSONBaseProvider):
    """A way to a node that is nobody's business."""

    def __init__(self, url):
        super().__init__()
        self._inner = HTTPProvider(url)

    def make_request(self, method, params):
        return self._inner.make_request(method, params)


@plugins.register(plugins.AccountPlugin)
def account_types():
    return VaultContainer, VaultAccount


@plugins.register(plugins.ProviderPlugin)
def providers():
    yield "ethereum", "sepolia", VaultNode
'''


def install(site: Path) -> None:
    """Put the distribution `ape-vault` into a folder for packages, as pip would."""
    (site / "ape_vault").mkdir(parents=True)
    (site / "ape_vault" / "__init__.py").write_text(textwrap.dedent(PLUGIN))
    info = site / "ape_vault-0.8.1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: ape-vault\nVersion: 0.8.1\n")
    (info / "top_level.txt").write_text("ape_vault\n")


def keep(data: Path, alias: str, key: LocalAccount, does: str = "sign", **more: object) -> None:
    """Add an account to the vault; its key is in a file beside it, which Ape does not see."""
    vault = data / "vault"
    vault.mkdir(parents=True, exist_ok=True)
    file = data / f"{alias}.key"
    file.write_text(f"0x{key.key.hex()}")
    kept = {"address": key.address, "key": str(file), "does": does, **more}
    (vault / f"{alias}.json").write_text(json.dumps(kept))
