"""`ape run status`: proposals on their way, who voted how, and what comes next."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from mikoshi.ballots.words import support_word
from mikoshi.replay.dao import RebuiltDao
from mikoshi.replay.governor import ABSTAIN, AGAINST, FOR, Ballot, ProposalState
from mikoshi.status.proposal_status import Course
from mikoshi.status.words import outlook, people, standing
from mikoshi.text.console import Console, shortened
from mikoshi.text.language import pick
from mikoshi.text.units import format_time, format_when
from mikoshi.voting.power import named, voices
from mikoshi.voting.silence import Who

_BAR = 24  # characters
_REASON = 200  # characters shown of a reason
_BALLOTS = 12  # shown of each of several proposals, the latest ones
_SIDES = {"for": FOR, "against": AGAINST, "abstain": ABSTAIN}
_VERBS = {
    ProposalState.PENDING: "vote {} --for",
    ProposalState.ACTIVE: "vote {} --for",
    ProposalState.QUEUED: "execute {}",
}


@dataclass(frozen=True)
class Status:
    """Proposals of a DAO at one moment.

    `names` are what people are called, by wallet; `command` makes what is typed after `ape run`
    into the whole command, `signed` that of a command that signs.
    """

    courses: Sequence[Course]
    rebuilt: RebuiltDao
    names: Mapping[str, str]
    command: Callable[[str], str]
    signed: Callable[[str], str]

    def show(self, out: Console) -> None:
        """Each proposal with its tally; every ballot where it is only one."""
        for course in self.courses:
            self._show(out, course, None if len(self.courses) == 1 else _BALLOTS)

    def as_json(self) -> list[dict[str, Any]]:
        """The same for programs; ids and voice as text, times in Unix seconds."""
        return [self._entries(course) for course in self.courses]

    def next_command(self, course: Course) -> str:
        """What to type for it next, now or when it is time; empty where nothing is left to do."""
        verb = _VERBS.get(course.state)
        return self.signed(verb.format(course.proposed.number)) if verb else ""

    def _show(self, out: Console, course: Course, most: int | None) -> None:
        out.say(f"{course.proposed.brief}    {standing(course)}", style="bold")
        out.table(("", "", "", ""), _tally(course))
        out.say(f"  {_turnout(course)}")
        if outlook(course):
            out.say(f"  {outlook(course)}")
        ballots = list(reversed(course.proposal.ballots.items()))  # the last first
        if ballots:
            columns = (
                pick("member", "メンバー"),
                pick("vote", "投票"),
                pick(">voice", ">声"),
                pick(">speaks for", ">人数"),
                pick("when", "時刻"),
                pick("reason", "理由"),
            )
            out.table(columns, (self._row(course, *each) for each in ballots[:most]))
        if most and len(ballots) > most:
            more, rest = self.command(f"status {course.proposed.number}"), len(ballots) - most
            out.say(pick(f"  and {rest} more:", f"  ほか{rest}票:"))
            out.command(more)
        if self.next_command(course):
            out.next_step(_next_words(course), self.next_command(course))
        out.say()

    def _row(self, course: Course, member: int, ballot: Ballot) -> tuple[str, ...]:
        return (
            f"  {self._who(member)}",
            support_word(ballot.support),
            voices(ballot.weight),
            people(ballot.people),
            format_time(ballot.time, course.now),
            shortened(self._reasons.get((course.proposed.id, member), ""), _REASON),
        )

    def _entries(self, course: Course) -> dict[str, Any]:
        made = course.proposal
        return {
            "number": course.proposed.number,
            "id": str(course.proposed.id),
            "title": course.proposed.title,
            "binding": not made.advisory,
            "state": course.state.name.lower(),
            "ready": course.ready,
            "passes": course.passes,
            "people": {"have": made.people, "needed": course.needed, "missing": course.missing},
            "voice": {name: str(made.votes(side)) for name, side in _SIDES.items()},
            "opens": made.snapshot,
            "closes": made.deadline,
            "eta": made.eta,
            "expiry": made.expiry,
            "ballots": [
                {
                    "member": member,
                    "wallet": self.rebuilt.membership.members[member].wallet,
                    "support": support_name(ballot.support),
                    "voice": str(ballot.weight),
                    "people": ballot.people,
                    "time": ballot.time,
                    "reason": self._reasons.get((course.proposed.id, member), ""),
                }
                for member, ballot in sorted(made.ballots.items())
            ],
            "next": self.next_command(course) or None,
        }

    @cached_property
    def _reasons(self) -> dict[tuple[int, int], str]:
        """What voters said, by proposal id and member id."""
        said = {}
        for log in self.rebuilt.logs:
            if log.event.name == "VoteCast":
                voter = self.rebuilt.membership.member_at(log.event.args["voter"])
                if voter is not None:
                    said[log.event.args["proposalId"], voter.id] = str(log.event.args["reason"])
        return said

    @cached_property
    def _who(self) -> Who:
        return named(self.rebuilt, self.names)


def _next_words(course: Course) -> str:
    """What the next command is for, and from when it can be given."""
    if course.state == ProposalState.QUEUED:
        ready = "" if course.ready else format_when(course.proposal.eta, course.now)
        return ready and pick(f"{ready}, execute it", f"{ready} から実行できます")
    words = pick("vote (or --against, --abstain)", "投票(または --against、--abstain)")
    if course.state == ProposalState.PENDING:
        opens = format_when(course.proposal.snapshot, course.now)
        return pick(f"{opens}, {words}", f"{opens} から{words}")
    return words


def support_name(support: int) -> str:
    """`for`, `against`, `abstain`: for programs."""
    return next(name for name, side in _SIDES.items() if side == support)


def _tally(course: Course) -> list[tuple[str, str, str, str]]:
    made = course.proposal
    total = sum(made.votes(side) for side in _SIDES.values())
    rows = []
    for side in _SIDES.values():
        spoken = sum(each.people for each in made.ballots.values() if each.support == side)
        bar = "█" * round(_BAR * made.votes(side) / total) if total else ""
        rows.append((f"  {support_word(side)}", bar, people(spoken), voices(made.votes(side))))
    return rows


def _turnout(course: Course) -> str:
    have, needed = course.proposal.people, people(course.needed)
    if course.state == ProposalState.PENDING:
        return pick(
            f"needs {needed}, For and Abstain together (if voting opened now)",
            f"必要な人数: 賛成と棄権を合わせて{needed}(いま投票が始まった場合)",
        )
    return pick(
        f"{have:,} of {needed} needed, For and Abstain together",
        f"賛成と棄権を合わせて{have:,}人(必要: {needed})",
    )
