"""The section about people: who came, who stayed, who carries it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from mikoshi.replay.facts import QUARTER, Deed, Facts, Human
from mikoshi.replay.logs import Log
from mikoshi.replay.membership import Standing
from mikoshi.report import words
from mikoshi.report.carrying import behind, carrying
from mikoshi.report.figure import Chart, Figure, ReportSection, Source, Table
from mikoshi.report.formulas import median
from mikoshi.report.months import day, months
from mikoshi.report.names import Names
from mikoshi.report.retention import AFTER, Retention, cohorts, recent, staying
from mikoshi.text.language import listed, pick
from mikoshi.text.units import DAY
from mikoshi.words.standings import standing_word

_GONE = (Standing.EXITED, Standing.LEFT, Standing.BARRED)


def people(facts: Facts, names: Names) -> ReportSection:
    """Everything about who is there and what they do."""
    figures = [
        _members(facts),
        _joins(facts),
        _exits(facts),
        _staying(facts),
        *(_retention(facts, after) for after in AFTER),
        _cohorts(facts, names),
        _first(
            facts,
            "first_vote",
            pick("Time to the first vote", "最初の投票までの時間"),
            pick("cast their first ballot", "最初の票を投じる"),
            Deed.BALLOT,
        ),
        _first(
            facts,
            "first_reward",
            pick("Time to the first reward", "最初の報酬までの時間"),
            pick("get their first merit or tokens", "最初の貢献点かトークンを受け取る"),
            Deed.CONTRIBUTION,
        ),
        *carrying(facts, names),
    ]
    missing = [pick("tasks and their claims (Work)", "タスクと着手(Work)")]
    return ReportSection("people", pick("People", "人"), figures, missing)


def _standings(facts: Facts) -> tuple[Source, ...]:
    home = facts.dao.membership_address
    return tuple(
        Source.of(name, facts.events(home, name)) for name in ("MemberAdmitted", "StandingChanged")
    )


def _members(facts: Facts) -> Figure:
    counts = Counter(human.standing for human in facts.members())
    told = listed(f"{standing_word(each.name.lower())} {counts[each]}" for each in sorted(counts))
    calendar, total = months(facts), facts.rebuilt.membership.total
    entries = [total.at(month.end - 1) for month in calendar]
    return Figure(
        "members",
        pick("Members", "メンバー"),
        words.people(counts.total()) + words.bracketed(told),
        pick(
            "People who hold a ticket now. Active: with a voice. Dormant: silent or resting, with"
            " ticket, record and claims. Newcomers: admitted without the charter, without a voice"
            " until their season is over. Absent: dormant for two years, not counted any more.",
            "いま会員証を持つ人。活動中: 声を持つ人。休眠: 静かな人(会員証・記録・権利はそのまま)。"
            "新入り: 憲章に未同意で、season が過ぎるまで声を持たない人。長期不在: 休眠から"
            "2年が過ぎ、人数に数えない人。",
        ),
        {each.name.lower(): counts[each] for each in Standing if each.is_member},
        "people",
        _standings(facts),
        chart=Chart(
            pick("Members at the end of each 30 days", "30日ごとの人数"),
            [month.label for month in calendar],
            {
                pick("counted", "数える人"): [entry.counted for entry in entries],
                pick("awake", "起きている人"): [entry.members for entry in entries],
            },
            lines=True,
        ),
    )


def _joins(facts: Facts) -> Figure:
    first = _first_admissions(facts)
    newcomers = facts.newcomers
    lately = sum(human.joined > facts.now - QUARTER for human in newcomers)
    return Figure(
        "joins",
        pick("Joins", "加入"),
        pick(
            f"{len(newcomers)} since the founding by {words.people(len(first) - len(newcomers))};"
            f" {lately} in the last 90 days",
            f"設立時の{len(first) - len(newcomers)}人のあと{len(newcomers)}人"
            f"(この90日間に{lately}人)",
        ),
        pick(
            "First admissions of a person. Whoever returns is not counted again.",
            "初めての入会。戻ってきた人は数え直しません。",
        ),
        {"founders": len(first) - len(newcomers), "newcomers": len(newcomers), "lately": lately},
        "people",
        (Source.of("MemberAdmitted", first),),
    )


def _first_admissions(facts: Facts) -> list[Log]:
    seen: dict[int, Log] = {}
    for log in facts.events(facts.dao.membership_address, "MemberAdmitted"):
        seen.setdefault(log.event.args["id"], log)
    return list(seen.values())


def _exits(facts: Facts) -> Figure:
    changes = facts.events(facts.dao.membership_address, "StandingChanged")
    exits = [log for log in changes if Standing(log.event.args["standing"]) in _GONE]
    left = sum(not human.standing.is_member for human in facts.people.values())
    barred = sum(human.standing == Standing.BARRED for human in facts.people.values())
    lately = sum(log.time > facts.now - QUARTER for log in exits)
    return Figure(
        "exits",
        pick("Exits", "退会"),
        pick(
            f"gone now: {words.people(left)} ({barred} barred); exits in all: {len(exits)},"
            f" in the last 90 days: {lately}",
            f"いま離れている人 {left}人(うち除名 {barred}人)。退会はのべ{len(exits)}件、"
            f"この90日間に{lately}件",
        ),
        pick(
            "Ends of a membership: by the person's own will, by the sale of the ticket, or barred"
            " by a vote. Falling dormant is none.",
            "会員でなくなったこと(本人の意思、会員証の売却、投票による除名)。休眠は含みません。",
        ),
        {"gone": left, "barred": barred, "exits": len(exits), "lately": lately},
        "people",
        (Source.of("StandingChanged", exits),),
    )


def _staying(facts: Facts) -> Figure:
    found = staying(facts)
    return Figure(
        "staying",
        pick("Newcomers who stay", "新メンバーの定着"),
        _kept(found),
        pick(
            "Of the newcomers admitted more than 90 days ago, the share with at least one act in"
            " the last 30 days. Founders are not asked; whoever left counts as not staying. PM DAO"
            " found that about 10 % of its newcomers stayed.",
            "加入から90日を過ぎた新メンバーのうち、この30日間に1回以上活動した人の割合。設立時の"
            "メンバーは含まず、退会した人は「定着しなかった」と数えます。PM DAO の定着率は約10 %"
            "でした。",
        ),
        found.rate,
        "ratio",
        _of(facts, found),
    )


def _of(facts: Facts, found: Retention) -> tuple[Source, ...]:
    """The admissions of those who were judged, and what they did."""
    return (
        Source.of("MemberAdmitted", _admissions(facts, found.judged)),
        *behind(act for human in found.judged for act in human.acts),
    )


def _retention(facts: Facts, after: int) -> Figure:
    days = after // DAY
    found = recent(facts, after)
    return Figure(
        f"retention_{days}",
        pick(f"Retention after {days} days", f"{days}日後の継続率"),
        _kept(found),
        pick(
            f"Of the newcomers admitted between {days + 120} and {days + 30} days ago, the share"
            f" with at least one act from day {days} to day {days + 30} after their admission."
            " Founders are not asked; whoever left counts as not retained.",
            f"{days + 120}日前から{days + 30}日前までに加入した新メンバーのうち、加入{days}日後から"
            f"{days + 30}日後までに1回以上活動した人の割合。設立時のメンバーは含まず、退会した人は"
            "「継続しなかった」と数えます。",
        ),
        found.rate,
        "ratio",
        _of(facts, found),
    )


def _kept(found: Retention) -> str:
    judged = len(found.judged)
    count = pick(f"{found.kept} of {judged}", f"{judged}人中{found.kept}人")
    return f"{words.percent(found.rate)} ({count})" if judged else words.none()


def _admissions(facts: Facts, humans: Iterable[Human]) -> list[Log]:
    wanted = {human.id for human in humans}
    return [log for log in _first_admissions(facts) if log.event.args["id"] in wanted]


def _cohorts(facts: Facts, names: Names) -> Figure:
    rows, data, shown = [], [], cohorts(facts)
    for cohort in shown:
        found = [cohort.retention(after, facts.now) for after in AFTER]
        members = [human.id for human in cohort.people]
        first = pick("founders", "設立時") if cohort.founders else day(cohort.start)
        rows.append([first, str(len(members)), *map(_kept, found), names.all(members)])
        data.append(
            {
                "start": cohort.start,
                "founders": cohort.founders,
                "members": members,
                "judged": [len(each.judged) for each in found],
                "retained": [each.kept for each in found],
            }
        )
    return Figure(
        "cohorts",
        pick("Cohorts", "コホート"),
        words.times(len(shown)),
        pick(
            "The people admitted in each 30 days of the DAO's life, and how many of them acted from"
            " day 30 to 60 and from day 90 to 120 after their own admission; n/a while nobody's"
            " window is over.",
            "DAOの30日ごとに加入した人と、そのうち加入30〜60日後・90〜120日後に活動した人。"
            "期間が過ぎた人がいなければ「該当なし」。",
        ),
        len(shown),
        "cohorts",
        (Source.of("MemberAdmitted", _first_admissions(facts)), *behind(facts.acts)),
        table=Table(
            [
                pick("since", "開始日"),
                pick(">people", ">人数"),
                pick(">after 30 days", ">30日後"),
                pick(">after 90 days", ">90日後"),
                pick("who", "メンバー"),
            ],
            rows,
            data,
        ),
    )


def _first(facts: Facts, name: str, label: str, deed_words: str, deed: Deed) -> Figure:
    everyone = list(facts.people.values())
    waits = [human.first(deed) for human in everyone]
    half = median(waits)
    done = sum(wait is not None for wait in waits)
    return Figure(
        name,
        label,
        pick(
            f"median {words.days(half)}; {done} of {len(waits)} so far",
            f"中央値 {words.days(half)}({len(waits)}人中{done}人が経験)",
        ),
        pick(
            f"Median time from admission until people {deed_words}, founders included. Whoever has"
            " not yet counts as taking longer than everyone else; n/a while fewer than half have.",
            f"加入してから{deed_words}までの時間の中央値(設立時のメンバーを含む)。まだの人は"
            "「誰よりも長い」と数え、半数に満たない間は「該当なし」。",
        ),
        {"median": half, "done": done, "people": len(waits)},
        "seconds",
        behind(act for act in facts.acts if act.deed == deed),
    )
