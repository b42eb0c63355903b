"""A community told by hand, event by event, without a chain."""

from __future__ import annotations

import functools
import math
from typing import Any, cast

from eth_utils.address import to_checksum_address

from mikoshi.chain.abi import Event
from mikoshi.chain.contract import Chain
from mikoshi.core.dao import Dao
from mikoshi.replay.dao import RebuiltDao
from mikoshi.replay.facts import Facts
from mikoshi.replay.logs import Log
from mikoshi.replay.member import Standing
from mikoshi.replay.membership import NOBODY
from mikoshi.replay.voice import Voice
from mikoshi.testing.community import FOR, person
from mikoshi.testing.defaults import params
from mikoshi.text.units import DAY

T0 = 1_800_000_000
TREASURY, MEMBERSHIP, TOKEN, GOVERNOR = (
    to_checksum_address(f"0x{number:040x}") for number in (0xA1, 0xA2, 0xA3, 0xA4)
)
POINT = ETHER = 10**18
MILLI = POINT // 1_000


@functools.cache
def _wallet(number: int) -> str:
    return str(person(number).address)


class History:
    """Events in the order told; each call is one transaction in a block of its own."""

    def __init__(self, founders: int = 5, **settings: Any) -> None:
        self.params = params(T0, **settings)
        self.now = T0
        self.logs: list[Log] = []
        self.people = 0
        self.proposals = 0
        dao = Dao(cast(Chain, None), TREASURY, MEMBERSHIP, TOKEN, GOVERNOR)
        self.rebuilt = RebuiltDao.empty(dao, Voice.of_params(self.params["voice"]), 0)
        governor = {"version": 1, "settings": self.params["governor"], "inForceAt": T0}
        membership = {"settings": self.params["membership"], "dormantFrom": 0}
        self.emit(
            (MEMBERSHIP, "SettingsChanged", membership),
            (GOVERNOR, "SettingsChanged", governor),
            (TOKEN, "SettingsChanged", {"settings": self.params["token"]}),
            *(event for _ in range(founders) for event in self._admitted(Standing.ACTIVE)),
        )

    def emit(self, *events: tuple[str, str, dict[str, Any]]) -> None:
        """One transaction with these events."""
        block = 1 + (self.logs[-1].block if self.logs else 0)
        for index, (address, name, args) in enumerate(events):
            event = Event(name, args, address)
            self.logs.append(Log(event, block, index, self.now, f"0x{block:064x}"))
        self.rebuilt.take(self.logs[-len(events) :])
        self.rebuilt.block = block

    def wait(self, days: float) -> History:
        self.now += round(days * DAY)
        return self

    def wallet(self, member: int) -> str:
        return _wallet(member) if member else NOBODY

    def _admitted(self, standing: Standing) -> list[tuple[str, str, dict[str, Any]]]:
        self.people += 1
        number, wallet = self.people, self.wallet(self.people)
        told = {"id": number, "wallet": wallet, "standing": standing, "charterHash": bytes(32)}
        moved = {"from": NOBODY, "to": wallet, "tokenId": number}
        return [(MEMBERSHIP, "Transfer", moved), (MEMBERSHIP, "MemberAdmitted", told)]

    def admit(self, standing: Standing = Standing.ACTIVE) -> int:
        self.emit(*self._admitted(standing))
        return self.people

    def stand(self, member: int, standing: Standing) -> None:
        lends = not standing.is_member and self._delegate_of(member) != self.wallet(member)
        told = (MEMBERSHIP, "StandingChanged", {"id": member, "standing": standing})
        self.emit(*([self._delegated(member, 0)] if lends else []), told)

    def delegate(self, member: int, to: int) -> None:
        self.emit(self._delegated(member, to))

    def act(self, member: int) -> None:
        """Something by their own hand that changes nothing: they choose whom they have chosen."""
        person = self.rebuilt.membership.members[member]
        self.delegate(member, person.delegate or member)

    def _delegate_of(self, member: int) -> str:
        people = self.rebuilt.membership
        return people.delegate_of(people.members[member])

    def _delegated(self, member: int, to: int) -> tuple[str, str, dict[str, Any]]:
        wallets = self.wallet(member), self._delegate_of(member), self.wallet(to)
        names = ("delegator", "fromDelegate", "toDelegate")
        return MEMBERSHIP, "DelegateChanged", dict(zip(names, wallets, strict=True))

    def propose(
        self, by: int = 1, actions: tuple[tuple[str, int, bytes], ...] = (), title: str = "# Ask"
    ) -> int:
        self.proposals += 1
        rules = self.params["governor"]
        start = self.now + rules["votingDelay"]
        targets, values, calldatas = ([each[n] for each in actions] for n in range(3))
        told = {
            "proposalId": self.proposals,
            "proposer": self.wallet(by),
            "targets": targets,
            "values": values,
            "calldatas": calldatas,
            "voteStart": start,
            "voteEnd": start + rules["votingPeriod"],
            "description": title,
        }
        self.emit((GOVERNOR, "ProposalCreated", told))
        return self.proposals

    def vote(self, proposal: int, *members: int, support: int = FOR) -> None:
        for member in members:
            told = {"voter": self.wallet(member), "proposalId": proposal, "support": support}
            weight = self.weight(member, proposal)
            self.emit((GOVERNOR, "VoteCast", told | {"weight": weight, "reason": ""}))

    def weight(self, member: int, proposal: int) -> int:
        people, voice = self.rebuilt.membership, self.rebuilt.membership.voice
        snapshot = self.rebuilt.governor.proposals[proposal].snapshot
        own, total = people.entry(member).at(snapshot), people.total.at(snapshot)
        awake = voice.of(total.members, total.units, snapshot)
        cap = max(awake * self.params["governor"]["voiceCapBps"] // 10_000, voice.base)
        return min(voice.of(own.members, own.units, snapshot), int(cap))

    def decide(self, *voters: int, by: int = 1, **proposal: Any) -> int:
        """A proposal voted on by `voters`, to its deadline; takes seven days."""
        number = self.propose(by, **proposal)
        self.wait(3)
        self.vote(number, *voters)
        self.wait(4)
        return number

    def execute(self, proposal: int, *events: tuple[str, str, dict[str, Any]]) -> None:
        self.emit(*events, (GOVERNOR, "ProposalExecuted", {"proposalId": proposal}))

    def credit(self, member: int, points: int = 10, kind: int = 0) -> None:
        self.emit(self.credited(member, points, kind))

    def credited(
        self, member: int, points: int = 10, kind: int = 0
    ) -> tuple[str, str, dict[str, Any]]:
        people = self.rebuilt.membership
        before, growth = people.members[member].raw, people.voice.growth(self.now)
        asked = before + int(points * POINT * growth)
        raw = max(before, min(asked, int(people.voice.full * POINT * growth)))
        given = math.ceil((raw - before) / growth / MILLI)
        told = {"id": member, "points": given * MILLI, "raw": raw, "kind": kind, "ref": bytes(32)}
        return MEMBERSHIP, "MeritCredited", told

    def minted(
        self, member: int, amount: int, kind: int = 0
    ) -> list[tuple[str, str, dict[str, Any]]]:
        wei = amount * ETHER
        moved = {"from": NOBODY, "to": self.wallet(member), "amount": wei}
        return [(TOKEN, "Transfer", moved), (TOKEN, "Minted", {"kind": kind, "amount": wei})]

    @property
    def facts(self) -> Facts:
        assert self.rebuilt.oddities == []
        return Facts(self.logs, self.rebuilt, self.now)
