"""Which events concern a DAO, and what they mean."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from eth_abi.exceptions import DecodingError
from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak

from mikoshi.chain.abi import Event, Interface
from mikoshi.core import artifacts
from mikoshi.core.artifacts import Artifact
from mikoshi.core.dao import CONTRACTS
from mikoshi.core.manifest import Manifest
from mikoshi.replay.dao import creation_topics
from mikoshi.replay.membership import NOBODY
from mikoshi.text.json import Json, plain

_TRANSFER = "0x" + keccak(text="Transfer(address,address,uint256)").hex()


class Watch:
    """What is read for one DAO: its contracts and modules, its creation, money in and out."""

    def __init__(self, manifest: Manifest, contracts: Mapping[str, Artifact] | None = None) -> None:
        contracts = contracts or artifacts.project()
        self.treasury = manifest.addresses["treasury"]
        self.factory = manifest.shared["DAOFactory"]
        self.parts = {manifest.addresses[part]: name for part, name in CONTRACTS.items()}
        self.modules = [to_checksum_address(module) for module in manifest.module_addresses]
        self._creation = creation_topics(self.treasury, contracts)
        core = self.parts | {self.factory: "DAOFactory"}
        self._own = {at.lower(): Interface(contracts[name].abi) for at, name in core.items()}
        self._any = Interface(*(contracts[name].abi for name in sorted(contracts)))
        self.known = _fingerprint(contracts)

    @property
    def core(self) -> list[str]:
        """The contracts whose events rebuild the DAO: the four, and the factory."""
        return [*self.parts, self.factory]

    @property
    def contracts(self) -> dict[str, str]:
        """What each contract is that is known beforehand, by address."""
        return self.parts | {self.factory: "DAOFactory"} | dict.fromkeys(self.modules, "module")

    def filters(self, named: Collection[str]) -> list[dict[str, Json]]:
        """What to ask for; `named` are addresses that the Treasury's events name."""
        treasury = f"0x{self.treasury[2:].lower():0>64}"
        return [
            self.filter([*self.parts, *self.modules, *named]),
            {"address": self.factory, "topics": self._creation},
            {"topics": [_TRANSFER, treasury]},
            {"topics": [_TRANSFER, None, treasury]},
        ]

    def filter(self, addresses: Iterable[str]) -> dict[str, Json]:
        """Everything that these contracts announce."""
        return {"address": sorted(addresses)}

    def named(self, logs: Iterable[Mapping[str, Json]]) -> set[str]:
        """Whom the Treasury's events give a role or make its governor, parts and modules aside."""
        fields = {"RoleGranted": "account", "GovernorChanged": "to"}
        own = (log for log in logs if log["address"].lower() == self.treasury.lower())
        events = (event for event in map(self.decode, own) if event.name in fields)
        found = {event.args[fields[event.name]] for event in events}
        return found - {*self.parts, *self.modules, NOBODY}

    def decode(self, log: Mapping[str, Json]) -> Event:
        """What a log says; "" without arguments where it is unknown or senseless."""
        try:
            event = self._own.get(log["address"].lower(), self._any).decode_log(log)
        except (ValueError, OverflowError, DecodingError):  # anybody may announce anything
            event = None
        return event or Event("", {}, to_checksum_address(log["address"]))


def _fingerprint(contracts: Mapping[str, Artifact]) -> str:
    """Which events are known: another text where a decoded event could read differently."""
    events = {
        name: [entry for entry in contracts[name].abi if entry["type"] == "event"]
        for name in contracts
    }
    return keccak(text=json.dumps(events, sort_keys=True)).hex()


def canonical(args: Mapping[str, Any]) -> str:
    """An event's arguments as JSON that is always the same: integers as text, bytes as hex."""
    return json.dumps(plain(args, -1), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
