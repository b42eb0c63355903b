"""What was rebuilt from events, compared with what the contracts say at the same block."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from mikoshi.chain.snapshot import Snapshot
from mikoshi.check import words
from mikoshi.check.parameters import settings_words
from mikoshi.check.report import CheckSection
from mikoshi.replay.dao import RebuiltDao
from mikoshi.replay.governor import ABSTAIN, AGAINST, FOR, Proposal, ProposalState
from mikoshi.replay.membership import NOBODY, Member
from mikoshi.replay.treasury import role_name
from mikoshi.text.language import _


@dataclass(frozen=True)
class Expectation:
    """What a contract should answer. `tolerance` is for what is computed in decimals."""

    contract: str
    what: str
    function: str
    args: tuple[Any, ...]
    value: Any
    tolerance: int = 0
    read: Callable[[Any], Any] | None = None
    show: words.Show | None = None

    def fits(self, answer: Any) -> bool:
        """Whether an answer is as expected."""
        if self.tolerance and isinstance(answer, int):
            return abs(answer - int(self.value)) <= self.tolerance
        return bool(answer == self.value)


def compare_state(
    rebuilt: RebuiltDao, snapshot: Snapshot, since: RebuiltDao | None = None
) -> CheckSection:
    """Everything rebuilt beside everything read; the section is called "replay".

    With `since`, an earlier state of the same DAO, only what has become other than it was then.
    """
    section = CheckSection("replay")
    dao = rebuilt.dao
    contracts = {
        "Membership": dao.membership,
        "ContributionToken": dao.token,
        "Treasury": dao.treasury,
        "DAOGovernor": dao.governor,
    }
    (symbol,) = snapshot.ask([(dao.token, "symbol", ())])
    symbol = str(symbol or _("tokens"))
    expected = list(_expectations(rebuilt, snapshot.time, symbol))
    if since is not None:
        earlier = list(_expectations(since, snapshot.time, symbol))
        known = {(e.contract, e.what): (e.args, e.value) for e in earlier}
        expected = [e for e in expected if known.get((e.contract, e.what)) != (e.args, e.value)]
    answers = snapshot.ask((contracts[e.contract], e.function, e.args) for e in expected)
    for each, answer in zip(expected, answers, strict=True):
        found = each.read(answer) if each.read and answer is not None else answer
        if not each.fits(found):
            section.compare(each.contract, each.what, *_differing(each, found), each.show)
    known_oddities = since.oddities if since else []
    for oddity in (each for each in rebuilt.oddities if each not in known_oddities):
        section.compare("DAOGovernor", oddity, "nothing odd", "this")
    unknown = rebuilt.unknown - (since.unknown if since else 0)
    if unknown:
        section.compare("logs", "events that are not the core's", 0, unknown)
    events, differences = f"{rebuilt.events:,}", f"{len(section.differences):,}"
    section.summary = _(
        "{events} events, {differences} differences", events=events, differences=differences
    )
    return section


def _differing(each: Expectation, found: Any) -> tuple[Any, Any]:
    """What was expected and what was found; of settings those alone that differ."""
    wanted = each.value
    structs = isinstance(wanted, dict) and isinstance(found, dict)
    if not (structs and each.function.lower().endswith("settings")):
        return wanted, found
    names = [name for name in wanted if found[name] != wanted[name]]
    return {name: wanted[name] for name in names}, {name: found[name] for name in names}


def _expectations(rebuilt: RebuiltDao, time: int, symbol: str) -> Iterator[Expectation]:
    yield from _people(rebuilt, time, symbol)
    yield from _token(rebuilt, time, symbol)
    yield from _treasury(rebuilt)
    yield from _governor(rebuilt, time, symbol)


def _settings(part: str, symbol: str) -> words.Show:
    return lambda found: settings_words(part, found, symbol)


def _people(rebuilt: RebuiltDao, time: int, symbol: str) -> Iterator[Expectation]:
    people, voice = rebuilt.membership, rebuilt.membership.voice
    total = people.total.latest

    def ask(what: str, function: str, *args: Any, **rest: Any) -> Expectation:
        return Expectation("Membership", what, function, args, **rest)

    awake = voice.of(total.members, total.units, time)
    slack = voice.tolerance(awake, total.members)
    yield ask("settings", "settings", value=people.settings, show=_settings("membership", symbol))
    yield ask("charter hash", "charterHash", value=people.charter_hash)
    counts = (total.members, total.counted, people.last_id)
    yield ask(
        "awake, counted, last id",
        "census",
        value=counts,
        read=lambda t: (*t[:2], t[3]),
        show=words.numbers,
    )
    yield ask(
        "voice of all",
        "census",
        value=awake,
        tolerance=slack,
        read=lambda t: t[2],
        show=words.voice,
    )
    epoch = voice.epoch(time)
    used = (people.merit_used(time), people.admitted_by_steward(time))
    yield ask(
        "merit credited and people admitted by the steward in this epoch",
        "usage",
        value=used,
        read=lambda u: tuple(u[1:]) if u[0] == epoch else (0, 0),
        show=words.merit_and_people,
    )
    for number in range(1, people.last_id + 1):
        if number not in people.members:
            yield ask(
                f"wallet of #{number}, a ticket's number",
                "walletOf",
                number,
                value=NOBODY,
                show=words.who,
            )
    for person in people.members.values():
        yield from _person(rebuilt, person, time)


def _person(rebuilt: RebuiltDao, person: Member, time: int) -> Iterator[Expectation]:
    people, voice = rebuilt.membership, rebuilt.membership.voice
    name, wallet = f"#{person.id}", person.wallet

    def ask(what: str, function: str, *args: Any, **rest: Any) -> Expectation:
        return Expectation("Membership", f"{what} of {name}", function, args, **rest)

    yield ask("wallet", "walletOf", person.id, value=wallet, show=words.who)
    yield ask("id by wallet", "memberIdOf", wallet, value=person.id)
    yield ask("standing", "standingOf", person.id, value=int(person.standing), show=words.standing)
    yield ask("time of joining", "joinedAt", person.id, value=person.joined, show=words.moment)
    yield ask(
        "day of the last recorded act",
        "stampOf",
        person.id,
        value=person.stamp,
        read=lambda day: person.stamp if person.may_have_recorded(day) else day,
        show=words.day,
    )
    yield ask("tickets", "balanceOf", wallet, value=int(person.standing.is_member))
    # Asking for the ticket of someone without one reverts, which reads as None.
    yield ask("ticket", "ticketOf", person.id, value=person.ticket)
    if person.ticket is not None:
        approved = people.approvals.get(person.ticket, NOBODY)
        yield ask("ticket's approval", "getApproved", person.ticket, value=approved, show=words.who)
    to = people.delegate_of(person)
    yield ask("delegate", "delegates", wallet, value=to, show=words.who)
    spoken = people.entry(person.id).latest
    value = voice.of(spoken.members, spoken.units, time)
    slack = voice.tolerance(value, spoken.members)
    yield ask("voice", "getVotes", wallet, value=value, tolerance=slack, show=words.voice)
    slack = person.raw // 10**12 + person.credits
    yield ask(
        "stored merit",
        "storedMeritOf",
        person.id,
        value=person.raw,
        tolerance=slack,
        read=lambda merit: merit[0],
        show=words.merit,
    )
    yield ask(
        "epoch and amount of the latest merit",
        "storedMeritOf",
        person.id,
        value=(person.epoch, person.used),
        read=lambda merit: tuple(merit[1:]),
        show=words.epoch_and_merit,
    )


def _token(rebuilt: RebuiltDao, time: int, symbol: str) -> Iterator[Expectation]:
    token, epoch = rebuilt.token, rebuilt.membership.voice.epoch(time)

    def ask(what: str, function: str, *args: Any, value: int) -> Expectation:
        show = words.tokens(symbol)
        return Expectation("ContributionToken", what, function, args, value, show=show)

    yield Expectation(
        "ContributionToken",
        "settings",
        "settings",
        (),
        token.settings,
        show=_settings("token", symbol),
    )
    yield ask("supply", "totalSupply", value=token.supply)
    yield ask("what may still be minted in this epoch", "mintable", value=token.mintable(epoch))
    for kind in token.kinds:
        left = token.mintable_for(kind, epoch)
        yield ask(f"what may still be minted for kind {kind}", "mintableFor", kind, value=left)
    for holder, balance in token.balances.items():
        yield ask(f"balance of {holder}", "balanceOf", holder, value=balance)


def _treasury(rebuilt: RebuiltDao) -> Iterator[Expectation]:
    book = rebuilt.treasury

    def ask(what: str, function: str, *args: Any, **rest: Any) -> Expectation:
        return Expectation("Treasury", what, function, args, **rest)

    yield ask("governor", "governor", value=book.governor, show=words.who)
    for name, office in (("guardian", book.guardian), ("steward", book.steward)):
        held = {"holder": office.holder, "until": office.until}
        yield ask(f"{name}'s office", f"{name}Office", value=held, show=words.office)
    for role, holder in sorted(book.ever):
        holds = (role, holder) in book.holders
        yield ask(f"role {role_name(role)} of {holder}", "hasRole", role, holder, value=holds)
    for role in book.book:
        admin = book.admins.get(role, bytes(32))
        yield ask(f"admin of role {role_name(role)}", "getRoleAdmin", role, value=admin)


def _governor(rebuilt: RebuiltDao, time: int, symbol: str) -> Iterator[Expectation]:
    governor, show = rebuilt.governor, _settings("governor", symbol)
    for what, index, value, shown in (
        ("settings", 0, governor.settings.get(governor.version), show),
        ("version of the settings", 1, governor.version, None),
    ):
        read = itemgetter(index)
        yield Expectation("DAOGovernor", what, "settings", (), value, read=read, show=shown)
    for proposal in governor.proposals.values():
        yield from _proposal(rebuilt, proposal, time, show)
    for person in {proposal.proposer for proposal in governor.proposals.values()}:
        live = governor.live(person, time)
        what = f"live proposals of #{person}"
        yield Expectation(
            "DAOGovernor", what, "liveProposalsOf", (person,), live, read=lambda answer: answer[0]
        )


def _proposal(
    rebuilt: RebuiltDao, proposal: Proposal, time: int, settings: words.Show
) -> Iterator[Expectation]:
    governor, people = rebuilt.governor, rebuilt.membership

    def ask(what: str, function: str, value: Any, show: words.Show | None = None) -> Expectation:
        name = f"{what} of proposal {short_id(proposal.id)}"
        return Expectation("DAOGovernor", name, function, (proposal.id,), value, show=show)

    votes = tuple(proposal.votes(support) for support in (AGAINST, FOR, ABSTAIN))
    yield ask("state", "state", int(governor.state(proposal, time)), words.state)
    yield ask("proposer", "proposalProposer", people.members[proposal.proposer].wallet)
    yield ask("snapshot", "proposalSnapshot", proposal.snapshot, words.moment)
    yield ask("deadline", "proposalDeadline", proposal.deadline, words.moment)
    yield ask("eta", "proposalEta", proposal.eta, words.moment)
    yield ask("expiry", "proposalExpiry", proposal.expiry, words.moment)
    yield ask("settings", "proposalSettings", proposal.settings, settings)
    yield ask("advisory kind", "isAdvisory", proposal.advisory)
    yield ask("votes against, for, abstain", "proposalVotes", votes, words.each_voice)
    yield ask("turnout", "proposalTurnout", proposal.people)
    # While ballots are taken, nobody may be marked who has not voted.
    open_ = governor.state(proposal, time) in (ProposalState.PENDING, ProposalState.ACTIVE)
    for voter in people.members if open_ else proposal.ballots:
        name = f"whether #{voter} has voted on {short_id(proposal.id)}"
        args = (proposal.id, people.members[voter].wallet)
        yield Expectation("DAOGovernor", name, "hasVoted", args, voter in proposal.ballots)
    if proposal.snapshot >= time:
        return
    yield ask("people needed", "proposalQuorum", governor.needed(proposal))
    total = people.total.at(proposal.snapshot)
    yield Expectation(
        "Membership",
        f"awake and counted at the snapshot of proposal {short_id(proposal.id)}",
        "getPastCensus",
        (proposal.snapshot,),
        (total.members, total.counted),
        read=lambda totals: tuple(totals[:2]),
        show=words.numbers,
    )
    for voter in proposal.ballots:
        spoken = people.entry(voter).at(proposal.snapshot).members
        yield Expectation(
            "Membership",
            f"people #{voter} spoke for at the snapshot of proposal {short_id(proposal.id)}",
            "getPastMembers",
            (people.members[voter].wallet, proposal.snapshot),
            spoken,
        )


def short_id(proposal_id: int) -> str:
    """Enough of a proposal's id to recognize it."""
    digits = str(proposal_id)
    return digits if len(digits) <= 8 else f"{digits[:8]}…"
