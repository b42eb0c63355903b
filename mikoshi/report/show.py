"""The report on the screen, and as the error that ends one with an alarm."""

from __future__ import annotations

from mikoshi.report.alarm import Alarm, AlarmState
from mikoshi.report.report import DaoReport
from mikoshi.text.console import Console
from mikoshi.text.errors import CheckFailedError, Final, Plural
from mikoshi.text.language import N_, _


def show_report(out: Console, report: DaoReport) -> None:
    """Every number in a line, and how the alarms stand."""
    for section in report.sections:
        out.say(section.title, style="bold")
        rows = [(f"  {figure.label}", figure.text) for figure in section.figures]
        out.table(["", ""], rows)
    out.say(_("Alarms"), style="bold")
    for alarm in report.alarms:
        if alarm.state == AlarmState.QUIET:
            out.good(f"{alarm.title}: {alarm.text}")
        elif alarm.state == AlarmState.TOO_FEW:
            out.say(f"· {alarm.title}: {alarm.standing}")
        else:
            out.warn(_alarm(report, alarm))
            out.command(report.command(alarm.command))


def _alarm(report: DaoReport, alarm: Alarm) -> str:
    """An alarm, what to do, and whom to turn to."""
    whom = report.names.all(alarm.whom)
    return _(
        "{title}: {text} → {advice}. Whom: {whom}.",
        title=alarm.title,
        text=alarm.text,
        advice=alarm.advice,
        whom=whom,
    )


class AlarmError(CheckFailedError):
    """Thrown at the end of a report in which an alarm rings; its JSON is the whole report."""

    def __init__(self, report: DaoReport, file: str) -> None:
        self.report = report
        ringing = report.ringing
        count = len(ringing)
        super().__init__(
            "report.alarms",
            Plural("{count} alarm rings", "{count} alarms ring", count),
            [Final(f"{alarm.title}: {alarm.text}") for alarm in ringing],
            N_("Begin with the first: {advice}. Thresholds: [alarms] in {file}"),
            count=count,
            advice=ringing[0].advice,
            file=file,
        )

    def as_json(self) -> dict[str, object]:
        """The report, and what it means."""
        return {**self.report.as_json(), **super().as_json()}
