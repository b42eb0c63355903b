"""A report in words, and as the error that ends a failed check."""

from __future__ import annotations

from mikoshi.check.report import CheckReport
from mikoshi.text import door
from mikoshi.text.console import Console
from mikoshi.text.errors import CheckFailedError, Final
from mikoshi.text.language import _, listed, pick


def show_report(out: Console, report: CheckReport) -> None:
    """One line for all parts, then every difference."""
    out.say("  ".join(str(section) for section in report.sections))
    for section in report.sections:
        for difference in section.differences:
            out.bad(f"{section.title}: {difference.words()}")


class ReportError(CheckFailedError):
    """Thrown at the end of a failed check; its JSON is the whole report."""

    def __init__(self, report: CheckReport, what: str, why: str | list[str], hint: str) -> None:
        self.report = report
        super().__init__(
            "check.differs",
            Final(what),
            [*map(Final, [why] if isinstance(why, str) else why)],
            Final(hint),
        )

    def as_json(self) -> dict[str, object]:
        """The report, and what it means."""
        return self.report.as_json() | super().as_json()


def failure(report: CheckReport, config: str, command: str = "") -> ReportError:
    """What a failed check means, and what to do next.

    `config` is the name of dao.toml, and `command` admits members.
    """
    count = len(report.differences)
    failed = [section.name for section in report.sections if not section.passed]
    if failed == ["parameters"]:
        return _drifted(report, config, command or door.command("members admit FILE"))
    where = listed(section.title for section in report.sections if not section.passed)
    if "roles" in failed and set(failed) <= {"roles", "parameters"}:
        hint = _(
            "A role that no vote gave is an intrusion: tell the members. One that a vote "
            "gave is accepted with --accept-votes, or taken back by a proposal"
        )
    else:
        hint = _(
            "Do not trust this DAO, or this node, before the differences are explained; "
            "try another node with --network"
        )
    return ReportError(
        report,
        pick(
            f"The check found {count} difference{'s' if count > 1 else ''}",
            f"{count}件の違いが見つかりました",
        ),
        _("in {where}, at block {block:,}", where=where, block=report.block),
        hint,
    )


def _drifted(report: CheckReport, config: str, command: str) -> ReportError:
    names = listed(each.what for each in report.differences)
    return ReportError(
        report,
        _("{config} no longer matches the deployment: {names}", config=config, names=names),
        list(dict.fromkeys(each.note for each in report.differences if each.note)),
        _(
            "Write what is on the chain into {config}; to change the DAO itself, make a proposal",
            config=config,
        )
        if names != "members"
        else _(
            "Admit the people of {config} with `{command}`, or take them out of it",
            config=config,
            command=command,
        ),
    )
