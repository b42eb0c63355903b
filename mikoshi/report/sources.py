"""The events behind figures, by where they are from and what they are called."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Literal

from mikoshi.replay.facts import Facts, MemberAct
from mikoshi.replay.logs import Log
from mikoshi.report.figure import Source

Part = Literal["treasury", "membership", "token", "governor"]


def announced(facts: Facts, part: Part, *names: str) -> tuple[Source, ...]:
    """All events of a part of the DAO with these names."""
    address = getattr(facts.dao, f"{part}_address")
    return tuple(Source.of(name, facts.events(address, name)) for name in names)


def proposed(facts: Facts, proposals: set[int]) -> tuple[Source, ...]:
    """The making of these proposals."""
    made = facts.events(facts.dao.governor_address, "ProposalCreated")
    return (
        Source.of("ProposalCreated", [e for e in made if e.event.args["proposalId"] in proposals]),
    )


def named(logs: Iterable[Log]) -> tuple[Source, ...]:
    """These events, by name."""
    by_name: dict[str, list[Log]] = defaultdict(list)
    for log in logs:
        by_name[log.event.name].append(log)
    return tuple(Source.of(name, found) for name, found in sorted(by_name.items()))


def behind(acts: Iterable[MemberAct]) -> tuple[Source, ...]:
    """The events that show these acts, by name."""
    return named(act.log for act in acts)
