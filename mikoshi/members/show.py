"""An admission in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from mikoshi.chain.refusals import Fees
from mikoshi.members.admission import Admission, Admitted
from mikoshi.members.rights import Right
from mikoshi.text.console import Console
from mikoshi.text.language import _, listed, ngettext
from mikoshi.text.people import Person, show
from mikoshi.text.units import format_time

_SHOWN = 10


def show_admission(
    out: Console, plan: Admission, right: Right | None, file: str, fees: Fees, left_out: str = ""
) -> None:
    """Who of a file is admitted, who is a member already, and what it costs.

    `left_out` says which lines of the file are nobody.
    """
    total = len(plan.missing) + len(plan.present) + len(plan.left) + len(plan.barred)
    out.say(
        ngettext(
            "{file}: {total} person, {count} to admit",
            "{file}: {total} people, {count} to admit",
            total,
            file=file,
            total=total,
            count=len(plan.missing),
        ),
        style="bold",
    )
    if left_out:
        out.say(f"  {left_out}")
    _group(out, _("members already"), plan.present)
    left = _("left, and may come back themselves (or --readmit, where tickets can be sold)")
    _group(out, left, plan.left)
    barred = _("removed by a vote, which alone lets them back in (action `admit`); left out")
    _group(out, barred, plan.barred, out.warn)
    _group(out, _("to admit"), [(person, 0) for person in plan.missing])
    if plan.missing:
        cost = fees.priced(plan.gas)
        count = plan.transactions
        out.say(
            ngettext(
                "{count} transaction, about {cost}",
                "{count} transactions, about {cost}",
                count,
                count=count,
                cost=cost,
            )
        )
    else:
        out.good(_("nothing to do"))
    if right is not None and right.limit is not None and right.limit < len(plan.missing):
        when = format_time(right.renewed, right.renewed)
        out.warn(
            _(
                "the steward may admit {limit} more in these 30 days; others from {when}",
                limit=right.limit,
                when=when,
            )
        )


def show_admitted(
    out: Console,
    admitted: Admitted,
    waiting: int,
    right: Right | None,
    command: str,
    name_of: Callable[[str], str],
    *,
    named: bool,
) -> None:
    """How many have been admitted, and by whom others; `command`, next, shows them all.

    `named` says that it names the file, whose names are known nowhere else.
    """
    if admitted.people or not (admitted.others or admitted.waiting):
        out.good(_("admitted {count}", count=len(admitted.people)))
    for sender in dict.fromkeys(by for __, by in admitted.others):
        group = [(person, 0) for person, by in admitted.others if by == sender]
        who = show(sender, name=name_of(sender)) if name_of(sender) else sender
        _group(out, _("admitted by {who} meanwhile, not by this run", who=who), group, out.good)
    waits = _("will be admitted by a transaction that waits to be mined, not by this run")
    _group(out, waits, [(person, 0) for person in admitted.waiting], out.warn)
    if waiting and right is not None:
        when = format_time(right.renewed, right.renewed)
        out.next_step(
            _(
                "the same command again from {when}, for the other {waiting}",
                when=when,
                waiting=waiting,
            )
        )
    elif named:
        words = _("with this --names every command shows their names")
        out.next_step(words, command)
    else:
        out.next_step("", command)


def _group(
    out: Console,
    title: str,
    people: Sequence[tuple[Person, int]],
    say: Callable[[str], None] | None = None,
) -> None:
    if not people:
        return
    names = listed(show(each.wallet, number, each.name) for each, number in people[:_SHOWN])
    more = len(people) - _SHOWN
    rest = _(" and {more} more", more=more) if more > 0 else ""
    (say or out.say)(f"  {title}: {names}{rest}")
