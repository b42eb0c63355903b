"""I1 to I5: an independent model of Invitations beside the contract, through random lives.

The model says what each call does, or the name of the error; the contract must do the same, and
its views must answer what the model holds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

import pytest
from eth_account.signers.local import LocalAccount
from eth_utils.address import to_checksum_address

from mikoshi.chain.abi import Interface
from mikoshi.chain.contract import Contract, ContractRevertedError
from mikoshi.core import artifacts
from mikoshi.testing.community import Community, found, person
from mikoshi.testing.defaults import DAY, params
from mikoshi.testing.evm import Evm
from tests.support import role
from tests.unit.invitations.inviting import MONTH, SEASON, STEWARD, Door, raw
from tests.unit.membership.people import Standing, member

STEPS = 100
FOUNDERS = 7
STEWARDS = 3
"""The steward's number."""


@dataclass
class Model:
    """What Invitations must hold. Times in Unix seconds; `standing` and `joined` by id."""

    t0: int
    office_until: int
    settings: tuple[int, int, int]
    standing: dict[int, Standing]
    joined: dict[int, int]
    ids: dict[str, int]
    next_: tuple[int, int, int] | None = None
    next_from: int = 0
    used: set[str] = field(default_factory=set)
    revoked: set[tuple[str, str]] = field(default_factory=set)
    given: Counter[tuple[int, int]] = field(default_factory=Counter)
    seats: Counter[tuple[int, bool]] = field(default_factory=Counter)

    def epoch(self, now: int) -> int:
        """The 30-day period."""
        return (now - self.t0) // MONTH

    def rules(self, now: int) -> tuple[int, int, int]:
        """The settings in force."""
        return self.next_ if self.next_ and now >= self.next_from else self.settings

    def change(self, settings: tuple[int, int, int], now: int) -> None:
        """A vote asks for others."""
        self.settings, self.next_ = self.rules(now), settings
        self.next_from = now if now < self.office_until else now + 45 * DAY

    def needed(self, now: int) -> int:
        """Sponsors that an invitation needs."""
        counted = sum(
            each in (Standing.ACTIVE, Standing.DORMANT) for each in self.standing.values()
        )
        return max(self.rules(now)[2], 2 if counted >= 6 else 1)

    def accept(self, try_: Try, now: int) -> str | Standing:
        """The error's name, or where the newcomer stands now."""
        error = self._formal(try_, now)
        if error:
            return error
        epoch = self.epoch(now)
        by_steward = try_.sponsors == [STEWARD] and now < self.office_until
        if not by_steward:
            error = self._sponsors(try_, now)
            if error:
                return error
        if self.seats[epoch, by_steward] >= (STEWARDS if by_steward else self.rules(now)[0]):
            return "InvitationsSpent"
        number = self.ids.get(try_.who.address)
        if number is not None:
            wakes = by_steward and self.standing[number] is Standing.NEWCOMER
            if not wakes:
                return "InvitationsPassedOver"
        else:
            number = self.ids[try_.who.address] = len(self.ids) + 1
            self.joined[number] = now
        self.standing[number] = Standing.ACTIVE if by_steward else Standing.NEWCOMER
        self.used.add(try_.key.address)
        self.seats[epoch, by_steward] += 1
        if not by_steward:
            self.given.update((epoch, self.ids[each.address]) for each in try_.sponsors)
        return self.standing[number]

    def _formal(self, try_: Try, now: int) -> str:
        """What is wrong before anybody is asked who they are."""
        key = try_.key.address
        if key in self.used:
            return "InvitationsUsed"
        if now > try_.until:
            return "InvitationsExpired"
        if try_.until > now + 60 * DAY:
            return "InvitationsTooLong"
        if try_.broken in ("claim", "join"):
            return "InvitationsInvalidSignature"
        numbers = [int(each.address, 16) for each in try_.sponsors]
        for place, sponsor in enumerate(try_.sponsors):
            if place and numbers[place] <= numbers[place - 1]:
                return "InvitationsUnorderedSponsor"
            if (key, sponsor.address) in self.revoked:
                return "InvitationsRevoked"
            if try_.broken == "word" and place == 0:
                return "InvitationsInvalidSignature"
        return ""

    def _sponsors(self, try_: Try, now: int) -> str:
        """What is wrong with the members who sponsor."""
        if not self.needed(now) <= len(try_.sponsors) <= 3:
            return "InvitationsInvalidSponsors"
        for sponsor in try_.sponsors:
            number = self.ids.get(sponsor.address, 0)
            if self.standing.get(number) is not Standing.ACTIVE:
                return "InvitationsSponsorNotActive"
            if now < self.joined[number] + SEASON:
                return "InvitationsSponsorTooEarly"
            if self.given[self.epoch(now), number] >= self.rules(now)[1]:
                return "InvitationsSponsorSpent"
        return ""


