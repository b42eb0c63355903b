"""The report as one HTML page that needs nothing else: no network, no script, no other file."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from mikoshi.report import words
from mikoshi.report.alarm import Alarm, AlarmState
from mikoshi.report.charts import draw
from mikoshi.report.figure import Figure, ReportSection
from mikoshi.report.markup import details, sources, table, tag, text
from mikoshi.report.report import DaoReport
from mikoshi.text.errors import BadInputError, Final
from mikoshi.text.files import reason_of, write_atomically
from mikoshi.text.language import N_, _, pick

_STYLE = Path(__file__).with_name("page.css")
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def page(report: DaoReport) -> str:
    """The page, in the language in which the report was built, which is spoken now."""
    dao = report.names.dao
    title = _("Is {dao} alive?", dao=dao)
    head = [
        '<meta charset="utf-8"/>',
        '<meta name="viewport" content="width=device-width,initial-scale=1"/>',
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}"/>',
        tag("title", text(title)),
        tag("style", _STYLE.read_text("utf-8")),
    ]
    body = [
        tag("header", tag("h1", text(title)) + tag("p", text(_moment(report)), class_="soft")),
        _verdict(report),
        _contents(report),
        _alarms(report),
        *(_section(section) for section in report.sections),
        tag("footer", tag("p", text(_footer()), class_="soft")),
    ]
    inner = tag("head", "\n".join(head)) + "\n" + tag("body", "\n".join(body))
    return "<!DOCTYPE html>\n" + tag("html", inner, lang=report.language) + "\n"


def save(report: DaoReport, path: Path) -> None:
    """Write the page, whole or not at all. Raises BadInputError where it cannot be written."""
    try:
        write_atomically(path, page(report))
    except OSError as error:
        raise BadInputError(
            "page.save",
            N_("{path} cannot be written"),
            Final(reason_of(error)),
            N_("Name another file with -o"),
            path=path,
        ) from error


def _moment(report: DaoReport) -> str:
    facts = report.facts
    moment = f"{datetime.fromtimestamp(facts.now, UTC):%Y-%m-%d %H:%M} UTC"
    age = words.days(facts.age)
    return _(
        "As of {moment}, block {block:,} of chain {chain_id}; {age} after the "
        "creation. Treasury {treasury_address}.",
        moment=moment,
        block=facts.rebuilt.block,
        chain_id=report.chain_id,
        age=age,
        treasury_address=facts.dao.treasury_address,
    )


def _verdict(report: DaoReport) -> str:
    ringing = [alarm.title for alarm in report.ringing]
    if not ringing:
        calm = _("✓ No alarm rings.")
        return tag("p", text(calm), class_="verdict quiet")
    count, names = len(ringing), words.listed_or_none(ringing)
    told = pick(f"⚠ {count} alarm{'s' if count > 1 else ''}: {names}", f"⚠ 警報 {count}件: {names}")
    return tag("p", text(told), class_="verdict ringing")


def _contents(report: DaoReport) -> str:
    links = [("alarms", _alarms_title()), *((each.name, each.title) for each in report.sections)]
    return tag("nav", "".join(tag("a", text(title), href=f"#{name}") for name, title in links))


def _alarms_title() -> str:
    return _("Alarms")


def _alarms(report: DaoReport) -> str:
    order = list(AlarmState)
    alarms = sorted(report.alarms, key=lambda alarm: order.index(alarm.state))
    cards = "".join(_alarm(report, alarm) for alarm in alarms)
    inner = tag("h2", text(_alarms_title())) + tag("div", cards, class_="cards")
    return tag("section", inner, id="alarms")


def _alarm(report: DaoReport, alarm: Alarm) -> str:
    parts = [tag("h3", text(f"{alarm.standing}: {alarm.title}")), tag("p", text(alarm.text))]
    if alarm.rings:
        whom = _("Whom to turn to") + ": " + report.names.all(alarm.whom)
        what = _("What to do") + ": " + alarm.advice
        command = tag("code", text(report.command(alarm.command)))
        parts += [tag("p", text(whom)), tag("p", text(what)), tag("p", command)]
    kind = {AlarmState.RINGING: "ringing", AlarmState.QUIET: "quiet"}.get(alarm.state, "")
    return tag("article", "".join(parts), class_=f"card alarm {kind}".strip())


def _section(section: ReportSection) -> str:
    cards = "".join(_figure(figure) for figure in section.figures)
    missing = "".join(tag("li", text(each)) for each in section.absences)
    inner = (
        tag("h2", text(section.title))
        + tag("div", cards, class_="cards")
        + (tag("ul", missing, class_="missing") if missing else "")
    )
    return tag("section", inner, id=section.name)


def _figure(figure: Figure) -> str:
    wide = " wide" if figure.table and figure.table.rows else ""
    behind = details(
        _("Definition and events"),
        tag("p", text(figure.definition)) + sources(figure.sources),
    )
    inner = (
        tag("h3", text(figure.label))
        + tag("p", text(figure.text), class_="number")
        + (tag("p", text(figure.note), class_="soft") if figure.note else "")
        + (draw(figure.chart) if figure.chart else "")
        + (table(figure.table) if figure.table else "")
        + behind
    )
    return tag("article", inner, class_=f"card{wide}")


def _footer() -> str:
    return _(
        "Every number is counted from the DAO's events; balances are the chain's. "
        "Lately means the last 90 days, a month 30 days. Made by `ape run report`."
    )
