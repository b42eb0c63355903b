"""A stand-in for the distribution `ape-etherscan`, with the part of its client that we use."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mikoshi.text.paths import ROOT

PLUGIN = """
from ape import plugins
from ape.api import ExplorerAPI


class Etherscan(ExplorerAPI):
    etherscan_uri: str = "https://sepolia.explorer.example"
    etherscan_api_uri: str = "https://api.explorer.example"

    def get_address_url(self, address):
        return f"{self.etherscan_uri}/address/{address}"

    def get_transaction_url(self, transaction_hash):
        return f"{self.etherscan_uri}/tx/{transaction_hash}"

    def get_contract_type(self, address):
        return None

    def get_account_transactions(self, address):
        return iter(())

    def publish_contract(self, address):
        raise NotImplementedError


@plugins.register(plugins.ExplorerPlugin)
def explorers():
    yield "ethereum", "NETWORK", Etherscan
"""

TYPES = """
from dataclasses import dataclass


@dataclass
class EtherscanInstance:
    ecosystem_name: str
    network_name: str
    uri: str
    api_uri: str
"""

CLIENT = """
import json
from pathlib import Path

from ape.utils import ManagerAccessMixin

HERE = Path(__file__).parent
SAYS = json.loads((HERE / "says.json").read_text())


class ContractClient(ManagerAccessMixin):
    def __init__(self, instance, address):
        self._instance, self._address, self._asked = instance, address, 0

    def verify_source_code(
        self,
        standard_json_output,
        compiler_version,
        contract_name=None,
        optimization_used=False,
        optimization_runs=200,
        constructor_arguments=None,
        evm_version=None,
        license_type=None,
        libraries=None,
        via_ir=False,
    ):
        assert self.network_manager.ecosystem.name == "ethereum"  # as the real one asks: connected
        if SAYS[0].startswith("raise: "):
            raise RuntimeError(SAYS[0].removeprefix("raise: "))
        entry = {
            "standard_json": standard_json_output,
            "version": compiler_version,
            "contract_name": contract_name,
            "optimization_runs": optimization_runs,
            "constructor_arguments": constructor_arguments,
            "evm_version": evm_version,
            "address": self._address,
            "uri": self._instance.uri,
        }
        with (HERE / "sent.jsonl").open("a") as file:
            file.write(json.dumps(entry) + "\\n")
        return "receipt"

    def check_verify_status(self, guid):
        assert guid == "receipt"
        self._asked += 1
        return SAYS[min(self._asked, len(SAYS)) - 1]
"""


@dataclass
class Explorer:
    """The plugin in a folder for packages, and what its explorer `says`, one answer after another.

    An answer that begins with `raise: ` is an exception of the client.
    """

    site: Path
    says: Sequence[str]
    network: str = "sepolia"

    def __post_init__(self) -> None:
        package = self.site / "ape_etherscan"
        package.mkdir(parents=True)
        (package / "__init__.py").write_text(PLUGIN.replace("NETWORK", self.network))
        (package / "types.py").write_text(TYPES)
        (package / "client.py").write_text(CLIENT)
        (package / "says.json").write_text(json.dumps(self.says))
        info = self.site / "ape_etherscan-0.8.7.dist-info"
        info.mkdir()
        described = "Metadata-Version: 2.1\nName: ape-etherscan\nVersion: 0.8.7\n"
        (info / "METADATA").write_text(described)
        (info / "top_level.txt").write_text("ape_etherscan\n")

    def run(
        self, words: Sequence[str], environment: Mapping[str, str]
    ) -> subprocess.CompletedProcess[str]:
        """A command of Ape in a process of its own, with the plugin."""
        path = os.pathsep.join([str(self.site), str(ROOT)])
        return subprocess.run(
            words,
            cwd=ROOT,
            env={**environment, "PYTHONPATH": path},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )

    def sent(self) -> list[dict[str, Any]]:
        """What came to the explorer, in order."""
        lines = (self.site / "ape_etherscan" / "sent.jsonl").read_text().splitlines()
        return [json.loads(line) for line in lines]
