"""The report as a document: what to do this week, the alarms, then every number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mikoshi.report import words
from mikoshi.report.alarm import Alarm, AlarmState
from mikoshi.report.figure import Figure, ReportSection, Source
from mikoshi.report.report import DaoReport
from mikoshi.report.week import step, this_week
from mikoshi.text.document import Block, Chapter, Document, Folded, Measure, Mood, Notice, Paragraph
from mikoshi.text.errors import CheckFailedError, Plural, Words
from mikoshi.text.language import N_, _, listed, ngettext
from mikoshi.text.units import format_time

_SPECIAL = (
    *("cohorts", "bus_factor", "gini", "nakamoto", "unused", "lasting"),
    *("ordinary_kit", "backing_membership", "backing_token"),
)
"""Numbers that only some want to see."""


def document(report: DaoReport) -> Document:
    """In the language in which the report was built, which is spoken now."""
    advice, command = step(report)
    mood, verdict = _verdict(report)
    return Document(
        dao=report.names.dao,
        kind=_("Report"),
        subject=_("Is {dao} alive?", dao=report.names.dao),
        mood=mood,
        verdict=verdict,
        chapters=[
            Chapter("week", _("This week"), this_week(report)),
            Chapter("alarms", _("Alarms"), list(_alarms(report))),
            *(Chapter(each.name, each.title, list(_section(each))) for each in report.sections),
        ],
        about=_about(report),
        step=advice,
        command=command,
        closing=_(
            "Every number is counted from the DAO's events; balances are the chain's. "
            "Lately means the last 90 days, a month 30 days. Made by `ape run report`."
        ),
        data=report.as_json(),
        language=report.language,
    )


def _verdict(report: DaoReport) -> tuple[Mood, str]:
    """With too few data nothing is said to be well."""
    ringing, count = report.ringing, len(report.alarms)
    few = [alarm for alarm in report.alarms if alarm.state == AlarmState.TOO_FEW]
    if ringing:
        dying = any(alarm.name == "dying" for alarm in ringing)
        return Mood.BAD if dying else Mood.WARNING, ngettext(
            "{count} alarm rings: {names}",
            "{count} alarms ring: {names}",
            len(ringing),
            count=len(ringing),
            names=listed(alarm.title for alarm in ringing),
        )
    if 2 * len(few) > count or any(alarm.name == "dying" for alarm in few):
        return Mood.UNSURE, _(
            "Too early to say: {few} of {count} alarms have too few data",
            few=len(few),
            count=count,
        )
    if few:
        return Mood.GOOD, _(
            "No alarm rings; {few} of {count} have too few data", few=len(few), count=count
        )
    return Mood.GOOD, _("No alarm rings")


def _about(report: DaoReport) -> list[str]:
    facts = report.facts
    return [
        _(
            "As of {moment}, {age} after the creation",
            moment=format_time(facts.now, 0),  # with the year: a report is kept
            age=words.days(facts.age),
        ),
        _(
            "Block {block:,} of chain {chain_id}; treasury {treasury_address}",
            block=facts.rebuilt.block,
            chain_id=report.chain_id,
            treasury_address=facts.dao.treasury_address,
        ),
    ]


def _alarms(report: DaoReport) -> Iterator[Block]:
    yield from (_ringing(report, alarm) for alarm in report.ringing)
    others = [_quiet(alarm) for state in _STILL for alarm in report.alarms if alarm.state == state]
    if others:
        title = _("{count} alarms that do not ring", count=len(others))
        yield Folded(title, others, on_screen=True)


_STILL = (AlarmState.QUIET, AlarmState.TOO_FEW)


def _ringing(report: DaoReport, alarm: Alarm) -> Notice:
    facts = [
        (_("What to do"), alarm.advice),
        (_("Whom to turn to"), report.names.all(alarm.whom)),
    ]
    command = report.command(alarm.command)
    return Notice(Mood.WARNING, alarm.text, alarm.title, facts, command)


def _quiet(alarm: Alarm) -> Notice:
    if alarm.state == AlarmState.QUIET:
        return Notice(Mood.GOOD, alarm.text, alarm.title)
    few = _("{standing} ({text})", standing=alarm.standing, text=alarm.text)
    return Notice(Mood.UNSURE, few, alarm.title)


def _section(section: ReportSection) -> Iterator[Block]:
    yield from (_measure(each) for each in section.figures if each.name not in _SPECIAL)
    special = [_measure(each) for each in section.figures if each.name in _SPECIAL]
    if special:
        yield Folded(_("More numbers"), special)
    if section.missing:
        yield Paragraph(_("not applicable: {part}", part=listed(section.missing)))


def _measure(figure: Figure) -> Measure:
    drawn = [block for block in (figure.chart, figure.table) if block]
    meant = [Paragraph(figure.definition), *map(_source, figure.sources)]
    behind = Folded(_("Definition and events"), meant)
    return Measure(figure.label, figure.text, figure.note, [*drawn, behind])


def _source(source: Source) -> Block:
    """The events of one name behind a figure."""
    if not source.count:
        return Paragraph(_("{event}: no events yet", event=source.event))
    ends = dict.fromkeys(f"{end:,}" for end in (source.first, source.last) if end is not None)
    title = _(
        "{event}: {count:,}, block {blocks}",
        event=source.event,
        count=source.count,
        blocks="–".join(ends),
    )
    more = "" if source.complete else " …"
    return Folded(title, [Paragraph(" ".join(source.transactions) + more)])


def alarmed(report: DaoReport, ringing: Sequence[Alarm], file: str) -> CheckFailedError:
    """The end of a report in which these alarms ring; `file` has the thresholds."""
    count = len(ringing)
    return CheckFailedError(
        "report.alarms",
        Plural("{count} alarm rings", "{count} alarms ring", count),
        [Words("{alarm}: {words}", alarm=alarm.title, words=alarm.text) for alarm in ringing],
        N_("Begin with the first: {advice}. Thresholds: [alarms] in {file}"),
        count=count,
        advice=ringing[0].advice,
        file=file,
    ).with_report(report)
