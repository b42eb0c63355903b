"""Simulate a proposal: on a fork, after the others that come first."""

from __future__ import annotations

from collections.abc import Sequence

from mikoshi.chain.contract import Snapshot
from mikoshi.chain.rpc import Rpc
from mikoshi.check.parameters import changes
from mikoshi.context.address_book import AddressBook
from mikoshi.context.proposed import Proposed
from mikoshi.core.manifest import Manifest
from mikoshi.proposals.composed import Composed
from mikoshi.proposals.later import later
from mikoshi.replay.dao import RebuiltDao, replay
from mikoshi.replay.voice import Voice
from mikoshi.simulate.calls import name_coins, read_calls
from mikoshi.simulate.changes import read_roles, read_set_backs
from mikoshi.simulate.checks import CHECKS
from mikoshi.simulate.entries import entries
from mikoshi.simulate.fork import Fork, forked
from mikoshi.simulate.invariants import read_differences
from mikoshi.simulate.money import read_movements, read_needs, read_pieces, read_runways
from mikoshi.simulate.reasons import reason_of
from mikoshi.simulate.simulation import Simulation
from mikoshi.simulate.stage import Prior, Stage
from mikoshi.simulate.subject import SimulationSubject
from mikoshi.simulate.tables import chapters


def simulate(
    rpc: Rpc,
    manifest: Manifest,
    book: AddressBook,
    what: Composed | Proposed,
    *,
    rebuilt: RebuiltDao | None = None,
    before: Sequence[Proposed] | None = None,
) -> Simulation:
    """Execute a proposal on a copy of the chain, and look at what it did.

    `rebuilt` is the DAO from its events at the block to begin with, read from the chain if None.
    `before` are the proposals executed first; if None, those that passed and can be executed
    earlier. Raises NotNowError for what can no longer be executed, ChainError where the chain
    cannot be copied, RpcError, UnreachableError and ToolMissingError.
    """
    if rebuilt is None:
        voice = Voice.of_params(manifest.params["voice"])
        factory, start = manifest.shared["DAOFactory"], manifest.block or 0
        rebuilt = replay(rpc, manifest.dao(rpc), factory, voice, start, record=manifest)
    subject = SimulationSubject.of(what, rebuilt, Snapshot(rpc, rebuilt.block).time)
    first = subject.earlier(rebuilt) if before is None else before
    with forked(rpc, rebuilt.block) as fork:
        return _simulated(fork, manifest, book, subject, rebuilt, first)


def _simulated(
    fork: Fork,
    manifest: Manifest,
    book: AddressBook,
    subject: SimulationSubject,
    rebuilt: RebuiltDao,
    first: Sequence[Proposed],
) -> Simulation:
    stage = Stage(fork, manifest, book, rebuilt)
    start = stage.moment()
    prior = [Prior(each, stage.execute(each)) for each in first]
    before = stage.moment()
    name_coins(before.book, subject.steps)
    calls = read_calls(subject.what, manifest, before.book, before.snapshot)
    outcome = stage.perform(subject)
    after = stage.moment()
    name_coins(after.book, subject.steps)
    events = stage.events(outcome)
    movements = read_movements(calls, outcome, events, before, after)
    simulation = Simulation(
        dao=manifest.name,
        subject=subject,
        book=after.book,
        chain_id=manifest.chain_id,
        block=rebuilt.block,
        outcome=outcome,
        reason=reason_of(outcome, before.book),
        calls=calls,
        prior=[(each, reason_of(each.outcome, before.book)) for each in prior],
        events=events,
        needs=read_needs(calls, book.dao.treasury_address, before),
        movements=movements,
        pieces=read_pieces(events),
        runways=read_runways(movements, rebuilt, subject.now),
        roles=read_roles(events, manifest, after),
        changes=changes(before.parameters, after.parameters),
        set_backs=read_set_backs(subject, rebuilt, start, before, after),
        differences=read_differences(manifest, before, after),
        parameters=after.parameters,
        later=later(subject.steps, before.book, before.rebuilt, outcome.time)
        if outcome.success
        else [],
    )
    simulation.chapters, simulation.entries = chapters(simulation), entries(simulation)
    simulation.findings = [(name, each) for name, run in CHECKS.items() for each in run(simulation)]
    return simulation
