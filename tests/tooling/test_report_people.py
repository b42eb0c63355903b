"""Who came, who stayed, who acts: counted in histories that are told by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mikoshi.replay.facts import Deed
from mikoshi.replay.member import Standing
from mikoshi.replay.membership import NOBODY
from mikoshi.report.activity import load, participation, recent_load, start
from mikoshi.report.retention import AFTER, cohorts, recent, retention, staying
from mikoshi.text.units import DAY
from tests.tooling.history import MEMBERSHIP, History


def deeds(history: History) -> list[tuple[int, Deed]]:
    return [(act.member, act.deed) for act in history.facts.acts]


# What an act is


def test_creation_and_admission_are_no_acts() -> None:
    history = History(3)
    history.admit()
    assert deeds(history) == []
    assert [human.founder for human in history.facts.people.values()] == [True, True, True, False]
    assert history.facts.created == history.logs[0].time


def test_each_kind_of_act_is_counted_for_whoever_did_it() -> None:
    history = History(4)
    history.wait(1)
    proposal = history.propose(by=2)
    history.wait(3)
    history.vote(proposal, 1, 3)
    history.delegate(4, to=1)
    history.credit(3)
    history.stand(2, Standing.DORMANT)
    history.wait(1)
    history.stand(2, Standing.ACTIVE)
    history.emit((MEMBERSHIP, "ActRecorded", {"id": 1}))
    assert deeds(history) == [
        (2, Deed.PROPOSAL),
        (1, Deed.BALLOT),
        (3, Deed.BALLOT),
        (4, Deed.DELEGATION),
        (3, Deed.CONTRIBUTION),
        (2, Deed.WAKING),
        (1, Deed.REPORTED),
    ]


def test_a_ballot_that_wakes_is_one_act() -> None:
    history = History(3)
    history.wait(1)
    proposal = history.propose(by=1)
    history.wait(3)
    history.stand(2, Standing.DORMANT)
    told = {"voter": history.wallet(2), "proposalId": proposal, "support": 1}
    weight = {"weight": history.weight(2, proposal), "reason": ""}
    history.emit(
        (MEMBERSHIP, "StandingChanged", {"id": 2, "standing": Standing.ACTIVE}),
        (history.rebuilt.dao.governor_address, "VoteCast", told | weight),
    )
    assert deeds(history) == [(1, Deed.PROPOSAL), (2, Deed.BALLOT)]


def test_what_others_do_to_a_delegation_is_no_act() -> None:
    history = History(4)
    history.wait(1)
    history.delegate(2, to=1)
    history.stand(1, Standing.DORMANT)
    history.delegate(2, to=2)  # anyone may: the delegate sleeps
    history.delegate(3, to=4)
    wallets = {"delegator": history.wallet(3), "fromDelegate": history.wallet(4)}
    history.emit((MEMBERSHIP, "DelegateChanged", wallets | {"toDelegate": history.wallet(0)}))
    assert deeds(history) == [(2, Deed.DELEGATION), (3, Deed.DELEGATION)]


def test_merit_and_tokens_of_one_transaction_are_one_contribution() -> None:
    history = History(3)
    history.wait(1)
    history.emit(history.credited(1, 5, kind=2), *history.minted(1, 7, kind=3))
    history.emit(*history.minted(2, 7))
    assert deeds(history) == [(1, Deed.CONTRIBUTION), (2, Deed.CONTRIBUTION)]
    rewards = [(each.member, each.kind) for each in history.facts.rewards]
    assert rewards == [(1, 2), (1, 3), (2, 0)]


def _delegation(delegator: str, before: str, to: str) -> dict[str, str]:
    return {"delegator": delegator, "fromDelegate": before, "toDelegate": to}


def test_acts_follow_a_person_to_another_wallet() -> None:
    history = History(3)
    history.wait(1)
    moved = {"id": 2, "from": history.wallet(2), "to": history.wallet(77)}
    old, new = history.wallet(2), history.wallet(77)
    moves = [(old, old, NOBODY), (new, NOBODY, new)]
    history.emit(
        (MEMBERSHIP, "WalletMoved", moved),
        *((MEMBERSHIP, "DelegateChanged", _delegation(*each)) for each in moves),
    )
    history.emit((MEMBERSHIP, "DelegateChanged", _delegation(new, new, history.wallet(1))))
    assert deeds(history) == [(2, Deed.DELEGATION)]
    assert history.facts.people[2].wallet == history.wallet(77)


# Retention


@pytest.mark.parametrize("after", AFTER)
@pytest.mark.parametrize(
    ("days", "kept"), [(-0.001, 0), (0, 1), (15, 1), (29.999, 1), (30, 0), (45, 0)]
)
def test_retained_is_who_acts_within_the_window(after: int, days: float, kept: int) -> None:
    history = History(2)
    history.wait(10)
    newcomer = history.admit()
    history.wait(after / DAY + days)
    history.act(newcomer)
    history.now = history.facts.people[newcomer].joined + after + 60 * DAY
    found = recent(history.facts, after)
    assert ([human.id for human in found.judged], found.kept) == ([newcomer], kept)
    assert found.rate == kept


def test_nobody_is_judged_before_the_window_is_over_or_long_after() -> None:
    history = History(2)
    newcomer = history.admit()
    joined = history.now
    history.now = joined + 60 * DAY - 1
    assert recent(history.facts, AFTER[0]).judged == ()
    history.now = joined + 60 * DAY
    assert [human.id for human in recent(history.facts, AFTER[0]).judged] == [newcomer]
    history.now = joined + 150 * DAY
    assert recent(history.facts, AFTER[0]).judged == ()
    assert len(retention(history.facts.newcomers, AFTER[0], history.now).judged) == 1


def test_who_left_is_not_retained_and_not_staying() -> None:
    history = History(2)
    stays, leaves = history.admit(), history.admit()
    history.wait(95)
    history.act(stays)
    history.act(leaves)
    history.stand(leaves, Standing.EXITED)
    history.wait(5)
    found = staying(history.facts)
    assert [human.id for human in found.judged] == [stays, leaves]
    assert [human.id for human in found.lost] == [leaves]
    assert found.rate == Fraction(1, 2)


@pytest.mark.parametrize("after", AFTER)
def test_who_acted_in_the_window_and_left_is_not_retained(after: int) -> None:
    history = History(2)
    people = [history.admit() for _ in range(5)]
    history.wait(after / DAY + 5)
    for member in people:
        history.act(member)
        history.stand(member, Standing.EXITED)
    history.wait(30)
    found = recent(history.facts, after)
    assert (len(found.judged), found.kept) == (5, 0)


def test_what_is_done_to_people_is_no_sign_of_life() -> None:
    history = History(3)
    newcomer = history.admit()
    for _ in range(7):
        history.wait(15)
        for member in range(1, 5):
            history.credit(member)
            history.emit((MEMBERSHIP, "ActRecorded", {"id": member}))
    facts = history.facts
    assert participation(facts).rate == 0
    assert staying(facts).rate == recent(facts, AFTER[0]).rate == 0
    assert recent_load(facts).busiest is None
    assert [human.id for human in start(facts, 30 * DAY).waiting] == []  # came 105 days ago
    assert facts.people[newcomer].first(Deed.CONTRIBUTION) == 15 * DAY


def test_old_members_are_newcomers_no_more() -> None:
    history = History(2)
    history.admit()
    history.wait(1)
    history.admit()
    history.wait(269)
    assert [human.id for human in staying(history.facts).judged] == [4]


def test_staying_asks_newcomers_of_ninety_days_about_the_last_thirty() -> None:
    history = History(2)
    old = history.admit()
    history.wait(0.001)
    history.admit()
    history.wait(89.999)
    assert [human.id for human in staying(history.facts).judged] == [old]
    history.act(old)
    history.wait(30)
    assert staying(history.facts).kept == 0
    history.now -= 1
    assert staying(history.facts).kept == 1


def test_cohorts_begin_with_the_founders_and_count_months_of_the_dao() -> None:
    history = History(2)
    history.wait(29.9)
    history.admit()
    history.wait(0.1)
    history.admit()
    history.wait(60)
    history.admit()
    found = [
        (each.founders, each.number, [human.id for human in each.people])
        for each in cohorts(history.facts)
    ]
    assert found == [(True, 0, [1, 2]), (False, 0, [3]), (False, 1, [4]), (False, 3, [5])]


# Participation and dependence


def test_participation_asks_the_dormant_too_and_nobody_new() -> None:
    history = History(4)
    history.wait(100)
    history.stand(4, Standing.DORMANT)
    history.stand(3, Standing.EXITED)
    history.admit()
    history.wait(29)
    history.act(1)
    found = participation(history.facts)
    assert [human.id for human in found.members] == [1, 2, 4]
    assert [human.id for human in found.silent] == [2, 4]
    assert found.rate == Fraction(1, 3)
    history.wait(30)
    assert participation(history.facts).rate == 0


def test_busiest_person_and_bus_factor() -> None:
    history = History(5)
    history.wait(1)
    for member, times in ((1, 9), (2, 1), (3, 6), (4, 4)):
        for _ in range(times):
            history.act(member)
    found = recent_load(history.facts)
    assert (found.busiest, found.busiest_share) == (1, Fraction(9, 20))
    assert (found.bus_factor, found.carriers) == (2, [1, 3])
    history.wait(90)
    empty = recent_load(history.facts)
    assert (empty.busiest, empty.busiest_share, empty.bus_factor) == (None, None, None)
    assert empty.carriers == []


def test_first_act_waits_for_newcomers_who_had_time() -> None:
    history = History(2)
    first, second, third = (history.admit() for _ in range(3))
    history.wait(10)
    history.act(first)
    history.wait(10)
    history.admit()
    history.wait(10)
    found = start(history.facts, 30 * DAY)
    assert [human.id for human in found.newcomers] == [first, second, third]
    assert [human.id for human in found.waiting] == [second, third]
    assert found.median is None
    history.act(second)
    assert start(history.facts, 30 * DAY).median == 30 * DAY


# Whatever happens

MOVES = st.lists(
    st.tuples(
        st.sampled_from(["admit", "credit", "mint", "sleep", "wake", "exit", "lend", "vote"]),
        st.integers(1, 6),
        st.integers(1, 20),
    ),
    max_size=25,
)


@settings(deadline=None, max_examples=60)
@given(MOVES)
def test_counts_agree_with_each_other_and_with_the_replay(
    moves: list[tuple[str, int, int]],
) -> None:
    history = played(moves)
    facts = history.facts
    assert {n: human.standing for n, human in facts.people.items()} == {
        n: member.standing for n, member in history.rebuilt.membership.members.items()
    }
    counts = load(facts.acts).counts
    assert sum(counts.values()) == len(facts.acts)
    assert sum(len(human.acts) for human in facts.people.values()) == len(facts.acts)
    assert sum(len(each.people) for each in cohorts(facts)) == len(facts.people)
    assert sum(each.tokens for each in facts.rewards) == history.rebuilt.token.minted
    for after in AFTER:
        found = retention(facts.people.values(), after, facts.now)
        assert found.rate is None or 0 <= found.rate <= 1
        assert found.kept + len(found.lost) == len(found.judged)


def played(moves: list[tuple[str, int, int]]) -> History:
    """A history of moves, those left out that the contracts would refuse."""
    history = History(3)
    for move, number, days in moves:
        history.wait(days)
        member = (number - 1) % history.people + 1
        standing = history.rebuilt.membership.members[member].standing
        match move:
            case "admit":
                history.admit()
            case "credit":
                history.credit(member, kind=number % 3)
            case "mint":
                history.emit(*history.minted(member, number, kind=number % 3))
            case "sleep" if standing == Standing.ACTIVE:
                history.stand(member, Standing.DORMANT)
            case "wake" if standing == Standing.DORMANT:
                history.stand(member, Standing.ACTIVE)
            case "exit" if standing == Standing.ACTIVE:
                history.stand(member, Standing.EXITED)
            case "lend" if standing == Standing.ACTIVE:
                people = history.rebuilt.membership.members
                to = days % history.people + 1
                if people[to].standing == Standing.ACTIVE and people[member].delegate != to:
                    history.delegate(member, to)
            case "vote" if standing == Standing.ACTIVE:
                history.decide(member, by=member)
    return history
