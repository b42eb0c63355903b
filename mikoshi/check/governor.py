"""What the governor should answer about its settings and about each proposal."""

from __future__ import annotations

from collections.abc import Iterator
from operator import itemgetter
from typing import Any

from mikoshi.check import words
from mikoshi.check.expectation import Expectation, settings_of, waiting_of
from mikoshi.core.dao import LENS
from mikoshi.replay.dao import RebuiltDao
from mikoshi.replay.governor import (
    ABSTAIN,
    AGAINST,
    FOR,
    Proposal,
    ProposalState,
    RebuiltGovernor,
)
from mikoshi.text.errors import Words
from mikoshi.text.language import N_
from mikoshi.text.people import short


def place_of(rebuilt: RebuiltDao, governor: str) -> str:
    """What a governor at this address is called; the one in office needs no address."""
    in_office = governor == rebuilt.dao.governor_address
    return "DAOGovernor" if in_office else f"DAOGovernor {short(governor)}"


def of_governor(
    rebuilt: RebuiltDao, governor: RebuiltGovernor, time: int, symbol: str
) -> Iterator[Expectation]:
    """At `time` (Unix seconds); `symbol` is the token's."""
    place, show = place_of(rebuilt, governor.address), settings_of("governor", symbol)
    for what, index, value, shown in (
        (N_("settings"), 0, governor.settings.get(governor.version_at(time)), show),
        (N_("version of the settings"), 1, governor.version_at(time), None),
    ):
        read = itemgetter(index)
        yield Expectation(place, what, "settings", (), value, read=read, show=shown)
    version, since = governor.waiting(time)
    waiting = governor.settings[version] if version else None
    yield Expectation(
        place,
        N_("settings that wait, their version, in force from"),
        "waitingSettings",
        (),
        (waiting, version, since),
        read=lambda answer: (answer[0] if answer[1] else None, *answer[1:]),
        show=waiting_of("governor", symbol),
    )
    yield Expectation(
        place,
        N_("when another governor took its place"),
        "retiredAt",
        (),
        governor.retired_at,
        show=words.moment,
    )
    for proposal in governor.proposals.values():
        yield from _proposal(rebuilt, proposal, time, show)
    for person in {proposal.proposer for proposal in governor.proposals.values()}:
        live = governor.live(person, time)
        yield Expectation(
            place,
            Words("live proposals of #{member}", member=person),
            "liveProposalsOf",
            (person,),
            live,
            read=lambda answer: answer[0],
        )


def _proposal(
    rebuilt: RebuiltDao, proposal: Proposal, time: int, settings: words.Show
) -> Iterator[Expectation]:
    governor, people, brief = proposal.governor, rebuilt.membership, short_id(proposal.id)
    place = place_of(rebuilt, governor.address)

    def ask(what: str, function: str, value: Any, show: words.Show | None = None) -> Expectation:
        name = Words(what, proposal=brief)
        return Expectation(place, name, function, (proposal.id,), value, show=show)

    votes = tuple(proposal.votes(support) for support in (AGAINST, FOR, ABSTAIN))
    yield ask(
        N_("state of proposal {proposal}"),
        "state",
        int(governor.state(proposal, time)),
        words.state,
    )
    yield ask(
        N_("proposer of proposal {proposal}"),
        "proposalProposer",
        people.members[proposal.proposer].wallet,
    )
    yield ask(
        N_("snapshot of proposal {proposal}"), "proposalSnapshot", proposal.snapshot, words.moment
    )
    yield ask(
        N_("deadline of proposal {proposal}"), "proposalDeadline", proposal.deadline, words.moment
    )
    yield ask(N_("eta of proposal {proposal}"), "proposalEta", proposal.eta, words.moment)
    yield ask(N_("expiry of proposal {proposal}"), "proposalExpiry", proposal.expiry, words.moment)
    yield ask(
        N_("settings of proposal {proposal}"), "proposalSettings", proposal.settings, settings
    )
    yield ask(N_("advisory kind of proposal {proposal}"), "isAdvisory", proposal.advisory)
    yield ask(
        N_("votes against, for, abstain of proposal {proposal}"),
        "proposalVotes",
        votes,
        words.each_voice,
    )
    yield ask(N_("turnout of proposal {proposal}"), "proposalTurnout", proposal.people)
    # While ballots are taken, nobody may be marked who has not voted.
    open_ = governor.state(proposal, time) in (ProposalState.PENDING, ProposalState.ACTIVE)
    for voter in people.members if open_ else proposal.ballots:
        name = Words("whether #{member} has voted on {proposal}", member=voter, proposal=brief)
        args = (proposal.id, people.members[voter].wallet)
        yield Expectation(place, name, "hasVoted", args, voter in proposal.ballots)
    if proposal.snapshot >= time:
        return
    yield ask(
        N_("people needed of proposal {proposal}"), "proposalQuorum", governor.needed(proposal)
    )
    total = people.total.at(proposal.snapshot)
    yield Expectation(
        "Membership",
        Words("awake and counted at the snapshot of proposal {proposal}", proposal=brief),
        "getPastCensus",
        (proposal.snapshot,),
        (total.members, total.counted),
        read=lambda totals: tuple(totals[:2]),
        show=words.numbers,
    )
    for voter in proposal.ballots:
        spoken = people.entry(voter).at(proposal.snapshot).members
        yield Expectation(
            LENS,
            Words(
                "people #{member} spoke for at the snapshot of proposal {proposal}",
                member=voter,
                proposal=brief,
            ),
            "getPastMembers",
            (rebuilt.dao.membership_address, people.members[voter].wallet, proposal.snapshot),
            spoken,
        )


def short_id(proposal_id: int) -> str:
    """Enough of a proposal's id to recognize it."""
    digits = str(proposal_id)
    return digits if len(digits) <= 8 else f"{digits[:8]}…"
