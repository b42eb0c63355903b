"""Sending sources to the explorer of a network through Ape's plugin `ape-etherscan`.

Its client takes our standard JSON and arguments; its own would be compiled to other code.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING

from mikoshi.chain.networks import opened, quiet, started, told_by
from mikoshi.chain.rpc import Rpc
from mikoshi.core.artifacts import SETTINGS
from mikoshi.text.errors import BadInputError, ChainError
from mikoshi.text.language import N_
from mikoshi.verify.deployed import DeployedContract
from mikoshi.verify.standard_input import StandardInput

if TYPE_CHECKING:
    from ape.api import ExplorerAPI, NetworkAPI

PLUGIN = "ape_etherscan"

_ASKED = 40  # times
_PAUSE = 3.0  # seconds
_KNOWN = "already verified"
_PENDING = "pending"
_PASSED = ("pass", "already verified")


def installed() -> bool:
    """Whether Ape has the plugin."""
    return find_spec(PLUGIN) is not None


@contextmanager
def explorer(rpc: Rpc, chain_id: int) -> Iterator[ExplorerAPI]:
    """The explorer of a chain, with Ape connected to the chain through the node of `rpc`.

    Raises BadInputError where Ape or the plugin knows none, and ChainError.
    """
    if not installed():
        raise BadInputError(
            "explorer.no-plugin",
            N_("Sources cannot be sent from here"),
            N_("Ape's plugin ape-etherscan is not installed"),
            N_("Install it with `ape plugins install etherscan`, or upload the files by hand"),
        )
    ape = opened()
    networks = (each for eco in ape.networks.ecosystems.values() for each in eco.networks.values())
    network = next((each for each in networks if _is(each, chain_id)), None)
    found = network.explorer if network else None
    if network is None or found is None:
        raise BadInputError(
            "explorer.unknown-chain",
            N_("There is no explorer for chain {chain_id}"),
            N_("Ape or its plugin ape-etherscan does not know that chain"),
            N_("Upload the files by hand where the chain's explorer takes them"),
            chain_id=chain_id,
        )
    with ExitStack() as stack:
        if ape.networks.active_provider is None:
            started(f"{network.ecosystem.name}:{network.name}:{rpc.url}", stack)
        yield found


def submit(explorer: ExplorerAPI, given: StandardInput, contract: DeployedContract) -> str:
    """Send the sources of a contract, and wait for the verdict in the explorer's words.

    Raises ChainError where it does not take them.
    """
    from ape_etherscan.client import ContractClient
    from ape_etherscan.types import EtherscanInstance

    network = explorer.network
    try:
        with quiet():
            instance = EtherscanInstance(
                ecosystem_name=network.ecosystem.name,
                network_name=network.name,
                uri=explorer.etherscan_uri,
                api_uri=explorer.etherscan_api_uri,
            )
            client = ContractClient(instance, contract.address)
            receipt = client.verify_source_code(
                given.question,
                given.version,
                contract_name=given.identifier(contract.name),
                optimization_used=SETTINGS["optimizer"]["enabled"],
                optimization_runs=SETTINGS["optimizer"]["runs"],
                constructor_arguments=contract.arguments.hex(),
                evm_version=SETTINGS["evmVersion"],
                license_type=3,  # MIT, as the explorer numbers it
                via_ir=SETTINGS["viaIR"],
            )
            verdict = str(client.check_verify_status(receipt))
            for __ in range(_ASKED):
                if _PENDING not in verdict.lower():
                    break
                time.sleep(_PAUSE)
                verdict = str(client.check_verify_status(receipt))
    except (Exception, SystemExit) as error:
        if _KNOWN in str(error).lower():
            return told_by(error)
        raise _refused(contract, told_by(error)) from error
    if not any(word in verdict.lower() for word in _PASSED):
        raise _refused(contract, verdict)
    return verdict


def _is(network: NetworkAPI, chain_id: int) -> bool:
    """Whether this is the live network of a chain."""
    if network.is_local or network.is_fork:
        return False
    return int(network.chain_id) == chain_id


def _refused(contract: DeployedContract, reason: str) -> ChainError:
    return ChainError(
        "explorer.refused",
        N_("The explorer did not take the sources of {contract} at {address}"),
        "{reason}",
        N_("Run the command again, or upload the files by hand"),
        contract=contract.name,
        address=contract.address,
        reason=reason,
    )
