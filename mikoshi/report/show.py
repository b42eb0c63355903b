"""The report on the screen, and as the error that ends one with an alarm."""

from __future__ import annotations

from mikoshi.report.alarm import Alarm, AlarmState
from mikoshi.report.report import DaoReport
from mikoshi.text.console import Console
from mikoshi.text.errors import CheckFailedError
from mikoshi.text.language import pick


def show_report(out: Console, report: DaoReport) -> None:
    """Every number in a line, and how the alarms stand."""
    for section in report.sections:
        out.say(section.title, style="bold")
        rows = [(f"  {figure.label}", figure.text) for figure in section.figures]
        out.table(["", ""], rows)
    out.say(pick("Alarms", "警報"), style="bold")
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
    return pick(
        f"{alarm.title}: {alarm.text} → {alarm.advice}. Whom: {whom}.",
        f"{alarm.title}: {alarm.text} → 次の一手: {alarm.advice}。だれに: {whom}。",
    )


class AlarmError(CheckFailedError):
    """Thrown at the end of a report in which an alarm rings; its JSON is the whole report."""

    def __init__(self, report: DaoReport, file: str) -> None:
        self.report = report
        ringing = report.ringing
        count = len(ringing)
        super().__init__(
            pick(
                f"{count} alarm{'s' if count > 1 else ''} ring{'' if count > 1 else 's'}",
                f"警報が{count}件鳴っています",
            ),
            [f"{alarm.title}: {alarm.text}" for alarm in ringing],
            pick(
                f"Begin with the first: {ringing[0].advice}. Thresholds: [alarms] in {file}",
                f"まず最初の警報から: {ringing[0].advice}。基準は {file} の [alarms] にあります",
            ),
        )

    def as_json(self) -> dict[str, object]:
        """The report, and what it means."""
        return {**self.report.as_json(), **super().as_json()}
