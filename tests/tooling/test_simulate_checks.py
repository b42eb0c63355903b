"""Each check finds what it is for in a proposal on a real node, and nothing in a sound one."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace

import pytest
from eth_utils.crypto import keccak

from mikoshi.check.report import Difference
from mikoshi.replay.dao import RebuiltDao
from mikoshi.replay.voice import Voice
from mikoshi.simulate.checks import CHECKS
from mikoshi.simulate.fork import forked
from mikoshi.simulate.invariants import read_differences
from mikoshi.simulate.stage import Stage
from mikoshi.simulate.subject import SimulationSubject
from mikoshi.testing.community import person
from mikoshi.text.language import speaking
from mikoshi.text.people import ZERO_ADDRESS
from mikoshi.text.units import DAY
from tests.support import deploy, inner, slot_of, told
from tests.tooling.governed import Governed
from tests.tooling.live import ETHER, fund
from tests.tooling.simulated import PAY, SOMEBODY, SimulatedDao, call, finds, found, pay_coin

pytestmark = pytest.mark.slow

REFUSED = f"0x{(keccak(text='Refused(uint256)')[:4] + (7).to_bytes(32)).hex()}"
NONE, RETURNS_FALSE, TAKES_FEE = range(3)


@pytest.fixture
def world(governed: Governed) -> SimulatedDao:
    return SimulatedDao(governed)


def short(address: str) -> str:
    return f"{address[:6]}…{address[-4:]}"


def role(name: str, to: str, verb: str = "grant") -> str:
    field = "to" if verb == "grant" else "holder"
    return f'[[actions]]\ndo = "{verb} role"\nrole = "{name}"\n{field} = "{to}"\n'


def settings(line: str) -> str:
    return f'[[actions]]\ndo = "set parameter"\n{line}\n'


def test_a_sound_proposal_has_nothing_but_notes(world: SimulatedDao) -> None:
    sim = world.simulate(PAY)
    assert [name for name, _ in sim.findings] == ["runway", "passing"]
    assert {finding.level for _, finding in sim.findings} == {"info"}


# Executes


@pytest.mark.parametrize(
    ("function", "args", "why", "data"),
    [
        ("refuse(uint256 code)", "code = 7", "execution.refused-with", {"data": REFUSED}),
        ("refuseSilently()", "", "execution.refused", {}),
        ("burnGas()", "", "execution.refused", {}),
    ],
)
def test_a_refused_call_is_named(
    world: SimulatedDao, function: str, args: str, why: str, data: dict[str, str]
) -> None:
    sink = deploy(world.rpc, "Sink").address
    sim = world.simulate(PAY + call(sink, function, args))
    failure = finds(sim, "executes", "failure", "call.fails", call=2)
    assert str(failure.data["does"]).startswith(f"call {sink}")
    told(inner(failure, "why"), why, **data)


def test_a_refusal_of_the_dao_is_in_words(world: SimulatedDao) -> None:
    sim = world.simulate('[[actions]]\ndo = "mint"\nto = "Hana"\ntokens = "20,000,000 PMC"')
    why = inner(finds(sim, "executes", "failure", "call.fails", call=1), "why")
    told(why, "contract.contribution-token-cap-exceeded", requested=20_000_000 * ETHER)
    assert "tokens may be minted in this 30-day epoch" in str(why)


def test_merit_beyond_the_most_is_no_refusal(world: SimulatedDao) -> None:
    sim = world.simulate('[[actions]]\ndo = "reward"\nto = "Hana"\nmerit = "20,000,000 points"')
    assert sim.outcome.success


def hand_over(world: SimulatedDao) -> None:
    """Let the treasury obey another contract, as no vote could at once."""
    slot, other = slot_of("Treasury", "governor"), deploy(world.rpc, "Sink").address
    treasury = world.governed.dao.treasury_address
    world.rpc.call("anvil_setStorageAt", treasury, hex(slot), f"0x{other[2:].lower():0>64}")


def test_a_treasury_that_obeys_another_governor_refuses(world: SimulatedDao) -> None:
    hand_over(world)
    why = inner(finds(world.simulate(PAY), "executes", "failure", "execution.fails"), "why")
    governor = world.governed.dao.governor_address
    told(why, "contract.treasury-not-governor", caller=governor)
    assert str(why) == f"the treasury obeys another governor than {short(governor)}"


# Money


def test_too_little_ether_is_named_with_what_is_missing(world: SimulatedDao) -> None:
    sim = world.simulate(PAY + '[[actions]]\ndo = "pay"\nto = "Ken"\namount = "8 ETH"')
    short_of = {"shortfall": "0.5 ETH", "held": "10 ETH", "needed": "10.5 ETH"}
    finds(sim, "money", "failure", "treasury.short", **short_of)
    assert sim.summary[0].endswith(
        ": the treasury is 0.5 ETH short: it has 10 ETH, and the calls pay 10.5 ETH"
    )


@pytest.mark.parametrize("habit", [NONE, RETURNS_FALSE])
def test_too_little_of_a_coin_is_named(world: SimulatedDao, habit: int) -> None:
    """Also where the coin says no without failing, so that everything seems to go through."""
    sim = world.simulate(pay_coin(world.coin(habit), 1_001))
    assert sim.outcome.success is (habit == RETURNS_FALSE)
    short_of = {"shortfall": "1 ODD", "held": "1,000 ODD", "needed": "1,001 ODD"}
    finds(sim, "money", "failure", "treasury.short", **short_of)


def test_money_that_comes_in_on_the_way_is_there(world: SimulatedDao) -> None:
    mint = '[[actions]]\ndo = "mint"\nto = "treasury"\ntokens = "50 PMC"\n'
    sim = world.simulate(mint + '[[actions]]\ndo = "pay"\nto = "Ken"\namount = "50 PMC"')
    assert [each.shortfall for each in sim.needs] == [50 * ETHER]
    assert found(sim, "money") == []
    assert not sim.failed


# Payments


def test_a_payment_that_does_not_arrive_is_a_failure(world: SimulatedDao) -> None:
    sim = world.simulate(pay_coin(world.coin(RETURNS_FALSE), 2_000))
    finds(sim, "payments", "failure", "payment.not-whole", part="0 ODD", whole="2,000 ODD")


def test_a_coin_that_keeps_a_part_is_a_warning(world: SimulatedDao) -> None:
    sim = world.simulate(pay_coin(world.coin(TAKES_FEE), 100))
    less = {"who": f"Ken #2 ({short(person(2).address)})", "part": "99 ODD", "whole": "100 ODD"}
    finds(sim, "payments", "warning", "payment.not-whole", **less)


def test_a_payment_that_arrives_is_no_finding(world: SimulatedDao) -> None:
    assert found(world.simulate(pay_coin(world.coin(), 100)), "payments") == []


# Gas


def test_much_gas_is_a_warning(world: SimulatedDao) -> None:
    people = ", ".join(f'"{0xABCDEF * number:#042x}"' for number in range(1, 261))
    sim = world.simulate(f'[[actions]]\ndo = "admit"\npeople = [{people}]')
    finds(sim, "gas", "warning", "gas.near-cap", used=sim.outcome.gas, cap=16_777_216)


# Code


def test_a_call_without_a_contract_is_a_failure(world: SimulatedDao) -> None:
    sim = world.simulate(PAY + call(SOMEBODY, "claim()"))
    finds(sim, "code", "failure", "call.without-contract", number=2, at=short(SOMEBODY))
    assert sim.reason is not None
    assert sim.reason.call == 2
    told(sim.reason.problem, "execution.without-contract", at=short(SOMEBODY))


def test_a_payee_never_seen_is_a_warning(world: SimulatedDao) -> None:
    def pay(to: str) -> str:
        return f'[[actions]]\ndo = "pay"\nto = "{to}"\namount = "1 ETH"\n'

    sim = world.simulate(pay(SOMEBODY))
    finds(sim, "code", "warning", "payee.never-used", to=SOMEBODY, number=1)
    fund(world.rpc, SOMEBODY, 1)
    assert found(world.simulate(pay(SOMEBODY)), "code") == []
    # A member needs no ether, and is known all the same.
    fund(world.rpc, person(4).address, 0)
    assert found(world.simulate(pay("#4")), "code") == []


# Targets


def test_a_call_of_another_contract_is_a_warning(world: SimulatedDao) -> None:
    sink = deploy(world.rpc, "Sink").address
    sim = world.simulate(call(sink, "anything()"))
    finds(sim, "foreign", "warning", "call.to-outsider", number=1, who=sink)


def test_a_payment_in_a_coin_is_a_note(world: SimulatedDao) -> None:
    coin = world.coin()
    sim = world.simulate(pay_coin(coin))
    finds(sim, "foreign", "info", "call.to-outsider", number=1, who=f"ODD ({coin.address})")


def test_a_coin_that_goes_by_the_name_of_another_is_a_warning(world: SimulatedDao) -> None:
    true, false = world.coin(), world.coin()
    args = f'to = "#2", amount = "{5 * ETHER}"'
    actions = call(false.address, "transfer(address to, uint256 amount)", args)
    sim = world.simulate(actions + f'[coins]\nODD = "{true.address}"\n')
    at = short(false.address)
    finds(sim, "foreign", "warning", "call.to-false-coin", number=1, at=at, symbol="ODD")


# Approvals

APPROVE = "approve(address spender, uint256 amount)"


def approve(world: SimulatedDao, amount: int) -> str:
    args = f'spender = "{SOMEBODY}", amount = "{amount}"'
    return call(world.governed.dao.token_address, APPROVE, args)


@pytest.mark.parametrize(
    ("amount", "kind", "data"),
    [
        (5 * ETHER, "approval.given", {"what": "5 PMC"}),
        (2**256 - 1, "approval.of-any-amount", {"coin": "PMC"}),
    ],
)
def test_who_may_take_money_later_is_a_warning(
    world: SimulatedDao, amount: int, kind: str, data: dict[str, str]
) -> None:
    sim = world.simulate(approve(world, amount))
    finds(sim, "approvals", "warning", kind, who=SOMEBODY, **data)


def test_who_may_take_money_later_in_japanese(world: SimulatedDao) -> None:
    with speaking("ja"):
        (warning,) = found(world.simulate(approve(world, 5 * ETHER)), "approvals")
        assert str(warning) == (
            f"{SOMEBODY} が、あとで投票なしにトレジャリーから 5 PMC を引き出せます"
        )


def test_an_approval_that_is_taken_back_is_no_finding(world: SimulatedDao) -> None:
    sim = world.simulate(approve(world, 5 * ETHER) + approve(world, 0))
    assert not sim.failed
    assert found(sim, "approvals") == []


def test_who_may_take_pieces_later_is_a_warning(world: SimulatedDao) -> None:
    unique = deploy(world.rpc, "Unique").address
    operator = f'operator = "{SOMEBODY}"'
    function = "setApprovalForAll(address operator, bool approved)"
    sim = world.simulate(call(unique, function, f"{operator}, approved = true"))
    all_ = {"who": SOMEBODY, "contract": short(unique)}
    finds(sim, "approvals", "warning", "approval.of-all-pieces", **all_)
    back = call(unique, function, f"{operator}, approved = true") + call(
        unique, function, f"{operator}, approved = false"
    )
    assert found(world.simulate(back), "approvals") == []


def test_who_may_take_one_piece_later_is_a_warning(world: SimulatedDao) -> None:
    unique = deploy(world.rpc, "Unique")
    unique.send("mint", world.treasury, 7, sender=person(5).address)
    give, back = (
        call(unique.address, "approve(address to, uint256 id)", f'to = "{to}", id = 7')
        for to in (SOMEBODY, ZERO_ADDRESS)
    )
    piece = {"who": SOMEBODY, "what": f"{short(unique.address)} #7"}
    finds(world.simulate(give), "approvals", "warning", "approval.given", **piece)
    assert found(world.simulate(give + back), "approvals") == []


# Roles


def test_a_role_for_a_key_is_a_warning(world: SimulatedDao) -> None:
    sim, who = world.simulate(role("MINTER", "Hana")), f"Hana #1 ({short(person(1).address)})"
    finds(sim, "roles", "warning", "role.given-to-key", who=who, role="MINTER")


def test_a_role_for_a_contract_and_a_role_lost_are_notes(world: SimulatedDao) -> None:
    sink = deploy(world.rpc, "Sink").address
    actions = role("MINTER", sink) + role("MINTER", sink, "revoke")
    given, lost = found(world.simulate(actions), "roles")
    assert (given.level, lost.level) == ("info", "info")
    told(given, "role.given", who=sink, role="MINTER")
    told(lost, "role.lost", who=sink, role="MINTER")


# Settings


def test_a_change_that_undoes_another_is_a_warning(world: SimulatedDao) -> None:
    """A change of settings writes all of its contract's settings, the old ones too."""
    quorum = world.compose(settings('governance.quorum = "25%"'))
    delay = world.passed(settings('governance.voting_delay = "3 days"'))
    set_back = {"setting": "governance.voting_delay", "to": "3 days", "back": "2 days"}
    finds(world.simulate(quorum), "settings", "warning", "setting.set-back", **set_back)
    # Composed after that, it keeps it.
    world.governed.ripen(delay.id)
    governor = world.governed.dao.governor
    governor.send("execute", *delay.actions, sender=person(1).address)
    again = world.simulate(world.compose(settings('governance.quorum = "25%"')))
    assert found(again, "settings") == []
    assert [each.setting for each in again.changes] == ["governance.quorum"]


