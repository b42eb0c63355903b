"""Proposals on the screen: what each action says, and what its bytes do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from mikoshi.ballots.proposal import TreasuryCall
from mikoshi.context.address_book import AddressBook
from mikoshi.context.proposed import Proposed, warn_unproven
from mikoshi.proposals.action import Action
from mikoshi.proposals.composed import Composed
from mikoshi.proposals.decode import does
from mikoshi.proposals.new import unwritten
from mikoshi.replay.governor import ProposalState
from mikoshi.text.console import Console
from mikoshi.text.errors import ProblemError
from mikoshi.text.json import entries_of, plain
from mikoshi.text.language import N_, _, ngettext
from mikoshi.text.units import format_time
from mikoshi.words import state_word


def show_composed(out: Console, composed: Composed, book: AddressBook) -> None:
    """A proposal's file: each action as it is written, beside what its bytes do."""
    _head(out, composed.title, composed.text, composed.binding, len(composed.steps))
    rows = []
    for number, (action, steps) in enumerate(composed.actions, 1):
        for index, step in enumerate(steps):
            says = action.words(book) if index == 0 else ""
            rows.append((str(number) if index == 0 else "", says, does(step, book, action)))
    if rows:
        columns = (">", _("the file says"), _("the bytes do"))
        out.table(columns, rows)
    if is_unwritten(composed):
        out.warn(
            _(
                "the text is still that of the template: write it into {name} before it "
                "stands on the chain for ever",
                name=composed.source.name,
            )
        )


def is_unwritten(composed: Composed) -> bool:
    """Whether the template's words still stand in for the text."""
    return any(words in composed.text for words in unwritten())


def show_proposed(out: Console, each: Proposed, state: ProposalState, book: AddressBook) -> None:
    """A proposal on the chain: what its bytes do."""
    _head(out, each.brief, each.text, not each.proposal.advisory, len(each.steps))
    rows = [(str(n), does(step, book)) for n, step in enumerate(each.steps, 1)]
    if rows:
        out.table((">", _("the bytes do")), rows)
    who = book.show_member(each.proposal.proposer)
    closes = format_time(each.proposal.deadline, book.now.time)
    over = each.proposal.deadline < book.now.time
    text = (
        N_("proposed by {who}; {state}; voting closed {closes}")
        if over
        else N_("proposed by {who}; {state}; voting closes {closes}")
    )
    out.say(_(text, who=who, state=state_word(state), closes=closes))
    out.say(f"id {each.id}")
    warn_unproven(out, each)


def show_later(out: Console, found: Iterable[tuple[int, ProblemError]]) -> None:
    """What of its calls comes later, and how it is taken back."""
    for number, each in found:
        out.warn(_("call {number}: {later}", number=number, later=each))


def show_list(out: Console, rows: Sequence[tuple[Proposed, ProposalState]], now: int) -> None:
    """Every proposal, a line each."""
    columns = (
        ">",
        _("title"),
        _("kind"),
        _("state"),
        _("voting closes"),
    )
    out.table(
        columns,
        [
            (
                str(each.number),
                each.title,
                _kind_word(not each.proposal.advisory),
                state_word(state),
                format_time(each.proposal.deadline, now),
            )
            for each, state in rows
        ],
    )


def composed_json(composed: Composed, book: AddressBook) -> dict[str, Any]:
    """A proposal's file for programs."""
    return {
        **entries_of(composed, "title text"),
        "unwritten": is_unwritten(composed),
        "binding": composed.binding,
        "actions": [
            {
                "do": action.verb,
                "says": action.words(book),
                "calls": [step_json(step, book, action) for step in steps],
            }
            for action, steps in composed.actions
        ],
    }


def proposed_json(each: Proposed, state: ProposalState, book: AddressBook) -> dict[str, Any]:
    """A proposal on the chain for programs; ids and amounts as text."""
    return {
        **entries_of(
            each,
            "number id:str title description=proposal.description binding=proposal.binding",
        ),
        "state": plain(state),
        **entries_of(each.proposal, "proposer snapshot deadline eta expiry"),
        "calls": [step_json(step, book) for step in each.steps],
    }


def step_json(step: TreasuryCall, book: AddressBook, said: Action | None = None) -> dict[str, Any]:
    """A call for programs, with what it does in words."""
    return entries_of(step, "to=target value:str data") | {"does": does(step, book, said)}


def _head(out: Console, title: str, text: str, binding: bool, calls: int) -> None:
    kind = _kind_word(binding)
    if calls:
        kind = ngettext(
            "{kind}, {count} call", "{kind}, {count} calls", calls, kind=kind, count=calls
        )
    out.say(f"{title}  ({kind})", style="bold")
    for line in text.splitlines():
        out.say(f"  │ {line}")  # nobody's words can be mistaken for ours


def _kind_word(binding: bool) -> str:
    return _("binding") if binding else _("advisory")
