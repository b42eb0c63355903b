"""Where the gas of a transaction goes: slots, accounts, events, calldata, and computing."""

from __future__ import annotations

from dataclasses import dataclass, field

from mikoshi.chain.rpc import Rpc
from mikoshi.play.bench.world import Measurement
from mikoshi.text.json import Json

_BASE = 21_000
_COLD_SLOT = 2_100
_COLD_ACCOUNT = 2_600
_WARM = 100
_TRANSFER = 9_000
_ECRECOVER = 3_000
_TRACE = {"disableMemory": True, "disableStorage": True}

_CALLS = {"CALL", "CALLCODE", "STATICCALL", "DELEGATECALL"}
_CREATIONS = {"CREATE", "CREATE2"}
_ACCOUNT_READS = {"BALANCE", "EXTCODESIZE", "EXTCODEHASH", "EXTCODECOPY"}


@dataclass
class GasPart:
    """A kind of cost: how often, and how much gas in all."""

    times: int = 0
    gas: int = 0

    def add(self, gas: int, times: int = 1) -> None:
        """Count one more."""
        self.times += times
        self.gas += gas


@dataclass
class Explanation:
    """The gas of an operation by kind of cost, for all its transactions together."""

    name: str
    total: int = 0
    shared_by: int = 1
    parts: dict[str, GasPart] = field(default_factory=dict)

    def part(self, name: str) -> GasPart:
        """The part of that name, begun if there is none."""
        return self.parts.setdefault(name, GasPart())


def explain_receipts(rpc: Rpc, name: str, measured: Measurement) -> Explanation:
    """Trace the transactions of an operation. Needs a node that keeps their steps."""
    result = Explanation(name, shared_by=measured.shared_by)
    for receipt in measured.receipts:
        result.total += receipt.gas
        _Trace(rpc, receipt.raw["transactionHash"], result).run()
    known = sum(part.gas for part in result.parts.values())
    # What a clearing gives back (negative), and precompiles besides ecrecover.
    result.part("refunds and the rest").add(result.total - known, 0)
    return result


class _Trace:
    """One transaction's steps, each counted to its part."""

    def __init__(self, rpc: Rpc, transaction: str, result: Explanation) -> None:
        self.part = result.part
        sent = rpc.call("eth_getTransactionByHash", transaction)
        data = bytes.fromhex(sent["input"][2:])
        self.part("transaction").add(_BASE)
        zeros = data.count(0)
        self.part("calldata, bytes").add(4 * zeros + 16 * (len(data) - zeros), len(data))
        traced = rpc.call("debug_traceTransaction", transaction, _TRACE)
        self.steps: list[Json] = traced["structLogs"]
        self.accounts = {_account(sent["from"]), _account(sent["to"] or "0x0")}
        self.accounts |= set(range(1, 11))

    def run(self) -> None:
        for step in self.steps:
            self._count(step["op"], step["gasCost"], step["stack"])

    def _count(self, op: str, cost: int, stack: list[str]) -> None:
        if op == "SSTORE":
            self.part(_slot_kind(cost)).add(cost)
        elif op == "SLOAD" and cost >= _COLD_SLOT:
            self.part("slots read cold").add(cost)
        elif op.startswith("LOG"):
            self.part("events").add(cost)
            self.part("… their bytes of data").add(0, int(stack[-2], 16))
        elif op in _CALLS:
            self._count_call(op, stack)
        elif op in _ACCOUNT_READS:
            self._touch(_account(stack[-1]), cost)
        elif op in _CREATIONS:
            self.part("contracts created, without their code").add(32_000)
        else:
            self.part("computing").add(cost)

    def _count_call(self, op: str, stack: list[str]) -> None:
        """The cost of a call in a trace contains the gas that it passes on; counted from rules."""
        target = _account(stack[-2])
        self.part("calls").add(0)
        if target == 1:
            self.part("signatures recovered").add(_ECRECOVER)
        if op == "CALL" and int(stack[-3], 16) != 0:
            self.part("ether sent").add(_TRANSFER)
        self._touch(target, _WARM)

    def _touch(self, account: int, warm_cost: int) -> None:
        if account in self.accounts:
            self.part("computing").add(min(warm_cost, _WARM))
        else:
            self.accounts.add(account)
            self.part("accounts touched cold").add(_COLD_ACCOUNT)


def _slot_kind(cost: int) -> str:
    if cost >= 20_000:
        return "slots written new"
    if cost >= 2_900:
        return "slots changed"
    return "slots written again or unchanged"


def _account(word: str) -> int:
    return int(word, 16) & (1 << 160) - 1