@dataclass
class Try:
    """An acceptance: `broken` names a signature that somebody else made."""

    key: LocalAccount
    who: LocalAccount
    sponsors: list[LocalAccount]
    until: int
    broken: str = ""


def founded(settings: tuple[int, int, int]) -> Door:
    """A DAO of seven with a steward for 80 days, made with Invitations."""
    evm = Evm()
    sender = evm.call("eth_accounts")[0]
    artifact = artifacts.project()["Invitations"]
    receipt = evm.send(None, artifact.bytecode, sender=sender)
    per_epoch, per_sponsor, sponsors = settings
    module = {
        "implementation": to_checksum_address(receipt["contractAddress"]),
        "args": per_epoch.to_bytes(2) + bytes([per_sponsor, sponsors]),
        "roles": [role("ADMITTER")],
    }
    dao = found(
        evm,  # type: ignore[arg-type]
        FOUNDERS,
        modules=[module],
        steward={"holder": STEWARD.address, "until": evm.timestamp() + 80 * DAY},
        membership=params(0)["membership"] | {"stewardCap": STEWARDS, "dormantAfter": 365 * DAY},
    )
    others = artifacts.project()["Membership"].abi
    (address,) = dao.dao.modules
    return Door(dao, Contract(evm, address, Interface(artifact.abi, others)))


def outcome(call: Callable[[], Any]) -> str:
    """The name of the error that a call ends in; "" for none."""
    try:
        call()
    except ContractRevertedError as error:
        return error.revert.name if error.revert else "without words"
    return ""


