"""Lapsing on the screen."""

from __future__ import annotations

from collections.abc import Sequence

from mikoshi.text.console import Console
from mikoshi.text.errors import NothingSentError, NotNowError, ProblemError
from mikoshi.text.language import N_, _, listed, ngettext
from mikoshi.text.units import DAY, format_date, format_duration, format_time
from mikoshi.voting.lapse import Lapse, Quorum, Silent
from mikoshi.voting.silence import Who
from mikoshi.words import standing_word

_SHOWN = 20


def show_lapse(out: Console, plan: Lapse, who: Who, now: int, silence: int) -> None:
    """Who can be lapsed, since when they are silent, and what it does to the quorum.

    `silence` is the DAO's `dormant_after`, in seconds.
    """
    if plan.due:
        count = len(plan.due)
        out.say(
            ngettext(
                "{count} member can be lapsed", "{count} members can be lapsed", count, count=count
            ),
            style="bold",
        )
        columns = (_("who"), _("last record"), _("becomes"))
        rows = [_row(each, who, now) for each in plan.due[:_SHOWN]]
        if count > _SHOWN:
            rows.append((_("and {count} more", count=count - _SHOWN), "", ""))
        out.table(columns, rows)
        for each in plan.due:
            if each.lenders:
                out.warn(_lenders(each, who))
        _show_quorum(out, plan.before, plan.after)
        if not plan.after.awake:
            out.warn(
                _(
                    "nobody stays awake: until somebody wakes, nobody can propose or be "
                    "delegated to. Ask somebody to vote or wake first, or name whom to lapse"
                )
            )
    else:
        out.good(_("nobody can be lapsed now"))
    for reason in reasons(plan, who, now):
        out.warn(str(reason))
    out.say(
        _(
            "silence may last {least} to {most}: it is counted from the day on record, which lies "
            "up to 30 days before the last act",
            least=format_duration(silence),
            most=format_duration(silence + 30 * DAY),
        )
    )
    _show_next(out, plan.next, who, now)


def reasons(plan: Lapse, who: Who, now: int) -> list[ProblemError]:
    """Why some of those who were asked for cannot be lapsed."""
    never = [
        ProblemError(
            "lapse.never",
            N_("{who} is {standing}: there is nothing to lapse"),
            who=who(person.id),
            standing=standing_word(person.standing.name.lower()),
        )
        for person in plan.never
    ]
    return never + [
        ProblemError(
            "lapse.not-yet",
            N_("{who} not before {due}"),
            who=who(each.person.id),
            due=format_time(each.due, now),
        )
        for each in plan.later
    ]


def nobody_due(plan: Lapse, who: Who, now: int) -> NotNowError:
    """The refusal where none of those who were asked for can be lapsed."""
    problems = reasons(plan, who, now)
    return NothingSentError(
        "lapse.nobody-due",
        N_("None of them can be lapsed now"),
        [each.words for each in problems],
        N_("`ape run lapse` shows who can be"),
        problems=problems,
    )


def _row(each: Silent, who: Who, now: int) -> tuple[str, str, str]:
    date, days = format_date(each.since, now), (now - each.since) // DAY
    since = _("{date} ({days} days)", date=date, days=days)
    return who(each.person.id), since, standing_word(each.falls.name.lower())


def _lenders(each: Silent, who: Who) -> str:
    name, count = who(each.person.id), each.lenders
    return ngettext(
        "{name} speaks for {count} other, who should take their voice back: "
        "`ape run delegate self`",
        "{name} speaks for {count} others, who should take their voice back: "
        "`ape run delegate self`",
        count,
        name=name,
        count=count,
    )


def _show_quorum(out: Console, before: Quorum, after: Quorum) -> None:
    out.say(
        ngettext(
            "awake {awake} → {after_awake}, counted {counted} → {after_counted}; a "
            "proposal whose voting opens later needs {needed} → {after_needed} person",
            "awake {awake} → {after_awake}, counted {counted} → {after_counted}; a "
            "proposal whose voting opens later needs {needed} → {after_needed} people",
            after.needed,
            awake=before.awake,
            after_awake=after.awake,
            counted=before.counted,
            after_counted=after.counted,
            needed=before.needed,
            after_needed=after.needed,
        )
    )
    out.say(_("they stay members; waking is free, and a vote wakes as well"))


def _show_next(out: Console, waiting: Sequence[Silent], who: Who, now: int) -> None:
    if waiting:
        people = listed(f"{who(each.person.id)} {format_date(each.due, now)}" for each in waiting)
        out.say(_("next, if they stay silent: {people}", people=people))
