"""The state machine of the whole core: random histories on a chain beside the model.

`run` drives it over any contracts, mutants too, on the EVM in process or on a node. Histories are
the same in every run unless a seed is given; one that fails is shrunk to the shortest. From the
command line: `python -m mikoshi.testing.machine --steps 1000000 --seed 7 [--chain anvil]`.
"""

from __future__ import annotations

import argparse
import gc
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from multiprocessing import Pool

from hypothesis import HealthCheck, Phase, Verbosity, settings
from hypothesis.stateful import run_state_machine_as_test

from mikoshi.chain.contract import ContractRevertedError
from mikoshi.chain.node import Node, NodeOptions
from mikoshi.chain.rpc import RevertedError, RpcError
from mikoshi.core.artifacts import Artifact
from mikoshi.testing.evm import Evm
from mikoshi.testing.machine_chance import BACKEND, EvenChance
from mikoshi.testing.machine_setups import SETUPS, START
from mikoshi.testing.machine_views import DevChain
from mikoshi.testing.machine_whole import Machine
from mikoshi.testing.machine_world import MachineWorld

STEPS_PER_EXAMPLE = 60
_FAILED = ContractRevertedError, RevertedError, RpcError


@dataclass
class MachineReport:
    """What a run did: steps made, and calls by (function, outcome)."""

    steps: int = 0
    coverage: Counter[tuple[str, str]] = field(default_factory=Counter)

    def __add__(self, other: MachineReport) -> MachineReport:
        return MachineReport(self.steps + other.steps, self.coverage + other.coverage)

    def __str__(self) -> str:
        rows: dict[str, list[str]] = {}
        for (name, outcome), count in sorted(self.coverage.items()):
            rows.setdefault(name, []).append(f"{outcome} {count}")
        lines = [f"  {name}: {', '.join(found)}" for name, found in rows.items()]
        return "\n".join([f"{self.steps} steps", *lines])


def run(
    contracts: Mapping[str, Artifact] | None = None,
    steps: int = 1_000,
    chain: str = "evm",
    first_seed: int = 0,
    shrink: bool = True,
    setups: tuple[str, ...] = tuple(SETUPS),
) -> MachineReport:
    """At least `steps` steps over `contracts` (the project's if None), shared among the setups.

    `chain` is "evm" or "anvil". Raises AssertionError at the first difference, with the shortest
    history that shows it unless `shrink` is False.
    """
    report = MachineReport()
    for name, share in _shares(steps, setups).items():
        start = 1_000_000 * first_seed + 1_000 * list(SETUPS).index(name)
        if chain == "anvil":
            with Node(NodeOptions(timestamp=START - 10)) as node:
                node.rpc.warp_to(START)
                _explore(_world(node.rpc, name, contracts), share, start, shrink, report)
        else:
            _explore(_world(Evm(START), name, contracts), share, start, shrink, report)
    return report


def _shares(steps: int, setups: Sequence[str]) -> dict[str, int]:
    """How many steps each setup is played."""
    whole = sum(SETUPS[name].share for name in setups)
    return {name: -(-steps * SETUPS[name].share // whole) for name in setups}


def _world(chain: DevChain, name: str, contracts: Mapping[str, Artifact] | None) -> MachineWorld:
    try:
        return MachineWorld(chain, SETUPS[name], contracts)
    except _FAILED as error:
        raise AssertionError(f"the DAO {name} cannot be founded: {error}") from error


def _explore(
    world_: MachineWorld, steps: int, start: int, shrink: bool, report: MachineReport
) -> None:
    class Histories(Machine):
        world = world_

    world_.sparing = True
    phases = [Phase.generate, Phase.shrink] if shrink else [Phase.generate]
    attempt = 0
    while world_.steps < steps:
        examples = 2 + (steps - world_.steps) // STEPS_PER_EXAMPLE  # one does nothing
        rules = settings(
            max_examples=examples,
            stateful_step_count=STEPS_PER_EXAMPLE,
            deadline=None,
            database=None,
            derandomize=True,
            phases=phases,
            backend=BACKEND,
            print_blob=False,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
            verbosity=Verbosity.normal,
        )
        EvenChance.begin(start + attempt)
        try:
            run_state_machine_as_test(Histories, settings=rules)
        except _FAILED as error:
            raise AssertionError(f"a call that must not fail: {error}") from error
        attempt += 1
    report.steps += world_.steps
    report.coverage += world_.coverage


def _one(name: str, steps: int, chain: str, seed: int) -> MachineReport:
    """One setup, in a process of its own."""
    gc.freeze()  # what was loaded stays: not to be looked through again and again
    return run(None, steps, chain, seed, setups=(name,))


def main() -> None:
    """Explore from the command line, a process a core."""
    parser = argparse.ArgumentParser(description="Run the core beside its model.")
    parser.add_argument("--steps", type=int, default=20_000, help="at least so many; 20000")
    parser.add_argument("--seed", type=int, default=0, help="other histories for each; 0")
    parser.add_argument("--chain", choices=("evm", "anvil"), default="evm", help="evm")
    parser.add_argument("--setup", choices=tuple(SETUPS), action="append", help="all")
    options = parser.parse_args()
    setups = tuple(options.setup or SETUPS)
    began = time.monotonic()
    shares = _shares(options.steps, setups)
    jobs = [(name, share, options.chain, options.seed) for name, share in shares.items()]
    with Pool() as pool:
        report = sum(pool.starmap(_one, jobs, chunksize=1), MachineReport())
    rate = report.steps / (time.monotonic() - began)
    sys.stdout.write(f"{report}\n{rate:.0f} steps a second\n")


if __name__ == "__main__":
    main()