def test_a_vote_under_way_undoes_what_was_decided_after_it_was_proposed(
    world: SimulatedDao,
) -> None:
    quorum = world.propose(settings('governance.quorum = "25%"'))
    delay = world.propose(settings('governance.voting_delay = "3 days"'))
    world.governed.open_voting(delay.id)
    for each in (quorum, delay):
        world.governed.vote(each.id, 1, 2, 3, 4, 5)
    world.governed.close_voting(delay.id)
    world.governed.ripen(delay.id)
    governor = world.governed.dao.governor
    governor.send("execute", *delay.actions, sender=person(1).address)
    set_back = {"setting": "governance.voting_delay", "to": "3 days", "back": "2 days"}
    finds(world.simulate(quorum), "settings", "warning", "setting.set-back", **set_back)


def test_another_contracts_settings_are_not_undone(world: SimulatedDao) -> None:
    quorum = world.compose(settings('governance.quorum = "25%"'))
    world.passed(settings('membership.season = "45 days"'))
    assert found(world.simulate(quorum), "settings") == []


def test_a_change_that_a_later_call_undoes_is_a_failure(world: SimulatedDao) -> None:
    """Both are composed from the settings of now, so the second writes the old quorum again."""
    both = settings('governance.quorum = "25%"') + settings('governance.floor = "4%"')
    undone = {"number": 1, "name": "governance.quorum", "wanted": "25 %", "found": "30 %"}
    finds(world.simulate(both), "settings", "failure", "setting.undone", **undone)
    one = settings('governance.quorum = "25%"\ngovernance.floor = "4%"')
    two = settings('membership.season = "45 days"\nmerit.per_epoch = "20,000 points"')
    assert found(world.simulate(one + two), "settings") == []


