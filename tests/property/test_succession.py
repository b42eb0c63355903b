"""U1 to U6: an independent model of Succession beside the contract, through random lives."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from eth_account.signers.local import LocalAccount
from eth_utils.address import to_checksum_address

from mikoshi.chain.abi import Interface
from mikoshi.chain.contract import Contract
from mikoshi.core import artifacts
from mikoshi.testing.community import Community, found, person
from mikoshi.testing.defaults import CHARTER, DAY, ZERO, params
from mikoshi.testing.evm import Evm
from tests.property.succession_model import Model, Person, Try, wake_hash
from tests.property.test_invitations import outcome
from tests.support import role
from tests.unit.membership.people import Standing, member
from tests.unit.succession.succeeding import (
    INHERITANCE,
    NO_PLAN,
    RECOVERY,
    VOTE,
    Plan,
    Seat,
)

STEPS = 300
FOUNDERS = 5
NAMES = {RECOVERY: "recover", INHERITANCE: "inherit", VOTE: "recoverByVote"}


def founded() -> Seat:
    """A DAO of five, made with Succession."""
    evm = Evm()
    artifact = artifacts.project()["Succession"]
    receipt = evm.send(None, artifact.bytecode, sender=evm.call("eth_accounts")[0])
    module = {
        "implementation": to_checksum_address(receipt["contractAddress"]),
        "args": b"",
        "roles": [role("SUCCESSION")],
    }
    settings = params(0)["membership"] | {"dormantAfter": 365 * DAY}
    dao = found(evm, FOUNDERS, modules=[module], membership=settings)  # type: ignore[arg-type]
    (address,) = dao.dao.modules
    others = artifacts.project()["Membership"].abi
    return Seat(dao, Contract(evm, address, Interface(artifact.abi, others)))


class Life:
    """One random life: each step is made in the contract and in the model."""

    def __init__(self, seed: int) -> None:
        self.chance = Random(seed)
        self.seat = founded()
        self.dao: Community = self.seat.community
        self.membership, self.treasury = self.seat.membership, self.dao.dao.treasury_address
        stamp = self.membership.call("stampOf", 1)
        self.model = Model(
            {id_: Person(each, stamp) for id_, each in enumerate(self.dao.wallets, 1)}
        )
        pool = [*self.dao.people, *(person(1000 + each) for each in range(40))]
        self.keys: dict[str, LocalAccount] = {each.address: each for each in pool}
        self.friends = sorted(self.keys, key=lambda each: int(each, 16))
        self.plans: list[Plan] = [self.draw_plan(1)]
        self.sent: list[tuple[str, tuple[Any, ...], str]] = []
        self.seen: Counter[str] = Counter()

    @property
    def now(self) -> int:
        """The time of the latest block, Unix seconds."""
        return self.seat.now()

    def step(self) -> None:
        """Something that might happen, then the views."""
        acts = (self.plan, self.ask, self.finish, self.veto, self.act, self.admit, self.replay)
        self.chance.choices((*acts, self.wait), (3, 9, 4, 1.5, 3, 0.7, 2, 4))[0]()
        self.check()

    def somebody(self) -> int:
        """A number, more often one of the first."""
        numbers = list(self.model.people)
        return self.chance.choice((1, 1, 2, *numbers))

    def draw_plan(self, id_: int) -> Plan:
        """A good plan for this person; guardians may be one account twice, or nobody."""
        chance = self.chance
        others_ids = [each for each in range(1, 8) if each != id_]
        members = sorted(chance.sample(others_ids, chance.randint(0, 3)))
        others = sorted(
            chance.sample(self.friends[:12], chance.randint(0, 3)), key=lambda each: int(each, 16)
        )
        number = len(members) + len(others)
        heir = chance.choice((*self.friends[:4], ZERO)) if number else self.friends[0]
        return Plan(
            tuple(members),
            tuple(others),
            chance.randint(min(1, number), min(number, 2)),
            chance.choice((3, 7, 60)) * DAY,
            heir,
            chance.choice((180, 200)) * DAY if heir != ZERO else 0,
        )

    def sent_as(self, name: str, args: tuple[Any, ...], sender: str) -> str:
        """The name of the error that a call ends in, or "". What worked may be tried again."""
        self.dao.rpc.fund(sender)
        told = outcome(lambda: self.seat.contract.send(name, *args, sender=sender))
        if not told:
            self.sent.append((name, args, sender))
        self.seen[f"{name} {told}"] += 1
        return told

    def plan(self) -> None:
        """A plan, by a call or by a signature."""
        id_ = self.somebody()
        who, plan = self.model.people[id_], self.draw_plan(id_)
        if who.wallet not in self.keys:
            return
        if self.chance.random() < 0.5:
            told = self.sent_as("setPlan", (plan,), who.wallet)
        else:
            values = (id_, list(plan.members), list(plan.others), *plan[2:], who.nonce)
            until = self.now + DAY
            signature = self.seat.typed.sign(self.keys[who.wallet], "SetPlan", *values, until)
            sender = self.dao.outsider.address
            told = self.sent_as("setPlanBySig", (id_, plan, until, signature), sender)
        assert told == ""
        self.model.set_plan(id_, plan, self.now)
        self.plans.append(plan)

    def ask(self) -> None:
        """Guardians, an heir or a vote try."""
        chance, id_ = self.chance, self.somebody()
        who = self.model.people[id_]
        plan = who.plan if who.plan and chance.random() < 0.95 else chance.choice(self.plans)
        kind = chance.choice((RECOVERY, RECOVERY, INHERITANCE))
        if chance.random() < (0.1 if who.plan else 0.9):
            kind = VOTE
        number = len(plan.members) + len(plan.others)
        places = chance.sample(range(number), min(number, chance.choice((1, 2, 2, 3))))
        if chance.random() < 0.9:
            places.sort()
        elif chance.random() < 0.5:
            places.append(number)
        wallet = chance.choice(self.friends)
        if chance.random() < 0.5:  # one that nobody has
            wallet = chance.choice([w for w in self.friends if not self.model.owner_of(w)])
        try_ = Try(
            kind,
            id_,
            plan,
            wallet,
            self.now + chance.choice((-5, *[DAY] * 12)),
            who.nonce + chance.choice((*[0] * 12, 1)),
            places,
            chance.choice((*[""] * 12, "Take", "Recover", "Inherit")),
        )
        sender = self.treasury if kind == VOTE else self.dao.outsider.address
        told = self.sent_as(NAMES[kind], self.arguments(try_), sender)
        assert told == self.model.ask(try_, self.now), try_

    def arguments(self, try_: Try) -> tuple[Any, ...]:
        """The call, signed by whom the model takes for the signers."""
        plan_hash = NO_PLAN if try_.kind == VOTE else try_.plan.hash
        values = (try_.id, plan_hash, try_.wallet, try_.nonce, try_.until)

        def word(account: str, message: str, first: bool = True) -> bytes:
            key = self.keys.get(account, person(666))
            if message == try_.forged and first:
                key = person(666)
            return self.seat.typed.sign(key, message, *values)

        taking = word(try_.wallet, "Take")
        if try_.kind == VOTE:
            return try_.id, try_.wallet, try_.until, taking
        head = (try_.id, try_.plan, try_.wallet, try_.until, taking)
        if try_.kind == INHERITANCE:
            return *head, word(try_.plan.heir, "Inherit")
        return *head, [
            (place, word(self.model.guardian(try_.plan, place), "Recover", number == 0))
            for number, place in enumerate(try_.places)
        ]

    def veto(self) -> None:
        """The person, the DAO or somebody else ends it."""
        id_ = self.somebody()
        who = self.model.people[id_]
        by = self.chance.choice((who.wallet, self.treasury, self.friends[0]))
        if by == who.wallet and self.chance.random() < 0.5:
            until = self.now + DAY
            signature = self.seat.typed.sign(self.keys[by], "Veto", id_, who.nonce, until)
            sender = self.dao.outsider.address
            told = self.sent_as("vetoBySig", (id_, until, signature), sender)
        else:
            told = self.sent_as("veto", (id_,), by)
        assert told == self.model.veto(id_, by, self.treasury, self.now)

    def finish(self) -> None:
        """Somebody tries to move a seat; two times of three when it is ready."""
        open_ = [id_ for id_ in self.model.people if self.model.open(id_, self.now)]
        if not open_ and self.chance.random() < 0.8:
            return
        id_ = self.chance.choice(open_ or [self.somebody()])
        if open_ and self.chance.random() < 0.66:
            ready = self.model.request_of(id_, self.now)[2]
            self.dao.rpc.warp_to(max(self.now + 1, ready + self.chance.choice((-1, 0, DAY))))
        sender = self.dao.outsider.address
        before = replace(self.model.people[id_])
        told = self.sent_as("finish", (id_,), sender)
        assert told == self.model.finish(id_, self.now)
        if not told:
            assert self.model.people[id_].wallet != before.wallet

    def act(self) -> None:
        """Somebody does something in the Membership."""
        id_ = self.somebody()
        who = self.model.people[id_]
        what = self.chance.choice(("rest", "wake", "wake", "delegate", "exit", "rejoin"))
        args = {"wake": (wake_hash(who.standing),), "delegate": (ZERO,), "rejoin": (CHARTER,)}
        self.dao.rpc.fund(who.wallet)
        told = outcome(lambda: self.membership.send(what, *args.get(what, ()), sender=who.wallet))
        assert (not told) is self.model.act(id_, what, self.now), (what, who, told)

    def admit(self) -> None:
        """A vote admits a Newcomer."""
        wallet = self.chance.choice(self.friends)
        self.dao.as_treasury(self.membership, "admit", wallet, NO_PLAN)
        self.model.admit(wallet, self.now)

    def replay(self) -> None:
        """What somebody signed and was used is sent again: it is worth nothing."""
        signed = [each for each in self.sent if each[0] not in ("setPlan", "veto", "finish")]
        if signed:
            told = outcome(lambda: self._again(*self.chance.choice(signed)))
            assert told.startswith("Succession"), told

    def _again(self, name: str, args: tuple[Any, ...], sender: str) -> None:
        self.seat.contract.send(name, *args, sender=sender)

    def wait(self) -> None:
        """Time passes."""
        self.dao.rpc.warp(self.chance.choice((1, DAY, 7 * DAY, 31 * DAY, 240 * DAY)))

    def check(self) -> None:
        """Nobody's seat is where the model does not have it, and the views answer what it holds."""
        call, model = self.seat.contract.call, self.model
        wallets = [each.wallet for each in model.people.values()]
        assert len(set(wallets)) == len(wallets)
        for id_, who in model.people.items():
            assert self.membership.call("walletOf", id_) == who.wallet
        for id_ in {1, 2, self.somebody()}:
            who = model.people[id_]
            found_ = member(self.membership, id_)
            assert (found_.wallet, found_.standing) == (who.wallet, who.standing)
            assert found_.stamp == who.stamp
            assert call("planHashOf", id_) == model.plan_hash(id_)
            assert call("nonceOf", id_) == who.nonce
            kind, *rest = call("requestOf", id_)
            assert (int(kind), *rest) == model.request_of(id_, self.now)
            assert call("silentSince", id_) == model.silent_since(id_)
        tickets = sum(self.membership.call("balanceOf", each) for each in self.friends[:10])
        held = {each.wallet for each in model.people.values() if each.standing in HOLDING}
        assert tickets == len(held & set(self.friends[:10]))


HOLDING = (Standing.ACTIVE, Standing.DORMANT, Standing.NEWCOMER)


@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5, 6])
def test_succession_does_what_the_model_says(seed: int) -> None:
    life = Life(seed)
    for _ in range(STEPS):
        life.step()
    assert life.seen["finish "] >= 5, life.seen
    assert len(life.seen) >= 20, life.seen
