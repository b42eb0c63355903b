"""When each alarm rings, when it has too few data, and whom it names."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from mikoshi.config.governance import AlarmsSection
from mikoshi.config.load import load_config
from mikoshi.replay.member import Standing
from mikoshi.replay.outflow import ETH, Holding
from mikoshi.report.alarm import Alarm, AlarmState
from mikoshi.report.alarms import evaluate, ringing
from mikoshi.report.words import ALARMS
from mikoshi.text.language import speaking
from mikoshi.text.units import DAY
from tests.support import refuses
from tests.tooling.history import ETHER, History
from tests.tooling.test_report_money import OTHER

NAMES = [
    "dying",
    "core",
    "staying",
    "participation",
    "quiet_proposals",
    "retention_30",
    "retention_90",
    "first_act",
    "turnout_fall",
    "quorum",
    "concentration",
    "quiet_rewards",
    "runway",
]


SIGNS = ("staying", "participation", "quiet_proposals")


def alarms(
    history: History, limits: AlarmsSection | None = None, balance: int | None = None
) -> dict[str, Alarm]:
    balances = None if balance is None else [Holding(ETH, "ETH", 18, balance)]
    return {each.name: each for each in evaluate(history.facts, limits, balances)}


def limits(**values: int) -> AlarmsSection:
    return AlarmsSection().model_copy(update=values)


def acting(history: History, *members: int) -> None:
    for member in members:
        history.act(member)


def test_every_alarm_is_judged_in_order_and_has_words() -> None:
    found = alarms(History(3).wait(1))
    assert list(found) == NAMES == list(ALARMS)
    for language in ("en", "ja"):
        with speaking(language):
            titles = [each.title for each in alarms(History(3).wait(1)).values()]
        assert all(titles)
        assert len(set(titles)) == len(titles)


# Thresholds


def test_thresholds_are_those_of_dao_toml(tmp_path: Path) -> None:
    file = _sample(tmp_path, 'participation = "12.5%"', 'quiet_rewards = "10 days"', "dying = 3")
    found = load_config(file).alarms
    assert (found.participation, found.quiet_rewards, found.dying) == (1_250, 10 * DAY, 3)
    assert found.staying == AlarmsSection().staying


@pytest.mark.parametrize(
    ("line", "low", "high", "got"),
    [
        ('participation = "110%"', "0 %", "100 %", "110 %"),
        ('runway = "6 years"', "0 seconds", "5 years", "6 years"),
        ("dying = 4", "1", "3", "4"),
        ('quorum_margin = "90%"', "100 %", "500 %", "90 %"),
    ],
)
def test_thresholds_have_limits(line: str, low: str, high: str, got: str, tmp_path: Path) -> None:
    setting = f"alarms.{line.partition(' ')[0]}"
    problem = {"setting": setting, "kind": "value.outside", "low": low, "high": high, "got": got}
    with refuses("file.problems", name="dao.toml", problems=[problem]):
        load_config(_sample(tmp_path, line))


def test_threshold_that_there_is_not_is_no_setting(tmp_path: Path) -> None:
    problem = {"setting": "alarms.stayin", "kind": "setting.unknown", "near": "staying"}
    with refuses("file.problems", problems=[problem]):
        load_config(_sample(tmp_path, "stayin = 1"))


def test_thresholds_change_nothing_on_the_chain(tmp_path: Path) -> None:
    plain = load_config(_sample(tmp_path))
    other = load_config(_sample(tmp_path, "dying = 1"))
    assert plain.params(0) == other.params(0)


def _sample(folder: Path, *lines: str) -> Path:
    """A dao.toml with these lines in its [alarms]."""
    wallets = "\n".join(History().wallet(number) for number in range(1, 4))
    (folder / "members.csv").write_text(f"wallet\n{wallets}\n")
    text = """
