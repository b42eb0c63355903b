"""Properties of governance that one state of a DAO cannot show: two ways, or a way to the end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from eth_utils.crypto import keccak

from mikoshi.testing.defaults import DAY
from mikoshi.testing.machine_actors import Actor
from mikoshi.testing.machine_setups import PAYEES
from mikoshi.testing.machine_world import MachineWorld
from mikoshi.testing.model.proposal import Action, Proposal, SignedBallot, Support
from mikoshi.testing.model.state import Standing


def voters(world: MachineWorld, proposal: Proposal) -> list[Actor]:
    """Who could still cast a ballot."""
    if world.now <= proposal.snapshot:
        return []
    return [
        world.actor(member.wallet)
        for member in world.model.state.members.values()
        if member.id not in proposal.ballots
        and member.standing in (Standing.ACTIVE, Standing.DORMANT)
        and world.model.membership.entry(member.wallet, proposal.snapshot)[0]
    ]


def lists(actions: Sequence[Action]) -> tuple[list[str], list[int], list[bytes]]:
    """Targets, values and calldatas, as `propose` wants them."""
    return [a.target for a in actions], [a.value for a in actions], [a.data for a in actions]


def abi(signed: Sequence[SignedBallot]) -> tuple[list[Any], list[Any]]:
    """The two lists of a batch."""
    wallets, accounts = [], []
    for ballot in signed:
        terms = ballot.id << 48 | ballot.deadline << 8 | ballot.support
        if ballot.voter is None:
            wallets.append((terms, ballot.signature[:32], ballot.signature[32:64]))
        else:
            accounts.append((terms, ballot.voter, ballot.signature))
    return wallets, accounts


def check_announcement(world: MachineWorld) -> None:
    """A proposal that was just made is announced to the byte."""
    for event in world.events:
        if event.name != "ProposalCreated":
            continue
        args = event.args
        proposal = world.model.state.proposals[args["proposalId"]]
        proposer = world.model.state.members[proposal.proposer].wallet
        targets, values, calldatas = lists(proposal.actions)
        assert list(args.values())[1:] == [
            proposer,
            targets,
            values,
            [""] * len(targets),
            calldatas,
            proposal.snapshot,
            proposal.deadline,
            proposal.description,
        ], f"announced as {args}"


def check_batch_equals_singles(
    world: MachineWorld, proposal: Proposal, signed: Sequence[SignedBallot], relayer: str
) -> None:
    """A batch leaves behind what its good ballots would as single votes, in the same order.

    But late turns: there a batch as a whole is one turn, or none.
    """
    governor = world.contract("governor")
    late = world.model.governor.rules(proposal)["lateExtension"] + world.now > proposal.deadline

    def outcome(vote: Callable[[], list[dict[str, Any]]]) -> tuple[Any, ...]:
        snapshot = world.chain.snapshot()
        logs = vote()
        events = [e for e in world.decode(logs) if e.name in ("VoteCast", "ProposalExtended")]
        number = proposal.id
        people = [actor.address for actor in [*world.people, *world.wallets]]
        calls: list[tuple[Any, ...]] = [
            ("governor", "proposalVotes", number),
            ("governor", "proposalTurnout", number),
            *([] if late else [("governor", "proposalDeadline", number)]),
            *(("governor", "hasVoted", number, account) for account in people),
            ("membership", "census"),
            *(("membership", "delegates", account) for account in people),
            *(("membership", "stampOf", number) for number in world.model.state.members),
        ]
        values = world.read_many(calls)
        world.chain.revert(snapshot)
        casts = [tuple(e.args.values()) for e in events if e.name == "VoteCast"]
        return casts, values, [e.args for e in events if e.name != "VoteCast" and not late]

    def together() -> list[dict[str, Any]]:
        receipt = governor.send(
            "castVotesBySig", proposal.id, *abi(signed), sender=relayer, gas=16_000_000
        )
        logs: list[dict[str, Any]] = receipt.raw["logs"]
        return logs

    batched = outcome(together)

    def one_by_one() -> list[dict[str, Any]]:
        logs: list[dict[str, Any]] = []
        for voter, number, support, *_ in batched[0]:
            logs += governor.send("castVote", number, support, sender=voter).raw["logs"]
        return logs

    singly = outcome(one_by_one)
    assert batched == singly, f"a batch left {batched}, single votes left {singly}"
    world.coverage["batch=singles", "ok"] += 1


def check_liveness(world: MachineWorld, relayer: str) -> None:
    """Whatever happened, the people who are left can still spend the last wei, given time.

    If every awake member votes For and they reach the floor, a proposal passes and is executed; if
    they do not reach it, two years of silence bring the floor down to them. Undone at the end.
    """
    model = world.model
    if model.state.retired:
        return
    with world.aside():
        _gather(world, relayer)
        world.send("membership", "reclaim", relayer, list(model.state.members))
        world.warp_to(world.now + 1)
        proposer = _free_proposer(world)
        if proposer is None:
            return
        actions = (Action(PAYEES[0], world.chain.balance(world.treasury), b""),)
        raw = (*lists(actions), "liveness")
        outcome, number = world.send("governor", "propose", proposer, actions, "liveness", raw=raw)
        assert outcome == "ok", f"a member with voice cannot propose: {outcome}"
        world.warp_to(model.state.proposals[number].snapshot + 1)
        proposal = model.state.proposals[number]
        for voter in voters(world, proposal):
            world.send("governor", "castVote", voter.address, number, Support.FOR)
        proposal = model.state.proposals[number]
        world.warp_to(model.governor.eta(proposal))
        raw_actions = (*lists(actions), keccak(text="liveness"))
        outcome, _ = world.send(
            "governor", "execute", relayer, actions, "liveness", raw=raw_actions
        )
        assert outcome == "ok", f"full turnout did not carry a proposal: {outcome}"
        assert world.chain.balance(world.treasury) == 0
        world.coverage["liveness", "ok"] += 1


def _gather(world: MachineWorld, relayer: str) -> None:
    """Let the awake reach the floor: the silent leave the counted, or somebody comes back."""
    model = world.model
    members = model.state.members
    awake = {number for number, m in members.items() if m.standing == Standing.ACTIVE}
    counted = model.membership.census()[2]
    if awake and len(awake) * 10_000 >= counted * model.governor.current["floorBps"]:
        return
    charter = model.state.charter
    world.warp_to(world.now + 1_500 * DAY)
    for _ in range(2):
        world.send("membership", "lapse", relayer, list(members))
        world.warp_to(world.now + 800 * DAY)
    asleep = [m for m in model.state.members.values() if m.standing.is_member]
    for member in [m for m in asleep if m.id in awake] or asleep:
        outcome, _ = world.send("membership", "wake", member.wallet, charter)
        assert outcome == "ok", f"{member} cannot wake: {outcome}"
    if asleep:
        world.coverage["revival", "ok"] += 1
        return
    for member in list(model.state.members.values()):
        if member.standing == Standing.EXITED:
            outcome, _ = world.send("membership", "rejoin", member.wallet, charter)
            assert outcome == "ok", f"{member} cannot return: {outcome}"
            world.coverage["return", "ok"] += 1
    world.warp_to(world.now + 367 * DAY)
    for member in list(model.state.members.values()):
        if member.standing == Standing.NEWCOMER:
            world.send("membership", "wake", member.wallet, charter)


def _free_proposer(world: MachineWorld) -> str | None:
    """An Active member with voice and a free place for a proposal."""
    model = world.model
    limit = model.governor.current["liveProposals"]
    for member in model.state.members.values():
        speaks = model.membership.entry(member.wallet)[0] and member.standing == Standing.ACTIVE
        if speaks and len(model.governor.live(member.id)) < limit:
            return member.wallet
    return None