# Limits


def test_a_guardian_whose_term_is_over_is_a_failure(world: SimulatedDao) -> None:
    def guardian(until: int) -> str:
        return f'[[actions]]\ndo = "set guardian"\nto = "Ken"\nuntil = {until}\n'

    now = world.rpc.timestamp()
    sim = world.simulate(guardian(now + 5 * DAY))
    failure = finds(sim, "limits", "failure", "guardian.term-over")
    assert str(failure.data["end"]).startswith("4 d")
    assert found(world.simulate(guardian(now + 30 * DAY)), "limits") == []
    nobody = '[[actions]]\ndo = "set guardian"\nto = "nobody"\n'
    assert found(world.simulate(nobody), "limits") == []


@pytest.mark.parametrize(
    ("part", "field", "value", "setting", "problem"),
    [
        ("governor", "quorumBps", 400, "governance.quorum", "must be 5 % … 60 %, got 4 %"),
        ("governor", "executionDelay", 1, "governance.execution_delay", "must be 1 day … 14 days"),
        ("membership", "dormantAfter", DAY, "membership.dormant_after", "90 days … 1 year"),
        ("membership", "season", 6 * DAY, "membership.season", "45 days … 1 year, got 6 days"),
    ],
)
def test_a_setting_beyond_its_limit_is_a_failure(
    world: SimulatedDao, part: str, field: str, value: int, setting: str, problem: str
) -> None:
    """The contracts refuse it; so this one is told what it never sees."""
    sim = world.simulate(settings('governance.quorum = "25%"'))
    assert found(sim, "limits") == []
    broken = deepcopy(dict(sim.parameters))
    broken[part][field] = value
    (failure,) = CHECKS["limits"](replace(sim, parameters=broken))
    assert failure.level == "failure"
    told(failure, "setting.beyond-limits", setting=setting)
    assert problem in str(failure.data["problem"])


