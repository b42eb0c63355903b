"""What the views of proposals, settings, offices, roles and money must answer."""

from __future__ import annotations

from decimal import Decimal

from mikoshi.testing.machine_setups import PAYEES
from mikoshi.testing.machine_world import MachineWorld
from mikoshi.testing.model.numbers import RELATIVE_ERROR
from mikoshi.testing.model.part import uncounted
from mikoshi.testing.model.proposal import Proposal, ProposalState, Support
from mikoshi.testing.model.state import (
    ADMITTER,
    MINTER,
    NO_HASH,
    PURSE,
    REWARDER,
    SUCCESSION,
)
from mikoshi.testing.near import Near
from mikoshi.testing.readings_people import Reading

KINDS = (0, 1, 2)
"""Kinds of contribution that the machine mints for."""

_FINAL = (
    ProposalState.CANCELED,
    ProposalState.DEFEATED,
    ProposalState.SUCCEEDED,
    ProposalState.EXPIRED,
    ProposalState.EXECUTED,
)


def of_proposal(world: MachineWorld, proposal: Proposal) -> list[Reading]:
    """How a proposal stands; what is final stays."""
    governor = world.model.governor
    state = governor.state_of(proposal)
    seen = world.seen.get(proposal.id)
    assert seen is None or seen == state or seen not in _FINAL, (
        f"proposal {proposal.id} went from {seen!r} to {state!r}"
    )
    world.seen[proposal.id] = state
    world.coverage["state", state.name] += 1
    number = proposal.id
    slack = len(proposal.ballots)
    votes = tuple(
        Near(Decimal(sum_), sum_ * RELATIVE_ERROR + slack)
        for sum_ in (proposal.votes(s) for s in (Support.AGAINST, Support.FOR, Support.ABSTAIN))
    )
    readings: list[Reading] = [
        (("governor", "state", number), state),
        (("governor", "proposalVotes", number), votes),
        (("governor", "proposalTurnout", number), proposal.people),
        (("governor", "proposalSnapshot", number), proposal.snapshot),
        (("governor", "proposalDeadline", number), proposal.deadline),
        (("governor", "proposalEta", number), governor.eta(proposal)),
    ]
    if world.now > proposal.snapshot:
        readings.append((("governor", "proposalQuorum", number), governor.needed(proposal)))
    return readings


def of_receipts(world: MachineWorld, proposal: Proposal) -> list[Reading]:
    """Who has voted on a proposal, and by which rules."""
    number, governor = proposal.id, world.model.governor
    readings: list[Reading] = [
        (("governor", "hasVoted", number, member.wallet), member.id in proposal.ballots)
        for member in world.model.state.members.values()
    ]
    proposer = world.model.state.members[proposal.proposer].wallet
    readings += [
        (("governor", "proposalProposer", number), proposer),
        (("governor", "proposalExpiry", number), governor.expiry(proposal)),
        (("governor", "isAdvisory", number), proposal.advisory),
        (("governor", "proposalSettings", number), dict(governor.rules(proposal))),
    ]
    if world.now > proposal.snapshot:
        cap = governor.cap(proposal)
        weight = Near(Decimal(cap), cap * RELATIVE_ERROR + 1)
        readings.append((("governor", "proposalWeight", number, 10**30), weight))
    return readings


# Settings, offices, money


def of_settings(world: MachineWorld) -> list[Reading]:
    """The rules in force."""
    state, governor = world.model.state, world.model.governor
    rules = governor.current
    threshold = world.model.environment.formula.base * rules["thresholdBps"] // 10_000
    used = state.usage
    return [
        (("membership", "settings"), world.model.membership.settings()),
        (("membership", "charterHash"), state.charter),
        (("membership", "usage"), (used.epoch, used.merit, used.admitted, used.seats)),
        (("membership", "seatsLeft"), world.model.membership.seats_left()),
        (("membership", "uncounted"), uncounted(state.members)),
        (("governor", "settings"), (dict(rules), governor.version())),
        (("governor", "proposalThreshold"), threshold),
        (("governor", "votingDelay"), rules["votingDelay"]),
        (("governor", "votingPeriod"), rules["votingPeriod"]),
        (
            ("token", "settings"),
            {"epochCap": state.token_cap.cap, "transferable": state.token_transferable},
        ),
    ]


def of_waiting(world: MachineWorld) -> list[Reading]:
    """What waits, and until when."""
    state, governor = world.model.state, world.model.governor
    version, since = governor.waiting() or (0, 0)
    asked = governor.settings(version) if version else dict.fromkeys(governor.current, 0)
    people = world.model.membership
    dormant, caps = state.former_dormancy[0], state.former_caps[0]
    waits = dormant if world.now < dormant else 0, caps if people.epoch < caps else 0
    readings: list[Reading] = [
        (("membership", "waitingSettings"), (dict(state.membership), *waits)),
        (("governor", "waitingSettings"), (dict(asked), version, since)),
        (("governor", "retiredAt"), state.retired),
        (("treasury", "waitingGovernor"), world.model.treasury.waiting()),
    ]
    for (role, account), since in state.roles.items():
        readings.append((("treasury", "roleInForceAt", role, account), since))
    return readings


def of_offices(world: MachineWorld) -> list[Reading]:
    """Governor, guardian, steward, and every role of everybody."""
    treasury, state = world.model.treasury, world.model.state
    readings: list[Reading] = [
        (("treasury", "governor"), state.governor),
        (("treasury", "guardian"), treasury.guardian()),
        (("treasury", "steward"), treasury.steward()),
    ]
    for office, (holder, until) in (("guardian", state.guardian), ("steward", state.steward)):
        readings.append((("treasury", f"{office}Office"), {"holder": holder, "until": until}))
    accounts = [*world.addresses.values(), *(o.address for o in world.officers.values())]
    for role in (NO_HASH, ADMITTER, REWARDER, MINTER, PURSE, SUCCESSION):
        for account in accounts:
            has = treasury.has_role(role, account)
            readings.append((("treasury", "hasRole", role, account), has))
    return readings


def of_money(world: MachineWorld) -> list[Reading]:
    """Ether to the wei, and the supply of tokens."""
    state = world.model.state
    accounts = (world.treasury, *PAYEES)
    for account, held in zip(accounts, world.balances(accounts), strict=True):
        expected = state.ether.get(account, 0)
        assert held == expected, f"{account} holds {held} wei, the model says {expected}"
    supply = state.minted - state.burned
    return [(("token", "totalSupply"), supply)]


def of_tokens(world: MachineWorld) -> list[Reading]:
    """Tokens of everybody, and what may still be minted."""
    state, token = world.model.state, world.model.token
    readings: list[Reading] = [
        (("token", "balanceOf", account), amount) for account, amount in state.tokens.items()
    ]
    assert sum(state.tokens.values()) == state.minted - state.burned
    readings.append((("token", "mintable"), token.available(state.token_cap)))
    readings += [(("token", "mintableFor", kind), token.mintable_for(kind)) for kind in KINDS]
    readings += [
        (("token", "allowance", *pair), amount) for pair, amount in state.allowances.items()
    ]
    return readings
