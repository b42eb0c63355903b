"""Lapsing on the screen."""

from __future__ import annotations

from collections.abc import Sequence

from mikoshi.text.console import Console
from mikoshi.text.errors import NotNowError
from mikoshi.text.language import listed, pick
from mikoshi.text.units import DAY, format_time
from mikoshi.voting.lapse import Lapse, Quorum, Silent
from mikoshi.voting.silence import Who
from mikoshi.words.refusals import not_now
from mikoshi.words.standings import standing_word

_SHOWN = 20


def show_lapse(out: Console, plan: Lapse, who: Who, now: int) -> None:
    """Who can be lapsed, since when they are silent, and what it does to the quorum."""
    if plan.due:
        count = len(plan.due)
        out.say(
            pick(
                f"{count} {'member' if count == 1 else 'members'} can be lapsed",
                f"{count}人を休眠にできます",
            ),
            style="bold",
        )
        columns = (pick("who", "誰"), pick("last record", "最後の記録"), pick("becomes", "変更後"))
        rows = [_row(each, who, now) for each in plan.due[:_SHOWN]]
        if count > _SHOWN:
            rows.append((pick(f"and {count - _SHOWN} more", f"ほか{count - _SHOWN}人"), "", ""))
        out.table(columns, rows)
        for each in plan.due:
            if each.lenders:
                out.warn(_lenders(each, who))
        _show_quorum(out, plan.before, plan.after)
        if not plan.after.awake:
            out.warn(
                pick(
                    "nobody stays awake: until somebody wakes, nobody can propose or be delegated"
                    " to. Ask somebody to vote or wake first, or name whom to lapse",
                    "起きている人がいなくなり、だれかが再開するまで提案も委任もできません。"
                    "先にだれかに投票か再開を頼むか、休眠にする人を指定してください",
                )
            )
    else:
        out.good(pick("nobody can be lapsed now", "いま休眠にできる人はいません"))
    for reason in reasons(plan, who, now):
        out.warn(reason)
    _show_next(out, plan.next, who, now)


def reasons(plan: Lapse, who: Who, now: int) -> list[str]:
    """Why some of those who were asked for cannot be lapsed."""
    never = [
        pick(
            f"{who(person.id)} is {standing_word(person.standing.name.lower())}:"
            " there is nothing to lapse",
            f"{who(person.id)} は{standing_word(person.standing.name.lower())}で、"
            "休眠にするものがありません",
        )
        for person in plan.never
    ]
    return never + [
        pick(
            f"{who(each.person.id)} not before {format_time(each.due, now)}",
            f"{who(each.person.id)} を休眠にできるのは {format_time(each.due, now)} から",
        )
        for each in plan.later
    ]


def nobody_due(plan: Lapse, who: Who, now: int) -> NotNowError:
    """The refusal where none of those who were asked for can be lapsed."""
    return not_now(
        pick("None of them can be lapsed now", "いま休眠にできる人はいません"),
        reasons(plan, who, now),
        pick("`ape run lapse` shows who can be", "`ape run lapse` で候補を見られます"),
    )


def _row(each: Silent, who: Who, now: int) -> tuple[str, str, str]:
    date, days = format_time(each.since, now).rsplit(" ", 2)[0], (now - each.since) // DAY
    since = pick(f"{date} ({days} days)", f"{date}({days}日)")
    return who(each.person.id), since, standing_word(each.falls.name.lower())


def _lenders(each: Silent, who: Who) -> str:
    name, count = who(each.person.id), each.lenders
    return pick(
        f"{name} speaks for {count} other{'s' if count > 1 else ''}, who should take their voice"
        " back: `ape run delegate self`",
        f"{name} に声を託した{count}人は、`ape run delegate self` で取り戻してください",
    )


def _show_quorum(out: Console, before: Quorum, after: Quorum) -> None:
    out.say(
        pick(
            f"awake {before.awake} → {after.awake}, counted {before.counted} → {after.counted};"
            f" a proposal whose voting opens later needs {before.needed} → {after.needed} people",
            f"起きている人 {before.awake} → {after.awake}、数える人 {before.counted} →"
            f" {after.counted}。これから投票が始まる提案に必要な人数 {before.needed} →"
            f" {after.needed}",
        )
    )
    out.say(
        pick(
            "they stay members; waking is free, and a vote wakes as well",
            "メンバーのままです。再開は無料で、投票でも再開します",
        )
    )


def _show_next(out: Console, waiting: Sequence[Silent], who: Who, now: int) -> None:
    if waiting:
        people = listed(
            f"{who(each.person.id)} {format_time(each.due, now).rsplit(' ', 2)[0]}"
            for each in waiting
        )
        out.say(pick(f"next, if they stay silent: {people}", f"沈黙が続けば次は: {people}"))
