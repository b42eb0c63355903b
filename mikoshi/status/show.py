"""`ape run status`: proposals on their way, who voted how, and what comes next."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from mikoshi.ballots.words import support_word
from mikoshi.replay.dao import RebuiltDao
from mikoshi.replay.governor import ABSTAIN, AGAINST, FOR, Ballot, ProposalState
from mikoshi.status.proposal_status import ProposalStatus
from mikoshi.status.words import outlook, standing, turns
from mikoshi.text.console import Console, shortened
from mikoshi.text.json import entries_of
from mikoshi.text.language import _, pgettext
from mikoshi.text.units import format_time, format_when
from mikoshi.voting.power import named
from mikoshi.voting.silence import Who
from mikoshi.words import heads, voices

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

    statuses: Sequence[ProposalStatus]
    rebuilt: RebuiltDao
    names: Mapping[str, str]
    command: Callable[[str], str]
    signed: Callable[[str], str]

    def show(self, out: Console) -> None:
        """Each proposal with its tally; every ballot where it is only one."""
        for status in self.statuses:
            self._show(out, status, None if len(self.statuses) == 1 else _BALLOTS)

    def as_json(self) -> list[dict[str, Any]]:
        """The same for programs; ids and voice as text, times in Unix seconds."""
        return [self._entries(status) for status in self.statuses]

    def next_command(self, status: ProposalStatus) -> str:
        """What to type for it next, now or when it is time; empty where nothing is left to do."""
        verb = _VERBS.get(status.state)
        return self.signed(verb.format(status.proposed.number)) if verb else ""

    def _show(self, out: Console, status: ProposalStatus, most: int | None) -> None:
        out.say(f"{status.proposed.brief}    {standing(status)}", style="bold")
        out.table(("", "", "", ""), _tally(status))
        out.say(f"  {_turnout(status)}")
        for line in filter(None, (outlook(status), turns(status))):
            out.say(f"  {line}")
        ballots = list(reversed(status.proposal.ballots.items()))  # the last first
        if ballots:
            columns = (
                _("member"),
                _("vote"),
                ">" + _("voice"),
                ">" + pgettext("how many people a ballot speaks for", "speaks for"),
                _("when"),
                _("reason"),
            )
            out.table(columns, (self._row(status, *each) for each in ballots[:most]))
        if most and len(ballots) > most:
            more, rest = self.command(f"status {status.proposed.number}"), len(ballots) - most
            out.say("  " + _("and {rest} more:", rest=rest))
            out.command(more)
        if self.next_command(status):
            out.next_step(_next_words(status), self.next_command(status))
        out.say()

    def _row(self, status: ProposalStatus, member: int, ballot: Ballot) -> tuple[str, ...]:
        return (
            f"  {self._who(member)}",
            support_word(ballot.support),
            voices(ballot.weight),
            heads(ballot.people),
            format_time(ballot.time, status.now),
            shortened(self._reason(status, member), _REASON),
        )

    def _entries(self, status: ProposalStatus) -> dict[str, Any]:
        made = status.proposal
        return {
            **entries_of(
                status,
                "number=proposed.number id=proposed.id:str title=proposed.title "
                "binding=proposal.binding state ready passes",
            ),
            "people": {"have": made.people, "needed": status.needed, "missing": status.missing},
            "voice": {name: str(made.votes(side)) for name, side in _SIDES.items()},
            **entries_of(made, "opens=snapshot closes=deadline eta expiry"),
            "ballots": [
                {
                    "member": member,
                    "wallet": self.rebuilt.membership.members[member].wallet,
                    "support": support_name(ballot.support),
                    "voice": str(ballot.weight),
                    "people": ballot.people,
                    "time": ballot.time,
                    "reason": self._reason(status, member),
                }
                for member, ballot in sorted(made.ballots.items())
            ],
            "next": self.next_command(status) or None,
        }

    def _reason(self, status: ProposalStatus, member: int) -> str:
        made = status.proposal
        return self._reasons.get((made.governor.address, made.id, member), "")

    @cached_property
    def _reasons(self) -> dict[tuple[str, int, int], str]:
        """What voters said, by governor, proposal id and member id."""
        said = {}
        for log in self.rebuilt.logs.named("VoteCast"):
            voter = self.rebuilt.membership.member_at(log.event.args["voter"])
            if voter is not None:
                place = log.event.address, log.event.args["proposalId"], voter.id
                said[place] = str(log.event.args["reason"])
        return said

    @cached_property
    def _who(self) -> Who:
        return named(self.rebuilt, self.names)


def _next_words(status: ProposalStatus) -> str:
    """What the next command is for, and from when it can be given."""
    if status.state == ProposalState.QUEUED:
        ready = "" if status.ready else format_when(status.proposal.eta, status.now)
        return ready and _("{ready}, execute it", ready=ready)
    if status.state == ProposalState.PENDING:
        opens = format_when(status.proposal.snapshot, status.now)
        return _("{opens}, vote (or --against, --abstain)", opens=opens)
    return _("vote (or --against, --abstain)")


def support_name(support: int) -> str:
    """`for`, `against`, `abstain`: for programs."""
    return next(name for name, side in _SIDES.items() if side == support)


def _tally(status: ProposalStatus) -> list[tuple[str, str, str, str]]:
    made = status.proposal
    total = sum(made.votes(side) for side in _SIDES.values())
    rows = []
    for side in _SIDES.values():
        spoken = sum(each.people for each in made.ballots.values() if each.support == side)
        bar = "█" * round(_BAR * made.votes(side) / total) if total else ""
        rows.append((f"  {support_word(side)}", bar, heads(spoken), voices(made.votes(side))))
    return rows


def _turnout(status: ProposalStatus) -> str:
    have, needed = status.proposal.people, heads(status.needed)
    if status.state == ProposalState.PENDING:
        return _("needs {needed}, For and Abstain together (if voting opened now)", needed=needed)
    return _("{have:,} of {needed} needed, For and Abstain together", have=have, needed=needed)
