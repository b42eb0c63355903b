"""`ape run enforce`: what votes asked for with notice, shown while it waits and done when due."""

from __future__ import annotations

import pytest

from mikoshi.replay.member import Standing
from mikoshi.testing.defaults import DAY
from tests.support import failed
from tests.tooling.governed import Governed

pytestmark = pytest.mark.slow


def as_treasury(governed: Governed, part: str, name: str, *args: object) -> None:
    """What only a vote can do, without one."""
    contract = getattr(governed.dao, part)
    contract.send(name, *args, sender=governed.dao.treasury_address)


def test_nothing_waits_in_a_new_dao(governed: Governed) -> None:
    assert governed.told("enforce") == {"waiting": []}
    assert "nothing waits" in governed.run("enforce").stdout
    refused = governed.run("enforce governor", account="p1", yes=True)
    assert refused.exit_code == 4
    failed("enforce.not-due", what="governor", since=0)


def test_a_removal_beyond_the_seats_is_enforced_when_due(governed: Governed) -> None:
    for number in (5, 3):
        as_treasury(governed, "membership", "bar", number)
    assert governed.standing(3) is Standing.ACTIVE
    (bar,) = governed.told("enforce")["waiting"]
    assert (bar["kind"], bar["undo"]) == ("bar", "withdraw bar")
    assert "a proposal with `withdraw bar` takes it back" in governed.run("enforce").stdout
    refused = governed.run("enforce P3", account="p1", yes=True)
    assert refused.exit_code == 4
    failed("enforce.not-due", what="#3", since=bar["since"])
    governed.rpc.warp_to(bar["since"])
    assert "due, `ape run enforce #3` does it until" in governed.run("enforce").stdout
    done = governed.told("enforce P3", account="p1", yes=True)
    assert done["transaction"]
    assert governed.standing(3) is Standing.BARRED
    assert governed.told("enforce") == {"waiting": []}
    again = governed.told("enforce P3", account="p1", yes=True)
    assert (again["transaction"], again["waiting"]) == (done["transaction"], [])
    shown = governed.run("enforce P3", account="p1", yes=True).stdout
    assert "P3 #3" in shown
    assert "is removed by vote already; nothing was sent" in shown


def test_taking_back_what_waits_no_more_fails_by_name(governed: Governed) -> None:
    for number in (5, 3):
        as_treasury(governed, "membership", "bar", number)
    as_treasury(governed, "treasury", "setGovernor", governed.dao.token_address)
    actions = ('do = "withdraw bar"\nwho = "#3"', 'do = "withdraw governor"')
    text = "\n".join(f"[[actions]]\n{each}" for each in actions)
    file = governed.write(f'title = "Take both back"\n{text}\n', "020-back.toml")
    later = governed.told(f"proposal lint {file}")["later"]
    assert [each["kind"] for each in later] == ["later.taken-back-together"] * 2
    as_treasury(governed, "treasury", "withdrawGovernor")  # by another vote
    assert governed.run(f"proposal simulate {file}").exit_code == 1
    assert "call 2" in failed("simulation.failed").lines[1]
    alone = governed.write(f'title = "The bar"\n[[actions]]\n{actions[0]}\n', "021-bar.toml")
    assert governed.run(f"proposal simulate {alone}").exit_code == 0


def test_another_governor_is_installed_and_ends_what_it_cannot_execute(governed: Governed) -> None:
    dao, rpc = governed.dao, governed.rpc
    as_treasury(governed, "treasury", "setGovernor", dao.token_address)
    rpc.warp(45 * DAY)
    draft = governed.propose("Bread")
    shown = governed.run("enforce governor", account="p1", dry_run=True)
    assert '1 "Bread" ends with the governor of today' in shown.stdout
    assert dao.treasury.call("governor") == dao.governor_address
    done = governed.told("enforce governor", account="p1", yes=True)
    assert done["ending"] == ['1 "Bread"']
    assert dao.treasury.call("governor") == dao.token_address
    (told,) = governed.told(f"status {draft.id}")["proposals"]
    assert told["state"] == "canceled"
    assert "ended with its governor" in governed.run("status 1").stdout
    again = governed.told("enforce governor", account="p1", yes=True)
    assert (again["transaction"], again["ending"]) == (done["transaction"], [])
    told = governed.run("enforce governor", account="p1", yes=True).stdout
    assert f"{dao.token_address} is in office already in block" in told
    as_treasury(governed, "treasury", "setGovernor", dao.membership_address)
    rpc.warp(76 * DAY)  # the time of the next one is over
    assert governed.run("enforce governor", account="p1", yes=True).exit_code == 4
    failed("enforce.not-due", what="governor", since=0)
