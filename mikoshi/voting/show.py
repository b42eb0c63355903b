"""Votes and voice on the screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mikoshi.ballots.words import support_word
from mikoshi.context.proposed import warn_unproven
from mikoshi.proposals.decode import in_words
from mikoshi.replay.dao import RebuiltDao
from mikoshi.replay.governor import ABSTAIN, AGAINST, FOR
from mikoshi.text import language
from mikoshi.text.console import Console
from mikoshi.text.language import _, listed, ngettext
from mikoshi.text.units import format_merit, format_time, format_voice, format_when
from mikoshi.voting.choice import VoteChoice
from mikoshi.voting.power import Power, cap_words
from mikoshi.voting.silence import Who
from mikoshi.words import heads, voices

if TYPE_CHECKING:
    from mikoshi.context.context import Context

_SHOWN = 8


def show_choice(out: Console, choice: VoteChoice, context: Context, who: Who) -> None:
    """What is voted on, by its bytes, and what the ballot weighs."""
    now = context.now
    power, proposal = choice.power, choice.proposed.proposal
    closes = format_when(proposal.deadline, now)
    when = (
        _("voting closes {closes}", closes=closes)
        if choice.opens is None
        else _("voting opens {opens}", opens=format_when(choice.opens, now))
    )
    out.say(f"{choice.proposed.brief}  {when}", style="bold")
    _show_steps(out, choice, context)
    warn_unproven(out, choice.proposed)
    support = support_word(choice.support)
    out.say(_("{who} votes {support}; a vote is final", who=choice.who, support=support))
    rows = [
        (_("weighs"), _weight_words(choice.weight, power)),
        (_("speaks for"), people_words(power.speaks_for, power.person.id, who)),
    ]
    if choice.opens is None:
        rows.append((_("so far"), _tally_words(choice, context.rebuilt)))
    if choice.reason:
        rows.append((_("reason"), choice.reason))
    out.table(("", ""), rows)


def _show_steps(out: Console, choice: VoteChoice, context: Context) -> None:
    steps = choice.proposed.steps
    for number, words in enumerate(in_words(steps[:_SHOWN], context.book), 1):
        out.say(f" {number}  {words}")
    if len(steps) > _SHOWN:
        more = len(steps) - _SHOWN
        command = f"`{language.command(f'proposal show {choice.proposed.number}')}`"
        out.say(" " + _("and {more} more: {command}", more=more, command=command))
    if not steps:
        out.say(" " + _("it asks only, and does nothing"))


def show_power(out: Console, power: Power, who: Who, now: int) -> None:
    """What a member speaks with, line by line."""
    at = format_time(power.time, now)
    moment = _("now") if power.time == now else _("then")
    out.say(f"{who(power.person.id)}  {moment}: {at}", style="bold")
    if power.silence:
        out.bad(_("no voice: {silence}", silence=power.silence))
    rows = []
    if power.own or power.merit:
        rows.append((_("own voice"), _own_words(power, who)))
    if power.most > power.base > 0:
        most = _("{most}, with {full:,} points of merit", most=voices(power.most), full=power.full)
        rows.append((_("at most"), most))
    if power.speaks_for:
        speaks = people_words(power.speaks_for, power.person.id, who)
        rows.append((_("speaks with"), voices(power.voice)))
        rows.append((_("speaks for"), speaks))
        rows.append((_("a ballot weighs"), _weight_words(power.weight, power)))
    if rows:
        out.table(("", ""), rows)


def people_words(numbers: Sequence[int], self_: int, who: Who) -> str:
    """`3 people: themself, Ken #2 (…), Yui #5 (…)`; `self_` is the id of the one who speaks."""
    ordered = sorted(numbers, key=lambda number: (number != self_, number))
    names = [_("themself") if each == self_ else who(each) for each in ordered[:_SHOWN]]
    more = len(ordered) - _SHOWN
    if more > 0:
        names.append(_("{more} more", more=more))
    return f"{heads(len(ordered))}: {listed(names)}"


def _weight_words(weight: int, power: Power) -> str:
    said, awake = voices(weight), format_voice(power.awake)
    if weight >= power.voice:
        return _("{weight} of {awake} awake", weight=said, awake=awake)
    return _(
        "{weight} of {awake} awake; {cap} cuts it from {voice}",
        weight=said,
        awake=awake,
        cap=cap_words(power),
        voice=format_voice(power.voice),
    )


def _own_words(power: Power, who: Who) -> str:
    person = power.person
    if not power.own:
        merit = format_merit(power.merit)
        return _("none; {merit} points of merit stay", merit=merit)
    merit = format_merit(power.merit)
    text = _(
        "{own}: {base} as everyone, {earned} from {merit} points of merit",
        own=voices(power.own),
        base=format_voice(power.base),
        earned=format_voice(power.own - power.base),
        merit=merit,
    )
    if person.delegate in (None, person.id):
        return text
    return _("{own}, lent to {to}", own=text, to=who(person.delegate))


def _tally_words(choice: VoteChoice, rebuilt: RebuiltDao) -> str:
    proposal = choice.proposed.proposal
    needed, people = rebuilt.governor.needed(proposal), proposal.people
    adds = len(choice.power.speaks_for) if choice.support != AGAINST else 0
    sums = listed(
        f"{support_word(support)} {format_voice(proposal.votes(support))}"
        for support in (FOR, AGAINST, ABSTAIN)
    )
    return ngettext(
        "{sums}; {people} of {needed} person needed, {then} with this vote",
        "{sums}; {people} of {needed} people needed, {then} with this vote",
        needed,
        sums=sums,
        people=people,
        needed=needed,
        then=people + adds,
    )
