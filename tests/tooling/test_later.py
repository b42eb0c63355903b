"""What of a proposal comes later, and how it is taken back: said beforehand, and done when due."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from mikoshi.chain.node import DevRpc
from mikoshi.context.address_book import AddressBook
from mikoshi.core.dao import Dao
from mikoshi.proposals.composed import Composed
from mikoshi.proposals.decode import in_words
from mikoshi.proposals.file import load
from mikoshi.proposals.later import if_made_now, later, later_json
from mikoshi.replay.dao import RebuiltDao, replay
from mikoshi.replay.treasury import ROLES, WAITING_ROLES
from mikoshi.replay.voice import Voice
from mikoshi.testing.community import Community, person
from mikoshi.testing.community import found as found_community
from mikoshi.testing.defaults import DAY
from mikoshi.text.errors import BadInputError, ProblemError
from mikoshi.text.language import speaking
from mikoshi.text.units import format_time
from tests.support import factory, told

NEW = person(90).address


def rebuild(community: Community) -> RebuiltDao:
    voice = Voice.of_params(community.params["voice"])
    return replay(community.rpc, community.dao, factory(community.rpc).address, voice)


@pytest.fixture
def found(community: Community, tmp_path: Path) -> Callable[..., list[ProblemError]]:
    """What comes later of actions that are executed in ten days."""

    def found(actions: str) -> list[ProblemError]:
        file = tmp_path / "proposal.toml"
        file.write_text(f'title = "T"\n{actions}')
        rebuilt, book = rebuild(community), _book(community)
        composed = load(file, book)
        in_ten_days = book.now.time + 10 * DAY
        return [each for _, each in later(composed.steps, book, rebuilt, in_ten_days)]

    return found


def _book(community: Community) -> AddressBook:
    return AddressBook(community.rpc, community.dao, factory(community.rpc).address, {})


def composed(community: Community, folder: Path, actions: str) -> Composed:
    file = folder / "proposal.toml"
    file.write_text(f'title = "T"\n{actions}')
    return load(file, _book(community))


CASES: dict[str, tuple[str, str]] = {
    "another governor": ('do = "set governor"\nto = "membership"', "later.governor"),
    "settings of the governor": (
        'do = "set parameter"\ngovernance.quorum = "25%"',
        "later.settings",
    ),
    "a shorter silence": (
        'do = "set parameter"\nmembership.dormant_after = "90 days"',
        "later.dormancy",
    ),
    "more merit": ('do = "set parameter"\nmerit.per_epoch = "20,000 points"', "later.caps"),
}
for _role in ("ADMITTER", "REWARDER", "SUCCESSION"):
    CASES[_role] = (f'do = "grant role"\nrole = "{_role}"\nto = "{NEW}"', "later.role")

AT_ONCE = (
    'do = "pay"\nto = "#1"\namount = "1 ETH"',
    'do = "set parameter"\nmembership.dormant_after = "200 days"\nmembership.season = "1 year"',
    'do = "set parameter"\nmerit.per_epoch = "5,000 points"',
    f'do = "grant role"\nrole = "MINTER"\nto = "{NEW}"',
    'do = "bar"\nwho = "#3"',
    f'do = "admit"\npeople = ["{NEW}"]',
    f'do = "admit"\npeople = ["{NEW}", "{person(91).address}"]\nnewcomers = true',
    'do = "withdraw governor"',
)


@pytest.mark.parametrize(("action", "kind"), CASES.values(), ids=list(CASES))
def test_what_waits_is_told_with_the_day(
    action: str, kind: str, found: Callable[[str], list[ProblemError]], community: Community
) -> None:
    each, *others = found(f"[[actions]]\n{action}")
    told(each, kind)
    assert [other.kind for other in others] == (
        ["later.foreign-governor"] if kind == "later.governor" else []
    )
    executed = community.rpc.timestamp() + 10 * DAY
    if kind != "later.caps":
        assert each.data["since"] == format_time(executed + 45 * DAY, executed)
        assert "takes it back" in str(each)
    with speaking("ja"):
        assert str(each) != str(each.words.text)


@pytest.mark.parametrize("action", AT_ONCE)
def test_of_what_holds_at_once_nothing_is_told(
    action: str, found: Callable[[str], list[ProblemError]]
) -> None:
    assert found(f"[[actions]]\n{action}") == []


def test_seats_of_an_epoch_are_counted_through_a_proposal(
    found: Callable[[str], list[ProblemError]],
) -> None:
    bars = "".join(f'[[actions]]\ndo = "bar"\nwho = "#{number}"\n' for number in (2, 3))
    (each,) = found(bars)
    told(each, "later.bar")
    assert "#3" in str(each.data["who"])
    people = ", ".join(f'"{person(number).address}"' for number in (90, 91, 92))
    (each,) = found(f'[[actions]]\ndo = "admit"\npeople = [{people}]')
    told(each, "later.admission", people="2 people")


def test_removal_that_waits_outlives_an_admission_and_says_so(
    found: Callable[[str], list[ProblemError]], community: Community
) -> None:
    for number in (2, 3):  # the second one waits: votes have one seat in these 30 days
        community.as_treasury(community.dao.membership, "bar", number)
    since = community.rpc.timestamp() + 45 * DAY
    back = '[[actions]]\ndo = "admit"\npeople = ["#2", "#3"]\nnewcomers = true\n'
    (each,) = found(back)
    told(each, "later.still-barred", member=3, since=format_time(since, since - 35 * DAY))
    assert 'do = "withdraw bar" and who = "#3"' in str(each)
    assert found(f'{back}[[actions]]\ndo = "withdraw bar"\nwho = "#3"\n') == []
    community.rpc.warp(36 * DAY)  # due when it is executed: anybody could enforce it before
    (each,) = found(back)
    told(each, "later.still-barred", member=3)
    assert '`ape run enforce "#3"` do it first' in str(each)
    community.rpc.warp(31 * DAY)  # over by then
    assert found(back) == []


def test_several_that_take_back_end_with_one_another(
    found: Callable[[str], list[ProblemError]],
) -> None:
    actions = ('do = "withdraw governor"', 'do = "withdraw settings"\nof = "governance"')
    for each in actions:
        assert found(f"[[actions]]\n{each}") == []
    both = found("\n".join(f"[[actions]]\n{each}" for each in actions))
    assert [each.kind for each in both] == ["later.taken-back-together"] * 2


def test_settings_that_wait_already_wait_anew(
    found: Callable[[str], list[ProblemError]], community: Community
) -> None:
    governor = community.dao.governor
    rules, _ = governor.call("settings")
    community.as_treasury(governor, "setSettings", rules | {"quorumBps": 2_000})
    kinds = [
        each.kind for each in found('[[actions]]\ndo = "set parameter"\ngovernance.floor = "6%"')
    ]
    assert kinds == ["later.settings", "later.anew"]


def test_steward_in_office_lets_settings_hold_at_once(rpc: DevRpc, tmp_path: Path) -> None:
    until = rpc.timestamp() + 300 * DAY
    steward = {"holder": person(50).address, "until": until}
    community = found_community(rpc, 5, factory=factory(rpc), steward=steward)
    made = composed(
        community, tmp_path, '[[actions]]\ndo = "set parameter"\ngovernance.quorum = "25%"\n'
    )
    assert if_made_now(made.steps, _book(community), rebuild(community)) == []


def test_another_governor_names_the_proposals_that_may_end_with_it(
    community: Community, tmp_path: Path
) -> None:
    governor, book = community.dao.governor, _book(community)
    rules, _ = governor.call("settings")
    community.as_treasury(governor, "setSettings", rules | {"expiry": 90 * DAY})
    community.rpc.warp(45 * DAY)
    community.propose([(NEW, 0, b"")], "# Long\n\nWell.")
    made = composed(community, tmp_path, '[[actions]]\ndo = "set governor"\nto = "membership"')
    (number, each), (_, foreign) = if_made_now(made.steps, _book(community), rebuild(community))
    told(each, "later.governor", proposals='1 "Long"')
    told(foreign, "later.foreign-governor", to="membership")
    (entry,) = later_json([(number, each)])
    assert (entry["call"], entry["kind"], entry["text"]) == (1, "later.governor", str(each))
    assert book.factory


def test_a_governor_is_replaced_by_one_proposal(community: Community, tmp_path: Path) -> None:
    dao, rpc = community.dao, community.rpc
    *_, code = factory(rpc).call("implementations")
    text = f'[[actions]]\ndo = "replace governor"\nimplementation = "{code}"\n'
    made = composed(community, tmp_path, text)
    book = _book(community)
    ((action, steps),) = made.actions
    assert code in action.words(book)
    clone, initialize, ask = steps
    told_of = if_made_now(made.steps, book, rebuild(community))
    assert [(number, each.kind) for number, each in told_of] == [(3, "later.governor")]
    community.decide(made.steps)
    told_of = if_made_now(made.steps[2:], _book(community), rebuild(community))  # it is there now
    assert [each.kind for _, each in told_of] == ["later.governor"]
    governor, since = dao.treasury.call("waitingGovernor")
    assert ask.data == dao.treasury.data("setGovernor", governor)
    assert (clone.target, initialize.target) == (book.factory, governor)
    rpc.warp_to(since)
    dao.treasury.send("installGovernor", sender=community.outsider.address)
    new = Dao(rpc, dao.treasury_address, dao.membership_address, dao.token_address, governor)
    assert new.governor.call("settings")[0] == dao.governor.call("settings")[0]
    receipt = replace(community, dao=new).decide([(NEW, 5, b"")])
    assert receipt.only("ProposalExecuted")
    assert rpc.balance(NEW) == 5
    again = composed(community, tmp_path, text)  # at another address
    assert again.steps[1].target not in (governor, dao.governor_address)


def test_what_is_no_governor_is_not_cloned(community: Community, tmp_path: Path) -> None:
    text = f'[[actions]]\ndo = "replace governor"\nimplementation = "{NEW}"\n'
    with pytest.raises(BadInputError) as caught:
        composed(community, tmp_path, text)
    wrong = {"setting": "actions[1].implementation", "kind": "governor.not-cloned"}
    assert caught.value.data["problems"] == [wrong]


def test_the_bytes_of_a_new_governor_are_shown(community: Community, tmp_path: Path) -> None:
    *_, code = factory(community.rpc).call("implementations")
    text = f'[[actions]]\ndo = "replace governor"\nimplementation = "{code}"\n'
    clone, initialize, ask = in_words(composed(community, tmp_path, text).steps, _book(community))
    assert clone.startswith("call the factory: cloneModule(implementation: ")
    assert ": initialize(settings_: [172800, 432000, 86400, " in initialize
    assert ask.startswith("hand everything to the governor 0x")


def test_roles_that_wait_are_those_of_the_core() -> None:
    assert set(WAITING_ROLES) < set(ROLES.values())
