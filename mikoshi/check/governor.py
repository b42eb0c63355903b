"""What the governor should answer about its settings and about each proposal."""

from __future__ import annotations

from collections.abc import Iterator
from operator import itemgetter
from typing import Any

from eth_utils.crypto import keccak

from mikoshi.chain.contract import Snapshot
from mikoshi.check import words
from mikoshi.check.expectation import Expectation, settings_of, waiting_of
from mikoshi.core import artifacts
from mikoshi.core.dao import LENS
from mikoshi.replay.dao import RebuiltDao
from mikoshi.replay.governor import ABSTAIN, AGAINST, FOR, Proposal, RebuiltGovernor
from mikoshi.text.errors import Words
from mikoshi.text.json import Json
from mikoshi.text.language import N_
from mikoshi.text.people import short

_LOOKED_AT = 64
"""Of more ballots on one proposal, so many are looked at one by one; all count in the sums."""


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
    voters = list(proposal.ballots)
    for voter in voters[:: len(voters) // _LOOKED_AT + 1]:
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


def marks(rebuilt: RebuiltDao, snapshot: Snapshot) -> Iterator[tuple[str, Words, bool]]:
    """Where who should have voted on what, or not, and is marked otherwise: 256 members a word."""
    artifact = (rebuilt.dao.contracts or artifacts.project())["DAOGovernor"]
    ballots, receipts = _places(artifact.storage)
    words = range((rebuilt.membership.last_id >> 8) + 1)
    for proposal in rebuilt.proposals:
        governor = proposal.governor.address
        home = _slot(proposal.id, ballots) + receipts
        at = ((governor, _slot(index, home)) for index in words)
        expected = dict.fromkeys(words, 0)
        for voter in proposal.ballots:
            expected[voter >> 8] |= 1 << (voter & 0xFF)
        for index, found in zip(words, snapshot.words(at), strict=True):
            odd = found ^ expected[index]
            for member in (index << 8 | bit for bit in range(256) if odd >> bit & 1):
                told = {"member": member, "proposal": short_id(proposal.id)}
                what = Words(N_("whether #{member} has voted on {proposal}"), **told)
                yield place_of(rebuilt, governor), what, member in proposal.ballots


def _places(layout: Json) -> tuple[int, int]:
    """The slot of the Governor's ballots, and that of the receipts in those of a proposal."""
    home = next(each for each in layout["storage"] if each["label"] == "_ballots")
    kind = layout["types"][layout["types"][home["type"]]["value"]]
    inside = next(each for each in kind["members"] if each["label"] == "receipts")
    return int(home["slot"]), int(inside["slot"])


def _slot(key: int, mapping: int) -> int:
    """Where the compiler puts the value of a number in the mapping at a slot."""
    return int.from_bytes(keccak(key.to_bytes(32) + mapping.to_bytes(32)))


def short_id(proposal_id: int) -> str:
    """Enough of a proposal's id to recognize it."""
    digits = str(proposal_id)
    return digits if len(digits) <= 8 else f"{digits[:8]}…"
