"""Votes and voice on the screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mikoshi.ballots.words import support_word
from mikoshi.context.proposed import warn_unproven
from mikoshi.proposals.decode import in_words
from mikoshi.replay.dao import RebuiltDao
from mikoshi.replay.governor import ABSTAIN, AGAINST, FOR
from mikoshi.text.console import Console
from mikoshi.text.language import listed, pick
from mikoshi.text.units import format_merit, format_time, format_voice, format_when
from mikoshi.voting.choice import VoteChoice
from mikoshi.voting.power import Power, cap_words
from mikoshi.voting.silence import Who
from mikoshi.words.voices import heads, voices

if TYPE_CHECKING:
    from mikoshi.context.context import Context

_SHOWN = 8


def show_choice(out: Console, choice: VoteChoice, context: Context, who: Who) -> None:
    """What is voted on, by its bytes, and what the ballot weighs."""
    now = context.now
    power, proposal = choice.power, choice.proposed.proposal
    closes = format_when(proposal.deadline, now)
    when = (
        pick(f"voting closes {closes}", f"投票締切は {closes}")
        if choice.opens is None
        else pick(
            f"voting opens {format_when(choice.opens, now)}",
            f"投票開始は {format_when(choice.opens, now)}",
        )
    )
    out.say(f"{choice.proposed.brief}  {when}", style="bold")
    _show_steps(out, choice, context)
    warn_unproven(out, choice.proposed)
    support = support_word(choice.support)
    out.say(
        pick(
            f"{choice.who} votes {support}; a vote is final",
            f"{choice.who} は{support}票を投じます(票は変えられません)",
        )
    )
    rows = [
        (pick("weighs", "重さ"), _weight_words(choice.weight, power)),
        (pick("speaks for", "代表"), people_words(power.speaks_for, power.person.id, who)),
    ]
    if choice.opens is None:
        rows.append((pick("so far", "現在"), _tally_words(choice, context.rebuilt)))
    if choice.reason:
        rows.append((pick("reason", "理由"), choice.reason))
    out.table(("", ""), rows)


def _show_steps(out: Console, choice: VoteChoice, context: Context) -> None:
    steps = choice.proposed.steps
    for number, words in enumerate(in_words(steps[:_SHOWN], context.book), 1):
        out.say(f" {number}  {words}")
    if len(steps) > _SHOWN:
        more, command = len(steps) - _SHOWN, f"`ape run proposal show {choice.proposed.number}`"
        out.say(pick(f" and {more} more: {command}", f" ほか{more}件: {command}"))
    if not steps:
        out.say(pick(" it asks only, and does nothing", " 意見を聞くだけで、何も実行しません"))


def show_power(out: Console, power: Power, who: Who, now: int) -> None:
    """What a member speaks with, line by line."""
    at = format_time(power.time, now)
    moment = pick("now", "現在") if power.time == now else pick("then", "当時")
    out.say(f"{who(power.person.id)}  {moment}: {at}", style="bold")
    if power.silence:
        out.bad(pick(f"no voice: {power.silence}", f"声がありません: {power.silence}"))
    rows = []
    if power.own or power.merit:
        rows.append((pick("own voice", "自分の声"), _own_words(power, who)))
    if power.speaks_for:
        speaks = people_words(power.speaks_for, power.person.id, who)
        rows.append((pick("speaks with", "行使できる声"), voices(power.voice)))
        rows.append((pick("speaks for", "代表"), speaks))
        rows.append((pick("a ballot weighs", "1票の重さ"), _weight_words(power.weight, power)))
    if rows:
        out.table(("", ""), rows)


def people_words(numbers: Sequence[int], self_: int, who: Who) -> str:
    """`3 people: themself, Ken #2 (…), Yui #5 (…)`; `self_` is the id of the one who speaks."""
    ordered = sorted(numbers, key=lambda number: (number != self_, number))
    names = [pick("themself", "本人") if each == self_ else who(each) for each in ordered[:_SHOWN]]
    more = len(ordered) - _SHOWN
    if more > 0:
        names.append(pick(f"{more} more", f"ほか{more}人"))
    return f"{heads(len(ordered))}: {listed(names)}"


def _weight_words(weight: int, power: Power) -> str:
    text = pick(
        f"{voices(weight)} of {format_voice(power.awake)} awake",
        f"{voices(weight)}(起きている声の合計 {format_voice(power.awake)})",
    )
    if weight >= power.voice:
        return text
    return text + pick(
        f"; {cap_words(power)} cuts it from {format_voice(power.voice)}",
        f"。{format_voice(power.voice)} が{cap_words(power)}で切られます",
    )


def _own_words(power: Power, who: Who) -> str:
    person = power.person
    if not power.own:
        merit = format_merit(power.merit)
        return pick(
            f"none; {merit} points of merit stay",
            f"ありません(貢献点 {merit} は残ります)",
        )
    merit = format_merit(power.merit)
    text = pick(
        f"{voices(power.own)}: {format_voice(power.base)} as everyone,"
        f" {format_voice(power.own - power.base)} from {merit} points of merit",
        f"{voices(power.own)}(全員に等しく {format_voice(power.base)}、"
        f"貢献点 {merit} から {format_voice(power.own - power.base)})",
    )
    if person.delegate in (None, person.id):
        return text
    to = who(person.delegate)
    return text + pick(f", lent to {to}", f"。{to} に託しています")


def _tally_words(choice: VoteChoice, rebuilt: RebuiltDao) -> str:
    proposal = choice.proposed.proposal
    needed, people = rebuilt.governor.needed(proposal), proposal.people
    adds = len(choice.power.speaks_for) if choice.support != AGAINST else 0
    sums = listed(
        f"{support_word(support)} {format_voice(proposal.votes(support))}"
        for support in (FOR, AGAINST, ABSTAIN)
    )
    return pick(
        f"{sums}; {people} of {needed} people needed, {people + adds} with this vote",
        f"{sums}。必要な{needed}人のうち{people}人、この票で{people + adds}人",
    )
