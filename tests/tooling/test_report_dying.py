"""When a community is said to be dying: by those who carry it, whoever else reads or is paid."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import pytest

from mikoshi.config.governance import AlarmsSection
from mikoshi.config.kinds import ValueProblemError
from mikoshi.config.load import load_config
from mikoshi.config.templates.template import Template
from mikoshi.config.words import Pauses
from mikoshi.replay.member import Standing
from mikoshi.report.alarm import AlarmState
from mikoshi.report.alarms import chosen, evaluate
from mikoshi.report.calendar import Calendar
from mikoshi.report.core import core
from mikoshi.text.units import DAY
from tests.support import refuses
from tests.tooling.history import T0, History
from tests.tooling.test_report_alarms import _sample, alarms, limits

SALON = AlarmsSection.model_validate(Template.load("salon").values["alarms"])


def month(history: History, *voters: int, pays: Sequence[int] = ()) -> None:
    """Thirty days with two votes, of the same people, who may be thanked."""
    for _ in range(2):
        if voters:
            history.decide(*voters, by=voters[0])
        history.wait(8 if voters else 15)
    for member in pays:
        history.credit(member)


def dying(history: History, settings: AlarmsSection | None = None) -> AlarmState:
    return alarms(history, settings)["dying"].state


# Healthy communities


def test_readers_around_a_steady_core_are_no_death() -> None:
    history = History(12)
    for number in range(18):
        for _ in range(2 if number < 10 else 0):
            history.admit()
        month(history, *range(1, 13))
        assert dying(history) != AlarmState.RINGING, number
    found = alarms(history)
    assert found["participation"].rings  # 12 of 32, and that is said
    assert found["dying"].state == AlarmState.QUIET


def test_contented_delegators_are_no_death() -> None:
    history = History(20).wait(1)
    for member in range(6, 21):
        history.delegate(member, to=member % 5 + 1)
    for number in range(18):
        month(history, *range(1, 6))
        assert dying(history) != AlarmState.RINGING, number


def test_clubs_that_take_turns_are_no_death() -> None:
    history = History(18)
    for number in range(18):
        first = number % 3 * 6 + 1
        month(history, *range(first, first + 6))
        assert dying(history) != AlarmState.RINGING, number


def test_old_club_with_everybody_active_rings_nothing_about_its_newcomers() -> None:
    history = History(4)
    gone = [history.admit() for _ in range(6)]
    for member in gone:
        history.stand(member, Standing.EXITED)
    month(history, 1, 2, 3, 4)
    for _ in range(5):
        month(history, 1, 2, 3, 4)
        assert not alarms(history)["staying"].rings  # nobody could be asked
        assert dying(history) != AlarmState.RINGING


# Dying ones


def test_founder_who_goes_on_alone_and_thanks_everybody_hides_nothing() -> None:
    history = History(14).wait(1)
    for member in range(2, 8):
        history.delegate(member, to=1)
    everybody = range(1, 15)
    rung = []
    for number in range(1, 13):
        month(history, 1, pays=everybody)
        found = alarms(history)
        assert found["participation"].value == Fraction(1, 14)
        rung += [number] if found["dying"].rings else []
    assert rung == list(range(2, 13))  # with two months to look at


@pytest.mark.parametrize("patron", [False, True])
def test_core_that_falls_below_half_rings_in_that_month(patron: bool) -> None:
    history = History(14)
    for _ in range(6):
        month(history, *range(1, 11))
    month(history, *range(1, 8), pays=range(1, 15) if patron else ())
    assert dying(history) == AlarmState.QUIET
    month(history, *range(1, 5), pays=range(1, 15) if patron else ())
    found = alarms(history)
    assert (found["core"].state, found["dying"].state) == (AlarmState.RINGING,) * 2
    assert found["core"].value == Fraction(4, 10)
    assert found["core"].whom == tuple(range(5, 11))
    assert "4 people voted or proposed in the last 30 days, and 10 usually do" in found["core"].text


def test_fewer_people_in_a_month_of_full_votes_are_luck() -> None:
    history = History(12)
    for number in range(6):
        month(history, *range(1, 6), 6 + number % 2, 8 + number % 2)
    history.decide(*range(1, 7), by=1)
    history.wait(23)
    assert not alarms(history)["core"].rings


def test_signs_count_only_where_the_core_sags() -> None:
    history = History(10)
    for _ in range(5):
        history.admit()
    for _ in range(7):
        month(history, *range(1, 7))
    found = alarms(history)
    assert [found[name].rings for name in ("staying", "participation", "dying")] == [
        True,
        True,
        False,
    ]
    month(history, *range(1, 5))
    found = alarms(history)
    assert not found["core"].rings  # 4 of 6
    assert not found["dying"].rings
    assert alarms(history, limits(core=6_500))["dying"].rings  # 65 % and 5 more


def test_core_counts_votes_and_proposals_of_whole_stretches() -> None:
    history = History(6)
    history.delegate(6, to=1)
    for voters in ((1, 2, 3, 4), (2, 3, 4, 5), (1, 2)):
        month(history, *voters)
    history.now -= 1  # what happens as a stretch begins was in the one before
    found = core(history.facts, Calendar.of(history.facts))
    assert [sorted(each) for each in found.stretches] == [[1, 2], [2, 3, 4, 5], [1, 2, 3, 4]]
    assert (found.now, found.usual, found.share) == (2, Fraction(4), Fraction(1, 2))
    assert (found.ballots, found.usual_ballots) == (Fraction(2), Fraction(4))
    assert found.votes == Fraction(1, 2)
    assert found.regulars == {2, 3, 4}
    assert found.young


# Pauses


def pausing(days: int) -> History:
    """A lively community of twelve that stops for so many days."""
    history = History(12)
    for _ in range(6):
        month(history, *range(1, 13))
    history.wait(days)
    return history


def around(history: History, days: int) -> AlarmsSection:
    first, last = history.now - days * DAY, history.now - DAY
    texts = [f"{datetime.fromtimestamp(each, UTC):%Y-%m-%d}" for each in (first, last)]
    return AlarmsSection.model_validate({"pause": " … ".join(texts)})


def test_pause_that_is_known_is_no_silence() -> None:
    for days in (20, 42, 70):
        history = pausing(days)
        rings = {each.name for each in evaluate(history.facts, around(history, days)) if each.rings}
        assert not rings & {"dying", "core", "participation", "quiet_proposals", "quorum"}, days
    assert dying(pausing(42)) == AlarmState.RINGING  # where nobody was told of it


def test_who_does_not_come_back_from_a_pause_is_missed() -> None:
    history = pausing(42)
    known = around(history, 42)
    month(history, 1, 2, 3)
    assert dying(history, known) == AlarmState.RINGING


def test_salon_may_have_six_quiet_weeks_without_a_word() -> None:
    history = History(12)
    for number in range(12):
        month(history, *range(1, 13))
        if number % 6 == 5:
            for _ in range(6):
                history.wait(7)
                assert dying(history, SALON) != AlarmState.RINGING


def test_calendar_leaves_pauses_out() -> None:
    calendar = Calendar(100, 30, ((20, 40), (80, 90)))
    assert (calendar.before(10), calendar.before(11)) == (90, 79)
    assert calendar.before(50) == 40
    assert calendar.before(51) == 19
    assert calendar.start == 60
    assert (calendar.since(95), calendar.since(85), calendar.since(0)) == (5, 10, 70)
    inside = Calendar(85, 30, ((80, 90),))
    assert (inside.before(5), inside.since(70)) == (75, 10)


def test_pauses_are_days_in_dao_toml(tmp_path: Path) -> None:
    file = _sample(tmp_path, 'pause = "2026-12-20 … 2027-01-31"')
    start = int(datetime(2026, 12, 20, tzinfo=UTC).timestamp())
    end = int(datetime(2027, 2, 1, tzinfo=UTC).timestamp())
    assert load_config(file).alarms.pause == ((start, end),)
    file = _sample(tmp_path, 'pause = ["2027-08-01 ... 2027-08-31", "2026-12-20 to 2027-01-31"]')
    found = load_config(file).alarms.pause
    assert found[0] == (start, end)
    assert len(found) == 2
    assert Pauses().read("") == ()
    assert Pauses().literal(found[:1]) == '"2026-12-20 … 2027-01-31"'


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("2026-12-20", "pause.malformed"),
        ("2027-01-31 … 2026-12-20", "pause.malformed"),
        ("2026-02-30 … 2026-03-01", "pause.malformed"),
        ("soon", "pause.malformed"),
        (7, "pause.malformed"),
        (["2026-12-20 … 2027-01-31", "2027-01-31 … 2027-02-03"], "pause.overlap"),
    ],
)
def test_pause_that_is_none_is_refused(value: object, kind: str) -> None:
    with pytest.raises(ValueProblemError) as raised:
        Pauses().read(value)
    assert raised.value.kind == kind


# Which alarms fail a command


def test_alarms_that_fail_are_chosen_by_name() -> None:
    assert chosen("dying,quorum, runway") == ["dying", "quorum", "runway"]
    assert chosen("none") == ()
    assert "turnout_fall" in chosen("any")
    with refuses("report.unknown-alarm", name="dyin"):
        chosen("dyin")


# What can still be decided


def test_three_missed_votes_are_not_hidden_by_who_acted_once() -> None:
    history = History(12).wait(1)
    for voters in ((1, 2), (1, 2), (1,)):
        history.decide(*voters, by=1)
    for member in range(1, 9):
        history.act(member)
    history.now += 1
    found = alarms(history.wait(10))["quorum"]
    assert found.rings
    assert found.value == Fraction(2, 4)
    assert history.now > T0


def test_a_young_dao_counts_those_who_voted() -> None:
    history = History(8).wait(1)
    history.decide(1, 2, 3, by=1)
    found = alarms(history)["core"]
    assert not found.rings
    assert "3 people voted or proposed in the last 30 days; nothing is usual yet" in found.text
