"""The state machine of the whole core: random histories on a chain beside the model.

`run` drives it over any contracts, mutants too, on the EVM in process or on a node. Histories are
the same in every run unless a seed is given; one that fails is shrunk to the shortest. From the
command line: `python -m mikoshi.testing.machine --steps 1000000 --seed 7 [--chain anvil]`.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from hypothesis import HealthCheck, Phase, Verbosity, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule, run_state_machine_as_test

from mikoshi.chain.contract import ContractRevertedError
from mikoshi.chain.node import Node, NodeOptions
from mikoshi.chain.rpc import RevertedError, RpcError
from mikoshi.core.artifacts import Artifact
from mikoshi.testing.defaults import DAY
from mikoshi.testing.evm import Evm
from mikoshi.testing.invariants import check_conservation, glance, inspect
from mikoshi.testing.machine_chance import BACKEND, EvenChance, Weighted
from mikoshi.testing.machine_checks import check_liveness
from mikoshi.testing.machine_payloads import pick
from mikoshi.testing.machine_people import NUMBER, SMALL, PeopleRules
from mikoshi.testing.machine_votes import VoteRules
from mikoshi.testing.machine_world import SETUPS, START, DevChain, MachineWorld
from mikoshi.testing.model.state import EPOCH, ProposalState

INSPECT_EVERY = 25
STEPS_PER_EXAMPLE = 60
_FAILED = ContractRevertedError, RevertedError, RpcError
_SHOWN = 20
_TICKS = (0, 1, 12, 0, 3_600)
YEAR = 365 * DAY
WEIGHTS = {
    "door": 12,
    "admit": 6,
    "credit": 7,
    "wait": 7,
    "carry": 7,
    "propose": 7,
    "vote": 7,
    "batch": 6,
    "delegate": 5,
    "sell": 4,
    "wake": 4,
    "execute": 4,
    "turnout": 3,
    "rejoin": 3,
    "lapse": 3,
    "move_tokens": 3,
    "change_caps": 2,
    "exit": 2,
    "reclaim": 2,
    "cancel": 2,
    "delegate_as_standard": 2,
}
"""How often a rule comes up beside those that are not here, which have 1."""


class Machine(PeopleRules, VoteRules):
    """All rules. Subclasses set the `world`, which is reset before each history."""

    def __init__(self) -> None:
        super().__init__()
        self._rules_strategy = Weighted(self, WEIGHTS)
        self.world.reset()
        self._done = 0

    @rule(kind=st.integers(0, 23), number=NUMBER)
    def wait(self, kind: int, number: int) -> None:
        """Time passes: seconds to decades, or to just before, at or after what is due."""
        world = self.world
        if kind < 12:
            spans = (1, 60, 3_600, DAY, 3 * DAY, 30 * DAY, 31 * DAY, 90 * DAY, 210 * DAY, YEAR)
            span = pick((*spans, 2 * YEAR, 26 * YEAR if number % 8 == 7 else 7 * DAY), kind)
            world.warp_to(world.now + span)
            return
        dates = [time for time in self._dates() if time > world.now]
        if dates:
            world.warp_to(pick(sorted(dates), number // 3) + pick((0, 1, -1), number))

    def _dates(self) -> list[int]:
        """When something becomes due."""
        world = self.world
        state, governor = world.model.state, world.model.governor
        dates = [world.now + EPOCH - (world.now - world.params["voice"]["t0"]) % EPOCH]
        for proposal in state.proposals.values():
            final = ProposalState.CANCELED, ProposalState.EXECUTED, ProposalState.DEFEATED
            if governor.state_of(proposal) not in final:
                dates += [proposal.snapshot, proposal.deadline]
                dates += [governor.eta(proposal), governor.expiry(proposal)]
        for member in state.members.values():
            stamped = member.recorded * DAY
            dates.append(stamped + 30 * DAY + state.membership["dormantAfter"])
            dates += [stamped + DAY + state.membership["season"], stamped + 731 * DAY]
        return [*dates, state.guardian[1], state.steward[1]]

    @invariant()
    def agrees(self) -> None:
        """After each step the cheap invariants, now and then all of them."""
        world = self.world
        world.steps += self._done > 0 and world.busy
        self._done += 1
        glance(world)
        if self._done % INSPECT_EVERY == 0:
            self._inspect()
        world.warp_to(world.now + pick(_TICKS, self._done))
        world.busy = False

    @rule(number=NUMBER, how=SMALL)
    def look_back(self, number: int, how: int) -> None:
        """The sums at some moment of the past."""
        world = self.world
        moments = [moment for moment, _ in world.model.environment.past]
        time = pick(moments[::-1], number) + pick((0, -1, 1, how * 3_600), how)
        if world.founded <= time < world.now:
            check_conservation(world, time)
            world.busy = True

    def teardown(self) -> None:
        """At the end everything, and whether the community could still decide."""
        error = sys.exc_info()[1]
        if error:
            calls = "\n".join(self.world.log[-_SHOWN:])
            error.add_note(f"The last calls:\n{calls}")
        elif self._done:
            self._inspect()
            check_liveness(self.world, self.stranger)

    def _inspect(self) -> None:
        world = self.world
        changes = [time for time, _ in world.model.environment.past]
        world.warp_to(world.now + 1)
        inspect(world, [pick(changes, self._done * 7), pick(changes, self._done * 3) - 1])


@dataclass
class MachineReport:
    """What a run did: steps made, and calls by (function, outcome)."""

    steps: int = 0
    coverage: Counter[tuple[str, str]] = field(default_factory=Counter)

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
    """At least `steps` steps over `contracts` (the project's if None), spread over the setups.

    `chain` is "evm" or "anvil". Raises AssertionError at the first difference, with the shortest
    history that shows it unless `shrink` is False.
    """
    report = MachineReport()
    for index, name in enumerate(setups):
        start = 1_000_000 * first_seed + 1_000 * index
        share = -(-steps // len(setups))
        if chain == "anvil":
            with Node(NodeOptions(timestamp=START - 10, history=True)) as node:
                node.rpc.warp_to(START)
                _explore(_world(node.rpc, name, contracts), share, start, shrink, report)
        else:
            _explore(_world(Evm(START), name, contracts), share, start, shrink, report)
    return report


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


def main() -> None:
    """Explore from the command line."""
    parser = argparse.ArgumentParser(description="Run the core beside its model.")
    parser.add_argument("--steps", type=int, default=20_000, help="at least so many; 20000")
    parser.add_argument("--seed", type=int, default=0, help="other histories for each; 0")
    parser.add_argument("--chain", choices=("evm", "anvil"), default="evm", help="evm")
    parser.add_argument("--setup", choices=tuple(SETUPS), action="append", help="all")
    options = parser.parse_args()
    setups = tuple(options.setup or SETUPS)
    began = time.monotonic()
    report = run(None, options.steps, options.chain, options.seed, setups=setups)
    rate = report.steps / (time.monotonic() - began)
    sys.stdout.write(f"{report}\n{rate:.0f} steps a second\n")


if __name__ == "__main__":
    main()
