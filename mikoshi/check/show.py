"""A report in words, and as the error that ends a failed check."""

from __future__ import annotations

from mikoshi.check.report import CheckReport
from mikoshi.text import language
from mikoshi.text.console import Console
from mikoshi.text.errors import CheckFailedError, Plural, Words
from mikoshi.text.language import N_, listed
from mikoshi.words.power import lasting_now, returning
from mikoshi.words.seats import open_seats
from mikoshi.words.waiting import InOffice, waiting


def show_report(out: Console, report: CheckReport) -> None:
    """One line for all parts, then what waits and who could hold power, then every difference."""
    out.say("  ".join(str(section) for section in report.sections))
    found = lasting_now(report.rebuilt, report.time)
    (out.warn if found.dangerous else out.say)(found.text)
    out.say(returning(report.rebuilt, report.time).text)
    office = InOffice.of(report.rebuilt)
    if text := office.text(report.time):
        (out.say if office.known else out.warn)(text)
    for each in waiting(report.rebuilt, report.time):
        out.warn(each.text(report.time))
    for seat in open_seats(report.rebuilt, report.time):
        out.warn(seat.text(report.time))
    for section in report.sections:
        for difference in section.differences:
            out.bad(f"{section.title}: {difference.words}")


def failure(report: CheckReport, config: str, command: str = "") -> CheckFailedError:
    """What a failed check means, and what to do next.

    `config` is the name of dao.toml, and `command` admits members.
    """
    count = len(report.differences)
    failed = [section.name for section in report.sections if not section.passed]
    if failed == ["parameters"]:
        return _drifted(report, config, command or language.command("members admit FILE"))
    where = listed(section.title for section in report.sections if not section.passed)
    return CheckFailedError(
        "check.differs",
        Plural("The check found {count} difference", "The check found {count} differences", count),
        Words("in {where}, at block {block:,}", where=where),
        N_(
            "A role that no vote gave is an intrusion: tell the members. One that a vote "
            "gave is accepted with --accept-votes, or taken back by a proposal"
        )
        if "roles" in failed and set(failed) <= {"roles", "parameters"}
        else N_(
            "Do not trust this DAO, or this node, before the differences are explained; "
            "try another node with --network"
        ),
        count=count,
        sections=failed,
        block=report.block,
    ).with_report(report)


def _drifted(report: CheckReport, config: str, command: str) -> CheckFailedError:
    names = [each.what for each in report.differences]
    return CheckFailedError(
        "check.drifted",
        Words("{config} no longer matches the deployment: {names}", names=listed(names)),
        [*dict.fromkeys(each.note for each in report.differences if each.note)],
        N_("Admit the people of {config} with `{command}`, or take them out of it")
        if names == ["members"]
        else N_(
            "Write what is on the chain into {config}; to change the DAO itself, make a proposal"
        ),
        config=config,
        command=command,
        settings=names,
    ).with_report(report)