class Life:
    """One random life: each step is made in the contract and in the model."""

    def __init__(self, seed: int) -> None:
        self.chance = Random(seed)
        settings = self.chance.choice([(20, 1, 1), (3, 2, 1), (6, 20, 2)])
        self.door = founded(settings)
        self.dao: Community = self.door.community
        joined = self.dao.dao.membership.call("joinedAt", 1)
        self.model = Model(
            t0=self.dao.params["voice"]["t0"],
            office_until=self.dao.params["steward"]["until"],
            settings=settings,
            standing=dict.fromkeys(range(1, FOUNDERS + 1), Standing.ACTIVE),
            joined=dict.fromkeys(range(1, FOUNDERS + 1), joined),
            ids={each: place for place, each in enumerate(self.dao.wallets, 1)},
        )
        self.seen: Counter[str] = Counter()
        self.pool = [*self.dao.people, *(person(1000 + each) for each in range(20))]
        self.keys = [person(2000 + each) for each in range(50)]
        self.dao.rpc.warp(SEASON - 2 * DAY)

    def step(self) -> None:
        """Something that might happen, then the views."""
        acts = (self.accept, self.revoke, self.change, self.rest, self.wait)
        self.chance.choices(acts, (16, 2, 1, 1, 3))[0]()
        self.check()

    def accept(self) -> None:
        """Somebody tries to join."""
        chance, now = self.chance, self.door.now()
        sponsors = chance.sample(self.pool[:9], chance.choice((1, 2, 2, 2, 3)))
        if chance.random() < 0.85:
            sponsors.sort(key=lambda each: raw(each.address))
        if chance.random() < 0.25:
            sponsors = [STEWARD]
        try_ = Try(
            chance.choice(self.keys),
            chance.choice(self.pool),
            sponsors,
            now + chance.choice((-5, *[MONTH] * 8, 61 * DAY)),
            chance.choice((*[""] * 12, "claim", "join", "word")),
        )
        signed = [self.door.sponsorship(each, try_.key, try_.until) for each in sponsors]
        if try_.broken == "word":
            signed[0] = (signed[0][0], signed[0][1][:-2])
        self.door.sponsors[try_.key.address] = [each.address for each in sponsors]
        wallet, claim, charter, until, join = self.door.newcomer(try_.key, try_.who)
        claim = claim[:-2] if try_.broken == "claim" else claim
        join = join[:-2] if try_.broken == "join" else join
        args = (
            (try_.key.address, try_.until, signed),
            (wallet, claim, charter, until, join),
        )
        told = outcome(lambda: self.door.accept(*args))
        expected = self.model.accept(try_, self.door.now())
        assert told == ("" if isinstance(expected, Standing) else expected), try_
        self.seen[str(expected)] += 1
        if isinstance(expected, Standing):
            number = self.model.ids[wallet]
            found_ = member(self.dao.dao.membership, number)
            assert (found_.wallet, found_.standing) == (wallet, expected)

    def revoke(self) -> None:
        """A sponsor takes a word back."""
        key = self.chance.choice(self.keys)
        sponsor = self.chance.choice([*self.dao.people, STEWARD])
        pair = (key.address, sponsor.address)
        self.dao.rpc.fund(sponsor.address)
        told = outcome(lambda: self.door.contract.send("revoke", pair[0], sender=pair[1]))
        expected = "InvitationsUsed" if pair[0] in self.model.used else ""
        if not expected and pair in self.model.revoked:
            expected = "InvitationsRevoked"
        assert told == expected
        if not told:
            self.model.revoked.add(pair)

    def change(self) -> None:
        """A vote changes the settings."""
        chance = self.chance
        asked = (chance.randint(0, 8), chance.randint(0, 3), chance.choice((1, 1, 2, 3)))
        self.door.set_settings(*asked)
        self.model.change(asked, self.door.now())

    def rest(self) -> None:
        """A founder rests, or wakes."""
        number = self.chance.randint(1, FOUNDERS)
        active = self.model.standing[number] is Standing.ACTIVE
        name, args = ("rest", ()) if active else ("wake", (bytes(32),))
        self.dao.dao.membership.send(name, *args, sender=self.dao.wallets[number - 1])
        self.model.standing[number] = Standing.DORMANT if active else Standing.ACTIVE

    def wait(self) -> None:
        """Time passes."""
        self.dao.rpc.warp(self.chance.choice((1, DAY, 7 * DAY, 20 * DAY)))

    def check(self) -> None:
        """The views answer what the model holds."""
        call, model = self.door.contract.call, self.model
        now = self.door.now()
        epoch, (per_epoch, per_sponsor, _) = model.epoch(now), model.rules(now)
        left = STEWARDS - model.seats[epoch, True] if now < model.office_until else 0
        assert call("left") == (max(0, per_epoch - model.seats[epoch, False]), left)
        assert call("sponsorsNeeded") == model.needed(now)
        number = self.chance.randint(1, FOUNDERS)
        assert call("leftOf", number) == max(0, per_sponsor - model.given[epoch, number])
        key = self.chance.choice(self.keys).address
        assert call("isUsed", key) is (key in model.used)
        for sponsor in self.dao.wallets[:2]:
            assert call("isRevoked", key, sponsor) is ((key, sponsor) in model.revoked)
        assert self.dao.dao.membership.call("census")[3] == len(model.ids)


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_invitations_do_what_the_model_says(seed: int) -> None:
    life = Life(seed)
    for _ in range(STEPS):
        life.step()
    assert life.seen[str(Standing.NEWCOMER)], life.seen
    assert len(life.seen) >= 6, life.seen
