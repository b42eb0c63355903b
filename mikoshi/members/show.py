"""An admission in words."""

from __future__ import annotations

from collections.abc import Sequence

from mikoshi.chain.fees import Fees
from mikoshi.members.admission import Admission
from mikoshi.members.rights import Right
from mikoshi.text.console import Console
from mikoshi.text.language import listed, pick
from mikoshi.text.people import Person, show
from mikoshi.text.units import format_time
from mikoshi.words.voices import heads

_SHOWN = 10


def show_admission(
    out: Console, plan: Admission, right: Right | None, file: str, fees: Fees
) -> None:
    """Who of a file is admitted, who is a member already, and what it costs."""
    total = len(plan.missing) + len(plan.present) + len(plan.left) + len(plan.barred)
    out.say(
        pick(
            f"{file}: {heads(total)}, {len(plan.missing)} to admit",
            f"{file}: {total}人のうち、{len(plan.missing)}人を迎えます",
        ),
        style="bold",
    )
    _group(out, pick("members already", "すでにメンバー"), plan.present)
    left = pick(
        "left, and may come back themselves (or --readmit)",
        "退会済み(本人が戻れます。--readmit でも)",
    )
    _group(out, left, plan.left)
    barred = pick("barred: only a vote lets them back in", "除名(戻すには投票が必要です)")
    _group(out, barred, plan.barred)
    _group(out, pick("to admit", "迎える人"), [(person, 0) for person in plan.missing])
    if plan.missing:
        cost = fees.priced(plan.gas)
        count = plan.transactions
        out.say(
            pick(
                f"{count} transaction{'s' if count > 1 else ''}, about {cost}",
                f"取引{count}件、約 {cost}",
            )
        )
    else:
        out.good(pick("nothing to do", "することはありません"))
    if right is not None and right.limit is not None and right.limit < len(plan.missing):
        when = format_time(right.renewed, right.renewed)
        out.warn(
            pick(
                f"the steward may admit {right.limit} more in these 30 days; others from {when}",
                f"スチュワードがこの30日に迎えられるのは、あと{right.limit}人。残りは {when} から",
            )
        )


def show_admitted(
    out: Console,
    admitted: Sequence[Person],
    waiting: int,
    right: Right | None,
    command: str,
    *,
    named: bool,
) -> None:
    """How many have been admitted, and what to do next: `command` shows them all.

    `named` says that it names the file, whose names are known nowhere else.
    """
    out.good(pick(f"admitted {len(admitted)}", f"{len(admitted)}人を迎えました"))
    if waiting and right is not None:
        when = format_time(right.renewed, right.renewed)
        out.next_step(
            pick(
                f"the same command again from {when}, for the other {waiting}",
                f"残りの{waiting}人は {when} から、同じコマンドで迎えられます",
            )
        )
    elif named:
        words = pick(
            "with this --names every command shows their names", "この --names で名前が出ます"
        )
        out.next_step(words, command)
    else:
        out.next_step("", command)


def _group(out: Console, title: str, people: Sequence[tuple[Person, int]]) -> None:
    if not people:
        return
    names = listed(show(each.wallet, number, each.name) for each, number in people[:_SHOWN])
    more = len(people) - _SHOWN
    rest = pick(f" and {more} more", f" ほか{more}人") if more > 0 else ""
    out.say(f"  {title}: {names}{rest}")
