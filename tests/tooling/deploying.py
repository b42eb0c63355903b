"""What the tests of deployments share."""

from __future__ import annotations

import os

import pytest

from mikoshi.chain.node import DevRpc
from mikoshi.chain.rpc import Rpc, UnreachableError
from mikoshi.chain.sender import Sender
from mikoshi.core import artifacts
from mikoshi.core.dao import shared_deployments
from mikoshi.text.errors import ChainError, MikoshiError
from tests.tooling.live import Place, deployer


def creations(rpc: DevRpc) -> int:
    """How many DAOs the factory has made."""
    factory = shared_deployments(artifacts.project())[-1].address
    return len(rpc.call("eth_getLogs", {"fromBlock": "0x0", "address": factory}))


def interrupt(place: Place, rpc: Rpc, alias: str = "alice") -> None:
    """Deploy through a node that goes away meanwhile."""
    with pytest.raises((ChainError, UnreachableError)):
        place.deploy(rpc, alias)


def refused(place: Place, rpc: DevRpc, kind: type[MikoshiError], live: bool = True) -> MikoshiError:
    nonce = rpc.nonce(deployer().address)
    with pytest.raises(kind) as caught:
        place.deploy(rpc, live=live)
    assert rpc.nonce(deployer().address) == nonce
    return caught.value


class Disk:
    """A disk that is full from a number of transactions on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, after: int) -> None:
        self.sent: list[str] = []
        broadcast, fsync = Sender._broadcast, os.fsync

        def sends(sender: Sender, signed: bytes) -> str:
            self.sent.append(broadcast(sender, signed))
            return self.sent[-1]

        def full(handle: int) -> None:
            if len(self.sent) >= after:
                raise OSError(28, "No space left on device")
            fsync(handle)

        monkeypatch.setattr(Sender, "_broadcast", sends)
        monkeypatch.setattr(os, "fsync", full)