# Invariants


def test_another_governor_waits_and_is_a_warning(world: SimulatedDao) -> None:
    sink = deploy(world.rpc, "Sink").address
    sim = world.simulate(f'[[actions]]\ndo = "set governor"\nto = "{sink}"')
    warning, foreign = found(sim, "later")
    for each, kind in ((warning, "later.governor"), (foreign, "later.foreign-governor")):
        assert each.level == "warning"
        told(each, "call.comes-later", number=1)
        told(inner(each, "later"), kind)
    assert "withdraw governor" in str(warning)
    assert found(sim, "invariants") == []
    assert not sim.failed


def test_what_waits_is_no_setting_that_was_undone(world: SimulatedDao) -> None:
    sim = world.simulate(settings('governance.quorum = "25%"'))
    warning = finds(sim, "later", "warning", "call.comes-later", number=1)
    told(inner(warning, "later"), "later.settings")
    assert found(sim, "settings") == []
    assert [(each.setting, each.after) for each in sim.changes] == [("governance.quorum", "25 %")]


def test_what_was_wrong_before_is_not_blamed_on_the_proposal(world: SimulatedDao) -> None:
    hand_over(world)
    assert found(world.simulate(PAY), "invariants") == []


def test_state_that_does_not_follow_from_the_events_is_a_difference(world: SimulatedDao) -> None:
    """As if the token announced one more than it mints."""
    composed = world.compose('[[actions]]\ndo = "mint"\nto = "Ken"\ntokens = "50 PMC"')
    rebuilt = world.rebuilt
    with forked(world.rpc, rebuilt.block) as fork:
        stage = Stage(fork, world.manifest, world.book, rebuilt)
        before = stage.moment()
        stage.perform(SimulationSubject.of(composed, rebuilt, world.rpc.timestamp()))
        after = stage.moment()
        assert read_differences(world.manifest, before, after) == []
        after.rebuilt.token.balances[person(2).address] += 1
        (difference,) = read_differences(world.manifest, before, after)
    assert difference.what == f"balance of {person(2).address}"
    assert (difference.expected, difference.found) == ("50.000000000000000001 PMC", "50 PMC")


