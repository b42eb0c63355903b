"""An EVM in this process with the same methods as a development node: no network, no waiting.

pyrevm runs a call in a tenth of the time that anvil takes. Time stands still unless it is told to
move, so that several transactions may share one second. What differs from a node: there are no
blocks to look back at, no fees, and transaction nonces do not count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak
from pyrevm import EVM, AccountInfo, BlockEnv, CfgEnv, Env

from mikoshi.chain.rpc import RevertedError, RpcError
from mikoshi.core.dao import DEPLOYMENT_PROXY
from mikoshi.text.json import Json

GAS_LIMIT = 16_777_216
"""Gas of a transaction that names none: the most that EIP-7825 allows."""

_PROXY_CODE = bytes.fromhex(
    "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe03601600081602082378035828234"
    "f58015156039578182fd5b8082525050506014600cf3"
)
_PUPPETEER = "0x" + keccak(text="mikoshi puppeteer")[12:].hex()
_REFUSED = -32003
_NOBODY = "0x" + "00" * 20
_ARGS_CLONE = 0x2D  # the length of a clone's code; what is longer carries arguments behind it
_REVERT = re.compile(r"output: 0x([0-9a-f]*)")


class Evm:
    """A chain in memory. Every account can send; nobody needs ether for gas."""

    def __init__(self, timestamp: int = 1_800_000_000, chain_id: int = 31337) -> None:
        """`timestamp` is the time of the first block, in Unix seconds."""
        self._evm = EVM(
            env=Env(cfg=CfgEnv(chain_id=chain_id)), gas_limit=GAS_LIMIT, spec_id="PRAGUE"
        )
        self._chain_id = chain_id
        self._time = timestamp
        self._snapshots: dict[str, tuple[Any, int, int]] = {}
        self._taken = 0
        self._mined = 0
        self._puppets: dict[str, str] = {}
        self._set_block()
        self.set_code(DEPLOYMENT_PROXY, _PROXY_CODE)

    # Reading

    def chain_id(self) -> int:
        """The chain's id."""
        return self._chain_id

    def timestamp(self) -> int:
        """The time of the latest block, in Unix seconds."""
        return self._time

    def balance(self, address: str) -> int:
        """The balance in wei."""
        return int(self._evm.get_balance(address))

    def code(self, address: str) -> bytes:
        """The deployed code; empty where there is none."""
        return bytes(self._evm.get_code(address) or b"")

    def storage(self, address: str, slot: int) -> bytes:
        """The 32 bytes in a storage slot."""
        return int(self._evm.storage(address, slot)).to_bytes(32, "big")

    def read(self, to: str, data: bytes, sender: str | None = None, value: int = 0) -> bytes:
        """What a call returns, undoing what it did. Raises RpcError with the revert data."""
        checkpoint = self._evm.snapshot()
        try:
            return self._message("eth_call", to, data, sender or _NOBODY, value, GAS_LIMIT)
        finally:
            self._evm.revert(checkpoint)

    # Writing

    def send(
        self,
        to: str | None,
        data: bytes = b"",
        *,
        sender: str,
        value: int = 0,
        gas: int | None = None,
    ) -> dict[str, Json]:
        """Mine a transaction from any account, contracts too; its receipt.

        It has all the gas a transaction may have unless told otherwise. Raises RevertedError when
        it fails, and RpcError when it is not taken at all.
        """
        self._mined += 1
        try:
            if to is None:
                created = self._evm.deploy(sender, data, value=value, gas=gas or GAS_LIMIT)
            else:
                created = None
                self._message("eth_sendTransaction", to, data, sender, value, gas or GAS_LIMIT)
        except RpcError as error:
            if error.code == _REFUSED:
                raise
            raise RevertedError(self._receipt(0, [], None), error.data) from error
        result = self._evm.result
        return self._receipt(1, result.logs if result else [], created)

    def _message(
        self, method: str, to: str, data: bytes, sender: str, value: int, gas: int
    ) -> bytes:
        if sender in self._puppets or self._evm.get_code(sender):
            word = bytes(12) + bytes.fromhex(to[2:])
            data = word + value.to_bytes(32, "big") + data
            sender, to, value = _PUPPETEER, self._puppet(sender), 0
        try:
            return bytes(
                self._evm.message_call(sender, to, calldata=data, value=value, gas=gas, gas_price=0)
            )
        except RuntimeError as error:
            text = str(error)
            if text.startswith("Revert"):
                found = _REVERT.search(text)
                revert = bytes.fromhex(found[1]) if found else b""
                raise RpcError(method, 3, "execution reverted", revert) from None
            code = -32015 if text.startswith("Halt") else _REFUSED
            raise RpcError(method, code, f"EVM error {text}") from None
        finally:
            self._evm.reset_transient_storage()

    def _receipt(self, status: int, logs: list[Any], created: str | None) -> dict[str, Json]:
        result = self._evm.result
        return {
            "transactionHash": f"0x{self._mined:064x}",
            "status": hex(status),
            "gasUsed": hex(result.gas_used if result else 0),
            "blockNumber": hex(self._mined),
            "contractAddress": created and to_checksum_address(created),
            "logs": [
                {"address": log.address, "topics": log.topics, "data": log.data[1]} for log in logs
            ],
        }

    # Time and state

    def snapshot(self) -> str:
        """Remember the state; give the result to `revert`, once."""
        self._taken += 1
        name = hex(self._taken)
        self._snapshots[name] = (self._evm.snapshot(), self._time, self._taken)
        return name

    def revert(self, snapshot: str) -> None:
        """Go back to a snapshot, its time included. Raises RpcError if it was used before."""
        if snapshot not in self._snapshots:
            raise RpcError("evm_revert", -32000, f"no snapshot {snapshot}")
        checkpoint, time, taken = self._snapshots.pop(snapshot)
        self._snapshots = {k: v for k, v in self._snapshots.items() if v[2] < taken}
        self._evm.revert(checkpoint)
        self._time = time
        self._set_block()

    @contextmanager
    def isolate(self) -> Iterator[None]:
        """Undo at the end whatever happens inside."""
        snapshot = self.snapshot()
        try:
            yield
        finally:
            self.revert(snapshot)

    def warp(self, seconds: int) -> int:
        """Let `seconds` pass; the time after that."""
        return self.warp_to(self._time + seconds)

    def warp_to(self, timestamp: int) -> int:
        """Go to `timestamp`, not before the present. Raises RpcError."""
        if timestamp < self._time:
            raise RpcError("evm_setNextBlockTimestamp", -32602, f"{timestamp} is in the past")
        self._time = timestamp
        self._set_block()
        return timestamp

    def fund(self, *addresses: str, wei: int = 10**20) -> None:
        """Let each of `addresses` own exactly so much, 100 ether if nothing is said."""
        for address in addresses:
            self._evm.set_balance(address, wei)

    def set_code(self, address: str, code: bytes) -> None:
        """Put code at an address. Not undone by `revert`."""
        balance = self.balance(address)
        info = AccountInfo(nonce=1, balance=balance, code=code)  # type: ignore[call-arg]
        self._evm.insert_account_info(address, info)

    def call(self, method: str, *params: Json) -> Json:
        """The few calls of a development node that set-up code makes. Raises RpcError."""
        match method, params:
            case "anvil_autoImpersonateAccount", _:
                return None
            case "eth_accounts", _:
                return [to_checksum_address("0x" + keccak(text="mikoshi account")[12:].hex())]
            case "anvil_setBalance", (address, amount):
                return self.fund(address, wei=int(amount, 16))
            case "anvil_setCode", (address, code):
                return self.set_code(address, bytes.fromhex(code[2:]) if code[1:2] == "x" else code)
        raise RpcError(method, -32601, "not known to the EVM in process")

    def _set_block(self) -> None:
        self._evm.set_block_env(
            BlockEnv(number=1 + self._mined, timestamp=self._time, basefee=0, gas_limit=10**9)
        )

    def _puppet(self, address: str) -> str:
        """A contract that also calls for the puppeteer: the EVM takes no transaction of its own.

        The contract's code moves to another address and is delegated to.
        """
        if address not in self._puppets:
            code = self.code(address)
            if len(code) > _ARGS_CLONE and code[:2] == b"\x36\x60":
                raise ValueError(f"{address} is a clone with arguments and cannot send")
            home = "0x" + keccak(text=f"code of {address}")[12:].hex()
            self.set_code(home, code)
            self.set_code(address, _puppet_code(home))
            self._puppets[address] = address
        return address


def _puppet_code(home: str) -> bytes:
    """Calls (target 32 | value 32 | data) for the puppeteer; others reach the code at `home`."""
    return bytes.fromhex(
        f"3373{_PUPPETEER[2:]}14604757"  # caller == puppeteer: go to 0x47
        f"365f5f375f5f365f73{home[2:]}5af4"  # delegatecall(home, calldata)
        "3d5f5f3e6043573d5ffd5b3d5ff3"  # give back what it gave; 0x43 is its success
        "5b604036038060405f375f5f915f6020355f355af1"  # 0x47: call(target, value, data)
        "3d5f5f3e6043573d5ffd"
    )