[dao]
name = "A"
symbol = "A"
chain_id = 31337
slug = "a"
[charter]
hash = "0xc4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4c4"
[members]
file = "members.csv"
[token]
name = "T"
symbol = "T"
cap_per_epoch = "1 T"
[alarms]
"""
    (folder / "dao.toml").write_text(text + "\n".join(lines))
    return folder / "dao.toml"


# Too few data


@pytest.mark.parametrize("founders", [0, 1, 2])
@pytest.mark.parametrize("days", [0, 1, 400])
def test_nothing_rings_where_there_are_too_few_people(founders: int, days: int) -> None:
    history = History(founders).wait(days)
    rings = {name for name, each in alarms(history).items() if each.rings}
    # Two founders who never come back have no quorum: that is a fact, not a statistic.
    assert rings == ({"quorum"} if founders and days >= 30 else set())


def test_nothing_rings_on_the_first_day_of_twelve() -> None:
    assert [each for each in alarms(History(12).wait(1)).values() if each.rings] == []


def test_dying_waits_for_two_stretches_of_life() -> None:
    history = History(5).wait(40)
    found = alarms(history)
    assert found["participation"].rings
    assert found["dying"].state == AlarmState.TOO_FEW
    history.wait(20)
    assert alarms(history)["dying"].rings  # in all its life nobody has done anything


# Signs


def newcomers(stay: int, of: int) -> History:
    """A DAO in which `stay` of `of` newcomers of 100 days still act, as do all six founders."""
    history = History(6)
    for _ in range(of):
        history.admit()
    history.wait(90)
    history.propose()
    acting(history, *range(1, 7 + stay))
    history.wait(10)
    return history


@pytest.mark.parametrize(
    ("stay", "of", "state"),
    [
        (3, 10, AlarmState.QUIET),  # exactly 30 %
        (1, 4, AlarmState.RINGING),
        (0, 4, AlarmState.RINGING),
        (0, 3, AlarmState.TOO_FEW),
    ],
)
def test_staying(stay: int, of: int, state: AlarmState) -> None:
    found = alarms(newcomers(stay, of))["staying"]
    assert found.state == state
    assert found.value == Fraction(stay, of)
    assert found.whom == tuple(range(7 + stay, 7 + of))


@pytest.mark.parametrize(("acts", "rings"), [(3, False), (2, True)])
def test_participation(acts: int, rings: bool) -> None:
    history = History(6).wait(60)
    acting(history, *range(1, acts + 1))
    history.wait(5)
    found = alarms(history)["participation"]
    assert (found.rings, found.value) == (rings, Fraction(acts, 6))
    assert found.whom == tuple(range(acts + 1, 7))


def test_participation_names_first_who_fell_silent_last() -> None:
    history = History(4).wait(10)
    for member in (3, 1, 4):
        acting(history, member)
        history.wait(5)
    history.wait(40)
    assert alarms(history)["participation"].whom == (4, 1, 3, 2)


@pytest.mark.parametrize(("days", "rings"), [(60, False), (60.01, True)])
def test_quiet_proposals(days: float, rings: bool) -> None:
    history = History(4).wait(30)
    history.propose(by=2)
    history.wait(days)
    found = alarms(history)["quiet_proposals"]
    assert found.rings == rings
    assert found.whom == (2,)


# Trends


def test_retention_after_thirty_days() -> None:
    history = History(3)
    for _ in range(5):
        history.admit()
    history.wait(35)
    acting(history, 4, 5)
    history.wait(25)
    found = alarms(history)["retention_30"]
    assert (found.state, found.value) == (AlarmState.QUIET, Fraction(2, 5))
    assert found.whom == (6, 7, 8)
    assert alarms(history, limits(retention_30=4_001))["retention_30"].rings
    assert alarms(history, limits(newcomers=6))["retention_30"].state == AlarmState.TOO_FEW


def test_retention_after_ninety_days_needs_cohorts_that_are_old_enough() -> None:
    history = History(3)
    for _ in range(4):
        history.admit()
    history.wait(119.9)
    assert alarms(history)["retention_90"].state == AlarmState.TOO_FEW
    history.wait(0.1)
    assert alarms(history)["retention_90"].rings
    history.wait(89)
    assert alarms(history)["retention_90"].rings
    history.wait(1)
    assert alarms(history)["retention_90"].state == AlarmState.TOO_FEW  # nobody lately


def test_first_act_rings_when_half_wait_too_long() -> None:
    history = History(3)
    for _ in range(4):
        history.admit()
    acting(history, 4)
    history.wait(30)
    found = alarms(history)["first_act"]
    assert (found.rings, found.value, found.whom) == (True, None, (5, 6, 7))
    acting(history, 5)
    assert not alarms(history)["first_act"].rings  # half of them, in exactly 30 days
    assert alarms(history, limits(first_act=29 * DAY))["first_act"].rings


@pytest.mark.parametrize(("voters", "rings"), [((1, 2), False), ((1,), True)])
def test_turnout_fall_compares_two_quarters(voters: tuple[int, ...], rings: bool) -> None:
    history = History(4).wait(1)
    for turn in ((1, 2, 3, 4), (1, 2, 3, 4), voters, voters):
        history.decide(*turn)
        history.wait(38)
    found = alarms(history)["turnout_fall"]
    assert (found.rings, found.value) == (rings, 1 - Fraction(len(voters), 4))
    assert found.whom == tuple(sorted({1, 2, 3, 4} - set(voters)))


def test_turnout_fall_needs_two_votes_in_each_quarter() -> None:
    history = History(4).wait(1)
    for turn in ((1, 2, 3, 4), (1, 2, 3, 4), ()):
        history.decide(*turn)
        history.wait(45)
    assert alarms(history)["turnout_fall"].state == AlarmState.TOO_FEW


# Troubles


def test_quorum_names_whom_to_let_lapse_and_what_then_suffices() -> None:
    history = History(10).wait(220)
    acting(history, 1, 2, 3)
    found = alarms(history)["quorum"]
    assert (found.rings, found.value) == (True, Fraction(1))
    assert found.whom == tuple(range(4, 11))
    assert "falls to 2" in found.advice
    assert found.command == "lapse"  # all whom it would take


def test_quorum_leaves_awake_who_acts_and_for_whom_they_speak() -> None:
    history = History(10)
    for lender in (5, 6):
        history.delegate(lender, to=1)
    history.wait(220)
    history.decide(1, by=1)
    found = alarms(history)["quorum"]
    assert found.rings
    assert found.whom == (2, 3, 4, 7, 8, 9, 10)
    assert found.advice.endswith("the quorum falls to 2")
    for silent in found.whom:
        history.stand(silent, Standing.DORMANT)
    assert not alarms(history)["quorum"].rings


def test_quorum_says_how_many_more_must_act_after_the_lapse() -> None:
    history = History(60).wait(220)
    history.decide(1, by=1)
    found = alarms(history)["quorum"]
    assert found.whom == tuple(range(2, 61))
    assert found.advice.endswith("the quorum falls to 3, for which 2 more must act")  # 5 % of 60
    assert found.command == "lapse"  # all whom it would take


def test_alarms_of_a_dao_asleep_wake_somebody_before_anybody_lapses() -> None:
    history = History(15).wait(1)
    acting(history, 7)
    history.wait(3 * 365)
    found = alarms(history)
    quorum, rewards = found["quorum"], found["quiet_rewards"]
    assert (quorum.rings, quorum.value, quorum.whom) == (True, 0, (7,))  # who once carried it
    assert "falls to" not in quorum.advice
    assert quorum.advice.startswith("ask one of these to vote on something")
    assert "lapse" not in quorum.command
    assert (rewards.rings, rewards.whom) == (True, (7,))
    assert rewards.advice.startswith("nobody has acted for 90 days")
    history.decide(7, by=7)
    found = alarms(history)
    assert found["quorum"].command == "lapse"
    assert 7 not in found["quorum"].whom
    assert "did" in found["quiet_rewards"].advice


def test_quorum_names_the_silent_while_nobody_can_lapse() -> None:
    history = History(10).wait(100)
    acting(history, 1, 2, 3)
    found = alarms(history)["quorum"]
    assert found.rings
    assert found.whom == tuple(range(4, 11))
    acting(history, 4)
    assert not alarms(history)["quorum"].rings  # four of three needed: 133 %


def test_concentration_names_the_busiest_person() -> None:
    history = History(5).wait(1)
    for _ in range(5):
        acting(history, 2)
    acting(history, 1, 3, 4, 5)
    assert alarms(history)["concentration"].state == AlarmState.TOO_FEW  # nine acts
    acting(history, 1)
    found = alarms(history)["concentration"]
    assert (found.rings, found.value, found.whom) == (True, Fraction(1, 2), (2,))
    acting(history, 1, 3, 4)
    assert not alarms(history)["concentration"].rings  # 5 of 13
    assert alarms(history, limits(bus_factor=3))["concentration"].rings


def test_quiet_rewards_names_those_who_act_unthanked() -> None:
    history = History(4).wait(1)
    history.credit(1)
    history.wait(59)
    history.decide(1, 3, by=2)
    history.wait(1)
    found = alarms(history)["quiet_rewards"]
    assert found.rings
    assert set(found.whom) == {2, 3}
    assert found.command.startswith('proposal new "Thanks" --template reward')


@pytest.mark.parametrize(("balance", "rings"), [(ETHER * 2, False), (ETHER * 2 - 2, True)])
def test_runway(balance: int, rings: bool) -> None:
    history = History(4).wait(90)
    proposal = history.decide(1, 2, actions=((OTHER, ETHER, b""),))
    history.wait(2)
    history.execute(proposal)
    found = alarms(history, balance=balance)["runway"]
    assert found.rings == rings
    assert alarms(history)["runway"].state == AlarmState.TOO_FEW
    assert alarms(History(4).wait(90), balance=0)["runway"].value is None


def test_alarms_that_ring_name_members_and_a_command() -> None:
    history = newcomers(stay=0, of=10)
    history.stand(3, Standing.EXITED)
    history.wait(100)
    found = ringing(history.logs, history.rebuilt, history.now)
    assert {"dying", "staying", "participation", "quorum", "quiet_rewards"} <= {
        each.name for each in found
    }
    for each in found:
        assert each.whom, each.name
        assert each.command, each.name
        assert each.advice, each.name
        assert 3 not in each.whom, each.name