def test_what_check_would_find_is_a_failure(world: SimulatedDao) -> None:
    """No vote can bring that about; so this one is told what it never sees."""
    sim = world.simulate(PAY)
    wrong = Difference("Treasury", "governor", "the one", "another")
    (failure,) = CHECKS["invariants"](replace(sim, differences=[wrong]))
    assert failure.level == "failure"
    told(failure, "check.will-fail", difference=wrong)


def test_only_what_changed_is_read_again(world: SimulatedDao) -> None:
    """A DAO of thousands is not read from end to end for one payment."""
    rebuilt = world.rebuilt
    with forked(world.rpc, rebuilt.block) as fork:
        stage = Stage(fork, world.manifest, world.book, rebuilt)
        before = stage.moment()
        voice = Voice.of_params(world.manifest.params["voice"])
        other = RebuiltDao.empty(rebuilt.dao, voice, rebuilt.block)
        other.take(rebuilt.logs)
        other.token.balances[SOMEBODY] = 0  # one that the chain agrees to
        assert read_differences(world.manifest, before, replace(before, rebuilt=other)) == []
        other.token.balances[SOMEBODY] = 7
        (difference,) = read_differences(world.manifest, before, replace(before, rebuilt=other))
    assert difference.what == f"balance of {SOMEBODY}"


# What remains


def test_the_runway_is_at_the_pace_of_the_payments_so_far(world: SimulatedDao) -> None:
    none = "no runway: none was paid in the last {} days"
    left = {"left": "7.5 ETH", "runway": none.format(30)}
    finds(world.simulate(PAY), "runway", "info", "asset.remains", **left)
    paid = world.passed(PAY)
    world.governed.ripen(paid.id)
    governor = world.governed.dao.governor
    governor.send("execute", *paid.actions, sender=person(1).address)
    # 2.5 ETH in the DAO's first month
    left = {"left": "5 ETH", "runway": "runway 3.0 → 2.0 months"}
    finds(world.simulate(PAY), "runway", "info", "asset.remains", **left)
    world.rpc.warp(91 * DAY)
    left = {"left": "5 ETH", "runway": none.format(90)}
    finds(world.simulate(PAY), "runway", "info", "asset.remains", **left)


def test_an_emptied_treasury_is_a_warning(world: SimulatedDao) -> None:
    everything = '[[actions]]\ndo = "pay"\nto = "Ken"\namount = "10 ETH"'
    finds(world.simulate(everything), "runway", "warning", "asset.used-up", left="0 ETH")


def test_no_money_no_runway(world: SimulatedDao) -> None:
    sim = world.simulate(settings('governance.quorum = "25%"'))
    assert found(sim, "runway") == []
    assert sim.summary[1] == "no money of the treasury moves"
